"""Lists of funds as a graph, and where one fund's money arrives in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from offlimits.aggregates.compositions import Compositions
from offlimits.aggregates.instruments import DEBT, DERIVATIVES, OPAQUE
from offlimits.aggregates.lookthrough import ZERO, rings, settle
from offlimits.aggregates.positions import Named, Position

MAX_DEPTH = 8
MAX_WAYS = 200
SMALLEST = Decimal("1e-12")


class End(NamedTuple):
    """Where money stops: at a company (`group`, and `kind` of paper), in a line that is unclear or opaque (`fund` is its list), or
    anywhere else."""

    what: Literal["company", "unclear", "opaque", "other"]
    group: str = ""
    kind: str = ""
    fund: int = -1
    name: str = ""
    reason: str = ""


OTHER = End("other")
NO_LIST = "no list of what it holds was given"
LEFT_OUT = "what its list leaves out"
REFUSED = "its list cannot be used"
UNKNOWN = "a line without a name: what it is cannot be told"
ENDLESS = "funds that hold each other whole: the money never leaves them"


class Arrival(msgspec.Struct, frozen=True):
    """Where 1 of a fund's money ends, long and short apart, and what passes through each list. The ends, shorts taken off, sum to 1."""

    ends: dict[End, tuple[Decimal, Decimal]]
    funds: dict[int, Decimal]


class Way(msgspec.Struct, frozen=True):
    """One way from a fund to a holding: the lists passed, and the product of the parts along it."""

    funds: tuple[int, ...]
    group: str
    holding: str
    kind: str
    share: Decimal
    named: Named


class Held(NamedTuple):
    """A company's line in a list: its name, its kind of paper, its part of the fund, and by what it was known."""

    name: str
    kind: str
    part: Decimal
    named: Named


def bucket(position: Position) -> str:
    """Which kind of money a company's line is; empty for derivatives, whose value is not what they stand for."""
    if position.kind in DERIVATIVES:
        return ""
    return "debt" if position.kind in DEBT else "note-of-a-bank" if position.kind == "participatory-note" else "shares"


class Flow:
    """The lists with every line sorted: into another list, a company, the unclear, the opaque, or other.

    A fund is two nodes, long (2 × its number) and short (one more): a short of a fund turns its longs into shorts.
    """

    def __init__(self, known: Compositions) -> None:
        self.known = known
        self._arrivals: dict[int, Arrival] = {}
        self._inside: dict[int, dict[int, Decimal]] = {}
        self._ends: list[dict[End, list[Decimal]]] = []
        self.held: dict[int, list[Held]] = {}
        self.derivatives: dict[int, list[tuple[Position, str]]] = {}
        for number in range(len(known.lists)):
            self._ends.append({})
            self._sort(number)
        self._edges = {node: parts for number in self._inside for node, parts in self._signed(number)}

    def _sort(self, number: int) -> None:
        fund = self.known.lists[number]
        if fund.refused:
            self._add(number, End("opaque", fund=number, reason=REFUSED), Decimal(1))
            return
        for position, part in zip(fund.positions, fund.parts, strict=True):
            if part or position.companies:
                self._place(number, position, part)
        rest = Decimal(1) - fund.unlisted - sum(fund.parts, ZERO)
        self._add(number, End("opaque", fund=number, reason=LEFT_OUT), fund.unlisted)
        self._add(number, OTHER, rest)

    def _place(self, number: int, position: Position, part: Decimal) -> None:
        if position.companies:
            self._company(number, position, part)
            return
        tie = self.known.tie(position, self.known.lists[number].on, number) if position.kind not in DERIVATIVES else None
        if tie is not None:
            inside = self._inside.setdefault(number, {})
            inside[tie.number] = inside.get(tie.number, ZERO) + part
        elif position.kind in OPAQUE:
            reason = UNKNOWN if position.kind == "unknown" else NO_LIST
            self._add(number, End("opaque", fund=number, name=position.name, reason=reason), part)
        else:
            self._add(number, OTHER, part)

    def _company(self, number: int, position: Position, part: Decimal) -> None:
        first, kind = position.companies[0], bucket(position)
        if first.doubt:
            self._add(number, End("unclear", group=first.group, fund=number, name=position.name, reason=first.doubt), part)
        elif kind:
            self._add(number, End("company", group=first.group, kind=kind), part)
            self.held.setdefault(number, []).append(Held(position.name, kind, part, first))
        else:
            self._add(number, OTHER, part)
            self.derivatives.setdefault(number, []).append((position, first.group))

    def _add(self, number: int, end: End, part: Decimal) -> None:
        """Long and short of one end in one fund stay apart."""
        sides = self._ends[number].setdefault(end, [ZERO, ZERO])
        sides[part < 0] += abs(part)

    def _signed(self, number: int) -> list[tuple[int, list[tuple[int, Decimal]]]]:
        parts = self._inside[number].items()
        long = [(2 * inner + (part < 0), abs(part)) for inner, part in parts if part]
        return [(2 * number, long), (2 * number + 1, [(node ^ 1, part) for node, part in long])]

    def rings(self) -> list[list[int]]:
        """Lists whose funds hold each other, a fund that holds itself among them."""
        edges = {number: list(inside.items()) for number, inside in self._inside.items()}
        found = rings(edges, range(len(self.known.lists)))
        return sorted(sorted(ring) for ring in found if len(ring) > 1 or ring[0] in self._inside.get(ring[0], {}))

    def from_fund(self, number: int) -> Arrival:
        """Where 1 of a fund's money ends."""
        if number not in self._arrivals:
            held, stuck = settle(self._edges, {2 * number: Decimal(1)})
            self._arrivals[number] = self._arrival(held, stuck)
        return self._arrivals[number]

    def _arrival(self, held: dict[int, Decimal], stuck: dict[int, Decimal]) -> Arrival:
        ends: dict[End, tuple[Decimal, Decimal]] = {}
        for node, amount in held.items():
            for end, (long, short) in self._ends[node // 2].items() if amount else ():
                _put(ends, end, amount * (short if node % 2 else long), amount * (long if node % 2 else short))
        for node, amount in stuck.items():
            end = End("opaque", fund=node // 2, reason=ENDLESS)
            _put(ends, end, ZERO if node % 2 else amount, amount if node % 2 else ZERO)
        passed: dict[int, Decimal] = {}
        for node, amount in [*held.items(), *stuck.items()]:
            if amount:
                passed[node // 2] = passed.get(node // 2, ZERO) + (-amount if node % 2 else amount)
        return Arrival(ends, passed)

    def ways(self, number: int) -> list[Way]:
        """The ways from a fund to companies, depth first, the money of rings followed once around."""
        found: list[Way] = []
        self._follow((number,), Decimal(1), found)
        return found

    def _follow(self, funds: tuple[int, ...], share: Decimal, found: list[Way]) -> None:
        if len(found) >= MAX_WAYS or len(funds) > MAX_DEPTH or abs(share) < SMALLEST:
            return
        for item in self.held.get(funds[-1], []):
            found.append(Way(funds, item.named.group, item.name, item.kind, share * item.part, item.named))
        for inner, part in self._inside.get(funds[-1], {}).items():
            if inner not in funds:
                self._follow((*funds, inner), share * part, found)


def _put(ends: dict[End, tuple[Decimal, Decimal]], end: End, long: Decimal, short: Decimal) -> None:
    before = ends.get(end, (ZERO, ZERO))
    if long or short:
        ends[end] = (before[0] + long, before[1] + short)

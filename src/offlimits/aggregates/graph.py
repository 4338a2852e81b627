"""Compositions as a graph, and where one fund's money arrives in it."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

import msgspec

from offlimits.aggregates.compositions import Compositions
from offlimits.aggregates.instruments import DEBT, DERIVATIVES, OPAQUE
from offlimits.aggregates.lookthrough import Graph, cycles, spread
from offlimits.aggregates.positions import Position

MAX_DEPTH = 8
MAX_WAYS = 200
SMALLEST = Decimal("1e-12")

End = tuple[str, str | int, str]
"""`("company", group, kind)`, `("unclear", 0, "")`, `("opaque", list, "")`, `("other", 0, "")`."""


class Arrival(msgspec.Struct, frozen=True):
    """Where 1 of a fund's money ends: long and short of each company and kind, unclear, opaque by the list it is stuck in; which lists
    it passes."""

    companies: dict[tuple[str, str], tuple[Decimal, Decimal]]
    unclear: Decimal
    opaque: dict[int, Decimal]
    funds: tuple[int, ...]


class Way(msgspec.Struct, frozen=True):
    """One way from a fund to a holding: the lists passed, and the product of the parts along it."""

    funds: tuple[int, ...]
    group: str
    holding: str
    kind: str
    share: Decimal


class Flow:
    """The lists with every line sorted: into another list, a company, the unclear, the opaque, or other."""

    def __init__(self, known: Compositions) -> None:
        self.known = known
        self._arrivals: dict[int, Arrival] = {}
        self._funds: dict[tuple[int, int], Decimal] = {}
        self._ends: dict[tuple[int, End], Decimal] = {}
        self._holdings: dict[int, list[tuple[str, str, str, Decimal]]] = {}
        for number in range(len(known.lists)):
            self._sort(number)

    def _sort(self, number: int) -> None:
        fund = self.known.lists[number]
        for position, part in zip(fund.positions, fund.parts, strict=True):
            if not part:
                continue
            if position.companies:
                self._company(number, position, part)
                continue
            tie = self.known.tie(position, fund.on) if position.kind not in DERIVATIVES else None
            if tie is not None:
                self._funds[number, tie[0]] = self._funds.get((number, tie[0]), Decimal(0)) + part
            elif position.kind in OPAQUE:
                self._add(number, ("opaque", number, ""), part)
        if fund.unlisted:
            self._add(number, ("opaque", number, ""), fund.unlisted)

    def _company(self, number: int, position: Position, part: Decimal) -> None:
        first = position.companies[0]
        if first.doubt:
            self._add(number, ("unclear", 0, ""), part)
        elif position.kind not in DERIVATIVES:
            kind = "debt" if position.kind in DEBT else "note-of-a-bank" if position.kind == "participatory-note" else "shares"
            self._add(number, ("company", first.group, kind), part)
            self._holdings.setdefault(number, []).append((first.group, position.name, kind, part))

    def _add(self, number: int, end: End, part: Decimal) -> None:
        """Long and short of one company in one fund stay apart: an end of its own for each side."""
        key = (number, (end[0], end[1], f"{end[2]}-" if part < 0 else end[2]))
        self._ends[key] = self._ends.get(key, Decimal(0)) + part

    @cached_property
    def _numbers(self) -> dict[End, int]:
        return {end: number for number, end in enumerate(dict.fromkeys(end for _, end in self._ends))}

    @cached_property
    def graph(self) -> Graph:
        return Graph(
            size=len(self.known.lists),
            ends=max(len(self._numbers), 1),
            to_funds={key: float(part) for key, part in self._funds.items()},
            to_ends={(number, self._numbers[end]): float(part) for (number, end), part in self._ends.items()},
        )

    def rings(self) -> list[list[int]]:
        """Lists whose funds hold each other."""
        return cycles(self.graph.size, self.graph.to_funds)

    def from_fund(self, number: int) -> Arrival:
        """Where 1 of a fund's money ends; exact decimals where it holds no other fund."""
        if number not in self._arrivals:
            inside = any(a == number for a, _ in self._funds)
            self._arrivals[number] = self._through(number) if inside else self._direct(number)
        return self._arrivals[number]

    def _direct(self, number: int) -> Arrival:
        ends = {end: part for (fund, end), part in self._ends.items() if fund == number}
        return _arrival({end: (max(part, Decimal(0)), max(-part, Decimal(0))) for end, part in ends.items()}, (number,))

    def _through(self, number: int) -> Arrival:
        longs, shorts, passed = spread(self.graph, {number: 1.0})
        ends = {end: (Decimal(repr(float(longs[at]))), Decimal(repr(float(shorts[at])))) for end, at in self._numbers.items()}
        return _arrival(ends, tuple(fund for fund, amount in enumerate(passed) if amount > 0))

    def ways(self, number: int) -> list[Way]:
        """The ways from a fund to companies, depth first, the money of rings followed once around."""
        found: list[Way] = []
        self._follow((number,), Decimal(1), found)
        return found

    def _follow(self, funds: tuple[int, ...], share: Decimal, found: list[Way]) -> None:
        if len(found) >= MAX_WAYS or len(funds) > MAX_DEPTH or abs(share) < SMALLEST:
            return
        found += [Way(funds, group, name, kind, share * part) for group, name, kind, part in self._holdings.get(funds[-1], [])]
        for inner, part in self._inside.get(funds[-1], []):
            if inner not in funds:
                self._follow((*funds, inner), share * part, found)

    @cached_property
    def _inside(self) -> dict[int, list[tuple[int, Decimal]]]:
        inside: dict[int, list[tuple[int, Decimal]]] = {}
        for (outer, inner), part in self._funds.items():
            inside.setdefault(outer, []).append((inner, part))
        return inside


def _arrival(ends: dict[End, tuple[Decimal, Decimal]], funds: tuple[int, ...]) -> Arrival:
    companies: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    opaque: dict[int, Decimal] = {}
    unclear = Decimal(0)
    for (what, which, kind), (long, short) in ends.items():
        if not (long or short):
            continue
        if what == "company":
            key = (str(which), kind.removesuffix("-"))
            before = companies.get(key, (Decimal(0), Decimal(0)))
            companies[key] = (before[0] + long, before[1] + short)
        elif what == "opaque":
            opaque[int(which)] = opaque.get(int(which), Decimal(0)) + long - short
        else:
            unclear += long - short
    return Arrival(companies, unclear, opaque, funds)

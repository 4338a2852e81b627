"""Rows of holdings → positions: who, how much, of which kind; sums over everything, lines kept where they may matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from offlimits.aggregates.instruments import DERIVATIVES, OPAQUE, Kind, instrument, may_be_opaque
from offlimits.aggregates.numbers import decimal_sign, read_column, read_number
from offlimits.aggregates.pooling import MOST_OF_ONE, OF_THE_LINES, ONLY_WEIGHTS, by_list, is_one_currency, pooled, unit_of
from offlimits.dates import read_date
from offlimits.model import ColumnKind, Relation
from offlimits.readers.base import Heading, Rows, Table
from offlimits.readers.holdings import lists_funds
from offlimits.readers.rows import currency_of
from offlimits.report import At, MeasureState, ReportFinding

KEPT_LINES, MOST_KEPT = 10_000, 100_000
"""So many lines of one list, and of all lists of a table, are kept whole; beyond it only those of companies of ours and of funds."""

ACCESSION = re.compile(r"\d{10}-(\d\d)-\d{6}")
"""A filing's number at the SEC; the middle is the year in which it was filed."""

MARKED = ("£", "€", "$", "GBP", "EUR", "USD", "CHF", "NOK", "SEK", "CAD", "AUD")

IDENTIFIERS: tuple[ColumnKind, ...] = ("isin", "cusip", "sedol", "figi", "lei", "ticker", "series")
AS_OF = re.compile(
    r"as (?:of|at):? *|holdings? date:? *|filing date.*?[:,]? *|\bper\b,? *|stand:? *|date:? *|\ben date du\b,? *", re.IGNORECASE
)
"""Words before the day of a list, above its header."""

IN_BASE = re.compile(r"\bbase\b|fund currency|portfolio currency", re.IGNORECASE)
"""Words of a header whose amounts are all in one currency, whatever the lines are traded in."""

THOUSANDS_UNTIL = date(2022, 12, 31)
"""Form 13F: values are in thousands of dollars in filings before 3 January 2023, in dollars since (SEC release 34-95148)."""


RELATED: tuple[Relation, ...] = ("same", "product", "brand", "subsidiary", "parent", "joint", "former", "made-by", "mention")
"""Ties to a listed group, the nearest first."""


class Named(msgspec.Struct, frozen=True):
    """One company of ours in a line: its group and entity, how strong, by which rule and evidence, what touches it; `disagrees` where
    identifier and name do."""

    group: str
    entity: str
    strength: str
    relation: Relation = "same"
    disagrees: bool = False
    rule: str = ""
    evidence: tuple[str, ...] = ()
    measures: tuple[MeasureState, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def doubt(self) -> str:
        """Why its money is not counted as the group's; empty where it is."""
        return doubt_of(self.relation, self.strength, self.disagrees)


def doubt_of(relation: Relation, strength: str, disagrees: bool) -> str:
    """Why a line's money is not counted as a group's; empty where it is."""
    if disagrees:
        return "identifier-name-disagree"
    if relation in ("made-by", "former", "joint", "mention"):
        return relation
    return "possible" if strength == "possible" else ""


def named(findings: Sequence[ReportFinding]) -> tuple[Named, ...]:
    """The groups of one line of holdings, the nearest first: its money counts there, and once."""
    nearest = sorted(findings, key=lambda item: (RELATED.index(item.relation), len(item.path)))
    return tuple(
        Named(
            group=item.group,
            entity=item.entity,
            strength=item.strength,
            relation=item.relation,
            disagrees=any(why.rule == "identifier-name-disagree" for why in item.why),
            rule=item.why[0].rule if item.why else "",
            evidence=tuple(dict.fromkeys([*item.evidence, *(key for step in item.path for key in step.evidence)])),
            measures=tuple(item.measures),
            fields=tuple(mention.field for mention in item.mentions),
        )
        for item in nearest
    )


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of holdings. `value` in the table's currency, a short negative; `weight` of 1; `exposure` notional × delta, None unknown."""

    at: At
    name: str
    kind: Kind
    ids: dict[str, str] = {}
    value: Decimal | None = None
    weight: Decimal | None = None
    currency: str = ""
    also: dict[str, Decimal] = {}
    on: date | None = None
    voting: str = ""
    ownership: str = ""
    exposure: Decimal | None = None
    option: str = ""
    companies: tuple[Named, ...] = ()


class Account(msgspec.Struct):
    """One body's holdings on one day in one currency: sums over all lines, and the lines kept.

    `unvalued` lines have no value, `unweighed` ones a weight that can be none, `repeated` ones stood there before, `untied` ones were only
    summed. `notes` say how it was put together, `heavy` keeps the weights above 2, which tell percent from parts.
    """

    body: str
    on: date | None
    currency: str
    lines: int = 0
    total: Decimal = Decimal(0)
    weights: Decimal = Decimal(0)
    unvalued: int = 0
    unweighed: int = 0
    repeated: int = 0
    untied: int = 0
    again: int = 0
    notes: list[str] = msgspec.field(default_factory=list)
    heavy: list[Decimal] = msgspec.field(default_factory=list)
    positions: list[Position] = msgspec.field(default_factory=list)


class Holdings(msgspec.Struct):
    """What one table of holdings holds, with what its file says of itself."""

    source: int
    path: str
    sheet: str
    form: str
    facts: dict[str, str]
    titles: list[list[str]]
    accounts: list[Account]
    thousands: bool = False
    percent: bool = False
    by_weight: bool = False


class Collector:
    """Takes the batches of one table."""

    def __init__(self, source: int, path: str, table: Table, heading: Heading) -> None:
        self.table = table
        self.source = source
        by_kind: dict[ColumnKind, list[int]] = {}
        for column in table.columns:
            by_kind.setdefault(column.kind, []).append(column.index)
        based, said = (any(IN_BASE.search(table.columns[at].name) for at in by_kind.get(kind, [])) for kind in ("amount", "currency"))
        if based and not said:
            by_kind.pop("currency", None)
        self.by_kind = by_kind
        self.signs: dict[int, str] = {}
        self.seen: set[int] = set()
        self.kept = 0
        self.identifying: list[tuple[str, int]] = [(kind, by_kind[kind][0]) for kind in IDENTIFIERS if kind in by_kind]
        name = next(iter(by_kind.get("name", [])), None)
        self.funds_only = name is not None and lists_funds(table.columns[name].name)
        self.known: dict[tuple[str, str, str], Account] = {}
        self.accounts_apart = bool({"body", "date", "currency"} & by_kind.keys())
        self.amount = by_kind.get("amount", [])
        self.currencies = [currency_of(table.columns[index].name) for index in self.amount]
        self.header_currency = next(iter(self.currencies), "") or heading.facts.get("currency", "")
        self.accounts: dict[tuple[str, date | None, str], Account] = {}
        self.years: set[date] = set()
        self.holdings = Holdings(source, path, table.sheet or "", "", heading.facts, [list(line) for line in heading.lines], [])
        self.stated_on = read_date(heading.facts.get("as-of", "")) or date_in(heading.lines)
        self.holdings.form = self._form()
        self.holdings.percent = any("%" in table.columns[index].name for index in by_kind.get("weight", []))

    def _form(self) -> str:
        """13F tables are told by the two columns no other has."""
        if self.holdings.facts.get("form"):
            return self.holdings.facts["form"]
        names = {re.sub(r"[\W_]", "", column.name.casefold()) for column in self.table.columns}
        return "13F" if {"putorcall", "shorprn", "putcall"} & names and "cusip" in self.by_kind else "sheet"

    def cells(self, batch: Rows, kind: ColumnKind) -> Sequence[str]:
        """The first column of a kind, blanks where there is none."""
        index = next(iter(self.by_kind.get(kind, [])), None)
        return [""] * len(batch.rows) if index is None else batch.columns[index]

    def numbers(self, batch: Rows, kind: ColumnKind) -> list[Decimal | None]:
        """The first column of a kind, read as numbers."""
        index = next(iter(self.by_kind.get(kind, [])), None)
        return [None] * len(batch.rows) if index is None else read_column(batch.columns[index], self._sign(index, batch.columns[index]))

    def _sign(self, index: int, cells: Sequence[str]) -> str:
        if index not in self.signs:
            self.signs[index] = decimal_sign(cells)
        return self.signs[index]

    def take(self, batch: Rows, found: Mapping[int, tuple[Named, ...]], place: Callable[[int], At]) -> None:
        """A batch with the companies found in its rows; `place(number)` gives the place of a row."""
        lines = _Lines(batch, self)
        repeats = self._repeats(batch)
        if self.accounts_apart or any(lines.currencies):
            keys: dict[tuple[str, str, str], list[int]] = {}
            for number, key in enumerate(zip(lines.bodies, lines.days, lines.currencies, strict=True)):
                keys.setdefault(key, []).append(number)
            for key, numbers in keys.items():
                self._take(self._account(*key), numbers, lines, repeats, found, place)
        else:
            self._take(self._account("", "", ""), range(len(batch.rows)), lines, repeats, found, place)

    def _take(
        self,
        account: Account,
        numbers: Sequence[int],
        lines: _Lines,
        repeats: frozenset[int],
        found: Mapping[int, tuple[Named, ...]],
        place: Callable[[int], At],
    ) -> None:
        """Add the rows to their account; keep as positions the first ones, those of companies of ours, and funds."""
        if repeats:
            account.repeated += sum(1 for number in numbers if number in repeats)
            numbers = [number for number in numbers if number not in repeats]
        if len(numbers) == len(lines.rows):
            self._sum(account, lines.values, lines.weights)
        else:
            self._sum(account, [lines.values[number] for number in numbers], [lines.weights[number] for number in numbers])
        chosen = self._kept(account, numbers, lines, found)
        self.kept += len(chosen)
        for number in chosen:
            account.positions.append(self._position(lines, number, account, found.get(number, ()), place(number)))

    def _kept(self, account: Account, numbers: Sequence[int], lines: _Lines, found: Mapping[int, tuple[Named, ...]]) -> Sequence[int]:
        """Which rows become positions; the others are counted as untied."""
        room = min(KEPT_LINES - len(account.positions), MOST_KEPT - self.kept)
        if len(numbers) <= room:
            return numbers
        first, rest = numbers[: max(room, 0)], set(numbers[max(room, 0) :])
        chosen = {number for number in found if number in rest} | {number for number in lines.maybe_opaque() if number in rest}
        account.untied += len(rest) - len(chosen)
        return [*first, *sorted(chosen)]

    def _sum(self, account: Account, values: Sequence[Decimal | None], weights: Sequence[Decimal | None]) -> None:
        known = [value for value in values if value is not None]
        account.lines += len(values)
        account.unvalued += len(values) - len(known)
        account.total += sum(known, Decimal(0))
        known = [weight for weight in weights if weight is not None]
        account.weights += sum(known, Decimal(0))
        account.heavy += [weight for weight in known if abs(weight) > MOST_OF_ONE]

    def _repeats(self, batch: Rows) -> frozenset[int]:
        """Rows that say again, cell for cell, what a row before said; only sheets repeat themselves, filings do not."""
        if batch.table.unit != "line" or not ({"isin", "cusip", "sedol"} & self.by_kind.keys()) or not self.amount:
            return frozenset()
        columns = [batch.columns[column.index] for column in batch.table.columns if column.kind != "ignored"]
        keys = list(map(hash, zip(*columns, strict=True)))
        fresh = set(keys)
        if len(fresh) == len(keys) and self.seen.isdisjoint(fresh):
            self.seen |= fresh
            return frozenset()
        again = []
        for number, key in enumerate(keys):
            if key in self.seen:
                again.append(number)
            self.seen.add(key)
        return frozenset(again)

    def _account(self, body: str, day: str, currency: str) -> Account:
        raw = (body, day, currency)
        if raw in self.known:
            return self.known[raw]
        on = _day(day)
        if on and on <= THOUSANDS_UNTIL and re.fullmatch(r"\d{4}", day.strip()):
            self.years.add(on)
        on = on or self.stated_on
        money = currency.strip().upper() or self.header_currency
        key = (body.strip(), on, money if len(money) == 3 else "")
        account = self.accounts.setdefault(key, Account(*key))
        self.known[raw] = account
        return account

    def _position(self, lines: _Lines, number: int, account: Account, mine: tuple[Named, ...], at: At) -> Position:
        row, option = lines.rows[number], lines.options[number].strip().lower()
        ids = {kind: text for kind, index in self.identifying if (text := identifier(row[index]))}
        title = lines.classes[number] if self.holdings.form == "13F" else ""
        name = " ".join(f"{lines.names[number]} {title}".split())
        kind: Kind = "option" if option in ("put", "call") else instrument(lines.classes[number], name)
        if kind == "share" and not mine and (self.funds_only or not name):
            kind = "fund" if self.funds_only else "unknown"
        return Position(
            at=at,
            name=name or next(iter(ids.values()), ""),
            kind=kind,
            ids=ids,
            value=lines.values[number],
            weight=lines.weights[number],
            currency=account.currency,
            also=self._also(row) if len(self.amount) > 1 else {},
            on=account.on,
            voting=self._first(row, "voting"),
            ownership=self._first(row, "ownership"),
            exposure=self._exposure(row, kind),
            option=option,
            companies=mine,
        )

    def _first(self, row: Sequence[str], kind: ColumnKind) -> str:
        return next((row[index].strip() for index in self.by_kind.get(kind, []) if row[index].strip()), "")

    def _also(self, row: Sequence[str]) -> dict[str, Decimal]:
        """The same value in other currencies, where a column's header names one."""
        pairs = zip(self.amount[1:], self.currencies[1:], strict=True)
        return {code: value for index, code in pairs if code and (value := read_number(row[index])) is not None}

    def _exposure(self, row: Sequence[str], kind: Kind) -> Decimal | None:
        """Notional × delta of a derivative; None where the file does not say. A future, forward or swap moves with the whole of it."""
        if kind not in DERIVATIVES:
            return None
        notional, delta = read_number(self._first(row, "notional") or "-"), read_number(self._first(row, "delta") or "-")
        if notional is None or (kind == "option" and delta is None):
            return None
        signed = -abs(notional) if _is_short(self._first(row, "side")) else notional
        return signed * delta if delta is not None else signed

    def finish(self) -> Holdings:
        """The table's holdings, with weights as parts of 1 and 13F values of before 2023 in dollars."""
        held = self.holdings
        held.by_weight = not self.amount and bool(self.by_kind.get("weight"))
        held.accounts = [account for parts in by_list(self.accounts.values()) for account in self._settled(parts)]
        return held

    def _settled(self, parts: list[Account]) -> list[Account]:
        """One body's list of one day: in the currencies that its values are in, its weights in one unit."""
        whole = pooled(parts, self.header_currency) if len(parts) > 1 else parts[0]
        percent, highest = unit_of(whole, self.holdings.percent)
        if len(parts) > 1 and (self.holdings.by_weight or is_one_currency(parts, whole, percent)):
            whole.notes.append(ONLY_WEIGHTS if self.holdings.by_weight else OF_THE_LINES)
            parts = [whole]
        for account in parts:
            self._scale(account, percent, highest)
        return parts

    def _scale(self, account: Account, percent: bool, highest: Decimal) -> None:
        held = self.holdings
        thousand = held.form == "13F" and (
            _filed_before_2023(account.body) or (account.on is not None and (account.on < THOUSANDS_UNTIL or account.on in self.years))
        )
        if held.form == "13F" and not account.currency:
            account.currency = "USD"
        if thousand:
            held.thousands = True
            account.total *= 1000
        none = [weight for weight in account.heavy if abs(weight) > highest]
        account.unweighed = len(none)
        account.weights -= sum(none, Decimal(0))
        account.weights /= 100 if percent else 1
        if held.form == "13F":
            account.again = _repeated_securities(account)
        if thousand or percent or none or held.form == "13F":
            account.positions = [_scaled(item, account.currency, thousand, percent, highest) for item in account.positions]


def _filed_before_2023(filing: str) -> bool:
    """Whether a filing's own number says so; numbers begin in 1993."""
    found = ACCESSION.fullmatch(filing)
    return found is not None and not 23 <= int(found[1]) <= 92


def identifier(text: str) -> str:
    """An identifier as cells write it, or nothing for `-`, `N/A` and noughts."""
    plain = "".join(text.split()).upper()
    return "" if plain in ("-", "N/A", "NA") or not plain.strip("0") else plain


def _repeated_securities(account: Account) -> int:
    """How many securities stand in several lines with different amounts: a table of several reports of one year, or of several managers."""
    lines: dict[tuple[str, str], set[Decimal | None]] = {}
    for item in account.positions:
        if item.ids.get("cusip"):
            lines.setdefault((item.ids["cusip"], item.option), set()).add(item.value)
    return sum(1 for values in lines.values() if len(values) > 1)


class _Lines:
    """The columns of one batch, by what they say."""

    def __init__(self, batch: Rows, of: Collector) -> None:
        self.rows, self.values, self.weights = batch.rows, of.numbers(batch, "amount"), of.numbers(batch, "weight")
        self.names, self.classes, self.options = of.cells(batch, "name"), of.cells(batch, "asset-class"), of.cells(batch, "option")
        self.bodies, self.days, self.currencies = of.cells(batch, "body"), of.cells(batch, "date"), of.cells(batch, "currency")
        self._opaque: list[int] | None = None
        self.funds_only = of.funds_only
        if not of.header_currency and "currency" not in of.by_kind and of.amount:
            self.currencies = _symbols(batch.columns[of.amount[0]])
        sides = of.cells(batch, "side")
        shorts = {side for side in set(sides) if _is_short(side)}
        if shorts:
            self.values = [
                -abs(value) if value is not None and side in shorts and kind not in DERIVATIVES else value
                for value, side, kind in zip(self.values, sides, self.classes, strict=True)
            ]

    def maybe_opaque(self) -> list[int]:
        """Rows that may be funds or private holdings."""
        if self._opaque is None:
            maybe = range(len(self.names)) if self.funds_only else may_be_opaque(self.classes, self.names)
            self._opaque = [number for number in maybe if self.funds_only or instrument(self.classes[number], self.names[number]) in OPAQUE]
        return self._opaque


def _symbols(cells: Sequence[str]) -> list[str]:
    """The currency that each amount says itself, `£1,200`; blanks where none does."""
    said = {cell: currency_of(cell) for cell in set(cells)} if any(mark in cell for cell in cells[:50] for mark in MARKED) else {}
    return [said.get(cell, "") for cell in cells]


def _is_short(side: str) -> bool:
    return side.strip().lower() in ("short", "s", "sell", "sold")


def _scaled(item: Position, currency: str, thousand: bool, percent: bool, highest: Decimal) -> Position:
    value = item.value * 1000 if thousand and item.value is not None else item.value
    weight = None if item.weight is not None and abs(item.weight) > highest else item.weight
    weight = weight / 100 if percent and weight is not None else weight
    return msgspec.structs.replace(item, value=value, weight=weight, currency=currency)


def _day(text: str) -> date | None:
    """The day a cell says; a bare year is its last day."""
    text = text.strip()
    return date(int(text), 12, 31) if re.fullmatch(r"(19|20)\d\d", text) else read_date(text)


def date_in(titles: Sequence[Sequence[str]]) -> date | None:
    """The day of a list, from the rows above its header."""
    for row in titles:
        text = ",".join(cell.strip() for cell in row if cell.strip())
        if found := AS_OF.search(text):
            rest = text[found.end() :].strip(" ,:")
            day = read_date(rest) or next((day for cell in row if (day := read_date(cell))), None)
            if day:
                return day
    return None

"""Rows of holdings → positions: who, how much, of which kind; sums over everything, lines kept where they may matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from offlimits.aggregates.instruments import DERIVATIVES, OPAQUE, Kind, instrument
from offlimits.aggregates.numbers import decimal_sign, read_column, read_number
from offlimits.dates import read_date
from offlimits.model import ColumnKind
from offlimits.readers.base import Heading, Rows, Table
from offlimits.readers.rows import currency_of
from offlimits.report import At

KEPT_LINES = 20_000
"""So many lines of one table are kept whole; beyond it only those of companies of ours and of funds."""

IDENTIFIERS: tuple[ColumnKind, ...] = ("isin", "cusip", "sedol", "figi", "lei", "ticker", "series")
THOUSANDS_UNTIL = date(2022, 12, 31)
"""Form 13F: values are in thousands of dollars in filings before 3 January 2023, in dollars since (SEC release 34-95148)."""


class Named(msgspec.Struct, frozen=True):
    """One company of ours in a line: its group and entity, how strong, the finding's rules; `disagrees` where identifier and name do."""

    group: str
    entity: str
    strength: str
    relation: str = "same"
    disagrees: bool = False

    @property
    def doubt(self) -> str:
        """Why its money is not counted as the group's; empty where it is."""
        if self.disagrees:
            return "identifier-name-disagree"
        if self.relation in ("made-by", "former", "joint", "mention"):
            return self.relation
        return "possible" if self.strength == "possible" else ""


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of holdings. `value` in the table's currency, a short negative; `weight` of 1; `exposure` is notional × delta, None unknown."""

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
    """One body's holdings on one day in one currency: sums over all lines, and the lines kept."""

    body: str
    on: date | None
    currency: str
    lines: int = 0
    total: Decimal = Decimal(0)
    weights: Decimal = Decimal(0)
    unvalued: int = 0
    repeated: int = 0
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
        self.by_kind = by_kind
        self.signs: dict[int, str] = {}
        self.seen: set[int] = set()
        self.amount = by_kind.get("amount", [])
        self.currencies = [currency_of(table.columns[index].name) for index in self.amount]
        self.accounts: dict[tuple[str, date | None, str], Account] = {}
        self.years: set[date] = set()
        self.holdings = Holdings(source, path, table.sheet or "", "", heading.facts, [list(line) for line in heading.lines], [])
        self.holdings.form = self._form()
        self.holdings.percent = any("%" in table.columns[index].name for index in by_kind.get("weight", []))

    def _form(self) -> str:
        """13F tables are told by the two columns no other has."""
        names = {column.name.casefold().replace(" ", "") for column in self.table.columns}
        if self.holdings.facts.get("form"):
            return self.holdings.facts["form"]
        return "13F" if {"putorcall", "shorprn"} & names and "cusip" in self.by_kind else "sheet"

    def cells(self, rows: Sequence[Sequence[str]], kind: ColumnKind) -> list[str]:
        """The first column of a kind, blanks where there is none."""
        index = next(iter(self.by_kind.get(kind, [])), None)
        return [""] * len(rows) if index is None else [row[index] for row in rows]

    def numbers(self, rows: Sequence[Sequence[str]], index: int | None) -> list[Decimal | None]:
        if index is None:
            return [None] * len(rows)
        cells = [row[index] for row in rows]
        sign = self.signs.setdefault(index, decimal_sign(cells))
        return read_column(cells, sign)

    def take(self, batch: Rows, found: Mapping[int, tuple[Named, ...]], place: Callable[[int], At]) -> None:
        """A batch with the companies found in its rows; `place(number)` gives the place of a row."""
        rows = batch.rows
        values = self.numbers(rows, next(iter(self.amount), None))
        weights = self.numbers(rows, next(iter(self.by_kind.get("weight", [])), None))
        bodies, days, said = self.cells(rows, "body"), self.cells(rows, "date"), self.cells(rows, "currency")
        sides, puts = self.cells(rows, "side"), self.cells(rows, "option")
        repeats = self._repeats(batch)
        self._sum(rows, values, weights, bodies, days, said, sides, puts, repeats, found, place)

    def _repeats(self, batch: Rows) -> frozenset[int]:
        """Rows that say again, cell for cell, what a row before said; only sheets repeat themselves, filings do not."""
        if batch.table.unit != "line" or not ({"isin", "cusip", "sedol"} & self.by_kind.keys()) or not self.amount:
            return frozenset()
        columns = [column.index for column in batch.table.columns if column.kind != "ignored"]
        again = []
        for number, row in enumerate(batch.rows):
            key = hash(tuple([row[index] for index in columns]))
            if key in self.seen:
                again.append(number)
            self.seen.add(key)
        return frozenset(again)

    def _sum(self, rows, values, weights, bodies, days, said, sides, puts, repeats, found, place) -> None:  # type: ignore[no-untyped-def]
        names, classes = self.cells(rows, "name"), self.cells(rows, "asset-class")
        header = next(iter(self.currencies), "") or self.holdings.facts.get("currency", "")
        for number, row in enumerate(rows):
            if number in repeats:
                self._account(bodies[number], days[number], said[number] or header).repeated += 1
                continue
            account = self._account(bodies[number], days[number], said[number] or header)
            value, weight = values[number], weights[number]
            if sides[number][:1] in "sS" and sides[number][:5].lower() == "short" and value is not None:
                value = -abs(value)
            account.lines += 1
            if value is None:
                account.unvalued += 1
            else:
                account.total += value
            if weight is not None:
                account.weights += weight
            mine = found.get(number, ())
            if mine or len(account.positions) < KEPT_LINES or instrument(classes[number], names[number]) in OPAQUE:
                account.positions.append(self._position(row, number, value, weight, account, mine, puts[number], names, classes, place))

    def _account(self, body: str, day: str, currency: str) -> Account:
        on = _day(day)
        if on and on <= THOUSANDS_UNTIL and re.fullmatch(r"\d{4}", day.strip()):
            self.years.add(on)
        on = on or read_date(self.holdings.facts.get("as-of", ""))
        key = (body.strip(), on, currency.strip().upper() if len(currency.strip()) == 3 else "")
        account = self.accounts.get(key)
        if account is None:
            account = self.accounts[key] = Account(*key)
        return account

    def _position(self, row, number, value, weight, account, mine, option, names, classes, place) -> Position:  # type: ignore[no-untyped-def]
        ids = {kind: text for kind in IDENTIFIERS if kind in self.by_kind and (text := self._identifier(row, kind))}
        name = " ".join(names[number].split())
        title = self._first(row, "asset-class") if self.holdings.form == "13F" else ""
        kind = instrument(classes[number], f"{name} {title}".strip())
        return Position(
            at=place(number),
            name=f"{name} {title}".strip() or next(iter(ids.values()), ""),
            kind="option" if option.strip().lower() in ("put", "call") else kind,
            ids=ids,
            value=value,
            weight=weight,
            currency=account.currency,
            also=self._also(row),
            on=account.on,
            voting=self._first(row, "voting"),
            ownership=self._first(row, "ownership"),
            exposure=self._exposure(row, kind, option),
            option=option.strip().lower(),
            companies=mine,
        )

    def _first(self, row: Sequence[str], kind: ColumnKind) -> str:
        return next((row[index].strip() for index in self.by_kind.get(kind, []) if row[index].strip()), "")

    def _identifier(self, row: Sequence[str], kind: ColumnKind) -> str:
        text = re.sub(r"\s", "", self._first(row, kind)).upper()
        return "" if text in ("-", "N/A", "NA") or not text.strip("0") else text

    def _also(self, row: Sequence[str]) -> dict[str, Decimal]:
        """The same value in other currencies, where a column's header names one."""
        pairs = zip(self.amount[1:], self.currencies[1:], strict=True)
        return {code: value for index, code in pairs if code and (value := read_number(row[index])) is not None}

    def _exposure(self, row: Sequence[str], kind: Kind, option: str) -> Decimal | None:
        """Notional × delta of a derivative; None where the file does not say."""
        if kind not in DERIVATIVES and option.strip().lower() not in ("put", "call"):
            return None
        notional, delta = read_number(self._first(row, "notional") or "-"), read_number(self._first(row, "delta") or "-")
        if notional is None or ((kind == "option" or option) and delta is None):
            return None
        return notional * delta if delta is not None else notional

    def finish(self) -> Holdings:
        """The table's holdings, with weights as parts of 1 and 13F values of before 2023 in dollars."""
        held = self.holdings
        held.accounts = list(self.accounts.values())
        held.by_weight = not self.amount and bool(self.by_kind.get("weight"))
        if any(account.weights > 2 for account in held.accounts):
            held.percent = True
        for account in held.accounts:
            self._scale(account)
        return held

    def _scale(self, account: Account) -> None:
        held = self.holdings
        thousand = held.form == "13F" and account.on is not None and (account.on < THOUSANDS_UNTIL or account.on in self.years)
        if held.form == "13F" and not account.currency:
            account.currency = "USD"
        if thousand:
            held.thousands = True
            account.total *= 1000
        if held.percent:
            account.weights /= 100
        if thousand or held.percent or held.form == "13F":
            account.positions = [_scaled(item, account.currency, thousand, held.percent) for item in account.positions]


def _scaled(item: Position, currency: str, thousand: bool, percent: bool) -> Position:
    value = item.value * 1000 if thousand and item.value is not None else item.value
    weight = item.weight / 100 if percent and item.weight is not None else item.weight
    return msgspec.structs.replace(item, value=value, weight=weight, currency=currency)


def _day(text: str) -> date | None:
    """The day a cell says; a bare year is its last day."""
    text = text.strip()
    return date(int(text), 12, 31) if re.fullmatch(r"(19|20)\d\d", text) else read_date(text)

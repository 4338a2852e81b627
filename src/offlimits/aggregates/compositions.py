"""Lists of what funds hold, and which of them a line of a portfolio means."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from offlimits.aggregates.pooling import NO_WHOLE, by_list, by_weight, pooled
from offlimits.aggregates.positions import AS_OF, Account, Holdings, Position
from offlimits.dates import read_date
from offlimits.errors import UsageError
from offlimits.text import fold

INDEX_FILE = "funds.csv"
"""In a folder of compositions: which file is which fund. Columns: file, name, isin, cusip, ticker, series, index, as of."""

EXACT_DAYS = 5
"""A list so few days from the line's day is of that day: weekends and holidays lie between."""

Tie = Literal["EXACT", "SAME-INDEX", "PROXY"]
TIED_BY = ("isin", "cusip", "sedol", "figi", "series", "lei", "ticker", "name")
WHOLE = (Decimal("0.99"), Decimal("1.01"))
"""A list whose parts sum to this is whole; the rest is rounding and cash."""

USABLE = Decimal("1.5")
"""Weights that sum to more are not taken for parts of one fund: their unit cannot be told, or several lists are mixed."""

BELIEVED = (Decimal("0.5"), Decimal(2))
"""Lines that sum to this part of the net assets a filing states are parts of them; else the lines' own sum is taken."""


class Composition(msgspec.Struct, frozen=True):
    """One list of what one fund holds on one day. `parts[i]` is what share of the fund `positions[i]` is (of 1, a short negative)."""

    path: str
    name: str
    ids: dict[str, tuple[str, ...]]
    index: str
    on: date | None
    currency: str
    total: Decimal
    lines: int
    stated: Decimal | None
    weights: Decimal
    by: Literal["value", "weight"]
    positions: tuple[Position, ...]
    parts: tuple[Decimal, ...]
    unlisted: Decimal
    refused: bool
    notes: tuple[str, ...]


class Tied(NamedTuple):
    """The list meant by a line: its number, how well it fits, by which key, the days from the line to the list, and how many fit
    alike."""

    number: int
    tie: Tie
    by: str
    gap_days: int | None
    alike: int = 1


class Parts(NamedTuple):
    """What share of a fund each of its lines is; `unlisted` is what the lines leave open, `refused` that they say nothing usable."""

    total: Decimal
    each: tuple[Decimal, ...]
    unlisted: Decimal
    by: Literal["value", "weight"]
    refused: bool = False


def keys_of(ids: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    """Every key by which a line may be tied, the strictest first. The nine letters within a US or Canadian ISIN are its CUSIP."""
    keys = [(kind, ids[kind]) for kind in TIED_BY if ids.get(kind)]
    isin = ids.get("isin", "")
    if isin[:2] in ("US", "CA") and len(isin) == 12:
        keys.append(("cusip", isin[2:11]))
    return [*keys, *([("name", plain_name(name))] if plain_name(name) else [])]


def plain_name(name: str) -> str:
    """A fund's name as two lists would write it alike: folded, dashes and signs gone."""
    return " ".join(re.sub(r"[^\w&]+", " ", fold(name).replace("℠", "").replace("®", "")).split())


class Compositions:
    """All lists of a folder, with their keys."""

    def __init__(self, lists: Sequence[Composition]) -> None:
        self.lists = tuple(lists)
        self._by_key: dict[tuple[str, str], list[int]] = {}
        for number, item in enumerate(lists):
            for kind, values in item.ids.items():
                for value in values:
                    self._by_key.setdefault((kind, value), []).append(number)
        self._indexes = [(plain_name(item.index), number) for number, item in enumerate(lists) if item.index]

    def tie(self, position: Position, on: date | None, own: int | None = None) -> Tied | None:
        """The list meant by a line; None where there is none. A list (`own`) is never meant by one of its own lines."""
        for kind, value in keys_of(position.ids, position.name):
            numbers = [number for number in self._by_key.get((kind, value), []) if number != own]
            if numbers:
                best, gap = self._nearest(numbers, on)
                return Tied(best, "EXACT" if gap is not None and abs(gap) <= EXACT_DAYS else "PROXY", kind, gap, len(numbers))
        name = plain_name(position.name) if self._indexes else ""
        numbers = [number for index, number in self._indexes if number != own and re.search(rf"\b{re.escape(index)}\b", name)]
        if numbers:
            best, gap = self._nearest(numbers, on)
            return Tied(best, "SAME-INDEX", "index", gap, len(numbers))
        return None

    def _nearest(self, numbers: Sequence[int], on: date | None) -> tuple[int, int | None]:
        def gap(number: int) -> int | None:
            day = self.lists[number].on
            return (day - on).days if day and on else None

        best = min(numbers, key=lambda number: (self.lists[number].refused, gap(number) is None, abs(gap(number) or 0), number))
        return best, gap(best)


def compositions(tables: Iterable[Holdings], said: Mapping[str, Mapping[str, str]], more: Iterable[Composition] = ()) -> Compositions:
    """Every table of every file as lists of funds, and `more`. `said` is what `funds.csv` says of a file, by its name."""
    return Compositions([*(found for table in tables for found in _of_table(table, said)), *more])


def _of_table(table: Holdings, said: Mapping[str, Mapping[str, str]]) -> Iterator[Composition]:
    """The lists of one table, one for each body and day. Values in several currencies make no whole; weights do."""
    for parts in by_list(account for account in table.accounts if account.lines):
        whole = parts[0] if len(parts) == 1 else by_weight(parts)
        if whole is not None:
            yield _composition(table, whole, said)
        else:
            whole = pooled(parts)
            whole.notes.append(NO_WHOLE)
            yield _composition(table, whole, said, refused=True)


def read_index(folder: Path) -> dict[str, dict[str, str]]:
    """`funds.csv` of a folder, by file name; empty where there is none. Raises `UsageError` when it has no column `file`, or there is no
    such folder."""
    if not folder.is_dir():
        raise UsageError(f"--funds: there is no folder {str(folder)!r}", "name the folder that holds the lists of what funds hold")
    path = folder / INDEX_FILE
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if rows and "file" not in rows[0]:
        raise UsageError(f"{path} has no column 'file'", "its columns are: file, name, isin, cusip, ticker, series, index, as of")
    told = [{key: (value or "").strip() for key, value in row.items() if key} for row in rows]
    return {row["file"] or row.get("series", ""): row for row in told}


def _composition(table: Holdings, account: Account, said: Mapping[str, Mapping[str, str]], refused: bool = False) -> Composition:
    told = {**said.get(Path(table.path).name, {})}
    on = read_date(told.get("as of", "")) or account.on
    stated = Decimal(table.facts["net-assets"]) if table.facts.get("net-assets") else None
    notes = _notes(table, account)
    if refused:
        parts = _unusable(account, "value")
    elif table.by_weight or not account.total:
        parts = _by_weight(account, notes)
    else:
        parts = _by_value(account, stated, notes)
    title = _title(table.titles)
    name = told.get("name") or account.body or table.facts.get("fund", "") or title or _stem(table.path)
    return Composition(
        path=table.path,
        name=name,
        ids=_ids(table, told, [name, title, told.get("name", ""), table.facts.get("fund", ""), *_stems(table.path)]),
        index=told.get("index", "") or table.facts.get("index", ""),
        on=on,
        currency=account.currency or table.facts.get("currency", ""),
        total=parts.total,
        lines=account.lines,
        stated=stated,
        weights=account.weights,
        by=parts.by,
        positions=tuple(account.positions),
        parts=parts.each,
        unlisted=parts.unlisted,
        refused=parts.refused,
        notes=tuple(notes),
    )


def _notes(table: Holdings, account: Account) -> list[str]:
    notes = ["the list has weights and no values"] if table.by_weight else []
    notes += account.notes
    if account.unvalued and not table.by_weight:
        notes.append(f"{account.unvalued:,} lines have no value")
    if account.unweighed:
        notes.append(f"{account.unweighed:,} lines state a weight that can be none, such as 2,344 %; they were left out")
    if account.repeated:
        notes.append(f"{account.repeated:,} lines say again what a line before says, and were left out")
    return notes


def _unusable(account: Account, by: Literal["value", "weight"]) -> Parts:
    """Nothing can be said of any line's share; all of the fund is left open."""
    return Parts(account.total if by == "value" else Decimal(0), (Decimal(0),) * len(account.positions), Decimal(1), by, True)


def _by_value(account: Account, stated: Decimal | None, notes: list[str]) -> Parts:
    """The share of each line by its value: rounded weights hide (0.00 % may be 765,042 dollars)."""
    total = stated if stated is not None and BELIEVED[0] * stated <= account.total <= BELIEVED[1] * stated else account.total
    if stated is not None and stated != account.total:
        notes.append(f"lines sum to {account.total:,.2f}, the fund states net assets of {stated:,.2f}")
    if total <= 0:
        notes.append("the lines sum to nothing or less: shares of it say nothing, the list was not used")
        return _unusable(account, "value")
    whole = account.total / total
    unlisted = Decimal(1) - whole if whole < WHOLE[0] else Decimal(0)
    return Parts(total, tuple((item.value or Decimal(0)) / total for item in account.positions), unlisted, "value")


def _by_weight(account: Account, notes: list[str]) -> Parts:
    """The share of each line by its stated weight. Weights that sum to far more than a whole are refused, never scaled in silence."""
    whole = account.weights
    if not 0 < whole <= USABLE:
        notes.append(f"the weights sum to {whole * 100:,.2f} %: in which unit they are cannot be told, the list was not used")
        return _unusable(account, "weight")
    if not WHOLE[0] <= whole <= WHOLE[1]:
        how = "each was scaled down by that; lines may stand twice, or be borrowed for" if whole > 1 else "the rest is not looked through"
        notes.append(f"the weights sum to {whole * 100:.2f} %, not to 100 %: {how}")
    scale = max(whole, Decimal(1))
    unlisted = Decimal(1) - whole if whole < WHOLE[0] else Decimal(0)
    return Parts(Decimal(0), tuple((item.weight or Decimal(0)) / scale for item in account.positions), unlisted, "weight")


def _ids(table: Holdings, told: Mapping[str, str], names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    facts = table.facts
    ids = {kind: {told.get(kind, ""), facts.get(kind, "")} for kind in TIED_BY if kind != "name"}
    ids["series"] |= set(facts.get("classes", "").split())
    ids["cusip"] |= {isin[2:11] for isin in ids["isin"] if isin[:2] in ("US", "CA")}
    stem = Path(table.path).stem
    ids["ticker"] |= {found[1]} if (found := re.match(r"([A-Z]{2,6})(?=[_ -]|$)", stem)) else set()
    ids["name"] = {plain_name(name) for name in names}
    return {kind: tuple(sorted(value.upper() if kind != "name" else value for value in values if value)) for kind, values in ids.items()}


def _stem(path: str) -> str:
    return _stems(path)[-1]


def _stems(path: str) -> list[str]:
    """A file's name, and its last parts after `_` and ` - `."""
    stem = Path(path).stem
    return list(dict.fromkeys([stem, stem.rpartition("_")[2], stem.rpartition(" - ")[2]]))


def _title(titles: Sequence[Sequence[str]]) -> str:
    """A fund's name from the rows above the header: beside `Fund Name`, else the first lone cell."""
    for row in titles:
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) > 1 and re.match(r"(internal |fund )name", fold(cells[0])) and "unknown" not in fold(cells[1]):
            return cells[1]
    first = next(([cell for cell in row if cell.strip()] for row in titles if any(row)), [])
    return first[0].strip() if len(first) == 1 and not AS_OF.match(first[0]) else ""

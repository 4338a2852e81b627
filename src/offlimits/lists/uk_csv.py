"""The UK Sanctions List, CSV: a line with the day of the report, a header, then a row for every name and address of every record.

The rows of one record are put together by its number. They need not stand together, so that the records are kept until the end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO

from offlimits.dates import read_date
from offlimits.lists.base import Alias, Listed, ListedIdentifier, ListEvent, changed, expect_columns, numbered
from offlimits.lists.table import as_table
from offlimits.lists.uk_names import DOES_NOT_SAY, OTHERS, PUBLISHER, TAKEN, TITLE, alias, is_primary, whole_name
from offlimits.lists.xml import words
from offlimits.model import EvidenceClass, Place, Reject
from offlimits.readers.base import Skipped

REPORT = "Report Date:"
KINDS = ("Designation Type", "Individual, Entity, Ship")
"""The column that says what a record is, in its newer and its older name."""
COLUMNS = ("Unique ID", "Name 6", "Name type", "Regime Name", "Date Designated")


class UkCsv:
    """Entities; individuals and ships are counted, each once."""

    name = "uk-csv"
    list = "uk-sanctions"
    title = f"{TITLE}, CSV"
    publisher = PUBLISHER
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = DOES_NOT_SAY

    def recognise(self, path: Path, head: bytes) -> str:
        said, _, rest = head.decode("utf-8-sig", errors="replace").partition("\n")
        known = said.startswith(REPORT) and "Unique ID" in rest.partition("\n")[0]
        return "a line with the report's date, then a header with Unique ID" if known else ""

    def edition(self, path: Path) -> date | None:
        with _opened(path) as stream:
            return _reported(self, path, stream)

    def read(self, path: Path) -> Iterator[ListEvent]:
        records: dict[str, _Record] = {}
        others: dict[str, str] = {}
        with _opened(path) as stream, as_table(self, path):
            _reported(self, path, stream)
            rows = csv.reader(stream)
            columns = [words(cell) for cell in next(rows, [])]
            kind = next((name for name in KINDS if name in columns), KINDS[0])
            expect_columns(self, path, columns, (*COLUMNS, kind))
            start = rows.line_num + 2
            for cells in rows:
                row = {name: text for name, cell in zip(columns, cells, strict=False) if (text := words(cell))}
                if event := _sort(row, row.get(kind, ""), Place(line=start), records, others):
                    yield event
                start = rows.line_num + 2
        yield from (Skipped(reason=reason) for reason in others.values())
        yield from (record.event() for record in records.values())


def _opened(path: Path) -> IO[str]:
    return path.open(encoding="utf-8-sig", errors="replace", newline="")


def _reported(form: UkCsv, path: Path, stream: IO[str]) -> date:
    """The day in the first line, which is taken off the stream."""
    said = stream.readline().strip().strip(",")
    found = read_date(said.removeprefix(REPORT)) if said.startswith(REPORT) else None
    if found is None:
        raise changed(form, path, f"its first line is {said[:80]!r} where the form has {REPORT} DD-Mon-YYYY")
    return found


def _sort(row: dict[str, str], kind: str, place: Place, records: dict[str, _Record], others: dict[str, str]) -> ListEvent | None:
    """Put a row where it belongs; a blank row, or one that belongs nowhere, comes back as what it is."""
    key = row.get("Unique ID", "")
    if not row:
        return Skipped(reason="blank rows")
    if not key:
        return Reject(place=place, code="no-key", reason="a row without its Unique ID")
    if reason := OTHERS.get(kind.lower()):
        others[key] = reason
    elif kind.lower() == TAKEN:
        records.setdefault(key, _Record(key, place)).take(row)
    else:
        return Reject(place=place, code="unknown-kind", reason=f"the row's type is {kind!r}: company or person is not known")
    return None


class _Record:
    """The rows of one number put together."""

    def __init__(self, key: str, place: Place) -> None:
        self.key, self.place = key, place
        self.name = self.country = ""
        self.since: date | None = None
        self.aliases: dict[Alias, None] = {}
        self.numbers: dict[ListedIdentifier, None] = {}
        self.programmes: dict[str, None] = {}

    def take(self, row: dict[str, str]) -> None:
        if text := whole_name(row, "Name "):
            if is_primary(row["Name type"]) and not self.name:
                self.name = text
            else:
                self.aliases[alias(text, row.get("Alias strength", ""))] = None
        if local := row.get("Name non-latin script"):
            self.aliases[Alias(text=local, kind="local")] = None
        if number := row.get("Business registration number (s)"):
            self.numbers[numbered(number)] = None
        if regime := row.get("Regime Name"):
            self.programmes[regime] = None
        self.country = self.country or row.get("Address Country", "")
        self.since = self.since or read_date(row.get("Date Designated", ""))

    def event(self) -> ListEvent:
        """The record, or the reject it is when no row of it has a name."""
        aliases = list(self.aliases)
        name = self.name or next((item.text for item in aliases), "")
        if not name:
            return Reject(place=self.place, code="no-name", reason=f"no row of {self.key} has a name")
        return Listed(
            key=self.key,
            name=name,
            place=self.place,
            aliases=tuple(item for item in aliases if item.text != name),
            country=self.country,
            identifiers=tuple(self.numbers),
            programmes=tuple(self.programmes),
            since=self.since,
        )

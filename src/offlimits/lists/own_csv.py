"""A list of one's own: a CSV with a column `name`, and where there are `alias` (parted by `;`), `country`, `id`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import Alias, Listed, ListEvent, expect_columns
from offlimits.lists.table import as_table, header_of, parted
from offlimits.model import EvidenceClass, Place, Reject

KNOWN = ("name", "alias", "country", "id")


class OwnCsv:
    """The plainest list there is."""

    name = "own-csv"
    list = ""
    title = "a list of one's own"
    publisher = "whoever made the file"
    cls: EvidenceClass = "community"
    does_not_say: tuple[str, ...] = ("on whose word each name is there, and since when", "other names than those written down")

    def recognise(self, path: Path, head: bytes) -> str:
        columns = [cell.lower() for cell in header_of(head)]
        return (
            "a header with the column name, and no other than alias, country, id"
            if columns and columns[0] == "name" and set(columns) <= set(KNOWN)
            else ""
        )

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream, as_table(self, path):
            rows = csv.reader(stream)
            columns = [cell.strip().lower() for cell in next(rows, [])]
            expect_columns(self, path, columns, ("name",))
            at = [columns.index(name) if name in columns else -1 for name in KNOWN]
            start = rows.line_num + 1
            for row in rows:
                yield _listed(row, at, Place(line=start))
                start = rows.line_num + 1


def _listed(row: list[str], at: list[int], place: Place) -> ListEvent:
    width = len(row)
    name, alias, country, key = [row[number].strip() if -1 < number < width else "" for number in at]
    if not name:
        return Reject(place=place, code="no-name", reason="a row without a name")
    aliases = tuple([Alias(text=text) for text in parted(alias)]) if alias else ()
    return Listed(key=key or name, name=name, place=place, aliases=aliases, country=country)

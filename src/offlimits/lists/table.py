"""Lists published as a table with a header: columns are found by name, never by place."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from offlimits.lists.base import Form, changed, expect_columns
from offlimits.model import Place, Reject

csv.field_size_limit(1 << 24)

DATES = ("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d/%m/%Y", "%B %d, %Y", "%d %b %Y")
"""How the lists write days. Where day and month could change places, each list has one of the two forms only."""


@lru_cache(maxsize=1 << 14)
def day(text: str, *forms: str) -> date | None:
    """A day, or None where the text is none. Lists repeat their days, so each is worked out once."""
    text = text.strip()
    if not text:
        return None
    for form in forms or DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def parted(text: str, by: str = ";") -> list[str]:
    """The parts of a cell that holds several, without empty ones."""
    return [part for piece in text.split(by) if (part := piece.strip())]


def header_of(head: bytes, delimiter: str = ",") -> list[str]:
    """The names in the first line of a file."""
    line = head.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").strip("\r")
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def has_columns(head: bytes, columns: Iterable[str], delimiter: str = ",") -> str:
    """Why a file is taken for a form, in words, where its header holds these columns; else an empty string."""
    columns = tuple(columns)
    return f"its columns {', '.join(columns)}" if set(columns) <= set(header_of(head, delimiter)) else ""


@contextmanager
def as_table(form: Form, path: Path) -> Iterator[None]:
    """Rows of a CSV are read inside this: `ListError` where it cannot be parsed as one."""
    try:
        yield
    except csv.Error as error:
        raise changed(form, path, f"it cannot be read as a table: {error}") from error


def read_table(form: Form, path: Path, columns: tuple[str, ...], delimiter: str = ",") -> Iterator[tuple[Row, Place]]:
    """Every row by the names of its columns, with the line it starts on; a short row gives empty cells, a long one a `wrong-cell-count`.

    Raises `ListError` when a column is missing.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream, as_table(form, path):
        rows = csv.reader(stream, delimiter=delimiter)
        header = [cell.strip() for cell in next(rows, [])]
        expect_columns(form, path, header, columns)
        at = {name: number for number, name in enumerate(header)}
        width, start = len(header), rows.line_num + 1
        for cells in rows:
            if cells:
                yield Row(cells, at, width), Place(line=start)
            start = rows.line_num + 1


class Row:
    """One row of a table: `row["name"]` is the cell under that header, empty where the row is short."""

    __slots__ = ("at", "cells", "width")

    def __init__(self, cells: list[str], at: Mapping[str, int], width: int) -> None:
        self.cells, self.at, self.width = cells, at, width

    def __getitem__(self, name: str) -> str:
        number = self.at.get(name, -1)
        cells = self.cells
        return cells[number].strip() if 0 <= number < len(cells) else ""

    def fault(self, place: Place, name: str) -> Reject | None:
        """The reject of a row that is too long, or has no name; None when it is sound."""
        if len(self.cells) > self.width:
            return Reject(place=place, code="wrong-cell-count", reason=f"{len(self.cells)} cells under {self.width} headers")
        return None if self[name] else Reject(place=place, code="no-name", reason="a row without a name")

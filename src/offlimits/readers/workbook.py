"""XLSX, XLS and ODS: every sheet, hidden ones too."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from offlimits.errors import DamagedSource, UnreadableSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Heading, Note, Options, Rows, Skipped, Table
from offlimits.readers.bounds import ZIP_FAULTS, refuse_bomb
from offlimits.readers.columns import HEADER_ROWS, find_header, recognise_columns
from offlimits.readers.sheets import OLE, Merge, Sheet, read_apart, sheets_of

ZIP = b"PK\x03\x04"
BATCH = 4096


class Workbook:
    """Reads spreadsheets."""

    name = "workbook"
    cannot_show: tuple[str, ...] = (
        "what is inside a product: chips, modules and firmware of another maker",
        "goods that an installer or a service company supplies without naming them",
        "subcontractors",
        "pictures, charts and comments in the workbook",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        if head.startswith(OLE):
            return "an Office file of the older form (XLS), or a protected one"
        if head.startswith(ZIP) and _holds_sheets(path):
            return "a zipped workbook (XLSX or ODS)"
        return ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        refuse_bomb(path)
        hidden: list[str] = []
        for sheet in read_apart(path) if _is_legacy(path) else sheets_of(path):
            if sheet.hidden:
                hidden.append(sheet.name)
            if sheet.fault:
                yield Reject(place=Place(sheet=sheet.name, row=1), code=DamagedSource.code, reason=sheet.fault)
            elif sheet.kind == "WorkSheet":
                yield from _read_sheet(sheet, options)
            else:
                yield Note(text=f"sheet {sheet.name!r} is no table ({sheet.kind}) and was not read")
        if hidden:
            yield Note(text=f"hidden sheets were read too: {', '.join(hidden)}")


def _is_legacy(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(OLE)) == OLE
    except OSError as error:
        raise UnreadableSource(str(error.strerror), "check that the file is there and that you may read it") from error


def _holds_sheets(path: Path) -> bool:
    """Whether the archive looks like a workbook; a broken archive with a workbook's name counts, so that its error is the right one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            return "xl/workbook.xml" in names or "xl/workbook.bin" in names or ("content.xml" in names and "mimetype" in names)
    except ZIP_FAULTS:
        return path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods")


def _read_sheet(sheet: Sheet, options: Options) -> Iterator[Event]:
    rows = sheet.rows
    if not any(map(any, rows)):
        if rows:
            yield Skipped(reason="blank", count=len(rows))
        return
    _spread_merges(rows, sheet.merged)
    header = find_header(rows)
    body = 0 if header is None else header + 1
    table = recognise_columns(
        None if header is None else _header(rows, header), [row for row in rows[body:] if any(row)], options, sheet=sheet.name
    )
    above = rows[: header or 0]
    yield Heading(lines=tuple(map(tuple, above)), places=tuple(range(1, len(above) + 1)), header=body)
    yield table
    yield from _skips(rows, header)
    yield from _batches(table, rows, body)


def _spread_merges(rows: list[list[str]], merged: Sequence[Merge]) -> None:
    """A merged cell among the first rows says its text for all the cells it covers, so that two-storey headers read."""
    for (top, left), (bottom, right) in merged:
        if top >= min(HEADER_ROWS, len(rows)) or left >= len(rows[top]):
            continue
        for row in rows[top : min(bottom, HEADER_ROWS) + 1]:
            for index in range(left, min(right + 1, len(row))):
                row[index] = row[index] or rows[top][left]


def _header(rows: list[list[str]], header: int) -> list[str]:
    """The header's names; an empty one takes the name above it (ODS and XLS tell nothing of merged cells)."""
    above = rows[header - 1] if header else []
    return [cell or (above[index] if index < len(above) else "") for index, cell in enumerate(rows[header])]


def _skips(rows: list[list[str]], header: int | None) -> Iterator[Event]:
    if header is None:
        yield Note(text="no header row was found; columns are named by their letters and read by what stands in them")
        return
    titles = sum(1 for row in rows[:header] if any(row))
    if titles:
        yield Skipped(reason="title", count=titles)
    if header - titles:
        yield Skipped(reason="blank", count=header - titles)
    yield Skipped(reason="header")


def _batches(table: Table, rows: list[list[str]], body: int) -> Iterator[Event]:
    for start in range(body, len(rows), BATCH):
        part = rows[start : start + BATCH]
        filled = [(start + number + 1, row) for number, row in enumerate(part) if any(row)]
        if len(filled) < len(part):
            yield Skipped(reason="blank", count=len(part) - len(filled))
        if filled:
            yield Rows(table=table, rows=[row for _, row in filled], places=[place for place, _ in filled])

"""XLSX, XLS and ODS: every sheet, hidden ones too."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from offlimits.errors import DamagedSource, ProtectedSource, SourceTooLarge, UnreadableSource
from offlimits.readers.base import Event, Note, Options, Rows, Skipped, Table
from offlimits.readers.columns import HEADER_ROWS, find_header, recognise_columns

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 2 << 30
MAX_RATIO = 200
"""A part that unpacks to more than so many times its packed size, and to more than 100 MB, is a bomb and not a sheet: XML of real sheets shrinks 10 to 30 times."""
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
        _refuse_bomb(path)
        book = _open(path)
        hidden = [sheet.name for sheet in book.sheets_metadata if sheet.visible != calamine.SheetVisibleEnum.Visible]
        if hidden:
            yield Note(text=f"hidden sheets were read too: {', '.join(hidden)}")
        for sheet in book.sheets_metadata:
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                yield from _read_sheet(book, sheet.name, options)
            else:
                yield Note(text=f"sheet {sheet.name!r} is no table ({str(sheet.typ).rpartition('.')[2]}) and was not read")


def _holds_sheets(path: Path) -> bool:
    """Whether the archive looks like a workbook; a broken archive with a workbook's name counts, so that its error is the right one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            return "xl/workbook.xml" in names or "xl/workbook.bin" in names or ("content.xml" in names and "mimetype" in names)
    except (zipfile.BadZipFile, OSError):
        return path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods")


def _refuse_bomb(path: Path) -> None:
    try:
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile):
        return
    total = sum(part.file_size for part in parts)
    swollen = [part for part in parts if part.file_size > 100 << 20 and part.file_size > MAX_RATIO * max(part.compress_size, 1)]
    if total > MAX_UNPACKED or swollen:
        raise SourceTooLarge(f"the workbook would unpack to {total:,} bytes", "if it is yours and sound, save the sheets as CSV")


def _open(path: Path) -> Any:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise ProtectedSource(
            "the workbook is protected by a password", "open it, save a copy without a password, and give that"
        ) from error
    except (OSError, calamine.CalamineError, calamine.ZipError, calamine.XmlError) as error:
        if isinstance(error, PermissionError | FileNotFoundError):
            raise UnreadableSource(str(error.strerror), "check that the file is there and that you may read it") from error
        if _is_encrypted(path):
            raise ProtectedSource("the workbook is encrypted", "open it, save a copy without a password, and give that") from error
        raise DamagedSource(f"the workbook cannot be opened: {error}", "open it in a spreadsheet program and save it anew") from error


def _is_encrypted(path: Path) -> bool:
    """An encrypted XLSX is an OLE file with a stream of this name (MS-OFFCRYPTO 2.3)."""
    with path.open("rb") as stream:
        return "EncryptedPackage".encode("utf-16-le") in stream.read(1 << 20)


def _read_sheet(book: Any, name: str, options: Options) -> Iterator[Event]:
    try:
        sheet = book.get_sheet_by_name(name)
        cells = sheet.to_python(skip_empty_area=False)
        merged = _merges(sheet)
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, ValueError) as error:
        raise DamagedSource(f"sheet {name!r} cannot be read: {error}", "open it in a spreadsheet program and save it anew") from error
    rows = [[_as_text(cell) for cell in row] for row in cells]
    if not any(map(any, rows)):
        if rows:
            yield Skipped(reason="blank", count=len(rows))
        return
    _spread_merges(rows, merged)
    header = find_header(rows)
    body = 0 if header is None else header + 1
    table = recognise_columns(
        None if header is None else _header(rows, header), [row for row in rows[body:] if any(row)], options, sheet=name
    )
    yield table
    yield from _skips(rows, header)
    yield from _batches(table, rows, body)


def _merges(sheet: Any) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    try:
        return list(sheet.merged_cell_ranges or ())
    except (AttributeError, calamine.CalamineError):
        return ()


def _spread_merges(rows: list[list[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
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


def _as_text(cell: Any) -> str:
    """A cell as people see it: whole numbers without a point, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell.strip() if cell[:1].isspace() or cell[-1:].isspace() else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""

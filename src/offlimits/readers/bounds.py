"""Zipped workbooks that would fill the memory, told before they are opened: bombs, sizes that lie, sheets that sprawl."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from offlimits.errors import DamagedSource, SourceTooLarge

MAX_UNPACKED = 2 << 30
MAX_RATIO = 200
"""A part that unpacks to more than so many times its packed size, and to more than 100 MB, is a bomb and not a sheet: XML of real sheets
shrinks 10 to 30 times."""

MAX_AREA = 1 << 26
"""Most cells of one sheet, empty ones included; a sheet of 1,048,576 rows (all there can be) may have 64 columns."""

SPARSE_AREA = 1 << 23
SPARSE = 50
"""From so many cells on, at least one in so many must be there: a lone cell in the last corner spans 17,179,869,184."""

BLOCK_BYTES = 1 << 20
ZIP_FAULTS = (OSError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, NotImplementedError, ValueError)
"""What the standard library raises for archives that are damaged, encrypted, or of a kind it does not know."""

CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
ODS_ROW = re.compile(rb"<(?:\w+:)?(?:(table-row)|(?:covered-)?table-cell)\b([^>]*)>")
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated=[\"']([0-9]{1,9})[\"']")


def refuse_bomb(path: Path) -> None:
    """Raises `SourceTooLarge` for a zipped workbook that would not fit, `DamagedSource` for one whose sheets do not unpack as they say.

    A file that is no zip archive passes.
    """
    try:
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            for part in archive.infolist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
                    _check_area(_xlsx_area(_blocks(archive, part)), part.filename)
                elif part.filename == "content.xml":
                    _check_area(_ods_area(_blocks(archive, part)), part.filename)
                elif part.filename == "xl/sharedStrings.xml":
                    for _ in _blocks(archive, part):
                        pass
    except ZIP_FAULTS as error:
        raise DamagedSource(f"the workbook cannot be unpacked: {error}", "open it in a spreadsheet program and save it anew") from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    swollen = any(part.file_size > 100 << 20 and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts)
    if total > MAX_UNPACKED or swollen:
        raise SourceTooLarge(f"the workbook would unpack to {total:,} bytes", "if it is yours and sound, save the sheets as CSV")


def _check_area(cells: tuple[int, int], name: str) -> None:
    area, filled = cells
    if area > MAX_AREA or (area > SPARSE_AREA and filled * SPARSE < area):
        hint = "delete the stray cells at the far end of the sheet, or save it as CSV"
        raise SourceTooLarge(f"the sheet in {name} spans {area:,} cells and has {filled:,}", hint)


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in blocks cut after a tag. Raises `BadZipFile` where the unpacked bytes are not those the archive promises."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK_BYTES):
            rest += block
            end = rest.rfind(b">") + 1
            yield rest[:end]
            rest = rest[end:][-BLOCK_BYTES:]


def _xlsx_area(blocks: Iterator[bytes]) -> tuple[int, int]:
    """The cells that a sheet spans, and those that it has."""
    columns: set[bytes] = set()
    last, filled = 0, 0
    for block in blocks:
        found = CELL.findall(block)
        columns.update(column for column, _ in found)
        last = max(last, max((int(row) for _, row in found), default=0))
        filled += len(found)
    return last * max(map(_column_number, columns), default=0), filled


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _ods_area(blocks: Iterator[bytes]) -> tuple[int, int]:
    """The cells with a value that all sheets spell out once their repetitions are written in full, and the tags that say so."""
    area, filled, rows = 0, 0, 1
    for block in blocks:
        for row, attributes in ODS_ROW.findall(block):
            repeated = REPEATED.search(attributes)
            times = int(repeated[1]) if repeated else 1
            if row:
                rows = times
            elif b"value-type" in attributes:
                area += rows * times
                filled += 1
    return area, filled

"""The sheets of a workbook as text. Files of the older form are read in a process of their own: a damaged one can end it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import python_calamine as calamine

from offlimits.errors import DamagedSource, ProtectedSource, SourceError, UnreadableSource

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ANEW = "open it in a spreadsheet program and save it anew"
MAX_SECONDS = 300
MAX_MEMORY_BYTES = 4 << 30
"""What reading one file of the older form may take; its largest sheet has 65,536 rows of 256 cells."""

Merge = tuple[tuple[int, int], tuple[int, int]]


class Sheet(msgspec.Struct):
    """One sheet: all rows from the first on, equally wide; `merged` holds first and last cell (row, column from 0) of merged ones.

    `fault` says why it could not be read.
    """

    name: str
    kind: str
    hidden: bool
    rows: list[list[str]]
    merged: list[Merge]
    fault: str = ""


class _Fault(msgspec.Struct):
    code: str
    message: str
    hint: str


class _Answer(msgspec.Struct):
    sheets: list[Sheet]
    fault: _Fault | None = None


def sheets_of(path: Path) -> Iterator[Sheet]:
    """Every sheet in order; a damaged one with its fault. Raises `DamagedSource`, `ProtectedSource` or `UnreadableSource`."""
    book = _guarded(lambda: _open(path), "the workbook cannot be opened")
    for meta in book.sheets_metadata:
        try:
            yield _guarded(lambda meta=meta: _sheet(book, meta), "the sheet cannot be read")
        except DamagedSource as error:
            yield Sheet(meta.name, "WorkSheet", False, [], [], f"{error.message}; {error.hint}")


def _guarded(call: Any, what: str) -> Any:
    """What `call` gives; every fault of the workbook, a panic of the library that reads it too, as `DamagedSource`."""
    try:
        return call()
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, ValueError, OSError) as error:
        raise DamagedSource(f"{what}: {error}", ANEW) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedSource(f"{what}: {error}", ANEW) from None


def _open(path: Path) -> Any:
    """The workbook, by its content: `from_path` would believe the name."""
    try:
        with path.open("rb") as stream:
            return calamine.CalamineWorkbook.from_filelike(stream)
    except calamine.PasswordError as error:
        raise ProtectedSource(
            "the workbook is protected by a password", "open it, save a copy without a password, and give that"
        ) from error
    except (PermissionError, FileNotFoundError) as error:
        raise UnreadableSource(str(error.strerror or error), "check that the file is there and that you may read it") from error
    except (OSError, calamine.CalamineError, calamine.ZipError, calamine.XmlError) as error:
        if _is_encrypted(path):
            raise ProtectedSource("the workbook is encrypted", "open it, save a copy without a password, and give that") from error
        raise


def _is_encrypted(path: Path) -> bool:
    """An encrypted XLSX is an OLE file with a stream of this name (MS-OFFCRYPTO 2.3)."""
    with path.open("rb") as stream:
        head = stream.read(1 << 20)
    return head.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in head


def _sheet(book: Any, meta: Any) -> Sheet:
    rows: list[list[str]] = []
    merged: list[Merge] = []
    kind = str(meta.typ).rpartition(".")[2]
    if meta.typ == calamine.SheetTypeEnum.WorkSheet:
        sheet = book.get_sheet_by_name(meta.name)
        rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        with contextlib.suppress(AttributeError, calamine.CalamineError):
            merged = list(sheet.merged_cell_ranges or ())
    return Sheet(meta.name, kind, meta.visible != calamine.SheetVisibleEnum.Visible, rows, merged)


def as_text(cell: Any) -> str:
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


# --- in a process of its own ---------------------------------------------------------------------


def read_apart(path: Path) -> list[Sheet]:
    """`sheets_of` in a process of its own, with a bound on time and memory. Raises the same, and `DamagedSource` when that process dies."""
    call = [sys.executable, "-c", "from offlimits.readers.sheets import answer; answer()", str(path)]
    try:
        done = subprocess.run(call, capture_output=True, timeout=MAX_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise DamagedSource(f"the workbook could not be read within {MAX_SECONDS} seconds", ANEW) from error
    if done.returncode:
        raise DamagedSource("the workbook is damaged: the library that reads it gave up", ANEW)
    told = msgspec.msgpack.decode(done.stdout, type=_Answer)
    if told.fault:
        raise _fault(told.fault)
    return told.sheets


def answer() -> None:
    """The other process: the sheets of the file named on the command line, or its fault, to standard output."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        told = _Answer(list(sheets_of(Path(sys.argv[1]))))
    except SourceError as error:
        told = _Answer([], _Fault(error.code, error.message, error.hint))
    sys.stdout.buffer.write(msgspec.msgpack.encode(told))


def _fault(fault: _Fault) -> SourceError:
    kinds: dict[str, type[SourceError]] = {kind.code: kind for kind in (DamagedSource, ProtectedSource, UnreadableSource)}
    return kinds[fault.code](fault.message, fault.hint)

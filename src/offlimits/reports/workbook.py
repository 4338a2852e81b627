"""XLSX: the user's own sheet back, every cell and style kept, columns added; and a sheet of everything else."""

from __future__ import annotations

import csv
import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterator, Set
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine as calamine
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from offlimits.errors import OfflimitsError
from offlimits.readers.columns import find_header
from offlimits.readers.delimited import sniff_delimiter, sniff_encoding
from offlimits.report import Report, ReportFinding, ReportLead
from offlimits.reports.base import binding_words, evidence_words, list_words, neutral, place_words
from offlimits.reports.data import COLUMNS, finding_rows

ADDED = (
    "offlimits: maker",
    "offlimits: relation",
    "offlimits: strength",
    "offlimits: evidence",
    "offlimits: what binds you",
    "offlimits: question to ask",
)
HEAD = PatternFill("solid", fgColor="1F3A4D")
FILLS = {"exact": "F4C7C3", "likely": "FCE8B2", "possible": "E8EEF2"}
MAX_CELL = 32_767
"""Most characters in a cell (Microsoft, Excel specifications and limits)."""

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""Most rows and columns of a sheet (the same)."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the archive carries, so that the same report gives the same bytes."""


class NotRepeated(Exception):
    """The user's own sheet cannot stand in the output; the words say why."""


class Xlsx:
    """The annotated workbook."""

    suffix = ".xlsx"

    def render(self, report: Report) -> bytes:
        try:
            book, notes = _own_book(report)
            _annotate(book, report)
        except NotRepeated as reason:
            book, notes = _empty_book(), [str(reason)]
        _add_sheets(book, report, notes)
        return _saved(book, report.as_of)


def _own_book(report: Report) -> tuple[Any, list[str]]:
    """The input as a workbook to write into, and what could not be carried over.

    Raises `NotRepeated` when there are several inputs, or the one is not at hand any more (standard input), was not read, is to be
    redacted, or fits in no sheet.
    """
    if len(report.sources) != 1:
        raise NotRepeated("several files were screened; the user's own sheet is written back when one is")
    source = report.sources[0]
    path = Path(source.path)
    if report.redacted:
        raise NotRepeated("redacted: the user's own sheet holds what was to be left out, and is not repeated")
    if source.path == "-" or not path.is_file() or not source.entries:
        raise NotRepeated("the input was not read from a file that can be written back")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise OfflimitsError(f"{path} has changed since it was screened", "screen it again")
    if source.reader == "csv":
        return _from_text(content, {reject.at.line for reject in report.rejects if reject.code == "unclosed-quote"}), []
    if content.startswith(b"PK") and b"xl/workbook.xml" in content:
        return _loaded(path, content)
    return _from_values(path), ["an XLS, XLSB or ODS file is written anew as XLSX: its values, without its looks and formulas"]


def _loaded(path: Path, content: bytes) -> tuple[Any, list[str]]:
    """The workbook with everything in it; what the library says that it leaves out; values alone when it cannot open the file."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=False)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, zipfile.BadZipFile) as error:
            return _from_values(path), [f"the looks of the workbook could not be read ({error}); its values are written anew"]
    return book, [f"not carried over: {text}" for text in dict.fromkeys(str(warning.message) for warning in said)]


def _saved(book: Any, on: date) -> bytes:
    """The workbook as bytes that depend on nothing but what is in it and on the day of the report."""
    book.properties.modified = datetime.combine(on, time())
    stream = io.BytesIO()
    ExcelWriter(book, _SteadyArchive(stream, "w", zipfile.ZIP_DEFLATED)).save()
    return stream.getvalue()


class _SteadyArchive(zipfile.ZipFile):
    """An archive whose parts carry no time of writing."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        super().writestr(self._info(str(zinfo_or_arcname)), data, *args, **kwargs)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        with open(filename, "rb") as source, self.open(self._info(str(arcname or filename)), "w") as target:
            while block := source.read(1 << 20):
                target.write(block)

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, FIRST_DAY)
        info.compress_type = zipfile.ZIP_DEFLATED
        return info


def _empty_book() -> Any:
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = datetime(*FIRST_DAY)
    return book


def _from_text(content: bytes, unclosed: Set[int | None]) -> Any:
    book = _empty_book()
    sheet = book.create_sheet("register")
    for number, row in text_rows(content, unclosed):
        if number > MAX_ROWS or len(row) > MAX_COLUMNS - len(ADDED):
            raise NotRepeated(f"the input is larger than a sheet can be ({MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns)")
        for index, cell in enumerate(row, start=1):
            _write(sheet.cell(number, index), cell)
    return book


def text_rows(content: bytes, unclosed: Set[int | None] = frozenset()) -> Iterator[tuple[int, list[str]]]:
    """Every record of a text table with the number of its sheet row: one for each physical line, so that places agree with the report.

    Lines whose quote is never closed lose their quotes, so that they swallow no line behind them, here as when they were read.
    """
    encoding = sniff_encoding(content[: 1 << 18]) or "utf-8"
    text = content.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "�")
    lines = [line.replace('"', "") if number in unclosed else line for number, line in enumerate(io.StringIO(text).readlines(), start=1)]
    reader = csv.reader(lines, delimiter=sniff_delimiter(text[: 1 << 18]))
    at = 1
    for row in reader:
        yield at, row
        at = reader.line_num + 1


def _from_values(path: Path) -> Any:
    """XLS and ODS are written anew as XLSX: their values, without their looks."""
    book = _empty_book()
    try:
        source = calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, source.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in source.sheet_names]
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, calamine.WorksheetNotFound, OSError) as error:
        raise NotRepeated(f"the workbook is damaged ({error}) and cannot be written back whole") from error
    for name, rows in sheets:
        sheet = book.create_sheet(name[:31])
        for number, row in enumerate(rows, start=1):
            for index, cell in enumerate(row, start=1):
                _write(sheet.cell(number, index), cell)
    return book


def _write(cell: Any, value: Any) -> None:
    """A value as a value: a text that starts like a formula stays a text."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("�", value)[:MAX_CELL]
        cell.data_type = "s"
        if neutral(value) != value:
            cell.quotePrefix = True
    elif value != "":
        cell.value = value


def _annotate(book: Any, report: Report) -> None:
    by_sheet: dict[str, dict[int, list[ReportFinding]]] = {}
    for finding in report.findings:
        sheet = finding.at.sheet if finding.at.sheet is not None else book.sheetnames[0]
        by_sheet.setdefault(sheet[:31], {}).setdefault(finding.at.number or 0, []).append(finding)
    for sheet in book.worksheets:
        first = (sheet.max_column or 0) + 1
        rows = [[str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(max_row=50, values_only=True)]
        header = find_header(rows)
        if not any(map(any, rows)):
            continue
        if header is not None:
            _add_header(sheet, header + 1, first)
        for number, findings in by_sheet.get(sheet.title, {}).items():
            if number and number - 1 != header:  # what a sheet's name or its header says stands among the findings
                _add_cells(sheet, number, first, findings, report)
        for index, width in enumerate((26, 14, 12, 60, 60, 60)):
            sheet.column_dimensions[get_column_letter(first + index)].width = width


def _add_header(sheet: Any, row: int, first: int) -> None:
    for index, title in enumerate(ADDED):
        cell = sheet.cell(row, first + index, title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _maker(finding: ReportFinding, report: Report) -> str:
    """The listed company, with the subsidiary or brand that was found before it."""
    group = report.entities[finding.group].name
    return group if finding.entity == finding.group else f"{report.entities[finding.entity].name} ({group})"


def _add_cells(sheet: Any, row: int, first: int, findings: list[ReportFinding], report: Report) -> None:
    columns: tuple[list[str], ...] = (
        [_maker(item, report) for item in findings],
        [item.relation for item in findings],
        [item.strength if item.decision is None else f"{item.strength} ({item.decision.verdict})" for item in findings],
        [evidence_words(item, report) for item in findings],
        [binding_words(item, report) for item in findings],
        [item.ask for item in findings],
    )
    best = min((item.strength for item in findings), key=("exact", "likely", "possible").index)
    for index, texts in enumerate(columns):
        cell = sheet.cell(row, first + index)
        _write(cell, "\n".join(dict.fromkeys(texts)))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if index < 3:
            cell.fill = PatternFill("solid", fgColor=FILLS[best])


def _add_sheets(book: Any, report: Report, notes: list[str]) -> None:
    _table(book, "offlimits findings", COLUMNS, finding_rows(report))
    leads = (_lead_row(lead, report) for lead in report.leads)
    _table(book, "offlimits questions", ("kind", "body", "supplier", "lines", "money", "first place", "example", "question to ask"), leads)
    _table(book, "offlimits read", ("what", "where", "words"), _reading_rows(report, notes))


def _lead_row(lead: ReportLead, report: Report) -> list[str]:
    money = "; ".join(f"{item.value} {item.currency}".strip() for item in lead.amount)
    return [lead.kind, lead.body, lead.supplier, str(lead.lines), money, place_words(lead.at[0], report), lead.example, lead.ask]


def _reading_rows(report: Report, notes: list[str]) -> Iterator[list[str]]:
    yield [
        "as of",
        str(report.as_of),
        f"profile {report.profile}; registry {report.tool.registry.version}; offlimits {report.tool.version}",
    ]
    yield from (["this workbook", "", note] for note in notes)
    for source in report.sources:
        counts = f"{source.units} units = {source.entries} entries + {source.rejects} rejects + {source.skipped} left out"
        yield ["source", source.path, counts]
        yield from (["cannot show", source.path, text] for text in source.cannot_show)
        yield from (["column", source.path, f"{name}: {kind}"] for name, kind in source.columns.items())
        yield from (["note", source.path, text] for text in source.notes)
    for told in report.lists:
        yield ["list", told.path, list_words(told)]
        yield from (["the list does not say", told.path, text] for text in told.does_not_say)
    for reject in report.rejects:
        yield ["reject", place_words(reject.at, report), f"{reject.code}: {reject.reason}"]
    for item in report.disclaimed:
        yield ["named, but not there", place_words(item.at, report), f"{item.text} ({item.rule}: {item.detail})"]


def _table(book: Any, title: str, header: tuple[str, ...], rows: Iterator[list[str]]) -> None:
    sheet = book.create_sheet(_free(book, title))
    for index, text in enumerate(header, start=1):
        cell = sheet.cell(1, index, text)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = 28
    for number, row in enumerate(rows, start=2):
        for index, text in enumerate(row, start=1):
            _write(sheet.cell(number, index), text)
    sheet.freeze_panes = "A2"


def _free(book: Any, title: str) -> str:
    taken = {name.lower() for name in book.sheetnames}
    return title if title not in taken else next(f"{title} {number}" for number in range(2, 1000) if f"{title} {number}" not in taken)

"""Workbooks for the tests, made on the spot: XLSX, XLS, ODS, and broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt

Rows = Sequence[Sequence[Any]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "style", "text")
)  # fmt: skip


def saved(book: Any) -> bytes:
    """A book of openpyxl or xlwt as bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """An XLSX file of the sheets given."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    return saved(book)


def xls(sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> bytes:
    """An XLS file of the sheets given."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        sheet.visibility = int(name in hidden)
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                sheet.write(number, index, cell)
    return saved(book)


def ods(sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> bytes:
    """An ODS file of the sheets given (texts only)."""
    tables = "".join(
        f'<table:table table:name="{name}"{" table:style-name=" + chr(34) + "off" + chr(34) if name in hidden else ""}>'
        + "".join("<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def _ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def ods_of(tables: str) -> bytes:
    """An ODS file whose spreadsheet is the XML given."""
    style = (
        '<office:automatic-styles><style:style style:name="off" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES} office:version="1.2">{style}<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
    return zipped({"mimetype": ODS_TYPE.encode(), "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of the parts given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def bomb() -> bytes:
    """An XLSX file of some hundred kilobytes whose one sheet unpacks to 150 MB."""
    return zipped({**parts_of(xlsx({"A": [["x"]]})), "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + b" " * (150 << 20)})


def lying(content: bytes) -> bytes:
    """A zip archive that says its largest part unpacks to 5,000 bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = max(part.file_size for part in archive.infolist())
    return content.replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little"))


def encrypted() -> bytes:
    """What a password-protected XLSX looks like from outside: an OLE file with a stream named EncryptedPackage (MS-OFFCRYPTO 2.3)."""
    return OLE + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)

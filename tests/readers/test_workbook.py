"""Workbooks: XLSX, XLS and ODS; all sheets, hidden ones too; and those that are broken on purpose."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import books
import pytest
from conftest import Runner, check_conserved

from offlimits.errors import DamagedSource
from offlimits.readers import sheets
from offlimits.readers.base import Options
from offlimits.readers.workbook import Workbook

Put = Callable[..., Path]
SHEETS = {
    "Cameras": [["Supplier", "Item"], ["Acme", "Hikvision camera"], ["Acme", "kettle"]],
    "Store": [["Supplier", "Item"], ["Beta", "Dahua camera"]],
}
MAKERS = {"xlsx": books.xlsx, "xls": books.xls, "ods": books.ods}


@pytest.mark.parametrize("form", MAKERS)
def test_all_sheets_are_read(run: Runner, put: Put, form: str) -> None:
    """Every sheet is read, a hidden one too, and the report says which were hidden."""
    report = run(put(f"book.{form}", MAKERS[form](SHEETS, hidden=["Store"])))  # type: ignore[operator]
    assert [(finding.at.sheet, finding.at.row, finding.group) for finding in report.findings] == [
        ("Cameras", 2, "hikvision"),
        ("Store", 2, "dahua"),
    ]
    assert (report.sources[0].units, report.sources[0].entries, report.sources[0].skipped) == (5, 3, 2)
    assert "hidden sheets were read too: Store" in report.sources[0].notes
    assert report.sources[0].columns["Cameras: Supplier"] == "name"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xls", "ods", ""])
@pytest.mark.parametrize("form", MAKERS)
def test_content_tells_the_format(run: Runner, put: Put, form: str, ending: str) -> None:
    """A workbook is what it is, whatever its name ends in."""
    report = run(put(f"book.{ending}", MAKERS[form](SHEETS)))  # type: ignore[operator]
    assert report.sources[0].reader == "workbook"
    assert len(report.findings) == 2


def test_merged_title_above_the_header(run: Runner, put: Put) -> None:
    """A merged title above the header is a title, not the header."""
    rows = [["Device", None, "Where", None], ["Make", "Model", "Site", "Qty"], ["Hikvision", "DS-2CD2143G2-I", "Hall", 3]]
    report = run(put("book.xlsx", books.xlsx({"A": rows}, merged={"A": ["A1:B1", "C1:D1"]})))
    assert report.sources[0].columns == {"A: Make": "maker", "A: Model": "product-code", "A: Site": "place", "A: Qty": "quantity"}
    assert [(finding.at.row, finding.quantity) for finding in report.findings] == [(3, "3")]


def test_two_storey_header_with_known_words_above(run: Runner, put: Put) -> None:
    """The storey with the most different names is the header, even when the words above it are known too."""
    rows = [
        ["Supplier", None, "Device", None, None],
        ["Name", "Number", "Make", "Model", "Serial"],
        ["Acme", 1, "Hikvision", "DS-2CD2143G2-I", "z1"],
    ]
    report = run(put("book.xlsx", books.xlsx({"A": rows}, merged={"A": ["A1:B1", "C1:E1"]})))
    assert report.sources[0].columns["A: Make"] == "maker"
    assert [finding.at.row for finding in report.findings] == [3]
    check_conserved(report)


def test_header_cell_merged_downwards(run: Runner, put: Put) -> None:
    """A header cell that spans both storeys names its column."""
    rows = [["Supplier", "Device", None], [None, "Make", "Model"], ["Acme", "Dahua", "IPC-HDW2431T"]]
    report = run(put("book.xlsx", books.xlsx({"A": rows}, merged={"A": ["A1:A2", "B1:C1"]})))
    assert report.sources[0].columns == {"A: Supplier": "name", "A: Make": "maker", "A: Model": "product-code"}


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_two_storey_header_where_merges_are_unknown(run: Runner, put: Put, form: str) -> None:
    """XLS and ODS tell nothing of merged cells: an empty header cell takes the name above it."""
    rows = [["Supplier", "Device", ""], ["", "Make", "Model"], ["Acme", "Dahua", "IPC-HDW2431T"]]
    report = run(put(f"book.{form}", MAKERS[form]({"A": rows})))  # type: ignore[operator]
    assert report.sources[0].columns == {"A: Supplier": "name", "A: Make": "maker", "A: Model": "product-code"}


def test_cells_as_people_see_them() -> None:
    """Whole numbers have no point, dates are ISO 8601, a time of midnight is none, truth is TRUE."""
    cells = ["  x ", 3.0, 0.1, True, datetime(2024, 1, 2), datetime(2024, 1, 2, 3, 4), date(2024, 1, 2), None, 1e20]
    assert list(map(sheets.as_text, cells)) == ["x", "3", "0.1", "TRUE", "2024-01-02", "2024-01-02 03:04:00", "2024-01-02", "", "1e+20"]


def test_numbers_and_dates_reach_the_finding(run: Runner, put: Put) -> None:
    """Amount, quantity and date cells of a workbook are read as such."""
    rows = [["Supplier", "Item", "Date", "Cost (£)", "Qty"], ["Acme", "Hikvision camera", date(2024, 1, 2), 1234.5, 4]]
    finding = run(put("book.xlsx", books.xlsx({"A": rows}))).findings[0]
    assert finding.amount is not None
    assert (finding.amount.value, finding.amount.currency, finding.quantity, finding.on) == ("1234.5", "GBP", "4", date(2024, 1, 2))


def test_a_model_number_in_a_number_cell(run: Runner, put: Put) -> None:
    """A MAC written without separators is still one when the sheet holds it as text among numbers."""
    rows = [["Host", "MAC"], ["cam1", "4419B6010203"], ["cam2", 441900000001]]
    report = run(put("book.xlsx", books.xlsx({"A": rows})))
    assert [finding.at.row for finding in report.findings][:1] == [2]


def test_empty_sheets_and_charts(run: Runner, put: Put) -> None:
    """An empty sheet has nothing to count; a chart is said to be no table."""
    book: books.Any = books.openpyxl.Workbook()
    book.active.append(["Supplier", "Item"])
    book.create_sheet("Empty")
    book.create_chartsheet("Picture")
    report = run(put("book.xlsx", books.saved(book)))
    assert report.sources[0].entries == 0
    assert any("'Picture' is no table" in note for note in report.sources[0].notes)


# --- broken ones ---------------------------------------------------------------------------------

GOOD = books.xlsx(SHEETS)
OLD = books.xls(SHEETS)
FAR = {"A": [["Supplier", "Item"], ["Acme", "Hikvision camera"]]}


def far() -> bytes:
    """A sheet with one cell in its last corner: 3 cells that span 17 thousand million."""
    book: books.Any = books.openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Supplier", "Hikvision camera"
    return books.saved(book)


ODS_BOMB = (
    '<table:table table:name="B"><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="10000" '
    'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
)
BROKEN: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "cut in half": ("a.xlsx", lambda: GOOD[: len(GOOD) // 2], "damaged-source"),
    "cut at the end": ("a.xlsx", lambda: GOOD[:-10], "damaged-source"),
    "cut at the start": ("a.xlsx", lambda: GOOD[:30], "damaged-source"),
    "a bomb": ("a.xlsx", books.bomb, "source-too-large"),
    "a bomb that lies about its size": ("a.xlsx", lambda: books.lying(books.bomb()), "damaged-source"),
    "a sheet that sprawls": ("a.xlsx", far, "source-too-large"),
    "an ODS bomb of repetitions": ("a.ods", lambda: books.ods_of(ODS_BOMB), "source-too-large"),
    "a cut XLS": ("a.xls", lambda: OLD[: len(OLD) // 2], "damaged-source"),
    "an XLS of nothing but its mark": ("a.xls", lambda: books.OLE + bytes(2000), "damaged-source"),
    "a password": ("a.xlsx", books.encrypted, "password-protected"),
    "a zip that is no workbook": ("a.zip", lambda: books.zipped({"a.txt": b"hello"}), "unrecognised-format"),
}


@pytest.mark.parametrize(("name", "make", "code"), BROKEN.values(), ids=BROKEN)
def test_broken_workbooks_are_one_reject(run: Runner, put: Put, name: str, make: Callable[[], bytes], code: str) -> None:
    """A workbook that cannot be read is one reject with a reason that says what to do; the next file is read."""
    report = run(put(f"in/{name}", make()), put("in/z.csv", "Supplier,Item\nAcme,Dahua camera\n"))
    assert report.rejects_by_code == {code: 1}
    assert ";" in report.rejects[0].reason or code == "unrecognised-format"
    assert [finding.group for finding in report.findings] == ["dahua"]
    check_conserved(report)


def test_a_broken_sheet_is_one_reject_and_the_others_are_read(run: Runner, put: Put) -> None:
    """Where one sheet is damaged, it is a reject with its name; the next sheet is read."""
    broken = books.zipped({**books.parts_of(GOOD), "xl/worksheets/sheet1.xml": b"<a><b"})
    report = run(put("a.xlsx", broken))
    assert [(reject.at.sheet, reject.code) for reject in report.rejects] == [("Cameras", "damaged-source")]
    assert [finding.at.sheet for finding in report.findings] == ["Store"]
    check_conserved(report)


def test_real_sheets_are_not_taken_for_sprawling(put: Put) -> None:
    """A long table, and an ODS file padded with empty cells to its last corner, are read."""
    tall = books.xlsx({"A": [["Supplier", "Item"], *([f"S{n}", "x"] for n in range(3000))]})
    assert sum(len(event.rows) for event in Workbook().read(put("a.xlsx", tall), Options()) if hasattr(event, "rows")) == 3000
    pad = (
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    padded = books.ods_of(
        f'<table:table table:name="B"><table:table-row>{books._ods_cell("Hikvision")}</table:table-row>{pad}</table:table>'
    )
    assert sum(len(event.rows) for event in Workbook().read(put("a.ods", padded), Options()) if hasattr(event, "rows")) == 1


def test_a_damaged_xls_cannot_end_the_run(run: Runner, put: Put) -> None:
    """Bytes of an XLS file changed at random, though the library that reads it may panic or abort: read, or rejected as damaged, and nothing else."""
    chance = random.Random(1)
    for number in range(8):
        content = bytearray(OLD)
        for _ in range(40):
            content[chance.randrange(8, 1200)] = chance.randrange(256)
        put(f"in/{number}.xls", bytes(content))
    report = run(put("in/z.csv", "Supplier,Item\nAcme,Dahua camera\n").parent)
    assert set(report.rejects_by_code) == {"damaged-source"}
    assert report.findings[-1].at.source == 8
    check_conserved(report)


def test_a_reader_process_that_dies_is_a_damaged_source(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process that reads an XLS file is killed, the file is damaged and the run goes on."""
    monkeypatch.setattr(sheets.sys, "executable", str(put("dies", "#!/bin/sh\nkill -9 $$\n")))
    Path(sheets.sys.executable).chmod(0o755)
    path = put("a.xls", OLD)
    with pytest.raises(DamagedSource, match="gave up"):
        list(Workbook().read(path, Options()))

"""XLSX: the user's own sheet comes back as it was, with columns added on the right rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from offlimits.errors import OfflimitsError
from offlimits.report import Report
from offlimits.reports.base import neutral
from offlimits.reports.workbook import ADDED, MAX_ROWS, Xlsx

OWN = ("offlimits findings", "offlimits questions", "offlimits read")


def register() -> Any:
    """A register as an officer keeps one: a title row, merged cells, formulas, formats, colours, a hidden sheet, a second sheet with another width."""
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Cameras"
    sheet["A1"] = "Asset register of the made-up council"
    sheet["A1"].font = Font(name="Georgia", size=16, bold=True, color="FF00AA")
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["Ref", "Manufacturer", "Model", "Installed", "Cost"])
    sheet.append(["C-1", "Hikvision", "DS-2CD2143G2-I", date(2021, 3, 4), 120.5])
    sheet.append(["C-2", "Axis", "P3265-LVE", date(2022, 3, 4), 300])
    sheet.append(["C-3", "", "IPC-HDW2431T-AS-S2", datetime(2020, 1, 2, 3, 4), "=E4*2"])
    sheet.append(["C-4", "Bosch", "=1+1", None, True])
    sheet.append(["C-5", "HiLook", "IPC-B140H", None, 0.5])
    sheet.append([None, "Total", None, None, "=SUM(E4:E8)"])
    sheet["E4"].number_format = "£#,##0.00"
    sheet["D4"].number_format = "dd.mm.yyyy"
    sheet["E8"].number_format = "0.0%"
    sheet["B5"].fill = PatternFill("solid", fgColor="C6EFCE")
    sheet["B5"].border = Border(left=Side("thick", color="112233"))
    sheet["C6"].alignment = Alignment(horizontal="center", textRotation=45)
    sheet["C6"].protection = Protection(locked=False)
    sheet["B4"].comment = Comment("bought in a hurry", "Estates")
    sheet["C4"].hyperlink = "https://example.org/c1"
    sheet.column_dimensions["B"].width = 31.5
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[5].height = 42
    sheet.freeze_panes = "B4"
    sheet.auto_filter.ref = "A3:E8"
    sheet.print_title_rows = "1:3"
    sheet.conditional_formatting.add(
        "E4:E8", CellIsRule(operator="greaterThan", formula=["100"], fill=PatternFill("solid", bgColor="FF0000"))
    )
    choice = DataValidation(type="list", formula1='"yes,no"')
    choice.add("A4:A8")
    sheet.add_data_validation(choice)
    second = book.create_sheet("Suppliers")
    second.append(["Supplier", "Service", "Net amount"])
    second.append(["Bolt Ltd", "fire doors", 10])
    second.append(["Dahua Technology UK Limited", "recorders", 20])
    second.sheet_properties.tabColor = "00FF00"
    hidden = book.create_sheet("Old")
    hidden.append(["Make", "Type"])
    hidden.append(["ZTE", "ZXHN H267A router"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Empty")
    book.defined_names["costs"] = DefinedName("costs", attr_text="Cameras!$E$4:$E$8")
    return book


def look(cell: Any) -> tuple[Any, ...]:
    """Everything about a cell that a person sees."""
    link = cell.hyperlink.target if cell.hyperlink else None
    note = cell.comment.text if cell.comment else None
    styles = [repr(style) for style in (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)]
    return (cell.value, cell.data_type if cell.value is not None else "", cell.number_format, *styles, link, note)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = register()
    book.save(tmp_path / "register.xlsx")
    return tmp_path / "register.xlsx"


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def added(sheet: Any, first: int) -> dict[int, tuple[Any, ...]]:
    """Rows of a sheet in which the added columns hold something."""
    rows = {row: tuple(sheet.cell(row, first + index).value for index in range(len(ADDED))) for row in range(1, sheet.max_row + 1)}
    return {row: cells for row, cells in rows.items() if any(cells)}


def test_every_cell_comes_back(path: Path, run: Callable[..., Report]) -> None:
    """Value, formula, number format, font, fill, border, alignment, protection, comment and link of every cell of every sheet are as they were."""
    before, after = openpyxl.load_workbook(path), opened(Xlsx().render(run(path)))
    seen = 0
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert look(after[sheet.title][cell.coordinate]) == look(cell), (sheet.title, cell.coordinate)
                seen += 1
    assert seen > 50


def test_the_sheets_look_as_before(path: Path, run: Callable[..., Report]) -> None:
    """Order, hidden sheets and columns, widths, heights, merged cells, frozen panes, filters, rules, names and print titles are kept."""
    before, after = openpyxl.load_workbook(path), opened(Xlsx().render(run(path)))
    assert after.sheetnames == [*before.sheetnames, *OWN]
    assert after.defined_names["costs"].attr_text == "Cameras!$E$4:$E$8"
    for sheet in before.worksheets:
        other = after[sheet.title]
        assert other.sheet_state == sheet.sheet_state
        assert other.merged_cells.ranges == sheet.merged_cells.ranges
        assert other.freeze_panes == sheet.freeze_panes
        assert other.auto_filter.ref == sheet.auto_filter.ref
        assert other.print_title_rows == sheet.print_title_rows
        assert other.sheet_properties.tabColor == sheet.sheet_properties.tabColor
        assert [(rule.type, str(rule.sqref)) for rule in other.data_validations.dataValidation] == [
            (rule.type, str(rule.sqref)) for rule in sheet.data_validations.dataValidation
        ]
        assert [str(rule.sqref) for rule in other.conditional_formatting] == [str(rule.sqref) for rule in sheet.conditional_formatting]
        for key, dimension in sheet.column_dimensions.items():
            assert (other.column_dimensions[key].width, other.column_dimensions[key].hidden) == (dimension.width, dimension.hidden)
        for number, size in sheet.row_dimensions.items():
            assert other.row_dimensions[number].height == size.height
    assert after["Old"].sheet_state == "hidden"


def test_columns_stand_on_the_right_rows(path: Path, run: Callable[..., Report]) -> None:
    """The added header is beside theirs, under the title; each finding is on its own row, on its own sheet; other rows stay empty."""
    after = opened(Xlsx().render(run(path)))
    cameras, suppliers, old = added(after["Cameras"], 6), added(after["Suppliers"], 4), added(after["Old"], 3)
    assert cameras.pop(3) == suppliers.pop(1) == old.pop(1) == ADDED
    assert set(cameras) == {4, 6, 8}
    assert set(suppliers) == {3}
    assert set(old) == {2}
    assert next(iter(cameras.values()))[0].startswith("Hangzhou Hikvision")
    assert "Dahua" in cameras[6][0]
    assert cameras[6][1] == "product"
    assert "HiLook" in cameras[8][0]
    assert "Dahua" in suppliers[3][0]
    assert "ZTE" in old[2][0]
    assert all(cells[3] and cells[4] and cells[5] for cells in (*cameras.values(), *suppliers.values(), *old.values()))
    assert added(after["Empty"], 1) == {}


def test_what_binds_you_is_in_the_cell(path: Path, run: Callable[..., Report]) -> None:
    """A US agency reads the statute beside its camera; a UK council reads that nothing binds it."""
    agency = opened(Xlsx().render(run(path, profile="us-federal-contractor")))["Cameras"]
    assert "889" in agency.cell(4, 10).value
    council = opened(Xlsx().render(run(path, profile="uk-local-authority")))["Cameras"]
    assert council.cell(4, 10).value == "no measure in this registry binds you (uk-local-authority) for this"


def test_two_makers_in_one_row_share_the_cells(put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """Both stand in the row's cells, one under the other."""
    path = put("register.csv", "Manufacturer,Model\nHikvision and Dahua,cameras\nAxis,cameras\n")
    cells = added(opened(Xlsx().render(run(path)))["register"], 3)
    assert set(cells) == {1, 2}
    assert "Hikvision" in cells[2][0]
    assert "Dahua" in cells[2][0]


CSV = (
    "Council spending\n"
    "\n"
    "Supplier;Text;Amount\n"
    '"Hikvision UK";"two\nlines";=1+1\n'
    "Bolt;+44 20 7946 0000;-12.50\n"
    "Dahua Technology;@SUM(A1);1,234.50\n"
    "Böhm;\u200f;007\n"
)


def test_csv_comes_back_as_a_sheet(put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """Every cell is the text that stood there, on the row of its line; nothing became a formula, a number or a date; columns are added where a finding is."""
    path = put("spending.csv", CSV)
    sheet = opened(Xlsx().render(run(path)))["register"]
    cells = {cell.coordinate: cell.value for row in sheet.iter_rows(max_col=3) for cell in row if cell.value is not None}
    assert cells == {
        "A1": "Council spending",
        "A3": "Supplier", "B3": "Text", "C3": "Amount",
        "A4": "Hikvision UK", "B4": "two\nlines", "C4": "=1+1",
        "A6": "Bolt", "B6": "+44 20 7946 0000", "C6": "-12.50",
        "A7": "Dahua Technology", "B7": "@SUM(A1)", "C7": "1,234.50",
        "A8": "Böhm", "B8": "\u200f", "C8": "007",
    }  # fmt: skip
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert set(added(sheet, 4)) == {3, 4, 7}


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_from_the_input_stays_text_everywhere(formula: str, put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """A cell that starts like a formula is a text, marked as such, in the user's sheet and in ours."""
    path = put("in.csv", f'Supplier,Text\n"{formula} Hikvision","{formula}"\n')
    book = opened(Xlsx().render(run(path)))
    texts = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and neutral(cell.value) != cell.value
    ]
    assert texts
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in texts)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_any_delimiter_and_encoding(delimiter: str, encoding: str, put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """The sheet is read as the reader read it."""
    rows = [["Lieferant", "Gerät", "Betrag"], ["Hikvision", "Überwachung", "10"], ["Bolt", "Tür", "20"]]
    path = put("in.csv", "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    sheet = opened(Xlsx().render(run(path)))["register"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)] == rows


def test_nul_and_control_characters(put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """Characters that no workbook may hold are replaced, and the file opens."""
    path = put("in.csv", b"Supplier,Text\nHikvision,a\x01b\x0bc\n" + b"Hikvision,plain\n" * 20)
    assert opened(Xlsx().render(run(path)))["register"]["B2"].value == "a�b�c"


def test_xls_comes_back_as_values(tmp_path: Path, run: Callable[..., Report]) -> None:
    """An XLS is written anew with its values, columns added, and says that its looks are gone."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Assets")
    for row, cells in enumerate([["Make", "Model", "Cost"], ["Hikvision", "DS-7608NI-K2", 12.5], ["Axis", "P3265", 3]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "assets.xls"))
    after = opened(Xlsx().render(run(tmp_path / "assets.xls")))
    assert [[cell.value for cell in row] for row in after["Assets"].iter_rows(max_col=3)] == [
        ["Make", "Model", "Cost"],
        ["Hikvision", "DS-7608NI-K2", 12.5],
        ["Axis", "P3265", 3],
    ]
    assert set(added(after["Assets"], 4)) == {1, 2}
    assert any("without its looks" in str(row[2].value) for row in after["offlimits read"].iter_rows())


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Assets">
<table:table-row><table:table-cell office:value-type="string"><text:p>Make</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Cost</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Hikvision</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""  # fmt: skip


def test_ods_comes_back_as_values(tmp_path: Path, run: Callable[..., Report]) -> None:
    """The same for ODS."""
    path = tmp_path / "assets.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS)
        archive.writestr(
            "META-INF/manifest.xml", "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
        )
    sheet = opened(Xlsx().render(run(path)))["Assets"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=2)] == [["Make", "Cost"], ["Hikvision", 7]]
    assert set(added(sheet, 3)) == {1, 2}


def test_same_report_same_bytes(path: Path, run: Callable[..., Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock in the file: neither in its properties nor in the archive."""
    report = run(path)
    first = Xlsx().render(report)
    assert Xlsx().render(report) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened(first).properties.modified == datetime(2026, 11, 23)


def test_their_own_properties_stay(path: Path, run: Callable[..., Report]) -> None:
    """Who made the register, and when, is still said."""
    book = openpyxl.load_workbook(path)
    book.properties.creator, book.properties.created = "Estates", datetime(2019, 5, 6, 7, 8, 9)
    book.save(path)
    after = opened(Xlsx().render(run(path))).properties
    assert (after.creator, after.created) == ("Estates", datetime(2019, 5, 6, 7, 8, 9))


def test_changed_since(path: Path, run: Callable[..., Report]) -> None:
    """A file that changed after it was screened is not marked up with findings of another one."""
    report = run(path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(OfflimitsError, match="changed"):
        Xlsx().render(report)


def test_several_files_give_our_sheets_alone(path: Path, put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """Findings of two files cannot stand in one sheet; the workbook says why theirs is not in it."""
    book = opened(Xlsx().render(run(path, put("other.csv", "Supplier,Text\nZTE Corporation,x\n"))))
    assert book.sheetnames == list(OWN)
    assert book["offlimits findings"].max_row > 4
    assert any("several files" in str(row[2].value) for row in book["offlimits read"].iter_rows())


def test_nothing_found_gives_the_sheet_back(put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """Without a finding the sheet is theirs with an empty head, never a word of clearance."""
    book = opened(Xlsx().render(run(put("in.csv", "Supplier,Text\nBolt,doors\n"))))
    assert added(book["register"], 3) == {1: ADDED}
    words = " ".join(str(cell.value) for row in book["offlimits read"].iter_rows() for cell in row)
    assert "cannot show" in words
    assert "clean" not in words


def test_own_names_for_our_sheets(put: Callable[..., Path], tmp_path: Path, run: Callable[..., Report]) -> None:
    """A report that is screened again keeps its sheets; ours get a number."""
    book: Any = openpyxl.Workbook()
    book.active.title = "offlimits findings"
    book.active.append(["Make", "Model"])
    book.active.append(["Hikvision", "x"])
    book.save(tmp_path / "again.xlsx")
    assert opened(Xlsx().render(run(tmp_path / "again.xlsx"))).sheetnames == ["offlimits findings", "offlimits findings 2", *OWN[1:]]


def test_larger_than_a_sheet(put: Callable[..., Path], run: Callable[..., Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with more rows than a sheet can hold is not cut: the findings are written, and why the table is not."""
    monkeypatch.setattr("offlimits.reports.workbook.MAX_ROWS", 3)
    book = opened(Xlsx().render(run(put("in.csv", "Supplier,Text\nBolt,x\nHikvision,x\nHikvision,y\n"))))
    assert book.sheetnames == list(OWN)
    assert book["offlimits findings"].max_row == 3
    assert any("larger than a sheet" in str(row[2].value) for row in book["offlimits read"].iter_rows())
    assert MAX_ROWS == 1_048_576


def test_wider_than_a_sheet(put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """The same for a row of more columns than a sheet has."""
    path = put("in.csv", "Supplier,Text\nHikvision,x\n" + "," * 16_400 + "\n")
    assert opened(Xlsx().render(run(path))).sheetnames == list(OWN)


def test_workbook_whose_looks_are_broken(path: Path, run: Callable[..., Report]) -> None:
    """A workbook that can be read but whose styles cannot comes back with its values, and says so."""
    broken = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'<sz val="16"', b'<sz val="large"', 1) if name == "xl/styles.xml" else content)
    path.write_bytes(broken.getvalue())
    with pytest.raises((ValueError, TypeError)):
        openpyxl.load_workbook(path)
    book = opened(Xlsx().render(run(path)))
    assert book["Cameras"]["B4"].value == "Hikvision"
    assert any("looks of the workbook" in str(row[2].value) for row in book["offlimits read"].iter_rows())


def test_long_texts_fit_a_cell(put: Callable[..., Path], run: Callable[..., Report]) -> None:
    """A cell takes 32,767 characters and no more; a longer text is cut, not refused."""
    book = opened(Xlsx().render(run(put("in.csv", f"Supplier,Text\nHikvision,{'x' * 40_000}\n"))))
    assert len(book["register"]["B2"].value) == 32_767


def test_dismissed_findings_are_told(path: Path, run: Callable[..., Report]) -> None:
    """A judgement made earlier stands in the list of findings."""
    from offlimits.report import Decision

    key = run(path).findings[0].review_key
    report = run(path, decisions={key: Decision(verdict="dismissed", why="not ours", on=date(2026, 1, 1), by="estates")})
    assert "dismissed: not ours" in {cell.value for row in opened(Xlsx().render(report))["offlimits findings"].iter_rows() for cell in row}
    assert msgspec.structs.asdict(report.findings[0])["decision"]

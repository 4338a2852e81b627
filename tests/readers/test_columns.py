"""Which row is the header: a line of the table is never taken for one, for then it and the lines above would be lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import books
import openpyxl
import pytest
from conftest import Runner, check_conserved
from hypothesis import given
from hypothesis import strategies as st

from offlimits.errors import UsageError
from offlimits.readers.base import Options
from offlimits.readers.columns import find_header, recognise_columns
from offlimits.reports.workbook import Xlsx

LISTS = {
    "a sum at the end": "Hikvision cameras,1200\nCables,300\nTotal,1500\n",
    "one line and its sum": "Hikvision cameras,1200\nTotal,1200\n",
    "a sum in between": "Hikvision cameras,1200\nCables,300\nTotal,1500\nBoxes,20\nTape,3\n",
    "a known word in the last line": "Hikvision UK Ltd,Camera\nAcme Ltd,Cable\nBeta Ltd,Item\n",
    "addresses": "10.0.0.64\t44:19:b6:11:22:33\tHangzhou Hikvision Digital Technology Co.,Ltd.\n10.0.0.1\t00:11:22:33:44:55\tElse\n",
    "streets": "Hikvision camera,Country Lane\nCable,Sector 4\nTape,Industry Road 5\n",
    "counts": "4 Hikvision cameras,12 High Street\n2 switches,14 High Street\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_without_a_header_keep_every_line(run: Runner, put: Callable[..., Path], name: str) -> None:
    """Each line is an entry, and the one that names a maker is found."""
    report = run(put("list.csv", LISTS[name]))
    check_conserved(report)
    assert report.sources[0].entries == LISTS[name].count("\n")
    assert {finding.group for finding in report.findings} == {"hikvision"}


def test_a_title_may_say_whose_the_rows_are(run: Runner, put: Callable[..., Path]) -> None:
    """A maker named above the header of a register is found there, though titles are no entries; a fund's own name is not held by it."""
    report = run(put("list.csv", "Hikvision camera list 2024,\n\nLocation,Serial\nGate,1234\nDoor,1235\n"))
    check_conserved(report)
    assert [(finding.group, finding.at.line, finding.mentions[0].field) for finding in report.findings] == [("hikvision", 1, "title")]
    assert (report.sources[0].entries, report.sources[0].skipped) == (2, 3)
    report = run(put("fund.csv", "Hikvision and others fund,\n\nName,ISIN,Market Value\nElse,KYG875721634,1.00\n"))
    assert not report.findings


def test_a_sheet_may_say_whose_its_rows_are(run: Runner, put: Callable[..., Path]) -> None:
    """A maker that only the name of a sheet says is found there; the sheet back marks no row for it, and keeps its header."""
    rows = [["Location", "Type"], ["Gate", "Dome"], ["Door", "Dome"]]
    report = run(put("list.xlsx", books.xlsx({"Hikvision": rows, "Axis": rows})))
    check_conserved(report)
    assert [(finding.group, finding.at.words, finding.mentions[0].field) for finding in report.findings] == [
        ("hikvision", "sheet Hikvision", "sheet")
    ]
    back = openpyxl.load_workbook(io.BytesIO(Xlsx().render(report)))["Hikvision"]
    assert [cell.value for cell in back[1]][2:4] == ["offlimits: maker", "offlimits: relation"]
    assert not any(cell.value for row in back.iter_rows(min_row=2, min_col=3) for cell in row)


@pytest.mark.parametrize("header", ["Organisation", "Organization Name", "Entity", "Client", "Customer", "Body"])
def test_a_list_of_organisations_is_searched(run: Runner, put: Callable[..., Path], header: str) -> None:
    """Under a header that may also say whose table it is: various names are what the table is about; one name again and again is its owner."""
    report = run(put("list.csv", f"{header},City\nHikvision UK Ltd,London\nAcme Ltd,Leeds\n"))
    assert [finding.group for finding in report.findings] == ["hikvision"]
    report = run(put("own.csv", f"{header},Item\n" + "Somewhere Council,Hikvision camera\n" * 5))
    assert {(finding.body, finding.supplier) for finding in report.findings} == {("Somewhere Council", "")}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Site,Hikvision cameras,Other cameras\nGate,3,1\nDoor,0,2\n", 1),
        ("Supplier,Hikvision UK Ltd\nAmount,1200\nDate,2024-01-01\n", 1),
        ("Total,1500\nHikvision cameras,1200\nCables,300\n", 2),
        ("Total,1500\n4 Hikvision cameras,1200\nCables,300\n", 2),
    ],
    ids=["counts by maker", "a form", "a sum first", "a sum over counts"],
)
def test_a_header_hides_nothing(run: Runner, put: Callable[..., Path], text: str, line: int) -> None:
    """What a header names is found there; a column of values without a number is text."""
    report = run(put("list.csv", text))
    assert [(finding.group, finding.at.line) for finding in report.findings] == [("hikvision", line)]


WORD = st.sampled_from(["Camera", "Cable", "HP printer", "Acme Security Ltd", "Main building", "Smith & Sons", "Dome, white", "Front door"])
VALUE = st.sampled_from(["12", "1,200.50", "£3.00", "2024-03-01", "01/02/2024", "192.168.1.1", "44:19:b6:11:22:33"])


@given(rows=st.lists(st.tuples(WORD, VALUE, VALUE), min_size=1, max_size=12), word=st.sampled_from(["Total", "Item", "Price", "Notes"]))
def test_a_line_under_values_is_no_header(rows: list[tuple[str, str, str]], word: str) -> None:
    """Under lines with values no line is a header, whatever its first word."""
    assert find_header([*rows, (word, "1", "2"), *rows]) is None


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([["Register of cameras"], ["Item", "Model", "Cost"], ["Camera", "X", "1"]], 1),
        ([["As of", "31/03/2026"], ["Name", "Amount"], ["ZTE", "1"]], 1),
        ([["Report date:", "2024-01-01"], ["Supplier", "Amount"], ["ZTE", "1"]], 1),
        ([["Supplier", "Amount"], ["ZTE", "1"], ["Total", "1"]], 0),
        ([["Name", "Amount"]], 0),
        (
            [
                [
                    "ID",
                    "Device Type",
                    "Status",
                    "IPv4 Address",
                    "Port",
                    "Enhanced SDK Service Port",
                    "Software Version",
                    "IPv4 Gateway",
                    "HTTP Port",
                    "Device Serial No.",
                    "Subnet Mask",
                    "MAC Address",
                ],
                [
                    "001",
                    "DS-2CD2143G2-I",
                    "Active",
                    "192.168.1.64",
                    "8000",
                    "N/A",
                    "V5.7.3",
                    "192.168.1.1",
                    "80",
                    "DS-2CD2143G2-I2022",
                    "255.255.255.0",
                    "44-19-b6-11-22-33",
                ],
            ],
            0,
        ),
        (
            [
                ["Description", "Client MAC address", "Manufacturer", "OS", "IPv4 address", "VLAN", "Last seen"],
                ["cam", "44:19:b6:11:22:33"],
            ],
            0,
        ),
    ],
)
def test_headers_under_titles_are_found(rows: list[list[str]], number: int) -> None:
    """Titles and what a file says of itself may stand above a header."""
    assert find_header(rows) == number


SERIALS = "Serial number,S/N,Asset tag,Asset No.,Seriennummer,Numéro de série,Numero di serie,序列号,IMEI"


@pytest.mark.parametrize("header", SERIALS.split(","))
def test_serial_numbers_are_no_codes(run: Runner, put: Callable[..., Path], header: str) -> None:
    """A number given to one thing is not searched for codes that need a second sign, whatever the line says beside it."""
    report = run(
        put("list.csv", f"Description,{header}\nNetwork switch,F658KV7\nNetwork switch,HG8245\nCamera,DS-2CD2143G2-I20210304AAWR\n")
    )
    assert report.sources[0].columns[header] == "serial"
    assert [(item.at.line, item.group) for item in report.findings] == [(4, "hikvision")]


RECORDS = "Invoice Number,Transaction No,PO Number,Order ref,Supplier ID,Our reference,Contract reference,Rechnungsnummer,Numero fattura,UPRN,订单号"


@pytest.mark.parametrize("header", RECORDS.split(","))
def test_numbers_of_records_are_no_codes(run: Runner, put: Callable[..., Path], header: str) -> None:
    """The number of an invoice or an order is nobody's product, whatever was bought by it."""
    report = run(
        put(
            "list.csv",
            f"Description,Supplier,{header}\nNetwork switch,Acme Ltd,AR6101\nCamera,Acme Ltd,F660\nHikvision camera,Acme Ltd,1A\n",
        )
    )
    assert report.sources[0].columns[header] == "record"
    assert [(item.at.line, item.group) for item in report.findings] == [(4, "hikvision")]


@pytest.mark.parametrize("header", ["Voucher", "Item", "Part number", "Account code", "Cost code", "Référence"])
def test_a_column_that_counts_holds_no_codes(run: Runner, put: Callable[..., Path], header: str) -> None:
    """Many different numbers behind the same letters are a count, whatever the column is called; models of one family are none."""
    rows = "".join(f"Network router,AR{number:05}\n" for number in range(61000, 61040))
    counted = run(put("list.csv", f"Details,{header}\n{rows}"))
    assert (counted.sources[0].columns[header], counted.findings) == ("record", [])
    models = ("HG8245", "HG8245", "HG8240", "AR6120", "F660", "AirEngine5761-21", "HG8245", "DS-2CD2143G2-I") * 4
    rows = "".join(f"Network router,{model}\n" for model in models)
    read = run(put("list.csv", f"Details,{header}\n{rows}"))
    assert read.sources[0].columns[header] != "record"
    assert len({item.at.line for item in read.findings}) == len(models)


@pytest.mark.parametrize(
    "header", ["Location", "Room", "Building", "Asset location", "Standort", "Raum", "Emplacement", "Ubicazione", "安装位置"]
)
def test_rooms_are_no_codes(run: Runner, put: Callable[..., Path], header: str) -> None:
    """A room F620 or E303 is no terminal or stick, in a column of places or behind the word in a text; a maker named there counts."""
    rows = "Bosch camera,F620\nCisco router,E303\nCisco router in room AR610,\nAxis camera (Building H108N),\nRouter,Hikvision store\nRouter F660,Hall\n"
    report = run(put("list.csv", f"Description,{header}\n{rows}"))
    assert report.sources[0].columns[header] == "place"
    assert [(item.at.line, item.group) for item in report.findings] == [(6, "hikvision"), (7, "zte")]


def test_numbers_in_other_digits() -> None:
    """A column said by what `str.isdigit` takes for a number, and `int` does not, is an error that says what is there."""
    for said in ("\u00b2", "9" * 5000):
        with pytest.raises(UsageError, match="there is no column"):
            recognise_columns(["Brand", "Model"], [["x", "y"]], Options(columns={"maker": said}))

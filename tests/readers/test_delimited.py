"""Text tables: whatever the delimiter, the encoding and the damage, every row is an entry, a reject or a skip, with its right line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Runner, check_conserved, lines, texts

from offlimits.readers.base import Options
from offlimits.readers.columns import header_kind, read_roles
from offlimits.readers.delimited import MAX_RECORD, MIN_PATIENCE, Delimited, sniff_delimiter, sniff_encoding
from offlimits.report import Report

Put = Callable[..., Path]
TABLE = "Supplier,Item,Notes\nAcme Ltd,Hikvision DS-2CD2143G2-I,hall\nBeta GmbH,Dahua IPC-HDW2431T,yard\n"


def check_table(report: Report) -> None:
    """The two lines of `TABLE` were found where they stand."""
    check_conserved(report)
    assert lines(report) == [2, 3]
    assert [group for group, _ in texts(report)] == ["dahua", "hikvision"]


# --- delimiters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", list(",;\t|^~"))
def test_every_delimiter_is_told_from_the_content(run: Runner, put: Put, delimiter: str) -> None:
    """Cells are parted by what parts most lines evenly; the columns get their names."""
    report = run(put("table.csv", TABLE.replace(",", delimiter)))
    check_table(report)
    assert report.sources[0].columns == {"Supplier": "name", "Item": "text", "Notes": "text"}


def test_delimiter_inside_quotes_does_not_count() -> None:
    """Commas inside quoted cells do not outvote semicolons between cells."""
    assert sniff_delimiter('a;b\n"1,2,3";x\n"4,5,6";y\n') == ";"


def test_sep_line_says_the_delimiter(run: Runner, put: Put) -> None:
    """`sep=;` is obeyed, left out as a title, and counted as a line."""
    report = run(put("table.csv", "sep=;\n" + TABLE.replace(",", ";")))
    assert lines(report) == [3, 4]
    assert report.sources[0].skipped == 2
    check_conserved(report)


# --- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_a_mark(run: Runner, put: Put, encoding: str) -> None:
    """Every Unicode encoding is read, with a byte-order mark or without."""
    check_table(run(put("table.csv", TABLE.replace("hall", "café").encode(encoding))))


def test_utf16_be_with_mark(run: Runner, put: Put) -> None:
    """Big-endian UTF-16 with its mark is read."""
    check_table(run(put("table.csv", b"\xfe\xff" + TABLE.encode("utf-16-be"))))


LOCAL = [
    ("cp1252", "Supplier,Item,Notes\nMüller & Söhne,Hikvision Kamera für Köln,“Straße” – naïve £5\n", "hikvision", "für Köln"),
    (
        "cp1251",
        "Поставщик,Описание,Цена\nООО Ромашка,камера Хиквижн Hikvision,100\nООО Лютик,монитор настольный,200\n",
        "hikvision",
        "камера",
    ),
    (
        "gb18030",
        "供应商,描述,数量\n杭州海康威视数字技术股份有限公司,网络摄像机,3\n北京某某科技公司,电脑和打印机,4\n",
        "hikvision",
        "海康威视",
    ),
    (
        "shift_jis",
        "サプライヤー,説明,数量\nハイクビジョン,ネットワークカメラ,3\n東京電機株式会社,パソコンの修理,4\n",
        "hikvision",
        "ハイク",
    ),
]


@pytest.mark.parametrize(("encoding", "table", "group", "word"), LOCAL, ids=[item[0] for item in LOCAL])
def test_local_encodings(run: Runner, put: Put, encoding: str, table: str, group: str, word: str) -> None:
    """Texts in an older encoding come out as people wrote them, header and all."""
    report = run(put("table.csv", table.encode(encoding)))
    assert [(finding.group, finding.at.line) for finding in report.findings] == [(group, 2)]
    assert any(word in mention.text for mention in report.findings[0].mentions)
    assert "name" in report.sources[0].columns.values()


def test_the_commoner_of_two_encodings_that_read_alike() -> None:
    """German in an older encoding is taken for Western European, not Central European: the £ sign differs."""
    assert sniff_encoding("Lieferant;Ort\nMüller;Köln\n".encode("cp1252")) == "cp1252"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"\x7fELF" + bytes(500), b"%PDF-1.4\n" + bytes(range(256)) * 9]
)
def test_binary_is_no_text(content: bytes) -> None:
    """Pictures, programs and PDF files are nobody's text."""
    assert sniff_encoding(content) is None


def test_bytes_in_a_wrong_encoding_reject_their_row_only(run: Runner, put: Put) -> None:
    """In a UTF-8 file a row with stray bytes is rejected with its line; the rows around it are read."""
    good = "Caf\u00e9,Dahua camera\n".encode()
    report = run(put("table.csv", b"Supplier,Item\n" + good * 3 + b"\xff\xfe bad,Hikvision\n" + good * 3))
    assert [(reject.at.line, reject.code) for reject in report.rejects] == [(5, "bad-encoding")]
    assert lines(report) == [2, 3, 4, 6, 7, 8]
    check_conserved(report)


def test_half_a_character_in_utf16(run: Runner, put: Put) -> None:
    """A UTF-16 file cut in the middle of a character keeps all its whole rows."""
    report = run(put("table.csv", TABLE.encode("utf-16")[:-1]))
    assert 2 in lines(report)
    check_conserved(report)


# --- lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(run: Runner, put: Put, end: str, last: bool) -> None:
    """LF, CRLF and lone CR end lines alike, whether the last line has an end or not."""
    text = TABLE if last else TABLE[:-1]
    check_table(run(put("table.csv", text.replace("\n", end))))


def test_lone_returns_with_a_line_feed_at_the_end(run: Runner, put: Put) -> None:
    """A file of lone CRs stays one when a program has put a line feed behind its last line."""
    check_table(run(put("table.csv", TABLE.replace("\n", "\r") + "\n")))


def test_a_stray_return_loses_nothing(run: Runner, put: Put) -> None:
    """A lone CR in a CRLF file glues two rows; the glued cells are still searched, and the report says that the row is too long."""
    report = run(put("table.csv", "Supplier,Item,Notes\r\nA,Hikvision camera,x\r\nB,Dahua camera,y\rC,Huawei phone,z\r\n"))
    assert sorted(finding.group for finding in report.findings) == ["dahua", "hikvision", "huawei"]
    assert any("more cells than the header" in note for note in report.sources[0].notes)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_newlines_in_quotes_keep_the_line_count(run: Runner, put: Put, end: str) -> None:
    """A record is where its first line is; the record behind a cell of three lines is three lines further down."""
    table = 'Supplier,Item\nAcme,"old\nand rusty\nHikvision camera"\nBeta,Dahua camera\n'
    assert lines(run(put("table.csv", table.replace("\n", end)))) == [2, 5]


def test_lines_are_right_across_blocks(run: Runner, put: Put) -> None:
    """In a file of several blocks with cells of several lines every line number is the one an editor shows."""
    rows = [f'Firm,"line one\nline two",{number}\n' for number in range(60_000)]
    rows[45_000] = "Firm,Hikvision camera,1\n"
    report = run(put("big.csv", "Supplier,Item,Qty\n" + "".join(rows)))
    assert lines(report) == [2 + 2 * 45_000]
    assert report.sources[0].entries == 60_000


def test_same_rows_as_the_standard_library(put: Put) -> None:
    """On sound files the cells are those of Python's own `csv`."""
    text = "a,b,c\n" + "".join(f'{n},"x ""{n}"" y","p\nq"\n' for n in range(2000))
    rows = [row for event in Delimited().read(put("t.csv", text), Options()) if hasattr(event, "rows") for row in event.rows]
    assert rows == list(csv.reader(io.StringIO(text)))[-len(rows) :]
    assert len(rows) in (2000, 2001)


# --- header --------------------------------------------------------------------------------------


def test_title_rows_are_left_out_and_counted(run: Runner, put: Put) -> None:
    """What stands above the header is a title; it is counted, and lines stay those of the file."""
    report = run(put("table.csv", "Council asset register\nPrinted 12/03/2024\n\n" + TABLE))
    assert lines(report) == [5, 6]
    assert report.sources[0].skipped == 4
    assert {"2 title rows left out", "1 blank row left out", "1 header row left out"} <= set(report.sources[0].notes)


def test_rows_are_not_titles_of_a_header_further_down(run: Runner, put: Put) -> None:
    """A line that happens to read like a header does not turn the lines above it into titles."""
    rows = "".join(f"Hikvision camera {n},kerb side,blue\n" for n in range(8))
    report = run(put("table.csv", "Foo,Bar,Baz\n" + rows + "Item,Model,Serial\n" + rows))
    assert len(report.findings) == 16
    check_conserved(report)


def test_no_header(run: Runner, put: Put) -> None:
    """Without a header the first row is a row, columns are letters, and the report says so."""
    report = run(put("table.csv", "Acme,Hikvision DS-2CD2143G2-I,12\nBeta,Dahua camera,15\n"))
    assert lines(report) == [1, 2]
    assert report.sources[0].columns == {"column A": "text", "column B": "text", "column C": "ignored"}
    assert any("no header" in note for note in report.sources[0].notes)


def test_columns_of_one_name_are_all_told(run: Runner, put: Put) -> None:
    """Two columns called Notes are two columns in the report."""
    report = run(put("table.csv", "Supplier,Notes,Notes\nAcme,x,Hikvision camera\n"))
    assert report.sources[0].columns == {"Supplier": "name", "Notes": "text", "Notes (column C)": "text"}
    assert report.findings[0].mentions[0].field == "Notes (column C)"


# --- ragged rows ---------------------------------------------------------------------------------


def test_short_rows_are_padded_and_noted(run: Runner, put: Put) -> None:
    """Cells that are missing at the end are empty; the report counts such rows."""
    report = run(put("table.csv", "Supplier,Item,Notes\nAcme\nBeta,Dahua camera\nGamma,x,y\n"))
    assert lines(report) == [3]
    assert report.sources[0].entries == 3
    assert any(note.startswith("2 rows have fewer cells") for note in report.sources[0].notes)


def test_long_rows_are_searched_to_their_end(run: Runner, put: Put) -> None:
    """A cell beyond the header is text: what stands in it is found, and the report says that it stood beyond."""
    report = run(put("table.csv", "Supplier,Item\nAcme,x,y,Hikvision\nBeta,z\nGamma,q\n"))
    assert [(finding.at.line, finding.mentions[0].field) for finding in report.findings] == [(2, "column D")]
    assert any(note.startswith("1 row has more cells") for note in report.sources[0].notes)


def test_a_column_without_a_header_is_a_column(run: Runner, put: Put) -> None:
    """Where most rows are wider than the header, the rest is recognised by what stands in it."""
    report = run(put("table.csv", "Supplier,Item\nAcme,x,44:19:b6:00:00:01\nBeta,z,44:19:b6:00:00:02\nGamma,short\n"))
    assert report.sources[0].columns["column C"] == "mac"
    assert lines(report) == [2, 3]


def test_a_row_of_ten_thousand_columns(run: Runner, put: Put) -> None:
    """A monstrous row is rejected with its line; its neighbours are read, and it makes no columns."""
    report = run(put("table.csv", "Supplier,Item\nA,B\n" + ",".join(["x"] * 10_000) + "\nC,Dahua camera\n"))
    assert [(reject.at.line, reject.code) for reject in report.rejects] == [(3, "wrong-cell-count")]
    assert lines(report) == [4]
    assert len(report.sources[0].columns) == 2
    check_conserved(report)


def test_a_table_of_ten_thousand_columns(run: Runner, put: Put) -> None:
    """A table that is as wide as that throughout is read to its last cell."""
    header = ",".join(["Supplier", *(f"c{n}" for n in range(9999))])
    report = run(put("table.csv", header + "\n" + ",".join([*["x"] * 9999, "Hikvision camera"]) + "\n"))
    assert lines(report) == [2]
    assert len(report.sources[0].columns) == 10_000


# --- damage --------------------------------------------------------------------------------------


def test_nul_rejects_its_row(run: Runner, put: Put) -> None:
    """A NUL character rejects its own row, with its line, and ends nothing."""
    report = run(put("table.csv", b"Supplier,Item\nAc\0me,Hikvision camera\nBeta,Dahua camera\n"))
    assert [(reject.at.line, reject.code) for reject in report.rejects] == [(2, "nul-character")]
    assert lines(report) == [3]
    check_conserved(report)


def test_damage_above_the_header_is_a_reject(run: Runner, put: Put) -> None:
    """A damaged row above the header is not passed over as a title."""
    report = run(put("table.csv", b"Register\nda\0mage\n" + TABLE.encode()))
    assert [(reject.at.line, reject.code) for reject in report.rejects] == [(2, "nul-character")]
    assert lines(report) == [4, 5]


QUOTES = {
    "early": ('A,"Hikvision camera,1,x\nB,Dahua camera,2,y\nC,Huawei phone,3,z\n', [2], [3, 4]),
    "in the middle": ('A,Hikvision camera,1,x\nB,"Dahua camera,2,y\nC,Huawei phone,3,z\n', [3], [2, 4]),
    "in the last column": ('A,Hikvision camera,1,"x\nB,Dahua camera,2,y\nC,Huawei phone,3,z\n', [2], [3, 4]),
    "at the end": ('A,Hikvision camera,1,x\nB,Dahua camera,2,y\nC,"Huawei phone', [4], [2, 3]),
    "before sound quotes": (
        'A,"Hikvision camera,1,x\nB,Dahua camera,2,y\nC,Huawei phone,3,z\nD,"a, b",4,z\nE,ZTE phone,5,z\n',
        [2],
        [3, 4, 6],
    ),
}


@pytest.mark.parametrize(("rows", "rejected", "found"), QUOTES.values(), ids=QUOTES)
def test_unclosed_quote_rejects_its_line_only(run: Runner, put: Put, rows: str, rejected: list[int], found: list[int]) -> None:
    """Wherever a quote is left open, the line where it opens is rejected and every other one is read."""
    report = run(put("table.csv", "Supplier,Item,Qty,Ref\n" + rows))
    assert [(reject.at.line, reject.code) for reject in report.rejects] == [(line, "unclosed-quote") for line in rejected]
    assert lines(report) == found
    check_conserved(report)


def test_unclosed_quote_in_a_large_file(run: Runner, put: Put) -> None:
    """A quote left open in the first of several blocks costs one line, not the file."""
    rows = "".join(f"Firm,thing,{number},ref\n" for number in range(120_000))
    report = run(put("table.csv", 'Supplier,Item,Qty,Ref\nA,"open,1,x\n' + rows + "Z,Hikvision camera,1,x\n"))
    assert report.rejects_by_code == {"unclosed-quote": 1}
    assert report.sources[0].entries == 120_001
    assert lines(report) == [120_003]


def test_a_cell_of_several_lines_is_no_runaway_quote(run: Runner, put: Put) -> None:
    """Commas in a pasted note do not make it a run of rows."""
    report = run(put("table.csv", 'Supplier,Item,Qty,Ref\nA,"first, second\nthird, fourth\nHikvision",1,x\n' + "B,c,2,y\n" * 5))
    assert report.rejects == []
    assert lines(report) == [2]


def test_only_open_quotes(run: Runner, put: Put) -> None:
    """A file in which every line leaves a quote open is rejected line by line; the search for their ends stays within its bound."""
    count = 4 * MAX_RECORD // MIN_PATIENCE
    report = run(put("table.csv", "Supplier,Item\n" + '5" cable,"foo\n' * count))
    assert report.rejects_by_code == {"unclosed-quote": count}
    check_conserved(report)


@pytest.mark.parametrize("tail", ["\nC,Hikvision camera\nD,Dahua camera\n", ',"\nC,Hikvision camera\nD,Dahua camera\n'])
def test_a_line_too_long_is_one_reject(run: Runner, put: Put, tail: str) -> None:
    """A line beyond the limit is one reject with its line; its rest is nobody's row, and the next lines keep their numbers."""
    report = run(put("table.csv", "Supplier,Item\nA,B\n" + "x" * (3 * MAX_RECORD) + tail))
    assert [(reject.at.line, reject.code) for reject in report.rejects] == [(3, "line-too-long")]
    assert lines(report) == [4, 5]
    assert report.sources[0].units == 5


def test_a_line_too_long_at_the_end(run: Runner, put: Put) -> None:
    """The same without a line end behind it."""
    report = run(put("table.csv", "Supplier,Item\nA,Hikvision camera\n" + "x" * (3 * MAX_RECORD)))
    assert report.rejects_by_code == {"line-too-long": 1}
    assert lines(report) == [2]


def test_empty_and_blank_files(run: Runner, put: Put) -> None:
    """Nothing is nothing, and blank lines are skips."""
    assert run(put("empty.csv", "")).sources[0].units == 0
    report = run(put("blank.csv", "\n\n\n"))
    assert (report.sources[0].units, report.sources[0].skipped) == (3, 3)


# --- columns -------------------------------------------------------------------------------------

NAMED = {
    "name": [
        "Supplier",
        "Vendor Name",
        "Lieferant",
        "Fournisseur",
        "Fornitore",
        "Proveedor",
        "Leverancier",
        "供应商",
        "Поставщик",
        "Payee",
    ],
    "maker": ["Manufacturer", "Make", "Hersteller", "Fabricant", "Produttore", "Marca", "品牌", "メーカー", "Производитель"],
    "product-code": ["Model", "Part No.", "SKU", "Artikelnummer", "Référence", "Modello", "型号", "Модель"],
    "text": ["Description", "Item Description", "Bezeichnung", "Désignation", "Descrizione", "描述", "Описание"],
    "amount": ["Amount", "Net Amount", "Betrag", "Montant", "Importo", "金额", "Cost (£)"],
    "date": ["Date", "Invoice Date", "Datum", "Fecha", "日期"],
    "quantity": ["Qty", "Anzahl", "Quantité", "数量"],
    "mac": ["MAC Address", "Physical Address", "Adresse MAC"],
    "isin": ["ISIN", "ISIN Code"],
    "lei": ["LEI", "Legal Entity Identifier"],
    "person": ["Email", "Contact name", "Assigned to", "Ansprechpartner", "Employee ID"],
    "cost-centre": ["Directorate", "Cost Centre", "Kostenstelle", "Service Area"],
}


@pytest.mark.parametrize(("kind", "header"), [(kind, header) for kind, headers in NAMED.items() for header in headers])
def test_headers_in_several_languages(kind: str, header: str) -> None:
    """A header is known by its usual names."""
    assert header_kind(header) == kind


CONTENT = {
    "mac": ["44:19:B6:01:02:03", "00-11-22-33-44-55", "0011.2233.4455"],
    "isin": ["CNE100000PM8", "US0378331005", "GB0002634946"],
    "lei": ["5299003SI5KIAXCFRL42", "549300MLUDYVRQOOXS22", "213800D1EI4B9WTWWD28"],
}


@pytest.mark.parametrize(("kind", "cells"), CONTENT.items(), ids=CONTENT)
def test_columns_by_content(run: Runner, put: Put, kind: str, cells: list[str]) -> None:
    """A column under a meaningless header is known by what stands in it."""
    report = run(put("table.csv", "Supplier,Zzyx\n" + "".join(f"S{number},{cell}\n" for number, cell in enumerate(cells))))
    assert report.sources[0].columns["Zzyx"] == kind


def test_invoice_numbers_are_no_isins(run: Runner, put: Put) -> None:
    """Numbers that have the shape of an ISIN and a wrong check digit are no ISINs but a count, and the sheet is no list of holdings."""
    rows = "".join(f"S{number},INV{number:09d},{number}.50\n" for number in range(60))
    columns = run(put("table.csv", "Supplier,Document,Amount\n" + rows)).sources[0].columns
    assert columns["Document"] == "record"


@pytest.mark.parametrize("column", ["Zzyx", "zzyx", "B", "2"])
def test_columns_said_by_the_user(run: Runner, put: Put, column: str) -> None:
    """`--columns` takes a header, a letter or a number, and overrides what was guessed."""
    options = Options(columns=read_roles(f"maker={column}"))
    assert run(put("table.csv", "Item,Zzyx\nthing,Acme\n"), options=options).sources[0].columns["Zzyx"] == "maker"


@pytest.mark.parametrize(
    ("read_as", "channel"),
    [("assets", "install"), ("purchases", "buy"), ("suppliers", "buy"), ("holdings", "own"), ("publications", "research")],
)
def test_what_the_lines_are(run: Runner, put: Put, read_as: str, channel: str) -> None:
    """`--as` says what a line is, whatever its columns look like."""
    report = run(put("table.csv", TABLE), options=Options(read_as=read_as))  # type: ignore[arg-type]
    assert {finding.channel for finding in report.findings} == {channel}


def test_people_are_left_out(run: Runner, put: Put) -> None:
    """Columns of persons are not searched, and nothing from them reaches the report."""
    report = run(put("table.csv", "Supplier,Item,Contact name,Email\nAcme,camera,Dahua Smith,hikvision@example.org\n"))
    assert report.findings == []
    assert report.sources[0].columns["Contact name"] == "left out: may name a person"
    assert b"Smith" not in __import__("msgspec").json.encode(report)

"""Form 13F information tables, in XML and as a sheet, whole and damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import ROOT, Runner, check_conserved, data_folder

CASES = ROOT / "tests" / "cases" / "13f"
HEAD = "Name of Issuer,Title of Class,CUSIP,Value,Shares Amnt,Put or Call,Year,Entity\n"


def test_puts_and_calls_are_not_longs(run: Runner) -> None:
    """Options in the table are options: their value is in no fund's bucket."""
    report = run(CASES / "puts-and-calls" / "input.xml")
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert [(line.name, line.amount) for line in portfolio.not_looked_through] == [("ISHARES INC CORE MSCI EMKT", "307634000.00")]
    assert portfolio.other == "2332000.00"


def test_values_are_thousands_until_2022(run: Runner, put: Callable[..., Path]) -> None:
    """A table that says its year: thousands of dollars until 2022, dollars since, and the report says so."""
    lines = 'ISHARES INC,CORE MSCI EMKT,46434G103,"307,634",1,,2019,A\nISHARES INC,CORE MSCI EMKT,46434G103,"307,634",1,,2024,A\n'
    report = run(put("13f.csv", HEAD + lines))
    assert report.aggregates.funds is not None
    totals = {str(item.on): (item.total, item.currency) for item in report.aggregates.funds.portfolios}
    assert totals == {"2019-12-31": ("307634000.00", "USD"), "2024-12-31": ("307634.00", "USD")}


def test_the_data_set_s_table(run: Runner, put: Callable[..., Path]) -> None:
    """INFOTABLE of the SEC's quarterly 13F data set: each filing apart, in thousands where its number says that it was filed before 2023."""
    head = "ACCESSION_NUMBER\tINFOTABLE_SK\tNAMEOFISSUER\tTITLEOFCLASS\tCUSIP\tFIGI\tVALUE\tSSHPRNAMT\tSSHPRNAMTTYPE\tPUTCALL\n"
    line = "ISHARES INC\tCORE MSCI EMKT\t46434G103\t\t{}\t1\tSH\t\n"
    lines = f"0000919079-26-000001\t1\t{line.format(1000)}0000919079-21-000001\t2\t{line.format(1000)}"
    report = run(put("INFOTABLE.tsv", head + lines))
    check_conserved(report)
    assert report.aggregates.funds is not None
    told = {item.body: (item.total, item.currency, item.not_looked_through[0].name) for item in report.aggregates.funds.portfolios}
    assert told == {
        "0000919079-26-000001": ("1000.00", "USD", "ISHARES INC CORE MSCI EMKT"),
        "0000919079-21-000001": ("1000000.00", "USD", "ISHARES INC CORE MSCI EMKT"),
    }


def test_several_reports_of_a_year_are_said(run: Runner, put: Callable[..., Path]) -> None:
    """One security with two amounts in one year: both count, and a note says that the table may hold several reports."""
    lines = "ISHARES INC,CORE MSCI EMKT,46434G103,300,1,,2019,A\nISHARES INC,CORE MSCI EMKT,46434G103,400,1,,2019,A\n"
    report = run(put("13f.csv", HEAD + lines))
    assert report.aggregates.funds is not None
    assert any(note.startswith("1 securities stand in several lines") for note in report.aggregates.funds.portfolios[0].notes)


def test_a_damaged_table_keeps_what_was_read(run: Runner) -> None:
    """Cut short: the entries before the break, one reject."""
    report = run(CASES / "damaged-cut-short" / "input.xml")
    check_conserved(report)
    assert (report.sources[0].entries, report.rejects_by_code) == (1, {"damaged-source": 1})


def test_a_real_table(run: Runner) -> None:
    """255 rows of a real information table, 350,153,407 dollars."""
    report = run(data_folder("money", "13f_edgartools", "data_xml_13F-HR.infotable.xml"))
    assert report.aggregates.funds is not None
    assert (report.sources[0].reader, report.sources[0].entries) == ("13f", 255)
    assert report.aggregates.funds.portfolios[0].total == "350153407.00"

"""Money on the terminal, on the page and in the letter."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import ROOT, Finished, Runner
from rich.console import Console

from offlimits.report import Report
from offlimits.reports import flows, format_for
from offlimits.reports.letter import Letter
from offlimits.reports.page import render_page
from offlimits.reports.terminal import print_report

SAMPLES = ROOT / "src" / "offlimits" / "samples" / "money"


@pytest.fixture
def report(run: Runner) -> Report:
    """The sample looked through, for a pension fund."""
    return run(SAMPLES / "portfolio.csv", funds=SAMPLES / "holdings", profile="pension-fund")


def printed(report: Report) -> str:
    """What the terminal shows, blanks squeezed."""
    console = Console(file=io.StringIO(), width=100)
    print_report(report, console)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_the_terminal_says_how_much_through_what_and_what_is_opaque(report: Report) -> None:
    """The sentence of the promise, each company, each fund with its fit, each line that was not looked through."""
    text = printed(report)
    assert "of 48,200.00 GBP, 75.60 end in 5 listed companies, through 2 funds; 91.00 % looked through, 9.00 % not" in text
    assert "through Sample Emerging Markets Index Fund: list of 2026-03-31 (EXACT, +0 days), 9 lines" in text
    assert "not looked through: Sample Private Equity Partners IV, 4,338.00 GBP" in text
    assert "No listed maker was found" not in text
    assert "installer" not in text


def test_nothing_found_is_never_a_bare_nought(run: Runner, put: Callable[..., Path]) -> None:
    """Without a list the fund is opaque, and the words say what could not be looked through."""
    text = printed(run(SAMPLES / "portfolio.csv"))
    assert "nothing was found to end in listed companies, in what could be looked through; 0.00 % looked through, 100.00 % not" in text
    assert "no clearance" in text


def test_the_page_has_the_ways_as_a_picture(report: Report) -> None:
    """The section, its picture without script, the table per fund, the letter; the page's other laws hold for it too."""
    page = render_page(report).decode()
    assert "<h1>Of 48,200.00 GBP, 75.60 end in listed companies</h1>" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760' in page
    assert "Not looked through: 4,338.00 GBP" in page
    assert "To the trustees, or the board" in page
    assert "<script" not in page


def test_widths_are_money(report: Report) -> None:
    """What goes into the picture's last column is what was found, but for rounding each way."""
    funds = report.aggregates.funds
    assert funds is not None
    portfolio = funds.portfolios[0]
    drawn = flows.flows(funds, portfolio, {})
    last = max(flow.target[0] for flow in drawn)
    arrived = sum(flow.amount for flow in drawn if flow.target[0] == last)
    assert abs(arrived - Decimal(portfolio.found)) <= Decimal("0.005") * len(portfolio.paths)
    svg = ET.fromstring(flows.ways(funds, portfolio, {}))
    assert len([element for element in svg.iter() if element.tag.endswith("path")]) == 7


def test_names_in_the_picture_are_escaped(run: Runner, put: Callable[..., Path], tmp_path: Path) -> None:
    """A fund's name cannot carry markup into page or picture."""
    name = "<script>alert(1)</script> Index Fund"
    put("held/one.csv", "Name,Market Value,ISIN\nHIKVISION,10.00,CNE100000PM8\nOther,90.00,\n")
    put("held/funds.csv", f"file,name\none.csv,{name}\n")
    page = render_page(run(put("mine.csv", f"Fund name,Value (GBP)\n{name},500.00\n"), funds=tmp_path / "held")).decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_letter_has_figures_sources_dates_and_questions(report: Report) -> None:
    """Every company with its money, every list with its day, the opaque part by name, and the questions; no verdict."""
    text = Letter().render(report).decode()
    assert re.search(r"^- Hikvision: 25\.88 GBP in shares, 0\.05369 % of the portfolio$", text, re.MULTILINE)
    assert "list of 2026-03-31 (EXACT: the fund's own list of the same days)" in text
    assert "1. What do these hold, and on which day: Sample Private Equity Partners IV?" in text
    assert "- list of Sample Global Equity Fund, of 2026-03-31: 4 lines in global.csv" in text
    assert re.search(r"^    (listed|excluded) by .+ on \d{4}-\d\d-\d\d: .+ \(https://", text, re.MULTILINE)
    assert not re.search(r"guilty|complicit|clean|controlled by", text, re.IGNORECASE)


def test_a_letter_about_no_holdings_says_so(run: Runner, put: Callable[..., Path]) -> None:
    """An asset register has no money to write about."""
    assert b"no holdings" in format_for(Path("letter.txt")).render(run(put("a.csv", "Make,Model\nHikvision,DS-2CD2143G2-I\n")))


def test_money_through_a_fund_is_a_finding_for_the_exit_code(cli: Callable[..., Finished], tmp_path: Path) -> None:
    """No line names a company, yet money ends in five: exit code 1, and the files asked for are written."""
    arguments = ["screen", SAMPLES / "portfolio.csv", "--funds", SAMPLES / "holdings", "-o", "letter.txt", "-o", "report.html"]
    assert cli(*arguments).code == 1
    assert cli(*arguments, "--fail-on", "exact").code == 0
    assert cli("screen", SAMPLES / "portfolio.csv").code == 0
    assert (tmp_path / "letter.txt").stat().st_size > 1000
    wrong = cli("screen", SAMPLES / "portfolio.csv", "--funds", "nowhere")
    assert wrong.code == 2
    assert "there is no folder 'nowhere'" in wrong.err


def test_what_binds_counts_money_through_funds(run: Runner) -> None:
    """No line names a company, and yet a US person is bound by a ban on investment in one that a fund holds."""
    report = run(SAMPLES / "portfolio.csv", funds=SAMPLES / "holdings", profile="us-person")
    assert not report.findings
    assert "What binds you (us-person) binds you:" in printed(report)
    page = render_page(report).decode()
    assert "No measure in this registry" not in page
    assert re.search(r"binds you</strong>", page)


def test_lists_that_cannot_be_read_are_said(run: Runner, put: Callable[..., Path], tmp_path: Path) -> None:
    """A cut filing, a picture, and a table without holdings in the folder of lists: each is named, on the terminal, the page, in the letter."""
    filing = (ROOT / "tests" / "cases" / "nport" / "damaged-no-investments" / "input.xml").read_bytes()
    put("held/cut.xml", filing)
    put("held/picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    put("held/notes.csv", "Note\nhello\n")
    report = run(put("mine.csv", "Fund name,Value (GBP)\nSome Fund,500.00\n"), funds=tmp_path / "held")
    assert report.aggregates.funds is not None
    said = [text.partition("held/")[2].partition(":")[0] for text in report.aggregates.funds.unread]
    assert said == ["cut.xml", "notes.csv", "picture.png"]
    for shown in (printed(report), render_page(report).decode(), Letter().render(report).decode()):
        assert "cut.xml" in shown
        assert "picture.png" in shown

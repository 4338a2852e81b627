"""OFX and QFX statements: SGML and XML, positions with their names, and statements that are cut or have none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import ROOT, Runner, check_conserved, data_folder

CASE = ROOT / "tests" / "cases" / "ofx" / "sgml-statement" / "input.qfx"


def test_positions_are_named_from_the_list_of_securities(run: Runner) -> None:
    """Units, values, shorts; names stand in another part of the statement. Transactions are counted and left out."""
    report = run(CASE)
    check_conserved(report)
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert (portfolio.total, portfolio.currency, str(portfolio.on)) == ("5060.00", "USD", "2026-03-31")
    assert {item.group: (item.long, item.short) for item in portfolio.companies} == {
        "zte": ("100.00", "0.00"),
        "iflytek": ("0.00", "40.00"),
    }
    assert [item.name for item in portfolio.not_looked_through] == ["ISHARES CORE MSCI EMKT & MORE ETF"]
    assert report.sources[0].notes == ["1 transactions and orders are not read: they are no holdings"]
    assert [finding.at.line for finding in report.findings] == [13, 14]


def test_nothing_of_the_account_is_read(run: Runner) -> None:
    """Neither the account's number nor the broker's enters the report."""
    report = run(CASE)
    assert b"made.up" not in repr(report).encode()


def test_a_cut_statement_keeps_what_was_read(run: Runner, put: Callable[..., Path]) -> None:
    """Cut at any place: rows before it, one reject, never a crash."""
    content = CASE.read_bytes()
    for end in range(200, len(content) - 10, 61):
        report = run(put("cut.ofx", content[:end]))
        check_conserved(report)
        assert report.rejects_by_code == {"damaged-source": 1}


def test_a_statement_without_positions_is_damaged(run: Runner) -> None:
    """A bank account's statement is an error for whoever asked about holdings, not an empty portfolio."""
    report = run(ROOT / "tests" / "cases" / "ofx" / "damaged-no-positions" / "input.ofx")
    assert report.rejects_by_code == {"damaged-source": 1}


def test_the_specification_s_example(run: Runner) -> None:
    """OFX 2, XML: a stock and an option, 10,400 dollars of 27 August 2005."""
    report = run(data_folder("money", "ofx_samples", "invstmtrs.ofx"))
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert (portfolio.total, portfolio.lines, str(portfolio.on)) == ("10400.00", 2, "2005-08-27")

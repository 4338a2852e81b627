"""Portfolio Performance: what is held after all bookings, at the last price; old versions and cut files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import ROOT, Runner, check_conserved, data_folder

CASES = ROOT / "tests" / "cases" / "portfolio-performance"


def test_what_is_held_after_all_bookings(run: Runner) -> None:
    """A booking that stands inside another and is referred to counts once; what was sold is not held."""
    report = run(CASES / "bought-and-sold" / "input.xml")
    check_conserved(report)
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert (portfolio.total, portfolio.currency, str(portfolio.on), portfolio.lines) == ("475.00", "EUR", "2026-03-31", 2)
    assert [(item.group, item.net) for item in portfolio.companies] == [("zte", "75.00")]
    assert [(item.name, item.amount) for item in portfolio.not_looked_through] == [("iShares MSCI EM UCITS ETF", "400.00")]
    assert report.sources[0].notes == ["1 securities in the file are watched or sold, not held"]


def test_an_old_version_has_no_values(run: Runner) -> None:
    """Older files count shares and prices otherwise: names are read, values are not guessed."""
    report = run(CASES / "old-version" / "input.xml")
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert [(line.name, line.reason) for line in portfolio.unclear_lines] == [("ZTE Corp H", "no-value")]
    assert any("version 29" in note for note in report.sources[0].notes)


def test_a_cut_file_is_damaged(run: Runner, put: Callable[..., Path]) -> None:
    """Cut anywhere after its head: one reject, no half portfolio."""
    content = (CASES / "bought-and-sold" / "input.xml").read_bytes()
    for end in range(120, len(content) - 12, 83):
        report = run(put("cut.xml", content[:end]))
        check_conserved(report)
        assert report.rejects_by_code == {"damaged-source": 1}
        assert report.aggregates.funds is None


def test_a_real_file(run: Runner) -> None:
    """The program's own sample: ten holdings, nine of them in euro."""
    report = run(data_folder("money", "portfolio_performance", "kommer.xml"))
    assert report.aggregates.funds is not None
    assert {item.currency: (item.lines, item.total) for item in report.aggregates.funds.portfolios} == {
        "EUR": (9, "10880.82"),
        "USD": (1, "1390.00"),
    }

"""Form N-PORT: every position, derivatives as what they are, and filings that are cut or empty."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT, Runner, check_conserved, data_folder

from offlimits.errors import DamagedSource
from offlimits.readers.base import Heading, Options, Rows, Table
from offlimits.readers.nport import NPort

CASE = ROOT / "tests" / "cases" / "nport" / "fund-with-derivatives" / "input.xml"


def test_heading_says_fund_day_and_net_assets() -> None:
    """The head of a filing is known for sure: fund, series, classes, day, net assets."""
    heading = next(event for event in NPort().read(CASE, Options()) if isinstance(event, Heading))
    assert heading.facts == {
        "form": "N-PORT",
        "fund": "Made Up Emerging Markets Fund",
        "registrant": "MADE UP TRUST",
        "series": "S000099999",
        "classes": "C000099998",
        "as-of": "2025-09-30",
        "net-assets": "1000000.00",
        "currency": "USD",
    }


def test_rows_have_the_columns_of_the_table() -> None:
    """Every row is as wide as the table; a derivative's kind, notional and reference are read, and what it stands on is found."""
    events = list(NPort().read(CASE, Options()))
    table = next(event for event in events if isinstance(event, Table))
    rows = [row for event in events if isinstance(event, Rows) for row in event.rows]
    assert {len(row) for row in rows} == {len(table.columns)}
    swap = dict(zip((column.name for column in table.columns), rows[5], strict=True))
    assert (swap["assetCat"], swap["notionalAmt"], swap["reference"]) == (
        "swap",
        "30000.00",
        "Hangzhou Hikvision Digital Technology Co Ltd; A shares; CNE100000PM8",
    )


def test_derivatives_are_apart_and_unknown_where_not_given(run: Runner) -> None:
    """A swap counts by its notional, an option without delta is unknown; neither is in the money that was found."""
    report = run(CASE)
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert [(item.group, item.kind, item.option, item.value, item.exposure) for item in portfolio.derivatives] == [
        ("hikvision", "swap", "", "1200.00", "30000.00"),
        ("zte", "option", "put", "300.00", None),
    ]
    assert {(item.group, item.kind): (item.long, item.short, item.net) for item in portfolio.companies} == {
        ("hikvision", "shares"): ("25000.50", "0.00", "25000.50"),
        ("zte", "shares"): ("10000.00", "4000.00", "6000.00"),
        ("zte", "debt"): ("5000.00", "0.00", "5000.00"),
    }
    assert [(line.name, line.groups, line.amount, line.reason) for line in portfolio.unclear_lines] == [
        ("Weichai Power Co Ltd", ["zte"], "7000.00", "identifier-name-disagree")
    ]
    assert [(line.name, line.amount) for line in portfolio.not_looked_through] == [("Made Up Cash Fund", "60000.00")]


def test_a_filing_without_investments_is_damaged(put: Callable[..., Path]) -> None:
    """No `invstOrSec` is an error, never nought holdings."""
    path = ROOT / "tests" / "cases" / "nport" / "damaged-no-investments" / "input.xml"
    with pytest.raises(DamagedSource, match="lists no investment"):
        list(NPort().read(path, Options()))


def test_cut_anywhere_is_a_reject(run: Runner, put: Callable[..., Path]) -> None:
    """A filing cut at any byte never escapes the run: what was read stays read, and the break is a reject."""
    content = CASE.read_bytes()
    for end in range(0, len(content) - 12, 97):
        report = run(put("cut.xml", content[:end]))
        check_conserved(report)
        if report.sources[0].reader == "nport":
            assert report.rejects_by_code == {"damaged-source": 1}


def test_entities_are_not_resolved(run: Runner, put: Callable[..., Path]) -> None:
    """A document type with entities is never expanded."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE edgarSubmission [<!ENTITY a "Hikvision"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    report = run(put("bomb.xml", bomb + CASE.read_bytes().partition(b"?>")[2].replace(b"Other Company", b"&b;")))
    check_conserved(report)
    assert report.sources[0].reader == "nport"


def test_large_real_filing(run: Runner) -> None:
    """1,685 positions, 774 of them derivatives; a future at 233,457 has a notional of 9,882,418; totals are the filing's own."""
    path = data_folder("money", "nport_edgartools", "NPORT_Sample_7.xml")
    report = run(path)
    assert (report.sources[0].entries, report.sources[0].rejects) == (1685, 0)
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    account = run.outcomes[0].holdings[0].accounts[0]
    derivatives = [item for item in account.positions if item.kind in ("future", "forward", "swap", "option")]
    assert len(derivatives) == 774
    assert sum(item.exposure is not None for item in derivatives) == 88
    assert next(item.exposure for item in derivatives if item.value == Decimal("233457.31")) == Decimal("9882417.69")
    assert account.total == sum(item.value for item in account.positions) == Decimal("376129711.56")
    assert abs(account.weights - account.total / Decimal("361898455.93")) < Decimal("1e-9")
    assert (portfolio.lines, portfolio.total, portfolio.found, portfolio.unclear) == (1685, "376129711.56", "0.00", "0.00")
    assert any("774 lines are derivatives: the exposure of 88 is known" in note for note in portfolio.notes)


def test_a_real_filing_without_investments(run: Runner) -> None:
    """AdvancedSeries' filing lists none: an error in the report, not an empty portfolio."""
    report = run(data_folder("money", "nport_edgartools", "NPORT.AdvancedSeries.xml"))
    assert report.rejects_by_code == {"damaged-source": 1}
    assert report.aggregates.funds is None

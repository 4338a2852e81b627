"""Money to the cent, on real files that lie beside the project (skipped by name where they do not)."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT, Runner, check_conserved, data_folder

from offlimits.report import Portfolio, Report

SAMPLES = ROOT / "src" / "offlimits" / "samples" / "money"
IEMG = ("money", "ishares_IEMG_2020-03", "IEMG_holdings.csv")
FUNDS = (
    "file,name,isin,cusip,ticker,series,index,as of\n{},iShares Core MSCI Emerging Markets ETF,US46434G1031,46434G103,IEMG,,,2020-03-03\n"
)


def portfolios(report: Report) -> list[Portfolio]:
    """All portfolios of a report, each summing to the cent."""
    check_conserved(report)
    assert report.aggregates.funds is not None
    for item in report.aggregates.funds.portfolios:
        parts = (item.found, item.unclear, item.other, item.opaque)
        assert sum(map(Decimal, parts)) == Decimal(item.total)
        assert sum(Decimal(company.net) for company in item.companies) == Decimal(item.found)
    return report.aggregates.funds.portfolios


def money(portfolio: Portfolio) -> dict[str, str]:
    """What is found in shares, by company."""
    assert {company.kind for company in portfolio.companies} <= {"shares"}
    return {company.group: company.net for company in portfolio.companies}


def names(report: Report) -> set[str]:
    """The texts that were taken for somebody."""
    return {mention.text for finding in report.findings for mention in finding.mentions}


def test_the_sample_is_the_promise(run: Runner) -> None:
    """Of 48,200 pounds, 75.60 end in five companies through two funds, of 31 March; 91 % looked through, 9 % opaque."""
    portfolio = portfolios(run(SAMPLES / "portfolio.csv", funds=SAMPLES / "holdings"))[0]
    assert (portfolio.total, portfolio.currency, portfolio.found, portfolio.opaque) == ("48200.00", "GBP", "75.60", "4338.00")
    assert (portfolio.looked_through, str(portfolio.oldest), len(portfolio.companies), len(portfolio.tied)) == ("91.00", "2026-03-31", 5, 2)
    assert {(line.tie, line.gap_days) for line in portfolio.tied} == {("EXACT", 0)}
    assert money(portfolio)["bgi"] == "0.77"


def test_iemg_2020(run: Runner) -> None:
    """iShares, March 2020: five lines of four companies to the cent, 0.15685 % together; ZTE's A and H are one issuer."""
    report = run(data_folder(*IEMG))
    portfolio = portfolios(report)[0]
    lines = {finding.mentions[0].text: finding.amount.value for finding in report.findings if finding.amount}
    amounts = {round(Decimal(value)) for value in lines.values()}
    assert amounts >= {25_883_837, 28_721_722, 15_356_548, 11_341_159, 7_651_266}
    found = money(portfolio)
    assert found == {
        "hikvision": "25883836.92",
        "zte": "44078269.65",
        "iflytek": "11341159.24",
        "dahua": "7651266.30",
        "fiberhome": "3207613.79",
    }
    five = sum(Decimal(value) for group, value in found.items() if group != "fiberhome")
    assert round(five * 100 / Decimal(portfolio.total), 5) == Decimal("0.15685")
    assert (portfolio.total, portfolio.lines, portfolio.currency) == ("56714691548.62", 2509, "USD")


def test_eem_2025(run: Runner) -> None:
    """iShares, January 2025, without ISIN: bare tickers mean something only with their exchange."""
    portfolio = portfolios(run(data_folder("money", "ishares_EEM_2025-01", "EEM_holdings.csv")))[0]
    assert money(portfolio) == {"zte": "7913640.79", "iflytek": "1957011.40", "kuang-chi": "1461946.70", "dahua": "963373.09"}
    assert portfolio.total == "15577005133.15"


GPFG = {
    "EQ_2010_Country.csv": {
        "hikvision": ("3092893.00", "532111.00", "0.01", "0.01"),
        "zte": ("410570381.00", "70635764.00", "0.62", "0.62"),
        "iflytek": ("3518970.00", "605414.00", "0.03", "0.03"),
        "dahua": ("2648514.00", "455658.00", "0.03", "0.03"),
        "fiberhome": ("4844762.00", "833508.00", "0.03", "0.03"),
    },
    "EQ_2014_Country.csv": {
        "hikvision": ("55462830.00", "7397460.00", "0.05", "0.05"),
        "zte": ("85274133.00", "11373600.00", "0.15", "0.15"),
        "fiberhome": ("18633600.00", "2485292.00", "0.1", "0.1"),
    },
    "EQ_2017_Country.csv": {
        "hikvision": ("339127856.00", "41461468.00", "0.08", "0.08"),
        "dahua": ("343283695.00", "41969557.00", "0.41", "0.41"),
        "iflytek": ("40378334.00", "4936619.00", "0.04", "0.04"),
        "kuang-chi": ("7161810.00", "875596.00", "0.04", "0.04"),
        "fiberhome": ("403435575.00", "49323672.00", "1.0", "1.0"),
    },
    "EQ_2018_Country.csv": {
        "hikvision": ("953904167.00", "110161409.00", "0.32", "0.32"),
        "dahua": ("207422194.00", "23954106.00", "0.48", "0.48"),
        "iflytek": ("50057046.00", "5780827.00", "0.08", "0.08"),
        "kuang-chi": ("1526260.00", "176260.00", "0.04", "0.04"),
    },
    "EQ_2024_Industry.xlsx": {"sensetime": ("310024007.00", "27297213.00", "0.38", "0.33")},
}


@pytest.mark.parametrize("name", GPFG)
def test_gpfg(run: Runner, name: str) -> None:
    """Norway's fund: value in kroner and dollars, ownership and voting, and nobody else."""
    report = run(data_folder("money", "gpfg", name))
    portfolio = portfolios(report)[0]
    told = {item.group: (item.net, item.also[0].value, item.ownership[0], item.voting[0]) for item in portfolio.companies}
    assert told == GPFG[name]
    assert (portfolio.currency, portfolio.companies[0].also[0].currency) == ("NOK", "USD")
    false = {
        name for name in names(report) if any(word in name for word in ("Cangzhou", "Meiya Opto", "Weichai", "Yankuang", "Hsin Kuang"))
    }
    assert false == set()


def test_stanford_through_iemg(run: Runner, tmp_path: Path) -> None:
    """Stanford's 13F of 2019 through IEMG of two months later: 499,957 dollars (482,500 without FiberHome), Hikvision 140,400; a PROXY of 63 days."""
    table = data_folder("money", "endowment_13f_2022", "infotable_dataset.csv")
    shutil.copy(data_folder(*IEMG), tmp_path / "IEMG_holdings.csv")
    (tmp_path / "funds.csv").write_text(FUNDS.format("IEMG_holdings.csv"))
    report = run(table, funds=tmp_path)
    stanford = next(item for item in portfolios(report) if "Stanford" in item.body and str(item.on) == "2019-12-31")
    line = next(item for item in stanford.tied if item.amount == "307634000.00")
    assert (line.name, line.tie, line.by, line.gap_days) == ("ISHARES INC CORE MSCI EMKT", "PROXY", "cusip", 63)
    found = {group: Decimal(value) for group, value in line.found.items()}
    assert abs(found["hikvision"] - 140_400) < 50
    assert abs(sum(found.values()) - found["fiberhome"] - 482_500) < 50
    assert any("thousands of dollars" in note for note in stanford.notes)


def test_uc_through_the_list_that_sums_to_1184(run: Runner, tmp_path: Path) -> None:
    """UC's fund lines: iFlytek and ZTE through a list of weights that sums to 118.42 %, which is said; private equity stays opaque."""
    held = data_folder("money", "uc_pension_endowment_2024")
    shutil.copy(next(held.glob("*csv-files_MSCI ACWI*.csv")), tmp_path)
    report = run(held / "final-datasets_listed_investments.csv", funds=tmp_path)
    portfolio = portfolios(report)[0]
    assert report.aggregates.funds is not None
    told = report.aggregates.funds.lists[0]
    assert any("the weights sum to 118.42 %, not to 100 %" in note for note in told.notes)
    assert any("a weight that can be none, such as 2,344 %" in note for note in told.notes)
    assert money(portfolio) == {"iflytek": "1369929.58", "zte": "914489.38"}
    assert portfolio.tied[0].amount == "35595780991.00"
    private = {item.name for item in portfolio.not_looked_through if item.reason == "no list of what it holds was given"}
    assert {"BREIT", "1868 UNIVERITAS FUND"} <= private
    assert all(note != "" for note in portfolio.notes)

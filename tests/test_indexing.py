"""The index of funds: built from filings and from the SEC's tables, asked, compared, looked through with."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from conftest import ROOT, Finished, Runner

from offlimits.errors import UsageError
from offlimits.fundindex import FundIndex, compare_indexes, holders, read_fund_index
from offlimits.indexing import build_index, encode_index
from offlimits.registry import Registry

FILING = ROOT / "tests" / "cases" / "nport" / "fund-with-derivatives" / "input.xml"
HOLDING = "ACCESSION_NUMBER HOLDING_ID ISSUER_NAME ISSUER_LEI ISSUER_TITLE ISSUER_CUSIP BALANCE UNIT CURRENCY_CODE CURRENCY_VALUE PERCENTAGE PAYOFF_PROFILE ASSET_CAT ISSUER_TYPE DERIVATIVE_CAT"


def write(folder: Path, name: str, header: str, rows: list[list[str]]) -> None:
    """One table of the data set."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [header.split(), *rows]
    (folder / f"{name}.tsv").write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def held(
    accession: str, number: str, name: str, value: str, percent: str, asset: str = "EC", issuer: str = "CORP", derivative: str = ""
) -> list[str]:
    """One line of the holdings' table."""
    return [accession, number, name, "", name, "N/A", "1", "NS", "USD", value, percent, "Long", asset, issuer, derivative]


def data_set(folder: Path, day: str, hikvision: str) -> Path:
    """A quarter of two funds: an index fund with three companies of ours, and a fund that holds it."""
    write(folder, "SUBMISSION", "ACCESSION_NUMBER FILING_DATE REPORT_DATE", [["a-1", "01-MAY-2026", day], ["a-2", "02-MAY-2026", day]])
    write(folder, "REGISTRANT", "ACCESSION_NUMBER CIK REGISTRANT_NAME", [["a-1", "1", "Made Up Trust"], ["a-2", "1", "Made Up Trust"]])
    write(
        folder,
        "FUND_REPORTED_INFO",
        "ACCESSION_NUMBER SERIES_NAME SERIES_ID SERIES_LEI NET_ASSETS",
        [["a-1", "Made Up Emerging Fund", "S1", "", "1000000"], ["a-2", "Made Up Retirement 2050", "S2", "", "500000"]],
    )
    lines = [
        held("a-1", "1", "Hangzhou Hikvision Digital Technology Co., Ltd.", hikvision, "2.5"),
        held("a-1", "2", "Somebody", "900000", "90"),
        held("a-1", "3", "ZTE CORP", "10000", "1", derivative="SWP"),
        held("a-1", "4", "Unnamed", "5000", "0.5"),
        held("a-1", "5", "Weichai Power", "4000", "0.4"),
        held("a-2", "6", "Made Up Emerging Fund", "400000", "80", issuer="RF"),
        held("a-2", "7", "Somebody", "100000", "20"),
        ["a-2", "8", "cut line"],
        held("a-9", "9", "of no filing", "1", "1"),
    ]
    write(folder, "FUND_REPORTED_HOLDING", HOLDING, lines)
    isins = [["1", "CNE100000PM8", ""], ["2", "US0378331005", ""], ["4", "CNE100000B81", ""], ["5", "CNE000000TK5", ""]]
    write(folder, "IDENTIFIERS", "HOLDING_ID IDENTIFIER_ISIN IDENTIFIER_TICKER", isins)
    return folder


@pytest.fixture
def quarters(tmp_path: Path, registry: Registry) -> tuple[FundIndex, FundIndex]:
    """The same two funds in two quarters; in the second Hikvision is worth more."""
    first = build_index([data_set(tmp_path / "q1", "31-MAR-2026", "25000")], registry)
    return first, build_index([data_set(tmp_path / "q2", "30-JUN-2026", "27000.50")], registry)


def test_the_data_set_is_read(quarters: tuple[FundIndex, FundIndex]) -> None:
    """Names and ISINs of another table are held together; every line is counted, damaged and orphaned ones as rejects."""
    index = quarters[0]
    assert [(fund.fund, fund.series, fund.on, fund.lines, fund.registrant) for fund in index.funds] == [
        ("Made Up Emerging Fund", "S1", date(2026, 3, 31), 5, "Made Up Trust"),
        ("Made Up Retirement 2050", "S2", date(2026, 3, 31), 2, "Made Up Trust"),
    ]
    assert [(item.group, item.kind, item.value, item.doubt) for item in index.funds[0].holdings] == [
        ("hikvision", "share", "25000", ""),
        ("zte", "swap", "10000", ""),
        ("iflytek", "share", "5000", "identifier-name-disagree"),
        ("zte", "share", "4000", "identifier-name-disagree"),
    ]
    source = index.sources[0]
    assert (source.units, source.lines, source.rejects) == (9, 7, {"wrong-cell-count": 1, "no-such-filing": 1})


def test_holders_are_ranked(quarters: tuple[FundIndex, FundIndex]) -> None:
    """Money, share, day and since when; a company the index does not name is an error that lists those it does."""
    found = holders(quarters[1], "Hikvision")
    assert [(item.fund, item.value, item.percent, str(item.on)) for item in found] == [
        ("Made Up Emerging Fund", "27000.50", "2.5", "2026-06-30")
    ]
    assert holders(quarters[1], "hikvision", fund="s1") == found
    assert holders(quarters[1], "hikvision", fund="nobody") == []
    with pytest.raises(UsageError, match="names no company 'Dahua'"):
        holders(quarters[1], "Dahua")


def test_since_is_the_unbroken_run(tmp_path: Path, registry: Registry) -> None:
    """Both quarters in one index: since the first of them."""
    folders = [data_set(tmp_path / "q1", "31-MAR-2026", "1"), data_set(tmp_path / "q2", "30-JUN-2026", "2")]
    found = holders(build_index(folders, registry), "hikvision")
    assert [(str(item.on), str(item.since)) for item in found] == [("2026-06-30", "2026-03-31")]


def test_a_zip_is_the_same_as_a_folder(tmp_path: Path, registry: Registry) -> None:
    """The set as it is published, packed: the same index but for its path."""
    folder = data_set(tmp_path / "q1", "31-MAR-2026", "25000")
    with zipfile.ZipFile(tmp_path / "q1.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    packed, plain = build_index([tmp_path / "q1.zip"], registry), build_index([folder], registry)
    assert packed.funds == plain.funds


def test_filings_in_xml(registry: Registry, tmp_path: Path, put: Callable[..., Path]) -> None:
    """A folder of filings; one that is cut is counted, with what was read before the break."""
    put("xml/a.xml", FILING.read_bytes())
    put("xml/b.xml", FILING.read_bytes()[:4000])
    put("xml/note.xml", "<other/>")
    index = build_index([tmp_path / "xml"], registry)
    assert [(source.form, source.lines, source.rejects) for source in index.sources] == [
        ("nport", 10, {}),
        ("nport", index.sources[1].lines, {"damaged-source": 1}),
    ]
    assert {(item.group, item.kind, item.exposure) for item in index.funds[0].holdings} >= {
        ("hikvision", "swap", "30000.00"),
        ("zte", "option", None),
    }
    assert [item.name for item in index.funds[0].inside] == ["Made Up Cash Fund"]


def test_two_quarters_compared(quarters: tuple[FundIndex, FundIndex], cli: Callable[..., Finished], tmp_path: Path) -> None:
    """`diff` tells indexes from reports: what is new, gone, changed; a fund without a filing is unknown, not gone."""
    changes = compare_indexes(*quarters)
    assert [(item.group, item.was, item.now) for item in changes.changed if item.group == "hikvision"] == [
        ("hikvision", "25000", "27000.50")
    ]
    fewer = msgspec.structs.replace(quarters[1], funds=quarters[1].funds[1:])
    assert compare_indexes(quarters[0], fewer).missing == ["Made Up Emerging Fund"]
    for name, index in zip(("old.json", "new.json"), quarters, strict=True):
        (tmp_path / name).write_bytes(encode_index(index))
    done = cli("diff", "old.json", "new.json")
    assert done.code == 0
    assert "~ Made Up Emerging Fund (S1): hikvision, 25,000.00 → 27,000.50 USD (2026-03-31 → 2026-06-30)" in done.out


def test_the_index_serves_as_lists(run: Runner, quarters: tuple[FundIndex, FundIndex], tmp_path: Path, put: Callable[..., Path]) -> None:
    """A fund of the index that holds another one of it: 80 % of 2.7 % of the line; only lists that money passes are told."""
    put("held/funds.json", encode_index(quarters[1]))
    report = run(put("mine.csv", "Fund name,Value (USD),As of\nMade Up Retirement 2050,1000.00,2026-07-01\n"), funds=tmp_path / "held")
    assert report.aggregates.funds is not None
    portfolio = report.aggregates.funds.portfolios[0]
    assert [(item.group, item.net) for item in portfolio.companies] == [("hikvision", "21.60")]
    assert [(line.tie, line.by) for line in portfolio.tied] == [("EXACT", "name")]
    assert [item.name for item in report.aggregates.funds.lists] == ["Made Up Emerging Fund", "Made Up Retirement 2050"]
    assert portfolio.unclear == "7.20"


def test_what_is_no_index_and_no_filing(tmp_path: Path, registry: Registry, put: Callable[..., Path]) -> None:
    """A wrong file, an empty folder, a table without a needed column: errors that say what to do."""
    with pytest.raises(UsageError, match="is no index of funds"):
        read_fund_index(put("a.json", "{}"))
    with pytest.raises(UsageError, match="no N-PORT filing"):
        build_index([tmp_path], registry)
    put("q/FUND_REPORTED_HOLDING.tsv", "ACCESSION_NUMBER\tHOLDING_ID\n")
    with pytest.raises(UsageError, match=r"FUND_REPORTED_HOLDING\.tsv has no column ISSUER_NAME"):
        build_index([tmp_path / "q"], registry)


def test_commands(cli: Callable[..., Finished], tmp_path: Path) -> None:
    """`funds index` counts what it could not read; `funds holders` says that silence is no clearance."""
    data_set(tmp_path / "q1", "31-MAR-2026", "25000")
    done = cli("funds", "index", "q1", "-o", "q1.json")
    assert (done.code, "2 filings with 7 lines, 2 not readable" in done.out) == (3, True)
    shown = cli("funds", "holders", "q1.json", "Hikvision")
    assert shown.code == 0
    assert "25,000.00 USD    2.5000 %  hikvision    Made Up Emerging Fund (S1)  2026-03-31, since 2026-03-31" in shown.out
    none = cli("funds", "holders", "q1.json", "--fund", "nobody")
    assert (none.code, "no clearance" in none.out) == (4, True)

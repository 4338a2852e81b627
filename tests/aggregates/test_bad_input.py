"""Sheets as they come: numbers of five countries, weights that are none, lines twice, cut names, negative and missing values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Runner, check_conserved
from hypothesis import given
from hypothesis import strategies as st

from offlimits.aggregates.instruments import OPAQUE, instrument, may_be_opaque
from offlimits.aggregates.numbers import decimal_sign, read_column, read_number
from offlimits.readers.base import Options
from offlimits.report import FundList, Portfolio

Put = Callable[..., Path]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234.50", "12", "1,234,567.89"], ["1234.50", "12", "1234567.89"]),
        (["1.234,50", "12", "1.234.567,89"], ["1234.50", "12", "1234567.89"]),
        (["1 234,50", "12", "1\u202f234\u00a0567,89"], ["1234.50", "12", "1234567.89"]),
        (["1'234.50", "12", "1’234’567.89"], ["1234.50", "12", "1234567.89"]),
        (["1,23,456.50", "12", "12,34,567.89"], ["123456.50", "12", "1234567.89"]),
        (["1.234", "0,5"], ["1234", "0.5"]),
    ],
    ids=["british", "german", "french", "swiss", "indian", "german-without-cents"],
)
def test_thousands_of_five_countries(cells: list[str], values: list[str]) -> None:
    """The column as a whole tells which sign parts; every number is exact."""
    assert read_column(cells, decimal_sign(cells)) == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    "text", ["", "-", "--", "—", "N/A", "n/a", "nan", "null", "Infinity", "Apr 26, 2024", "2,344 companies", "12-34-56x"]
)
def test_what_is_no_number(text: str) -> None:
    """Nothing is guessed out of words."""
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(12.50)", "-12.50"),
        ("12.50-", "-12.50"),
        ("\u22125", "-5"),
        ("$1,200", "1200"),
        ("USD 1,200", "1200"),
        ("1,200 EUR", "1200"),
        ("0.13%", "0.13"),
        ("4.5574800161902626e-05", "0.000045574800161902626"),
    ],
)
def test_signs_and_currencies(text: str, value: str) -> None:
    """Brackets, trailing and true minus, symbols and codes of currencies, percent, exponents."""
    assert read_number(text) == Decimal(value)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from([("{:,.2f}", ",", "."), ("{:,.2f}", ".", ",")]))
def test_any_amount_reads_back(value: Decimal, written: tuple[str, str, str]) -> None:
    """What a British or a German sheet writes is read to the cent."""
    text = written[0].format(value)
    if written[2] == ",":
        text = text.replace(",", "_").replace(".", ",").replace("_", ".")
    assert read_number(text, written[2]) == value


def portfolio(run: Runner, path: Path) -> Portfolio:
    """The one portfolio of a file."""
    report = run(path)
    check_conserved(report)
    assert report.aggregates.funds is not None
    assert len(report.aggregates.funds.portfolios) == 1
    return report.aggregates.funds.portfolios[0]


def told(run: Runner, put: Put, content: str) -> tuple[FundList, Portfolio]:
    """A list of `Some Fund`, and 1,000 pounds of it looked through."""
    put("held/some.csv", content)
    put("held/funds.csv", "file,name\nsome.csv,Some Fund\n")
    mine = put("mine.csv", "Fund name,Value (GBP)\nSome Fund,1000.00\n")
    report = run(mine, funds=mine.parent / "held")
    assert report.aggregates.funds is not None
    return report.aggregates.funds.lists[0], report.aggregates.funds.portfolios[0]


def test_byte_order_mark_and_none(run: Runner, put: Put) -> None:
    """A byte order mark, `-` for no identifier, `N/A` for no value: read, and the line without value is counted."""
    found = portfolio(
        run, put("a.csv", "\ufeffName,ISIN,Market Value (USD)\nHIKVISION,CNE100000PM8,100.00\nSomebody,-,N/A\nOther,,900.00\n")
    )
    assert (found.found, found.total, found.lines) == ("100.00", "1000.00", 3)
    assert any(note.startswith("1 lines have no value") for note in found.notes)


def test_a_company_without_value_is_said(run: Runner, put: Put) -> None:
    """A line that is ours and states no money is listed as unclear, never dropped."""
    found = portfolio(run, put("a.csv", "Name,ISIN,Market Value (USD)\nHIKVISION,CNE100000PM8,-\nOther,,900.00\n"))
    assert [(line.name, line.reason) for line in found.unclear_lines] == [("HIKVISION", "no-value")]


def test_values_count_where_weights_are_rounded(run: Runner, put: Put) -> None:
    """BGI at 0.00 % is 765,042 dollars: by value, not by weight."""
    list_, found = told(
        run, put, 'Name,ISIN,Weight (%),Market Value\nBGI GENOMICS,CNE100003449,0.00,"765,042.00"\nOther,,100.00,"99,234,958.00"\n'
    )
    assert (list_.by, found.found) == ("value", "7.65")


def test_a_rounded_weight_alone_still_shows_the_company(run: Runner, put: Put) -> None:
    """Weights only, and 0.00 %: no money can be said, but the way to the company stands there."""
    _, found = told(run, put, "Name,ISIN,Weight (%)\nBGI GENOMICS,CNE100003449,0.00\nOther,,100.00\n")
    assert [(path.group, path.amount) for path in found.paths] == [("bgi", "0.00")]


def test_two_lines_of_one_company_add_up_and_repeated_rows_do_not(run: Runner, put: Put) -> None:
    """ZTE's A and H shares are one issuer; a row that stands there twice, cell for cell, counts once."""
    rows = "ZTE H,CNE1000004Y2,100.00\nZTE A,CNE000000TK5,50.00\nZTE A,CNE000000TK5,60.00\nOther,,890.00\nOther,,890.00\n"
    found = portfolio(run, put("a.csv", "Name,ISIN,Market Value (USD)\n" + rows))
    assert (found.companies[0].net, found.companies[0].lines, found.total) == ("210.00", 3, "1100.00")
    assert any("1 lines say again" in note for note in found.notes)


def test_cut_names_and_false_ones(run: Runner, put: Put) -> None:
    """Names as providers cut them are found; firms of a similar name are not."""
    rows = [
        "HANGZHOU HIKVISION DIGITAL TECHNOL",
        "Anhui USTC iFlytek Co Ltd",
        "Hebei Cangzhou Dahua Co Ltd",
        "Hefei Meiya Optoelectronic",
        "Yankuang Energy",
        "Hsin Kuang Steel",
    ]
    found = portfolio(run, put("a.csv", "Name,Market Value (USD),Weight (%)\n" + "".join(f"{name},100.00,1\n" for name in rows)))
    assert {item.group: item.net for item in found.companies} == {"hikvision": "100.00", "iflytek": "100.00"}
    assert found.unclear == "0.00"


def test_identifier_and_name_that_disagree_choose_nothing(run: Runner, put: Put) -> None:
    """Weichai Power under ZTE's ISIN is unclear, with both shown."""
    found = portfolio(run, put("a.csv", "Name,ISIN,Market Value (USD)\nWeichai Power,CNE000000TK5,100.00\nOther,,900.00\n"))
    assert (found.found, found.unclear, found.unclear_lines[0].reason) == ("0.00", "100.00", "identifier-name-disagree")


def test_bare_tickers_mean_nothing_without_their_exchange(run: Runner, put: Put) -> None:
    """20 and 763 are numbers; on the exchange of Hong Kong they are SenseTime and ZTE."""
    head = "Ticker,Name,Exchange,Market Value (USD)\n"
    assert portfolio(run, put("a.csv", head + "763,Something,,100.00\n20,Something,NYSE,100.00\n")).companies == []
    found = portfolio(
        run, put("b.csv", head + "763,-,Hong Kong Exchanges And Clearing Ltd,100.00\n20,-,Hong Kong Exchanges And Clearing Ltd,50.00\n")
    )
    assert {item.group for item in found.companies} == {"zte", "sensetime"}


@pytest.mark.parametrize(
    ("weights", "words", "opaque"),
    [
        ("50,40", "sum to 90.00 %, not to 100 %: the rest is not looked through", "100.00"),
        ("60,58", "sum to 118.00 %, not to 100 %: each was scaled down", "0.00"),
        ("90,75", "in which unit they are cannot be told, the list was not used", "1000.00"),
    ],
    ids=["90", "118", "165"],
)
def test_weights_that_are_no_whole(run: Runner, put: Put, weights: str, words: str, opaque: str) -> None:
    """90 % leaves a tenth opaque, 118 % is scaled down and said, more is refused and the fund is opaque."""
    ours, other = weights.split(",")
    list_, found = told(run, put, f"Name,ISIN,Weight (%)\nHIKVISION,CNE100000PM8,{ours}\nOther,,{other}\n")
    assert any(words in note for note in list_.notes)
    assert found.opaque == opaque


def test_a_number_that_is_no_weight_is_left_out(run: Runner, put: Put) -> None:
    """`Amount of companies, 2,344` below a second title is no weight, and is said."""
    lines = "".join(f"Company {number},0.2\n" for number in range(5))
    list_, _ = told(run, put, f'Company,Index Weight\n{lines}Amount of companies,"2,344"\nFiling Date,"Apr 26, 2024"\n')
    assert (list_.weights, list_.notes[1]) == ("1.0", "1 lines state a weight that can be none, such as 2,344 %; they were left out")


def test_negative_values_stay_negative(run: Runner, put: Put) -> None:
    """Shorts by sign, by brackets and by a column that says so; totals are net."""
    rows = 'ZTE,CNE1000004Y2,Short,40.00\nHIKVISION,CNE100000PM8,Long,(10.00)\nIFLYTEK,CNE100000B81,Long,-5.00\nOther,,Long,"1,000.00"\n'
    found = portfolio(run, put("a.csv", "Name,ISIN,Long/Short,Market Value (USD)\n" + rows))
    assert {item.group: (item.long, item.short) for item in found.companies} == {
        "zte": ("0.00", "40.00"),
        "hikvision": ("0.00", "10.00"),
        "iflytek": ("0.00", "5.00"),
    }
    assert found.total == "945.00"


def test_currencies_are_never_mixed_or_guessed(run: Runner, put: Put) -> None:
    """A portfolio for each currency; one without says that the file does not say."""
    report = run(put("a.csv", "Name,Currency,Market Value\nHIKVISION,USD,10.00\nHIKVISION,GBP,20.00\nHIKVISION,,30.00\n"))
    assert report.aggregates.funds is not None
    assert {item.currency: item.found for item in report.aggregates.funds.portfolios} == {"USD": "10.00", "GBP": "20.00", "": "30.00"}
    unsaid = next(item for item in report.aggregates.funds.portfolios if not item.currency)
    assert "the file does not say which currency its values are in" in unsaid.notes


@pytest.mark.parametrize(
    ("content", "names", "total", "currency"),
    [
        ('IE00BKM4GZ66,"27,000.00"\nUS46434G1031,100\n', ["IE00BKM4GZ66", "US46434G1031"], "27100.00", ""),
        (
            "Emerging Markets Index Fund;27.000,00\nWorld Tracker Fund;1.000,50\n",
            ["Emerging Markets Index Fund", "World Tracker Fund"],
            "28000.50",
            "",
        ),
        ("Fund\tAmount\nVanguard FTSE Emerging\t£1,200.50\n", ["Vanguard FTSE Emerging"], "1200.50", "GBP"),
        ("iShares Core MSCI EM\nWorld Tracker Fund\n", ["iShares Core MSCI EM", "World Tracker Fund"], "0.00", ""),
    ],
    ids=["isins", "names-german", "header-fund", "names-alone"],
)
def test_plain_lists(run: Runner, put: Put, content: str, names: list[str], total: str, currency: str) -> None:
    """Names or ISINs with amounts, with a header or without: every line is a fund or unknown, and not looked through."""
    report = run(put("plain.txt", content), options=Options(read_as="holdings"))
    assert report.aggregates.funds is not None
    found = report.aggregates.funds.portfolios[0]
    assert sorted(item.name for item in found.not_looked_through) == sorted(names)
    assert (found.total, found.opaque, found.currency) == (total, total, currency)


def test_a_plain_list_is_looked_through(run: Runner, put: Put) -> None:
    """A bare ISIN ties to the list that `funds.csv` names."""
    put("held/some.csv", "Name,ISIN,Market Value\nHIKVISION,CNE100000PM8,10.00\nOther,,90.00\n")
    put("held/funds.csv", "file,name,isin,as of\nsome.csv,Some Fund,IE00BKM4GZ66,2026-03-31\n")
    mine = put("plain.txt", "IE00BKM4GZ66;2.700,00\nIE00B4L5Y983;300,00\n")
    report = run(mine, funds=mine.parent / "held", options=Options(read_as="holdings"))
    assert report.aggregates.funds is not None
    found = report.aggregates.funds.portfolios[0]
    assert (found.found, found.opaque, found.tied[0].by) == ("270.00", "300.00", "isin")


@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(["SOME FUND LP", "Abc L.P.", "Co-Invest IV", "coinvest 2", "iShares X", "S&P 500 X", "PRIVATE EQUITY A"]),
        ),
        max_size=8,
    )
)
def test_the_quick_look_for_funds_never_misses_one(names: list[str]) -> None:
    """Every name that is a fund or a private holding is among those the quick look leaves for the slow one."""
    maybe = set(may_be_opaque([""] * len(names), names))
    assert {number for number, name in enumerate(names) if instrument("", name) in OPAQUE} <= maybe

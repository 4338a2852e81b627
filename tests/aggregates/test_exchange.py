"""Holdings in several currencies as one sum, at the user's rates only."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Runner
from hypothesis import given
from hypothesis import strategies as st

from offlimits.aggregates.exchange import read_rates, together
from offlimits.errors import UsageError
from offlimits.report import CompanyMoney, Portfolio, Together
from offlimits.reports import format_for

WRONG = ["USD", "USD=GBP", "USD=0 GBP", "USD=-1 GBP", "USD=0,79 GBP", "USD=0.79 GBP soon", "GBP=2 GBP", "0.79", "US=1 GBP"]
CENTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def portfolio(parts: list[Decimal], currency: str, body: str = "", on: str = "") -> Portfolio:
    """A portfolio of these four parts, all that is found in two companies."""
    from datetime import date

    half = (parts[0] / 2).quantize(Decimal("0.01"))
    companies = [
        CompanyMoney(
            group=group, kind="shares", long=str(net), short="0.00", net=str(net), of_portfolio="", ownership=[], voting=[], also=[], lines=1,
            measures=[],
        )
        for group, net in (("hikvision", half), ("zte", parts[0] - half))
    ]  # fmt: skip
    found, unclear, other, opaque = map(str, parts)
    return Portfolio(
        source=0, sheet="", body=body, on=date.fromisoformat(on) if on else None, currency=currency, lines=1, total=str(sum(parts)),
        found=found, unclear=unclear, other=other, opaque=opaque, looked_through="", oldest=None, newest=None, companies=companies, tied=[],
        paths=[], not_looked_through=[], not_looked_through_count=0, derivatives=[], unclear_lines=[], notes=[],
    )  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_rate_is_told(text: str) -> None:
    """What is no rate, nought, or no day ends in one line with what to write."""
    with pytest.raises(UsageError) as told:
        read_rates([text])
    assert told.value.hint


@pytest.mark.parametrize("texts", [["USD=0.79 GBP", "EUR=1.1 USD"], ["USD=0.79 GBP", "USD=0.8 GBP"]])
def test_rates_must_agree(texts: list[str]) -> None:
    """One currency is summed into, and each other one has one rate."""
    with pytest.raises(UsageError):
        read_rates(texts)


@given(
    some=st.lists(
        st.tuples(st.lists(CENTS, min_size=4, max_size=4), st.sampled_from(["GBP", "USD", "EUR", "JPY", ""])), min_size=1, max_size=6
    ),
    rate=st.decimals(min_value="0.0001", max_value=500, places=4),
)
def test_parts_are_the_whole(some: list[tuple[list[Decimal], str]], rate: Decimal) -> None:
    """Whatever the rates: the four parts are the total and the companies what was found, to the cent; each portfolio is counted or said."""
    rates = read_rates([f"USD={rate} GBP", "EUR=0.87 GBP 2026-03-31"])
    assert rates is not None
    told = together([portfolio(parts, currency, body=str(number)) for number, (parts, currency) in enumerate(some)], rates)
    assert sum(map(Decimal, (told.found, told.unclear, told.other, told.opaque))) == Decimal(told.total)
    assert sum(Decimal(item.net) for item in told.companies) == Decimal(told.found)
    assert sorted(told.portfolios + told.without_rate) == list(range(len(some)))
    assert {some[number][1] for number in told.without_rate} <= {"JPY", ""}
    exact = sum(
        (sum(parts) * {"GBP": Decimal(1), "USD": rate, "EUR": Decimal("0.87")}.get(currency, Decimal(0)) for parts, currency in some),
        Decimal(0),
    )
    assert abs(exact - Decimal(told.total)) <= Decimal("0.005") * len(some)


def test_one_body_counts_once() -> None:
    """Of a body's lists of several days the latest counts; the others are said."""
    rates = read_rates(["USD=2 GBP"])
    assert rates is not None
    parts = [Decimal(1), Decimal(0), Decimal(0), Decimal(0)]
    told = together([portfolio(parts, "USD", "a", day) for day in ("2025-12-31", "2026-03-31", "2024-12-31")], rates)
    assert (told.portfolios, told.older, told.total) == ([1], 2, "2.00")


def joint(run: Runner, folder: Path) -> tuple[Together, str, str]:
    """Two files in two currencies and one in a third, screened with a rate for one: the sum, the page, the letter."""
    texts = {
        "a.csv": "Name,ISIN,Market Value,Currency\nZTE Corp,CNE1000004Y2,1000.00,GBP\nOther plc,,9000.00,GBP\n",
        "b.csv": "Name,ISIN,Market Value,Currency\nHangzhou Hikvision,CNE100000PM8,200.00,USD\nOther inc,,800.00,USD\n",
        "c.csv": "Name,ISIN,Market Value,Currency\nOther KK,,77.00,JPY\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    report = run(*(folder / name for name in texts), rates=read_rates(["USD=0.79 GBP 2026-03-31"]))
    assert report.aggregates.funds is not None
    assert report.aggregates.funds.together is not None
    page, text = (format_for(Path(f"x{suffix}")).render(report).decode() for suffix in (".html", ".txt"))
    return report.aggregates.funds.together, page, text


def test_reports_say_whose_rates(run: Runner, tmp_path: Path) -> None:
    """The sum, the rates with their day and what has none stand in the JSON, on the page and in the letter."""
    told, page, text = joint(run, tmp_path)
    assert (told.total, told.found, told.other) == ("10790.00", "1158.00", "9632.00")
    assert [(item.group, item.net) for item in told.companies] == [("zte", "1000.00"), ("hikvision", "158.00")]
    assert told.without_rate == [2]
    for shown in (page, text):
        assert "1 USD = 0.79 GBP of 2026-03-31" in shown
        assert "1 portfolio in a currency without a rate" in shown


def test_without_rates_nothing_is_added(run: Runner, tmp_path: Path) -> None:
    """Currencies stand apart where the user gives no rate."""
    (tmp_path / "a.csv").write_text("Name,ISIN,Market Value,Currency\nZTE Corp,CNE1000004Y2,1.00,GBP\nZTE Corp,CNE1000004Y2,1.00,USD\n")
    report = run(tmp_path / "a.csv")
    assert report.aggregates.funds is not None
    assert report.aggregates.funds.together is None
    assert len(report.aggregates.funds.portfolios) == 2

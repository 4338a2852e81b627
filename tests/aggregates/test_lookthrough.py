"""Money through funds and control by majority: worked cases with their answers, and conservation for random graphs with rings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offlimits.aggregates.compositions import compositions
from offlimits.aggregates.control import RULES, owned_by_majority
from offlimits.aggregates.funds import fund_exposure
from offlimits.aggregates.graph import Flow
from offlimits.aggregates.lookthrough import SOLVED_WHOLE, rings, settle
from offlimits.aggregates.numbers import to_cents
from offlimits.aggregates.positions import Account, Holdings, Named, Position
from offlimits.report import At, Portfolio

DAY = date(2026, 3, 31)
TARGET = (Named("hikvision", "hikvision", "exact"),)


def position(name: str, value: str, companies: tuple[Named, ...] = (), kind: Any = "share") -> Position:
    """One line of made holdings."""
    return Position(at=At(source=0, line=1), name=name, kind=kind, value=Decimal(value), companies=companies)


def holdings(name: str, *lines: Position, facts: dict[str, str] | None = None) -> Holdings:
    """A made table of one account."""
    account = Account(name, DAY, "USD", len(lines), sum((line.value or Decimal(0) for line in lines), Decimal(0)), positions=list(lines))
    return Holdings(0, f"{name}.csv", "", "sheet", facts or {}, [], [account])


def looked_through(mine: Holdings, *lists: Holdings) -> Portfolio:
    """The portfolio looked through, its four sums checked to the cent."""
    exposure = fund_exposure([mine], lists, {}, DAY)
    assert exposure is not None
    portfolio = exposure.portfolios[0]
    parts = (portfolio.found, portfolio.unclear, portfolio.other, portfolio.opaque)
    assert sum(map(Decimal, parts)) == Decimal(portfolio.total)
    return portfolio


def fund(name: str, value: str) -> Position:
    """A line that is a fund."""
    return position(name, value, kind="fund")


def test_feeder_master_index_fund() -> None:
    """A feeder wholly in a master that is 40 % an index fund of which 0.15685 % is ours: 0.06274 % of the feeder."""
    portfolio = looked_through(
        holdings("mine", fund("Feeder Fund", "1000000.00")),
        holdings("Feeder Fund", fund("Master Fund", "500.00")),
        holdings("Master Fund", fund("Index Fund", "400.00"), position("Bond of somebody", "600.00", kind="bond")),
        holdings("Index Fund", position("HIKVISION", "15685.00", TARGET), position("Others", "9984315.00")),
    )
    assert (portfolio.found, portfolio.other, portfolio.opaque) == ("627.40", "999372.60", "0.00")
    assert [(path.lists, path.amount) for path in portfolio.paths] == [([0, 1, 2], "627.40")]


def test_funds_that_hold_each_other() -> None:
    """A and B hold a tenth of each other, B 5 % of ours: the whole geometric series, 0.1 × 0.05 / (1 − 0.01)."""
    lists = (
        holdings("Fund A", fund("Fund B", "10.00"), position("Others", "90.00")),
        holdings("Fund B", fund("Fund A", "10.00"), position("HIKVISION", "5.00", TARGET), position("Others", "85.00")),
    )
    assert looked_through(holdings("mine", fund("Fund A", "990000.00")), *lists).found == "5000.00"
    assert looked_through(holdings("mine", fund("Fund B", "990000.00")), *lists).found == "50000.00"
    assert Flow(compositions(lists, {})).rings() == [[0, 1]]


def test_funds_that_hold_each_other_whole_are_opaque() -> None:
    """Money that never leaves a ring is in no company and not in other: it was not looked through, and is said so."""
    lists = (holdings("Fund A", fund("Fund B", "10.00")), holdings("Fund B", fund("Fund A", "10.00")))
    portfolio = looked_through(holdings("mine", fund("Fund A", "100.00"), position("Others", "50.00")), *lists)
    assert (portfolio.opaque, portfolio.other) == ("100.00", "50.00")
    assert "never leaves" in portfolio.not_looked_through[0].reason


def test_long_short_and_net() -> None:
    """Long 100 of the A share (20 of them lent out, which stay), short 40 of the H share: 100, 40, 60; the swap's 30 stand apart."""
    swap = msgspec_replace(position("TRS", "0.50", TARGET, kind="swap"), exposure=Decimal(30))
    portfolio = looked_through(
        holdings("mine", position("A share", "100.00", TARGET), position("H share", "-40.00", TARGET), swap, position("Others", "39.50"))
    )
    company = portfolio.companies[0]
    assert (company.long, company.short, company.net) == ("100.00", "40.00", "60.00")
    assert [(item.value, item.exposure) for item in portfolio.derivatives] == [("0.50", "30.00")]


def test_a_short_of_a_fund_turns_sides() -> None:
    """Short a fund that is long: short. Short a fund that is short: long."""
    lists = (
        holdings("Fund A", position("HIKVISION", "30.00", TARGET), position("H share", "-10.00", TARGET), position("Others", "80.00")),
    )
    company = looked_through(holdings("mine", fund("Fund A", "-50.00"), position("Others", "150.00")), *lists).companies[0]
    assert (company.long, company.short, company.net) == ("5.00", "15.00", "-10.00")


def test_what_a_list_leaves_out_is_opaque() -> None:
    """Lines that sum to 90 % of the net assets a filing states: a tenth was not looked through."""
    told = holdings("Fund A", position("HIKVISION", "30.00", TARGET), position("Others", "60.00"), facts={"net-assets": "100"})
    portfolio = looked_through(holdings("mine", fund("Fund A", "1000.00")), told)
    assert (portfolio.found, portfolio.opaque, portfolio.other) == ("300.00", "100.00", "600.00")
    assert portfolio.not_looked_through[0].reason == "what its list leaves out"


def test_lines_above_the_net_assets_are_borrowed_for() -> None:
    """Lines that sum to 118 % of the net assets: exposure is what the fund holds, and the debt stands in other."""
    told = holdings("Fund A", position("HIKVISION", "18.00", TARGET), position("Others", "100.00"), facts={"net-assets": "100"})
    portfolio = looked_through(holdings("mine", fund("Fund A", "1000.00")), told)
    assert (portfolio.found, portfolio.other, portfolio.opaque) == ("180.00", "820.00", "0.00")


@pytest.mark.parametrize("relation", ["joint", "former", "made-by", "mention"])
def test_unclear_ties_are_a_sum_of_their_own(relation: Any) -> None:
    """A joint, former or possible tie is counted neither as theirs nor as other, also inside a fund."""
    doubtful = (Named("zte", "netas", "exact", relation),)
    told = holdings("Fund A", position("Netas", "10.00", doubtful), position("Others", "90.00"))
    portfolio = looked_through(holdings("mine", fund("Fund A", "1000.00"), position("Netas", "5.00", doubtful)), told)
    assert (portfolio.found, portfolio.unclear) == ("0.00", "105.00")
    assert [line.reason for line in portfolio.unclear_lines] == [relation, relation]


def msgspec_replace(item: Position, **changes: Any) -> Position:
    """A position with something changed."""
    import msgspec

    return msgspec.structs.replace(item, **changes)


# --- conservation -------------------------------------------------------------------------------

MONEY = st.integers(min_value=-50_000, max_value=1_000_000).map(lambda cents: Decimal(cents) / 100)
KINDS = st.sampled_from(["share", "bond", "fund", "private", "swap", "convertible"])


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Holdings, list[Holdings]]:
    """Up to seven funds that hold each other, companies, strangers and funds without a list, longs and shorts; and a portfolio of them."""
    count = draw(st.integers(min_value=0, max_value=7))
    names = [f"Fund {letter}" for letter in "ABCDEFG"[:count]]

    def lines(least: int) -> list[Position]:
        drawn = []
        for _ in range(draw(st.integers(min_value=least, max_value=6))):
            amount = str(draw(MONEY))
            if names and draw(st.booleans()):
                drawn.append(fund(draw(st.sampled_from(names)), amount))
            else:
                ours = draw(st.sampled_from([(), (), TARGET, (Named("zte", "netas", "exact", "joint"),)]))
                drawn.append(position(draw(st.sampled_from(["X", "Y", "Z"])), amount, ours, draw(KINDS)))
        return drawn

    stated = [{"net-assets": str(draw(MONEY))} if draw(st.booleans()) else {} for _ in names]
    return holdings("mine", *lines(1)), [holdings(name, *lines(0), facts=facts) for name, facts in zip(names, stated, strict=True)]


@given(graphs())
@settings(max_examples=400, deadline=None)
def test_what_goes_in_comes_out(drawn: tuple[Holdings, list[Holdings]]) -> None:
    """Total = companies + unclear + other + not looked through, to the cent, counted each by itself: `to_cents` refuses anything lost."""
    portfolio = looked_through(drawn[0], *drawn[1])
    assert sum((Decimal(item.net) for item in portfolio.companies), Decimal(0)) == Decimal(portfolio.found)
    assert all(Decimal(item.net) == Decimal(item.long) - Decimal(item.short) for item in portfolio.companies)
    assert all(Decimal(item.short) >= 0 for item in portfolio.companies)


@given(st.integers(min_value=SOLVED_WHOLE + 1, max_value=SOLVED_WHOLE + 30), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_a_large_ring_by_rounds_is_the_small_one_solved(size: int, random: Any) -> None:
    """A ring too large for elimination: every node holds what the equations ask, to the last digits of a double."""
    edges = {
        node: [((node + 1) % size, Decimal(random.randint(1, 60)) / 100), (random.randrange(size), Decimal(random.randint(0, 30)) / 100)]
        for node in range(size)
    }
    held, stuck = settle(edges, {0: Decimal(1)})
    assert not stuck
    for node in range(size):
        into = sum((held[other] * part for other, parts in edges.items() for inner, part in parts if inner == node), Decimal(node == 0))
        assert abs(into - held[node]) < Decimal("1e-12")


def test_rings_come_before_what_they_lead_to() -> None:
    """Components in the order in which money passes them; a chain of ten thousand needs no recursion."""
    edges = {0: [(1, Decimal(1))], 1: [(2, Decimal(1)), (0, Decimal("0.5"))], 2: [(3, Decimal(1))]}
    assert [sorted(ring) for ring in rings(edges, [0])] == [[0, 1], [2], [3]]
    chain = {node: [(node + 1, Decimal(1))] for node in range(10_000)}
    assert settle(chain, {0: Decimal(7)})[0][10_000] == Decimal(7)


def test_rounding_never_hides_a_loss() -> None:
    """Parts are rounded to sum exactly; a whole that they cannot make is an error."""
    assert sum(to_cents([Decimal(1) / 3] * 3, Decimal("1.00"))) == Decimal("1.00")
    with pytest.raises(ArithmeticError):
        to_cents([Decimal(1)], Decimal("1.50"))


# --- control ------------------------------------------------------------------------------------


def shares(text: str) -> dict[tuple[str, str], Decimal]:
    """`X-A .5, A-B .5` as shares."""
    parts = (part.split() for part in text.split(", "))
    return {(pair.split("-")[0], pair.split("-")[1]): Decimal(share) for pair, share in parts}


def test_control_does_not_multiply() -> None:
    """OFAC's FAQ 401: half of A, A half of B: B too, though the product is a quarter."""
    assert set(owned_by_majority({"X"}, shares("X-A .5, A-B .5"))) == {"A", "B"}


def test_control_adds_up_through_owned_companies() -> None:
    """A quarter through each of two companies owned by half makes half."""
    assert owned_by_majority({"X"}, shares("X-A .5, X-B .5, A-C .25, B-C .25"))["C"] == Decimal("0.5")


def test_a_minority_in_between_does_not_count() -> None:
    """40 % through an owned company and 50 % through one held by a tenth: not half."""
    assert "C" not in owned_by_majority({"X"}, shares("X-A .5, X-B .1, A-C .4, B-C .5"))


def test_a_rule_may_ask_for_more_than_half_and_for_one_owner() -> None:
    """The UK's rule: more than half, and holdings of several are not added up unless they act together."""
    rule = RULES["uk-sanctions"]
    assert "A" not in owned_by_majority({"X"}, shares("X-A .5"), rule)
    assert set(owned_by_majority({"X"}, shares("X-A .51"), rule)) == {"A"}
    assert "C" not in owned_by_majority({"X", "Y"}, shares("X-C .3, Y-C .3"), rule)
    assert "C" in owned_by_majority({"X", "Y"}, shares("X-C .3, Y-C .3"), RULES["us-ofac"])

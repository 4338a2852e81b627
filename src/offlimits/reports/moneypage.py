"""What the page says of money: one view for each portfolio, the portfolios with money in listed companies first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from markupsafe import Markup

from offlimits.report import FundExposure, Portfolio, Report
from offlimits.reports import flows, letter

MOST_PORTFOLIOS = 20
MOST_LINES = 100


class MoneyView(msgspec.Struct, frozen=True, kw_only=True):
    """A portfolio with its words and pictures."""

    portfolio: Portfolio
    title: str
    headline: str
    bar: Markup
    picture: Markup
    letter: str


def money_context(report: Report) -> dict[str, Any]:
    """Everything the section about money may use."""
    funds = report.aggregates.funds
    if funds is None:
        return {"money_views": [], "money_left_out": 0, "funds": None, "money_found": "", "joint": ""}
    ordered = sorted(funds.portfolios, key=lambda item: not item.companies)
    return {
        "funds": funds,
        "money_views": [money_view(report, funds, item) for item in ordered[:MOST_PORTFOLIOS]],
        "money_left_out": max(len(ordered) - MOST_PORTFOLIOS, 0),
        "money_found": found(funds),
        "joint": letter.joint_headline(funds.together) if funds.together else "",
        "money_lines": MOST_LINES,
        "tie_words": letter.TIES,
        "parts": flows.PARTS,
        "cash": letter.money,
        "paper": letter.kind,
        "unit": letter.unit,
    }


def money_view(report: Report, funds: FundExposure, portfolio: Portfolio) -> MoneyView:
    """One portfolio with its words and pictures."""
    words = letter.headline(portfolio)
    path = letter.file_name(report.sources[portfolio.source].path) if portfolio.source < len(report.sources) else ""
    return MoneyView(
        portfolio=portfolio,
        title=", ".join(filter(None, (portfolio.body or path, portfolio.sheet, str(portfolio.on or "")))),
        headline=words[:1].upper() + words[1:],
        bar=flows.whole(portfolio),
        picture=flows.ways(funds, portfolio, {key: entity.short for key, entity in report.entities.items()}),
        letter=letter.printable_lines(letter.letter(report, funds, portfolio)),
    )


def found(funds: FundExposure) -> str:
    """Where one portfolio has money in listed companies, how much; where several have, how many. Empty where none has."""
    told = funds.together
    if told and told.companies:
        return f"Of {letter.money(told.total)} {told.currency} together, {letter.money(told.found)} end in listed companies"
    with_money = [item for item in funds.portfolios if item.companies]
    if len(with_money) == 1 and Decimal(with_money[0].found):
        only = with_money[0]
        return f"Of {letter.money(only.total)} {letter.unit(only)}, {letter.money(only.found)} end in listed companies"
    return f"{len(with_money):,} portfolios have money in listed companies" if with_money else ""

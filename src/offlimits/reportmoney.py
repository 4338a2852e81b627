"""The part of the contract about money: portfolios, lists of funds, ways, what was not looked through; and control by ownership."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from offlimits.reportbase import Amount, At, MeasureState, Part


class FundList(Part, frozen=True):
    """One list of what a fund holds: whose, of which day, how many lines, what they sum to. `weights` is the sum of stated weights."""

    path: str
    name: str
    ids: dict[str, list[str]]
    on: date | None
    currency: str
    lines: int
    total: str
    weights: str
    by: Literal["value", "weight"]
    notes: list[str]


class MoneyPath(Part, frozen=True):
    """One way the money goes: from a line of `tied` through lists (numbers in `lists`) to a company; `share` of the line, and money.

    `rule` and `evidence` say by what the holding was taken for the company.
    """

    line: int
    lists: list[int]
    group: str
    holding: str
    kind: str
    side: Literal["long", "short"]
    share: str
    amount: str
    rule: str
    evidence: list[str]


class MoneyLine(Part, frozen=True):
    """One line of a portfolio that a list was tied to: which list, how well it fits (`tie`), by which key, and the days between the two
    (list − line; null where one has no day). `found` is what of it ends in listed companies."""

    at: At
    name: str
    amount: str
    list: int
    tie: Literal["EXACT", "SAME-INDEX", "PROXY"]
    by: str
    gap_days: int | None
    found: dict[str, str]


class Opaque(Part, frozen=True):
    """Money that was not looked through, and why: a fund or a private holding without a list, or a part that a list leaves out."""

    at: At | None
    name: str
    amount: str
    reason: str


class CompanyMoney(Part, frozen=True):
    """What of a portfolio ends in one listed group, in one kind of paper (`shares`, `debt`, `note-of-a-bank`). `net = long − short`.

    `of_portfolio` is the net part in percent; `of_company` what part of the company a line states, ownership and voting apart.
    """

    group: str
    kind: str
    long: str
    short: str
    net: str
    of_portfolio: str
    ownership: list[str]
    voting: list[str]
    also: list[Amount]
    lines: int
    measures: list[MeasureState]


class DerivativeMoney(Part, frozen=True):
    """A derivative on a listed company: its market value is no exposure; `exposure` is notional × delta, null where unknown."""

    at: At
    name: str
    group: str
    kind: str
    option: str
    value: str
    exposure: str | None


class Unclear(Part, frozen=True):
    """A line that may be a listed company's, and why its money is not counted as the group's (`reason`): `possible` is a weak match;
    `joint`, `former`, `made-by`, `mention` name the tie; `identifier-name-disagree`: nothing was chosen; `no-value`: it states no money."""

    at: At
    name: str
    groups: list[str]
    amount: str
    reason: str


class Portfolio(Part, frozen=True):
    """One body's holdings on one day in one currency. `total = found + unclear + other + opaque`, to the cent.

    `looked_through` is the part of the total in percent that is not opaque.
    """

    source: int
    sheet: str
    body: str
    on: date | None
    currency: str
    lines: int
    total: str
    found: str
    unclear: str
    other: str
    opaque: str
    looked_through: str
    oldest: date | None
    newest: date | None
    companies: list[CompanyMoney]
    tied: list[MoneyLine]
    paths: list[MoneyPath]
    not_looked_through: list[Opaque]
    not_looked_through_count: int
    derivatives: list[DerivativeMoney]
    unclear_lines: list[Unclear]
    notes: list[str]


class RateUsed(Part, frozen=True):
    """One unit of `currency` in the currency of the sum, as the user gave it, and the day the user gave for it."""

    currency: str
    rate: str
    on: date | None


class CompanyTogether(Part, frozen=True):
    """What of several portfolios ends in one listed group, net."""

    group: str
    net: str


class Together(Part, frozen=True):
    """Portfolios (numbers in `portfolios`) as one sum in one currency, at the user's rates. `total = found + unclear + other + opaque`.

    `older` portfolios are earlier days of the same holdings, which count once; `without_rate` are in a currency without a rate, or in none.
    """

    currency: str
    rates: list[RateUsed]
    portfolios: list[int]
    total: str
    found: str
    unclear: str
    other: str
    opaque: str
    companies: list[CompanyTogether]
    older: int
    without_rate: list[int]


class FundExposure(Part, frozen=True):
    """Money, multiplied along holdings: portfolios, the lists they were looked through with, rings of funds that hold each other, and what
    of the lists could not be read (`unread`, in words). `together` is one sum over portfolios, where the user gave rates."""

    lists: list[FundList]
    portfolios: list[Portfolio]
    rings: list[list[int]]
    unread: list[str] = msgspec.field(default_factory=list)
    together: Together | None = None


class ControlReach(Part, frozen=True):
    """A company that a measure's own rule on ownership reaches, though the measure does not name it: `share` percent of it counted, held by
    `owners` that are named or reached themselves. `rule` is the rule with its source."""

    company: str
    share: str
    owners: list[str]
    measures: list[str]
    rule: str

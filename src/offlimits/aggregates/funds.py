"""FundExposure: what of a portfolio ends in listed companies, through which funds, as of when, and what nobody could look through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from offlimits.aggregates.compositions import Composition, Compositions, Tie, compositions
from offlimits.aggregates.graph import Arrival, Flow
from offlimits.aggregates.instruments import DEBT, DERIVATIVES, OPAQUE
from offlimits.aggregates.numbers import to_cents
from offlimits.aggregates.positions import Account, Holdings, Position
from offlimits.report import (
    Amount,
    CompanyMoney,
    DerivativeMoney,
    FundExposure,
    FundList,
    MoneyLine,
    MoneyPath,
    Opaque,
    Portfolio,
    Unclear,
)

SHOWN_LINES = 500
"""Opaque lines and paths of one portfolio that a report lists, the largest first; all are counted."""

CENT = Decimal("0.01")


def fund_exposure(
    tables: Sequence[Holdings], lists: Sequence[Holdings], said: Mapping[str, Mapping[str, str]], as_of: date
) -> FundExposure | None:
    """Every portfolio looked through with every list. None where no table holds holdings."""
    if not tables:
        return None
    known = compositions(lists, said)
    flow = Flow(known)
    portfolios = [_Walk(table, account, known, flow, as_of).portfolio() for table in tables for account in table.accounts if account.lines]
    return FundExposure(lists=[_listed(item) for item in known.lists], portfolios=portfolios, rings=flow.rings())


def _listed(item: Composition) -> FundList:
    return FundList(
        path=item.path,
        name=item.name,
        ids={kind: list(values) for kind, values in item.ids.items() if values and kind != "name"},
        on=item.on,
        currency=item.currency,
        lines=item.lines,
        total=f"{item.total:.2f}" if item.by == "value" else "",
        weights=f"{item.weights:f}",
        by=item.by,
        notes=list(item.notes),
    )


def bucket(position: Position) -> str:
    """Which kind of money a company's line is; empty for derivatives, whose value is not what they stand for."""
    if position.kind in DERIVATIVES:
        return ""
    return "debt" if position.kind in DEBT else "note-of-a-bank" if position.kind == "participatory-note" else "shares"


class _Money(msgspec.Struct):
    """Long and short money of one group and kind, exact."""

    long: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    ownership: list[str] = msgspec.field(default_factory=list)
    voting: list[str] = msgspec.field(default_factory=list)
    also: dict[str, Decimal] = msgspec.field(default_factory=dict)
    lines: int = 0

    def add(self, amount: Decimal) -> None:
        if amount >= 0:
            self.long += amount
        else:
            self.short -= amount


class _Walk:
    """One portfolio on its way: every line goes into one of four sums."""

    def __init__(self, table: Holdings, account: Account, known: Compositions, flow: Flow, as_of: date) -> None:
        self.table, self.account, self.known, self.flow, self.as_of = table, account, known, flow, as_of
        self.weighed = table.by_weight
        self.companies: dict[tuple[str, str], _Money] = {}
        self.unclear: list[Unclear] = []
        self.opaque: list[Opaque] = []
        self.tied: list[MoneyLine] = []
        self.paths: list[MoneyPath] = []
        self.derivatives: list[DerivativeMoney] = []
        self.days: list[date] = []
        self.sums = {"unclear": Decimal(0), "opaque": Decimal(0)}

    def portfolio(self) -> Portfolio:
        for position in self.account.positions:
            self.take(position, self.money(position))
        total = (self.account.weights * 100 if self.weighed else self.account.total).quantize(CENT)
        keys = sorted(self.companies)
        nets = [self.companies[key].long - self.companies[key].short for key in keys]
        other = total - sum(nets) - sum(self.sums.values())
        cents = to_cents([*nets, self.sums["unclear"], self.sums["opaque"], other], total)
        found = sum(cents[: len(keys)], Decimal("0.00"))
        return Portfolio(
            source=self.table.source,
            sheet=self.table.sheet,
            body=self.account.body,
            on=self.account.on,
            currency="%" if self.weighed else self.account.currency,
            lines=self.account.lines,
            total=str(total),
            found=str(found),
            unclear=str(cents[-3]),
            other=str(cents[-1]),
            opaque=str(cents[-2]),
            looked_through=_percent(total - cents[-2], total, 2),
            oldest=min(self.days, default=self.account.on),
            newest=max(self.days, default=self.account.on),
            companies=[self._company(key, net, total) for key, net in zip(keys, cents, strict=False)],
            tied=self.tied,
            paths=sorted(self.paths, key=lambda path: -abs(Decimal(path.amount)))[:SHOWN_LINES],
            not_looked_through=sorted(self.opaque, key=lambda item: -abs(Decimal(item.amount)))[:SHOWN_LINES],
            not_looked_through_count=len(self.opaque),
            derivatives=self.derivatives,
            unclear_lines=self.unclear,
            notes=self.notes(),
        )

    def notes(self) -> list[str]:
        notes = []
        if self.account.unvalued and not self.weighed:
            notes.append(f"{self.account.unvalued:,} lines have no value that could be read; they are in no sum")
        if stated := self.table.facts.get("net-assets"):
            notes.append(f"lines sum to {self.account.total:,.2f}; the filing states net assets of {Decimal(stated):,.2f}")
        if self.account.repeated:
            notes.append(f"{self.account.repeated:,} lines say again what a line before says, and were left out")
        if self.table.thousands:
            notes.append("values were read as thousands of dollars, as Form 13F asked until the end of 2022")
        if self.weighed:
            notes.append(f"the file has weights and no values, which sum to {self.account.weights * 100:.2f} %; sums are in percent of it")
        if not self.account.currency and not self.weighed:
            notes.append("the file does not say which currency its values are in")
        return notes

    def money(self, position: Position) -> Decimal:
        return (position.weight or Decimal(0)) * 100 if self.weighed else position.value or Decimal(0)

    def take(self, position: Position, amount: Decimal) -> None:
        if position.companies:
            self.take_company(position, amount)
            return
        tie = self.known.tie(position, self.account.on or self.as_of)
        if tie is not None:
            self.look_through(position, amount, tie)
        elif position.kind in OPAQUE:
            self.leave(position, amount, "no list of what it holds was given")

    def leave(self, position: Position, amount: Decimal, reason: str) -> None:
        self.sums["opaque"] += amount
        self.opaque.append(Opaque(at=position.at, name=position.name, amount=_cents(amount), reason=reason))

    def take_company(self, position: Position, amount: Decimal) -> None:
        first = position.companies[0]
        if first.doubt:
            self.sums["unclear"] += amount
            groups = list(dict.fromkeys(named.group for named in position.companies))
            reason = first.doubt
            self.unclear.append(Unclear(at=position.at, name=position.name, groups=groups, amount=_cents(amount), reason=reason))
            return
        kind = bucket(position)
        if not kind:
            self.derivatives.append(derivative(position, first.group))
            return
        money = self.companies.setdefault((first.group, kind), _Money())
        money.add(amount)
        money.lines += 1
        money.ownership += [position.ownership] if position.ownership else []
        money.voting += [position.voting] if position.voting else []
        for code, value in position.also.items():
            money.also[code] = money.also.get(code, Decimal(0)) + value

    def look_through(self, position: Position, amount: Decimal, tie: tuple[int, Tie, str, int | None]) -> None:
        number, fit, by, gap = tie
        arrival = self.flow.from_fund(number)
        found: dict[str, str] = {}
        for (group, kind), (long, short) in arrival.companies.items():
            money = self.companies.setdefault((group, kind), _Money())
            money.long += amount * long if amount >= 0 else -amount * short
            money.short += amount * short if amount >= 0 else -amount * long
            money.lines += 1
            found[group] = _cents(Decimal(found.get(group, "0")) + amount * (long - short))
        self.sums["unclear"] += amount * arrival.unclear
        self._leave_within(position, amount, arrival)
        self.days += [day for reached in arrival.funds if (day := self.known.lists[reached].on)]
        line = len(self.tied)
        self.tied.append(
            MoneyLine(at=position.at, name=position.name, amount=_cents(amount), list=number, tie=fit, by=by, gap_days=gap, found=found)
        )
        self.paths += [
            MoneyPath(
                line=line,
                lists=list(way.funds),
                group=way.group,
                holding=way.holding,
                kind=way.kind,
                side="long" if way.share * amount >= 0 else "short",
                share=f"{way.share:.12f}",
                amount=_cents(way.share * amount),
            )
            for way in self.flow.ways(number)
        ]

    def _leave_within(self, position: Position, amount: Decimal, arrival: Arrival) -> None:
        for number, share in arrival.opaque.items():
            fund = self.known.lists[number]
            self.sums["opaque"] += amount * share
            reason = (
                "funds inside it, of which no list was given"
                if not fund.unlisted
                else "funds inside it without a list, and what its list leaves out"
            )
            self.opaque.append(Opaque(at=position.at, name=f"in {fund.name}", amount=_cents(amount * share), reason=reason))

    def _company(self, key: tuple[str, str], net: Decimal, total: Decimal) -> CompanyMoney:
        money = self.companies[key]
        short = money.short.quantize(CENT)
        return CompanyMoney(
            group=key[0],
            kind=key[1],
            long=str(net + short),
            short=str(short),
            net=str(net),
            of_portfolio=_percent(net, total, 5),
            ownership=money.ownership,
            voting=money.voting,
            also=[Amount(value=f"{value:.2f}", currency=code) for code, value in sorted(money.also.items())],
            lines=money.lines,
        )


def derivative(position: Position, group: str) -> DerivativeMoney:
    """A derivative as the report shows it."""
    return DerivativeMoney(
        at=position.at,
        name=position.name,
        group=group,
        kind=position.kind,
        option=position.option,
        value=_cents(position.value or Decimal(0)),
        exposure=None if position.exposure is None else _cents(position.exposure),
    )


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


def _percent(part: Decimal, whole: Decimal, places: int) -> str:
    return f"{part * 100 / whole:.{places}f}" if whole else ""

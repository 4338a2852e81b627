"""FundExposure: what of a portfolio ends in listed companies, through which funds, as of when, and what nobody could look through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from offlimits.aggregates.compositions import Composition, Compositions, Tied, compositions
from offlimits.aggregates.control import Stakes, reached_by_control
from offlimits.aggregates.exchange import Rates, together
from offlimits.aggregates.graph import MAX_WAYS, NO_LIST, UNKNOWN, Arrival, End, Flow, bucket
from offlimits.aggregates.indexed import indexed_lists
from offlimits.aggregates.instruments import DERIVATIVES, OPAQUE
from offlimits.aggregates.numbers import to_cents
from offlimits.aggregates.positions import Account, Holdings, Named, Position
from offlimits.files import walk
from offlimits.fundindex import is_fund_index
from offlimits.registry import Registry
from offlimits.report import (
    Aggregates,
    Amount,
    At,
    CompanyMoney,
    DerivativeMoney,
    FundExposure,
    FundList,
    MeasureState,
    MoneyLine,
    MoneyPath,
    Opaque,
    Portfolio,
    Unclear,
)

if TYPE_CHECKING:
    from offlimits.folding import Outcome

SHOWN_LINES = 500
"""Opaque lines and paths of one portfolio that a report lists, the largest first; all are counted."""

CENT = Decimal("0.01")


def indexes_in(folder: Path) -> list[Composition]:
    """What the indexes of funds in a folder know."""
    return [item for path, _ in walk(folder) if path.suffix == ".json" and is_fund_index(path) for item in indexed_lists(path)]


def gather(
    registry: Registry,
    outcomes: Sequence[Outcome],
    lists: Sequence[Outcome],
    said: Mapping[str, Mapping[str, str]],
    as_of: date,
    folder: Path | None = None,
    rates: Rates | None = None,
) -> Aggregates:
    """What only the whole run can tell. `lists` are the parts of `--funds`, `folder` itself, and `said` its `funds.csv`; with `rates` of
    the user's, what all portfolios are together."""
    held, known = ([table for outcome in some for table in outcome.holdings if isinstance(table, Holdings)] for some in (outcomes, lists))
    stakes = [told for outcome in outcomes for told in outcome.holdings if isinstance(told, Stakes)]
    exposure = fund_exposure(held, known, said, as_of, indexes_in(folder) if folder else ())
    if exposure is not None and (faults := [text for outcome in lists for text in _unread(outcome)]):
        exposure = msgspec.structs.replace(exposure, unread=faults)
    if exposure is not None and rates is not None:
        exposure = msgspec.structs.replace(exposure, together=together(exposure.portfolios, rates))
    return Aggregates(funds=exposure, control=reached_by_control(stakes, registry))


def _unread(outcome: Outcome) -> Iterator[str]:
    """What of one list could not be read: nothing of it may be missed in silence."""
    for code, count in outcome.tally.rejects.items():
        reason = next((reject.reason for reject in outcome.rejects if reject.code == code), "")
        yield f"{outcome.path}: {count:,} × {code}: {reason}"
    if not outcome.tally.rejects and not any(isinstance(table, Holdings) and table.accounts for table in outcome.holdings):
        yield f"{outcome.path}: no holdings were recognised in it"


def fund_exposure(
    tables: Sequence[Holdings],
    lists: Sequence[Holdings],
    said: Mapping[str, Mapping[str, str]],
    as_of: date,
    indexed: Sequence[Composition] = (),
) -> FundExposure | None:
    """Every portfolio looked through with every list. None where no table holds holdings. Of an index only what was reached is told."""
    if not tables:
        return None
    known = compositions(lists, said, indexed)
    flow = Flow(known)
    portfolios = [_Walk(table, account, known, flow, as_of).portfolio() for table in tables for account in table.accounts if account.lines]
    from_files = len(known.lists) - len(indexed)
    return _reached_only(FundExposure(lists=[_listed(item) for item in known.lists], portfolios=portfolios, rings=flow.rings()), from_files)


def _reached_only(exposure: FundExposure, from_files: int) -> FundExposure:
    """Lists from files, and of the thousands in an index only those that some money passes; numbers follow."""
    kept = set(range(from_files))
    for portfolio in exposure.portfolios:
        kept |= {line.list for line in portfolio.tied} | {number for path in portfolio.paths for number in path.lists}
    if len(kept) == len(exposure.lists):
        return exposure
    at = {old: new for new, old in enumerate(sorted(kept))}
    return FundExposure(
        lists=[exposure.lists[old] for old in sorted(kept)],
        portfolios=[_renumbered(portfolio, at) for portfolio in exposure.portfolios],
        rings=[[at[number] for number in ring] for ring in exposure.rings if kept.issuperset(ring)],
        unread=exposure.unread,
    )


def _renumbered(portfolio: Portfolio, at: Mapping[int, int]) -> Portfolio:
    replace = msgspec.structs.replace
    return replace(
        portfolio,
        tied=[replace(line, list=at[line.list]) for line in portfolio.tied],
        paths=[replace(path, lists=[at[number] for number in path.lists]) for path in portfolio.paths],
    )


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


class _Money(msgspec.Struct):
    """Long and short money of one group and kind, exact."""

    long: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    ownership: list[str] = msgspec.field(default_factory=list)
    voting: list[str] = msgspec.field(default_factory=list)
    also: dict[str, Decimal] = msgspec.field(default_factory=dict)
    lines: int = 0
    measures: tuple[MeasureState, ...] = ()

    def add(self, amount: Decimal) -> None:
        if amount >= 0:
            self.long += amount
        else:
            self.short -= amount


class _Walk:
    """One portfolio on its way: every line goes into one of four sums, or is parted among them."""

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
        self.said: list[str] = []
        self.sums = dict.fromkeys(("unclear", "opaque", "other"), Decimal(0))

    def portfolio(self) -> Portfolio:
        for position in self.account.positions:
            self.take(position, self.money(position))
        whole = self.account.weights * 100 if self.weighed else self.account.total
        kept = sum(map(self.money, self.account.positions), Decimal(0))
        self.sums["other"] += whole - kept
        total = whole.quantize(CENT)
        keys = sorted(self.companies)
        nets = [self.companies[key].long - self.companies[key].short for key in keys]
        cents = to_cents([*nets, self.sums["unclear"], self.sums["opaque"], self.sums["other"]], total)
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
            paths=_largest(self.paths),
            not_looked_through=_largest(self.opaque),
            not_looked_through_count=len(self.opaque),
            derivatives=self.derivatives,
            unclear_lines=self.unclear,
            notes=self.notes(),
        )

    def notes(self) -> list[str]:
        notes = list(self.said)
        if self.account.unvalued and not self.weighed:
            notes.append(f"{self.account.unvalued:,} lines have no value that could be read; they are in no sum")
        if stated := self.table.facts.get("net-assets"):
            notes.append(f"lines sum to {self.account.total:,.2f}; the filing states net assets of {Decimal(stated):,.2f}")
        notes += self.account.notes
        if self.account.untied:
            first = f"beyond the first {self.account.lines - self.account.untied:,}"
            notes.append(f"of {self.account.untied:,} lines {first} only companies and what calls itself a fund were looked at")
        if self.account.again:
            several = f"{self.account.again:,} securities stand in several lines of different amounts"
            notes.append(f"{several}: where the table holds several reports of a year, the sums count each of them")
        if self.account.unweighed:
            notes.append(f"{self.account.unweighed:,} lines state a weight that can be none; they are in no sum")
        if self.account.repeated:
            notes.append(f"{self.account.repeated:,} lines say again what a line before says, and were left out")
        derivatives = [item for item in self.account.positions if item.kind in DERIVATIVES]
        if derivatives:
            known = sum(item.exposure is not None for item in derivatives)
            notes.append(
                f"{len(derivatives):,} lines are derivatives: the exposure of {known:,} is known (notional × delta), "
                f"of {len(derivatives) - known:,} it is unknown; their market value is in the total"
            )
        if self.table.thousands:
            notes.append("values were read as thousands of dollars, as Form 13F asked until the end of 2022")
        if self.weighed:
            notes.append(f"the file has weights and no values, which sum to {self.account.weights * 100:.2f} %; sums are in percent of it")
        if self.tied and self.account.on is None:
            notes.append(f"the holdings have no date; days are counted to the day of this report, {self.as_of}")
        if not self.account.currency and not self.weighed:
            notes.append("the file does not say which currency its values are in")
        return notes

    def money(self, position: Position) -> Decimal:
        return (position.weight or Decimal(0)) * 100 if self.weighed else position.value or Decimal(0)

    def take(self, position: Position, amount: Decimal) -> None:
        if position.companies:
            self.take_company(position, amount)
        elif position.kind in DERIVATIVES:
            self.sums["other"] += amount
        elif (tied := self.known.tie(position, self.account.on or self.as_of)) is not None:
            self.look_through(position, amount, tied)
        elif position.kind in OPAQUE:
            self.leave(position.at, position.name, amount, UNKNOWN if position.kind == "unknown" else NO_LIST)
        else:
            self.sums["other"] += amount

    def leave(self, at: At, name: str, amount: Decimal, reason: str) -> None:
        self.sums["opaque"] += amount
        self.opaque.append(Opaque(at=at, name=name, amount=_cents(amount), reason=reason))

    def doubt(self, at: At, name: str, groups: list[str], amount: Decimal, reason: str) -> None:
        self.sums["unclear"] += amount
        self.unclear.append(Unclear(at=at, name=name, groups=groups, amount=_cents(amount), reason=reason))

    def take_company(self, position: Position, amount: Decimal) -> None:
        first, kind = position.companies[0], bucket(position)
        groups = list(dict.fromkeys(named.group for named in position.companies))
        if first.doubt:
            self.doubt(position.at, position.name, groups, amount, first.doubt)
        elif not kind:
            self.sums["other"] += amount
            self.derivatives.append(derivative(position, first.group, position.at))
        else:
            if position.value is None and not self.weighed:
                self.doubt(position.at, position.name, groups, Decimal(0), "no-value")
            self._hold(position, first, kind, amount)

    def _hold(self, position: Position, first: Named, kind: str, amount: Decimal) -> None:
        money = self.companies.setdefault((first.group, kind), _Money())
        money.measures = money.measures or first.measures
        money.add(amount)
        money.lines += 1
        money.ownership += [position.ownership] if position.ownership else []
        money.voting += [position.voting] if position.voting else []
        for code, value in position.also.items():
            money.also[code] = money.also.get(code, Decimal(0)) + value

    def look_through(self, position: Position, amount: Decimal, tied: Tied) -> None:
        """Part a line among the ends its fund's money comes to; `found` is the net money in each group."""
        arrival = self.flow.from_fund(tied.number)
        found: dict[str, Decimal] = {}
        for end, (long, short) in arrival.ends.items():
            if end.what == "company":
                found[end.group] = found.get(end.group, Decimal(0)) + amount * (long - short)
            self._arrive(position, end, amount, long, short)
        self.days += [day for reached in arrival.funds if (day := self.known.lists[reached].on)]
        if tied.alike > 1:
            self.said.append(f"{tied.alike} lists fit {position.name!r} by {tied.by}; the usable one nearest by date was taken")
        for reached in arrival.funds:
            for held in self.flow.held.get(reached, ()):
                money = self.companies.setdefault((held.named.group, held.kind), _Money())
                money.measures = money.measures or held.named.measures
        self._follow(position, amount, tied)
        self._stand_on(position, amount, arrival)
        self.tied.append(
            MoneyLine(
                at=position.at,
                name=position.name,
                amount=_cents(amount),
                list=tied.number,
                tie=tied.tie,
                by=tied.by,
                gap_days=tied.gap_days,
                found={group: _cents(money) for group, money in found.items()},
            )
        )

    def _arrive(self, position: Position, end: End, amount: Decimal, long: Decimal, short: Decimal) -> None:
        net = amount * (long - short)
        name = f"{end.name}, in {self.known.lists[end.fund].name}" if end.name else f"in {self.known.lists[end.fund].name}"
        if end.what == "company":
            money = self.companies.setdefault((end.group, end.kind), _Money())
            money.long += amount * long if amount >= 0 else -amount * short
            money.short += amount * short if amount >= 0 else -amount * long
            money.lines += 1
        elif end.what == "unclear":
            self.doubt(position.at, name, [end.group], net, end.reason)
        elif end.what == "opaque":
            self.leave(position.at, name, net, end.reason)
        else:
            self.sums["other"] += net

    def _follow(self, position: Position, amount: Decimal, tied: Tied) -> None:
        """Every way of the line's money to a company."""
        ways = self.flow.ways(tied.number)
        if len(ways) >= MAX_WAYS:
            self.said.append(f"of {position.name!r} the first {MAX_WAYS} ways are shown; its sums count all")
        self.paths += [
            MoneyPath(
                line=len(self.tied),
                lists=list(way.funds),
                group=way.group,
                holding=way.holding,
                kind=way.kind,
                side="long" if way.share * amount >= 0 else "short",
                share=f"{way.share:.12f}",
                amount=_cents(way.share * amount),
                rule=way.named.rule,
                evidence=list(way.named.evidence),
            )
            for way in ways
        ]

    def _stand_on(self, position: Position, amount: Decimal, arrival: Arrival) -> None:
        """Derivatives on companies inside the funds, by the part of each fund that is the portfolio's."""
        for number, held in arrival.funds.items():
            fund = self.known.lists[number]
            for inner, group in self.flow.derivatives.get(number, ()):
                part = amount * held / fund.total if fund.total else None
                named = derivative(inner, group, position.at, part)
                self.derivatives.append(msgspec.structs.replace(named, name=f"{inner.name}, in {fund.name}"))

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
            measures=list(money.measures),
        )


def derivative(position: Position, group: str, at: At, part: Decimal | None = Decimal(1)) -> DerivativeMoney:
    """A derivative as the report shows it; `part` of it is the portfolio's, None unknown."""
    known = part is not None and position.exposure is not None
    return DerivativeMoney(
        at=at,
        name=position.name,
        group=group,
        kind=position.kind,
        option=position.option,
        value=_cents((position.value or Decimal(0)) * (part or Decimal(0))),
        exposure=_cents((position.exposure or Decimal(0)) * (part or Decimal(0))) if known else None,
    )


Amounted = TypeVar("Amounted", MoneyPath, Opaque)


def _largest(items: Sequence[Amounted]) -> list[Amounted]:
    """The largest first, as many as a report lists."""
    return sorted(items, key=lambda item: -abs(Decimal(item.amount)))[:SHOWN_LINES]


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(CENT, rounding="ROUND_HALF_UP"))


def _percent(part: Decimal, whole: Decimal, places: int) -> str:
    return f"{part * 100 / whole:.{places}f}" if whole else ""

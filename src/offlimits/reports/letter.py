"""A letter to whoever decides on the money: the figures, their sources and dates, and the questions about what nobody could look through.

It says what lists say, and asks; no verdict is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from offlimits.report import CompanyMoney, FundExposure, MeasureState, MoneyLine, Portfolio, Report, Together
from offlimits.reports.base import printable

MOST_LINES = 25
MOST_MEASURES = 4
TIES = {
    "EXACT": "the fund's own list of the same days",
    "SAME-INDEX": "a list of the same index, of another fund",
    "PROXY": "a list of the fund of another day",
}


class Letter:
    """A letter of plain text for every portfolio."""

    suffix = ".txt"

    def render(self, report: Report) -> bytes:
        funds = report.aggregates.funds
        if funds is None:
            return b"This run read no holdings, so there is nothing to write about.\n"
        letters = [printable_lines(letter(report, funds, item)) for item in funds.portfolios]
        return "\n\n".join(letters).encode("utf-8")


def printable_lines(lines: Iterator[str]) -> str:
    """The lines, each without characters that steer a terminal."""
    return "\n".join(printable(line) for line in lines) + "\n"


def letter(report: Report, funds: FundExposure, portfolio: Portfolio) -> Iterator[str]:
    """The lines of one letter."""
    yield "To the trustees, or the board"
    yield ""
    yield "Subject: money in companies listed as makers of surveillance technology used in Xinjiang"
    yield ""
    yield from summary(report, portfolio)
    yield from figures(report, funds, portfolio)
    yield from unseen(portfolio)
    yield from questions(report, funds, portfolio)
    yield from sources(report, funds)


def summary(report: Report, portfolio: Portfolio) -> Iterator[str]:
    """The one sentence."""
    whose = f" of {portfolio.body}" if portfolio.body else ""
    day = f" of {portfolio.on}" if portfolio.on else " (the file has no date)"
    yield f"We looked through the holdings{whose}{day}, as of {report.as_of}: {headline(portfolio)}"
    yield ""
    if (told := report.aggregates.funds and report.aggregates.funds.together) and len(told.portfolios) > 1:
        yield joint_headline(told)
        yield ""


def headline(portfolio: Portfolio) -> str:
    """`of 48,200.00 GBP, 75.60 end in 5 listed companies, through 2 funds; 91.00 % looked through, 9.00 % not.` Never a bare nought."""
    companies = len({item.group for item in portfolio.companies})
    through = sum(1 for line in portfolio.tied if line.found)
    ways = f", through {plural(through, 'fund')}" if through else ""
    spent = f"{money(portfolio.found)} end in {plural(companies, 'listed company', 'listed companies')}{ways}"
    if not companies:
        spent = "nothing was found to end in listed companies, in what could be looked through"
    return f"of {money(portfolio.total)} {unit(portfolio)}, {spent}; {seen(portfolio)}."


def joint_headline(told: Together) -> str:
    """Several portfolios as one sum: at whose rates, how much ends where, what is left out."""
    rates = ", ".join(f"1 {item.currency} = {item.rate} {told.currency}{f' of {item.on}' if item.on else ''}" for item in told.rates)
    spent = f"{money(told.found)} end in {plural(len(told.companies), 'listed company', 'listed companies')}"
    if not told.companies:
        spent = "nothing was found to end in listed companies"
    left = [
        f"{plural(len(told.without_rate), 'portfolio')} in a currency without a rate" if told.without_rate else "",
        f"{plural(told.older, 'portfolio')} of earlier days of the same holdings" if told.older else "",
    ]
    left_out = f"; left out: {', '.join(filter(None, left))}" if any(left) else ""
    unseen = f"{money(told.unclear)} unclear, {money(told.opaque)} not looked through"
    at = f"{plural(len(told.portfolios), 'portfolio')} together, at the rates you gave ({rates or 'none was needed'})"
    return f"{at}: of {money(told.total)} {told.currency}, {spent}; {unseen}{left_out}."


def seen(portfolio: Portfolio) -> str:
    """How much could be looked through, and of which days the lists are."""
    if not portfolio.looked_through:
        return "the lines sum to nothing"
    opaque = f"{100 - Decimal(portfolio.looked_through):.2f}"
    days = [str(day) for day in dict.fromkeys((portfolio.oldest, portfolio.newest)) if day]
    dated = f" (holdings of {' to '.join(days)})" if days else " (holdings without a date)"
    return f"{portfolio.looked_through} % looked through, {opaque} % not{dated}"


def money_states(report: Report) -> Iterator[MeasureState]:
    """What measures say about the companies in which money ends, directly or through funds."""
    funds = report.aggregates.funds
    for portfolio in funds.portfolios if funds else ():
        for company in portfolio.companies:
            yield from company.measures


def figures(report: Report, funds: FundExposure, portfolio: Portfolio) -> Iterator[str]:
    """Company by company: money, share, measures; then the funds it goes through."""
    if not portfolio.companies:
        yield "No line that was read, and no list that was looked through, names a company this registry knows. That is no clearance."
        yield ""
        return
    yield "What was found"
    for company in portfolio.companies:
        yield f"- {title(report, company.group)}: {money(company.net)} {unit(portfolio)} in {kind(company)}, {share(company)}"
        yield from (f"    {line}" for line in touched(report, company))
    yield ""
    through = [line for line in portfolio.tied if line.found]
    if through:
        yield "Through"
        yield from (f"- {through_line(funds, line, portfolio)}" for line in through[:MOST_LINES])
        yield from more(len(through))
        yield ""


def share(company: CompanyMoney) -> str:
    """Its part of the portfolio, and of the company where the file says it."""
    owned = f"; {', '.join(company.ownership)} % of the company" if company.ownership else ""
    voted = f", {', '.join(company.voting)} % of its votes" if company.voting else ""
    short = f"; {money(company.long)} long, {money(company.short)} short" if Decimal(company.short) else ""
    return f"{company.of_portfolio} % of the portfolio{owned}{voted}{short}"


def touched(report: Report, company: CompanyMoney) -> Iterator[str]:
    """What touches the company: measures in force that bind the profile first; the rest counted."""
    held = [state for state in company.measures if state.in_force == "yes" and report.measures[state.id].proven]
    held.sort(key=lambda state: ("you", "depends", "others").index(state.binds))
    for state in held[:MOST_MEASURES]:
        measure = report.measures[state.id]
        since = min((period.since for period in measure.periods), default=None)
        verb = "excluded by" if measure.kind == "voluntary-exclusion" else "listed by"
        yield f"{verb} {measure.authority}{f' on {since}' if since else ''}: {measure.title} ({measure.url})"
    if len(held) > MOST_MEASURES:
        yield f"and {len(held) - MOST_MEASURES} more measures in force, in the report"


def through_line(funds: FundExposure, line: MoneyLine, portfolio: Portfolio) -> str:
    """One fund: its money, what of it ends there, by which list."""
    told = funds.lists[line.list]
    day = f"list of {told.on}" if told.on else "list without a date"
    gap = f", {abs(line.gap_days)} days {'after' if line.gap_days > 0 else 'before'} the holdings" if line.gap_days else ""
    found = money(str(sum((Decimal(value) for value in line.found.values()), Decimal(0))))
    return f"{line.name}: {found} of {money(line.amount)} {unit(portfolio)}; {day}{gap} ({line.tie}: {TIES[line.tie]})"


def unseen(portfolio: Portfolio) -> Iterator[str]:
    """What was not looked through, and what is unclear."""
    if portfolio.not_looked_through:
        yield f"Not looked through: {money(portfolio.opaque)} {unit(portfolio)}. Nobody can say from these files what is in it."
        for item in portfolio.not_looked_through[:MOST_LINES]:
            yield f"- {item.name}: {money(item.amount)} {unit(portfolio)}; {item.reason}"
        yield from more(portfolio.not_looked_through_count)
        yield ""
    if portfolio.unclear_lines:
        yield f"Unclear: {money(portfolio.unclear)} {unit(portfolio)}, counted neither as theirs nor as clear of them."
        for line in portfolio.unclear_lines[:MOST_LINES]:
            yield f"- {line.name}: {money(line.amount)} {unit(portfolio)}; {line.reason}"
        yield from more(len(portfolio.unclear_lines))
        yield ""


def questions(report: Report, funds: FundExposure, portfolio: Portfolio) -> Iterator[str]:
    """What to ask, numbered."""
    yield "We ask you"
    yield from (f"{number}. {text}" for number, text in enumerate(asked(report, funds, portfolio), start=1))
    yield ""


def asked(report: Report, funds: FundExposure, portfolio: Portfolio) -> Iterator[str]:
    """The questions this portfolio calls for."""
    if portfolio.not_looked_through:
        named = list(dict.fromkeys(item.name for item in portfolio.not_looked_through))
        shown = "; ".join(named[:5]) + (f"; and {portfolio.not_looked_through_count - 5} more" if len(named) > 5 else "")
        yield f"What do these hold, and on which day: {shown}? Where you have no list, who has, and did they look for these companies?"
    if any(line.tie != "EXACT" and line.found for line in portfolio.tied):
        day = portfolio.on or "the day of the holdings"
        yield f"Some lists are of another day or another fund. Which of these companies did the funds hold on {day}, and how much?"
    if portfolio.derivatives:
        yield "Which swaps, futures or options stand on these companies, with which notional, and who is the other side?"
    if portfolio.companies:
        held = ", ".join(dict.fromkeys(title(report, item.group) for item in portfolio.companies))
        yield f"Under which policy are {held} held, who decided it, and when is it decided again?"
        yield "Can the mandate, or the index it follows, leave them out; what would that cost, and was the manager or the index asked?"
        yield "How were the votes of these shares cast, and what did the manager ask the companies?"
    yield "When will the full holdings be published next, and in which form?"


def sources(report: Report, funds: FundExposure) -> Iterator[str]:
    """Where the figures come from."""
    yield "Sources"
    for source in report.sources[:MOST_LINES]:
        yield f"- {file_name(source.path)}: {source.entries:,} lines read of {source.units:,} (sha256 {source.sha256[:16]})"
    for told in funds.lists[:MOST_LINES]:
        day = f"of {told.on}" if told.on else "without a date"
        notes = f"; {'; '.join(told.notes)}" if told.notes else ""
        yield f"- list of {told.name}, {day}: {told.lines:,} lines in {file_name(told.path)}{notes}"
    yield from more(max(len(report.sources), len(funds.lists)))
    yield from (f"- could not be read: {text}" for text in funds.unread[:MOST_LINES])
    yield from more(len(funds.unread))
    registry = report.tool.registry
    yield f"- registry of offlimits of {registry.version} ({registry.sha256[:12]}); every link with its evidence stands in the report"


def file_name(path: str) -> str:
    """A file's name without its folders."""
    return re.split(r"[\\/]", path)[-1]


def more(count: int) -> Iterator[str]:
    """That lines were left out."""
    if count > MOST_LINES:
        yield f"- and {count - MOST_LINES:,} more, in the report"


def money(text: str) -> str:
    """A decimal string with commas."""
    return f"{Decimal(text):,.2f}"


def unit(portfolio: Portfolio) -> str:
    """The currency, or that none was given."""
    return portfolio.currency or "(currency not given)"


def kind(company: CompanyMoney) -> str:
    """The kind of paper in words."""
    return {"shares": "shares", "debt": "bonds and loans", "note-of-a-bank": "notes of a bank on its shares"}.get(
        company.kind, company.kind
    )


def title(report: Report, group: str) -> str:
    """A company's short name."""
    return report.entities[group].short if group in report.entities else group


def plural(count: int, one: str, many: str = "") -> str:
    """`1 fund`, `2 funds`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

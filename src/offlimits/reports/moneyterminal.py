"""Where the money ends, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from offlimits.report import FundExposure, Portfolio, Report
from offlimits.reports.base import printable
from offlimits.reports.letter import headline, joint_headline, kind, money, title, unit

SHOWN_PORTFOLIOS = 5
SHOWN_LINES = 6


def print_control(report: Report, console: Console) -> None:
    """Companies that a measure's rule on ownership reaches; nothing where no ownership was read."""
    if report.aggregates.control is None:
        return
    console.print(Text("\nOwned by majority", style="bold"))
    if not report.aggregates.control:
        console.print(_line("  No company was found that a measure's own rule on ownership reaches, in the shares that were read."))
    for item in report.aggregates.control:
        names = "; ".join(report.measures[key].title for key in item.measures)
        console.print(_line(f"  {item.company}: {item.share} % held by {', '.join(item.owners)}; {names} ({item.rule})"))


def print_money(report: Report, console: Console) -> None:
    """Every portfolio in short, those with money in listed companies first; nothing where no holdings were read."""
    funds = report.aggregates.funds
    if funds is None or not funds.portfolios:
        return
    console.print(Text("\nWhere the money ends", style="bold"))
    if funds.together:
        console.print(_line(joint_headline(funds.together)))
        for item in funds.together.companies:
            console.print(_line(f"  {title(report, item.group)}: {money(item.net)} {funds.together.currency}"))
    ordered = sorted(funds.portfolios, key=lambda item: not item.companies)
    for portfolio in ordered[:SHOWN_PORTFOLIOS]:
        _print_portfolio(report, funds, portfolio, console)
    for text in funds.unread[:SHOWN_LINES]:
        console.print(_line(f"  could not be read: {text}", "yellow"))
    if len(funds.unread) > SHOWN_LINES:
        console.print(f"  … and {len(funds.unread) - SHOWN_LINES:,} more faults in lists of funds")
    if len(ordered) > SHOWN_PORTFOLIOS:
        console.print(f"  … and {len(ordered) - SHOWN_PORTFOLIOS:,} more portfolios; --output report.html or .json has them")


def _print_portfolio(report: Report, funds: FundExposure, portfolio: Portfolio, console: Console) -> None:
    who = ", ".join(filter(None, (portfolio.body, str(portfolio.on or ""))))
    console.print(_line(f"{who + ': ' if who else ''}{headline(portfolio)}"))
    if portfolio.companies:
        console.print(Padding(_companies(report, portfolio), (0, 0, 0, 2)))
    for line in [line for line in portfolio.tied if line.found][:SHOWN_LINES]:
        told = funds.lists[line.list]
        gap = f", {line.gap_days:+,} days" if line.gap_days is not None else ""
        console.print(_line(f"  through {line.name}: list of {told.on or 'no date'} ({line.tie}{gap}), {told.lines:,} lines", "dim"))
    _print_unseen(portfolio, console)
    for note in portfolio.notes:
        console.print(_line(f"  {note}", "dim"))


def _companies(report: Report, portfolio: Portfolio) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for head in ("company", "in"):
        table.add_column(head, overflow="fold")
    for head in (f"net, {unit(portfolio)}", "short", "% of it"):
        table.add_column(head, justify="right", no_wrap=True)
    for item in portfolio.companies:
        name = Text(printable(title(report, item.group)))
        table.add_row(name, Text(kind(item)), Text(money(item.net)), Text(money(item.short)), Text(item.of_portfolio))
    return table


def _print_unseen(portfolio: Portfolio, console: Console) -> None:
    shown = portfolio.not_looked_through[:SHOWN_LINES]
    for item in shown:
        console.print(_line(f"  not looked through: {item.name}, {money(item.amount)} {unit(portfolio)}: {item.reason}", "yellow"))
    if portfolio.not_looked_through_count > len(shown):
        console.print(_line(f"  … and {portfolio.not_looked_through_count - len(shown):,} more lines not looked through", "yellow"))
    for line in portfolio.unclear_lines[:SHOWN_LINES]:
        console.print(_line(f"  unclear: {line.name}, {money(line.amount)} {unit(portfolio)}: {line.reason}", "cyan"))
    if portfolio.derivatives:
        unknown = sum(item.exposure is None for item in portfolio.derivatives)
        console.print(
            _line(f"  {len(portfolio.derivatives):,} derivatives stand on listed companies; the exposure of {unknown:,} is unknown")
        )


def _line(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)

"""The report on a terminal: 80 columns, colours only where there is somebody to see them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from offlimits.report import At, Report, ReportFinding
from offlimits.reports.base import list_words, place_words, printable
from offlimits.reports.estate import calls_shown
from offlimits.reports.letter import money_states
from offlimits.reports.moneyterminal import print_control, print_money

COLOURS = {"exact": "bold red", "likely": "yellow", "possible": "cyan"}
SHOWN_FINDINGS = 20
SHOWN_LEADS = 5
SHOWN_CALLS = 8


def print_report(report: Report, console: Console) -> None:
    """Print the whole report, its long lists cut with the number left out said."""
    console.print(_headline(report))
    print_money(report, console)
    print_control(report, console)
    _print_findings(report, console)
    _print_estate(report, console)
    _print_binding(report, console)
    _print_leads(report, console)
    _print_reading(report, console)


def _words(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)


def _headline(report: Report) -> Text:
    entries = sum(source.entries for source in report.sources)
    files = f"{len(report.sources)} file{'s' if len(report.sources) != 1 else ''}"
    counts = Counter(finding.strength for finding in report.findings if not _dismissed(finding))
    head = Text(f"{entries:,} entries read in {files}, as of {report.as_of}, for {report.profile}\n", style="bold")
    if counts:
        parts = [f"{counts[strength]:,} {strength}" for strength in ("exact", "likely", "possible") if counts[strength]]
        head.append(f"{counts.total():,} finding{'s' if counts.total() != 1 else ''} of listed makers: {', '.join(parts)}")
    elif report.aggregates.funds and any(item.companies for item in report.aggregates.funds.portfolios):
        head.append("No line names a listed maker; money ends in listed companies through funds:")
    elif not entries:
        head.append("Nothing was read, so nothing is said about what is there.")
    else:
        head.append("No listed maker was found in what was read. That is no clearance: see what these files cannot show.")
    return head


def _dismissed(finding: ReportFinding) -> bool:
    return finding.decision is not None and finding.decision.verdict == "dismissed"


def _print_findings(report: Report, console: Console) -> None:
    shown = sorted(
        (item for item in report.findings if not _dismissed(item)), key=lambda item: ("exact", "likely", "possible").index(item.strength)
    )
    if not shown:
        return
    table = Table(box=None, pad_edge=False, show_edge=False, expand=False, header_style="bold")
    for title, ratio in (("strength", None), ("maker", None), ("place", None), ("what was read", 1)):
        table.add_column(title, ratio=ratio, overflow="fold", no_wrap=title == "strength")
    several = len(report.sources) > 1
    for finding in shown[:SHOWN_FINDINGS]:
        maker = (
            _short(report, finding.group)
            if finding.entity == finding.group
            else f"{_short(report, finding.entity)} ({finding.relation}, {finding.group})"
        )
        at = finding.at
        place = (f"{at.source + 1}: " if several else "") + _place(at)
        text = " | ".join(mention.text for mention in finding.mentions)
        table.add_row(
            _words(finding.strength, COLOURS[finding.strength]),
            _words(maker),
            _words(place),
            _words(text[:160]),
        )
    console.print(Padding(table, (1, 0, 0, 0)))
    if len(shown) > SHOWN_FINDINGS:
        console.print(f"… and {len(shown) - SHOWN_FINDINGS:,} more; --output report.html or .json has them all")


def _place(at: At) -> str:
    """A place inside its source; a dash where the finding is about the whole of it."""
    return at.words or "–"


def _lines(count: int) -> str:
    return f"{count:,} line{'s' if count != 1 else ''}"


def _short(report: Report, entity: str) -> str:
    return report.entities[entity].short


def _print_estate(report: Report, console: Console) -> None:
    """Whom devices called, and the census, in a few lines."""
    lines, left_out = calls_shown(report)
    if lines:
        console.print(Text("\nWhom the devices called", style="bold"))
    for line in lines[:SHOWN_CALLS]:
        called = f"{line.host} (an address of {line.more + 1} names)" if line.more and line.host else line.host or line.call.address
        to = f"{called} {line.call.protocol} {line.call.port}" if line.call.address and line.call.port is not None else called
        said = [f"domain of {line.owner}" if line.owner else "", line.where or "place and operator unknown"]
        amount = f"; sent {line.sent}, received {line.received}" if line.call.bytes_out is not None else ""
        ends = f"{line.device.name} → {to}"
        if line.call.opened_by == "peer":
            port = "" if line.call.port is None else f" {line.call.port}"
            ends = f"{called} → {line.device.name} {line.call.protocol}{port}, tried or opened from outside"
        console.print(Padding(_words(f"{ends}: {', '.join(filter(None, said))}{amount}"), (0, 0, 0, 2)))
    if (rest := len(lines) - SHOWN_CALLS + left_out) > 0:
        console.print(f"  … and {rest:,} more in the other formats (-o report.html)")
    census = report.aggregates.census
    if census and (lines or census.removal or len(report.sources) > 1):
        parts = f"{census.firm:,} firm, {census.possible:,} possible, {census.unknown:,} unknown"
        things = "1 device or line" if census.counted == 1 else f"{census.counted:,} devices and lines"
        joined = "; what a register and a scan both list counts twice where nothing joins it" if len(report.sources) > 1 else ""
        console.print(Padding(_words(f"{things}: {parts}{joined}"), (0, 0, 0, 2)))
    if census and (plan := census.removal):
        net = f"; {_range(plan.net)} net of {plan.due:,} that have reached {plan.life_years} years" if plan.life_years is not None else ""
        whole = f"Removal of {plan.devices:,} devices at {_range(plan.cost_per_device)} each: {_range(plan.gross)}{net}"
        console.print(Padding(_words(f"{whole}; age not known of {plan.unknown_age:,}"), (0, 0, 0, 2)))


def _range(money: list[str]) -> str:
    low, high = (f"{Decimal(value):,f}" for value in money)
    return low if low == high else f"{low} to {high}"


def _print_binding(report: Report, console: Console) -> None:
    states = {(state.id, state.binds): state for finding in report.findings if not _dismissed(finding) for state in finding.measures}
    states |= {(state.id, state.binds): state for state in money_states(report)}
    lines: list[Text] = []
    for binds, words in (("you", "binds you"), ("depends", "depends")):
        for (key, kind), state in sorted(states.items()):
            if kind == binds:
                condition = f": {state.condition}" if state.condition else ""
                doubt = " (in force: unknown)" if state.in_force == "unknown" else ""
                lines.append(_words(f"  {words}{doubt}: {report.measures[key].title}{condition}"))
    if not report.findings and not states:
        return
    console.print(Text(f"\nWhat binds you ({report.profile})", style="bold"))
    if lines:
        console.print(Group(*lines))
    elif report.profile == "neutral":
        held = len({key for (key, _), state in states.items() if state.in_force == "yes"})
        console.print(f"  {held} measures in force touch these makers. Run with --profile to see what binds you.")
    else:
        console.print(f"  Nothing in this registry names you ({report.profile}) for what was found.")


def _print_leads(report: Report, console: Console) -> None:
    if not report.leads:
        return
    lines = sum(lead.lines for lead in report.leads)
    console.print(
        Text(f"\n{_lines(lines)} that name no maker and are worth a question ({len(report.leads):,} suppliers and kinds)", style="bold")
    )
    for lead in report.leads[:SHOWN_LEADS]:
        money = ", ".join(f"{Decimal(item.value):,} {item.currency}".strip() for item in lead.amount)
        console.print(
            _words(
                f"  {lead.kind}: {lead.supplier or lead.body or 'no supplier named'}, {_lines(lead.lines)}{', ' + money if money else ''}"
            )
        )
    if len(report.leads) > SHOWN_LEADS:
        console.print(f"  … and {len(report.leads) - SHOWN_LEADS:,} more, with a question ready to send, in --output report.html")


def _print_reading(report: Report, console: Console) -> None:
    console.print(Text("\nWhat was read, and what it cannot show", style="bold"))
    for source in report.sources[:SHOWN_FINDINGS]:
        parts = f"{source.entries:,} entries + {source.rejects:,} rejects + {source.skipped:,} left out"
        console.print(_words(f"  {source.path}: {source.units:,} units = {parts}"))
    if len(report.sources) > SHOWN_FINDINGS:
        console.print(f"  … and {len(report.sources) - SHOWN_FINDINGS:,} more files")
    for text in dict.fromkeys(text for source in report.sources for text in source.cannot_show):
        console.print(_words(f"  cannot show: {text}", "dim"))
    for code, count in report.rejects_by_code.items():
        first = next((reject for reject in report.rejects if reject.code == code), None)
        where = f", first at {place_words(first.at, report)}: {first.reason}" if first else ""
        console.print(_words(f"  could not be read: {count:,} × {code}{where}", "yellow"))
    if report.disclaimed:
        console.print(f"  {len(report.disclaimed):,} times a maker is named as not there (denied, gone, or a firm of a similar name)")
    for told in report.lists:
        console.print(_words(f"  list {told.path}: {list_words(told)}"))
        for text in told.does_not_say:
            console.print(_words(f"  the list does not say: {text}", "dim"))
    registry = report.tool.registry
    console.print(_words(f"  registry {registry.version} ({registry.sha256[:12]}), offlimits {report.tool.version}", "dim"))

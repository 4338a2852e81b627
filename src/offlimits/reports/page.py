"""The report as one HTML page: no script, no request to anywhere, everything from the data escaped, good on paper.

The template says what stands where; here stand the words and the counts it needs. Only `Report` is known.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar

import jinja2
import msgspec
from markupsafe import Markup

from offlimits.folding import place_key
from offlimits.model import STRENGTHS, Relation, Strength
from offlimits.report import Amount, At, MeasureState, Report, ReportFinding, ReportMeasure
from offlimits.reports import charts, estate
from offlimits.reports.base import list_words
from offlimits.reports.moneypage import money_context
from offlimits.reports.templating import environment_of
from offlimits.reports.words import CLASSES, KINDS, day, jurisdiction

MOST_FINDINGS = 2_000
MOST_ROWS = 500
MOST_PLACES = 40
RELATIONS: dict[Relation, str] = {
    "same": "the company itself",
    "subsidiary": "a subsidiary",
    "parent": "a parent",
    "brand": "one of its brands",
    "product": "one of its products",
    "made-by": "made by it, other name",
    "former": "formerly its own",
    "joint": "a joint company",
    "mention": "carries its name",
}
Row = TypeVar("Row")


def render_page(report: Report) -> bytes:
    """The whole report as one self-contained HTML document in UTF-8. Same report, same bytes."""
    return template().render(context(report)).encode("utf-8")


@cache
def template() -> jinja2.Template:
    """The page's template: escaping always on, hidden characters made visible, an unknown name is an error."""
    environment = environment_of("offlimits.reports")
    environment.filters.update(money=money, weight=weight, amount=Decimal)
    return environment.get_template("page.html.j2")


# --- words --------------------------------------------------------------------------------------


def money(amount: Amount | None) -> str:
    """`GBP 1,234.50`; a value that is no number is shown as it stands."""
    if amount is None:
        return ""
    try:
        value = f"{Decimal(amount.value):,f}"
    except (InvalidOperation, ValueError):
        value = amount.value
    return f"{amount.currency or 'currency not given'} {value}"


def weight(value: float) -> str:
    """`+0.70` or `−0.05`, with a true minus."""
    return f"{value:+.2f}".replace("-", "−")


def place(at: At) -> str:
    """`CCTV, row 14` or `line 212`: as much as the format has, without the file."""
    if at.number is None:
        return at.words or "the file as a whole"
    return ", ".join(filter(None, (at.sheet, f"{at.unit} {at.number}")))


def file_of(report: Report, at: At) -> str:
    """The file's name without its folders; nothing where only one file was read."""
    if len(report.sources) < 2:
        return ""
    path = report.sources[at.source].path if 0 <= at.source < len(report.sources) else f"source {at.source}"
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1] or path


def places(report: Report, many: Sequence[At]) -> tuple[list[str], int]:
    """`register.xlsx, CCTV: rows 14–19, 22`: neighbours joined, at most `MOST_PLACES` of them, and how many places are left out."""
    spans = joined(many)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for at, last in spans[:MOST_PLACES]:
        first = at.number
        where = ", ".join(part for part in (file_of(report, at), at.sheet or "") if part)
        unit = at.unit or at.words or "the file as a whole"
        span = "" if first is None else f"{first}" if first == last else f"{first}–{last}"
        groups[f"{where}: {unit}" if where else unit].append(span)
    shown = sum(max(last - (at.number or 0), 0) + 1 for at, last in spans[:MOST_PLACES])
    return [f"{where} {', '.join(parts)}".strip() for where, parts in groups.items()], max(len(many) - shown, 0)


def joined(many: Sequence[At]) -> list[tuple[At, int]]:
    """Places in order, each with the last number of the run of neighbours that starts there."""
    spans: list[tuple[At, int]] = []
    for at in sorted(set(many), key=place_key):
        here = at.number or 0
        same = spans and msgspec.structs.replace(spans[-1][0], row=at.row, line=at.line, frame=at.frame) == at
        if same and here == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], here)
        else:
            spans.append((at, here))
    return spans


def title_of(report: Report, entity: str) -> str:
    """The name of an entity, or the words themselves where the chain starts with what was found."""
    known = report.entities.get(entity)
    return known.name if known else entity


def short_title(report: Report, entity: str) -> str:
    """Its short name: `Hikvision` for `Hangzhou Hikvision Digital Technology Co., Ltd.`"""
    known = report.entities.get(entity)
    return known.short if known else entity


def says(report: Report, measure_id: str) -> Markup:
    """What a measure may be said to be: `listed by X on D`, or `reported by Y` where no primary source was read."""
    measure = report.measures.get(measure_id)
    if measure is None:
        return Markup("not described in this report")
    if not measure.proven:
        return Markup("reported by {}").format(", ".join(measure.reported_by) or "sources that are not primary")
    since = min((period.since for period in measure.periods), default=None)
    verb = "proposed by" if measure.kind == "proposed" else "listed by" if measure.names else "laid down by"
    return Markup("{} {}{}").format(verb, measure.authority, Markup(" on {}").format(day(since)) if since else "")


def binding(report: Report, state: MeasureState) -> str:
    """Whom a measure binds, in words. Nothing binds without a profile, and nothing binds on a report alone."""
    measure = report.measures.get(state.id)
    if report.profile == "neutral":
        return "not judged: no profile given"
    if measure is not None and not measure.proven:
        return "reported only: not said to bind you"
    if state.in_force == "no":
        return "binds nobody now"
    if state.in_force == "unknown":
        return {"you": "would bind you, if in force", "others": "addresses others", "depends": "would depend on a condition"}[state.binds]
    return {"you": "binds you", "others": "binds others", "depends": "depends on a condition"}[state.binds]


def in_short(report: Report, states: Sequence[MeasureState]) -> dict[str, list[MeasureState]]:
    """Measures by their state in words, for paper, where what each says stands once, under Measures."""
    groups: dict[str, list[MeasureState]] = {}
    for state in states:
        force = {"yes": "In force", "no": "Not in force", "unknown": "Not known to be in force"}[state.in_force]
        groups.setdefault(f"{force}, {binding(report, state)}", []).append(state)
    return groups


# --- counts -------------------------------------------------------------------------------------


def dismissed(finding: ReportFinding) -> bool:
    """Somebody judged that this one is none."""
    return finding.decision is not None and finding.decision.verdict == "dismissed"


def line_of(finding: ReportFinding) -> tuple[object, ...]:
    """What makes two findings one line of the file. A place without line or row is a line of its own."""
    at = finding.at
    return place_key(at) if at.words else (at.source, finding.id)


def by_line(findings: Iterable[ReportFinding]) -> dict[tuple[object, ...], ReportFinding]:
    """One finding per line: its strongest. Dismissed ones are left out."""
    lines: dict[tuple[object, ...], ReportFinding] = {}
    for finding in sorted((f for f in findings if not dismissed(f)), key=lambda f: STRENGTHS.index(f.strength)):
        lines.setdefault(line_of(finding), finding)
    return lines


def strengths(findings: Iterable[ReportFinding]) -> Counter[Strength]:
    """How many of each strength."""
    return Counter(finding.strength for finding in findings)


def sums(amounts: Iterable[Amount | None]) -> list[str]:
    """Money added up by currency; a value that is no number is left out."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        if amount is not None:
            try:
                totals[amount.currency] += Decimal(amount.value)
            except InvalidOperation:
                continue
    return [money(Amount(value=str(total), currency=currency)) for currency, total in sorted(totals.items())]


def counted(findings: Iterable[ReportFinding], key: Callable[[ReportFinding], str]) -> list[charts.Bar]:
    """Bars of lines by `key`, the longest first."""
    groups: defaultdict[str, list[ReportFinding]] = defaultdict(list)
    for finding in findings:
        groups[key(finding)].append(finding)
    rows = [charts.Bar(label=label, counts=strengths(group)) for label, group in groups.items()]
    return sorted(rows, key=lambda row: (-row.total, row.label))


def pictures(report: Report, lines: Sequence[ReportFinding]) -> list[tuple[str, Markup]]:
    """The three charts, each with its heading; none without a finding."""
    if not lines:
        return []
    found = strengths(lines)
    by_strength = [charts.Bar(label=s, counts={s: found[s]}) for s in STRENGTHS]
    by_maker = counted(lines, lambda f: short_title(report, f.group))
    by_relation = counted(lines, lambda f: RELATIONS[f.relation])
    chosen = [("By maker", by_maker), ("By tie to the maker", by_relation), ("By strength", by_strength)]
    return [(title, charts.bars(f"Lines {title[0].lower()}{title[1:]}", rows)) for title, rows in chosen]


# --- findings -----------------------------------------------------------------------------------


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as the page shows it. `same_as` is the earlier finding that already shows the same chain and the same measures."""

    finding: ReportFinding
    place: str
    file: str
    maker: str
    found: str
    same_as: str | None
    dismissed: bool


def shown(report: Report) -> list[Shown]:
    """The findings in the page's order (dismissed last, then strength, maker, place), at most `MOST_FINDINGS`."""
    first: dict[str, str] = {}
    views = []
    for finding in sorted(report.findings, key=lambda f: order(report, f))[:MOST_FINDINGS]:
        earlier = first.setdefault(repr((finding.entity, finding.group, finding.path, finding.measures)), finding.id)
        views.append(view(report, finding, None if earlier == finding.id else earlier))
    return views


def order(report: Report, finding: ReportFinding) -> tuple[Any, ...]:
    """The key to sort findings by."""
    at = finding.at
    return dismissed(finding), STRENGTHS.index(finding.strength), short_title(report, finding.group).casefold(), place_key(at), finding.id


def view(report: Report, finding: ReportFinding, same_as: str | None) -> Shown:
    """One finding with its words."""
    return Shown(
        finding=finding,
        place=place(finding.at),
        file=file_of(report, finding.at),
        maker=short_title(report, finding.group),
        found=" · ".join(dict.fromkeys(mention.text for mention in finding.mentions)),
        same_as=same_as,
        dismissed=dismissed(finding),
    )


# --- measures -----------------------------------------------------------------------------------


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """One measure in one state, and how many lines it touches."""

    state: MeasureState
    lines: int


def yours(report: Report) -> list[Touched]:
    """The measures that bind the profile, or may: binding ones in force first, then conditional, then in doubt, then past."""
    lines: defaultdict[MeasureState, set[object]] = defaultdict(set)
    for finding in report.findings:
        for state in () if dismissed(finding) else finding.measures:
            if concerns(report, state):
                lines[state].add(line_of(finding))
    for state, places in money_lines(report):
        if concerns(report, state):
            lines[state] |= places
    touched = [Touched(state=state, lines=len(where)) for state, where in lines.items()]
    return sorted(touched, key=lambda t: (("yes", "unknown", "no").index(t.state.in_force), t.state.binds != "you", t.state.id))


def money_lines(report: Report) -> Iterable[tuple[MeasureState, set[object]]]:
    """What measures say about companies that lines lead to through funds, with those lines."""
    funds = report.aggregates.funds
    for number, portfolio in enumerate(funds.portfolios if funds else ()):
        for company in portfolio.companies:
            through: set[object] = {(number, place) for place, line in enumerate(portfolio.tied) if company.group in line.found}
            yield from ((state, set(through)) for state in company.measures if through)


def concerns(report: Report, state: MeasureState) -> bool:
    """It names the profile, or may; never for `neutral`, never on reports alone."""
    measure = report.measures.get(state.id)
    return report.profile != "neutral" and state.binds != "others" and (measure is None or measure.proven)


def only_reported(report: Report) -> list[str]:
    """The ids of measures that would concern the profile, but are known from reports alone."""
    states = {state.id for f in report.findings if not dismissed(f) for state in f.measures if state.binds != "others"}
    states |= {state.id for state, _ in money_lines(report) if state.binds != "others"}
    return sorted(i for i in states if report.profile != "neutral" and i in report.measures and not report.measures[i].proven)


def by_jurisdiction(report: Report) -> dict[str, list[tuple[str, ReportMeasure]]]:
    """All measures of the report under the jurisdiction's name, the earliest first."""
    groups: defaultdict[str, list[tuple[str, ReportMeasure]]] = defaultdict(list)
    for key, measure in sorted(report.measures.items(), key=lambda item: (min(charts.dates_of(item[1]), default=date.max), item[0])):
        groups[jurisdiction(measure.jurisdiction)].append((key, measure))
    return dict(sorted(groups.items()))


def drawn(report: Report, groups: dict[str, list[tuple[str, ReportMeasure]]]) -> Markup:
    """The timeline, or nothing where there is no measure."""
    if not groups:
        return Markup("")
    return charts.timeline({title: [measure for _, measure in group] for title, group in groups.items()}, report.as_of)


# --- the page -----------------------------------------------------------------------------------


def limits(report: Report) -> dict[str, list[str]]:
    """What the kinds of file read cannot show, each with the files it holds for."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for source in report.sources:
        for limit in source.cannot_show:
            said[limit].append(source.path)
    return dict(said)


def capped(rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """The first `MOST_ROWS`, and how many are left out."""
    return rows[:MOST_ROWS], max(len(rows) - MOST_ROWS, 0)


def context(report: Report) -> dict[str, Any]:
    """Everything the template may use."""
    return {"report": report} | headline(report) | sections(report) | estate.sections(report) | words(report) | money_context(report)


def headline(report: Report) -> dict[str, Any]:
    """The numbers at the top. A line with two findings counts once, as the stronger; dismissed findings don't count."""
    lines = list(by_line(report.findings).values())
    return {
        "lines": len(lines),
        "strengths": strengths(lines),
        "sums": sums(finding.amount for finding in lines),
        "units": sum(source.units for source in report.sources),
        "entries": sum(source.entries for source in report.sources),
        "unread": sum(source.rejects for source in report.sources),
        "skipped": sum(source.skipped for source in report.sources),
        "unread_files": [source.path for source in report.sources if source.rejects and not source.entries],
        "lead_lines": sum(lead.lines for lead in report.leads),
        "dismissed_count": sum(map(dismissed, report.findings)),
        "limits": limits(report),
        "pictures": pictures(report, lines),
    }


def sections(report: Report) -> dict[str, Any]:
    """The tables."""
    findings, groups = shown(report), by_jurisdiction(report)
    return {
        "findings": findings,
        "findings_left_out": len(report.findings) - len(findings),
        "yours": yours(report),
        "reported": only_reported(report),
        "jurisdictions": groups,
        "timeline": drawn(report, groups),
        "leads": capped(report.leads),
        "disclaimed": capped(report.disclaimed),
        "rejects": capped(report.rejects),
    }


def words(report: Report) -> dict[str, Any]:
    """Names and functions bound to this report."""
    return {
        "relations": RELATIONS,
        "kinds": KINDS,
        "classes": CLASSES,
        "strength_names": STRENGTHS,
        "neutral": report.profile == "neutral",
        "one_body": len({finding.body for finding in report.findings}) == 1,
        "list_words": list_words,
        "place": place,
        "file_of": lambda at: file_of(report, at),
        "places": lambda many: places(report, many),
        "title_of": lambda entity: title_of(report, entity),
        "short_title": lambda entity: short_title(report, entity),
        "says": lambda measure_id: says(report, measure_id),
        "binding": lambda state: binding(report, state),
        "in_short": lambda states: in_short(report, states),
        "cited": {key: number for number, key in enumerate(report.evidence, 1)},
    }

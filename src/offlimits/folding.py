"""Outcomes of parts → one `Report`. The order of parts and the number of workers leave no trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, Literal

import msgspec

from offlimits import __version__
from offlimits.aggregates.call_home import call_home
from offlimits.aggregates.census import Counts, Plan, census
from offlimits.aggregates.devices import Devices
from offlimits.aggregates.exchange import Rates
from offlimits.aggregates.places import Places
from offlimits.citing import report_evidence
from offlimits.leads import Sign, question
from offlimits.measures import is_proven
from offlimits.model import Entity, Entry, Measure
from offlimits.readers.base import Traffic
from offlimits.registry import Registry
from offlimits.report import (
    Aggregates,
    Amount,
    At,
    Decision,
    Disclaimed,
    Portfolio,
    RegistryVersion,
    Report,
    ReportDoubt,
    ReportEntity,
    ReportEvidence,
    ReportFinding,
    ReportLead,
    ReportMeasure,
    ReportPeriod,
    ReportReject,
    ReportSource,
    ReportStage,
    Tool,
)

SHOWN_PLACES = 25
"""Places of a lead that a report lists; all of them are counted."""


class Tally(msgspec.Struct):
    """Counts of one source. `merge` is associative, so tallies can be added in any order."""

    entries: int = 0
    skipped: Counter[str] = msgspec.field(default_factory=Counter)
    rejects: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def units(self) -> int:
        return self.entries + self.skipped.total() + self.rejects.total()

    def merge(self, other: Tally) -> Tally:
        return Tally(self.entries + other.entries, self.skipped + other.skipped, self.rejects + other.rejects)


class LeadLines(msgspec.Struct):
    """The lines of one lead in one source: counted all, shown some."""

    lines: int = 0
    sums: dict[str, Decimal] = msgspec.field(default_factory=dict)
    places: list[At] = msgspec.field(default_factory=list)
    example: str = ""

    def add(self, entry: Entry, sign: Sign, at: At) -> None:
        self.lines += 1
        if entry.amount:
            self.sums[entry.currency] = self.sums.get(entry.currency, Decimal(0)) + Decimal(entry.amount)
        if len(self.places) < SHOWN_PLACES:
            self.places.append(at)
        if not self.example:
            text = " · ".join(
                mention.text.strip() for mention in entry.mentions if mention.kind in ("name", "text", "category", "product-code", "place")
            )
            self.example = f"{sign.words} in {sign.field!r}: {text}"[:300]

    def join(self, other: LeadLines) -> None:
        self.lines += other.lines
        for currency, total in other.sums.items():
            self.sums[currency] = self.sums.get(currency, Decimal(0)) + total
        self.places = [*self.places, *other.places][:SHOWN_PLACES]
        self.example = self.example or other.example


class Outcome(msgspec.Struct):
    """Everything one part gave."""

    source: int
    path: str
    sha256: str
    size_bytes: int
    reader: str
    chosen: str
    cannot_show: list[str]
    columns: dict[str, str]
    notes: list[str]
    tally: Tally
    findings: list[ReportFinding]
    disclaimed: list[Disclaimed]
    rejects: list[ReportReject]
    raw_rejects: list[tuple[At, str, str, str]]
    leads: list[tuple[str, str, str, LeadLines]]
    holdings: list[Any] = msgspec.field(default_factory=list)
    traffic: list[Traffic] = []
    installed: int = 0
    uncounted: set[At] = set()
    signs: dict[str, str] = {}
    made: dict[At, date] = {}


class Asks(msgspec.Struct, frozen=True):
    """What the user asked of the aggregates: tables of places (paths of MMDB files), a plan of removal, rates of exchange."""

    places: tuple[FilePath, ...] = ()
    plan: Plan | None = None
    rates: Rates | None = None


def place_key(at: At) -> tuple[int, str, int]:
    """The order of places: by source, sheet, line; elements and values by their number within the same parent."""
    path = at.xpath or at.pointer or ""
    last = re.search(r"(\d+)\]?$", path)
    return (at.source, at.sheet or (path[: last.start()] if last else path), at.number or (int(last[1]) if last else 0))


def fold(
    outcomes: Sequence[Outcome],
    registry: Registry,
    as_of: date,
    profile: str,
    decisions: Mapping[str, Decision],
    asks: Asks | None = None,
    money: Aggregates | None = None,
) -> Report:
    """Put the outcomes of all parts together, sorted, with every entity, measure and evidence they speak of."""
    outcomes = sorted(outcomes, key=lambda outcome: outcome.source)
    findings = _number(
        sorted((item for outcome in outcomes for item in outcome.findings), key=lambda item: (place_key(item.at), item.group)), decisions
    )
    disclaimed = sorted(
        (item for outcome in outcomes for item in outcome.disclaimed), key=lambda item: (place_key(item.at), item.entity, item.field)
    )
    aggregates = _aggregates(outcomes, findings, registry, as_of, asks or Asks())
    if money is not None:
        aggregates = msgspec.structs.replace(aggregates, funds=money.funds, control=money.control)
    owners = {call.owner for call in aggregates.call_home.calls if call.owner} if aggregates.call_home else set()
    entities, measures, evidence = _glossary(registry, findings, disclaimed, aggregates, owners)
    if aggregates.call_home:
        keys = {key for call in aggregates.call_home.calls for key in call.evidence} - evidence.keys()
        evidence |= {key: report_evidence(registry.data.evidence[key]) for key in sorted(keys)}
    rejected: Counter[str] = sum((outcome.tally.rejects for outcome in outcomes), Counter())
    return Report(
        format="offlimits.report/1",
        tool=Tool(version=__version__, registry=RegistryVersion(version=registry.version, sha256=registry.sha256)),
        as_of=as_of,
        profile=profile,
        coverage=_coverage(outcomes),
        sources=[_source(outcome) for outcome in outcomes],
        entities=entities,
        measures=measures,
        evidence=evidence,
        findings=findings,
        disclaimed=disclaimed,
        leads=_leads(outcomes),
        aggregates=aggregates,
        rejects=sorted((reject for outcome in outcomes for reject in outcome.rejects), key=lambda reject: place_key(reject.at)),
        rejects_by_code=dict(sorted(rejected.items())),
    )


def _aggregates(outcomes: Sequence[Outcome], findings: Sequence[ReportFinding], registry: Registry, as_of: date, asks: Asks) -> Aggregates:
    """What only the whole run can tell."""
    traffic = [(outcome.source, part) for outcome in outcomes for part in outcome.traffic]
    devices, kinds = Devices(traffic), {outcome.source: outcome.reader for outcome in outcomes}
    signs = {(outcome.source, sheet): sign for outcome in outcomes for sheet, sign in outcome.signs.items()}
    made = {at: day for outcome in outcomes for at, day in outcome.made.items()}
    installed, uncounted = sum(outcome.installed for outcome in outcomes), {at for outcome in outcomes for at in outcome.uncounted}
    return Aggregates(
        call_home=call_home(traffic, devices, findings, registry, Places(asks.places), as_of, kinds),
        census=census([item for item in findings if item.at not in uncounted], devices, Counts(installed, signs, made), asks.plan, as_of),
    )


def _coverage(outcomes: Sequence[Outcome]) -> Literal["all-read", "partly-read", "nothing-read"]:
    if not sum(outcome.tally.entries for outcome in outcomes):
        return "nothing-read"
    return "partly-read" if any(outcome.tally.rejects for outcome in outcomes) else "all-read"


def _number(findings: list[ReportFinding], decisions: Mapping[str, Decision]) -> list[ReportFinding]:
    return [
        msgspec.structs.replace(finding, id=f"f{number}", decision=decisions.get(finding.review_key))
        for number, finding in enumerate(findings, start=1)
    ]


def _source(outcome: Outcome) -> ReportSource:
    tally = outcome.tally
    skipped = [f"{count:,} {reason} row{'s' if count != 1 else ''} left out" for reason, count in sorted(tally.skipped.items())]
    return ReportSource(
        path=outcome.path,
        sha256=outcome.sha256,
        size_bytes=outcome.size_bytes,
        reader=outcome.reader,
        chosen=outcome.chosen,
        units=tally.units,
        entries=tally.entries,
        rejects=tally.rejects.total(),
        skipped=tally.skipped.total(),
        columns=outcome.columns,
        cannot_show=outcome.cannot_show,
        notes=[*outcome.notes, *skipped],
    )


def _leads(outcomes: Iterable[Outcome]) -> list[ReportLead]:
    """Leads joined over all sources: one for each kind, body and supplier, the largest sum of money first."""
    joined: dict[tuple[str, str, str], LeadLines] = {}
    for outcome in outcomes:
        for kind, body, supplier, lines in outcome.leads:
            joined.setdefault((kind, body, supplier), LeadLines()).join(lines)
    leads = [
        ReportLead(
            kind=kind,
            body=body,
            supplier=supplier,
            lines=lines.lines,
            amount=[Amount(value=str(total), currency=currency) for currency, total in sorted(lines.sums.items())],
            at=lines.places,
            example=lines.example,
            ask=question(kind, supplier, lines.lines),
        )
        for (kind, body, supplier), lines in joined.items()
    ]
    return sorted(
        leads,
        key=lambda lead: (
            -max((Decimal(item.value) for item in lead.amount), default=Decimal(0)),
            -lead.lines,
            lead.kind,
            lead.body,
            lead.supplier,
        ),
    )


def _glossary(
    registry: Registry,
    findings: Sequence[ReportFinding],
    disclaimed: Sequence[Disclaimed],
    aggregates: Aggregates,
    more: Iterable[str] = (),
) -> tuple[dict[str, ReportEntity], dict[str, ReportMeasure], dict[str, ReportEvidence]]:
    """Every entity, measure and evidence spoken of, once, by its id."""
    funds, reached = aggregates.funds, {key for item in aggregates.control or () for key in item.measures}
    names = {finding.entity for finding in findings} | {item.entity for item in disclaimed}
    names |= {group for portfolio in (funds.portfolios if funds else ()) for group in groups_of(portfolio)}
    names |= {name for entity in more for name in (entity, registry.entities[entity].group)}
    names |= {end for finding in findings for step in finding.path for end in (step.source, step.to)} | {
        finding.group for finding in findings
    }
    entities = {name: report_entity(registry.entities[name]) for name in sorted(names)}
    held = [company for portfolio in (funds.portfolios if funds else ()) for company in portfolio.companies]
    touching = [*(finding.measures for finding in findings), *(company.measures for company in held)]
    measure_ids = sorted(reached | {state.id for states in touching for state in states})
    measures = {key: report_measure(registry.measures[key]) for key in measure_ids}
    keys = {key for entity in entities.values() for key in entity.evidence}
    keys |= {key for finding in findings for step in finding.path for key in step.evidence}
    keys |= {key for finding in findings for key in finding.evidence}
    keys |= {key for portfolio in (funds.portfolios if funds else ()) for path in portfolio.paths for key in path.evidence}
    evidence = {key: report_evidence(registry.data.evidence[key]) for key in sorted(keys)}
    for key in measure_ids:
        evidence.update(measure_evidence(registry.measures[key]))
    return entities, measures, evidence


def groups_of(portfolio: Portfolio) -> set[str]:
    """Every listed group that a portfolio's money speaks of."""
    spoken = {item.group for item in portfolio.companies} | {item.group for item in portfolio.derivatives}
    return spoken | {group for item in portfolio.unclear_lines for group in item.groups}


def short_name(entity: Entity) -> str:
    """What to call an entity where there is little room: its shortest short name in Latin letters that is no bare acronym, else its
    shortest brand, else its full name."""
    plain = [name for name in entity.names if name.text.isascii() and name.weight != "context"]
    for kind in ("short", "brand"):
        if names := [name.text for name in plain if name.kind == kind]:
            return min(names, key=len)
    return entity.name


def report_entity(entity: Entity) -> ReportEntity:
    """An entity as the report shows it."""
    return ReportEntity(
        name=entity.name,
        kind=entity.kind,
        country=entity.country,
        group=entity.group,
        short=short_name(entity),
        names=list(dict.fromkeys(name.text for name in entity.names)),
        origin=entity.origin,
        statement=entity.statement,
        note=entity.note,
        evidence=list(entity.evidence),
    )


def measure_evidence(measure: Measure) -> dict[str, ReportEvidence]:
    """The evidence of a measure under the ids the report gives it."""
    return {f"{measure.id}/{number}": report_evidence(source) for number, source in enumerate(measure.evidence, start=1)}


def report_measure(measure: Measure) -> ReportMeasure:
    """A measure as the report shows it; its primary source first."""
    sources = sorted(measure.evidence, key=lambda source: source.cls != "primary")
    return ReportMeasure(
        jurisdiction=measure.jurisdiction,
        authority=measure.authority,
        kind=measure.kind,
        title=measure.title,
        effect=measure.effect,
        url=sources[0].url,
        proven=is_proven(measure),
        reported_by=sorted({source.publisher for source in measure.evidence}),
        names=list(measure.names),
        class_named=measure.class_named,
        binds_text=measure.binds_text,
        condition=measure.condition,
        periods=[ReportPeriod(since=period.since, until=period.until) for period in measure.periods],
        doubts=[ReportDoubt(since=doubt.since, until=doubt.until, why=doubt.why) for doubt in measure.doubts],
        stages=[ReportStage(on=stage.on, text=stage.text) for stage in measure.stages],
        evidence=[f"{measure.id}/{number}" for number in range(1, len(measure.evidence) + 1)],
        note=measure.note,
    )

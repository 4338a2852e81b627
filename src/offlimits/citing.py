"""How evidence, and the chain to a listed group, stand in a report and in an answer of `explain`."""

from __future__ import annotations

from offlimits.model import Evidence
from offlimits.registry import Path
from offlimits.report import ReportEvidence, Step


def report_steps(path: Path) -> list[Step]:
    """The chain to the listed group, as a reader follows it."""
    return [
        Step(
            source=hop.source,
            relation=hop.link.relation if hop.active else "former",
            to=hop.link.of,
            since=hop.link.since,
            until=hop.link.until,
            share=hop.link.share,
            scope=hop.link.scope,
            disputed=hop.link.disputed,
            uncertain=hop.link.uncertain,
            evidence=list(hop.link.evidence),
        )
        for hop in path.hops
    ]


def report_evidence(evidence: Evidence) -> ReportEvidence:
    """A piece of evidence as the report shows it."""
    return ReportEvidence(
        publisher=evidence.publisher,
        title=f"{evidence.title}, {evidence.at}" if evidence.at else evidence.title,
        url=evidence.url,
        read=evidence.read,
        cls=evidence.cls,
        on=evidence.on,
        quote=evidence.quote,
        copy=evidence.copy,
    )

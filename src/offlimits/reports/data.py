"""JSON, JSON Lines and CSV: the report for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from offlimits.report import Report
from offlimits.reports.base import binding_words, chain_words, evidence_words, neutral


class Json:
    """The contract: one document, `offlimits.report/1`."""

    suffix = ".json"

    def render(self, report: Report) -> bytes:
        return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


class JsonLines:
    """The same, one thing a line, each with its `event`."""

    suffix = ".jsonl"

    def render(self, report: Report) -> bytes:
        return b"".join(msgspec.json.encode(event) + b"\n" for event in _events(report))


def _events(report: Report) -> Iterator[dict[str, object]]:
    plain = msgspec.to_builtins(report, builtin_types=())
    run = {key: plain[key] for key in ("format", "tool", "as_of", "profile", "coverage", "aggregates", "rejects_by_code", "redacted")}
    yield {"event": "run", **run}
    yield from ({"event": "source", "source": number, **source} for number, source in enumerate(plain["sources"]))
    yield from ({"event": "list", **told} for told in plain["lists"])
    for kind in ("entities", "measures", "evidence"):
        yield from ({"event": kind, "id": key, **value} for key, value in plain[kind].items())
    for kind, event in (("findings", "finding"), ("disclaimed", "disclaimed"), ("leads", "lead"), ("rejects", "reject")):
        yield from ({"event": event, **item} for item in plain[kind])


COLUMNS = (
    "id", "source", "sheet", "line or row", "maker", "company or brand", "relation", "strength", "identity", "link", "what was read",
    "why", "chain", "evidence", "what binds you", "amount", "currency", "quantity", "date", "body", "supplier", "question to ask",
    "decision",
)  # fmt: skip


class Csv:
    """Findings, one a line, for spreadsheets; cells are neutralised against formulas."""

    suffix = ".csv"

    def render(self, report: Report) -> bytes:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([neutral(cell) for cell in row] for row in finding_rows(report))
        return stream.getvalue().encode("utf-8-sig")


def finding_rows(report: Report) -> Iterator[list[str]]:
    """The findings as rows of text under `COLUMNS`."""
    for finding in report.findings:
        at = finding.at
        yield [
            finding.id,
            report.sources[at.source].path,
            at.sheet or "",
            str(at.number or at.xpath or at.pointer or ""),
            report.entities[finding.group].name,
            report.entities[finding.entity].name,
            finding.relation,
            finding.strength,
            f"{finding.identity.strength} ({finding.identity.score:.2f})",
            finding.link.strength,
            " | ".join(f"{mention.field}: {mention.text}" for mention in finding.mentions),
            "; ".join(f"{why.detail} [{why.rule} {why.weight:+.2f}]" for why in finding.why),
            chain_words(finding, report),
            evidence_words(finding, report),
            binding_words(finding, report),
            finding.amount.value if finding.amount else "",
            finding.amount.currency if finding.amount else "",
            finding.quantity or "",
            finding.on.isoformat() if finding.on else "",
            finding.body,
            finding.supplier,
            finding.ask,
            f"{finding.decision.verdict}: {finding.decision.why}" if finding.decision else "",
        ]

"""Remembered judgements, and what changed between two reports."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from offlimits.errors import UsageError
from offlimits.files import write_output
from offlimits.report import FORMAT, At, Decision, Report, ReportFinding, ReportMention


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["offlimits.decisions/1"]
    decisions: dict[str, Decision]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One finding in a comparison of reports."""

    review_key: str
    path: str
    at: At
    entity: str
    strength: str
    mentions: list[ReportMention]
    was: str = ""


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two reports. A finding is the same when its review key is; its line may move."""

    new: list[Line]
    gone: list[Line]
    changed: list[Line]
    same: int
    measures_new: list[str]
    measures_gone: list[str]
    registry: list[str]
    as_of: list[str]


def read_report(path: Path) -> Report:
    """A JSON report from a file. Raises `UsageError` when it is none, or of another format version."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "give a report written with --output report.json") from error
    try:
        return msgspec.json.decode(content, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no {FORMAT} report: {error}", "give a report written with --output report.json") from error


def read_decisions(path: Path) -> dict[str, Decision]:
    """Judgements by review key; none when the file is not there yet."""
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept).decisions
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} holds no judgements: {error}", "give a file that `offlimits decide` wrote") from error


def make_decision(report: Report, key: str, decision: Decision, kept: Path) -> tuple[ReportFinding, int]:
    """Add a judgement about one finding to the file, and say how many it holds now.

    Raises `UsageError` when the report has no such finding, or its key was redacted.
    """
    finding = next((item for item in report.findings if key in (item.id, item.review_key)), None)
    if finding is None:
        raise UsageError(f"the report has no finding {key!r}", "give an id (f1, f2, …) or a review key from the report")
    if not finding.review_key:
        raise UsageError(f"finding {finding.id} was redacted and cannot be remembered", "use the report written without --redact")
    decisions = {**read_decisions(kept), finding.review_key: decision}
    content = msgspec.json.encode(_Kept(format="offlimits.decisions/1", decisions=dict(sorted(decisions.items()))))
    write_output(kept, msgspec.json.format(content, indent=1) + b"\n")
    return finding, len(decisions)


def compare_reports(old: Report, new: Report) -> Changes:
    """What is new, gone and changed, by review key."""
    before, after = _by_key(old), _by_key(new)
    changed = [
        _line(new, after[key], was=before[key].strength)
        for key in after
        if key in before and (after[key].strength, after[key].relation) != (before[key].strength, before[key].relation)
    ]
    return Changes(
        new=[_line(new, finding) for key, finding in after.items() if key not in before],
        gone=[_line(old, finding) for key, finding in before.items() if key not in after],
        changed=changed,
        same=sum(1 for key in after if key in before) - len(changed),
        measures_new=sorted(new.measures.keys() - old.measures.keys()),
        measures_gone=sorted(old.measures.keys() - new.measures.keys()),
        registry=[old.tool.registry.version, new.tool.registry.version],
        as_of=[str(old.as_of), str(new.as_of)],
    )


def _by_key(report: Report) -> dict[str, ReportFinding]:
    return {finding.review_key or finding.id: finding for finding in report.findings}


def _line(report: Report, finding: ReportFinding, was: str = "") -> Line:
    return Line(
        review_key=finding.review_key,
        path=report.sources[finding.at.source].path,
        at=finding.at,
        entity=finding.entity,
        strength=finding.strength,
        mentions=finding.mentions,
        was=was,
    )

"""What every output format promises: bytes from a `Report`, and from nothing else but the inputs it names."""

from __future__ import annotations

import re
from typing import Protocol

from offlimits.report import At, Report, ReportFinding, ReportList


class Format(Protocol):
    """One output format."""

    suffix: str

    def render(self, report: Report) -> bytes:
        """The whole file. The same report gives the same bytes."""


FORMULA = re.compile(r"^[=+\-@\t\r]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection).

    A leading `=`, `+`, `-`, `@`, tab or return gets an apostrophe before it. Plain numbers stay.
    """
    return f"'{text}" if FORMULA.match(text) and not re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def printable(text: str) -> str:
    """A text that cannot steer a terminal or turn its direction: control and bidirectional characters become `�`."""
    return CONTROL.sub("�", text)


def place_words(at: At, report: Report) -> str:
    """A place in words: `register.xlsx, sheet Cameras, row 12`."""
    path = report.sources[at.source].path if at.source < len(report.sources) else "?"
    if at.sheet is not None:
        return f"{path}, sheet {at.sheet}" + (f", row {at.row}" if at.row is not None else "")
    return f"{path}, {at.words}" if at.words else path


def binding_words(finding: ReportFinding, report: Report) -> str:
    """What binds the profile, in one cell: titles of the measures that bind it or may, or that none names it."""
    parts = []
    for state in finding.measures:
        measure = report.measures[state.id]
        if state.binds == "you":
            parts.append(f"binds you: {measure.title}" + (f" ({state.condition})" if state.condition else ""))
        elif state.binds == "depends":
            parts.append(f"depends: {measure.title} ({state.condition})")
    if parts:
        return "; ".join(parts)
    if report.profile == "neutral":
        held = sum(1 for state in finding.measures if state.in_force == "yes")
        return f"{held} measures in force touch this; run with --profile to see what binds you"
    return f"no measure in this registry binds you ({report.profile}) for this"


def evidence_words(finding: ReportFinding, report: Report) -> str:
    """The evidence of the chain in one cell: publisher, title, address."""
    keys = [*finding.evidence, *(key for step in finding.path for key in step.evidence)] or report.entities[finding.entity].evidence
    sources = [report.evidence[key] for key in dict.fromkeys(keys)]
    return "; ".join(f"{source.publisher}: {source.title} ({source.url}, read {source.read})" for source in sources[:4])


def chain_words(finding: ReportFinding, report: Report) -> str:
    """The chain from what was found to the listed group in one line."""
    steps = [f"{entity_name(step.source, report)} → {step.relation} of → {entity_name(step.to, report)}" for step in finding.path]
    return "; ".join(steps) or report.entities[finding.entity].name


def entity_name(key: str, report: Report) -> str:
    """The name of an entity; what stands at the start of a chain may also be a model or a clue without a name of its own."""
    return report.entities[key].name if key in report.entities else key


def list_words(told: ReportList) -> str:
    """A list the user brought: its edition and age, and how much of it was taken."""
    if told.age_days is None:
        edition = "without a date"
    else:
        dated = f"edition {told.edition}" if told.edition else f"latest record of {told.newest}"
        edition = f"{dated}, {told.age_days:,} day{'s' if told.age_days != 1 else ''} old"
    left = [f"{count:,} {reason} left out" for reason, count in told.skipped.items()]
    left += [f"{told.rejects:,} rows not readable"] if told.rejects else []
    ours = f", {told.ours:,} of them in the registry already" if told.ours else ""
    return f"{told.title}, {edition}: {told.listed:,} companies{ours}" + "".join(f"; {text}" for text in left)

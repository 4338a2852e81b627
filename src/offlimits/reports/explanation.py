"""`explain`, `measures` and `diff` in words, line by line, each with its style for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from offlimits.decisions import Changes, Line
from offlimits.explanation import Explained, Explanation
from offlimits.folding import report_measure
from offlimits.measures import Profile, binding, in_force, is_proven
from offlimits.model import Measure
from offlimits.registry import Registry
from offlimits.report import MeasureState
from offlimits.reports.base import printable

Styled = tuple[str, dict[str, Any]]
BOLD: dict[str, Any] = {"bold": True}
DIM: dict[str, Any] = {"dim": True}
PLAIN: dict[str, Any] = {}
WIDTH = 80
SHOWN_MEASURES = 12
COLOUR: dict[str, dict[str, Any]] = {"exact": {"fg": "red", "bold": True}, "likely": {"fg": "yellow"}, "possible": {"fg": "cyan"}}


def _wrapped(text: str, indent: str = "  ", style: dict[str, Any] = PLAIN) -> Iterator[Styled]:
    for line in textwrap.wrap(
        printable(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False, break_on_hyphens=False
    ) or [indent]:
        yield line, style


def explanation_lines(explanation: Explanation, registry: Registry) -> Iterator[Styled]:
    """Everything known about one text, the answers strongest first."""
    for answer in explanation.answers:
        yield from _answer_lines(answer, registry)
        yield "", PLAIN
    for remark in explanation.remarks:
        yield from _wrapped(remark, "")
    if explanation.corrections:
        yield "Often claimed, and not so", BOLD
        for correction in explanation.corrections:
            yield from _wrapped(correction)


def _answer_lines(answer: Explained, registry: Registry) -> Iterator[Styled]:
    yield printable(answer.name), BOLD
    if answer.disclaimed:
        yield from _wrapped(f"named, but not there: {answer.disclaimed}", style=COLOUR["possible"])
        return
    group = registry.entities[answer.group].name
    tie = (
        "itself"
        if answer.relation == "same" and not answer.path
        else f"{answer.relation} of {group}"
        if answer.relation != "made-by"
        else f"goods made by {group}"
    )
    yield from _wrapped(
        f"{answer.strength}: {tie} (identity {answer.identity} {answer.score:.2f}, link {answer.link})", style=COLOUR[answer.strength]
    )
    for why in answer.why:
        yield from _wrapped(f"{why.weight:+.2f} {why.detail} [{why.rule}]")
    if answer.wants:
        yield from _wrapped(
            "wants a second sign beside it: " + ("the brand's own word" if answer.wants == "brand" else "a word of the trade")
        )
    for step in answer.path:
        yield from _step_lines(answer, step, registry)
    told = {key for step in answer.path for key in step.evidence}
    for key in dict.fromkeys([*answer.on_word_of, *registry.entities[answer.entity].evidence]):
        if key not in told:
            yield from _evidence_line(answer, key)
    if answer.note:
        yield from _wrapped(f"note: {answer.note}", style=DIM)
    if answer.statement:
        yield from _wrapped(f"the company says: {answer.statement}")
    if answer.identifiers:
        yield from _wrapped(f"identifiers: {', '.join(answer.identifiers[:12])}", style=DIM)
    yield from _measure_block(answer.measures, registry)


def _step_lines(answer: Explained, step: Any, registry: Registry) -> Iterator[Styled]:
    dates = f" since {step.since}" if step.since else ""
    dates += f" until {step.until}" if step.until else ""
    extra = "".join(
        f"; {word}"
        for word in (
            step.share,
            step.scope,
            f"disputed: {step.disputed}" if step.disputed else "",
            f"uncertain: {step.uncertain}" if step.uncertain else "",
        )
        if word
    )
    source, target = registry.entities[step.source].name, registry.entities[step.to].name
    of = "" if step.relation == "made-by" else "of "
    yield from _wrapped(f"{source} is {step.relation} {of}{target}{dates}{extra}")
    for key in step.evidence:
        yield from _evidence_line(answer, key)


def _evidence_line(answer: Explained, key: str) -> Iterator[Styled]:
    source = answer.evidence[key]
    yield from _wrapped(f"[{source.cls}] {source.publisher}: {source.title}, {source.url} (read {source.read})", "    ", DIM)


def _measure_block(states: list[MeasureState], registry: Registry) -> Iterator[Styled]:
    held = [state for state in states if state.in_force != "no"]
    if not states:
        yield from _wrapped("no measure in this registry touches it")
        return
    yield f"  measures that touch it: {len(held)} in force or doubtful, {len(states) - len(held)} not in force", PLAIN
    for state in held[:SHOWN_MEASURES]:
        measure = registry.measures[state.id]
        said = "" if is_proven(measure) else "reported: "
        binds = {"you": "BINDS YOU ", "depends": "depends ", "others": ""}[state.binds]
        yield from _wrapped(f"{binds}{said}{measure.title} ({measure.kind}; {state.reason})", "    ")
    if len(held) > SHOWN_MEASURES:
        yield f"    … and {len(held) - SHOWN_MEASURES} more: --json has them all", DIM


def measure_rows(registry: Registry, on: date, profile: Profile) -> list[dict[str, Any]]:
    """Every measure with its state on a day and for a profile, for JSON."""
    rows = []
    for measure in sorted(registry.data.measures, key=lambda item: (item.jurisdiction, item.id)):
        force, reason = in_force(measure, on)
        binds, condition = binding(measure, profile, force)
        rows.append(
            {"id": measure.id, "in_force": force, "reason": reason, "binds": binds, "if": condition, "measure": report_measure(measure)}
        )
    return rows


def measure_lines(registry: Registry, on: date, profile: Profile) -> Iterator[Styled]:
    """Every measure in words, by jurisdiction; those that bind the profile first."""
    rows = [(measure, *in_force(measure, on)) for measure in registry.data.measures]
    bound = [(measure, force, *binding(measure, profile, force)) for measure, force, _ in rows]
    mine = [item for item in bound if item[2] != "others"]
    held = sum(1 for _, force, _ in rows if force == "yes")
    yield f"{len(rows)} measures, {held} in force on {on}, for {profile.name}", BOLD
    if mine:
        yield "", PLAIN
        for measure, force, binds, condition in sorted(mine, key=lambda item: (item[2] != "you", item[0].id)):
            word = "binds you" if binds == "you" else "depends"
            doubt = " (in force: unknown)" if force == "unknown" else ""
            yield from _wrapped(
                f"{word}{doubt}: {measure.title}. {measure.effect}" + (f" Condition: {condition}" if condition else ""),
                style=BOLD if binds == "you" else PLAIN,
            )
    elif profile.name != "neutral":
        yield from _wrapped(
            f"No measure in this registry names you as {profile.name}. What binds others is listed below; your own rules may go further."
        )
    for jurisdiction in sorted({measure.jurisdiction for measure, _, _ in rows}):
        yield "", PLAIN
        yield jurisdiction, BOLD
        for measure, force, reason in sorted((row for row in rows if row[0].jurisdiction == jurisdiction), key=lambda row: row[0].id):
            yield from _measure_line(measure, force, reason)


def _measure_line(measure: Measure, force: str, reason: str) -> Iterator[Styled]:
    said = "" if is_proven(measure) else f" [reported by {', '.join(sorted({source.publisher for source in measure.evidence})[:2])}]"
    whom = ", ".join(measure.names) or f"no company; {measure.class_named}"
    yield from _wrapped(
        f"{measure.id}: {measure.title} ({measure.kind}; in force: {force}, {reason}). Names: {whom}{said}",
        style=PLAIN if force == "yes" else DIM,
    )


def difference_lines(changes: Changes) -> Iterator[str]:
    """What changed between two reports, in words."""
    yield f"{len(changes.new)} new, {len(changes.gone)} gone, {len(changes.changed)} changed, {changes.same} as before"
    yield f"as of {' → '.join(changes.as_of)}; registry {' → '.join(changes.registry)}"
    for title, lines in (("new", changes.new), ("gone", changes.gone), ("changed", changes.changed)):
        yield from (f"  {title}: {_line_words(line)}" for line in lines)
    yield from (f"  measure new: {key}" for key in changes.measures_new)
    yield from (f"  measure gone: {key}" for key in changes.measures_gone)


def _line_words(line: Line) -> str:
    where = line.at.words
    was = f" (was {line.was})" if line.was else ""
    return printable(
        f"{line.entity} {line.strength}{was}, {line.path} {where}: {' | '.join(mention.text for mention in line.mentions)[:120]}"
    )

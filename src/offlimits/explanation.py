"""`explain`: who is this, why is it here, on whose word?"""

from __future__ import annotations

from datetime import date

import msgspec

from offlimits.citing import report_evidence, report_steps
from offlimits.judging import strength_of
from offlimits.matching import Matching, addresses, hex_digits, is_local, read_text
from offlimits.measures import Profile, measures_on
from offlimits.model import CHANNELS, ColumnKind, Match, Strength
from offlimits.registry import Path, Registry, weaker
from offlimits.report import MeasureState, ReportEvidence, Step, Why

EXPLAINED: tuple[ColumnKind, ...] = ("maker", "product-code", "mac", "ticker", "company-number", "host")
"""The readings that `explain` tries for what it is given, besides plain text."""


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of `explain`: what the text was taken for, the chain to the listed group, and what touches it."""

    entity: str
    name: str
    group: str
    relation: str
    strength: Strength
    identity: Strength
    score: float
    link: Strength
    why: list[Why]
    on_word_of: list[str]
    wants: str
    disclaimed: str
    names: list[str]
    identifiers: list[str]
    note: str
    statement: str
    path: list[Step]
    measures: list[MeasureState]
    evidence: dict[str, ReportEvidence]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about one text; `remarks` says what the text cannot tell."""

    text: str
    answers: list[Explained]
    remarks: list[str]
    corrections: list[str]


def explain(text: str, registry: Registry, as_of: date, profile: Profile) -> Explanation:
    """Who is this, why is it here, on whose word, and what touches it? For a name in any script, a ticker, an ISIN, a MAC, a model
    number, a domain."""
    matching = Matching(registry)
    found: dict[tuple[str, str], Match] = {}
    kinds: tuple[ColumnKind, ...] = ("text", *EXPLAINED)
    for kind in kinds:
        for match in matching.find(text, kind):
            key = (match.entity, match.disclaimed)
            if key not in found or match.score > found[key].score:
                found[key] = match
    answers = [
        _explained(match, path, registry, as_of, profile)
        for match in found.values()
        for path in registry.paths(match.entity, as_of)
        if strength_of(match.score)
    ]
    answers.sort(key=lambda answer: (bool(answer.disclaimed), -answer.score, answer.entity, answer.group))
    return Explanation(text=text, answers=answers, remarks=_remarks(text, answers), corrections=_corrections(answers, registry))


def _explained(match: Match, path: Path, registry: Registry, as_of: date, profile: Profile) -> Explained:
    entity = registry.entities[match.entity]
    identity = strength_of(match.score) or "possible"
    states = {state.id: state for channel in CHANNELS for state in measures_on(registry, path, channel, profile, as_of)}
    steps = report_steps(path)
    keys = dict.fromkeys([*match.evidence, *entity.evidence, *(key for step in steps for key in step.evidence)])
    return Explained(
        entity=entity.id,
        name=entity.name,
        group=path.group,
        relation="product" if match.product and path.relation in ("same", "subsidiary", "brand") else path.relation,
        strength=weaker(identity, path.strength),
        identity=identity,
        score=match.score,
        link=path.strength,
        why=[Why(rule=reason.rule, detail=reason.detail, weight=reason.weight) for reason in match.reasons],
        on_word_of=list(match.evidence),
        wants=match.needs,
        disclaimed=f"{match.disclaimed}: {match.detail}" if match.disclaimed else "",
        names=list(dict.fromkeys(name.text for name in entity.names)),
        identifiers=[f"{identifier.scheme} {identifier.value}" for identifier in entity.identifiers],
        note=entity.note,
        statement=entity.statement,
        path=steps,
        measures=sorted(
            states.values(), key=lambda state: (state.binds != "you", state.binds != "depends", state.in_force != "yes", state.id)
        ),
        evidence={key: report_evidence(registry.data.evidence[key]) for key in keys},
    )


def _remarks(text: str, answers: list[Explained]) -> list[str]:
    remarks = []
    for found in addresses(read_text(text, "mac")):
        if is_local(hex_digits(found[0])):
            remarks.append(f"{found[0]} is a locally administered address (random or set by hand): it says nothing of the maker")
        elif not answers:
            remarks.append(f"{found[0]} has a prefix that is assigned to nobody in this registry")
    if not answers and not remarks:
        remarks.append("nothing in this registry goes by that. That is no clearance: it knows the listed groups, not every name they use")
    return remarks


def _corrections(answers: list[Explained], registry: Registry) -> list[str]:
    """Claims often made about these companies that are not so."""
    groups = {answer.group for answer in answers if not answer.disclaimed}
    return [f"{claim.claim} — {claim.truth}" for claim in registry.data.not_measures if groups & set(claim.names)]

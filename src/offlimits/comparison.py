"""`compare` and `explain`: who is this, why is it here, on whose word; and are these two one company?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from offlimits.folding import report_evidence, report_steps
from offlimits.judging import LIKELY, strength_of
from offlimits.matching import Matching, addresses, hex_digits, is_local, read_text
from offlimits.measures import Profile, measures_on
from offlimits.model import CHANNELS, ColumnKind, Match, Strength
from offlimits.naming import Part, judge
from offlimits.registry import Path, Registry, weaker
from offlimits.report import MeasureState, ReportEvidence, Step, Why

EXPLAINED: tuple[ColumnKind, ...] = ("maker", "product-code", "mac", "ticker", "company-number", "host")
"""The readings that `explain` tries for what it is given, besides plain text."""


WHOLE = ("name-whole", "name-legal", "name-split")
"""Rules by which a text is a whole name, not a name among others."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What two names are to one another. `score` is how sure that is, from 0 to 1; the weights in `why` add up to it."""

    relation: Literal["same", "related", "different"]
    score: float
    why: list[Why]


def compare(a: str, b: str, registry: Registry | None = None) -> Comparison:
    """Are two names one company, related, or different, and why?

    Without a registry only the strings are judged; with one, its aliases, subsidiaries and brands are known.
    """
    if registry is not None and (known := _compare_known(a, b, registry)):
        return known
    return _compare_strings(a, b)


def _best(text: str, matching: Matching) -> Match | None:
    found = [match for match in matching.find(text, "name") if match.score >= LIKELY and not match.disclaimed]
    return max(found, key=lambda match: match.score, default=None)


def _compare_known(a: str, b: str, registry: Registry) -> Comparison | None:
    matching = Matching(registry)
    first, second = _best(a, matching), _best(b, matching)
    if first is None or second is None:
        return None
    groups = {registry.entities[match.entity].group for match in (first, second)}
    score = min(first.score, second.score)
    reasons = [
        Why(rule=match.rule, detail=f"{match.text!r} is {registry.entities[match.entity].name}", weight=0.0) for match in (first, second)
    ]
    if len(groups) > 1:
        return Comparison(
            relation="different", score=score, why=[*reasons, Why(rule="other-group", detail="two listed groups", weight=score)]
        )
    whole = first.rule in WHOLE and second.rule in WHOLE
    if first.entity == second.entity and whole:
        return Comparison(
            relation="same", score=score, why=[*reasons, Why(rule="same-entity", detail="two names of one entity", weight=score)]
        )
    what = "the same name with words of a branch" if first.entity == second.entity else "two members of one group"
    return Comparison(relation="related", score=score, why=[*reasons, Why(rule="same-group", detail=what, weight=score)])


def _compare_strings(a: str, b: str) -> Comparison:
    """What the strings alone say: the score that decided, and the parts that add up to it."""
    said = judge(a, b)
    if said.relation == "different":
        score, parts = 1 - max(said.same, said.related), said.same_parts if said.same >= said.related else said.related_parts
        parts = (
            Part("nothing-speaks-for-it", "what is left when nothing speaks for it", 1.0),
            *(part._replace(weight=-part.weight) for part in parts),
        )
    else:
        score, parts = (said.same, said.same_parts) if said.relation == "same" else (said.related, said.related_parts)
    return Comparison(relation=said.relation, score=round(score, 4), why=_rounded(parts, round(score, 4)))


def _rounded(parts: Sequence[Part], score: float) -> list[Why]:
    """The parts to four places, those that change nothing left out; what rounding lost goes to the largest."""
    kept = [Why(rule=part.rule, detail=part.detail, weight=round(part.weight, 4)) for part in parts if round(part.weight, 4)]
    if not kept:
        return [Why(rule=part.rule, detail=part.detail, weight=0.0) for part in parts]
    largest = max(range(len(kept)), key=lambda number: abs(kept[number].weight))
    lost = round(score - sum(why.weight for why in kept), 4)
    kept[largest] = msgspec.structs.replace(kept[largest], weight=round(kept[largest].weight + lost, 4))
    return kept


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

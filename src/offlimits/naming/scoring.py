"""Two scores for two names, from 0 to 1: how sure it is that they are one company, and that they belong together.

Each score is a sum of named parts. Inside, the parts are weights of evidence (log-odds) of which each may only push one way: a word
without an answer can never raise `same`, a word of a branch or a country can never lower `related`. Outside, each part is what the score
changed by when it was added, so that the parts add up to the score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import Literal, NamedTuple

from offlimits.naming.aligning import Alignment, align
from offlimits.naming.features import FEATURES, measure
from offlimits.naming.reading import ReadName, read_name
from offlimits.naming.telling import tell
from offlimits.naming.weights import RELATED, SAME

THRESHOLD = 0.5
"""From here on two names are the same, or related: the one default, for every use."""

Relation = Literal["same", "related", "different"]

_SAME = tuple(SAME[name] for name in FEATURES)
_RELATED = tuple(RELATED[name] for name in FEATURES)


class Part(NamedTuple):
    """One reason: its rule, the words it rests on, and by how much it changed the score."""

    rule: str
    detail: str
    weight: float


class Judgement(NamedTuple):
    """What two names are to one another, with both scores and what each is the sum of."""

    relation: Relation
    same: float
    related: float
    same_parts: tuple[Part, ...]
    related_parts: tuple[Part, ...]


def same_score(a: ReadName, b: ReadName) -> float:
    """How sure it is that two names are one company. Symmetric; 0 where no word of one answers a word of the other."""
    if not a.words or not b.words:
        return 0.0
    found = align(a, b)
    if not found.answers:
        return 0.0
    return _sigmoid(sum([weight * value for weight, value in zip(_SAME, measure(a, b, found), strict=True)]))


def score(a: str, b: str) -> float:
    """`same_score` of two texts."""
    return same_score(read_name(a), read_name(b))


def score_pairs(pairs: Iterable[tuple[str, str]]) -> list[float]:
    """`same_score` of many pairs."""
    return [same_score(read_name(a), read_name(b)) for a, b in pairs]


def judge(a: str, b: str) -> Judgement:
    """Both scores with their parts, and the relation they say at the default threshold: `same` first, then `related`."""
    first, second = sorted((read_name(a), read_name(b)), key=lambda name: name.text)
    found = align(first, second)
    if not found.answers:
        nothing = (Part("no-word-shared", "no word of the one answers a word of the other", 0.0),)
        return Judgement("different", 0.0, 0.0, nothing, nothing)
    row = measure(first, second, found)
    same, same_parts = _explained(_SAME, row, found)
    related, related_parts = _explained(_RELATED, row, found)
    relation: Relation = "same" if same >= THRESHOLD else "related" if related >= THRESHOLD else "different"
    return Judgement(relation, same, related, same_parts, related_parts)


def answers_whole(a: str, b: str) -> bool:
    """Whether every telling word and word of a trade of the first name has an answer in the second: it is no longer name that only
    begins like it."""
    return all(word.kind not in "dt" for word in align(read_name(a), read_name(b)).left)


def _explained(weights: Sequence[float], row: Sequence[float], found: Alignment) -> tuple[float, tuple[Part, ...]]:
    """A score and its parts: what speaks for it first, each part the change it makes."""
    named = [(name, weight * value) for name, weight, value in zip(FEATURES, weights, row, strict=True) if weight * value]
    named.sort(key=lambda item: (item[0] != "start", item[1] < 0))
    parts, total, before = [], 0.0, 0.0
    for name, push in named:
        total += push
        after = _sigmoid(total)
        parts.append(Part(name, tell(name, found), after - before))
        before = after
    return before, tuple(parts)


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


__all__ = ["THRESHOLD", "Judgement", "Part", "Relation", "answers_whole", "judge", "same_score", "score", "score_pairs"]

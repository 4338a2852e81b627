"""Names and identifiers of lists the user brings: whole cells only, by look-ups, so that the cost hardly grows with the list. A name that
is written otherwise than on the list is found by the name index (`offlimits.naming`).

A list says nothing of how telling its names are. So a name counts when it is the whole of a cell that names a company, legal forms aside;
names inside sentences are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from offlimits.matching.base import Text, Vocabulary
from offlimits.matching.hanzi import CJK_FORMS
from offlimits.matching.identifiers import normalise
from offlimits.model import ColumnKind, Entity, Match, Name, Reason
from offlimits.text import fold

if TYPE_CHECKING:
    from offlimits.naming.retrieval import NameIndex

NAMED: tuple[ColumnKind, ...] = ("name", "maker")
IDENTIFIED: dict[ColumnKind, tuple[str, ...]] = {
    "isin": ("isin",),
    "lei": ("lei",),
    "company-number": ("uscc", "company-number"),
    "ticker": ("ticker",),
}
"""By kind of column, the schemes whose values may stand there."""

JOINERS = frozenset({"and", "und", "et", "the"})
TELLING = 5
"""Letters a single word needs to be a name of its own; a shorter one is more often an acronym of somebody else."""

CLOSE = 0.9
"""From this score of the name index on a name that is written otherwise counts as likely; from the threshold on as possible."""

REMEMBERED = 200_000
"""Distinct cells whose near names are kept."""

_APART = str.maketrans({char: " " for char in '&,;:/\\-–—_()[]{}"“”„«»!?*+|'} | {char: "" for char in ".'’`"})


class _Held(NamedTuple):
    entity: str
    name: Name


class ListedNames:
    """The matcher of names that are on a user's list and not in the registry."""

    def __init__(self, entities: Iterable[Entity], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, _Held] = {}
        self._every: list[_Held] = []
        self._near: dict[str, _Held | None] = {}
        self._identifiers: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        for entity in entities:
            for name in entity.names:
                self._every.append(_Held(entity.id, name))
                self._names.setdefault(self.key(name.text), self._every[-1])
            for item in entity.identifiers:
                self._identifiers.setdefault((item.scheme, normalise(item.scheme, item.value)), (entity.id, item.evidence))

    def __bool__(self) -> bool:
        return bool(self._names)

    def key(self, text: str) -> str:
        """The words of a name without legal forms at either end, joiners and punctuation; what two writings of one name share."""
        words = [word for word in fold(text).translate(_APART).split() if word not in JOINERS]
        start, end = 0, len(words)
        while end > start + 1 and words[end - 1] in self._vocabulary.legal:
            end -= 1
        while start < end - 1 and words[start] in self._vocabulary.legal:
            start += 1
        key = " ".join(words[start:end])
        return key if key.isascii() else CJK_FORMS.sub("", key)

    @cached_property
    def index(self) -> NameIndex:
        """All names of the lists, compiled once and kept in the user's cache; loads numpy and scipy."""
        from offlimits.naming.retrieval import NameIndex

        return NameIndex([held.name.text for held in self._every])

    def held(self, cells: Iterable[str], kind: ColumnKind) -> set[str]:
        """The cells that `find` would answer to: distinct ones, all at once."""
        asked = [cell for cell in cells if cell]
        if kind in NAMED and self._every:
            self._look([cell for cell in asked if cell not in self._near and self.key(cell) not in self._names])
        return {cell for cell in asked if self.holds(cell, kind)}

    def _look(self, cells: list[str]) -> None:
        """Search for the nearest listed name of every cell, and remember it."""
        from offlimits.naming import answers_whole  # who brings no list must not wait for the vocabularies

        if len(self._near) + len(cells) > REMEMBERED:
            self._near.clear()
        for cell, hits in zip(cells, self.index.search(cells, limit=1), strict=True):
            held = self._every[hits[0].number] if hits else None
            self._near[cell] = held if held and answers_whole(cell, held.name.text) else None

    def near(self, text: str) -> _Held | None:
        """The listed name that a cell is likely to mean though it is written otherwise."""
        if text not in self._near:
            self._look([text])
        return self._near[text]

    def holds(self, text: str, kind: ColumnKind) -> bool:
        """Whether `find` would answer; cheap, for every distinct cell."""
        if kind in NAMED:
            return bool(self._every) and (self.key(text) in self._names or self.near(text) is not None)
        return any((scheme, normalise(scheme, text)) in self._identifiers for scheme in IDENTIFIED.get(kind, ()))

    def find(self, text: Text) -> Iterator[Match]:
        if text.kind in NAMED and self._every:
            if held := self._names.get(self.key(text.clean)):
                yield self._weigh(text, held)
            elif near := self.near(text.clean):
                yield _weigh_near(text, near)
        for scheme in IDENTIFIED.get(text.kind, ()):
            found = self._identifiers.get((scheme, normalise(scheme, text.clean)))
            if found:
                yield _match(text, *found, f"identifier-{scheme}", 0.99, f"is the {scheme} on the list")

    def _weigh(self, text: Text, held: _Held) -> Match:
        key = self.key(held.name.text)
        whole = fold(text.clean).translate(_APART).split() == fold(held.name.text).translate(_APART).split()
        rule, score, detail = "list-name-whole", 0.97, f"is {held.name.text!r} on the list"
        if not whole:
            rule, score, detail = "list-name-core", 0.9, f"is {held.name.text!r} on the list but for legal forms and joining words"
        if held.name.weight == "context" or not self._tells(key):
            rule, score, detail = "list-name-short", 0.5, f"is {held.name.text!r} on the list, which others may be called too"
        return _match(text, held.entity, held.name.evidence, rule, score, detail)

    def _tells(self, key: str) -> bool:
        """Whether a name has a word that is neither of the trade nor a place, long enough or with others beside it."""
        words = key.split()
        telling = [word for word in words if word not in self._vocabulary.known]
        return bool(telling) and (len(words) > 1 or not key.isascii() or len(key) >= TELLING)


def _weigh_near(text: Text, held: _Held) -> Match:
    """A name written otherwise: likely or possible, with the listed name that answered and every part of the score but the start."""
    from offlimits.naming import judge

    said = judge(text.clean, held.name.text)
    score = 0.5 if held.name.weight == "context" else 0.8 if said.same >= CLOSE else 0.6
    why = "; ".join(part.detail for part in said.same_parts[1:] if abs(part.weight) >= 0.01)
    detail = f"is nearly {held.name.text!r} on the list, {said.same:.0%} sure: {why}"
    return _match(text, held.entity, held.name.evidence, "list-name-near", score, detail)


def _match(text: Text, entity: str, evidence: tuple[str, ...], rule: str, score: float, detail: str) -> Match:
    return Match(
        entity=entity,
        rule=rule,
        text=text.clean,
        start=0,
        end=len(text.clean),
        score=score,
        reasons=(Reason(rule=rule, detail=detail, weight=score),),
        brand_word=True,
        evidence=evidence,
    )

"""Names and identifiers of lists the user brings: whole cells only, by a look-up, so that the cost does not grow with the list.

A list says nothing of how telling its names are. So a name counts when it is the whole of a cell that names a company, legal forms aside;
names inside sentences are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from offlimits.matching.base import Text, Vocabulary
from offlimits.matching.hanzi import CJK_FORMS
from offlimits.matching.identifiers import normalise
from offlimits.model import ColumnKind, Entity, Match, Name, Reason
from offlimits.text import fold

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

_APART = str.maketrans({char: " " for char in '&,;:/\\-–—_()[]{}"“”„«»!?*+|'} | {char: "" for char in ".'’`"})


class _Held(NamedTuple):
    entity: str
    name: Name


class ListedNames:
    """The matcher of names that are on a user's list and not in the registry."""

    def __init__(self, entities: Iterable[Entity], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, _Held] = {}
        self._identifiers: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        for entity in entities:
            for name in entity.names:
                self._names.setdefault(self.key(name.text), _Held(entity.id, name))
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

    def holds(self, text: str, kind: ColumnKind) -> bool:
        """Whether `find` would answer; cheap, for every distinct cell."""
        if kind in NAMED:
            return self.key(text) in self._names
        return any((scheme, normalise(scheme, text)) in self._identifiers for scheme in IDENTIFIED.get(kind, ()))

    def find(self, text: Text) -> Iterator[Match]:
        if text.kind in NAMED and (held := self._names.get(self.key(text.clean))):
            yield self._weigh(text, held)
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

"""What a word that is no name may be meant for: misspelt, shortened, glued to another word or to a count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import ahocorasick_rs
import msgspec

from offlimits.matching.base import Vocabulary, Word
from offlimits.matching.spelling import LONG, MIN_TYPO, distance, is_misspelling
from offlimits.model import Entity, Name

OWN = ("brand", "subsidiary", "joint")
"""Ties by which a brand is a group's own; slips of a partner's name are not guessed at."""

CACHE = 50_000
"""Distinct words whose guesses are kept."""

SHORT = 3
"""Names up to so many letters stand inside too many words; they are looked for at the start of words only."""

QUANTITY = re.compile(r"^(?:qty)?\d{1,4}(?:x|no|nr|pcs|off)?(?=[a-z]{4})|(?<=[a-z]{4})x?\d{1,3}$|(?<=[a-z]{4})x\d{1,3}$")
"""Counts that people write without a blank."""

DIGITS_FOR_LETTERS = str.maketrans("015", "ois")
"""What a scanner or a thumb makes of letters."""

GLUED = ("name-glued", "acronym-glued")

TWO_SLIPS = 0.87
"""Score of a word two slips away from a name: many are another firm's name (Fibercom, FiberHome), so it wants a second sign."""

CODE_REST = re.compile(r"(?:(?:nvr|dvr|xvr|cam|ipc|ptz|poe|hcvr|ont|mifi|lte|5g|4g)[a-z]?\d|[a-z]{1,4}\d{2,})")
"""What is glued to a maker's name when somebody leaves the blank before a model out."""


class NameRef(msgspec.Struct, frozen=True):
    """One registered name, ready to be compared: `core` is the name without its legal form."""

    entity: str
    name: Name
    core: tuple[str, ...]
    whole: bool = False


Guess = tuple[NameRef, str, float, str]
"""The name meant, the rule, the score, and why in words."""


class Guesses:
    """Guesses at single words, each distinct word once. `names` maps every registered name, glued, to what it names."""

    def __init__(
        self, entities: Sequence[Entity], names: Mapping[str, list[NameRef]], lookalikes: Mapping[str, object], vocabulary: Vocabulary
    ) -> None:
        self._vocabulary = vocabulary
        self._glued = names
        self._lookalikes = lookalikes
        self.targets = self._typo_targets(entities)
        self.acronyms = {
            glued: refs[0] for glued, refs in names.items() if refs[0].name.weight == "context" and len(glued) >= 3 and glued.isascii()
        }
        roots = {entity.id for entity in entities if entity.id == entity.group}
        self.stems = {
            target: ref for target, ref in self.targets.items() if len(target) >= LONG and ref.entity in roots and ref.name.kind == "short"
        }
        self._guessed: dict[str, Guess | None] = {}
        self._long: dict[str, list[tuple[str, NameRef]]] = {}
        for target, ref in self.targets.items():
            if len(target) >= 7 and ref.name.weight == "unique":
                self._long.setdefault(target[:3], []).append((target, ref))
        self._inside = tuple((self.targets | self.acronyms).items())
        self._search = ahocorasick_rs.AhoCorasick([target for target, _ in self._inside])

    def _typo_targets(self, entities: Sequence[Entity]) -> dict[str, NameRef]:
        """Single words long enough to be recognised when misspelt: the listed groups' own names, and the brands they own today."""
        roots = {entity.id for entity in entities if entity.id == entity.group}
        own = {entity.id for entity in entities if any(link.relation in OWN and link.until is None for link in entity.links)}
        return {
            glued: refs[0]
            for glued, refs in self._glued.items()
            if len(refs[0].core) == 1 and len(glued) >= MIN_TYPO and glued.isalpha() and refs[0].name.weight != "context"
            if (refs[0].entity in own and refs[0].name.kind == "brand") or (refs[0].entity in roots and refs[0].name.kind != "former")
        }

    def _quantity(self, word: Word) -> Guess | None:
        """A name with a count stuck to it: 4xDahua, Hikvisionx8."""
        bare = QUANTITY.sub("", word.text)
        refs = self._glued.get(bare) if bare != word.text and len(bare) > SHORT else None
        if refs:
            return refs[0], "name-glued", 0.88, f"{refs[0].name.text!r} with a count stuck to it"
        inner = Word(bare, word.raw, word.start, word.end) if bare != word.text else None
        return self._compound(inner) if inner else None

    def guess(self, word: Word) -> Guess | None:
        """What a word that is no name may be meant for; asked once for each distinct word."""
        if word.raw not in self._guessed:
            if len(self._guessed) >= CACHE:
                self._guessed.clear()
            self._guessed[word.raw] = self._quantity(word) or self._compound(word) or self._typo(word) or self._shortened(word)
        return self._guessed[word.raw]

    def _typo(self, word: Word) -> Guess | None:
        token = word.text if word.text.isalpha() else word.text.translate(DIGITS_FOR_LETTERS)
        if token in self.targets and token != word.text:
            return (
                self.targets[token],
                "name-misspelt",
                0.88,
                f"{word.raw!r} is {self.targets[token].name.text!r} with digits for letters",
            )
        if len(token) < MIN_TYPO - 1 or not token.isalpha() or token in self._vocabulary.known or token in self._lookalikes:
            return None
        for target, ref in self.targets.items():
            if abs(len(target) - len(token)) <= 2 and token[:1] == target[:1] and is_misspelling(token, target):
                once = distance(token, target, 1) == 1
                how = "a slip" if once else "two slips"
                return ref, "name-misspelt", 0.88 if once else TWO_SLIPS, f"{word.raw!r} is {ref.name.text!r} with {how} of the keys"
        return None

    def _shortened(self, word: Word) -> Guess | None:
        """The first four letters or more of a listed group's long unique name (HIKV)."""
        token = word.text
        if len(token) < 4 or token in self._vocabulary.known:
            return None
        for target, ref in self.stems.items():
            if len(token) < len(target) - 1 and target.startswith(token):
                return ref, "name-shortened", 0.88, f"{word.raw!r} is the start of {ref.name.text!r}"
        return None

    def split_in_two(self, first: Word, second: Word) -> Guess | None:
        """Two words that together are one letter off a long unique name (HICK VISION)."""
        if second.start - first.end > 1:
            return None
        if len(first.text) < 2 or (len(first.text) > 2 and first.text[:3] not in self._long):
            return None
        token = first.text + second.text
        for target, ref in self._long.get(token[:3], ()):
            if distance(token, target, 1) == 1 and first.text not in self._vocabulary.common:
                return ref, "name-misspelt", 0.86, f"{first.raw + ' ' + second.raw!r} is {ref.name.text!r} split, with a slip"
        return None

    def _compound(self, word: Word) -> Guess | None:
        """A name glued to another word: HikvisionUK, dahuacamera."""
        token = word.text
        if not self._search.find_matches_as_indexes(token):
            return None
        for target, ref in self._inside:
            if len(token) - len(target) < 2 or target not in token:
                continue
            if target in self.acronyms:
                if token.startswith(target) and CODE_REST.fullmatch(token[len(target) :]):
                    return ref, "acronym-glued", 0.88, f"{ref.name.text!r} glued to a code"
                continue
            rest = token.replace(target, "", 1)
            generic = rest in self._vocabulary.generic or rest in self._vocabulary.common
            at_edge = token.startswith(target) or token.endswith(target)
            if token.startswith(target) and CODE_REST.match(rest):
                return ref, "name-glued", 0.88, f"{ref.name.text!r} glued to {rest!r}"
            if generic or (ref.name.weight == "unique" and len(target) >= 6 and at_edge and not rest.isalpha()):
                return ref, "name-glued", 0.88, f"{ref.name.text!r} glued to {rest!r}"
            if ref.name.weight == "unique" and len(target) >= 7 and at_edge:
                return ref, "name-glued", 0.8, f"{ref.name.text!r} glued to {rest!r}"
        return None

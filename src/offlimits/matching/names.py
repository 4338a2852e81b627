"""Names of companies and brands in any text: whole, inside a sentence, split, glued, misspelt, in every script of the registry.

How a word counts is in the evidence (`weight`): a *unique* word speaks for itself, a *shared* one is weighed against the words
beside it, a *context* one (a bare acronym, a short Chinese name) waits for a second sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from offlimits.matching.base import Text, Trigger, Vocabulary, Word, lower, read_text
from offlimits.matching.guesses import GLUED, SHORT, TWO_SLIPS, Guesses, NameRef
from offlimits.matching.hanzi import IS_CJK, Hanzi
from offlimits.matching.spelling import spellings
from offlimits.matching.surroundings import GAP, Surroundings
from offlimits.model import Entity, Lookalike, Match, Name, Reason
from offlimits.text import fold

MAX_WORDS = 8
"""Longest name in words that is looked up whole; longer legal names are found by their first eight."""

JOINERS = ("and", "und", "et")
"""Words for an ampersand; a name with one and without are the same."""

SHORT_FORMS = {"corporation": "corp", "limited": "ltd", "company": "co", "incorporated": "inc"}
"""Legal forms that people shorten."""

BARE = (" ", "-", "_", ".", "/")
"""Single characters that part words."""

GAPS = (
    *BARE,
    *("", " & ", ", ", ",", "'", "’", "(", ") ", ")"),
    *(f"{gap}(" for gap in BARE),
    *(f"{gap}{word}{gap}" for gap in BARE for word in JOINERS),
)
"""What stands between two words of a name as people write it."""

BEGINNING = 3
"""By so many first letters a word is told from all that no name begins with."""

Other = tuple[int, int, str, Lookalike]
"""Another firm's name in a text: from, to, the entity it looks like, and who it is."""

INSIDE_CODE = re.compile(r"(?=.*[A-Za-z])(?=.*\d.*\d)[A-Za-z0-9]{5,}")
"""What stands before a hyphen and an acronym in a product code: letters, and two digits and more."""


class Names:
    """The name matcher."""

    def __init__(self, entities: Sequence[Entity], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.hanzi = Hanzi(vocabulary)
        self._glued: dict[str, list[NameRef]] = {}
        self._lookalikes: dict[str, tuple[str, Lookalike]] = {}
        for entity in entities:
            for name in entity.names:
                self._add(entity, name)
            for lookalike in entity.lookalikes:
                self.hanzi.add_other(entity, lookalike)
                words = tuple(word.text for word in read_text(lookalike.text, "text").words)
                for form in _written(words):
                    self._lookalikes["".join(form)] = (entity.id, lookalike)
        self.guesses = Guesses(entities, self._glued, self._lookalikes, vocabulary)
        self.around = Surroundings(vocabulary, self._glued)
        self._begins = _beginnings(self._glued)
        self._others_begin = _beginnings(self._lookalikes)
        self._longest = max((len(ref.core) for refs in self._glued.values() for ref in refs), default=1)

    # --- building ------------------------------------------------------------------------------

    def _add(self, entity: Entity, name: Name) -> None:
        words = read_text(name.text, "name").words
        if any(IS_CJK.match(word.text) for word in words):
            self.hanzi.add(entity, name)
            return
        full = tuple(word.text for word in words if word.text not in JOINERS)
        core = self._core(full)
        own_word = len(core) == 1 and len(full) > 1 and any(fold(other.text) == core[0] for other in entity.names)
        if not own_word:
            self._glued.setdefault("".join(core[:MAX_WORDS]), []).append(NameRef(entity.id, name, core))
        if len(core) == 1 and len(full) > 1:
            for form in _written(full):
                self._glued.setdefault("".join(form[:MAX_WORDS]), []).append(NameRef(entity.id, name, form, whole=True))

    def _core(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without legal forms at either end; never nothing."""
        start, end = 0, len(words)
        while end > 1 and words[end - 1] in self.vocabulary.legal:
            end -= 1
        while start < end - 1 and words[start] in self.vocabulary.legal:
            start += 1
        telling = any(word not in self.vocabulary.generic for word in words[start:end])
        return words[start:end] if telling else words

    def triggers(self) -> Iterator[Trigger]:
        yield from map(Trigger, self.hanzi.literals())
        for glued, refs in self._glued.items():
            if not glued.isascii():
                yield from (Trigger(fold(ref.name.text)) for ref in refs)
            yield Trigger(glued, edge=len(glued) <= SHORT)
            written = {ref.core for ref in refs}
            for core in written:
                if len(core) > 1:
                    yield from self._telling(core)
            if (glued,) not in written:
                continue
            if glued in self.guesses.acronyms:
                yield from (Trigger(gap.join(glued), edge=True) for gap in (" ", "-", "."))
            for place in range(2, len(glued) - 1):
                yield from (Trigger(glued[:place] + gap + glued[place:]) for gap in BARE)
        for target in self.guesses.targets:
            yield from map(Trigger, spellings(target))
        yield from (Trigger(target[:4], edge=True) for target in self.guesses.stems)

    def _telling(self, core: tuple[str, ...]) -> Iterator[Trigger]:
        """What a long name is looked for by: nothing more where it holds a name that is a trigger itself; else its most telling two
        words, side by side."""
        if any(word in self.guesses.targets for word in core):
            return
        place = max(range(len(core)), key=lambda number: (core[number] not in self.vocabulary.known, len(core[number])))
        left = max(0, min(place, len(core) - 2))
        yield from (Trigger(gap.join(core[left : left + 2])) for gap in GAPS)

    # --- finding -------------------------------------------------------------------------------

    def find(self, text: Text) -> Iterator[Match]:
        """Every name in the text, each span once, with what speaks for and against it."""
        yield from self.hanzi.find(text)
        yield from self._find_words(text)

    def _find_words(self, text: Text) -> Iterator[Match]:
        words = text.words
        covered: set[int] = set()
        lookalikes = list(self._find_lookalikes(words))
        position = 0
        while position < len(words):
            found = self._longest_at(words, position)
            if found is None:
                position += 1
                continue
            length, refs = found
            if length == 1 and refs[0].name.weight == "context" and self._splits_here(words, position):
                position += 1
                continue
            covered.update(range(position, position + length))
            yield self._weigh(text, position, position + length, refs, lookalikes)
            yield from self._inside(text, position, length, refs, lookalikes)
            position += length
        yield from self._find_misspelt(text, covered, lookalikes)

    def _splits_here(self, words: tuple[Word, ...], position: int) -> bool:
        """Whether a short name is only the first half of a long one with a slip in it (hik vison)."""
        return position + 1 < len(words) and self.guesses.split_in_two(words[position], words[position + 1]) is not None

    def _inside(self, text: Text, position: int, length: int, refs: list[NameRef], lookalikes: list[Other]) -> Iterator[Match]:
        """A unique name inside a longer one of another entity: whatever ties *Prama Hikvision* to Hikvision, it says Hikvision."""
        for number in range(position, position + length if length > 1 else position):
            inner = self._glued.get(text.words[number].text)
            if inner and inner[0].name.weight == "unique" and inner[0].entity != refs[0].entity:
                yield self._weigh(text, number, number + 1, inner, lookalikes)

    def _longest_at(self, words: tuple[Word, ...], position: int) -> tuple[int, list[NameRef]] | None:
        glued, best = "", None
        if words[position].text[:BEGINNING] not in self._begins:
            return None
        for number in range(position, min(len(words), position + max(self._longest, 3) + 2)):
            if number > position and words[number].start - words[number - 1].end > GAP:
                break
            if number > position and words[number].text in JOINERS:
                continue
            glued += words[number].text
            refs = [ref for ref in self._glued.get(glued, ()) if _has_signs(words[position : number + 1], ref)]
            span = words[position : number + 1]
            if refs and (_cuts(word.text for word in span if word.text not in JOINERS) <= _own_cuts(refs) or _may_split(span, refs)):
                best = (number - position + 1, refs)
        return best

    def _find_lookalikes(self, words: tuple[Word, ...]) -> Iterator[Other]:
        for position in range(len(words)):
            glued = ""
            if words[position].text[:BEGINNING] not in self._others_begin:
                continue
            for number in range(position, min(len(words), position + MAX_WORDS)):
                glued += words[number].text
                if glued in self._lookalikes:
                    yield (words[position].start, words[number].end, *self._lookalikes[glued])

    def _find_misspelt(self, text: Text, covered: set[int], lookalikes: list[Other]) -> Iterator[Match]:
        words = text.words
        for position, word in enumerate(words):
            if position in covered:
                continue
            hit = self.guesses.guess(word)
            length = 1
            if hit is None and position + 1 < len(words) and position + 1 not in covered:
                hit, length = self.guesses.split_in_two(word, words[position + 1]), 2
            if hit is None:
                continue
            ref, rule, score, detail = hit
            covered.update(range(position, position + length))
            yield self._weigh(text, position, position + length, [ref], lookalikes, (rule, score, detail))

    # --- weighing ------------------------------------------------------------------------------

    def _weigh(
        self,
        text: Text,
        start: int,
        end: int,
        refs: list[NameRef],
        lookalikes: list[Other],
        slip: tuple[str, float, str] | None = None,
    ) -> Match:
        ref = min(refs, key=lambda item: (item.name.weight != "unique", item.name.kind == "former"))
        span = text.words[start:end]
        rule, score, detail = slip or self._rule(text, start, end, ref)
        reasons = [Reason(rule=rule, detail=detail, weight=score)]
        needs, with_sign = "", 0.0
        lookalike = next((item for item in lookalikes if item[0] <= span[0].start and span[-1].end <= item[1]), None)
        if rule not in ("name-whole", "name-legal") and not (rule in GLUED and ref.name.weight != "unique"):
            score, needs, with_sign = self._weigh_word(text, start, end, ref, reasons)
        elif len(ref.core) > 1 and not slip:
            score, needs, with_sign = self._weigh_words(text, ref, reasons)
        branch = text.kind == "name" and self.around.has_branch_sign(text, start, end)
        if slip and slip[0] not in GLUED and ref.name.weight == "shared" and score > 0.6 and text.kind != "maker" and not branch:
            needs, with_sign, score = (
                "trade",
                score,
                lower(reasons, score, 0.5, "slip-of-common-word", "a slip in a word that others use too"),
            )
        if slip and slip[1] == TWO_SLIPS and not needs:
            needs, with_sign, score = "trade", score, lower(reasons, score, 0.5, "two-slips", "another firm's name may lie as near")
        disclaimed, said = "", ""
        if lookalike:
            whole = "".join(self._core(tuple(word.text for word in read_text(lookalike[3].text, "text").words)))
            if "".join(word.text for word in span) == whole:
                if lookalike[2] == ref.entity:  # else it is this company's own name, which looks like another listed one's
                    score = lower(reasons, score, 0.4, "name-of-another-too", lookalike[3].why)
                    needs, with_sign = "", 0.0
            else:
                disclaimed, said = "lookalike", f"{lookalike[3].text}: {lookalike[3].why}"
        return Match(
            entity=ref.entity,
            rule=rule,
            text=text.clean[span[0].start : span[-1].end],
            start=span[0].start,
            end=span[-1].end,
            score=round(score, 2),
            reasons=tuple(reasons),
            brand_word=True,
            needs=needs,  # type: ignore[arg-type]
            with_sign=with_sign,
            disclaimed=disclaimed,
            detail=said,
            evidence=ref.name.evidence,
        )

    def _rule(self, text: Text, start: int, end: int, ref: NameRef) -> tuple[str, float, str]:
        words = tuple(word.text for word in text.words)
        rest = [word for word in (*words[:start], *words[end:]) if word not in self.vocabulary.legal]
        called = f"{ref.name.kind} name {ref.name.text!r}"
        branch = [word for word in rest if word in self.vocabulary.places] if text.kind == "name" else []
        if branch:
            return "name-branch", 0.9, f"holds the {called} with a place ({', '.join(branch)}), as the name of a branch would"
        if len(ref.core) > 1 or ref.whole:
            return ("name-legal", 0.97, f"holds the {called} whole") if rest else ("name-whole", 0.99, f"is the {called}")
        if end - start > 1:
            return "name-split", 0.9, f"{ref.name.text!r} written in parts"
        if not rest and ref.name.weight == "unique":
            return "name-whole", 0.98, f"is the {called}"
        return "name-word", 0.9, f"holds the {called}"

    def _weigh_words(self, text: Text, ref: NameRef, reasons: list[Reason]) -> tuple[float, str, float]:
        """Score, the second sign wanted, and the score with it, for a name of several words: others may bear it too."""
        score = reasons[0].weight
        if ref.name.weight == "context" and text.kind != "maker":
            return lower(reasons, score, 0.45, "short-name", "words that others use too"), "trade", 0.85
        if ref.name.weight == "shared" and ref.name.kind != "legal":
            return lower(reasons, score, 0.85, "shared-word", "others may be called so too"), "", 0.0
        return score, "", 0.0

    def _weigh_word(self, text: Text, start: int, end: int, ref: NameRef, reasons: list[Reason]) -> tuple[float, str, float]:
        """Score, the second sign wanted, and the score with it, for a single word of a name."""
        score = reasons[0].weight
        if (
            reasons[0].rule in ("name-misspelt", "name-split")
            and text.kind != "maker"
            and (foreign := self.around.foreign(text, start, end))
        ):
            return lower(reasons, score, 0.45, "foreign-words", f"beside it stands {foreign!r}, as in another name"), "", 0.0
        if reasons[0].rule == "name-shortened":
            return lower(reasons, score, 0.5, "shortened", "shortened words are guessed at"), "trade", 0.85
        if ref.name.weight == "unique":
            person = self.around.person(text, start, end)
            if person:
                return lower(reasons, score, 0.4, "foreign-words", f"{person!r} beside it makes it a person's name"), "", 0.0
            return score, "", 0.0
        foreign = self.around.foreign(text, start, end)
        if ref.name.weight == "context" and not foreign:
            foreign = self.around.foreign_to_acronym(text, start, end)
        if foreign:
            why = f"beside it stands {foreign!r}, as in another firm's or a person's name"
            score = lower(reasons, score, 0.4, "foreign-words", why)
            soft = ref.name.weight == "shared" and text.kind not in ("name", "maker") and not self.around.strictly_foreign(text, start, end)
            return score, "trade" if soft else "", 0.78 if soft else 0.0
        if text.kind == "maker":
            return score, "", 0.0
        if ref.name.weight == "shared":
            return self._weigh_shared(start, end, reasons, score)
        if (text.kind == "name" and self.around.has_branch_sign(text, start, end)) or self.around.is_branch(text, end):
            return lower(reasons, score, 0.8, "short-name", "a short name, with a country or a word of the trade beside it"), "", 0.0
        if start and text.clean[text.words[start].start - 1] == "-" and INSIDE_CODE.fullmatch(text.words[start - 1].raw):
            return lower(reasons, score, 0.2, "inside-code", "the last letters of a code"), "", 0.0
        return lower(reasons, score, 0.4, "short-name", "a short name or acronym that others use too"), "trade", 0.85

    def _weigh_shared(self, start: int, end: int, reasons: list[Reason], score: float) -> tuple[float, str, float]:
        split = end - start > 1
        score = lower(reasons, score, 0.75 if not split else 0.45, "shared-word", "others use this word too")
        return score, "trade", 0.88


def _cuts(words: Iterable[str]) -> frozenset[int]:
    """After how many letters one word ends and the next begins."""
    return frozenset(accumulate(map(len, words)))


def _own_cuts(refs: list[NameRef]) -> frozenset[int]:
    """Where the words of these names end."""
    return frozenset[int]().union(*(_cuts(ref.core) for ref in refs))


def _may_split(words: tuple[Word, ...], refs: list[NameRef]) -> bool:
    """Whether a single registered word may stand in parts here: parts of two letters and more, side by side, or an acronym spelt out (Z
    T E)."""
    refs = [ref for ref in refs if len(ref.core) == 1]
    if not refs:
        return False
    gaps = all(right.start - left.end <= 1 for left, right in pairwise(words))
    if all(len(word.text) == 1 for word in words):
        return gaps and 3 <= len(words) <= 4 and refs[0].name.weight == "context"
    return len(words) <= 3 and gaps and refs[0].name.weight != "context" and all(len(word.text) >= 2 for word in words)


def _written(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A name with its legal form in full and shortened, whichever of the two stands in the evidence."""
    full_forms = {short: full for full, short in SHORT_FORMS.items()}
    return {words, tuple(SHORT_FORMS.get(word, word) for word in words), tuple(full_forms.get(word, word) for word in words)}


def _has_signs(words: tuple[Word, ...], ref: NameRef) -> bool:
    """Whether the signs that are part of a name (Face++) stand there too: without them it is another word."""
    return "+" not in ref.name.text or words[-1].signs


def _beginnings(glued: Iterable[str]) -> frozenset[str]:
    """What the first word of a name may begin with; a word shorter than that is there whole."""
    return frozenset(name[:length] for name in glued for length in range(1, BEGINNING + 1))

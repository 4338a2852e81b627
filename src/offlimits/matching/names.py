"""Names of companies and brands in any text: whole, inside a sentence, split, glued, misspelt, in every script of the registry.

How a word counts is in the evidence (`weight`): a *unique* word speaks for itself, a *shared* one is weighed against the words
beside it, a *context* one (a bare acronym, a short Chinese name) waits for a second sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
from rapidfuzz.distance import OSA

from offlimits.matching.base import CJK, Text, Trigger, Vocabulary, Word, read_text
from offlimits.model import Entity, Lookalike, Match, Name, Reason
from offlimits.text import fold

MAX_WORDS = 8
"""Longest name in words that is looked up whole; longer legal names are found by their first eight."""

SHORT_FORMS = {"corporation": "corp", "limited": "ltd", "company": "co", "incorporated": "inc"}
"""Legal forms that people shorten."""

CACHE = 50_000
"""Distinct words whose guesses are kept."""

SHORT = 3
"""Names up to so many letters stand inside too many words; they are looked for at the start of words only."""

GAP = 3
"""Words further apart than so many characters do not form one name."""

MIN_TYPO = 5
"""Shorter words are never guessed at: one edit of a four-letter word is another word."""

IS_CJK = re.compile(f"[{CJK}]")
CJK_FORMS = re.compile("(?:股份|责任|責任)?(?:有限)?(?:责任|責任)?公司$|集团$|集團$|株式会社|주식회사")
QUANTITY = re.compile(r"^(?:qty)?\d{1,4}(?:x|no|nr|pcs|off)?(?=[a-z]{4})|(?<=[a-z]{4})x?\d{1,3}$|(?<=[a-z]{4})x\d{1,3}$")
"""Counts that people write without a blank."""

DIGITS_FOR_LETTERS = str.maketrans("015", "ois")
"""What a scanner or a thumb makes of letters."""

CODE_REST = re.compile(r"(?:(?:nvr|dvr|xvr|cam|ipc|ptz|poe|hcvr|ont|mifi|lte|5g|4g)[a-z]?\d|[a-z]{1,4}\d{2,})")
"""What is glued to a maker's name when somebody leaves the blank before a model out."""

CJK_FREE = "的由与與和及向用为给给從从在是或了、，。"
"""Characters that end a word on the left of a short Chinese name; any other one is part of another word (清华大学, 中华为)."""


class NameRef(msgspec.Struct, frozen=True):
    """One registered name, ready to be compared: `core` is the name without its legal form."""

    entity: str
    name: Name
    core: tuple[str, ...]
    whole: bool = False


class Names:
    """The name matcher."""

    def __init__(self, entities: Sequence[Entity], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._glued: dict[str, list[NameRef]] = {}
        self._cjk: dict[str, NameRef] = {}
        self._lookalikes: dict[str, tuple[str, Lookalike]] = {}
        for entity in entities:
            for name in entity.names:
                self._add(entity, name)
            for lookalike in entity.lookalikes:
                self._lookalikes["".join(word.text for word in read_text(lookalike.text, "text").words)] = (entity.id, lookalike)
        self._targets = self._typo_targets(entities)
        roots = {entity.id for entity in entities if entity.id == entity.group}
        self._stems = {
            target: ref for target, ref in self._targets.items() if len(target) >= LONG and ref.entity in roots and ref.name.kind == "short"
        }
        self._acronyms = {
            glued: refs[0]
            for glued, refs in self._glued.items()
            if refs[0].name.weight == "context" and len(glued) >= 3 and glued.isascii()
        }
        self._guessed: dict[str, tuple[NameRef, str, float, str] | None] = {}
        self._beginnings = {target[:3] for target in self._targets}
        self._cjk_regex = re.compile("|".join(map(re.escape, sorted(self._cjk, key=len, reverse=True)))) if self._cjk else None
        self._longest = max((len(core) for refs in self._glued.values() for core in (ref.core for ref in refs)), default=1)

    # --- building ------------------------------------------------------------------------------

    def _add(self, entity: Entity, name: Name) -> None:
        words = read_text(name.text, "name").words
        if any(IS_CJK.match(word.text) for word in words):
            self._add_cjk(entity, name)
            return
        full = tuple(word.text for word in words)
        core = self._core(full)
        own_word = len(core) == 1 and len(full) > 1 and any(fold(other.text) == core[0] for other in entity.names)
        if not own_word:
            self._glued.setdefault("".join(core[:MAX_WORDS]), []).append(NameRef(entity.id, name, core))
        if len(core) == 1 and len(full) > 1:
            for form in {full, tuple(SHORT_FORMS.get(word, word) for word in full)}:
                self._glued.setdefault("".join(form[:MAX_WORDS]), []).append(NameRef(entity.id, name, form, whole=True))

    def _add_cjk(self, entity: Entity, name: Name) -> None:
        text = fold(name.text).replace(" ", "")
        self._cjk.setdefault(text, NameRef(entity.id, name, (text,)))
        core = CJK_FORMS.sub("", text)
        if core != text and len(core) >= 4:
            self._cjk.setdefault(core, NameRef(entity.id, name, (core,)))

    def _core(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without legal forms at either end; never nothing."""
        start, end = 0, len(words)
        while end > 1 and words[end - 1] in self.vocabulary.legal:
            end -= 1
        while start < end - 1 and words[start] in self.vocabulary.legal:
            start += 1
        telling = any(word not in self.vocabulary.generic for word in words[start:end])
        return words[start:end] if telling else words

    def _typo_targets(self, entities: Sequence[Entity]) -> dict[str, NameRef]:
        """Single words long enough to be recognised when misspelt: the listed groups' own names, and brands."""
        roots = {entity.id for entity in entities if entity.id == entity.group}
        return {
            glued: refs[0]
            for glued, refs in self._glued.items()
            if len(refs[0].core) == 1 and len(glued) >= MIN_TYPO and glued.isalpha() and refs[0].name.weight != "context"
            if refs[0].name.kind == "brand" or (refs[0].entity in roots and refs[0].name.kind != "former")
        }

    def triggers(self) -> Iterator[Trigger]:
        yield from map(Trigger, self._cjk)
        for glued, refs in self._glued.items():
            core = refs[0].core
            yield Trigger(glued, edge=len(glued) <= SHORT)
            if len(core) > 1:
                yield from self._telling(core)
                continue
            if glued in self._acronyms:
                yield from (Trigger(gap.join(glued), edge=True) for gap in (" ", "-", "."))
            for place in range(2, len(glued) - 1):
                yield from (Trigger(glued[:place] + gap + glued[place:]) for gap in (" ", "-", "_", ".", "/"))
        for target in self._targets:
            yield from map(Trigger, spellings(target))
        yield from (Trigger(target[:4], edge=True) for target in self._stems)

    def _telling(self, core: tuple[str, ...]) -> Iterator[Trigger]:
        """What a long name is looked for by: nothing more where it holds a name that is a trigger itself; else its most telling two words, side by side."""
        if any(word in self._targets for word in core):
            return
        place = max(range(len(core)), key=lambda number: (core[number] not in self.vocabulary.known, len(core[number])))
        left = max(0, min(place, len(core) - 2))
        yield from (Trigger(gap.join(core[left : left + 2])) for gap in (" ", "-", "_", ".", "/", "", " & ", ", "))

    # --- finding -------------------------------------------------------------------------------

    def find(self, text: Text) -> Iterator[Match]:
        """Every name in the text, each span once, with what speaks for and against it."""
        yield from self._find_cjk(text)
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
        return position + 1 < len(words) and self._split_typo(words[position], words[position + 1]) is not None

    def _inside(
        self, text: Text, position: int, length: int, refs: list[NameRef], lookalikes: list[tuple[int, int, str, Lookalike]]
    ) -> Iterator[Match]:
        """A unique name inside a longer one of another entity: whatever ties *Prama Hikvision* to Hikvision, it says Hikvision."""
        for number in range(position, position + length if length > 1 else position):
            inner = self._glued.get(text.words[number].text)
            if inner and inner[0].name.weight == "unique" and inner[0].entity != refs[0].entity:
                yield self._weigh(text, number, number + 1, inner, lookalikes)

    def _longest_at(self, words: tuple[Word, ...], position: int) -> tuple[int, list[NameRef]] | None:
        glued, best = "", None
        for number in range(position, min(len(words), position + max(self._longest, 3) + 2)):
            if number > position and words[number].start - words[number - 1].end > GAP:
                break
            glued += words[number].text
            refs = self._glued.get(glued)
            if refs and (number - position + 1 <= max(len(refs[0].core), 1) or _may_split(words[position : number + 1], refs)):
                best = (number - position + 1, refs)
        return best

    def _find_lookalikes(self, words: tuple[Word, ...]) -> Iterator[tuple[int, int, str, Lookalike]]:
        for position in range(len(words)):
            glued = ""
            for number in range(position, min(len(words), position + MAX_WORDS)):
                glued += words[number].text
                if glued in self._lookalikes:
                    yield (words[position].start, words[number].end, *self._lookalikes[glued])

    def _find_misspelt(self, text: Text, covered: set[int], lookalikes: list[tuple[int, int, str, Lookalike]]) -> Iterator[Match]:
        words = text.words
        for position, word in enumerate(words):
            if position in covered:
                continue
            hit = self._guess(word)
            length = 1
            if hit is None and position + 1 < len(words) and position + 1 not in covered:
                hit, length = self._split_typo(word, words[position + 1]), 2
            if hit is None:
                continue
            ref, rule, score, detail = hit
            covered.update(range(position, position + length))
            yield self._weigh(text, position, position + length, [ref], lookalikes, (rule, score, detail))

    def _quantity(self, word: Word) -> tuple[NameRef, str, float, str] | None:
        """A name with a count stuck to it: 4xDahua, Hikvisionx8."""
        bare = QUANTITY.sub("", word.text)
        refs = self._glued.get(bare) if bare != word.text and len(bare) > SHORT else None
        if refs:
            return refs[0], "name-glued", 0.88, f"{refs[0].name.text!r} with a count stuck to it"
        inner = Word(bare, word.raw, word.start, word.end) if bare != word.text else None
        return self._compound(inner) if inner else None

    def _guess(self, word: Word) -> tuple[NameRef, str, float, str] | None:
        """What a word that is no name may be meant for; asked once for each distinct word."""
        if word.raw not in self._guessed:
            if len(self._guessed) >= CACHE:
                self._guessed.clear()
            self._guessed[word.raw] = self._quantity(word) or self._compound(word) or self._typo(word) or self._shortened(word)
        return self._guessed[word.raw]

    def _typo(self, word: Word) -> tuple[NameRef, str, float, str] | None:
        token = word.text if word.text.isalpha() else word.text.translate(DIGITS_FOR_LETTERS)
        if token in self._targets and token != word.text:
            return (
                self._targets[token],
                "name-misspelt",
                0.88,
                f"{word.raw!r} is {self._targets[token].name.text!r} with digits for letters",
            )
        if len(token) < MIN_TYPO - 1 or not token.isalpha() or token in self.vocabulary.known or token in self._lookalikes:
            return None
        for target, ref in self._targets.items():
            if abs(len(target) - len(token)) <= 2 and token[:1] == target[:1] and is_misspelling(token, target):
                return ref, "name-misspelt", 0.88, f"{word.raw!r} is {ref.name.text!r} with a slip of the keys"
        return None

    def _shortened(self, word: Word) -> tuple[NameRef, str, float, str] | None:
        """The first four letters or more of a listed group's long unique name (HIKV)."""
        token = word.text
        if len(token) < 4 or token in self.vocabulary.known:
            return None
        for target, ref in self._stems.items():
            if len(token) < len(target) - 1 and target.startswith(token):
                return ref, "name-shortened", 0.88, f"{word.raw!r} is the start of {ref.name.text!r}"
        return None

    def _split_typo(self, first: Word, second: Word) -> tuple[NameRef, str, float, str] | None:
        """Two words that together are one letter off a long unique name (HICK VISION)."""
        if second.start - first.end > 1:
            return None
        token = first.text + second.text
        if token[:3] not in self._beginnings:
            return None
        for target, ref in self._targets.items():
            close = len(target) >= 7 and ref.name.weight == "unique" and token[:3] == target[:3] and token != target
            if (
                close
                and len(first.text) >= 2
                and OSA.distance(token, target, score_cutoff=1) == 1
                and first.text not in self.vocabulary.common
            ):
                return ref, "name-misspelt", 0.86, f"{first.raw + ' ' + second.raw!r} is {ref.name.text!r} split, with a slip"
        return None

    def _compound(self, word: Word) -> tuple[NameRef, str, float, str] | None:
        """A name glued to another word: HikvisionUK, dahuacamera."""
        token = word.text
        for target, ref in (self._targets | self._acronyms).items():
            if len(token) - len(target) < 2 or target not in token:
                continue
            if target in self._acronyms:
                if token.startswith(target) and CODE_REST.fullmatch(token[len(target) :]):
                    return ref, "name-glued", 0.88, f"{ref.name.text!r} glued to a code"
                continue
            rest = token.replace(target, "", 1)
            generic = rest in self.vocabulary.generic or rest in self.vocabulary.common
            at_edge = token.startswith(target) or token.endswith(target)
            if token.startswith(target) and CODE_REST.match(rest):
                return ref, "name-glued", 0.88, f"{ref.name.text!r} glued to {rest!r}"
            if generic or (ref.name.weight == "unique" and len(target) >= 6 and at_edge and not rest.isalpha()):
                return ref, "name-glued", 0.88, f"{ref.name.text!r} glued to {rest!r}"
            if ref.name.weight == "unique" and len(target) >= 7 and at_edge:
                return ref, "name-glued", 0.8, f"{ref.name.text!r} glued to {rest!r}"
        return None

    # --- weighing ------------------------------------------------------------------------------

    def _weigh(
        self,
        text: Text,
        start: int,
        end: int,
        refs: list[NameRef],
        lookalikes: list[tuple[int, int, str, Lookalike]],
        slip: tuple[str, float, str] | None = None,
    ) -> Match:
        ref = min(refs, key=lambda item: (item.name.weight != "unique", item.name.kind == "former"))
        span = text.words[start:end]
        rule, score, detail = slip or self._rule(text, start, end, ref)
        reasons = [Reason(rule=rule, detail=detail, weight=score)]
        needs, with_sign = "", 0.0
        lookalike = next((item for item in lookalikes if item[0] <= span[0].start and span[-1].end <= item[1]), None)
        if rule not in ("name-whole", "name-legal") and not (rule == "name-glued" and ref.name.weight != "unique"):
            score, needs, with_sign = self._weigh_word(text, start, end, ref, reasons)
        branch = text.kind == "name" and self._branch_sign(text, start, end)
        if slip and slip[0] != "name-glued" and ref.name.weight == "shared" and score > 0.6 and text.kind != "maker" and not branch:
            needs, with_sign, score = (
                "trade",
                score,
                _against(reasons, score, 0.5, "slip-of-common-word", "a slip in a word that others use too"),
            )
        disclaimed, said = "", ""
        if lookalike:
            if "".join(word.text for word in span) == "".join(
                self._core(tuple(w.text for w in read_text(lookalike[3].text, "text").words))
            ):
                score = _against(reasons, score, 0.4, "name-of-another-too", lookalike[3].why)
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
        )

    def _rule(self, text: Text, start: int, end: int, ref: NameRef) -> tuple[str, float, str]:
        words = tuple(word.text for word in text.words)
        rest = [word for word in (*words[:start], *words[end:]) if word not in self.vocabulary.legal]
        called = f"{ref.name.kind} name {ref.name.text!r}"
        if len(ref.core) > 1 or ref.whole:
            return ("name-legal", 0.97, f"holds the {called} whole") if rest else ("name-whole", 0.99, f"is the {called}")
        if end - start > 1:
            return "name-split", 0.9, f"{ref.name.text!r} written in parts"
        if not rest and ref.name.weight == "unique":
            return "name-whole", 0.98, f"is the {called}"
        return "name-word", 0.9, f"holds the {called}"

    def _weigh_word(self, text: Text, start: int, end: int, ref: NameRef, reasons: list[Reason]) -> tuple[float, str, float]:
        """Score, the second sign wanted, and the score with it, for a single word of a name."""
        score = reasons[0].weight
        if reasons[0].rule == "name-misspelt" and text.kind != "maker" and (foreign := self._foreign(text, start, end)):
            return _against(reasons, score, 0.45, "foreign-words", f"beside it stands {foreign!r}, as in another name"), "", 0.0
        if reasons[0].rule == "name-shortened":
            return _against(reasons, score, 0.5, "shortened", "shortened words are guessed at"), "trade", 0.85
        if ref.name.weight == "unique":
            person = self._person(text, start, end)
            if person:
                return _against(reasons, score, 0.4, "foreign-words", f"{person!r} beside it makes it a person's name"), "", 0.0
            return score, "", 0.0
        foreign = self._foreign(text, start, end)
        if ref.name.weight == "context" and not foreign:
            foreign = self._foreign_to_acronym(text, start, end)
        if foreign:
            why = f"beside it stands {foreign!r}, as in another firm's or a person's name"
            score = _against(reasons, score, 0.4, "foreign-words", why)
            soft = ref.name.weight == "shared" and text.kind not in ("name", "maker") and not self._strictly_foreign(text, start, end)
            return score, "trade" if soft else "", 0.78 if soft else 0.0
        if text.kind == "maker":
            return score, "", 0.0
        if ref.name.weight == "shared":
            return self._weigh_shared(text, start, end, reasons, score)
        if (text.kind == "name" and self._branch_sign(text, start, end)) or self._is_branch(text, end):
            return _against(reasons, score, 0.8, "short-name", "a short name, with a country or a word of the trade beside it"), "", 0.0
        return _against(reasons, score, 0.4, "short-name", "a short name or acronym that others use too"), "trade", 0.85

    def _weigh_shared(self, text: Text, start: int, end: int, reasons: list[Reason], score: float) -> tuple[float, str, float]:
        split = end - start > 1
        score = _against(reasons, score, 0.75 if not split else 0.45, "shared-word", "others use this word too")
        return score, "trade", 0.88

    def _is_branch(self, text: Text, end: int) -> bool:
        """Whether a place or a word of business and then a legal form follow: ZTE (UK) Limited."""
        between = 0
        for word in text.words[end : end + 4]:
            if word.text in self.vocabulary.legal and len(word.text) > 1:
                return between > 0
            if word.text not in self.vocabulary.places | self.vocabulary.business:
                return False
            between += 1
        return False

    def _branch_sign(self, text: Text, start: int, end: int) -> bool:
        rest = [word.text for word in (*text.words[:start], *text.words[end:])]
        generic = self.vocabulary.places | self.vocabulary.business | self.vocabulary.trade
        return bool(rest) and any(word in generic for word in rest)

    def _foreign(self, text: Text, start: int, end: int) -> str:
        """The word that makes this somebody else's name, if there is one."""
        if text.kind in ("name", "maker"):
            return self._foreign_in_name(text, start, end)
        return self._foreign_in_sentence(text, start, end)

    def _foreign_to_acronym(self, text: Text, start: int, end: int) -> str:
        """What speaks against a bare acronym: any word beside it that is not of the trade, a ticker's dot, the words it stands for."""
        words, last = text.words, text.words[end - 1]
        if re.match(r"\.[A-Za-z]", text.clean[last.end : last.end + 2]):
            return text.clean[text.words[start].start : last.end + 3].split()[0]
        initials = "".join(word.text[0] for word in words[max(0, start - (last.end - words[start].start)) : start])
        if len(initials) >= 3 and initials == "".join(word.text for word in words[start:end]):
            return " ".join(word.raw for word in words[start - len(initials) : start])
        beside = [
            words[near] for near in (start - 1, end) if 0 <= near < len(words) and self._joined(text, min(near, end - 1), max(near, start))
        ]
        if any(word.text in self.vocabulary.trade for word in beside):
            return next(
                (
                    word.raw
                    for word in beside
                    if word.text not in self.vocabulary.known and word.raw[0].isupper() and not word.raw.isupper()
                ),
                "",
            )
        ours = self.vocabulary.generic | self.vocabulary.common
        return next(
            (
                word.raw
                for word in beside
                if word.text.isalpha() and len(word.text) > 2 and word.text not in ours and word.text not in self._glued
            ),
            "",
        )

    def _foreign_in_name(self, text: Text, start: int, end: int) -> str:
        rest = (*text.words[:start], *text.words[end:])
        known = self.vocabulary.known
        return next(
            (
                word.raw
                for word in rest
                if word.text.isalpha() and len(word.text) > 2 and word.text not in known and word.text not in self._glued
            ),
            "",
        )

    def _foreign_in_sentence(self, text: Text, start: int, end: int) -> str:
        strict = self._strictly_foreign(text, start, end)
        if strict:
            return strict
        words = text.words
        mixed = any(word.raw.islower() for word in words if len(word.raw) > 2)
        followed = (
            end < len(words)
            and self._joined(text, end - 1, end)
            and (words[end].text in self.vocabulary.trade or any(map(str.isdigit, words[end].raw)))
        )
        for near in self._neighbours(text, start, end):
            if self._is_foreign(words[near], mixed) and not (followed and near == start - 1):
                return words[near].raw
        return ""

    def _neighbours(self, text: Text, start: int, end: int) -> list[int]:
        """The words right before and right behind, where only a blank or a hyphen parts them."""
        places = [near for near in (start - 1, end) if 0 <= near < len(text.words)]
        return [near for near in places if self._joined(text, min(near, end - 1), max(near, start))]

    def _strictly_foreign(self, text: Text, start: int, end: int) -> str:
        """What makes it a person's, a place's or another firm's name whatever else stands in the line."""
        words = text.words
        for near in self._neighbours(text, start, end):
            word = words[near]
            initial = near == start - 1 and len(word.raw) == 1 and word.raw.isupper() and text.clean[word.end : word.end + 1] == "."
            surname = word.text in self.vocabulary.surnames and word.raw.istitle() and words[start].raw.istitle()
            behind = near == end and (
                word.text in self.vocabulary.other_trades or (word.text in self.vocabulary.address and word.raw[0].isupper())
            )
            if word.text in self.vocabulary.titles or initial or surname or behind:
                return word.raw
        return self._person(text, start, end) or self._legal_ahead(text, end) or self._legal_right_behind(text, start, end)

    def _person(self, text: Text, start: int, end: int) -> str:
        """A title before the word, perhaps with an initial between."""
        words = text.words
        for back in (1, 2):
            near = start - back
            if near >= 0 and words[near].text in self.vocabulary.titles and (back == 1 or len(words[near + 1].raw) == 1):
                return words[near].raw
        return ""

    def _legal_right_behind(self, text: Text, start: int, end: int) -> str:
        """A word before ours where a legal form follows at once: *Cangzhou* Dahua Co., Ltd."""
        words = text.words
        if end < len(words) and words[end].text in self.vocabulary.legal and len(words[end].text) > 1 and self._joined(text, end - 1, end):
            before = [near for near in self._neighbours(text, start, end) if near == start - 1]
            if before and self._is_foreign(words[before[0]], mixed=True):
                return words[before[0]].raw
        return ""

    def _joined(self, text: Text, left: int, right: int) -> bool:
        """Whether only blanks, a hyphen or an ampersand part two neighbouring words."""
        gap = text.clean[text.words[left].end : text.words[right].start]
        return len(gap) <= GAP and not gap.strip(" -&'’")

    def _is_foreign(self, word: Word, mixed: bool) -> bool:
        if len(word.text) == 2 and mixed and word.raw.istitle() and word.text.isalpha():
            return word.text not in self.vocabulary.known
        if len(word.text) < 3 or not word.text.isalpha() or word.text in self.vocabulary.known or word.text in self._glued:
            return False
        return word.raw[0].isupper() or not mixed or IS_CJK.match(word.text) is not None

    def _legal_ahead(self, text: Text, end: int) -> str:
        """A word of another name between ours and a legal form close behind: Huawei *Culture* Co., Ltd."""
        between: list[Word] = []
        for left, word in pairwise(text.words[max(end - 1, 0) : end + 5]):
            gap = text.clean[left.end : word.start]
            if len(gap) > GAP or ";" in gap or ("," in gap and word.text not in self.vocabulary.legal):
                return ""
            if word.text in self.vocabulary.legal and len(word.text) > 1:
                foreign = [
                    item.raw for item in between if item.text.isalpha() and len(item.text) > 2 and item.text not in self.vocabulary.known
                ]
                return foreign[0] if foreign else ""
            between.append(word)
        return ""

    # --- Chinese, Japanese, Korean --------------------------------------------------------------

    def _find_cjk(self, text: Text) -> Iterator[Match]:
        if self._cjk_regex is None or text.clean.isascii():
            return
        for found in self._cjk_regex.finditer(text.clean.casefold()):
            ref = self._cjk[found[0]]
            match = self._weigh_cjk(text, found.start(), found.end(), ref)
            if match:
                yield match

    def _weigh_cjk(self, text: Text, start: int, end: int, ref: NameRef) -> Match | None:
        whole = not text.clean[:start].strip() and not CJK_FORMS.sub("", text.clean[end:].strip())
        rule, score = ("name-whole", 0.98) if whole else ("name-word", 0.92)
        reasons = [Reason(rule=rule, detail=f"holds the {ref.name.kind} name {ref.name.text!r}", weight=score)]
        needs, with_sign, disclaimed, detail = "", 0.0, "", ""
        if ref.name.weight != "unique":
            if not self._free_standing(text, start, end):
                return None
            if text.kind != "maker":
                score = _against(reasons, score, 0.45, "short-name", "a short name that others use too")
                needs, with_sign = "trade", 0.88
        for entity, lookalike in self._lookalikes.values():
            where = text.clean.find(lookalike.text)
            if where >= 0 and where <= start and end <= where + len(lookalike.text):
                disclaimed, detail = "lookalike", f"{lookalike.text}: {lookalike.why}"
                del entity
                break
        return Match(
            entity=ref.entity, rule=rule, text=text.clean[start:end], start=start, end=end, score=round(score, 2), reasons=tuple(reasons),
            brand_word=True, needs=needs, with_sign=with_sign, disclaimed=disclaimed, detail=detail,  # type: ignore[arg-type]
        )  # fmt: skip

    def _free_standing(self, text: Text, start: int, end: int) -> bool:
        """Whether a short Chinese name is a word of its own: nothing joined on its left, nothing or a word of the trade on its right."""
        if any(
            word.text.isalpha() and word.text.isascii() and len(word.text) > 2 and word.text not in self.vocabulary.known
            for word in _beside(text, start, end)
        ):
            return False
        before, after = text.clean[start - 1 : start], text.clean[end:]
        if before and IS_CJK.match(before) and before not in CJK_FREE:
            return False
        if not after or not IS_CJK.match(after[0]) or after[0] in CJK_FREE:
            return True
        return any(after.startswith(word) for word in self.vocabulary.generic if IS_CJK.match(word))


def _beside(text: Text, start: int, end: int) -> Iterator[Word]:
    """The words next to a stretch of the text, at most a blank away."""
    return (word for word in text.words if 0 <= start - word.end <= 1 or 0 <= word.start - end <= 1)


def _may_split(words: tuple[Word, ...], refs: list[NameRef]) -> bool:
    """Whether a single registered word may stand in parts here: parts of two letters and more, side by side, or an acronym spelt out (Z T E)."""
    gaps = all(right.start - left.end <= 1 for left, right in pairwise(words))
    if all(len(word.text) == 1 for word in words):
        return gaps and 3 <= len(words) <= 4 and refs[0].name.weight == "context"
    return len(words) <= 3 and gaps and refs[0].name.weight != "context" and all(len(word.text) >= 2 for word in words)


def _against(reasons: list[Reason], score: float, target: float, rule: str, detail: str) -> float:
    """Lower a score, and say why."""
    if target < score:
        reasons.append(Reason(rule=rule, detail=detail, weight=round(target - score, 2)))
        return target
    return score


def is_misspelling(token: str, target: str) -> bool:
    """Whether a word is a likely slip of another: one edit, or two in a long word; in five letters only two letters changed places or one doubled or dropped in a pair."""
    if token == target or (target.startswith(token) and len(target) - len(token) > 1):
        return False
    distance = OSA.distance(token, target, score_cutoff=2)
    if distance == 1 and len(target) >= 6:
        return len(token) >= 5 and not (len(token) < len(target) and target.startswith(token) and len(target) < 7)
    if distance == 1:
        return sorted(token) == sorted(target) or (
            len(token) == len(target) + 1 and (_undouble(token) == target or len(set(token) - set(target)) <= 1)
        )
    if distance != 2 or len(target) < LONG or len(token) < LONG - 1:
        return False
    return any(OSA.distance(token[:length], target[:STEM], score_cutoff=1) <= 1 for length in (STEM - 1, STEM, STEM + 1))


def _undouble(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


LETTERS = "abcdefghijklmnopqrstuvwxyz01"
LONG = 8
"""From this length on two slips are forgiven, one of them at most in the first `STEM` letters."""

STEM = 6


def spellings(word: str) -> Iterator[str]:
    """Literals of which every forgiven misspelling of a word holds one: all single slips of a short word, of a long one those of its stem."""
    stem = word[:STEM] if len(word) >= LONG else word
    yield stem
    for place in range(1, len(stem) + 1):
        head, tail = stem[:place], stem[place:]
        if tail and len(word) > MIN_TYPO:
            yield head + tail[1:] + (word[STEM : STEM + 1] if len(word) >= LONG else "")
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in LETTERS:
            yield head + letter + tail
            if tail and len(word) > MIN_TYPO:
                yield head + letter + tail[1:]
    yield word[1] + word[0] + stem[2:]

"""The words around a name: do they make it somebody else's?"""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import pairwise

from offlimits.matching.base import CJK, Text, Vocabulary, Word

GAP = 3
"""Words further apart than so many characters do not form one name."""

IS_CJK = re.compile(f"[{CJK}]")


class Surroundings:
    """Judges the neighbours of one or more words taken for a name. `names` holds every registered name, glued."""

    def __init__(self, vocabulary: Vocabulary, names: Container[str]) -> None:
        self._vocabulary = vocabulary
        self._names = names

    def is_branch(self, text: Text, end: int) -> bool:
        """Whether a place or a word of business and then a legal form follow: ZTE (UK) Limited."""
        neutral = self._vocabulary.places | self._vocabulary.business
        for number, word in enumerate(text.words[end : end + 4]):
            if word.text in self._vocabulary.legal and len(word.text) > 1:
                return number > 0
            if word.text not in neutral:
                return False
        return False

    def has_branch_sign(self, text: Text, start: int, end: int) -> bool:
        rest = [word.text for word in (*text.words[:start], *text.words[end:])]
        generic = self._vocabulary.places | self._vocabulary.business | self._vocabulary.trade
        return bool(rest) and any(word in generic for word in rest)

    def foreign(self, text: Text, start: int, end: int) -> str:
        """The word that makes this somebody else's name, if there is one."""
        if text.kind in ("name", "maker"):
            return self._foreign_in_name(text, start, end)
        return self._foreign_in_sentence(text, start, end)

    def foreign_to_acronym(self, text: Text, start: int, end: int) -> str:
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
        if any(word.text in self._vocabulary.trade for word in beside):
            return next(
                (
                    word.raw
                    for word in beside
                    if word.text not in self._vocabulary.known and word.raw[0].isupper() and not word.raw.isupper()
                ),
                "",
            )
        ours = self._vocabulary.generic | self._vocabulary.common
        return next(
            (
                word.raw
                for word in beside
                if word.text.isalpha() and len(word.text) > 2 and word.text not in ours and word.text not in self._names
            ),
            "",
        )

    def _foreign_in_name(self, text: Text, start: int, end: int) -> str:
        rest = (*text.words[:start], *text.words[end:])
        known = self._vocabulary.known
        return next(
            (
                word.raw
                for word in rest
                if word.text.isalpha() and len(word.text) > 2 and word.text not in known and word.text not in self._names
            ),
            "",
        )

    def _foreign_in_sentence(self, text: Text, start: int, end: int) -> str:
        strict = self.strictly_foreign(text, start, end)
        if strict:
            return strict
        words = text.words
        mixed = any(word.raw.islower() for word in words if len(word.raw) > 2)
        followed = (
            end < len(words)
            and self._joined(text, end - 1, end)
            and (words[end].text in self._vocabulary.trade or any(map(str.isdigit, words[end].raw)))
        )
        for near in self._neighbours(text, start, end):
            if self._is_foreign(words[near], mixed) and not (followed and near == start - 1):
                return words[near].raw
        return ""

    def _neighbours(self, text: Text, start: int, end: int) -> list[int]:
        """The words right before and right behind, where only a blank or a hyphen parts them."""
        places = [near for near in (start - 1, end) if 0 <= near < len(text.words)]
        return [near for near in places if self._joined(text, min(near, end - 1), max(near, start))]

    def strictly_foreign(self, text: Text, start: int, end: int) -> str:
        """What makes it a person's, a place's or another firm's name whatever else stands in the line."""
        words = text.words
        for near in self._neighbours(text, start, end):
            word = words[near]
            initial = near == start - 1 and len(word.raw) == 1 and word.raw.isupper() and text.clean[word.end : word.end + 1] == "."
            surname = word.text in self._vocabulary.surnames and word.raw.istitle() and words[start].raw.istitle()
            behind = near == end and (
                word.text in self._vocabulary.other_trades or (word.text in self._vocabulary.address and word.raw[0].isupper())
            )
            if word.text in self._vocabulary.titles or initial or surname or behind:
                return word.raw
        return self.person(text, start, end) or self._legal_ahead(text, end) or self._legal_right_behind(text, start, end)

    def person(self, text: Text, start: int, end: int) -> str:
        """A title before the word, perhaps with an initial between."""
        words = text.words
        for back in (1, 2):
            near = start - back
            if near >= 0 and words[near].text in self._vocabulary.titles and (back == 1 or len(words[near + 1].raw) == 1):
                return words[near].raw
        return ""

    def _legal_right_behind(self, text: Text, start: int, end: int) -> str:
        """A word before ours where a legal form follows at once: *Cangzhou* Dahua Co., Ltd."""
        words = text.words
        if end < len(words) and words[end].text in self._vocabulary.legal and len(words[end].text) > 1 and self._joined(text, end - 1, end):
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
            return word.text not in self._vocabulary.known
        if len(word.text) < 3 or not word.text.isalpha() or word.text in self._vocabulary.known or word.text in self._names:
            return False
        return word.raw[0].isupper() or not mixed or IS_CJK.match(word.text) is not None

    def _legal_ahead(self, text: Text, end: int) -> str:
        """A word of another name between ours and a legal form close behind: Huawei *Culture* Co., Ltd."""
        between: list[Word] = []
        for left, word in pairwise(text.words[max(end - 1, 0) : end + 5]):
            gap = text.clean[left.end : word.start]
            if len(gap) > GAP or ";" in gap or ("," in gap and word.text not in self._vocabulary.legal):
                return ""
            if word.text in self._vocabulary.legal and len(word.text) > 1:
                foreign = [
                    item.raw for item in between if item.text.isalpha() and len(item.text) > 2 and item.text not in self._vocabulary.known
                ]
                return foreign[0] if foreign else ""
            between.append(word)
        return ""

"""Names in Chinese, Japanese and Korean: found as stretches of text, because nothing parts the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from offlimits.matching.base import CJK, Text, Vocabulary, Word, lower
from offlimits.matching.guesses import NameRef
from offlimits.model import Entity, Lookalike, Match, Name, Reason
from offlimits.text import fold

IS_CJK = re.compile(f"[{CJK}]")
CJK_FORMS = re.compile("(?:股份|责任|責任)?(?:有限)?(?:责任|責任)?公司$|集团$|集團$|株式会社|주식회사")
CJK_FREE = "的由与與和及向用为给给從从在是或了、，。"
"""Characters that end a word on the left of a short Chinese name; any other one is part of another word (清华大学, 中华为)."""


class Hanzi:
    """The names written without blanks."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: dict[str, NameRef] = {}
        self._others: list[tuple[str, Lookalike]] = []

    @cached_property
    def _regex(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))) if self._names else None

    def literals(self) -> list[str]:
        """Every name as it is searched for."""
        return list(self._names)

    def add_other(self, entity: Entity, lookalike: Lookalike) -> None:
        """Remember another firm's name, and whose it looks like."""
        self._others.append((entity.id, lookalike))

    def add(self, entity: Entity, name: Name) -> None:
        text = fold(name.text).replace(" ", "")
        self._names.setdefault(text, NameRef(entity.id, name, (text,)))
        core = CJK_FORMS.sub("", text)
        if core != text and len(core) >= 4:
            self._names.setdefault(core, NameRef(entity.id, name, (core,)))

    def find(self, text: Text) -> Iterator[Match]:
        if self._regex is None or text.clean.isascii():
            return
        for found in self._regex.finditer(text.clean.casefold()):
            ref = self._names[found[0]]
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
                score = lower(reasons, score, 0.45, "short-name", "a short name that others use too")
                needs, with_sign = "trade", 0.88
        for looks_like, other in self._others:
            where = text.clean.find(other.text)
            own = looks_like != ref.entity and text.clean[start:end] == other.text  # another listed company's name, and this one's own
            if 0 <= where <= start and end <= where + len(other.text) and not own:
                disclaimed, detail = "lookalike", f"{other.text}: {other.why}"
        return Match(
            entity=ref.entity, rule=rule, text=text.clean[start:end], start=start, end=end, score=round(score, 2), reasons=tuple(reasons),
            brand_word=True, needs=needs, with_sign=with_sign, disclaimed=disclaimed, detail=detail, evidence=ref.name.evidence,  # type: ignore[arg-type]
        )  # fmt: skip

    def _free_standing(self, text: Text, start: int, end: int) -> bool:
        """Whether a short Chinese name is a word of its own: nothing joined on its left, nothing or a word of the trade on its right."""
        if any(
            word.text.isalpha() and word.text.isascii() and len(word.text) > 2 and word.text not in self._vocabulary.known
            for word in _beside(text, start, end)
        ):
            return False
        before, after = text.clean[start - 1 : start], text.clean[end:]
        if before and IS_CJK.match(before) and before not in CJK_FREE:
            return False
        if not after or not IS_CJK.match(after[0]) or after[0] in CJK_FREE:
            return True
        return any(after.startswith(word) for word in self._vocabulary.generic if IS_CJK.match(word))


def _beside(text: Text, start: int, end: int) -> Iterator[Word]:
    """The words next to a stretch of the text, at most a blank away."""
    return (word for word in text.words if 0 <= start - word.end <= 1 or 0 <= word.start - end <= 1)

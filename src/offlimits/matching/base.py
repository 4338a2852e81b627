"""What every matcher promises, and the vocabulary they share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, Protocol

import msgspec

from offlimits.model import ColumnKind, Match, Reason
from offlimits.registry.data import Words
from offlimits.text import fold, plain_hyphens

CJK = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
WORD = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")


class Word(msgspec.Struct, frozen=True):
    """One word of a text: folded, as written, where it stands in the normalised text, and whether a plus sign follows at once."""

    text: str
    raw: str
    start: int
    end: int
    signs: bool = False


COMPOUNDS = ("kamera", "kameras", "camera", "cameras", "rekorder", "recorder", "überwachung", "uberwachung", "switch", "router")
"""Ends of compound words of the trade (Kuppelkamera)."""


class Text(msgspec.Struct, frozen=True):
    """A text to be searched: what kind of field it stood in, its compatibility form, and its words."""

    kind: ColumnKind
    clean: str
    words: tuple[Word, ...]


class Trigger(NamedTuple):
    """A folded literal to search for; with `edge` it counts only where no letter or digit stands before it."""

    literal: str
    edge: bool = False


class Matcher(Protocol):
    """Knows one kind of clue."""

    def find(self, text: Text) -> Iterable[Match]:
        """Everything in the text that this matcher takes for somebody in the registry."""

    def triggers(self) -> Iterable[Trigger]:
        """Folded literals of which every text that `find` answers to holds at least one."""


def read_text(text: str, kind: ColumnKind) -> Text:
    """Normalise (NFKC, and hyphens) and cut into words; runs of Han, Kana and Hangul are words of their own."""
    clean = text if text.isascii() else plain_hyphens(unicodedata.normalize("NFKC", text))
    words = tuple(
        Word(fold(match[0]), match[0], match.start(), match.end(), clean.startswith("+", match.end())) for match in WORD.finditer(clean)
    )
    return Text(kind, clean, words)


class Vocabulary:
    """Which words tell nothing about who somebody is."""

    def __init__(self, words: Words) -> None:
        self.legal = _singles(words.legal_forms)
        self.trade = _singles(words.trade)
        self.places = _singles(words.places)
        self.business = _singles(words.business)
        self.generic = self.legal | self.places | self.business | self.trade
        self.common = _singles(words.common)
        self.address = _singles(words.address)
        self.titles = _singles(words.titles)
        self.surnames = _singles(words.surnames)
        self.other_trades = _singles(words.other_trades)
        self.other_makers = _singles(words.other_makers)
        self.plain = self.generic | self.common
        self.known = self.plain | self.other_makers
        self._trades = {"": words.trade, **words.trades}

    @cached_property
    def _signs(self) -> dict[str, tuple[frozenset[str], re.Pattern[str] | None]]:
        """By trade, its words; and its phrases, which are several words or stand in a script that parts none."""
        return {name: (_singles(words), _phrases(words)) for name, words in self._trades.items()}

    def trade_sign(self, text: Text, trade: str = "") -> str:
        """The first word of a trade in a text, or an empty string. The empty trade is surveillance and telecom."""
        singles, phrases = self._signs[trade]
        for word in text.words:
            if word.text in singles or (not trade and word.text.endswith(COMPOUNDS)):
                return word.raw
        match = phrases.search(fold(text.clean)) if phrases else None
        return match[0] if match else ""


def lower(reasons: list[Reason], score: float, target: float, rule: str, detail: str) -> float:
    """Lower a score, and say why."""
    if target < score:
        reasons.append(Reason(rule=rule, detail=detail, weight=round(target - score, 2)))
        return target
    return score


def _phrases(words: Iterable[str]) -> re.Pattern[str] | None:
    sayings = sorted((word for word in words if " " in word or not word.isascii()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, sayings))) if sayings else None


def _singles(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if " " not in word)

"""Clues → matches. One file per kind of clue; `Matching` holds the family compiled for one registry."""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick_rs

from offlimits.matching.base import Matcher, Text, Vocabulary, read_text
from offlimits.matching.identifiers import Identifiers
from offlimits.matching.macs import Macs, addresses, is_local
from offlimits.matching.names import Names
from offlimits.matching.products import Products
from offlimits.model import ColumnKind, Match
from offlimits.registry import Registry

CACHE = 50_000
"""Distinct texts whose matches are kept; the cache is emptied when it is full, so memory does not grow with rows."""


class Matching:
    """All matchers over one registry."""

    def __init__(self, registry: Registry) -> None:
        entities = registry.data.entities
        edition = str(registry.data.mac_source.on or registry.data.mac_source.read)
        self.vocabulary = Vocabulary(registry.data.words)
        self.macs = Macs(registry.data.macs, edition)
        self.matchers: tuple[Matcher, ...] = (Identifiers(entities), Names(entities, self.vocabulary), Products(entities), self.macs)
        self._cache: dict[tuple[ColumnKind, str], tuple[tuple[Match, ...], str]] = {}

    def find(self, text: str, kind: ColumnKind) -> tuple[tuple[Match, ...], str]:
        """Every match in one text, and the word of the trade it holds, if any. Distinct texts are matched once."""
        key = (kind, text)
        known = self._cache.get(key)
        if known is None:
            if len(self._cache) >= CACHE:
                self._cache.clear()
            known = self._cache[key] = self._find(read_text(text, kind))
        return known

    def _find(self, text: Text) -> tuple[tuple[Match, ...], str]:
        found = [match for matcher in self.matchers for match in matcher.find(text)]
        return tuple(found), self.vocabulary.trade_sign(text)

    def search(self, more: Iterable[str] = ()) -> ahocorasick_rs.AhoCorasick:
        """One automaton over every literal without which no matcher can find anything, and over `more`. All are folded."""
        literals = {trigger for matcher in self.matchers for trigger in matcher.triggers() if len(trigger) >= 2}
        literals.update(more)
        return ahocorasick_rs.AhoCorasick(sorted(literals), implementation=ahocorasick_rs.Implementation.DFA)


__all__ = ["Matching", "Text", "Vocabulary", "addresses", "is_local", "read_text"]

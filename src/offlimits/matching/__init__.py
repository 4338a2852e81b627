"""Clues → matches. One file per kind of clue; `Matching` holds the family compiled for one registry."""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick_rs
import msgspec

from offlimits.matching.base import Matcher, Text, Vocabulary, read_text
from offlimits.matching.identifiers import Identifiers
from offlimits.matching.macs import Macs, addresses, is_local
from offlimits.matching.names import Names
from offlimits.matching.negation import judge_clause
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
        hits = sorted({(match.start, match.end) for match in found})
        return tuple(_denied(match, text, hits) for match in found), self.vocabulary.trade_sign(text)

    def search(self, more: Iterable[str] = ()) -> Search:
        """One search for every literal without which no matcher can find anything, and for `more`. All are folded."""
        triggers = [trigger for matcher in self.matchers for trigger in matcher.triggers()]
        anywhere = {trigger.literal for trigger in triggers if not trigger.edge and len(trigger.literal) > 1} | set(more)
        at_edge = {trigger.literal for trigger in triggers if trigger.edge} - anywhere
        return Search(sorted(anywhere), sorted(at_edge))


class Search:
    """An automaton over all triggers: which texts of a batch deserve a closer look?"""

    def __init__(self, anywhere: list[str], at_edge: list[str]) -> None:
        self._anywhere = len(anywhere)
        self._automaton = ahocorasick_rs.AhoCorasick([*anywhere, *at_edge], implementation=ahocorasick_rs.Implementation.DFA)

    def rows(self, text: str, end: str) -> list[int]:
        """Numbers of the rows, parted by `end`, that hold a trigger. `text` is folded."""
        found, row, at = [], -1, 0
        for pattern, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if pattern >= self._anywhere and start and text[start - 1].isalnum():
                continue
            ends = text.count(end, at, start) if start >= at else 0
            if row < 0 or ends:
                row = max(row, 0) + ends
                found.append(row)
            at = max(at, start)
        return found


def _denied(match: Match, text: Text, hits: list[tuple[int, int]]) -> Match:
    """The match, marked when the text names it only to say that it is not there."""
    if match.disclaimed:
        return match
    rule, detail = judge_clause(text.clean, match.start, match.end, hits)
    return msgspec.structs.replace(match, disclaimed=rule, detail=detail) if rule else match


__all__ = ["Matching", "Search", "Text", "Vocabulary", "addresses", "is_local", "read_text"]

"""Clues → matches. One file per kind of clue; `Matching` holds the family compiled for one registry."""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick_rs
import msgspec

from offlimits.matching.base import Matcher, Text, Trigger, Vocabulary, read_text
from offlimits.matching.fingerprints import Fingerprints
from offlimits.matching.identifiers import Identifiers
from offlimits.matching.kinds import GIVEN, by_kind
from offlimits.matching.listed import ListedNames
from offlimits.matching.macs import Macs, addresses, hex_digits, is_local
from offlimits.matching.names import Names
from offlimits.matching.negation import judge_clause
from offlimits.matching.products import Products
from offlimits.model import HEARSAY, REGISTRY, ColumnKind, Match
from offlimits.registry import Registry
from offlimits.text import fold, plain_hyphens

CACHE = 50_000
"""Distinct texts whose matches are kept; the cache is emptied when it is full, so memory does not grow with rows."""


class Matching:
    """All matchers over one registry."""

    def __init__(self, registry: Registry) -> None:
        entities = [entity for entity in registry.data.entities if entity.origin == REGISTRY]
        edition = str(registry.data.mac_source.on or registry.data.mac_source.read)
        self.vocabulary = Vocabulary(registry.data.words)
        self.products = Products(entities, registry.data.starts, self.vocabulary.trade)
        self.matchers: tuple[Matcher, ...] = (
            self.products,
            Identifiers(entities),
            Names(entities, self.vocabulary),
            Macs(registry.data.macs, edition),
            Fingerprints(registry.data.fingerprints, entities, registry.data.starts),
        )
        self.listed = ListedNames((entity for entity in registry.data.entities if entity.origin != REGISTRY), self.vocabulary)
        self._groups = {entity.id: entity.group for entity in registry.data.entities}
        self.search: Search | None = None
        self._matches: dict[tuple[ColumnKind, str], tuple[Match, ...]] = {}
        self._signs: dict[tuple[str, str], str] = {}

    def find(self, text: str, kind: ColumnKind) -> tuple[Match, ...]:
        """Every match in one text. Distinct texts are matched once; after `prepare`, only by the matchers whose triggers they hold."""
        key = (kind, text)
        known = self._matches.get(key)
        if known is None:
            if len(self._matches) >= CACHE:
                self._matches.clear()
            known = self._matches[key] = self._find(text, kind)
        return known

    def _find(self, text: str, kind: ColumnKind) -> tuple[Match, ...]:
        if self.search is None:
            return self._match(read_text(text, kind), ALL)
        folded = fold_for_search(text)
        called = self.search.called(folded, exact=text.isascii())
        if not called & ALL and not self.listed.holds(text, kind):
            return ()
        return self._match(read_text(text, kind), called)

    def _match(self, text: Text, called: int) -> tuple[Match, ...]:
        matchers = [matcher for number, matcher in enumerate(self.matchers) if called & 1 << number]
        if text.kind == "called":
            matchers = [matcher for matcher in matchers if isinstance(matcher, Identifiers)]
        found = [match for matcher in matchers for match in matcher.find(text)]
        found = list(by_kind([*found, *self.listed.find(text)], text))
        hits = sorted({(match.start, match.end) for match in found})
        makers = len({self._groups[match.entity] for match in found})
        things = any(not match.brand_word for match in found)
        return tuple(_denied(match, text, hits, makers, things) for match in found)

    def codes_beside(self, text: str, kind: ColumnKind) -> list[Match]:
        """Codes that only count beside their brand's word; looked for where the line names a brand."""
        if kind in HEARSAY or kind in GIVEN:
            return []
        return [match for match in self.products.find(read_text(text, kind)) if match.needs == "brand"]

    def trade_sign(self, text: str, trade: str = "") -> str:
        """The first word of a trade in a text, or an empty string."""
        known = self._signs.get((trade, text))
        if known is None:
            if len(self._signs) >= CACHE:
                self._signs.clear()
            known = self._signs[trade, text] = self.vocabulary.trade_sign(read_text(text, "text"), trade)
        return known

    def prepare(self, more: Iterable[str] = ()) -> Search:
        """Build the search for every literal without which no matcher can find anything, and for `more`, whose bit is `MORE`."""
        triggers: dict[Trigger, int] = {}
        for number, matcher in enumerate(self.matchers):
            for trigger in matcher.triggers():
                if len(trigger.literal) > 1:
                    triggers[trigger] = triggers.get(trigger, 0) | 1 << number
        for literal in map(fold, more):
            triggers[Trigger(literal)] = triggers.get(Trigger(literal), 0) | MORE
        self.search = Search(triggers, self.products)
        return self.search


PRODUCTS = 1
"""The bit of the first matcher: product codes can only start where a trigger stands, so a text is dismissed by a look at those places."""

MORE = 1 << 8
ALL = MORE - 1


def fold_for_search(text: str) -> str:
    """A text as triggers are written. Lengths may change; only blanks are left as they are where the text is ASCII."""
    return text.lower() if text.isascii() else plain_hyphens(fold(text))


class Search:
    """An automaton over all triggers: which matchers should look at a text, and which rows of a batch deserve a closer look?"""

    def __init__(self, triggers: dict[Trigger, int], products: Products) -> None:
        self._products = products
        ordered = sorted(triggers)
        self._edges = [trigger.edge for trigger in ordered]
        self._calls = [triggers[trigger] for trigger in ordered]
        self._literals = [trigger.literal for trigger in ordered]
        self._automaton = ahocorasick_rs.AhoCorasick(self._literals, implementation=ahocorasick_rs.Implementation.ContiguousNFA)

    def called(self, text: str, exact: bool) -> int:
        """The bits of the matchers whose triggers a folded text holds. `exact` says that folding changed nothing but capitals."""
        called = 0
        for pattern, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if self._counts(pattern, text, start, exact):
                called |= self._calls[pattern]
        return called

    def _counts(self, pattern: int, text: str, start: int, exact: bool) -> bool:
        """Whether a trigger found is worth a look: at a word's edge if it must be, the beginning of a code if it only calls for codes."""
        if self._edges[pattern] and start and _inside_word(text, start):
            return False
        return not exact or self._calls[pattern] != PRODUCTS or self._products.starts_with(self._literals[pattern], text, start)

    def rows(self, text: str, end: str, exact: bool) -> list[tuple[int, int]]:
        """Number and called bits of every row, parted by `end`, that holds a trigger. `text` is folded."""
        found: dict[int, int] = {}
        row, at = 0, 0
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        for start, pattern in sorted((start, pattern) for pattern, start, _ in hits):
            if not self._counts(pattern, text, start, exact):
                continue
            row += text.count(end, at, start)
            at = start
            found[row] = found.get(row, 0) | self._calls[pattern]
        return list(found.items())


def _inside_word(text: str, start: int) -> bool:
    """Whether an ASCII letter or digit stands before, other than the x of a count (4x)."""
    before = text[start - 1]
    return before.isascii() and before.isalnum() and not (before in "x×" and start > 1 and text[start - 2].isdigit())


def _denied(match: Match, text: Text, hits: list[tuple[int, int]], makers: int, things: bool) -> Match:
    """The match, marked when the text names it only to say that it is not there."""
    if match.disclaimed or (text.clean.isascii() and " " not in text.clean):
        return match
    rule, detail = judge_clause(text.clean, match.start, match.end, hits, makers, things)
    return msgspec.structs.replace(match, disclaimed=rule, detail=detail) if rule else match


__all__ = ["MORE", "Matching", "Search", "Text", "Vocabulary", "addresses", "fold_for_search", "hex_digits", "is_local", "read_text"]

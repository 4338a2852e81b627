"""Product codes in free text: the families of the evidence, each a grammar of how its codes start."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set

import msgspec

from offlimits.codes import LEFT_EDGE, head_regex, product_regex
from offlimits.matching.base import Text, Trigger
from offlimits.matching.macs import SEPARATED
from offlimits.model import Entity, Match, Product, Reason

PREFIX = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]{0,2})-$")
HOSTS = frozenset({"sw", "rt", "fw", "gw", "hw", "wlc", "mdf", "idf"})
"""Short words with which switches, routers and gateways are named, beside those of the trade."""

START = re.compile(LEFT_EDGE + "(?=[A-Za-z0-9])")
"""Where a code may start."""


class Family(msgspec.Struct, frozen=True):
    """A product family ready to search: how its codes start (`starts` as literals, `head` as a pattern), and
    the whole code. Patterns are compiled when first needed."""

    entity: str
    group: str
    product: Product
    starts: tuple[str, ...]

    @property
    def head(self) -> re.Pattern[str]:
        return head_regex(self.product.pattern)

    @property
    def code(self) -> re.Pattern[str]:
        return product_regex(self.product.pattern)


class Products:
    """The product-code matcher."""

    def __init__(self, entities: Iterable[Entity], starts: Mapping[str, tuple[str, ...]], trade: Set[str] = frozenset()) -> None:
        """`starts` are the literals of each pattern, `trade` the words of the trade."""
        self._words = trade | HOSTS
        self.families = [
            Family(entity.id, entity.group, product, starts[product.pattern]) for entity in entities for product in entity.products
        ]
        self._by_first: dict[str, list[Family]] = {}
        self._by_literal: dict[str, list[Family]] = {}
        for family in self.families:
            for literal in family.starts:
                self._by_literal.setdefault(literal, []).append(family)
            for first in sorted({literal[0] for literal in family.starts}):
                self._by_first.setdefault(first, []).append(family)

    def triggers(self) -> Iterator[Trigger]:
        for family in self.families:
            if family.product.needs == "brand":
                continue  # the brand's own word must stand in the same line, and is a trigger itself
            yield from (Trigger(literal, edge=True) for literal in family.starts)

    def starts_with(self, literal: str, text: str, start: int) -> bool:
        """Whether a code that begins with a literal starts at a place of a text in lower case."""
        return any(family.head.match(text, start) for family in self._by_literal[literal])

    def _likely(self, text: str, start: int) -> Iterator[Family]:
        """The families one of whose literals stands at a place of a text in lower case."""
        return (family for family in self._by_first.get(text[start], ()) if text.startswith(family.starts, start))

    def find(self, text: Text) -> Iterator[Match]:
        """Every code in the text.

        Where several families take the same code, the one that needs least wins, then the one whose start says more; a tie between
        groups halves both. No code stands inside a hardware address (`4419-b611-2233` is no B611).
        """
        lower, position = text.clean.lower(), 0
        if len(lower) != len(text.clean):
            lower = text.clean
        addresses: list[tuple[int, int]] | None = None
        for found in START.finditer(text.clean):
            if found.start() >= position and (matches := list(self._at(text, lower, found.start()))):
                position = max([match.end for match in matches])
                if addresses is None:
                    addresses = [address.span() for address in SEPARATED.finditer(text.clean)]
                yield from (match for match in matches if not any(a < match.end and match.start < b for a, b in addresses))

    def _inside_another(self, text: str, start: int) -> bool:
        """Whether a few letters and a hyphen before a place make what stands there the end of another code (GL-AR150); words of the trade,
        and those that hosts are named with, do not."""
        before = PREFIX.search(text[max(start - 5, 0) : start])
        return before is not None and before[1].lower() not in self._words

    def _at(self, text: Text, lower: str, start: int) -> Iterator[Match]:
        hits = []
        for family in self._likely(lower, start):
            head = family.head.match(text.clean, start)
            code = family.code.match(text.clean, start) if head else None
            inside = bool(family.product.needs) and self._inside_another(text.clean, start)
            if head and code and not inside and _is_code(code[0], head[0], weak=family.product.needs == "brand"):
                hits.append((head.end() - start, family, code))
        if not hits:
            return
        best: dict[str, tuple[int, int, Family, re.Match[str]]] = {}
        for length, family, code in hits:
            rank = (NEEDS.index(family.product.needs), -length, family, code)
            if family.entity not in best or rank[:2] < best[family.entity][:2]:
                best[family.entity] = rank
        leading = min(rank[:2] for rank in best.values())
        chosen = {entity: rank for entity, rank in best.items() if rank[:2] == leading}
        groups = {rank[2].group for rank in chosen.values()}
        for entity in sorted(chosen):
            _, _, family, code = chosen[entity]
            yield _match(family, code, text.kind == "product-code", groups - {family.group})


NO_CODE = re.compile(r"(?:[0-9a-f]{16,}|[A-Z]{1,2}\d{7,9})", re.IGNORECASE)
"""Fingerprints and record numbers in hexadecimal; numbers of passports and other papers, which are people's."""


def _is_code(code: str, head: str, weak: bool) -> bool:
    """Whether it is no fingerprint and no number of a paper; a weak shape must also be more than the beginning of a word: hold a digit, or
    end where its pattern ends."""
    whole = any(char.isdigit() for char in code) or not code[len(head) : len(head) + 1].isalpha()
    return (whole or not weak) and not NO_CODE.fullmatch(code)


NEEDS = ("", "trade", "brand")


def _match(family: Family, code: re.Match[str], own_column: bool, rivals: set[str]) -> Match:
    needs = family.product.needs
    start = 0.96 if own_column else 0.93
    reasons = [Reason(rule="product-code", detail=f"{code[0]!r} has the form of {family.product.what} ({family.product.id})", weight=start)]
    score = start
    if rivals:
        reasons.append(
            Reason(rule="shared-shape", detail=f"codes of {', '.join(sorted(rivals))} have this form too", weight=round(0.5 - score, 2))
        )
        score, needs = 0.5, "brand"
    elif needs:
        wanted = "the brand's own word" if needs == "brand" else "a word of the trade"
        reasons.append(
            Reason(rule="weak-shape", detail=f"others use codes of this form; {wanted} must stand beside it", weight=round(0.45 - score, 2))
        )
        score = 0.45
    return Match(
        entity=family.entity,
        rule="product-code",
        text=code[0],
        start=code.start(),
        end=code.end(),
        score=score,
        reasons=tuple(reasons),
        product=True,
        needs=needs,
        trade=family.product.trade,
        with_sign=0.9 if needs else 0.0,
        evidence=family.product.evidence,
    )

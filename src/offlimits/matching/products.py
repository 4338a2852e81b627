"""Product codes in free text: the families of the evidence, each a grammar of how its codes start."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import msgspec

from offlimits.matching.base import Text, Trigger
from offlimits.model import Entity, Match, Product, Reason
from offlimits.text import LEFT_EDGE, product_regex

MAX_TRIGGERS = 400
"""A literal stops growing where a family would need more of them than this."""

NARROW = 4
"""A repeated item with more readings than this is not spelt out beyond what must be there."""

TRIGGER_LENGTH = 8


class Family(msgspec.Struct, frozen=True):
    """A product family ready to search: how its codes start (`head`), and the whole code. Patterns are compiled when first needed."""

    entity: str
    group: str
    product: Product

    @property
    def head(self) -> re.Pattern[str]:
        return _head(self.product.pattern)

    @property
    def code(self) -> re.Pattern[str]:
        return product_regex(self.product.pattern)


class Products:
    """The product-code matcher."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.families = [Family(entity.id, entity.group, product) for entity in entities for product in entity.products]
        heads = "|".join(f"(?:{family.product.pattern.replace('~', SEPARATOR)})" for family in self.families)
        self._any = re.compile(f"{LEFT_EDGE}(?:{heads})", re.IGNORECASE) if heads else None

    def triggers(self) -> Iterator[Trigger]:
        for family in self.families:
            if family.product.needs == "brand":
                continue  # the brand's own word must stand in the same line, and is a trigger itself
            yield from (Trigger(literal.lower(), edge=True) for literal in literals(family.product.pattern))

    def starts_at(self, text: str, starts: Iterable[int]) -> bool:
        """Whether some code starts at one of these places."""
        return self._any is not None and any(self._any.match(text, start) for start in starts)

    def find(self, text: Text) -> Iterator[Match]:
        """Every code in the text. Where several families take the same code, the one that needs least wins, then the one whose start says more; a tie between groups halves both."""
        if self._any is None:
            return
        position = 0
        while found := self._any.search(text.clean, position):
            matches = list(self._at(text, found.start()))
            yield from matches
            position = max([match.end for match in matches], default=found.end())

    def _at(self, text: Text, start: int) -> Iterator[Match]:
        hits = []
        for family in self.families:
            head = family.head.match(text.clean, start)
            code = family.code.match(text.clean, start) if head else None
            if head and code and (family.product.needs != "brand" or any(char.isdigit() for char in code[0])):
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
        with_sign=0.9 if needs else 0.0,
    )


SEPARATOR = "[-_ ‐‑–]?"


@lru_cache(maxsize=1024)
def _head(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{LEFT_EDGE}(?:{pattern.replace('~', SEPARATOR)})", re.IGNORECASE)


def literals(pattern: str) -> set[str]:
    """Literals with which every text that a pattern takes must start: the pattern's own first characters, classes and alternatives spelt out, up to eight long."""
    tree = _parser.parse(pattern.replace("~", SEPARATOR), re.IGNORECASE)
    return {text for text, _ in _expand(list(tree), [("", False)])}


def _expand(items: list[Any], found: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Grow the literals item by item; the flag says that a literal is finished."""
    for operation, argument in items:
        if all(done for _, done in found):
            break
        pieces = _pieces(operation, argument)
        if pieces is not None:
            growing = sum(not done for _, done in found)
            pieces = _fitting(pieces, growing)
            if len(pieces) * growing > MAX_TRIGGERS:
                return [(text, True) for text, _ in found]
        grown: dict[tuple[str, bool], None] = {}
        for text, done in found:
            if done or pieces is None:
                grown[text, True] = None
                continue
            room = TRIGGER_LENGTH - len(text)
            grown.update(dict.fromkeys((text + piece[:room], ended or len(piece) >= room) for piece, ended in pieces))
        found = list(grown)
    return found


def _fitting(pieces: list[tuple[str, bool]], times: int) -> list[tuple[str, bool]]:
    """The pieces cut as short as it takes to stay under `MAX_TRIGGERS` literals."""
    for length in range(TRIGGER_LENGTH, 0, -1):
        if len(pieces) * times <= MAX_TRIGGERS:
            break
        pieces = list(dict.fromkeys((piece[:length], ended or len(piece) > length) for piece, ended in pieces))
    return pieces


def _pieces(operation: Any, argument: Any) -> list[tuple[str, bool]] | None:
    """What one item of a pattern can read; None when it cannot be spelt out."""
    if operation is sre.LITERAL:
        return [(chr(argument), False)]
    if operation is sre.IN:
        return _class_pieces(argument)
    if operation is sre.SUBPATTERN:
        return _expand(list(argument[3]), [("", False)])
    if operation is sre.BRANCH:
        return list(dict.fromkeys(piece for branch in argument[1] for piece in _expand(list(branch), [("", False)])))
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeated(*argument)
    if operation in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
        return [("", False)]
    return None


def _repeated(low: int, high: int, inner: Any) -> list[tuple[str, bool]]:
    """What a repeated item can read. A wide one of open length ends the literal where it may end."""
    once = _expand(list(inner), [("", False)])
    wide = len(once) > NARROW and high > max(low, 1)
    pieces: list[tuple[str, bool]] = []
    times = [("", wide and low == 0)]
    for count in range(low if wide else min(high, NARROW)):
        if count >= low:
            pieces += times
        times = _fitting([(text + piece, done or ended) for text, done in times for piece, ended in once], 1)
    return [*pieces, *((text, done or wide) for text, done in times)]


def _class_pieces(members: list[Any]) -> list[tuple[str, bool]] | None:
    chars: list[str] = []
    for kind, value in members:
        if kind is sre.LITERAL:
            chars.append(chr(value))
        elif kind is sre.RANGE:
            chars += [chr(code) for code in range(value[0], value[1] + 1)]
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            chars += list("0123456789")
        else:
            return None
    return [(char, False) for char in dict.fromkeys(char.lower() for char in chars)] if len(chars) <= 40 else None

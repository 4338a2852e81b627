"""The grammar of product codes: how a family's pattern is read, and the literals with which its codes start."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

CODE_TAIL = r"(?:[A-Za-z0-9](?:[-_/.+()\[\]&;#\\]*[A-Za-z0-9)\]])*|(?:[-_/.+()\[\]]+[A-Za-z0-9)\]]+)+)?"
"""What may follow the start of a product code: letters and digits, joined by hyphens, slashes, dots, brackets."""

SEPARATOR = "[-_ ‐‑–]?"
"""What `~` stands for in a pattern."""

LATIN = r"A-Za-z0-9\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff"
"""Latin letters with and without marks, the marks themselves, and digits: before any of these no code or address begins."""

LEFT_EDGE = rf"(?:(?<![{LATIN}])|(?<=\d[xX×]))"
"""A code starts a word, or stands right behind a count (4xDS-2CD2143G2-I)."""


@lru_cache(maxsize=1024)
def product_regex(pattern: str) -> re.Pattern[str]:
    """A family's pattern as a regular expression that takes a whole code.

    `~` stands for a hyphen, a blank, an underscore or nothing. Case does not matter. The code must not be glued to a letter
    or digit on its left; on its right it runs as far as code characters do.
    """
    return re.compile(f"{LEFT_EDGE}(?:{pattern.replace('~', SEPARATOR)}){CODE_TAIL}", re.IGNORECASE)


MAX_TRIGGERS = 400
"""A literal stops growing where a family would need more of them than this."""

NARROW = 4
"""A repeated item with more readings than this is not spelt out beyond what must be there."""

TRIGGER_LENGTH = 8
"""Literals grow no longer than this: more tells little more, and costs memory."""


@lru_cache(maxsize=1024)
def head_regex(pattern: str) -> re.Pattern[str]:
    """A family's pattern alone: how its codes start."""
    return re.compile(f"{LEFT_EDGE}(?:{pattern.replace('~', SEPARATOR)})", re.IGNORECASE)


def literals(pattern: str) -> set[str]:
    """Literals, in lower case, with one of which every code that a pattern takes must start.

    They are the pattern's own first characters, classes and alternatives spelt out, up to `TRIGGER_LENGTH` long.
    """
    tree = _parser.parse(pattern.replace("~", SEPARATOR), re.IGNORECASE)
    return {text.lower() for text, _ in _expand(list(tree), [("", False)])}


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

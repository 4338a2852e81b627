"""Slips of the keys: which words are misspellings of a name, and which literals find them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

MIN_TYPO = 5
"""Shorter words are never guessed at: one edit of a four-letter word is another word."""

LETTERS = "abcdefghijklmnopqrstuvwxyz01"
LONG = 8
"""From this length on two slips are forgiven, one of them at most in the first `STEM` letters."""

STEM = 6


@cache
def _osa() -> Any:
    from rapidfuzz.distance import OSA  # costs more to import than most questions to `explain` need

    return OSA


def distance(first: str, second: str, cutoff: int) -> int:
    """Optimal string alignment: edits and swaps of neighbours from one word to another; `cutoff` + 1 when there are more."""
    return int(_osa().distance(first, second, score_cutoff=cutoff))


def is_misspelling(token: str, target: str) -> bool:
    """Whether a word is a likely slip of another: one edit, or two in a long word; in five letters only two letters changed places or
    one doubled or dropped in a pair."""
    if token == target or (target.startswith(token) and len(target) - len(token) > 1):
        return False
    slips = distance(token, target, 2)
    if slips == 1 and len(target) >= 6:
        return len(token) >= 5 and not (len(token) < len(target) and target.startswith(token) and len(target) < 7)
    if slips == 1:
        return sorted(token) == sorted(target) or (
            len(token) == len(target) + 1 and (_undouble(token) == target or len(set(token) - set(target)) <= 1)
        )
    if slips != 2 or len(target) < LONG or len(token) < LONG - 1:
        return False
    return any(distance(token[:length], target[:STEM], 1) <= 1 for length in (STEM - 1, STEM, STEM + 1))


def _undouble(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def spellings(word: str) -> Iterator[str]:
    """Literals of which every forgiven misspelling of a word holds one: all single slips of a short word, of a long one those of its
    stem."""
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

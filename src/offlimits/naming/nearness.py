"""Which of many listed words may each of many words answer? By hashes, all at once: the same letters, one letter less on either side or on
both, the same consonants or nearly so; and near enough in letters. What is found is only a candidate: `aligning.word_cost` judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from offlimits.naming.scripts import SOUNDS, UNHEARD, romanise

LEAST, MOST = 4, 40
"""Letters of words that are looked at; shorter ones have too many neighbours, longer ones are no words."""

SOUND_LETTERS, SOUND_LEAST = 8, 4
"""From so many letters on, and so many in its sound, a word's sound may lack one consonant."""

MOST_SLIPS, MOST_SHARE, BEGIN = 3, 0.5, 5
"""Letters that differ in words that are a slip of one another; share of letters in those that only sound alike; letters at the beginning
that two words may share whatever follows (`aligning.word_cost` forgives no more)."""

ARTICLES = ("al", "el", "ul", "ar", "as")

_LETTERS = np.random.default_rng(20261125).integers(1, 1 << 62, 128, dtype=np.uint64)
_PLACES = np.random.default_rng(19).integers(1, 1 << 62, MOST + 1, dtype=np.uint64) | np.uint64(1)
"""A word's hash is the sum of letter times place, so that the hash without one letter is a difference of running sums."""

Table = np.ndarray[Any, Any]


class Neighbours:
    """Listed words, ready to be asked for."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [romanise(word) for word in words]
        tables, self._heard = _tables(self._words)
        self._keys = [_Known(*table) for table in tables]

    def of(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Pairs of the number of a word asked and the number of a listed word, each once."""
        if not words:
            return
        tables, heard = _tables(words)
        width = max(len(self._words), 1)
        found = [known.meet(hashes, rows, width) for (hashes, rows), known in zip(tables, self._keys, strict=True)]
        asked, listed = (part.tolist() for part in np.divmod(np.unique(np.concatenate(found)), width))
        if asked:
            near = self._near(words, heard, asked, listed).tolist()
            yield from compress(zip(asked, listed, strict=True), near)

    def _near(self, words: Sequence[str], heard: Sequence[str], asked: list[int], listed: list[int]) -> Table:
        """Whether two words are a few letters apart, sound alike and share half their letters, or begin alike. Of a word of four letters
        nothing but one slip, an article or the sound is forgiven."""
        first, second = [words[row] for row in asked], [self._words[number] for number in listed]
        apart = process.cpdist(first, second, scorer=OSA.distance)
        sizes = np.array([list(map(len, first)), list(map(len, second))])
        shortest, longest = sizes.min(axis=0), sizes.max(axis=0)
        sound = np.array([heard[row] == self._heard[number] != "" for row, number in zip(asked, listed, strict=True)])
        begin = np.array([a[:BEGIN] == b[:BEGIN] for a, b in zip(first, second, strict=True)])
        few = (apart <= MOST_SLIPS) & ((shortest > LEAST) | (apart < 2) | (longest == LEAST + 2))
        near: Table = few | (sound & (apart <= MOST_SHARE * longest)) | begin
        return near


def _tables(words: Sequence[str]) -> tuple[tuple[tuple[Table, Table], tuple[Table, Table]], list[str]]:
    """Hashes and the numbers of the words they stand for, of the letters and of the consonants; and how each word sounds."""
    letters = [word if LEAST <= len(word) <= MOST and word.isascii() and word.isalpha() else "" for word in words]
    short = [word[2:] if len(word) > LEAST and word[:2] in ARTICLES else "" for word in letters]
    heard = sounds(letters)
    long = [sound if len(sound) >= SOUND_LEAST and len(word) >= SOUND_LETTERS else "" for sound, word in zip(heard, letters, strict=True)]
    spelt = [*_hashes(letters, less=True), *_hashes(short, less=False)]
    spoken = [*_hashes(heard, less=False), *_hashes(long, less=True)]
    return (_joined(spelt), _joined(spoken)), heard


def _joined(parts: Sequence[tuple[Table, Table]]) -> tuple[Table, Table]:
    if not parts:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    return np.concatenate([hashes for hashes, _ in parts]), np.concatenate([rows for _, rows in parts])


def _hashes(words: Sequence[str], less: bool) -> Iterator[tuple[Table, Table]]:
    """The hash of each word that is not empty; with `less`, of each with one letter left out too. By length, so that numpy does it."""
    sizes = np.array([len(word) for word in words], np.int64)
    for size in np.unique(sizes[sizes > 0]).tolist():
        rows = np.flatnonzero(sizes == size)
        codes = np.frombuffer("".join([words[row] for row in rows.tolist()]).encode("ascii"), np.uint8).reshape(-1, size)
        values = _LETTERS[codes]
        placed = values * _PLACES[:size]
        yield placed.sum(axis=1, dtype=np.uint64), rows
        if less and size > 1:
            rest = np.cumsum(placed, axis=1, dtype=np.uint64) - placed
            after = values[:, 1:] * _PLACES[: size - 1]
            rest[:, :-1] += np.cumsum(after[:, ::-1], axis=1, dtype=np.uint64)[:, ::-1]
            yield rest.ravel(), np.repeat(rows, size)


def sounds(words: Sequence[str]) -> list[str]:
    """`scripts.sound` of many words; all are rewritten at once."""
    if not words:
        return []
    wide = [word if len(word) >= SOUND_LEAST and word.isascii() and word.isalpha() else "" for word in words]
    text = "\n".join(wide)
    for written, heard in SOUNDS:
        text = text.replace(written, heard)
    lines = _once(text.encode("ascii")).decode("ascii").split("\n")
    rests = "\n".join([line[1:] for line in lines]).encode("ascii").translate(None, UNHEARD.encode("ascii"))
    return [
        (line[0] if line[0] not in "aeiou" else "a") + rest if line and len(rest) >= 2 else ""
        for line, rest in zip(lines, _once(rests).decode("ascii").split("\n"), strict=True)
    ]


def _once(text: bytes) -> bytes:
    """No small letter twice in a row."""
    signs = np.frombuffer(text, np.uint8)
    keep = np.ones(len(signs), bool)
    keep[1:] = (signs[1:] != signs[:-1]) | (signs[1:] < ord("a"))
    return signs[keep].tobytes()


class _Known:
    """Hashes of listed words, sorted: for each the numbers of the words that have it."""

    def __init__(self, hashes: Table, rows: Table) -> None:
        order = np.argsort(hashes, kind="stable")
        self._numbers = rows[order]
        self._hashes, self._starts, self._counts = np.unique(hashes[order], return_index=True, return_counts=True)

    def meet(self, hashes: Table, rows: Table, width: int) -> Table:
        """Rows and numbers whose hashes are the same, as `row * width + number`."""
        if not len(self._hashes):
            return np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        hit = np.flatnonzero(self._hashes[at] == hashes)
        starts, counts = self._starts[at[hit]], self._counts[at[hit]]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        met: Table = np.repeat(rows[hit], counts) * width + self._numbers[np.repeat(starts, counts) + offsets]
        return met

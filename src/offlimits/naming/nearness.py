"""Which of many listed words may each of many words answer? By hashes, all at once: the same letters, one letter less on either side or on
both, the same consonants or nearly so. What is found is only a candidate: `aligning.word_cost` judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from offlimits.naming.scripts import romanise, sounds

LEAST, MOST = 4, 40
"""Letters of words that are looked at; shorter ones have too many neighbours, longer ones are no words."""

SOUND_LETTERS, SOUND_LEAST = 8, 4
"""From so many letters on, and so many in its sound, a word's sound may lack one consonant."""

ARTICLES = ("al", "el", "ul", "ar", "as")

_LETTERS = np.random.default_rng(20261125).integers(1, 1 << 62, 128, dtype=np.uint64)
_PLACES = np.random.default_rng(19).integers(1, 1 << 62, MOST + 1, dtype=np.uint64) | np.uint64(1)
"""A word's hash is the sum of letter times place, so that the hash without one letter is a difference of running sums."""

Table = np.ndarray[Any, Any]


class Neighbours:
    """Listed words, ready to be asked for."""

    def __init__(self, words: Sequence[str]) -> None:
        self._keys = [_sorted(*table) for table in _tables([romanise(word) for word in words])]

    def of(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Pairs of the number of a word asked and the number of a listed word, each once."""
        if not words:
            return
        found = [_meet(hashes, rows, *known) for (hashes, rows), known in zip(_tables(words), self._keys, strict=True)]
        pairs = np.unique(np.concatenate(found), axis=0)
        yield from zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), strict=True)


def _tables(words: Sequence[str]) -> tuple[tuple[Table, Table], tuple[Table, Table]]:
    """Hashes and the numbers of the words they stand for: of the letters, and of the consonants."""
    letters = [word if LEAST <= len(word) <= MOST and word.isascii() and word.isalpha() else "" for word in words]
    short = [word[2:] if len(word) > LEAST and word[:2] in ARTICLES else "" for word in letters]
    heard = sounds(letters)
    long = [sound if len(sound) >= SOUND_LEAST and len(word) >= SOUND_LETTERS else "" for sound, word in zip(heard, letters, strict=True)]
    spelt = [*_hashes(letters, less=True), *_hashes(short, less=False)]
    spoken = [*_hashes(heard, less=False), *_hashes(long, less=True)]
    return _joined(spelt), _joined(spoken)


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
        yield (values * _PLACES[:size]).sum(axis=1, dtype=np.uint64), rows
        if less and size > 1:
            before = np.cumsum(values * _PLACES[:size], axis=1, dtype=np.uint64) - values * _PLACES[:size]
            after = values[:, 1:] * _PLACES[: size - 1]
            rest = np.zeros_like(values)
            rest[:, :-1] = np.cumsum(after[:, ::-1], axis=1, dtype=np.uint64)[:, ::-1]
            yield (before + rest).ravel(), np.repeat(rows, size)


def _sorted(hashes: Table, rows: Table) -> tuple[Table, Table]:
    order = np.argsort(hashes, kind="stable")
    return hashes[order], rows[order]


def _meet(hashes: Table, rows: Table, known: Table, numbers: Table) -> Table:
    """Pairs of row and number whose hashes are the same."""
    start, end = np.searchsorted(known, hashes, "left"), np.searchsorted(known, hashes, "right")
    counts = end - start
    hit = counts > 0
    start, counts = start[hit], counts[hit]
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.stack([np.repeat(rows[hit], counts), numbers[np.repeat(start, counts) + offsets]], axis=1)

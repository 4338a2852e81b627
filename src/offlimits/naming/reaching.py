"""Could two names be the same at all? A bound on `same_score` from counts of words alone, over many pairs at once: it prunes, it never
judges. What cannot be known before both names are read is taken for agreement."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy import sparse

from offlimits.naming.features import GUESS, HALF_LONE, HALF_LONE_SHARE, SLIP
from offlimits.naming.reading import ReadName
from offlimits.naming.weights import SAME
from offlimits.naming.words import CORRECTED, lexicon, read_word

SPARE = 0.35
"""Weight that a rough count of words may be wrong by."""

BARE_SPARE = 0.5
"""Share of a name without a telling word that may lack an answer."""

MARGIN = 0.2
"""Log-odds that the bound may be wrong by."""

BEGIN = 3
"""Letters by which words that are not telling may answer one another (industrial, industries; technol)."""


class Pairs(NamedTuple):
    """Queries (`rows`) and listed names (`numbers`) that share a word: the weight of the listed words that are answered, how many are,
    and the weight of the query's telling words that answer none."""

    rows: Any
    numbers: Any
    shared: Any
    counts: Any
    beside: Any

    def kept(self, keep: Any) -> Pairs:
        """Some of them."""
        return Pairs(*(column[keep] for column in self))


class Asked:
    """The words of a block of queries: each distinct one numbered, and which query holds which (complex, so that one product gives sums and
    counts)."""

    def __init__(self, tokens: list[list[str]]) -> None:
        self.tokens = tokens
        flat = list(chain.from_iterable(tokens))
        self.words = list(dict.fromkeys(flat))
        numbers = dict(zip(self.words, range(len(self.words)), strict=True))
        held = np.fromiter(map(numbers.__getitem__, flat), np.int32, len(flat))
        starts = np.cumsum([0, *map(len, tokens)])
        self.holds = sparse.csr_matrix((np.ones(len(flat), np.complex64), held, starts), shape=(len(tokens), len(numbers)))


class Weighed(msgspec.Struct, frozen=True):
    """What a listed name weighs: its telling words together and how many they are, its other words together (-1 where it has no telling
    word, and `telling` counts the others), and each other word with its weight and its kind. As bytes of arrays, so that it is kept on
    disk with the index."""

    telling: bytes
    count: bytes
    other: bytes
    words: int
    keys: dict[str, list[int]]
    places: bytes
    weights: bytes
    kinds: bytes


def weigh(names: Sequence[ReadName]) -> Weighed:
    """The weights of every listed name."""
    numbers: dict[str, int] = {}
    keys: dict[str, list[int]] = {}
    cells: list[tuple[int, int, float, str]] = []
    totals = np.zeros((3, len(names)), np.float32)
    for row, name in enumerate(names):
        telling = [word.weight for word in name.words if word.kind == "d"]
        rest = [word for word in name.words if word.kind != "d"]
        other = sum([word.weight for word in rest])
        totals[:, row] = (sum(telling), len(telling), other) if telling else (other, len(rest), -1.0)
        for word in rest if telling else ():
            number = numbers.get(word.text)
            if number is None:
                number = numbers[word.text] = len(numbers)
                for key in _begins(word.text):
                    keys.setdefault(key, []).append(number)
            for key in _begins(word.raw):
                if number not in (known := keys.setdefault(key, [])):
                    known.append(number)
            cells.append((row, number, word.weight, word.kind))
    return Weighed(
        totals[0].tobytes(),
        totals[1].tobytes(),
        totals[2].tobytes(),
        len(numbers),
        keys,
        np.array([cell[:2] for cell in cells], np.int32).reshape(-1, 2).tobytes(),
        np.array([cell[2] for cell in cells], np.float32).tobytes(),
        "".join([cell[3] for cell in cells]).encode(),
    )


def _begins(text: str) -> dict[str, None]:
    """A word's meaning, and how its parts begin."""
    return dict.fromkeys(["=" + text, *(part[:BEGIN] for part in text.split())])


class Reach:
    """The bound, for one list."""

    def __init__(self, weighed: Weighed) -> None:
        self._telling, self._count, self._other = (
            np.frombuffer(line, np.float32) for line in (weighed.telling, weighed.count, weighed.other)
        )
        self._keys = {key: number for number, key in enumerate(weighed.keys)}
        rows, columns = np.frombuffer(weighed.places, np.int32).reshape(-1, 2).T
        weights, kinds = np.frombuffer(weighed.weights, np.float32), np.frombuffer(weighed.kinds, np.uint8)
        called = list(weighed.keys.values())
        flat = np.fromiter(chain.from_iterable(called), np.int32)
        starts = np.cumsum([0, *map(len, called)])
        self._by_key = sparse.csr_matrix((np.ones(len(flat), np.float32), flat, starts), shape=(len(called), weighed.words))
        shape = (len(self._telling), weighed.words)
        told = [np.ones(len(weights), np.float32), weights, weights * (kinds == ord("t")), weights * (kinds == ord("p"))]
        self._words = [sparse.csr_matrix((values, (rows, columns)), shape=shape) for values in told]
        self._totals = [np.asarray(words.sum(axis=1)).ravel() for words in self._words]

    def may(self, pairs: Pairs, threshold: float, others: Any = None) -> Any:
        """Whether each pair could still reach the threshold. `others` holds, for each, how many of the listed words that are not telling
        may be answered, and their weights (all, of a trade, of a place); without it all are."""
        numbers, shared, counts, beside = pairs.numbers, pairs.shared, pairs.counts, pairs.beside
        telling, bare = self._telling[numbers], self._other[numbers] < 0
        every = [total[numbers] for total in self._totals]
        answered, other, trade, place = every if others is None else others
        lacking, lacking_trade, lacking_place = every[1] - other, every[2] - trade, every[3] - place
        left = np.maximum(telling - shared, 0)
        more, less = np.maximum(left, beside), np.minimum(left, beside)
        rest = left + beside + lacking
        most = (
            SAME["start"]
            + SAME["same-name"] * (rest < SPARE)
            + SAME["telling-shared"] * np.minimum(shared, 2)
            + SAME["other-shared"] * np.minimum(other, 2)
            + SAME["covered"] * (shared + other) / np.maximum(shared + other + rest, 0.01)
            + SAME["telling-left"] * np.clip(more - SPARE, 0, 2)
            + SAME["telling-both"] * np.clip(less - SPARE, 0, 2)
            + SAME["trade-left"] * np.minimum(lacking_trade, 2)
            + SAME["place-left"] * np.minimum(lacking_place, 2)
        )
        half = np.where(np.maximum(more, lacking_place) > HALF_LONE + SPARE, HALF_LONE_SHARE, 0.0)
        whole = (answered < 0.5) & ((lacking > 0.01) | (more > 2 * SPARE))
        most += SAME["lone-word"] * (counts < 1.001) * np.where(whole, 1.0, half)
        worth = shared / np.maximum(telling, 0.01)
        most += SAME["guess-alone"] * np.where(self._count[numbers] < 1.5, np.clip((1 - worth - SLIP) / (GUESS - SLIP), 0, 1), 0.0)
        reached = most >= np.log(threshold / (1 - threshold)) - MARGIN
        return np.where(bare, (left < np.maximum(SPARE, BARE_SPARE * telling)) & (beside < SPARE), reached)

    def others(self, pairs: Pairs, asked: Asked) -> list[Any]:
        """Of each pair the listed words that are not telling and that some word of the query may answer: as many, and their weights. Where
        a query has a phrase of the vocabulary, anything may."""
        rows, places = np.unique(pairs.rows, return_inverse=True)
        holds = asked.holds[rows].real
        may = holds @ self._called(asked.words, np.unique(holds.indices))
        may.data[:] = 1.0
        begins = np.fromiter((word in lexicon().phrases for word in asked.words), np.float32, len(asked.words))
        free = np.zeros(len(rows), bool)
        for place in np.flatnonzero(holds @ begins).tolist():
            free[place] = _has_phrase(asked.tokens[rows[place]])
        may, free = may[places], free[places]
        told = []
        for words, total in zip(self._words, self._totals, strict=True):
            found = np.asarray(words[pairs.numbers].multiply(may).sum(axis=1)).ravel()
            told.append(np.where(free, total[pairs.numbers], found))
        return told

    def _called(self, words: Sequence[str], numbers: Any) -> Any:
        """For each word of the queries that has one of these numbers the listed words that are not telling and that it may answer."""
        keys, known = self._keys, lexicon().single
        cells = [
            (number, key)
            for number in numbers.tolist()
            for text in (words[number],)
            for key in (
                keys.get(text[:BEGIN]),
                keys.get("=" + text),
                keys.get("=" + read_word(text).text) if len(text) >= CORRECTED or text in known or not text.isascii() else None,
            )
            if key is not None
        ]
        rows, columns = np.array(cells, np.int32).reshape(-1, 2).T
        ones = np.ones(len(rows), np.float32)
        return sparse.csr_matrix((ones, (rows, columns)), shape=(len(words), self._by_key.shape[0])) @ self._by_key


def _has_phrase(tokens: Sequence[str]) -> bool:
    """Whether words of the vocabulary stand side by side that mean one thing together."""
    phrases = lexicon().phrases
    return any(
        tuple(tokens[place : place + len(words)]) == words
        for place, token in enumerate(tokens)
        if token in phrases
        for words, _, _ in phrases[token]
    )

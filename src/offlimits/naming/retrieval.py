"""Many names against many: which of the listed names is this one, at a cost that hardly grows with the list?

Every listed name is found by its telling words (or, if it has none, by all its words). A word of a query calls the listed words it may
answer: the word itself, a word one slip away, one with the same consonants or nearly so, one written apart or together, its pinyin. A
sparse product of queries and listed names adds up what is called; what cannot reach the threshold even if everything else agreed is
dropped; the rest is scored. Recall is measured against scoring every pair (`bench/names`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy import sparse

from offlimits.files import user_folder, write_atomically
from offlimits.naming.aligning import word_cost
from offlimits.naming.features import HALF_LONE, HALF_LONE_SHARE
from offlimits.naming.nearness import Neighbours
from offlimits.naming.reading import DOTTED, ReadName, read_new
from offlimits.naming.scoring import THRESHOLD, same_score
from offlimits.naming.scripts import PUNCTUATION, data_lines, romanise
from offlimits.naming.weights import SAME
from offlimits.naming.words import FREE_FORMS, Word, lexicon, read_word

EDITION = 4
"""Raised when the compiled form changes."""

BLOCK = 50_000
"""Queries handled at once: memory does not grow with their number."""

SPARE = 0.35
"""Weight that a rough count of words may be wrong by: it prunes, it never judges."""

BARE_SPARE = 0.5
"""Share of a name without a telling word that may lack an answer."""

KEPT = 300_000
"""Words whose answers are kept."""

MOST_SHARED = 4_000
"""A listed word that more names than this share calls none of them alone."""


class Hit(NamedTuple):
    """A listed name that a query is the same as: its number in the list, and the score."""

    number: int
    score: float


class Compiled(msgspec.Struct, frozen=True):
    """An index as it is kept on disk: the listed words, which of them every writing calls, and the words of every name."""

    edition: int
    words: list[str]
    keys: dict[str, list[int]]
    starts: bytes
    members: bytes
    weights: bytes
    telling: bytes
    other: bytes
    single: bytes


class NameIndex:
    """Listed names, compiled once."""

    def __init__(self, names: Sequence[str], *, cache: bool = True) -> None:
        self.names = list(names)
        self._read: dict[int, ReadName] = {}
        self._called: dict[str, tuple[tuple[int, float], ...]] = {}
        compiled = self._compiled(cache)
        self._words = compiled.words
        self._keys = compiled.keys
        self._telling = np.frombuffer(compiled.telling, dtype=np.float32)
        self._other = np.frombuffer(compiled.other, dtype=np.float32)
        self._single = np.frombuffer(compiled.single, dtype=bool)
        weights = np.frombuffer(compiled.weights, dtype=np.float32)
        places = (np.frombuffer(compiled.members, dtype=np.int32), np.frombuffer(compiled.starts, dtype=np.int32))
        shape = (len(self._words), len(self.names))
        self._by_word = sparse.csr_matrix(((weights + 1j).astype(np.complex64), *places), shape=shape)
        self._holding = sparse.csr_matrix((np.ones(len(weights), np.float32), *places), shape=shape)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self._words)

    # --- compiling -----------------------------------------------------------------------------

    def _compiled(self, cache: bool) -> Compiled:
        path = user_folder("cache") / f"names-{self.fingerprint[:24]}.msgpack"
        if cache and (kept := _load(path)) is not None:
            return kept
        compiled = _compile(self.names)
        if cache:
            _keep(path, msgspec.msgpack.encode(compiled))
        return compiled

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the names and of everything the compiled form depends on: a name that changes is another list."""
        told = hashlib.sha256(f"{EDITION}".encode())
        for part in (*(line for file in VOCABULARIES for line in data_lines(file)), "\x00", *self.names):
            told.update(part.encode("utf-8", "surrogatepass") + b"\x1e")
        return told.hexdigest()

    # --- searching -----------------------------------------------------------------------------

    def search(self, queries: Iterable[str], threshold: float = THRESHOLD, limit: int = 5) -> list[list[Hit]]:
        """For every query its best hits at or above the threshold, the best first."""
        asked = list(queries)
        found: list[list[Hit]] = []
        for start in range(0, len(asked), BLOCK):
            found += self._search(asked[start : start + BLOCK], threshold, limit)
        return found

    def _search(self, queries: list[str], threshold: float, limit: int) -> list[list[Hit]]:
        hits: list[list[Hit]] = [[] for _ in queries]
        for row, query, number in self._candidates(queries, threshold):
            score = same_score(query, self._listed(number))
            if score >= threshold:
                hits[row].append(Hit(number, score))
        return [sorted(some, key=lambda hit: (-hit.score, hit.number))[:limit] if some else some for some in hits]

    def _listed(self, number: int) -> ReadName:
        name = self._read.get(number)
        if name is None:
            if len(self._read) >= KEPT:
                self._read.clear()
            name = self._read[number] = read_new(self.names[number])
        return name

    def _candidates(self, queries: list[str], threshold: float) -> Iterator[tuple[int, ReadName, int]]:
        """Query, as read, and listed name of every pair that may reach the threshold, by query."""
        asked = _Asked(_tokens(queries))
        self._learn(asked.words)
        answering, glued = self._answering(asked.words), self._glued(asked)
        shared = ((asked.holds @ answering + glued) @ self._by_word).tocoo()
        pairs = _Pairs(shared.row, shared.col, shared.data.real, shared.data.imag, np.zeros(shared.nnz, np.float32))
        pairs = pairs.kept(self._may_reach(pairs, threshold))
        weights = self._weights(asked, np.unique(pairs.rows))
        own = asked.holds.real @ weights
        own[np.unique(glued.nonzero()[0])] = 0.0
        pairs = pairs._replace(beside=np.maximum(own[pairs.rows] - self._answered(asked, weights, answering, pairs), 0))
        pairs = pairs.kept(self._may_reach(pairs, threshold))
        read = {row: read_new(queries[row]) for row in np.unique(pairs.rows).tolist()}
        surplus = np.zeros(len(queries), np.float32)
        for row, name in read.items():
            surplus[row] = max(own[row] - sum([word.weight for word in name.words if word.kind == "d"]), 0.0)
        pairs = pairs._replace(beside=np.maximum(pairs.beside - surplus[pairs.rows], 0))
        pairs = pairs.kept(self._may_reach(pairs, threshold))
        order = np.lexsort((pairs.numbers, pairs.rows))
        for row, number in zip(pairs.rows[order].tolist(), pairs.numbers[order].tolist(), strict=True):
            yield row, read[row], number

    def _weights(self, asked: _Asked, rows: Any) -> Any:
        """The weight of each word that stands in these rows, if it is a telling one."""
        weights = np.zeros(len(asked.words), np.float32)
        for number in np.unique(asked.holds[rows].indices).tolist():
            weights[number] = _weight(asked.words[number], self._keys)
        return weights

    def _answered(self, asked: _Asked, weights: Any, answering: Any, pairs: _Pairs) -> Any:
        """Of each pair the weight of the query's telling words that answer one of the listed name's."""
        rows, places = np.unique(pairs.rows, return_inverse=True)
        telling = asked.holds[rows].real
        telling.data = weights[telling.indices]
        found = (telling @ answering.real @ self._holding).tocoo()
        width = len(self.names)
        keys = found.row.astype(np.int64) * width + found.col
        order = np.argsort(keys)
        keys, told = keys[order], found.data[order]
        wanted = places.astype(np.int64) * width + pairs.numbers
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where(keys[at] == wanted, told[at], 0.0) if len(keys) else np.zeros(len(wanted), np.float32)

    def _may_reach(self, pairs: _Pairs, threshold: float) -> Any:
        """Whether a listed name could still reach the threshold if all words that are not telling agreed. One without telling words must
        be there whole, beside none."""
        numbers, shared, counts, beside = pairs.numbers, pairs.shared, pairs.counts, pairs.beside
        telling, other, bare = self._telling[numbers], self._other[numbers], self._other[numbers] < 0
        left = np.maximum(telling - shared, 0)
        more, less = np.maximum(left, beside), np.minimum(left, beside)
        other = np.maximum(other, 0)
        most = (
            SAME["start"]
            + SAME["same-name"] * (more < SPARE)
            + SAME["telling-shared"] * np.minimum(shared, 2)
            + SAME["other-shared"] * np.minimum(other, 2)
            + SAME["covered"] * (shared + other) / np.maximum(shared + other + left + beside, 0.01)
            + SAME["telling-left"] * np.minimum(np.maximum(more - SPARE, 0), 2)
            + SAME["telling-both"] * np.minimum(np.maximum(less - SPARE, 0), 2)
        )
        half = np.where(more > HALF_LONE + SPARE, HALF_LONE_SHARE, 0.0)
        most += SAME["lone-word"] * (counts < 1.001) * np.where(self._single[numbers] & (beside > 2 * SPARE), 1.0, half)
        reached = most >= np.log(threshold / (1 - threshold)) - 0.2
        return np.where(bare, (left < np.maximum(SPARE, BARE_SPARE * telling)) & (beside < SPARE), reached)

    def _glued(self, asked: _Asked) -> Any:
        """Two neighbouring words of a query that a listed name writes as one."""
        rows: list[int] = []
        called: list[int] = []
        for row, tokens in enumerate(asked.tokens):
            for first, second in pairwise(tokens):
                numbers = self._keys.get(first + second)
                if numbers:
                    rows += [row] * len(numbers)
                    called += numbers
        shape = (len(asked.tokens), len(self._words))
        return sparse.csr_matrix((np.full(len(rows), 0.95, np.complex64), (rows, called)), shape=shape)

    def _answering(self, words: list[str]) -> Any:
        """For each word of the queries the listed words it may answer, each with how well at best."""
        starts, numbers, worth = [0], [], []
        for word in words:
            if called := self._called[word]:
                for number, value in called:
                    numbers.append(number)
                    worth.append(value)
            starts.append(len(numbers))
        return sparse.csr_matrix((np.array(worth, np.complex64), numbers, starts), shape=(len(words), len(self._words)))

    def _learn(self, words: list[str]) -> None:
        """Find what every new word may answer, all at once, and keep it under the word."""
        if len(self._called) + len(words) > KEPT:
            self._called.clear()
        new = [word for word in words if word not in self._called]
        found: dict[str, dict[int, float]] = {word: dict.fromkeys(self._keys[word], 1.0) for word in new if word in self._keys}
        free = [word for word in new if not (word in FREE_FORMS or (len(word) == 1 and word.isascii()) or word in lexicon().form_ends)]
        latin = [word if word.isascii() else romanise(word) for word in free]
        for word, written in zip(free, latin, strict=True):
            if written != word and written in self._keys:
                found.setdefault(word, {}).update((number, self._worth(word, number)) for number in self._keys[written])
            if f"+{word}" in self._keys:
                found.setdefault(word, {}).update(dict.fromkeys(self._keys[f"+{word}"], 0.95))
        for place, number in self._neighbours.of(latin):
            answers = found.setdefault(free[place], {})
            if number not in answers:
                answers[number] = self._worth(free[place], number)
        self._called.update(dict.fromkeys(new, ()))
        self._called.update((word, tuple(item for item in answers.items() if item[1])) for word, answers in found.items())

    def _worth(self, token: str, number: int) -> float:
        listed = self._words[number]
        if token == listed:
            return 1.0
        first, second = read_word(token), read_word(listed)
        if first.text == second.text:
            return 1.0
        cost = word_cost(first, second)
        return 1 - cost[1] if cost else 0.0


class _Pairs(NamedTuple):
    """Queries (`rows`) and listed names (`numbers`) that share a word: the weight of the listed words that are answered, how many are,
    and the weight of the query's telling words that answer none."""

    rows: Any
    numbers: Any
    shared: Any
    counts: Any
    beside: Any

    def kept(self, keep: Any) -> _Pairs:
        """Some of them."""
        return _Pairs(*(column[keep] for column in self))


class _Asked:
    """The words of a block of queries: each distinct one numbered, and which query holds which."""

    def __init__(self, tokens: list[list[str]]) -> None:
        self.tokens = tokens
        numbers: dict[str, int] = {}
        flat = [numbers.setdefault(token, len(numbers)) for some in tokens for token in some]
        self.words = list(numbers)
        starts = np.cumsum([0, *map(len, tokens)])
        self.holds = sparse.csr_matrix((np.ones(len(flat), np.complex64), flat, starts), shape=(len(tokens), len(numbers)))


def _weight(token: str, keys: dict[str, list[int]]) -> float:
    if token in FREE_FORMS or (len(token) == 1 and token.isascii()) or token in lexicon().form_ends or f"+{token}" in keys:
        return 0.0
    word = read_word(token)
    return word.weight if word.kind == "d" else 0.0


VOCABULARIES = ("forms.txt", "concepts.txt", "places.txt", "ordinary.txt", "hanzi.txt")


def _tokens(queries: list[str]) -> list[list[str]]:
    """The words of every query; plain ASCII all at once, the rest read one by one."""
    plain = [query if query.isascii() and "\n" not in query else "" for query in queries]
    joined = "\n".join(plain)
    if "." in joined:
        joined = DOTTED.sub(lambda found: found[0].replace(".", "") + " ", joined)
    lines = joined.lower().translate(_LINES).split("\n")
    return [line.split() if known or not query else _read_tokens(query) for query, known, line in zip(queries, plain, lines, strict=True)]


_LINES = {ord(char): to for char, to in ((chr(code), chr(code).translate(PUNCTUATION)) for code in range(128)) if char != "\n"}


def _read_tokens(query: str) -> list[str]:
    return [word.text for word in read_new(query).words]


def _compile(names: Sequence[str]) -> Compiled:
    """Read every name, number the words it is found by, and make the keys that call them."""
    numbers: dict[str, int] = {}
    keys: dict[str, list[int]] = {}
    members: list[list[tuple[int, float]]] = []
    telling = np.zeros(len(names), np.float32)
    other = np.zeros(len(names), np.float32)
    single = np.zeros(len(names), bool)
    for row, text in enumerate(names):
        name = read_new(text)
        chosen = [word for word in name.words if word.kind == "d"] or list(name.words)
        telling[row] = sum(word.weight for word in chosen)
        single[row] = len(name.words) == 1
        told = any(word.kind == "d" for word in name.words)
        other[row] = sum(word.weight for word in name.words) - telling[row] if told else -1.0
        for word in chosen:
            _add(word, row, numbers, keys, members)
        for pair in pairwise(name.words):
            called = [numbers[_token(word)] for word in pair if word in chosen]
            if called:
                glued = keys.setdefault(f"+{pair[0].raw}{pair[1].raw}", [])
                glued.extend(number for number in called if number not in glued)
    starts = np.cumsum([0, *(min(len(some), MOST_SHARED) for some in members)]).astype(np.int32)
    flat = [item for some in members for item in some[:MOST_SHARED]]
    return Compiled(
        EDITION,
        list(numbers),
        keys,
        starts.tobytes(),
        np.array([row for row, _ in flat], np.int32).tobytes(),
        np.array([weight for _, weight in flat], np.float32).tobytes(),
        telling.tobytes(),
        other.tobytes(),
        single.tobytes(),
    )


def _token(word: Word) -> str:
    return word.raw if word.kind != "d" or not word.text.isascii() else word.text


def _add(word: Word, row: int, numbers: dict[str, int], keys: dict[str, list[int]], members: list[list[tuple[int, float]]]) -> None:
    token = _token(word)
    number = numbers.get(token)
    if number is None:
        number = numbers[token] = len(numbers)
        members.append([])
        for key in dict.fromkeys((token, romanise(token) or token, word.text, word.raw)):
            keys.setdefault(key, []).append(number)
    members[number].append((row, word.weight))


def _load(path: Path) -> Compiled | None:
    """A compiled index, or None where there is none or it is of another edition."""
    try:
        kept = msgspec.msgpack.decode(path.read_bytes(), type=Compiled)
    except (OSError, msgspec.MsgspecError):
        return None
    return kept if kept.edition == EDITION else None


def _keep(path: Path, content: bytes) -> None:
    """Keep a compiled index; a cache that cannot be written is only slower."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError:
        return


__all__ = ["Hit", "NameIndex"]

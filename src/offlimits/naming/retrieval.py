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
from offlimits.naming.reading import ReadName, read_new
from offlimits.naming.scoring import THRESHOLD, same_score
from offlimits.naming.scripts import PUNCTUATION, data_lines, romanise
from offlimits.naming.weights import SAME
from offlimits.naming.words import FREE_FORMS, Word, lexicon, read_word

EDITION = 3
"""Raised when the compiled form changes."""

BLOCK = 50_000
"""Queries handled at once: memory does not grow with their number."""

SPARE = 0.35
"""Weight that a rough count of words may be wrong by: it prunes, it never judges."""

KEPT = 300_000
"""Words whose answers are kept."""

MOST_SHARED = 4_000
"""A listed word that more names than this share calls none of them alone."""


class Hit(NamedTuple):
    """A listed name that a query is the same as: its number in the list, and the score."""

    number: int
    score: float


class Compiled(msgspec.Struct, frozen=True):
    """An index as it is kept on disk: the listed words, which of them every key calls, and the words of every name."""

    edition: int
    words: list[str]
    keys: dict[str, list[int]]
    starts: bytes
    members: bytes
    weights: bytes
    telling: bytes
    other: bytes


class NameIndex:
    """Listed names, compiled once."""

    def __init__(self, names: Sequence[str], *, cache: bool = True) -> None:
        self.names = list(names)
        self._read: dict[int, ReadName] = {}
        self._called: dict[str, tuple[tuple[tuple[int, float], ...], float, float]] = {}
        compiled = self._compiled(cache)
        self._words = compiled.words
        self._keys = compiled.keys
        self._telling = np.frombuffer(compiled.telling, dtype=np.float32)
        self._other = np.frombuffer(compiled.other, dtype=np.float32)
        arrays = (
            np.frombuffer(compiled.weights, dtype=np.float32),
            np.frombuffer(compiled.members, dtype=np.int32),
            np.frombuffer(compiled.starts, dtype=np.int32),
        )
        self._by_word = sparse.csr_matrix(arrays, shape=(len(self._words), len(self.names)))

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
        read: dict[int, ReadName] = {}
        for row, number in self._candidates(queries, threshold):
            query = read.get(row)
            if query is None:
                read = {row: read_new(queries[row])}
                query = read[row]
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

    def _candidates(self, queries: list[str], threshold: float) -> Iterator[tuple[int, int]]:
        """Pairs of query and listed name that may reach the threshold, by query."""
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        own = np.zeros(len(queries), np.float32)
        rest = np.zeros(len(queries), np.float32)
        for row, tokens in enumerate(_tokens(queries)):
            called, own[row], rest[row] = self._call(tokens)
            if called:
                rows += [row] * len(called)
                columns += called.keys()
                values += called.values()
        if not rows:
            return
        shape = (len(queries), len(self._words))
        asked = sparse.csr_matrix((np.array(values, np.float32), (np.array(rows), np.array(columns))), shape=shape)
        shared = (asked @ self._by_word).tocoo()
        keep = self._may_reach(shared.data, own[shared.row], rest[shared.row], shared.col, threshold)
        order = np.lexsort((shared.col[keep], shared.row[keep]))
        yield from zip(shared.row[keep][order].tolist(), shared.col[keep][order].tolist(), strict=True)

    def _may_reach(self, shared: Any, own: Any, rest: Any, numbers: Any, threshold: float) -> Any:
        """Whether a listed name could still reach the threshold if all words that are not telling agreed. `own` is the weight of the
        query's telling words, `rest` that of its others; a listed name without any must be there whole, beside no telling word."""
        telling, other, bare = self._telling[numbers], self._other[numbers], self._other[numbers] < 0
        left, beside = np.maximum(telling - shared, 0), np.maximum(own - shared, 0)
        more, less = np.maximum(left, beside), np.minimum(left, beside)
        other = np.minimum(np.maximum(other, 0), rest + SPARE)
        most = (
            SAME["start"]
            + SAME["same-name"] * (more < SPARE)
            + SAME["telling-shared"] * np.minimum(shared, 2)
            + SAME["other-shared"] * np.minimum(other, 2)
            + SAME["covered"] * (shared + other) / (shared + other + left + beside)
            + SAME["telling-left"] * np.minimum(np.maximum(more - SPARE, 0), 2)
            + SAME["telling-both"] * np.minimum(np.maximum(less - SPARE, 0), 2)
        )
        reached = most >= np.log(threshold / (1 - threshold)) - 0.2
        slipped = (shared < telling - 0.01) & (own <= 1)
        return np.where(bare, (left < SPARE) & ((own < SPARE) | slipped), reached)

    def _call(self, tokens: list[str]) -> tuple[dict[int, float], float, float]:
        """The listed words that a query's tokens may answer, each with how well at best; and the weight of its telling
        words, and of its others."""
        called: dict[int, float] = {}
        known, keys, own, rest = self._called, self._keys, 0.0, 0.0
        for token in tokens:
            answers = known.get(token)
            if answers is None:
                answers = self._answers(token)
            own += answers[1]
            rest += answers[2]
            for number, worth in answers[0]:
                if worth > called.get(number, 0.0):
                    called[number] = worth
        for first, second in pairwise(tokens):
            if first + second in keys:
                own -= known[first][1] + known[second][1] if first in known and second in known else 0.0
                for number in keys[first + second]:
                    called.setdefault(number, 0.95)
        return called, own, rest

    def _answers(self, token: str) -> tuple[tuple[tuple[int, float], ...], float, float]:
        """The listed words one token may answer, and its weight if it is telling; kept under the token."""
        if len(self._called) >= KEPT:
            self._called.clear()
        if token in FREE_FORMS or (len(token) == 1 and token.isascii()) or token in lexicon().form_ends:
            found = tuple((number, 1.0) for number in self._keys.get(token, ()))
            weight = other = 0.0
        else:
            worth = ((number, self._worth(token, self._words[number])) for number in _numbers(self._keys, keys_of(token)))
            found = tuple(item for item in worth if item[1])
            found += tuple((number, 0.95) for number in self._keys.get(f"+{token}", ()))
            word = read_word(token)
            weight = word.weight if word.kind == "d" and f"+{token}" not in self._keys else 0.0
            other = 0.0 if word.kind == "d" else word.weight
        answers = self._called[token] = (found, weight, other)
        return answers

    @staticmethod
    def _worth(token: str, listed: str) -> float:
        if token == listed:
            return 1.0
        first, second = read_word(token), read_word(listed)
        if first.text == second.text:
            return 1.0
        cost = word_cost(first, second)
        return 1 - cost[1] if cost else 0.0


VOCABULARIES = ("forms.txt", "concepts.txt", "places.txt", "ordinary.txt", "hanzi.txt")


def _numbers(keys: dict[str, list[int]], wanted: Iterable[str]) -> Iterator[int]:
    seen: set[int] = set()
    for key in wanted:
        for number in keys.get(key, ()):
            if number not in seen:
                seen.add(number)
                yield number


def keys_of(token: str) -> Iterator[str]:
    """What a word is found by: itself, itself less one letter, its consonants, those less one, its pinyin."""
    yield token
    size = len(token)
    if not token.isascii():
        latin = romanise(token)
        if latin and latin != token:
            yield latin
        token, size = latin, len(latin)
    if size < 4 or not token.isalpha():
        return
    for place in range(size):
        yield f"-{token[:place]}{token[place + 1 :]}"
    yield f"-{token}"
    if token[:2] in ("al", "el", "ul", "ar", "as") and size > 4:
        yield token[2:]
    heard = read_word(token).sound
    if heard:
        yield f"~{heard}"
        if size >= 8 and len(heard) > 3:
            for place in range(1, len(heard)):
                yield f"~{heard[:place]}{heard[place + 1 :]}"


def _tokens(queries: list[str]) -> list[list[str]]:
    """The words of every query; plain ASCII all at once, the rest read one by one."""
    joined = "\n".join(queries)
    if joined.isascii() and joined.count("\n") == len(queries) - 1:
        return [line.split() for line in joined.lower().translate(_LINES).split("\n")]
    return [query.lower().translate(PUNCTUATION).split() if query.isascii() else _read_tokens(query) for query in queries]


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
    for row, text in enumerate(names):
        name = read_new(text)
        chosen = [word for word in name.words if word.kind == "d"] or list(name.words)
        telling[row] = sum(word.weight for word in chosen)
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
    )


def _token(word: Word) -> str:
    return word.raw if word.kind != "d" or not word.text.isascii() else word.text


def _add(word: Word, row: int, numbers: dict[str, int], keys: dict[str, list[int]], members: list[list[tuple[int, float]]]) -> None:
    token = _token(word)
    number = numbers.get(token)
    if number is None:
        number = numbers[token] = len(numbers)
        members.append([])
        for key in dict.fromkeys((*keys_of(token), word.text, word.raw)):
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

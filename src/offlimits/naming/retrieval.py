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
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy import sparse

from offlimits.files import user_folder, write_atomically
from offlimits.naming.aligning import word_cost
from offlimits.naming.nearness import Neighbours
from offlimits.naming.reaching import Asked, Pairs, Reach, Weighed, weigh
from offlimits.naming.reading import DOTTED, ReadName, read_new
from offlimits.naming.scoring import THRESHOLD, same_score
from offlimits.naming.scripts import PUNCTUATION, data_lines, romanise
from offlimits.naming.words import FREE_FORMS, Word, lexicon, read_word

EDITION = 5
"""Raised when the compiled form changes."""

BLOCK = 50_000
"""Queries handled at once: memory does not grow with their number."""

KEPT = 300_000
"""Words whose answers are kept."""

MOST_SHARED = 4_000
"""A listed word that more names than this share calls none of them alone."""


class Hit(NamedTuple):
    """A listed name that a query is the same as: its number in the list, and the score."""

    number: int
    score: float


class Compiled(msgspec.Struct, frozen=True):
    """An index as it is kept on disk: the listed words, which of them every writing calls, the words of every name, and what they weigh."""

    edition: int
    words: list[str]
    keys: dict[str, list[int]]
    starts: bytes
    members: bytes
    weights: bytes
    whole: dict[str, list[int]]
    weighed: Weighed


class NameIndex:
    """Listed names, compiled once."""

    def __init__(self, names: Sequence[str], *, cache: bool = True) -> None:
        self.names = list(names)
        self._read: dict[int, ReadName] = {}
        self._called: dict[str, tuple[tuple[int, float], ...]] = {}
        compiled = self._compiled(cache)
        self._words = compiled.words
        self._keys = compiled.keys
        self._whole = compiled.whole
        self._reach = Reach(compiled.weighed)
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
        asked = Asked(_tokens(queries))
        self._learn(asked.words)
        answering, glued = self._answering(asked.words), self._glued(asked)
        shared = ((asked.holds @ answering + glued) @ self._by_word).tocoo()
        pairs = Pairs(shared.row, shared.col, shared.data.real, shared.data.imag, np.zeros(shared.nnz, np.float32))
        pairs = pairs.kept(self._reach.may(pairs, threshold))
        others = self._reach.others(pairs, asked)
        keep = self._reach.may(pairs, threshold, others)
        pairs, others = pairs.kept(keep), [column[keep] for column in others]
        weights, sure = self._weights(asked, np.unique(pairs.rows))
        open_rows = np.ones(len(queries), np.float32)
        open_rows[np.unique(glued.nonzero()[0])] = 0.0
        answered = self._answered(asked, weights, answering, pairs)
        own = asked.holds.real @ sure * open_rows
        pairs = pairs._replace(beside=np.maximum(own[pairs.rows] - answered, 0))
        keep = self._reach.may(pairs, threshold, others)
        pairs, others, answered = pairs.kept(keep), [column[keep] for column in others], answered[keep]
        read = {row: read_new(queries[row]) for row in np.unique(pairs.rows).tolist()}
        for row, name in read.items():
            own[row] = open_rows[row] * sum([word.weight for word in name.words if word.kind == "d"])
        pairs = pairs._replace(beside=np.maximum(own[pairs.rows] - answered, 0))
        pairs = pairs.kept(self._reach.may(pairs, threshold, others))
        found = sorted({*zip(pairs.rows.tolist(), pairs.numbers.tolist(), strict=True), *self._equal(asked)})
        for row, number in found:
            yield row, read.get(row) or read_new(queries[row]), number

    def _equal(self, asked: Asked) -> Iterator[tuple[int, int]]:
        """Queries and listed names that are the same letter by letter, however parted."""
        for row, tokens in enumerate(asked.tokens):
            for number in self._whole.get("".join(tokens), ()):
                yield row, number

    def _weights(self, asked: Asked, rows: Any) -> tuple[Any, Any]:
        """The weight of each word that stands in these rows, if it may be a telling one; and if it is one beside whatever words."""
        weights, sure = np.zeros((2, len(asked.words)), np.float32)
        for number in np.unique(asked.holds[rows].indices).tolist():
            token = asked.words[number]
            word = read_word(token)
            if word.kind == "d":
                weights[number] = word.weight
                sure[number] = 0.0 if self._is_free(token) or token in lexicon().parts or f"+{token}" in self._keys else word.weight
        return weights, sure

    @staticmethod
    def _is_free(token: str) -> bool:
        """Whether a word is left out of a name, or may be: legal forms, single letters."""
        return token in FREE_FORMS or (len(token) == 1 and token.isascii()) or token in lexicon().form_ends

    def _answered(self, asked: Asked, weights: Any, answering: Any, pairs: Pairs) -> Any:
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

    def _glued(self, asked: Asked) -> Any:
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
        called = [self._called[word] for word in words]
        starts = np.cumsum([0, *map(len, called)])
        flat = list(chain.from_iterable(called))
        numbers = np.array([number for number, _ in flat], np.int32)
        worth = np.array([value for _, value in flat], np.complex64)
        return sparse.csr_matrix((worth, numbers, starts), shape=(len(words), len(self._words)))

    def _learn(self, words: list[str]) -> None:
        """Find what every new word may answer, all at once, and keep it under the word."""
        if len(self._called) + len(words) > KEPT:
            self._called.clear()
        new = [word for word in words if word not in self._called]
        found: dict[str, dict[int, float]] = {word: dict.fromkeys(self._keys[word], 1.0) for word in new if word in self._keys}
        free = [word for word in new if not self._is_free(word)]
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


VOCABULARIES = ("forms.txt", "concepts.txt", "places.txt", "ordinary.txt", "hanzi.txt")


def _tokens(queries: Sequence[str]) -> list[list[str]]:
    """The words of every query; plain ASCII all at once, the rest read one by one."""
    if not queries:
        return []
    plain = [query if query.isascii() and "\n" not in query else "" for query in queries]
    joined = "\n".join(plain)
    if "." in joined:
        joined = DOTTED.sub(lambda found: found[0].replace(".", "") + " ", joined)
    lines = joined.encode("ascii").translate(_PLAIN, _GONE).decode("ascii").split("\n")
    return [line.split() if known or not query else _read_tokens(query) for query, known, line in zip(queries, plain, lines, strict=True)]


_FOLDED = {chr(code): chr(code).lower().translate(PUNCTUATION) for code in range(128) if chr(code) != "\n"}
_GONE = "".join(char for char, to in _FOLDED.items() if not to).encode()
_PLAIN = bytes(ord(_FOLDED.get(chr(code)) or "\n") if code < 128 else 0 for code in range(256))
"""What becomes of each ASCII sign in a name, at once for many: capitals and punctuation (`scripts.PUNCTUATION`)."""


def _read_tokens(query: str) -> list[str]:
    return [word.text for word in read_new(query).words]


def _compile(names: Sequence[str]) -> Compiled:
    """Read every name, number the words it is found by, and make the keys that call them."""
    numbers: dict[str, int] = {}
    keys: dict[str, list[int]] = {}
    members: list[list[tuple[int, float]]] = []
    read = [read_new(text) for text in names]
    for row, name in enumerate(read):
        chosen = [word for word in name.words if word.kind == "d"] or list(name.words)
        for word in chosen:
            _add(word, row, numbers, keys, members)
        for pair in pairwise(name.words):
            called = [numbers[_token(word)] for word in pair if word in chosen]
            if called:
                glued = keys.setdefault(f"+{pair[0].raw}{pair[1].raw}", [])
                glued.extend(number for number in called if number not in glued)
    whole: dict[str, list[int]] = {}
    for row, tokens in enumerate(_tokens(names)):
        whole.setdefault("".join(tokens), []).append(row)
    whole.pop("", None)
    starts = np.cumsum([0, *(min(len(some), MOST_SHARED) for some in members)]).astype(np.int32)
    flat = [item for some in members for item in some[:MOST_SHARED]]
    return Compiled(
        EDITION,
        list(numbers),
        keys,
        starts.tobytes(),
        np.array([row for row, _ in flat], np.int32).tobytes(),
        np.array([weight for _, weight in flat], np.float32).tobytes(),
        whole,
        weigh(read),
    )


def _token(word: Word) -> str:
    return word.raw if word.kind != "d" or not word.text.isascii() else word.text


def _add(word: Word, row: int, numbers: dict[str, int], keys: dict[str, list[int]], members: list[list[tuple[int, float]]]) -> None:
    token = _token(word)
    number = numbers.get(token)
    if number is None:
        number = numbers[token] = len(numbers)
        members.append([])
        for key in dict.fromkeys((token, romanise(token) or token, word.text, word.raw, word.raw.replace(" ", ""))):
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

"""Two names side by side: which words answer one another and how, and what is left over on either side."""

from __future__ import annotations

from itertools import combinations
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA, Levenshtein

from offlimits.naming.reading import ReadName
from offlimits.naming.scripts import romanise
from offlimits.naming.words import Word

How = Literal["same", "slip", "sound", "shortened", "glued", "acronym", "pinyin", "trade"]
"""How two words answer one another."""


class Answer(NamedTuple):
    """A word or words of the first name and what answers them in the second. `cost` is 0 for the same word, near 1 for a wide guess."""

    first: tuple[Word, ...]
    second: tuple[Word, ...]
    how: How
    cost: float


class Alignment(NamedTuple):
    """All answers, and the words without one."""

    answers: list[Answer]
    left: list[Word]
    right: list[Word]


def align(a: ReadName, b: ReadName) -> Alignment:
    """The words of two names side by side: equal ones first, then glued and split ones, slips, short forms, acronyms."""
    shared = a.meanings & b.meanings
    answers = [Answer((word,), (word,), "same", 0.0) for word in a.words if word.text in shared] if shared else []
    left = [word for word in a.words if word.text not in shared]
    right = [word for word in b.words if word.text not in shared]
    if left and right:
        _glued(left, right, answers)
        _slips(left, right, answers)
        _whole(a, b, left, right, answers)
    if left or right:
        _acronyms(a, b, left, right, answers)
    return Alignment(answers, left, right)


def _glued(left: list[Word], right: list[Word], answers: list[Answer]) -> None:
    """Words written apart on one side and together on the other (van der bilt, vanderbilt)."""
    for many, few, turned in ((left, right, False), (right, left, True)):
        if len(many) < 2:
            continue
        joined = "".join([word.raw for word in many])
        whole = {word.raw: word for word in few if len(word.raw) > 3 and word.raw in joined}
        if not whole:
            continue
        for size in (2, 3, 4):
            for start in range(len(many) - size + 1):
                run = many[start : start + size]
                word = whole.get("".join([item.raw for item in run]))
                if word is not None and word in few:
                    answers.append(Answer((word,), tuple(run), "glued", 0.05) if turned else Answer(tuple(run), (word,), "glued", 0.05))
                    del many[start : start + size]
                    few.remove(word)
                    break


def _whole(a: ReadName, b: ReadName, left: list[Word], right: list[Word], answers: list[Answer]) -> None:
    """Two whole names that are nearly one run of letters, parted elsewhere and misspelt (Andrang Heta, Ndrangheta)."""
    if answers or not (a.glued.isascii() and b.glued.isascii()) or min(len(a.glued), len(b.glued)) < 9:
        return
    if len(left) == len(right) == 1 and a.glued != b.glued:
        return
    first, second = sorted((a.glued, b.glued), key=lambda glued: (len(glued), glued))
    if len(second) - len(first) <= 2 and (slips := slip_cost(first, second)) <= 1.0:
        answers.append(Answer(tuple(left), tuple(right), "glued", 0.05 + slips / len(second)))
        left.clear()
        right.clear()


def _slips(left: list[Word], right: list[Word], answers: list[Answer]) -> None:
    """Words that are nearly one: the best pairs first."""
    pairs = []
    for first in left:
        if first.kind == "n":
            continue
        for second in right:
            if first.kind != second.kind and first.kind != "d" != second.kind:
                continue
            found = word_cost(first, second)
            if found:
                pairs.append((found[1], left.index(first), right.index(second), first, second, found[0]))
    if not pairs:
        return
    pairs.sort(key=lambda pair: pair[:3])
    for cost, _, _, first, second, how in pairs:
        if first in left and second in right:
            left.remove(first)
            right.remove(second)
            answers.append(Answer((first,), (second,), how, cost))


def word_cost(first: Word, second: Word) -> tuple[How, float] | None:
    """How a word answers another, and at what cost; None where it does not. Symmetric."""
    a, b = (first.raw, second.raw) if first.kind != "d" or second.kind != "d" else (first.text, second.text)
    if first.kind == "n" or second.kind == "n":
        return None
    if not a.isascii() or not b.isascii():
        return _foreign_cost(first, second)
    if len(a) > len(b) or (len(a) == len(b) and a > b):
        a, b = b, a
        first, second = second, first
    short, long = len(a), len(b)
    if long - short > 3 and a[0] != b[0] and first.sound != second.sound:
        return None
    if first.kind != "d" and second.kind != "d":
        return None if first.kind != second.kind or short < 3 or not b.startswith(a[:3]) or a == b else _inflected(a, b)
    if long == short + 2 and b[2:] == a and b[:2] in ("al", "el", "ul", "ar", "as") and short > 2:
        return "slip", 0.05
    if short >= 7 and a[:6] == b[:6] and _stem(a, b):
        return "slip", 0.1
    if short >= 4 and long - short <= 3 and (a[0] == b[0] or a[1:3] == b[1:3] or a[:2] == b[1:3] or a[1:3] == b[2:4] or a[1::-1] == b[:2]):
        slips = slip_cost(a, b)
        if slips <= SLIPS.get(short, 2.2):
            return "slip", slips / long
    if first.sound and second.sound and first.sound == second.sound and min(len(first.sound), 4) >= 3:
        far = OSA.normalized_distance(a, b)
        if far <= 0.5:
            return "sound", 0.1 + far / 2
    if second.kind == "d":
        return ("shortened", 0.4) if first.kind == "d" and short >= 5 and long >= short + 2 and b.startswith(a) else None
    if second.kind in "tg" and short >= 3 and a[0] == b[0] and long >= short + 2 and (b.startswith(a) or (short > 3 and _shortens(a, b))):
        return "shortened", 0.15
    return None


SLIPS = {4: 0.5, 5: 1.0, 6: 1.0, 7: 1.1, 8: 1.6, 9: 1.8}
"""The dearest slips forgiven in a word of so many letters."""

ALIKE = frozenset(
    {
        *[
            "ck",
            "kc",
            "qk",
            "kq",
            "sz",
            "zs",
            "yi",
            "iy",
            "ij",
            "ji",
            "mn",
            "nm",
            "bp",
            "pb",
            "dt",
            "td",
            "vw",
            "wv",
            "gj",
            "jg",
            "fv",
            "vf",
            "cs",
            "sc",
            "uw",
            "wu",
            "gk",
            "kg",
            "lr",
            "rl",
            "0o",
            "o0",
            "1l",
            "l1",
            "1i",
            "i1",
            "5s",
            "s5",
            "8b",
            "b8",
        ]
    }
)
"""Letters that ears, eyes and transliterations take for one another."""


def slip_cost(a: str, b: str) -> float:
    """What it takes to get from one word to the other: half for vowels, doubled letters, letters alike or changed places, more at the
    beginning; 9 where the words are too far apart. Symmetric."""
    most = 3 if len(a) > 6 else 2
    if OSA.distance(a, b, score_cutoff=most) > most:
        return 9.0
    cost = 0.0
    steps = Levenshtein.editops(a, b)
    if len(steps) == 2 and OSA.distance(a, b) == 1:
        return 0.5
    for step in steps:
        x, y = a[step.src_pos : step.src_pos + 1], b[step.dest_pos : step.dest_pos + 1]
        if step.tag == "replace":
            cheap = (x in VOWELS and y in VOWELS) or x + y in ALIKE
            cost += 0.5 if cheap else 1.0
        else:
            char, word, place = (x, a, step.src_pos) if step.tag == "delete" else (y, b, step.dest_pos)
            doubled = char in (word[place - 1 : place], word[place + 1 : place + 2])
            cost += 0.5 if doubled or char in SOFT else 0.8
        if not step.src_pos or not step.dest_pos:
            cost += 0.5
    return cost


VOWELS = frozenset("aeiouy")
SOFT = frozenset("aeiouyh")


def _inflected(a: str, b: str) -> tuple[How, float] | None:
    """Two words of vocabularies that mean different things but grow from one stem (industry, industrial)."""
    stem = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        stem += 1
    return ("slip", 0.15) if stem >= 5 and stem >= len(a) - 2 else None


ENDINGS = frozenset(
    [
        "",
        "s",
        "es",
        "ing",
        "ed",
        "or",
        "ors",
        "er",
        "ers",
        "ion",
        "ions",
        "al",
        "ic",
        "ics",
        "y",
        "ies",
        "e",
        "ive",
        "ant",
        "an",
        "ian",
        "isch",
        "o",
        "a",
        "os",
        "as",
        "ism",
        "ist",
        "ists",
        "ik",
        "ika",
        "ique",
        "iques",
        "ico",
        "ica",
        "um",
        "en",
        "n",
    ]
)


def _stem(a: str, b: str) -> bool:
    """Whether two words grow from one stem of six letters and more (superconductor, superconducting)."""
    stem = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return stem >= 6 and a[stem:] in ENDINGS and b[stem:] in ENDINGS


def _shortens(short: str, long: str) -> bool:
    """Whether a word is written with some of its letters, in order, most of its consonants kept (srvcs, services)."""
    place = 0
    for char in short:
        place = long.find(char, place) + 1
        if not place:
            return False
    return not any(vowel in short[1:] for vowel in "aeiou") and len(short) >= 3


def _foreign_cost(first: Word, second: Word) -> tuple[How, float] | None:
    """Han beside Latin by pinyin, which many characters share; Han beside Han by one differing character of four and more."""
    a, b = first.text, second.text
    if a.isascii() != b.isascii():
        return ("pinyin", 0.3) if len(a) > 1 < len(b) and romanise(a) == romanise(b) else None
    if len(a) >= 4 and len(b) >= 4 and OSA.distance(a, b, score_cutoff=1) <= 1:
        return "slip", 0.25
    if len(a) >= 2 <= len(b) and (a in b or b in a) and min(len(a), len(b)) >= 2 and abs(len(a) - len(b)) <= 4:
        return "shortened", 0.5
    return None


def _acronyms(a: ReadName, b: ReadName, left: list[Word], right: list[Word], answers: list[Answer]) -> None:
    """A word that is made of the first letters of what the other name has and this one has not."""
    for own, other, name, turned in ((left, right, b, False), (right, left, a, True)):
        for word in list(own):
            if word.kind != "d" or not 2 <= len(word.raw) <= 9 or len(other) < 2:
                continue
            run = _run_of(word.raw, other, name) or (tuple(other) if word.raw in name.initials and len(other) == len(name.words) else ())
            if run:
                answers.append(Answer(run, (word,), "acronym", 0.3) if turned else Answer((word,), run, "acronym", 0.3))
                own.remove(word)
                for item in run:
                    other.remove(item)


def _run_of(letters: str, words: list[Word], name: ReadName) -> tuple[Word, ...]:
    """Words whose first letters spell the acronym, neighbours in the name."""
    size = len(letters)
    for start in range(len(words) - size + 1):
        run = words[start : start + size]
        if all(word.raw[0] == letter for word, letter in zip(run, letters, strict=True)):
            at = name.words.index(run[0])
            if name.words[at : at + size] == tuple(run):
                return tuple(run)
    return ()


def is_reordered(a: ReadName, b: ReadName) -> bool:
    """Whether two words both names share stand in another order."""
    places = {word.text: number for number, word in enumerate(b.words)}
    order = [places[word.text] for word in a.words if word.text in places]
    return any(x > y for x, y in combinations(order, 2))

"""A name as it is compared: its words without legal forms, in one form whatever the script and the clerk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from offlimits.naming.scripts import HAN, UNSPACED, fold_letters, romanise
from offlimits.naming.words import FREE_FORMS, LONE_ROMAN, STARTING, TENS, Word, lexicon, meaning_of, read_word, telling

HAN_WEIGHT = {1: 0.5, 2: 0.8}
"""Telling Han words of so few characters count less: thousands of firms share them."""


class ReadName(NamedTuple):
    """A name read. `words` are those that count, in order; `meanings` the same as a set; `glued` all letters but the legal forms';
    `initials` of the words and of all words with joining ones; `forms` the kinds of legal form it had."""

    text: str
    words: tuple[Word, ...]
    meanings: frozenset[str]
    glued: str
    initials: tuple[str, ...]
    forms: frozenset[str]


AGAIN = "\x02"
"""Marks the second time a word stands in one name."""


def normalise(text: str) -> str:
    """The words of a name as they are compared, blanks between: no case, accents, punctuation, legal forms at either end. Idempotent."""
    for _ in range(5):
        told = " ".join(word.text.split(AGAIN)[0] for word in read_name(text).words)
        if told == text:
            break
        text = told
    return text


@lru_cache(maxsize=100_000)
def read_name(text: str) -> ReadName:
    """Read a name; the answers are kept, up to a bound, under the text itself."""
    return read_new(text)


GLUED_FORM = re.compile(r"([a-z]{3})(AG|GmbH|Ltd|LLC|Inc|SA|SpA|BV|NV|AB|JSC)\b")
"""A legal form written to the name without a blank (SiemensAG)."""


BEHIND_FORM = re.compile(r"(?i:\b(co|ltd|limited|llc|inc|corp|company|plc|sa|ag|lp|jsc)\b\.?)[- ]?-[- ]?[A-Z]{1,3}$")
"""What a register or an exchange writes behind the legal form: a country's code, a class of shares (CO-HKG, LTD-A)."""

CUT_SHORT = 20
"""Names of so many letters and more may have been cut off by a form or a database, in the middle of their last word."""

DOTTED = re.compile(r"\b\w(?:\.\w)+\.?(?!\w)")
"""Letters with dots between them: one word (S.p.A.)."""


def _undot(found: re.Match[str]) -> str:
    return found[0].replace(".", "") + " "


_NUMERALS = "〇零一二三四五六七八九十百"
HAN_NUMBER = re.compile(rf"第(\d+|[{_NUMERALS}]+)|(?<![统統唯单單])[{_NUMERALS}]+(?=(?:研究|工程)?[所院局厂廠])")
"""A number in a name of Han characters: behind 第, or before what is numbered (五十四所, 三局)."""

_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}


def _han_number(found: re.Match[str]) -> str:
    """第十五 → 15, 五十四 → 54, 七一二 → 712."""
    text = found[1] or found[0]
    if text.isdigit():
        return f" {text} "
    if "十" not in text and "百" not in text:
        return f" {''.join(str(_HAN_DIGITS[char]) for char in text)} "
    total = digit = 0
    for char in text:
        if char in "十百":
            total, digit = total + max(digit, 1) * (10 if char == "十" else 100), 0
        else:
            digit = _HAN_DIGITS[char]
    return f" {total + digit} "


def read_new(text: str) -> ReadName:
    """Read a name without keeping it."""
    if GLUED_FORM.search(text):
        text = GLUED_FORM.sub(r"\1 \2", text)
    if "-" in text:
        text = BEHIND_FORM.sub(r"\1", text)
    if "." in text:
        text = DOTTED.sub(_undot, text)
    if not text.isascii():
        text = HAN_NUMBER.sub(_han_number, text)
    tokens = fold_letters(text).split()
    if not text.isascii():
        tokens = list(_part_scripts(tokens)) or tokens
    if any(len(token) == 1 for token in tokens):
        tokens = _join_letters(tokens)
    if len(text) >= CUT_SHORT and len(tokens) > 2:
        tokens[-1] = lexicon().completed(tokens[-1])
    tokens, forms = _strip_forms(tokens)
    words = [word for word in _words(tokens) if word.weight]
    if not words:
        words = [telling(romanise(token), token) for token in tokens]
    words = _without_own_acronym(words, tokens)
    if len({word.text for word in words}) < len(words):
        words = _numbered(words)
    return ReadName(
        text,
        tuple(words),
        frozenset([word.text for word in words]),
        "".join(tokens),
        _initials(tokens, words),
        forms,
    )


def _part_scripts(tokens: list[str]) -> Iterator[str]:
    """Runs of Han, kana and Hangul as tokens of their own, their legal forms taken off and kept as tokens."""
    for token in tokens:
        place = 0
        for found in UNSPACED.finditer(token):
            if found.start() > place:
                yield token[place : found.start()]
            yield from _segment(found[0])
            place = found.end()
        if place < len(token):
            yield token[place:]


SHORT_FORMS = ("株", "有")
"""What stands in brackets, or as one sign, for 株式会社 and 有限会社; in a name they are words."""


def _segment(run: str) -> Iterator[str]:
    """A run of characters cut at words of the vocabulary, the longest first; legal forms vanish at its ends."""
    if run in lexicon().unspaced_forms or run in SHORT_FORMS:
        return
    run = _strip_unspaced(run)
    known, longest = lexicon().unspaced, lexicon().longest_unspaced
    start = place = 0
    while place < len(run):
        length = next((size for size in range(min(longest, len(run) - place), 1, -1) if run[place : place + size] in known), 0)
        if not length:
            place += 1
            continue
        if start < place:
            yield run[start:place]
        yield run[place : place + length]
        place = start = place + length
    if start < len(run):
        yield run[start:]


def _strip_unspaced(run: str) -> str:
    forms = lexicon().unspaced_forms
    cut = True
    while cut:
        cut = False
        for form in forms:
            if len(run) > len(form) + 1 and run.endswith(form):
                run, cut = run[: -len(form)], True
                break
            if len(run) > len(form) + 1 and run.startswith(form):
                run, cut = run[len(form) :], True
                break
    return run


def _join_letters(tokens: list[str]) -> list[str]:
    """Runs of single letters as one word (S. p. A., A. B. C.), an `and` between two letters left out (H and M)."""
    joined: list[str] = []
    run = ""
    for number, token in enumerate(tokens):
        if len(token) == 1 and token.isalpha():
            run += token
            continue
        if run and token == "and" and number + 1 < len(tokens) and len(tokens[number + 1]) == 1:
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(token)
    if run:
        joined.append(run)
    return joined


def _strip_forms(tokens: list[str]) -> tuple[list[str], frozenset[str]]:
    """Legal forms off both ends, the longest writing first; never the last word. And what kinds they were."""
    known = lexicon()
    kinds: set[str] = set()
    start, end = 0, len(tokens)
    while end - start > 1 and tokens[end - 1] in known.form_ends:
        size = next((n for n in range(min(known.longest_form, end - start - 1), 0, -1) if tuple(tokens[end - n : end]) in known.forms), 0)
        if not size:
            break
        kinds.add(known.forms[tuple(tokens[end - size : end])])
        end -= size
    while end - start > 1 and tokens[start] in known.form_starts:
        size = next(
            (n for n in range(min(known.longest_form, end - start - 1), 0, -1) if tuple(tokens[start : start + n]) in known.forms), 0
        )
        if not size or (size == 1 and tokens[start].isascii() and tokens[start] not in STARTING):
            break
        kinds.add(known.forms[tuple(tokens[start : start + size])])
        start += size
    return tokens[start:end], frozenset(kinds)


def _words(tokens: list[str]) -> Iterator[Word]:
    """Words and phrases of the vocabulary, numbers, everything else as it is."""
    known = lexicon()
    place, count = 0, len(tokens)
    while place < count:
        token = tokens[place]
        if token in known.phrases and (
            found := next((item for item in known.phrases[token] if tuple(tokens[place : place + len(item[0])]) == item[0]), None)
        ):
            yield meaning_of(" ".join(found[0]), found[1], found[2])
            place += len(found[0])
            continue
        place += 1
        if token in FREE_FORMS and count > 1:
            continue
        if token in LONE_ROMAN and place == count and count > 1:
            yield read_word(str(LONE_ROMAN[token]))
            continue
        if token in TENS and place < count and tokens[place] in _DIGITS:
            yield read_word(str(TENS[token] + _DIGITS[tokens[place]]))
            place += 1
            continue
        yield _unspaced_word(token) if not token.isascii() and UNSPACED.fullmatch(token) else read_word(token)


_DIGITS = {word: number for number, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])} | {
    str(n): n for n in range(1, 10)
}


def _unspaced_word(token: str) -> Word:
    known = lexicon().unspaced.get(token)
    if known:
        return meaning_of(token, *known)
    if not HAN[0] <= token[0] <= "\ufaff" or "\u3041" <= token[0] <= "\u31ff" or token[0] >= "\uac00":
        return telling(romanise(token), token)
    return Word(token, token, "d", HAN_WEIGHT.get(len(token), 1.0), "")


def _numbered(words: list[Word]) -> list[Word]:
    """Words that stand twice, told apart, so that a set of words is a bag of words."""
    seen: dict[str, int] = {}
    told = []
    for word in words:
        count = seen[word.text] = seen.get(word.text, 0) + 1
        told.append(word if count == 1 else word._replace(text=f"{word.text}{AGAIN}{count}"))
    return told


def _initials(tokens: list[str], words: list[Word]) -> tuple[str, ...]:
    """The first letters of the words that count, and of all tokens: what an acronym of this name is made of."""
    return tuple(dict.fromkeys(("".join([word.raw[0] for word in words]), "".join([token[0] for token in tokens]))))


def _without_own_acronym(words: list[Word], tokens: list[str]) -> list[Word]:
    """A name that brings its own acronym along, at either end (Safety Equipment Procurement (SEP)), says nothing more by it."""
    if len(words) < 3:
        return words
    for own, rest, others in ((words[-1], words[:-1], tokens[:-1]), (words[0], words[1:], tokens[1:])):
        if own.kind != "d" or not 2 <= len(own.raw) <= 8:
            continue
        counted, every = "".join([word.raw[0] for word in rest]), "".join([token[0] for token in others])
        whole = own.raw in (counted, every) and (len(own.raw) > 2 or len(rest) == 2)
        if whole or (own is words[-1] and len(rest) > 2 and counted.startswith(own.raw)):
            return rest
    return words

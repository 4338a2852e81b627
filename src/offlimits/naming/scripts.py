"""Letters of all scripts: one folding for comparing names, without ICU.

Latin letters lose case and accents; Han characters become simplified ones; other alphabets keep their letters here and are written in
Latin letters word by word (`romanise`), so that their own words can be looked up first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3041-\u30ff\u31f0-\u31ff"
HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7af"
UNSPACED = re.compile(f"[{HAN}]+|[{KANA}]+|[{HANGUL}]+")
"""A run of one script that parts its words badly or not at all."""

IS_UNSPACED = re.compile(f"[{HAN}{KANA}{HANGUL}]")

_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a"})
_APART = {chr(code): " " for code in range(33, 127) if not chr(code).isalnum()} | dict.fromkeys(
    "“”„«»‹›–—―−·•…、。，；：（）【】《》〈〉「」『』・،؛×™®©№", " "
)
_APART |= dict.fromkeys("'’‘ʼ`´ʹ″ـ", "")
PUNCTUATION = str.maketrans(_APART)
"""Everything that parts words becomes a blank; apostrophes vanish."""


def data_lines(name: str) -> list[str]:
    """The lines of one of our vocabularies, without comments."""
    text = files("offlimits.naming").joinpath("data", name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _simplified() -> dict[int, str]:
    pairs = "".join(line for line in data_lines("hanzi.txt"))
    return {ord(pairs[place]): pairs[place + 1] for place in range(0, len(pairs) - 1, 2)}


def fold_letters(text: str) -> str:
    """Compatibility form, case folded, accents off, Han simplified, punctuation to blanks. Idempotent."""
    if text.isascii():
        return text.lower().translate(PUNCTUATION)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(char for char in text if not unicodedata.combining(char) or char in "\u3099\u309a")
    text = unicodedata.normalize("NFC", text).translate(_SPECIAL).translate(_simplified()).translate(PUNCTUATION)
    return text


@cache
def _anyascii() -> object:
    from anyascii import anyascii

    return anyascii


def romanise(word: str) -> str:
    """A word of any script in Latin letters: Cyrillic, Greek, Arabic (its consonants), Hangul, kana, pinyin for Han. Lower case."""
    if word.isascii():
        return word
    return "".join(char for char in _anyascii()(word).lower() if char.isalnum())  # type: ignore[operator]


SOUNDS = (
    ("sch", "s"), ("tch", "s"), ("tsch", "s"), ("shch", "s"), ("ph", "f"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("zh", "j"), ("dj", "j"),
    ("sh", "s"), ("ch", "s"), ("ck", "k"), ("q", "k"), ("c", "k"), ("x", "ks"), ("w", "v"), ("z", "s"), ("y", "i"), ("dz", "s"), ("ts", "s"),
)  # fmt: skip
UNHEARD = "aeiouhy"
_VOWELS = str.maketrans({char: "" for char in UNHEARD})
_TWICE = re.compile(r"([a-z])\1+")


def sound(word: str) -> str:
    """The consonants of a romanised word as several transliterations share them (qaida, qa'ida, kaeda: kd); empty under four letters."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return ""
    for written, heard in SOUNDS:
        if written in word:
            word = word.replace(written, heard)
    word = _TWICE.sub(r"\1", word)
    rest = _TWICE.sub(r"\1", word[1:].translate(_VOWELS))
    return (word[0] if word[0] not in "aeiou" else "a") + rest if len(rest) >= 2 else ""

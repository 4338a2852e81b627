"""Text as everybody here sees it: one folding, one idea of a number."""

from __future__ import annotations

import re
import unicodedata

HYPHENS = re.compile("(?<=[0-9A-Za-z])[\u2010\u2011\u2012\u2013\u2212](?=[0-9A-Za-z])")
"""Other hyphens, a short dash or a minus right between letters or digits: what programs and web pages put in a hyphen's place."""


def fold(text: str) -> str:
    """Compatibility form, case folded, accents off Latin letters, blanks squeezed: what two spellings of one name share. Idempotent."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(char for char in unicodedata.normalize("NFD", text) if not _is_latin_accent(char))
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_latin_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def plain_hyphens(text: str) -> str:
    """Every hyphen inside a word as the ASCII one."""
    return HYPHENS.sub("-", text)


def is_whole(text: str) -> bool:
    """Whether a text is a whole number in the digits 0 to 9, which `int` reads: not `²`, which `str.isdigit` takes for a digit."""
    return text.isascii() and text.isdigit()

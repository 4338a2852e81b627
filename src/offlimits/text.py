"""Text as everybody here sees it: one folding, one cutting into words, one grammar of product codes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CODE_TAIL = r"(?:[A-Za-z0-9](?:[-_/.+()\[\]&;#\\]*[A-Za-z0-9)\]])*|(?:[-_/.+()\[\]]+[A-Za-z0-9)\]]+)+)?"
"""What may follow the start of a product code: letters and digits, joined by hyphens, slashes, dots, brackets."""

LEFT_EDGE = r"(?:(?<![A-Za-z0-9])|(?<=\d[xX×]))"
"""A code starts a word, or stands right behind a count (4xDS-2CD2143G2-I)."""


@lru_cache(maxsize=1024)
def product_regex(pattern: str) -> re.Pattern[str]:
    """A family's pattern as a regular expression that takes a whole code.

    `~` stands for a hyphen, a blank, an underscore or nothing. Case does not matter. The code must not be glued to a letter
    or digit on its left; on its right it runs as far as code characters do.
    """
    start = pattern.replace("~", "[-_ ‐‑–]?")
    return re.compile(f"{LEFT_EDGE}(?:{start}){CODE_TAIL}", re.IGNORECASE)


def fold(text: str) -> str:
    """Compatibility form, case folded, accents off Latin letters, blanks squeezed: what two spellings of one name share. Idempotent."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(char for char in unicodedata.normalize("NFD", text) if not _is_latin_accent(char))
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_latin_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"

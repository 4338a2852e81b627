"""Text as everybody here sees it: one folding."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Compatibility form, case folded, accents off Latin letters, blanks squeezed: what two spellings of one name share. Idempotent."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(char for char in unicodedata.normalize("NFD", text) if not _is_latin_accent(char))
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_latin_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"

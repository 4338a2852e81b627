"""Numbers as sheets of five countries write them, as exact decimals."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

NONE = frozenset({"", "-", "--", "—", "–", "n/a", "na", "nan", "null", "none", "."})
MARKS = dict.fromkeys(map(ord, " \u00a0\u202f\u2009’'$€£¥₹%"), None) | {ord("\u2212"): "-"}
"""What may stand in a number besides its digits, points and commas; a true minus becomes a hyphen."""

CODES = re.compile(r"^(?:[A-Z]{3}|Fr\.|kr\.?|Rs\.?)(?=[-(+\d])|(?<=[\d)])(?:[A-Z]{3}|kr\.?)$")
SHAPE = re.compile(r"[-+]?\(?[-+]?[\d.,]*\d[\d.,]*(?:[eE][-+]?\d+)?\)?-?")
"""The whole of a number. `Apr 26, 2024` and `2,344 companies` are none."""


MOST_QUANTITY = 1_000_000
UNIT = re.compile(
    r"^(?:[x×~≈]|approx\.?|about|circa|ca?\.|ca)\s*(?=\d)"
    r"|\s*(?:x|×|pcs?|pieces?|units?|ea|each|nos?|st|stk|stück|szt|шт|台|个|個|cameras?|devices?|recorders?|sets?|items?|kits?|radios?"
    r"|[nd]vrs?|kameras?|geräte|caméras?|appareils?|telecamere|cámaras?|камер[аы]?)\.?$",
    re.IGNORECASE,
)
"""What stands around a number of things: that it is about, and their unit."""

WORDS = {"nil": 0, "none": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8} | {
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12
}  # fmt: skip

LONGEST = 200
"""Characters of the longest cell that may be a number."""


PLAIN = frozenset("0123456789.-\n")
"""Characters of a column of plain numbers."""


def bare(text: str) -> str:
    """A cell without blanks, marks and currencies; empty where the rest is no number."""
    if len(text) > LONGEST:
        return ""
    plain = CODES.sub("", text.translate(MARKS))
    return plain if SHAPE.fullmatch(plain) else ""


def decimal_sign(cells: Iterable[str]) -> str:
    """Which of point and comma parts whole from part in a column. Where no cell tells, a comma groups thousands and a point parts.

    `1.234.567,89` → comma; `1,234.5` → point; `12,5` → comma; `1,234` alone does not tell.
    """
    return proven_sign(cells) or "."


def proven_sign(cells: Iterable[str]) -> str:
    """The sign that some cell proves; empty where none does."""
    return next((sign for cell in cells if (sign := _sign(bare(cell)))), "")


def _sign(text: str) -> str:
    """The sign that one cell proves; empty where it could be either."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma < 0 and point < 0:
        return ""
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    sign, other, last = (",", ".", comma) if comma >= 0 else (".", ",", point)
    if text.count(sign) > 1:
        return other
    digits = re.match(r"\d*", text[last + 1 :])
    grouped = digits is not None and len(digits[0]) == 3 and text[:last].lstrip("(-+") not in ("", "0")
    return "" if grouped else sign


def read_number(text: str, sign: str = ".") -> Decimal | None:
    """A cell as an exact decimal; `(12)` and `12-` are negative; None for `-`, `N/A` and whatever is no number."""
    if sign == "." or ("." not in text and "," not in text):
        try:
            return _finite(Decimal(text.replace(",", "")))
        except InvalidOperation:
            pass
    return _read_slowly(text, sign)


def _finite(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


def _read_slowly(text: str, sign: str) -> Decimal | None:
    plain = text.strip()
    if plain.lower() in NONE or not (plain := bare(plain)):
        return None
    negative = plain.startswith(("(", "-")) or plain.endswith("-")
    plain = plain.strip("()-+")
    plain = plain.replace(".", "").replace(",", ".") if sign == "," else plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return _finite(-value if negative else value)


@lru_cache(maxsize=1 << 14)
def how_many(text: str, sign: str) -> int:
    """How many a line of a register stands for, `sign` parting whole from part: none where it says none or less (taken back), one where it
    does not say, or says what cannot be."""
    if len(text) > LONGEST:
        return 1
    plain = UNIT.sub("", text.strip())
    number = Decimal(WORDS[plain.lower()]) if plain.lower() in WORDS else read_number(plain, sign)
    if number is not None and number <= 0:
        return 0
    return max(int(number), 1) if number is not None and number <= MOST_QUANTITY else 1


def read_column(cells: Sequence[str], sign: str) -> list[Decimal | None]:
    """A whole column; distinct texts are read once, or all in one go where most are distinct and every cell is a plain number."""
    distinct = set(cells)
    plain = "\n".join(cells).replace(",", "") if sign == "." and 2 * len(distinct) > len(cells) else ""
    if plain and "\n\n" not in plain and set(plain) <= PLAIN:
        values = plain.split("\n")
        if len(values) == len(cells):
            with contextlib.suppress(InvalidOperation):
                return list(map(Decimal, values))
    known = {cell: read_number(cell, sign) for cell in distinct}
    return [known[cell] for cell in cells]


def to_cents(parts: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """The parts rounded to the cent so that they sum to `whole` exactly: the largest remainders take what rounding left over.

    `whole` must be in cents, and no further from the sum of the parts than rounding can make it. Raises `ArithmeticError` where it is:
    then money was lost or made on the way, which must never go unseen.
    """
    cent = Decimal("0.01")
    rounded = [part.quantize(cent, rounding="ROUND_FLOOR") for part in parts]
    left = int((whole - sum(rounded, Decimal(0))) / cent)
    if not -1 <= left <= len(parts) + 1:
        raise ArithmeticError(f"what went in is {whole}, what came out {sum(parts)}")
    order = sorted(range(len(parts)), key=lambda index: (rounded[index] - parts[index], index))
    for step in range(abs(left)):
        rounded[order[step % len(order)] if left > 0 else order[-1 - step]] += cent if left > 0 else -cent
    return rounded

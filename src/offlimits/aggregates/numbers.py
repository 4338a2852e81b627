"""Numbers as sheets of five countries write them, as exact decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

NONE = frozenset({"", "-", "--", "—", "–", "n/a", "na", "nan", "null", "none", "."})
KEPT = re.compile(r"[^0-9.,'()\-+eE]")
BLANKS = dict.fromkeys(map(ord, " \u00a0\u202f\u2009’'"), None)


def decimal_sign(cells: Iterable[str]) -> str:
    """Which of point and comma parts whole from part in a column. Where no cell tells, a comma groups thousands and a point parts.

    `1.234.567,89` → comma; `1,234.5` → point; `12,5` → comma; `1,234` alone does not tell.
    """
    for cell in cells:
        text = KEPT.sub("", cell.translate(BLANKS))
        comma, point = text.rfind(","), text.rfind(".")
        if comma >= 0 and point >= 0:
            return "," if comma > point else "."
        if point >= 0:
            if text.count(".") > 1:
                return ","
            if len(text.rstrip(")-")) - point != 4 or text.lstrip("(-")[:2] == "0.":
                return "."
        elif comma >= 0:
            if text.count(",") > 1:
                return "."
            if len(text.rstrip(")-")) - comma != 4 or text.lstrip("(-")[:2] == "0,":
                return ","
    return "."


def read_number(text: str, sign: str = ".") -> Decimal | None:
    """A cell as an exact decimal; `(12)` and `12-` are negative; None for `-`, `N/A` and whatever is no number."""
    try:
        return _finite(Decimal(text.replace(",", "") if sign == "." else text))
    except InvalidOperation:
        return _read_slowly(text, sign)


def _finite(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


def _read_slowly(text: str, sign: str) -> Decimal | None:
    plain = text.strip()
    if plain.lower() in NONE:
        return None
    plain = KEPT.sub("", plain.translate(BLANKS))
    negative = plain.startswith(("(", "-")) or plain.endswith("-")
    plain = plain.strip("()-+")
    plain = plain.replace(".", "").replace(",", ".") if sign == "," else plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return _finite(-value if negative else value)


def read_column(cells: Sequence[str], sign: str) -> list[Decimal | None]:
    """A whole column; distinct texts are read once."""
    known = {cell: read_number(cell, sign) for cell in set(cells)}
    return [known[cell] for cell in cells]


def to_cents(parts: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """The parts rounded to the cent so that they sum to `whole` exactly: the largest remainders take what rounding left over.

    `whole` must be in cents. A rest larger than rounding can make goes to the largest part.
    """
    cent = Decimal("0.01")
    rounded = [part.quantize(cent, rounding="ROUND_FLOOR") for part in parts]
    if not rounded:
        return []
    left = int((whole - sum(rounded)) / cent)
    order = sorted(range(len(parts)), key=lambda index: (rounded[index] - parts[index], index))
    if 0 <= left <= len(parts):
        for index in order[:left]:
            rounded[index] += cent
    else:
        largest = max(range(len(parts)), key=lambda index: abs(parts[index]))
        rounded[largest] += left * cent
    return rounded

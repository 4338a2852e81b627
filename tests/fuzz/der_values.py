"""Changes to a DER encoding (ITU-T X.690) that keep the lengths around them true, so that fuzzing gets past them to what is inside."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

CONSTRUCTED = 0x20


def changed(der: bytes, change: Callable[[bytes], bytes], chance: Random) -> bytes:
    """The encoding with one value, chosen by `chance`, changed: its content through `change`, or its tag, or left out, or said twice.

    What does not read as DER is given to `change` whole.
    """
    values = read(der)
    if values is None:
        return change(der)
    every: list[tuple[list[Value], int]] = []
    _walk(values, every)
    siblings, at = chance.choice(every)
    value, kind = siblings[at], chance.randrange(8)
    if kind == 0:
        siblings[at].tag = chance.choice((1, 2, 3, 5, 6, 12, 19, 20, 22, 23, 24, 28, 30, 48, 49, 0xA0, 0xA3, chance.randrange(256)))
    elif kind == 1:
        del siblings[at]
    elif kind == 2:
        siblings.insert(at, value)
    else:
        value.held = change(value.held if isinstance(value.held, bytes) else write(value.held))
    return write(values)


class Value:
    """One value: its tag and its content, bytes or the values in it."""

    def __init__(self, tag: int, held: bytes | list[Value]) -> None:
        self.tag, self.held = tag, held


def read(der: bytes, depth: int = 0) -> list[Value] | None:
    """The values of an encoding; none where it does not read."""
    found: list[Value] = []
    at = 0
    while at < len(der):
        if at + 2 > len(der) or der[at] & 0x1F == 0x1F or depth > 20:
            return None
        tag, size, at = der[at], der[at + 1], at + 2
        if size & 0x80:
            width = size & 0x7F
            if not 1 <= width <= 3:
                return None
            size, at = int.from_bytes(der[at : at + width], "big"), at + width
        content = der[at : at + size]
        if len(content) < size:
            return None
        inner = read(content, depth + 1) if tag & CONSTRUCTED else None
        found.append(Value(tag, content if inner is None else inner))
        at += size
    return found


def write(values: list[Value]) -> bytes:
    """The encoding of values, every length in its shortest form."""
    parts: list[bytes] = []
    for value in values:
        content = value.held if isinstance(value.held, bytes) else write(value.held)
        size = len(content)
        width = (size.bit_length() + 7) // 8
        length = bytes([size]) if size < 0x80 else bytes([0x80 | width]) + size.to_bytes(width, "big")
        parts.append(bytes([value.tag]) + length + content)
    return b"".join(parts)


def _walk(values: list[Value], found: list[tuple[list[Value], int]]) -> None:
    for at, value in enumerate(values):
        found.append((values, at))
        if not isinstance(value.held, bytes):
            _walk(value.held, found)

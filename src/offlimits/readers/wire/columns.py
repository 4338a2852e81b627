"""Lines of separated cells as columns of numbers: connections of a log added up by who, whom, port and protocol, a block at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
LINE, DASH, DOT, ZERO = 10, 45, 46, 48
MIX, MULTIPLY = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD)
WHOLE, PARTS = 10, 6
"""Digits of a time before and behind its point, as Zeek writes it from 2001 to 2286."""

MOST_DIGITS = 15
TENS = 10 ** np.arange(PARTS + 1, dtype=np.int64)
MOST_KEY = 96


class Wanted(tuple[int, int, int, int, int, int]):
    """Numbers of the columns: time, origin, target (behind it port and protocol), duration, bytes out, bytes in."""


class Sums:
    """Connections by key: how many, bytes each way, whether these were told, the first beginning in microseconds, the line where it stood
    first, the first end and the last, and the number of the key."""

    def __init__(self) -> None:
        self.keys: list[tuple[bytes, bytes]] = []
        self.number = np.zeros(0, dtype=np.uint64)
        self.values = np.zeros((10, 0), dtype=np.int64)

    def add(self, block: bytes, separator: int, width: int, wanted: Wanted, line: int) -> int:
        """Add a block of whole lines, the first of which has this number; gives how many there were, or -1 where some line has not the
        usual form: nothing was added then."""
        data = np.frombuffer(block, dtype=np.uint8)
        marks = np.flatnonzero((data == separator) | (data == LINE))
        if len(marks) % width or not len(marks):
            return -1
        ends = marks.reshape(-1, width)
        if (data[ends[:, -1]] != LINE).any() or (data[ends[:, :-1]] == LINE).any():
            return -1
        starts = np.empty_like(ends)
        starts[:, 1:] = ends[:, :-1] + 1
        starts[0, 0], starts[1:, 0] = 0, ends[:-1, -1] + 1
        return self._add(block, data, starts, ends, wanted, line)

    def _add(self, block: bytes, data: NDArray[np.uint8], starts: Ints, ends: Ints, wanted: Wanted, line: int) -> int:
        time, origin, target, duration, sent, received = wanted
        times = _times(data, starts[:, time], ends[:, time])
        spans = _spans(data, starts[:, duration], ends[:, duration])
        out, back = (_numbers(data, starts[:, column], ends[:, column]) for column in (sent, received))
        words = np.ndarray((max(len(block) - 7, 0),), dtype="<u8", buffer=block, strides=(1,))
        number = _hash(words, starts[:, origin], ends[:, origin], np.full(len(ends), MIX))
        if times is None or spans is None or out is None or back is None or number is None:
            return -1
        number = _hash(words, starts[:, target], ends[:, target + 2], number)
        if number is None:
            return -1
        told = np.stack((out >= 0, back >= 0)).astype(np.int64)
        at = np.arange(len(ends), dtype=np.int64)
        values = np.stack(
            (np.ones(len(ends), dtype=np.int64), np.maximum(out, 0), np.maximum(back, 0), told[0], told[1], times, at, times + spans)
        )
        number, values, last = _grouped(number, values, values[7])
        self._join(block, number, values, last, starts, ends, wanted, line)
        return len(ends)

    def _join(self, block: bytes, number: Words, values: Ints, last: Ints, starts: Ints, ends: Ints, wanted: Wanted, line: int) -> None:
        """Put the sums of a block to those before."""
        rows = values[6].copy()
        values[6] = rows + line
        values = np.vstack((values, last))
        new = np.flatnonzero(~np.isin(number, self.number))
        key_of = np.full(len(number), -1, dtype=np.int64)
        key_of[new] = len(self.keys) + np.arange(len(new))
        _, origin, target, *_ = wanted
        for row in rows[new].tolist():
            self.keys.append((block[starts[row, origin] : ends[row, origin]], block[starts[row, target] : ends[row, target + 2]]))
        values = np.vstack((values, key_of))
        if len(self.number):
            number, values = np.concatenate((self.number, number)), np.hstack((self.values, values))
            number, values = _merged(number, values)
        self.number, self.values = number, values


def _merged(number: Words, values: Ints) -> tuple[Words, Ints]:
    order = np.argsort(number, kind="stable")
    number, values = number[order], values[:, order]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(number)) + 1))
    sums = np.add.reduceat(values[:5], starts, axis=1)
    least = np.minimum.reduceat(values[5:8], starts, axis=1)
    most = np.maximum.reduceat(values[8:10], starts, axis=1)
    return number[starts], np.vstack((sums, least, most))


def _grouped(number: Words, values: Ints, ended: Ints) -> tuple[Words, Ints, Ints]:
    """Rows of one number added up: counts and bytes summed, the least of times and places; and the last end of each."""
    order = np.argsort(number, kind="stable")
    number, values = number[order], values[:, order]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(number)) + 1))
    sums = np.add.reduceat(values[:5], starts, axis=1)
    least = np.minimum.reduceat(values[5:8], starts, axis=1)
    last = np.maximum.reduceat(ended[order], starts)
    return number[starts], np.vstack((sums, least)), last


def _numbers(data: NDArray[np.uint8], starts: Ints, ends: Ints) -> Ints | None:
    """Whole numbers; -1 for `-`. None where a cell is neither."""
    size = ends - starts
    if int(size.min()) < 1:
        return None
    unset = (size == 1) & (data[starts] == DASH)
    value = _digits(data, starts, np.where(unset, 0, size), len(data) - 1)
    return None if value is None else np.where(unset, -1, value)


def _digits(data: NDArray[np.uint8], starts: Ints, size: Ints, last: int) -> Ints | None:
    """Whole numbers of so many digits, 0 for none; None where a cell holds anything else or too many."""
    most = int(size.max())
    if most > MOST_DIGITS:
        return None
    value = np.zeros(len(starts), dtype=np.int64)
    for place in range(most):
        here = size > place
        digit = data[np.minimum(starts + place, last)] - np.uint8(ZERO)
        if (here & (digit > 9)).any():
            return None
        value = np.where(here, value * 10 + digit, value)
    return value


def _times(data: NDArray[np.uint8], starts: Ints, ends: Ints) -> Ints | None:
    """Microseconds; None where a time is not written in the usual digits."""
    if ((ends - starts) != WHOLE + 1 + PARTS).any() or (data[starts + WHOLE] != DOT).any():
        return None
    whole, parts = _numbers(data, starts, starts + WHOLE), _numbers(data, starts + WHOLE + 1, ends)
    return None if whole is None or parts is None else whole * 1_000_000 + parts


def _spans(data: NDArray[np.uint8], starts: Ints, ends: Ints) -> Ints | None:
    """Microseconds of spans of time; none for `-`. None where a cell is no plain decimal of at most six places."""
    size = ends - starts
    unset = (size == 1) & (data[starts] == DASH)
    first, last = np.where(unset, ends, starts), len(data) - 1
    point = ends.copy()  # where the point stands; the end where there is none
    for place in range(1, PARTS + 2):
        at = ends - place
        point = np.where((at > first) & (data[np.maximum(at, 0)] == DOT), at, point)
    whole = _digits(data, first, point - first, last)
    behind = np.minimum(point + 1, ends)
    parts = _digits(data, behind, ends - behind, last)
    if whole is None or parts is None:
        return None
    micro: Ints = whole * 10**PARTS + parts * TENS[PARTS - (ends - behind)]
    return micro


def _hash(words: Words, starts: Ints, ends: Ints, number: Words) -> Words | None:
    """A 64-bit number of the bytes of each cell, mixed into another; None where a cell is longer than any key."""
    size = ends - starts
    if int(size.max()) > MOST_KEY or not len(words):
        return None
    with np.errstate(over="ignore"):
        for place in range(0, int(size.max()), 8):
            left = np.clip(size - place, 0, 8)
            at = starts + place
            inside = np.minimum(at, len(words) - 1)
            word = words[inside].astype(np.uint64) >> (np.clip(at - inside, 0, 7) * 8).astype(np.uint64)
            mask = np.where(
                left >= 8, ~np.uint64(0), (np.uint64(1) << (left.astype(np.uint64) * np.uint64(8) % np.uint64(64))) - np.uint64(1)
            )
            mixed = (number ^ (word & mask)) * MULTIPLY
            number = np.where(left > 0, mixed ^ (mixed >> np.uint64(32)), number)
        number = (number ^ size.astype(np.uint64)) * MIX
    return number ^ (number >> np.uint64(29))

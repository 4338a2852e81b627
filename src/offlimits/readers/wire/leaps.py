"""Records that each tell where the next begins, walked in many stretches at once, from places that look like the beginning of one.

A stretch counts only where the one before it arrives exactly at its first record: the looks decide how fast it goes, never what is read.
"""

from __future__ import annotations

import struct

import msgspec
import numpy as np

from offlimits.readers.wire.places import Ints

STRETCHES = 192
LEAST = 1 << 14
"""Bytes of a stretch at least. Both measured with bench/pcap.py: more stretches are fewer steps, each with more work around it."""

FEWEST = 8
MOST_STEPS = 4096
"""Records of one stretch; where there are more, the rest is walked one by one."""

REACH = 1 << 16
LOOKS = 4


class Form(msgspec.Struct, frozen=True):
    """How records look: bytes that all heads share and where they stand in it; byte order and place of the length; bytes it leaves out."""

    sign: bytes
    sign_at: int
    order: str
    length_at: int
    added: int


def leap(data: bytes, position: int, form: Form) -> tuple[Ints, int]:
    """Where records begin from `position` on, as far as stretches join, and where the next one does: for the rest, and for data with few
    records, nothing."""
    width = max((len(data) - position) // STRETCHES, LEAST)
    begins = [position]
    if len(data) - position > FEWEST * width:
        length = struct.Struct(form.order + "I")
        for near in range(position + width, len(data) - width // 2, width):
            if (likely := _likely(data, near, form, length)) > begins[-1]:
                begins.append(likely)
    if len(begins) < FEWEST:
        return np.zeros(0, dtype=np.int64), position
    walked, goals = _walk(data, np.array(begins[:-1]), np.array(begins[1:]), form)
    inside = walked < goals
    counts = inside.sum(axis=0)
    arrived = walked[np.minimum(counts, len(walked) - 1), np.arange(len(goals))] == goals
    joined = int(np.logical_and.accumulate(arrived).sum())
    return walked.T[:joined][inside.T[:joined]], begins[joined]


def _likely(data: bytes, near: int, form: Form, length: struct.Struct) -> int:
    """A place behind `near` where a record seems to begin, since another follows it; -1 where none is seen."""
    sign, at = form.sign, near
    for _ in range(LOOKS):
        at = data.find(sign, at + form.sign_at, near + REACH) - form.sign_at
        if at < near or at + form.length_at + 4 > len(data):
            return -1
        following = at + form.added + length.unpack_from(data, at + form.length_at)[0] + form.sign_at
        if data[following : following + len(sign)] == sign:
            return at
        at += 1
    return -1


def _walk(data: bytes, begins: Ints, goals: Ints, form: Form) -> tuple[Ints, Ints]:
    """Places of the records of each stretch, one column a stretch, until each has reached its goal or stands still."""
    lengths = np.ndarray((len(data) - form.length_at - 3,), form.order + "u4", data, form.length_at, (1,))
    at, walked = begins, []
    for step in range(MOST_STEPS):
        walked.append(at)
        if step % 16 == 15 and ((at >= goals) | (at == walked[-2])).all():
            break
        at = at + lengths[np.minimum(at, len(lengths) - 1)] + form.added
    return np.stack(walked), goals

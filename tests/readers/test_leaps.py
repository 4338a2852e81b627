"""Records walked in many stretches at once: never anything but what one finds who walks them one by one."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offlimits.readers.wire import leaps
from offlimits.readers.wire.leaps import Form, leap
from offlimits.readers.wire.places import fields, gathered

SIGN = b"\xab\xcd"
PCAP = Form(SIGN, 2, "<", 8, 16)
PCAPNG = Form(b"\0\0\0\6", 0, ">", 4, 0)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches so short that a few records fill them."""
    monkeypatch.setattr(leaps, "LEAST", 64)
    monkeypatch.setattr(leaps, "FEWEST", 3)


def record(form: Form, body: bytes) -> bytes:
    """One record of a form."""
    if form is PCAP:
        return b"\1\2" + SIGN + bytes(4) + struct.pack("<I", len(body)) + bytes(4) + body
    body += bytes(-len(body) % 4)
    return form.sign + struct.pack(">I", len(body) + 12) + body + struct.pack(">I", len(body) + 12)


def one_by_one(data: bytes, form: Form) -> list[int]:
    """Every place where a record begins."""
    found, at = [], 0
    while at + form.length_at + 4 <= len(data) and len(found) < 10_000:
        found.append(at)
        at += form.added + struct.unpack_from(form.order + "I", data, at + form.length_at)[0]
    return found


BODIES = st.lists(
    st.one_of(st.binary(max_size=90), st.just(record(PCAP, b"inner") * 3), st.just(record(PCAPNG, b"inner") * 3)), max_size=60
)


@settings(max_examples=300, deadline=None)
@given(
    form=st.sampled_from([PCAP, PCAPNG]),
    bodies=BODIES,
    damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    cut=st.integers(0, 20),
)
def test_same_as_one_by_one(form: Form, bodies: list[bytes], damage: list[tuple[float, int]], cut: int) -> None:
    """Whatever the records hold (records of other captures too), and whatever is damaged: the same places, then the same rest."""
    data = bytearray(b"".join(record(form, body) for body in bodies))
    for part, byte in damage if data else []:
        data[int(part * len(data))] = byte
    whole = bytes(data[: len(data) - cut])
    found, after = leap(whole, 0, form)
    expected = one_by_one(whole, form)
    assert found.tolist() == expected[: len(found)]
    assert after == (expected[len(found)] if len(found) else 0)


@pytest.mark.parametrize("form", [PCAP, PCAPNG])
def test_most_is_taken_at_once(form: Form) -> None:
    """Of whole records nearly all are walked in stretches."""
    data = b"".join(record(form, bytes(7 * number % 90)) for number in range(2000))
    found, _ = leap(data, 0, form)
    assert len(found) > 1900


def test_records_that_stand_still() -> None:
    """A record of no length at all ends the walk of its stretch."""
    data = b"".join(record(PCAPNG, bytes(20)) for _ in range(200))
    stuck = data[:3200] + PCAPNG.sign + bytes(4) + data[3208:]
    found, after = leap(stuck, 0, PCAPNG)
    assert found.tolist() == one_by_one(stuck, PCAPNG)[: len(found)]
    assert after <= 3200


@given(data=st.binary(max_size=40), at=st.lists(st.integers(0, 60), max_size=9))
def test_fields_at_any_place(data: bytes, at: list[int]) -> None:
    """Fields are what stands there; behind the end stand zeros."""
    heads = gathered(data, np.array(at, dtype=np.int64), fields(first=(0, "u1"), word=(2, ">u4"), last=(6, "<u2")))
    padded = data + bytes(80)
    assert heads["first"].tolist() == [padded[place] for place in at]
    assert heads["word"].tolist() == [int.from_bytes(padded[place + 2 : place + 6], "big") for place in at]
    assert heads["last"].tolist() == [int.from_bytes(padded[place + 6 : place + 8], "little") for place in at]

"""A short run of the fuzzing targets, the same inputs each time: seeds cut, doubled, spliced and with bytes changed. Coverage-guided runs are
made by hand (fuzz_readers.py); they take longer than a check may."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import der_values
from fuzz_readers import TARGETS, call_of, kept, seeds

ROUNDS = 400


def mutated(seed: bytes, chance: random.Random, rounds: int) -> Iterator[bytes]:
    """So many changed copies of a seed."""
    for _ in range(rounds):
        data = bytearray(seed)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data) + 1)
            how = chance.randrange(5)
            if how == 0:
                del data[at : at + chance.randrange(1, 40)]
            elif how == 1:
                data[at:at] = chance.randbytes(chance.randrange(1, 12))
            elif how == 2:
                data[at:at] = data[max(at - chance.randrange(1, 60), 0) : at]
            elif how == 3 and at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            elif at + 2 <= len(data):
                data[at : at + 2] = chance.choice((b"\xff\xff", b"\0\0", b"\xc0\x0c", b"\x7f\xff"))
        yield bytes(data)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_falls_over(target: str) -> None:
    """Whatever the bytes: an answer, a counted reject or a known error."""
    call = call_of(target)
    for name, seed in seeds().items():
        if name.partition("-")[0] == target:
            for data in mutated(seed, random.Random(f"{target} {name}"), ROUNDS):
                call(data)


@pytest.mark.parametrize("target", TARGETS)
def test_what_hours_of_fuzzing_found(target: str) -> None:
    """Every kept input, whole: an answer, a counted reject or a known error."""
    call = call_of(target)
    inputs = kept()[target]
    assert inputs
    for data in inputs:
        call(data)


def test_changes_inside_a_certificate() -> None:
    """An encoding read and written is itself; one changed inside still reads as DER, and as a certificate or as none."""
    chance, call = random.Random(1), call_of("certificate")
    whole = seeds()["certificate-own"]
    values = der_values.read(whole)
    assert values is not None
    assert der_values.write(values) == whole
    reads = 0
    for _ in range(ROUNDS):
        data = der_values.changed(whole, lambda content: next(mutated(content, chance, 1)), chance)
        reads += der_values.read(data) is not None
        call(data)
    assert reads > ROUNDS / 2

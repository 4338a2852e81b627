"""Names of hosts and numbers of things: what may not be read into them."""

from __future__ import annotations

import random
import string

import pytest

from offlimits.judging import LIKELY
from offlimits.matching import Matching
from offlimits.registry import Registry

SIGNS = string.ascii_uppercase + string.digits


@pytest.fixture(scope="module")
def matching(registry: Registry) -> Matching:
    """The matchers."""
    matching = Matching(registry)
    matching.prepare()
    return matching


@pytest.mark.parametrize(("begins", "length"), [("DESKTOP-", 7), ("LAPTOP-", 8), ("WIN-", 11), ("EC2AMAZ-", 7)])
def test_nothing_is_read_into_random_names(matching: Matching, begins: str, length: int) -> None:
    """Of ten thousand names as Windows makes them up, none is anybody's code or a slip of a name."""
    chance = random.Random(begins)
    names = [begins + "".join(chance.choices(SIGNS, k=length)) for _ in range(10_000)]
    assert [name for name in names if matching.find(name, "hostname")] == []


@pytest.mark.parametrize("begins", ["h", "ar", "ac", "ce", "hg", "ma", "usg", "rd", "nvr-", "e", "f", "mf", "pd", "hp", "zx"])
@pytest.mark.parametrize("ends", ["", ".corp.example"])
def test_numbered_hosts_are_possible_at_most(matching: Matching, begins: str, ends: str) -> None:
    """Letters and a number are how people count hosts, whatever codes have that form."""
    names = [f"{begins}{number}{ends}" for number in (*range(1000), *range(1000, 99_999, 97))]
    assert [name for name in names for match in matching.find(name, "hostname") if max(match.score, match.with_sign) >= LIKELY] == []


@pytest.mark.parametrize(
    "name", ["DS-2CD2143G2-I", "cam-IPC-HFW2431S", "HIKVISION-07", "hik-2cd.dahua.example", "laptop-dahua", "HUAWEI_P30-5c1b8"]
)
def test_a_name_that_says_it_still_does(matching: Matching, name: str) -> None:
    """Whole codes and makers' names in the name of a host are found as before."""
    assert any(match.score >= LIKELY for match in matching.find(name, "hostname"))


@pytest.mark.parametrize("length", [7, 8, 10, 12])
def test_nothing_is_read_into_serial_numbers(matching: Matching, length: int) -> None:
    """Of ten thousand serial numbers and tags, none is anybody's code, though a network switch is."""
    chance = random.Random(length)
    numbers = ["".join(chance.choices(SIGNS, k=length)) for _ in range(10_000)]
    assert [number for number in numbers if matching.find(number, "serial")] == []


@pytest.mark.parametrize(
    "number", ["DS-2CD2143G2-I20210304AAWRE12345678", "iDS-7208HQHI-M120220101CCRRJ12345678WCVU", "HIKVISION 0042", "HIKVISION3"]
)
def test_a_serial_number_that_begins_with_the_model(matching: Matching, number: str) -> None:
    """Hikvision's serial numbers begin with the model; a name that stands in a tag counts as everywhere."""
    assert {match.entity for match in matching.find(number, "serial") if match.score >= LIKELY} == {"hikvision"}

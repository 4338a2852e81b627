"""Lines made to be slow: the time that a reader takes grows with a line's length, never with its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from offlimits.readers.base import Options, Reader
from offlimits.readers.leases import Leases
from offlimits.readers.neighbours import MOST_LENGTH, Neighbours
from offlimits.readers.nmap_text import NmapText

Put = Callable[..., Path]
FEW, MANY = 10_000, 80_000
SCAN = "Nmap scan report for 192.168.1.64\n"
LEASE = "lease 192.168.1.64 {\n"
SLOW: list[tuple[Reader, str, str, str]] = [
    (NmapText(), SCAN + "Aggressive OS guesses: ", "a (", ""),
    (NmapText(), SCAN + "Aggressive OS guesses: ", " (99%)", "x"),
    (NmapText(), SCAN + "PORT STATE SERVICE", " ", "VERSIO"),
    (NmapText(), SCAN + "PORT", " ", "x"),
    (NmapText(), SCAN + "SF-Port80-TCP:", '%r(A,1,"', ""),
    (NmapText(), SCAN + 'SF-Port80-TCP:%r(A,1,"', '\\"', ""),
    (NmapText(), SCAN + "|_http-auth: realm=", " ", "x"),
    (NmapText(), SCAN + "|_http-auth: ", "realm=", "x"),
    (NmapText(), "Nmap scan report for ", "a", " ("),
    (NmapText(), "Nmap scan report for a [host down", "] ", "x"),
    (NmapText(), "", "\n", "x"),
    *(
        (Neighbours(), before, again, "!")
        for before in ("", "1", "a", " ", "1.1.1.1", "1.1.1.1 ", "::1 dev e", "a (1.1.1.1) ", "Flags: ", "PS a")
        for again in (" ", ":", "a ", "a:", " 1:", "(", "1", "#", "--- 0x0", "::1 44:19:b6:00:00:01 ")
    ),
    (Leases(), "", "\n", "lease"),
    (Leases(), "", "\n ", "lease"),
    (Leases(), LEASE + "starts", " ", "x"),
    (Leases(), LEASE + 'uid "', '\\"', ""),
    (Leases(), LEASE + "x", " lease 1", ""),
    (Leases(), LEASE + "x", '""', ""),
    (Leases(), LEASE + "starts ", '"', "x"),
    (Leases(), "1 ", "44:", ""),
    (Leases(), "duid ", "1:", "x"),
    (Leases(), "192.168.1.64 - 255.", " -", ""),
    (Leases(), "IPAddress\tx\tTime\tx\tx\n192.168.1.64\t\t", "1. ", "\tx\t4419b6000001\n"),
]


def seconds(reader: Reader, path: Path) -> float:
    """The time to recognise and to read a file."""
    start = time.process_time()
    reader.recognise(path, path.read_bytes()[: 1 << 18])
    for _ in reader.read(path, Options()):
        pass
    return time.process_time() - start


def test_lines_of_the_longest_length_that_is_matched(put: Put) -> None:
    """Neighbours' forms see no line of more than `MOST_LENGTH`; below it too, time grows with the length."""
    for before, again in (
        ("1", " "),
        ("", ":"),
        ("", "a:"),
        ("1.1.1.1 dev e", " a"),
        ("a (1.1.1.1)", " a"),
        ("1.1.1.1  a", " a"),
        ("PS a", "#"),
    ):
        line = before + again * 1000
        few, many = (seconds(Neighbours(), put("t", (line[:length] + "!\n") * 200)) for length in (MOST_LENGTH // 8, MOST_LENGTH - 1))
        assert many < 30 * max(few, 0.005)


@pytest.mark.parametrize("number", range(len(SLOW)))
def test_time_grows_with_length(put: Put, number: int) -> None:
    """Eight times as much takes about eight times as long; by the square it would be 64 times."""
    reader, before, again, behind = SLOW[number]
    few, many = (seconds(reader, put("t", before + again * times + behind)) for times in (FEW, MANY))
    assert many < 30 * max(few, 0.005)

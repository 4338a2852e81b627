"""Lines made to be slow: a reader whose patterns took the square of a line's length would not come to the end of these."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from offlimits.readers.base import Options, Reader
from offlimits.readers.leases import Leases
from offlimits.readers.neighbours import MOST_LENGTH, Neighbours
from offlimits.readers.nmap_text import NmapText

Put = Callable[..., Path]
MANY = 200_000
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


def read_whole(reader: Reader, path: Path) -> None:
    """Recognise and read a file, to its end."""
    reader.recognise(path, path.read_bytes()[: 1 << 18])
    for _ in reader.read(path, Options()):
        pass


def test_lines_of_the_longest_length_that_is_matched(put: Put) -> None:
    """Neighbours' forms see no line of more than `MOST_LENGTH`; thousands of that length are read at once, by the cube they would take
    days."""
    for before, again in (
        ("1", " "),
        ("", ":"),
        ("", "a:"),
        ("1.1.1.1 dev e", " a"),
        ("a (1.1.1.1)", " a"),
        ("1.1.1.1  a", " a"),
        ("PS a", "#"),
    ):
        line = before + again * MOST_LENGTH
        read_whole(Neighbours(), put("t", (line[: MOST_LENGTH - 1] + "!\n") * 2_000))


@pytest.mark.parametrize("number", range(len(SLOW)))
def test_long_lines_end(put: Put, number: int) -> None:
    """A line of hundreds of thousands of signs is read at once; by the square it would take hours."""
    reader, before, again, behind = SLOW[number]
    read_whole(reader, put("t", before + again * MANY + behind))

"""Logs of DNS questions of four servers, damaged ones too."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers.querylines import read_line, read_time
from offlimits.readers.querylog import QueryLog

Put = Callable[..., Path]
LOGS = {
    "dnsmasq": make_devices.PIHOLE,
    "dnsmasq with log-queries=extra": "Nov 25 10:00:00 dnsmasq[9]: 12 192.168.1.64/4000 query[A] dev.hik-connect.com from 192.168.1.64\n",
    "unbound": "[1790000000] unbound[123:0] info: 192.168.1.64 dev.hik-connect.com. A IN\n",
    "unbound through syslog": "Nov 25 10:00:00 gw unbound: [123:0] info: 192.168.1.64 dev.hik-connect.com. A IN\n",
    "dnsmasq, its messages alone": "query[type=65] dev.hik-connect.com from 192.168.1.64\nforwarded dev.hik-connect.com to 9.9.9.9\n",
    "unbound, its messages alone": "[123:0] info: 192.168.1.64 dev.hik-connect.com. A IN\n[123:1] info: 192.168.1.9 a.example. A IN\n",
    "unbound with many threads": "Nov 25 10:00:00 gw unbound[123]: [123:1f] info: 192.168.1.64 dev.hik-connect.com. HTTPS IN\n",
    "unbound, replies alone": "[1790000000] unbound[123:0] reply: 192.168.1.64 dev.hik-connect.com. A IN NOERROR 0.02 0 56\n",
    "unbound by another name": "[1790000000] resolver[123:0] query: 192.168.1.64@4000 dev.hik-connect.com. TYPE65 IN\n",
    "bind": make_devices.BIND,
    "bind with a key": "25-Nov-2026 10:00:00.123 client @0x1 192.168.1.64#9/key k (dev.hik-connect.com): query: dev.hik-connect.com IN A +S\n",
    "bind of old": "25-Nov-2026 10:00:00.123 client 192.168.1.64#40000: query: dev.hik-connect.com IN A +\n",
    "windows": make_devices.WINDOWS_DNS,
}


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_server(put: Put, name: str, packed: bool) -> None:
    """The question is found, under the address that asked, in each server's log; gzip is read too."""
    path = put("log", gzip.compress(LOGS[name].encode()) if packed else LOGS[name])
    assert "a log of DNS questions" in QueryLog().recognise(path, path.read_bytes())
    found = Seen(QueryLog(), path)
    asked = {(item.device, item.host) for item in found.traffic[0].asked}
    assert ("192.168.1.64", "dev.hik-connect.com") in asked


def test_answers_join(put: Put) -> None:
    """An address that the log says a host has is kept with the question; the same question is counted."""
    found = Seen(QueryLog(), put("log", LOGS["dnsmasq"]))
    asked = next(item for item in found.traffic[0].asked if item.device == "192.168.1.64")
    assert (asked.addresses, asked.count) == (("198.51.100.20",), 2)


def test_times() -> None:
    """Times are read where the line says a year, and not guessed where it does not."""
    assert read_time("25-Nov-2026 10:00:00.1 x") == 1795600800.0
    assert read_time("[1790000000] unbound") == 1790000000.0
    assert read_time("2026-11-25T10:00:00 x") == 1795600800.0
    assert read_time("Nov 25 10:00:00 dnsmasq") is None
    assert read_time("99-Nov-2026 10:00:00") is None
    assert read_time("Wed Nov 25 10:00:00 2026 daemon.info dnsmasq[1]: x") == 1795600800.0


@pytest.mark.parametrize("offset", ["+05:00", "+0500", "+05", ".123456+05:00", ",123+05:00"])
def test_offsets(offset: str) -> None:
    """A clock that says how far it is from UTC is read so; one that says nothing, or what no clock has, is taken as UTC."""
    assert read_time(f"2026-11-25T15:00:00{offset} gw dnsmasq[1]: x") == 1795600800.0
    assert read_time(f"2026-11-25T05:00:00{offset.replace('+', '-')} x") == 1795600800.0
    assert read_time("2026-11-25T10:00:00Z x") == read_time("2026-11-25T10:00:00+99:00 x") == 1795600800.0
    assert read_time("<30>1 2026-11-25T15:30:00+05:30 gw unbound 1 - - [1:0] info: x") == 1795600800.0


def told(put: Put, *lines: str, who: str = "192.168.1.64") -> tuple[str, ...]:
    """The addresses of the first host that a device asked for, in a log of dnsmasq with these answers."""
    text = "".join(f"Nov 25 10:00:00 dnsmasq[9]: {line}\n" for line in (f"query[A] a.example from {who}", *lines))
    return Seen(QueryLog(), put("log", text)).traffic[0].asked[0].addresses


def test_aliases_lead_to_addresses(put: Put) -> None:
    """The address at the end of a chain of aliases is told for the host that was asked for; rings end, and what stands between is no
    link."""
    chain = (
        "reply a.example is <CNAME>",
        "reply b.example is <CNAME>",
        "reply c.example is 198.51.100.20",
        "reply c.example is 2001:db8::1",
    )
    assert told(put, *chain) == ("198.51.100.20", "2001:db8::1")
    assert told(put, "cached a.example is <CNAME>", "cached b.example is NODATA-IPv6", "reply b.example is 198.51.100.20") == (
        "198.51.100.20",
    )
    assert told(put, "reply a.example is <CNAME>", "reply b.example is <CNAME>", "reply a.example is <CNAME>") == ()
    assert told(put, "reply a.example is <CNAME>", "forwarded x.example to 9.9.9.9", "reply x.example is 198.51.100.20") == ()
    mixed = "1 192.168.1.64/1 reply a.example is <CNAME>", "2 192.168.1.5/1 reply x.example is 198.51.100.20"
    assert told(put, *mixed) == ()
    long = [f"reply {name} is <CNAME>" for name in ("a.example", *(f"n{number}" for number in range(500)))]
    assert told(put, *long, "reply end is 198.51.100.20") == ()


def test_replies_are_no_second_questions(put: Put) -> None:
    """Where unbound logs a question and its reply, it was asked once."""
    line = "[1790000000] unbound[1:0] info: 192.168.1.64 dev.hik-connect.com. A IN"
    found = Seen(QueryLog(), put("log", f"{line}\n{line} NOERROR 0.020000 0 56\n"))
    assert (found.traffic[0].asked[0].count, found.skipped) == (1, {"answer": 1})


LINES = {
    "line without a question": (
        "Nov 25 10:00:00 dnsmasq-dhcp[9]: DHCPACK(eth0) 192.168.1.64 44:19:b6:00:00:01 cam",
        "[1:0] notice: init module 0: validator",
        "Nov 25 10:00:00 ns named[9]: zone example/IN: loaded serial 1",
        "25-Nov-2026 10:00:00.123 general: info: all zones loaded",
        "2026-11-25T10:00:00.123Z resolver: info: resolver priming query complete",
        "11/25/2026 10:00:00 AM 0FD4 PACKET  0000022A UDP Snd 192.168.1.64    0001 R Q [8081   DR  NOERROR] A      (3)www(0)",
        "25.11.2026 10:00:00 0FD4 PACKET  0000022A UDP Rcv 9.9.9.9    0001 R Q [8081   DR  NOERROR] A      (3)www(0)",
        "11/25/2026 10:00:00 AM 0FD4 EVENT   The DNS server has started.",
    ),
    "line of another program": (
        "Nov 25 10:00:00 gw kernel: eth0: link up",
        "2026-11-25T10:00:00.1+01:00 gw sshd[7]: Connection closed",
        "Wed Nov 25 10:00:00 2026 daemon.notice netifd: Interface lan is up",
    ),
    "header": ("-- Boot 0123456789abcdef --", "Log file wrap at 11/25/2026 9:00:00 AM"),
    "question of another class": ("25-Nov-2026 10:00:00.1 client @0x1 192.168.1.64#9 (version.bind): query: version.bind CH TXT +",),
    "": (
        "anything else",
        "   torn",
        "Nov 25 10:00:00 dnsmasq[9]: query[A] dev.hik-conn",
        "[1:0] info: 192.168.1.64 dev.hik",
        "25-Nov-2026 10:00:00.1 client @0x1 192.168.1.64#9 (a.example): query: a.exam",
        "11/25/2026 10:00:00 AM 0FD4 PACKET  0000022A UDP Rcv 192.168.1.64    0001   Q [0001   D   NOERROR] A",
    ),
}


@pytest.mark.parametrize(("reason", "line"), [(reason, line) for reason, lines in LINES.items() for line in lines])
def test_what_is_no_question(put: Put, reason: str, line: str) -> None:
    """A line that is no question is left out with a reason that is true, from the first line on; one that is none of such a log, or a
    question torn off, is rejected."""
    found = Seen(QueryLog(), put("log", line + "\n"))
    assert (found.skipped, found.codes) == (({reason: 1}, []) if reason else ({}, ["unknown-line"]))


def test_windows_explains_itself(put: Put) -> None:
    """The key at the head of Windows' log and the details behind a packet are left out as such; indented lines elsewhere are not."""
    packet = make_devices.WINDOWS_DNS.splitlines()[3]
    key = "Message logging key (for packets - other items use a subset):\n\tField #  Information\n\t   1     Date\n\n"
    details = "UDP question info at 000000A4B4F1E3A0\n  Socket = 648\n  Message:\n    ANSWER SECTION:\n      empty\n\n"
    found = Seen(QueryLog(), put("log", f"{key}{packet}\n{details}{packet}\n   torn\n"))
    count = {
        reason: sum(getattr(event, "count", 0) for event in found.events if getattr(event, "reason", "") == reason)
        for reason in found.skipped
    }
    assert count == {"header": 3, "blank": 2, "details of a packet": 5, "line more of a device": 1}
    assert found.codes == ["unknown-line"]


@pytest.mark.parametrize(
    "piece", ["1", "a.", "[1:0] info: 1.1.1.1 ", "client 1.1#1 (", " PACKET x UDP Rcv 1.1 0001   Q [", "dnsmasq: query[", " "]
)
def test_long_lines_take_no_time(piece: str) -> None:
    """A line of a megabyte, made to be tried again and again, is told at once."""
    start = time.process_time()
    read_line((piece * (1 << 20))[: 1 << 20])
    assert time.process_time() - start < 10


def test_damaged_lines(put: Put) -> None:
    """Torn lines are rejects; what is no question is left out with its reason."""
    found = Seen(QueryLog(), put("log", LOGS["windows"]))
    assert found.codes == ["unknown-line"]
    assert found.units == LOGS["windows"].count("\n")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(LOGS)), cut=st.integers(0, 500), noise=st.text(alphabet="\0query[A] from(3)IN\n", max_size=40))
def test_cut_anywhere(put: Put, name: str, cut: int, noise: str) -> None:
    """Cut anywhere, with noise behind: no crash, every line counted."""
    text = LOGS[name][:cut] + noise
    assert Seen(QueryLog(), put("t", text)).units == text.count("\n") + bool(text and not text.endswith("\n"))

"""Logs of DNS questions of four servers, damaged ones too."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers.querylog import QueryLog, read_time

Put = Callable[..., Path]
LOGS = {
    "dnsmasq": make_devices.PIHOLE,
    "dnsmasq with log-queries=extra": "Nov 25 10:00:00 dnsmasq[9]: 12 192.168.1.64/4000 query[A] dev.hik-connect.com from 192.168.1.64\n",
    "unbound": "[1790000000] unbound[123:0] info: 192.168.1.64 dev.hik-connect.com. A IN\n",
    "unbound through syslog": "Nov 25 10:00:00 gw unbound: [123:0] info: 192.168.1.64 dev.hik-connect.com. A IN\n",
    "bind": make_devices.BIND,
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

"""Whom devices called: joined over sources, three things kept apart, nothing said from a table that is too old."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import make_devices
import pytest
import wires
from conftest import DAY, Runner

from offlimits.aggregates.call_home import Owners
from offlimits.aggregates.places import MAX_DAYS, Placed, Places
from offlimits.errors import UsageError
from offlimits.folding import Asks, fold
from offlimits.registry import Registry
from offlimits.report import Call, CallDatabase, CallHome, Report
from offlimits.reports.page import render_page
from offlimits.reports.redaction import redact

Put = Callable[..., Path]
OUT = "198.51.100.20"


class Table:
    """A table of addresses in memory, in MaxMind's writing."""

    def __init__(self, records: dict[str, dict[str, object]]) -> None:
        self.records = records

    def get(self, address: str) -> dict[str, object] | None:
        """What it holds."""
        return self.records.get(address)


def places(built: date, **record: object) -> Places:
    """Places with one table of a day that knows one address."""
    found = Places()
    found._tables = [(Table({OUT: record}), CallDatabase(path="geo.mmdb", type="Test", built=built))]
    return found


def home(report: Report) -> CallHome:
    """The calls of a report that has some."""
    assert report.aggregates.call_home is not None
    return report.aggregates.call_home


def call(report: Report, address: str) -> Call:
    """The one call to an address."""
    found = [item for item in home(report).calls if item.address == address]
    assert len(found) == 1
    return found[0]


def everything(run: Runner, put: Put) -> Report:
    """One camera in a neighbour table, leases, a log of questions, Zeek's logs and a scan."""
    put("a/arp.txt", make_devices.LINUX)
    put("a/dnsmasq.leases", make_devices.DNSMASQ_LEASES)
    put("a/pihole.log", make_devices.PIHOLE)
    put("a/conn.log", make_devices.CALLS)
    return run(put("a/scan.xml", make_devices.NMAP).parent)


def test_sources_join_by_device(run: Runner, put: Put) -> None:
    """A camera that five files show is one device with its hardware address, its name, its makers and its calls with their host."""
    report = everything(run, put)
    devices = home(report).devices
    camera = next(device for device in devices if device.mac == wires.CAMERA)
    assert camera.makers == ["hikvision"]
    assert set(camera.hostnames) == {"cam-gate", "cam-gate.example.org"}
    assert len({at.source for at in camera.at}) == 5
    made = call(report, OUT)
    assert devices[made.device] == camera
    assert (made.hosts, made.named_by, made.bytes_out, made.bytes_in, made.port) == (["dev.hik-connect.com"], "dns", 600, 300, 8555)
    assert (made.group, made.evidence_class, made.country, made.operator) == ("hikvision", "technical", "", "")
    assert set(made.evidence) <= set(report.evidence)
    assert (made.first, made.last) == ("2026-09-21T14:13:20Z", "2026-09-21T14:14:20Z")


def test_capture_and_log_are_not_added_up(run: Runner, put: Put) -> None:
    """The same traffic in a capture and in a log counts once."""
    put("b/capture.pcap", wires.pcap(wires.estate()))
    lines = make_devices.conn(("1790000009.0", "C1", "192.168.1.64", 50000, OUT, 8555, "tcp", 160, 149))
    made = call(run(put("b/conn.log", lines).parent), OUT)
    assert (made.bytes_out, made.bytes_in) == (160, 149)


def hour(start: float, *sizes: int) -> str:
    """A conn.log: the camera's calls to one port, a minute apart."""
    return make_devices.conn(
        *(
            (f"{start + 60 * number:.6f}", f"C{number}", "192.168.1.64", 50000, OUT, 8555, "tcp", size, 10)
            for number, size in enumerate(sizes)
        )
    )


def test_rotated_logs_are_added_up(run: Runner, put: Put) -> None:
    """Logs of one kind that follow one another are added up, in whatever order; the same hour given twice counts once, and a log without
    times is not added to others."""
    put("r/a.log", hour(1_790_007_200.0, 10))
    put("r/b.log", hour(1_790_000_000.0, 300, 300))
    put("r/c.log", hour(1_790_003_600.0, 1000))
    made = call(run(put("r/d.log", hour(1_790_003_600.0, 900)).parent), OUT)
    assert (made.bytes_out, made.bytes_in, made.connections) == (1610, 40, 4)
    assert (made.first, made.last) == ("2026-09-21T14:13:20Z", "2026-09-21T16:13:20Z")
    untimed = '{{"uid":"C","id.orig_h":"192.168.1.64","id.resp_h":"{}","id.resp_p":8555,"proto":"tcp","conn_state":"SF","_path":"conn","orig_ip_bytes":{}}}\n'
    put("r/e.log", untimed.format(OUT, 1600))
    assert call(run(put("r/f.log", untimed.format(OUT, 1600)).parent), OUT).bytes_out == 1610
    put("r/e.log", untimed.format(OUT, 5000))
    assert call(run(put("r/f.log", untimed.format(OUT, 1)).parent), OUT).bytes_out == 5000


def test_overlapping_logs_count_at_most_what_is_apart(run: Runner, put: Put) -> None:
    """Of logs that overlap in a chain those count that are apart and hold most; clocks a moment apart are no two times."""
    put("o/a.log", hour(1_790_000_000.0, 5, 5))
    put("o/b.log", hour(1_790_000_030.0, 3, 3))
    put("o/c.log", hour(1_790_000_070.0, 5, 5))
    assert call(run(put("o/d.log", hour(1_790_000_130.5, 7)).parent), OUT).bytes_out == 20


def test_kinds_are_not_added_up(run: Runner, put: Put) -> None:
    """A capture and logs of its hour and the next: the logs are added up, and the larger count of the two kinds stands."""
    put("k/capture.pcap", wires.pcap(wires.estate()))
    put("k/a.log", make_devices.conn(("1790000009.0", "C1", "192.168.1.64", 50000, OUT, 8555, "tcp", 160, 149)))
    made = call(run(put("k/b.log", make_devices.conn(("1790003609.0", "C1", "192.168.1.64", 50000, OUT, 8555, "tcp", 7, 1))).parent), OUT)
    assert (made.bytes_out, made.bytes_in) == (167, 150)


def test_calls_make_nobody_a_maker(run: Runner, put: Put) -> None:
    """Who only called a maker's host is a possible mention at most, and no device of that maker: apps and browsers call it too."""
    report = run(put("pihole.log", make_devices.PIHOLE))
    assert [(item.relation, item.strength) for item in report.findings] == [("mention", "possible")]
    assert report.findings[0].why[0].rule == "calls-host"
    assert [device.makers for device in home(report).devices] == [[], []]
    assert report.aggregates.census is not None
    assert (report.aggregates.census.firm, report.aggregates.census.unknown) == (0, 2)


def test_address_that_changed_hands(run: Runner, put: Put) -> None:
    """Calls from an address that two devices had go to the one that had it then."""
    late = 400_000.0
    frames = [
        (1_790_000_000.0, wires.arp(wires.CAMERA, "192.168.1.64")),
        (1_790_000_000.0 + late, wires.arp(wires.RECORDER, "192.168.1.64")),
    ]
    put("c/capture.pcap", wires.pcap(frames))
    lines = make_devices.conn(
        ("1790000010.0", "C1", "192.168.1.64", 1, OUT, 443, "tcp", 100, 100),
        (f"{1_790_000_010 + late}", "C2", "192.168.1.64", 1, "203.0.113.9", 443, "tcp", 100, 100),
    )
    report = run(put("c/conn.log", lines).parent)
    devices = home(report).devices
    assert devices[call(report, OUT).device].mac == wires.CAMERA
    assert devices[call(report, "203.0.113.9").device].mac == wires.RECORDER


def test_a_lease_says_nothing_of_other_days(run: Runner, put: Put) -> None:
    """Traffic of a day on which nobody is known to have had an address is that address's alone, no device's that had it once."""
    span = "  starts 4 2025/11/27 08:00:00;\n  ends 4 2025/11/27 20:00:00;\n"
    put("l/dhcpd.leases", f"lease 192.168.1.64 {{\n{span}  hardware ethernet {wires.CAMERA};\n}}\n")
    report = run(put("l/conn.log", make_devices.conn(("1790000010.0", "C1", "192.168.1.64", 1, OUT, 443, "tcp", 100, 100))).parent)
    assert home(report).devices[call(report, OUT).device].mac == ""


def test_a_time_outside_the_calendar_ends_no_run(run: Runner, put: Put) -> None:
    """A packet that says it is of the year 580000 is counted, and its call has no time."""
    head = len(wires.pcapng([]))
    frame = wires.ethernet(wires.CAMERA, wires.ROUTER, wires.udp("192.168.1.64", OUT, 5000, 123, b"x"))
    content = bytearray(wires.pcapng([(1.0, frame)]))
    content[head + 12 : head + 16] = b"\xff\xff\xff\xff"
    assert call(run(put("wild.pcapng", bytes(content))), OUT).first is None


def test_three_things_apart() -> None:
    """Place and operator come from the table of the traffic's time only; a registered country is no place."""
    record = {
        "country": {"iso_code": "IE"},
        "registered_country": {"iso_code": "CN"},
        "autonomous_system_number": 64500,
        "autonomous_system_organization": "Example",
    }
    assert places(DAY, **record).find(OUT, DAY) == Placed("IE", "AS64500 Example", "")
    only = places(DAY, registered_country={"iso_code": "CN"}).find(OUT, DAY)
    assert (only.country, only.operator) == ("", "")
    assert places(DAY, country="IE", asn="AS64500", as_name="Example").find(OUT, DAY) == Placed("IE", "AS64500 Example", "")
    assert Places().find(OUT, DAY) == Placed("", "", "no table was given (--mmdb)")


def test_stale_table_says_nothing() -> None:
    """A table built too long before or after the traffic gives no place, and says why."""
    old = date(2019, 12, 1)
    placed = places(old, country={"iso_code": "CN"}).find(OUT, DAY)
    assert placed.country == ""
    assert "geo.mmdb is of 2019-12-01" in placed.why
    assert MAX_DAYS == 90


def test_no_table_is_told(put: Put) -> None:
    """A file that is no table is a usage error."""
    with pytest.raises(UsageError, match="no table of addresses"):
        Places([put("x.mmdb", b"hello")])


def test_owner_of_host(registry: Registry) -> None:
    """A host is its domain's owner's; a domain that only ends alike is not."""
    owners = Owners(registry)
    found = owners.of("dev.hik-connect.com")
    assert found is not None
    assert found.group == "hikvision"
    assert owners.of("nothik-connect.com") is None
    assert owners.of("hik-connect.com.example.org") is None
    assert owners.of("com") is None


def test_page_and_redaction(run: Runner, put: Put) -> None:
    """The page shows the diagram and the table; the redacted report holds no address and no host of the estate."""
    report = everything(run, put)
    page = render_page(report).decode()
    assert 'class="net"' in page
    assert "dev.hik-connect.com" in page
    assert "198.51.100.20" in page
    shared = render_page(redact(report)).decode()
    for secret in (wires.CAMERA, "192.168.1.64", OUT, "cam-gate", "dev.hik-connect.com"):
        assert secret not in shared
    assert re.search(r"device \d", shared)


def test_hostile_names_are_escaped(run: Runner, put: Put) -> None:
    """What a network says is text on the page, never markup."""
    evil = make_devices.DNSMASQ_LEASES.replace("cam-gate", "<script>alert(1)</script>")
    put("e/dnsmasq.leases", evil)
    page = render_page(run(put("e/pihole.log", make_devices.PIHOLE).parent)).decode()
    assert "<script" not in page


def test_order_of_files_leaves_no_trace(run: Runner, put: Put, registry: Registry) -> None:
    """The same outcomes in another order give the same report."""
    report = everything(run, put)
    again = fold(run.outcomes[::-1], registry, DAY, "neutral", {}, Asks())
    assert again == report

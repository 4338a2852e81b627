"""Whom devices called: joined over sources, three things kept apart, nothing said from a table that is too old."""

from __future__ import annotations

import json
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
    assert (made.first, made.last) == ("2026-09-21T14:13:20Z", "2026-09-21T14:14:21Z")


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
    assert (made.first, made.last) == ("2026-09-21T14:13:20Z", "2026-09-21T16:13:21Z")
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


def flow(path: Path, begun: float, sent: int, duration: float = 1.0, **log: object) -> None:
    """One more connection of the camera in Zeek's JSON."""
    line = {"ts": begun, "uid": "C1", "id.orig_h": "192.168.1.64", "id.orig_p": 4000, "id.resp_h": OUT, "id.resp_p": 443, "proto": "tcp"}
    line |= {"duration": duration, "conn_state": "SF", "orig_ip_bytes": sent, "resp_ip_bytes": 0, **log}
    with path.open("a") as stream:
        stream.write(json.dumps(line) + "\n")


def lease(path: Path, begun: float, mac: str, length: float = 3600.0) -> None:
    """One more lease of the camera's address in Zeek's JSON."""
    line = {"ts": begun, "uids": ["C2"], "mac": mac, "assigned_addr": "192.168.1.64", "lease_time": length, "msg_types": ["ACK"]}
    with path.open("a") as stream:
        stream.write(json.dumps({"_path": "dhcp", **line}) + "\n")


def test_traffic_over_a_change_of_hands_is_nobodys(run: Runner, put: Put) -> None:
    """What an address exchanged while two devices had it in turn is put on neither; within a lease of several days it is the holder's."""
    flow(conn := put("h/conn.log", ""), 1_790_000_000.0, 1000)
    flow(conn, 1_790_000_000.0 + 4 * 86_400, 77)
    lease(leases := put("h/dhcp.log", ""), 1_790_000_000.0, wires.CAMERA)
    lease(leases, 1_790_000_000.0 + 4 * 86_400, wires.PHONE)
    report = run(conn.parent)
    made = call(report, OUT)
    assert (made.bytes_out, home(report).devices[made.device].mac) == (1077, "")
    lease(long := put("l/dhcp.log", ""), 1_790_000_000.0, wires.CAMERA, 8 * 86_400)
    flow(put("l/conn.log", ""), 1_790_000_000.0 + 5 * 86_400, 5)
    report = run(long.parent)
    assert home(report).devices[call(report, OUT).device].mac == wires.CAMERA


def test_an_address_of_several_names_says_so(run: Runner, put: Put) -> None:
    """Bytes to an address that a device knows by several names are those of all, and the report says so; a name of weeks ago is not one of
    them."""
    tls = '{{"ts":{0},"uid":"{1}","id.orig_h":"192.168.1.64","id.resp_h":"{2}","id.resp_p":443,"server_name":"{3}","version":"TLSv12","_path":"ssl"}}\n'
    flow(conn := put("n/conn.log", ""), 1_790_000_000.0, 900_000_000)
    put(
        "n/ssl.log",
        "".join(tls.format(1_790_000_000.0, uid, OUT, host) for uid, host in (("C1", "backup.example.org"), ("C2", "www.hikvision.com"))),
    )
    report = run(conn.parent)
    assert call(report, OUT).hosts == ["www.hikvision.com", "backup.example.org"]
    assert "1 other name, and the bytes are of all" in render_page(report).decode()
    old = "".join(
        tls.format(time, "C1", OUT, host) for time, host in ((1_787_000_000.0, "www.hikvision.com"), (1_790_000_000.0, "www.example.org"))
    )
    flow(conn := put("o/conn.log", ""), 1_790_000_001.0, 1)
    put("o/ssl.log", old)
    assert [item.hosts for item in home(run(conn.parent)).calls if item.bytes_out] == [["www.example.org"]]


def test_named_without_a_log_of_connections(run: Runner, put: Put) -> None:
    """A host that was named to an address is shown with that address, though no bytes are known."""
    line = f'{{"ts":1790000000.0,"uid":"C1","id.orig_h":"192.168.1.64","id.resp_h":"{OUT}","id.resp_p":443,"server_name":"a.example.org","version":"TLSv12","_path":"ssl"}}\n'
    made = call(run(put("ssl.log", line)), OUT)
    assert (made.hosts, made.bytes_out, made.connections) == (["a.example.org"], None, 1)


def test_long_connections_over_a_rotation(run: Runner, put: Put) -> None:
    """Logs are written as connections end: one that began in the hour before makes two hours no overlap, and times go to the end of each."""
    flow(early := put("t/a.log", ""), 1_790_000_000.0, 10)
    flow(early, 1_790_000_100.0, 10, 3000.0)
    flow(late := put("t/b.log", ""), 1_790_000_050.0, 10, 4000.0)
    flow(late, 1_790_004_200.0, 10)
    made = call(run(late.parent), OUT)
    assert (made.bytes_out, made.connections) == (40, 4)
    assert made.last == "2026-09-21T15:23:21Z"


def test_captures_cut_into_files_go_on(run: Runner, put: Put) -> None:
    """Files of a ring, each of many seconds, are parts of one capture: what is less than a second apart in them is added up."""
    packets = [
        (1_790_000_000 + n / 5, wires.ethernet(wires.CAMERA, wires.ROUTER, wires.tcp("192.168.1.64", OUT, 4000, 443, b"x" * 60)))
        for n in range(100)
    ]
    for number in range(4):
        put(f"ring/{number}.pcap", wires.pcap(packets[number * 25 : number * 25 + 25]))
    assert call(run(put("ring/readme.txt", "").parent), OUT).bytes_out == 100 * 100


def test_a_question_and_its_answer_are_one(run: Runner, put: Put) -> None:
    """In a capture a question counts once, with its answer or without; a resolver of the estate has no part in what others asked it."""
    question = wires.dns("dev.hik-connect.com", answers=False)
    asked = wires.udp("192.168.1.64", "192.168.1.2", 4000, 53, question)
    told = wires.udp("192.168.1.2", "192.168.1.64", 53, 4000, wires.dns("dev.hik-connect.com", OUT))
    passed = wires.udp("192.168.1.2", "9.9.9.9", 4001, 53, question)
    frames = [(wires.CAMERA, wires.PHONE, asked), (wires.PHONE, wires.ROUTER, passed), (wires.PHONE, wires.CAMERA, told)]
    report = run(put("q.pcap", wires.pcap([(1_790_000_000 + n, wires.ethernet(*frame)) for n, frame in enumerate(frames)])))
    calls = [item for item in home(report).calls if "dev.hik-connect.com" in item.hosts]
    assert [(home(report).devices[item.device].mac, item.connections) for item in calls] == [(wires.CAMERA, 1)]


def test_things_behind_a_switch_are_not_the_switch(run: Runner, put: Put) -> None:
    """A hardware address that many addresses are seen with is that of a router on the way; that of a device, which may
    get another each day, joins them."""
    path = put("r/conn.log", "")
    for number in range(1, 10):
        flow(path, 1_790_000_000.0 + number, 5, **{"id.orig_h": f"10.0.0.{number}", "orig_l2_addr": "04:b0:e7:6a:1d:55"})
    flow(path, 1_790_000_020.0, 5, **{"orig_l2_addr": wires.CAMERA})
    for day in range(5):
        flow(path, 1_790_000_000.0 + 86_400 * day, 5, **{"id.orig_h": f"10.0.1.{day}", "orig_l2_addr": wires.RECORDER})
    devices = home(run(path)).devices
    assert {device.mac for device in devices} == {"", wires.CAMERA, wires.RECORDER}
    assert len(devices) == 11


def test_what_was_tried_from_outside_is_no_call(run: Runner, put: Put) -> None:
    """The diagram draws what devices opened; a scan from outside stands in the table alone."""
    flow(path := put("in.log", ""), 1_790_000_000.0, 0, **{"id.orig_h": OUT, "id.resp_h": "192.168.1.64", "conn_state": "S0"})
    page = render_page(run(path)).decode()
    assert "from outside" in page
    assert "where their calls lead" not in page

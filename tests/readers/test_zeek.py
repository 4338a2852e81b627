"""Zeek's logs in both forms, damaged ones too. They are made after Zeek's documentation: no Zeek ran to write them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers.zeek import Zeek

Put = Callable[..., Path]
CAMERA = "192.168.1.64"


def as_json(*logs: dict[str, Any]) -> str:
    """Logs as Zeek writes them with `LogAscii::use_json`."""
    return "".join(json.dumps({"ts": 1790000000.5, "uid": "C1", **log}) + "\n" for log in logs)


def of(*logs: dict[str, Any]) -> str:
    """The camera's logs, as JSON."""
    return as_json(*({"id.orig_h": CAMERA, "id.orig_p": 4000, "id.resp_h": "198.51.100.20", "id.resp_p": 443, **log} for log in logs))


def test_conn_in_both_forms(put: Put) -> None:
    """Connections add up to the same contacts from TSV, JSON and gzip: bytes of IP each way, times, who began."""
    logs = [
        {
            "id.orig_h": CAMERA,
            "id.resp_h": "198.51.100.20",
            "id.resp_p": 8555,
            "proto": "tcp",
            "duration": 1.5,
            "conn_state": "SF",
            "orig_ip_bytes": 460,
            "resp_ip_bytes": 200,
            "ts": 1790000000.1,
        },
        {
            "id.orig_h": CAMERA,
            "id.resp_h": "198.51.100.20",
            "id.resp_p": 8555,
            "proto": "tcp",
            "duration": 1.5,
            "conn_state": "SF",
            "orig_ip_bytes": 140,
            "resp_ip_bytes": 100,
            "ts": 1790000060.1,
        },
    ]
    for content in (make_devices.CALLS.encode(), gzip.compress(make_devices.CALLS.encode()), as_json(*logs).encode()):
        path = put("conn.log", content)
        assert Zeek().recognise(path, content).endswith("conn")
        contact = next(item for item in Seen(Zeek(), path).traffic[0].contacts if item.port == 8555)
        assert (contact.device, contact.bytes_out, contact.bytes_in, contact.count) == (CAMERA, 600, 300, 2)
        assert (contact.first, contact.last, contact.opened_by) == (1790000000.1, 1790000061.6, "device")


def test_many_lines_as_few(put: Put) -> None:
    """Lines read many at a time give what they give one by one: the head alone decides where a batch begins."""
    body = "".join(line + "\n" for line in make_devices.CALLS.splitlines() if not line.startswith("#"))
    head = make_devices.CALLS[: -len(body)]
    found = Seen(Zeek(), put("conn.log", head + body * 90_000))
    contact = next(item for item in found.traffic[0].contacts if item.port == 8555)
    assert (contact.bytes_out, contact.count) == (600 * 90_000, 2 * 90_000)
    assert found.units == 8 + 4 * 90_000


def test_names_and_certificates(put: Put) -> None:
    """dns, ssl and http say whom the camera called; what a server on this side shows is a clue to it."""
    for name, log, how in (
        ("dns", {"query": "dev.hik-connect.com", "qtype_name": "A", "answers": ["198.51.100.20", "x.example"]}, "dns"),
        ("ssl", {"server_name": "dev.hik-connect.com", "cipher": "x"}, "tls"),
        ("http", {"host": "dev.hik-connect.com", "method": "GET", "uri": "/"}, "http"),
    ):
        asked = Seen(Zeek(), put(f"{name}.log", of(log))).traffic[0].asked[0]
        assert (asked.device, asked.host, asked.how, asked.addresses) == (CAMERA, "dev.hik-connect.com", how, ("198.51.100.20",))
    shown = as_json(
        {
            "id.orig_h": "192.168.1.5",
            "id.resp_h": CAMERA,
            "cipher": "x",
            "server_name": "cam.lan",
            "subject": "CN=hikvision.com,O=HIKVISION",
        }
    )
    rows = [row for row, _ in Seen(Zeek(), put("ssl2.log", shown)).devices]
    assert {"CN=hikvision.com,O=HIKVISION"} == {row["tls-subject"] for row in rows if "tls-subject" in row}


def test_logs_of_devices(put: Put) -> None:
    """dhcp, software, known_certs and known_devices tell of devices; x509 tells of nobody's device."""
    dhcp = Seen(Zeek(), put("dhcp.log", make_devices.DHCP))
    assert dhcp.device("44:19:b6:00:00:01")["hostname"] == "cam-gate"
    assert dhcp.traffic[0].bonds[0].address == CAMERA
    software = as_json({"host": CAMERA, "software_type": "HTTP::SERVER", "unparsed_version": "App-webs/"})
    assert Seen(Zeek(), put("software.log", software)).devices[0][0]["http-server"] == "App-webs/"
    certs = as_json({"host": CAMERA, "port_num": 443, "subject": "O=HIKVISION", "issuer_subject": "O=HIKVISION"})
    assert Seen(Zeek(), put("known_certs.log", certs)).devices[0][0]["tls-subject"] == "O=HIKVISION"
    x509 = as_json({"certificate.subject": "O=HIKVISION", "certificate.issuer": "O=HIKVISION"})
    found = Seen(Zeek(), put("x509.log", x509))
    assert found.devices[0][0]["passing"] == "O=HIKVISION"
    assert found.traffic[0].devices == {}
    browser = as_json({"host": CAMERA, "software_type": "HTTP::BROWSER", "unparsed_version": "Hik-Connect/4.21.0 (iPhone)"})
    assert Seen(Zeek(), put("browser.log", browser)).devices[0][0]["agent"] == "Hik-Connect/4.21.0 (iPhone)"


def test_unused_logs_are_told(put: Put) -> None:
    """A log that tells nothing of use is counted and said to be unused."""
    text = make_devices.ZEEK.format(path="weird", fields="ts\tuid", types="time\tstring") + "1.0\tC1\n"
    found = Seen(Zeek(), put("weird.log", text))
    assert found.units == 9
    assert any("weird" in getattr(event, "text", "") for event in found.events)


def test_damaged_lines(put: Put) -> None:
    """Lines with too few fields, torn JSON and a packed log cut off are rejects; what is whole is read."""
    torn = make_devices.CALLS + "1790000000.1\tC9\t192.168.1.64\n"
    assert Seen(Zeek(), put("a.log", torn)).codes == ["bad-log-line"]
    assert Seen(Zeek(), put("b.log", make_devices.DNS_JSON)).codes == ["bad-log-line"] * 2
    packed = gzip.compress((make_devices.CALLS * 50).encode())
    assert Seen(Zeek(), put("c.log.gz", packed[:-20])).codes[-1] == "cut-short"
    unset = make_devices.CALLS.replace("\t460\t", "\t-\t")
    contact = next(item for item in Seen(Zeek(), put("d.log", unset)).traffic[0].contacts if item.port == 8555)
    assert contact.bytes_out == 140


ENDS = {"id.orig_h": CAMERA, "id.orig_p": 4000, "id.resp_h": "198.51.100.20", "id.resp_p": 443}
BARE: dict[str, dict[str, Any]] = {
    "conn": {**ENDS, "proto": "tcp", "conn_state": "OTH"},
    "dns": {**ENDS, "proto": "udp", "trans_id": 1, "AA": False, "TC": False, "RD": False, "RA": False, "Z": 0, "rejected": False},
    "ssl": {**ENDS, "resumed": False, "established": False},
    "http": {**ENDS, "trans_depth": 1, "request_body_len": 0, "response_body_len": 0, "tags": []},
    "dhcp": {"uids": ["C1"], "msg_types": ["DISCOVER"]},
    "x509": {"fingerprint": "ab", "certificate.version": 3},
    "software": {"host": CAMERA, "software_type": "UNKNOWN"},
    "known_services": {"host": CAMERA, "port_num": 8000, "port_proto": "tcp"},
    "known_certs": {"host": CAMERA, "port_num": 443, "serial": "01"},
}
KNOWN = {"known_devices": {"ts": 1.5, "mac": "44:19:b6:00:00:01"}, "known_hosts": {"ts": 1.5, "host": CAMERA}}


@pytest.mark.parametrize("name", [*BARE, *KNOWN])
def test_lines_without_optional_fields(put: Put, name: str) -> None:
    """Each log is told in JSON though every field that may be unset is: JSON leaves those out."""
    text = as_json(BARE[name]) if name in BARE else json.dumps(KNOWN[name]) + "\n"
    assert Zeek().recognise(put("a.log", text), text.encode()) == f"a log of Zeek in JSON: {name}"
    assert not [event for event in Seen(Zeek(), put("a.log", text)).events if "tell nothing" in getattr(event, "text", "")]


def test_other_logs_of_connections(put: Put) -> None:
    """Logs that share fields with those that are read are not taken for them; one that nothing tells is one of Zeek's, and not used."""
    for fields, name in (({"method": "INVITE", "uri": "sip:a", "call_id": "x"}, "sip"), ({"name": "data_before_established"}, "not named")):
        path = put("a.log", as_json({**ENDS, **fields}))
        assert Zeek().recognise(path, path.read_bytes()).endswith(name)
        found = Seen(Zeek(), path)
        assert found.traffic[0].asked == []
        assert any(repr(name) in getattr(event, "text", "") for event in found.events)


def test_json_of_others_is_not_taken() -> None:
    """JSON lines with a time and a field or two of the same name are none of Zeek's."""
    for log in ({"ts": 1, "mac": "none"}, {"ts": 1, "method": "GET", "uri": "/"}, {"ts": 1, "host": CAMERA, "level": "info"}, {"msg": "x"}):
        assert Zeek().recognise(Path("x"), json.dumps(log).encode()) == ""


def test_streams_of_many_logs(put: Put) -> None:
    """Each line is read as its own log: by `_path`, and where there is none by its fields. Certificates among them are nobody's device."""
    logs: list[dict[str, Any]] = [
        {**ENDS, "proto": "tcp", "conn_state": "SF", "orig_ip_bytes": 3},
        {**ENDS, "proto": "udp", "query": "dev.hik-connect.com", "qtype_name": "A", "answers": ["198.51.100.20"]},
        {"host": CAMERA, "software_type": "HTTP::SERVER", "unparsed_version": "App-webs/"},
        {"certificate.subject": "O=HIKVISION"},
        {**ENDS, "name": "odd", "proto": "tcp"},
    ]
    paths = ("conn", "dns", "software", "x509", "weird")
    for text in (as_json(*logs), as_json(*({"_path": path, **log} for path, log in zip(paths, logs, strict=True)))):
        found = Seen(Zeek(), put("all.log", text))
        assert [(item.bytes_out, item.count) for item in found.traffic[0].contacts] == [(3, 1)]
        assert [item.host for item in found.traffic[0].asked] == ["dev.hik-connect.com"]
        assert found.devices[0][0]["http-server"] == "App-webs/"
        assert list(found.traffic[0].devices) == [CAMERA]
        assert found.units == 5


def test_odd_numbers_and_times(put: Put) -> None:
    """A count or a port in other digits than 0 to 9 is not told; a time without an offset is UTC."""
    text = as_json({**ENDS, "conn_state": "SF", "orig_ip_bytes": "\u00b2", "id.resp_p": "\u00b2", "ts": "2026-09-21T14:13:20"})
    contact = Seen(Zeek(), put("a.log", text)).traffic[0].contacts[0]
    assert (contact.bytes_out, contact.port, contact.first) == (None, -1, 1790000000.0)


def test_files_put_together(put: Put) -> None:
    """A call in two logs put one behind the other has the place of its first line."""
    found = Seen(Zeek(), put("a.log", make_devices.CALLS * 2))
    contact = next(item for item in found.traffic[0].contacts if item.port == 8555)
    assert (contact.position, contact.count) == (9, 4)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 1500), position=st.integers(0, 1400), noise=st.text(alphabet="\t\0-#{}1.\n", max_size=12), json_form=st.booleans()
)
def test_cut_and_torn_anywhere(put: Put, cut: int, position: int, noise: str, json_form: bool) -> None:
    """Cut anywhere, noise anywhere: no crash, and every line is counted once."""
    text = make_devices.DNS_JSON if json_form else make_devices.CALLS
    text = (text[:position] + noise + text[position:])[:cut]
    assert Seen(Zeek(), put("t", text)).units == text.count("\n") + bool(text and not text.endswith("\n"))

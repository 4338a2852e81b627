"""nmap's texts, damaged ones too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers.neighbours import Neighbours
from offlimits.readers.nmap import Nmap
from offlimits.readers.nmap_text import NmapText
from offlimits.readers.opened import MAX_LINE

Put = Callable[..., Path]
PRINTED, GREPABLE = make_devices.NMAP_TEXT, make_devices.NMAP_GREPABLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_devices_and_clues(put: Put, encoding: str) -> None:
    """Addresses, names, services, titles, realms, certificates and guesses become clues; a host that was down is counted."""
    path = put("scan.txt", PRINTED.encode(encoding))
    assert NmapText().recognise(path, path.read_bytes()) == "a scan by nmap, as text"
    found = Seen(NmapText(), path)
    camera, recorder = found.device("44:19:b6:00:00:01"), found.device("3c:ef:8c:00:00:02")
    assert (camera["http-server"], camera["http-title"], camera["hostname"]) == ("App-webs/", "login", "cam-gate.example.org")
    assert camera["tls-subject"] == "CN=hikvision.com, O=HIKVISION, C=CN"
    assert (recorder["realm"], recorder["banner"]) == ("Login to 2J01018PAA00813", "Dahua DVR rtspd\nDevice: webcam")
    assert recorder["guess"].startswith("Linux 3.2 - 4.9 (nmap's guess, 97 %)\nAXIS")
    assert found.skipped == {"line about the scan": 1, "host that was down": 1}
    assert [place for _, place in found.devices] == [2, 18, 30]
    assert not found.codes


def test_an_answer_that_nmap_does_not_know(put: Put) -> None:
    """The answers in the fingerprint of an unknown service are read: heads of HTTP and RTSP, in text and in XML alike."""
    text = next(row for row, _ in Seen(NmapText(), put("scan.txt", PRINTED)).devices if "mac" not in row)
    assert (text["http-server"], text["realm"]) == ("DNVRS-Webs", "DVRNVRDVS")
    assert "banner" not in text
    printed = "".join(line[3:] for line in PRINTED.splitlines() if line.startswith("SF:"))
    quoted = printed.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    service = f'<service name="unknown" servicefp="SF-Port8099-TCP:%r(Get{quoted}"/>'
    xml = f'<nmaprun><host><address addr="192.168.1.70" addrtype="ipv4"/>{service}</host></nmaprun>'
    (row, _), *_ = Seen(Nmap(), put("scan.xml", xml)).devices
    assert (row["http-server"], row["realm"]) == ("DNVRS-Webs", "DVRNVRDVS")


def test_as_xml(put: Put) -> None:
    """The same scan in both forms gives the same devices, where both hold the same."""
    xml = {row["mac"]: row for row, _ in Seen(Nmap(), put("scan.xml", make_devices.NMAP)).devices}
    text = {row["mac"]: row for row, _ in Seen(NmapText(), put("scan.txt", PRINTED)).devices if "mac" in row}
    same = ("device", "http-server", "http-title", "realm", "tls-subject", "tls-issuer", "hostname")
    assert {mac: [row.get(kind) for kind in same] for mac, row in text.items()} == {
        mac: [row.get(kind) for kind in same] for mac, row in xml.items()
    }


PARAMETERS = ("nonce=b252aWY", "qop=auth", "stale=false", "opaque=a b", "algorithm=MD5")


@given(
    behind=st.permutations(PARAMETERS), cut=st.integers(0, len(PARAMETERS)), name=st.sampled_from(["Login to 4A0B1C2PAZ3D4E5", "DS-2CD"])
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_realm_among_other_parameters(put: Put, behind: list[str], cut: int, name: str) -> None:
    """nmap writes the parameters of a challenge without quotes in any order; the realm ends where the next begins, in both forms."""
    said = " ".join([*behind[:cut], f"realm={name}", *behind[cut:]])
    text = (
        f"Nmap scan report for 10.0.0.1\n80/tcp open  http\n| http-auth: \n| HTTP/1.0 401 Unauthorized\\x0D\n|_  Digest {said}\n# Nmap done"
    )
    output = f"&#xa;HTTP/1.0 401 Unauthorized&#xd;&#xa;  Digest {said}&#xa;"
    xml = f'<nmaprun><host><address addr="10.0.0.1" addrtype="ipv4"/><script id="http-auth" output="{output}"/></host></nmaprun>'
    for reader, path in ((NmapText(), put("scan.txt", text)), (Nmap(), put("scan.xml", xml))):
        (row, _), *_ = Seen(reader, path).devices
        assert row["realm"] == name


def test_realms_as_they_are_written(put: Put) -> None:
    """Quoted, empty, of a scheme without more, several: each realm once, and nothing that is none."""
    lines = (
        'Basic realm="a, qop=b" nonce=c',
        "Basic realm=DVRNVRDVS",
        "Digest realm= nonce=c",
        "Digest x-realm=no, realm=IP Camera(C2=1), qop=auth",
    )
    text = "Nmap scan report for 10.0.0.1\n80/tcp open  http\n| http-auth: \n" + "".join(f"|   {line}\n" for line in lines) + "# Nmap done"
    (row, _), *_ = Seen(NmapText(), put("scan.txt", text)).devices
    assert row["realm"].split("\n") == ["a, qop=b", "DVRNVRDVS", "IP Camera(C2=1)"]


def test_lines_too_long(put: Put) -> None:
    """A line whose rest is dropped is a reject; where it named a host, what follows is not the host's before."""
    text = (
        f"Nmap scan report for 10.0.0.1\nNmap scan report for {'a' * MAX_LINE} (10.0.0.2)\nMAC Address: 44:19:B6:00:00:01 (x)\n# Nmap done"
    )
    found = Seen(NmapText(), put("scan.txt", text))
    assert (found.codes, [row["device"] for row, _ in found.devices]) == (["line-too-long"], ["10.0.0.1"])


def test_grepable(put: Put) -> None:
    """The grepable form: one device a host, only what open ports said."""
    path = put("scan.gnmap", GREPABLE)
    assert NmapText().recognise(path, path.read_bytes())
    found = Seen(NmapText(), path)
    assert [row.get("banner") for row, _ in found.devices] == ["Hikvision IP camera httpd", "Dahua DVR rtspd"]
    assert found.devices[1][0]["guess"] == "Linux 3.2 - 4.9 (nmap's guess, 100 %)"
    assert found.skipped == {"line about the scan": 1, "host that was down": 1}


def test_columns_with_reasons(put: Put) -> None:
    """With `--reason` a column stands before the version; it is no part of it."""
    text = "Nmap scan report for 10.0.0.1\nPORT   STATE SERVICE REASON         VERSION\n80/tcp open  http    syn-ack ttl 64 Dahua x\n# Nmap done"
    (row, _), *_ = Seen(NmapText(), put("scan.txt", text)).devices
    assert row["banner"] == "Dahua x"
    without = "Nmap scan report for 10.0.0.1\nPORT   STATE SERVICE\n80/tcp open  http\n# Nmap done"
    (row, _), *_ = Seen(NmapText(), put("scan.txt", without)).devices
    assert "banner" not in row


def test_scan_that_did_not_end(put: Put) -> None:
    """A scan without its last line keeps what is there, and says so; two scans in one file are both read."""
    cut = Seen(NmapText(), put("scan.txt", PRINTED[: PRINTED.index("| Issuer")]))
    assert (cut.codes, len(cut.devices)) == (["cut-short"], 1)
    twice = Seen(NmapText(), put("scan.txt", PRINTED + GREPABLE))
    assert not twice.codes
    assert {row["device"].split(" · ")[0] for row, _ in twice.devices} == {f"192.168.1.{number}" for number in (64, 108, 70)}


def test_other_texts_are_left_alone(put: Put) -> None:
    """A letter that quotes a scan is no scan, and a scan is no table of neighbours."""
    letter = put("letter.txt", "Dear all,\n\n" + PRINTED)
    assert not NmapText().recognise(letter, letter.read_bytes())
    path = put("scan.txt", PRINTED)
    assert not Neighbours().recognise(path, path.read_bytes())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(PRINTED)), more=st.integers(0, len(GREPABLE)), noise=st.binary(max_size=12))
def test_cut_anywhere(put: Put, cut: int, more: int, noise: bytes) -> None:
    """Cut anywhere, with noise and the end of another scan behind: no crash, no device that is not there."""
    found = Seen(NmapText(), put("t", PRINTED.encode()[:cut] + noise + GREPABLE.encode()[more:]))
    assert len(found.devices) <= 7

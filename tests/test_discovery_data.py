"""The discovery samples and packets beside the project, put on a made wire: right maker, the model among the clues, others give none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
import wires
from conftest import Runner, data_folder
from devices_seen_live import rows

from offlimits.judging import judge
from offlimits.matching import Matching
from offlimits.model import ColumnKind, Entry, Mention, Place
from offlimits.registry import load_registry

PORTS = {"sadp": 37020, "dhip": 37810, "wsd": 3702}
NAMED = {"hikvision": "hikvision", "dahua": "dahua"}
OTHERS = "00:16:3e:00:00:01"


def payload(sample: dict[str, object]) -> bytes:
    """A sample as its device sends it."""
    if sample["proto"] == "sadp":
        return str(sample["xml"]).encode()
    if sample["proto"] == "dhip":
        body = json.dumps(sample["json"]).encode()
        return b"\x20\0\0\0DHIP" + bytes(8) + len(body).to_bytes(4, "little") + bytes(4) + len(body).to_bytes(4, "little") + bytes(4) + body
    return wires.wsd(str(sample["scopes"]))


def groups(run: Runner, folder: Path, data: bytes, port: int, hardware: str = OTHERS) -> tuple[set[str], str]:
    """The listed groups found in a capture of one datagram, and all texts that they rest on. The sender's own prefix says nothing."""
    path = folder / "one.pcap"
    path.write_bytes(
        wires.pcap([(1.0, wires.ethernet(hardware, wires.ROUTER, wires.udp("192.168.1.64", "192.168.1.5", port, port, data)))])
    )
    report = run(path)
    assert not report.rejects_by_code
    words = [text for item in report.findings for text in (item.device, *(mention.text for mention in item.mentions))]
    return {item.group for item in report.findings}, " ".join(words)


def told(sample: dict[str, object]) -> Iterator[tuple[ColumnKind, str]]:
    """The clues of a sample that is no payload but what a device said: certificates, realms, servers, numbers of SNMP."""
    for field, kind in (("subject", "tls-subject"), ("server", "http-server"), ("enterprise", "snmp")):
        if field in sample:
            yield kind, str(sample[field]).split(" | ")[0].split(" (")[0]
    if "realm" in sample:
        yield "realm", re.sub(r" <15-char serial, e.g. (\S+) .*", r" \1", str(sample["realm"]))


def clue_groups(clues: Iterable[tuple[ColumnKind, str]]) -> set[str]:
    """The groups that clues of one device lead to, firmly."""
    registry = load_registry()
    entry = Entry(place=Place(line=1), channel="install", mentions=tuple(Mention(field=kind, kind=kind, text=text) for kind, text in clues))
    return {item.path.group for item in judge(entry, Matching(registry), registry, date(2026, 11, 23))[0] if item.strength != "possible"}


def test_discovery_samples(run: Runner, tmp_path: Path) -> None:
    """All 18 samples give their maker, those with a payload through a capture, with the model among the words found; also where the
    device says another vendor's name, or a general one."""
    path = data_folder("devices", "discovery_samples", "samples.jsonl")
    samples = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(samples) >= 18
    missed = []
    for sample in samples:
        group = NAMED[sample["vendor"].partition(":")[0].partition("-")[0]]
        if sample["proto"] not in PORTS:
            missed += [] if clue_groups(told(sample)) == {group} else [f"{sample['proto']} {sample['vendor']}"]
            continue
        found, words = groups(run, tmp_path, payload(sample), PORTS[sample["proto"]])
        if found != {group} or sample["model"] not in words:
            missed.append(f"{sample['proto']} {sample['vendor']} {sample['model']}: {found} {words[:80]}")
    assert missed == []


def test_discovery_packets(run: Runner, tmp_path: Path) -> None:
    """Packets of other makers give none, whatever port they come on; nothing is rejected."""
    folder = data_folder("devices", "discovery_packets")
    for path in sorted(folder.glob("*.selftest")):
        if re.match(r"Hikvision|Dahua", path.name):
            continue
        for port in PORTS.values():
            found, words = groups(run, tmp_path, path.read_bytes(), port)
            assert not found, f"{path.name}: {words}"


@pytest.mark.parametrize(
    ("name", "port", "group"), [("Hikvision", 37020, "hikvision"), ("Dahua1", 5050, "dahua"), ("Dahua2", 37810, "dahua")]
)
def test_packets_of_ours_are_identified(run: Runner, tmp_path: Path, name: str, port: int, group: str) -> None:
    """The packets of Hikvision and Dahua devices lead to their maker by their protocol alone: model and prefix are made anonymous."""
    data = data_folder("devices", "discovery_packets", f"{name}.selftest").read_bytes()
    assert groups(run, tmp_path, data, port)[0] == {group}
    row = rows(tmp_path / "one.pcap")[OTHERS]
    assert row["model"].startswith("Virtual")

"""The discovery samples and packets beside the project, put on a made wire: right maker, the model among the clues, others give none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import wires
from conftest import Runner, data_folder
from devices_seen_live import rows

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
    return {item.group for item in report.findings}, " ".join(mention.text for item in report.findings for mention in item.mentions)


def test_discovery_samples(run: Runner, tmp_path: Path) -> None:
    """Samples with a payload give their maker; where the model is the maker's own code, it is among the words found."""
    path = data_folder("devices", "discovery_samples", "samples.jsonl")
    samples = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sent = [sample for sample in samples if sample["proto"] in PORTS]
    assert len(sent) >= 11
    missed = []
    for sample in sent:
        group = NAMED[sample["vendor"].partition(":")[0].partition("-")[0]]
        found, words = groups(run, tmp_path, payload(sample), PORTS[sample["proto"]])
        own = ":" not in sample["vendor"] and "-oem" not in sample["vendor"]
        if group not in found or (own and sample["model"] not in words):
            missed.append(f"{sample['proto']} {sample['vendor']} {sample['model']}: {found} {words[:80]}")
    allowed = {"dhip"}  # framing without a maker's word: the evidence of fingerprints says whose it is
    assert [item for item in missed if item.split()[0] not in allowed] == []


def test_discovery_packets(run: Runner, tmp_path: Path) -> None:
    """Packets of other makers give none, whatever port they come on; nothing is rejected."""
    folder = data_folder("devices", "discovery_packets")
    for path in sorted(folder.glob("*.selftest")):
        if re.match(r"Hikvision|Dahua", path.name):
            continue
        for port in PORTS.values():
            found, words = groups(run, tmp_path, path.read_bytes(), port)
            assert not found, f"{path.name}: {words}"


@pytest.mark.parametrize(("name", "port", "kind"), [("Hikvision", 37020, "sadp"), ("Dahua1", 5050, "dhip"), ("Dahua2", 37810, "dhip")])
def test_packets_of_ours_are_clues(tmp_path: Path, name: str, port: int, kind: str) -> None:
    """The packets of Hikvision and Dahua devices become clues of their protocol: their model and prefix are made anonymous, so that only the
    protocol is left to say whose they are."""
    data = data_folder("devices", "discovery_packets", f"{name}.selftest").read_bytes()
    path = tmp_path / "one.pcap"
    path.write_bytes(wires.pcap([(1.0, wires.ethernet(OTHERS, wires.ROUTER, wires.udp("192.168.1.64", "192.168.1.5", port, port, data)))]))
    row = rows(path)[OTHERS]
    assert row[kind]
    assert row["model"].startswith("Virtual")

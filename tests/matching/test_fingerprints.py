"""Fingerprints: each one's examples find its maker and no other; recog's own examples beside the project; discovery samples."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from offlimits.judging import judge
from offlimits.matching import Matching
from offlimits.model import ColumnKind, Entry, Fingerprint, Mention, Place
from offlimits.registry import Registry, load_registry

AS_OF = date(2026, 11, 23)
REGISTRY = load_registry()
ALL = REGISTRY.data.fingerprints
KINDS: dict[str, ColumnKind] = {
    "dhcp_vendor_class": "dhcp-class", "favicons": "favicon", "html_title": "http-title", "http_servers": "http-server", "http_wwwauth": "realm",
    "rtsp_servers": "rtsp", "snmp_sysdescr": "snmp", "snmp_sysobjid": "snmp", "ssh_banners": "ssh", "x509_subjects": "tls-subject",
    "x509_issuers": "tls-issuer", "mdns_device-info_txt": "mdns", "mdns_workstation_txt": "mdns",
}  # fmt: skip
"""Recog's files and the kind of clue that their examples are; those of all others are greetings of services."""

OURS = re.compile(r"hikvision|dahua|huawei$|zte$|lorex|uniview|tiandy|hytera", re.IGNORECASE)
ALLOWED = {
    "HUAWEI-3COM WBR-204g",
    "MAS 1.0 (Intel X86) Copyright (c) 1998-2006 Huawei Technologies Co., Ltd on Windows NT 5.0",
    "MAS 1.0 (Intel X86) Copyright (c) 1998-2006 Huawei Technologies Co., Ltd on SUSE LINUX 9.0",
}
"""Texts that name Huawei in full and stand in recog without a maker, or under that of the joint company it once had."""


@pytest.fixture(scope="module")
def matching() -> Matching:
    """All matchers with their search, as a run has them."""
    found = Matching(REGISTRY)
    found.prepare()
    return found


def groups(matching: Matching, registry: Registry, text: str, kind: ColumnKind) -> set[str]:
    """The groups that a clue alone leads to, firmly."""
    entry = Entry(place=Place(line=1), channel="install", mentions=(Mention(field=kind, kind=kind, text=" ".join(text.split())),))
    return {item.path.group for item in judge(entry, matching, registry, AS_OF)[0] if item.strength != "possible"}


@pytest.mark.parametrize("item", ALL, ids=lambda item: f"{item.kind}/{item.id}")
def test_examples(matching: Matching, item: Fingerprint) -> None:
    """Every example leads to its entity, through the search too, and to no other group; shared ones are possible at most."""
    group = REGISTRY.entities[item.entity].group
    for example in item.examples:
        found = [match for match in matching.find(example, item.kind) if match.rule == "fingerprint"]
        assert item.entity in {match.entity for match in found}
        assert {REGISTRY.entities[match.entity].group for match in found} == {group}
        assert groups(matching, REGISTRY, example, item.kind) == (set() if item.shared else {group})
    for example in item.not_examples:
        assert item.id not in {match.reasons[0].detail.rpartition("(")[2].rstrip(")") for match in matching.find(example, item.kind)}


def test_clues_count_in_their_own_field_only(matching: Matching) -> None:
    """A realm in a column of text says nothing by itself."""
    assert not matching.find("Login to 2J01018PAA00813", "text")


def test_enterprise_numbers(matching: Matching) -> None:
    """A number that the IANA assigned tells the maker; one digit more is somebody else's."""
    assert groups(matching, REGISTRY, "1.3.6.1.4.1.39165.1.1", "snmp") == {"hikvision"}
    assert groups(matching, REGISTRY, ".1.3.6.1.4.1.2011.2.23", "snmp") == {"huawei"}
    assert not groups(matching, REGISTRY, "1.3.6.1.4.1.391650.1", "snmp")
    assert not groups(matching, REGISTRY, "1.3.6.1.4.1.39165.1.1", "ssh")


# --- recog beside the project -------------------------------------------------------------------


def recog() -> Path:
    """The folder of recog's XML (`OFFLIMITS_RECOG`): fetched beside the project, never into it."""
    folder = Path(os.environ.get("OFFLIMITS_RECOG", "/nowhere"))
    if not folder.is_dir():
        pytest.skip("recog's data are absent: set OFFLIMITS_RECOG to the xml folder of a checkout of it")
    return folder


def examples(folder: Path) -> Iterator[tuple[str, ColumnKind, bool, str]]:
    """File, kind of clue, whether it is one of our makers', text of every example."""
    for path in sorted(folder.glob("*.xml")):
        kind = KINDS.get(path.stem, "banner")
        for item in ET.parse(path).getroot().iter("fingerprint"):
            vendors = [param.get("value") or "" for param in item.iter("param") if (param.get("name") or "").endswith("vendor")]
            for example in item.iter("example"):
                text = example.text or ""
                if example.get("_encoding") == "base64":
                    text = base64.b64decode(text).decode("utf-8", "replace")
                if kind == "realm" and (realm := re.search(r'realm="([^"]*)"', text, re.IGNORECASE)):
                    text = realm[1]
                yield path.stem, kind, any(OURS.search(vendor) for vendor in vendors), text


def test_recogs_examples_of_ours(matching: Matching) -> None:
    """Recog's own examples of these makers are all identified."""
    ours = [(name, text) for name, kind, mine, text in examples(recog()) if mine and not groups(matching, REGISTRY, text, kind)]
    assert [item for item in ours if item[1] not in ALLOWED] == []


def test_recogs_examples_of_others(matching: Matching) -> None:
    """Its other makers' examples give none."""
    others = [
        (name, text, found)
        for name, kind, mine, text in examples(recog())
        if not mine and (found := groups(matching, REGISTRY, text, kind))
    ]
    assert [item for item in others if item[1] not in ALLOWED] == []

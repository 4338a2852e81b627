"""ARP and neighbour tables: `arp -a` on Linux, macOS and Windows, `arp -n`, `ip neigh`, `/proc/net/arp`, `ndp -a`, `Get-NetNeighbor`,
`netsh … show neighbors`; of routers and switches `show ip arp`, `show arp`, `get system arp`, `display arp`, `/ip arp print`, `show mac
address-table`, `display mac-address`, `show mac-address`; and what arp-scan prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Progress, Skipped
from offlimits.readers.devices import Estate, device_table, plain_mac
from offlimits.readers.opened import line_batches, text_head

IP = r"(?P<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]+)(?:%\w+)?"
MAC = r"(?P<mac>(?:[0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2})"
DOTTED = r"(?P<mac>(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4})"
GROUPS = r"(?P<mac>(?:[0-9a-fA-F]{4}-){2}[0-9a-fA-F]{4}|[0-9a-fA-F]{6}-[0-9a-fA-F]{6})"
FORMS = (
    re.compile(rf"^{IP}\t{MAC}\t(?P<maker>.*)$"),
    re.compile(rf"^(?P<name>\S+) \({IP}\) at (?:{MAC}|<?\(?incomplete\)?>?)(?: .*)?$"),
    re.compile(rf"^{IP} dev \S+(?: lladdr {MAC})?(?: \w+)*\s*$"),
    re.compile(rf"^{IP}\s+(?:(?:ether|ieee802\S*)\s+{MAC}\s+[CMP]+\s+\S+|\(incomplete\)\s+\S+)\s*$"),
    re.compile(rf"^\s+{IP}\s+{MAC}\s+\S+.*$"),
    re.compile(rf"^\d+\s+{IP}\s+(?:{MAC})?\s+[A-Z][a-z]+(?: .*)?$"),
    re.compile(rf"^{IP}\s+{MAC}\s+[A-Z][a-z]+(?: .*)?$"),
    re.compile(rf"^{IP}\s+0x[0-9a-f]+\s+0x[0-9a-f]+\s+{MAC}\s+\S+\s+\S+\s*$"),
    re.compile(rf"^{IP}\s+{MAC}\s+\w+\s+(?:\d+[smhd]\S*|expired|permanent)\s.*$"),
    re.compile(rf"^Internet\s+{IP}\s+(?:-|\d+)\s+(?:{DOTTED}|Incomplete)\s+ARPA.*$"),
    re.compile(rf"^\s*(?:\d+|All)\s+{DOTTED}\s+(?:DYNAMIC|STATIC|dynamic|static)\s+.*$"),
    re.compile(rf"^\s*\d+\s+[A-Z]*\s*{IP}\s+{MAC}\s+\S+\s*$"),
    re.compile(rf"^{IP}\s+\d+\s+{MAC}\s+\S+\s*$"),
    re.compile(rf"^{MAC}\s+{IP}\s+(?P<name>\S+)\s+\S+\s+\S+\s*$"),
    re.compile(rf"^\s*{IP}\s+{GROUPS}\s+\S.*$"),
    re.compile(rf"^\s*{GROUPS}\s+\d+(?:/\S+)?(?:\s+\S.*)?$"),
)
"""arp-scan; `arp -a` of Linux and macOS, `ip neigh`, `arp -n`, `arp -a` of Windows, `Get-NetNeighbor`, `netsh`; `/proc/net/arp`, `ndp -a`,
`show ip arp`, `show mac address-table`, `/ip arp print`; of Fortinet and Juniper; of HP, Huawei and H3C, addresses and ports."""

INTERFACE = re.compile(r"^\S.*(?:--- 0x[0-9a-f]+|\s\d+:\s.*)\s*$")
"""The head of one interface's table on Windows, in whatever language."""

HEADER = re.compile(
    r"^(?:Address\s+HWtype|IP address\s+HW type|Interface: \S+, type: |(?:Starting|Ending) arp-scan |\d+ packets received |"
    r"Flags: [A-Z] - |\s*#\s+ADDRESS\s|ifIndex\s|Total\b|-[- ]+$|\s*Internet\b.*Address|\s*\S[^\d:]*$)"
)


class Neighbours:
    """Reads ARP and neighbour tables."""

    name = "neighbours"
    cannot_show: tuple[str, ...] = (
        "devices behind a router, and those that were silent for the last minutes",
        "what a device is beyond the prefix of its hardware address",
        "whom it calls",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        lines = [line for line in text_head(head).splitlines()[:40] if line.strip()]
        known = sum(1 for line in lines if read_neighbour(line))
        return "an ARP or neighbour table" if known and known * 2 >= len(lines[:-1] or lines) - _headers(lines) else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        estate = Estate(device_table())
        yield estate.table
        number = 0
        for batch in line_batches(path):
            for line in batch:
                number += 1
                if event := _take(estate, number, line.decode("utf-8", "replace")):
                    yield event
            yield Progress(size_bytes=sum(map(len, batch)) + len(batch))
        yield from estate.events()


def _headers(lines: list[str]) -> int:
    return sum(1 for line in lines if INTERFACE.match(line) or HEADER.match(line))


def read_neighbour(line: str) -> re.Match[str] | None:
    """One line of such a table; None for any other."""
    return next((found for form in FORMS if (found := form.match(line))), None)


def _take(estate: Estate, number: int, line: str) -> Event | None:
    """Add one line; what does not become a device of its own is given back, counted."""
    if not line.strip():
        return Skipped(reason="blank")
    found = read_neighbour(line)
    if found is None:
        if INTERFACE.match(line) or HEADER.match(line):
            return Skipped(reason="header")
        return Reject(
            place=Place(line=number), code="unknown-line", reason="the line is none of an ARP or neighbour table", raw=line[:2000]
        )
    said = found.groupdict()
    if not said["mac"]:
        return Skipped(reason="silent neighbour")
    if not (mac := plain_mac(said["mac"])):
        return Skipped(reason="group address")
    known, address = mac in estate.devices, (said.get("ip") or "").lower()
    device = estate.see(mac, number, mac, address)
    estate.bind(mac, address)
    if device and (name := said.get("name") or "") not in ("", "?", address):
        device.add("hostname", name)
    if device and (maker := said.get("maker") or ""):
        device.add("maker", maker)
    return Skipped(reason="line more of a device") if known else None

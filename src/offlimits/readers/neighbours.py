"""ARP and neighbour tables: `arp` and `arp -a` on Linux, macOS and Windows, `arp -n`, `ip neigh`, `/proc/net/arp`, `ndp -a`,
`Get-NetNeighbor`, `netsh … show neighbors`; of routers and switches `show ip arp`, `show arp`, `get system arp`, `display arp`,
`/ip arp print`, `show mac address-table`, `display mac-address`, `show mac-address`; and what arp-scan prints.

No form has two quantities beside each other that could take the same characters, unless the first never gives back: so a line is matched
in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from offlimits.readers.base import Event, Options, Skipped
from offlimits.readers.devices import Estate, device_table, plain_mac
from offlimits.readers.lines import numbered_lines, unknown_line
from offlimits.readers.opened import text_head

IP = r"(?P<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{1,42}+)(?:%[\w.-]++)?"
MAC = r"(?P<mac>(?:[0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2})"
DOTTED = r"(?P<mac>(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4})"
ANY = r"(?P<mac>(?:[0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2}|(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}|[0-9a-fA-F]{12}\b)"
GROUPS = r"(?P<mac>(?:[0-9a-fA-F]{4}-){2}[0-9a-fA-F]{4}|[0-9a-fA-F]{6}-[0-9a-fA-F]{6})"
LETTER = r"(?:[^\W\d_]|\ufffd)"
TITLE = rf"(?:[^\W\d_a-z]|\ufffd){LETTER}*+"
"""A word of any language that begins with no small Latin letter; a letter that did not decode is one too."""

AGE = r"(?:-|\d[\d:.]*+|(?:\d{1,4}[wdhms]){1,5}|N/A)"
FORMS = (
    re.compile(rf"^{IP}\t{MAC}\t(?P<maker>.*)$"),
    re.compile(rf"^(?P<name>\S++) \({IP}\) (?:[^\s:]{{1,30}} ){{1,4}}(?:{MAC}|<[^<>:]*+>|\([^():]*+\))(?: .*)?$"),
    re.compile(rf"^{IP} dev \S++(?: ++lladdr {MAC})?(?: ++(?!lladdr)[\w/]++)*+\s*+$"),
    re.compile(rf"^(?:{IP}|(?P<name>[\w.-]++))\s++[a-z][a-z\d.]*+\s++{MAC}\s++[CMPU!]{{1,4}}\s++\S++(?:\s++\S++)?\s*+$", re.ASCII),
    re.compile(rf"^\s++{IP}\s++{MAC}\s++\S.*$"),
    re.compile(rf"^\d++\s++{IP}\s++(?:{ANY}\s++)?{TITLE}(?: .*)?$"),
    re.compile(rf"^{IP}\s++{MAC}\s++{TITLE}(?: .*)?$"),
    re.compile(rf"^{IP}\s++0x[0-9a-f]++\s++0x[0-9a-f]++\s++{MAC}\s++\S++\s++\S++\s*+$"),
    re.compile(rf"^{IP}\s++{MAC}\s++\w++\s++(?:\d++[smhd]\S*+|expired|permanent)\s.*$"),
    re.compile(rf"^Internet\s++{IP}\s++(?:-|\d++)\s++(?:{DOTTED}|Incomplete)\s++ARPA.*$"),
    re.compile(rf"^\s*+(?:\d++|All)\s++{DOTTED}\s++(?:DYNAMIC|STATIC|dynamic|static)\s.*$"),
    re.compile(rf"^\s*+\d++\s++(?:[A-Z]++\s++)?{IP}\s++{MAC}\s++\S++\s*+$"),
    re.compile(rf"^{IP}\s++{AGE}\s++{ANY}\s++\S.*$"),
    re.compile(rf"^{MAC}\s++{IP}\s++(?P<name>\S++)\s++\S++\s++\S++\s*+$"),
    re.compile(rf"^\s*+{IP}\s++{GROUPS}\s++\S.*$"),
    re.compile(rf"^\s*+{GROUPS}\s++\d++(?:/\S++)?(?:\s++\S.*)?$"),
)
"""arp-scan; `arp -a` of Linux and macOS in any language, `ip neigh` and `ip -s neigh`, `arp` and `arp -n`, `arp -a` of Windows,
`Get-NetNeighbor`, `netsh`; `/proc/net/arp`, `ndp -a`, `show ip arp`, `show mac address-table`, `/ip arp print`; of Fortinet and of NX-OS,
of Juniper; of HP, Huawei and H3C, addresses and ports."""

SILENT = (
    re.compile(rf"^(?:{IP}|[\w.-]++)\s++\([^():\d]*+\)\s++\S.*$"),
    re.compile(rf"^{IP}\s{{2,}}+{LETTER}++(?:\s++\(?{LETTER}++\)?)*+\s*+$"),
    re.compile(rf"^{IP}\s++{AGE}\s++{LETTER}++\s++\S.*$"),
)
"""A neighbour without a hardware address: a word in its place, in any language. `arp -n` and `ndp`; `netsh`; NX-OS. Lists of other things
have such lines too, so they make no file a table of neighbours."""

MOST_LENGTH = 1000
"""Characters of the longest line that may be one of such a table."""

INTERFACE = re.compile(r"^\S.*(?:--- 0x[0-9a-f]+|\s\d+\s?:\s.*)\s*$")
"""The head of one interface's table on Windows, in whatever language."""

HEADER = re.compile(
    r"^(?:Address\s++HWtype|IP address\s++HW type|Interface: \S+, type: |(?:Starting|Ending) arp-scan |\d++ packets received |"
    r"Flags: \S++ - |\s*+#\s++ADDRESS\s|ifIndex\s|Total\b|-[- ]++$|\s*+Internet\b.*Address|\s*+[^\s\d:][^\d:]*+$)"
)

PROMPT = re.compile(r"^(?:PS )?[<\[(]?[^\W\d][\w.@:~/\\() -]{0,60}[>\]#$%][\]>#$% ]*+(?:[a-z/][\w ./|\\-]*+)?$", re.IGNORECASE)
"""What stands before a command, and the command: `SW1#show ip arp`, `<Huawei>display arp`, `[admin@MikroTik] > /ip arp print`."""


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
        aside = sum(1 for line in lines if not read_neighbour(line) and (is_silent(line) or is_head(line)))
        return "an ARP or neighbour table" if known and known * 2 >= len(lines[:-1] or lines) - aside else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        estate = Estate(device_table())
        yield estate.table
        for item in numbered_lines(path):
            if event := _take(estate, *item) if isinstance(item, tuple) else item:
                yield event
        yield from estate.events()


def read_neighbour(line: str) -> re.Match[str] | None:
    """One line of such a table; None for any other."""
    if len(line) > MOST_LENGTH:
        return None
    return next((found for form in FORMS if (found := form.match(line))), None)


def is_silent(line: str) -> bool:
    """Whether a line tells of a neighbour that did not answer, with a word where its hardware address would stand."""
    return len(line) <= MOST_LENGTH and any(form.match(line) for form in SILENT)


def is_head(line: str) -> bool:
    """Whether a line stands above such a table, or between two."""
    return len(line) <= MOST_LENGTH and any(form.match(line) for form in (INTERFACE, HEADER, PROMPT))


def _take(estate: Estate, number: int, line: str) -> Event | None:
    """Add one line; what does not become a device of its own is given back, counted."""
    found = read_neighbour(line)
    if found is None:
        if is_silent(line):
            return Skipped(reason="silent neighbour")
        return Skipped(reason="header") if is_head(line) else unknown_line(number, line, "an ARP or neighbour table")
    said = found.groupdict()
    if not said["mac"] or not said["mac"].strip("0:.-"):
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

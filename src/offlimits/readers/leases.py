"""DHCP leases: dnsmasq, ISC `dhcpd.leases`, Kea's CSV, and what Windows exports and prints."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path

import msgspec

from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Skipped
from offlimits.readers.devices import Estate, device_table, plain_mac
from offlimits.readers.lease_tables import LISTED_HEAD, PARTED, columns_of, is_printed, read_printed
from offlimits.readers.lines import Item, numbered_lines, unknown_line
from offlimits.readers.opened import text_head
from offlimits.text import is_whole

DNSMASQ = re.compile(r"^(\d+) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) ([0-9a-f:.]+) (\S+) (\S+)\s*$", re.IGNORECASE)
DNSMASQ6 = re.compile(r"^(?:duid [0-9a-f:]+|\d+ \d+ [0-9a-f:]+ \S+ [0-9a-f:*]+)\s*$", re.IGNORECASE)
ISC = re.compile(r"^[ \t]*+lease ([0-9.]+) \{", re.MULTILINE)
ISC_TORN = re.compile(r"lease ([0-9.]+) \{\s*$")
"""A lease that begins behind a line that was torn."""

ISC_WORDS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[;{}]|#.*|[^";{}#]++')
"""A line of `dhcpd.leases`: texts, signs, a comment, and what stands between them (dhcpd.leases(5))."""

STATEMENT = re.compile(
    r'(starts|ends|hardware ethernet|client-hostname|set vendor-class-identifier|binding state)\b[ =]*+"?((?:[^"\\]|\\.)*+)"?$',
    re.IGNORECASE,
)
ESCAPED = re.compile(r"""\\(["\\])""")
MAX_LEASE_LINES = 200

MOST_LOOKED_AT = 40
"""First lines by which the form of a file is told."""

LONG = 2000
"""No lease is written in so many characters."""

KIND = "this kind of lease file"


class Leases:
    """Reads DHCP leases."""

    name = "leases"
    cannot_show: tuple[str, ...] = (
        "devices with an address set by hand",
        "what a device is beyond the prefix of its hardware address and the name it gives itself",
        "whom it calls",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        text = text_head(head)
        lines = [line for line in text.splitlines()[:MOST_LOOKED_AT] if line.strip()]
        if len(lines) > 1 and len(lines[-1]) > LONG:  # cut by the end of the head
            lines.pop()
        if (form := _form_of(lines)) is not None:
            return form.why
        return "leases of ISC dhcpd" if ISC.search(text) else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        estate = Estate(device_table())
        yield estate.table
        items = numbered_lines(path)
        first = list(islice(items, MOST_LOOKED_AT))
        lines = [item[1] for item in first if isinstance(item, tuple)]
        form = _form_of(lines)
        other = _isc if any(ISC.match(line) or line.rstrip().endswith((";", "{")) for line in lines) else _dnsmasq
        yield from (form.read if form is not None else other)(estate, chain(first, items))
        yield from estate.events()


class _Form(msgspec.Struct, frozen=True):
    """One way in which leases are written: why a file is taken for it, and what reads it."""

    why: str
    read: Callable[[Estate, Iterator[Item]], Iterator[Event]]


def _form_of(lines: list[str]) -> _Form | None:
    """How the file is written, by its first lines; None for ISC's, which may begin with many other lines."""
    known = sum(1 for line in lines if DNSMASQ.match(line) or DNSMASQ6.match(line))
    if known and known * 2 > len(lines) and any(DNSMASQ.match(line) for line in lines):
        return _Form("leases of dnsmasq", _dnsmasq)
    if is_printed(lines):
        return _Form("leases as Windows prints them", _printed)
    columns, delimiter = columns_of(lines)
    if not columns:
        return None
    return _Form(f"a table of leases, cells parted by {PARTED[delimiter]}", partial(_table, columns=columns, delimiter=delimiter))


def _add(
    estate: Estate, number: int, mac: str, address: str, name: str, kind: str = "", first: float | None = None, last: float | None = None
) -> Event | None:
    """Add one lease; a further one of the same device is counted as such."""
    plain = plain_mac(mac)
    if not plain:
        return Skipped(reason="lease without a hardware address")
    known = plain in estate.devices
    device = estate.see(plain, number, plain, address.lower())
    estate.bind(plain, address.lower(), first, last)
    if device and name not in ("", "*"):
        device.add("hostname", name)
    if device and kind:
        device.add("dhcp-class", kind)
    return Skipped(reason="lease more of a device") if known else None


def _dnsmasq(estate: Estate, items: Iterator[Item]) -> Iterator[Event]:
    for item in items:
        event: Event | None
        if not isinstance(item, tuple):
            event = item
        elif found := DNSMASQ.match(item[1]):
            event = _add(estate, item[0], found[2], found[3], found[4])
        elif DNSMASQ6.match(item[1]):
            event = Skipped(reason="lease without a hardware address")
        else:
            event = unknown_line(*item, KIND)
        if event:
            yield event


class _Lease(msgspec.Struct):
    """One lease of ISC on its way: where it begins, whose address it is, what it said, how many blocks are open."""

    number: int
    address: str
    said: dict[str, str]
    depth: int = 1
    lines: int = 0

    def take(self, line: str) -> str:
        """Read on. Statements of blocks within the lease (`on expiry { … }`) say nothing of it. Says why it cannot go on, if so."""
        self.lines += 1
        words = ""
        for word in ISC_WORDS.findall(line):
            if word in ("{", "}"):
                self.depth += 1 if word == "{" else -1
                if self.depth == 0:
                    return ""
            if word == ";" and self.depth == 1 and (statement := STATEMENT.match(words.strip())):
                name, value = statement[1].lower(), ESCAPED.sub(r"\1", statement[2]).strip()
                if name == "hardware ethernet" and self.said.get(name, value) != value:
                    return "it says two hardware addresses"
                self.said[name] = value
            if word in (";", "{", "}"):
                words = ""
            else:
                words += word
        return f"it has more than {MAX_LEASE_LINES} lines" if self.lines > MAX_LEASE_LINES else ""


def _isc(estate: Estate, items: Iterator[Item]) -> Iterator[Event]:
    """Every lease is a unit, and so is every line outside of them (dhcpd.leases(5)). One that is not closed ends where the next begins:
    it is read as far as it is told, and that it is open is a reject."""
    lease: _Lease | None = None
    for item in items:
        if not isinstance(item, tuple):
            yield item
            continue
        number, line = item
        if found := _begins(line):
            if lease is not None:
                yield from _open(estate, lease, f"another one begins in line {number}")
            lease, line = _Lease(number, found[1], {}), line[found.end() :]
        if lease is None:
            yield Skipped(reason="line outside of leases")
            continue
        fault = lease.take(line)
        if fault or not lease.depth:
            yield from _open(estate, lease, fault) if fault else _told(estate, lease)
            lease = None
    if lease is not None:
        yield from _open(estate, lease, "the file ends before")


def _begins(line: str) -> re.Match[str] | None:
    return ISC.match(line) or (None if line.lstrip().startswith("#") else ISC_TORN.search(line))


def _open(estate: Estate, lease: _Lease, why: str) -> Iterator[Event]:
    yield Reject(place=Place(line=lease.number), code="open-lease", reason=f"the lease is not closed: {why}")
    if "hardware ethernet" in lease.said:
        yield from _told(estate, lease)


def _told(estate: Estate, lease: _Lease) -> Iterator[Event]:
    said = lease.said
    mac, name, kind = (said.get(word, "") for word in ("hardware ethernet", "client-hostname", "set vendor-class-identifier"))
    times = (_isc_time(said.get("starts", "")), _isc_time(said.get("ends", "")))
    if event := _add(estate, lease.number, mac, lease.address, name, kind, *times):
        yield event


def _isc_time(text: str) -> float | None:
    """`4 2026/11/26 10:00:00` (weekday, then UTC), or `epoch 1790000000`."""
    found = re.search(r"(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)", text)
    try:
        if found:
            return datetime(*map(int, found.groups()), tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return float(epoch[1]) if (epoch := re.match(r"epoch (\d{1,12})", text)) else None


def _table(estate: Estate, items: Iterator[Item], columns: dict[str, int], delimiter: str) -> Iterator[Event]:
    headed = False
    for item in items:
        event: Event | None
        if not isinstance(item, tuple):
            event = item
        elif item[1].startswith("#") or not headed:
            headed = headed or not item[1].startswith("#")
            event = Skipped(reason="header")
        else:
            event = _lease_row(estate, *item, columns, delimiter)
        if event:
            yield event


def _lease_row(estate: Estate, number: int, line: str, columns: dict[str, int], delimiter: str) -> Event | None:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    if "\0" in line or len(cells) <= max(columns["ip"], columns["mac"]):
        return Reject(place=Place(line=number), code="wrong-cell-count", reason="the line has fewer cells than the table", raw=line[:2000])
    name = cells[columns["name"]].strip() if columns.get("name", len(cells)) < len(cells) else ""
    ends = cells[columns["end"]].strip() if columns.get("end", len(cells)) < len(cells) else ""
    last = float(ends) if is_whole(ends) and len(ends) < 12 else None
    return _add(estate, number, cells[columns["mac"]].strip(), cells[columns["ip"]].strip(), name, last=last)


def _printed(estate: Estate, items: Iterator[Item]) -> Iterator[Event]:
    heading = ""
    for item in items:
        event: Event | None
        if not isinstance(item, tuple):
            event = item
        elif found := read_printed(item[1], heading):
            event = _add(estate, item[0], *found)
        elif item[1][0] in "0123456789":
            event = unknown_line(*item, KIND)
        else:
            heading = item[1] if LISTED_HEAD.match(item[1]) else heading
            event = Skipped(reason="header")
        if event:
            yield event

"""DHCP leases: dnsmasq, ISC `dhcpd.leases`, Kea's CSV, and what Windows exports."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Skipped
from offlimits.readers.devices import Estate, device_table, plain_mac
from offlimits.readers.opened import line_batches, text_head
from offlimits.text import is_whole

DNSMASQ = re.compile(r"^(\d+) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) ([0-9a-f:.]+) (\S+) (\S+)\s*$", re.IGNORECASE)
DNSMASQ6 = re.compile(r"^(?:duid [0-9a-f:]+|\d+ \d+ [0-9a-f:]+ \S+ [0-9a-f:*]+)\s*$", re.IGNORECASE)
ISC = re.compile(r"^\s*lease ([0-9.]+) \{", re.MULTILINE)
STATEMENT = re.compile(
    r'^\s*(starts|ends|hardware ethernet|client-hostname|set vendor-class-identifier|binding state)\b[ =]*"?([^";]*)"?;', re.IGNORECASE
)
MAX_LEASE_LINES = 200

NAMES = {
    "address": "ip", "ipaddress": "ip", "client ip address": "ip", "clientipaddress": "ip",
    "hwaddr": "mac", "clientid": "mac", "unique id": "mac", "uniqueid": "mac",
    "hostname": "name", "name": "name", "expire": "end", "leaseexpirytime": "end", "lease expiration": "end",
}  # fmt: skip
"""Headers of Kea (`address,hwaddr,client_id,…`), of `Get-DhcpServerv4Lease | Export-Csv`, and of the list that the Windows console
exports."""


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
        lines = [line for line in text.splitlines()[:40] if line.strip()]
        known = sum(1 for line in lines if DNSMASQ.match(line) or DNSMASQ6.match(line))
        if known and known * 2 > len(lines) and any(DNSMASQ.match(line) for line in lines):
            return "leases of dnsmasq"
        if ISC.search(text) and "{" in text:
            return "leases of ISC dhcpd"
        return f"a table of leases, cells parted by {'a tab' if _header(lines)[1] == chr(9) else 'commas'}" if _header(lines)[0] else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        estate = Estate(device_table())
        yield estate.table
        lines = (line.decode("utf-8", "replace") for batch in line_batches(path) for line in batch)
        first: list[str] = []
        for line in lines:
            first.append(line)
            if (line.strip() and not line.startswith("#")) or len(first) > 100:
                break
        rows = _chained(first, lines)
        form = _isc if any(ISC.match(line) or line.strip().endswith((";", "{")) for line in first) else _dnsmasq
        form = _table if _header([line for line in first if line.strip()])[0] else form
        yield from form(estate, rows)
        yield from estate.events()


def _chained(first: list[str], rest: Iterator[str]) -> Iterator[tuple[int, str]]:
    number = 0
    for number, line in enumerate(first, start=1):
        yield number, line
    for line in rest:
        number += 1
        yield number, line


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


def _unknown(number: int, line: str) -> Reject:
    return Reject(place=Place(line=number), code="unknown-line", reason="the line is none of this kind of lease file", raw=line[:2000])


def _dnsmasq(estate: Estate, lines: Iterator[tuple[int, str]]) -> Iterator[Event]:
    for number, line in lines:
        event: Event | None
        if found := DNSMASQ.match(line):
            event = _add(estate, number, found[2], found[3], found[4])
        elif DNSMASQ6.match(line):
            event = Skipped(reason="lease without a hardware address")
        else:
            event = _unknown(number, line) if line.strip() else Skipped(reason="blank")
        if event:
            yield event


def _isc(estate: Estate, lines: Iterator[tuple[int, str]]) -> Iterator[Event]:
    """Every lease is a unit, and so is every line outside of them (dhcpd.leases(5)). One that is not closed is rejected."""
    for number, line in lines:
        found = ISC.match(line)
        if found is None:
            yield Skipped(reason="blank" if not line.strip() else "line outside of leases")
            continue
        said: dict[str, str] = {}
        closed = "}" in line
        for count, (_, inner) in enumerate(lines if not closed else ()):
            if inner.strip() == "}" or count > MAX_LEASE_LINES:
                closed = count <= MAX_LEASE_LINES
                break
            if statement := STATEMENT.match(inner):
                said[statement[1].lower()] = statement[2].strip()
        if not closed:
            yield Reject(place=Place(line=number), code="open-lease", reason="the lease is not closed")
            continue
        kind = said.get("set vendor-class-identifier", "")
        times = (_isc_time(said.get("starts", "")), _isc_time(said.get("ends", "")))
        if event := _add(estate, number, said.get("hardware ethernet", ""), found[1], said.get("client-hostname", ""), kind, *times):
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


def _header(lines: list[str]) -> tuple[dict[str, int], str]:
    """Which column is what, by the first line that is no comment; empty where it is no table of leases."""
    line = next((line for line in lines if not line.startswith("#")), "")
    delimiter = "\t" if "\t" in line else ","
    cells = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    found = {NAMES[cell]: number for number, cell in reversed(list(enumerate(cells))) if cell in NAMES}
    leased = {"hwaddr", "clientid", "unique id", "uniqueid"} & set(cells)
    return (found, delimiter) if leased and {"ip", "mac"} <= found.keys() else ({}, delimiter)


def _table(estate: Estate, lines: Iterator[tuple[int, str]]) -> Iterator[Event]:
    columns: dict[str, int] = {}
    delimiter = ","
    for number, line in lines:
        event: Event | None
        if not line.strip() or line.startswith("#"):
            event = Skipped(reason="blank" if not line.strip() else "header")
        elif not columns:
            (columns, delimiter), event = _header([line]), Skipped(reason="header")
        else:
            event = _lease_row(estate, number, line, columns, delimiter)
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

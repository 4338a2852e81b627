"""Tables of DHCP leases: which column is what, and the tables that Windows prints."""

from __future__ import annotations

import csv
import re

NAMES = {
    "address": "ip", "ipaddress": "ip", "client ip address": "ip", "clientipaddress": "ip",
    "hwaddr": "mac", "clientid": "mac", "unique id": "mac", "uniqueid": "mac",
    "hostname": "name", "name": "name", "expire": "end", "leaseexpirytime": "end", "lease expiration": "end",
}  # fmt: skip
"""Headers of Kea (`address,hwaddr,client_id,…`), of `Get-DhcpServerv4Lease | Export-Csv`, and of the list that the Windows console
exports in English."""

LEASED = {"hwaddr", "clientid", "unique id", "uniqueid"}
"""Headers that tables of leases have and registers have not."""

PARTED = {"\t": "a tab", ";": "semicolons", ",": "commas"}

CONSOLE = {"ip": 0, "name": 1, "mac": 4}
"""Where the Windows console's list has what it shows, in every language: address, name, end of the lease, type, hardware address."""

IP = r"(?:\d{1,3}\.){3}\d{1,3}"
PLAIN_IP = re.compile(IP, re.ASCII)
UNIQUE_ID = re.compile(r"[0-9a-f]{12}", re.IGNORECASE)
TIME = re.compile(r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}.? +\d{1,2}[:.]\d\d", re.ASCII)
PRINTED = re.compile(
    rf"(?P<ip>{IP})(?:\s*+-\s*+255\.[\d.]++\s*+-\s*+(?P<id>[0-9a-fA-F-]{{17,64}}+)\s*+-(?P<rest>.*)"
    rf"|\s++{IP}\s++(?P<mac>(?:[0-9a-fA-F]{{2}}-){{5}}[0-9a-fA-F]{{2}})(?:\s.*)?)$",
    re.ASCII,
)
"""A line of `netsh dhcp server scope … show clients 1`, and of `Get-DhcpServerv4Lease` as a table on the screen."""

NETSH_NAME = re.compile(r"-\s*+[A-Z]\s*+-\s*+(\S++)")
LISTED_HEAD = re.compile(r"IPAddress\s++ScopeId\s++ClientId\b")


def columns_of(lines: list[str]) -> tuple[dict[str, int], str]:
    """Which column is what, and what parts the cells: by the words of the header, else by the shape of the lines of the console's list.
    No columns where it is no table of leases."""
    told = [line for line in lines if line.strip() and not line.startswith("#")]
    for delimiter in PARTED:
        if found := _named(told[:1], delimiter):
            return found, delimiter
    for delimiter in PARTED:
        if _is_console([_cells(line, delimiter) for line in told]):
            return CONSOLE, delimiter
    return {}, ","


def _named(header: list[str], delimiter: str) -> dict[str, int]:
    cells = [cell.strip().lower() for line in header for cell in _cells(line.lstrip("\ufeff"), delimiter)]
    found = {NAMES[cell]: number for number, cell in reversed(list(enumerate(cells))) if cell in NAMES}
    return found if LEASED & set(cells) and {"ip", "mac"} <= found.keys() else {}


def _is_console(rows: list[list[str]]) -> bool:
    """Whether each row is as the console writes it, under a header that is none: twelve digits without signs between them, and a type
    or a time that only leases have."""
    if len(rows) < 2 or len(rows[0]) < 5 or PLAIN_IP.fullmatch(rows[0][0].strip()):
        return False
    fit = [row for row in rows[1:] if len(row) > 4 and PLAIN_IP.fullmatch(row[0].strip()) and UNIQUE_ID.fullmatch(row[4].strip())]
    leased = [row for row in fit if TIME.search(row[2]) or row[3].strip() in ("DHCP", "BOOTP")]
    return len(fit) * 2 > len(rows) - 1 and len(leased) == len(fit)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def is_printed(lines: list[str]) -> bool:
    """Whether lines are those of a table of leases that Windows prints."""
    found = [match for line in lines if (match := PRINTED.match(line))]
    listed = any(LISTED_HEAD.match(line) for line in lines)
    starts = sum(1 for line in lines if line[:1] in tuple("0123456789"))
    return bool(found) and len(found) * 2 >= starts and (listed or all(match["id"] for match in found))


def read_printed(line: str, heading: str) -> tuple[str, str, str] | None:
    """Hardware address, address and name of one such line; the name of PowerShell's table stands below its heading."""
    found = PRINTED.match(line)
    if found is None:
        return None
    if found["id"]:
        name = NETSH_NAME.search(found["rest"])
        return found["id"], found["ip"], name[1] if name else ""
    start = heading.find("HostName")
    words = re.match(r"\S++", line[start:]) if start > 0 and line[start - 1 : start].isspace() else None
    return found["mac"], found["ip"], words[0] if words else ""

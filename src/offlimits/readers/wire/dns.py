"""DNS messages (RFC 1035, 4.1), mDNS too (RFC 6762): questions, addresses, names of devices. Loops of pointers end."""

from __future__ import annotations

import ipaddress
import struct
from functools import lru_cache

import msgspec

MAX_LABELS = 128
"""More labels than a name of 255 octets can have (RFC 1035, 2.3.4); a chain of pointers longer than this is a loop."""

MAX_ANSWERS = 64
FIRST = b"\xc0\x0c"
"""A pointer to the name behind the head: the first question's (RFC 1035, 4.1.4)."""

HEAD, RECORD = struct.Struct(">6H").unpack_from, struct.Struct(">HHIH").unpack_from
A, PTR, TXT, AAAA, SRV = 1, 12, 16, 28, 33


class Message(msgspec.Struct, frozen=True):
    """What a message says: the host asked for (lower case), whether it answers, addresses told, and in mDNS names and texts of services."""

    host: str
    answers: bool
    addresses: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def read_dns(data: bytes) -> Message | None:
    """A message; None for what is no DNS or is broken before its first question ends."""
    if len(data) < 12:
        return None
    _, flags, questions, answers, authorities, more = HEAD(data)
    if questions > 16 or not (questions or answers):
        return None
    host, position = "", 12
    for number in range(questions):
        name, position = read_name(data, position)
        if position < 0 or position + 4 > len(data):
            return None
        host = name if number == 0 else host
        position += 4
    answering, told = flags >= 0x8000, min(answers + authorities + more, MAX_ANSWERS)
    return _answers(data, position, host, answering, told) if told else Message(host, answering, ())


def _answers(data: bytes, position: int, host: str, answering: bool, count: int) -> Message:
    addresses: dict[str, None] = {}
    hosts: dict[str, None] = {}
    texts: dict[str, None] = {}
    for _ in range(count):
        if host and data[position : position + 2] == FIRST:
            name, position = host, position + 2
        else:
            name, position = read_name(data, position)
        if position < 0 or position + 10 > len(data):
            break
        kind, _, _, size = RECORD(data, position)
        position += 10
        body = data[position : position + size]
        if len(body) < size:
            break
        if kind in (A, AAAA) and size == (4 if kind == A else 16):
            addresses[_address(body)] = None
            hosts[name] = None
        elif kind == TXT:
            texts.update(dict.fromkeys([name, *_strings(body)]))
        elif kind in (PTR, SRV):
            target, _ = read_name(data, position + (6 if kind == SRV else 0))
            (hosts if kind == SRV else texts)[target] = None
        position += size
    return Message(host, answering, tuple(addresses), tuple(filter(None, hosts)), tuple(filter(None, texts)))


def read_name(data: bytes, position: int) -> tuple[str, int]:
    """A name in lower case, and where what follows begins; -1 where it is broken, or its pointers do not lead strictly back."""
    if (end := data.find(b"\0", position, position + 256)) >= 0 and (name := _plain_name(data[position:end])) is not None:
        return name, end + 1
    labels: list[bytes] = []
    after, floor = -1, position + 1
    for _ in range(MAX_LABELS):
        if position >= len(data):
            return "", -1
        size = data[position]
        if size == 0:
            name = b".".join(labels).decode("utf-8", "replace").lower()
            return name, after if after >= 0 else position + 1
        if size >= 0xC0:
            if position + 2 > len(data):
                return "", -1
            target = struct.unpack_from(">H", data, position)[0] & 0x3FFF
            after = after if after >= 0 else position + 2
            if target >= floor - 1:
                return "", -1
            position, floor = target, target + 1
            continue
        if size > 63:
            return "", -1
        labels.append(data[position + 1 : position + 1 + size])
        position += size + 1
    return "", -1


@lru_cache(maxsize=1 << 14)
def _plain_name(octets: bytes) -> str | None:
    """A name that no pointer cuts short, without its end; None where its labels do not fill the octets. Names come again and again."""
    labels: list[bytes] = []
    position = 0
    while position < len(octets) and octets[position] <= 63:
        labels.append(octets[position + 1 : position + 1 + octets[position]])
        position += octets[position] + 1
    return b".".join(labels).decode("utf-8", "replace").lower() if position == len(octets) and len(labels) <= MAX_LABELS else None


@lru_cache(maxsize=1 << 14)
def _address(octets: bytes) -> str:
    return ".".join(map(str, octets)) if len(octets) == 4 else str(ipaddress.IPv6Address(octets))


def _strings(body: bytes) -> list[str]:
    """The strings of a TXT record."""
    found: list[str] = []
    position = 0
    while position < len(body) and len(found) < 32:
        size = body[position]
        found.append(body[position + 1 : position + 1 + size].decode("utf-8", "replace"))
        position += size + 1
    return found

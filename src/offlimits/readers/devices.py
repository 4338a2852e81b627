"""Clues about devices, joined: everything that one device says or is said to be, in one entry."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import inf
from operator import attrgetter
from typing import Any, Literal

import msgspec

from offlimits.model import CLUES, HEARSAY, Column, ColumnKind
from offlimits.readers.base import Asked, Bond, Contact, Event, Note, Rows, Table, Traffic

MOST_TEXTS = 40
"""Different texts kept of one kind about one device: a server that sends a new title each time must not fill the memory."""

MOST_DEVICES = 200_000
MOST_CALLS = 500_000
MOST_OWN, MOST_OWN_6 = 3, 8
"""A hardware address that sends from more private addresses than this at one time, of IPv4 or in all, is a router's: they are told apart
by address then."""

LONGEST = 4_000

COLUMNS: tuple[tuple[str, ColumnKind], ...] = (
    ("device", "device"),
    ("mac", "mac"),
    ("maker", "maker"),
    ("model", "product-code"),
    ("text", "text"),
    *((kind, kind) for kind in CLUES),
    ("called", "called"),
    *((kind, kind) for kind in HEARSAY),
)
INDEX = {name: number for number, (name, _) in enumerate(COLUMNS)}
Unit = Literal["line", "frame", "xpath", "pointer"]
USUAL = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
NONE = "00:00:00:00:00:00"
ADDRESS = re.compile(
    r"(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}|[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}|[0-9a-f]{6}-[0-9a-f]{6}|[0-9a-f]{12}", re.IGNORECASE
)
"""Six octets, three groups of four digits, two of six, or twelve digits."""


def device_table(unit: Unit = "line", within: str = "") -> Table:
    """The table that every reader of devices hands out: one row a device, one column a kind of clue."""
    columns = tuple(Column(index=number, name=name, kind=kind) for number, (name, kind) in enumerate(COLUMNS))
    return Table(columns=columns, channel="install", unit=unit, within=within)


def plain_mac(text: str) -> str:
    """A hardware address in lower case with colons; empty for what is none, for all zeros, and for addresses of groups (IEEE 802,
    8.2.2)."""
    text = text.lower()
    if USUAL.fullmatch(text):
        return text if text[1] in "02468ace" and text != NONE else ""
    if not ADDRESS.fullmatch(text):
        return ""
    octets = re.split("[:-]", text)
    digits = "".join(octet.zfill(2) for octet in octets) if len(octets) > 1 else text.replace(".", "")
    if digits == "0" * 12 or int(digits[1], 16) & 1:
        return ""
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))


@lru_cache(maxsize=1 << 14)
def _squeezed(text: str) -> str:
    """A text with single blanks, cut; remembered, since devices say the same again and again."""
    return " ".join(text.split())[:LONGEST]


class Device(msgspec.Struct):
    """One device as far as a source shows it. `position` is the place where it was seen first."""

    key: str
    position: int
    mac: str = ""
    addresses: dict[str, None] = {}
    clues: dict[str, dict[str, None]] = {}

    def add(self, kind: str, text: str) -> None:
        """Keep one clue; texts are told once, in the order in which they came."""
        texts = self.clues.get(kind)
        if texts is None:
            texts = self.clues[kind] = {}
        elif text in texts:
            return
        text = _squeezed(text) if len(text) <= LONGEST else _squeezed.__wrapped__(text)
        if text and (len(texts) < MOST_TEXTS or kind == "called"):
            texts[text] = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.clues["hostname"]) if "hostname" in self.clues else ()

    def row(self) -> list[str]:
        """The device as a row of `device_table`."""
        row = [""] * len(COLUMNS)
        shown = list(self.addresses)[:3]
        for kind in ("hostname", "model"):
            if kind in self.clues:
                shown += list(self.clues[kind])[:1]
        row[0] = " · ".join([*shown, self.mac] if self.mac else shown)
        row[1] = self.mac
        for kind, texts in self.clues.items():
            row[INDEX[kind]] = (" | " if kind in ("maker", "text") else "\n").join(texts)
        return row


class Estate:
    """The devices of one source. A device is known by its hardware address; where none is seen, by its network address."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.devices: dict[str, Device] = {}
        self.bonds: dict[tuple[str, str], Bond] = {}
        self.contacts: list[Contact] = []
        self.asked: dict[tuple[str, str, str], Asked] = {}
        self.left_out = 0

    def see(self, key: str, position: int, mac: str = "", address: str = "") -> Device | None:
        """The device of this key, made where it is new; None when there are more than `MOST_DEVICES`, which is counted."""
        device = self.devices.get(key)
        if device is None:
            if len(self.devices) >= MOST_DEVICES:
                self.left_out += 1
                return None
            device = self.devices[key] = Device(key, position, mac)
        if address and len(device.addresses) < MOST_TEXTS:
            device.addresses[address] = None
        return device

    def bind(self, mac: str, address: str, first: float | None = None, last: float | None = None) -> None:
        """Note that an address was a device's; the span of times grows with each word of it."""
        if not mac or not address:
            return
        known = self.bonds.get((mac, address))
        if known is not None:
            self.bonds[mac, address] = Bond(mac, address, earlier(known.first, first), later(known.last, last))
        elif len(self.bonds) < MOST_DEVICES:
            self.bonds[mac, address] = Bond(mac, address, first, last)

    def ask(self, asked: Asked) -> None:
        """Note that a device asked for a host; the same question is kept once, with its count and its span of times."""
        key = (asked.device, asked.host, asked.how)
        known = self.asked.get(key)
        if known is None:
            if len(self.asked) < MOST_CALLS:
                self.asked[key] = asked
            else:
                self.left_out += 1
            return
        addresses = tuple(dict.fromkeys((*known.addresses, *asked.addresses)))[:MOST_TEXTS]
        first, last = earlier(known.first, asked.first), later(known.last, asked.last)
        self.asked[key] = Asked(known.device, known.host, addresses, known.how, known.count + asked.count, first, last, known.position)

    def events(self, more: Iterable[str] = ()) -> Iterator[Event]:
        """The devices as rows, and their traffic. Everything a device called stands in its row too."""
        self._tell_calls()
        ordered = sorted(self.devices.values(), key=attrgetter("position", "key"))
        for start in range(0, len(ordered), 4096):
            part = ordered[start : start + 4096]
            yield Rows(table=self.table, rows=[device.row() for device in part], places=[device.position for device in part])
        yield Traffic(
            table=self.table,
            devices={device.key: (device.position, device.names) for device in ordered if self.table.channel == "install"},
            bonds=list(self.bonds.values()),
            contacts=self.contacts,
            asked=list(self.asked.values()),
        )
        for note in more:
            yield Note(text=note)
        if self.left_out:
            yield Note(text=f"{self.left_out:,} sightings beyond the first {MOST_DEVICES:,} devices or {MOST_CALLS:,} calls were left out")

    def _tell_calls(self) -> None:
        for item in self.asked.values():
            if device := self.devices.get(item.device):
                device.add("called", item.host)
        for contact in self.contacts:
            if contact.host and (device := self.devices.get(contact.device)):
                device.add("called", contact.host)


HOUR = 3600.0
Span = tuple[float | None, float | None]
"""The first and the last time, as far as they are told."""


def many_own(spans: Mapping[str, Span]) -> bool:
    """Whether so many private addresses, all of one hardware address, are of things behind a router: more than one device has at a time."""
    four = [span for address, span in spans.items() if "." in address]
    return _at_once(four) > MOST_OWN or _at_once(spans.values()) > MOST_OWN_6


def _at_once(spans: Collection[Span]) -> int:
    """How many spans of time, each with the hour behind it, overlap at most: no device has a new address four times an hour."""
    firsts = sorted(-inf if first is None else first for first, _ in spans)
    lasts = sorted(inf if last is None else last + HOUR for _, last in spans)
    return max((number + 1 - bisect_left(lasts, first) for number, first in enumerate(firsts)), default=0)


def own_questions(items: Sequence[Any], asker: Callable[[Any], str], resolvers: Collection[str]) -> list[Any]:
    """Questions (of `host`, put by `how`) without those that a resolver of the estate passed on: of a host that others asked for too."""
    others = {item.host for item in items if item.how == "dns" and asker(item) not in resolvers}
    return [item for item in items if item.how != "dns" or asker(item) not in resolvers or item.host not in others]


def earlier(a: float | None, b: float | None) -> float | None:
    """The earlier of two times, of which either may be unknown."""
    return b if a is None else a if b is None else min(a, b)


def later(a: float | None, b: float | None) -> float | None:
    """The later of two times, of which either may be unknown."""
    return b if a is None else a if b is None else max(a, b)

"""Frames → flows: packets of one conversation added up, all of a batch at once, and folded into contacts before they fill the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from offlimits.readers.wire.addresses import address_of
from offlimits.readers.wire.captures import Packets
from offlimits.readers.wire.frames import TCP, Frames
from offlimits.readers.wire.places import Ints

MOST_FLOWS = 200_000
"""Sides of open flows kept; when there are more, all are folded into contacts (who with whom, on which port), of which there are far
fewer."""

MOST_CONTACTS = 500_000
MOST_ROWS = 1 << 16
"""Rows that may wait before they are added up."""

PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmp", 132: "sctp", 2: "igmp", 47: "gre", 50: "esp"}
MIXERS = tuple(np.uint64(value) for value in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xFF51AFD7ED558CCD))
SYN, ACK = 2, 16
NEVER = np.iinfo(np.int64).max

Words = NDArray[np.uint64]
Records = NDArray[Any]
SPAN = [("first", "f8"), ("last", "f8"), ("frame", "i8")]
"""Seconds since 1970 of the first and the last packet (infinite where no time is told), and the number of the first."""

SENDER = np.dtype([("number", "u8"), ("mac", "u8"), ("high", "u8"), ("low", "u8"), *SPAN])
ENDS = tuple(f"{side}_{part}" for side in ("source", "target") for part in ("high", "low", "port"))
SIDE = np.dtype(
    [("number", "u8"), ("mac", "u8"), ("protocol", "i8"), ("size", "i8"), ("opened", "i8")]
    + [(name, "i8" if name.endswith("port") else "u8") for name in ENDS]
    + SPAN
)
"""What one end of a flow sent to the other."""

WHOM = ("caller_high", "caller_low", "callee_high", "callee_low")
COUNTS = ("bytes_out", "bytes_in", "count", "opened")
TALK = np.dtype(
    [(name, "u8") for name in ("number", *WHOM, "mac", "peer_mac")] + [(name, "i8") for name in ("port", "protocol", *COUNTS)] + SPAN
)


class Talk(msgspec.Struct, frozen=True):
    """All that a caller and one port of a peer exchanged, seen from the caller; `opened` counts the flows whose beginning was seen.

    Hardware addresses are 0 where none is known; times are None where the capture tells none."""

    caller: str
    callee: str
    port: int
    protocol: str
    mac: int
    peer_mac: int
    bytes_out: int
    bytes_in: int
    count: int
    opened: int
    first: float | None
    last: float | None
    frame: int


class Sender(msgspec.Struct, frozen=True):
    """An address that a hardware address sent from: its first packet, and the span of times."""

    mac: int
    address: str
    first: float | None
    last: float | None
    frame: int


class Flows:
    """All conversations of a capture."""

    def __init__(self) -> None:
        self.left_out = 0
        self.early = False
        """Whether flows were folded before the capture ended, so that one of them may count as several."""
        self._sides = _Sums(SIDE, MOST_FLOWS, ("size",), ("opened",), ())
        self._talks = _Sums(TALK, MOST_CONTACTS, COUNTS, (), ("mac", "peer_mac"))
        self._senders = _Sums(SENDER, MOST_CONTACTS, (), (), ())

    def add(self, packets: Packets, frames: Frames) -> Words:
        """Add a batch; gives a number for each packet that all packets of one side of one flow share."""
        number = _side_number(frames)
        rows = np.flatnonzero(frames.protocol >= 0)
        if not len(rows):
            return number
        order = rows[np.argsort(number[rows], kind="stable")]
        starts = _starts(number[order])
        firsts = order[starts]
        sides = np.empty(len(starts), SIDE)
        sides["number"], sides["frame"] = number[firsts], firsts + packets.first
        for name in ("mac", "protocol", *ENDS):
            sides[name] = getattr(frames, name)[firsts]
        sides["size"] = np.add.reduceat(frames.size[order], starts)
        sides["opened"] = np.maximum.reduceat(((frames.flags & (SYN | ACK)) == SYN)[order], starts)
        times = packets.times[order]
        sides["first"], sides["last"] = np.fmin.reduceat(times, starts), np.fmax.reduceat(times, starts)
        for name, never in (("first", np.inf), ("last", -np.inf)):
            sides[name][np.isnan(sides[name])] = never
        if self._sides.add(sides):
            self.early = True
            self.fold()
        return number

    def fold(self) -> None:
        """Turn all open flows into talks."""
        sides = self._sides.take()
        if len(sides):
            self._senders.add(_senders(sides))
            self._talks.add(_talks(sides))
            self.left_out += self._talks.cut() + self._senders.cut()

    def talks(self) -> Iterator[Talk]:
        """The talks of all that was folded, in the order in which they began."""
        names = (*WHOM, "port", "protocol", "mac", "peer_mac", *COUNTS, "first", "last", "frame")
        for high, low, peer_high, peer_low, port, protocol, *sums, first, last, frame in _rows(self._talks.ordered(), *names):
            caller, callee, name = address_of(high, low), address_of(peer_high, peer_low), PROTOCOLS.get(protocol, f"ip-{protocol}")
            yield Talk(caller, callee, port, name, *sums, _time(first), _time(last), frame)  # type: ignore[call-arg]

    def senders(self) -> Iterator[Sender]:
        """Who sent from which address, of all that was folded, in the order in which they were seen."""
        for mac, high, low, first, last, frame in _rows(self._senders.ordered(), "mac", "high", "low", "first", "last", "frame"):
            yield Sender(mac, address_of(high, low), _time(first), _time(last), frame)


class _Sums:
    """Records of one number added up: some fields summed, of some the greatest, of some the first that is not 0; of spans of time the
    whole; all else as in the record that was seen first."""

    def __init__(self, kind: np.dtype[Any], most: int, summed: tuple[str, ...], greatest: tuple[str, ...], known: tuple[str, ...]) -> None:
        self.kind, self.most, self.summed, self.greatest, self.known = kind, most, summed, greatest, known
        self._parts: list[Records] = []
        self._waiting = 0
        self._room = MOST_ROWS

    def add(self, records: Records) -> bool:
        """Add records; whether that was found to be more different ones than may be kept."""
        self._parts.append(records)
        self._waiting += len(records)
        if self._waiting <= self._room:
            return False
        held = len(self._squeezed())
        self._room = MOST_ROWS + held
        return held > self.most

    def take(self) -> Records:
        """What was added up; begins anew."""
        taken, self._parts, self._waiting, self._room = self._squeezed(), [], 0, MOST_ROWS
        return taken

    def cut(self) -> int:
        """Keep what was seen first of more than may be kept; gives how many were left out."""
        kept = self.ordered()
        self._parts = [kept[: self.most]]
        return max(len(kept) - self.most, 0)

    def ordered(self) -> Records:
        """What was added up, in the order in which it was seen."""
        found = self._squeezed()
        return found[np.argsort(found["frame"], kind="stable")]

    def _squeezed(self) -> Records:
        if self._waiting:
            self._parts, self._waiting = [self._added(np.concatenate(self._parts))], 0
        return self._parts[0] if self._parts else np.empty(0, self.kind)

    def _added(self, records: Records) -> Records:
        records = records[np.lexsort((records["frame"], records["number"]))]
        starts = _starts(records["number"])
        sums = records[starts]
        for name in self.summed:
            sums[name] = np.add.reduceat(records[name], starts)
        for name in (*self.greatest, "last"):
            sums[name] = np.maximum.reduceat(records[name], starts)
        sums["first"] = np.minimum.reduceat(records["first"], starts)
        for name in self.known:
            sums[name] = _first_known(records[name], starts)
        return sums


def _starts(numbers: Words) -> Ints:
    """Where each number begins in a sorted column."""
    return np.concatenate(([0], np.flatnonzero(np.diff(numbers)) + 1)) if len(numbers) else np.zeros(0, dtype=np.int64)


def _first_known(column: Words, starts: Ints) -> Words:
    """The first number of each group that is not 0; 0 where there is none."""
    at = np.minimum.reduceat(np.where(column != 0, np.arange(len(column)), NEVER), starts)
    return np.where(at != NEVER, column[np.minimum(at, len(column) - 1)], np.uint64(0))


def _senders(sides: Records) -> Records:
    """Who sent from which address."""
    found = np.empty(len(sides), SENDER)
    found["number"] = _mixed(sides["mac"], sides["source_high"], sides["source_low"])
    for name, source in (("high", "source_high"), ("low", "source_low"), *((name, name) for name in ("mac", "first", "last", "frame"))):
        found[name] = sides[source]
    return found


def _talks(sides: Records) -> Records:
    """Both sides of each flow as one talk, seen from who opened it, and its port is the other's."""
    source, target = (_mixed(*(sides[f"{side}_{part}"] for part in ("high", "low", "port"))) for side in ("source", "target"))
    flow = _mixed(source + target, sides["protocol"])
    order = np.lexsort((sides["frame"], flow))
    sides, source = sides[order], source[order]
    starts = _starts(flow[order])
    counts = np.diff(np.append(starts, len(sides)))
    there = source == np.repeat(source[starts], counts)
    opened = np.maximum.reduceat(np.where(there, sides["opened"], 0), starts) > 0
    known = np.maximum.reduceat(sides["opened"], starts) > 0
    calls = np.where(known, opened, _spoke_first(sides[starts]))
    found = np.zeros(len(starts), TALK)
    for caller, callee, chosen in (("source", "target", calls), ("target", "source", ~calls)):
        begun = sides[starts[chosen]]
        for part in ("high", "low"):
            found[f"caller_{part}"][chosen], found[f"callee_{part}"][chosen] = begun[f"{caller}_{part}"], begun[f"{callee}_{part}"]
        found["port"][chosen] = begun[f"{callee}_port"]
    forth = there == np.repeat(calls, counts)
    for size, mac, side in (("bytes_out", "mac", forth), ("bytes_in", "peer_mac", ~forth)):
        found[size] = np.add.reduceat(np.where(side, sides["size"], 0), starts)
        found[mac] = _first_known(np.where(side, sides["mac"], np.uint64(0)), starts)
    found["protocol"], found["count"], found["opened"] = sides["protocol"][starts], 1, known
    found["first"], found["last"] = np.minimum.reduceat(sides["first"], starts), np.maximum.reduceat(sides["last"], starts)
    found["frame"] = sides["frame"][starts]
    found["number"] = _mixed(*(found[name] for name in (*WHOM, "port", "protocol")))
    return found


def _spoke_first(sides: Records) -> NDArray[np.bool_]:
    """Whether who was seen first began, where no beginning was seen: in TCP the lower port answers; else one below 1024 does."""
    ours, theirs = sides["source_port"], sides["target_port"]
    return np.where(sides["protocol"] == TCP, ours >= theirs, ~((ours < 1024) & (theirs >= 1024)))


def _side_number(frames: Frames) -> Words:
    """A number of who sends what to whom."""
    ports = (frames.source_port & 0xFFFF) << 24 | (frames.target_port & 0xFFFF) << 8 | (frames.protocol & 0xFF)
    return _mixed(ports, frames.mac, frames.source_high, frames.source_low, frames.target_high, frames.target_low)


def _mixed(*columns: Words | Ints) -> Words:
    """A 64-bit number of the fields of each row (the finaliser of MurmurHash3 over them): two flows of one capture share one by chance
    once in 10^8 captures of a million flows."""
    mixed = columns[0].astype(np.uint64) * MIXERS[0]
    for column in columns[1:]:
        mixed = (mixed ^ (mixed >> np.uint64(32)) ^ column.astype(np.uint64)) * MIXERS[3]
        mixed ^= mixed >> np.uint64(29)
    mixed *= MIXERS[1]
    return mixed ^ (mixed >> np.uint64(32))


def _rows(records: Records, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(records[name].tolist() for name in names), strict=True)


def _time(time: float) -> float | None:
    return time if abs(time) != np.inf else None

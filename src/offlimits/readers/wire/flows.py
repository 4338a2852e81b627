"""Frames → flows: packets of one conversation added up a batch at a time, and folded into contacts before they fill the memory."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from offlimits.readers.devices import earlier, later
from offlimits.readers.wire.addresses import address_of
from offlimits.readers.wire.captures import Packets
from offlimits.readers.wire.frames import TCP, Frames

MOST_FLOWS = 200_000
"""Open flows kept; when there are more, all are folded into contacts (who with whom, on which port), of which there are far fewer."""

MOST_CONTACTS = 500_000
PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmp", 132: "sctp", 2: "igmp", 47: "gre", 50: "esp"}
MIXERS = tuple(np.uint64(value) for value in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xFF51AFD7ED558CCD))
SYN, ACK = 2, 16
Side = tuple[int, int, int]
"""One end of a flow: the two halves of its address, and its port (-1 where there is none)."""


class Flow(msgspec.Struct):
    """What one end sent to the other."""

    mac: int
    packets: int
    size: int
    first: float | None
    last: float | None
    frame: int
    opened: bool


class Talk(msgspec.Struct):
    """All that a caller and one port of a peer exchanged, seen from the caller; `opened` counts the flows whose beginning was seen."""

    mac: int
    peer_mac: int
    bytes_out: int
    bytes_in: int
    count: int
    first: float | None
    last: float | None
    frame: int
    opened: int = 0


class Flows:
    """All conversations of a capture."""

    def __init__(self) -> None:
        self.open: dict[tuple[int, Side, Side], Flow] = {}
        self.talks: dict[tuple[str, str, int, str], Talk] = {}
        self.senders: dict[tuple[int, str], tuple[int, float | None, float | None]] = {}
        self.left_out = 0

    def add(self, packets: Packets, frames: Frames) -> NDArray[np.uint64]:
        """Add a batch; gives a number for each packet that all packets of one side of one flow share."""
        number = _mixed(frames)
        rows = np.flatnonzero(frames.protocol >= 0)
        if not len(rows):
            return number
        order = rows[np.argsort(number[rows], kind="stable")]
        cuts = np.flatnonzero(np.diff(number[order])) + 1
        starts = np.concatenate(([0], cuts))
        firsts = order[starts]
        counts = np.diff(np.append(starts, len(order)))
        sizes = np.add.reduceat(frames.size[order], starts)
        times = packets.times[order]
        early, late = np.minimum.reduceat(times, starts), np.maximum.reduceat(times, starts)
        opened = np.maximum.reduceat((frames.flags[order] & (SYN | ACK)) == SYN, starts)
        columns = (
            frames.protocol[firsts], frames.source_high[firsts], frames.source_low[firsts], frames.source_port[firsts],
            frames.target_high[firsts], frames.target_low[firsts], frames.target_port[firsts],
            frames.mac[firsts], counts, sizes, early, late, firsts + packets.first, opened,
        )  # fmt: skip
        for protocol, sh, sl, sp, th, tl, tp, *flow in zip(*(column.tolist() for column in columns), strict=True):
            self._join((protocol, (sh, sl, sp), (th, tl, tp)), flow)
        if len(self.open) > MOST_FLOWS:
            self.fold()
        return number

    def _join(self, key: tuple[int, Side, Side], flow: list[int | float | bool]) -> None:
        """Add what one side sent in a batch; times that are no numbers are none."""
        mac, count, size, first, last, frame, opened = flow
        known = self.open.get(key)
        if known is None:
            timed = first == first
            self.open[key] = Flow(mac, count, size, first if timed else None, last if timed else None, frame, bool(opened))  # type: ignore[arg-type]
            return
        known.packets += count  # type: ignore[assignment]
        known.size += size  # type: ignore[assignment]
        if first == first and (known.first is None or first < known.first):
            known.first = first
        if last == last and (known.last is None or last > known.last):
            known.last = last
        if opened:
            known.opened = True

    def fold(self) -> None:
        """Turn all open flows into talks."""
        while self.open:
            (protocol, a, b), there = self.open.popitem()
            back = self.open.pop((protocol, b, a), None)
            self._note_sender(a, there)
            if back:
                self._note_sender(b, back)
            self._fold_pair(protocol, a, b, there, back)

    def _note_sender(self, side: Side, flow: Flow) -> None:
        key = (flow.mac, address_of(side[0], side[1]))
        frame, first, last = self.senders.get(key, (flow.frame, None, None))
        if len(self.senders) < MOST_CONTACTS:
            self.senders[key] = (min(frame, flow.frame), earlier(first, flow.first), later(last, flow.last))

    def _fold_pair(self, protocol: int, a: Side, b: Side, there: Flow, back: Flow | None) -> None:
        """Both sides of one flow; the talk is seen from who opened it, and its port is the other's."""
        known = there.opened or bool(back and back.opened)
        if not _opens(protocol, a, b, there, back):
            a, b, there, back = b, a, back or Flow(0, 0, 0, None, None, there.frame, False), there
        name = (address_of(a[0], a[1]), address_of(b[0], b[1]), b[2], PROTOCOLS.get(protocol, f"ip-{protocol}"))
        talk = self.talks.get(name)
        if talk is None:
            if len(self.talks) >= MOST_CONTACTS:
                self.left_out += 1
                return
            talk = self.talks[name] = Talk(0, 0, 0, 0, 0, None, None, there.frame)
        talk.mac, talk.peer_mac = talk.mac or there.mac, talk.peer_mac or (back.mac if back else 0)
        talk.bytes_out += there.size
        talk.count += 1
        talk.opened += known
        talk.first, talk.last = earlier(talk.first, there.first), later(talk.last, there.last)
        talk.frame = min(talk.frame, there.frame, back.frame if back else there.frame)
        if back:
            talk.bytes_in += back.size
            talk.first, talk.last = earlier(talk.first, back.first), later(talk.last, back.last)


def _opens(protocol: int, a: Side, b: Side, there: Flow, back: Flow | None) -> bool:
    """Whether the first side began: TCP's own word, else the lower port answers, else who spoke first."""
    if there.opened or (back is not None and back.opened):
        return there.opened
    if protocol == TCP:
        return a[2] >= b[2]
    if (a[2] < 1024) != (b[2] < 1024):
        return b[2] < 1024
    return back is None or there.frame <= back.frame


def _mixed(frames: Frames) -> NDArray[np.uint64]:
    """A 64-bit number of who sends what to whom (the finaliser of MurmurHash3 over the fields): two flows of one capture share one by
    chance once in 10^8 captures of a million flows."""
    with np.errstate(over="ignore"):
        ports = ((frames.source_port & 0xFFFF) << 24 | (frames.target_port & 0xFFFF) << 8 | (frames.protocol & 0xFF)).astype(np.uint64)
        mixed = (ports ^ frames.mac) * MIXERS[0]
        for column in (frames.source_high, frames.source_low, frames.target_high, frames.target_low):
            mixed = (mixed ^ (mixed >> np.uint64(32)) ^ column) * MIXERS[3]
            mixed ^= mixed >> np.uint64(29)
        mixed *= MIXERS[1]
    return np.asarray(mixed ^ (mixed >> np.uint64(32)), dtype=np.uint64)

"""Capture files as batches of packets: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), both byte orders, gzip too."""

from __future__ import annotations

import contextlib
import os
import struct
from array import array
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from offlimits.errors import DamagedSource, UnreadableSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Progress
from offlimits.readers.opened import GZIP, HINT, blocks
from offlimits.readers.wire.leaps import Form, leap
from offlimits.readers.wire.magic import PCAP, PCAPNG
from offlimits.readers.wire.places import Ints, fields, gathered

SECTION, INTERFACE, OLD_PACKET, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 2, 3, 6
BATCH = 1 << 23
"""Bytes of a capture decoded at a time: more are joined in fewer flows, fewer stay near the processor. Measured with bench/pcap.py."""

MAX_BLOCK = 1 << 24
"""Largest record or block in bytes; tools write no packet above 262,144, and a greater length is a lie."""


class Packets(msgspec.Struct, frozen=True):
    """A batch of packets. `starts` are where each one's bytes begin in `data`; `first` is the number of the first, from 1.

    `captured` and `length` are bytes kept, and bytes that were on the wire; `times` are seconds since 1970, NaN where there is none;
    `links` are link types.
    """

    data: bytes
    first: int
    starts: Ints
    captured: Ints
    length: Ints
    times: NDArray[np.float64]
    links: Ints


def read_packets(path: Path) -> Iterator[Packets | Reject | Progress]:
    """Every packet of a capture, in batches of the order of the file. What a fault leaves unread is a reject, told where it begins.

    Raises `UnreadableSource`, `SourceTooLarge`.
    """
    try:
        with contextlib.closing(_Source(path)) as source:
            yield from _walked(source)
    except DamagedSource as error:
        yield Reject(place=Place(), code="cut-short", reason=error.message)


def _walked(source: _Source) -> Iterator[Packets | Reject | Progress]:
    data = source.after(b"")
    while len(data) < 24 and len(more := source.after(data)) > len(data):
        data = more
    if len(data) < 24:
        yield Reject(place=Place(), code="cut-short", reason="the file ends within the head of the capture")
        return
    walker = _Pcapng() if data[:4] == PCAPNG else _Pcap(data[:24])
    position = walker.head
    while True:
        packets, position, fault = walker.walk(data, position)
        if packets is not None:
            yield packets
        yield Progress(size_bytes=position)
        if fault:
            yield Reject(place=Place(frame=walker.count + 1), code="bad-capture", reason=fault)
            return
        rest, packets = data[position:], None
        data, position = source.after(rest), 0
        if len(data) == len(rest):
            break
    if rest:
        reason = f"the capture was cut off: {len(rest):,} bytes are left that make no whole packet"
        yield Reject(place=Place(frame=walker.count + 1), code="cut-short", reason=reason)


class _Source:
    """A capture piece by piece, each with what was left of the one before: a plain file is read again from there, which spares a copy."""

    def __init__(self, path: Path) -> None:
        """Raises `UnreadableSource`."""
        try:
            self._stream = path.open("rb")
            packed = self._stream.read(2) == GZIP
            self._stream.seek(0)
        except OSError as error:
            raise UnreadableSource(str(error.strerror or error), HINT) from error
        self._packed = blocks(path, BATCH) if packed else None

    def after(self, rest: bytes) -> bytes:
        """The rest and what follows it; the rest alone at the end.

        Raises `UnreadableSource`; `DamagedSource` and `SourceTooLarge` for packed bytes."""
        if self._packed is not None:
            return rest + next(self._packed, b"")
        try:
            self._stream.seek(-len(rest), os.SEEK_CUR)
            return self._stream.read(BATCH + len(rest))
        except OSError as error:
            raise UnreadableSource(str(error.strerror or error), HINT) from error

    def close(self) -> None:
        self._stream.close()


class _Pcap:
    """Walks the records of a pcap file: 16 bytes of head, then the packet."""

    head = 24

    def __init__(self, head: bytes) -> None:
        self.order, self.tick = PCAP.get(head[:4], ("<", 1e-6))
        self.count = 0
        network = struct.unpack_from(self.order + "I", head.ljust(24, b"\0"), 20)[0]
        self.link = network & 0xFFFF  # above it stands how many bytes of a check sum each frame ends with
        word = self.order + "u4"
        self.kind = fields(seconds=(0, word), ticks=(4, word), captured=(8, word), length=(12, word))

    def walk(self, data: bytes, position: int) -> tuple[Packets | None, int, str]:
        """The whole packets in `data` from a position on, where the rest begins, and a fault that ends the capture."""
        known, position = leap(data, position, self._form(data, position))
        starts = array("q")
        append, length_at, end = starts.append, struct.Struct(self.order + "8xI4x").unpack_from, len(data)
        fault = ""
        with contextlib.suppress(struct.error):  # the end of the data, which costs less than a look ahead of each packet
            while (after := position + 16 + length_at(data, position)[0]) <= end:
                append(position)
                position = after
            if after - position > MAX_BLOCK:
                size, number = after - position - 16, self.count + len(known) + len(starts) + 1
                fault = f"packet {number:,} says it is {size:,} bytes long: what follows cannot be told"
        return self._batch(data, np.concatenate((known, np.frombuffer(starts, dtype=np.int64)))), position, fault

    def _form(self, data: bytes, position: int) -> Form:
        """Heads of one capture share the upper half of their seconds for 18 hours."""
        half = 2 if self.order == "<" else 0
        return Form(data[position + half : position + half + 2], half, self.order, 8, 16)

    def _batch(self, data: bytes, at: Ints) -> Packets | None:
        if not len(at):
            return None
        heads = gathered(data, at, self.kind)
        first, self.count = self.count + 1, self.count + len(at)
        return Packets(
            data=data,
            first=first,
            starts=at + 16,
            captured=heads["captured"].astype(np.int64),
            length=heads["length"].astype(np.int64),
            times=heads["seconds"] + heads["ticks"] * self.tick,
            links=np.full(len(at), self.link, dtype=np.int64),
        )


class _Interface(msgspec.Struct, frozen=True):
    """One interface of a pcapng section: link type, bytes kept of a packet (0: all), seconds of a tick, seconds to add."""

    link: int
    kept: int
    tick: float
    offset: float


NO_INTERFACE = _Interface(-1, 0, 1.0, float("nan"))
Found = tuple[int, int, int, float, int]
Columns = tuple[Ints, Ints, Ints, NDArray[np.float64], Ints]
"""Where a packet begins, bytes kept, bytes on the wire, time, link type; and those of many packets."""


class _Pcapng:
    """Walks the blocks of a pcapng file; sections may differ in byte order, interfaces in link type and clock."""

    head = 0

    def __init__(self) -> None:
        self.order = "<"
        self.count = 0
        self.interfaces: list[_Interface] = []

    def walk(self, data: bytes, position: int) -> tuple[Packets | None, int, str]:
        """As `_Pcap.walk`."""
        first, position, fault = self._walk(data, position, self.count, ENHANCED)
        parts = _columns(first)
        if not fault:
            many, position = self._leap(data, position)
            rest, position, fault = self._walk(data, position, self.count + sum(len(part[0]) for part in (*parts, *many)))
            parts += [*many, *_columns(rest)]
        return self._batch(data, parts), position, fault

    def _leap(self, data: bytes, position: int) -> tuple[list[Columns], int]:
        """As many blocks as can be taken at once: those of packets and nothing else."""
        at, after = leap(data, position, Form(struct.pack(self.order + "I", ENHANCED), 0, self.order, 4, 0))
        if not len(at):
            return [], position
        word = self.order + "u4"
        names = ("kind", "size", "number", "high", "low", "captured", "length")
        heads = gathered(data, at, fields(**{name: (4 * place, word) for place, name in enumerate(names)}))
        room = heads["size"].astype(np.int64) - 32
        if (heads["kind"] != ENHANCED).any() or (room < 0).any() or (room % 4).any():
            return [], position
        captured = heads["captured"].astype(np.int64)
        known = [*self.interfaces, NO_INTERFACE]
        number = np.minimum(heads["number"], len(known) - 1)
        tick, offset, link = (np.array([getattr(one, name) for one in known])[number] for name in ("tick", "offset", "link"))
        times = (heads["high"].astype(np.uint64) << np.uint64(32) | heads["low"]) * tick + offset
        return [(at + 28, np.where(captured <= room, captured, 0), heads["length"].astype(np.int64), times, link)], after

    def _walk(self, data: bytes, position: int, count: int, until: int = -1) -> tuple[list[Found], int, str]:
        """Block by block behind so many packets, to the end or to the first of a kind."""
        found: list[Found] = []
        end, fault = len(data), ""
        while position + 12 <= end:
            if data[position : position + 4] == PCAPNG:
                self.order = "<" if data[position + 8 : position + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            kind, size = struct.unpack_from(self.order + "II", data, position)
            if kind == until:
                break
            if size < 12 or size % 4 or size > MAX_BLOCK:
                fault = f"a block behind packet {count + len(found):,} says it is {size:,} bytes long: what follows cannot be told"
                break
            if position + size > end:
                break
            self._take(data, kind, position, size, found)
            position += size
        return found, position, fault

    def _take(self, data: bytes, kind: int, position: int, size: int, found: list[Found]) -> None:
        """One block; a packet whose lengths do not fit its block is kept as one of no bytes, so that it is counted."""
        body, room = position + 8, size - 12
        if kind == ENHANCED and room >= 20:
            number, high, low, captured, length = struct.unpack_from(self.order + "IIIII", data, body)
            self._add(found, body + 20, number, room - 20, captured, length, (high << 32) | low)
        elif kind == OLD_PACKET and room >= 20:
            number, _, high, low, captured, length = struct.unpack_from(self.order + "HHIIII", data, body)
            self._add(found, body + 20, number, room - 20, captured, length, (high << 32) | low)
        elif kind == SIMPLE and room >= 4:
            (length,) = struct.unpack_from(self.order + "I", data, body)
            kept = self.interfaces[0].kept if self.interfaces else 0
            self._add(found, body + 4, 0, room - 4, min(length, kept or length), length, None)
        elif kind == INTERFACE and room >= 8:
            self.interfaces.append(self._interface(data, body, room))
        elif kind == SECTION:
            self.interfaces = []

    def _add(
        self,
        found: list[Found],
        start: int,
        number: int,
        room: int,
        captured: int,
        length: int,
        ticks: int | None,
    ) -> None:
        known = self.interfaces[number] if number < len(self.interfaces) else None
        time = float("nan") if ticks is None or known is None else ticks * known.tick + known.offset
        found.append((start, captured if captured <= room else 0, length, time, known.link if known else -1))

    def _interface(self, data: bytes, body: int, room: int) -> _Interface:
        link, _, kept = struct.unpack_from(self.order + "HHI", data, body)
        tick, offset, position, end = 1e-6, 0, body + 8, body + room
        while position + 4 <= end:
            code, size = struct.unpack_from(self.order + "HH", data, position)
            if code == 9 and size == 1:
                resolution = data[position + 4]
                tick = 2.0 ** -(resolution & 0x7F) if resolution & 0x80 else 10.0**-resolution
            elif code == 14 and size == 8 and position + 12 <= end:
                offset = struct.unpack_from(self.order + "q", data, position + 4)[0]
            elif code == 0:
                break
            position += 4 + (size + 3) // 4 * 4
        return _Interface(link, kept, tick, offset)

    def _batch(self, data: bytes, parts: list[Columns]) -> Packets | None:
        if not parts:
            return None
        starts, captured, length, times, links = (np.concatenate(column) for column in zip(*parts, strict=True))
        first, self.count = self.count + 1, self.count + len(starts)
        return Packets(data, first, starts, captured, length, times, links)


def _columns(found: list[Found]) -> list[Columns]:
    if not found:
        return []
    starts, captured, length, times, links = zip(*found, strict=True)
    whole = [np.array(column, dtype=np.int64) for column in (starts, captured, length, links)]
    return [(whole[0], whole[1], whole[2], np.array(times, dtype=np.float64), whole[3])]

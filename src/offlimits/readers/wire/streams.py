"""The payloads that tell what a device is or whom it calls: picked out of each batch, put together where they span packets, decoded."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from offlimits.readers.devices import earlier, later
from offlimits.readers.wire import dns, heads, tls
from offlimits.readers.wire.addresses import address_of, is_private
from offlimits.readers.wire.captures import Packets
from offlimits.readers.wire.discovery import dhip_clues, read_dhcp, sadp_clues, snmp_clues, wsd_clues
from offlimits.readers.wire.frames import SADP_FRAME, TCP, UDP, Frames
from offlimits.readers.wire.places import Ints

DATAGRAMS: dict[int, Callable[[bytes], list[tuple[str, str]]]] = {
    1900: heads.ssdp_clues,
    3702: wsd_clues,
    37020: sadp_clues,
    37810: dhip_clues,
    5050: dhip_clues,
    161: snmp_clues,
}
DNS, MDNS, DHCP = (53,), 5353, (67, 68)
PORTS = np.array(sorted((*DATAGRAMS, *DNS, MDNS, *DHCP)))
REQUESTS = tuple(int.from_bytes(word, "big") for word in (b"GET ", b"POST", b"HEAD", b"PUT "))
ANSWERS = tuple(int.from_bytes(word, "big") for word in (b"HTTP", b"RTSP"))
SSH = int.from_bytes(b"SSH-", "big")
SIGNS = np.array((*REQUESTS, *ANSWERS, SSH))
TLS_RECORD = 0x1603
MOST_STARTS = 3
"""Streams of one side of one flow that are looked at: later answers on a kept connection say the same."""

MOST_STREAMS = 4096
MOST_SEGMENTS = 24
MOST_BYTES = 1 << 15
MOST_NAMED = 400_000
MOST_ADDRESSES = 64


class Clue(msgspec.Struct, frozen=True):
    """What a packet told of who sent it: its frame, its sender's hardware and network address."""

    frame: int
    mac: int
    address: str
    kind: str
    text: str


class Named(msgspec.Struct):
    """A host that somebody asked for (`how`: dns) or named when he spoke to it (tls, http); `addresses` are those told, or spoken to.

    `frame` is the first of `count` times; of DNS `answers` are counted apart, since a capture may hold either. Times are None where the
    capture tells none."""

    frame: int
    mac: int
    address: str
    host: str
    how: str
    count: int
    first: float | None
    last: float | None
    addresses: dict[str, None]
    answers: int = 0


class Leased(msgspec.Struct, frozen=True):
    """What DHCP said of a client."""

    frame: int
    mac: str
    address: str
    clues: list[tuple[str, str]]
    time: float


class _Stream(msgspec.Struct):
    """The start of one side of a TCP flow."""

    frame: int
    mac: int
    address: str
    peer: str
    time: float
    sequence: int
    kind: int
    parts: dict[int, bytes]
    size: int = 0

    def add(self, sequence: int, data: bytes) -> None:
        offset = (sequence - self.sequence) & 0xFFFFFFFF
        if offset < MOST_BYTES and len(self.parts) < MOST_SEGMENTS and offset not in self.parts:
            self.parts[offset] = data
            self.size += len(data)

    @property
    def full(self) -> bool:
        return len(self.parts) >= MOST_SEGMENTS or self.size >= MOST_BYTES

    def bytes(self) -> bytes:
        """The stream from its start to the first gap; where segments overlap, the earlier one counts."""
        whole = bytearray()
        for offset, part in sorted(self.parts.items()):
            if offset > len(whole):
                break
            whole += part[len(whole) - offset :]
        return bytes(whole)


class Payloads:
    """Decodes what matters of a capture: `told` collects what devices say, to be taken after each batch, `named` the hosts they name,
    `resolvers` addresses of the estate that answered questions."""

    def __init__(self) -> None:
        self.told: list[Clue | Leased] = []
        self.named: dict[tuple[int, str, str, str], Named] = {}
        self.resolvers: set[str] = set()
        self.left_out = 0
        self._streams: dict[int, _Stream] = {}
        self._starts: dict[int, int] = {}

    def add(self, packets: Packets, frames: Frames, number: NDArray[np.uint64]) -> None:
        """Look at a batch."""
        self._datagrams(packets, frames)
        self._segments(packets, frames, number)
        for row in np.flatnonzero((frames.kind == SADP_FRAME) & (frames.fault == 0)).tolist():
            self.told.append(Clue(packets.first + row, int(frames.mac[row]), "", "sadp", "ethertype 0x8033"))

    def flush(self) -> None:
        """Decode what is there of the streams that never ended."""
        for key in list(self._streams):
            self._finish(key)

    # --- datagrams -----------------------------------------------------------------------------

    def _datagrams(self, packets: Packets, frames: Frames) -> None:
        wanted = (frames.protocol == UDP) & (frames.payload < frames.end)
        rows = np.flatnonzero(wanted)
        source, target = frames.source_port[rows], frames.target_port[rows]
        known = np.isin(source, PORTS) | np.isin(target, PORTS)
        asks = np.isin(source, DNS) | np.isin(target, DNS)
        self._questions(packets, frames, rows[asks])
        rows = rows[known & ~asks]
        columns = (rows, frames.source_port[rows], frames.target_port[rows], frames.payload[rows], frames.end[rows], packets.times[rows])
        for row, source_port, target_port, start, end, time in zip(*(column.tolist() for column in columns), strict=True):
            self._datagram(packets, frames, row, source_port, target_port, packets.data[start:end], time)

    def _datagram(self, packets: Packets, frames: Frames, row: int, source: int, target: int, data: bytes, time: float) -> None:
        if source == MDNS:
            self._mdns(packets, frames, row, data)
        elif source in DHCP and target in DHCP:
            if lease := read_dhcp(data):
                self.told.append(Leased(packets.first + row, lease.mac, lease.address, lease.clues, time))
        else:
            port = source if source in DATAGRAMS else target
            if port == 161 and source != 161:
                return
            self._say(packets, frames, row, DATAGRAMS[port](data) if port in DATAGRAMS else [])

    def _questions(self, packets: Packets, frames: Frames, rows: Ints) -> None:
        """Questions of DNS are their sender's, answers their receiver's."""
        places = (rows + packets.first, frames.payload[rows], frames.end[rows], packets.times[rows])
        who = (frames.mac[rows], frames.source_high[rows], frames.source_low[rows])
        whom = (frames.to_mac[rows], frames.target_high[rows], frames.target_low[rows])
        data, columns = packets.data, (*places, *who, *whom)
        for frame, start, end, time, mac, high, low, to_mac, to_high, to_low in zip(*(column.tolist() for column in columns), strict=True):
            message = dns.read_dns(data[start:end])
            if message is None or not message.host:
                continue
            asker, resolver = address_of(high, low), address_of(to_high, to_low)
            if message.answers:
                mac, asker, resolver = to_mac, resolver, asker
                if len(self.resolvers) < MOST_STREAMS and is_private(resolver):
                    self.resolvers.add(resolver)
            self._name(frame, mac, asker, message.host, "dns", message.addresses, time, message.answers)

    def _name(
        self,
        frame: int,
        mac: int,
        address: str,
        host: str,
        how: str,
        addresses: tuple[str, ...],
        time: float,
        answer: bool = False,
    ) -> None:
        known = self.named.get((mac, address, host, how))
        told = None if time != time else time
        if known is not None:
            known.count += not answer
            known.answers += answer
            known.frame = min(known.frame, frame)
            known.first, known.last = earlier(known.first, told), later(known.last, told)
            if len(known.addresses) < MOST_ADDRESSES:
                known.addresses.update(dict.fromkeys(addresses))
        elif len(self.named) < MOST_NAMED:
            self.named[mac, address, host, how] = Named(
                frame, mac, address, host, how, int(not answer), told, told, dict.fromkeys(addresses), int(answer)
            )
        else:
            self.left_out += 1

    def _mdns(self, packets: Packets, frames: Frames, row: int, data: bytes) -> None:
        message = dns.read_dns(data)
        if message is None or not message.answers:
            return
        clues = [("hostname", host.removesuffix(".local")) for host in message.hosts if host.endswith(".local")]
        clues += [("mdns", text) for text in message.texts if not text.startswith("_")]
        told = [address for address in message.addresses if "." in address]
        if told and "." in (source := _source(frames, row)) and source not in told:  # a gateway repeats it for another network
            self.told += [Clue(packets.first + row, 0, told[0], kind, text) for kind, text in clues]
        else:
            self._say(packets, frames, row, clues)

    def _say(self, packets: Packets, frames: Frames, row: int, clues: list[tuple[str, str]]) -> None:
        source, mac = _source(frames, row), int(frames.mac[row])
        self.told += [Clue(packets.first + row, mac, source, kind, text) for kind, text in clues]

    # --- streams -------------------------------------------------------------------------------

    def _segments(self, packets: Packets, frames: Frames, number: NDArray[np.uint64]) -> None:
        rows = np.flatnonzero((frames.protocol == TCP) & (frames.payload + 4 <= frames.end))
        if not len(rows):
            return
        words = np.ndarray((max(len(packets.data) - 3, 1),), dtype=">u4", buffer=packets.data, strides=(1,))
        signs = words[frames.payload[rows]].astype(np.int64)
        begins = rows[np.isin(signs, SIGNS) | (signs >> 16 == TLS_RECORD)]
        columns = (begins, number[begins], frames.payload[begins], frames.end[begins])
        for row, key, start, end in zip(*(column.tolist() for column in columns), strict=True):
            if key not in self._streams and self._starts.get(key, 0) < MOST_STARTS:
                self._begin(packets, frames, row, key, packets.data[start:end])
        if self._streams:
            self._continue(packets, frames, rows, number)

    def _begin(self, packets: Packets, frames: Frames, row: int, key: int, data: bytes) -> None:
        """Open a stream at a packet that starts one; what is whole at once is decoded at once."""
        if len(self._starts) >= MOST_STREAMS * 64:
            self._starts.clear()
        self._starts[key] = self._starts.get(key, 0) + 1
        stream = _Stream(
            packets.first + row, int(frames.mac[row]), _source(frames, row), _target(frames, row), float(packets.times[row]),
            int(frames.sequence[row]), int.from_bytes(data[:4], "big"), {0: data}, len(data),
        )  # fmt: skip
        if self._decode(stream, data, last=False):
            return
        if len(self._streams) >= MOST_STREAMS:
            self._finish(next(iter(self._streams)))
        self._streams[key] = stream

    def _continue(self, packets: Packets, frames: Frames, rows: Ints, number: NDArray[np.uint64]) -> None:
        """Give every open stream its segments of this batch."""
        keys = np.fromiter(self._streams, dtype=np.uint64, count=len(self._streams))
        for row in rows[np.isin(number[rows], keys)].tolist():
            key = int(number[row])
            stream = self._streams.get(key)
            if stream is None or packets.first + row < stream.frame:
                continue
            stream.add(int(frames.sequence[row]), packets.data[int(frames.payload[row]) : int(frames.end[row])])
            if self._decode(stream, stream.bytes(), last=stream.full):
                del self._streams[key]

    def _finish(self, key: int) -> None:
        stream = self._streams.pop(key)
        self._decode(stream, stream.bytes(), last=True)

    def _decode(self, stream: _Stream, data: bytes, last: bool) -> bool:
        """Decode a stream that is whole, or the `last` there will be of it; False where it waits for more."""
        if stream.kind >> 16 == TLS_RECORD:
            hello = tls.read_hello(data)
            if hello.done or last:
                self._tls(stream, hello)
            return hello.done or last
        if not last and not _is_whole(stream.kind, data):
            return False
        if stream.kind in REQUESTS:
            host, agent = heads.request_host(data)
            self._call(stream, host, "http")
            self._tell(stream, [("agent", agent)] if agent else [])
        else:
            self._tell(stream, heads.banner_clue(data) if stream.kind == SSH else heads.server_clues(data))
        return True

    def _tls(self, stream: _Stream, hello: tls.Hello) -> None:
        self._call(stream, hello.host if heads.HOST.fullmatch(hello.host) else "", "tls")
        if hello.certificate:
            subject, issuer = tls.read_certificate(hello.certificate)
            self._tell(stream, [(kind, text) for kind, text in (("tls-subject", subject), ("tls-issuer", issuer)) if text])

    def _call(self, stream: _Stream, host: str, how: str) -> None:
        if host:
            self._name(stream.frame, stream.mac, stream.address, host, how, (stream.peer,), stream.time)

    def _tell(self, stream: _Stream, clues: list[tuple[str, str]]) -> None:
        self.told += [Clue(stream.frame, stream.mac, stream.address, kind, text) for kind, text in clues]


def _is_whole(kind: int, data: bytes) -> bool:
    """Whether the start of a plain stream holds all that will be read of it: the head, and of a page its title."""
    if kind == SSH:
        return b"\n" in data
    ended = data.find(b"\r\n\r\n")
    if kind not in ANSWERS or ended < 0:
        return ended >= 0
    head = data[:ended].lower()
    return (b"text/html" not in head and b"xml" not in head) or b"</title" in data.lower()


def _source(frames: Frames, row: int) -> str:
    return address_of(int(frames.source_high[row]), int(frames.source_low[row]))


def _target(frames: Frames, row: int) -> str:
    return address_of(int(frames.target_high[row]), int(frames.target_low[row]))

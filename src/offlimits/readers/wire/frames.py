"""Packets → frames: link, network and transport heads of a whole batch at a time, as columns. Lengths that lie are told, never followed."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from offlimits.readers.wire.captures import Ints, Packets

ETHERNET, RAW, COOKED, COOKED2, NULL, LOOP = 1, 101, 113, 276, 0, 108
RAW_LINKS = (RAW, 12, 14, 228, 229)
KNOWN_LINKS = (ETHERNET, COOKED, COOKED2, NULL, LOOP, *RAW_LINKS)
"""Link types of the registry at tcpdump.org: Ethernet, raw IP in its writings, Linux cooked 1 and 2, BSD loopback."""

TAGS = (0x8100, 0x88A8, 0x9100, 0x9200)
MAX_TAGS = 4
MAX_EXTENSIONS = 8
IPV4, IPV6, ARP, SADP_FRAME = 0x0800, 0x86DD, 0x0806, 0x8033
TCP, UDP, ICMP6 = 6, 17, 58
EXTENSIONS = (0, 43, 44, 60)
"""IPv6 headers that another follows: hop-by-hop, routing, fragment, destination options (RFC 8200, 4.1)."""

FAULTS = (
    "",
    "the packet is shorter than the heads it must have",
    "the packet's own length says more bytes than it has",
    f"the packet has more than {MAX_TAGS} VLAN tags or {MAX_EXTENSIONS} extension heads",
    "the packet is of a link layer that is not decoded",
    "the packet says it is of one version of IP and is of another",
)
SHORT, LYING, DEEP, UNKNOWN_LINK, VERSION = 1, 2, 3, 4, 5


class Frames(msgspec.Struct, frozen=True):
    """A batch as columns, one number a packet. Addresses are 128 bits in two halves (IPv4 as ::ffff:a.b.c.d, RFC 4291 2.5.5.2).

    `kind` is the EtherType; `protocol` is -1 without IP; ports are -1 where there is no head of TCP or UDP (later fragments). `payload` and
    `end` bound the bytes above TCP and UDP; `size` counts the IP packet as it was on the wire; `fault` is an index into `FAULTS`.
    """

    mac: NDArray[np.uint64]
    to_mac: NDArray[np.uint64]
    kind: Ints
    network: Ints
    source_high: NDArray[np.uint64]
    source_low: NDArray[np.uint64]
    target_high: NDArray[np.uint64]
    target_low: NDArray[np.uint64]
    protocol: Ints
    source_port: Ints
    target_port: Ints
    payload: Ints
    end: Ints
    size: Ints
    flags: Ints
    sequence: Ints
    fragment: NDArray[np.bool_]
    fault: NDArray[np.uint8]


class _Bytes:
    """A batch's bytes, to be read at many places at once; a place behind the end gives what stands at the end, which lengths then rule
    out."""

    def __init__(self, data: bytes) -> None:
        held = data if len(data) >= 8 else data + bytes(8)
        self._views = {
            size: np.ndarray((len(held) - size + 1,), dtype=kind, buffer=held, strides=(1,))
            for size, kind in ((1, "u1"), (2, ">u2"), (4, ">u4"), (8, ">u8"))
        }

    def get(self, at: Ints, size: int) -> Ints:
        view = self._views[size]
        return view[np.minimum(at, len(view) - 1)].astype(np.int64)

    def get8(self, at: Ints) -> NDArray[np.uint64]:
        view = self._views[8]
        return view[np.minimum(at, len(view) - 1)].astype(np.uint64)


def read_frames(packets: Packets) -> Frames:
    """Decode the heads of every packet of a batch."""
    data, count = _Bytes(packets.data), len(packets.starts)
    fault = np.zeros(count, dtype=np.uint8)
    stop = packets.starts + packets.captured
    whole = packets.captured >= packets.length
    mac, to_mac, kind, network = _links(data, packets, fault)
    _tags(data, kind, network, fault)
    columns = _Network(count)
    four, six = kind == IPV4, kind == IPV6
    _ipv4(data, np.flatnonzero(four), network, stop, whole, columns, fault)
    _ipv6(data, np.flatnonzero(six), network, stop, whole, columns, fault)
    source_port, target_port, payload, flags, sequence = _transport(data, columns, fault)
    return Frames(
        mac, to_mac, kind, network, columns.source_high, columns.source_low, columns.target_high, columns.target_low,
        np.where(fault > 0, -1, columns.protocol), source_port, target_port, payload, columns.end, columns.size,
        flags, sequence, columns.fragment, fault,
    )  # fmt: skip


class _Network:
    """The columns of the network layer, to be filled."""

    def __init__(self, count: int) -> None:
        self.source_high = np.zeros(count, dtype=np.uint64)
        self.source_low = np.zeros(count, dtype=np.uint64)
        self.target_high = np.zeros(count, dtype=np.uint64)
        self.target_low = np.zeros(count, dtype=np.uint64)
        self.protocol = np.full(count, -1, dtype=np.int64)
        self.transport = np.zeros(count, dtype=np.int64)
        self.end = np.zeros(count, dtype=np.int64)
        self.size = np.zeros(count, dtype=np.int64)
        self.fragment = np.zeros(count, dtype=bool)


def _links(data: _Bytes, packets: Packets, fault: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.uint64], Ints, Ints]:
    """Sender's and receiver's hardware address (0 where the link has none), EtherType, and where the network layer begins."""
    at, links, count = packets.starts, packets.links, len(packets.starts)
    mac, to_mac = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.uint64)
    kind, network = np.zeros(count, dtype=np.int64), at.copy()
    for link in np.unique(links):
        chosen = links == link
        here = at[chosen]
        head = {ETHERNET: 14, COOKED: 16, COOKED2: 20, NULL: 4, LOOP: 4}.get(int(link), 0)
        if link == ETHERNET:
            to_mac[chosen] = data.get8(here) >> np.uint64(16)
            mac[chosen] = data.get8(here + 6) >> np.uint64(16)
            kind[chosen] = data.get(here + 12, 2)
        elif link == COOKED:
            mac[chosen] = np.where(data.get(here + 4, 2) == 6, data.get8(here + 6) >> np.uint64(16), np.uint64(0))
            kind[chosen] = data.get(here + 14, 2)
        elif link == COOKED2:
            mac[chosen] = np.where(data.get(here + 11, 1) == 6, data.get8(here + 12) >> np.uint64(16), np.uint64(0))
            kind[chosen] = data.get(here, 2)
        elif link in (*RAW_LINKS, NULL, LOOP):
            version = data.get(here + head, 1) >> 4
            kind[chosen] = np.where(version == 4, IPV4, np.where(version == 6, IPV6, 0))
        else:
            fault[chosen] = UNKNOWN_LINK
        network[chosen] += head
        fault[chosen & (packets.captured < head + (1 if head == 0 else 0))] = SHORT if link in KNOWN_LINKS else UNKNOWN_LINK
    return mac, to_mac, kind, network


def _tags(data: _Bytes, kind: Ints, network: Ints, fault: NDArray[np.uint8]) -> None:
    """Step over VLAN tags, in place; a packet with more than `MAX_TAGS` is a fault."""
    for _ in range(MAX_TAGS):
        tagged = np.flatnonzero(np.isin(kind, TAGS) & (fault == 0))
        if not len(tagged):
            return
        kind[tagged] = data.get(network[tagged] + 2, 2)
        network[tagged] += 4
    fault[np.isin(kind, TAGS) & (fault == 0)] = DEEP


def _ipv4(
    data: _Bytes, rows: Ints, network: Ints, stop: Ints, whole: NDArray[np.bool_], columns: _Network, fault: NDArray[np.uint8]
) -> None:
    """RFC 791, 3.1. A total length of 0 is a packet that the sender's network card had still to cut (segmentation offload)."""
    if not len(rows):
        return
    at, end = network[rows], stop[rows]
    first = data.get(at, 1)
    head, total = (first & 15) * 4, data.get(at + 2, 2)
    total = np.where(total == 0, end - at, total)
    flags = data.get(at + 6, 2)
    bad = np.zeros(len(rows), dtype=np.uint8)
    bad[whole[rows] & (total > end - at)] = LYING
    bad[(head < 20) | (total < head) | ((at + head > end) & whole[rows]) | (at + 20 > end)] = SHORT
    bad[first >> 4 != 4] = VERSION
    columns.source_high[rows] = columns.target_high[rows] = 0
    columns.source_low[rows] = (data.get(at + 12, 4) | 0xFFFF00000000).astype(np.uint64)
    columns.target_low[rows] = (data.get(at + 16, 4) | 0xFFFF00000000).astype(np.uint64)
    columns.protocol[rows] = data.get(at + 9, 1)
    columns.transport[rows] = at + head
    columns.end[rows] = np.minimum(at + total, end)
    columns.size[rows] = total
    columns.fragment[rows] = flags & 0x1FFF != 0
    fault[rows] = np.where(fault[rows] > 0, fault[rows], bad)


def _ipv6(
    data: _Bytes, rows: Ints, network: Ints, stop: Ints, whole: NDArray[np.bool_], columns: _Network, fault: NDArray[np.uint8]
) -> None:
    """RFC 8200, 3 and 4. A payload length of 0 is a jumbogram or a packet still to be cut: it ends where the frame does."""
    if not len(rows):
        return
    at, end = network[rows], stop[rows]
    length = data.get(at + 4, 2)
    length = np.where(length == 0, end - at - 40, length)
    bad = np.zeros(len(rows), dtype=np.uint8)
    bad[whole[rows] & (at + 40 + length > end)] = LYING
    bad[at + 40 > end] = SHORT
    bad[data.get(at, 1) >> 4 != 6] = VERSION
    columns.source_high[rows], columns.source_low[rows] = data.get8(at + 8), data.get8(at + 16)
    columns.target_high[rows], columns.target_low[rows] = data.get8(at + 24), data.get8(at + 32)
    following, transport = data.get(at + 6, 1), at + 40
    stops = np.minimum(at + 40 + np.maximum(length, 0), end)
    later = np.zeros(len(rows), dtype=bool)
    for _ in range(MAX_EXTENSIONS):
        extended = np.flatnonzero(np.isin(following, EXTENSIONS) & ~later & (transport + 8 <= stops))
        if not len(extended):
            break
        here, was = transport[extended], following[extended]
        later[extended] = (was == 44) & (data.get(here + 2, 2) & 0xFFF8 != 0)
        following[extended] = data.get(here, 1)
        transport[extended] = here + np.where(was == 44, 8, (data.get(here + 1, 1) + 1) * 8)
    else:
        bad[np.isin(following, EXTENSIONS) & ~later & (transport + 8 <= stops)] = DEEP
    columns.protocol[rows], columns.transport[rows] = following, transport
    columns.end[rows], columns.size[rows], columns.fragment[rows] = stops, 40 + np.maximum(length, 0), later
    fault[rows] = np.where(fault[rows] > 0, fault[rows], bad)


def _transport(data: _Bytes, columns: _Network, fault: NDArray[np.uint8]) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Ports, where the payload begins, and of TCP the flags and the sequence number (RFC 9293, 3.1; RFC 768)."""
    count = len(fault)
    source, target = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    payload, flags, sequence = columns.end.copy(), np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    headed = ~columns.fragment & (fault == 0)
    for protocol, least in ((TCP, 20), (UDP, 8)):
        rows = np.flatnonzero(headed & (columns.protocol == protocol) & (columns.transport + 4 <= columns.end))
        at = columns.transport[rows]
        source[rows], target[rows] = data.get(at, 2), data.get(at + 2, 2)
        full = at + least <= columns.end[rows]
        head = (data.get(at + 12, 1) >> 4) * 4 if protocol == TCP else np.full(len(rows), 8, dtype=np.int64)
        payload[rows] = np.where(full & (head >= least), np.minimum(at + head, columns.end[rows]), columns.end[rows])
        if protocol == TCP:
            flags[rows] = np.where(full, data.get(at + 13, 1), 0)
            sequence[rows] = data.get(at + 4, 4)
    return source, target, payload, flags, sequence

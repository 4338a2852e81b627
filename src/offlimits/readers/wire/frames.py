"""Packets → frames: link, network and transport heads of a whole batch at a time, as columns. Lengths that lie are told, never followed."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from offlimits.readers.wire.captures import Packets
from offlimits.readers.wire.places import Ints, fields, gathered

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
SIXTEEN = np.uint64(16)


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


ETHERNET_HEAD = fields(to_mac=(0, ">u8"), mac=(6, ">u8"), kind=(12, ">u2"))
COOKED_HEAD = fields(address_size=(4, ">u2"), mac=(6, ">u8"), kind=(14, ">u2"))
COOKED2_HEAD = fields(kind=(0, ">u2"), address_size=(11, "u1"), mac=(12, ">u8"))
"""At tcpdump.org/linktypes: LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2; of the eight bytes of an address the first six
count."""

FIRST = fields(byte=(0, "u1"))
TAG = fields(kind=(2, ">u2"))
IPV4_HEAD = fields(
    first=(0, "u1"), total=(2, ">u2"), flags=(6, ">u2"), protocol=(9, "u1"), source=(12, ">u4"), target=(16, ">u4")
)  # fmt: skip
IPV6_HEAD = fields(
    first=(0, "u1"), length=(4, ">u2"), following=(6, "u1"), source_high=(8, ">u8"), source_low=(16, ">u8"), target_high=(24, ">u8"),
    target_low=(32, ">u8"),
)  # fmt: skip
EXTENSION = fields(following=(0, "u1"), size=(1, "u1"), offset=(2, ">u2"))
TRANSPORT_HEAD = fields(source=(0, ">u2"), target=(2, ">u2"), sequence=(4, ">u4"), head=(12, "u1"), flags=(13, "u1"))
"""RFC 791, 3.1; RFC 8200, 3 and 4; RFC 9293, 3.1; RFC 768."""


def read_frames(packets: Packets) -> Frames:
    """Decode the heads of every packet of a batch."""
    data, count = packets.data, len(packets.starts)
    fault = np.zeros(count, dtype=np.uint8)
    stop = packets.starts + packets.captured
    whole = packets.captured >= packets.length
    mac, to_mac, kind, network = _links(packets, fault)
    _tags(data, kind, network, stop, fault)
    columns = _Network(count)
    _ipv4(data, np.flatnonzero(kind == IPV4), network, stop, whole, columns, fault)
    _ipv6(data, np.flatnonzero(kind == IPV6), network, stop, whole, columns, fault)
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


def _links(packets: Packets, fault: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.uint64], Ints, Ints]:
    """Sender's and receiver's hardware address (0 where the link has none), EtherType, and where the network layer begins."""
    data, at, links, count = packets.data, packets.starts, packets.links, len(packets.starts)
    mac, to_mac = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.uint64)
    kind, network = np.zeros(count, dtype=np.int64), at.copy()
    several = int(links.min()) != int(links.max())
    for link in np.unique(links) if several else links[:1]:
        chosen = np.flatnonzero(links == link) if several else slice(None)
        head = {ETHERNET: 14, COOKED: 16, COOKED2: 20, NULL: 4, LOOP: 4}.get(int(link), 0)
        if link == ETHERNET:
            heads = gathered(data, at[chosen], ETHERNET_HEAD)
            to_mac[chosen], mac[chosen], kind[chosen] = heads["to_mac"] >> SIXTEEN, heads["mac"] >> SIXTEEN, heads["kind"]
        elif link in (COOKED, COOKED2):
            heads = gathered(data, at[chosen], COOKED_HEAD if link == COOKED else COOKED2_HEAD)
            mac[chosen], kind[chosen] = np.where(heads["address_size"] == 6, heads["mac"] >> SIXTEEN, 0), heads["kind"]
        elif link in (*RAW_LINKS, NULL, LOOP):
            version = gathered(data, at[chosen] + head, FIRST)["byte"] >> 4
            kind[chosen] = np.where(version == 4, IPV4, np.where(version == 6, IPV6, 0))
        else:
            fault[chosen] = UNKNOWN_LINK
        network[chosen] += head
        short = packets.captured[chosen] < head + (1 if head == 0 else 0)
        fault[chosen] = np.where(short, SHORT if link in KNOWN_LINKS else UNKNOWN_LINK, fault[chosen])
    return mac, to_mac, kind, network


def _tags(data: bytes, kind: Ints, network: Ints, stop: Ints, fault: NDArray[np.uint8]) -> None:
    """Step over VLAN tags, in place; a packet with more than `MAX_TAGS` is a fault."""
    tagged = np.flatnonzero(np.isin(kind, TAGS) & (fault == 0))
    for _ in range(MAX_TAGS):
        if not len(tagged):
            return
        cut = network[tagged] + 4 > stop[tagged]
        fault[tagged[cut]], tagged = SHORT, tagged[~cut]
        kind[tagged] = gathered(data, network[tagged], TAG)["kind"]
        network[tagged] += 4
        tagged = tagged[np.isin(kind[tagged], TAGS)]
    fault[tagged] = DEEP


def _ipv4(
    data: bytes, rows: Ints, network: Ints, stop: Ints, whole: NDArray[np.bool_], columns: _Network, fault: NDArray[np.uint8]
) -> None:
    """RFC 791, 3.1. A total length of 0 is a packet that the sender's network card had still to cut (segmentation offload)."""
    if not len(rows):
        return
    at, end = network[rows], stop[rows]
    heads = gathered(data, at, IPV4_HEAD)
    first, total = heads["first"], heads["total"].astype(np.int64)
    head = (first & 15).astype(np.int64) * 4
    total = np.where(total == 0, end - at, total)
    bad = np.zeros(len(rows), dtype=np.uint8)
    bad[whole[rows] & (total > end - at)] = LYING
    bad[(head < 20) | (total < head) | ((at + head > end) & whole[rows]) | (at + 20 > end)] = SHORT
    bad[(first >> 4 != 4) & (at < end)] = VERSION
    columns.source_low[rows] = heads["source"] | np.uint64(0xFFFF00000000)
    columns.target_low[rows] = heads["target"] | np.uint64(0xFFFF00000000)
    columns.protocol[rows] = heads["protocol"]
    columns.transport[rows] = at + head
    columns.end[rows] = np.minimum(at + total, end)
    columns.size[rows] = total
    columns.fragment[rows] = heads["flags"] & 0x1FFF != 0
    fault[rows] = np.where(fault[rows] > 0, fault[rows], bad)


def _ipv6(
    data: bytes, rows: Ints, network: Ints, stop: Ints, whole: NDArray[np.bool_], columns: _Network, fault: NDArray[np.uint8]
) -> None:
    """RFC 8200, 3 and 4. A payload length of 0 is a jumbogram or a packet still to be cut: it ends where the frame does."""
    if not len(rows):
        return
    at, end = network[rows], stop[rows]
    heads = gathered(data, at, IPV6_HEAD)
    length = heads["length"].astype(np.int64)
    length = np.where(length == 0, end - at - 40, length)
    bad = np.zeros(len(rows), dtype=np.uint8)
    bad[whole[rows] & (at + 40 + length > end)] = LYING
    bad[at + 40 > end] = SHORT
    bad[(heads["first"] >> 4 != 6) & (at < end)] = VERSION
    columns.source_high[rows], columns.source_low[rows] = heads["source_high"], heads["source_low"]
    columns.target_high[rows], columns.target_low[rows] = heads["target_high"], heads["target_low"]
    following, transport = heads["following"].astype(np.int64), at + 40
    stops = np.minimum(at + 40 + np.maximum(length, 0), end)
    later = np.zeros(len(rows), dtype=bool)
    for _ in range(MAX_EXTENSIONS):
        extended = np.flatnonzero(np.isin(following, EXTENSIONS) & ~later & (transport + 8 <= stops))
        if not len(extended):
            break
        here, was = gathered(data, transport[extended], EXTENSION), following[extended]
        later[extended] = (was == 44) & (here["offset"] & 0xFFF8 != 0)
        following[extended] = here["following"]
        transport[extended] += np.where(was == 44, 8, (here["size"].astype(np.int64) + 1) * 8)
    else:
        bad[np.isin(following, EXTENSIONS) & ~later & (transport + 8 <= stops)] = DEEP
    columns.protocol[rows], columns.transport[rows] = following, transport
    columns.end[rows], columns.size[rows], columns.fragment[rows] = stops, 40 + np.maximum(length, 0), later
    fault[rows] = np.where(fault[rows] > 0, fault[rows], bad)


def _transport(data: bytes, columns: _Network, fault: NDArray[np.uint8]) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Ports, where the payload begins, and of TCP the flags and the sequence number."""
    count = len(fault)
    source, target = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    payload, flags, sequence = columns.end.copy(), np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    tcp, udp = columns.protocol == TCP, columns.protocol == UDP
    rows = np.flatnonzero((tcp | udp) & ~columns.fragment & (fault == 0) & (columns.transport + 4 <= columns.end))
    at, end, tcp = columns.transport[rows], columns.end[rows], tcp[rows]
    heads = gathered(data, at, TRANSPORT_HEAD)
    source[rows], target[rows] = heads["source"], heads["target"]
    head = np.where(tcp, (heads["head"] >> 4).astype(np.int64) * 4, 8)
    full = at + np.where(tcp, 20, 8) <= end
    payload[rows] = np.where(full & (head >= np.where(tcp, 20, 8)), np.minimum(at + head, end), end)
    flags[rows] = np.where(full & tcp, heads["flags"], 0)
    sequence[rows] = np.where(tcp, heads["sequence"], 0)
    return source, target, payload, flags, sequence

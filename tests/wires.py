"""Packets made by hand, after the RFCs: what tests and benchmarks build captures from. No real device's traffic is in here."""

from __future__ import annotations

import datetime
import ipaddress
import json
import random
import struct
from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

Packet = tuple[float, bytes]
CAMERA, RECORDER, PHONE, ROUTER = "44:19:b6:00:00:01", "3c:ef:8c:00:00:02", "02:11:22:33:44:55", "00:11:22:33:44:55"


def mac(text: str) -> bytes:
    """A hardware address as six bytes."""
    return bytes.fromhex(text.replace(":", "").replace("-", ""))


def checksum(data: bytes) -> int:
    """The internet checksum (RFC 1071)."""
    total = sum(struct.unpack(f">{len(data) // 2}H", data[: len(data) // 2 * 2])) + (data[-1] << 8 if len(data) % 2 else 0)
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ip(source: str, target: str, protocol: int, body: bytes, fragment: int = 0) -> bytes:
    """An IP packet, of the version of its addresses."""
    a, b = ipaddress.ip_address(source), ipaddress.ip_address(target)
    if a.version == 6:
        return struct.pack(">IHBB", 6 << 28, len(body), protocol, 64) + a.packed + b.packed + body
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, fragment, 64, protocol, 0) + a.packed + b.packed
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + body


def udp(source: str, target: str, source_port: int, target_port: int, body: bytes) -> bytes:
    """A UDP datagram in its IP packet."""
    return ip(source, target, 17, struct.pack(">HHHH", source_port, target_port, 8 + len(body), 0) + body)


def tcp(source: str, target: str, source_port: int, target_port: int, body: bytes = b"", flags: int = 0x18, sequence: int = 1) -> bytes:
    """A TCP segment in its IP packet."""
    return ip(source, target, 6, struct.pack(">HHIIBBHHH", source_port, target_port, sequence, 1, 0x50, flags, 8192, 0, 0) + body)


def ethernet(source: str, target: str, packet: bytes, tags: int = 0, kind: int | None = None) -> bytes:
    """A frame; its EtherType is that of the IP packet in it, if none is given."""
    kind = kind if kind is not None else (0x86DD if packet[0] >> 4 == 6 else 0x0800)
    return mac(target) + mac(source) + b"\x81\x00\x00\x01" * tags + struct.pack(">H", kind) + packet


def arp(source: str, address: str) -> bytes:
    """A frame in which a device says which address is its own."""
    body = b"\0\1\x08\0\6\4\0\2" + mac(source) + ipaddress.ip_address(address).packed + bytes(6) + ipaddress.ip_address(address).packed
    return ethernet(source, "ff:ff:ff:ff:ff:ff", body, kind=0x0806)


def cooked(source: str, packet: bytes, version: int = 1) -> bytes:
    """A packet of a Linux cooked capture."""
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    if version == 1:
        return struct.pack(">HHH", 0, 1, 6) + mac(source) + b"\0\0" + struct.pack(">H", kind) + packet
    return struct.pack(">HHIHBB", kind, 0, 1, 1, 0, 6) + mac(source) + b"\0\0" + packet


# --- payloads ------------------------------------------------------------------------------------


def name(host: str) -> bytes:
    """A host's name as DNS writes it."""
    return b"".join(bytes([len(label)]) + label.encode() for label in host.split(".")) + b"\0"


def dns(host: str, *addresses: str, answers: bool = True) -> bytes:
    """A question, or with `answers` what was told: the addresses, each behind a pointer to the name."""
    head = struct.pack(">6H", 7, 0x8180 if answers else 0x0100, 1, len(addresses), 0, 0)
    body = name(host) + b"\0\1\0\1"
    for address in map(ipaddress.ip_address, addresses):
        body += b"\xc0\x0c" + struct.pack(">HHIH", 1 if address.version == 4 else 28, 1, 60, len(address.packed)) + address.packed
    return head + body


def client_hello(host: str) -> bytes:
    """The record in which a client of TLS 1.2 says whom it wants to speak to (RFC 5246, 7.4.1.2; RFC 6066, 3)."""
    listed = b"\0" + struct.pack(">H", len(host)) + host.encode()
    extension = struct.pack(">HHH", 0, len(listed) + 2, len(listed)) + listed
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\xc0\x2f" + b"\1\0" + struct.pack(">H", len(extension)) + extension
    return record(b"\1" + len(body).to_bytes(3, "big") + body)


def server_hello(der: bytes) -> bytes:
    """The records in which a server of TLS 1.2 answers and shows its certificate."""
    hello = b"\3\3" + bytes(32) + b"\0" + b"\xc0\x2f\0"
    chain = len(der).to_bytes(3, "big") + der
    shown = len(chain).to_bytes(3, "big") + chain
    return record(b"\2" + len(hello).to_bytes(3, "big") + hello) + record(b"\x0b" + len(shown).to_bytes(3, "big") + shown)


def certificate(organisation: str, host: str) -> bytes:
    """A self-signed certificate (DER), always the same for the same words."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, host)])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    return made.not_valid_before(day).not_valid_after(day.replace(year=2036)).sign(key, None).public_bytes(Encoding.DER)


def record(body: bytes) -> bytes:
    """A TLS record of handshake messages."""
    return b"\x16\3\3" + struct.pack(">H", len(body)) + body


def dhcp(client: str, host: str = "", kind: bytes = b"", given: str = "") -> bytes:
    """A request of DHCP, or with `given` the answer that acknowledges an address."""
    head = struct.pack(">BBBB", 2 if given else 1, 1, 6, 0) + bytes(12)
    head += (ipaddress.ip_address(given).packed if given else bytes(4)) + bytes(8) + mac(client).ljust(16, b"\0") + bytes(192)
    options = b"\x35\1" + (b"\5" if given else b"\3")
    options += (b"\x0c" + bytes([len(host)]) + host.encode() if host else b"") + (b"\x3c" + bytes([len(kind)]) + kind if kind else b"")
    return head + b"\x63\x82\x53\x63" + options + b"\xff"


def sadp(model: str, address: str, hardware: str) -> bytes:
    """A reply of SADP in the form of the discovery samples."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ProbeMatch><Types>inquiry</Types><DeviceDescription>{model}</DeviceDescription>'
        f"<DeviceSN>{model}20200414AAWRE00000000</DeviceSN><MAC>{hardware.replace(':', '-')}</MAC>"
        f"<IPv4Address>{address}</IPv4Address></ProbeMatch>"
    ).encode()


def dhip(model: str, hardware: str, vendor: str = "General") -> bytes:
    """A reply of DHIP in the form of the discovery samples."""
    told = {"mac": hardware, "method": "client.notifyDevInfo", "params": {"deviceInfo": {"DeviceType": model, "Vendor": vendor}}}
    body = json.dumps(told).encode()
    return b"\x20\0\0\0DHIP" + bytes(8) + struct.pack("<IIII", len(body), 0, len(body), 0) + body


def wsd(*scopes: str) -> bytes:
    """An answer of WS-Discovery with these scopes."""
    return f"<e:Envelope><e:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>{' '.join(scopes)}</d:Scopes></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>".encode()


# --- files ---------------------------------------------------------------------------------------


def pcap(packets: Iterable[Packet], link: int = 1, order: str = "<", nano: bool = False, snap: int = 262144) -> bytes:
    """A pcap file in either byte order, in micro- or nanoseconds."""
    magic, ticks = (0xA1B23C4D, 10**9) if nano else (0xA1B2C3D4, 10**6)
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for time, frame in packets:
        kept = frame[:snap]
        parts.append(struct.pack(order + "IIII", int(time), round(time % 1 * ticks), len(kept), len(frame)) + kept)
    return b"".join(parts)


def block(order: str, kind: int, body: bytes) -> bytes:
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def pcapng(packets: Iterable[Packet], link: int = 1, order: str = "<", nano: bool = False) -> bytes:
    """A pcapng file with one section and one interface."""
    options = struct.pack(order + "HHB3x", 9, 1, 9) + struct.pack(order + "HH", 0, 0) if nano else b""
    parts = [block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    parts.append(block(order, 1, struct.pack(order + "HHI", link, 0, 0) + options))
    for time, frame in packets:
        ticks = round(time * (10**9 if nano else 10**6))
        head = struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
        parts.append(block(order, 6, head + frame))
    return b"".join(parts)


def estate() -> list[Packet]:
    """A small estate in which a camera and a recorder announce themselves and call out, and a phone looks something up."""
    at, out = 1_790_000_000.0, "198.51.100.20"
    frames = [
        ethernet(CAMERA, "ff:ff:ff:ff:ff:ff", udp("0.0.0.0", "255.255.255.255", 68, 67, dhcp(CAMERA, "cam-gate", b"camera"))),
        ethernet(ROUTER, CAMERA, udp("192.168.1.1", "192.168.1.64", 67, 68, dhcp(CAMERA, given="192.168.1.64"))),
        arp(CAMERA, "192.168.1.64"),
        arp(RECORDER, "192.168.1.108"),
        arp(ROUTER, "192.168.1.1"),
        ethernet(
            CAMERA,
            "01:00:5e:7f:ff:fa",
            udp("192.168.1.64", "239.255.255.250", 37020, 37020, sadp("DS-2CD2143G2-I", "192.168.1.64", CAMERA)),
        ),
        ethernet(RECORDER, "01:00:5e:7f:ff:fb", udp("192.168.1.108", "239.255.255.251", 37810, 37810, dhip("NVR5216-4KS2", RECORDER))),
        ethernet(CAMERA, ROUTER, udp("192.168.1.64", "192.168.1.1", 40000, 53, dns("dev.hik-connect.com", answers=False))),
        ethernet(ROUTER, CAMERA, udp("192.168.1.1", "192.168.1.64", 53, 40000, dns("dev.hik-connect.com", out))),
        ethernet(CAMERA, ROUTER, tcp("192.168.1.64", out, 50000, 8555, flags=2)),
        ethernet(ROUTER, CAMERA, tcp(out, "192.168.1.64", 8555, 50000, flags=0x12)),
        ethernet(CAMERA, ROUTER, tcp("192.168.1.64", out, 50000, 8555, client_hello("dev.hik-connect.com"), sequence=2)),
        ethernet(ROUTER, CAMERA, tcp(out, "192.168.1.64", 8555, 50000, b"\x17\3\3\0\x40" + bytes(64))),
        ethernet(RECORDER, ROUTER, udp("192.168.1.108", "203.0.113.9", 41000, 8800, b"DHGET /probe/p2psrv HTTP/1.1\r\n\r\n")),
        ethernet(ROUTER, RECORDER, udp("203.0.113.9", "192.168.1.108", 8800, 41000, b"HTTP/1.1 200 OK\r\n\r\n")),
        ethernet(PHONE, ROUTER, udp("192.168.1.50", "192.168.1.1", 40001, 53, dns("www.example.org", answers=False))),
        ethernet(PHONE, CAMERA, tcp("192.168.1.50", "192.168.1.64", 51000, 80, b"GET / HTTP/1.1\r\nHost: 192.168.1.64\r\n\r\n")),
        ethernet(
            CAMERA,
            PHONE,
            tcp(
                "192.168.1.64",
                "192.168.1.50",
                80,
                51000,
                b'HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\nWWW-Authenticate: Digest realm="DS-2CD2143G2-I"\r\n\r\n',
            ),
        ),
        ethernet(ROUTER, CAMERA, tcp("203.0.113.77", "192.168.1.64", 60000, 80, flags=2)),
    ]
    return [(at + number, frame) for number, frame in enumerate(frames)]


def mixed(count: int, seed: int = 1) -> Iterable[Packet]:
    """Mixed traffic for the benchmark: video, web and encrypted connections, DNS; one packet in eighty begins a connection or is
    its first request, one in fifty is an answer of DNS."""
    chance = random.Random(seed)
    devices = [(f"{CAMERA[:9]}{n >> 8:02x}:{n & 255:02x}:00", f"10.1.{n >> 8}.{n & 255}") for n in range(1, 400)]
    filler = chance.randbytes(1400)
    live: list[tuple[str, str, str, int]] = []
    for number in range(count):
        roll = chance.random()
        if len(live) < 200 or roll < 0.012:
            hardware, address = devices[chance.randrange(len(devices))]
            live.append((hardware, address, f"198.51.{chance.randrange(100)}.{chance.randrange(1, 255)}", 30000 + number % 30000))
            del live[:-400]
        hardware, address, peer, port = live[-1] if roll < 0.012 else live[chance.randrange(len(live))]
        roll = 0.988 + roll if roll < 0.012 else min(roll, 0.98)
        if roll < 0.40:
            packet, sender = udp(address, "10.1.0.2", 5004, 5004, filler[: chance.randrange(100, 900)]), hardware
        elif roll < 0.85:
            body = b"\x17\3\3\4\0" + filler[: chance.choice((40, 40, 200, 1200))]
            outwards = chance.random() < 0.5
            packet = tcp(address, peer, port, 443, body) if outwards else tcp(peer, address, 443, port, body)
            sender = hardware if outwards else ROUTER
        elif roll < 0.97:
            packet, sender = tcp(address, peer, port, 443, flags=0x10), hardware
        elif roll < 0.988:
            packet, sender = udp("10.1.0.1", address, 53, port, dns(f"host{chance.randrange(3000)}.example.org", peer)), ROUTER
        elif roll < 0.998:
            packet, sender = tcp(address, peer, port, 443, client_hello(f"host{chance.randrange(3000)}.example.org")), hardware
        else:
            packet, sender = tcp(address, peer, port, 80, b"GET / HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: test\r\n\r\n"), hardware
        yield 1_790_000_000 + number / 1000, ethernet(sender, ROUTER if sender == hardware else hardware, packet)

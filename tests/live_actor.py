"""One actor of the live estate, in its own network namespace: `python live_actor.py camera|recorder|outside|desk`.

Simulated: the words are those of the discovery samples and of the evidence; the sockets, handshakes and packets are real. It speaks only to the
addresses below, sends a bounded number of datagrams, and ends by itself.
"""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import wires

CAMERA, RECORDER, GATEWAY, DESK, OUTSIDE = "10.77.0.64", "10.77.0.108", "10.77.0.1", "10.77.0.5", "198.51.100.20"
HOST, PLATFORM, RELAY = "dev.hik-connect.com", 8666, 8800
SENT = 5000
LIVES = 25.0


def once(call: Callable[[], None]) -> None:
    """Run a server in the background; it ends with the process."""
    threading.Thread(target=call, daemon=True).start()


def answer_stream(port: int, answer: bytes, address: str = "", context: ssl.SSLContext | None = None) -> None:
    """Serve TCP: read once, answer, close."""
    server = socket.create_server((address, port))

    def serve() -> None:
        while True:
            peer, _ = server.accept()
            with contextlib.suppress(OSError), peer:
                peer.settimeout(5)
                with context.wrap_socket(peer, server_side=True) if context else peer as stream:
                    stream.recv(65536)
                    stream.sendall(answer)

    once(serve)


def answer_datagrams(
    port: int, answer: Callable[[bytes], bytes], group: str = "", address: str = "", reply_port: int | None = None
) -> None:
    """Serve UDP, also to a multicast group; empty answers are not sent."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, port))
    if group:
        server.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + socket.inet_aton("0.0.0.0"))

    def serve() -> None:
        while True:
            data, peer = server.recvfrom(65536)
            if told := answer(data):
                server.sendto(told, (group, reply_port) if reply_port else peer)

    once(serve)


def certified(organisation: str, name: str) -> ssl.SSLContext:
    """A server's context with a self-signed certificate; TLS 1.2, in which the certificate is shown."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(7)
    made = built.not_valid_before(day).not_valid_after(day.replace(year=2036)).sign(key, hashes.SHA256())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pair.pem"
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(path)
    return context


def camera() -> None:
    """Announces itself, serves HTTP, RTSP and TLS, asks for a host by DNS and calls it."""
    realm = b'WWW-Authenticate: Digest realm="DS-2CD2143G2-I", nonce="1"\r\n'
    answer_stream(80, b"HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\n" + realm + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
    answer_stream(554, b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n" + realm.replace(b"DS-2CD2143G2-I", b"Hikvision") + b"\r\n")
    answer_stream(443, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", context=certified("HIKVISION", "hikvision.com"))
    told = wires.sadp("DS-2CD2143G2-I", CAMERA, wires.CAMERA)
    answer_datagrams(37020, lambda data: told if b"<Probe>" in data else b"", "239.255.255.250", reply_port=37020)
    answer_datagrams(
        3702, lambda data: wires.wsd("onvif://www.onvif.org/hardware/DS-2CD2143G2-I") if b"Probe" in data else b"", "239.255.255.250"
    )
    lease = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    lease.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    lease.bind(("", 68))
    lease.sendto(wires.dhcp(wires.CAMERA, "cam-gate", b"camera"), ("255.255.255.255", 67))
    asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asked.settimeout(5)
    asked.sendto(wires.dns(HOST, answers=False), (GATEWAY, 53))
    asked.recv(4096)
    context = ssl._create_unverified_context()
    with socket.create_connection((OUTSIDE, PLATFORM), timeout=5) as plain, context.wrap_socket(plain, server_hostname=HOST) as stream:
        stream.sendall(bytes(SENT))
        stream.recv(100)
    time.sleep(LIVES)


def recorder() -> None:
    """Answers DHIP, serves RTSP, and calls a relay by UDP at a bare address."""
    answer_stream(
        554,
        b'RTSP/1.0 401 Unauthorized\r\nServer: Dahua Rtsp Server\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="Login to 2J01018PAA00813"\r\n\r\n',
    )
    answer_datagrams(37810, lambda data: wires.dhip("NVR5216-4KS2", wires.RECORDER) if b"DHDiscover" in data else b"", "239.255.255.251")
    called = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    called.settimeout(5)
    called.sendto(b"DHGET /probe/p2psrv HTTP/1.1\r\n\r\n", (OUTSIDE, RELAY))
    called.recv(4096)
    time.sleep(LIVES)


def outside() -> None:
    """The gateway's DNS, and behind it the platform and the relay."""
    answer_datagrams(53, lambda data: data[:2] + wires.dns(HOST, OUTSIDE)[2:] if len(data) > 12 else b"", address=GATEWAY)
    answer_stream(PLATFORM, b"ok", OUTSIDE, certified("Example", "example.org"))
    answer_datagrams(RELAY, lambda data: b"HTTP/1.1 200 OK\r\n\r\n", address=OUTSIDE)
    time.sleep(LIVES)


def desk() -> None:
    """A desk computer: searches for devices as their makers' tools do, and opens their pages."""
    searching = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    searching.bind((DESK, 0))
    searching.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(DESK))
    searching.sendto(
        b"<?xml version='1.0'?><Probe><Types>inquiry</Types></Probe>".replace(b"<Probe>", b"<Probe>"), ("239.255.255.250", 37020)
    )
    searching.sendto(b"<e:Envelope><d:Probe/></e:Envelope>", ("239.255.255.250", 3702))
    body = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}'
    searching.sendto(b"\x20\0\0\0DHIP" + bytes(8) + struct.pack("<IIII", len(body), 0, len(body), 0) + body, ("239.255.255.251", 37810))
    for address, port, request in (
        (CAMERA, 80, b"GET / HTTP/1.1\r\nHost: 10.77.0.64\r\n\r\n"),
        (CAMERA, 554, b"DESCRIBE rtsp://10.77.0.64/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
        (RECORDER, 554, b"DESCRIBE rtsp://10.77.0.108/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
    ):
        with socket.create_connection((address, port), timeout=5) as stream:
            stream.sendall(request)
            stream.recv(4096)
    with socket.create_connection((CAMERA, 443), timeout=5) as plain, ssl._create_unverified_context().wrap_socket(plain) as stream:
        stream.sendall(b"GET / HTTP/1.1\r\n\r\n")
        stream.recv(4096)


if __name__ == "__main__":
    {"camera": camera, "recorder": recorder, "outside": outside, "desk": desk}[sys.argv[1]]()

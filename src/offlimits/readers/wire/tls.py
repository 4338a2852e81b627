"""TLS hellos and certificates as they go over the wire (RFC 8446, 4; RFC 5246, 7.4). Records that lie about their length end the
reading."""

from __future__ import annotations

import warnings

import msgspec
from cryptography import x509

MAX_STREAM = 1 << 15
HANDSHAKE = 22
CLIENT_HELLO, CERTIFICATE, HELLO_DONE = 1, 11, 14
SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C", "localityName": "L"} | {
    "stateOrProvinceName": "ST", "emailAddress": "emailAddress", "serialNumber": "serialNumber", "domainComponent": "DC",
}  # fmt: skip


class Hello(msgspec.Struct, frozen=True):
    """What the start of one side's stream says: the host a client names, the certificate of a server (DER, empty where none is shown).

    `done` says that more bytes would tell nothing more.
    """

    host: str = ""
    certificate: bytes = b""
    done: bool = False


def read_hello(data: bytes) -> Hello:
    """The handshake messages at the start of a stream, as far as they are there."""
    messages, ended = _handshakes(data[:MAX_STREAM])
    position = 0
    while position + 4 <= len(messages):
        kind, size = messages[position], int.from_bytes(messages[position + 1 : position + 4], "big")
        body = messages[position + 4 : position + 4 + size]
        if kind == CLIENT_HELLO:
            whole = len(body) == size
            return Hello(host=_server_name(body) if whole else "", done=whole or ended)
        if kind == CERTIFICATE:
            return Hello(certificate=_first_certificate(body), done=len(body) == size or ended)
        if kind == HELLO_DONE or size > MAX_STREAM:
            return Hello(done=True)
        position += 4 + size
    return Hello(done=ended or len(data) >= MAX_STREAM)


def _handshakes(data: bytes) -> tuple[bytes, bool]:
    """The handshake bytes out of their records; and whether another kind of record, or one that cannot be, ended them."""
    parts: list[bytes] = []
    position = 0
    while position + 5 <= len(data):
        kind, major, size = data[position], data[position + 1], int.from_bytes(data[position + 3 : position + 5], "big")
        if kind != HANDSHAKE or major != 3 or size > 0x4800 or size == 0:
            return b"".join(parts), True
        parts.append(data[position + 5 : position + 5 + size])
        position += 5 + size
    return b"".join(parts), False


def _server_name(body: bytes) -> str:
    """The host in a client's hello (RFC 6066, 3), lower case."""
    position = 34
    for width in (1, 2, 1):
        if position + width > len(body):
            return ""
        position += width + int.from_bytes(body[position : position + width], "big")
    position += 2
    while position + 4 <= len(body):
        kind, size = int.from_bytes(body[position : position + 2], "big"), int.from_bytes(body[position + 2 : position + 4], "big")
        if kind == 0 and position + 9 <= len(body) and body[position + 6] == 0:
            length = int.from_bytes(body[position + 7 : position + 9], "big")
            name = body[position + 9 : position + 9 + min(length, size - 5 if size > 5 else 0)]
            return name.decode("ascii", "replace").lower()
        position += 4 + size
    return ""


def _first_certificate(body: bytes) -> bytes:
    size = int.from_bytes(body[3:6], "big")
    return body[6 : 6 + size] if 0 < size <= len(body) - 6 else b""


def read_certificate(der: bytes) -> tuple[str, str]:
    """Subject and issuer, in the certificate's own order: `C=CN, O=HIKVISION, CN=hikvision.com`; empty where it does not read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            return _words(certificate.subject), _words(certificate.issuer)
    except (ValueError, TypeError, NotImplementedError, x509.InvalidVersion):
        return "", ""


def _words(name: x509.Name) -> str:
    return ", ".join(f"{SHORT.get(part.oid._name, part.oid.dotted_string)}={_plain(part.value)}" for part in name)


def _plain(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")

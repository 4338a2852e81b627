"""What devices announce by themselves: DHCP (RFC 2131), SADP, DHIP, WS-Discovery, and answers of SNMP to who asks what they are."""

from __future__ import annotations

import re

import msgspec

from offlimits.readers.devices import plain_mac

Clue = tuple[str, str]
MAX_TEXT = 1 << 16
COOKIE = b"\x63\x82\x53\x63"
SCOPES = re.compile(rb"<(?:[\w.-]{1,40}:)?Scopes\b[^>]{0,300}>([^<]{0,8000})<", re.IGNORECASE)
ROOT = re.compile(r"<ProbeMatch(?:\s[^<>]{0,200})?>")
FIELD = re.compile(r"<(DeviceDescription|DeviceSN|MAC|DetailOEMCode|IPv4Address)>([^<]{0,300})<", re.IGNORECASE)
TOLD = re.compile(r'"(mac|DeviceType|DeviceClass)"\s{0,4}:\s{0,4}"([^"]{1,100})"')
SAID = re.compile(r"<(\w{1,40})>([^<>]{1,300})</")
PAIR = re.compile(r'"(\w{1,40})"\s{0,4}:\s{0,4}"([^"]{1,200})"')
DESCR = bytes.fromhex("06082b06010201010100")
OBJECT = bytes.fromhex("06082b06010201010200")


class Lease(msgspec.Struct, frozen=True):
    """A DHCP message: the client's hardware address, the address it was given (empty unless acknowledged), and its clues."""

    mac: str
    address: str
    clues: list[Clue]


def read_dhcp(data: bytes) -> Lease | None:
    """A message of DHCP or BOOTP; None for anything else. Options that run over the end are left out."""
    if len(data) < 240 or data[236:240] != COOKIE or data[1] != 1 or data[2] != 6:
        return None
    options: dict[int, bytes] = {}
    position = 240
    while position + 2 <= len(data) and data[position] != 255:
        if data[position] == 0:
            position += 1
            continue
        code, size = data[position], data[position + 1]
        body = data[position + 2 : position + 2 + size]
        if len(body) == size:
            options.setdefault(code, body)
        position += 2 + size
    mac = plain_mac(data[28:34].hex())
    kinds = ((12, "hostname"), (60, "dhcp-class"))
    clues = [(kind, options[code].decode("utf-8", "replace").strip("\0 ")) for code, kind in kinds if options.get(code) and data[0] == 1]
    granted = data[0] == 2 and options.get(53) == b"\x05" and any(data[16:20])
    return Lease(mac, ".".join(map(str, data[16:20])) if granted else "", clues) if mac else None


def sadp_clues(data: bytes) -> list[Clue]:
    """A reply of Hikvision's discovery (SADP): each field as `name: value`, and model, serial number and hardware address out of it."""
    text = data[:MAX_TEXT].decode("utf-8", "replace")
    said = {name.lower(): value.strip() for name, value in FIELD.findall(text)}
    if not ROOT.search(text) or not (said.get("devicedescription") or said.get("devicesn")):
        return []
    clues = [("sadp", "framing: SADP"), *(("sadp", f"{name}: {value.strip()}") for name, value in SAID.findall(text)[:60])]
    clues += [("model", said[name]) for name in ("devicedescription", "devicesn") if said.get(name)]
    return clues + ([("mac", mac)] if (mac := plain_mac(said.get("mac", ""))) else [])


def dhip_clues(data: bytes) -> list[Clue]:
    """A reply of Dahua's discovery (DHIP): 32 bytes of head with two lengths, little-endian at 16 and 24, then JSON. The older form (UDP
    5050, first byte b3) holds lines of text."""
    if data[:8] == b"\x20\0\0\0DHIP":
        text = data[32 : min(32 + int.from_bytes(data[16:20], "little"), MAX_TEXT)].decode("utf-8", "replace").strip("\0\n ")
        return _dhip_json(text) if "notifyDevInfo" in text or "deviceInfo" in text else []
    if data[:1] == b"\xb3" and len(data) > 32:
        words = " ".join(re.findall(r"[\x20-\x7e]{4,}", data[:MAX_TEXT].decode("latin-1")))
        found = re.search(r"Device:([\w./-]{2,40})", words)
        said = [("dhip", "framing: DVRIP"), ("dhip", f"text: {words}")] + ([("model", found[1])] if found else [])
        address = re.search(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", words, re.IGNORECASE)
        return said + ([("mac", mac)] if address and (mac := plain_mac(address[0])) else [])
    return []


def _dhip_json(text: str) -> list[Clue]:
    """Model and hardware address by their names: some devices send JSON that is none, so it is not parsed as such."""
    clues = [("dhip", "framing: DHIP"), *(("dhip", f"{name}: {value}") for name, value in PAIR.findall(text)[:60])]
    said = {name: value.replace("\\/", "/") for name, value in reversed(TOLD.findall(text))}
    clues += [("model", said[name]) for name in ("DeviceType", "DeviceClass") if said.get(name)][:1]
    address = plain_mac(said.get("mac", ""))
    return clues + ([("mac", address)] if address else [])


def wsd_clues(data: bytes) -> list[Clue]:
    """Scopes of a WS-Discovery answer or greeting (ONVIF Core, 7.3.2); what a probe looks for is left out. The hardware scope is a
    model."""
    body = data[:MAX_TEXT]
    if b"ProbeMatch" not in body and b"Hello" not in body and b"ResolveMatch" not in body:
        return []
    scopes = [scope.decode("utf-8", "replace") for found in SCOPES.findall(body) for scope in found.split()[:60]]
    models = [scope.rpartition("/")[2] for scope in scopes if "/hardware/" in scope]
    return [("onvif-scope", scope) for scope in scopes] + [("model", model) for model in models if model]


def snmp_clues(data: bytes) -> list[Clue]:
    """`sysDescr` and `sysObjectID` (RFC 3418) in an answer of SNMP, told by their encoded names."""
    clues: list[Clue] = []
    for name, tag in ((DESCR, 4), (OBJECT, 6)):
        position = data.find(name)
        at = position + len(name)
        if position < 0 or at + 2 > len(data) or data[at] != tag:
            continue
        size, at = _length(data, at + 1)
        body = data[at : at + size]
        text = body.decode("utf-8", "replace") if tag == 4 else _dotted(body)
        if text:
            clues.append(("snmp", text))
    return clues


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A BER length and where its content begins (ITU-T X.690, 8.1.3)."""
    first = data[at] if at < len(data) else 0
    if first < 0x80:
        return first, at + 1
    width = first & 0x7F
    return (int.from_bytes(data[at + 1 : at + 1 + width], "big"), at + 1 + width) if width <= 3 else (0, at + 1)


def _dotted(body: bytes) -> str:
    """An object identifier in digits and dots (X.690, 8.19)."""
    if not body:
        return ""
    numbers, value = [body[0] // 40, body[0] % 40], 0
    for octet in body[1:64]:
        value = (value & 0xFFFFFFFF) << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))

"""Payloads of discovery protocols → mentions: SADP, DHIP and its forerunner, ONVIF scopes, SSDP. Pure, bounded, total on any bytes.

A payload that is not of the protocol gives nothing. Numbers of single devices (serials, addresses in the network) are taken only where
they tell who made the device: its hardware address, and the serial that holds model and date.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

import msgspec

from offlimits.model import ColumnKind, Mention

LONGEST_PAYLOAD = 65_535
"""A UDP datagram holds no more; what stands behind is not looked at."""

LONGEST_VALUE = 256
"""Characters of one value that are kept."""

SADP_FIELDS = ("DeviceDescription", "DeviceSN", "MAC", "SoftwareVersion", "DetailOEMCode", "OEMinfo")
SADP_ROOT = re.compile(r"<ProbeMatch(?:\s[^<>]{0,200})?>")
DHIP_HEAD = b"\x20\x00\x00\x00DHIP"
DHIP_FIELDS = ("Vendor", "Manufacturer", "DeviceClass", "DeviceType", "Version")
ONVIF_SCOPE = re.compile(r"onvif://www\.onvif\.org/[^\s<>\"]{1,256}", re.IGNORECASE)
SCOPE_PART = re.compile(r"onvif://www\.onvif\.org/(name|hardware|mfr|manufacturer)/(.+)", re.IGNORECASE)
SSDP_START = (b"NOTIFY * HTTP/1.", b"HTTP/1.1 200", b"HTTP/1.0 200")
LEGACY_HEAD, LEGACY_LENGTH, LEGACY_MODEL = 0xB3, 120, slice(40, 56)
"""The older binary answer on UDP 5050: first byte, length of its fixed part, and where the device's kind stands."""


def read_sadp(payload: bytes) -> tuple[Mention, ...]:
    """A SADP answer (UDP 37020): XML whose root is a bare `ProbeMatch` with a device's description or serial."""
    text = _text(payload)
    root = SADP_ROOT.search(text)
    found = {name: value for name in SADP_FIELDS if (value := _element(text, name))} if root else {}
    if "DeviceDescription" not in found and "DeviceSN" not in found:
        return ()
    return _mentions("SADP", "sadp", found, code=found.get("DeviceDescription", ""), mac=found.get("MAC", ""))


def read_dhip(payload: bytes) -> tuple[Mention, ...]:
    """A DHIP notice (UDP 37810): 32 bytes of head, the body's length little-endian at 16, JSON behind. The framing itself is told, for
    the vendor's field may read General or Private."""
    if not payload.startswith(DHIP_HEAD) or len(payload) <= 32:
        return ()
    length = int.from_bytes(payload[16:20], "little")
    try:
        notice = msgspec.json.decode(payload[32 : 32 + min(length, LONGEST_PAYLOAD)])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_broken_notice(_text(payload[32:]))
    return read_dhip_notice(notice)


def _read_broken_notice(text: str) -> tuple[Mention, ...]:
    """What can be read of a notice whose JSON does not close: each field by itself."""
    if '"client.notifyDevInfo"' not in text:
        return ()
    values = {name: re.search(rf'"{name}"\s{{0,8}}:\s{{0,8}}"([^"\\]{{1,{LONGEST_VALUE}}})"', text) for name in (*DHIP_FIELDS, "mac")}
    found = {name: _bounded(value[1]) for name, value in values.items() if value}
    return _mentions("DHIP", "dhip", found, code=found.get("DeviceType", ""), mac=found.pop("mac", ""))


def read_dhip_notice(notice: object) -> tuple[Mention, ...]:
    """The same from its JSON body, as tools that have stripped the head print it."""
    if not isinstance(notice, dict) or notice.get("method") != "client.notifyDevInfo":
        return ()
    params = notice.get("params")
    info = params.get("deviceInfo") if isinstance(params, dict) else None
    if not isinstance(info, dict):
        return ()
    found = {name: _bounded(info[name]) for name in DHIP_FIELDS if isinstance(info.get(name), str)}
    mac = _bounded(notice["mac"]) if isinstance(notice.get("mac"), str) else ""
    return _mentions("DHIP", "dhip", found, code=found.get("DeviceType", ""), mac=mac)


def read_dahua_legacy(payload: bytes) -> tuple[Mention, ...]:
    """The forerunner of DHIP (UDP 5050): a binary head that starts with B3, then `Name:` and `Device:` lines."""
    if len(payload) < LEGACY_LENGTH or payload[0] != LEGACY_HEAD or b"Device:" not in payload[LEGACY_LENGTH:LONGEST_PAYLOAD]:
        return ()
    lines = dict(re.findall(r"(Name|Device):([^\r\n]{1,256})", _text(payload[LEGACY_LENGTH:])))
    kind = _bounded(payload[LEGACY_MODEL].split(b"\0")[0].decode("latin-1"))
    address = re.search(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}", _text(payload[:LONGEST_PAYLOAD]))
    model = _bounded(lines.get("Device", "")) or kind
    return _mentions("DHIP-5050", "dhip", {"DeviceClass": kind, "DeviceType": model}, code=model, mac=address[0] if address else "")


def read_onvif(payload: bytes) -> tuple[Mention, ...]:
    """The scopes of a WS-Discovery answer or of a bare list of scopes: the list as written, then maker, name and hardware apart."""
    scopes = list(dict.fromkeys(match[0] for match in ONVIF_SCOPE.finditer(_text(payload))))[:64]
    if not scopes:
        return ()
    parts = [(match[1].lower(), _bounded(unquote_plus(match[2]))) for scope in scopes if (match := SCOPE_PART.fullmatch(scope))]
    kinds: dict[str, ColumnKind] = {"hardware": "product-code", "name": "text", "mfr": "maker", "manufacturer": "maker"}
    named = (Mention(field=f"ONVIF {part}", kind=kinds[part], text=value) for part, value in parts if value)
    return (Mention(field="ONVIF scopes", kind="onvif-scope", text=" ".join(scopes)), *named)


def read_ssdp(payload: bytes) -> tuple[Mention, ...]:
    """The SERVER line of an SSDP notice or answer (UDP 1900)."""
    if not payload.startswith(SSDP_START):
        return ()
    server = re.search(r"^SERVER:[ \t]{0,8}([^\r\n]{1,256})", _text(payload), re.IGNORECASE | re.MULTILINE)
    return (Mention(field="SSDP server", kind="ssdp", text=server[1].strip()),) if server and server[1].strip() else ()


READERS = (read_sadp, read_dhip, read_dahua_legacy, read_onvif, read_ssdp)


def read_discovery(payload: bytes) -> tuple[Mention, ...]:
    """What the first protocol that knows a payload says; nothing when none does."""
    return next((found for reader in READERS if (found := reader(payload))), ())


def _mentions(protocol: str, kind: ColumnKind, found: dict[str, str], code: str, mac: str) -> tuple[Mention, ...]:
    lines = [f"framing: {protocol}", *(f"{name}: {value}" for name, value in found.items() if name != "MAC")]
    apart: Iterable[tuple[str, ColumnKind, str]] = (("model", "product-code", code), ("address", "mac", mac))
    told = (Mention(field=f"{protocol} {name}", kind=told_as, text=value) for name, told_as, value in apart if value)
    return (Mention(field=protocol, kind=kind, text="\n".join(lines)), *told)


def _element(text: str, name: str) -> str:
    found = re.search(rf"<{name}>([^<]{{1,{LONGEST_VALUE}}})</{name}>", text)
    return _bounded(html.unescape(found[1])) if found else ""


def _bounded(value: str) -> str:
    return " ".join(value.split())[:LONGEST_VALUE]


def _text(payload: bytes) -> str:
    return payload[:LONGEST_PAYLOAD].decode("utf-8", "replace")

"""nmap's XML (`-oX`): hosts, their addresses, what services and scripts said. Read as a stream; declared entities end it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Progress, Skipped
from offlimits.readers.devices import Device, Estate, device_table, plain_mac
from offlimits.readers.opened import blocks, text_head

MOST_CLUES = 10_000
PIECE = 1 << 18
"""Bytes handed to the parser at a time."""

SCRIPTS = {
    "http-title": "http-title", "http-server-header": "http-server", "http-auth": "realm", "snmp-sysdescr": "snmp", "upnp-info": "ssdp",
    "http-favicon": "favicon", "banner": "banner", "snmp-info": "text", "rtsp-methods": "text", "smb-os-discovery": "text",
    "broadcast-wsdd-discover": "onvif-scope", "dns-service-discovery": "mdns",
}  # fmt: skip
"""Scripts by name, and the kind of clue that their output is."""

REALM = re.compile(r"realm=(?:\"([^\"\n]*)\"|([^\n]*))")
CERTIFICATE = re.compile(r"(Subject|Issuer): ([^\n]+)")
SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C", "localityName": "L"} | {
    "stateOrProvinceName": "ST"
}
WORDS = ("product", "version", "extrainfo", "devicetype", "hostname")
Attributes = dict[str, str]


class Nmap:
    """Reads nmap's XML."""

    name = "nmap"
    cannot_show: tuple[str, ...] = (
        "hosts that did not answer, and ports that were not looked at",
        "whom a device calls",
        "hardware addresses behind a router",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "a scan by nmap, in XML" if "<nmaprun" in text_head(head)[:65536] else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        scan = _Scan()
        yield scan.estate.table
        try:
            for piece in blocks(path, PIECE):
                scan.parser.Parse(piece, False)
                for reason in scan.dark:
                    yield Skipped(reason=reason)
                scan.dark.clear()
                yield Progress(size_bytes=len(piece))
            scan.parser.Parse(b"", True)
            scan.finish()
            yield from (Skipped(reason=reason) for reason in scan.dark)
        except (expat.ExpatError, _RefusedError, DamagedSource) as error:
            yield from (Skipped(reason=reason) for reason in scan.dark)
            place = Place(xpath=f"/nmaprun/host[{scan.number + (scan.host is None)}]")
            yield Reject(place=place, code="cut-short", reason=f"the XML breaks off: {error}")
        yield from scan.estate.events()


class _RefusedError(Exception):
    """What no scan holds, and what is not followed."""


class _Host:
    """One host on its way."""

    def __init__(self) -> None:
        self.down = False
        self.mac = ""
        self.addresses: list[str] = []
        self.clues: list[tuple[str, str]] = []
        self.port = ""
        self.service = ""


class _Scan:
    """The parser's events → devices. Attributes hold all that is used; text between elements is not looked at."""

    def __init__(self) -> None:
        self.estate = Estate(device_table("xpath", "/nmaprun/host"))
        self.dark: list[str] = []
        self.number = 0
        self.host: _Host | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EntityDeclHandler = self.refuse

    def refuse(self, *declared: object) -> None:
        """An entity: nmap declares none. Raises `_RefusedError`."""
        raise _RefusedError("the XML declares entities, which nmap never does; they are not followed")

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins. A host ends where the next begins: ends of elements need not be told, a third of the work."""
        host = self.host
        if name == "host":
            self.finish()
            self.host = _Host()
            self.number += 1
        elif host is None:
            return
        elif name == "port":
            host.port, host.service = f"{attributes.get('portid', '')}/{attributes.get('protocol', '')}", ""
        elif name == "service":
            host.service = attributes.get("name", "")
            if "product" in attributes or "extrainfo" in attributes or "devicetype" in attributes:
                host.clues.append(("banner", f"{' '.join([attributes[word] for word in WORDS if word in attributes])}"))
        elif name in STARTS:
            STARTS[name](host, attributes)

    def finish(self) -> None:
        """The host that was begun is whole: it becomes a device, or is counted."""
        if self.host is not None and (reason := _take(self.estate, self.number, self.host)):
            self.dark.append(reason)
        self.host = None


def _status(host: _Host, attributes: Attributes) -> None:
    host.down = attributes.get("state") == "down"


def _address(host: _Host, attributes: Attributes) -> None:
    if attributes.get("addrtype") == "mac":
        host.mac = plain_mac(attributes.get("addr", ""))
    elif attributes.get("addr"):
        host.addresses.append(attributes["addr"].lower())


def _hostname(host: _Host, attributes: Attributes) -> None:
    host.clues.append(("hostname", attributes.get("name", "")))


def _guess(host: _Host, attributes: Attributes) -> None:
    host.clues.append(("text", f"{attributes.get('name', '')} (nmap's guess, {attributes.get('accuracy', '?')} %)"))


def _script(host: _Host, attributes: Attributes) -> None:
    name, output = attributes.get("id", ""), attributes.get("output", "")
    if name == "ssl-cert":
        host.clues += _certificate(output)
    elif name == "http-auth":
        host.clues += [("realm", found[1] or found[2] or "") for found in REALM.finditer(output)]
    elif name == "http-title":
        host.clues.append(("http-title", output.split("\n", 1)[0]))
    elif name == "banner" and host.service == "ssh":
        host.clues.append(("ssh", output))
    elif name in SCRIPTS:
        host.clues += [(SCRIPTS[name], line) for line in output.split("\n")]


STARTS = {"status": _status, "address": _address, "hostname": _hostname, "osmatch": _guess, "script": _script}


def _certificate(output: str) -> Iterable[tuple[str, str]]:
    """`Subject: commonName=a/organizationName=b` → `CN=a, O=b`."""
    for whose, words in CERTIFICATE.findall(output):
        parts = (part.partition("=") for part in words.split("/"))
        text = ", ".join(f"{SHORT.get(name, name)}={value}" if value else name for name, _, value in parts)
        yield ("tls-subject" if whose == "Subject" else "tls-issuer", text)


def _take(estate: Estate, number: int, host: _Host) -> str:
    """Add one host; says why it is no entry of its own, empty where it is."""
    key = host.mac or next(iter(host.addresses), "")
    if host.down or not key:
        return "host that was down" if host.down else "host without an address"
    known = key in estate.devices
    device: Device | None = estate.see(key, number, host.mac)
    if device is None:
        return "host beyond those kept"
    for address in host.addresses:
        device.addresses[address] = None
        estate.bind(host.mac, address)
    for kind, text in host.clues[:MOST_CLUES]:
        device.add(kind, text)
    return "host more of a device" if known else ""

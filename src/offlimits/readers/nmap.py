"""nmap's XML (`-oX`): hosts, their addresses, what services and scripts said. Read as a stream, without entities and without the
network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Note, Options, Progress, Skipped
from offlimits.readers.devices import Device, Estate, device_table, plain_mac
from offlimits.readers.opened import blocks, plain_head, text_head

MOST_PORTS = 2000
SCRIPTS = {
    "http-title": "http-title", "http-server-header": "http-server", "http-auth": "realm", "snmp-sysdescr": "snmp", "upnp-info": "ssdp",
    "http-favicon": "favicon", "banner": "text", "snmp-info": "text", "rtsp-methods": "text", "smb-os-discovery": "text",
    "broadcast-wsdd-discover": "onvif-scope", "dns-service-discovery": "mdns",
}  # fmt: skip
"""Scripts by name, and the kind of clue that their output is."""

REALM = re.compile(r"realm=(?:\"([^\"\n]*)\"|([^\n]*))")
CERTIFICATE = re.compile(r"(Subject|Issuer): ([^\n]+)")
SHORT = {
    "commonName": "CN",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "localityName": "L",
    "stateOrProvinceName": "ST",
}


class Nmap:
    """Reads nmap's XML."""

    name = "nmap"
    cannot_show: tuple[str, ...] = (
        "hosts that did not answer, and ports that were not looked at",
        "whom a device calls",
        "hardware addresses behind a router",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "a scan by nmap, in XML" if "<nmaprun" in text_head(plain_head(head)[:65536]) else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        estate = Estate(device_table("xpath", "/nmaprun/host"))
        yield estate.table
        number, dark = 0, 0
        stream = _Stream(blocks(path))
        try:
            for _, host in etree.iterparse(
                cast(BinaryIO, stream), tag="host", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                if host.getparent() is None or host.getparent().tag != "nmaprun":
                    continue
                number += 1
                if reason := _take(estate, number, host):
                    dark += 1
                    yield Skipped(reason=reason)
                _forget(host)
        except etree.XMLSyntaxError as error:
            yield Reject(place=Place(xpath=f"/nmaprun/host[{number + 1}]"), code="cut-short", reason=f"the XML breaks off: {error.msg}")
        except DamagedSource as error:
            yield Reject(place=Place(xpath=f"/nmaprun/host[{number + 1}]"), code="cut-short", reason=error.message)
        if stream.entities:
            yield Note(text="the XML declares entities, which nmap never does; they were not resolved")
        yield Progress(size_bytes=path.stat().st_size)
        yield from estate.events()


class _Stream:
    """Blocks as a file. The head is looked at for entities."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""
        self.entities = False

    def read(self, size: int = 1 << 16) -> bytes:
        if not self._rest:
            self._rest = next(self._parts, b"")
            self.entities = self.entities or b"<!ENTITY" in self._rest[:65536]
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def _forget(host: Any) -> None:
    """Free a host and all that stands before it."""
    host.clear()
    while host.getprevious() is not None:
        del host.getparent()[0]


def _take(estate: Estate, number: int, host: Any) -> str:
    """Add one host; says why it is no entry of its own."""
    mac, addresses = "", []
    for child in host.iterchildren("address", "status"):
        if child.tag == "status":
            if child.get("state") == "down":
                return "host that was down"
        elif child.get("addrtype") == "mac":
            mac = plain_mac(child.get("addr", ""))
        elif child.get("addr"):
            addresses.append(child.get("addr").lower())
    key = mac or next(iter(addresses), "")
    if not key:
        return "host without an address"
    known = key in estate.devices
    device = estate.see(key, number, mac)
    if device is None:
        return "host beyond those kept"
    for address in addresses:
        device.addresses[address] = None
        estate.bind(mac, address)
    _describe(device, host)
    return "host more of a device" if known else ""


def _describe(device: Device, host: Any) -> None:
    for child in host:
        if child.tag == "ports":
            for count, port in enumerate(child.iterchildren("port")):
                if count < MOST_PORTS:
                    _port(device, port)
        elif child.tag == "hostnames":
            for name in child.iterchildren("hostname"):
                device.add("hostname", name.get("name", ""))
        elif child.tag == "os":
            for guess in child.iterchildren("osmatch"):
                device.add("text", f"{guess.get('name', '')} (nmap's guess, {guess.get('accuracy', '?')} %)")
        elif child.tag == "hostscript":
            _scripts(device, child, "")


def _port(device: Device, port: Any) -> None:
    service = ""
    for child in port:
        if child.tag == "service":
            service = child.get("name", "")
            words = [child.get(name) for name in ("product", "version", "extrainfo", "devicetype", "hostname") if child.get(name)]
            if words:
                device.add("text", f"{port.get('portid', '')}/{port.get('protocol', '')}: {' '.join(words)}")
    _scripts(device, port, service)


def _scripts(device: Device, parent: Any, service: str) -> None:
    for script in parent.iterchildren("script"):
        name, output = script.get("id", ""), script.get("output", "")
        if name == "ssl-cert":
            _certificate(device, output)
        elif name == "http-auth":
            for found in REALM.finditer(output):
                device.add("realm", found[1] or found[2] or "")
        elif name == "http-title":
            device.add("http-title", output.split("\n", 1)[0])
        elif name == "banner" and service == "ssh":
            device.add("ssh", output)
        elif name in SCRIPTS:
            _lines(device, SCRIPTS[name], output.split("\n"))


def _lines(device: Device, kind: str, lines: Iterable[str]) -> None:
    for line in lines:
        device.add(kind, line.strip())


def _certificate(device: Device, output: str) -> None:
    """`Subject: commonName=a/organizationName=b` → `CN=a, O=b`."""
    for whose, words in CERTIFICATE.findall(output):
        parts = (part.partition("=") for part in words.split("/"))
        text = ", ".join(f"{SHORT.get(name, name)}={value}" if value else name for name, _, value in parts)
        device.add("tls-subject" if whose == "Subject" else "tls-issuer", text)

"""What nmap tells of one host, whatever the form it is written in: the clues of its services and scripts, and how a host becomes a
device."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from offlimits.readers.devices import Device, Estate, plain_mac
from offlimits.readers.wire.heads import banner_clue, server_clues

MOST_CLUES = 10_000
MOST_GATHERED, MOST_GATHERED_TEXT = 64, 1 << 12
"""Clues of one host, and characters of them, that are gathered once for all hosts that say the same; more are not kept for it, so that
memory stays bounded."""

SCRIPTS = {
    "http-title": "http-title", "http-server-header": "http-server", "http-auth": "realm", "snmp-sysdescr": "snmp", "upnp-info": "ssdp",
    "http-favicon": "favicon", "banner": "banner", "snmp-info": "text", "rtsp-methods": "text", "smb-os-discovery": "text",
    "broadcast-wsdd-discover": "onvif-scope", "dns-service-discovery": "mdns",
}  # fmt: skip
"""Scripts by name, and the kind of clue that their output is."""

REALM = re.compile(r"(?<![\w-])realm=(?:\"([^\"\n]*)\"|([^\n]*))", re.IGNORECASE)
NEXT_PARAMETER = re.compile(
    r"[ \t,](?:algorithm|charset|cnonce|domain|error|error_description|nc|nonce|opaque|qop|realm|response|scope|stale|title|uri|userhash"
    r"|username)=",
    re.IGNORECASE,
)
"""What a realm ends before: nmap writes the parameters of a challenge (RFC 7616, 3.3; RFC 7617, 2) without quotes and in any order."""

CERTIFICATE = re.compile(r"(Subject|Issuer): ([^\n]+)")
SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C", "localityName": "L"} | {
    "stateOrProvinceName": "ST"
}

ANSWER = re.compile(r"%r\([\w-]+,[0-9A-Fa-f]+,\"((?:[^\"\\]|\\.)*+)\"\)", re.DOTALL)
"""One probe and the answer to it, in nmap's fingerprint of a service that it does not know."""

ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
CONTROL = {"r": "\r", "n": "\n", "t": "\t", "0": "\0"}

PLAIN = re.compile(rb"[ -~]{1,200}")
LEAST_BANNER = 6


Attributes = dict[str, str]
Clues = tuple[tuple[str, str], ...]
WORDS = ("product", "version", "extrainfo", "devicetype", "hostname")


class Host:
    """One host on its way to be a device."""

    __slots__ = ("addresses", "asked", "clues", "down", "mac", "names", "told")

    def __init__(self) -> None:
        self.down = False
        self.mac = ""
        self.addresses: list[str] = []
        self.names: list[str] = []
        self.clues: list[tuple[str, str]] = []
        self.asked = ""
        self.told = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """What an element of nmap's XML says of the host."""
        if name == "address":
            self.locate(attributes.get("addr", ""), attributes.get("addrtype", ""))
        elif name == "hostname":
            self.names.append(attributes.get("name", ""))
        elif name == "status":
            self.down |= attributes.get("state") == "down"
        elif name in CLUES_OF:
            self.add(CLUES_OF[name](attributes), attributes.get("id", "") if name == "script" else "")

    def add(self, clues: Clues, asked: str = "") -> None:
        """Clues of one element; `asked` is the script that found them."""
        if asked:
            self.asked, self.told = asked, len(self.clues)
        self.clues += clues

    def locate(self, address: str, kind: str) -> None:
        """An address of the host; `kind` is nmap's (`ipv4`, `ipv6`, `mac`)."""
        if kind == "mac":
            self.mac = plain_mac(address)
        elif address:
            self.addresses.append(address.lower())

    def realm(self, text: str) -> None:
        """A realm as it stands in the table of `http-auth`, whole: such realms take the place of those that were cut out of its output."""
        if self.asked == "http-auth":
            said = [clue for clue in self.clues[self.told :] if clue[0] != "realm"]
            self.clues[self.told :] = [("realm", text), *said]
            self.told += 1

    def become_device(self, estate: Estate, number: int) -> str:
        """Add the host to the estate, at its place; says why it is no entry of its own, empty where it is."""
        key = self.mac or next(iter(self.addresses), "")
        if self.down or not key:
            return "host that was down" if self.down else "host without an address"
        known = key in estate.devices
        device: Device | None = estate.see(key, number, self.mac)
        if device is None:
            return "host beyond those kept"
        for address in self.addresses:
            device.addresses[address] = None
            if self.mac:
                estate.bind(self.mac, address)
        clues = tuple(self.clues[:MOST_CLUES])
        if known or len(clues) > MOST_GATHERED:
            device.clues = {kind: dict(texts) for kind, texts in device.clues.items()}
            for kind, text in clues:
                device.add(kind, text)
        else:
            long = sum(len(text) for _, text in clues) > MOST_GATHERED_TEXT
            shared = _gathered.__wrapped__(clues) if long else _gathered(clues)
            device.clues = {**shared, "hostname": {}} if self.names else shared
        for name in self.names[:MOST_CLUES]:
            device.add("hostname", name)
        return "host more of a device" if known else ""


def served(attributes: Attributes) -> Clues:
    """What nmap knows of a service as clues, where it knows more than its name."""
    clues = answers(attributes["servicefp"]) if "servicefp" in attributes else ()
    if not attributes.keys() & {"product", "extrainfo", "devicetype"}:
        return clues
    return (("banner", " ".join(attributes[word] for word in WORDS if word in attributes)), *clues)


def guessed(system: str, accuracy: str) -> Clues:
    """What nmap takes the system for, and with how many per cent."""
    return (("guess", f"{system} (nmap's guess, {accuracy} %)"),)


def scripted(name: str, output: str) -> Clues:
    """What a script found out."""
    if name == "ssl-cert":
        return tuple(_certificate(output))
    if name == "http-auth":
        return tuple(("realm", realm) for realm in _realms(output))
    if name == "http-title":
        return (("http-title", output.split("\n", 1)[0]),)
    if name == "banner" and output.startswith("SSH-"):
        return (("ssh", output),)
    return tuple((SCRIPTS[name], line) for line in output.split("\n")) if name in SCRIPTS else ()


CLUES_OF: dict[str, Callable[[Attributes], Clues]] = {
    "osmatch": lambda attributes: guessed(attributes.get("name", ""), attributes.get("accuracy", "?")),
    "script": lambda attributes: scripted(attributes.get("id", ""), attributes.get("output", "")),
    "service": served,
}
"""What an element's attributes say, by its name."""


def answers(fingerprint: str) -> Clues:
    """What a service that nmap does not know answered to its probes, each clue once; `fingerprint` is nmap's `servicefp`."""
    return tuple(dict.fromkeys(clue for answer in ANSWER.findall(fingerprint) for clue in _answered(answer)))


@lru_cache(maxsize=1 << 12)
def _answered(answer: str) -> Clues:
    """The clues in one answer: the head of HTTP or RTSP, a banner of SSH, of another protocol the first words in plain."""
    data = ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else CONTROL.get(found[2], found[2]), answer).encode(
        "latin-1", "replace"
    )
    if data.startswith((b"HTTP/", b"RTSP/")):
        return tuple(server_clues(data))
    if clue := banner_clue(data):
        return tuple(clue)
    words = data.split(b"\n", 1)[0].strip()
    return (("banner", words.decode("ascii")),) if len(words) >= LEAST_BANNER and PLAIN.fullmatch(words) else ()


def _realms(output: str) -> Iterable[str]:
    """The realms in the output of `http-auth`, each up to the parameter behind it."""
    for quoted, bare in REALM.findall(output):
        yield quoted or NEXT_PARAMETER.split(bare, maxsplit=1)[0].rstrip(" \t\r,")


def _certificate(output: str) -> Iterable[tuple[str, str]]:
    """`Subject: commonName=a/organizationName=b` → `CN=a, O=b`."""
    for whose, words in CERTIFICATE.findall(output):
        parts = (part.partition("=") for part in words.split("/"))
        text = ", ".join(f"{SHORT.get(name, name)}={value}" if value else name for name, _, value in parts)
        yield ("tls-subject" if whose == "Subject" else "tls-issuer", text)


@lru_cache(maxsize=1 << 12)
def _gathered(clues: Clues) -> dict[str, dict[str, None]]:
    """The clues of one host by kind, each text once: many hosts say the same, and share them. Whoever adds to them copies them first."""
    scratch = Device("", 0)
    for kind, text in clues:
        scratch.add(kind, text)
    return scratch.clues

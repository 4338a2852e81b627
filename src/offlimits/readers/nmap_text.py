"""What nmap prints (`-oN`, or its output sent to a file) and its grepable form (`-oG`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Progress, Skipped
from offlimits.readers.devices import Estate, device_table
from offlimits.readers.lines import numbered_lines
from offlimits.readers.nmap import Nmap
from offlimits.readers.nmap_host import Host, answers, guessed, scripted
from offlimits.readers.opened import text_head

START = re.compile(r"(?:# Nmap [\d.]+\S* scan initiated |Starting Nmap |Nmap scan report for |Host: \S+ \([^)]*\)\t)")
"""How such a file begins."""

REPORT = re.compile(
    r"Nmap scan report for (?:(?P<name>\S+) \((?P<ip>[0-9a-fA-F.:%\w]+)\)|(?P<only>\S+))(?P<down> \[host down\b.*\]|)\s*$", re.ASCII
)
NAMES_HOST = "Nmap scan report for "
GREPABLE = re.compile(r"Host: (?P<ip>\S+) \((?P<name>[^)\t]*)\)\t(?P<rest>.*)$")
DONE = re.compile(r"(?:# )?Nmap done\b")
END = re.compile(
    r"(?:# )?Nmap done\b|(?:Post|Pre)-scan script results:|(?:OS|Service|OS and Service) detection performed\.|Read data files from"
)
"""What is said after the last host."""

HEADER = re.compile(r"PORT\s++STATE\s++SERVICE\b")
VERSION = "VERSION"
PORT = re.compile(r"\d+/(?:tcp|udp|sctp)\s+open\S*\s+\S")
SCRIPT = re.compile(r"\|[ _](?P<name>[a-z][\w-]*): ?(?P<said>.*)$")
MAC = re.compile(r"MAC Address: (?P<mac>[0-9A-Fa-f:]{17})\b")
NAMED = re.compile(r"rDNS record for \S+: (?P<name>\S+)$")
SYSTEM = re.compile(r"OS details: (?P<systems>.+)$")
GUESSES = re.compile(r"Aggressive OS guesses: (?P<systems>.+)$")
ACCURACY = re.compile(r" \((\d{1,3})%\)(?:, |$)")
"""What stands behind each guess."""

SERVICE = re.compile(r"Service Info: (?P<said>.+)$")
FINGERPRINT = re.compile(r"SF(?:-Port\d+-\w+)?:(?P<text>.*)$")
NEXT_PORT = re.compile(r", (?=\d+/)")
MOST_LINES = 10_000
"""Lines kept of one script's output, or of one service's fingerprint."""

VERSION_FIELD = 6
"""Of a port in the grepable form: port, state, protocol, owner, service, RPC, version."""


class NmapText:
    """Reads nmap's texts."""

    name = "nmap-text"
    cannot_show = Nmap.cannot_show

    def recognise(self, path: Path, head: bytes) -> str:
        return "a scan by nmap, as text" if START.match(text_head(head).lstrip()) else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        scan = _Scan()
        yield scan.estate.table
        for item in numbered_lines(path):
            if isinstance(item, tuple):
                scan.take(*item)
            elif isinstance(item, Reject):
                yield item
                scan.pass_over(item.raw)
            elif isinstance(item, Progress):
                yield from (Skipped(reason=reason) for reason in scan.dark)
                scan.dark.clear()
                yield item
        scan.finish()
        yield from (Skipped(reason=reason) for reason in scan.dark)
        if not scan.done:
            yield Reject(
                place=Place(line=max(scan.line, 1)), code="cut-short", reason="the line that says that the scan is done is missing"
            )
        yield from scan.estate.events()


class _Scan:
    """Lines → devices. A host lasts from the line that names it to the next such line."""

    def __init__(self) -> None:
        self.estate = Estate(device_table())
        self.dark: list[str] = []
        self.line = 0
        self.began = 0
        self.host: Host | None = None
        self.version = 0
        self.script: tuple[str, list[str]] | None = None
        self.printed: list[str] = []
        self.done = False

    def take(self, number: int, line: str) -> None:
        """One line, with its number; blank ones say nothing."""
        self.line = number
        if found := REPORT.match(line):
            self._begin(found["ip"] or found["only"], found["name"] or "", down=bool(found["down"]))
        elif found := GREPABLE.match(line):
            self._grepable(found["ip"], found["name"], found["rest"])
        elif END.match(line):
            self.finish()
            self.done = self.done or DONE.match(line) is not None
        elif self.host is not None:
            self._about(self.host, line)
        elif line.strip():
            self.dark.append("line about the scan")
            self.done = self.done and not START.match(line)

    def pass_over(self, line: str) -> None:
        """A line of which only the beginning is known: what follows is no more of the host before, where it named another."""
        if line.startswith(NAMES_HOST):
            self.finish()
        elif self.host is not None:
            self._end_script(self.host)

    def _begin(self, address: str, name: str, *, down: bool = False) -> Host:
        self.finish()
        self.host, self.began, self.version = Host(), self.line, 0
        self.host.down = down
        self.host.locate(address, "ip")
        if name:
            self.host.names.append(name)
        return self.host

    def finish(self) -> None:
        """The host that was begun is whole: it becomes a device, or is counted."""
        if self.host is not None:
            self._end_script(self.host)
            self._end_fingerprint(self.host)
            if reason := self.host.become_device(self.estate, self.began):
                self.dark.append(reason)
        self.host = None

    def _about(self, host: Host, line: str) -> None:
        """A line of a host: a port with what answers there, a script's output, an answer nobody knows, an address, a guess."""
        if line.startswith("|"):
            self._scripted(host, line)
            return
        self._end_script(host)
        if found := FINGERPRINT.match(line):
            if line.startswith("SF-"):
                self._end_fingerprint(host)
            if len(self.printed) < MOST_LINES:
                self.printed.append(found["text"])
        elif PORT.match(line):
            if self.version and (service := line[self.version :].strip()):
                host.clues.append(("banner", service))
        elif HEADER.match(line):
            head = line.rstrip()
            self.version = len(head) - len(VERSION) if head.endswith(VERSION) else 0
        elif found := MAC.match(line):
            host.locate(found["mac"], "mac")
        elif found := NAMED.match(line):
            host.names.append(found["name"])
        elif found := SERVICE.match(line):
            host.clues.append(("banner", found["said"]))
        elif found := SYSTEM.match(line):
            host.add(guessed(found["systems"], "100"))
        elif found := GUESSES.match(line):
            self._guesses(host, found["systems"])

    def _guesses(self, host: Host, systems: str) -> None:
        """`Linux 3.2 - 4.9 (97%), AXIS 210 (93%)`: what stands before each number is a guess."""
        start = 0
        for found in ACCURACY.finditer(systems):
            if system := systems[start : found.start()]:
                host.add(guessed(system, found[1]))
            start = found.end()

    def _scripted(self, host: Host, line: str) -> None:
        if self.script is None:
            found = SCRIPT.match(line)
            if found is None:
                return
            self.script = (found["name"], [found["said"]])
        elif len(self.script[1]) < MOST_LINES:
            self.script[1].append(line[2:])
        if line.startswith("|_"):
            self._end_script(host)

    def _end_script(self, host: Host) -> None:
        if self.script is not None:
            name, lines = self.script
            host.add(scripted(name, "\n".join(lines)), name)
        self.script = None

    def _end_fingerprint(self, host: Host) -> None:
        if self.printed:
            host.clues += answers("".join(self.printed))
        self.printed = []

    def _grepable(self, address: str, name: str, rest: str) -> None:
        """A line of the grepable form; a host may have several, one behind the other."""
        host = self.host if self.host is not None and address.lower() in self.host.addresses else self._begin(address, name)
        for part in rest.split("\t"):
            title, _, said = part.partition(": ")
            if title == "Status":
                host.down = said == "Down"
            elif title == "OS":
                host.add(guessed(said, "100"))
            elif title == "Ports":
                for port in NEXT_PORT.split(said):
                    cells = port.split("/")
                    if len(cells) > VERSION_FIELD and cells[1].startswith("open") and cells[VERSION_FIELD]:
                        host.clues.append(("banner", cells[VERSION_FIELD].replace("|", "/")))

"""Zeek's logs, as TSV and as JSON: conn, dns, ssl, x509, http, dhcp, software, known_*; rotated and gzipped ones too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC
from datetime import datetime as _When
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Asked, Contact, Event, Note, Options, Progress, Skipped
from offlimits.readers.devices import (
    MOST_DEVICES,
    Device,
    Estate,
    Span,
    device_table,
    earlier,
    later,
    many_own,
    own_questions,
    plain_mac,
)
from offlimits.readers.opened import line_blocks, lines_of, text_head
from offlimits.readers.wire.addresses import is_private, is_single
from offlimits.readers.zeek_shapes import Log, decoded, log_of, told_in
from offlimits.text import is_whole

if TYPE_CHECKING:
    from offlimits.readers.wire.columns import Wanted

UNSET = ("-", "(empty)", "")
MOST_KINDS = 500_000
MOST_LINKS = 256
"""Addresses of one hardware address that are kept."""


class Zeek:
    """Reads Zeek's logs."""

    name = "zeek"
    cannot_show: tuple[str, ...] = (
        "what passed where the sensor does not listen",
        "devices with public addresses, as of IPv6",
        "the hardware address of a device, but where dhcp.log, known_devices.log or logged link addresses say it",
        "what is inside encrypted connections",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        text = text_head(head)
        if text.startswith("#separator "):
            found = re.search(r"^#path.(\S+)", text, re.MULTILINE | re.ASCII)
            return f"a log of Zeek in TSV: {found[1] if found else 'path not told'}"
        told = told_in(text)
        return f"{'a log' if len(told) == 1 else 'logs'} of Zeek in JSON: {', '.join(told[:6])}" if told else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        reading = _Reading()
        yield reading.estate.table
        number = 0
        try:
            for block in (piece for whole in line_blocks(path) for piece in _pieces(whole)):
                count = reading.take_block(number, block)
                if count < 0:
                    batch = lines_of(block)
                    yield from reading.take(number, batch)
                    count = len(batch)
                number += count
                yield Progress(size_bytes=len(block))
        except DamagedSource as error:
            yield Reject(place=Place(line=number + 1), code="cut-short", reason=error.message)
        yield from reading.finish()


def _pieces(block: bytes) -> Iterator[bytes]:
    """A block's head lines, its lines up to the next that is a head again, and the rest."""
    start = 0
    while block.startswith(b"#", start):
        start = block.find(b"\n", start) + 1 or len(block)
    sign = block.find(b"#", start)  # lines seldom hold one, and one byte is found faster than two
    tail = (block.find(b"\n#", max(sign - 1, start)) + 1 if sign >= 0 else 0) or len(block)
    yield from filter(None, (block[:start], block[start:tail], block[tail:]))


class _Reading:
    """One log on its way."""

    def __init__(self) -> None:
        self.estate = Estate(device_table())
        self.fields: list[str] = []
        self.certificates = Estate(msgspec.structs.replace(device_table(), channel="connect"))
        self.path = ""
        self.told: set[str] = set()
        self.separator = b"\t"
        from offlimits.readers.wire.columns import Sums

        self.sums = Sums()
        self.calls: dict[tuple[str, str, int, str], Contact] = {}
        self.links: dict[str, dict[str, Span]] = {}
        self.resolvers: set[str] = set()
        self.lines = 0
        self.unused: set[str] = set()

    def take(self, before: int, batch: list[bytes]) -> Iterator[Event]:
        """Add a batch of lines."""
        heads = 0
        for number, line in enumerate(batch, start=before + 1):
            if line.startswith(b"#") or not line:
                self._head(line)
                heads += 1
            elif (log := self._log(line)) is None:
                reason = "the line is no JSON object" if line.startswith(b"{") else "the line has not the fields that the log's head names"
                yield Reject(place=Place(line=number), code="bad-log-line", reason=reason, raw=line[:2000].decode("utf-8", "replace"))
            else:
                self.lines += 1
                self._use(number, log)
        if heads:
            yield Skipped(reason="header", count=heads)

    def _head(self, line: bytes) -> None:
        name, _, value = line.decode("utf-8", "replace").partition(
            " " if line.startswith(b"#separator") else self.separator.decode("latin-1")
        )
        if name == "#separator" and re.fullmatch(r"(?:\\x[0-9a-f]{2})+", value):
            self.separator = bytes.fromhex(value.replace("\\x", ""))
        elif name == "#path":
            self.path = value
        elif name == "#fields":
            self.fields = value.split(self.separator.decode("latin-1"))

    def _log(self, line: bytes) -> Log | None:
        if line.startswith(b"{"):
            if log := decoded(line):
                self.path = self._told(log)
            return log
        cells = line.decode("utf-8", "replace").split(self.separator.decode("latin-1"))
        if len(cells) != len(self.fields) or "\0" in line.decode("latin-1"):
            return None
        return {name: cell for name, cell in zip(self.fields, cells, strict=True) if cell not in UNSET}

    def _told(self, log: Log) -> str:
        """Which log a line of JSON is of: each line by itself, since streams mix them; a line that does not tell is of the file's log where
        the lines before were all of one."""
        if name := log_of(log):
            self.told.add(name)
        elif "_path" not in log and len(self.told) == 1:
            (name,) = self.told
        return name

    def _use(self, number: int, log: Log) -> None:
        use = USES.get(self.path)
        if use is None:
            self.unused.add(self.path or "not named")
            return
        use(self, number, log)

    # --- conn, many lines at a time ------------------------------------------------------------

    def _wanted(self) -> Wanted | None:
        """The columns of connections that are added up; None where the log has them not, or not beside one another,
        or has link addresses, which are a word of their own."""
        fields = self.fields
        names = (
            ("orig_ip_bytes", "resp_ip_bytes") if "orig_ip_bytes" in fields and "resp_ip_bytes" in fields else ("orig_bytes", "resp_bytes")
        )
        needed = ("ts", "id.orig_h", "id.resp_h", "id.resp_p", "proto", "duration", *names)
        if len(self.separator) != 1 or not set(needed) <= set(fields) or {"orig_l2_addr", "resp_l2_addr"} & set(fields):
            return None
        at = fields.index("id.resp_h")
        if fields[at : at + 3] != ["id.resp_h", "id.resp_p", "proto"]:
            return None
        from offlimits.readers.wire.columns import Wanted

        return Wanted((fields.index("ts"), fields.index("id.orig_h"), at, *map(fields.index, ("duration", *names))))

    def take_block(self, before: int, block: bytes) -> int:
        """Add lines of a conn.log at once, of which none is a head or all are; gives how many there were, -1 where they must be read one
        by one."""
        wanted = self._wanted() if self.path == "conn" and self.fields else None
        if wanted is None or block.startswith(b"#") or b"\0" in block or b"\r" in block:
            return -1
        count = self.sums.add(block, self.separator[0], len(self.fields), wanted, before + 1)
        self.lines += max(count, 0)
        return count

    def _add_sums(self) -> None:
        """The connections added up in blocks, as contacts."""
        for column in self.sums.values.T.tolist():
            count, sent, received, told_sent, told_received, first, number, since, last, key = column
            origin, rest = (part.decode("utf-8", "replace").lower() for part in self.sums.keys[key])
            target, port, protocol = rest.split(self.separator.decode("latin-1"))
            out, back = sent if told_sent else None, received if told_received else None
            self._add(origin, target, _port(port), protocol, out, back, count, first / 1e6, since / 1e6, last / 1e6, number)

    def _add(
        self,
        origin: str,
        target: str,
        port: int,
        protocol: str,
        sent: int | None,
        received: int | None,
        count: int,
        first: float | None,
        since: float | None,
        last: float | None,
        number: int,
    ) -> None:
        """One connection, or several alike, that ended from `since` on: the devices on this side, and the contact where the other side is
        outside."""
        ours = [address for address in (origin, target) if is_private(address) and is_single(address)]
        for address in ours:
            device = self.estate.devices.get(address) or self.estate.see(address, number, "", address)
            if device and number < device.position:
                device.position = number
        if len(ours) != 1 or not (is_single(origin) and is_single(target)):
            return
        mine = ours[0]
        peer, opened, out, back = (target, "device", sent, received) if mine == origin else (origin, "peer", received, sent)
        key = (mine, peer, port, protocol + opened)
        known = self.calls.get(key)
        if known:
            out = known.bytes_out if out is None else out + (known.bytes_out or 0)
            back = known.bytes_in if back is None else back + (known.bytes_in or 0)
            count, number = count + known.count, min(known.position, number)
            first, since, last = earlier(known.first, first), earlier(known.since, since), later(known.last, last)
        elif len(self.calls) >= MOST_KINDS:
            self.estate.left_out += 1
            return
        self.calls[key] = Contact(mine, peer, port, protocol, out, back, count, first, last, opened, number, since=since)  # type: ignore[arg-type]

    def link(self, mac: str, address: str, time: float | None) -> None:
        """An address of the estate was seen with a hardware address, perhaps that of a router on the way."""
        if mac and (mac in self.links or len(self.links) < MOST_DEVICES):
            known = self.links.setdefault(mac, {})
            if address in known or len(known) < MOST_LINKS:
                first, last = known.get(address, (time, time))
                known[address] = (earlier(first, time), later(last, time))

    def finish(self) -> Iterator[Event]:
        """The devices, and what was counted besides them."""
        self._add_sums()
        for mac, addresses in self.links.items():
            if not many_own(addresses):
                for address, span in addresses.items():
                    self.estate.bind(mac, address, *span)
        own = own_questions(list(self.estate.asked.values()), attrgetter("device"), self.resolvers)
        self.estate.asked = {(asked.device, asked.host, asked.how): asked for asked in own}
        self.estate.contacts = list(self.calls.values())
        shown = {device.position for estate in (self.estate, self.certificates) for device in estate.devices.values()}
        if (rest := self.lines - len(shown)) > 0:
            yield Skipped(reason="log line", count=rest)
        for path in sorted(self.unused):
            yield Note(text=f"lines of the log {path!r} tell nothing that is used here")
        yield from self.estate.events()
        if self.certificates.devices:
            yield from self.certificates.events()


# --- one line of one log -------------------------------------------------------------------------


def _conn(reading: _Reading, number: int, log: Log) -> None:
    origin, target = _text(log, "id.orig_h"), _text(log, "id.resp_h")
    for side, address in (("orig_l2_addr", origin), ("resp_l2_addr", target)):
        if is_private(address):
            reading.link(plain_mac(_text(log, side)), address, _time(log))
    counted = "ip_bytes" if "orig_ip_bytes" in reading.fields or "orig_ip_bytes" in log else "bytes"
    sent, received = (_int(_text(log, f"{side}_{counted}")) for side in ("orig", "resp"))
    begun = _time(log)
    ended = None if begun is None else begun + (_float(_text(log, "duration")) or 0)
    port = _port(_text(log, "id.resp_p"))
    reading._add(origin, target, port, _text(log, "proto"), sent, received, 1, begun, ended, ended, number)


def _dns(reading: _Reading, number: int, log: Log) -> None:
    told = log.get("answers") or []
    answers = told if isinstance(told, list) else str(told).split(",")
    addresses = tuple(text for text in map(str, answers[:40]) if is_single(text))
    answered = "rcode" in log or "rcode_name" in log or bool(told)
    if answered and is_private(resolver := _text(log, "id.resp_h")) and len(reading.resolvers) < MOST_DEVICES:
        reading.resolvers.add(resolver)
    _ask(reading, number, log, _text(log, "query"), addresses, "dns")


def _ssl(reading: _Reading, number: int, log: Log) -> None:
    target = _text(log, "id.resp_h")
    _ask(reading, number, log, _text(log, "server_name"), (target,), "tls")
    if is_private(target) and (log.get("subject") or log.get("issuer")):
        _clue(reading, number, target, "tls-subject", _text(log, "subject"))
        _clue(reading, number, target, "tls-issuer", _text(log, "issuer"))


def _http(reading: _Reading, number: int, log: Log) -> None:
    origin = _text(log, "id.orig_h")
    host = _text(log, "host").rsplit(":", 1)[0]
    if not is_single(host):
        _ask(reading, number, log, host, (_text(log, "id.resp_h"),), "http")
    if is_private(origin):
        _clue(reading, number, origin, "agent", _text(log, "user_agent"))


def _dhcp(reading: _Reading, number: int, log: Log) -> None:
    if not (mac := plain_mac(_text(log, "mac"))):
        return
    address = _text(log, "assigned_addr") or _text(log, "client_addr")
    device = reading.estate.see(mac, number, mac, address)
    begun, length = _time(log), _float(_text(log, "lease_time"))
    reading.estate.bind(mac, address, begun, begun if begun is None else begun + (length or 0))
    for name in ("host_name", "client_fqdn"):
        if device and _text(log, name):
            device.add("hostname", _text(log, name))


def _software(reading: _Reading, number: int, log: Log) -> None:
    words = _text(log, "unparsed_version") or f"{_text(log, 'name')} {_text(log, 'version.major')}".strip()
    of = _text(log, "software_type")
    kind = {"HTTP::SERVER": "http-server", "SSH::SERVER": "ssh"}.get(of, "agent" if of.endswith(("BROWSER", "CLIENT")) else "text")
    if is_private(_text(log, "host")):
        _clue(reading, number, _text(log, "host"), kind, words)


def _known(reading: _Reading, number: int, log: Log) -> None:
    """known_hosts, known_services, known_certs: local by Zeek's own settings, so whatever the address."""
    if (address := _text(log, "host")) and is_single(address):
        _clue(reading, number, address, "tls-subject", _text(log, "subject"))
        _clue(reading, number, address, "tls-issuer", _text(log, "issuer_subject"))


def _known_device(reading: _Reading, number: int, log: Log) -> None:
    if mac := plain_mac(_text(log, "mac")):
        device = reading.estate.see(mac, number, mac)
        if device:
            device.add("hostname", _text(log, "dhcp_host_name"))


def _x509(reading: _Reading, number: int, log: Log) -> None:
    """A certificate that was seen; whose it is only ssl.log says, so it is kept only where that subject is new, and as a text."""
    subject = _text(log, "certificate.subject")
    if subject and (device := reading.certificates.see(f"certificate {subject}", number)):
        device.add("passing", subject)
        device.add("passing", _text(log, "certificate.issuer"))


USES: dict[str, Callable[[_Reading, int, Log], None]] = {
    "conn": _conn, "dns": _dns, "ssl": _ssl, "http": _http, "dhcp": _dhcp, "software": _software, "x509": _x509,
    "known_hosts": _known, "known_services": _known, "known_certs": _known, "known_devices": _known_device,
}  # fmt: skip


def _ask(reading: _Reading, number: int, log: Log, host: str, addresses: tuple[str, ...], how: str) -> None:
    origin = _text(log, "id.orig_h")
    if host and is_private(origin) and reading.estate.see(origin, number, "", origin):
        time = _time(log)
        reading.estate.ask(Asked(origin, host.lower().rstrip("."), addresses, how, 1, time, time, number))  # type: ignore[arg-type]


def _clue(reading: _Reading, number: int, address: str, kind: str, text: str) -> None:
    device: Device | None = reading.estate.see(address, number, "", address)
    if device and text:
        device.add(kind, text)


def _text(log: Log, name: str) -> str:
    value = log.get(name)
    return "" if value is None else str(value)


def _time(log: Log) -> float | None:
    return _float(_text(log, "ts"))


def _float(text: str | bytes) -> float | None:
    """Seconds since 1970; None for what is no such number. ISO 8601, as Zeek's JSON may write it, is read too, as UTC where it
    tells no offset."""
    try:
        seconds = float(text)
    except ValueError:
        return _iso(text if isinstance(text, str) else text.decode("latin-1"))
    return seconds if 0 <= seconds < 1e11 else None


def _iso(text: str) -> float | None:
    try:
        when = msgspec.convert(text, _When) if text else None
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() if when else None
    except (msgspec.ValidationError, ValueError, OverflowError):
        return None


def _int(text: str) -> int | None:
    return int(text) if is_whole(text) and len(text) < 19 else None


def _port(text: str) -> int:
    """A port; -1 where the log tells none."""
    port = _int(text)
    return -1 if port is None else port

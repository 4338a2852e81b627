"""CallHome: per device, whom it called: host, address, port, bytes, times; where that is, who runs it, whose the domain is, kept apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from math import inf

import msgspec

from offlimits.aggregates.devices import Devices, Known, own_findings
from offlimits.aggregates.places import Places
from offlimits.model import HEARSAY, EvidenceClass
from offlimits.readers.base import Asked, Contact, Table, Traffic, place_of
from offlimits.readers.devices import earlier, later
from offlimits.registry import Registry
from offlimits.report import At, Call, CallDevice, CallHome, ReportFinding

MOST_CALLS = 20_000
MOST_HOSTS = 5
CLASSES: tuple[EvidenceClass, ...] = ("primary", "maker", "technical", "press", "community")
SLACK = 1.0
"""Seconds by which clocks of two sources of one kind may differ: a contact no longer than that is taken to overlap what is nearer. A
longer one that begins where another ends goes on from it, as in captures that are cut into files."""

FRESH = 86_400.0
"""Seconds for which a name that a device was told is its word on an address, where it was told another since."""

HOW = ("tls", "http", "dns", "log")


class Owner(msgspec.Struct, frozen=True):
    """To whom the evidence gives a host or the domain above it."""

    entity: str
    group: str
    cls: str
    evidence: tuple[str, ...]


class Owners:
    """Hosts and domains of the registry."""

    def __init__(self, registry: Registry) -> None:
        self._known: dict[str, Owner] = {}
        self._hosts: set[str] = set()
        for entity in registry.data.entities:
            for item in entity.identifiers:
                if item.scheme in ("domain", "host"):
                    classes = [source.cls for source in registry.evidence_of(item.evidence)]
                    cls = min(classes, key=CLASSES.index, default="")
                    self._known[item.value.lower().strip(".")] = Owner(entity.id, entity.group, cls, item.evidence)
                    if item.scheme == "host":
                        self._hosts.add(item.value.lower().strip("."))

    def of(self, host: str) -> Owner | None:
        """The owner of a host: the host itself, else the nearest domain above it."""
        labels = host.lower().strip(".").split(".")
        for start in range(len(labels) - 1):
            name = ".".join(labels[start:])
            if name in self._known and (start == 0 or name not in self._hosts):
                return self._known[name]
        return None


class _Part(msgspec.Struct):
    """What one source says of a call."""

    kind: str
    sent: int | None = None
    received: int | None = None
    count: int = 0
    first: float | None = None
    last: float | None = None


class _Line(msgspec.Struct):
    """One call on its way: contacts of one device with one port of one address, joined over sources."""

    device: Known
    address: str
    port: int | None
    protocol: str
    opened_by: str
    at: At
    sent: int | None = None
    received: int | None = None
    count: int = 0
    first: float | None = None
    last: float | None = None
    hosts: dict[str, str] = {}
    parts: dict[int, _Part] = {}


def call_home(
    traffic: Sequence[tuple[int, Traffic]],
    devices: Devices,
    findings: Sequence[ReportFinding],
    registry: Registry,
    places: Places,
    as_of: date,
    kinds: Mapping[int, str],
) -> CallHome | None:
    """Whom the devices of a run called; None where no source shows traffic. `kinds` says of which kind each source is, by its reader."""
    if not any(part.contacts or part.asked for _, part in traffic):
        return None
    lines = _lines(traffic, devices, kinds)
    made = _makers(devices, findings)
    owners = Owners(registry)
    order = sorted({line.device.key for line in lines} | set(made))
    numbers = {key: number for number, key in enumerate(order)}
    calls = [_call(line, numbers[line.device.key], owners, places, as_of) for line in lines]
    calls.sort(
        key=lambda call: (
            not call.group,
            not made.get(order[call.device]),
            -((call.bytes_out or 0) + (call.bytes_in or 0)),
            call.device,
            call.address,
            call.port or 0,
            call.hosts,
        )
    )
    kept = sorted(calls[:MOST_CALLS], key=lambda call: (call.device, call.first or "", call.address, call.port or 0, call.hosts))
    return CallHome(
        databases=places.databases,
        devices=[_device(devices.known[key], made.get(key, [])) for key in order],
        calls=kept,
        left_out=len(calls) - len(kept),
        notes=_notes(places, kept),
    )


def _lines(traffic: Iterable[tuple[int, Traffic]], devices: Devices, kinds: Mapping[int, str]) -> list[_Line]:
    told, elsewhere = _names(traffic, devices)
    lines: dict[tuple[object, ...], _Line] = {}
    seen: set[tuple[str, str]] = set()
    for source, part in traffic:
        for item in part.contacts:
            device = devices.of(item.device, item.first, item.last)
            line = _join(lines, device, item, _at(source, part.table, item.position), kinds[source])
            if item.host:
                line.hosts.setdefault(item.host, "log")
            _name(line, told.get((device.key, item.peer), []), elsewhere.get(item.peer, []))
            seen.update((device.key, host) for host in line.hosts)
    for line in lines.values():
        _add_up(line)
    asked_for: dict[tuple[object, ...], _Line] = {}
    for source, part in traffic:
        for asked in part.asked:
            device = devices.of(asked.device, asked.first, asked.last)
            if (device.key, asked.host) not in seen:
                _join_asked(asked_for, device, asked, _at(source, part.table, asked.position), kinds[source])
    for line in asked_for.values():
        _add_up(line)
    return [*lines.values(), *asked_for.values()]


def _at(source: int, table: Table, position: int) -> At:
    return At(source=source, **msgspec.structs.asdict(place_of(table, position)))


def _names(traffic: Iterable[tuple[int, Traffic]], devices: Devices) -> tuple[dict[tuple[str, str], list[Asked]], dict[str, list[Asked]]]:
    """What each device was told an address is, and what anybody was told it is."""
    own: dict[tuple[str, str], list[Asked]] = {}
    anybody: dict[str, list[Asked]] = {}
    for _, part in traffic:
        for asked in part.asked:
            device = devices.of(asked.device, asked.first, asked.last)
            for address in asked.addresses:
                own.setdefault((device.key, address), []).append(asked)
                anybody.setdefault(address, []).append(asked)
    return own, anybody


def _join(lines: dict[tuple[object, ...], _Line], device: Known, item: Contact, at: At, kind: str) -> _Line:
    """The line of a call, with what this source says of it added to what the source said before."""
    key = (device.key, item.peer, item.port, item.protocol, item.opened_by == "peer")
    line = lines.get(key)
    if line is None:
        line = lines[key] = _Line(device, item.peer, item.port, item.protocol, item.opened_by, at)
    if line.opened_by == "unknown":
        line.opened_by = item.opened_by
    part = line.parts.setdefault(at.source, _Part(kind))
    part.sent, part.received, part.count = _sum(part.sent, item.bytes_out), _sum(part.received, item.bytes_in), part.count + item.count
    # a contact of which no time is told may have been at any
    timed = item.first is not None and item.last is not None
    since = item.first if item.since is None else item.since
    part.first, part.last = earlier(part.first, since if timed else -inf), later(part.last, item.last if timed else inf)
    line.first, line.last = earlier(line.first, item.first), later(line.last, item.last)
    return line


def _add_up(line: _Line) -> None:
    """Count each call once. Of one kind of source (logs of Zeek, captures), what is apart in time is added up, as of rotated logs; what
    overlaps may be the same traffic, and the larger count stands, as it does between kinds."""
    for kind in {part.kind for part in line.parts.values()}:
        parts = [part for part in line.parts.values() if part.kind == kind]
        line.sent = _most(line.sent, _apart(parts, [part.sent for part in parts]))
        line.received = _most(line.received, _apart(parts, [part.received for part in parts]))
        line.count = max(line.count, _apart(parts, [part.count for part in parts]) or 0)
    line.parts = {}


def _apart(parts: Sequence[_Part], counts: Sequence[int | None]) -> int | None:
    """The largest sum of counts of parts that do not overlap in time; None where none is told."""
    told = sorted(
        (_or(part.last, inf), _or(part.first, -inf), count) for part, count in zip(parts, counts, strict=True) if count is not None
    )
    ends, best = [last for last, _, _ in told], [0]
    for number, (_, first, count) in enumerate(told):
        before = bisect_left(ends, first - (SLACK if ends[number] - first <= SLACK else 0), 0, number)
        best.append(max(best[-1], best[before] + count))
    return best[-1] if told else None


def _or(time: float | None, other: float) -> float:
    return other if time is None else time


def _join_asked(lines: dict[tuple[object, ...], _Line], device: Known, asked: Asked, at: At, kind: str) -> None:
    """A host that was asked for and, as far as the sources show, not called; or named to an address, of which they show no bytes."""
    spoken_to = asked.addresses[0] if asked.how != "dns" and len(asked.addresses) == 1 else ""
    key = (device.key, asked.host, spoken_to)
    line = lines.setdefault(key, _Line(device, spoken_to, None, "tcp" if spoken_to else "", "device", at))
    line.hosts.setdefault(asked.host, asked.how)
    part = line.parts.setdefault(at.source, _Part(kind))
    part.count += asked.count
    part.first, part.last = earlier(part.first, asked.first), later(part.last, asked.last)
    line.first, line.last = earlier(line.first, asked.first), later(line.last, asked.last)


def _sum(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else a + b


def _most(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else max(a, b)


def _name(line: _Line, told: list[Asked], elsewhere: list[Asked]) -> None:
    """The names of an address: as this device was told, else as another was; a name told only after the last packet is not it, nor an old
    one where a newer was told."""
    begun = -inf if line.first is None else line.first - FRESH
    fresh = [asked for asked in told if asked.last is None or asked.last >= begun]
    told = fresh or told
    for names, how in ((told, ""), (elsewhere if not told and not line.hosts else [], "other-dns")):
        for asked in sorted(names, key=lambda item: (HOW.index(item.how), item.host)):
            late = line.last is not None and asked.first is not None and asked.first > line.last + 1
            if not late and len(line.hosts) < MOST_HOSTS:
                line.hosts.setdefault(asked.host, how or asked.how)


def _call(line: _Line, number: int, owners: Owners, places: Places, as_of: date) -> Call:
    owned = [(host, owner) for host, how in line.hosts.items() if how != "other-dns" and (owner := owners.of(host))]
    owner = owned[0][1] if owned else None
    hosts = list(dict.fromkeys([host for host, _ in owned] + list(line.hosts)))
    last = _time(line.last)
    on = date.fromisoformat(last[:10]) if last else as_of
    placed = places.find(line.address, on) if line.address else None
    return Call(
        device=number,
        hosts=hosts,
        named_by=line.hosts[hosts[0]] if hosts else "",
        address=line.address,
        port=line.port if line.port is None or line.port >= 0 else None,
        protocol=line.protocol,
        opened_by=line.opened_by,  # type: ignore[arg-type]
        bytes_out=line.sent,
        bytes_in=line.received,
        connections=line.count,
        first=_time(line.first),
        last=_time(line.last),
        country=placed.country if placed else "",
        operator=placed.operator if placed else "",
        why_unknown=placed.why if placed else "no connection to it was seen",
        owner=owner.entity if owner else "",
        group=owner.group if owner else "",
        evidence_class=owner.cls if owner else "",
        evidence=list(owner.evidence) if owner else [],
        at=line.at,
    )


def _time(seconds: float | None) -> str | None:
    """Seconds since 1970 as ISO 8601 in UTC; None for none, and for what is outside the calendar."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return None


def _makers(devices: Devices, findings: Sequence[ReportFinding]) -> dict[str, list[ReportFinding]]:
    made: dict[str, list[ReportFinding]] = {}
    for finding in own_findings(findings, ("called", *HEARSAY)):
        if device := devices.of_finding(finding):
            made.setdefault(device.key, []).append(finding)
    return made


def _device(device: Known, findings: list[ReportFinding]) -> CallDevice:
    shown = [*list(device.addresses)[:1], *list(device.names)[:1], device.mac]
    return CallDevice(
        name=" · ".join(filter(None, shown)),
        mac=device.mac,
        addresses=list(device.addresses),
        hostnames=list(device.names),
        makers=sorted({finding.group for finding in findings}),
        findings=[finding.id for finding in findings],
        at=sorted(device.at, key=lambda at: (at.source, at.number or 0)),
    )


def _notes(places: Places, calls: Sequence[Call]) -> list[str]:
    notes = ["where an address stands is not who runs it, and neither is whose the host's name is: the three are told apart"]
    if not places.databases:
        notes.append("no table of addresses was given (--mmdb), so where addresses are and who runs them is unknown")
    notes += [f"{item.path} ({item.type}) was built on {item.built}" for item in places.databases]
    unnamed = len({call.address for call in calls if call.address and not call.hosts and call.opened_by != "peer"})
    if unnamed:
        were = "1 address was" if unnamed == 1 else f"{unnamed:,} addresses were"
        notes.append(f"{were} called without a name that these sources show")
    return notes

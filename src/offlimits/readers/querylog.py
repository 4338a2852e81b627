"""Logs of DNS questions: dnsmasq and Pi-hole, unbound, BIND, Windows' debug log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from offlimits.model import Place, Reject
from offlimits.readers.base import Asked, Event, Options, Progress, Skipped
from offlimits.readers.devices import Estate, device_table
from offlimits.readers.opened import line_batches, text_head

DNSMASQ = re.compile(r"dnsmasq\[\d+\]: (?:\d+ \S+ )?query\[\w+\] (?P<host>\S+) from (?P<who>[0-9a-fA-F.:]+)")
ANSWER = re.compile(r"dnsmasq\[\d+\]: (?:\d+ \S+ )?(?:reply|cached|cached-stale) (?P<host>\S+) is (?P<address>[0-9a-fA-F.:]+)\s*$")
OTHER = re.compile(r"(?:dnsmasq(?:-dhcp|-tftp)?\[\d+\]|unbound(?:\[[\d:]+\])?): |unbound\[|named\[\d+\]: | (?:PACKET|EVENT|Note:) ")
UNBOUND = re.compile(
    r"unbound(?:\[\d+:\d+\]|\[\d+\]: \[\d+:\d+\]|: \[\d+:\d+\]) (?:info|query): "
    r"(?P<who>[0-9a-fA-F.:]+)(?:@\d+)? (?P<host>\S+)\.? [A-Z0-9]+ IN"
)
BIND = re.compile(r"client (?:@0x[0-9a-f]+ )?(?P<who>[0-9a-fA-F.:]+)#\d+(?: \([^)]*\))?:? (?:view \S+: )?query: (?P<host>\S+) IN ")
WINDOWS = re.compile(r" PACKET\s+\S+ (?:UDP|TCP) Rcv (?P<who>[0-9a-fA-F.:]+)\s+[0-9a-f]{4} +Q \[[^\]]*\] +\S+ +(?P<host>\(\d+\)\S*)")
FORMS = (("dnsmasq", DNSMASQ), ("unbound", UNBOUND), ("BIND", BIND), ("Windows", WINDOWS))
LENGTHS = re.compile(r"\(\d+\)")
MONTHS = {
    name: number
    for number, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1)
}
BIND_TIME = re.compile(r"^(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)")
ISO_TIME = re.compile(r"^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)")
EPOCH = re.compile(r"^\[(\d{9,11})\]")
MOST_HOSTS = 200_000


class QueryLog:
    """Reads logs of DNS questions."""

    name = "querylog"
    cannot_show: tuple[str, ...] = (
        "connections to addresses that no name was asked for",
        "questions over HTTPS, or to another server",
        "whether a host that was asked for was called, and how much was sent",
        "which device had the address, where no table of neighbours or leases is read with it",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        lines = text_head(head).splitlines()[:400]
        for word, form in FORMS:
            if any(form.search(line) for line in lines):
                return f"a log of DNS questions, as {word} writes it"
        return ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        estate, answers = Estate(device_table()), dict[str, dict[str, None]]()
        yield estate.table
        number = 0
        for batch in line_batches(path):
            skipped: dict[str, int] = {}
            for line in batch:
                number += 1
                event = _take(estate, answers, number, line.decode("utf-8", "replace"))
                if isinstance(event, Reject):
                    yield event
                elif event:
                    skipped[event] = skipped.get(event, 0) + 1
            for reason, count in skipped.items():
                yield Skipped(reason=reason, count=count)
            yield Progress(size_bytes=sum(map(len, batch)) + len(batch))
        _told(estate, answers)
        yield from estate.events()


def _take(estate: Estate, answers: dict[str, dict[str, None]], number: int, line: str) -> Reject | str:
    """Add one line; says why it is no entry of its own, empty where it is."""
    found = next((match for _, form in FORMS if (match := form.search(line))), None)
    if found:
        who, host = found["who"].lower(), _host(found["host"])
        known = who in estate.devices
        estate.see(who, number, "", who)
        time = read_time(line)
        if host:
            estate.ask(Asked(who, host, (), "dns", 1, time, time, number))
        return "line more of a device" if known else ""
    if answer := ANSWER.search(line):
        if len(answers) < MOST_HOSTS:
            told = answers.setdefault(answer["host"].lower(), {})
            if len(told) < 40:
                told[answer["address"].lower()] = None
        return "answer"
    if OTHER.search(line) or not line.strip():
        return "line without a question" if line.strip() else "blank"
    if number <= 40 and not line.startswith(("\0", " \0")) and "\0" not in line:
        return "header"
    return Reject(place=Place(line=number), code="unknown-line", reason="the line is none of a log of DNS questions", raw=line[:2000])


def _host(text: str) -> str:
    """A host in lower case without its last dot; Windows writes `(3)dev(11)hik-connect(3)com(0)`."""
    return LENGTHS.sub(".", text).strip(".").lower() if text.startswith("(") else text.rstrip(".").lower()


def _told(estate: Estate, answers: dict[str, dict[str, None]]) -> None:
    """Give every question the addresses that its host was answered with anywhere in the log."""
    for key, asked in estate.asked.items():
        if told := answers.get(asked.host):
            item = Asked(asked.device, asked.host, tuple(told), "dns", asked.count, asked.first, asked.last, asked.position)
            estate.asked[key] = item


def read_time(line: str) -> float | None:
    """The time at the start of a line, as UTC, where it says a year: BIND's, ISO 8601, or seconds since 1970 (unbound)."""
    if epoch := EPOCH.match(line):
        return float(epoch[1])
    try:
        if (found := BIND_TIME.match(line)) and found[2] in MONTHS:
            hour, minute, second = map(int, found.groups()[3:])
            return datetime(int(found[3]), MONTHS[found[2]], int(found[1]), hour, minute, second, tzinfo=UTC).timestamp()
        if found := ISO_TIME.match(line):
            year, month, day, *clock = map(int, found.groups())
            return datetime(year, month, day, *clock, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return None

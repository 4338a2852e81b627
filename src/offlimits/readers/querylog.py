"""Logs of DNS questions: dnsmasq and Pi-hole, unbound, BIND, Windows' debug log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Asked, Event, Options, Progress, Skipped
from offlimits.readers.devices import Estate, device_table
from offlimits.readers.opened import line_batches, text_head
from offlimits.readers.querylines import Answer, Question, question_in, read_line, read_time

MOST_HOSTS = 200_000
MOST_ADDRESSES = 40
MOST_ALIASES = 8
MOST_STEPS = 64
"""Hosts looked at for one that was asked for: chains of aliases have a handful, and may run in a ring."""


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
        found = next((found for line in lines if (found := question_in(line))), None)
        return f"a log of DNS questions, as {found[0]} writes it" if found else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        log = _Log()
        yield log.estate.table
        try:
            yield from self._lines(log, path)
        except DamagedSource as error:
            yield Reject(place=Place(line=log.number + 1), code="cut-short", reason=error.message)
        log.tell_addresses()
        yield from log.estate.events()

    def _lines(self, log: _Log, path: Path) -> Iterator[Event]:
        for batch in line_batches(path):
            skipped: dict[str, int] = {}
            for line in batch:
                event = log.take(line.decode("utf-8", "replace"))
                if isinstance(event, Reject):
                    yield event
                elif event:
                    skipped[event] = skipped.get(event, 0) + 1
            for reason, count in skipped.items():
                yield Skipped(reason=reason, count=count)
            yield Progress(size_bytes=sum(map(len, batch)) + len(batch))


class _Log:
    """One log on its way."""

    def __init__(self) -> None:
        self.estate = Estate(device_table())
        self.number = 0
        self.within = ""
        self.questions = False
        self.addresses: dict[str, dict[str, None]] = {}
        self.aliases: dict[str, dict[str, None]] = {}
        self.pending: Answer | None = None

    def take(self, line: str) -> Reject | str:
        """Add one line; says why it is no entry of its own, empty where it is."""
        self.number += 1
        if not line.strip():
            self.within = self.within if self.within == "details" else ""
            return "blank"
        if self.within and line[0] in " \t" and "\0" not in line:
            return "header" if self.within == "key" else "details of a packet"
        self.within = ""
        said = read_line(line)
        if isinstance(said, Answer):
            return self._answer(said)
        self.pending = None
        if isinstance(said, Question):
            return self._question(said, line)
        if said in ("key", "details"):
            self.within = said
            return "header" if said == "key" else "details of a packet"
        return said or Reject(
            place=Place(line=self.number), code="unknown-line", reason="the line is none of a log of DNS questions", raw=line[:2000]
        )

    def _question(self, said: Question, line: str) -> str:
        """A question. unbound may log it again when it is answered: that is one more only where questions themselves are not logged."""
        if said.reply and self.questions:
            return "answer"
        self.questions = self.questions or not said.reply
        known = said.who in self.estate.devices
        self.estate.see(said.who, self.number, "", said.who)
        if said.host:
            time = read_time(line)
            self.estate.ask(Asked(said.who, said.host, (), "dns", 1, time, time, self.number))
        return "line more of a device" if known else ""

    def _answer(self, said: Answer) -> str:
        """An answer. dnsmasq writes the links of one answer in lines behind one another: the host of each is what the one before is an
        alias of."""
        before, self.pending = self.pending, said if said.alias else None
        if before and before.serial == said.serial and before.host != said.host:
            self._keep(self.aliases, before.host, said.host, MOST_ALIASES)
        if said.address:
            self._keep(self.addresses, said.host, said.address, MOST_ADDRESSES)
        return "answer"

    @staticmethod
    def _keep(told: dict[str, dict[str, None]], host: str, text: str, most: int) -> None:
        texts = told.get(host)
        if texts is None and len(told) < MOST_HOSTS:
            texts = told[host] = {}
        if texts is not None and len(texts) < most:
            texts[text] = None

    def tell_addresses(self) -> None:
        """Give every question the addresses that its host, or what it is an alias of, was answered with anywhere in the log."""
        for key, asked in self.estate.asked.items():
            if told := self._told(asked.host):
                item = Asked(asked.device, asked.host, told, "dns", asked.count, asked.first, asked.last, asked.position)
                self.estate.asked[key] = item

    def _told(self, host: str) -> tuple[str, ...]:
        hosts, told = {host: None}, dict[str, None]()
        for name in (ring := list(hosts)):
            told.update(self.addresses.get(name, {}))
            for alias in self.aliases.get(name, {}):
                if alias not in hosts and len(hosts) < MOST_STEPS:
                    hosts[alias] = None
                    ring.append(alias)
        return tuple(told)[:MOST_ADDRESSES]

"""nmap's XML (`-oX`): hosts, their addresses, what services and scripts said. Read as a stream; declared entities end it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Progress, Skipped
from offlimits.readers.devices import Estate, device_table
from offlimits.readers.nmap_host import Attributes, Host
from offlimits.readers.nmap_tags import MOST_DEPTH, Tags
from offlimits.readers.opened import blocks, text_head

PIECE = 1 << 16
"""Bytes that are read at a time."""

QUICK = 1 << 20
"""Bytes of the longest piece whose tags are looked up."""

MOST_REST = 1 << 24
"""Bytes without the end of a host that are kept for the next piece."""

MOST_TEXTS = 64
"""Parts of one realm that are kept: the parser hands out a text in several."""

END = b"</host>"
UTF8 = re.compile(rb"\s*<\?xml(?![^>]*encoding=(?![\"'](?i:utf-8|us-ascii)[\"']))|\s*<(?!\?)")
"""The start of a file in UTF-8: it says so, or says nothing."""


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
            for piece in _pieces(blocks(path, PIECE)):
                scan.take(piece)
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


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The file in pieces that end with a host; longer ones without any as they come."""
    rest = b""
    for block in blocks:
        rest += block
        cut = rest.rfind(END) + len(END)
        if cut < len(END) and len(rest) > MOST_REST:
            cut = len(rest)
        if cut >= len(END):
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _blank(piece: bytes) -> bytes:
    """As many lines as a piece has, and blanks for its last one."""
    lines = piece.count(b"\n")
    if b"\r" in piece:
        lines += piece.count(b"\r") - piece.count(b"\r\n")
    last = piece[max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1 :]
    return b"\n" * lines + b" " * len(last.decode())


class _RefusedError(Exception):
    """What no scan holds, and what is not followed."""


class _Scan:
    """Pieces of the file → devices. Attributes hold all that is used; of texts between elements only realms are looked at.

    A piece of whole hosts is taken by its tags, where it is written as nmap writes; of it the parser gets as many lines of nothing, so that
    it counts on. Every other piece is the parser's.
    """

    def __init__(self) -> None:
        self.estate = Estate(device_table("xpath", "/nmaprun/host"))
        self.tags = Tags()
        self.dark: list[str] = []
        self.number = 0
        self.host: Host | None = None
        self.parser = expat.ParserCreate()
        self.parser.EntityDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.fed = 0
        self.ended = -1
        self.depth = 0
        self.texts: list[str] | None = None
        self.utf8: bool | None = None

    def take(self, piece: bytes) -> None:
        """The hosts of one piece.

        Raises `ExpatError` where it is no XML, after the hosts before; `_RefusedError` for an encoding that nobody knows."""
        if self.utf8 is None:
            self.utf8 = UTF8.match(piece) is not None
        between = self.depth == 1 and self.ended == self.fed
        if between and self.look_up(piece):
            piece = _blank(piece)
            self.ended += len(piece)
        self.fed += len(piece)
        try:
            self.parser.Parse(piece, False)
        except (LookupError, ValueError) as error:
            raise _RefusedError(f"the XML says that it is in an encoding that is not read: {error}") from error

    def look_up(self, piece: bytes) -> bool:
        """Whether a piece, which begins where hosts do, could be taken by its tags."""
        if not self.utf8 or len(piece) > QUICK:
            return False
        try:
            hosts = self.tags.hosts(piece.decode())
        except UnicodeDecodeError:
            return False
        for host in hosts or ():
            self.finish()
            self.host = host
            self.number += 1
        return hosts is not None

    def refuse(self, *declared: object) -> None:
        """An entity: nmap declares none. Raises `_RefusedError`."""
        raise _RefusedError("the XML declares entities, which nmap never does; they are not followed")

    def start(self, name: str, attributes: Attributes) -> None:
        """What an element says; a host ends where the next begins: its end need not be told. Raises `_RefusedError` for elements deeper in
        one another than any scan has."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _RefusedError(f"more than {MOST_DEPTH} elements stand within one another")
        if name == "host":
            self.finish()
            self.host = Host()
            self.number += 1
        elif self.host is None:
            return
        elif name == "hosthint":
            self.finish()
        elif name == "elem":
            self.table(attributes)
        else:
            self.host.start(name, attributes)

    def table(self, attributes: Attributes) -> None:
        """A realm in the table of a script: its text is read up to the next end of an element."""
        if attributes.get("key") == "realm":
            self.texts = []
            self.parser.CharacterDataHandler = self.more

    def more(self, text: str) -> None:
        """A part of a realm's text."""
        if self.texts is not None and len(self.texts) < MOST_TEXTS:
            self.texts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1
        if name == "host":
            self.ended = self.parser.CurrentByteIndex + len(END)
        if self.texts is not None:
            texts, self.texts, self.parser.CharacterDataHandler = self.texts, None, None
            if self.host is not None:
                self.host.realm("".join(texts))

    def finish(self) -> None:
        """The host that was begun is whole: it becomes a device, or is counted."""
        if self.host is not None and (reason := self.host.become_device(self.estate, self.number)):
            self.dark.append(reason)
        self.host = None

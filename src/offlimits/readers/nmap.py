"""nmap's XML (`-oX`): hosts, their addresses, what services and scripts said. Read as a stream; declared entities end it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Progress, Skipped
from offlimits.readers.devices import Estate, device_table
from offlimits.readers.nmap_host import Host, answers
from offlimits.readers.opened import blocks, text_head

REALM = b'realm"'
PIECE = 1 << 16
"""Bytes handed to the parser at a time."""

MOST_DEPTH = 64
"""Elements within one another; nmap writes ten."""

QUICK = 1 << 20
"""Bytes of the longest piece whose elements are found by a pattern."""

MOST_REST = 1 << 24
"""Bytes without the end of a host that are kept for the next piece."""

MOST_TEXTS = 64
"""Parts of one realm that are kept: the parser hands out a text in several."""

END = b"</host>"
UTF8 = re.compile(rb"\s*<\?xml(?![^>]*encoding=(?![\"'](?i:utf-8|us-ascii)[\"']))|\s*<(?!\?)")
"""The start of a file in UTF-8: it says so, or says nothing."""

ELEMENT = re.compile(
    r'<(?:address addr="([^"&]+)" addrtype="(\w+)"[^<>]*|'
    r"(address|service|host(?:hint|name)?|status(?=[^<>]*down)|osmatch|script)(?:\s([^<>]*))?)>"
)
"""The elements that are used, in a text without `>` other than at the end of tags: an address as nmap writes it, or the element's name and
its attributes; of states only one that may say `down`."""

ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*\"([^\"]*)\"")
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#x([0-9a-fA-F]{1,6})|#([0-9]{1,7}));")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
BLANKS = re.compile(r"[\t\r\n]")
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


class _RefusedError(Exception):
    """What no scan holds, and what is not followed."""


class _Scan:
    """Pieces of the file → devices. Attributes hold all that is used; of texts between elements only realms are looked at.

    Every byte goes through the parser, which tells what is no XML. Where a piece is written as nmap writes (attributes in double quotes,
    no comment, no instruction), its elements are found by a pattern, in half the time that the parser takes to call for each.
    """

    def __init__(self) -> None:
        self.estate = Estate(device_table("xpath", "/nmaprun/host"))
        self.dark: list[str] = []
        self.number = 0
        self.host: Host | None = None
        self.parser = expat.ParserCreate()
        self.parser.EntityDeclHandler = self.refuse
        self.fed = 0
        self.depth = 0
        self.texts: list[str] | None = None
        self.whole = False
        self.plain = False

    def take(self, piece: bytes) -> None:
        """The hosts of one piece.

        Raises `ExpatError` where it is no XML, after the hosts before; `_RefusedError` for an encoding that nobody knows."""
        if self.fed == 0:
            self.plain = UTF8.match(piece) is not None
        quick = self.whole and self.plain and len(piece) <= QUICK and _is_plain(piece)
        self.parser.StartElementHandler, self.parser.EndElementHandler = (None, None) if quick else (self.deeper, self.end)
        self.depth = 1 if self.whole else self.depth
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError:
            if quick:
                self.scan(piece[: max(self.parser.ErrorByteIndex - self.fed, 0)])
            raise
        except (LookupError, ValueError) as error:
            raise _RefusedError(f"the XML says that it is in an encoding that is not read: {error}") from error
        if quick:
            self.scan(piece)
        self.fed += len(piece)
        self.whole = piece.endswith(END)

    def scan(self, piece: bytes) -> None:
        """What `start` is told of a piece, by a pattern."""
        host = self.host
        for address, kind, name, text in ELEMENT.findall(piece.decode("utf-8", "replace")):
            if address:
                if host is not None:
                    host.locate(address, kind)
            elif name == "service" and host is not None:
                host.clues += _service(text)
            elif name == "host":
                host = self.begin()
            else:
                self.start(name, _parsed(text))
                host = self.host

    def refuse(self, *declared: object) -> None:
        """An entity: nmap declares none. Raises `_RefusedError`."""
        raise _RefusedError("the XML declares entities, which nmap never does; they are not followed")

    def deeper(self, name: str, attributes: Attributes) -> None:
        """An element begins, as the parser tells it. Raises `_RefusedError` for elements deeper in one another than any scan has."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _RefusedError(f"more than {MOST_DEPTH} elements stand within one another")
        self.start(name, attributes)

    def start(self, name: str, attributes: Attributes) -> None:
        """What an element says. A host ends where the next begins: its end need not be told."""
        host = self.host
        if name == "host":
            self.begin()
        elif host is None:
            return
        elif name == "hosthint":
            self.finish()
        elif name == "service":
            host.clues += _served(attributes)
        elif name == "elem":
            self.table(attributes)
        elif name in STARTS:
            STARTS[name](host, attributes)

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
        if self.texts is not None:
            texts, self.texts, self.parser.CharacterDataHandler = self.texts, None, None
            if self.host is not None:
                self.host.realm("".join(texts))

    def begin(self) -> Host:
        """The next host."""
        self.finish()
        self.host = Host()
        self.number += 1
        return self.host

    def finish(self) -> None:
        """The host that was begun is whole: it becomes a device, or is counted."""
        if self.host is not None and (reason := self.host.become_device(self.estate, self.number)):
            self.dark.append(reason)
        self.host = None


def _status(host: Host, attributes: Attributes) -> None:
    host.down = attributes.get("state") == "down"


def _address(host: Host, attributes: Attributes) -> None:
    host.locate(attributes.get("addr", ""), attributes.get("addrtype", ""))


def _hostname(host: Host, attributes: Attributes) -> None:
    host.clues.append(("hostname", attributes.get("name", "")))


def _guess(host: Host, attributes: Attributes) -> None:
    host.guess(attributes.get("name", ""), attributes.get("accuracy", "?"))


def _script(host: Host, attributes: Attributes) -> None:
    host.script(attributes.get("id", ""), attributes.get("output", ""))


def _is_plain(piece: bytes) -> bool:
    """Whether a piece is written as nmap writes: no comment, no instruction, no single quote (nmap writes a reference), and no `>` but at
    the end of a tag. One with a realm in a script's table is left to the parser: that is a text between elements."""
    for sign in b"!?":  # rare, so one is looked for first
        if sign in piece and bytes((60, sign)) in piece:
            return False
    return b"'" not in piece and REALM not in piece and piece.count(b"<") == piece.count(b">")


def _parsed(text: str) -> Attributes:
    """Attributes as nmap writes them, with XML's own ways of writing a character undone (XML 1.0, 3.3.3, 4.1 and 4.6)."""
    found = dict(ATTRIBUTE.findall(text))
    if "&" in text or BLANKS.search(text):
        found = {name: REFERENCE.sub(_character, BLANKS.sub(" ", value)) for name, value in found.items()}
    return found


def _served(attributes: Attributes) -> tuple[tuple[str, str], ...]:
    """What nmap knows of a service as a clue, where it knows more than its name."""
    clues = answers(attributes["servicefp"]) if "servicefp" in attributes else ()
    if not attributes.keys() & {"product", "extrainfo", "devicetype"}:
        return clues
    return (("banner", " ".join(attributes[word] for word in WORDS if word in attributes)), *clues)


@lru_cache(maxsize=1 << 14)
def _service(text: str) -> tuple[tuple[str, str], ...]:
    """The same of a service as it is written: the same services come again and again."""
    return _served(_parsed(text))


def _character(reference: re.Match[str]) -> str:
    if reference[1]:
        return NAMED[reference[1]]
    return chr(int(reference[2], 16) if reference[2] else int(reference[3]))


STARTS = {"status": _status, "address": _address, "hostname": _hostname, "osmatch": _guess, "script": _script}

"""nmap's XML where it is written as nmap writes: its tags are looked up, since they come again and again, and need no parser.

A tag counts only where the whole of it has one of the forms below, and a host only where its elements end in their order: what is taken
here is well formed, and says what a parser would tell of it (XML 1.0, 2.2, 2.3, 3.1, 3.3.3, 4.1 and 4.6). All else is refused and goes to
the parser.
"""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache

from offlimits.readers.nmap_host import CLUES_OF, Attributes, Clues, Host

MOST_TAGS = 1 << 14
LONGEST_TAG = 1 << 10
"""Characters of the longest tag that is remembered."""

MOST_DEPTH = 64
"""Elements within one another; nmap writes ten."""

LONGEST_SHAPE = 1 << 11
"""Tags of the longest host whose shape is remembered."""

NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
REFERENCE = r"&(?:(lt|gt|amp|quot|apos)|#x(0?[9aAdD]|[2-9a-fA-F][0-9a-fA-F])|#(9|1[03]|3[2-9]|[4-9][0-9]|1[0-9][0-9]));"
"""The references that nmap writes: the five that have names, and signs below 256 by number."""

REFERENCES = re.compile(REFERENCE)
BLANKS = re.compile(r"[\t\r\n]")
CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
ANY_REFERENCE = re.sub(r"\((?!\?)", "(?:", REFERENCE)
VALUE = rf'"[^"<&{CONTROL}]*+(?:{ANY_REFERENCE}[^"<&{CONTROL}]*+)*+"'
NAME = r"[A-Za-z_][A-Za-z0-9_-]*+"
SILENT_FORMS = {
    "extrareasons": "reason count proto ports", "hop": "ttl ipaddr rtt host", "osfingerprint": "fingerprint",
    "tcpsequence": "index difficulty values", "tcptssequence": "class values", "times": "srtt rttvar to", "uptime": "seconds lastboot",
}  # fmt: skip
"""Elements that hold nothing, say nothing of what is looked for and are seldom the same in two hosts: their attributes in nmap's order."""

SILENT_FORM = "|".join(
    name + "".join(f"(?: {attribute}={VALUE})?" for attribute in attributes.split()) for name, attributes in SILENT_FORMS.items()
)
TAG = re.compile(
    rf'[ \t\r\n]*+<(?:address addr="(?P<address>[0-9A-Fa-f.:]+)" addrtype="(?P<kind>ipv4|ipv6|mac)"(?: vendor={VALUE})?/'
    rf'|hostname name="(?P<hostname>[^"<&{CONTROL}]*+)"(?: type="(?:PTR|user)")?/'
    rf'|(?P<host>host)(?: starttime="[0-9]+")?(?: endtime="[0-9]+")?|(?P<silent>{SILENT_FORM})/)'
    rf"|[^<&{CONTROL}]*+(?:{ANY_REFERENCE}[^<&{CONTROL}]*+)*+"
    rf"<(?:/(?P<end>{NAME})[ \t\r\n]*+|(?P<name>{NAME})(?P<attributes>(?: {NAME}={VALUE})*+) ?+(?P<empty>/?))"
)
"""A tag with the text before it: an address, a host's name, its beginning or a silent element as nmap writes them, an end, or any other."""

HOLD = {
    "host": "H", "hostnames": "N", "ports": "P", "extraports": "X", "port": "Q", "service": "V", "cpe": "C", "script": "S", "table": "T",
    "elem": "E", "os": "O", "osmatch": "M", "osclass": "K", "hostscript": "Z", "trace": "R",
}  # fmt: skip
"""The sign of an element in a host that holds others or a text; its end has the same in lower case."""

ADDRESS, HOSTNAME, CLUE, OTHER, REALM, SILENT, REFUSED = "0", "1", "2", "3", "Y", ".", "?"
"""Signs of the other tags: elements that hold none and are addresses, names, clues, or say something else; a realm in a table; what says
nothing; and what is not taken."""

SAYING = frozenset((ADDRESS, HOSTNAME, CLUE, OTHER, REALM, *(HOLD[name] for name in CLUES_OF if name in HOLD)))


class Tags(dict[str, str]):
    """The sign of each tag; a tag is all that stands before a `>`, which nmap writes nowhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[tuple[str, str]] = deque()
        self.clues: dict[str, tuple[Clues, str]] = {}

    def __missing__(self, tag: str) -> str:
        """The sign of a tag that is not known. Addresses and names, which are never remembered, wait in their order."""
        found = TAG.fullmatch(tag)
        if found is None:
            return REFUSED
        form = found.lastgroup
        if form == "silent":
            return SILENT
        if form == "kind":
            self.waiting.append((found["address"], found["kind"]))
            return ADDRESS
        if form == "hostname":
            self.waiting.append((found["hostname"], form))
            return HOSTNAME
        if form == "host":
            return HOLD["host"]
        if len(self) >= MOST_TAGS:
            self.clear()
            self.clues.clear()
        sign = HOLD.get(found["end"], REFUSED).lower() if form == "end" else self.opening(tag, found)
        if len(tag) <= LONGEST_TAG:
            self[tag] = sign
        return sign

    def opening(self, tag: str, found: re.Match[str]) -> str:
        """The sign of an element's beginning, or of an element that holds nothing."""
        name, text, empty = found.group("name", "attributes", "empty")
        names = text.split('"')[:-1:2]
        if len(set(names)) < len(names) or (empty and name in ("host", "hosthint")):
            return REFUSED
        sign = SILENT if empty else HOLD.get(name, REFUSED)
        if name in CLUES_OF:
            said = _said(name, _attributes(text))
            if len(tag) <= LONGEST_TAG:
                self.clues[tag] = said
            return CLUE if empty and any(said) else sign
        if name in ("address", "hostname", "status"):
            return sign if 'state="up"' in text else OTHER if empty else REFUSED
        if name == "elem" and 'key="realm"' in text:
            return REFUSED if empty else REALM
        return sign

    def hosts(self, piece: str) -> list[Host] | None:
        """The hosts of a piece that ends with the end of one; None where any of it is written otherwise."""
        self.waiting.clear()
        tags = piece.split(">")
        shapes = "".join(map(self.__getitem__, tags[:-1])).split("h")
        found = [saying(shape) if len(shape) <= LONGEST_SHAPE else saying.__wrapped__(shape) for shape in shapes[:-1]]
        if tags[-1] or shapes[-1] or None in found:
            return None
        hosts = []
        start = 0
        for shape, places in zip(shapes, found, strict=False):
            host = Host()
            for place, sign in places or ():
                if sign == ADDRESS:
                    host.locate(*self.waiting.popleft())
                elif sign == HOSTNAME:
                    host.names.append(self.waiting.popleft()[0])
                elif known := self.clues.get(tags[start + place]):
                    host.add(*known)
                else:
                    self.tell(host, sign, tags[start + place], tags[start + place + 1])
            hosts.append(host)
            start += len(shape) + 1
        return hosts

    def tell(self, host: Host, sign: str, tag: str, after: str) -> None:
        """What an element says of a host; a realm is the text that stands before the next tag."""
        if sign == REALM:
            host.realm(_plain(after[: after.rindex("<")]))
        elif found := TAG.fullmatch(tag):
            host.start(found["name"], _attributes(found["attributes"]))


def _said(name: str, attributes: Attributes) -> tuple[Clues, str]:
    """The clues of an element, and the script that found them."""
    return CLUES_OF[name](attributes), attributes.get("id", "") if name == "script" else ""


def _attributes(text: str) -> Attributes:
    """Attributes, each after one blank, in double quotes."""
    parts = text.split('"')
    values = parts[1::2]
    if "&" in text or not text.isprintable():
        values = [_plain(BLANKS.sub(" ", value)) for value in values]
    return {name[1:-1]: value for name, value in zip(parts[::2], values, strict=False)}


def _plain(text: str) -> str:
    """A text with its references undone."""
    return REFERENCES.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    if reference[1]:
        return NAMED[reference[1]]
    return chr(int(reference[2], 16) if reference[2] else int(reference[3]))


@lru_cache(maxsize=1 << 12)
def saying(shape: str) -> tuple[tuple[int, str], ...] | None:
    """The places, among the tags of one host, of what says something, with their signs; None for what is not one host alone, in order up
    to its end."""
    within: list[str] = []
    places = []
    for place, sign in enumerate(shape):
        if sign in SAYING:
            if not within:
                return None
            places.append((place, sign))
        if sign.isupper():
            if (sign == HOLD["host"]) == bool(within) or len(within) + 2 > MOST_DEPTH:
                return None
            if sign == REALM and shape[place + 1 : place + 2] != "e":
                return None
            within.append(HOLD["elem"] if sign == REALM else sign)
        elif sign == REFUSED or (sign.islower() and (not within or within.pop() != sign.upper())):
            return None
    return tuple(places) if within == ["H"] else None

"""Statements of brokers and pension providers in OFX 1 (SGML) and 2 (XML), and Quicken's QFX: the list of positions.

Source: Open Financial Exchange, section 13 (investments). Of the account nothing is read: neither its number nor whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from offlimits.errors import DamagedSource, SourceTooLarge, UnreadableSource
from offlimits.model import ColumnKind
from offlimits.readers.base import Event, Heading, Note, Options, Progress, Rows, Table
from offlimits.readers.xmltable import columns_of

KINDS: dict[str, ColumnKind] = {
    "SECNAME": "name", "TICKER": "ticker", "CUSIP": "cusip", "ISIN": "isin", "SEDOL": "sedol", "position": "asset-class",
    "UNITS": "quantity", "MKTVAL": "amount", "CURSYM": "currency", "POSTYPE": "side", "OPTTYPE": "option",
}  # fmt: skip
NAMES = tuple(KINDS)
TABLE = Table(columns=columns_of(KINDS), channel="own")
POSITIONS = {"POSSTOCK": "stock", "POSMF": "mutual fund", "POSDEBT": "bond", "POSOPT": "option", "POSOTHER": "other"}
INFOS = ("STOCKINFO", "MFINFO", "DEBTINFO", "OPTINFO", "OTHERINFO")
SCHEMES = ("CUSIP", "ISIN", "SEDOL")
TAG = re.compile(r"<(/?)([A-Za-z0-9_.]+)[^<>]*>([^<]*)")
LARGEST = 256 << 20


class Ofx:
    """Reads OFX and QFX statements."""

    name = "ofx"
    cannot_show: tuple[str, ...] = (
        "what funds among the positions hold, unless a list of theirs is given with --funds",
        "positions of accounts that the statement does not cover",
        "what a fund is called in full: brokers shorten names",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").upper()
        if start.startswith(b"OFXHEADER") or b"<?OFX" in start or start.startswith(b"<OFX>"):
            return "a statement in OFX"
        return ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        text = _text(path)
        statement = _Statement()
        for found in TAG.finditer(text):
            statement.take(found[1] == "/", found[2].upper(), found[3], text, found.start())
        yield Heading(facts={key: value for key, value in statement.facts.items() if value} | {"form": "OFX"})
        yield TABLE
        if statement.rows:
            yield Rows(table=TABLE, rows=statement.named(), places=statement.places)
        if statement.other:
            yield Note(text=f"{statement.other:,} transactions and orders are not read: they are no holdings")
        yield Progress(size_bytes=len(text))
        if not statement.closed:
            raise DamagedSource("the statement ends before its end (</OFX>)", "ask for the file again; it is cut or was changed")
        if not statement.rows:
            raise DamagedSource("the statement lists no position (INVPOSLIST)", "ask for a statement of the investment account")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceTooLarge("no statement is that large", "check what the file is")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(str(error.strerror or error), "check that the file is there and that you may read it") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


class _Statement:
    """One pass over the tags: a tag with text is a value, one without opens a group."""

    def __init__(self) -> None:
        self.facts = {"currency": "", "as-of": ""}
        self.rows: list[list[str]] = []
        self.keys: list[str] = []
        self.places: list[int] = []
        self.known: dict[str, dict[str, str]] = {}
        self.other = 0
        self.closed = False
        self._kind = ""
        self._info: dict[str, str] | None = None
        self._row: dict[str, str] | None = None
        self._key = ""
        self._line, self._at = 1, 0

    def take(self, closes: bool, tag: str, text: str, whole: str, at: int) -> None:
        value = unescape(text).strip()
        if closes:
            self._close(tag)
        elif tag in POSITIONS:
            self._kind, self._row, self._key = POSITIONS[tag], {}, ""
            self._line += whole.count("\n", self._at, at)
            self._at = at
        elif tag in INFOS:
            self._info, self._key = {}, ""
        elif tag in ("INVTRAN", "OO"):
            self.other += 1
        elif value:
            self._value(tag, value)

    def _value(self, tag: str, value: str) -> None:
        group = self._row if self._row is not None else self._info
        if group is None:
            if tag == "CURDEF":
                self.facts["currency"] = value
            elif tag == "DTASOF" and not self.facts["as-of"]:
                self.facts["as-of"] = _day(value)
        elif tag == "UNIQUEID":
            self._key = self._key or value
        elif tag == "UNIQUEIDTYPE" and value.upper() in SCHEMES:
            group.setdefault(value.upper(), self._key)
        elif tag in NAMES:
            group.setdefault(tag, value)

    def _close(self, tag: str) -> None:
        if tag == "OFX":
            self.closed = True
        elif tag in POSITIONS and self._row is not None:
            self._row["position"] = self._kind
            self.rows.append([self._row.get(name, "") for name in NAMES])
            self.keys.append(self._key)
            self.places.append(self._line)
            self._row = None
        elif tag in INFOS and self._info is not None:
            self.known[self._key] = self._info
            self._info = None

    def named(self) -> list[list[str]]:
        """The positions with what the statement's list of securities says of them."""
        return [
            [cell or self.known.get(key, {}).get(name, "") for name, cell in zip(NAMES, row, strict=True)]
            for key, row in zip(self.keys, self.rows, strict=True)
        ]


def _day(text: str) -> str:
    """`20050827010000` → `2005-08-27`."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if re.match(r"\d{8}", text) else ""

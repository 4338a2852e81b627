"""What every reader says, and what it is asked. A reader only says what it saw; it knows no company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from offlimits.model import Channel, Column, Place, Reject

As = Literal["assets", "purchases", "suppliers", "holdings", "publications"]

CHANNEL_OF: dict[str, Channel] = {
    "assets": "install",
    "purchases": "buy",
    "suppliers": "buy",
    "holdings": "own",
    "publications": "research",
}


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user said about the input: what it is, and which column is what."""

    read_as: As | None = None
    columns: dict[str, str] = {}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The head of one sheet or file: its columns, the channel its lines belong to, and what their places count.

    `cannot_show` says what such a table cannot tell, where that is another thing than what the reader says of its files.

    `xpath` and `pointer` places are `within` with the number of the element in it: `/a/b[3]`, `/items/3`.
    """

    columns: tuple[Column, ...]
    channel: Channel
    sheet: str | None = None
    unit: Literal["line", "frame", "xpath", "pointer"] = "line"
    within: str = ""
    cannot_show: tuple[str, ...] = ()


class Rows(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A batch of rows of one table. `places[i]` is the line (or sheet row) where `rows[i]` starts.

    A row may be longer than the table has columns; it is never shorter.
    """

    table: Table
    rows: list[list[str]]
    places: Sequence[int]

    @cached_property
    def columns(self) -> list[tuple[str, ...]]:
        """The cells of each of the table's columns; what a longer row has beyond them is left out."""
        return list(zip(*self.rows, strict=False))[: len(self.table.columns)] or [()] * len(self.table.columns)


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """Units left out on purpose, and why: `header`, `title`, `blank`."""

    reason: str
    count: int = 1


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A word about the source that a reader of the report should know."""

    text: str


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself outside its rows: the words above a header, the head of a filing. Holdings read fund, date, total there.

    `facts` holds what the reader knows for sure (`fund`, `isin`, `series`, `classes`, `lei`, `as-of`, `net-assets`, `currency`, `form`),
    `lines` the cells of title rows, `places` where each stands, `header` where the header does (0: there is none). It counts as no unit.
    """

    facts: dict[str, str] = {}
    lines: tuple[tuple[str, ...], ...] = ()
    places: tuple[int, ...] = ()
    header: int = 0


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """So many bytes of the file were read since the last one."""

    size_bytes: int


class Bond(msgspec.Struct, frozen=True):
    """A network address was a device's: ARP, DHCP or a neighbour table says so, or it sent from there. `mac` in lower case with colons.

    Times are seconds since 1970 in UTC, None where the source tells none.
    """

    mac: str
    address: str
    first: float | None = None
    last: float | None = None


class Contact(msgspec.Struct, frozen=True):
    """What one device (its hardware address, else its network address) exchanged with one port of a peer.

    Bytes are of IP packets, counted out of and into the device; None where the source does not tell. `opened_by` says who began. `since` is
    the earliest end of these connections, where the source is written as they end: it tells, in the place of `first`, whether two sources
    overlap.
    """

    device: str
    peer: str
    port: int
    protocol: str
    bytes_out: int | None
    bytes_in: int | None
    count: int
    first: float | None
    last: float | None
    opened_by: Literal["device", "peer", "unknown"]
    position: int
    host: str = ""
    since: float | None = None


class Asked(msgspec.Struct, frozen=True):
    """A device asked for a host's name (`how`: dns), or named it when it opened a connection (tls, http); the addresses it was told."""

    device: str
    host: str
    addresses: tuple[str, ...]
    how: Literal["dns", "tls", "http"]
    count: int
    first: float | None
    last: float | None
    position: int


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the devices of a source called, and which addresses were theirs. `devices` are device → place of its entry and its names."""

    table: Table
    devices: dict[str, tuple[int, tuple[str, ...]]] = {}
    bonds: list[Bond] = []
    contacts: list[Contact] = []
    asked: list[Asked] = []


Event = Table | Rows | Skipped | Reject | Note | Heading | Progress | Traffic


class Reader(Protocol):
    """One family of formats."""

    name: str
    cannot_show: tuple[str, ...]

    def recognise(self, path: Path, head: bytes) -> str:
        """Why this reader takes the file, in words; empty when it does not."""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        """Everything in the file, in order. Raises `SourceError` when it cannot be read at all."""


def place_of(table: Table | None, position: int) -> Place:
    """The place of one row, as its table counts."""
    if table is None or (table.sheet is None and table.unit == "line"):
        return Place(line=position)
    if table.sheet is not None:
        return Place(sheet=table.sheet, row=position)
    if table.unit == "frame":
        return Place(frame=position)
    return Place(xpath=f"{table.within}[{position}]") if table.unit == "xpath" else Place(pointer=f"{table.within}/{position}")

"""Ownership statements after the Beneficial Ownership Data Standard 0.4: which company holds what of which.

Source: Open Ownership, BODS 0.4 (records of type entity, person, relationship). Persons are not read: where one stands behind a company the
owner's cell is empty, and how many there are is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from offlimits.errors import DamagedSource, SourceTooLarge, UnreadableSource
from offlimits.model import ColumnKind, Place, Reject
from offlimits.readers.base import Event, Heading, Note, Options, Progress, Rows, Skipped, Table
from offlimits.readers.xmltable import WHOLE, columns_of

KINDS: dict[str, ColumnKind] = {
    "subject": "name", "owner": "maker", "subject lei": "lei", "subject number": "company-number",
    "interest": "ignored", "share (%)": "ownership", "since": "ignored", "until": "ignored",
}  # fmt: skip
TABLE = Table(columns=columns_of(KINDS), channel="own", unit="pointer")
LARGEST = 512 << 20


class Bods:
    """Reads BODS 0.4 as a JSON array, or a statement a line."""

    name = "bods"
    cannot_show: tuple[str, ...] = (
        "natural persons behind a company: they are not read",
        "owners that the publisher exempts, and holdings below its threshold",
        "how much money a share is worth",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        is_json = start.startswith((b"[", b"{"))
        return "ownership statements (BODS)" if is_json and b'"recordType"' in head and b'"recordDetails"' in head else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        statements = _statements(path)
        known = {str(item.get("recordId", "")): item for item in statements if item.get("recordType") in ("entity", "person")}
        yield Heading(facts={"form": "BODS"})
        yield TABLE
        rows: list[list[str]] = []
        places: list[int] = []
        persons = 0
        for number, item in enumerate(statements):
            kind = item.get("recordType")
            if kind == "relationship" and isinstance(item.get("recordDetails"), dict):
                rows.append(_row(item["recordDetails"], known))
                places.append(number)
            elif kind == "person":
                persons += 1
            elif kind != "entity":
                yield Reject(place=Place(pointer=f"/{number}"), code="unknown-kind", reason=f"a statement of kind {kind!r}")
        yield Skipped(reason="natural person", count=persons)
        yield Skipped(reason="entity", count=sum(item.get("recordType") == "entity" for item in statements))
        if rows:
            yield Rows(table=TABLE, rows=rows, places=places)
        yield Note(text=f"{persons:,} natural persons are counted and not read")
        yield Progress(size_bytes=path.stat().st_size)


def _statements(path: Path) -> list[dict[str, Any]]:
    """All statements. Raises `DamagedSource` where the JSON is cut or no list of objects."""
    try:
        if path.stat().st_size > LARGEST:
            raise SourceTooLarge("more statements than are held in memory", "cut the file by publisher")
        content = path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise UnreadableSource(str(error.strerror or error), "check that the file is there and that you may read it") from error
    try:
        if content.startswith(b"["):
            return msgspec.json.decode(content, type=list[dict[str, Any]])
        return [msgspec.json.decode(line, type=dict[str, Any]) for line in content.splitlines() if line.strip()]
    except msgspec.MsgspecError as error:
        raise DamagedSource(f"the JSON is broken: {error}", WHOLE) from error


def _row(details: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[str]:
    """One relationship; a row for its first interest, since rows of one relationship would count it twice."""
    subject, owner = (known.get(str(details.get(key) or ""), {}) for key in ("subject", "interestedParty"))
    interest = next((item for item in details.get("interests") or () if isinstance(item, dict)), {})
    numbers = _identifiers(subject)
    return [
        _name(subject),
        _name(owner),
        next((text for scheme, text in numbers if "LEI" in scheme.upper()), ""),
        next((text for scheme, text in numbers if "LEI" not in scheme.upper()), ""),
        str(interest.get("type") or ""),
        _share(interest.get("share")),
        str(interest.get("startDate") or ""),
        str(interest.get("endDate") or ""),
    ]


def _name(record: dict[str, Any]) -> str:
    """An entity's name; nothing for a person."""
    details = record.get("recordDetails") if record.get("recordType") == "entity" else None
    return str(details.get("name") or "") if isinstance(details, dict) else ""


def _identifiers(record: dict[str, Any]) -> list[tuple[str, str]]:
    details = record.get("recordDetails")
    told = details.get("identifiers") if isinstance(details, dict) else None
    return [(str(item.get("scheme") or ""), str(item.get("id") or "")) for item in told or () if isinstance(item, dict)]


def _share(share: object) -> str:
    """`25`, or `25–50` where only bounds are published."""
    if not isinstance(share, dict):
        return ""
    if share.get("exact") is not None:
        return str(share["exact"])
    bounds = [str(share[key]) for key in ("minimum", "maximum") if share.get(key) is not None]
    return "–".join(bounds)

"""Section 1260H of the NDAA for fiscal year 2021: a transcription of all editions, and the text of one edition's PDF (pdftotext)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import Alias, AliasKind, Listed, ListEvent, changed
from offlimits.lists.table import Row, day, has_columns, parted, read_table
from offlimits.model import EvidenceClass, Place
from offlimits.readers.base import Skipped

COLUMNS = ("Clean Name", "Alias", "Previous Name", "Parent Name", "Start date", "End date")
SAYS_NOT = (
    "subsidiaries: each name is listed for itself",
    "the names behind a change between editions: only the Federal Register says them",
)


class Dod1260hCsv:
    """All editions as transcribed: one row a name and edition; joined to one record a name, from its first edition to its end."""

    name = "dod-1260h-csv"
    list = "us-dod-1260h"
    title = "Chinese military companies, section 1260H, a transcription of all editions"
    publisher = "US Department of Defense, as transcribed by OpenSanctions"
    cls: EvidenceClass = "community"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        return has_columns(head, ("Clean Name", "Parent Name", "Start date"))

    def edition(self, path: Path) -> date | None:
        return max((found for row, _ in read_table(self, path, COLUMNS) if (found := day(row["Start date"]))), default=None)

    def read(self, path: Path) -> Iterator[ListEvent]:
        rows: dict[str, list[tuple[Row, Place]]] = {}
        for row, place in read_table(self, path, COLUMNS):
            fault = row.fault(place, "Clean Name")
            if fault:
                yield fault
            else:
                rows.setdefault(row["Clean Name"], []).append((row, place))
        for name, found in rows.items():
            yield _joined(name, found)
            if len(found) > 1:
                yield Skipped(reason="rows of further editions", count=len(found) - 1)


def _joined(name: str, rows: list[tuple[Row, Place]]) -> Listed:
    last = rows[-1][0]
    aliases = [Alias(text=text) for row, _ in rows for text in parted(row["Alias"])]
    aliases += [Alias(text=text, kind="former") for row, _ in rows for text in parted(row["Previous Name"])]
    return Listed(
        key=name,
        name=name,
        place=rows[0][1],
        kind="company",
        aliases=tuple(dict.fromkeys(aliases)),
        country="CN",
        since=min((on for row, _ in rows if (on := day(row["Start date"]))), default=None),
        until=day(last["End date"]),
        note=f"listed under {last['Parent Name']}" if last["Parent Name"] else "",
    )


TITLE = re.compile(r"ENTITIES\s+IDENTIFIED\s+AS\s+CHINESE\s+MILITARY\s+COMPANIES", re.IGNORECASE)
BULLETS = " \t\u2022\u25cf\u25e6\uf0b7*·-"
"""What stands before a name; a hollow bullet comes out of a PDF as the letter `o`."""
FORMER = re.compile(r"^(?:formerly|f/?k/?a\.?)\s+", re.IGNORECASE)
COMPANY = re.compile(r"\b(?:co|corp|corporation|company|group|inc|limited|ltd|llc|institute|technology|international)\b", re.IGNORECASE)


class Dod1260hText:
    """The text of one edition's PDF: a name a line, subsidiaries set in, another name in brackets."""

    name = "dod-1260h-text"
    list = "us-dod-1260h"
    title = "Chinese military companies, section 1260H, the text of one edition"
    publisher = "US Department of Defense"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (*SAYS_NOT, "since when a name is listed")

    def recognise(self, path: Path, head: bytes) -> str:
        return "its title" if TITLE.search(head.decode("utf-8", errors="replace")) and not head.lstrip().startswith((b"%PDF", b"<")) else ""

    def edition(self, path: Path) -> date | None:
        with path.open(encoding="utf-8", errors="replace") as stream:
            found = re.search(r"\b(?:[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)\b", stream.read(4096))
        return day(found[0]) if found else None

    def read(self, path: Path) -> Iterator[ListEvent]:
        text = path.read_text(encoding="utf-8", errors="replace")
        if not TITLE.search(text):
            raise changed(self, path, "without the title 'Entities identified as Chinese military companies'")
        parent, margin = "", 0
        for number, line in enumerate(text.splitlines(), start=1):
            indent = len(line) - len(line.lstrip())
            name = line.lstrip(BULLETS).removeprefix("o ").strip()
            if not COMPANY.search(name) or TITLE.match(name) or (name.endswith(".") and len(name.split()) > 12):
                yield Skipped(reason="lines that hold no name")
                continue
            if not parent or indent <= margin:
                parent, margin = name, indent
            yield _line(name, parent, Place(line=number))


def _line(name: str, parent: str, place: Place) -> Listed:
    clean, bracket = _parted(name)
    kind: AliasKind = "former" if FORMER.match(bracket) else "alias"
    return Listed(
        key=clean,
        name=clean,
        place=place,
        kind="company",
        country="CN",
        aliases=(Alias(text=FORMER.sub("", bracket), kind=kind),) if bracket else (),
        note=f"listed under {_parted(parent)[0]}" if parent != name else "",
    )


def _parted(name: str) -> tuple[str, str]:
    """A name without its asterisk, and what stands in brackets behind it."""
    name = name.rstrip("* \t")
    before, opened, inside = name.rpartition("(")
    if not opened or not name.endswith(")") or ")" in inside[:-1] or not before.strip():
        return name, ""
    return before.rstrip(), inside[:-1]

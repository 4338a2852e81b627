"""US lists that are published as prose and tables: the FCC's Covered List, the UFLPA list; and transcriptions of sections of NDAAs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import PERSON, Alias, Listed, ListEvent, changed
from offlimits.lists.htmltable import html_rows
from offlimits.lists.table import day, header_of, parted, read_table
from offlimits.model import Place
from offlimits.readers.base import Skipped

MAKER = re.compile(
    r"(?:produced|provided|supplied)(?: or provided)?(?:, directly or indirectly,)? by (?P<names>[A-Z].+?)"
    r"(?=,? (?:to the extent|including|subject to|or any of|and any of|, and)|\.\s*$|$)"
)
OWNED = re.compile(r" and its wholly-owned subsidiary ", re.IGNORECASE)
SUBSIDIARIES = re.compile(r",? (?:or any of|and) its (?:predecessors|successors|subsidiaries|affiliates|parents).*$", re.IGNORECASE)
CLASS = "rows that name a class of goods and no company"


class FccCovered:
    """The Covered List: a table of two columns, CSV or HTML; names stand inside sentences, and some rows name no company."""

    name = "fcc-covered"
    list = "us-fcc"
    title = "Covered List, section 2 of the Secure Networks Act"
    publisher = "Federal Communications Commission"
    does_not_say: tuple[str, ...] = (
        "which subsidiaries and affiliates are meant by 'produced by'",
        "the use on which a row depends: read the row",
        "companies behind rows that name a class of goods",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        said = head.lower()
        if header_of(head)[:2] == ["covered_equipment_or_services", "date_of_inclusion_on_covered_list"]:
            return "its two columns"
        return "a page with its table" if b"<table" in said and b"covered equipment or services" in said else ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for text, listed_on, place in self.rows(path):
            found = MAKER.search(text)
            if not found:
                yield Skipped(reason=CLASS)
                continue
            dates = [on for said in re.findall(r"[A-Z][a-z]+ \d{1,2}, \d{4}", listed_on) if (on := day(said, "%B %d, %Y"))]
            for name in OWNED.split(SUBSIDIARIES.sub("", found["names"])):
                yield Listed(
                    key=name.strip(" ,."), name=name.strip(" ,"), place=place, kind="company", since=min(dates, default=None), note=text
                )

    def rows(self, path: Path) -> Iterator[tuple[str, str, Place]]:
        """Text, date and place of each row. Raises `ListError` when the table has other columns."""
        with path.open("rb") as stream:
            head = stream.read(64)
        if head.lstrip().startswith(b"<"):
            rows = [(cells, line) for cells, line in html_rows(path.read_bytes()) if len(cells) == 2]
            if not rows or "covered" not in rows[0][0][0].lower():
                raise changed(self, path, "no table of two columns with the header 'Covered Equipment or Services'")
            yield from ((cells[0], cells[1], Place(line=line)) for cells, line in rows[1:])
            return
        for row, place in read_table(self, path, ("covered_equipment_or_services", "date_of_inclusion_on_covered_list")):
            yield row["covered_equipment_or_services"], row["date_of_inclusion_on_covered_list"], place


class Uflpa:
    """The UFLPA Entity List as its page prints it: several tables, the first column `Name of Entity` or `Entity Name`."""

    name = "uflpa-html"
    list = "us-uflpa"
    title = "UFLPA Entity List"
    publisher = "US Department of Homeland Security"
    does_not_say: tuple[str, ...] = ("whose goods are made with what it names", "subsidiaries it speaks of without naming them")

    def recognise(self, path: Path, head: bytes) -> str:
        said = head.lower()
        return "a page of the UFLPA with tables of entities" if b"<" in said[:500] and b"uflpa" in said and b"entity" in said else ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        rows = html_rows(path.read_bytes())
        if not any(_is_header(cells) for cells, _ in rows):
            raise changed(self, path, "no table with the header 'Name of Entity' or 'Entity Name'")
        inside = False
        for cells, line in rows:
            if _is_header(cells):
                inside = True
                yield Skipped(reason="headings")
            elif inside and len(cells) >= 2 and cells[0]:
                yield _uflpa_record(cells, Place(line=line))
            else:
                yield Skipped(reason="rows of other tables")


def _is_header(cells: list[str]) -> bool:
    return bool(cells) and cells[0].lower() in ("name of entity", "entity name", "name of entities")


def _uflpa_record(cells: list[str], place: Place) -> Listed:
    name, aliases = inside_brackets(cells[0])
    dates = [found for cell in cells[1:] if (found := day(cell, "%B %d, %Y", "%m/%d/%Y"))]
    return Listed(key=name, name=name, place=place, kind="company", country="CN", aliases=tuple(aliases), since=min(dates, default=None))


BRACKET = re.compile(
    r"\s*[(,]\s*(?P<kind>(?:also|formerly|previously|and formerly) known as|including (?:\w+ )?alias(?:es)?:?|f/?k/?a|a/?k/?a|a\.k\.a\.?,?)"
    r"\s*(?P<names>[^()]+(?:\([^()]*\)[^()]*)*)\)?",
    re.IGNORECASE,
)


def inside_brackets(text: str) -> tuple[str, list[Alias]]:
    """`A Co., Ltd. (also known as B; and C)` → A Co., Ltd. and its other names."""
    aliases = []
    for found in BRACKET.finditer(text):
        kind = (
            "former"
            if "former" in found["kind"].lower() or "previous" in found["kind"].lower() or found["kind"].lower().startswith("f")
            else "alias"
        )
        parts = re.split(r";\s*(?:and\s+)?|,?\s+and\s+(?=[A-Z])(?=[^;]*$)", found["names"].rstrip(") "))
        aliases += [Alias(text=part.strip(" ,"), kind=kind) for part in parts if part.strip(" ,")]  # type: ignore[arg-type]
    return BRACKET.sub("", text).strip(" ,"), aliases


LEGISLATION = ("schema", "name", "aliases", "program", "authority", "country", "source_url")


class UsLegislation:
    """Names out of sections of US statutes, as the OpenSanctions project transcribes them: sections 889, 1286, 154, 353, 5949."""

    name = "us-legislation-csv"
    list = ""
    title = "Names in sections of US statutes, a transcription"
    publisher = "OpenSanctions, after the statutes and reports it names"
    does_not_say: tuple[str, ...] = ("the condition under which a section reaches a name: read the section", "subsidiaries and affiliates")

    def recognise(self, path: Path, head: bytes) -> str:
        return "its columns schema, aliases, program, authority" if set(LEGISLATION) <= set(header_of(head)) else ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for row, place in read_table(self, path, LEGISLATION):
            fault = row.fault(place, "name")
            if fault or row["schema"] == "Person":
                yield fault or Skipped(reason=PERSON)
                continue
            yield Listed(
                key=f"{row['name']}@{row['program']}",
                name=row["name"],
                place=place,
                kind="company" if row["schema"] == "Company" else "unknown",
                aliases=tuple(Alias(text=text) for text in parted(row["aliases"])),
                country=row["country"],
                programmes=(row["program"],),
                since=day(row["start-date"]),
                until=day(row["end-date"]),
                note=row["source_url"],
            )

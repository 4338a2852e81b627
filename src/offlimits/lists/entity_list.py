"""The Entity List (15 CFR part 744, supplement 4): the table as eCFR and the Federal Register print it, in HTML or XML, and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from offlimits.lists.base import Listed, ListEvent, changed
from offlimits.lists.htmltable import html_rows
from offlimits.lists.persons import UNCLEAR, is_company
from offlimits.lists.prose import take_name
from offlimits.lists.table import day
from offlimits.model import Place, Reject
from offlimits.readers.base import Skipped

CITED = re.compile(r"\b(\d{2,3}) FR (\d+),? \(?(\d{1,2}/\d{1,2}/\d{2,4})")
LICENCE = re.compile(r"\s(?:For all items|All items|For items|See §|For \S+ items)")
COUNTRY = re.compile(r"^[A-Z][A-Z ,'’.()-]{2,60}$")
AS_OF = re.compile(rb"(?:data-date|as-of|up to date as of)[^0-9]{0,12}(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)")
SAYS_NOT = (
    "companies owned 50 percent or more by those it names, which the affiliates rule reached from 2025-09-29 to 2025-11-09",
    "where a name ends and an address begins, where no alias parts them: the first comma that no legal form follows is taken",
    "whether a row names a company or a natural person: rows that nothing tells are left out",
)


class BisEntityList:
    """The table of five columns: country, entity with its other names inside the text, licence requirement, policy, citations."""

    name = "bis-entity-list"
    list = "us-bis-el"
    title = "Entity List, 15 CFR part 744 supplement 4, table"
    publisher = "US Department of Commerce, Bureau of Industry and Security"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        said = head[: 1 << 15].lower()
        return "a table of the Entity List" if b"<" in said[:200] and b"license requirement" in said and b"entity" in said else ""

    def edition(self, path: Path) -> date | None:
        found = AS_OF.search(path.read_bytes()[: 1 << 16])
        return day(found[1].decode()) if found else None

    def read(self, path: Path) -> Iterator[ListEvent]:
        rows = html_rows(path.read_bytes())
        width = max((len(cells) for cells, _ in rows), default=0)
        if width < 5:
            raise changed(self, path, f"a table of five columns was expected; the widest row has {width}")
        if not any(_is_header(cells) for cells, _ in rows):
            raise changed(self, path, "no row of headings 'Entity' and 'License requirement'")
        country = ""
        for cells, line in rows:
            if len(cells) < 5 or _is_header(cells):
                country = next((cell for cell in cells if cell), country) if len(cells) < 5 else country
                yield Skipped(reason="headings")
                continue
            country = cells[0] or country
            yield _record(cells[1], country, cells[4], Place(line=line)) if cells[1] else Skipped(reason="blank rows")


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) >= 5 and "entity" in cells[1].lower()[:8] and "requirement" in cells[2].lower()


class BisEntityListText:
    """The same as plain text: a heading in capitals for each country, a paragraph for each entity."""

    name = "bis-entity-list-text"
    list = "us-bis-el"
    title = "Entity List, 15 CFR part 744 supplement 4, text"
    publisher = "US Department of Commerce, Bureau of Industry and Security"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        text = head.decode("utf-8", errors="replace")
        return (
            "text of supplement no. 4 to part 744" if "Supplement No. 4 to Part 744" in text and not text.lstrip().startswith("<") else ""
        )

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        country, cited = "", False
        for line, paragraph in _paragraphs(path):
            if not CITED.search(paragraph):
                country = paragraph if COUNTRY.match(paragraph) else country
                yield Skipped(reason="headings")
                continue
            cited = True
            licence = LICENCE.search(paragraph)
            yield _record(paragraph[: licence.start()] if licence else paragraph, country, paragraph, Place(line=line))
        if not cited:
            raise changed(self, path, "no paragraph cites the Federal Register")


def _paragraphs(path: Path) -> Iterator[tuple[int, str]]:
    """Paragraphs with the line each starts on."""
    start = 1
    parts: list[str] = []
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        for number, line in enumerate((*stream, "\n"), start=1):
            if line.strip():
                start = start if parts else number
                parts.append(line.strip())
            elif parts:
                yield start, " ".join(parts)
                parts = []


def _record(text: str, country: str, citation: str, place: Place) -> ListEvent:
    named = take_name(text, address=True)
    if not named.name or "[reserved]" in named.name.lower():
        return Skipped(reason="reserved entries") if named.name else Reject(place=place, code="no-name", reason="an entry without a name")
    if not any(map(is_company, (named.name, *(alias.text for alias in named.aliases)))):
        return Skipped(reason=UNCLEAR)
    cited = list(CITED.finditer(citation))
    dates = [found for text in cited if (found := day(text[3], "%m/%d/%y", "%m/%d/%Y"))]
    affiliate = f"affiliated to {named.parent}; " if named.parent else ""
    return Listed(
        key=f"{named.name}@{country}",
        name=named.name,
        place=place,
        aliases=named.aliases,
        country=country,
        programmes=("Entity List",),
        since=min(dates, default=None),
        note=affiliate + "; ".join(f"{found[1]} FR {found[2]}" for found in cited),
    )

"""The Bureau of Industry and Security's own lists: Denied Persons (tab-separated) and the Entity List (15 CFR part 744, supplement 4).

The Entity List is read from a table of five columns as eCFR and the Federal Register print it, in HTML or XML: country, entity with its
other names inside the text, licence requirement, licence review policy, citations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree, html

from offlimits.lists.base import Alias, Listed, ListEvent, changed
from offlimits.lists.persons import UNCLEAR, is_company
from offlimits.lists.table import day, header_of, read_table
from offlimits.model import Place, Reject
from offlimits.readers.base import Skipped

DENIED = ("Name", "Street_Address", "Country", "Effective_Date", "Expiration_Date", "Standard_Order", "FR_Citation")
AKA = re.compile(r",?\s*\(?a\.k\.a\.,?\s*(?:the following [\w ()-]*?alias(?:es)?:?)?\s*", re.IGNORECASE)
ALIAS_END = re.compile(r"(?:;\s*(?:and|or)?|\.\s|\s+(?:and|or)\s+(?=[—–-]))\s*[—–-]?\s*")
LEGAL = re.compile(
    r"^(?:co|ltd|inc|llc|l\.l\.c|corp|gmbh|s\.?a|s\.?r\.?l|pte|pvt|plc|jsc|ojsc|fze|b\.?v|n\.?v|a\.?g|limited)\b\.?", re.IGNORECASE
)
CITED = re.compile(r"\d+ FR \d+,?\s*(\d{1,2}/\d{1,2}/\d{2,4})")


class BisDenied:
    """The Denied Persons List. Orders that have run out stay in it; their end is kept."""

    name = "bis-denied"
    list = ""
    title = "Denied Persons List"
    publisher = "US Department of Commerce, Bureau of Industry and Security"
    does_not_say: tuple[str, ...] = (
        "whether a row names a company or a natural person: rows that nothing tells are left out",
        "other names",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return (
            "its columns Name, Standard_Order, FR_Citation, parted by tabs"
            if {"Standard_Order", "FR_Citation"} <= set(header_of(head, "\t"))
            else ""
        )

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for row, place in read_table(self, path, DENIED, "\t"):
            fault = row.fault(place, "Name")
            if fault or not is_company(row["Name"]):
                yield fault or Skipped(reason=UNCLEAR)
                continue
            yield Listed(
                key=f"{row['Name']}@{row['Effective_Date']}",
                name=row["Name"],
                place=place,
                country=row["Country"],
                since=day(row["Effective_Date"], "%m/%d/%Y"),
                until=day(row["Expiration_Date"], "%m/%d/%Y"),
                note=row["FR_Citation"],
            )


class BisEntityList:
    """The Entity List as the regulation prints it."""

    name = "bis-entity-list"
    list = "us-bis-el"
    title = "Entity List, 15 CFR part 744 supplement 4"
    publisher = "US Department of Commerce, Bureau of Industry and Security"
    does_not_say: tuple[str, ...] = (
        "companies owned 50 percent or more by those it names, which the affiliates rule reached from 2025-09-29 to 2025-11-09",
        "where a name ends and an address begins, where no alias parts them: the name may be cut short",
        "whether a row names a company or a natural person: rows that nothing tells are left out",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        said = head[: 1 << 15].lower()
        return "a table of the Entity List" if b"<" in said[:200] and b"license requirement" in said and b"entity" in said else ""

    def edition(self, path: Path) -> date | None:
        found = re.search(
            rb"(?:data-date|as-of|up to date as of)[^0-9]{0,12}(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)", path.read_bytes()[: 1 << 16]
        )
        return day(found[1].decode()) if found else None

    def read(self, path: Path) -> Iterator[ListEvent]:
        rows = html_rows(path.read_bytes())
        width = max((len(cells) for cells, _ in rows), default=0)
        if width < 5:
            raise changed(self, path, f"a table of five columns was expected; the widest row has {width}")
        if not any(map(_is_header, (cells for cells, _ in rows))):
            raise changed(self, path, "no row of headings 'Entity' and 'License requirement'")
        country = ""
        for cells, line in rows:
            place = Place(line=line)
            if len(cells) < 5:
                country = next((cell for cell in cells if cell), country)
                yield Skipped(reason="headings")
                continue
            country = cells[0] or country
            if _is_header(cells):
                yield Skipped(reason="headings")
            elif not cells[1]:
                yield Skipped(reason="blank rows")
            else:
                yield self.record(cells, country, place)

    def record(self, cells: Sequence[str], country: str, place: Place) -> ListEvent:
        """One row. Names of a dozen aliases stand inside the text of one cell."""
        name, *rest = AKA.split(cells[1], maxsplit=1)
        aliases = _aliases(rest[0]) if rest else []
        name = name.strip(" ,;") if rest else without_address(name)
        if not name:
            return Reject(place=place, code="no-name", reason="a row without a name")
        if not is_company(name) and not any(map(is_company, aliases)):
            return Skipped(reason=UNCLEAR)
        dates = [found for text in CITED.findall(cells[4]) if (found := day(text, "%m/%d/%y", "%m/%d/%Y"))]
        return Listed(
            key=f"{name}@{country}",
            name=name,
            place=place,
            aliases=tuple(Alias(text=alias) for alias in aliases),
            country=country,
            since=min(dates, default=None),
            note=cells[4],
        )


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) >= 5 and "entity" in cells[1].lower()[:8] and "requirement" in cells[2].lower()


def without_address(text: str) -> str:
    """A name without the address behind it: up to the first comma that no legal form follows."""
    parts = text.split(", ")
    count = 1
    while count < len(parts) and LEGAL.match(parts[count]):
        count += 1
    return ", ".join(parts[:count]).strip(" ,;.") + ("." if parts[count - 1].endswith(("Ltd.", "Inc.", "Co.", "Corp.")) else "")


def _aliases(text: str) -> list[str]:
    """`—A; —B; and —C. Address` → A, B, C. Where no dash begins them there is one, and the address follows its first full stop or comma."""
    if not re.match(r"\s*[—–-]", text):
        return [without_address(text.partition(";")[0])]
    found = []
    for part in re.split(r"[—–]\s*|(?:^|\s)-(?=[A-Z])", text)[1:]:
        ended = re.split(r";|(?<!\bCo)\.\s+(?=[A-Z0-9])", part, maxsplit=1)[0]
        found.append(re.sub(r"[\s,;.]*(?:\band\b|\bor\b)?[\s,;]*$", "", ended).strip())
    return [alias for alias in found if alias]


def html_rows(content: bytes) -> list[tuple[list[str], int]]:
    """Every row of every table in HTML or XML (UTF-8): the text of its cells, blanks squeezed, and its line. Nothing is fetched."""
    try:
        tree: Any = html.fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    return [
        ([" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th|./ent")], int(row.sourceline or 1))
        for row in tree.xpath("//tr|//row")
    ]

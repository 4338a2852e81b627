"""OFAC's CSV files (SDN and consolidated): no header, null is `-0-`, aliases in a file beside, identifiers inside the remarks.

Form: "SDN/Consolidated list data formats" of the Treasury: ent_num, name, type, programme, title, five fields of ships, owner, remarks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import PERSON, VESSEL, Alias, AliasKind, Listed, ListedIdentifier, ListEvent, changed, labelled
from offlimits.lists.table import as_table, day
from offlimits.model import EvidenceClass, Place, Reject
from offlimits.readers.base import Skipped

WIDTH = 12
NULL = "-0-"
END = "\x1a"
"""The files end with the control character SUB, on a line of its own."""

ALTERNATIVES = {"sdn": "alt", "cons_prim": "cons_alt", "sdn_bench": "alt_bench"}
"""File of the primary names → file of the other names, both without suffix."""

SCHEMES = {
    "unified social credit code (uscc)": "uscc",
    "isin": "isin",
    "legal entity number": "lei",
    "equity ticker": "ticker",
    "company number": "company-number",
    "registration number": "company-number",
    "c.r. no.": "company-number",
    "website": "domain",
}
TICKER = re.compile(r"^Equity Ticker (?P<value>\S+ [A-Z]{2})$")
PEOPLE = ("Linked To:", "DOB ", "POB ", "nationality ", "Gender ", "Passport ")
"""What in remarks speaks of persons; it is not taken."""
WORDS = (
    "Issuer Name",
    "alt. Issuer Name",
    "Target Type",
    "Effective Date",
    "Purchase/Sales",
    "Secondary sanctions",
    "Executive Order",
    "Transactions Prohibited",
    "Organization Established",
    "Organization Type",
)
"""Beginnings of remarks that are no identifiers; most are one of these."""

REMARK = re.compile(r"^(?:alt\. )?(?P<label>[A-Z][A-Za-z/. ()#-]*?) (?P<value>\S*\d\S*|(?:www\.|https?:)\S+)(?: \((?P<where>[^)]*)\))?$")
DATED = re.compile(r"^(?P<label>[A-Za-z/ ]+ Date)(?: \([A-Z]+\))? (?P<day>\d{1,2} [A-Z][a-z]{2} \d{4})$")
ALSO = re.compile(r"^(?P<kind>a\.k\.a\.|f\.k\.a\.|n\.k\.a\.) '(?P<name>.+)'$")
KINDS: dict[str, AliasKind] = {"aka": "alias", "fka": "former", "nka": "alias", "a.k.a.": "weak", "f.k.a.": "former", "n.k.a.": "alias"}


class OfacCsv:
    """Primary names with what stands in their remarks; other names from the file beside, when it is there."""

    name = "ofac-csv"
    list = "us-ofac"
    title = "OFAC sanctions lists, CSV"
    publisher = "US Treasury, Office of Foreign Assets Control"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "companies owned 50 percent or more by those it names, where the programme reaches them",
        "brands under which the named companies sell",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        first = head.split(b"\n", 1)[0]
        if re.match(rb'\d+,"', first) and first.count(NULL.encode()) >= 3:
            return "rows without a header, a number first, -0- for nothing"
        return ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        others = _alternatives(path)
        with path.open(encoding="utf-8", errors="replace", newline="") as stream, as_table(self, path):
            rows = csv.reader(stream)
            for number, row in enumerate(rows):
                if row == [END] or not row:
                    yield Skipped(reason="blank rows")
                elif number == 0 and (len(row) != WIDTH or not row[0].isdigit()):
                    raise changed(
                        self, path, f"{WIDTH} columns, a number first, were expected; there are {len(row)}: {', '.join(row)[:120]}"
                    )
                else:
                    yield _listed(row, Place(line=rows.line_num), others)


def _alternatives(path: Path) -> dict[str, list[Alias]]:
    """Other names by record number, from the file beside; none when it is not there."""
    wanted = ALTERNATIVES.get(path.stem.lower(), "")
    beside = next(
        (found for found in sorted(path.parent.iterdir()) if found.suffix.lower() == ".csv" and found.stem.lower() == wanted), None
    )
    names: dict[str, list[Alias]] = {}
    if beside is not None:
        with beside.open(encoding="utf-8", errors="replace", newline="") as stream:
            for row in csv.reader(stream):
                if len(row) >= 4:
                    names.setdefault(row[0], []).append(Alias(text=row[3], kind=KINDS.get(row[2], "alias")))
    return names


def _listed(row: list[str], place: Place, others: dict[str, list[Alias]]) -> ListEvent:
    if len(row) != WIDTH:
        return Reject(place=place, code="wrong-cell-count", reason=f"{len(row)} cells where the form has {WIDTH}")
    kind = row[2].strip()
    if kind != NULL:
        return Skipped(reason=PERSON if kind == "individual" else VESSEL)
    remarks = Remarks(row[11])
    return Listed(
        key=row[0],
        name=row[1],
        place=place,
        aliases=(*others.get(row[0], ()), *remarks.aliases),
        identifiers=tuple(remarks.identifiers),
        programmes=tuple(part.strip() for part in row[3].split("] [") if part.strip() != NULL),
        since=remarks.since,
        note="; ".join(remarks.rest),
    )


class Remarks:
    """The last column: `;`-parted, each `Label value (place)`, a date, another name, or words."""

    def __init__(self, text: str) -> None:
        self.aliases: list[Alias] = []
        self.identifiers: list[ListedIdentifier] = []
        self.rest: list[str] = []
        self.since: date | None = None
        if text.strip() != NULL:
            for part in text.strip().removesuffix(".").split("; "):
                self._take(part.strip())

    def _take(self, part: str) -> None:
        if part.startswith(WORDS):
            self.rest.append(part)
        elif part.startswith(("a.k.a.", "f.k.a.", "n.k.a.")) and (also := ALSO.match(part)):
            self.aliases.append(Alias(text=also["name"], kind=KINDS[also["kind"]]))
        elif " Date " in part and (dated := DATED.match(part)):
            if dated["label"].startswith("Listing"):
                self.since = day(dated["day"], "%d %b %Y")
            self.rest.append(part)
        elif ticker := TICKER.match(part):
            self.identifiers.append(ListedIdentifier(scheme="ticker", value=ticker["value"]))
        elif part.lstrip("(").startswith(PEOPLE):
            return
        elif found := REMARK.match(part):
            self.identifiers.append(identifier(found["label"], found["value"], found["where"] or ""))
        else:
            self.rest.append(part)


COUNTRIES = {"Hong Kong": "HK", "China": "CN", "United Kingdom": "GB", "Cayman Islands": "KY", "Singapore": "SG"}
"""Places written out behind a company's number, for those whose registers we hold numbers of."""


def identifier(label: str, value: str, place: str) -> ListedIdentifier:
    """What OFAC writes under a label; a company's number with the country of its register before it, as the evidence writes it."""
    country = COUNTRIES.get(place, "") if SCHEMES.get(label.lower()) == "company-number" else ""
    return labelled(label, f"{country} {value}" if country else value, SCHEMES)

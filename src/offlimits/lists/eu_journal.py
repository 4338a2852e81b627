"""Annexes of EU regulations as the OpenSanctions project transcribes them from the Official Journal: one CSV a regulation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import PERSON, VESSEL, Alias, AliasKind, Listed, ListedIdentifier, ListEvent
from offlimits.lists.table import Row, day, has_columns, read_table
from offlimits.model import EvidenceClass, Place
from offlimits.readers.base import Skipped

COLUMNS = ("celex", "recordId", "annex", "measure", "startDate", "schema", "name", "alias")
LEFT_OUT = {"Person": PERSON, "Vessel": VESSEL, "Airplane": VESSEL, "Asset": "assets"}
NAMES: dict[str, AliasKind] = {"alias": "alias", "weakAlias": "weak", "previousName": "former"}
SCHEMES = {
    "registrationNumber": "company-number",
    "leiCode": "lei",
    "ticker": "ticker",
    "taxNumber": "tax-number",
    "innCode": "inn",
    "ogrnCode": "ogrn",
}


class EuJournalCsv:
    """One regulation's annexes."""

    name = "eu-journal-csv"
    list = "eu-fsf"
    title = "Annexes of an EU regulation, a transcription"
    publisher = "Council of the European Union, as transcribed by OpenSanctions"
    cls: EvidenceClass = "community"
    does_not_say: tuple[str, ...] = (
        "companies owned or controlled by those it names",
        "changes since the consolidated text that was transcribed",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return has_columns(head, ("celex", "recordId", "annex", "measure"))

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for row, place in read_table(self, path, COLUMNS):
            fault = row.fault(place, "name")
            if fault or row["schema"] in LEFT_OUT:
                yield fault or Skipped(reason=LEFT_OUT[row["schema"]])
                continue
            yield _listed(row, place)


def _listed(row: Row, place: Place) -> Listed:
    return Listed(
        key=f"{row['celex']}/{row['annex']}/{row['recordId'] or row['name']}",
        name=row["name"],
        place=place,
        aliases=tuple(Alias(text=text, kind=kind) for column, kind in NAMES.items() for text in _names(row[column])),
        country=row["country"] or row["jurisdiction"],
        identifiers=tuple(ListedIdentifier(scheme=scheme, value=row[column]) for column, scheme in SCHEMES.items() if row[column]),
        programmes=tuple(filter(None, (row["programKey"], f"annex {row['annex']}: {row['measure']}"))),
        since=day(row["startDate"], "%d.%m.%Y"),
    )


LEGAL = re.compile(r"^(?:ltd|inc|llc|co|corp|s\.?a|gmbh|jsc|limited|l\.l\.c|plc|pte)\b", re.IGNORECASE)


def _names(text: str) -> list[str]:
    """Names in one cell, parted by semicolons or commas; a legal form behind a comma stays with its name."""
    found: list[str] = []
    for part in re.split(r"[;,]\s*", text):
        if found and LEGAL.match(part):
            found[-1] += f", {part}"
        elif part.strip():
            found.append(part.strip())
    return found

"""What OFAC writes under a label, in either of its XML forms: an identifier, a date, or words."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from offlimits.dates import read_date
from offlimits.lists.base import ListedIdentifier
from offlimits.lists.ofac_csv import PEOPLE, SCHEMES, identifier

ONE_WORD = re.compile(r"(?:www\.|https?:)\S+|\S*\d\S*")
"""A number of whatever kind, or an address; anything else under an unknown label is words."""
DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}")


class Labelled:
    """Collects labels and values of one record, as the CSV form does with its remarks (`ofac_csv.Remarks`)."""

    def __init__(self) -> None:
        self.identifiers: list[ListedIdentifier] = []
        self.notes: list[str] = []
        self.since: date | None = None

    def take(self, label: str, value: str, place: str = "") -> None:
        """Sort one value in, with the country it was given in; what speaks of persons is left out."""
        clean = _read(label)
        if not value or not clean:
            return
        if value[:1].isdigit() and DATE.fullmatch(value) and (on := read_date(value)):
            self.take_day(label, on)
        elif clean.lower() in SCHEMES or ONE_WORD.fullmatch(value):
            self.identifiers.append(identifier(clean, value, place))
        else:
            self.notes.append(f"{clean} {value}")

    def take_day(self, label: str, on: date) -> None:
        """Sort a date in: that of the listing, or one to be told."""
        clean = _read(label)
        if clean.startswith("Listing"):
            self.since = on
        if clean:
            self.notes.append(_dated(clean, on))


@lru_cache(maxsize=1024)
def _dated(label: str, on: date) -> str:
    return f"{label} {on:%d %b %Y}"


@lru_cache(maxsize=1024)
def _read(label: str) -> str:
    """A label without its colon; empty when it is of persons."""
    clean = label.strip().rstrip(":-").strip()
    if f"{clean} ".startswith(PEOPLE):
        return ""
    return clean

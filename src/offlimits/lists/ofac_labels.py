"""What OFAC writes under a label, in either of its XML forms: an identifier, a date, or words."""

from __future__ import annotations

import re
from datetime import date

from offlimits.dates import read_date
from offlimits.lists.base import ListedIdentifier
from offlimits.lists.ofac_csv import PEOPLE, SCHEMES, scheme_of

ONE_WORD = re.compile(r"(?:www\.|https?:)\S+|\S*\d\S*")
"""A number of whatever kind, or an address; anything else under an unknown label is words."""
DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}")


class Labelled:
    """Collects labels and values of one record, as the CSV form does with its remarks (`ofac_csv.Remarks`)."""

    def __init__(self) -> None:
        self.identifiers: list[ListedIdentifier] = []
        self.notes: list[str] = []
        self.since: date | None = None

    def take(self, label: str, value: str) -> None:
        """Sort one value in; what speaks of persons is left out."""
        label = label.strip().rstrip(":-").strip()
        if not value or f"{label} ".startswith(PEOPLE):
            return
        if DATE.fullmatch(value) and (on := read_date(value)):
            self.take_day(label, on)
        elif label.lower() in SCHEMES or ONE_WORD.fullmatch(value):
            self.identifiers.append(ListedIdentifier(scheme=scheme_of(label), value=value))
        else:
            self.notes.append(f"{label} {value}")

    def take_day(self, label: str, on: date) -> None:
        """Sort a date in: that of the listing, or one to be told."""
        if label.startswith("Listing"):
            self.since = on
        self.notes.append(f"{label} {on:%d %b %Y}")

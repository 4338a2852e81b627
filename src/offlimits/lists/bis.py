"""The Denied Persons List of the Bureau of Industry and Security: tab-separated, companies and persons mixed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import Listed, ListEvent
from offlimits.lists.persons import UNCLEAR, is_company
from offlimits.lists.table import day, header_of, read_table
from offlimits.readers.base import Skipped

DENIED = ("Name", "Street_Address", "Country", "Effective_Date", "Expiration_Date", "Standard_Order", "FR_Citation")


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

"""Canada's consolidated autonomous sanctions list (SEMA and others), XML: one flat `record` a listing.

Form: the file's own layout, as Global Affairs Canada publishes it (no namespace, no schema). Tags were English first (`Entity`, later
`EntityOrShip`) and are bilingual in later editions (`EntityOrShip-EntiteOuNavire`): what stands before the hyphen is read. `Country` is
the country of the regulation, not of the company, and so is a programme here. A listing has no number: `Country`, `Schedule` and `Item`
make one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import PERSON, VESSEL, Alias, Listed, ListEvent
from offlimits.lists.xml import Element, Told, day, has_root, place_of, read_records, texts
from offlimits.model import EvidenceClass, Reject
from offlimits.readers.base import Skipped

NAMES = ("EntityOrShip", "Entity")


class CaSemaXml:
    """Entities; persons, and ships as far as they have an IMO number, are counted."""

    name = "ca-sema-xml"
    list = "ca-sema"
    title = "Canada's consolidated autonomous sanctions list, XML"
    publisher = "Global Affairs Canada"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "of which day it is",
        "countries and numbers of companies",
        "a ship without an IMO number: it stands where companies do",
        "other names parted by commas only: they are read as one, since company names hold commas",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        known = has_root(head, "data-set", b"<record>") and b"<Country" in head
        return "XML with the root data-set and records with a Country" if known else ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "record", Country="no-key", Schedule="no-key", EntityOrShip="no-name")
        for _, element, cut in read_records(self, path, "data-set", ("",), {"record": "data-set"}):
            yield _listed(element, cut, told)
        told.check()


def _listed(element: Element, cut: int, told: Told) -> ListEvent:
    own = texts(element, cut)
    if "Country" not in own:
        own = {name.partition("-")[0]: text for name, text in own.items()}
    name = next((own[tag] for tag in NAMES if tag in own), "")
    if not name and ("LastName" in own or "GivenName" in own):
        return Skipped(reason=PERSON)
    country, schedule, item = own.get("Country", ""), own.get("Schedule", ""), own.get("Item", "")
    if reject := told.reject(element, Country=country, Schedule=schedule, EntityOrShip=name):
        return reject
    if "LastName" in own or "GivenName" in own:
        return Reject(place=place_of(element), code="unknown-kind", reason="a record with the name of an entity and that of a person")
    if "ShipIMONumber" in own:
        return Skipped(reason=VESSEL)
    return Listed(
        key="/".join(filter(None, (country, schedule, item))) if item else name,
        name=name,
        place=place_of(element),
        aliases=tuple(Alias(text=text) for part in own.get("Aliases", "").split(";") if (text := part.strip())),
        programmes=(f"{country}, schedule {schedule}",),
        since=day(own.get("DateOfListing")),
    )

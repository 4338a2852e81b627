"""The UK Sanctions List, XML: one `Designation` a record, its names and addresses inside it.

Form: the file's own layout, as the Foreign, Commonwealth and Development Office publishes it (no namespace, no schema). Statements of
reasons are not taken, since they speak of persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import Alias, Listed, ListedIdentifier, ListEvent, changed, numbered
from offlimits.lists.uk_names import DOES_NOT_SAY, OTHERS, PUBLISHER, TAKEN, TITLE, alias, is_primary, whole_name
from offlimits.lists.xml import Element, Told, day, has_root, inside, place_of, read_records, texts, words
from offlimits.model import EvidenceClass, Reject
from offlimits.readers.base import Skipped


class UkXml:
    """Entities; individuals and ships are counted."""

    name = "uk-xml"
    list = "uk-sanctions"
    title = f"{TITLE}, XML"
    publisher = PUBLISHER
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = DOES_NOT_SAY

    def recognise(self, path: Path, head: bytes) -> str:
        return "XML with the root Designations and its Designation" if has_root(head, "Designations", b"<Designation>") else ""

    def edition(self, path: Path) -> date | None:
        for name, element, _ in self._records(path):
            if name != "DateGenerated":
                return None
            found = day(element.text)
            if found is None:
                raise changed(self, path, f"DateGenerated is {element.text!r} where the form has DD/MM/YYYY")
            return found
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "Designation", UniqueID="no-key", IndividualEntityShip="no-kind", Names="no-name")
        for name, element, cut in self._records(path):
            if name == "Designation":
                yield _listed(element, cut, told)
        told.check()

    def _records(self, path: Path) -> Iterator[tuple[str, Element, int]]:
        return read_records(self, path, "Designations", ("",), {"DateGenerated": "Designations", "Designation": "Designations"})


def _listed(element: Element, cut: int, told: Told) -> ListEvent:
    own, inner = inside(element, cut)
    key, kind = own.get("UniqueID", ""), own.get("IndividualEntityShip", "")
    if reason := OTHERS.get(kind.lower()):
        return Skipped(reason=reason)
    names = [texts(item, cut) for found in inner.get("Names", ()) for item in found]
    main = next((name for name in names if is_primary(name.get("NameType", ""))), names[0] if names else {})
    if reject := told.reject(element, UniqueID=key, IndividualEntityShip=kind, Names=whole_name(main, "Name")):
        return reject
    if kind.lower() != TAKEN:
        return Reject(place=place_of(element), code="unknown-kind", reason=f"its kind is {kind!r}: company or person is not known")
    countries = (texts(item, cut).get("AddressCountry", "") for found in inner.get("Addresses", ()) for item in found)
    return Listed(
        key=key,
        name=whole_name(main, "Name"),
        place=place_of(element),
        aliases=(*_aliases(names, main), *_local(inner.get("NonLatinNames", ()), cut)),
        country=next(filter(None, countries), ""),
        identifiers=tuple(_numbers(inner.get("EntityDetails", ()))),
        programmes=tuple(filter(None, [own.get("RegimeName", "")])),
        since=day(own.get("DateDesignated")),
    )


def _aliases(names: list[dict[str, str]], main: dict[str, str]) -> Iterator[Alias]:
    for name in names:
        if name is not main and (text := whole_name(name, "Name")):
            yield alias(text, name.get("AliasStrength", ""))


def _local(items: Iterable[Element], cut: int) -> Iterator[Alias]:
    for found in items:
        for item in found:
            if text := texts(item, cut).get("NameNonLatinScript") or words(item.text):
                yield Alias(text=text, kind="local")


def _numbers(details: Iterable[Element]) -> Iterator[ListedIdentifier]:
    """The registration numbers, wherever they stand among the details."""
    for found in details:
        for item in found.iter("BusinessRegistrationNumber"):
            if value := words(item.text):
                yield numbered(value)

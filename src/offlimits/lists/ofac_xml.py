"""OFAC's classic XML (SDN.XML, CONSOLIDATED.XML): one `sdnEntry` a record, its other names and numbers inside it.

Form: "SDN/Consolidated XML schema" of the Treasury (`sdnList.xsd`): uid, lastName, sdnType, remarks, programList, idList, akaList,
addressList. The new service writes the same under a namespace of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from offlimits.lists.base import PERSON, VESSEL, Alias, Listed, ListEvent, changed
from offlimits.lists.ofac_csv import Remarks
from offlimits.lists.ofac_labels import Labelled
from offlimits.lists.xml import Element, Told, each_text, has_root, inside, place_of, read_records, texts
from offlimits.model import EvidenceClass, Reject
from offlimits.readers.base import Skipped

NAMESPACES = (
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML",
    "http://tempuri.org/sdnList.xsd",
    "https://tempuri.org/sdnList.xsd",
)
OTHERS = {"individual": PERSON, "vessel": VESSEL, "aircraft": VESSEL}
FORMER = "f.k.a."
NOTHING = Remarks("-0-")


class OfacXml:
    """Entities with what stands in them; the list says of a name whether it is weak, of a number where it was given."""

    name = "ofac-xml"
    list = "us-ofac"
    title = "OFAC sanctions lists, XML"
    publisher = "US Treasury, Office of Foreign Assets Control"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "companies owned 50 percent or more by those it names, where the programme reaches them",
        "brands under which the named companies sell",
        "since when most of them are named: only some programmes give a listing date here",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "XML with the root sdnList and its sdnEntry" if has_root(head, "sdnList", b"sdnEntry") else ""

    def edition(self, path: Path) -> date | None:
        for name, element, cut in self._records(path):
            if name != "publshInformation":
                return None
            return self._published(path, texts(element, cut).get("Publish_Date", ""))
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "sdnEntry", uid="no-key", lastName="no-name", sdnType="no-kind")
        for name, element, cut in self._records(path):
            if name == "sdnEntry":
                yield _listed(element, cut, told)
        told.check()

    def _records(self, path: Path) -> Iterator[tuple[str, Element, int]]:
        return read_records(self, path, "sdnList", NAMESPACES, {"publshInformation": "sdnList", "sdnEntry": "sdnList"})

    def _published(self, path: Path, text: str) -> date:
        """The day of `Publish_Date`, month first."""
        try:
            return datetime.strptime(text, "%m/%d/%Y").date()
        except ValueError as error:
            raise changed(self, path, f"Publish_Date is {text!r} where the form has MM/DD/YYYY") from error


def _listed(element: Element, cut: int, told: Told) -> ListEvent:
    own, inner = inside(element, cut)
    kind, name = own.get("sdnType", ""), own.get("lastName", "")
    if reject := told.reject(element, uid=own.get("uid", ""), lastName=name, sdnType=kind):
        return reject
    if reason := OTHERS.get(kind.lower()):
        return Skipped(reason=reason)
    if kind.lower() != "entity":
        return Reject(place=place_of(element), code="unknown-kind", reason=f"sdnType is {kind!r}: company or person is not known")
    labelled, remarks = Labelled(), Remarks(own["remarks"]) if "remarks" in own else NOTHING
    for number in _items(inner, "idList", cut):
        labelled.take(number.get("idType", ""), number.get("idNumber", ""), number.get("idCountry", ""))
    return Listed(
        key=own["uid"],
        name=name,
        place=place_of(element),
        aliases=(*_aliases(inner, cut), *remarks.aliases),
        country=next((item["country"] for item in _items(inner, "addressList", cut) if "country" in item), ""),
        identifiers=(*labelled.identifiers, *remarks.identifiers),
        programmes=tuple(each_text(inner.get("programList", ()))),
        since=labelled.since or remarks.since,
        note="; ".join((*labelled.notes, *remarks.rest)),
    )


def _items(inner: Mapping[str, list[Element]], name: str, cut: int) -> Iterator[dict[str, str]]:
    """The fields of everything in the lists of this name."""
    return (texts(item, cut) for found in inner.get(name, ()) for item in found)


def _aliases(inner: Mapping[str, list[Element]], cut: int) -> Iterator[Alias]:
    for item in _items(inner, "akaList", cut):
        if text := item.get("lastName"):
            former = item.get("type", "").lower() == FORMER
            yield Alias(text=text, kind="former" if former else "weak" if item.get("category") == "weak" else "alias")

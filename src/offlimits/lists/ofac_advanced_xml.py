"""OFAC's advanced XML (SDN_ADVANCED.XML, CONS_ADVANCED.XML): everything by number, the numbers explained at the start of the file.

Form: "Advanced Sanctions List Standard", `ofac_sdn_advanced.xsd`, in this order: reference sets, places, documents, parties, relations,
entries. A party's names come before the day on which it was listed: what is read of a company waits until its entries have been read, so
that one pass over the file is enough and no record is told without its dates and programmes. What waits is as large as the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from offlimits.lists.base import PERSON, VESSEL, Alias, AliasKind, Listed, ListEvent, changed
from offlimits.lists.ofac_labels import Labelled
from offlimits.lists.xml import Element, Told, children, has_root, inside, place_of, read_records, texts, words
from offlimits.model import EvidenceClass, Place, Reject
from offlimits.readers.base import Skipped

NAMESPACES = (
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML",
    "http://www.un.org/sanctions/1.0",
)
SETS = {
    "AliasType": "AliasTypeValues",
    "Country": "CountryValues",
    "DetailReference": "DetailReferenceValues",
    "FeatureType": "FeatureTypeValues",
    "IDRegDocType": "IDRegDocTypeValues",
    "PartySubType": "PartySubTypeValues",
    "PartyType": "PartyTypeValues",
    "SanctionsType": "SanctionsTypeValues",
    "Script": "ScriptValues",
}
NEEDED = ("AliasType", "FeatureType", "IDRegDocType", "PartySubType", "PartyType", "SanctionsType", "Script")
"""Sets without which a party cannot be understood."""
RECORDS = {
    "Location": "Locations",
    "IDRegDocument": "IDRegDocuments",
    "DistinctParty": "DistinctParties",
    "SanctionsEntry": "SanctionsEntries",
}
PASSED_OVER = {"ProfileRelationship": "ProfileRelationships", "SanctionsEntryLink": "SanctionsEntryLinks"}
WITHIN = {**SETS, **RECORDS, **PASSED_OVER}
"""What is passed over is named too, so that it is thrown away as it goes by."""
OTHERS = {"Individual": PERSON, "Transport": VESSEL}
TAKEN = "Entity"
FORMER = "F.K.A."


class OfacAdvancedXml:
    """Entities with their documents, features, days and programmes; individuals, ships and aircraft are counted."""

    name = "ofac-advanced-xml"
    list = "us-ofac"
    title = "OFAC sanctions lists, advanced XML"
    publisher = "US Treasury, Office of Foreign Assets Control"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "companies owned 50 percent or more by those it names, where the programme reaches them",
        "brands under which the named companies sell",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "XML with the root Sanctions and its ReferenceValueSets" if has_root(head, "Sanctions", b"ReferenceValueSets") else ""

    def edition(self, path: Path) -> date | None:
        for name, element, cut in read_records(self, path, "Sanctions", NAMESPACES, {"DateOfIssue": "Sanctions", **SETS}):
            return _day(element, cut) if name == "DateOfIssue" else None
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "DistinctParty", Profile="no-key", PartySubTypeID="no-kind", DocumentedName="no-name")
        known = _Known()
        for name, element, cut in read_records(self, path, "Sanctions", NAMESPACES, WITHIN):
            if name == "DistinctParty":
                if not known.waiting:
                    self._check(path, known)
                if event := _party(element, cut, told, known):
                    yield event
            elif name not in PASSED_OVER:
                TAKE[name](known, name, element, cut)
        told.check()
        if known.waiting and not known.entries:
            raise changed(self, path, "no SanctionsEntry in it is of one of its companies")
        yield from (waiting.event(known.entries.get(profile, _Entry())) for profile, waiting in known.waiting.items())

    def _check(self, path: Path, known: _Known) -> None:
        if missing := [name for name in NEEDED if not known.sets[name]]:
            raise changed(self, path, f"there is no {' and no '.join(missing)} before the parties to explain their numbers")


class _Entry:
    """What the entries of one profile say: the first day, and the programmes."""

    def __init__(self) -> None:
        self.since: date | None = None
        self.programmes: dict[str, None] = {}


class _Waiting(NamedTuple):
    """A company that waits for its entries."""

    key: str
    place: Place
    names: tuple[Alias, ...]
    country: str
    labelled: Labelled

    def event(self, entry: _Entry) -> Listed:
        """The whole record; the first of its names is the primary one."""
        main, *others = self.names
        return Listed(
            key=self.key,
            name=main.text,
            place=self.place,
            aliases=tuple(dict.fromkeys(others)),
            country=self.country,
            identifiers=tuple(dict.fromkeys(self.labelled.identifiers)),
            programmes=tuple(entry.programmes),
            since=self.labelled.since or entry.since,
            note="; ".join(self.labelled.notes),
        )


class _Known:
    """What the file has explained so far, by number."""

    def __init__(self) -> None:
        self.sets: dict[str, dict[str, str]] = {name: {} for name in SETS}
        self.types: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        self.documents: dict[str, list[tuple[str, str, str]]] = {}
        self.waiting: dict[str, _Waiting] = {}
        self.entries: dict[str, _Entry] = {}

    def said(self, name: str, number: str | None) -> str:
        """The word a reference set has for a number; empty when it has none."""
        return self.sets[name].get(number or "", "")

    def take_value(self, name: str, element: Element, cut: int) -> None:
        """One value of a reference set; a sub-type leads to its type."""
        number = element.get("ID", "")
        self.sets[name][number] = words(element.text)
        if name == "PartySubType":
            self.types[number] = element.get("PartyTypeID", "")

    def take_location(self, name: str, element: Element, cut: int) -> None:
        """The country of a place."""
        for item in children(element, cut, "LocationCountry"):
            self.countries.setdefault(element.get("ID", ""), self.said("Country", item.get("CountryID")))

    def take_document(self, name: str, element: Element, cut: int) -> None:
        """A number of somebody; whose is not known yet."""
        if number := texts(element, cut).get("IDRegistrationNo"):
            label = self.said("IDRegDocType", element.get("IDRegDocTypeID"))
            country = self.said("Country", element.get("IssuedBy-CountryID"))
            self.documents.setdefault(element.get("IdentityID", ""), []).append((label, number, country))

    def take_entry(self, name: str, element: Element, cut: int) -> None:
        """Days and programmes of a profile that waits; the entries of persons and ships are passed over."""
        profile = element.get("ProfileID", "")
        if profile not in self.waiting:
            return
        entry = self.entries.setdefault(profile, _Entry())
        days = (_day(item, cut) for item in children(element, cut, "EntryEvent", "Date"))
        entry.since = min(filter(None, (*days, entry.since)), default=None)
        for item in children(element, cut, "SanctionsMeasure"):
            programme = texts(item, cut).get("Comment")
            if programme and self.said("SanctionsType", item.get("SanctionsTypeID")) == "Program":
                entry.programmes[programme] = None


TAKE = {
    **dict.fromkeys(SETS, _Known.take_value),
    "Location": _Known.take_location,
    "IDRegDocument": _Known.take_document,
    "SanctionsEntry": _Known.take_entry,
}


def _party(element: Element, cut: int, told: Told, known: _Known) -> ListEvent | None:
    """A person or a ship as what is left out, a faulty record as a reject; a company waits and comes back as nothing."""
    profile = next(iter(children(element, cut, "Profile")), None)
    number = "" if profile is None else profile.get("ID", "")
    kind = "" if profile is None else known.said("PartyType", known.types.get(profile.get("PartySubTypeID", "")))
    if reason := OTHERS.get(kind):
        return Skipped(reason=reason)
    inner = inside(profile, cut)
    identities = [identity for identity in inner.all("Identity") if identity.get("False") != "true"]
    names = tuple(_names(identities, cut, known))
    if reject := told.reject(element, Profile=number, PartySubTypeID=kind, DocumentedName=names[0].text if names else ""):
        return reject
    if kind != TAKEN:
        return Reject(place=place_of(element), code="unknown-kind", reason=f"the party's type is {kind!r}: company or person is not known")
    features = _Features(known)
    for identity in identities:
        features.take_documents(identity)
    for feature in inner.all("Feature"):
        features.take(feature, cut)
    known.waiting[number] = _Waiting(element.get("FixedRef") or number, place_of(element), names, features.country, features.labelled)
    return None


def _names(identities: list[Element], cut: int, known: _Known) -> list[Alias]:
    """The primary name first, in Latin letters where there is one."""
    found: list[tuple[bool, Alias]] = []
    for identity in identities:
        for item in children(identity, cut, "Alias"):
            main = item.get("Primary") == "true" and identity.get("Primary") != "false"
            for name in children(item, cut, "DocumentedName"):
                text, latin = _written(name, cut, known)
                if text:
                    found.append((not (main and latin), Alias(text=text, kind=_kind(item, latin, known))))
    return [alias for _, alias in sorted(found, key=lambda pair: pair[0])]


def _kind(item: Element, latin: bool, known: _Known) -> AliasKind:
    if item.get("LowQuality") == "true":
        return "weak"
    if known.said("AliasType", item.get("AliasTypeID")) == FORMER:
        return "former"
    return "alias" if latin else "local"


def _written(name: Element, cut: int, known: _Known) -> tuple[str, bool]:
    """A name put together of its parts, and whether it is in Latin letters."""
    parts = children(name, cut, "DocumentedNamePart", "NamePartValue")
    latin = all(known.said("Script", part.get("ScriptID")) == "Latin" for part in parts)
    return " ".join(filter(None, (words(part.text) for part in parts))), latin


class _Features:
    """What a profile says under labels: its documents, then its features; a feature is a text, a day or a place."""

    def __init__(self, known: _Known) -> None:
        self._known = known
        self.labelled = Labelled()
        self.country = ""

    def take_documents(self, identity: Element) -> None:
        """The numbers that stand under this identity."""
        for label, value, country in self._known.documents.get(identity.get("ID", ""), ()):
            self.labelled.take(label, value, country)

    def take(self, feature: Element, cut: int) -> None:
        """One feature, in each of its versions."""
        label = self._known.said("FeatureType", feature.get("FeatureTypeID"))
        for item in children(feature, cut, "FeatureVersion"):
            for child in item:
                self._take_one(label, child, cut)

    def _take_one(self, label: str, child: Element, cut: int) -> None:
        name = child.tag[cut:]
        if name == "VersionDetail":
            self.labelled.take(label, words(child.text) or self._known.said("DetailReference", child.get("DetailReferenceID")))
        elif name == "VersionLocation":
            self.country = self.country or self._known.countries.get(child.get("LocationID", ""), "")
        elif name == "DatePeriod":
            for start in children(child, cut, "Start", "From"):
                if on := _day(start, cut):
                    self.labelled.take_day(label, on)


def _day(element: Element, cut: int) -> date | None:
    """A day written as Year, Month and Day; None when it is none."""
    own = texts(element, cut)
    try:
        return date(int(own["Year"]), int(own["Month"]), int(own["Day"]))
    except (KeyError, ValueError, OverflowError):
        return None

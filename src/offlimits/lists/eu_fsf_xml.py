"""The European Union's consolidated list of financial sanctions (FSF), XML 1.1: one `sanctionEntity` a record, nearly all in attributes.

Form: `xmlFullSanctionsList_1_1.xsd` of the Commission. The regulation a record names is often the latest that touched it, so that only
`designationDate` is taken for the day since when it is listed; the regulation stands in the note.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from offlimits.lists.base import PERSON, Alias, Listed, ListedIdentifier, ListEvent, changed, numbered, slug
from offlimits.lists.xml import Element, Told, day, has_root, inside, place_of, read_records, read_root, words
from offlimits.model import EvidenceClass, Reject
from offlimits.readers.base import Skipped

NAMESPACES = ("http://eu.europa.ec/fpi/fsd/export",)
NUMBERS = ("regnumber", "tradelic")
"""Codes of `identificationTypeCode` that are of a company's registration; the others keep their code."""


class EuFsfXml:
    """Enterprises with their names in every language of the Union; remarks are not taken, since they speak of persons."""

    name = "eu-fsf-xml"
    list = "eu-fsf"
    title = "EU consolidated list of financial sanctions, XML 1.1"
    publisher = "European Commission, DG FISMA"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "what the Official Journal has added since: the file lags behind it by days, at times by weeks",
        "companies owned or controlled by those it names, whom the freeze reaches too",
        "the annexes that restrict trade rather than freeze: they are not in this list",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "XML with the root export and its sanctionEntity" if has_root(head, "export", b"sanctionEntity") else ""

    def edition(self, path: Path) -> date | None:
        text = read_root(self, path).attributes.get("generationDate", "")
        found = day(text)
        if found is None:
            raise changed(self, path, f"generationDate is {text!r} where the form has a date")
        return found

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "sanctionEntity", logicalId="no-key", subjectType="no-kind", nameAlias="no-name")
        for _, element, cut in read_records(self, path, "export", NAMESPACES, {"sanctionEntity": "export"}):
            yield _listed(element, cut, told)
        told.check()


def _listed(element: Element, cut: int, told: Told) -> ListEvent:
    inner = inside(element, cut)
    key = element.get("euReferenceNumber") or element.get("logicalId") or ""
    kind, regulation = inner.first("subjectType"), inner.first("regulation")
    code = "" if kind is None else kind.get("classificationCode") or kind.get("code") or ""
    if code in ("P", "person"):
        return Skipped(reason=PERSON)
    names = list(_names(inner.all("nameAlias")))
    if reject := told.reject(element, logicalId=key, subjectType=code, nameAlias=names[0][1].text if names else ""):
        return reject
    if code not in ("E", "enterprise"):
        return Reject(place=place_of(element), code="unknown-kind", reason=f"subjectType is {code!r}: company or person is not known")
    main = min(names, key=lambda pair: pair[0])[1]
    return Listed(
        key=key,
        name=main.text,
        place=place_of(element),
        aliases=tuple(dict.fromkeys(alias for _, alias in names if alias.text != main.text)),
        country=next(filter(None, map(_country, inner.all("address"))), ""),
        identifiers=tuple(_identifiers(inner.all("identification"))),
        programmes=tuple(filter(None, [regulation.get("programme", "")])) if regulation is not None else (),
        since=day(element.get("designationDate")),
        until=day(element.get("delistingDate")),
        note="" if regulation is None else _said(regulation),
    )


def _names(items: list[Element]) -> Iterator[tuple[int, Alias]]:
    """Every name with its rank: the one to call a record by is a strong one, in English or no language, before the others."""
    for item in items:
        if text := words(item.get("wholeName")):
            weak = item.get("strong") == "false"
            foreign = item.get("nameLanguage", "") not in ("", "EN")
            yield 2 * weak + foreign, Alias(text=text, kind="weak" if weak else "alias")


def _country(address: Element) -> str:
    return "" if address.get("countryIso2Code") in (None, "", "00") else words(address.get("countryDescription"))


def _identifiers(items: list[Element]) -> Iterator[ListedIdentifier]:
    """Numbers that are not said to be false."""
    for item in items:
        value = words(item.get("number")) or words(item.get("latinNumber"))
        if value and item.get("knownFalse") != "true":
            code = item.get("identificationTypeCode", "")
            yield numbered(value) if code in NUMBERS else ListedIdentifier(scheme=slug(code), value=value)


def _said(regulation: Element) -> str:
    title, published = regulation.get("numberTitle", ""), regulation.get("publicationDate", "")
    return f"by {title}, published {published}" if title and published else ""

"""The European Union's consolidated list of financial sanctions (FSF), XML 1.1: one `sanctionEntity` a record, nearly all in attributes.

Form: `xmlFullSanctionsList_1_1.xsd` of the Commission. The regulation a record names is often the latest that touched it, so that only
`designationDate` is taken for the day since when it is listed; the regulation stands in the note.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from stdnum.cn import uscc

from offlimits.lists.base import PERSON, Alias, Listed, ListedIdentifier, ListEvent, changed, slug
from offlimits.lists.xml import Element, Told, children, day, first, has_root, place_of, read_records, read_root, words
from offlimits.model import Reject
from offlimits.readers.base import Skipped

NAMESPACES = ("http://eu.europa.ec/fpi/fsd/export",)
SCHEMES = {"regnumber": "company-number", "tradelic": "company-number"}
"""Codes of `identificationTypeCode` → ours; the others keep their code."""


class EuFsfXml:
    """Enterprises with their names in every language of the Union; remarks are not taken, since they speak of persons."""

    name = "eu-fsf-xml"
    list = "eu-fsf"
    title = "EU consolidated list of financial sanctions, XML 1.1"
    publisher = "European Commission, DG FISMA"
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
    key = element.get("euReferenceNumber") or element.get("logicalId") or ""
    kind = first(element, "subjectType", cut)
    code = "" if kind is None else kind.get("classificationCode") or kind.get("code") or ""
    names = [item for item in children(element, cut, "nameAlias") if words(item.get("wholeName"))]
    if reject := told.reject(element, logicalId=key, subjectType=code, nameAlias="".join(item.get("wholeName", "") for item in names)):
        return reject
    if code in ("P", "person"):
        return Skipped(reason=PERSON)
    if code not in ("E", "enterprise"):
        return Reject(place=place_of(element), code="unknown-kind", reason=f"subjectType is {code!r}: company or person is not known")
    main = min(names, key=_rank)
    regulation = first(element, "regulation", cut)
    return Listed(
        key=key,
        name=words(main.get("wholeName")),
        place=place_of(element),
        aliases=tuple(dict.fromkeys(_alias(item) for item in names if item is not main)),
        country=next(filter(None, (_country(item) for item in children(element, cut, "address"))), ""),
        identifiers=tuple(_identifiers(element, cut)),
        programmes=tuple(filter(None, [regulation.get("programme", "")])) if regulation is not None else (),
        since=day(element.get("designationDate")),
        until=day(element.get("delistingDate")),
        note="" if regulation is None else _said(regulation),
    )


def _rank(item: Element) -> tuple[bool, bool]:
    """The name to call a record by: a strong one, in English or no language, before the others."""
    return item.get("strong") == "false", item.get("nameLanguage", "") not in ("", "EN")


def _alias(item: Element) -> Alias:
    return Alias(text=words(item.get("wholeName")), kind="weak" if item.get("strong") == "false" else "alias")


def _country(address: Element) -> str:
    return "" if address.get("countryIso2Code") in (None, "", "00") else words(address.get("countryDescription"))


def _identifiers(element: Element, cut: int) -> Iterator[ListedIdentifier]:
    """Numbers that are not said to be false."""
    for item in children(element, cut, "identification"):
        value = words(item.get("number")) or words(item.get("latinNumber"))
        if value and item.get("knownFalse") != "true":
            code = item.get("identificationTypeCode", "")
            scheme = "uscc" if uscc.is_valid(value) else SCHEMES.get(code, slug(code))
            yield ListedIdentifier(scheme=scheme, value=value)


def _said(regulation: Element) -> str:
    title, published = regulation.get("numberTitle", ""), regulation.get("publicationDate", "")
    return f"by {title}, published {published}" if title and published else ""

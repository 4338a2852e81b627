"""The United Nations Security Council's consolidated list, XML: individuals, then entities. Only the entities are taken.

Form: `sc-sanctions.xsd` of the United Nations (the real file is newer than it: an alias's quality reads `a.k.a.` and `f.k.a.` too).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from offlimits.lists.base import PERSON, Alias, AliasKind, Listed, ListEvent, changed
from offlimits.lists.xml import Element, Told, day, has_root, inside, place_of, read_records, read_root, texts
from offlimits.model import EvidenceClass
from offlimits.readers.base import Skipped

QUALITIES: dict[str, AliasKind] = {"low": "weak", "f.k.a.": "former"}


class UnXml:
    """Entities with the names the list gives them; its comments are not taken, since they speak of persons."""

    name = "un-xml"
    list = "un-sc"
    title = "United Nations Security Council Consolidated List, XML"
    publisher = "United Nations Security Council"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "numbers of companies: it gives names and addresses only",
        "whether an entity is a company, a body or an armed group",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "XML with the root CONSOLIDATED_LIST" if has_root(head, "CONSOLIDATED_LIST", b"") else ""

    def edition(self, path: Path) -> date | None:
        text = read_root(self, path).attributes.get("dateGenerated", "")
        found = day(text)
        if found is None:
            raise changed(self, path, f"dateGenerated is {text!r} where the form has a date")
        return found

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "ENTITY", REFERENCE_NUMBER="no-key", FIRST_NAME="no-name")
        within = {"INDIVIDUAL": "INDIVIDUALS", "ENTITY": "ENTITIES"}
        for name, element, cut in read_records(self, path, "CONSOLIDATED_LIST", ("",), within):
            yield Skipped(reason=PERSON) if name == "INDIVIDUAL" else _listed(element, cut, told)
        told.check()


def _listed(element: Element, cut: int, told: Told) -> ListEvent:
    own, inner = inside(element, cut)
    key, name = own.get("REFERENCE_NUMBER", ""), own.get("FIRST_NAME", "")
    if reject := told.reject(element, REFERENCE_NUMBER=key, FIRST_NAME=name):
        return reject
    countries = (texts(item, cut).get("COUNTRY", "") for item in inner.get("ENTITY_ADDRESS", ()))
    return Listed(
        key=key,
        name=name,
        place=place_of(element),
        aliases=(*_aliases(inner, cut), *(Alias(text=text, kind="local") for text in [own.get("NAME_ORIGINAL_SCRIPT")] if text)),
        country=next(filter(None, countries), ""),
        programmes=tuple(filter(None, [own.get("UN_LIST_TYPE", "")])),
        since=day(own.get("LISTED_ON")),
        until=day(own.get("DELISTED_ON")),
    )


def _aliases(inner: Mapping[str, list[Element]], cut: int) -> Iterator[Alias]:
    for item in inner.get("ENTITY_ALIAS", ()):
        own = texts(item, cut)
        if text := own.get("ALIAS_NAME"):
            yield Alias(text=text, kind=QUALITIES.get(own.get("QUALITY", "").lower(), "alias"))

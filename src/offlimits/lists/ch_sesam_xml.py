"""The Swiss list (SECO, SESAM export), XML: programmes, then one `target` a record with all that ever happened to it, then places.

Form: `swiss-sanctions-list` of the State Secretariat for Economic Affairs (no namespace). A `modification` repeats what it added and
removed, in the same tags as the target; only the target's own are read. Delisted targets stay in the file: they get their last day.
A company's country is that of a place, told only after all the targets: what is read of a company waits until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from offlimits.lists.base import PERSON, VESSEL, Alias, AliasKind, Listed, ListEvent, changed
from offlimits.lists.xml import Element, Told, children, day, grouped, has_root, place_of, read_records, read_root, texts, words
from offlimits.model import EvidenceClass
from offlimits.readers.base import Skipped

ROOT = "swiss-sanctions-list"
WITHIN = {"sanctions-program": ROOT, "target": ROOT, "place": ROOT}
OTHERS = {"individual": PERSON, "object": VESSEL}
KINDS: dict[str, AliasKind] = {"formerly-known-as": "former"}


class ChSesamXml:
    """Entities, the delisted ones with their last day; individuals and objects (ships, aircraft) are counted."""

    name = "ch-sesam-xml"
    list = "ch-seco"
    title = "Swiss sanctions list (SESAM), XML"
    publisher = "State Secretariat for Economic Affairs (Switzerland)"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "numbers of companies, but in free text, which is not read",
        "companies owned or controlled by those it names",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return f"XML with the root {ROOT}" if has_root(head, ROOT, b"") else ""

    def edition(self, path: Path) -> date | None:
        text = read_root(self, path).attributes.get("date", "")
        found = day(text)
        if found is None:
            raise changed(self, path, f"the date of its root is {text!r} where the form has a date")
        return found

    def read(self, path: Path) -> Iterator[ListEvent]:
        told = Told(self, path, "target", ssid="no-key", entity="no-kind", name="no-name")
        programmes: dict[str, str] = {}
        places: dict[str, str] = {}
        waiting: list[tuple[Listed, list[str]]] = []
        for tag, element, cut in read_records(self, path, ROOT, ("",), WITHIN):
            if tag == "sanctions-program":
                programmes.update(_sets(element, cut))
            elif tag == "place":
                places[element.get("ssid", "")] = texts(element, cut).get("country", "")
            else:
                event, numbers = _listed(element, cut, told, programmes)
                if isinstance(event, Listed):
                    waiting.append((event, numbers))
                else:
                    yield event
        told.check()
        for listed, numbers in waiting:
            country = next(filter(None, (places.get(number) for number in numbers)), "")
            yield msgspec.structs.replace(listed, country=country) if country else listed


def _sets(element: Element, cut: int) -> Iterator[tuple[str, str]]:
    """Number of each set of the programme, and the programme's English key."""
    keys = {item.get("lang", ""): words(item.text) for item in children(element, cut, "program-key")}
    key = keys.get("eng") or next(iter(keys.values()), "")
    for item in children(element, cut, "sanctions-set"):
        yield item.get("ssid", ""), key


def _listed(element: Element, cut: int, told: Told, programmes: dict[str, str]) -> tuple[ListEvent, list[str]]:
    """What the target is, and the numbers of the places where it has an address."""
    own = grouped(element, cut)
    if reason := next((OTHERS[tag] for tag in own.keys() & OTHERS.keys()), ""):
        return Skipped(reason=reason), []
    kind = "entity" if "entity" in own else ""
    identities = [
        (identity, grouped(identity, cut)) for entity in own.get("entity", ()) for identity in entity if identity.tag[cut:] == "identity"
    ]
    names = _names(identities, cut)
    if reject := told.reject(element, ssid=element.get("ssid", ""), entity=kind, name=names[0].text if names else ""):
        return reject, []
    since, until = _period(own.get("modification", ()))
    sets = (programmes.get(words(item.text), "") for item in own.get("sanctions-set-id", ()))
    listed = Listed(
        key=element.get("ssid", ""),
        name=names[0].text,
        place=place_of(element),
        aliases=tuple(dict.fromkeys(name for name in names if name.text != names[0].text)),
        programmes=tuple(dict.fromkeys(filter(None, sets))),
        since=since,
        until=until,
    )
    return listed, [item.get("place-id", "") for _, inner in identities for item in inner.get("address", ())]


def _names(identities: list[tuple[Element, dict[str, list[Element]]]], cut: int) -> list[Alias]:
    """Every name with its other spellings: the main one first, the others as they come."""
    first: list[Alias] = []
    others: list[Alias] = []
    for identity, inner in identities:
        for item in inner.get("name", ()):
            main = identity.get("main") != "false" and item.get("name-type") == "primary-name"
            weak = not main and item.get("quality") == "low"
            (first if main else others).extend(_spelled(item, cut, KINDS.get(item.get("name-type", ""), "weak" if weak else "alias")))
    return first + others


def _spelled(item: Element, cut: int, kind: AliasKind) -> Iterator[Alias]:
    """The name put together of its parts, then each spelling with the other parts as they are."""
    parts = [grouped(part, cut) for part in sorted(item, key=_order)]
    values = [words(part["value"][0].text) if "value" in part else "" for part in parts]
    if text := " ".join(filter(None, values)):
        yield Alias(text=text, kind=kind)
    for number, part in enumerate(parts):
        for variant in part.get("spelling-variant", ()):
            if spelling := words(variant.text):
                local = variant.get("script", "LATN") != "LATN"
                text = " ".join(filter(None, (*values[:number], spelling, *values[number + 1 :])))
                yield Alias(text=text, kind="local" if local else kind)


def _order(part: Element) -> int:
    order = part.get("order", "")
    return int(order) if order.isascii() and order.isdigit() and len(order) < 5 else 0


def _period(modifications: Sequence[Element]) -> tuple[date | None, date | None]:
    """The day of the latest listing, and that of a delisting after it; the file tells them in no order to rely on."""
    days = [(day(item.get("effective-date")), item.get("modification-type")) for item in modifications]
    listed = max((on for on, what in days if on and what == "listed"), default=None)
    ended = max((on for on, what in days if on and what == "de-listed"), default=None)
    return listed, ended if ended and (listed is None or ended > listed) else None

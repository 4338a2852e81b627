"""The Swiss list (SECO, SESAM export), XML: programmes, then one `target` a record with all that ever happened to it, then places.

Form: `swiss-sanctions-list` of the State Secretariat for Economic Affairs (no namespace). A `modification` repeats what it added and
removed, in the same tags as the target; only the target's own are read. Delisted targets stay in the file: they get their last day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from offlimits.lists.base import PERSON, VESSEL, Alias, Listed, ListEvent, changed
from offlimits.lists.xml import Element, Told, children, day, first, has_root, place_of, read_records, read_root, words
from offlimits.readers.base import Skipped

ROOT = "swiss-sanctions-list"
WITHIN = {"sanctions-program": ROOT, "target": ROOT, "place": ROOT}
OTHERS = {"individual": PERSON, "object": VESSEL}
KINDS = {"formerly-known-as": "former"}


class ChSesamXml:
    """Entities, the delisted ones with their last day; individuals and objects (ships, aircraft) are counted."""

    name = "ch-sesam-xml"
    list = "ch-seco"
    title = "Swiss sanctions list (SESAM), XML"
    publisher = "State Secretariat for Economic Affairs (Switzerland)"
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
        known = _Known({}, dict(self._places(path)))
        told = Told(self, path, "target", ssid="no-key", entity="no-kind", name="no-name")
        for tag, element, cut in read_records(self, path, ROOT, ("",), WITHIN):
            if tag == "target":
                yield _listed(element, cut, told, known)
            elif tag == "sanctions-program":
                known.programmes.update(_sets(element, cut))
        told.check()

    def _places(self, path: Path) -> Iterator[tuple[str, str]]:
        """Number and country of every place; they stand behind the targets that refer to them, so that this is a pass of its own."""
        for tag, element, cut in read_records(self, path, ROOT, ("",), WITHIN):
            if tag == "place":
                yield element.get("ssid", ""), next((words(item.text) for item in children(element, cut, "country")), "")


class _Known(NamedTuple):
    """What records refer to by number: programme of each set of sanctions, country of each place."""

    programmes: dict[str, str]
    places: dict[str, str]


def _sets(element: Element, cut: int) -> Iterator[tuple[str, str]]:
    """Number of each set of the programme, and the programme's English key."""
    keys = {item.get("lang", ""): words(item.text) for item in children(element, cut, "program-key")}
    key = keys.get("eng") or next(iter(keys.values()), "")
    for item in children(element, cut, "sanctions-set"):
        yield item.get("ssid", ""), key


def _listed(element: Element, cut: int, told: Told, known: _Known) -> ListEvent:
    kind = next((tag for tag in ("entity", *OTHERS) if first(element, tag, cut) is not None), "")
    if reason := OTHERS.get(kind):
        return Skipped(reason=reason)
    names = list(_names(first(element, "entity", cut), cut))
    if reject := told.reject(element, ssid=element.get("ssid", ""), entity=kind, name=names[0].text if names else ""):
        return reject
    since, until = _period(element, cut)
    programmes = (known.programmes.get(words(item.text), "") for item in children(element, cut, "sanctions-set-id"))
    return Listed(
        key=element.get("ssid", ""),
        name=names[0].text,
        place=place_of(element),
        aliases=tuple(dict.fromkeys(name for name in names if name.text != names[0].text)),
        country=_country(element, cut, known),
        programmes=tuple(dict.fromkeys(filter(None, programmes))),
        since=since,
        until=until,
    )


def _names(entity: Element | None, cut: int) -> Iterator[Alias]:
    """Every name with its other spellings: the main one first, the others as they come."""
    items = [
        (identity.get("main") == "false" or item.get("name-type") != "primary-name", item)
        for identity in children(entity, cut, "identity")
        for item in children(identity, cut, "name")
    ]
    for other, item in sorted(items, key=lambda pair: pair[0]):
        kind = KINDS.get(item.get("name-type", ""), "weak" if other and item.get("quality") == "low" else "alias")
        yield from _spelled(item, cut, kind)


def _spelled(item: Element, cut: int, kind: str) -> Iterator[Alias]:
    """The name put together of its parts, then each spelling with the other parts as they are."""
    parts = sorted(
        children(item, cut, "name-part"), key=lambda part: int(part.get("order", "0")) if part.get("order", "0").isdigit() else 0
    )
    values = [words(next((value.text for value in children(part, cut, "value")), "")) for part in parts]
    if text := " ".join(filter(None, values)):
        yield Alias(text=text, kind=kind)  # type: ignore[arg-type]
    for number, part in enumerate(parts):
        for variant in children(part, cut, "spelling-variant"):
            if spelling := words(variant.text):
                local = variant.get("script", "LATN") != "LATN"
                text = " ".join(filter(None, (*values[:number], spelling, *values[number + 1 :])))
                yield Alias(text=text, kind="local" if local else kind)  # type: ignore[arg-type]


def _country(element: Element, cut: int, known: _Known) -> str:
    found = (known.places.get(item.get("place-id", ""), "") for item in children(element, cut, "entity", "identity", "address"))
    return next(filter(None, found), "")


def _period(element: Element, cut: int) -> tuple[date | None, date | None]:
    """The day of the latest listing, and that of a delisting after it; the file tells them in no order to rely on."""
    days = [(day(item.get("effective-date")), item.get("modification-type")) for item in children(element, cut, "modification")]
    listed = max((on for on, what in days if on and what == "listed"), default=None)
    ended = max((on for on, what in days if on and what == "de-listed"), default=None)
    return listed, ended if ended and (listed is None or ended > listed) else None

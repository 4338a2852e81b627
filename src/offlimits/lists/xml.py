"""How every XML list is parsed: streaming, no entities, no network, no document type; what breaks is a `ListError` that says what.

A form names its records by tag and by the tag they stand in; each is handed over whole and thrown away after, with all that stood
before it, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from offlimits.dates import read_date
from offlimits.lists.base import Form, changed
from offlimits.model import Place, Reject

HARDENED: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
LINES = 65535
"""From here on libxml2 keeps no line for an element, only for the text inside it (`xmlGetLineNo`)."""

Element = etree._Element


class Root(NamedTuple):
    """The outermost element: its namespace (empty: none), its name without it, its attributes."""

    namespace: str
    name: str
    attributes: dict[str, str]


@lru_cache(maxsize=2)
def root_of(head: bytes) -> Root | None:
    """The root element of a file that starts with `head`; None when that is no XML."""
    parser: Any = etree.XMLPullParser(events=("start",), **HARDENED)
    try:
        parser.feed(head)
        _, element = next(parser.read_events(), (None, None))
    except etree.XMLSyntaxError:
        return None
    return None if element is None else _root(element)


def has_root(head: bytes, name: str, holding: bytes) -> bool:
    """Whether the file is XML with the root `name`, in whatever namespace, and the bytes `holding` stand near its start."""
    return holding in head and (root := root_of(head)) is not None and root.name == name


def read_root(form: Form, path: Path) -> Root:
    """The root element. Raises `ListError` when there is none, or the file declares a document type."""
    for _, element in _parse(form, path, ("start",), None):
        if element.getroottree().docinfo.internalDTD is not None:
            raise changed(form, path, "it declares a document type, which the form never does")
        return _root(element)
    raise changed(form, path, "there is no element in it")


def read_records(
    form: Form, path: Path, root: str, namespaces: tuple[str, ...], within: Mapping[str, str]
) -> Iterator[tuple[str, Element, int]]:
    """Every record, as its name, its element, and the length of what stands before each name in its tags.

    `within` maps the names of records to the name of the element they stand in; the same names elsewhere are passed over. Raises
    `ListError` when the file is broken, or has another root or namespace than the form.
    """
    found = read_root(form, path)
    if found.name != root:
        raise changed(form, path, f"its root is {found.name!r} where the form has {root!r}")
    if found.namespace not in namespaces:
        raise changed(
            form, path, f"the namespace of its root is {found.namespace!r} where the form has {' or '.join(map(repr, namespaces))}"
        )
    prefix = f"{{{found.namespace}}}" if found.namespace else ""
    cut = len(prefix)
    parents = {prefix + name: prefix + parent for name, parent in within.items()}
    for _, element in _parse(form, path, ("end",), tuple(parents)):
        parent = element.getparent()
        if parent is not None and parent.tag == parents[element.tag]:
            yield element.tag[cut:], element, cut
            _forget(element, parent)


def place_of(element: Element) -> Place:
    """The line on which the element opens."""
    line: int = element.sourceline  # type: ignore[assignment]  # the stubs leave it open; a parsed element has one
    if line >= LINES:
        inner = element
        while not inner.text and len(inner):
            inner = inner[0]
        line -= (inner.text or "").count("\n")
    return Place(line=line)


def words(text: str | None) -> str:
    """A text as one line, without blanks around it."""
    return _joined(text.strip()) if text else ""


def _joined(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text or "\t" in text else text


class Inside(NamedTuple):
    """What an element holds, by the names of its children: their texts (the first of each name), and those without a text of their own."""

    texts: dict[str, str]
    elements: dict[str, list[Element]]

    def all(self, name: str) -> list[Element]:
        """The children of this name that have no text of their own."""
        return self.elements.get(name, [])

    def first(self, name: str) -> Element | None:
        """The first of them."""
        found = self.elements.get(name)
        return found[0] if found else None


def inside(element: Element | None, cut: int) -> Inside:
    """One look at the children of an element; an absent one has none."""
    texts: dict[str, str] = {}
    elements: dict[str, list[Element]] = {}
    for child in element if element is not None else ():
        name = child.tag[cut:]
        if (raw := child.text) and (text := raw.strip()):
            if name not in texts:
                texts[name] = text if " " not in text and "\n" not in text else _joined(text)
        elif name in elements:
            elements[name].append(child)
        else:
            elements[name] = [child]
    return Inside(texts, elements)


def texts(element: Element | None, cut: int) -> dict[str, str]:
    """Names and texts of the children that have one; of several with one name, the first."""
    found: dict[str, str] = {}
    for child in element if element is not None else ():
        if (raw := child.text) and (text := raw.strip()):
            name = child.tag[cut:]
            if name not in found:
                found[name] = text if " " not in text and "\n" not in text else _joined(text)
    return found


def grouped(element: Element, cut: int) -> dict[str, list[Element]]:
    """All the children by their names."""
    found: dict[str, list[Element]] = {}
    for child in element:
        name = child.tag[cut:]
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


def children(element: Element | None, cut: int, *names: str) -> list[Element]:
    """The elements with the last of the names, each inside elements with the names before it."""
    level = [] if element is None else [element]
    for name in names:
        level = [child for parent in level for child in parent if child.tag[cut:] == name]
    return level


def each_text(elements: Iterable[Element]) -> Iterator[str]:
    """The text of every child of the elements, those with none left out."""
    return (text for element in elements for child in element if (text := words(child.text)))


@lru_cache(maxsize=4096)
def day(text: str | None) -> date | None:
    """A day as ISO or day first, whatever time or zone follows; None when there is none."""
    text = words(text)
    return read_date(text[:10] if text[4:5] == "-" else text) if text else None


class Told:
    """What records of a form must hold: one without it is a reject; when none of the file has it, the form has changed.

    Call it with each record's values; `check` at the end of the file.
    """

    def __init__(self, form: Form, path: Path, record: str, **codes: str) -> None:
        self._form, self._path, self._record = form, path, record
        self._codes = codes
        self._whole = False
        self._seen: set[str] = set()
        self._missed: set[str] = set()

    def reject(self, element: Element, **values: str) -> Reject | None:
        """The reject of a record in which one of the values is empty; its code is that given for it."""
        if all(values.values()):
            self._whole = True
            return None
        self._seen.update(name for name, value in values.items() if value)
        missing = next(name for name, value in values.items() if not value)
        self._missed.add(missing)
        return Reject(place=place_of(element), code=self._codes[missing], reason=f"{self._record} without its {missing}")

    def check(self) -> None:
        """Raises `ListError` that names what no record has."""
        if not self._whole and (gone := sorted(self._missed - self._seen)):
            raise changed(self._form, self._path, f"no {self._record} in it has its {', '.join(gone)}")


def _parse(form: Form, path: Path, events: tuple[str, ...], tags: tuple[str, ...] | None) -> Iterator[tuple[str, Any]]:
    try:
        with path.open("rb") as stream:
            yield from etree.iterparse(stream, events=events, tag=tags, **HARDENED)
    except etree.XMLSyntaxError as error:
        raise changed(form, path, f"it is not whole or not XML ({error.msg})") from error


def _root(element: Any) -> Root:
    name = etree.QName(element)
    return Root(name.namespace or "", name.localname, dict(element.attrib))


def _forget(element: Any, parent: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del parent[0]

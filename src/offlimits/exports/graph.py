"""Who holds whom, as a picture: an outline that grows upwards to the holders and downwards to units, brands and makers' customers.

Inline SVG without script or colour of its own, like the pictures of the report; the table of ties on the same page says it in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import msgspec
from markupsafe import Markup

from offlimits.model import Entity, Link
from offlimits.registry import Registry
from offlimits.reports.charts import SVG, name, shortened, text

WIDTH, ROW, STEP, EDGE = 760, 27, 26, 16
MOST_LETTERS = 118
"""So many letters of 12.5 px fit beside each other."""

BELOW = {
    "subsidiary": "subsidiary",
    "brand": "brand",
    "made-by": "sells its goods",
    "joint": "joint company",
    "successor": "took over its business",
}
ABOVE = {
    "parent": "holder",
    "subsidiary": "holder",
    "brand": "owner of the brand",
    "made-by": "maker of its goods",
    "joint": "joint holder",
}
"""What an entity is to the one it hangs on, by the relation of the tie, below and above the company of the page."""


Ties = dict[str, list[tuple[Entity, Link]]]
"""By entity, what hangs on it and by which tie."""


class Node(msgspec.Struct, frozen=True):
    """One row of the outline: an entity, the tie by which it stands here, and what hangs on it. `again`: shown with all that hangs on
    it elsewhere in the picture; `up`: it stands above what it hangs on."""

    entity: Entity
    link: Link | None = None
    nodes: tuple[Node, ...] = ()
    again: bool = False
    up: bool = False


class Row(msgspec.Struct, frozen=True):
    """A node with its place: how deep, and the row of the node it hangs on (None for the root)."""

    node: Node
    depth: int
    on: int | None


def below(root: Entity, registry: Registry) -> Node:
    """Everything that is held by `root`, named by it or made by it, all the way down."""
    ties: Ties = {}
    for entity in registry.data.entities:
        for link in entity.links:
            if link.relation != "parent":
                ties.setdefault(link.of, []).append((entity, link))
    return _grown(root, None, ties, {root.id}, False)


def above(root: Entity, registry: Registry) -> Node:
    """Whoever holds `root`, all the way up."""
    ties: Ties = {}
    for entity in registry.data.entities:
        for link in entity.links:
            if link.relation == "parent":
                ties.setdefault(link.of, []).append((entity, link))
            elif link.relation in ("subsidiary", "joint", "brand", "made-by"):
                ties.setdefault(entity.id, []).append((registry.entities[link.of], link))
    return _grown(root, None, ties, {root.id}, True)


def _grown(entity: Entity, link: Link | None, ties: Ties, seen: set[str], up: bool) -> Node:
    """A node with its branches; what was seen before is not opened again, so that a circle ends."""
    nodes = []
    for other, tie in sorted(ties.get(entity.id, ()), key=_order):
        if other.id in seen:
            nodes.append(Node(other, tie, again=True, up=up))
            continue
        seen.add(other.id)
        nodes.append(_grown(other, tie, ties, seen, up))
    return Node(entity, link, tuple(nodes), up=up)


def _order(item: tuple[Entity, Link]) -> tuple[bool, int, str, date]:
    """Ties of today first; companies, then brands, then customers; then by name."""
    entity, link = item
    relations = ("parent", "subsidiary", "joint", "brand", "made-by", "successor")
    return (link.until is not None, relations.index(link.relation), entity.name.casefold(), link.since or date.min)


def size(node: Node) -> int:
    """How many nodes hang on this one, all the way."""
    return sum(1 + size(child) for child in node.nodes)


def outline(root: Entity, registry: Registry, day: date) -> Markup:
    """The picture of one company: holders above it, farthest first, then the company, then what is below. Nothing where it has no ties."""
    up, down = above(root, registry), below(root, registry)
    if not up.nodes and not down.nodes:
        return Markup("")
    rows = _placed(up, down)
    svg = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} {ROW * len(rows) + 12}"})
    for number, row in enumerate(rows):
        if row.on is not None:
            _connect(svg, row, number, day)
    for number, row in enumerate(rows):
        _draw(svg, row, number, day)
    told = f"{size(up)} above it, {size(down)} below it; the table of ties says the same in words"
    name(svg, f"Ownership and brands of {root.name}", told)
    svg.set("class", "outline")
    return Markup(ET.tostring(svg, encoding="unicode"))


def _placed(up: Node, down: Node) -> list[Row]:
    """The rows from top to bottom: the outline of the holders turned upside down, then that of the rest."""
    holders = list(_rows(up, 0, None, 0))
    last = len(holders) - 1
    turned = [Row(row.node, row.depth, None if row.on is None else last - row.on) for row in reversed(holders)]
    return [*turned, *list(_rows(down, 0, None, last))[1:]]


def _rows(node: Node, depth: int, on: int | None, number: int) -> Iterator[Row]:
    """The node, then what hangs on it; `number` is the row on which the node stands."""
    yield Row(node, depth, on)
    following = number + 1
    for child in node.nodes:
        yield from _rows(child, depth + 1, number, following)
        following += 1 + size(child)


# --- drawing -------------------------------------------------------------------------------------


def _y(number: int) -> float:
    return ROW * number + ROW / 2 + 6


def _kind(link: Link | None, day: date) -> str:
    """The class that says how a line is drawn."""
    if link is None:
        return "root"
    if link.disputed:
        return "disputed"
    if link.until is not None and link.until <= day:
        return "ended"
    return link.relation


def _connect(svg: ET.Element, row: Row, number: int, day: date) -> None:
    """From the row it hangs on down or up to this one, then to its mark."""
    assert row.on is not None
    x = EDGE + STEP * (row.depth - 1)
    path = f"M{x} {_y(row.on):g} V{_y(number):g} H{x + STEP - 6}"
    ET.SubElement(svg, "path", {"d": path, "class": f"tie tie-{_kind(row.node.link, day)}"})


def _draw(svg: ET.Element, row: Row, number: int, day: date) -> None:
    """The mark of the entity, its name, and the tie in a few words."""
    node, x, y = row.node, EDGE + STEP * row.depth, _y(number)
    kind = f"mark mark-{node.entity.kind}" + (" mark-root" if node.link is None else "")
    if node.entity.kind == "company":
        ET.SubElement(svg, "rect", {"x": f"{x - 5}", "y": f"{y - 5:g}", "width": "10", "height": "10", "rx": "2", "class": kind})
    else:
        ET.SubElement(svg, "circle", {"cx": f"{x}", "cy": f"{y:g}", "r": "5", "class": kind})
    room = MOST_LETTERS - row.depth * 4
    label = shortened(node.entity.name, min(room, 64))
    words = shortened(_words(node, day), max(room - len(label) - 2, 0)) if node.link else ""
    line = text(svg, x + 12, y + 4, label, "who who-root" if node.link is None else "who")
    if words:
        ET.SubElement(line, "tspan", {"dx": "8", "class": f"how how-{_kind(node.link, day)}"}).text = words


def _words(node: Node, day: date) -> str:
    """`subsidiary, 60 %, until 2020-10-17, disputed`."""
    link = node.link
    assert link is not None
    ended = link.until is not None and link.until <= day
    parts = [("was " if ended else "") + (ABOVE if node.up else BELOW)[link.relation], link.share]
    parts += [f"since {link.since}"] if link.since else []
    parts += [f"until {link.until}"] if link.until else []
    parts += ["disputed"] if link.disputed else ["uncertain"] if link.uncertain else []
    parts += ["shown again" if node.again else ""]
    return ", ".join(part for part in parts if part)

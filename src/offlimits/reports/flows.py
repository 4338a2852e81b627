"""The way of the money as a picture: from the lines of a portfolio through lists of funds to listed companies. Inline SVG, no script.

Widths are money, to one scale. Only money that ends in listed companies is drawn; what it is of the whole stands in the bar above.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import msgspec
from markupsafe import Markup

from offlimits.report import FundExposure, Portfolio
from offlimits.reports.charts import SVG, name, shortened, text

WIDTH, NODE, GAP, TOP = 760, 12, 14, 8
THINNEST = 1.5
MOST_NODES = 14
DIRECT = "held directly"
PARTS = (
    ("found", "ends in listed companies"),
    ("unclear", "unclear"),
    ("opaque", "not looked through"),
    ("other", "looked at, elsewhere"),
)


class Flow(msgspec.Struct, frozen=True):
    """Money from one node to another; a node is its column and its name. The last column has the companies."""

    source: tuple[int, str]
    target: tuple[int, str]
    amount: Decimal
    short: bool


class Box(msgspec.Struct):
    """One node as it is drawn, and how much of each side is taken by flows already drawn."""

    x: float
    y: float
    height: float
    amount: Decimal
    left: float = 0.0
    right: float = 0.0


def whole(portfolio: Portfolio) -> Markup:
    """One bar of 100 %: the four sums. A part too thin to see is drawn as thin as can be seen, and written below all the same."""
    total = sum((abs(Decimal(getattr(portfolio, key))) for key, _ in PARTS), Decimal(0)) or Decimal(1)
    svg = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} 26"})
    shares = [float(abs(Decimal(getattr(portfolio, key))) / total) for key, _ in PARTS]
    widths = [max(share * WIDTH, 3.0) if share else 0.0 for share in shares]
    widths[-1] = max(WIDTH - sum(widths[:-1]), 0.0)
    x = 0.0
    for (key, _), width in zip(PARTS, widths, strict=True):
        if width:
            ET.SubElement(svg, "rect", {"x": f"{x:.1f}", "y": "3", "width": f"{width:.1f}", "height": "20", "class": f"part-{key}"})
        x += width
    name(svg, "The whole of the portfolio", "; ".join(f"{words}: {getattr(portfolio, key)}" for key, words in PARTS))
    svg.set("class", "whole")
    return Markup(ET.tostring(svg, encoding="unicode"))


def ways(funds: FundExposure, portfolio: Portfolio, short_name: Mapping[str, str]) -> Markup:
    """The picture of the ways; nothing where no money ends in a company."""
    drawn = few(flows(funds, portfolio, short_name))
    if not drawn:
        return Markup("")
    columns = max(flow.target[0] for flow in drawn) + 1
    boxes, height = laid_out(drawn, columns)
    svg = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} {height:g}"})
    for flow in sorted(drawn, key=lambda flow: (boxes[flow.source].y, boxes[flow.target].y)):
        band(svg, flow, boxes, scale_of(drawn, columns))
    for (column, label), box in boxes.items():
        node(svg, box, shortened(label, 38 if columns < 3 else 26), column == columns - 1, portfolio.currency)
    name(svg, "Ways of the money", "; ".join(f"{f.source[1]} to {f.target[1]}: {f.amount:.2f}" for f in drawn))
    svg.set("class", "ways")
    return Markup(ET.tostring(svg, encoding="unicode"))


def flows(funds: FundExposure, portfolio: Portfolio, short_name: Mapping[str, str]) -> list[Flow]:
    """Every step of every path, and what is held directly; steps between the same two are added up."""
    last = max((len(path.lists) for path in portfolio.paths), default=1)
    sums: dict[tuple[tuple[int, str], tuple[int, str], bool], Decimal] = {}
    direct: dict[tuple[str, str], Decimal] = {}
    for item in portfolio.companies:
        for side in ("long", "short"):
            key = (item.group, side)
            direct[key] = direct.get(key, Decimal(0)) + Decimal(getattr(item, side))
    for path in portfolio.paths:
        chain = [portfolio.tied[path.line].name, *(funds.lists[number].name for number in path.lists[1:])]
        steps = [*enumerate(chain), (last, short_name.get(path.group, path.group))]
        amount, short = abs(Decimal(path.amount)), path.side == "short"
        direct[path.group, path.side] = direct.get((path.group, path.side), Decimal(0)) - amount
        for source, target in pairwise(steps):
            sums[source, target, short] = sums.get((source, target, short), Decimal(0)) + amount
    cent = Decimal("0.01") * (1 + len(portfolio.paths))
    for (group, side), rest in direct.items():
        if rest > cent or (rest > 0 and not portfolio.paths):
            sums[(0, DIRECT), (last, short_name.get(group, group)), side == "short"] = rest
    return [Flow(source, target, amount, short) for (source, target, short), amount in sums.items() if amount]


def few(drawn: Iterable[Flow]) -> list[Flow]:
    """The same with at most `MOST_NODES` in a column; the smallest are put together as `n others`."""
    rows = list(drawn)
    renamed: dict[tuple[int, str], tuple[int, str]] = {}
    for column in {end[0] for flow in rows for end in (flow.source, flow.target)}:
        sums = amounts(rows, column)
        if len(sums) > MOST_NODES:
            rest = sorted(sums, key=lambda key: (-sums[key], key))[MOST_NODES - 1 :]
            renamed |= dict.fromkeys(rest, (column, f"{len(rest)} others"))
    merged: dict[tuple[tuple[int, str], tuple[int, str], bool], Decimal] = {}
    for flow in rows:
        key = (renamed.get(flow.source, flow.source), renamed.get(flow.target, flow.target), flow.short)
        merged[key] = merged.get(key, Decimal(0)) + flow.amount
    return [Flow(*key[:2], amount, key[2]) for key, amount in sorted(merged.items(), key=lambda item: (item[0][0], -item[1]))]


def amounts(rows: Sequence[Flow], column: int) -> dict[tuple[int, str], Decimal]:
    """What passes through each node of a column: the more of what comes in and what goes out."""
    into: dict[tuple[int, str], Decimal] = {}
    out: dict[tuple[int, str], Decimal] = {}
    for flow in rows:
        if flow.target[0] == column:
            into[flow.target] = into.get(flow.target, Decimal(0)) + flow.amount
        if flow.source[0] == column:
            out[flow.source] = out.get(flow.source, Decimal(0)) + flow.amount
    return {key: max(into.get(key, Decimal(0)), out.get(key, Decimal(0))) for key in {**into, **out}}


def scale_of(rows: Sequence[Flow], columns: int) -> float:
    """Pixels for one unit of money: the fullest column fills the picture."""
    fullest = max(sum(amounts(rows, column).values(), Decimal(0)) for column in range(columns))
    return (40 + 34 * max(len(amounts(rows, column)) for column in range(columns))) / float(fullest)


def laid_out(rows: Sequence[Flow], columns: int) -> tuple[dict[tuple[int, str], Box], float]:
    """Every node's box, columns from left to right, the largest first, and the picture's height."""
    scale, boxes = scale_of(rows, columns), dict[tuple[int, str], Box]()
    each = [sorted(amounts(rows, column).items(), key=lambda item: (-item[1], item[0])) for column in range(columns)]
    tall = [sum(max(float(amount) * scale, 18.0) + GAP for _, amount in nodes) for nodes in each]
    for column, nodes in enumerate(each):
        x, y = (WIDTH - NODE) * column / max(columns - 1, 1), TOP + (max(tall) - tall[column]) / 2
        for key, amount in nodes:
            boxes[key] = Box(x, y, max(float(amount) * scale, THINNEST), amount)
            y += max(float(amount) * scale, 18.0) + GAP
    return boxes, TOP + max(tall)


def band(svg: ET.Element, flow: Flow, boxes: Mapping[tuple[int, str], Box], scale: float) -> None:
    """One flow as a curved band from the right side of one box to the left side of another."""
    start, end = boxes[flow.source], boxes[flow.target]
    thick = max(float(flow.amount) * scale, THINNEST)
    y1, y2 = start.y + start.right + thick / 2, end.y + end.left + thick / 2
    start.right += thick
    end.left += thick
    x1, x2 = start.x + NODE, end.x
    middle = (x1 + x2) / 2
    shape = f"M{x1:.1f} {y1:.1f} C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    ET.SubElement(svg, "path", {"d": shape, "stroke-width": f"{thick:.1f}", "class": "flow short" if flow.short else "flow"})


def node(svg: ET.Element, box: Box, label: str, last: bool, currency: str) -> None:
    """One box with its name and its money beside it."""
    place = {"x": f"{box.x:.1f}", "y": f"{box.y:.1f}", "width": f"{NODE}", "height": f"{box.height:.1f}"}
    ET.SubElement(svg, "rect", place | {"class": "end" if last else "stop"})
    words = f"{label}  {box.amount:,.2f} {currency}".strip()
    x = box.x - 6 if last else box.x + NODE + 6
    written = text(svg, x, box.y + min(box.height / 2 + 4, 13), words, "way-label")
    if last:
        written.set("text-anchor", "end")

"""The pictures of the HTML report: bars by pygal, and the timeline of measures. Inline SVG, no script, no colour of its own.

pygal lays the bars out; its script, style sheet, dated comments and tooltips are taken off again, so that the same report
gives the same bytes and the page's own style sheet (light, dark, print) paints every picture alike.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.etree import ElementTree as ET

import msgspec
import pygal
from markupsafe import Markup
from pygal.etree import etree
from pygal.style import Style

from offlimits.model import STRENGTHS, Strength
from offlimits.report import ReportDoubt, ReportMeasure, ReportPeriod

etree.to_etree()
"""pygal builds its trees with lxml where that is installed, which refuses control characters and mixes with no other tree; the standard
library's is taken."""

# pygal leaves an importer of an outdated form behind, for chart plugins we don't use; on Python 3.11 it makes every later import warn.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

SVG = "http://www.w3.org/2000/svg"
BAR_WIDTH, BAR_HEIGHT = 440, 34
MOST_BARS = 12
LABEL_LENGTH = 26
UNWANTED = frozenset({"script", "style", "title", "desc", "defs"})

Counts = Mapping[Strength, int]


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: what it stands for, and how many lines of each strength."""

    label: str
    counts: Counts

    @property
    def total(self) -> int:
        """Lines of every strength together."""
        return sum(self.counts.values())


# --- bars ---------------------------------------------------------------------------------------


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """A stacked horizontal bar chart as inline SVG, the total written at the end of each bar; `title` and every number are read aloud."""
    rows = few(rows)
    tree = laid_out(rows)
    prune(tree)
    name(tree, title, "; ".join(spoken(row) for row in rows))
    return Markup(ET.tostring(tree, encoding="unicode"))


def few(rows: Sequence[Bar]) -> Sequence[Bar]:
    """The first `MOST_BARS - 1` rows, and the rest added up in one bar that says how many it stands for."""
    if len(rows) <= MOST_BARS:
        return rows
    head, rest = rows[: MOST_BARS - 1], rows[MOST_BARS - 1 :]
    counts = {strength: sum(row.counts.get(strength, 0) for row in rest) for strength in STRENGTHS}
    return [*head, Bar(label=f"{len(rest)} others", counts=counts)]


def spoken(row: Bar) -> str:
    """The words a screen reader says for one bar."""
    parts = ", ".join(f"{row.counts[s]} {s}" for s in STRENGTHS if row.counts.get(s))
    return f"{row.label}: {row.total} ({parts})" if parts else f"{row.label}: 0"


def laid_out(rows: Sequence[Bar]) -> ET.Element:
    """pygal's tree for these rows; it draws upwards, so the rows go in last first."""
    upwards = list(reversed(rows))
    chart = pygal.HorizontalStackedBar(
        js=[],
        no_prefix=True,
        width=BAR_WIDTH,
        height=BAR_HEIGHT * len(rows) + 16,
        margin=4,
        spacing=6,
        show_legend=False,
        show_x_labels=False,
        print_values=True,
        print_values_position="top",
        range=(0, max((row.total for row in rows), default=1) * 1.18 or 1),
        style=Style(font_family="system-ui", label_font_size=14, value_font_size=14),
    )
    chart.x_labels = [shortened(row.label) for row in upwards]
    for strength in STRENGTHS:
        chart.add(strength, [segment(row, strength) for row in upwards])
    tree: ET.Element = chart.render_tree()
    return tree


def segment(row: Bar, strength: Strength) -> dict[str, object]:
    """One piece of a bar. The last piece that is there carries the total; the others carry no number, they would not fit."""
    last = next((s for s in reversed(STRENGTHS) if row.counts.get(s)), STRENGTHS[-1])
    words = f"{row.total:,}" if strength == last else ""
    return {"value": row.counts.get(strength, 0), "formatter": lambda _: words}


def shortened(text: str, length: int = LABEL_LENGTH) -> str:
    """`text`, cut with an ellipsis where it is longer than `length` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def prune(element: ET.Element) -> None:
    """Take off pygal's script, styles, comments, tooltips and empty groups, in place and all the way down."""
    for child in list(element):
        if unwanted(child):
            element.remove(child)
            continue
        prune(child)
        if local(child) in {"g", "text"} and not len(child) and not (child.text or "").strip():
            element.remove(child)


def unwanted(element: ET.Element) -> bool:
    """Comments, what runs or paints by itself, guides and hidden tooltips."""
    if not isinstance(element.tag, str) or local(element) in UNWANTED:
        return True
    classes = element.get("class", "").split()
    return not {"tooltip-overlay", "guide", "background", "x"}.isdisjoint(classes)


def local(element: ET.Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def name(svg: ET.Element, title: str, description: str) -> None:
    """Give the picture its accessible name, and let it scale with the page."""
    for attribute in ("id", "width", "height"):
        svg.attrib.pop(attribute, None)
    svg.set("class", "chart")
    svg.set("role", "img")
    svg.set("aria-label", f"{title}. {description}")
    heading = ET.Element("title")
    heading.text = title
    svg.insert(0, heading)


# --- timeline -----------------------------------------------------------------------------------

WIDTH, EDGE = 760, 14
ROW, GROUP = 46, 34
TOP = 30
YEARS_BACK, YEARS_AHEAD = 15, 5
TALL = 600
"""A picture higher than this has the years at its top too."""

PAGE = 900
"""Groups and rows of one picture: what fits on a page of A4 under a heading, at the page's width."""


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Days to pixels; days outside are held at the edge."""

    first: date
    last: date

    def x(self, day: date | None) -> float:
        """Where `day` stands; None is the open end on the right."""
        if day is None:
            return float(WIDTH - EDGE)
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * EDGE), 1)


def timeline(measures: Mapping[str, Sequence[ReportMeasure]], as_of: date) -> Markup:
    """One bar per measure from since to until, grouped as `measures` is (jurisdiction to its measures), a line at `as_of`. Inline SVG, in
    as many pictures of one scale as a printed page needs."""
    scale = scale_of([m for group in measures.values() for m in group], as_of)
    pictures = [drawn(part, scale, as_of) for part in parted(measures)]
    for picture in pictures[:1]:
        picture.insert(1, hatch())
    return Markup("\n").join(Markup(ET.tostring(picture, encoding="unicode")) for picture in pictures)


def parted(measures: Mapping[str, Sequence[ReportMeasure]]) -> list[dict[str, list[ReportMeasure]]]:
    """Groups in parts no taller than `PAGE`; a group that is cut says so where it goes on."""
    parts: list[dict[str, list[ReportMeasure]]] = [{}]
    left = PAGE
    for jurisdiction, group in measures.items():
        title = jurisdiction
        for number, measure in enumerate(group):
            if left < ROW + (0 if title in parts[-1] else GROUP):
                parts.append({})
                left, title = PAGE, f"{jurisdiction}, continued" if number else jurisdiction
            if title not in parts[-1]:
                left -= GROUP
            left -= ROW
            parts[-1].setdefault(title, []).append(measure)
    return parts


def drawn(measures: Mapping[str, Sequence[ReportMeasure]], scale: Scale, as_of: date) -> ET.Element:
    """One picture of the timeline."""
    height = TOP + sum(GROUP + ROW * len(group) for group in measures.values()) + 26
    svg = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} {height}"})
    years(svg, scale, height - 22)
    y = TOP
    for jurisdiction, group in measures.items():
        text(svg, EDGE, y + 22, jurisdiction, "tl-group")
        y += GROUP
        for measure in group:
            measure_row(svg, measure, scale, y)
            y += ROW
    today(svg, scale.x(as_of), height - 22, as_of)
    name(svg, "Timeline of measures", "; ".join(told(m) for group in measures.values() for m in group))
    svg.set("class", "timeline")
    return svg


def scale_of(measures: Iterable[ReportMeasure], as_of: date) -> Scale:
    """The years from the first date to a year past the last, at most `YEARS_BACK` before and `YEARS_AHEAD` after `as_of`."""
    days = [as_of, *(day for measure in measures for day in dates_of(measure))]
    first = max(min(days).year, as_of.year - YEARS_BACK)
    last = min(max(days).year + 1, as_of.year + YEARS_AHEAD, date.max.year)
    return Scale(first=date(first, 1, 1), last=date(last, 12, 31))


def dates_of(measure: ReportMeasure) -> list[date]:
    """Every day a measure speaks of."""
    spans: list[ReportPeriod | ReportDoubt] = [*measure.periods, *measure.doubts]
    days = [day for span in spans for day in (span.since, span.until)]
    return [day for day in [*days, *(stage.on for stage in measure.stages)] if day is not None]


def told(measure: ReportMeasure) -> str:
    """The words a screen reader says for one row."""
    spans = ", ".join(f"{p.since} to {p.until or 'open'}" for p in measure.periods) or "no period"
    doubts = "".join(f", in doubt {d.since} to {d.until or 'open'}" for d in measure.doubts)
    return f"{measure.jurisdiction}, {measure.title}: {spans}{doubts}"


def years(svg: ET.Element, scale: Scale, bottom: float) -> None:
    """A thin line and a number for every year, or every second or fifth where they stand too close; at the top too in a tall picture."""
    span = scale.last.year - scale.first.year + 1
    step = 1 if span <= 14 else 2 if span <= 28 else 5
    for year in range(scale.first.year, scale.last.year + 1, step):
        x = scale.x(date(year, 1, 1))
        line(svg, x, TOP - 8, bottom, "tl-year")
        for y in (bottom + 15, TOP) if bottom > TALL else (bottom + 15,):
            text(svg, x + 3, y, str(year), "tl-tick")


def measure_row(svg: ET.Element, measure: ReportMeasure, scale: Scale, y: float) -> None:
    """One measure: its title, its periods as bars, its doubts hatched, its stages as ticks."""
    text(svg, EDGE, y + 10, shortened(measure.title, 96) + ("" if measure.proven else " (reported)"), "tl-title")
    kind = "tl-bar" + ("" if measure.proven else " tl-reported") + (" tl-proposed" if measure.kind == "proposed" else "")
    for period in measure.periods:
        span(svg, scale.x(period.since), scale.x(period.until), y + 16, kind)
        if period.until is None:
            arrow(svg, y + 16, kind)
    for doubt in measure.doubts:
        span(svg, scale.x(doubt.since), scale.x(doubt.until), y + 16, "tl-doubt")
    for stage in measure.stages:
        line(svg, scale.x(stage.on), y + 13, y + 31, "tl-stage")


def span(svg: ET.Element, start: float, end: float, y: float, kind: str) -> None:
    """A bar from `start` to `end`, never thinner than can be seen."""
    box = {"x": f"{start:g}", "y": f"{y:g}", "width": f"{max(end - start, 2):g}", "height": "12", "class": kind}
    if "tl-doubt" in kind:
        box["fill"] = "url(#doubt)"
    ET.SubElement(svg, "rect", box)


def arrow(svg: ET.Element, y: float, kind: str) -> None:
    """The tip of an open bar, at the right edge."""
    x = WIDTH - EDGE
    ET.SubElement(svg, "path", {"d": f"M{x} {y - 3:g} L{x + 10} {y + 6:g} L{x} {y + 15:g} Z", "class": kind})


def today(svg: ET.Element, x: float, bottom: float, as_of: date) -> None:
    """The line at the day the report speaks of."""
    line(svg, x, 18, bottom, "tl-today")
    anchor = "end" if x > WIDTH / 2 else "start"
    text(svg, x, 12, f"as of {as_of.isoformat()}", "tl-today-label").set("text-anchor", anchor)


def hatch() -> ET.Element:
    """The pattern of a time in doubt."""
    defs = ET.Element("defs")
    box = {"id": "doubt", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    pattern = ET.SubElement(defs, "pattern", box)
    ET.SubElement(pattern, "rect", {"width": "6", "height": "6", "class": "tl-hatch-ground"})
    ET.SubElement(pattern, "rect", {"width": "2.4", "height": "6", "class": "tl-hatch-line"})
    return defs


def line(svg: ET.Element, x: float, top: float, bottom: float, kind: str) -> None:
    """One upright line."""
    ET.SubElement(svg, "line", {"x1": f"{x:g}", "x2": f"{x:g}", "y1": f"{top:g}", "y2": f"{bottom:g}", "class": kind})


def text(svg: ET.Element, x: float, y: float, words: str, kind: str) -> ET.Element:
    """Some words, their start at (x, y)."""
    element = ET.SubElement(svg, "text", {"x": f"{x:g}", "y": f"{y:g}", "class": kind})
    element.text = words
    return element

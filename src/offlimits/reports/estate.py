"""The estate on the page: whom devices called, as a diagram and a table, and the census with its removal plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
from markupsafe import Markup

from offlimits.report import Call, CallDevice, CallHome, CensusRow, Report
from offlimits.reports.charts import SVG, name, shortened, text

MOST_DEVICES = 14
MOST_ENDS = 16
MOST_ROWS = 400
WIDTH, ROW, TOP = 760, 40, 34
LEFT, RIGHT = 270, 500
UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One call as the table shows it."""

    call: Call
    device: CallDevice
    host: str
    more: int
    where: str
    owner: str
    sent: str
    received: str


def calls_shown(report: Report) -> tuple[list[Line], int]:
    """The calls of devices that lead to a listed maker, and calls of their hosts by anybody; all, where there are none of these.

    At most `MOST_ROWS`, and how many the JSON report has besides."""
    home = report.aggregates.call_home
    if home is None:
        return [], 0
    telling = [call for call in home.calls if _tells(home, call)] or home.calls
    return [_line(report, home, call) for call in telling[:MOST_ROWS]], len(home.calls) + home.left_out - len(telling[:MOST_ROWS])


def _tells(home: CallHome, call: Call) -> bool:
    return bool(call.owner or home.devices[call.device].makers)


def _line(report: Report, home: CallHome, call: Call) -> Line:
    return Line(
        call=call,
        device=home.devices[call.device],
        host=call.hosts[0] if call.hosts else "",
        more=max(len(call.hosts) - 1, 0),
        where=" · ".join(filter(None, (call.country, call.operator))),
        owner=_short(report, call.group),
        sent=size(call.bytes_out),
        received=size(call.bytes_in),
    )


def _short(report: Report, entity: str) -> str:
    known = report.entities.get(entity)
    return known.short if known else entity


def size(count: int | None) -> str:
    """`1.2 MB`; `not told` for what no source tells."""
    if count is None:
        return "not told"
    value, unit = float(count), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{value:.1f} {UNITS[unit]}"


def end_of(report: Report, call: Call) -> str:
    """Where a call leads, as a label of the diagram: the owner of the host's domain, the operator, the country, as far as each is known."""
    parts = [f"{_short(report, call.group)}’s domain" if call.group else "", call.operator, call.country]
    known = " · ".join(filter(None, parts))
    return known or ("named, owner not in the evidence" if call.hosts else "an address without a name")


# --- the diagram ---------------------------------------------------------------------------------


def diagram(report: Report) -> Markup:
    """Devices on the left, where their calls lead on the right, joined by lines; nothing where nobody called. What was opened from outside
    is no call of theirs."""
    home = report.aggregates.call_home
    if home is None or not home.calls:
        return Markup("")
    own = [call for call in home.calls if call.opened_by != "peer"]
    calls = [call for call in own if _tells(home, call)] or own
    if not calls:
        return Markup("")
    devices = _most(Counter(call.device for call in calls), MOST_DEVICES)
    ends = _most(Counter(end_of(report, call) for call in calls), MOST_ENDS)
    pairs = Counter((call.device, end_of(report, call)) for call in calls if call.device in devices and end_of(report, call) in ends)
    svg = _frame(max(len(devices), len(ends)))
    left, right = _places(devices, len(ends)), _places(ends, len(devices))
    for (device, end), count in sorted(pairs.items(), key=lambda item: (left[item[0][0]], right[item[0][1]])):
        _curve(svg, left[device], right[end], count)
    for device in devices:
        _label(svg, LEFT, left[device], home.devices[device], report)
    for end in ends:
        text(svg, RIGHT + 14, right[end] + 5, shortened(end, 34), "net-end")
    spoken = "; ".join(f"{home.devices[device].name} to {end}: {count}" for (device, end), count in pairs.most_common(20))
    name(svg, "Whom the devices called", spoken)
    svg.set("class", "net")
    return Markup(ET.tostring(svg, encoding="unicode"))


def _most(counts: Counter[Any], most: int) -> list[Any]:
    return [key for key, _ in sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:most]]


def _frame(rows: int) -> ET.Element:
    height = TOP + ROW * rows + 8
    svg = ET.Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} {height}"})
    text(svg, 0, 16, "devices", "net-head")
    text(svg, RIGHT + 14, 16, "where their calls lead", "net-head")
    return svg


def _places(keys: Sequence[Any], others: int) -> dict[Any, float]:
    """The height of each label; the shorter column stands in the middle of the longer."""
    first = TOP + ROW / 2 + max(others - len(keys), 0) * ROW / 2
    return {key: first + ROW * number for number, key in enumerate(keys)}


def _curve(svg: ET.Element, top: float, end: float, count: int) -> None:
    middle = (LEFT + RIGHT) / 2
    path = f"M{LEFT + 10:g},{top:g} C{middle:g},{top:g} {middle:g},{end:g} {RIGHT:g},{end:g}"
    ET.SubElement(svg, "path", {"d": path, "class": "net-line", "stroke-width": f"{min(1.5 + count**0.5, 8):.1f}"})
    ET.SubElement(svg, "circle", {"cx": f"{RIGHT + 4:g}", "cy": f"{end:g}", "r": "4", "class": "net-dot"})


def _label(svg: ET.Element, x: float, y: float, device: CallDevice, report: Report) -> None:
    makers = ", ".join(_short(report, maker) for maker in device.makers)
    parts = device.name.split(" · ")
    text(svg, 0, y - 2 if makers else y + 5, shortened(" · ".join(parts[:2]), 34), "net-device")
    if makers:
        text(svg, 0, y + 14, shortened(makers, 34), "net-maker")
    ET.SubElement(svg, "circle", {"cx": f"{x + 4:g}", "cy": f"{y:g}", "r": "5", "class": "net-dot known" if makers else "net-dot"})


# --- the census ----------------------------------------------------------------------------------


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """One table of the census."""

    title: str
    rows: list[CensusRow]
    left_out: int


def tables(report: Report) -> list[Tables]:
    """The census by maker, brand, site and year; those that say nothing (one row, "not told") are left out."""
    census = report.aggregates.census
    if census is None:
        return []
    named = [
        ("Maker", [_named(report, row) for row in census.by_maker]),
        ("Brand or company found", [_named(report, row) for row in census.by_brand]),
        ("Site or body", census.by_site),
        ("Made, put up or bought in", census.by_year),
    ]
    return [
        Tables(title=title, rows=rows[:30], left_out=max(len(rows) - 30, 0))
        for title, rows in named
        if rows and [row.name for row in rows] not in (["not told"], ["not known"])
    ]


def _named(report: Report, row: CensusRow) -> CensusRow:
    return msgspec.structs.replace(row, name=_short(report, row.name))


def sections(report: Report) -> dict[str, Any]:
    """What the template uses of all this."""
    lines, left_out = calls_shown(report)
    return {
        "home": report.aggregates.call_home,
        "call_lines": lines,
        "calls_left_out": left_out,
        "call_diagram": diagram(report),
        "census": report.aggregates.census,
        "census_tables": tables(report),
        "call_how": {
            "dns": "asked for by DNS",
            "tls": "named in TLS",
            "http": "named in HTTP",
            "log": "by the log",
            "other-dns": "as another device was told",
            "": "",
        },
    }

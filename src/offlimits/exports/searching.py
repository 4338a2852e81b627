"""What the search of the site looks in: one line for each thing that has a place, product families as patterns, MAC prefixes."""

from __future__ import annotations

import json
from collections.abc import Iterator

from offlimits.codes import SEPARATOR
from offlimits.exports.browsing import KIND_WORDS, Browsing
from offlimits.model import Entity, Measure
from offlimits.reports.words import KINDS, jurisdiction, visible
from offlimits.text import fold

Line = tuple[str, str, str, str]
"""Title, what it is, where it stands, and the folded words it is found by."""


def search_data(site: Browsing) -> bytes:
    """A script that sets `offlimitsIndex`: `lines`, `codes` (pattern, place in `lines`), `macs` (prefix to place in `lines`)."""
    lines = list(_lines(site))
    place = {line[2]: number for number, line in enumerate(lines)}
    codes = [[_script_pattern(p.pattern), place[site.href(e.id)]] for e in site.registry.data.entities for p in e.products]
    macs = {mac.prefix: place[site.href(mac.entity)] for mac in site.registry.data.macs}
    data = json.dumps({"lines": lines, "codes": codes, "macs": macs}, ensure_ascii=False, separators=(",", ":"))
    return f"window.offlimitsIndex = {_inert(data)};\n".encode()


def _inert(data: str) -> str:
    """JSON that is safe inside a script: no end of a script element, no line separators."""
    return data.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script_pattern(pattern: str) -> str:
    """A family's pattern as JavaScript reads it."""
    return f"^(?:{pattern.replace('~', SEPARATOR)})"


def _lines(site: Browsing) -> Iterator[Line]:
    for entity in site.registry.data.entities:
        yield _line(entity.name, _what(entity, site), site.href(entity.id), _words(entity))
    for code in site.places():
        yield _line(jurisdiction(code), "jurisdiction", site.place_path(code), code)
    for measure in site.measures:
        yield _line(measure.title, _about(measure), site.measure_href(measure), f"{measure.id} {measure.authority} {measure.effect}")
    for number, claim in enumerate(site.claims, start=1):
        yield _line(claim.claim, "often claimed, and not so", f"claims.html#claim-{number}", claim.truth)


def _line(title: str, what: str, href: str, words: str) -> Line:
    return (visible(title), visible(what), href, fold(visible(f"{title} {words}")))


def _what(entity: Entity, site: Browsing) -> str:
    kind = KIND_WORDS[entity.kind]
    return kind if entity.id == entity.group else f"{kind}, with {site.short(entity.group)}"


def _about(measure: Measure) -> str:
    return f"{jurisdiction(measure.jurisdiction)}: {KINDS[measure.kind]}"


def _words(entity: Entity) -> str:
    """Every name, identifier and example of a product code."""
    names = [name.text for name in entity.names]
    values = [identifier.value for identifier in entity.identifiers]
    examples = [example for product in entity.products for example in product.examples]
    return " ".join(dict.fromkeys([*names, *values, *examples]))

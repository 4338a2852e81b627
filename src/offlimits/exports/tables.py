"""The registry as CSV: one long table of every claim, or a folder of tables. Cells that a spreadsheet would run are neutralised."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from offlimits.exports.base import all_sources, edition_day
from offlimits.measures import in_force, is_proven
from offlimits.model import Entity, Evidence, Measure
from offlimits.registry import Registry
from offlimits.registry.data import MAC_EVIDENCE
from offlimits.reports.base import neutral

Rows = Iterable[Iterable[Any]]

LONG = ("group", "entity", "what", "kind", "text", "since", "until", "sources", "other", "remark")


def one_table(registry: Registry) -> bytes:
    """Every claim in one table: names, identifiers, ties, products, look-alikes, notes and statements of each company; each measure with
    each company that it names, or with an empty `entity`; claims that are not so; MAC prefixes; what devices say of themselves."""
    parts = (
        _claims(registry),
        _words(registry),
        _named(registry),
        _unnamed(registry),
        _not_so(registry),
        _assigned(registry),
        _said(registry),
    )
    return _csv(LONG, (row for rows in parts for row in rows))


def _words(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for entity in registry.data.entities:
        for what, text in (("note", entity.note), ("statement", entity.statement)):
            if text:
                yield (entity.group, entity.id, what, entity.kind, text, "", "", _urls(registry.evidence_of(entity.evidence)), "", "")


def _not_so(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for claim in registry.data.not_measures:
        for name in claim.names or ("",):
            group = registry.entities[name].group if name else ""
            yield (group, name, "not-so", "claim", claim.claim, "", "", _urls(claim.evidence), "", claim.truth)


def _assigned(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for prefix, entity, organisation, url in _macs(registry):
        yield (registry.entities[entity].group, entity, "mac-prefix", "ieee", prefix, "", "", url, "", organisation)


def _said(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for kind, _, entity, what, pattern, shared, urls in _fingerprints(registry):
        yield (
            registry.entities[entity].group,
            entity,
            "fingerprint",
            kind,
            pattern,
            "",
            "",
            urls,
            "",
            f"{what}; {shared}" if shared else what,
        )


def _claims(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for entity in registry.data.entities:
        for what, kind, text, since, until, keys, other, remark in _parts(entity):
            yield (entity.group, entity.id, what, kind, text, since, until, _urls(registry.evidence_of(keys)), other, remark)


def _parts(entity: Entity) -> Iterator[tuple[Any, ...]]:
    """What, kind, text, since, until, evidence, the other end of a tie, remarks."""
    for name in entity.names:
        yield "name", name.kind, name.text, name.since, name.until, name.evidence, "", "" if name.weight == "unique" else name.weight
    for item in entity.identifiers:
        yield "identifier", item.scheme, item.value, item.since, item.until, item.evidence, "", ""
    for link in entity.links:
        doubts = (f"disputed: {link.disputed}" if link.disputed else "", f"uncertain: {link.uncertain}" if link.uncertain else "")
        remark = "; ".join(part for part in (link.scope, *doubts) if part)
        yield "link", link.relation, link.share, link.since, link.until, link.evidence, link.of, remark
    for product in entity.products:
        yield "product", product.id, product.pattern, product.since, product.until, product.evidence, "", product.what
    for other in entity.lookalikes:
        yield "lookalike", "not-them", other.text, None, None, other.evidence, "", other.why


def _named(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for measure in registry.data.measures:
        for name in measure.names:
            yield (registry.entities[name].group, name, *_act(measure, registry))


def _unnamed(registry: Registry) -> Iterator[tuple[Any, ...]]:
    return (("", "", *_act(measure, registry)) for measure in registry.data.measures if not measure.names)


def _act(measure: Measure, registry: Registry) -> tuple[Any, ...]:
    first = min((period.since for period in measure.periods), default=None)
    last = measure.periods[-1].until if measure.periods else None
    return ("measure", measure.kind, measure.title, first, last, _urls(measure.evidence), measure.id, _force(measure, registry))


def _force(measure: Measure, registry: Registry) -> str:
    state, why = in_force(measure, edition_day(registry))
    return (
        {"yes": "in force", "no": "not in force", "unknown": "unknown"}[state] + f": {why}" + ("" if is_proven(measure) else " (reported)")
    )


def tables(registry: Registry) -> Mapping[str, bytes]:
    """One table for each kind of thing, tied by ids."""
    data = registry.data
    owned = [(entity, part) for entity in data.entities for part in _parts(entity)]
    return {
        "entities.csv": _csv(("entity", "group", "name", "kind", "country", "statement", "note", "sources"), _entities(registry)),
        **{f"{what}s.csv": _csv(columns, _of(what, owned, registry)) for what, columns in COLUMNS.items()},
        "measures.csv": _csv(MEASURES, (_measure(measure, registry) for measure in data.measures)),
        "measure-names.csv": _csv(("measure", "entity"), ((measure.id, name) for measure in data.measures for name in measure.names)),
        "measure-periods.csv": _csv(("measure", "what", "since", "until", "text"), (row for m in data.measures for row in _spans(m))),
        "not-measures.csv": _csv(
            ("claim", "truth", "names", "sources"), ((c.claim, c.truth, " ".join(c.names), _urls(c.evidence)) for c in data.not_measures)
        ),
        "mac-prefixes.csv": _csv(("prefix", "entity", "organisation", "sources"), _macs(registry)),
        "fingerprints.csv": _csv(("field", "id", "entity", "what", "pattern", "shared", "sources"), _fingerprints(registry)),
        "sources.csv": _csv(("url", "publisher", "title", "class", "on", "read", "at", "copy", "quote"), _sources(registry)),
    }


COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("entity", "kind", "text", "since", "until", "sources", "weight"),
    "identifier": ("entity", "scheme", "value", "since", "until", "sources"),
    "link": ("entity", "relation", "share", "since", "until", "sources", "of", "remark"),
    "product": ("entity", "id", "pattern", "since", "until", "sources", "what"),
    "lookalike": ("entity", "kind", "text", "sources", "why"),
}
WIDTH = {"name": (0, 1, 2, 3, 4, 5, 7), "identifier": (0, 1, 2, 3, 4, 5), "link": (0, 1, 2, 3, 4, 5, 6, 7)} | {
    "product": (0, 1, 2, 3, 4, 5, 7),
    "lookalike": (0, 1, 2, 5, 7),
}
"""Which cells of the long form each table keeps."""

MEASURES = (
    "measure", "jurisdiction", "authority", "kind", "title", "state", "proven", "effect", "channels", "affiliates", "products",
    "class_named", "binds", "binds_text", "depends", "condition", "list", "no_primary", "note", "sources",
)  # fmt: skip


def _of(what: str, owned: list[tuple[Entity, tuple[Any, ...]]], registry: Registry) -> Iterator[tuple[Any, ...]]:
    for entity, (kind, *rest) in owned:
        if kind == what:
            row = (entity.id, *rest[:4], _urls(registry.evidence_of(rest[4])), *rest[5:])
            yield tuple(row[place] for place in WIDTH[what])


def _entities(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for e in registry.data.entities:
        yield (e.id, e.group, e.name, e.kind, e.country, e.statement, e.note, _urls(registry.evidence_of(e.evidence)))


def _measure(m: Measure, registry: Registry) -> tuple[Any, ...]:
    depends = "; ".join(f"{profile}: {condition}" for profile, condition in m.depends.items())
    head = (m.id, m.jurisdiction, m.authority, m.kind, m.title, _force(m, registry), _yes(is_proven(m)), m.effect, " ".join(m.channels))
    rest = (
        _yes(m.affiliates),
        _yes(m.products),
        m.class_named,
        " ".join(m.binds),
        m.binds_text,
        depends,
        m.condition,
        m.list,
        m.no_primary,
    )
    return (*head, *rest, m.note, _urls(m.evidence))


def _spans(m: Measure) -> Iterator[tuple[Any, ...]]:
    yield from ((m.id, "in force", period.since, period.until, "") for period in m.periods)
    yield from ((m.id, "in doubt", doubt.since, doubt.until, doubt.why) for doubt in m.doubts)
    yield from ((m.id, "step", stage.on, None, stage.text) for stage in m.stages)


def _macs(registry: Registry) -> Iterator[tuple[Any, ...]]:
    url = registry.data.evidence[MAC_EVIDENCE].url
    return ((mac.prefix, mac.entity, mac.organisation, url) for mac in registry.data.macs)


def _fingerprints(registry: Registry) -> Iterator[tuple[Any, ...]]:
    for item in registry.data.fingerprints:
        urls = _urls(registry.evidence_of(item.evidence))
        yield (item.kind, item.id, item.entity, item.what, item.pattern, item.shared, urls)


def _sources(registry: Registry) -> list[tuple[Any, ...]]:
    rows = {(s.url, s.publisher, s.title, s.cls, s.on, s.read, s.at, s.copy, s.quote) for s in all_sources(registry)}
    return sorted(rows, key=lambda row: tuple(str(cell or "") for cell in row))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _urls(sources: Iterable[Evidence]) -> str:
    return " ".join(dict.fromkeys(source.url for source in sources))


def _csv(columns: tuple[str, ...], rows: Rows) -> bytes:
    """A table in UTF-8 with a byte order mark, so that spreadsheets read the Chinese; every text neutralised."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else neutral(str(value))

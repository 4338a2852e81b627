"""The registry as FollowTheMoney entities: companies, securities, ties, and the measures that name a company as sanctions.

The form is that of followthemoney's `entity.to_dict()`: id, schema, properties with lists of strings. Schemata and properties are
those that versions 3.8 and 4 of the package both know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from offlimits.exports.base import counted, edition_day, evidence_keys, nameless, web
from offlimits.measures import in_force, is_proven
from offlimits.model import Entity, Identifier, Link, Measure, MeasureKind, Name
from offlimits.registry import Registry

PREFIX = "offlimits-"
DATASET = "offlimits"
SCHEMES = {"uscc": "registrationNumber", "lei": "leiCode", "wikidata": "wikidataId", "company-number": "registrationNumber"}
"""Properties of a legal entity by our scheme (not `uscCode`, which version 3 does not know). Tickers go to `Company` and `Security`,
ISINs to `Security`, domains to `website`; all others under `idNumber` with their scheme before them."""

OF_SECURITIES = ("isin", "figi", "sedol", "cusip", "ticker")

NO_SANCTION: dict[MeasureKind, str] = {
    "voluntary-exclusion": "decided for oneself, no sanction",
    "proposed": "proposed, not law",
    "court-limit": "a court's limit on another measure",
}
"""Kinds that stand in a company's `notes` and are no `Sanction`: whoever screens against sanctions must not take a fund's choice or a bill
for an act in force. The field's practice gives a `Sanction` to what an authority listed, ordered or barred."""

TOPICS: dict[MeasureKind, str] = {
    "asset-freeze": "sanction",
    "export-control": "export.control",
    "investment-ban": "invest.ban",
    "procurement-ban": "debarment",
}
"""The topic of a company that such a measure names, while it is in force and was read in a primary source. The other kinds have none:
`sanction` would say more than a naming, an equipment rule, a ban on use or an import ban does."""

NEWER = ("invest.ban",)
"""Topics that only version 4 of followthemoney knows; version 3 calls an entity with one invalid, so they are left out for it."""

LISTINGS: tuple[MeasureKind, ...] = ("asset-freeze", "export-control", "import-ban", "investment-ban", "naming")
"""Kinds whose first day is the day of a listing, as are measures that stand in an official list."""

NUMBER = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|per ?cent\b)")


def export_ftm(registry: Registry, version: int = 3) -> bytes:
    """One FollowTheMoney entity a line, valid for this version of the package and later ones. Whether a measure is in force is judged on
    the day of the registry's edition."""
    known = set(TOPICS.values()) - (set(NEWER) if version < 4 else set())
    return b"".join(json.dumps(entity, ensure_ascii=False, sort_keys=True).encode() + b"\n" for entity in _entities(registry, known))


def left_out(registry: Registry) -> list[str]:
    """What FollowTheMoney has no place for."""
    data = registry.data
    return [
        *counted(len(nameless(registry)), "measure that names no company", "measures that name no company"),
        *counted(sum(len(entity.products) for entity in data.entities), "family of product codes", "families of product codes"),
        *counted(len(data.macs), "MAC prefix", "MAC prefixes"),
        *counted(len(data.fingerprints), "fingerprint of devices", "fingerprints of devices"),
        *counted(sum(len(entity.lookalikes) for entity in data.entities), "look-alike", "look-alikes"),
        *counted(len(data.not_measures), "claim that is not so", "claims that are not so"),
    ]


def _entities(registry: Registry, topics: set[str]) -> Iterator[dict[str, Any]]:
    day = edition_day(registry)
    for entity in registry.data.entities:
        yield _legal_entity(entity, registry, day, topics)
        yield from _securities(entity, registry)
        for number, link in enumerate(entity.links):
            yield _tie(entity, link, number, registry)
    for measure in registry.data.measures:
        if measure.kind not in NO_SANCTION:
            yield from (_sanction(measure, name, day) for name in measure.names)


def _entity(key: str, schema: str, properties: dict[str, list[str]]) -> dict[str, Any]:
    filled = {name: list(dict.fromkeys(value for value in values if value)) for name, values in properties.items() if any(values)}
    return {"id": PREFIX + key, "schema": schema, "properties": filled, "datasets": [DATASET]}


# --- companies, brands, bodies -------------------------------------------------------------------


def _legal_entity(entity: Entity, registry: Registry, day: date, topics: set[str]) -> dict[str, Any]:
    named = [measure for measure in registry.data.measures if entity.id in measure.names]
    properties: dict[str, list[str]] = {
        **_names(entity, day),
        "country": [country(entity.country)] if entity.country else [],
        "topics": sorted(topics & {TOPICS[m.kind] for m in named if m.kind in TOPICS and is_proven(m) and in_force(m, day)[0] == "yes"}),
        "notes": [
            *([entity.note] if entity.note else []),
            *([f"The company's own words: {entity.statement}"] if entity.statement else []),
            *(_remark(measure, day) for measure in named if measure.kind in NO_SANCTION),
        ],
        "sourceUrl": web(registry.evidence_of(evidence_keys(entity))),
    }
    if entity.kind != "company":
        properties["description"] = ["a brand" if entity.kind == "brand" else "a body"]
    for identifier in entity.identifiers:
        _add_identifier(identifier, properties, entity.kind == "company")
    return _entity(entity.id, "Company" if entity.kind == "company" else "Organization", properties)


def _names(entity: Entity, day: date) -> dict[str, list[str]]:
    sorts: dict[str, list[str]] = {"name": [entity.name], "alias": [], "previousName": [], "weakAlias": []}
    for name in entity.names:
        if name.text != entity.name:
            sorts[_sort(name, day)].append(name.text)
    return sorts


def _sort(name: Name, day: date) -> str:
    """The property for one name. What says nothing by itself is weak, whatever else it is."""
    if name.weight == "context" or name.kind == "acronym":
        return "weakAlias"
    return "previousName" if name.kind == "former" or (name.until and name.until <= day) else "alias"


def _remark(measure: Measure, day: date) -> str:
    """A measure that is no sanction, in one line."""
    state, why = in_force(measure, day)
    force = {"yes": why, "no": f"not in force: {why}", "unknown": f"in force or not is not known: {why}"}[state]
    sources = ", ".join(web(measure.evidence)[:1])
    return f"{NO_SANCTION[measure.kind].capitalize()}: {measure.authority}: {measure.title} ({force}; {measure.id}; {sources})"


def country(code: str) -> str:
    """A jurisdiction as the two letters that FollowTheMoney knows; a state or province as its country; nothing for `INTL`."""
    return {"UK": "gb", "INTL": ""}.get(code, code.partition("-")[0].lower())


def _add_identifier(identifier: Identifier, properties: dict[str, list[str]], company: bool) -> None:
    name = SCHEMES.get(identifier.scheme)
    if identifier.scheme == "domain":
        properties.setdefault("website", []).append(f"https://{identifier.value}/")
    elif identifier.scheme == "isin":
        return
    elif identifier.scheme == "ticker" and company:
        properties.setdefault("ticker", []).append(identifier.value)
    elif name:
        properties.setdefault(name, []).append(identifier.value)
    else:
        properties.setdefault("idNumber", []).append(f"{identifier.scheme}:{identifier.value}")


def _securities(entity: Entity, registry: Registry) -> Iterator[dict[str, Any]]:
    """One `Security` for each ISIN. Ticker, FIGI and the like go with it only where the company has a single ISIN and a single one of
    them: which of several belong together no source says."""
    kinds = {scheme: [item for item in entity.identifiers if item.scheme == scheme] for scheme in OF_SECURITIES}
    for isin in kinds["isin"]:
        alone = {scheme: items[0].value for scheme, items in kinds.items() if len(kinds["isin"]) == len(items) == 1}
        properties = {
            "name": [isin.value],
            "isin": [isin.value],
            "issuer": [PREFIX + entity.id],
            "ticker": [alone.get("ticker", "")],
            "figiCode": [alone.get("figi", "")],
            "notes": [f"delisted or redeemed on {isin.until}"] if isin.until else [],
            "sourceUrl": web(registry.evidence_of(isin.evidence)),
        }
        yield _entity(f"security-{isin.value}", "Security", properties)


# --- ties ----------------------------------------------------------------------------------------


def _tie(entity: Entity, link: Link, number: int, registry: Registry) -> dict[str, Any]:
    """Ownership and succession where the evidence says so and FollowTheMoney has a schema for the two ends; else a link with its role.
    A disputed tie is never more than a link."""
    shared = {
        "startDate": [str(link.since or "")],
        "endDate": [str(link.until or "")],
        "status": [f"disputed: {link.disputed}"] if link.disputed else [f"uncertain: {link.uncertain}"] if link.uncertain else [],
        "sourceUrl": web(registry.evidence_of(link.evidence)),
    }
    key = f"{entity.id}-{link.relation}-{link.of}-{number}"
    this, other = PREFIX + entity.id, PREFIX + link.of
    owner, asset = (entity.id, link.of) if link.relation == "parent" else (link.of, entity.id)
    if link.relation in ("subsidiary", "joint", "parent") and registry.entities[asset].kind == "company" and not link.disputed:
        ends = {"owner": [PREFIX + owner], "asset": [PREFIX + asset]}
        return _entity(key, "Ownership", {**ends, **_share(link), "role": [link.relation], **shared})
    if link.relation == "successor" and not link.disputed:
        return _entity(key, "Succession", {"successor": [this], "predecessor": [other], "summary": [link.scope], **shared})
    roles = {"made-by": "sells goods made by", "joint": "held jointly by"}
    role = roles.get(link.relation, f"{link.relation} of")
    words = [part for part in (link.scope, link.share) if part]
    return _entity(key, "UnknownLink", {"subject": [this], "object": [other], "role": [role], "summary": ["; ".join(words)], **shared})


def _share(link: Link) -> dict[str, list[str]]:
    """The percentage where a number stands first in the words, and the words themselves where they say more than it."""
    found = NUMBER.match(link.share)
    more = [part for part in ("" if found and found[0] == link.share else link.share, link.scope) if part]
    return {"percentage": [found[1] if found else ""], "summary": ["; ".join(more)]}


# --- measures ------------------------------------------------------------------------------------


def _sanction(measure: Measure, name: str, day: date) -> dict[str, Any]:
    """One measure and one company that it names. `endDate` only where the measure has ended: a system that sees a past one drops it."""
    ended = [str(period.until) for period in measure.periods[-1:] if period.until]
    first = min((str(period.since) for period in measure.periods), default="")
    primary = [source for source in measure.evidence if source.cls == "primary"]
    properties: dict[str, list[str]] = {
        "entity": [PREFIX + name],
        "authority": [measure.authority],
        "program": [measure.title],
        "programId": [measure.id],
        "programUrl": web(primary or measure.evidence)[:1],
        "provisions": [measure.kind],
        "status": [_status(measure, day)],
        "country": [country(measure.jurisdiction)],
        "listingDate": [first] if measure.list or measure.kind in LISTINGS else [],
        "startDate": [str(period.since) for period in measure.periods],
        "endDate": ended,
        "description": _described(measure),
        "summary": [measure.condition],
        "sourceUrl": web(measure.evidence),
    }
    return _entity(f"{measure.id}-{name}", "Sanction", properties)


def _status(measure: Measure, day: date) -> str:
    """`in force`, `not in force` or `unknown`, with reason and day; and who reports it, where no primary source was read."""
    state, why = in_force(measure, day)
    words = {"yes": "in force", "no": "not in force", "unknown": "unknown"}[state] + f" as of {day}: {why}"
    if is_proven(measure):
        return words
    return f"{words}; reported by {', '.join(sorted({source.publisher for source in measure.evidence}))}, no primary source was read"


def _described(measure: Measure) -> list[str]:
    """What it does, whom it binds, its periods where there are several, its dated steps, its doubts."""
    spans = [f"{period.since} to {period.until or 'now'}" for period in measure.periods]
    return [
        measure.effect,
        f"Binds: {measure.binds_text}" if measure.binds_text else "",
        f"In force: {', '.join(spans)}" if len(spans) > 1 else "",
        *(f"{stage.on}: {stage.text}" for stage in measure.stages),
        *(f"In doubt from {doubt.since}{f' to {doubt.until}' if doubt.until else ''}: {doubt.why}" for doubt in measure.doubts),
        measure.note,
    ]

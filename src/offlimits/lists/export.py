"""The registry for other programs: FollowTheMoney entities, and a plain table of names and identifiers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from offlimits.model import Entity, Identifier, Link
from offlimits.registry import Registry

PREFIX = "offlimits-"
OWNERSHIP = ("subsidiary", "joint")
FTM_SCHEMES = {
    "uscc": "registrationNumber",
    "lei": "leiCode",
    "ticker": "ticker",
    "wikidata": "wikidataId",
    "company-number": "registrationNumber",
    "isin": "isinCode",
}
"""Properties of the FollowTheMoney schema Company, by our scheme, that every version since 3.5 knows (so not `uscCode`).

Others go under `idNumber` with their scheme before them.
"""

OF_COMPANIES = ("isin", "ticker")
"""Schemes that only the schema Company has a property for."""

COUNTRIES = {"UK": "gb"}
"""Jurisdictions whose code is another one there."""

DATASET = "offlimits"


def export_ftm(registry: Registry) -> bytes:
    """One FollowTheMoney entity a line: companies, ownership, other ties, and the measures as sanctions.

    The form is that of followthemoney's `entity.to_dict()`: id, schema, properties with lists of strings.
    """
    return b"".join(json.dumps(entity, ensure_ascii=False, sort_keys=True).encode() + b"\n" for entity in _ftm(registry))


def _ftm(registry: Registry) -> Iterator[dict[str, Any]]:
    for entity in registry.data.entities:
        yield _ftm_company(entity, registry)
        for number, link in enumerate(entity.links):
            yield _ftm_link(entity, link, number, registry)
    for measure in registry.data.measures:
        for name in measure.names:
            properties = {
                "entity": [PREFIX + name],
                "authority": [measure.authority],
                "program": [measure.title],
                "programId": [measure.id],
                "reason": [measure.effect],
                "country": [_country(measure.jurisdiction)] if len(measure.jurisdiction) == 2 else [],
                "startDate": [str(period.since) for period in measure.periods],
                "endDate": [str(period.until) for period in measure.periods if period.until],
                "sourceUrl": [source.url for source in measure.evidence if source.url.startswith("http")],
                "summary": [measure.condition] if measure.condition else [],
            }
            yield _ftm_entity(f"{measure.id}-{name}", "Sanction", properties)


def _ftm_entity(key: str, schema: str, properties: dict[str, list[str]]) -> dict[str, Any]:
    filled = {name: list(dict.fromkeys(values)) for name, values in properties.items() if any(values)}
    return {"id": PREFIX + key, "schema": schema, "properties": filled, "datasets": [DATASET]}


def _ftm_company(entity: Entity, registry: Registry) -> dict[str, Any]:
    strong = [
        name.text for name in entity.names if name.kind in ("legal", "short", "brand", "local", "former") and name.weight != "context"
    ]
    weak = [name.text for name in entity.names if name.weight == "context" or name.kind == "acronym"]
    properties: dict[str, list[str]] = {
        "name": [entity.name],
        "alias": [name for name in strong if name != entity.name],
        "weakAlias": [name for name in weak if name != entity.name],
        "country": [_country(entity.country)] if entity.country else [],
        "notes": [entity.note] if entity.note else [],
        "sourceUrl": [source.url for source in registry.evidence_of(entity.evidence) if source.url.startswith("http")],
    }
    if entity.kind != "company":
        properties["description"] = ["a brand" if entity.kind == "brand" else "a body"]
    for identifier in entity.identifiers:
        _add_identifier(identifier, properties, entity.kind == "company")
    return _ftm_entity(entity.id, "Company" if entity.kind == "company" else "Organization", properties)


def _country(code: str) -> str:
    return COUNTRIES.get(code, code.lower())


def _add_identifier(identifier: Identifier, properties: dict[str, list[str]], company: bool) -> None:
    name = FTM_SCHEMES.get(identifier.scheme)
    if identifier.scheme == "domain":
        properties.setdefault("website", []).append(f"https://{identifier.value}/")
    elif name and (company or identifier.scheme not in OF_COMPANIES):
        properties.setdefault(name, []).append(identifier.value)
    else:
        properties.setdefault("idNumber", []).append(f"{identifier.scheme}:{identifier.value}")


def _ftm_link(entity: Entity, link: Link, number: int, registry: Registry) -> dict[str, Any]:
    sources = [source.url for source in registry.evidence_of(link.evidence) if source.url.startswith("http")]
    dates = {"startDate": [str(link.since)] if link.since else [], "endDate": [str(link.until)] if link.until else [], "sourceUrl": sources}
    key = f"{entity.id}-{link.relation}-{link.of}-{number}"
    both_companies = entity.kind == "company" and registry.entities[link.of].kind == "company"
    if link.relation in OWNERSHIP and both_companies and not link.disputed:
        owned = {"owner": [PREFIX + link.of], "asset": [PREFIX + entity.id], "percentage": [link.share] if link.share else []}
        return _ftm_entity(key, "Ownership", {**owned, **dates})
    role = f"{link.relation}" + (f", disputed: {link.disputed}" if link.disputed else "") + (f"; {link.scope}" if link.scope else "")
    return _ftm_entity(key, "UnknownLink", {"subject": [PREFIX + entity.id], "object": [PREFIX + link.of], "role": [role], **dates})


def export_csv(registry: Registry) -> bytes:
    """Names and identifiers, one a line, with the group, the relation to it, the kind, the text and the sources."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(("group", "entity", "what", "kind", "text", "since", "until", "sources"))
    for entity in registry.data.entities:
        for name in entity.names:
            writer.writerow(
                (entity.group, entity.id, "name", name.kind, name.text, name.since or "", name.until or "", _urls(name.evidence, registry))
            )
        for identifier in entity.identifiers:
            row = (
                entity.group,
                entity.id,
                "identifier",
                identifier.scheme,
                identifier.value,
                identifier.since or "",
                identifier.until or "",
            )
            writer.writerow((*row, _urls(identifier.evidence, registry)))
    return stream.getvalue().encode("utf-8-sig")


def _urls(keys: tuple[str, ...], registry: Registry) -> str:
    return " ".join(source.url for source in registry.evidence_of(keys))

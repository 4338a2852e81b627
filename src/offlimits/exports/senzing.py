"""The registry as JSON Lines after Senzing's Entity Specification (edition of 2025-09-22): one record for each company, brand or body.

`FEATURES` holds what identifies it, one family of attributes an object; the measures are payload, as scalars at the root.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from offlimits.exports.base import counted, edition_day, evidence_keys, nameless, web
from offlimits.exports.ftm import country
from offlimits.measures import in_force, is_proven
from offlimits.model import Entity, Identifier, Link, Name
from offlimits.registry import Registry

SOURCE = "OFFLIMITS"
"""`DATA_SOURCE`, and the domain of anchors and pointers; without a dash, as the specification asks. Add it with `sz_configtool`."""

ROLES = {
    "subsidiary": "SUBSIDIARY_OF",
    "parent": "PARENT_OF",
    "brand": "BRAND_OF",
    "made-by": "SELLS_GOODS_OF",
    "joint": "JOINT_COMPANY_OF",
    "successor": "SUCCESSOR_OF",
}
TYPES = {"former": "FORMER", "brand": "DBA"}
"""`NAME_TYPE` by our kind; all others are `AKA`, and the entity's own name is `PRIMARY`."""

NOT_UNIQUE = ("host", "purl", "app-id", "cpe-vendor", "pnp", "pen", "bluetooth", "usb-vendor", "pci-vendor", "fcc-grantee")
"""Schemes that mark devices, apps and software. They stand in the payload: no record of a customer or supplier carries them."""


def export_senzing(registry: Registry) -> bytes:
    """One record a line. Whether a measure is in force is judged on the day of the registry's edition."""
    day = edition_day(registry)
    records = (_record(entity, registry, day) for entity in registry.data.entities)
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def left_out(registry: Registry) -> list[str]:
    """What a record of Senzing has no place for."""
    data = registry.data
    return [
        *counted(len(nameless(registry)), "measure that names no company", "measures that name no company"),
        *counted(sum(len(entity.products) for entity in data.entities), "family of product codes", "families of product codes"),
        *counted(len(data.macs), "MAC prefix", "MAC prefixes"),
        *counted(len(data.fingerprints), "fingerprint of devices", "fingerprints of devices"),
        *counted(sum(len(entity.lookalikes) for entity in data.entities), "look-alike", "look-alikes"),
        *counted(len(data.not_measures), "claim that is not so", "claims that are not so"),
    ]


def _record(entity: Entity, registry: Registry, day: date) -> dict[str, Any]:
    features = [
        {"RECORD_TYPE": "ORGANIZATION"},
        *_names(entity),
        *([{"REGISTRATION_COUNTRY": country(entity.country).upper()}] if entity.country else []),
        *(feature for identifier in entity.identifiers for feature in _identifier(identifier)),
        {"REL_ANCHOR_DOMAIN": SOURCE, "REL_ANCHOR_KEY": entity.id},
        *(_pointer(link, day) for link in entity.links),
    ]
    return {"DATA_SOURCE": SOURCE, "RECORD_ID": entity.id, "FEATURES": features, **_payload(entity, registry, day)}


def _names(entity: Entity) -> Iterator[dict[str, str]]:
    """The name first, then the others. Names that say nothing by themselves are payload: the specification has no weak name."""
    yield {"NAME_TYPE": "PRIMARY", "NAME_ORG": entity.name}
    seen = {entity.name}
    for name in entity.names:
        if name.text not in seen and not _weak(name):
            seen.add(name.text)
            yield {"NAME_TYPE": TYPES.get(name.kind, "AKA"), "NAME_ORG": name.text}


def _weak(name: Name) -> bool:
    return name.weight == "context" or name.kind == "acronym"


def _identifier(identifier: Identifier) -> Iterator[dict[str, str]]:
    """LEI, website, the number in China's register as a national id of CN, a company number with its country; else `OTHER_ID`."""
    if identifier.scheme == "lei":
        yield {"LEI_NUMBER": identifier.value}
    elif identifier.scheme == "domain":
        yield {"WEBSITE_ADDRESS": identifier.value}
    elif identifier.scheme == "uscc":
        yield {"NATIONAL_ID_TYPE": "USCC", "NATIONAL_ID_NUMBER": identifier.value, "NATIONAL_ID_COUNTRY": "CN"}
    elif identifier.scheme == "company-number":
        issuer, _, number = identifier.value.partition(" ")
        yield {"NATIONAL_ID_NUMBER": number or issuer, **({"NATIONAL_ID_COUNTRY": country(issuer).upper()} if number else {})}
    elif identifier.scheme not in NOT_UNIQUE:
        yield {"OTHER_ID_TYPE": identifier.scheme.upper(), "OTHER_ID_NUMBER": identifier.value}


def _pointer(link: Link, day: date) -> dict[str, str]:
    """A tie to another record, its role saying where it has ended or is disputed."""
    ended = link.until is not None and link.until <= day
    role = ("DISPUTED_" if link.disputed else "FORMER_" if ended else "") + ROLES[link.relation]
    return {"REL_POINTER_DOMAIN": SOURCE, "REL_POINTER_KEY": link.of, "REL_POINTER_ROLE": role}


def _payload(entity: Entity, registry: Registry, day: date) -> dict[str, str]:
    """Scalars for whoever looks at a match: measures by their state, weak names, codes of devices, sources."""
    named = [measure for measure in registry.data.measures if entity.id in measure.names]
    keys = [*evidence_keys(entity), *(key for link in entity.links for key in link.evidence)]
    states: dict[str, list[str]] = {"yes": [], "no": [], "unknown": []}
    for measure in named:
        mark = "" if is_proven(measure) else " (reported)"
        states[in_force(measure, day)[0]].append(f"{measure.id} [{measure.kind}]{mark}")
    words = {
        "entity_kind": entity.kind,
        "entity_group": entity.group,
        "registry_edition": registry.version,
        "measures_in_force": "; ".join(states["yes"]),
        "measures_not_in_force": "; ".join(states["no"]),
        "measures_in_doubt": "; ".join(states["unknown"]),
        "weak_names": "; ".join(dict.fromkeys(name.text for name in entity.names if _weak(name))),
        "device_codes": "; ".join(f"{item.scheme}:{item.value}" for item in entity.identifiers if item.scheme in NOT_UNIQUE),
        "doubts": "; ".join(f"{link.relation} of {link.of}: {why}" for link in entity.links if (why := link.disputed or link.uncertain)),
        "own_statement": entity.statement,
        "remark": entity.note,
        "source_urls": " ".join(web(registry.evidence_of(keys))),
    }
    return {key: value for key, value in words.items() if value}

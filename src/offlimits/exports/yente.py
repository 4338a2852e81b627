"""A folder that yente (from version 5 on, which has followthemoney 4) loads: the entities, a manifest, and metadata in the form of
OpenSanctions' `index.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml

from offlimits.exports.base import edition_day
from offlimits.exports.ftm import DATASET, export_ftm
from offlimits.registry import Registry

ENTITIES = "entities.ftm.json"
LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


def export_yente(registry: Registry) -> Mapping[str, bytes]:
    """`entities.ftm.json`, `manifest.yml` and `index.json`. Paths in them are relative: start yente inside the folder.

    `version` is the edition's day: yente builds a new index only for a version that is greater than the one it has.
    """
    entities = export_ftm(registry, version=4)
    about = _dataset(registry)
    resource = {
        "name": ENTITIES,
        "url": ENTITIES,
        "mime_type": "application/json+ftm",
        "checksum": hashlib.sha1(entities).hexdigest(),
        "size": len(entities),
    }
    index = {**about, "entity_count": entities.count(b"\n"), "resources": [resource]}
    return {
        ENTITIES: entities,
        "manifest.yml": _manifest(about),
        "index.json": json.dumps(index, ensure_ascii=False, indent=1).encode() + b"\n",
    }


def _dataset(registry: Registry) -> dict[str, Any]:
    """The fields of a data set that yente's model has."""
    day = edition_day(registry)
    return {
        "name": DATASET,
        "title": "offlimits: makers of the surveillance technology used in Xinjiang",
        "summary": "Companies, brands and ties, and the measures that name them, each with its sources.",
        "license": LICENSE,
        "version": f"{day:%Y%m%d}",
        "updated_at": f"{day}T00:00:00",
    }


def _manifest(about: dict[str, Any]) -> bytes:
    head = "# Start yente inside this folder with YENTE_MANIFEST=manifest.yml, or write the whole path into `path`.\n"
    return (head + yaml.safe_dump({"datasets": [{**about, "path": ENTITIES}]}, allow_unicode=True, sort_keys=False)).encode()

"""The folder for yente: a manifest with the fields that its model has, entities of the data set's name, nothing but relative paths."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from offlimits.exports import export, export_for
from offlimits.registry import Registry

FIELDS = {"name", "title", "summary", "license", "version", "updated_at", "path"}
"""Fields of yente's `YenteDatasetModel` that the manifest fills (yente 5.5, and its repository as of August 2026)."""


@pytest.fixture(scope="module")
def folder(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export, written."""
    target = tmp_path_factory.mktemp("yente") / "offlimits"
    assert export(export_for("yente"), registry, target) is None
    return target


def test_the_manifest_names_the_data_set(folder: Path, registry: Registry) -> None:
    """One data set, its version the edition's day in digits, its path a file beside it."""
    manifest: dict[str, Any] = yaml.safe_load((folder / "manifest.yml").read_text(encoding="utf-8"))
    assert set(manifest) == {"datasets"}
    (dataset,) = manifest["datasets"]
    assert set(dataset) == FIELDS
    assert all(isinstance(value, str) for value in dataset.values())
    assert dataset["version"] == registry.version.replace("-", "")
    assert (folder / dataset["path"]).is_file()
    lines = (folder / dataset["path"]).read_bytes().splitlines()
    assert {name for line in lines for name in json.loads(line)["datasets"]} == {dataset["name"]}


def test_the_metadata_fits_the_entities(folder: Path) -> None:
    """Count, size and checksum (SHA-1, as yente compares it) are those of the file."""
    index = json.loads((folder / "index.json").read_bytes())
    content = (folder / "entities.ftm.json").read_bytes()
    (resource,) = index["resources"]
    assert index["entity_count"] == len(content.splitlines())
    assert resource["size"] == len(content)
    assert resource["checksum"] == hashlib.sha1(content).hexdigest()


def test_yente_loads_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """yente's own loader takes manifest, data set and every entity. Skipped where yente is not installed: it needs ICU to build."""
    pytest.importorskip("yente", reason="yente is not installed: CONTRIBUTING.md says how to run this")
    from yente.data.manifest import Catalog, Manifest  # type: ignore[import-not-found]
    from yente.data.updater import DatasetUpdater  # type: ignore[import-not-found]

    monkeypatch.chdir(folder)

    async def load() -> int:
        catalog = await Catalog.load(await Manifest.load("manifest.yml"))
        updater = await DatasetUpdater.build(catalog.require("offlimits"), None)
        return len([operation async for operation in updater.load()])

    assert asyncio.run(load()) == len((folder / "entities.ftm.json").read_bytes().splitlines())
    assert os.getcwd() == str(folder)

"""The registry for other programs: every FollowTheMoney entity is valid by the library's own judgement, the table parses."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from offlimits.lists.export import export_csv, export_ftm
from offlimits.registry import Registry

PICKY = pytest.mark.filterwarnings("ignore:Install 'pyicu'")
"""The library says so once when it cleans a country without ICU; we give codes, which need none."""


@pytest.fixture(scope="module")
def entities(registry: Registry) -> dict[str, dict[str, Any]]:
    """The export, by id."""
    rows = [json.loads(line) for line in export_ftm(registry).splitlines()]
    assert len({row["id"] for row in rows}) == len(rows), "two entities of one id"
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def model() -> Any:
    """The library's model of schemata."""
    return pytest.importorskip("followthemoney", reason="followthemoney is not installed").model


@PICKY
def test_every_entity_is_valid(entities: dict[str, dict[str, Any]], model: Any) -> None:
    """Each loads as a proxy, validates by its schema, and no property is unknown, dropped or changed by the library's cleaning."""
    faults = []
    for key, row in entities.items():
        schema, proxy = model.get(row["schema"]), model.get_proxy(row)
        assert schema is not None, row["schema"]
        schema.validate({"properties": row["properties"]})
        for name, values in row["properties"].items():
            prop = schema.properties.get(name)
            if prop is None:
                faults.append((key, name, "unknown property"))
                continue
            faults += [(key, name, value) for value in values if prop.type.clean(value) != value]
            if sorted(proxy.get(name)) != sorted(values):
                faults.append((key, name, "lost on loading"))
        faults += [(key, name, "required") for name in schema.required if not row["properties"].get(name)]
    assert faults == []


@PICKY
def test_references_resolve(entities: dict[str, dict[str, Any]], model: Any) -> None:
    """Owner and asset, subject and object, the entity of a sanction: each is in the export, and of a schema that may stand there."""
    pairs = 0
    for row in entities.values():
        schema = model.get(row["schema"])
        for name, values in row["properties"].items():
            if schema.properties[name].type.name == "entity":
                for value in values:
                    pairs += 1
                    assert model.get(entities[value]["schema"]).is_a(schema.properties[name].range), (row["id"], name)
    assert pairs > 200


def test_nothing_of_the_registry_is_missing(entities: dict[str, dict[str, Any]], registry: Registry) -> None:
    """Every entity, every link, every measure with each company that it names; nobody else."""
    wanted = {f"offlimits-{entity.id}" for entity in registry.data.entities}
    wanted |= {
        f"offlimits-{entity.id}-{link.relation}-{link.of}-{number}"
        for entity in registry.data.entities
        for number, link in enumerate(entity.links)
    }
    wanted |= {f"offlimits-{measure.id}-{name}" for measure in registry.data.measures for name in measure.names}
    assert set(entities) == wanted


def test_hikvision_as_others_will_see_it(entities: dict[str, dict[str, Any]]) -> None:
    """Names in several scripts, the code of the Chinese register, share and website are there; short words that need a second sign are weak aliases."""
    company = entities["offlimits-hikvision"]
    assert company["schema"] == "Company"
    properties = company["properties"]
    assert "Hangzhou Hikvision Digital Technology Co., Ltd." in properties["name"]
    assert any("海康威视" in name for name in properties["alias"])
    assert properties["registrationNumber"] == ["91330000733796106P"]
    assert properties["isinCode"] == ["CNE100000PM8"]
    assert "https://hikvision.com/" in properties["website"]
    assert properties["country"] == ["cn"]
    assert entities["offlimits-uk-dhsc-2022-04-hikvision"]["properties"]["country"] == ["gb"]


def test_weak_names_are_weak_aliases(entities: dict[str, dict[str, Any]], registry: Registry) -> None:
    """A name that says nothing by itself never becomes a name that others would match on."""
    for entity in registry.data.entities:
        properties = entities[f"offlimits-{entity.id}"]["properties"]
        strong = set(properties.get("alias", []))
        for name in entity.names:
            if name.weight == "context" and name.text != entity.name:
                assert name.text in properties["weakAlias"]
                assert name.text not in strong


def test_made_by_is_no_ownership(entities: dict[str, dict[str, Any]], registry: Registry) -> None:
    """Who sells another's goods is not owned by them; a proposed measure is no sanction."""
    for row in entities.values():
        assert row["schema"] != "Ownership" or "-made-by-" not in row["id"]
    disputed = [(entity, number, link) for entity in registry.data.entities for number, link in enumerate(entity.links) if link.disputed]
    for entity, number, link in disputed:
        assert entities[f"offlimits-{entity.id}-{link.relation}-{link.of}-{number}"]["schema"] == "UnknownLink"


def test_csv_parses(registry: Registry) -> None:
    """A table of names and identifiers with as many rows as there are, each with its group and an address of its source."""
    content = export_csv(registry)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    count = sum(len(entity.names) + len(entity.identifiers) for entity in registry.data.entities)
    assert len(rows) == count
    assert all(row["group"] in registry.groups and row["sources"].startswith("http") and None not in row for row in rows)
    assert {row["what"] for row in rows} == {"name", "identifier"}
    assert {"hikvision", "海康威视"} <= {row["text"] for row in rows} | {row["entity"] for row in rows}


def test_export_is_steady(registry: Registry) -> None:
    """The same registry gives the same bytes."""
    assert export_ftm(registry) == export_ftm(registry)
    assert export_csv(registry) == export_csv(registry)

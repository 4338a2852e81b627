"""The records for Senzing hold to its Entity Specification: keys, families of attributes, anchors and pointers, payload."""

from __future__ import annotations

import json
from typing import Any

import pytest

from offlimits.exports import export_for
from offlimits.exports.senzing import export_senzing
from offlimits.registry import Registry

FAMILIES = {
    "RECORD_TYPE": {"RECORD_TYPE"},
    "NAME": {"NAME_TYPE", "NAME_ORG"},
    "REGISTRATION_COUNTRY": {"REGISTRATION_COUNTRY"},
    "NATIONAL_ID": {"NATIONAL_ID_TYPE", "NATIONAL_ID_NUMBER", "NATIONAL_ID_COUNTRY"},
    "OTHER_ID": {"OTHER_ID_TYPE", "OTHER_ID_NUMBER"},
    "LEI_NUMBER": {"LEI_NUMBER"},
    "WEBSITE": {"WEBSITE_ADDRESS"},
    "REL_ANCHOR": {"REL_ANCHOR_DOMAIN", "REL_ANCHOR_KEY"},
    "REL_POINTER": {"REL_POINTER_DOMAIN", "REL_POINTER_KEY", "REL_POINTER_ROLE"},
}
"""The families of registered attributes that we use, after the specification of 2025-09-22, "Registered Feature Attributes"."""

ATTRIBUTES = {attribute for family in FAMILIES.values() for attribute in family}


@pytest.fixture(scope="module")
def records(registry: Registry) -> list[dict[str, Any]]:
    """The export, read back."""
    return [json.loads(line) for line in export_senzing(registry).splitlines()]


def test_every_record_is_valid(records: list[dict[str, Any]]) -> None:
    """The specification's "Schema Validation Rules": text keys, `FEATURES` the only list, each object of one family and all scalars, payload
    scalar and not named like an attribute, at most one anchor."""
    for record in records:
        assert isinstance(record["DATA_SOURCE"], str)
        assert isinstance(record["RECORD_ID"], str)
        payload = {key: value for key, value in record.items() if key not in ("DATA_SOURCE", "RECORD_ID", "FEATURES")}
        assert all(isinstance(value, str) and value for value in payload.values())
        assert not [key for key in payload for name in ATTRIBUTES if f"_{name}_" in f"_{key.upper()}_"]
        for feature in record["FEATURES"]:
            assert [name for name, family in FAMILIES.items() if feature.keys() <= family], feature
            assert all(isinstance(value, str) and value for value in feature.values())
        assert sum("REL_ANCHOR_KEY" in feature for feature in record["FEATURES"]) == 1
        assert record["FEATURES"][0] == {"RECORD_TYPE": "ORGANIZATION"}


def test_pointers_find_their_anchors(records: list[dict[str, Any]], registry: Registry) -> None:
    """Ids are unique; each tie is one pointer, and leads to a record's anchor; a domain has no dash."""
    features = [feature for record in records for feature in record["FEATURES"]]
    anchors = [(f["REL_ANCHOR_DOMAIN"], f["REL_ANCHOR_KEY"]) for f in features if "REL_ANCHOR_KEY" in f]
    pointers = [(f["REL_POINTER_DOMAIN"], f["REL_POINTER_KEY"]) for f in features if "REL_POINTER_KEY" in f]
    assert len(set(anchors)) == len(anchors) == len(registry.entities)
    assert set(pointers) <= set(anchors)
    assert len(pointers) == sum(len(entity.links) for entity in registry.data.entities)
    assert "-" not in records[0]["DATA_SOURCE"]


def test_nothing_of_the_registry_is_missing(records: list[dict[str, Any]], registry: Registry) -> None:
    """Every name and identifier of every entity stands in its record, as a feature or as payload, and every measure that names it."""
    for record in records:
        entity, text = registry.entities[record["RECORD_ID"]], json.dumps(record, ensure_ascii=False)
        for part in (
            *(name.text for name in entity.names),
            *(identifier.value.partition(" ")[2] or identifier.value for identifier in entity.identifiers),
        ):
            assert json.dumps(part, ensure_ascii=False)[1:-1] in text
        assert all(measure.id in text for measure in registry.data.measures if entity.id in measure.names)


def test_weak_names_are_payload(records: list[dict[str, Any]], registry: Registry) -> None:
    """A name that says nothing by itself is no feature: Senzing would resolve on it."""
    for record in records:
        entity = registry.entities[record["RECORD_ID"]]
        names = {feature.get("NAME_ORG") for feature in record["FEATURES"]}
        assert not names & {name.text for name in entity.names if name.weight == "context" and name.text != entity.name}


def test_hikvision_as_senzing_sees_it(records: list[dict[str, Any]]) -> None:
    """One primary name, the number in China's register with its country, the website, what is in force."""
    (record,) = [record for record in records if record["RECORD_ID"] == "hikvision"]
    features = record["FEATURES"]
    assert {"NAME_TYPE": "PRIMARY", "NAME_ORG": "Hangzhou Hikvision Digital Technology Co., Ltd."} in features
    assert {"NATIONAL_ID_TYPE": "USCC", "NATIONAL_ID_NUMBER": "91330000733796106P", "NATIONAL_ID_COUNTRY": "CN"} in features
    assert {"WEBSITE_ADDRESS": "hikvision.com"} in features
    assert {"OTHER_ID_TYPE": "ISIN", "OTHER_ID_NUMBER": "CNE100000PM8"} in features
    assert "us-bis-el-2019-10-xinjiang [export-control]" in record["measures_in_force"]
    assert sum(feature.get("NAME_TYPE") == "PRIMARY" for feature in features) == 1


def test_what_is_left_out_is_counted(registry: Registry) -> None:
    """What a record has no place for is said."""
    assert any("MAC prefixes" in line for line in export_for("senzing").left_out(registry))

"""The registry as FollowTheMoney entities: valid by the library's own judgement, nothing missing, nothing said that is not so."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from offlimits.exports import export_for
from offlimits.exports.base import edition_day
from offlimits.exports.ftm import NEWER, NO_SANCTION, TOPICS, country, export_ftm
from offlimits.measures import in_force, is_proven
from offlimits.model import Entity, Identifier, Link, Measure, Name, Period
from offlimits.registry import Registry

PICKY = pytest.mark.filterwarnings("ignore:Install 'pyicu'")
"""The library says so once when it cleans a country without ICU; we give codes, which need none."""


def read(registry: Registry, version: int = 4) -> dict[str, dict[str, Any]]:
    """The export of a registry, by id."""
    return {row["id"]: row for row in map(json.loads, export_ftm(registry, version).splitlines())}


def grown(registry: Registry, entities: tuple[Entity, ...] = (), measures: tuple[Measure, ...] = ()) -> Registry:
    """The registry with some entities and measures more."""
    data = registry.data
    return Registry(msgspec.structs.replace(data, entities=(*data.entities, *entities), measures=(*data.measures, *measures)))


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
    """Every entity, every ISIN, every link, every measure of an authority with each company that it names; nobody else."""
    wanted = {f"offlimits-{entity.id}" for entity in registry.data.entities}
    wanted |= {
        f"offlimits-{entity.id}-{link.relation}-{link.of}-{number}"
        for entity in registry.data.entities
        for number, link in enumerate(entity.links)
    }
    wanted |= {f"offlimits-security-{i.value}" for entity in registry.data.entities for i in entity.identifiers if i.scheme == "isin"}
    wanted |= {f"offlimits-{m.id}-{name}" for m in registry.data.measures for name in m.names if m.kind not in NO_SANCTION}
    assert set(entities) == wanted


def test_what_is_no_sanction_is_told_in_notes(entities: dict[str, dict[str, Any]], registry: Registry) -> None:
    """A proposed act, a court's limit and a choice for oneself are no `Sanction`; each stands in the notes of whom it names, by its id."""
    told = 0
    for measure in registry.data.measures:
        for name in measure.names:
            notes = " ".join(entities[f"offlimits-{name}"]["properties"].get("notes", []))
            assert (f"offlimits-{measure.id}-{name}" in entities) == (measure.kind not in NO_SANCTION)
            assert (measure.id in notes) == (measure.kind in NO_SANCTION)
            told += measure.kind in NO_SANCTION
    assert told > 10


def test_what_is_left_out_is_counted(registry: Registry) -> None:
    """What FollowTheMoney has no place for is said, with its number."""
    nameless = sum(not measure.names for measure in registry.data.measures)
    said = export_for("ftm").left_out(registry)
    assert f"{nameless} measures that name no company" in said
    assert len(said) == 6


def test_hikvision_as_others_will_see_it(entities: dict[str, dict[str, Any]]) -> None:
    """Names in several scripts, the code of the Chinese register, share and website are there; short words that need a second sign are weak aliases."""
    company = entities["offlimits-hikvision"]
    assert company["schema"] == "Company"
    properties = company["properties"]
    assert "Hangzhou Hikvision Digital Technology Co., Ltd." in properties["name"]
    assert any("海康威视" in name for name in properties["alias"])
    assert properties["registrationNumber"] == ["91330000733796106P"]
    assert properties["ticker"] == ["002415.SZ"]
    assert "https://hikvision.com/" in properties["website"]
    assert properties["country"] == ["cn"]
    assert entities["offlimits-us-bis-el-2019-10-xinjiang-hikvision"]["properties"]["listingDate"] == ["2019-10-09"]
    share = entities["offlimits-security-CNE100000PM8"]
    assert share["schema"] == "Security"
    assert share["properties"]["issuer"] == ["offlimits-hikvision"]
    assert share["properties"]["ticker"] == ["002415.SZ"]


def test_which_ticker_belongs_to_which_share_is_not_guessed(registry: Registry) -> None:
    """With two ISINs and two tickers the securities have none; the company has both."""
    pairs = (("isin", "CNE000000TK5"), ("isin", "CNE1000004Y2"), ("ticker", "000063.SZ"), ("ticker", "0763.HK"))
    identifiers = tuple(Identifier(scheme=scheme, value=value, evidence=()) for scheme, value in pairs)
    found = read(grown(registry, (Entity(id="two", name="Two", kind="company", evidence=(), group="zte", identifiers=identifiers),)))
    assert "ticker" not in found["offlimits-security-CNE000000TK5"]["properties"]
    assert found["offlimits-two"]["properties"]["ticker"] == ["000063.SZ", "0763.HK"]


def test_topics_stand_on_measures_in_force(registry: Registry) -> None:
    """A company has a topic only where a measure names itself, has that topic, was read in a primary source and is in force; else none."""
    day, entities, older = edition_day(registry), read(registry), read(registry, version=3)
    for entity in registry.data.entities:
        due = {
            TOPICS[measure.kind]
            for measure in registry.data.measures
            if entity.id in measure.names and measure.kind in TOPICS and is_proven(measure) and in_force(measure, day)[0] == "yes"
        }
        assert set(entities[f"offlimits-{entity.id}"]["properties"].get("topics", [])) == due
        assert set(older[f"offlimits-{entity.id}"]["properties"].get("topics", [])) == due - {*NEWER}
    assert entities["offlimits-hikvision"]["properties"]["topics"] == ["debarment", "export.control", "invest.ban"]
    frozen = {name for measure in registry.data.measures if measure.kind == "asset-freeze" for name in measure.names}
    assert {key for key, row in entities.items() if "sanction" in row["properties"].get("topics", [])} <= {
        f"offlimits-{name}" for name in frozen
    }


def test_a_naming_gives_no_topic(registry: Registry) -> None:
    """Somebody who is only named, or barred by a measure that has ended or is only reported, has no topic."""
    listed = registry.measures["us-bis-el-2019-10-xinjiang"]
    gone = msgspec.structs.replace(listed, id="gone", names=("new",), periods=(Period(since=date(2019, 1, 1), until=date(2020, 1, 1)),))
    named = msgspec.structs.replace(listed, id="named", names=("new",), kind="naming")
    press = tuple(source for source in listed.evidence if source.cls == "press")
    told = msgspec.structs.replace(listed, id="told", names=("new",), evidence=press)
    found = read(grown(registry, (Entity(id="new", name="New", kind="company", evidence=(), group="zte"),), (gone, named, told)))
    assert "topics" not in found["offlimits-new"]["properties"]
    assert found["offlimits-gone-new"]["properties"]["endDate"] == ["2020-01-01"]
    assert found["offlimits-gone-new"]["properties"]["status"][0].startswith("not in force")
    assert "no primary source was read" in found["offlimits-told-new"]["properties"]["status"][0]


def test_names_by_their_kind(entities: dict[str, dict[str, Any]], registry: Registry) -> None:
    """A name that says nothing by itself never becomes one that others would match on; a former name is a previous one."""
    day, former = edition_day(registry), 0
    for entity in registry.data.entities:
        properties = entities[f"offlimits-{entity.id}"]["properties"]
        strong = {*properties.get("alias", []), *properties.get("previousName", [])}
        texts: dict[str, set[str]] = {}
        for name in entity.names:
            texts.setdefault(name.text, set()).add(sort_of(name, day))
        for text, sorts in texts.items():
            if text != entity.name:
                assert all(text in properties[sort] for sort in sorts)
                assert (text in strong) == (sorts != {"weakAlias"})
                former += "previousName" in sorts
    assert former > 5


def sort_of(name: Name, day: date) -> str:
    """The property in which a name belongs."""
    if name.weight == "context" or name.kind == "acronym":
        return "weakAlias"
    return "previousName" if name.kind == "former" or (name.until and name.until <= day) else "alias"


def test_ties_by_their_kind(entities: dict[str, dict[str, Any]], registry: Registry) -> None:
    """Ownership points from the holder; who sells another's goods is not owned by them; what is disputed is never more than a link."""
    for entity in registry.data.entities:
        for number, link in enumerate(entity.links):
            row = entities[f"offlimits-{entity.id}-{link.relation}-{link.of}-{number}"]
            properties = row["properties"]
            if link.disputed or link.relation in ("made-by", "brand"):
                assert row["schema"] == "UnknownLink"
                assert not link.disputed or properties["status"] == [f"disputed: {link.disputed}"]
            elif row["schema"] == "Ownership":
                holder = entity.id if link.relation == "parent" else link.of
                assert properties["owner"] == [f"offlimits-{holder}"]
                assert all(value.replace(".", "").isdigit() for value in properties.get("percentage", []))
                assert link.share in properties.get("summary", [""])[0] or link.share == f"{properties['percentage'][0]} %"
            assert properties.get("endDate", []) == ([str(link.until)] if link.until else [])


def test_a_successor_is_a_succession(registry: Registry, model: Any) -> None:
    """Who took over the business of another is its `Succession`, with the day; a disputed one is a link."""
    links = (
        Link(relation="successor", of="hytera", evidence=(), since=date(2020, 1, 1)),
        Link(relation="successor", of="zte", evidence=(), disputed="no"),
    )
    found = read(grown(registry, (Entity(id="heir", name="Heir", kind="company", evidence=(), group="zte", links=links),)))
    row = found["offlimits-heir-successor-hytera-0"]
    assert row["schema"] == "Succession"
    assert row["properties"] == {"successor": ["offlimits-heir"], "predecessor": ["offlimits-hytera"], "startDate": ["2020-01-01"]}
    model.get("Succession").validate({"properties": row["properties"]})
    assert found["offlimits-heir-successor-zte-1"]["schema"] == "UnknownLink"


@pytest.mark.parametrize(("code", "expected"), [("US", "us"), ("US-TX", "us"), ("CA-QC", "ca"), ("UK", "gb"), ("EU", "eu"), ("INTL", "")])
def test_jurisdictions_as_followthemoney_writes_them(code: str, expected: str) -> None:
    """Two letters: a state as its country, funds and indexes as none."""
    assert country(code) == expected


def test_export_is_steady(registry: Registry) -> None:
    """The same registry gives the same bytes."""
    assert export_ftm(registry) == export_ftm(Registry(registry.data))

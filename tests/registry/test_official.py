"""The evidence against official lists: the facts taken down from them always, their copies where they are beside the project."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import data_folder

from offlimits.judging import strength_of
from offlimits.lists.base import Listed
from offlimits.lists.reading import read_edition
from offlimits.lists.resolving import Resolver
from offlimits.matching import Matching
from offlimits.measures import in_force
from offlimits.model import ColumnKind, Measure, Place
from offlimits.registry import Registry
from offlimits.registry.yamlfile import Loader

FACTS: dict[str, Any] = yaml.load(Path(__file__).with_name("official_facts.yaml").read_text(encoding="utf-8"), Loader=Loader)
GROUP_OF_LABEL = {
    "Amcrest(Dahua OEM)": "amcrest",
    "CETC/Hik:HikaiLink": "hikailink",
    "Dahua": "dahua",
    "Dahua:Lorex(former)": "lorex",
    "Hikvision": "hikvision",
    "Hikvision:EZVIZ": "ezviz",
    "Hikvision:Hikrobot": "hikrobot",
    "Honor(ex-Huawei)": "honor",
    "Huawei": "huawei",
    "Huawei-Symantec(historic)": "huawei-symantec",
    "Huawei:HiSilicon": "hisilicon",
    "Hytera": "hytera",
    "Prama(ex Prama Hikvision India)": "prama-hikvision",
    "Tiandy": "tiandy",
    "Uniview": "uniview",
    "ZTE": "zte",
    "ZTE:Nubia": "nubia",
    "CETC": "cetc",
    "CloudWalk": "cloudwalk",
    "Intellifusion": "intellifusion",
    "Kuang-Chi": "kuang-chi",
    "Megvii": "megvii",
    "SenseTime": "sensetime",
    "Yitu": "yitu",
    "iFlytek": "iflytek",
}
"""Labels of the table of prefixes, and the entity each stands for; the others are unproven."""


@pytest.fixture(scope="module")
def matching(registry: Registry) -> Matching:
    """All matchers over the registry that ships."""
    return Matching(registry)


Known = Callable[[str, ColumnKind], set[str]]


@pytest.fixture(scope="module")
def known(matching: Matching) -> Known:
    """Entities that a text is taken for, at likely or above."""
    return lambda text, kind: {
        match.entity for match in matching.find(text, kind) if strength_of(match.score) in ("exact", "likely") and not match.disclaimed
    }


def dates_of(measure: Measure) -> set[date]:
    """Every day a measure's evidence names: periods, and steps inside them."""
    return {period.since for period in measure.periods} | {stage.on for stage in measure.stages}


def identifiers(registry: Registry, entity: str, scheme: str) -> set[str]:
    return {identifier.value for identifier in registry.entities[entity].identifiers if identifier.scheme == scheme}


def copy(*parts: str) -> Path:
    """A copy of an official list beside the project; without it the test is skipped by name."""
    return data_folder("lists", *parts)


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def bare_rows(path: Path) -> Iterator[list[str]]:
    """Rows of a table without a header."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.reader(stream)


# --- US Treasury ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS["cmic"]["records"], ids=lambda fact: fact["entity"])
def test_cmic_record_is_in_the_registry(fact: dict[str, Any], registry: Registry, known: Known) -> None:
    """Each listed name is taken for the listed company, and its identifiers are the ones we hold, all of them and no other."""
    for name in [fact["name"], *fact.get("aka", [])]:
        assert {registry.entities[entity].group for entity in known(name, "maker")} >= {registry.entities[fact["entity"]].group}, name
    held = {scheme: identifiers(registry, fact["entity"], scheme) for scheme in ("uscc", "isin", "ticker", "company-number")}
    assert held["uscc"] >= ({str(fact["uscc"])} if "uscc" in fact else set())
    assert held["isin"] >= set(fact.get("isins", []))
    assert held["ticker"] >= ({fact["ticker"]} if "ticker" in fact else set())
    assert held["company-number"] >= ({fact["number"]} if "number" in fact else set())
    for isin in fact.get("isins", []):
        assert known(isin, "isin") == {fact["entity"]}


@pytest.mark.parametrize("key", FACTS["cmic"]["dates"])
def test_cmic_measure_names_whom_the_list_names(key: str, registry: Registry) -> None:
    """Each measure names exactly the companies of the registry listed on its day; the ban starts on its day of effect, not the day before."""
    measure, dates = registry.measures[key], FACTS["cmic"]["dates"][key]
    assert measure.list == "us-ofac"
    assert set(measure.names) == {fact["entity"] for fact in FACTS["cmic"]["records"] if fact["measure"] == key}
    assert dates_of(measure) >= {dates["listed"], dates["divest"]}
    change(measure, dates["effective"], "no", "yes")


def test_cmic_names_nobody_else_of_ours(registry: Registry) -> None:
    """Dahua, ZTE, Hytera, Uniview, Tiandy, BGI, iFlytek are not on it, and no measure of it says so."""
    named = {name for key in FACTS["cmic"]["dates"] for name in registry.measures[key].names}
    assert not named & {"dahua", "zte", "hytera", "uniview", "tiandy", "bgi", "iflytek"}


def change(measure: Measure, on: date, before: str, after: str) -> None:
    """The day before, and on the day."""
    assert (in_force(measure, on - timedelta(1))[0], in_force(measure, on)[0]) == (before, after), measure.id


def test_cmic_facts_are_the_copy(registry: Registry) -> None:
    """Names, every identifier and date in the remarks are those of the copy, and no further record of it is a company of ours."""
    edition = read_edition(copy("watchman", "cons_prim.csv"))
    records = {record.key: record for record in edition.listed}
    for fact in FACTS["cmic"]["records"]:
        record = records[str(fact["record"])]
        assert record.name == fact["name"]
        assert {alias.text for alias in record.aliases} >= set(fact.get("aka", []))
        said = {scheme: [item.value for item in record.identifiers if item.scheme == scheme] for scheme in ("isin", "uscc", "ticker")}
        assert said["isin"] == fact.get("isins", [])
        assert said["uscc"] == ([str(fact["uscc"])] if "uscc" in fact else [])
        assert [re.split(r"[. ]", value)[0] for value in said["ticker"]] == ([fact["ticker"].partition(".")[0]] if "ticker" in fact else [])
        dates = FACTS["cmic"]["dates"][fact["measure"]]
        assert record.since == dates["listed"]
        remarks = next(row[11] for row in bare_rows(copy("watchman", "cons_prim.csv")) if row[0] == record.key)
        for key, words in (("effective", "Effective"), ("divest", "Divestment")):
            said_on = re.findall(rf"{words} Date \(CMIC\) (\d+ \w+ \d+)", remarks)[0]
            assert datetime.strptime(said_on, "%d %b %Y").date() == dates[key]
    listed = [record for record in edition.listed if "CMIC-EO13959" in record.programmes]
    ours = {int(found.listed.key) for found in Resolver(registry).resolve(listed) if found.entity}
    assert ours == {fact["record"] for fact in FACTS["cmic"]["records"]}


@pytest.mark.parametrize("fact", FACTS["sdn"], ids=lambda fact: fact["entity"])
def test_sdn_bodies(fact: dict[str, Any], registry: Registry, known: Known) -> None:
    """The bodies of Xinjiang that the SDN list names are in the registry, each under a measure of that list."""
    assert fact["entity"] in known(fact["name"], "name")
    measures = [measure for measure in registry.data.measures if measure.list == "us-ofac" and fact["entity"] in measure.names]
    assert [measure.kind for measure in measures] == ["asset-freeze"]


def test_sdn_facts_are_the_copy() -> None:
    """Record numbers, names and programme are those of the copy."""
    records = {record.key: record for record in read_edition(copy("watchman", "sdn_bench.csv")).listed}
    for fact in FACTS["sdn"]:
        record = records[str(fact["record"])]
        assert (record.name, record.programmes) == (fact["name"], (fact["programme"],))


# --- section 889 and the Covered List ------------------------------------------------------------


def test_section_889_names_five(registry: Registry, known: Known) -> None:
    """The three measures of section 889 name exactly the five of the law, and each name of the law is taken for its company."""
    for key in ("us-ndaa2019-889-a1a", "us-ndaa2019-889-a1b", "us-ndaa2019-889-b-grants"):
        assert set(registry.measures[key].names) == set(FACTS["section_889"])
        assert registry.measures[key].affiliates
    for entity, name in FACTS["section_889"].items():
        assert known(name, "name") == {entity}


def test_section_889_facts_are_the_copy() -> None:
    """The five names are those of the transcription."""
    assert sorted(row["name"] for row in rows(copy("opensanctions_us", "section_889.csv"))) == sorted(FACTS["section_889"].values())


@pytest.mark.parametrize("entity", FACTS["fcc"])
def test_covered_list_names_each(entity: str, registry: Registry, known: Known) -> None:
    """Each company stands in the measure of its row, since the day of its row."""
    fact = FACTS["fcc"][entity]
    measure = registry.measures[fact["measure"]]
    assert entity in measure.names
    assert [period.since for period in measure.periods] == [fact["on"]]
    assert known(fact["name"], "name") == {entity}


def test_covered_list_names_nobody_else(registry: Registry) -> None:
    """Tiandy and Uniview are in no row, and in no measure of the list."""
    named = {name for key in ("us-fcc-covered-list-telecom", "us-fcc-covered-list-video") for name in registry.measures[key].names}
    assert named == set(FACTS["fcc"])


def test_covered_list_facts_are_the_copy(known: Known) -> None:
    """Names and days are those of the copy, and no further row speaks of a company of ours."""
    found = {}
    for row in rows(copy("opensanctions_us", "fcc_covered_list_table.csv")):
        for entity in known(row["covered_equipment_or_services"], "text"):
            found[entity] = (row["date_of_inclusion_on_covered_list"], row["covered_equipment_or_services"])
    assert set(found) == set(FACTS["fcc"])
    for entity, (on, text) in found.items():
        assert datetime.strptime(on, "%B %d, %Y").date() == FACTS["fcc"][entity]["on"]
        assert FACTS["fcc"][entity]["name"] in text


# --- section 1260H -------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS["dod_1260h"], ids=lambda fact: fact["entity"])
def test_1260h_dates(fact: dict[str, Any], registry: Registry, known: Known) -> None:
    """The measure begins with the first edition that names the company, under whichever name, and knows each edition; the name as listed is
    found; the day before, it is not on the list, and on the day it is."""
    measure = registry.measures[fact["measure"]]
    assert fact["entity"] in measure.names
    assert measure.list == "us-dod-1260h"
    others = [other for other in FACTS["dod_1260h"] if other["entity"] == fact["entity"]]
    editions = {day for other in others for day in other["on"]}
    assert {registry.entities[entity].group for entity in known(fact["name"], "name")} == {registry.entities[fact["entity"]].group}
    assert {span.since for span in (*measure.periods, *measure.doubts)} >= {min(editions)}
    change(measure, min(editions), "no", "yes")
    assert min(editions) == min(day for other in FACTS["dod_1260h"] if other["measure"] == measure.id for day in other["on"])
    if "until" in fact:
        before, after = (in_force(measure, day)[0] for day in (fact["until"] - timedelta(1), fact["until"]))
        assert (before, after) in {("yes", "no"), ("yes", "unknown")}
    else:
        assert in_force(measure, date(2026, 11, 25))[0] == "yes"


def test_1260h_names_nobody_else(registry: Registry) -> None:
    """What the measures of the list name is what its editions name, and nobody else; ZTE, iFlytek, Hytera, Uniview, Tiandy are in none."""
    measures = [measure for measure in registry.data.measures if measure.id.startswith("us-dod-1260h")]
    named = {name for measure in measures for name in measure.names}
    assert named == {fact["entity"] for fact in FACTS["dod_1260h"]}
    assert not named & {"zte", "iflytek", "hytera", "uniview", "tiandy", "leon", "intellifusion"}


def test_1260h_facts_are_the_copy(registry: Registry) -> None:
    """Every edition and every end of each name is as in the copy, and no further row of it is a company of ours."""
    found: dict[str, list[date]] = {}
    ended: dict[str, date] = {}
    for row in rows(copy("opensanctions_us", "dod_1260h_sanctions.csv")):
        found.setdefault(row["Clean Name"], []).append(date.fromisoformat(row["Start date"]))
        if row["End date"]:
            ended[row["Clean Name"]] = date.fromisoformat(row["End date"])
    for fact in FACTS["dod_1260h"]:
        assert sorted(found[fact["name"]]) == fact["on"], fact["name"]
        assert ended.get(fact["name"]) == fact.get("until"), fact["name"]
    listed = [Listed(key=name, name=name, place=Place(line=1)) for name in found]
    ours = {item.listed.name for item in Resolver(registry).resolve(listed) if item.entity}
    assert ours == {fact["name"] for fact in FACTS["dod_1260h"]}


# --- hardware addresses, ROR, enterprise numbers -------------------------------------------------


def test_assigned_prefixes(registry: Registry, known: Known) -> None:
    """A device with an assigned prefix is taken for its company, whatever the writing; a look-alike's prefix is nobody's."""
    for entity, prefixes in FACTS["mac"].items():
        if entity in ("others", "newer"):
            continue
        for prefix in prefixes:
            digits = f"{prefix}0A1B2C3D4E"[:12]
            for text in (
                digits,
                ":".join(re.findall("..", digits)),
                "-".join(re.findall("..", digits.lower())),
                ".".join(re.findall("....", digits)),
            ):
                assert known(text, "mac") == {entity}, text
    for prefix in FACTS["mac"]["others"]:
        assert known(f"{prefix}0A1B2"[:12], "mac") == set()


def test_no_prefix_is_locally_administered(registry: Registry) -> None:
    """An assignment has the local bit off; one with it on would be a slip of the pen."""
    assert [mac.prefix for mac in registry.data.macs if int(mac.prefix[:2], 16) & 2] == []


def test_prefixes_of_the_ieee_table(registry: Registry) -> None:
    """At least 99 % of the assigned prefixes of each company map to that company's group, no other company's prefix does, and nothing is made up."""
    owner = {mac.prefix: mac.entity for mac in registry.data.macs}
    group = {entity.id: entity.group for entity in registry.data.entities}
    all_rows, right = Counter[str](), Counter[str]()
    listed = set()
    for row in rows(copy("derived", "target_ouis.csv")):
        wanted, prefix = GROUP_OF_LABEL.get(row["company"]), row["prefix_hex"].upper()
        listed.add(prefix)
        got = next((owner[prefix[:length]] for length in (9, 7, 6) if prefix[:length] in owner), None)
        if wanted is None:
            assert got is None, row
        else:
            all_rows[group[wanted]] += 1
            right[group[wanted]] += got is not None and group[got] == group[wanted]
    assert all_rows.total() > 2600
    missed = {name: (right[name], total) for name, total in all_rows.items() if name != "cetc" and right[name] < 0.99 * total}
    assert missed == {}
    assert right.total() >= 0.99 * all_rows.total()
    registered = {row["Assignment"] for name in ("oui.csv", "mam.csv", "oui36.csv", "iab.csv") for row in rows(copy("oui", name))}
    newer = {prefix for prefix, entity in owner.items() if entity in FACTS["mac"]["newer"]}
    assert set(owner) - newer <= listed | registered


def test_registered_names_of_lookalikes(registry: Registry) -> None:
    """A firm whose registered name only looks like one of ours has no prefix in the evidence."""
    owner = {mac.prefix for mac in registry.data.macs}
    registered = {row["Assignment"]: row["Organization Name"] for row in rows(copy("oui", "mam.csv"))}
    for prefix, name in FACTS["mac"]["others"].items():
        assert registered[prefix] == name
        assert not {prefix[:6], prefix} & owner


@pytest.mark.parametrize("key", FACTS["ror"])
def test_ror(key: str, registry: Registry, known: Known) -> None:
    """Each record belongs to the entity, written bare or as an address."""
    assert identifiers(registry, FACTS["ror"][key]["entity"], "ror") >= {key}
    for text in (key, f"https://ror.org/{key}"):
        assert known(text, "text") == {FACTS["ror"][key]["entity"]}


def test_ror_facts_are_the_copy(registry: Registry) -> None:
    """The record exists under that name; and no record we hold is another body's in the copy."""
    names = {record["id"].rpartition("/")[2]: _ror_names(record) for record in json.loads(copy("ror", "ror_hits.json").read_bytes())}
    for key, fact in FACTS["ror"].items():
        assert any(fact["word"] in name for name in names[key]), names[key]
    held = {identifier.value for entity in registry.data.entities for identifier in entity.identifiers if identifier.scheme == "ror"}
    assert held & set(names) == set(FACTS["ror"])
    assert set(names) == {*FACTS["ror"], *FACTS["ror_others"]}, "every record of the copy is ours, or written down as somebody else's"


def _ror_names(record: dict[str, Any]) -> list[str]:
    names = [name["value"] for name in record.get("names", [])]
    return [*names, *filter(None, [record.get("name")]), *record.get("aliases", [])]


def test_enterprise_numbers(registry: Registry) -> None:
    """Each number is its entity's."""
    for entity, number in FACTS["pen"].items():
        assert str(number) in identifiers(registry, entity, "pen")


def test_enterprise_number_facts_are_the_copy() -> None:
    """Number and name are as IANA lists them."""
    lines = dict(
        line.split(":", 1)[1].split("\t", 1)
        for line in copy("hits", "enterprise_numbers_hits.txt").read_text().splitlines()
        if "\t" in line
    )
    for entity, number in FACTS["pen"].items():
        word = {"cetc-41": "41st", "cetc-52": "52ND", "dahua": "DAHUA", "zte": "ZTE", "huawei": "HUAWEI"}.get(
            entity, entity.split("-")[0].title()
        )
        assert word.casefold() in lines[str(number)].casefold(), (entity, lines[str(number)])


def test_entity_list_affiliates_of_huawei(known: Known, registry: Registry) -> None:
    """Every affiliate name split out of the Entity List is taken for a member of Huawei's group."""
    for line in copy("derived", "huawei_entity_list_affiliates.txt").read_text(encoding="utf-8").splitlines():
        assert {registry.entities[entity].group for entity in known(line, "name")} == {"huawei"}, line

"""Screening against lists the user brings: what is found, what is already ours, what the report says of each list."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from conftest import DAY, Runner

from offlimits.errors import ListError, UsageError
from offlimits.lists.reading import read_edition
from offlimits.lists.targets import check_ages, with_lists
from offlimits.registry import Registry
from offlimits.report import ReportFinding
from offlimits.screening import Compiled

LIST = """name,alias,country,id
Kestrel Optical Works Ltd,KOW;Kestrel Optik;凯斯特光学有限公司,CN,k1
Hangzhou Hikvision Digital Technology Co. Ltd.,,CN,h1
Vega,,XX,v1
Broadline Machinery Export Corporation,,IR,b1
"""
SHEET = """Supplier,ISIN,Notes
KESTREL OPTICAL WORKS LIMITED,,lens
"Kestrel Optical-Works, Inc.",,lens
Kestrel Optik,,lens
凯斯特光学有限公司,,lens
KOW,,bakery
Vega,,a vegetarian cafe
Kestrel Optical Works Museum,,tickets
Hikvision UK Limited,,cameras
Smith & Sons,,from Broadline Machinery Export Corporation
"""
Put = Callable[..., Path]


@pytest.fixture
def found(put: Put, registry: Registry) -> dict[int, ReportFinding]:
    """The findings of `SHEET` against the registry and `LIST`, by line."""
    extended, _ = with_lists(registry, [read_edition(put("list.csv", LIST))], DAY)
    report = Runner(Compiled(extended))(put("sheet.csv", SHEET))
    assert len({finding.at.line for finding in report.findings}) == len(report.findings), "one line, one company"
    return {finding.at.line or 0: finding for finding in report.findings}


def test_names_of_the_list_are_found(found: dict[int, ReportFinding]) -> None:
    """A name with other capitals, legal form or punctuation, an alias, another script: exact when written the same, else likely."""
    assert {line: (item.entity, item.strength) for line, item in found.items() if line <= 5} == {
        2: ("list-1-k1", "likely"),
        3: ("list-1-k1", "likely"),
        4: ("list-1-k1", "exact"),
        5: ("list-1-k1", "exact"),
    }


def test_short_names_are_only_possible(found: dict[int, ReportFinding]) -> None:
    """A bare acronym, a single short word: others are called so too."""
    assert (found[6].strength, found[7].strength) == ("possible", "possible")
    assert "list-name-short" in {why.rule for why in found[7].why}


def test_longer_names_and_sentences_are_not_taken(found: dict[int, ReportFinding]) -> None:
    """A name inside a longer one, or in a sentence, is nobody's: the list does not say how telling its names are."""
    assert 8 not in found
    assert 10 not in found


def test_own_companies_stay_our_own(found: dict[int, ReportFinding], registry: Registry, put: Put) -> None:
    """A record that is a company of the registry adds nobody: the registry knows more of it."""
    assert found[9].group == "hikvision"
    extended, told = with_lists(registry, [read_edition(put("list.csv", LIST))], DAY)
    assert "list-1-h1" not in extended.entities
    assert (told[0].listed, told[0].ours) == (4, 1)


def test_weights_add_up(found: dict[int, ReportFinding]) -> None:
    """The reasons of each finding sum to its score, as everywhere."""
    for item in found.values():
        assert round(sum(why.weight for why in item.why), 2) == item.identity.score


def test_report_says_whose_list_it_is(put: Put, registry: Registry) -> None:
    """Origin, what the list does not say, and no measure that nobody stated."""
    extended, told = with_lists(registry, [read_edition(put("list.csv", LIST))], DAY)
    report = Runner(Compiled(extended))(put("sheet.csv", SHEET))
    report = msgspec.structs.replace(report, lists=told)
    entity = report.entities["list-1-k1"]
    assert "a list of one's own" in entity.origin
    assert told[0].does_not_say
    assert all(not item.measures for item in report.findings if item.entity.startswith("list-"))
    assert json.loads(msgspec.json.encode(report))["lists"][0]["form"] == "own-csv"


def test_without_lists_nothing_changes(registry: Registry) -> None:
    """No list, the same registry."""
    assert with_lists(registry, [], DAY) == (registry, [])


def test_identifier_of_the_list(put: Put, registry: Registry) -> None:
    """An identifier in a column of its kind finds the record, whatever the name says."""
    row = (
        '77,"ACME OPTICS LTD",-0- ,"TEST",'
        + ",".join(["-0- "] * 7)
        + ',"Unified Social Credit Code (USCC) 914403007954257495 (China)."\r\n'
    )
    extended, _ = with_lists(registry, [read_edition(put("sdn.csv", row))], DAY)
    report = Runner(Compiled(extended))(put("sheet.csv", "Supplier,Company number\nSomebody,914403007954257495\n"))
    assert [(item.entity, item.strength) for item in report.findings] == [("list-1-77", "exact")]


def test_two_lists_with_one_company(put: Put, registry: Registry) -> None:
    """The same name on two lists is found once, on the first of them."""
    first, second = put("a.csv", LIST), put("b.csv", LIST)
    extended, told = with_lists(registry, [read_edition(first), read_edition(second)], DAY)
    report = Runner(Compiled(extended))(put("sheet.csv", "Supplier,Notes\nKestrel Optik,lens\n"))
    assert [item.entity for item in report.findings] == ["list-1-k1"]
    assert len(told) == 2


@pytest.mark.parametrize("text", ["", "city,street\nA,B\n", "name\n"], ids=["empty", "other columns", "no row"])
def test_file_that_is_no_list(text: str, put: Put) -> None:
    """A file of no known form, or without a company, is an error that says which forms there are."""
    with pytest.raises(ListError):
        read_edition(put("list.csv", text))


def test_missing_file_and_form() -> None:
    """A file that is not there, a form that is not known."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_edition(Path("nowhere.csv"))
    with pytest.raises(UsageError, match="there is no form"):
        read_edition(Path("nowhere.csv"), "crystal-ball")


def test_ages(put: Put, registry: Registry) -> None:
    """A registry or a list that is too old, or does not say how old it is, stops the run."""
    day = date.fromisoformat(registry.version)
    undated = read_edition(put("list.csv", LIST))
    dated = msgspec.structs.replace(undated, edition=day)
    check_ages([dated], registry, 0, day)
    for editions, most, on, words in (
        ([], 10, date.fromordinal(day.toordinal() + 11), "the registry is of"),
        ([undated], 10, day, "does not say of which day"),
        ([msgspec.structs.replace(undated, edition=date(2020, 1, 1))], 10, day, r"list\.csv is of 2020-01-01"),
    ):
        with pytest.raises(UsageError, match=words):
            check_ages(editions, registry, most, on)


def test_records_that_share_a_key_are_all_screened(put: Put, registry: Registry) -> None:
    """A list that gives two companies one number, or none, loses neither."""
    edition = read_edition(put("list.csv", "name,alias,country,id\nKestrel Optical Works Ltd,,CN,7\nBroadline Machinery Export,,IR,7\n"))
    assert [record.key for record in edition.listed] == ["7", "7#2"]
    extended, told = with_lists(registry, [edition], DAY)
    report = Runner(Compiled(extended))(put("sheet.csv", "Supplier\nKestrel Optical Works\nBroadline Machinery Export\n"))
    assert sorted(finding.entity for finding in report.findings) == ["list-1-7", "list-1-7#2"]
    assert told[0].listed == 2


def test_one_record_of_ours_does_not_hide_another(put: Put, registry: Registry) -> None:
    """A company of the registry that shares its number with somebody else does not take that one off the list."""
    lines = "name,alias,country,id\nHangzhou Hikvision Digital Technology Co. Ltd.,,CN,7\nKestrel Optical Works Ltd,,CN,7\n"
    extended, told = with_lists(registry, [read_edition(put("list.csv", lines))], DAY)
    report = Runner(Compiled(extended))(put("sheet.csv", "Supplier\nKestrel Optical Works\n"))
    assert [finding.entity for finding in report.findings] == ["list-1-7#2"]
    assert told[0].ours == 1

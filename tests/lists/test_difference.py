"""An edition of a list against the evidence: what came, what went, what is told anew; said and proposed, never applied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
import yaml

from offlimits.lists.base import Alias, Listed, ListedIdentifier
from offlimits.lists.difference import ListDifference, compare_edition, difference_lines, propose, stands
from offlimits.lists.reading import Edition, read_edition
from offlimits.model import Doubt, Measure, Period, Place, Stage
from offlimits.registry import Registry

DAY = date(2026, 11, 23)
Put = Callable[..., Path]


@pytest.fixture(scope="module")
def small(registry: Registry) -> Registry:
    """The registry with two measures of one list: Hikvision, Dahua and Hytera are on it, ZTE was until 2020."""
    model = next(iter(registry.data.measures))

    def measure(key: str, names: tuple[str, ...], *periods: Period) -> Measure:
        return msgspec.structs.replace(model, id=key, names=names, periods=periods, doubts=(), stages=(), list="us-889")

    measures = (
        measure("xx-now", ("hikvision", "dahua", "hytera"), Period(since=date(2019, 1, 1))),
        measure("xx-then", ("zte",), Period(since=date(2019, 1, 1), until=date(2020, 1, 1))),
    )
    return Registry(msgspec.structs.replace(registry.data, measures=measures))


def record(key: str, name: str, *aliases: str, identifiers: tuple[tuple[str, str], ...] = (), until: date | None = None) -> Listed:
    return Listed(
        key=key,
        name=name,
        place=Place(line=1),
        aliases=tuple(Alias(text=alias) for alias in aliases),
        identifiers=tuple(ListedIdentifier(scheme=scheme, value=value) for scheme, value in identifiers),
        until=until,
    )


@pytest.fixture
def edition(put: Put) -> Callable[..., Edition]:
    """`edition(record, …)`: those records as an edition of the list."""
    base = read_edition(put("list.csv", "name\nSomebody\n"))
    return lambda *records: msgspec.structs.replace(base, list="us-889", listed=records, edition=DAY)


@pytest.fixture
def difference(edition: Callable[..., Edition], small: Registry) -> ListDifference:
    """An edition with every kind of difference."""
    new = edition(
        record("1", "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.", "Hik Optics Holding", identifiers=(("isin", "CNE100000PM8"),)),
        record("2", "Zhejiang Dahua Technology Co., Ltd.", identifiers=(("lei", "529900T8BM49AURSDO55"), ("tax-id-no", "77"))),
        record("3", "Tiandy Technologies Co., Ltd."),
        record("4", "Hikvision Luopu Holding Company"),
        record("5", "Dahua Electronics Corporation"),
        record("6", "ZTE Corporation", until=date(2020, 1, 1)),
        record("7", "Somebody Else Ltd"),
    )
    return compare_edition(new, small, DAY)


def test_added(difference: ListDifference) -> None:
    """A company of ours that no measure of the list names; one whose record has ended is not added."""
    assert [(item.entity, item.record.key) for item in difference.added] == [("tiandy", "3")]


def test_removed(difference: ListDifference) -> None:
    """A company that a measure in force names and no record is; one whose time on the list is over is not missed."""
    assert [(item.entity, item.measure) for item in difference.removed] == [("hytera", "xx-now")]


def test_told(difference: ListDifference) -> None:
    """Names and identifiers that the record has and the evidence has not; labels that are no scheme of ours are left."""
    assert [(item.entity, item.scheme, item.value) for item in difference.told] == [
        ("dahua", "lei", "529900T8BM49AURSDO55"),
        ("hikvision", "", "Hik Optics Holding"),
    ]


def test_unknown(difference: ListDifference) -> None:
    """A record that holds a name of ours and is none of our entities is shown, not taken; a look-alike is neither."""
    assert [(item.near, item.record.key) for item in difference.unknown] == [("hikvision", "4")]


def test_order_leaves_no_trace(edition: Callable[..., Edition], small: Registry) -> None:
    """Records in another order give the same difference."""
    records = [record(str(number), name) for number, name in enumerate(("ZTE Corporation", "Tiandy", "Hytera Communications Corporation"))]
    assert compare_edition(edition(*records), small, DAY) == compare_edition(edition(*reversed(records)), small, DAY)


def test_part_of_a_list(edition: Callable[..., Edition], small: Registry) -> None:
    """Where an edition holds nobody whom a measure names, it is another part of the list: nobody is missed."""
    found = compare_edition(edition(record("1", "Somebody Else Ltd")), small, DAY)
    assert (found.removed, found.absent) == ((), ("xx-now",))


def test_list_of_no_measure(put: Put, registry: Registry) -> None:
    """A list that no measure rests on adds and removes nobody; it may tell names."""
    found = compare_edition(
        read_edition(put("list.csv", "name,alias\nHytera Communications Corporation Limited,Hytera Zeta\n")), registry, DAY
    )
    assert (found.added, found.removed, [item.value for item in found.told]) == ((), (), ["Hytera Zeta"])


def test_lines_say_each(difference: ListDifference) -> None:
    """One line for each difference, and the count of what is the same."""
    lines = list(difference_lines(difference))
    assert [line.strip()[0] for line in lines[1:-1]] == ["+", "-", "~", "~", "?"]
    assert "absence in a copy proves nothing" in lines[2]


def test_proposal_is_yaml(difference: ListDifference, edition: Callable[..., Edition], small: Registry) -> None:
    """The proposal loads as YAML, part by part under the file it belongs to, each claim with its evidence, without anchors."""
    text = propose(difference, edition(), small)
    parts = yaml.safe_load(text)
    assert set(parts) == {
        "companies/hikvision.yaml",
        "companies/dahua.yaml",
        "measures/…/us-889-2026-11-23-tiandy.yaml",
        "measures/…/xx-now.yaml, for hytera",
    }
    assert parts["companies/dahua.yaml"]["entities"]["dahua"]["identifiers"] == [
        {"scheme": "lei", "value": "529900T8BM49AURSDO55", "evidence": ["us-889"]}
    ]
    assert "&id" not in text


def test_nothing_to_propose(edition: Callable[..., Edition], small: Registry) -> None:
    """An edition that says nothing new proposes nothing, and says so."""
    new = edition(
        record("1", "Hangzhou Hikvision Digital Technology Co., Ltd."),
        record("2", "Zhejiang Dahua Technology Co., Ltd."),
        record("3", "Hytera Communications Corporation Limited"),
    )
    found = compare_edition(new, small, DAY)
    assert (found.added, found.removed, found.told, found.unchanged) == ((), (), (), 3)
    assert "Nothing to change" in propose(found, new, small)


def test_stands_at_boundary_days(registry: Registry) -> None:
    """On the list from the first day a measure knows, though it takes effect later, to the day before its end."""
    model = next(iter(registry.data.measures))
    measure = msgspec.structs.replace(
        model,
        periods=(Period(since=date(2021, 8, 2), until=date(2025, 1, 7)),),
        doubts=(),
        stages=(Stage(on=date(2021, 6, 3), text="listed"),),
    )
    assert [stands(measure, day) for day in (date(2021, 6, 2), date(2021, 6, 3), date(2025, 1, 6), date(2025, 1, 7))] == [
        False,
        True,
        True,
        False,
    ]
    doubted = msgspec.structs.replace(measure, periods=(), doubts=(Doubt(since=date(2021, 6, 3), why="nobody knows"),))
    assert stands(doubted, date(2030, 1, 1))

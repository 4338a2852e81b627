"""The labelled lines: how much is found, and how much of it rightly. The misses themselves stand in docs/model-card.md."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from offlimits.judging import judge
from offlimits.matching import Matching
from offlimits.model import Entry, Mention, Place
from offlimits.registry import Registry

FOLDER = Path(__file__).parent / "labelled"
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def matching(registry: Registry) -> Matching:
    """Matchers as `explain` uses them."""
    return Matching(registry)


def counts(path: Path, registry: Registry, matching: Matching) -> tuple[int, int, int]:
    """True, false and missed groups at `likely` or above."""
    true = false = missed = 0
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            mention = Mention(field="Description", kind="text", text=row["text"])
            found, _ = judge(Entry(place=Place(line=1), channel="install", mentions=(mention,)), matching, registry, DAY)
            got, want = {item.path.group for item in found if item.strength != "possible"}, set(filter(None, row["expected"].split(";")))
            true, false, missed = true + len(got & want), false + len(got - want), missed + len(want - got)
    return true, false, missed


@pytest.mark.parametrize("name", ["asset_lines.csv", "second_lines.csv"])
def test_labelled_lines(name: str, registry: Registry, matching: Matching) -> None:
    """Recall is at least .95 and precision at least .98 on each set."""
    true, false, missed = counts(FOLDER / name, registry, matching)
    assert true > 140
    assert true / (true + missed) >= 0.95, (true, missed)
    assert true / (true + false) >= 0.98, (true, false)


def test_there_are_enough_lines() -> None:
    """300 lines in the first set, every one its own, and hundreds in the second."""
    for name, least in (("asset_lines.csv", 300), ("second_lines.csv", 240)):
        with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert len(rows) >= least
        assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)

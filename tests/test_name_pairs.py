"""The labelled name pairs are well formed: columns, relations, sources, and a split by company group. How `compare` fares on them is bench/pairs.py."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

from offlimits.registry import Registry

FOLDER = Path(__file__).parent / "labelled"
COLUMNS = ["id", "a", "b", "relation", "group", "split", "script", "kind", "source", "note"]
RELATIONS = {"same", "subsidiary", "brand", "former", "joint", "unrelated"}
SCRIPTS = {"latn", "hani", "cyrl", "arab", "hang", "kana", "mixed"}
NOISY = {"typo", "truncated", "abbreviation"}
KINDS = NOISY | {
    "listed-alias",
    "word-order",
    "legal-form",
    "translation",
    "transliteration",
    "traditional-simplified",
    "subsidiary-name",
    "brand-name",
    "renamed",
    "joint-venture",
    "look-alike",
    "same-city",
    "shared-word",
    "random",
}
RECORD = re.compile(r"(https://\S+|(lists|names)/[\w./-]+#\S.*)")
"""A source that is no evidence of the registry: an address, or file#record of the lists beside the project."""


def half(group: str) -> str:
    """The rule of the split: the SHA-256 of the group's id, read as a number; odd is test."""
    return "test" if int(hashlib.sha256(group.encode()).hexdigest(), 16) % 2 else "tuning"


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    """Every row of name_pairs.csv."""
    with (FOLDER / "name_pairs.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def test_values_are_known(pairs: list[dict[str, str]]) -> None:
    """Relations, scripts and kinds are of the documented words, and no cell of a name is empty or padded."""
    for row in pairs:
        assert row["relation"] in RELATIONS, row
        assert row["script"] in SCRIPTS, row
        assert row["kind"] in KINDS, row
        assert all(row[side] and row[side] == row[side].strip() for side in "ab"), row


def test_ids_and_pairs_are_unique(pairs: list[dict[str, str]]) -> None:
    """Ids count up, and no pair stands twice, whichever way round."""
    assert [row["id"] for row in pairs] == [f"P{number:04}" for number in range(1, len(pairs) + 1)]
    seen = Counter(frozenset((row["a"].casefold(), row["b"].casefold())) for row in pairs)
    assert all(len(pair) == 2 and times == 1 for pair, times in seen.items())


def test_split_is_by_group(pairs: list[dict[str, str]], registry: Registry) -> None:
    """Each group is in the half its hash says; a pair about two groups needs both in one half; eight groups at least in each."""
    known = {entity.group for entity in registry.data.entities}
    groups: dict[str, set[str]] = {"tuning": set(), "test": set()}
    for row in pairs:
        about = row["group"].split(";")
        assert set(about) <= known, row
        assert {half(group) for group in about} == {row["split"]}, row
        groups[row["split"]].update(about)
    assert not groups["tuning"] & groups["test"]
    assert all(len(found) >= 8 for found in groups.values())


def test_sources_exist(pairs: list[dict[str, str]], registry: Registry) -> None:
    """Each source is evidence of the registry, an address, or a record of a list; a tie always rests on evidence of the registry."""
    for row in pairs:
        sources = row["source"].split(" ; ")
        ours = [source for source in sources if source in registry.data.evidence]
        assert all(source in ours or RECORD.fullmatch(source) for source in sources), row
        assert ours if row["relation"] == "unrelated" else ours == sources, row


def test_noisy_forms_are_marked(pairs: list[dict[str, str]]) -> None:
    """A form written by hand says after which name; typos, cuts and abbreviations are always such forms."""
    assert all("written by hand after" in row["note"] for row in pairs if row["kind"] in NOISY)


def test_there_are_enough(pairs: list[dict[str, str]]) -> None:
    """At least 600 pairs, two in five unrelated, 60 subsidiaries, 60 brands, former and joint ones, 120 across scripts."""
    relations, scripts = Counter(row["relation"] for row in pairs), Counter(row["script"] for row in pairs)
    assert len(pairs) >= 600
    assert relations["unrelated"] >= 0.4 * len(pairs)
    assert relations["subsidiary"] >= 60
    assert relations["brand"] + relations["former"] + relations["joint"] >= 60
    assert scripts["mixed"] >= 120


def test_readme_counts(pairs: list[dict[str, str]]) -> None:
    """The README's table of relations and halves, and its list of scripts, are those of the file."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    cells = Counter((row["relation"], row["split"]) for row in pairs)
    for relation in RELATIONS:
        tuning, test = cells[relation, "tuning"], cells[relation, "test"]
        assert f"| `{relation}` | {tuning} | {test} | {tuning + test} |" in text, (relation, tuning, test)
    for script, count in Counter(row["script"] for row in pairs).items():
        assert f"`{script}` {count}" in text, (script, count)
    assert f"`name_pairs.csv`: {len(pairs):,} pairs" in text

"""The tables: they parse, hold everything, tie by ids, and run nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io

import msgspec

from offlimits.exports.base import all_sources
from offlimits.exports.tables import one_table, tables
from offlimits.model import Name
from offlimits.registry import Registry


def read(content: bytes) -> list[dict[str, str]]:
    """A table by its header; a row that is too long or too short fails."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def test_one_table_holds_every_claim(registry: Registry) -> None:
    """As many rows as there are names, identifiers, ties, products, look-alikes, notes, statements, namings, claims that are not so, MAC
    prefixes and fingerprints; each with an address of its source."""
    rows, data = read(one_table(registry)), registry.data
    families = ("names", "identifiers", "links", "products", "lookalikes")
    owned = sum(len(getattr(entity, family)) for entity in data.entities for family in families)
    named = sum(max(len(measure.names), 1) for measure in data.measures)
    words = sum(bool(entity.note) + bool(entity.statement) for entity in data.entities)
    wrong = sum(max(len(claim.names), 1) for claim in data.not_measures)
    assert len(rows) == owned + words + named + wrong + len(data.macs) + len(data.fingerprints)
    assert all(row["sources"].startswith("http") for row in rows)
    assert all(row["group"] in registry.groups and row["entity"] in registry.entities for row in rows if row["entity"])
    assert {row["what"] for row in rows} == {
        "name",
        "identifier",
        "link",
        "product",
        "lookalike",
        "measure",
        "note",
        "statement",
        "not-so",
        "mac-prefix",
        "fingerprint",
    }
    assert any(row["text"] == "海康威视" and row["entity"] == "hikvision" for row in rows)


def test_the_folder_holds_everything(registry: Registry) -> None:
    """Each table has a row for each thing, and every id in it stands in the table that defines it."""
    found = {name: read(content) for name, content in tables(registry).items()}
    data = registry.data
    for family in ("names", "identifiers", "links", "products", "lookalikes"):
        assert len(found[f"{family}.csv"]) == sum(len(getattr(entity, family)) for entity in data.entities)
        assert all(row["entity"] in registry.entities for row in found[f"{family}.csv"])
    assert [row["measure"] for row in found["measures.csv"]] == [measure.id for measure in data.measures]
    assert len(found["measure-names.csv"]) == sum(len(measure.names) for measure in data.measures)
    assert len(found["mac-prefixes.csv"]) == len(data.macs)
    assert len(found["fingerprints.csv"]) == len(data.fingerprints)
    assert len(found["not-measures.csv"]) == len(data.not_measures)
    assert {row["url"] for row in found["sources.csv"]} == {source.url for source in all_sources(registry)}
    assert {row["of"] for row in found["links.csv"]} <= {row["entity"] for row in found["entities.csv"]}


def test_formulas_are_neutralised(registry: Registry) -> None:
    """A name that begins like a formula gets an apostrophe before it, in the one table and in the folder; nothing else begins like one."""
    first = registry.data.entities[0]
    evil = Name(text='=HYPERLINK("http://evil")', kind="alias", evidence=first.evidence)
    poisoned = msgspec.structs.replace(first, names=(evil,), note="@SUM(A1)", statement="+1")
    changed = Registry(msgspec.structs.replace(registry.data, entities=(poisoned, *registry.data.entities[1:])))
    for content in (one_table(changed), *tables(changed).values()):
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
        assert not [cell for cell in cells if cell[:1] in "=+-@" and cell[:1]]
    assert b"'=HYPERLINK" in one_table(changed)
    assert b"'@SUM" in tables(changed)["entities.csv"]


def test_tables_are_steady(registry: Registry) -> None:
    """The same registry gives the same bytes."""
    assert tables(registry) == tables(Registry(registry.data))
    assert one_table(registry) == one_table(Registry(registry.data))

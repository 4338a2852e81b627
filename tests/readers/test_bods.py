"""BODS 0.4: which company owns which; never persons; cut files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT, Runner, check_conserved, data_folder

from offlimits.reports import format_for

CASES = ROOT / "tests" / "cases" / "bods"


def test_relationships_are_entries(run: Runner) -> None:
    """The owner is ours, so the line is found; the share stands in its row; companies and persons are counted as left out."""
    report = run(CASES / "array" / "input.json")
    check_conserved(report)
    source = report.sources[0]
    assert (source.entries, source.skipped, source.rejects) == (3, 4, 0)
    assert [(finding.group, finding.at.pointer, finding.channel) for finding in report.findings] == [("hikvision", "/4", "own")]
    assert report.aggregates.funds is None


def test_persons_are_not_read(run: Runner) -> None:
    """No person's name enters the report."""
    assert "Made Up Person" not in repr(run(CASES / "array" / "input.json"))


def test_a_cut_file_is_damaged(run: Runner, put: Callable[..., Path]) -> None:
    """Cut anywhere: one reject, never a crash."""
    content = (CASES / "array" / "input.json").read_bytes()
    for end in range(400, len(content) - 2, 211):
        report = run(put("cut.json", content[:end]))
        check_conserved(report)
        assert report.rejects_by_code == {"damaged-source": 1}


def test_the_standard_s_examples(run: Runner) -> None:
    """Every example that comes with the standard is read whole."""
    for path in sorted(data_folder("money", "bods_examples").glob("*.json")):
        report = run(path)
        check_conserved(report)
        assert (report.sources[0].reader, report.sources[0].rejects) == ("bods", 0), path.name


def test_control_by_the_rule_of_a_measure(run: Runner, put: Callable[..., Path]) -> None:
    """Half of A, half of B through A: both are reached under OFAC's rule, though the product is a quarter; the UK asks for more than half."""
    listed = "Xinjiang Production and Construction Corps"

    def entity(key: str, name: str) -> dict[str, object]:
        return {"recordId": key, "recordType": "entity", "recordDetails": {"name": name}}

    def held(subject: str, owner: str, share: dict[str, int]) -> dict[str, object]:
        return {
            "recordId": subject + owner,
            "recordType": "relationship",
            "recordDetails": {"subject": subject, "interestedParty": owner, "interests": [{"type": "shareholding", "share": share}]},
        }

    statements = [
        entity("x", listed),
        entity("a", "Made Up Farming Co"),
        entity("b", "Made Up Export Co"),
        entity("c", "Minority Co"),
        held("a", "x", {"exact": 50}),
        held("b", "a", {"minimum": 50, "maximum": 75}),
        held("c", "x", {"minimum": 25, "maximum": 60}),
    ]
    report = run(put("owners.json", json.dumps(statements)), profile="us-person")
    assert report.aggregates.control is not None
    ofac = [item for item in report.aggregates.control if item.rule.startswith("OFAC")]
    assert [(item.company, item.share, item.owners) for item in ofac] == [
        ("Made Up Export Co", "50", ["Made Up Farming Co"]),
        ("Made Up Farming Co", "50", [listed]),
    ]
    assert all(item.measures and set(item.measures) <= report.measures.keys() for item in ofac)
    assert not any(item.rule.startswith("OFSI") for item in report.aggregates.control)
    assert b"Owned by majority" in format_for(Path("page.html")).render(report)


def test_no_ownership_no_control(run: Runner, put: Callable[..., Path]) -> None:
    """A register says nothing of ownership: null, not an empty list."""
    assert run(put("a.csv", "Make\nHikvision\n")).aggregates.control is None

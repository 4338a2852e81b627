"""Remembered judgements, and what changed between two reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from offlimits.decisions import compare_reports, make_decision, read_decisions, read_report
from offlimits.errors import UsageError
from offlimits.report import Decision, Report
from offlimits.reports.data import Json
from offlimits.reports.redaction import redact

DISMISSED = Decision(verdict="dismissed", why="a street of that name", on=date(2026, 11, 23), by="estates")


def test_judgement_comes_back(run: Callable[..., Report], put: Callable[..., Path], tmp_path: Path) -> None:
    """What was judged about one line is said of the same text next month, on another line of another file; other findings have none."""
    kept = tmp_path / "decisions.json"
    first = run(put("a.csv", "Supplier,Text\nHikvision,x\nZTE Corporation,y\n"))
    finding, count = make_decision(first, "f1", DISMISSED, kept)
    assert (finding.group, count) == ("hikvision", 1)
    again = run(put("b.csv", "Supplier,Text\nBolt,x\nhikvision ,z\nZTE Corporation,y\n"), decisions=read_decisions(kept))
    assert [item.decision for item in again.findings] == [DISMISSED, None]
    assert [item.id for item in again.findings] == ["f1", "f2"]


def test_judgements_add_up(run: Callable[..., Report], put: Callable[..., Path], tmp_path: Path) -> None:
    """A second one is kept beside the first; a second about the same takes its place; the key may be given instead of the id."""
    kept = tmp_path / "decisions.json"
    report = run(put("a.csv", "Supplier,Text\nHikvision,x\nZTE Corporation,y\n"))
    make_decision(report, "f1", DISMISSED, kept)
    assert make_decision(report, report.findings[1].review_key, DISMISSED, kept)[1] == 2
    changed = msgspec.structs.replace(DISMISSED, verdict="confirmed")
    assert make_decision(report, "f1", changed, kept)[1] == 2
    assert {key: item.verdict for key, item in read_decisions(kept).items()} == {
        report.findings[0].review_key: "confirmed",
        report.findings[1].review_key: "dismissed",
    }


def test_unknown_and_redacted_findings(run: Callable[..., Report], put: Callable[..., Path], tmp_path: Path) -> None:
    """A finding that is not there, or whose key was redacted, cannot be judged; nothing is written."""
    kept = tmp_path / "decisions.json"
    report = run(put("a.csv", "Maker,MAC\n,c0:56:e3:00:00:01\nAxis,\n"))
    assert report.findings
    for subject, key in ((report, "f99"), (report, ""), (redact(report), "f1"), (redact(report), "")):
        with pytest.raises(UsageError) as caught:
            make_decision(subject, key, DISMISSED, kept)
        assert caught.value.hint
    assert not kept.exists()


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"format": "offlimits.report/2"}', b"\xff\xfe", b'{"format": "x", "decisions": {"a": 1}}']
)
def test_files_that_are_no_such(content: bytes, tmp_path: Path) -> None:
    """Another file in place of a report or of judgements is a usage error with a hint."""
    path = tmp_path / "x.json"
    path.write_bytes(content)
    for read in (read_report, read_decisions):
        with pytest.raises(UsageError) as caught:
            read(path)
        assert caught.value.hint


def test_decisions_of_another_version(tmp_path: Path) -> None:
    """A file of another format is refused, not read as ours."""
    path = tmp_path / "x.json"
    path.write_bytes(b'{"format": "offlimits.decisions/9", "decisions": {}}')
    with pytest.raises(UsageError):
        read_decisions(path)


def test_no_file_is_no_judgement(tmp_path: Path) -> None:
    """The first run has no judgements yet; a report that is not there is an error."""
    assert read_decisions(tmp_path / "none.json") == {}
    with pytest.raises(UsageError, match="cannot read"):
        read_report(tmp_path / "none.json")


def test_what_changed(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """New, gone and unchanged findings by their text, wherever the line went; a report against itself has no change."""
    old = run(put("old.csv", "Supplier,Text\nHikvision,x\nZTE Corporation,y\n"))
    new = run(put("new.csv", "Supplier,Text\nBolt,x\nHikvision,moved\nDahua Technology,z\n"))
    changes = compare_reports(old, new)
    assert [line.entity for line in changes.new] == ["dahua"]
    assert [line.entity for line in changes.gone] == ["zte"]
    assert (changes.same, changes.changed) == (1, [])
    same = compare_reports(old, old)
    assert (same.new, same.gone, same.changed, same.same) == ([], [], [], 2)


def test_changed_strength_is_a_change(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """The same text, weaker than before, is told with what it was."""
    old = run(put("a.csv", "Supplier,Text\nHikvision,x\n"))
    weaker = msgspec.structs.replace(old, findings=[msgspec.structs.replace(old.findings[0], strength="possible")])
    (line,) = compare_reports(old, weaker).changed
    assert (line.was, line.strength) == (old.findings[0].strength, "possible")


def test_report_file_reads_back(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """What `--output report.json` wrote is what `diff` and `decide` read."""
    report = run(put("a.csv", "Supplier,Text\nHikvision,x\n"))
    assert read_report(put("report.json", Json().render(report))) == report


def test_repeated_lines_count_as_often(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """The same supplier on three lines is one judgement, and one line of a comparison."""
    report = run(put("a.csv", "Supplier,Text\nHikvision,x\nHikvision,y\nHikvision,z\n"))
    assert len({finding.review_key for finding in report.findings}) == 1
    assert compare_reports(report, report).same == 1

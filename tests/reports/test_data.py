"""JSON, JSON Lines and CSV: the same report, whole, for other programs."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from offlimits.errors import UsageError
from offlimits.report import Report
from offlimits.reports import REPORTS, format_for
from offlimits.reports.base import CONTROL, neutral, printable
from offlimits.reports.data import COLUMNS, Csv, Json, JsonLines


def sibling(name: str) -> ModuleType:
    """A module that lies beside this test."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sample_report: Callable[..., Report] = sibling("sample_report").sample_report


def whole(events: list[dict[str, Any]]) -> Report:
    """A report put together again from its events."""
    plural = {"finding": "findings", "lead": "leads", "reject": "rejects", "disclaimed": "disclaimed"}
    parts: dict[str, Any] = {name: [] for name in (*plural.values(), "sources")} | {
        name: {} for name in ("entities", "measures", "evidence")
    }
    for event in events:
        kind = event.pop("event")
        if kind == "run":
            parts |= event
        elif kind == "source":
            assert event.pop("source") == len(parts["sources"])
            parts["sources"].append(event)
        elif kind in plural:
            parts[plural[kind]].append(event)
        else:
            parts[kind][event.pop("id")] = event
    return msgspec.convert(parts, Report, strict=False)


def test_json_reads_back() -> None:
    """The JSON is the report: nothing is lost on the way there and back."""
    report = sample_report()
    content = Json().render(report)
    assert msgspec.json.decode(content, type=Report) == report
    assert content.endswith(b"\n")
    assert json.loads(content)["format"] == "offlimits.report/1"


def test_json_lines_are_the_whole_report() -> None:
    """One JSON object a line, each with its event; put together they are the report again."""
    report = sample_report()
    lines = JsonLines().render(report).decode().splitlines()
    events = [json.loads(line) for line in lines]
    assert events[0]["event"] == "run"
    assert whole(events) == report


def test_json_lines_of_a_run(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """The same for a real run with findings, leads, denials and rejects."""
    report = run(
        put("a.csv", "Supplier,Text\nHikvision,x\nBolt,CCTV cameras\nAcme,we do not use Dahua\nA\n"), put("b.bin", b"\x00\x01\x02" * 50)
    )
    assert report.findings
    assert report.leads
    assert report.disclaimed
    assert report.rejects
    assert whole([json.loads(line) for line in JsonLines().render(report).decode().splitlines()]) == report


@pytest.mark.parametrize("form", REPORTS, ids=lambda form: form.suffix)
def test_same_report_same_bytes(form: Any) -> None:
    """Every format is a function of the report."""
    assert form.render(sample_report()) == form.render(sample_report())


def test_csv_has_every_finding() -> None:
    """One row a finding under a fixed head; opened by Excel it is read as UTF-8."""
    report = sample_report()
    content = Csv().render(report)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == [finding.id for finding in report.findings]
    assert all(len(row) == len(COLUMNS) for row in rows)
    by_id = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]}
    for finding in report.findings:
        row = by_id[finding.id]
        assert row["strength"] == finding.strength
        assert row["maker"] == report.entities[finding.group].name
        assert row["question to ask"] == neutral(finding.ask)
        assert row["what binds you"]
        assert row["evidence"].count("http") >= 1


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=", "-", "+44 20", "-2a"])
def test_formulas_are_neutral(text: str) -> None:
    """What a spreadsheet could take for a formula gets an apostrophe; what it hides is still there."""
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.50", "-3", "12", "", "a=b", "x", "'=1"])
def test_numbers_and_words_stay(text: str) -> None:
    """A negative amount is a number, not a formula."""
    assert neutral(text) == text


@pytest.mark.parametrize("text", ['=cmd|"/c calc"!B7', "@SUM(1)", '"=1+1', "+1", "-1+2", "\t=1"])
def test_csv_cells_are_neutral(text: str, run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """No cell of the CSV starts like a formula, whatever the input holds."""
    quoted = '"' + text.replace('"', '""') + ' Hikvision"'
    report = run(put("in.csv", f"Supplier,Text,Organisation\n{quoted},{quoted},{quoted}\n"))
    rows = list(csv.reader(io.StringIO(Csv().render(report).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    assert [cell for row in rows for cell in row if neutral(cell) != cell] == []


def test_format_by_suffix() -> None:
    """The suffix chooses the format, in any case; another suffix is told the ones there are."""
    assert format_for(Path("x.JSON")).suffix == ".json"
    with pytest.raises(UsageError) as caught:
        format_for(Path("report.pdf"))
    assert all(form.suffix in caught.value.hint for form in REPORTS)


def test_printable() -> None:
    """No control or direction character is left; line ends, tabs and letters of every script are."""
    text = "".join(map(chr, range(0x250))) + "\u202e\u2066海康威视"
    assert not CONTROL.search(printable(text))
    assert printable("a\tb\n海康威视 é") == "a\tb\n海康威视 é"
    assert "\x1b" not in printable("\x1b[31m")

"""The schemas that ship: they equal the types, and what we write and edit is valid by them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from offlimits.model import PROFILES
from offlimits.registry import evidence_folder
from offlimits.registry.yamlfile import Loader
from offlimits.report import Report
from offlimits.reports.data import Json
from offlimits.reports.redaction import redact
from offlimits.schema import EVIDENCE, REPORT, evidence_schemas, report_schema

SUPPLIERS = """\
Supplier,Description,MAC,Amount,Date
Hikvision UK & Ireland,8 x DS-2CD2143G2-I,,1200.50,2023-02-01
Smith & Sons,CCTV maintenance,,300,2023-02-02
Acme,camera,00:18:82:01:02:03,10,2023-02-03
Bolt,ragged
Acme,we do not use Dahua equipment,,1,2023-02-03
"""


def checker(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """A validator that checks formats (days are days) too."""
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def report_checker() -> jsonschema.Draft202012Validator:
    return checker(json.loads(REPORT.read_bytes()))


def kind_of(path: Path) -> str:
    """Which schema an evidence file answers to."""
    if path.name in ("not-measures.yaml", "registry.yaml", "words.yaml"):
        return path.stem
    return {"companies": "company", "fingerprints": "fingerprints"}.get(path.parent.name, "measure")


def test_report_schema_is_what_the_types_say() -> None:
    """The shipped file is generated; `python -m offlimits.schema` writes it anew."""
    assert REPORT.read_bytes() == report_schema()


@pytest.mark.parametrize("name", EVIDENCE)
def test_evidence_schema_is_what_the_types_say(name: str) -> None:
    """The same for each kind of evidence file."""
    assert (evidence_folder() / "schema" / f"{name}.json").read_bytes() == evidence_schemas()[name]


def test_no_schema_file_lies_about_unused() -> None:
    """Every schema file belongs to a kind."""
    assert {path.stem for path in (evidence_folder() / "schema").iterdir()} == set(EVIDENCE)


def test_every_evidence_file_is_valid_by_its_schema() -> None:
    """An editor that knows the schema marks nothing in the evidence that ships."""
    checkers = {name: checker(json.loads(schema)) for name, schema in evidence_schemas().items()}
    faults, seen = [], set()
    for path in sorted(evidence_folder().rglob("*.yaml")):
        with path.open(encoding="utf-8") as stream:
            plain = json.loads(json.dumps(yaml.load(stream, Loader=Loader), default=str))
        seen.add(kind_of(path))
        faults += [f"{path.name}: {fault.json_path} {fault.message}" for fault in checkers[kind_of(path)].iter_errors(plain)]
    assert faults == []
    assert seen == set(EVIDENCE)


@pytest.mark.parametrize(
    "broken",
    [
        {"group": "x", "entities": []},
        {"group": "x", "evidence": {}, "entities": [], "more": 1},
        {"group": 1, "evidence": {}, "entities": []},
    ],
)
def test_evidence_schema_refuses(broken: dict[str, Any]) -> None:
    """A missing part, an unknown field and a wrong type are refused."""
    assert not checker(json.loads(evidence_schemas()["company"])).is_valid(broken)


@pytest.mark.parametrize("profile", PROFILES)
def test_real_reports_are_valid_for_every_profile(profile: str, run: Callable[..., Report], tmp_path: Path) -> None:
    """What a run writes is valid by the shipped schema, whoever asks, and reads back as it was."""
    (tmp_path / "suppliers.csv").write_text(SUPPLIERS, encoding="utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no more")
    report = run(tmp_path, profile=profile)
    assert {finding.group for finding in report.findings} >= {"hikvision", "huawei"}
    assert report.leads
    assert report.disclaimed
    assert report.rejects
    for shown in (report, redact(report)):
        content = Json().render(shown)
        report_checker().validate(json.loads(content))
        assert msgspec.json.decode(content, type=type(report)) == shown


def test_report_of_nothing_is_valid(run: Callable[..., Report], tmp_path: Path) -> None:
    """An empty folder gives a valid report too."""
    report_checker().validate(json.loads(Json().render(run(tmp_path))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "offlimits.report/2"),
        (("as_of",), "23.11.2026"),
        (("coverage",), "clean"),
        (("findings", 0, "strength"), "certain"),
        (("findings", 0, "at"), {"line": 2}),
        (("findings", 0, "amount"), {"value": 12.5, "currency": "GBP"}),
    ],
)
def test_report_schema_refuses(path: tuple[str | int, ...], value: object, run: Callable[..., Report], tmp_path: Path) -> None:
    """A schema that lets everything through says nothing: wrong words, days, places and money as a float are refused."""
    (tmp_path / "suppliers.csv").write_text(SUPPLIERS, encoding="utf-8")
    plain = json.loads(Json().render(run(tmp_path)))
    part = plain
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert not report_checker().is_valid(plain)


def test_money_in_reports_is_a_decimal_string(run: Callable[..., Report], tmp_path: Path) -> None:
    """Money is never a float: `1200.50` stays `1200.50`."""
    (tmp_path / "suppliers.csv").write_text(SUPPLIERS, encoding="utf-8")
    report = run(tmp_path)
    values = [finding.amount.value for finding in report.findings if finding.amount]
    assert "1200.50" in values
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values)

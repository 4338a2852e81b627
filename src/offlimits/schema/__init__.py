"""JSON Schema of what is written (the report) and of what people edit (the evidence), generated from the types.

`python -m offlimits.schema` writes the files anew; a test holds them equal to the types.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from offlimits.model import Entity, Evidence, Fingerprint, Measure, NotAMeasure, Value
from offlimits.registry.data import Words
from offlimits.report import Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REPORT = Path(__file__).with_name("report-1.json")
"""The schema of `offlimits.report/1`, as it ships."""


class CompanyFile(Value, frozen=True):
    """`companies/<group>.yaml`: one listed group. Evidence ids are local to the file."""

    group: str
    evidence: dict[str, Evidence]
    entities: tuple[Entity, ...]


class FingerprintFile(Value, frozen=True):
    """`fingerprints/<kind>.yaml`: what devices say in one field. Evidence ids are local to the file; `kind` is the file's name and is
    not written."""

    evidence: dict[str, Evidence]
    fingerprints: tuple[Fingerprint, ...]


class NotMeasuresFile(Value, frozen=True):
    """`measures/not-measures.yaml`: what is often claimed and is not so."""

    claims: tuple[NotAMeasure, ...]


class SettingsFile(Value, frozen=True):
    """`registry.yaml`: the edition, and the source of the table of MAC prefixes."""

    version: str
    mac_prefixes: Evidence


EVIDENCE: dict[str, Any] = {
    "company": CompanyFile,
    "fingerprints": FingerprintFile,
    "measure": Measure,
    "not-measures": NotMeasuresFile,
    "registry": SettingsFile,
    "words": Words,
}


def report_schema() -> bytes:
    """The schema of the JSON report, as the types say it."""
    return _schema(Report, "offlimits.report/1")


def evidence_schemas() -> dict[str, bytes]:
    """The schemas of the evidence files by name, as the types say them."""
    return {name: _schema(kind, f"offlimits evidence: {name}") for name, kind in EVIDENCE.items()}


def _schema(kind: Any, title: str) -> bytes:
    schema = {"$schema": DIALECT, "title": title, **msgspec.json.schema(kind)}
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=1) + b"\n"


__all__ = ["EVIDENCE", "REPORT", "evidence_schemas", "report_schema"]

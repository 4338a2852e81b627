"""Golden cases: an input, and the whole report it must give.

`tests/cases/<reader>/<case>/input.*` is read; `expected.json` beside it holds the report. `OFFLIMITS_REWRITE=1 pytest tests/test_cases.py`
writes what the program says today; read the difference before you keep it. What changes with every edit of the evidence (versions, hashes,
the texts of entities, evidence and measures) is left out.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import Runner, check_conserved

from offlimits.readers import READERS
from offlimits.readers.base import Options
from offlimits.report import Report

CASES = Path(__file__).with_name("cases")
FOUND = sorted(path.parent for path in CASES.glob("*/*/input.*"))
LEFT_OUT = ("tool", "entities", "measures", "evidence")


def told(report: Report) -> dict[str, Any]:
    """The report as plain values, without what changes with the evidence."""
    plain = json.loads(msgspec.json.encode(report))
    for key in LEFT_OUT:
        del plain[key]
    for finding in plain["findings"]:
        finding["measures"] = sorted(state["id"] for state in finding["measures"] if state["binds"] != "others")
        finding["evidence"] = bool(finding["evidence"])
        finding["path"] = [[step["from"], step["relation"], step["to"]] for step in finding["path"]]
    plain["rejects"].sort(key=lambda reject: json.dumps(reject["at"]))
    for source in plain["sources"]:
        source["path"] = Path(source["path"]).name
    return plain  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", FOUND, ids=[str(path.relative_to(CASES)) for path in FOUND])
def test_golden_case(run: Runner, case: Path) -> None:
    """The whole report of the case is the one that was kept."""
    settings = case / "options.json"
    options = msgspec.json.decode(settings.read_bytes(), type=Options) if settings.exists() else Options()
    report = run(next(case.glob("input.*")), options=options, profile="us-federal-contractor")
    check_conserved(report)
    expected = case / "expected.json"
    if os.environ.get("OFFLIMITS_REWRITE"):
        expected.write_text(json.dumps(told(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert told(report) == json.loads(expected.read_text(encoding="utf-8"))


def test_every_reader_has_cases() -> None:
    """Each reader has three golden cases at least, one of them damaged."""
    for reader in READERS:
        cases = [path.name for path in FOUND if path.parent.name == reader.name]
        assert len(cases) >= 3, reader.name
        assert any(name.startswith("damaged") for name in cases), reader.name

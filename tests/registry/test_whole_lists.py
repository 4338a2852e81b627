"""Whole official lists screened as input: every row that names a company of ours is found, and nothing else at likely or above.

`whole_lists.yaml` holds the rows, counted by hand: by copy, by group, the lines. Some rows speak of a body of ours in words (an official of
the Xinjiang Production and Construction Corps); they name it, so they are found.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Runner, data_folder

from offlimits.registry.yamlfile import Loader
from offlimits.screening import Compiled

ROWS: dict[str, dict[str, list[int]]] = yaml.load(Path(__file__).with_name("whole_lists.yaml").read_text(encoding="utf-8"), Loader=Loader)


def found(report: Any) -> dict[str, list[int]]:
    """Lines with a finding at likely or above, by group."""
    lines: dict[str, set[int]] = {}
    for finding in report.findings:
        if finding.strength != "possible":
            lines.setdefault(finding.group, set()).add(finding.at.line or 0)
    return {group: sorted(numbers) for group, numbers in sorted(lines.items())}


@pytest.mark.parametrize("name", ROWS)
def test_whole_list_as_input(name: str, compiled: Compiled) -> None:
    """All of ours, and nothing else: a trap such as Dahua Electronics Corporation of Flushing, the Hytera Communications Limited of Hong Kong,
    fingerprints in hexadecimal, numbers of passports and 27 rows on sensitive nuclear goods give nothing."""
    report = Runner(compiled)(data_folder("lists", *name.split("/")))
    assert report.sources[0].entries > 0
    assert found(report) == ROWS[name]


def test_the_trap_is_in_the_copy() -> None:
    """The firm of Flushing with Dahua in its name stands in the Denied Persons List, so that finding nobody there says something."""
    text = data_folder("lists", "watchman", "dpl.txt").read_text(encoding="utf-8", errors="replace")
    assert "DAHUA ELECTRONICS CORPORATION" in text
    assert ROWS["watchman/dpl.txt"] == {}

"""No ordinary word is taken for a slip of a name: held against the word lists of the machine, where it has any."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from offlimits.judging import LIKELY
from offlimits.matching import Matching
from offlimits.registry import Registry
from offlimits.screening.part import ROW_END
from offlimits.text import fold

LISTS = sorted(path for path in Path("/usr/share/dict").glob("*") if path.is_file() and "README" not in path.name and not path.is_symlink())
OURS = {"huaweis", "dauhą"}
"""In a word list because the company is famous, or a made-up form."""


@pytest.fixture(scope="module")
def matching(registry: Registry) -> Matching:
    """The matchers with the search that dismisses most words at once."""
    matching = Matching(registry)
    matching.prepare()
    return matching


@pytest.mark.skipif(not LISTS, reason="no word lists are installed (Debian: wamerican, wngerman, wfrench, …)")
@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_ordinary_words_are_no_slips(path: Path, matching: Matching) -> None:
    """Words of a language that lie one slip away from a name stand in `words.yaml`, so that nobody's standards are MGI's StandardMPS."""
    words = path.read_text(encoding="utf-8", errors="ignore").split("\n")
    assert matching.search is not None
    called = [words[number] for number, _ in matching.search.rows(ROW_END.join(map(fold, words)), ROW_END, exact=False)]
    taken = {
        word
        for word in called
        for match in matching.find(word, "text")
        if word.casefold() not in OURS and match.rule in ("name-misspelt", "name-shortened")
    }
    assert sorted(taken) == []


OUI = Path(os.environ.get("OFFLIMITS_DATA", "none")) / "lists/oui"
AS_NEAR = {"Hivision Co.,ltd"}
"""One letter from a name, and written for it at least as often as for the firm."""


@pytest.mark.skipif(not OUI.is_dir(), reason="IEEE's tables are absent: set OFFLIMITS_DATA")
def test_other_makers_are_no_slips(registry: Registry, matching: Matching) -> None:
    """No maker in IEEE's tables, other than those whose prefixes we hold, is likely ours by a slip or by the form of a code."""
    ours = {mac.prefix for mac in registry.data.macs}
    held: dict[str, set[str]] = {}
    for path in OUI.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                held.setdefault(row["Organization Name"].strip(), set()).add(row["Assignment"])
    others = [name for name, prefixes in held.items() if not prefixes & ours and name not in AS_NEAR]
    assert len(others) > 20_000
    taken = {
        (name, match.entity)
        for name in others
        for match in matching.find(name, "maker")
        if match.rule in ("name-misspelt", "name-shortened", "product-code") and match.score >= LIKELY and not match.disclaimed
    }
    assert sorted(taken) == []

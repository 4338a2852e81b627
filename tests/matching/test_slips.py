"""No ordinary word is taken for a slip of a name: held against the word lists of the machine, where it has any."""

from __future__ import annotations

from pathlib import Path

import pytest

from offlimits.matching import Matching
from offlimits.matching.base import read_text
from offlimits.matching.names import Names
from offlimits.registry import Registry

LISTS = sorted(path for path in Path("/usr/share/dict").glob("*") if path.is_file() and "README" not in path.name and not path.is_symlink())
OURS = {"huaweis", "dauhą"}
"""In a word list because the company is famous, or a made-up form."""


@pytest.mark.skipif(not LISTS, reason="no word lists are installed (Debian: wamerican, wngerman, wfrench, …)")
@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_ordinary_words_are_no_slips(path: Path, registry: Registry) -> None:
    """Words of a language that lie one slip away from a name stand in `words.yaml`, so that nobody's standards are MGI's StandardMPS."""
    names = next(matcher for matcher in Matching(registry).matchers if isinstance(matcher, Names))
    taken = {
        word
        for word in path.read_text(encoding="utf-8", errors="ignore").split("\n")
        if word.casefold() not in OURS
        for match in names.find(read_text(word, "text"))
        if match.rule in ("name-misspelt", "name-shortened")
    }
    assert sorted(taken) == []

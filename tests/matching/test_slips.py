"""No ordinary word is taken for a slip of a name: held against the word lists of the machine, where it has any."""

from __future__ import annotations

from pathlib import Path

import pytest

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

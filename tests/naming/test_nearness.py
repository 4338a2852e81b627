"""Candidates among many words: whatever is one letter away, or sounds alike, is found; the hashes lose nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from offlimits.naming import read_name, score
from offlimits.naming.aligning import word_cost
from offlimits.naming.nearness import LEAST, Neighbours, sounds
from offlimits.naming.scripts import sound
from offlimits.naming.words import telling

WORDS = st.lists(st.text("abehklsy", min_size=1, max_size=10), max_size=12)


@given(WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_every_neighbour_is_found(asked: list[str], listed: list[str]) -> None:
    """Words of four letters and more that are one slip apart always meet; so do those with the same consonants that answer one another."""
    found = set(Neighbours(listed).of(asked))
    for row, first in enumerate(asked):
        for number, second in enumerate(listed):
            near = min(len(first), len(second)) >= LEAST and OSA.distance(first, second) <= 1
            heard = sound(first) and sound(first) == sound(second) and word_cost(telling(first, first), telling(second, second))
            if near or heard:
                assert (row, number) in found, (first, second)


@given(st.lists(st.text(max_size=12), max_size=8))
@settings(max_examples=200, deadline=None)
def test_sounds_of_many_are_the_sounds_of_each(words: list[str]) -> None:
    """Rewriting all words at once is rewriting each."""
    assert sounds(words) == [sound(word) for word in words]


def test_own_acronym_says_nothing_more() -> None:
    """A name's own acronym behind it or before it is no further word."""
    plain = read_name("Centre National de la Recherche Scientifique").words
    assert read_name("CNRS (Centre National de la Recherche Scientifique)").words == plain
    assert read_name("Centre National de la Recherche Scientifique (CNRS)").words == plain


def test_bare_acronym_is_nobody() -> None:
    """First letters and a business word are no second sign."""
    assert score("CID Group", "Chemical Industries & Development of Materials Group") < 0.5
    assert score("S.S. Co.", "Strait Shipbrokers Pte. Ltd.") < 0.5

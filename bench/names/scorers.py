"""The scorers, each with the threshold its makers give or, where they give none, the usual one. Imports stay inside: a worker loads one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Score = Callable[[Sequence[tuple[str, str]]], list[float]]


def ours() -> Score:
    """offlimits: how sure it is that two names are one company."""
    from offlimits.naming import score_pairs

    return lambda pairs: [float(score) for score in score_pairs(pairs)]


def _nomenklatura(name: str) -> Score:
    from followthemoney import ValueEntity
    from nomenklatura.matching import get_algorithm

    algorithm: Any = get_algorithm(name)
    config = algorithm.default_config()

    def entity(text: str) -> Any:
        return ValueEntity.from_dict({"id": text, "schema": "Company", "properties": {"name": [text]}})

    return lambda pairs: [algorithm.compare(entity(a), entity(b), config).score for a, b in pairs]


def logic_v1() -> Score:
    """nomenklatura's logic-v1."""
    return _nomenklatura("logic-v1")


def logic_v2() -> Score:
    """nomenklatura's logic-v2."""
    return _nomenklatura("logic-v2")


def token_sort() -> Score:
    """rapidfuzz's token_sort_ratio over lower-cased words."""
    from rapidfuzz import fuzz, utils

    return lambda pairs: [fuzz.token_sort_ratio(a, b, processor=utils.default_process) / 100 for a, b in pairs]


def weighted_ratio() -> Score:
    """rapidfuzz's WRatio over lower-cased words."""
    from rapidfuzz import fuzz, utils

    return lambda pairs: [fuzz.WRatio(a, b, processor=utils.default_process) / 100 for a, b in pairs]


def tfidf() -> Score:
    """Cosine of TF-IDF vectors of character 3-grams, fitted on the pairs' own names."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    def score(pairs: Sequence[tuple[str, str]]) -> list[float]:
        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), lowercase=True)
        names = [name for pair in pairs for name in pair]
        matrix = vectors.fit_transform(names)
        return [float(value) for value in matrix[0::2].multiply(matrix[1::2]).sum(axis=1).A1]

    return score


SCORERS: dict[str, tuple[Callable[[], Score], float]] = {
    "offlimits": (ours, 0.5),
    "logic-v2": (logic_v2, 0.7),
    "logic-v1": (logic_v1, 0.7),
    "token_sort": (token_sort, 0.88),
    "WRatio": (weighted_ratio, 0.9),
    "TF-IDF 3-grams": (tfidf, 0.8),
}
"""By name: the scorer and its threshold."""

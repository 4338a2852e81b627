"""Names of organisations: read in every script, compared with reasons, found again among many."""

from __future__ import annotations

from offlimits.naming.reading import normalise, read_name
from offlimits.naming.scoring import THRESHOLD, Judgement, Part, answers_whole, judge, same_score, score, score_pairs

__all__ = ["THRESHOLD", "Judgement", "Part", "answers_whole", "judge", "normalise", "read_name", "same_score", "score", "score_pairs"]

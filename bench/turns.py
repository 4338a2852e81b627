"""Times of calls, taken in turn: a machine that slows down slows all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 5


def timed(*calls: Callable[[], object]) -> list[float]:
    """Seconds that each call takes: the median of `ROUNDS` runs."""
    runs: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, seconds in zip(calls, runs, strict=True):
            before = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - before)
    return [statistics.median(seconds) for seconds in runs]

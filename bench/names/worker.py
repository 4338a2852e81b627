"""One scorer in a process of its own: reads pairs as JSON on standard input, answers with scores, seconds and peak memory.

Run by `bench/names`; the interpreter may be another one, in which the peers are installed.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from scorers import SCORERS


def main() -> None:
    """Score every set once, in the order given: names are new to the scorer where they are new in the data."""
    sets = json.load(sys.stdin)
    started = time.perf_counter()
    score = SCORERS[sys.argv[1]][0]()
    score([("a b", "a c")])
    loading = time.perf_counter() - started
    answers = {}
    for name, pairs in sets.items():
        before = time.process_time()
        scores = score(pairs)
        answers[name] = {"scores": scores, "seconds": time.process_time() - before}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"sets": answers, "loading": loading, "peak_mb": peak}, sys.stdout)


if __name__ == "__main__":
    main()

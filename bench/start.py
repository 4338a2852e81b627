"""Start of the program against the start of bare Python: medians of one run, ratios."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time

REPEATS = 11
QUESTIONS = ("Hikvision", "海康威视", "002415.SZ", "CNE100000PM8", "44:19:B6:0A:11:9C", "DS-2CD2143G2-I", "hikvision.com")


def median(command: list[str]) -> float:
    """Median seconds of a whole process, after one run to warm caches."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print one line for each command."""
    program = shutil.which("offlimits") or "offlimits"
    bare = median([sys.executable, "-c", "pass"])
    print(f"{'bare python':<40}{bare * 1000:>8.0f} ms")
    for words in (["--help"], *(["explain", question] for question in QUESTIONS)):
        took = median([program, *words])
        print(f"{'offlimits ' + ' '.join(words):<40}{took * 1000:>8.0f} ms{took / bare:>8.1f} ×")


if __name__ == "__main__":
    main()

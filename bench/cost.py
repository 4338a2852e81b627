"""Cost of screening against the standard library's csv reading the same file and doing nothing: one run, medians, ratios, peak memory."""

from __future__ import annotations

import csv
import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from data import data_folder

REPEATS = int(os.environ.get("BENCH_REPEATS", "3"))
BARE = """
import csv, sys
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    for row in csv.reader(stream):
        pass
"""
OURS = """
import sys
from datetime import date
from offlimits import screen
report = screen([sys.argv[1]], as_of=date(2026, 11, 23))
source = report.sources[0]
assert source.units == source.entries + source.rejects + source.skipped
"""
MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1], sys.argv[2]], check=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def real_rows() -> tuple[list[str], list[list[str]]]:
    """Real rows of a council's spending; invented ones when the data is absent."""
    folder = data_folder("procurement/council_spend/sheffield")
    head: list[str] = []
    rows: list[list[str]] = []
    for path in sorted(folder.glob("*.csv.gz"))[20:] if folder else []:
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as stream:
            reader = csv.reader(stream)
            first = next(reader)
            if len(first) == 14:
                head, rows = first, rows + [row for row in reader if len(row) == 14]
    return (head, rows) if rows else _invented()


def _invented() -> tuple[list[str], list[list[str]]]:
    head = [
        "Body Name",
        "Unit",
        "No.",
        "Unit Description",
        "Code",
        "Code Description",
        "Date",
        "Document No.",
        "Invoice No.",
        "Value",
        "Supplier Name",
        "Book",
        "Level 1",
        "Classification",
    ]
    words = [
        "alder",
        "beech",
        "cedar",
        "dale",
        "elm",
        "field",
        "grove",
        "hill",
        "iron",
        "juniper",
        "keel",
        "lake",
        "mill",
        "north",
        "oak",
        "park",
        "quay",
        "rose",
        "stone",
        "thorn",
    ]
    pick = random.Random(1)
    rows = [
        [
            "EXAMPLETON",
            "PLACE",
            "21313",
            "GENERAL",
            "6030",
            "REPAIRS",
            "2016-04-04",
            "1",
            "1",
            f"{pick.randint(1, 99999) / 100}",
            " ".join(pick.sample(words, 2)).upper() + " LTD",
            "1",
            "",
            "BUILDING WORKS",
        ]
        for _ in range(20_000)
    ]
    return head, rows


def write(path: Path, count: int, free_text: bool) -> None:
    """Repeat the rows: every one with a distinct reference, 10,000 distinct suppliers, and if asked a distinct free text."""
    head, rows = real_rows()
    pick = random.Random(7)
    names = sorted({row[10] for row in rows})
    suppliers = [f"{names[number % len(names)]} {number // len(names) or ''}".strip() for number in range(10_000)]
    words = sorted({word.lower() for row in rows for cell in (row[3], row[5], row[13]) for word in cell.split()})
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([*head, "Description"] if free_text else head)
        for number in range(count):
            row = list(rows[number % len(rows)])
            row[7], row[8], row[10] = str(10_000_000 + number), f"INV{number:09d}", suppliers[number % 10_000]
            writer.writerow([*row, " ".join(pick.choices(words, k=8)) + f" {number}"] if free_text else row)


def measure(code: str, path: Path) -> tuple[float, float]:
    """Median processor seconds and the peak memory in MB of a whole process."""
    runs = [
        [
            float(part)
            for part in subprocess.run(
                [sys.executable, "-c", MEASURE, code, str(path)], capture_output=True, text=True, check=True
            ).stdout.split()
        ]
        for _ in range(REPEATS)
    ]
    return statistics.median(run[0] for run in runs), max(run[1] for run in runs)


def main() -> None:
    """Print one line for each file."""
    print(f"{'file':<34}{'csv s':>8}{'ours s':>8}{'ratio':>7}{'peak MB':>9}   (processor seconds, medians of {REPEATS})")
    with tempfile.TemporaryDirectory() as folder:
        for name, count, free_text in (
            ("100,000 rows", 100_000, False),
            ("1,000,000 rows", 1_000_000, False),
            ("1,000,000 rows, distinct texts", 1_000_000, True),
        ):
            path = Path(folder) / "rows.csv"
            write(path, count, free_text)
            (bare, _), (ours, peak) = measure(BARE, path), measure(OURS, path)
            print(f"{name:<34}{bare:>8.2f}{ours:>8.2f}{ours / bare:>7.2f}{peak:>9.0f}", flush=True)


if __name__ == "__main__":
    main()

"""Retrieval: 100,000 vendors against 5,000 listed names, beside TF-IDF with sparse_dot_topn and our scorer; a million against 20,000;
recall against scoring every pair. Each in a process of its own."""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from data import data_folder  # noqa: E402
from sets import slip, targets, vendors  # noqa: E402

TURNS = 3
"""Times that ours and the peer are run, one after the other."""

QUERIES = 500
"""Queries whose hits are compared with those of scoring every pair."""


def ours(names: list[str], listed: list[str]) -> tuple[int, float]:
    """Hits and seconds of compiling and searching, nothing cached; without a search for garbage cycles meanwhile, as in every run of the
    program."""
    gc.disable()
    from offlimits.naming.retrieval import NameIndex

    before = time.perf_counter()
    found = NameIndex(listed, cache=False).search(names)
    return sum(map(bool, found)), time.perf_counter() - before


def peer(names: list[str], listed: list[str]) -> tuple[int, float]:
    """The same by TF-IDF of character 3-grams, the five nearest above .4, scored by our scorer."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    from offlimits.naming import read_name, same_score

    before = time.perf_counter()
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
    right = vectors.fit_transform(listed)
    left = vectors.transform(names)
    near = sp_matmul_topn(left, right.T.tocsr(), top_n=5, threshold=0.4).tocoo()
    kept = [
        row for row, column in zip(near.row, near.col, strict=True) if same_score(read_name(names[row]), read_name(listed[column])) >= 0.5
    ]
    return len(set(kept)), time.perf_counter() - before


def recall(names: list[str], listed: list[str]) -> tuple[float, int]:
    """Of all pairs that the scorer calls the same, the share that the search finds: misspelt listed names, and vendors with hits."""
    from offlimits.naming import THRESHOLD, read_name, same_score
    from offlimits.naming.retrieval import NameIndex

    index, pick = NameIndex(listed, cache=False), random.Random(5)
    hits = [name for name, found in zip(names, index.search(names), strict=True) if found]
    queries = [slip(name, pick) for name in pick.sample(listed, QUERIES // 2)] + pick.sample(hits, min(len(hits), QUERIES // 4))
    queries += pick.sample(names, QUERIES - len(queries))
    read = [read_name(name) for name in listed]
    wanted = found_too = 0
    for query, found in zip(queries, index.search(queries, limit=len(listed)), strict=True):
        name, numbers = read_name(query), {hit.number for hit in found}
        same = {number for number, other in enumerate(read) if same_score(name, other) >= THRESHOLD}
        wanted, found_too = wanted + len(same), found_too + len(same & numbers)
    return found_too / wanted, wanted


def measured(way: str, count: int, listed: int, peers: str) -> dict[str, Any]:
    """One measurement in a process of its own, printed; empty where the peer is not installed."""
    code = [sys.executable if way == "ours" else peers, str(Path(__file__)), way, str(count), str(listed)]
    done = subprocess.run(code, capture_output=True, text=True)
    if done.returncode:
        print(f"absent: {way}: {done.stderr.strip().splitlines()[-1]}")
        return {}
    told: dict[str, Any] = json.loads(done.stdout) | {"way": way}
    speed = f"{told['seconds']:>8.2f} s{count / told['seconds']:>12,.0f} names/s"
    print(f"{f'{count:,} x {listed:,}':<20}{way:<6}{speed}{told['hits']:>7} hits{told['peak_mb']:>7.0f} MB")
    return told


def show_retrieval(asked: argparse.Namespace) -> None:
    """Every measurement in its own process."""
    print("retrieval (wall seconds on one core, nothing cached; the peer finds at most five candidates a name)")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    small = [told for turn in range(TURNS) for way in ("ours", "peer") if (told := measured(way, 100_000, 5_000, asked.peers))]
    took = {way: statistics.median(told["seconds"] for told in small if told["way"] == way) for way in {told["way"] for told in small}}
    if "peer" in took:
        print(
            f"100k x 5k, medians of {TURNS} in turn: ours {took['ours']:.2f} s, {took['peer'] / took['ours']:.1f} times as fast as the peer"
        )
    if asked.retrieval == "full" and (told := measured("ours", 1_000_000, 20_000, asked.peers)):
        print(f"1M x 20k: {1_000_000 / told['seconds'] / (100_000 / took['ours']):.2f} of the names/s of 100k x 5k")
    done = subprocess.run([sys.executable, str(Path(__file__)), "recall", "100000", "5000"], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    print(f"recall against scoring every pair: {told['recall']:.4f} of {told['wanted']} pairs, {QUERIES} queries")


def main() -> None:
    """One measurement, as JSON."""
    way, count, listed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    data = data_folder("")
    if data is None:
        return
    names, others = vendors(data, count), targets(data, listed)
    if way == "recall":
        share, wanted = recall(names, others)
        print(json.dumps({"recall": share, "wanted": wanted}))
        return
    hits, seconds = (ours if way == "ours" else peer)(names, others)
    print(json.dumps({"hits": hits, "seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()

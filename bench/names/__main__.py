"""Names: ours beside its peers on every labelled set, each in a process of its own; alerts; retrieval. `python bench/names --help`."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from data import data_folder  # noqa: E402
from scorers import SCORERS  # noqa: E402
from sets import SETS, Pair, assignee_names, dod_names, half_of, ofac_names, real_vendors, sample_names  # noqa: E402

from offlimits.naming.retrieval import NameIndex  # noqa: E402

FLOOR = 0.93
"""The precision at which recall is compared."""

SPARSE = 4
"""One supplier of so many of the test half is asked about."""


def confusion(pairs: Sequence[Pair], scores: Sequence[float], threshold: float) -> tuple[int, int, int, int]:
    """Rightly same, wrongly same, wrongly not, rightly not."""
    said = [score >= threshold for score in scores]
    right = [pair.same for pair in pairs]
    return (
        sum(s and r for s, r in zip(said, right, strict=True)),
        sum(s and not r for s, r in zip(said, right, strict=True)),
        sum(r and not s for s, r in zip(said, right, strict=True)),
        sum(not s and not r for s, r in zip(said, right, strict=True)),
    )


def f1_of(cells: tuple[int, int, int, int]) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is found."""
    tp, fp, fn, _ = cells
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def best_f1(pairs: Sequence[Pair], scores: Sequence[float]) -> tuple[float, float]:
    """The best F1 any threshold reaches, and that threshold."""
    return max((f1_of(confusion(pairs, scores, cut)), cut) for cut in sorted(set(scores))[:: max(1, len(set(scores)) // 200)])


def recall_at(pairs: Sequence[Pair], scores: Sequence[float], floor: float) -> tuple[float, float]:
    """Best recall of any threshold whose precision is at least `floor`, and that threshold."""
    order = sorted(zip(scores, (pair.same for pair in pairs), strict=True), reverse=True)
    total, tp, best = sum(pair.same for pair in pairs), 0, (0.0, 1.0)
    for number, (score, same) in enumerate(order, start=1):
        tp += same
        last = number == len(order) or order[number][0] != score
        if last and tp / number >= floor and tp / total > best[0]:
            best = (tp / total, score)
    return best


def run(name: str, python: str, sets: dict[str, list[tuple[str, str]]]) -> dict[str, Any] | None:
    """The worker's answer, or None (said) where the scorer cannot be loaded there."""
    code = [sys.executable if name == "offlimits" else python, str(HERE / "worker.py"), name]
    done = subprocess.run(code, input=json.dumps(sets), capture_output=True, text=True)
    if done.returncode:
        print(f"absent: {name}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no word why'}")
        return None
    return dict(json.loads(done.stdout))


def show_pairs(name: str, chosen: dict[str, list[Pair]], answer: dict[str, Any], half: str) -> None:
    """One line for each set."""
    threshold = SCORERS[name][1]
    for title, pairs in chosen.items():
        scores = answer["sets"][title]["scores"]
        kept = [(pair, score) for pair, score in zip(pairs, scores, strict=True) if half == "all" or pair.half == half]
        if not kept:
            continue
        some, marks = [pair for pair, _ in kept], [score for _, score in kept]
        tp, fp, fn, tn = cells = confusion(some, marks, threshold)
        precision, recall = tp / (tp + fp) if tp + fp else 1.0, tp / (tp + fn) if tp + fn else 0.0
        best, cut = best_f1(some, marks)
        at, at_cut = recall_at(some, marks, FLOOR)
        print(
            f"{name:<15}{title:<31}{half:<5}{tp:>6}{fp:>6}{fn:>6}{tn:>6}{precision:>7.3f}{recall:>7.3f}{f1_of(cells):>7.3f}"
            f"{best:>7.3f} @{cut:<5.2f}{at:>7.3f} @{at_cut:<5.2f}{len(pairs) / answer['sets'][title]['seconds']:>11,.0f}"
        )


def against(names: Sequence[str], others: Sequence[str], most: int) -> list[tuple[str, str]]:
    """Every name with the `most` nearest others by two measures, and with those that our search finds: all pairs that any scorer here could
    take for one."""
    from rapidfuzz import fuzz, process, utils

    texts, cells = [utils.default_process(name) for name in others], [utils.default_process(name) for name in names]
    chosen: set[tuple[int, int]] = set()
    for scorer in (fuzz.token_sort_ratio, fuzz.token_set_ratio):
        scores = process.cdist(cells, texts, scorer=scorer, workers=2)
        for row, line in enumerate(scores):
            chosen |= {(row, int(place)) for place in line.argsort()[::-1][:most]}
    for row, hits in enumerate(NameIndex(others, cache=False).search(names)):
        chosen |= {(row, hit.number) for hit in hits}
    return [(names[row], others[place]) for row, place in sorted(chosen)]


def show_alerts(name: str, alerts: dict[str, tuple[int, list[tuple[str, str]]]], answer: dict[str, Any], verbose: bool) -> None:
    """Names that would alert, for a thousand; a name counts once."""
    threshold = SCORERS[name][1]
    for title, (count, pairs) in alerts.items():
        hits = [(pair, score) for pair, score in zip(pairs, answer["sets"][title]["scores"], strict=True) if score >= threshold]
        names = {pair[0] for pair, _ in hits}
        print(f"{name:<15}{title:<44}{len(names):>5} of {count:,} names = {1000 * len(names) / count:>6.2f} in 1,000")
        for pair, score in hits if verbose else hits[:0]:
            print(f"      {score:.2f}  {pair[0]}  ~  {pair[1]}")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench/names", description=__doc__)
    parser.add_argument("--peers", default=sys.executable, help="a Python in which nomenklatura, rapidfuzz, scikit-learn are installed")
    parser.add_argument("--only", action="append", help="only this scorer; may stand several times")
    parser.add_argument("--half", choices=("all", "tune", "test"), action="append", help="which halves of the sets (default: all and test)")
    parser.add_argument("--wrong", action="store_true", help="also print every pair that ours judges wrongly, and every alert")
    parser.add_argument("--retrieval", choices=("no", "small", "full"), default="full", help="time 100k x 5k; full: 1M x 20k too")
    return parser.parse_args()


def show_wrong(chosen: dict[str, list[Pair]], answer: dict[str, Any], half: str) -> None:
    """Every pair judged wrongly, sureness first."""
    for title, pairs in chosen.items():
        print(f"\nwrong: {title}, {half}")
        scored = zip(pairs, answer["sets"][title]["scores"], strict=True)
        wrong = [(score, pair) for pair, score in scored if (score >= SCORERS["offlimits"][1]) != pair.same and half in (pair.half, "all")]
        for score, pair in sorted(wrong, key=lambda item: (item[1].same, -item[0]))[:400]:
            print(f"  {'missed' if pair.same else 'false '} {score:.3f}  {pair.first}  |  {pair.second}")


def main() -> None:
    """Everything that the data beside the project allows."""
    asked = parse()
    names, lists = data_folder("names"), data_folder("lists")
    if names is None or lists is None:
        return
    chosen = {title: list(make(names)) for title, make in SETS.items()}
    assigned = assignee_names(names)
    suppliers = [name for name in sorted(real_vendors(lists.parent)) if half_of(name) == "test"][::SPARSE]
    alerts = {
        "alerts: assignees against 1260H": (len(assigned), against(assigned, dod_names(lists), 8)),
        "alerts: assignees against 5,000 of OFAC": (len(assigned), against(assigned, ofac_names(lists), 8)),
        "alerts: suppliers against 5,000 of OFAC": (len(suppliers), against(suppliers, ofac_names(lists), 8)),
    }
    mirrored = {"rigour sample, each name with itself": [(name, name) for name in sample_names(names)]}
    sets = {title: [(pair.first, pair.second) for pair in pairs] for title, pairs in chosen.items()} | mirrored
    sets |= {title: pairs for title, (_, pairs) in alerts.items()}
    print(f"{sum(map(len, sets.values())):,} pairs; thresholds: {', '.join(f'{name} {cut}' for name, (_, cut) in SCORERS.items())}")
    head = f"{'scorer':<15}{'set':<31}{'half':<5}{'TP':>6}{'FP':>6}{'FN':>6}{'TN':>6}{'prec':>7}{'recall':>7}{'F1':>7}{'best F1':>14}"
    print(f"{head}{'recall@.93':>14}{'pairs/s':>11}")
    for name in asked.only or list(SCORERS):
        answer = run(name, asked.peers, sets)
        if answer is None:
            continue
        for half in asked.half or ["all", "test"]:
            show_pairs(name, chosen, answer, half)
            if asked.wrong and name == "offlimits":
                show_wrong(chosen, answer, half)
        show_alerts(name, alerts, answer, asked.wrong)
        for title, pairs in mirrored.items():
            own = sum(score >= SCORERS[name][1] for score in answer["sets"][title]["scores"])
            print(f"{name:<15}{title:<44}{own:>5} of {len(pairs):,}")
        speeds = [len(sets[title]) / found["seconds"] for title, found in answer["sets"].items()]
        whole = sum(map(len, sets.values())) / sum(found["seconds"] for found in answer["sets"].values())
        median = statistics.median(speeds)
        speed = f"{median:,.0f} pairs/s (median of sets), {whole:,.0f} over all"
        print(f"{name:<15}{speed}; loads in {answer['loading']:.1f} s; {answer['peak_mb']:.0f} MB\n")
    if asked.retrieval != "no":
        from retrieval import show_retrieval

        show_retrieval(asked)


if __name__ == "__main__":
    main()

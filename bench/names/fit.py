"""Fit the weights of `same`: on the tuning halves of the labelled sets, and on names that must not alert. `python bench/names/fit.py`

First a logistic regression within the signs, then small random steps that raise what is judged at the threshold: F1 on three sets,
recall on OFAC's aliases above a precision, few alerts. Pairs whose numbers differ are left out: their labels contradict one another.
Prints the weights for `naming/weights.py`. Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from data import data_folder  # noqa: E402
from sets import SETS, Pair, assignee_names, dod_names, half_of, ofac_names, real_vendors  # noqa: E402

from offlimits.naming.aligning import align  # noqa: E402
from offlimits.naming.features import FEATURES, measure  # noqa: E402
from offlimits.naming.reading import read_name  # noqa: E402
from offlimits.naming.retrieval import NameIndex  # noqa: E402

KEYS = list(FEATURES)
FITTED = ("name_bench organisations", "OpenSanctions 2021 judgements", "OFAC aliases", "PatentsView air-umass")
SHARE = dict(zip(FITTED, (4.0, 2.0, 1.0, 3.0), strict=True))
PRECISION = 0.94
"""Aimed at on the tuning half, so that .93 holds elsewhere."""

SOFT = 2.0
"""How sharply a pair near the threshold counts: the less, the more its neighbours say too."""

LEAST_ALIKE = 0.05
"""Score from which a vendor's nearest listed names are learnt from."""

SEEDS = 3
"""Climbs of which the mean is taken: no single walk decides."""

BOUNDS: dict[str, tuple[float, float]] = {
    "start": (-9, 0.3),
    "same-name": (1, 4),
    "telling-shared": (0, 4.5),
    "other-shared": (0.1, 3),
    "covered": (0, 8),
    "telling-left": (-8, -4),
    "telling-both": (-8, -0.8),
    "trade-left": (-8, -2.5),
    "trade-both": (-8, -0.8),
    "common-left": (-6, -0.3),
    "common-both": (-6, -0.3),
    "place-left": (-12, -5),
    "place-both": (-12, -4),
    "number-left": (-8, -1),
    "number-both": (-26, -20),
    "slips": (-6, -0.6),
    "slip-alone": (-6, -0.2),
    "guess-alone": (-12, -9),
    "acronym-alone": (-18, -13),
    "branch": (-8, -3),
    "lone-word": (-12, -7),
    "nothing-telling": (-6, -1),
    "short-word": (-5, -1),
    "other-form": (-3, -0.3),
    "other-order": (-2, -0.05),
}
"""Within the signs, what must hold whatever the sets say: a branch, another number, one lone word are never the same company."""

Table = np.ndarray[Any, Any]


def table(pairs: list[tuple[str, str]]) -> Table:
    """The features of every pair."""
    rows = []
    for a, b in pairs:
        first, second = read_name(a), read_name(b)
        found = align(first, second)
        rows.append(measure(first, second, found) if found.answers else [0.0] * len(KEYS))
        if not found.answers:
            rows[-1][0], rows[-1][KEYS.index("nothing-telling")] = 1.0, 9.0
    return np.array(rows)


def must_not_alert(data: Path) -> list[tuple[str, str]]:
    """8,000 vendors and all assignees, each with the nearest listed names by two measures; none the same but for a handful."""
    from rapidfuzz import fuzz, process, utils

    vendors = sorted(real_vendors(data))
    random.Random(3).shuffle(vendors)
    pairs: set[tuple[str, str]] = set()
    for listed in (dod_names(data / "lists"), ofac_names(data / "lists")):
        texts = [utils.default_process(name) for name in listed]
        for names in (vendors[:8000], assignee_names(data / "names")):
            cells = [utils.default_process(name) for name in names]
            for scorer in (fuzz.token_sort_ratio, fuzz.token_set_ratio):
                for start in range(0, len(cells), 1000):
                    scores = process.cdist(cells[start : start + 1000], texts, scorer=scorer, workers=2)
                    for row, line in enumerate(scores):
                        nearest = line.argsort()[::-1][:4]
                        pairs |= {(names[start + row], listed[place]) for place in nearest if line[place] > 50}
    return sorted(pairs | found_alike(data))


def found_alike(data: Path) -> set[tuple[str, str]]:
    """Vendors of the tuning half, each with the OFAC names that the search itself finds for it, down to a twentieth of a chance. None
    that we looked at was on the list, so what is not the same name letter by letter counts as a false alert."""
    vendors = [name for name in sorted(real_vendors(data)) if half_of(name) == "tune"]
    listed = ofac_names(data / "lists")
    found = NameIndex(listed, cache=False).search(vendors, threshold=LEAST_ALIKE)
    return {(name, listed[hit.number]) for name, hits in zip(vendors, found, strict=True) for hit in hits}


class Fit:
    """The tables, and what is aimed at."""

    def __init__(self, data: Path) -> None:
        self.pairs: dict[str, list[Pair]] = {title: list(SETS[title](data / "names")) for title in FITTED}
        self.x = {title: table([(pair.first, pair.second) for pair in pairs]) for title, pairs in self.pairs.items()}
        self.y = {title: np.array([pair.same for pair in pairs], float) for title, pairs in self.pairs.items()}
        number = KEYS.index("number-both")
        self.use = {
            title: np.array([pair.half == "tune" for pair in pairs]) & ~((self.x[title][:, number] > 0) & (self.y[title] == 1))
            for title, pairs in self.pairs.items()
        }
        hard = table(must_not_alert(data))
        self.hard = hard[hard[:, KEYS.index("same-name")] == 0]
        self.low, self.high = (np.array([BOUNDS[key][side] for key in KEYS], float) for side in (0, 1))

    def begin(self) -> Table:
        """Logistic regression within the bounds."""
        x = np.vstack([self.x[title][self.use[title]] for title in FITTED] + [self.hard])
        y = np.r_[np.concatenate([self.y[title][self.use[title]] for title in FITTED]), np.zeros(len(self.hard))]
        share = np.r_[np.concatenate([np.full(self.use[title].sum(), SHARE[title]) for title in FITTED]), np.full(len(self.hard), 4.0)]

        def loss(w: Table) -> tuple[float, Table]:
            z = x @ w
            error = share * (1 / (1 + np.exp(-z)) - y)
            return float(np.sum(share * (np.logaddexp(0, z) - y * z)) + 0.3 * np.sum(w[1:] ** 2)), x.T @ error + 0.6 * np.r_[0, w[1:]]

        bounds = list(zip(self.low, self.high, strict=True))
        return np.asarray(minimize(loss, np.clip(np.zeros(len(KEYS)), self.low, self.high), jac=True, bounds=bounds, method="L-BFGS-B").x)

    def worth(self, w: Table, home: Table) -> float:
        """What the weights are worth; softened, so that pairs near the threshold count by halves."""
        total = -0.0005 * float(np.sum((w - home) ** 2))
        for title in FITTED:
            z, y = self.x[title][self.use[title]] @ w, self.y[title][self.use[title]]
            said = 1 / (1 + np.exp(-np.clip(SOFT * z, -60, 60)))
            right, wrong = float((said * y).sum()), float((said * (1 - y)).sum())
            if title == "OFAC aliases":
                total += 1.5 * min(right / y.sum(), 0.52) - 6 * max(0.0, PRECISION - right / (right + wrong + 1e-9))
            else:
                total += (1.5 if title.startswith(("name_bench", "OpenSanctions")) else 1.0) * 2 * right / (right + wrong + y.sum())
        alerts = 1 / (1 + np.exp(-np.clip(SOFT * (self.hard @ w), -60, 60)))
        return total - 0.0015 * float(alerts.sum())

    def climb(self, home: Table, seconds: float, seed: int) -> Table:
        """Small random steps, each kept if it is worth it."""
        pick = np.random.default_rng(seed)
        w, best, until = home, self.worth(home, home), time.monotonic() + seconds
        while time.monotonic() < until:
            step = np.zeros(len(w))
            chosen = pick.choice(len(w), size=pick.integers(1, 4), replace=False)
            step[chosen] = pick.normal(0, pick.choice([0.1, 0.4, 1.0]), len(chosen))
            tried = np.clip(w + step, self.low, self.high)
            if (worth := self.worth(tried, home)) > best:
                w, best = tried, worth
        return w

    def report(self, w: Table) -> None:
        """Both halves at the threshold."""
        for title in FITTED:
            halves = np.array([pair.half for pair in self.pairs[title]])
            for half in ("tune", "test"):
                z, y = self.x[title][halves == half] @ w, self.y[title][halves == half]
                tp, fp, fn = ((z >= 0) & (y == 1)).sum(), ((z >= 0) & (y == 0)).sum(), ((z < 0) & (y == 1)).sum()
                print(f"# {title:<32}{half:<5} P {tp / (tp + fp):.3f} R {tp / (tp + fn):.3f} F1 {2 * tp / (2 * tp + fp + fn):.3f}")
        print(f"# must not alert: {(self.hard @ w >= 0).sum()} of {len(self.hard):,} pairs")


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=90)
    asked = parser.parse_args()
    data = data_folder("")
    if data is None:
        return
    fit = Fit(data)
    begun = fit.begin()
    w = np.mean([fit.climb(begun, asked.seconds / SEEDS, seed) for seed in range(SEEDS)], axis=0)
    print("SAME: dict[str, float] = {")
    for key, value in zip(KEYS, w, strict=True):
        print(f'    "{key}": {value:.2f},')
    print("}")
    fit.report(np.round(w, 2))


if __name__ == "__main__":
    main()

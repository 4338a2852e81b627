"""The labelled name pairs: how `compare` with the registry says two names are tied, and the share right on each half."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from offlimits import Comparison, compare, load_registry

PAIRS = Path(__file__).resolve().parents[1] / "tests" / "labelled" / "name_pairs.csv"
RIGHT = {"same": "same", "subsidiary": "subsidiary", "brand": "brand", "former": "former", "joint": "joint", "unrelated": "none"}
"""The tie that counts as right."""

COARSE = {"same": "same", "subsidiary": "related", "brand": "related", "former": "related", "joint": "related", "unrelated": "different"}
"""The relation that counts as right. A pure change of name may also be called the same company."""

SAYS = ("same", "former", "brand", "subsidiary", "joint", "group", "unknown", "none")
Row = dict[str, str]
Judged = tuple[Row, Comparison]


def rows() -> list[Row]:
    """Every labelled pair."""
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def right(row: Row, said: Comparison) -> bool:
    """Is this the tie that counts as right?"""
    return said.tie == RIGHT[row["relation"]]


def coarse(row: Row, said: Comparison) -> bool:
    """Is the relation right: same, related or different, and `same` too for the old and the new name of one company?"""
    return said.relation == COARSE[row["relation"]] or (row["kind"] == "renamed" and said.relation == "same")


def share(judged: list[Judged], test: Callable[[Row, Comparison], bool] = right) -> float:
    """Share right, from 0 to 1."""
    return sum(test(row, said) for row, said in judged) / max(len(judged), 1)


def confusion(title: str, judged: list[Judged]) -> None:
    """One table: relations down, answers across, then the share right."""
    cells = Counter((row["relation"], said.tie) for row, said in judged)
    print(f"\n{title}: {len(judged)} pairs\n  {'relation':<12}" + "".join(f"{said:>11}" for said in SAYS) + f"{'right':>9}")
    for relation, answer in RIGHT.items():
        counts = [cells[relation, said] for said in SAYS]
        print(f"  {relation:<12}" + "".join(f"{count:>11}" for count in counts) + f"{cells[relation, answer] / max(sum(counts), 1):>9.3f}")
    print(f"  {'all, the right one of six':<100}{share(judged):>9.3f}")
    print(f"  {'all, the right one of same, related and different':<100}{share(judged, coarse):>9.3f}")


def by(field: str, judged: list[Judged]) -> None:
    """Share right for each value of one column."""
    print(f"\nright by {field}")
    for value in sorted({row[field] for row, _ in judged}):
        part = [(row, said) for row, said in judged if row[field] == value]
        print(f"  {value:<24}{share(part):>7.3f} of {len(part):>4}")


def main() -> None:
    """Both halves, then the shares by script and kind; `--wrong tuning` prints the pairs of that half that are not right."""
    registry = load_registry()
    judged = [(row, compare(row["a"], row["b"], registry)) for row in rows()]
    for half in ("tuning", "test"):
        confusion(half, [(row, said) for row, said in judged if row["split"] == half])
    by("script", judged)
    by("kind", judged)
    if "--wrong" in sys.argv:
        half = sys.argv[-1]
        for row, said in judged:
            if row["split"] == half and not right(row, said):
                print(f"  {row['id']} {row['relation']} said {said.tie}: {row['a']} | {row['b']}")


if __name__ == "__main__":
    main()

"""Accuracy on labelled data, with the whole confusion: labelled lines, product codes, other makers' codes, look-alike firms."""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from data import data_folder

from offlimits.judging import judge
from offlimits.matching import Matching
from offlimits.model import ColumnKind, Entry, Mention, Place
from offlimits.registry import load_registry

REGISTRY = load_registry()
MATCHING = Matching(REGISTRY)
AS_OF = date(2026, 11, 23)
LABELLED = Path(__file__).resolve().parents[1] / "tests" / "labelled" / "asset_lines.csv"


def groups(text: str, kind: ColumnKind = "text") -> set[str]:
    """Listed groups found in one text at `likely` or above."""
    entry = Entry(place=Place(line=1), channel="install", mentions=(Mention(field="Description", kind=kind, text=text),))
    return {item.path.group for item in judge(entry, MATCHING, REGISTRY, AS_OF)[0] if item.strength != "possible"}


def labelled(path: Path) -> None:
    """Confusion per group and per kind of line, and every line that is not right."""
    cells: Counter[tuple[str, str]] = Counter()
    kinds: Counter[tuple[str, bool]] = Counter()
    wrong = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            want, got = set(filter(None, row["expected"].split(";"))), groups(row["text"])
            cells.update((group, "tp") for group in want & got)
            cells.update((group, "fp") for group in got - want)
            cells.update((group, "fn") for group in want - got)
            kinds[row["kind"], want == got] += 1
            if want != got:
                wrong.append(f"  {row['id']} wanted {sorted(want)} got {sorted(got)}: {row['text']}")
    print(f"\n{path.name}: lines right by kind")
    for kind in sorted({kind for kind, _ in kinds}):
        print(f"  {kind:<20}{kinds[kind, True]:>4} of {kinds[kind, True] + kinds[kind, False]}")
    print(f"  {'group':<12}{'tp':>5}{'fp':>5}{'fn':>5}{'precision':>11}{'recall':>8}")
    for group in [*sorted({group for group, _ in cells}), "all"]:
        tp, fp, fn = (
            sum(n for (name, cell), n in cells.items() if cell == which and group in (name, "all")) for which in ("tp", "fp", "fn")
        )
        print(f"  {group:<12}{tp:>5}{fp:>5}{fn:>5}{tp / max(tp + fp, 1):>11.3f}{tp / max(tp + fn, 1):>8.3f}")
    print("\n".join(wrong))


def recall(title: str, codes: Iterable[str], group: str, sentence: Callable[[str], str]) -> None:
    """Share of codes found in a sentence, and the first that are missed."""
    codes = list(codes)
    missed = [code for code in codes if group not in groups(sentence(code))]
    print(f"  {title:<44}{1 - len(missed) / len(codes):>7.3f} of {len(codes):>5}   missed: {', '.join(missed[:6])}")


def plain(code: str) -> str:
    return f"Supply of {code} to the town hall, 2 pcs"


def lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(folder: Path) -> None:
    """Recall of product codes by maker, and every false maker among other makers' codes."""
    print("\nproduct codes in the sentence 'Supply of … to the town hall, 2 pcs'")
    recall("Hikvision models", lines(folder / "hikvision_models/models.txt"), "hikvision", plain)
    recall("Dahua models", lines(folder / "dahua/dahua.txt"), "dahua", plain)
    recall("Huawei models", lines(folder / "huawei/huawei_first100.txt"), "huawei", plain)
    recall(
        "Huawei models with the brand's word", lines(folder / "huawei/huawei_first100.txt"), "huawei", lambda code: plain(f"Huawei {code}")
    )
    covered = rows(folder / "cpe/covered_vendors.csv")
    for vendor, group in (("hikvision", "hikvision"), ("dahuasecurity", "dahua"), ("huawei", "huawei"), ("zte", "zte")):
        for part, words in (("h", "hardware"), ("o", "firmware")):
            found = [row["product"] for row in covered if row["vendor"] == vendor and row["part"] == part]
            recall(f"CPE {vendor}, {words}", found, group, plain)
            if group == "huawei":
                recall(f"CPE {vendor}, {words}, with the brand's word", found, group, lambda code: plain(f"Huawei {code}"))
    kedacom = lines(folder / "kedacom_models/models.txt")
    recall("Kedacom models", kedacom, "kedacom", plain)
    recall("Kedacom models with the brand's word", kedacom, "kedacom", lambda code: plain(f"Kedacom {code}"))
    others = [(row["vendor"], row["product"]) for row in rows(folder / "cpe/other_vendors_hardware.csv")]
    others += [
        (row["manufacturer"], row[field])
        for row in rows(folder / "other_makers/models.csv")
        for field in ("model", "part_number")
        if row[field]
    ]
    ours = re.compile("huawei|zte|hikvision|dahua|intelbras|kedacom|fiberhome", re.IGNORECASE)
    false = [(vendor, code, found) for vendor, code in others if not ours.search(vendor) and (found := groups(plain(code)))]
    print(f"  false makers among {len(others):,} codes of other makers: {len(false)} {false[:10]}")


CONTEXTS = {
    "alone": "Supply of {code} to the town hall, 2 pcs",
    "trade": "Supply of {code} to the town hall, 2 pcs, cameras, radios and routers",
    "brand": "Supply of {brand} {code} to the town hall, 2 pcs",
}
"""A code by itself, beside words of the trade, and beside the first word of its brand's name."""


def brands(path: Path) -> None:
    """Codes by maker and brand, in two halves by the hash of the code: which entity is found in each context, and how often."""
    cells: dict[tuple[str, str, int], dict[str, Counter[str]]] = {}
    for row in rows(path):
        half = hashlib.sha256(row["code"].encode()).digest()[0] & 1
        cell = cells.setdefault((row["maker"], row["brand"], half), {context: Counter() for context in CONTEXTS})
        for context, sentence in CONTEXTS.items():
            text = sentence.format(code=row["code"], brand=row["brand"].partition(" /")[0])
            entry = Entry(place=Place(line=1), channel="install", mentions=(Mention(field="Description", kind="text", text=text),))
            found = {item.path.entity for item in judge(entry, MATCHING, REGISTRY, AS_OF)[0] if item.strength != "possible"}
            cell[context]["+".join(sorted(found)) or "none"] += 1
    print(
        "\ncodes by maker and brand (half 0 tuned on, half 1 kept) as entities found: alone | with a word of the trade | with the brand's"
    )
    for (maker, brand, half), found_in in sorted(cells.items()):
        shown = " | ".join(", ".join(f"{name} {count}" for name, count in found.most_common()) for found in found_in.values())
        print(f"  {maker:<22.22} {brand:<22.22} {half}  {shown}")


def lookalikes(path: Path) -> None:
    """Names of other firms, people and things, as suppliers and in sentences: none may be a finding."""
    found = []
    with path.open(encoding="utf-8", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream, delimiter="\t")]
    texts: list[tuple[str, ColumnKind]] = []
    for name in names:
        for part in dict.fromkeys([name, *(piece.strip() for piece in re.split(r"[;/]", name) if piece.strip())]):
            texts += [
                (part, "name"),
                (f"Invoice from {part} for services", "text"),
                (f"CCTV cameras installed by {part} at the town hall", "text"),
            ]
    found = [(text, kind, got) for text, kind in texts if (got := groups(text, kind))]
    print(f"\nlook-alikes: {len(names)} rows, {len(texts)} texts, findings at likely or above: {len(found)} {found[:5]}")


def main() -> None:
    """All of it, or the labelled file given."""
    if len(sys.argv) > 1:
        labelled(Path(sys.argv[1]))
        return
    labelled(LABELLED)
    if folder := data_folder("devices"):
        codes(folder)
        brands(folder / "more_codes/codes.csv")
    if folder := data_folder("names"):
        lookalikes(folder / "false_positives.tsv")


if __name__ == "__main__":
    main()

"""The labelled sets: pairs of names, each with whether they are one organisation, read from beside the project.

Every pair belongs to a half, `tune` or `test`, by the hash of the company it is about; weights are fitted on the first alone.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

POSITIVES = 5
"""Most positive pairs drawn from one cluster of assignee names."""

SERIES = 5_000
"""Organisations of the OFAC list that alerts are counted against."""


class Pair(NamedTuple):
    """Two names, whether they are one organisation, and the half the pair belongs to."""

    first: str
    second: str
    same: bool
    half: str
    kind: str = ""


def half_of(key: str) -> str:
    """`tune` or `test`, for ever the same for one company."""
    return "tune" if hashlib.sha256(key.encode()).digest()[0] % 2 == 0 else "test"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def name_bench(names: Path) -> Iterator[Pair]:
    """nomenklatura's organisations; the key is the second name, which stands in several rows."""
    for row in _rows(names / "name_bench_cases.csv"):
        if row["schema"] not in ("Person", "Vessel"):
            key = re.sub(r"\W+", " ", row["name2"].casefold()).split()[0]
            yield Pair(row["name1"], row["name2"], row["is_match"] == "true", half_of(key), row["quality"])


def name_bench_alike(names: Path) -> Iterator[Pair]:
    """The same without the pairs whose numbers differ (fund V and VI) or of which one alone names a place (a country's subsidiary): there
    the set calls the same what `compare` must never call so, whatever its score. By our own reading of the words."""
    from offlimits.naming import read_name

    for pair in name_bench(names):
        first, second = read_name(pair.first), read_name(pair.second)
        numbers, places = ([{word.text for word in name.words if word.kind == kind} for name in (first, second)] for kind in "np")
        clash = numbers[0] - numbers[1] and numbers[1] - numbers[0]
        if not clash and bool(places[0] - places[1]) == bool(places[1] - places[0]):
            yield pair


def judgements(names: Path) -> Iterator[Pair]:
    """Analysts' judgements of OpenSanctions, 2021; primary names."""
    for row in _rows(names / "opensanctions_2021_org_judgements.csv"):
        yield Pair(row["name1"], row["name2"], row["is_match"] == "1", half_of(min(row["id1"], row["id2"])))


def aliases(names: Path) -> Iterator[Pair]:
    """OFAC: what the list itself calls another name, against the nearest other entry or any other."""
    for row in _rows(names / "ofac_org_alias_pairs.csv"):
        yield Pair(row["name1"], row["name2"], row["is_match"] == "1", half_of(row["id1"]), row["kind"])


def assignees(names: Path) -> Iterator[Pair]:
    """PatentsView, air-umass: at most five positives a cluster, and for every cluster's names the nearest name of another cluster."""
    from rapidfuzz import fuzz, process, utils

    clusters: dict[str, list[str]] = defaultdict(list)
    for row in _rows(names / "air-umass_assignee_name_clusters.csv"):
        clusters[row["unique_id"]].append(row["organization"])
    pick = random.Random(7)
    everything = [(name, key) for key, members in clusters.items() for name in members]
    texts = [utils.default_process(name) for name, _ in everything]
    for key, members in sorted(clusters.items()):
        couples = [(a, b) for number, a in enumerate(members) for b in members[number + 1 :]]
        for first, second in pick.sample(couples, min(POSITIVES, len(couples))):
            yield Pair(first, second, True, half_of(key))
        for name in pick.sample(members, min(POSITIVES, len(members))):
            scores = process.cdist([utils.default_process(name)], texts, scorer=fuzz.token_sort_ratio)[0]
            order = scores.argsort()[::-1]
            other = next(everything[place][0] for place in order if everything[place][1] != key)
            yield Pair(name, other, False, half_of(key))


def crossing(names: Path) -> Iterator[Pair]:
    """English and Chinese names of one company, and as many pairs of two."""
    first = (names / "enzh/test.en").read_text(encoding="utf-8").splitlines()
    second = (names / "enzh/test.zh").read_text(encoding="utf-8").splitlines()
    for number, (a, b) in enumerate(zip(first, second, strict=True)):
        yield Pair(a, b, True, half_of(a))
        yield Pair(a, second[(number + 7) % len(second)], False, half_of(a))


SETS = {
    "name_bench organisations": name_bench,
    "name_bench without clashes": name_bench_alike,
    "OpenSanctions 2021 judgements": judgements,
    "OFAC aliases": aliases,
    "PatentsView air-umass": assignees,
    "English and Chinese": crossing,
}


def assignee_names(names: Path) -> list[str]:
    """Every assignee name: real names, hardly any of them listed."""
    return sorted({row["organization"] for row in _rows(names / "air-umass_assignee_name_clusters.csv")})


def dod_names(lists: Path) -> list[str]:
    """The names of the 1260H list: main name, alias and former name."""
    found: set[str] = set()
    for row in _rows(lists / "opensanctions_us/dod_1260h_sanctions.csv"):
        found.add(row["Clean Name"].strip())
        for field in ("Alias", "Previous Name"):
            found |= {name.strip() for name in row[field].split(";")}
    return sorted(found - {""})


def ofac_names(lists: Path) -> list[str]:
    """The first 5,000 organisations of the OFAC list, primary names."""
    with (lists / "watchman/sdn_bench.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if len(row) > 6]
    return list(dict.fromkeys(row[1].strip() for row in rows if row[2].strip() in ("-0-", "")))[:SERIES]


def sample_names(names: Path) -> list[str]:
    """rigour's unlabelled sample: every name must be the same as itself, whatever its script."""
    return [row["name"] for row in _rows(names / "rigour/sample_names.csv") if row["name"].strip()]


def vendors(data: Path, count: int) -> list[str]:
    """So many distinct names of firms: real ones first, then recombined and misspelt from their words. Always the same."""
    real = sorted(real_vendors(data))
    pick = random.Random(11)
    names = dict.fromkeys(real[:count])
    while len(names) < count:
        first, second = pick.choice(real).split(), pick.choice(real).split()
        words = first[: max(1, len(first) // 2)] + second[len(second) // 2 :]
        names[slip(" ".join(words), pick)] = None
    result = list(names)
    pick.shuffle(result)
    return result


def slip(text: str, pick: random.Random) -> str:
    """A name with one letter dropped, added or changed, or none."""
    place = pick.randrange(max(1, len(text)))
    way = pick.randrange(4)
    if way == 0:
        return text
    if way == 1:
        return text[:place] + text[place + 1 :]
    letter = pick.choice("abcdefghijklmnopqrstuvwxyz")
    return text[:place] + letter + text[place + (way == 2) :]


def real_vendors(data: Path) -> set[str]:
    """Names of firms in makers' tables and in councils' spending."""
    names: set[str] = set()
    for path in sorted((data / "lists/oui").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            names.update(row[2] for row in csv.reader(stream) if len(row) > 2)
    for path in sorted((data / "procurement/council_spend").rglob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as stream:
            reader = csv.reader(stream)
            columns = [
                place for place, head in enumerate(next(reader, [])) if re.search("supplier|vendor|beneficiary", head, re.IGNORECASE)
            ]
            if columns:
                names.update(row[columns[0]] for row in reader if len(row) > columns[0])
    return {" ".join(name.split()) for name in names if 3 < len(name) < 120}


def targets(data: Path, count: int) -> list[str]:
    """So many names to look for: OFAC's organisations and their aliases, then the misspelt and recombined."""
    lists = data / "lists"
    real = dict.fromkeys([*dod_names(lists), *ofac_names(lists)])
    with (lists / "watchman/alt_ofac.csv").open(encoding="utf-8", newline="") as stream:
        real |= dict.fromkeys(row[3].strip() for row in csv.reader(stream) if len(row) > 3 and "," not in row[3])
    names = list(real)
    pick = random.Random(13)
    while len(names) < count:
        names.append(slip(" ".join([*pick.choice(names).split()[:2], *pick.choice(names).split()[-2:]]), pick))
    return names[:count]

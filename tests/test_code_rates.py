"""How many product codes are found, on the data beside the project: the rates that must hold, each in the context it is promised for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from conftest import data_folder

from offlimits.judging import judge
from offlimits.matching import Matching
from offlimits.model import Entry, Mention, Place
from offlimits.registry import load_registry

REGISTRY = load_registry()
MATCHING = Matching(REGISTRY)
PLAIN = "Supply of {} to the town hall, 2 pcs"
TRADE = "Supply of {} to the town hall, 2 pcs, cameras, radios and routers"


def entities(text: str) -> set[str]:
    """The entities named with at least `likely` in one text."""
    entry = Entry(place=Place(line=1), channel="install", mentions=(Mention(field="Description", kind="text", text=text),))
    return {item.path.entity for item in judge(entry, MATCHING, REGISTRY, date(2026, 11, 23))[0] if item.strength != "possible"}


def share(codes: Iterable[str], group: str, sentence: str) -> float:
    """The share of codes that lead to the group."""
    found = [any(REGISTRY.entities[entity].group == group for entity in entities(sentence.format(code))) for code in codes]
    return sum(found) / len(found)


def lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cpe(folder: Path, vendor: str) -> list[str]:
    return [row["product"] for row in table(folder / "cpe/covered_vendors.csv") if row["vendor"] == vendor]


def test_each_maker() -> None:
    """Hikvision, Dahua, ZTE alone in a sentence; Huawei beside its word, since others use its short codes."""
    folder = data_folder("devices")
    assert share(lines(folder / "hikvision_models/models.txt")[::7], "hikvision", PLAIN) >= 0.99
    assert share([*lines(folder / "dahua/dahua.txt"), *cpe(folder, "dahuasecurity")], "dahua", PLAIN) >= 0.98
    assert share(cpe(folder, "zte"), "zte", PLAIN) >= 0.9
    assert share([*lines(folder / "huawei/huawei_first100.txt"), *cpe(folder, "huawei")][::3], "huawei", "Supply of Huawei {}") >= 0.8


@pytest.mark.parametrize(
    ("brand", "entity", "sentence"),
    [
        ("Tiandy", "tiandy", PLAIN),
        ("HiLook", "hilook", PLAIN),
        ("Uniarch", "uniarch", PLAIN),
        ("Uniview", "uniview", PLAIN),
        ("Imou", "imou", PLAIN),
        ("Imou / LeChange", "imou", PLAIN),
        ("Amcrest", "amcrest", PLAIN),
        ("Hytera", "hytera", TRADE),
        ("EZVIZ", "ezviz", "Supply of EZVIZ {} to the town hall"),
    ],
)
def test_each_brand(brand: str, entity: str, sentence: str) -> None:
    """At least 95 in a hundred of a brand's codes lead to that very brand, in the context that its families ask for."""
    codes = [row["code"] for row in table(data_folder("devices", "more_codes", "codes.csv")) if row["brand"] == brand]
    found = [entity in entities(sentence.format(code)) for code in codes]
    assert sum(found) / len(found) >= 0.95


def test_other_makers() -> None:
    """Among every third of the codes of other makers at most one leads to a listed maker."""
    folder = data_folder("devices")
    listed = re.compile("huawei|zte|hikvision|dahua|intelbras|kedacom|fiberhome", re.IGNORECASE)
    others = [row["product"] for row in table(folder / "cpe/other_vendors_hardware.csv") if not listed.search(row["vendor"])]
    assert len([code for code in others[::3] if entities(PLAIN.format(code))]) <= 1

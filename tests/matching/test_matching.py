"""Clues → matches: spellings, scripts, addresses, identifiers, denials; and the search that decides which texts are looked at."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date

import pytest
from conftest import data_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from offlimits.judging import judge, strength_of
from offlimits.matching import Matching, is_local
from offlimits.model import ColumnKind, Entry, Match, Mention, Place
from offlimits.registry import Registry, load_registry

Find = Callable[..., dict[str, str | None]]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def matching(registry: Registry) -> Matching:
    """All matchers, as `explain` uses them."""
    return Matching(registry)


@pytest.fixture(scope="module")
def prepared(registry: Registry) -> Matching:
    """All matchers behind their search, as a run uses them."""
    matching = Matching(registry)
    matching.prepare()
    return matching


def standing(matches: tuple[Match, ...], registry: Registry) -> dict[str, str]:
    """Groups of the matches that are not denied, each with its best strength."""
    best: dict[str, float] = {}
    for match in matches:
        if not match.disclaimed:
            group = registry.entities[match.entity].group
            best[group] = max(best.get(group, 0), match.score)
    return {group: strength for group, score in best.items() if (strength := strength_of(score))}


# --- names ---------------------------------------------------------------------------------------

SPELLINGS = [
    ("hikvision", "HIK VISION"), ("hikvision", "Hik-Vision"), ("hikvision", "HIKVISION"), ("hikvision", "Hikvison"), ("hikvision", "HikVisionDigital"), ("hikvision", "hikvision's cameras"),
    ("hikvision", "Hangzhou Hikvision Digital Technology Co.,Ltd"), ("hikvision", "HIKVISION UK LIMITED"), ("hikvision", "(Hikvision)"), ("hikvision", "4xHikvision"), ("hikvision", "海康威视"),
    ("hikvision", "杭州海康威视数字技术股份有限公司"), ("hikvision", "ＨＩＫＶＩＳＩＯＮ"), ("dahua", "Dahau"), ("dahua", "Dahua Tech"), ("dahua", "Zhejiang Dahua Technology Co. Ltd."), ("dahua", "浙江大华技术股份有限公司"),
    ("huawei", "HUAWEI TECH CO LTD"), ("huawei", "Huawai"), ("huawei", "华为技术有限公司"), ("zte", "ZTE Corporation"), ("zte", "中兴通讯股份有限公司"), ("hytera", "Hytera Communications"), ("uniview", "Zhejiang Uniview Technologies"),
    ("tiandy", "Tiandy Technologies"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "text"), SPELLINGS)
def test_spellings(group: str, text: str, matching: Matching, prepared: Matching, registry: Registry) -> None:
    """Split, glued, hyphened, misspelt, with legal forms, in other scripts, full width: the company, at likely or above, in a column of its own and in a sentence."""
    for family in (matching, prepared):
        assert standing(family.find(text, "maker"), registry).get(group) in ("exact", "likely")
        mention = Mention(field="Description", kind="text", text=f"2 x {text} camera, lobby")
        found, _ = judge(Entry(place=Place(line=2), channel="install", mentions=(mention,)), family, registry, TODAY)
        assert [(item.path.group, item.strength == "possible") for item in found] == [(group, False)]


@pytest.mark.parametrize("text", ["Hicks Vision Care Ltd", "Dahlia Florists", "Hawaii Tours", "ZTEST Electronics", "Honor Roll Books", "The Vision Group", "Axis Communications", "Hanwha Vision"])  # fmt: skip
def test_others_are_others(text: str, matching: Matching, registry: Registry) -> None:
    """Names that share letters with ours are nobody's at likely."""
    assert [strength for strength in standing(matching.find(text, "name"), registry).values() if strength != "possible"] == []


def test_split_brand_among_foreign_words(matching: Matching, registry: Registry) -> None:
    """A hair salon is no camera brand."""
    assert [
        strength for strength in standing(matching.find("Hi-Look Hair Salon", "name"), registry).values() if strength != "possible"
    ] == []


def test_false_positives_of_the_list(matching: Matching, registry: Registry) -> None:
    """Real firms that screening confuses with ours, as suppliers and in sentences: none at likely or above but where the row itself is ours."""
    wrong = []
    with data_folder("names", "false_positives.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) > 50
    name = next(key for key in rows[0] if "name" in key.lower() or "text" in key.lower())
    for row in rows:
        for cells in ([("name", row[name])], [("text", f"Invoice of {row[name]} for services in May")]):
            mentions = tuple(Mention(field=kind, kind=kind, text=text) for kind, text in cells)  # type: ignore[arg-type]
            found, _ = judge(Entry(place=Place(line=2), channel="buy", mentions=mentions), matching, registry, TODAY)
            wrong += [(row[name], item.path.group) for item in found if item.strength != "possible" and item.relation != "former"]
    ours = {
        row[name]
        for row in rows
        if any(re.search(r"\b(is the company|true|same)\b", value or "", re.IGNORECASE) for key, value in row.items() if key != name)
    }
    assert {text for text, _ in wrong} <= ours


# --- hardware addresses --------------------------------------------------------------------------

WRITINGS = ["C0:56:E3:12:34:5A", "c0-56-e3-12-34-5a", "c056.e312.345a", "C056E3-12345A", "C0 56 E3 12 34 5A", "c056e312345a"]


@pytest.mark.parametrize("text", WRITINGS)
def test_mac_in_any_writing(text: str, matching: Matching, prepared: Matching, registry: Registry) -> None:
    """Every writing is read, alone and in a sentence, with the prefix, the name as registered and the table's edition in its reason."""
    for family in (matching, prepared):
        for cell, kind in ((text, "mac"), (f"camera {text} in the lobby", "text")):
            (match,) = family.find(cell, kind)  # type: ignore[arg-type]
            assert (match.entity, match.rule, match.text) == ("hikvision", "mac-prefix", text)
            assert "C056E3" in match.reasons[0].detail
            assert "IEEE" in match.reasons[0].detail


@pytest.mark.parametrize("text", ["C2:56:E3:12:34:5A", "C0:56:E3:12:34", "C0:56:E3:12:34:5A:77:88", "GC056E312345A", "C056E312345A9", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "402C761A2B3C"])  # fmt: skip
def test_no_mac_of_ours(text: str, matching: Matching) -> None:
    """Random, too short, too long, glued, empty, broadcast, somebody else's."""
    assert [match for match in matching.find(text, "mac") if match.rule == "mac-prefix"] == []


@pytest.mark.parametrize("text", ["0004-b611-2233", "4419-b611-2233", "0a1b:b311:0001", "00:11:22:b3:11:22"])
def test_no_code_inside_an_address(text: str, matching: Matching) -> None:
    """Digits of a hardware address are no model number, whosever the address is."""
    assert not [match for match in matching.find(f"192.168.1.64  {text}  20 D-0 camera", "text") if match.product]
    assert [match for match in matching.find("Huawei B311-221 beside 0004-b611-2233", "text") if match.product]


@pytest.mark.parametrize(("digits", "local"), [("02", True), ("C2", True), ("C0", False), ("00", False), ("FE", True), ("0", False)])
def test_local_bit(digits: str, local: bool) -> None:
    """The second lowest bit of the first octet tells a random address (IEEE 802)."""
    assert is_local(digits) is local


def test_bare_digits_need_a_word(matching: Matching) -> None:
    """Twelve digits are a number, unless the field or the text says that they are an address."""
    assert matching.find("order 001882123456", "text") == ()
    assert [match.entity for match in matching.find("MAC 001882123456", "text")] == ["huawei"]
    assert [match.entity for match in matching.find("001882123456", "mac")] == ["huawei"]


# --- identifiers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "entity"),
    [
        ("CNE100000PM8", "isin", "hikvision"),
        ("bond HK0000216777 5.5%", "text", "proven-honour"),
        ("91330000733796106P", "company-number", "hikvision"),
        ("002415.SZ", "text", "hikvision"),
        ("002415", "ticker", None),
        ("SZ 002415", "text", None),
        ("https://www.hikvision.com/en/", "text", "hikvision"),
        ("dev.hik-connect.com:8000", "host", "hikvision"),
        ("nothikvision.com", "host", None),
        ("hikvision.com.evil.example", "host", None),
        ("FCC ID: 2ADTD-5604SD", "text", "hikvision"),
        ("https://ror.org/02jzypx27", "text", "hikvision"),
        ("CNE100000PM9", "isin", None),
    ],
)
def test_identifiers(text: str, kind: ColumnKind, entity: str | None, matching: Matching, prepared: Matching) -> None:
    """Exactly, where they may stand; a digit off, a longer domain, a bare number are nobody's."""
    for family in (matching, prepared):
        found = {match.entity for match in family.find(text, kind) if match.rule.startswith("identifier-") or match.rule == "domain"}
        assert found == ({entity} if entity else set())


# --- denials -------------------------------------------------------------------------------------

DENIED = [
    "The Offeror represents that it does not use covered telecommunications equipment of Huawei, ZTE, Hytera, Hikvision or Dahua",
    "not Hikvision", "no Dahua equipment", "we do not use any Hikvision cameras", "replaced our Hikvision recorder", "Hikvision is prohibited", "keine Kameras von Hikvision", "sans caméra Dahua",
    "0 x Hikvision", "free of Hikvision components",
]  # fmt: skip
PRESENT = [
    "not working, Hikvision dome", "no. 4 Hikvision dome", "no picture on the Hikvision NVR", "Hikvision camera, do not remove", "Hikvision NVR to be replaced", "Axis replaced by Hikvision", "level 10 Hikvision dome",
]  # fmt: skip


@pytest.mark.parametrize("text", DENIED)
def test_denied(text: str, matching: Matching) -> None:
    """The clause says that it is not there: every match is marked, with the rule and its words."""
    found = matching.find(text, "text")
    assert found
    assert [match.text for match in found if not match.disclaimed] == []
    assert all(match.detail for match in found)


@pytest.mark.parametrize("text", PRESENT)
def test_present(text: str, matching: Matching) -> None:
    """A `not` or a number of something else denies nothing."""
    assert [match.entity for match in matching.find(text, "text") if not match.disclaimed]


@pytest.mark.parametrize("text", ["level 0 Hikvision camera", "zone-0 Hikvision NVR", "Rev A0 Hikvision camera"])
def test_a_place_called_nought(text: str, matching: Matching) -> None:
    """Nought of something is a denial; a floor, a zone or a revision called nought is not."""
    assert [match.entity for match in matching.find(text, "text") if not match.disclaimed]


# --- the search ----------------------------------------------------------------------------------


def test_every_match_is_called_for(matching: Matching, prepared: Matching, registry: Registry) -> None:
    """What the matchers find in a name, identifier or code of the evidence, they find behind the search too: no text is passed over."""
    texts = [name.text for entity in registry.data.entities for name in entity.names]
    texts += [identifier.value for entity in registry.data.entities for identifier in entity.identifiers]
    texts += [
        code for entity in registry.data.entities for product in entity.products if product.needs != "brand" for code in product.examples
    ]
    lost = [
        (text, kind)
        for text in texts
        for kind in ("maker", "text")
        if standing(matching.find(text, kind), registry) != standing(prepared.find(text, kind), registry)
    ]  # type: ignore[arg-type]
    assert lost == []


def test_accented_letter_glued_before_a_code(matching: Matching, prepared: Matching) -> None:
    """With the search and without it the same is found."""
    assert bool(prepared.find("éDS-2CD2143G2-I", "text")) == bool(matching.find("éDS-2CD2143G2-I", "text"))


PIECES = st.sampled_from(["Hikvision", "hik vision", "Dahau", "ZTE", "海康威视", "DS-2CD2143G2-I", "IPC-HDW2431T", "C0:56:E3:12:34:5A", "hikvision.com", "no ", "not ", "replaced ", "camera", "CCTV", "Ltd", "Honor", "-", "/", " ", "  ", "\u200f", "ＨＩＫ"])  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join),
    st.sampled_from(["text", "maker", "name", "product-code", "host"]),
)
def test_search_loses_nothing(text: str, kind: ColumnKind) -> None:
    """On any mixture of pieces the groups found at likely are the same with the search and without it."""
    registry, plain, searched = _shared()
    first, second = standing(plain.find(text, kind), registry), standing(searched.find(text, kind), registry)
    assert {group for group, strength in first.items() if strength != "possible"} == {
        group for group, strength in second.items() if strength != "possible"
    }


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map(" ".join))
def test_places_are_true(text: str) -> None:
    """Every match says where it stands and what it read there; scores lie between 0 and 1."""
    _, plain, _ = _shared()
    for match in plain.find(text, "text"):
        assert 0 <= match.start < match.end
        assert 0 < match.score <= 1
        assert match.reasons


_SHARED: list[tuple[Registry, Matching, Matching]] = []


def _shared() -> tuple[Registry, Matching, Matching]:
    if not _SHARED:
        registry = load_registry()
        searched = Matching(registry)
        searched.prepare()
        _SHARED.append((registry, Matching(registry), searched))
    return _SHARED[0]


def test_cache_does_not_grow(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with distinct texts."""
    monkeypatch.setattr("offlimits.matching.CACHE", 10)
    matching = Matching(registry)
    for number in range(100):
        matching.find(f"text {number}", "text")
    assert len(matching._matches) <= 10

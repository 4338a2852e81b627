"""Judging a line: second signs, the weaker of two strengths, the most specific name, the day it speaks of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offlimits.judging import Judged, Seen, judge, review_key, strength_of
from offlimits.matching import Matching
from offlimits.model import CLUES, ColumnKind, Entry, Mention, Place
from offlimits.registry import Registry, weaker

TODAY = date(2026, 11, 23)
Judge = Callable[..., tuple[list[Judged], list[Seen]]]


@pytest.fixture(scope="module")
def judged(registry: Registry) -> Judge:
    """`judged(text=…, maker=…, product_code=…, on=…)` → findings and denials of one line."""
    matching = Matching(registry)

    def call(on: date | None = None, **cells: str) -> tuple[list[Judged], list[Seen]]:
        kinds: dict[str, ColumnKind] = {name: name.replace("_", "-") for name in cells}  # type: ignore[misc]
        fields = {name: kind if kind in CLUES else name.title() for name, kind in kinds.items()}
        mentions = tuple(Mention(field=fields[name], kind=kinds[name], text=text) for name, text in cells.items())
        return judge(Entry(place=Place(line=2), channel="install", mentions=mentions, on=on), matching, registry, TODAY)

    return call


@pytest.mark.parametrize(
    ("score", "strength"),
    [
        (1.0, "exact"),
        (0.95, "exact"),
        (0.9499, "likely"),
        (0.7, "likely"),
        (0.6999, "possible"),
        (0.3, "possible"),
        (0.2999, None),
        (0.0, None),
    ],
)
def test_strength_of_a_score(score: float, strength: str | None) -> None:
    """The three words and their lowest scores."""
    assert strength_of(score) == strength


def test_nothing_in_it(judged: Judge) -> None:
    """A line that names nobody is no finding and no denial."""
    assert judged(text="Paper, A4, 80 g") == ([], [])
    assert judged() == ([], [])


@pytest.mark.parametrize(
    ("cells", "groups"),
    [
        ({"maker": "Hikvision", "product_code": "DS-2CD2143G2-I"}, ["hikvision"]),
        ({"text": "2 x Hikvision domes and 1 Dahua recorder"}, ["dahua", "hikvision"]),
        ({"text": "Hikvision camera", "mac": "3C:EF:8C:00:00:01"}, ["dahua", "hikvision"]),
        ({"text": "HiLook IPC-B140H", "mac": "C0:56:E3:00:00:01"}, ["hikvision"]),
    ],
)
def test_one_finding_for_each_group(cells: dict[str, str], groups: list[str], judged: Judge) -> None:
    """Clues to one group join; two groups in a line are two findings, sorted."""
    assert [item.path.group for item in judged(**cells)[0]] == groups


def test_clues_are_all_kept(judged: Judge) -> None:
    """The finding lists every mention that points to its group."""
    (found,) = judged(maker="Hikvision", product_code="DS-2CD2143G2-I", mac="C0:56:E3:00:00:01", text="lobby")[0]
    assert {item.mention.field for item in found.seen} == {"Maker", "Product_Code", "Mac"}


def test_most_specific_name_wins(judged: Judge) -> None:
    """Owner and own brand in one line: the brand names the finding, with its step to the owner."""
    (found,) = judged(text="Hikvision HiLook dome camera")[0]
    assert (found.entity, found.relation, found.path.group) == ("hilook", "brand", "hikvision")
    assert len(found.path.hops) == 1


@pytest.mark.parametrize(
    ("cells", "relation"),
    [
        ({"maker": "Hikvision"}, "same"),
        ({"maker": "HiLook"}, "brand"),
        ({"text": "DS-2CD2143G2-I camera"}, "product"),
        ({"name": "Hikvision UK & Ireland"}, "subsidiary"),
        ({"maker": "Amcrest"}, "made-by"),
    ],
)
def test_relation(cells: dict[str, str], relation: str, judged: Judge) -> None:
    """What the line says of its tie to the listed company."""
    assert [item.relation for item in judged(**cells)[0]] == [relation]


def test_weaker_strength_counts(judged: Judge) -> None:
    """A sure name over a weaker link is as strong as the link; a sure link under a guessed name as the name."""
    (amcrest,) = judged(maker="Amcrest")[0]
    assert (amcrest.path.strength, amcrest.strength) == ("likely", "likely")
    for item in (amcrest, *judged(maker="Hikvsion")[0], *judged(maker="Hikvision")[0]):
        assert item.strength == weaker(item.identity, item.path.strength)


@pytest.mark.parametrize("sign", ["router", "4G", "telecom"])
def test_acronym_needs_a_word_of_the_trade(sign: str, judged: Judge) -> None:
    """Three bare letters are not enough; with a word of the trade beside them, or in another cell, they are."""
    assert [item.strength for item in judged(text="ZTE consulting")[0] if item.strength != "possible"] == []
    for cells in ({"text": f"ZTE {sign}"}, {"maker": "ZTE", "text": f"{sign} for the depot"}):
        assert [(item.path.group, item.strength) for item in judged(**cells)[0] if item.strength != "possible"] != [], cells


def test_code_that_others_use_needs_the_brand(judged: Judge) -> None:
    """A code of a shape that others share is nothing alone, and a product of the brand whose word stands in another cell."""
    assert judged(product_code="U1911")[0] == []
    (found,) = judged(maker="Huawei", product_code="U1911")[0]
    assert found.path.group == "huawei"
    assert {item.mention.field for item in found.seen} == {"Maker", "Product_Code"}


@pytest.mark.parametrize("guess", ["HIKVISION DS-7600 Linux Embedded NVR (Linux 3.10)", "Dahua DVR", "DS-2CD2143G2-I", "44:19:b6:00:00:01"])
def test_a_scanner_s_guess_is_possible_at_most(guess: str, judged: Judge) -> None:
    """What a scanner takes a device for makes nobody its maker, and is no second sign for another clue."""
    assert [item.strength for item in judged(guess=guess)[0]] == ["possible"]
    assert [item.strength for item in judged(banner="HP705", guess="Hytera radio")[0]] == ["possible"]


@pytest.mark.parametrize(
    ("maker", "strength"),
    [
        ("Xerox", "possible"),
        ("HP", "possible"),
        ("N/A", "likely"),
        ("unknown", "likely"),
        ("", "likely"),
        ("ZTE", "likely"),
        ("F660", "likely"),
    ],
)
def test_another_maker_s_cell_speaks_against_a_weak_code(maker: str, strength: str, judged: Judge) -> None:
    """Where the line names its maker, and it is none of ours, a word of the trade does not make ours of what may be a code."""
    judges = judged(maker=maker, product_code="F660", text="network router")[0]
    assert [item.strength for item in judges if item.path.group == "zte"] == [strength]
    said = judged(maker="Vodafone", text="ZTE router")[0]
    assert [item.strength for item in said if item.path.group == "zte"] == ["likely"]
    oem = judged(maker="Honeywell", product_code="DS-2CD2143G2-I", text="camera")[0]
    assert "exact" in {item.strength for item in oem if item.path.group == "hikvision"}


def test_the_name_of_a_clue_is_no_sign(judged: Judge) -> None:
    """`http-server` is what we call a clue: a device that has one has no word of a trade by it. A column that somebody named has."""
    assert [item.strength for item in judged(hostname="h2640.example.org", http_server="nginx")[0]] == ["possible"]
    assert [item.strength for item in judged(text="h2640", category="x")[0]] == ["possible"]
    assert [item.strength for item in judged(text="h2640 router")[0]] == ["likely"]


def test_another_brand_beside_is_no_sign(judged: Judge) -> None:
    """Another listed maker's word is not the brand's own."""
    assert [item.path.group for item in judged(maker="Hikvision", product_code="U1911")[0]] == ["hikvision"]


@pytest.mark.parametrize(
    ("on", "relation", "strength"),
    [(date(2020, 11, 16), "brand", "likely"), (date(2020, 11, 17), "former", "possible"), (None, "former", "possible")],
)
def test_the_day_of_the_line_counts(on: date | None, relation: str, strength: str, judged: Judge) -> None:
    """A thing bought before a brand was sold is judged by its own day, one without a day by the day of the report."""
    found = [item for item in judged(on=on, maker="Honor Device Co., Ltd.")[0] if item.path.group == "huawei"]
    assert [(item.relation, item.path.strength) for item in found] == [(relation, strength)]


@pytest.mark.parametrize("text", ["We do not use Hikvision equipment", "no Dahua cameras on site", "replaced our Hikvision NVR with Axis"])
def test_denials_are_kept_apart(text: str, judged: Judge) -> None:
    """A maker named only to say that it is not there is a denial with its rule, and no finding."""
    found, denied = judged(text=text)
    assert found == []
    assert denied
    assert all(item.match.disclaimed and item.match.detail for item in denied)


def test_denied_and_present_in_one_line(judged: Judge) -> None:
    """One maker gone, another there: one finding, one denial."""
    found, denied = judged(text="replaced Hikvision with Dahua")
    assert [item.path.group for item in found] == ["dahua"]
    assert [item.match.entity for item in denied] == ["hikvision"]


TEXTS = [
    "Hikvision", "Hik Vision", "Hikvsion", "HIKVISION UK & IRELAND", "海康威视", "Dahua Technology", "Dahau", "大华", "ZTE router", "ZTE", "Huawei AR169", "HiLook", "Amcrest IP8M",
    "Honor 20", "DS-2CD2143G2-I camera", "IPC-HDW2431T-AS-S2", "C0:56:E3:00:00:01", "CNE100000PM8", "002415.SZ", "hikvision.com", "Hytera radio", "Uniview NVR301-04X", "Tiandy TC-C32",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_every_finding_explains_itself(text: str, judged: Judge) -> None:
    """The weights of the reasons add up to the score, each has a rule in kebab-case and words, and the matched text stands in the line."""
    found = [item for kind in ("text", "maker", "ticker") for item in judged(**{kind: text})[0]]
    assert found
    for item in found:
        assert sum(reason.weight for reason in item.reasons) == pytest.approx(item.score, abs=0.011)
        assert 0.3 <= item.score <= 1
        for reason in item.reasons:
            assert reason.rule == reason.rule.lower().replace(" ", "-").replace("_", "-")
            assert reason.detail
        assert all(seen.match.text in seen.mention.text for seen in item.seen)


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["text", "maker", "name", "product-code", "mac"]))
def test_any_text_can_be_judged(text: str, kind: ColumnKind) -> None:
    """No text is too strange; the same text is judged the same twice."""
    registry, matching = _shared()
    entry = Entry(place=Place(line=1), channel="buy", mentions=(Mention(field="F", kind=kind, text=text),))
    first = judge(entry, matching, registry, TODAY)
    assert judge(entry, matching, registry, TODAY) == first


_SHARED: list[tuple[Registry, Matching]] = []


def _shared() -> tuple[Registry, Matching]:
    if not _SHARED:
        from offlimits.registry import load_registry

        registry = load_registry()
        _SHARED.append((registry, Matching(registry)))
    return _SHARED[0]


def test_review_key_outlives_writing() -> None:
    """The same words in another case or spacing have the same key; other words, another kind of field, another company have another."""
    mention = Mention(field="Supplier", kind="name", text="Hikvision UK")
    key = review_key(mention, "hikvision-uk")
    assert len(key) == 16
    assert review_key(Mention(field="Payee", kind="name", text="  HIKVISION   uk "), "hikvision-uk") == key
    others = [
        (Mention(field="Supplier", kind="name", text="Hikvision"), "hikvision-uk"),
        (Mention(field="Supplier", kind="text", text="Hikvision UK"), "hikvision-uk"),
        (mention, "hikvision"),
    ]
    assert len({key, *(review_key(*other) for other in others)}) == 4

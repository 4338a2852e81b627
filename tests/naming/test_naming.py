"""Names of organisations: read in every script, scored with reasons that add up, found again among many."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from conftest import data_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from offlimits.comparison import compare
from offlimits.naming import THRESHOLD, judge, normalise, score
from offlimits.naming.features import FEATURES
from offlimits.naming.retrieval import NameIndex
from offlimits.naming.weights import RELATED, SAME
from offlimits.registry import Registry

WORDS = st.sampled_from(
    [
        "kestrel",
        "orlan",
        "hikvision",
        "technology",
        "trading",
        "uk",
        "hangzhou",
        "group",
        "bank",
        "14",
        "second",
        "the",
        "vanderbilt",
        "marine",
        "istok",
        "海康威视",
        "数字",
        "газпром",
        "ltd",
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    """What is normalised stays as it is."""
    assert normalise(normalise(text)) == normalise(text)


@given(NAMES, NAMES)
@settings(max_examples=300, deadline=None)
def test_order_of_the_names_does_not_matter(a: str, b: str) -> None:
    """The same score and relation either way round."""
    assert score(a, b) == pytest.approx(score(b, a))
    assert judge(a, b).relation == judge(b, a).relation


@given(NAMES, NAMES)
@settings(max_examples=300, deadline=None)
def test_parts_add_up(a: str, b: str) -> None:
    """Both scores are the sums of their parts, and `compare` says the one that decided."""
    said = judge(a, b)
    assert sum(part.weight for part in said.same_parts) == pytest.approx(said.same)
    assert sum(part.weight for part in said.related_parts) == pytest.approx(said.related)
    assert said.same == pytest.approx(score(a, b))
    told = compare(a, b)
    assert sum(why.weight for why in told.why) == pytest.approx(told.score, abs=1e-9)


@given(NAMES, NAMES)
@settings(max_examples=300, deadline=None)
def test_a_word_without_an_answer_never_raises_same(a: str, b: str) -> None:
    """One more telling word that the other name does not have speaks against, if at all."""
    assert score(f"{a} xqzzwvkfj", b) <= score(a, b) + 1e-9


def test_signs_of_weights() -> None:
    """Every weight of `same` pushes the way its feature may; branches and places never lower `related`."""
    assert SAME.keys() == RELATED.keys() == FEATURES.keys()
    assert all(SAME[name] * sign >= 0 for name, sign in FEATURES.items() if sign)
    assert min(RELATED[name] for name in ("place-left", "place-both", "branch")) >= 0


SAMES = [
    ("CNOOC ENERGY TECH & SRVCES", "CNOOC Energy Technology and Services Limited"),
    ("GUANGZHOU HAIGE COMM GRP", "Guangzhou Haige Communications Group Co., Ltd."),
    ("Siemens AG", "Siemens Aktiengesellschaft"),
    ("SiemensAG", "Siemens AG"),
    ("vanderbilt corp", "van der bilt corp"),
    ("Oboronnye Initsiativy o.O.O.", "OOO Oboronnye Initsiativy"),
    ("ООО Газпром нефть", "Gazprom Neft JSC"),
    ("海康威視數字技術", "海康威视数字技术股份有限公司"),
    ("浙江大华技术股份有限公司", "Zhejiang Dahua Technology Co., Ltd."),
    ("삼성전자 주식회사", "삼성전자"),
    ("トヨタ自動車株式会社", "トヨタ自動車"),
    ("شركة الوفاق للتجارة ذ.م.م", "الوفاق للتجارة"),
    ("A.B.C. Company", "ABC Co."),
    ("Safety Equipment Procurement (SEP)", "SAFETY EQUIPMENT PROCUREMENT COMPANY"),
    ("Brigade Forty-Four Holding", "Brigade 44 Holding"),
    ("H&M Hennes & Mauritz AB", "H and M Hennes and Mauritz AB"),
    ("General Electric Comapny", "General Electric Company"),
    ("中国电子科技集团公司第十五研究所", "中国电子科技集团公司第15研究所"),
    ("1st Choice Ltd", "First Choice Limited"),
    ("ソニー株式会社", "ｿﾆｰ(株)"),
    ("凸版印刷㈱", "凸版印刷株式会社"),
]
NOT_SAMES = [
    ("Volkswagen AG", "Siemens AG", "different"),
    ("X Company", "Y Company", "different"),
    ("CORP", "Hikvision Corp", "different"),
    ("Hikvision UK Limited", "Hikvision", "related"),
    ("Dahua Technology Italy S.r.l.", "Dahua Technology", "related"),
    ("Hikvision", "Hangzhou Hikvision Digital Technology Co., Ltd.", "related"),
    ("Bank of China (Hong Kong) Limited", "Bank of China (Singapore) Limited", ""),
    ("14th Research Institute of CETC", "15th Research Institute of CETC", ""),
    ("Hangzhou Digital Technology Co., Ltd.", "Hangzhou Hikvision Digital Technology Co., Ltd.", "different"),
    ("Saudi Arabian Gas Company", "Saudi Arabian Oil Company", ""),
    ("中国电子科技集团公司第十四研究所", "中国电子科技集团公司第十五研究所", ""),
    ("中铁三局集团有限公司", "中铁一局集团有限公司", ""),
    ("First National Bank", "Second National Bank", ""),
    ("新疆生产建设兵团第八师", "新疆生产建设兵团第七师", ""),
    ("People's Bank of China", "Bank of China", ""),
    ("Bank of India", "Central Bank of India", ""),
    ("天津大学", "天津工业大学", ""),
    ("北京大学", "北京大學出版社", ""),
    ("Micron", "MOKRAN LLC", ""),
    ("iRobot Corporation", "EUROBET OOD", ""),
    ("Interface Co., Ltd.", "INTTRAFIK EOOD", ""),
    ("Vian Steel Complex", "South Rouhina Steel Complex", ""),
]


@pytest.mark.parametrize(("a", "b"), SAMES)
def test_the_same_company(a: str, b: str) -> None:
    """Scripts, legal forms, abbreviations, slips, words apart and together."""
    assert judge(a, b).relation == "same", judge(a, b)


@pytest.mark.parametrize(("a", "b", "relation"), NOT_SAMES)
def test_another_company(a: str, b: str, relation: str) -> None:
    """Branches are related, other numbers and other telling words are not the same company, generic words are nobody's; nor are words that
    share their consonants alone."""
    said = judge(a, b)
    assert said.relation != "same", said
    assert said.relation == relation or not relation


def lookalikes() -> list[tuple[str, str]]:
    """Names of `false_positives.tsv`, each with the id of the maker it looks like."""
    with (data_folder("names") / "false_positives.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    parts = [
        (part.split("(")[0].strip(), row["target"].split()[0].lower()) for row in rows for part in row["name"].replace("/", ";").split(";")
    ]
    return [(part, maker) for part, maker in parts if part]


def test_lookalikes_are_never_the_same(registry: Registry) -> None:
    """No look-alike is the same as any name of the maker's own, for `compare` with the registry."""
    wrong = []
    for part, maker in lookalikes():
        ours = {name.text for name in registry.entities[maker].names} if maker in registry.entities else set()
        wrong += [(part, name) for name in ours if part != name and compare(part, name, registry).relation == "same"]
    assert wrong == []


def test_few_lookalikes_are_the_same_by_their_letters() -> None:
    """Without the registry the letters alone take three look-alikes for the maker: those that the model card names."""
    taken = {part for part, maker in lookalikes() if score(part, maker) >= THRESHOLD}
    assert taken <= {"Tiandi", "Yixin Group Limited", "Lorex Industries, Inc."}, taken


TIES = [
    ("SenseTime", "センスタイム", "same", "same"),
    ("SenseTime", "센스타임", "same", "same"),
    ("中國電科", "中国电科", "same", "same"),
    ("HYTERA COMMS CORP LTD", "Hytera Communications Corporation Limited", "same", "same"),
    ("Xiamen Meiya Pico Information Co., Ltd.", "SDIC Intelligence (Xiamen) Information Co., Ltd.", "same", "former"),
    ("Dragonfly Eye", "Yitu Technology", "related", "brand"),
    ("EZVIZ", "Hikvision", "related", ""),
    ("Hikvision UK Ltd", "Hikvision", "related", "subsidiary"),
    ("Hytera Communications Limited", "Hytera Communications Corporation Limited", "different", "none"),
    ("Tiandi Science & Technology", "Tiandy Technologies Co., Ltd.", "different", "none"),
    ("Yixin Group", "Yixin Science and Technology Co. Ltd.", "different", "none"),
    ("Lorex Industries", "Lorex Technology Inc.", "different", "none"),
    ("China Electronics Corporation", "China Electronics Technology Group Corporation", "different", "none"),
    ("Huawei", "ZTE", "different", "none"),
    ("Kestrel Optical Works GmbH", "Kestrel Optical Works", "same", "same"),
]


@pytest.mark.parametrize(("a", "b", "relation", "tie"), TIES)
def test_ties_that_the_registry_knows(a: str, b: str, relation: str, tie: str, registry: Registry) -> None:
    """Names in other scripts, former names, brands, branches, look-alikes, strangers; either way round, the reasons adding up."""
    for first, second in ((a, b), (b, a)):
        said = compare(first, second, registry)
        assert (said.relation, said.tie if tie else "") == (relation, tie), said
        assert sum(why.weight for why in said.why) == pytest.approx(said.score, abs=1e-6)


LISTED = [
    "Kestrel Optical Works GmbH",
    "Orlan Marine Trading LLC",
    "BROADLINE MACHINERY EXPORT CORPORATION",
    "Vostok Istok Research Institute",
    "Van Der Bilt Shipping",
    "海康威视数字技术股份有限公司",
    "National Bank of Utopia",
    "ООО Северный Кристалл",
]
ASKED = [
    "Kestral Optical Works",
    "orlan marine trading",
    "Broadline Machinery Exp. Corp",
    "VANDERBILT SHIPPING",
    "Broad line Machinery Export Corp",
    "海康威視數字技術",
    "Severny Kristall LLC",
    "Acme Bakery",
    "",
    "National Bank of Utopia",
]


def test_index_finds_what_scoring_every_pair_finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The search loses nothing on a small list, and its scores are the scorer's; what is kept on disk answers the same."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wanted = [{number for number, name in enumerate(LISTED) if score(query, name) >= THRESHOLD} for query in ASKED]
    assert sum(map(len, wanted)) >= 7
    for _ in range(2):
        found = NameIndex(LISTED).search(ASKED)
        assert [{hit.number for hit in hits} for hits in found] == wanted
        assert all(
            hit.score == pytest.approx(score(query, LISTED[hit.number])) for query, hits in zip(ASKED, found, strict=True) for hit in hits
        )
    assert len(list((tmp_path / "offlimits").glob("names-*.msgpack"))) == 1


WHOLE = [
    "HONG KONG ELECTRONICS",
    "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU NEOBIT",
    "S.A.S. E.U.",
    "Import Export Company Ltd",
    "BLUE SKY",
    "香港电子有限公司",
    "Société Générale d'Électricité",
    "14th Research Institute",
]
"""Names of phrases, of long legal forms, of ordinary words, of no Latin letter."""


@given(st.lists(st.sampled_from([*WHOLE, *LISTED]), min_size=1, max_size=6, unique=True), st.data())
@settings(max_examples=60, deadline=None)
def test_equal_names_are_never_missed(names: list[str], data: st.DataObject) -> None:
    """Every listed name finds itself, first, whatever its words; so does it in capitals and with other blanks."""
    name = data.draw(st.sampled_from(names))
    asked = [name, name.upper(), f"  {name.replace(' ', '  ')} "]
    for hits in NameIndex(names, cache=False).search(asked):
        assert any(names[hit.number] == name and hit.score == pytest.approx(score(name, name)) for hit in hits)


@pytest.mark.parametrize("names", [[], [""], ["", "  "], ["Kestrel"], ["***"]])
def test_lists_with_little_in_them(names: list[str]) -> None:
    """A list of nobody, of blanks, of one word: searched without a fault, by anything."""
    found = NameIndex(names, cache=False).search(["Kestrel", "", "***", "KESTREL Ltd"])
    assert [bool(hits) for hits in found] == [names == ["Kestrel"], False, False, names == ["Kestrel"]]


def test_a_form_written_out_hides_nobody() -> None:
    """A misspelt name behind a long legal form is found, with the form and without it."""
    index = NameIndex(["OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU NEOBITELNOST"], cache=False)
    assert all(index.search(["Obshchestvo s ogranichennoi otvetstvennostyu Neobitelnosst", "Neobitelnosst OOO", "NEOBITELNOST"]))


def test_damaged_cache_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file cut short is no index; another list is another file."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    NameIndex(LISTED)
    (kept,) = (tmp_path / "offlimits").glob("names-*.msgpack")
    kept.write_bytes(kept.read_bytes()[:50])
    assert NameIndex(LISTED).search(["Kestrel Optical Works"])[0]
    assert NameIndex(LISTED[:-1]).fingerprint != NameIndex(LISTED).fingerprint


def test_comparison_is_plain_json() -> None:
    """The explanation is data: rule, words, weight."""
    told = compare("Hikvision UK Limited", "Hikvision")
    assert json.dumps([[why.rule, why.detail, why.weight] for why in told.why])

"""The loader: every check fires, says file, line and pointer, and all faults come at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from offlimits.errors import RegistryError
from offlimits.registry import RegistryData, evidence_folder, hash_evidence, load_registry
from offlimits.registry.data import proven
from offlimits.registry.load import load_evidence

COMPANY = """\
group: acme
evidence:
  rec:
    publisher: Register
    title: Record 1
    url: https://example.org/1
    read: 2026-01-02
    class: primary
  blog:
    publisher: Somebody
    title: A page
    url: https://example.org/2
    read: 2026-01-02
    class: community
entities:
  - id: acme
    name: Acme Cameras
    kind: company
    evidence: [rec]
    names:
      - {text: Acme Cameras, kind: legal, evidence: [rec]}
    identifiers:
      - {scheme: isin, value: CNE100000PM8, evidence: [rec]}
    products:
      - {id: cams, what: cameras, pattern: 'AC~\\d{3}', examples: [AC-123], not_examples: [AD-123], evidence: [rec]}
  - id: acme-uk
    name: Acme UK
    kind: company
    evidence: [rec]
    links:
      - {relation: subsidiary, of: acme, since: 2020-01-01, evidence: [rec]}
"""
MEASURE = """\
id: xx-ban
jurisdiction: XX
authority: Congress
title: A ban
kind: procurement-ban
effect: Nobody buys.
channels: [buy]
names: [acme]
binds: [us-federal-agency]
depends: {university: when it pays}
periods: [{since: 2020-01-01, until: 2021-01-01}]
doubts: [{since: 2022-01-01, until: 2023-01-01, why: nobody knows}]
evidence:
  - {publisher: Congress, title: Law 1, url: 'https://example.org/law', read: 2026-01-02, class: primary}
"""
CLAIMS = """\
claims:
  - claim: It is banned everywhere.
    truth: It is not.
    names: [acme]
    evidence:
      - {publisher: Congress, title: Law 1, url: 'https://example.org/law', read: 2026-01-02, class: primary}
"""
SETTINGS = """\
version: "2026-01-02"
mac_prefixes: {publisher: IEEE, title: OUI, url: 'https://example.org/oui', read: 2026-01-02, class: technical}
"""
WORDS = "legal_forms: [ltd]\ntrade: [cctv]\nbusiness: [services]\nplaces: [leeds]\ncommon: [the]\nother_makers: [axis]\n"
MACS = "prefix,entity,organisation\n00AABB,acme,Acme\n00AABBC,acme,Acme\n00AABBCCD,acme,Acme\n"
REALMS = """\
evidence:
  rec: {publisher: Register, title: Record 1, url: 'https://example.org/1', read: 2026-01-02, class: technical}
fingerprints:
  - {id: cam, entity: acme, what: its cameras, pattern: '^acme-\\d', examples: [ACME-1], not_examples: [ACME], evidence: [rec]}
"""
FILES = {
    "companies/acme.yaml": COMPANY,
    "measures/xx/xx-ban.yaml": MEASURE,
    "measures/not-measures.yaml": CLAIMS,
    "registry.yaml": SETTINGS,
    "words/words.yaml": WORDS,
    "prefixes/mac.csv": MACS,
    "fingerprints/realm.yaml": REALMS,
}
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A small sound evidence folder, with some of its files written otherwise; None leaves a file out."""

    def build(changes: dict[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "evidence"
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in {**FILES, **(changes or {})}.items():
            if content is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return build


def faults_of(folder: Path) -> list[str]:
    """The faults that loading raises."""
    with pytest.raises(RegistryError) as caught:
        load_evidence(folder)
    return caught.value.faults


def test_small_folder_is_sound(make: Make) -> None:
    """The folder that the other tests break loads as it stands, so that each fault is the break's own."""
    data = load_evidence(make())
    assert [entity.id for entity in data.entities] == ["acme", "acme-uk"]
    assert [measure.id for measure in data.measures] == ["xx-ban"]
    assert [mac.prefix for mac in data.macs] == ["00AABB", "00AABBC", "00AABBCCD"]
    assert data.entities[1].links[0].evidence == ("acme/rec",)


C, M, N, S, W, P, F = FILES
CASES = [
    (F, "entity: acme", "entity: nobody", "fingerprints/realm.yaml:4 /fingerprints/0/entity: no entity 'nobody'"),
    (F, "evidence: [rec]", "evidence: []", "fingerprints/realm.yaml:4 /fingerprints/0: a claim without evidence"),
    (F, "evidence: [rec]", "evidence: [red]", "fingerprints/realm.yaml:4 /fingerprints/0: evidence 'red' is not in this file"),
    (F, "[ACME-1]", "[ACME]", "fingerprints/realm.yaml:4 /fingerprints/0/examples/0: the pattern misses 'ACME'"),
    (F, "not_examples: [ACME]", "not_examples: [ACME-2]", "fingerprints/realm.yaml:4 /fingerprints/0/not_examples/0: the pattern takes 'ACME-2'"),
    (F, "not_examples: [ACME]", "not_examples: []", "fingerprints/realm.yaml:4 /fingerprints/0: a fingerprint needs an example of what it takes and one of what it must not take"),
    (F, "'^acme-", "'(acme-", "fingerprints/realm.yaml:4 /fingerprints/0/pattern: not a pattern: missing ), unterminated subpattern at position 0"),
    (F, "'^acme-", "'.*acme-", "fingerprints/realm.yaml:4 /fingerprints/0/pattern: it must begin with 3 characters that are told"),
    (F, "evidence:\n", "more: 1\nevidence:\n", "fingerprints/realm.yaml:1 /more: unknown field"),
    (C, "group: acme\n", "group: acme\nextra: 1\n", "companies/acme.yaml:2 /extra: unknown field"),
    (C, "group: acme\n", "group: other\n", "companies/acme.yaml:1 /group: group 'other' must be the file's own name"),
    (C, "    class: primary\n", "    class: rumour\n", "companies/acme.yaml:8 /evidence/rec/class: Invalid enum value 'rumour'"),
    (C, "    publisher: Register\n", "", "companies/acme.yaml:4 /evidence/rec: Object missing required field `publisher`"),
    (C, "    kind: company\n    evidence: [rec]\n    names", "    kind: company\n    colour: red\n    evidence: [rec]\n    names", "companies/acme.yaml:16 /entities/0: Object contains unknown field `colour`"),
    (C, "kind: legal", "kind: nickname", "companies/acme.yaml:21 /entities/0/names/0/kind: Invalid enum value 'nickname'"),
    (C, "kind: legal, evidence: [rec]", "kind: legal, evidence: []", "companies/acme.yaml:21 /entities/0/names/0: a claim without evidence"),
    (C, "kind: legal, evidence: [rec]", "kind: legal", "companies/acme.yaml:21 /entities/0/names/0: Object missing required field `evidence`"),
    (C, "kind: legal, evidence: [rec]", "kind: legal, evidence: [nix]", "companies/acme.yaml:21 /entities/0/names/0: evidence 'nix' is not in this file"),
    (C, "    kind: company\n    evidence: [rec]\n    links", "    kind: company\n    evidence: []\n    links", "companies/acme.yaml:26 /entities/1: a claim without evidence"),
    (C, "since: 2020-01-01", "since: 2020-01-01, until: 2020-01-01", "companies/acme.yaml:31 /entities/1/links/0: until 2020-01-01 is not after since 2020-01-01"),
    (C, "of: acme,", "of: nobody,", "companies/acme.yaml:31 /entities/1/links/0/of: no entity 'nobody'"),
    (C, "of: acme,", "of: acme-uk,", "companies/acme.yaml:31 /entities/1/links/0/of: an entity cannot be linked to itself"),
    (C, "relation: subsidiary, of: acme, since: 2020-01-01, evidence: [rec]", "relation: brand, of: acme, evidence: [blog]", "companies/acme.yaml:31 /entities/1/links/0: a brand or made-by link needs"),
    (C, "relation: subsidiary, of: acme, since: 2020-01-01, evidence: [rec]", "relation: made-by, of: acme, evidence: [blog]", "companies/acme.yaml:31 /entities/1/links/0: a brand or made-by link needs"),
    (C, "relation: subsidiary", "relation: controls", "companies/acme.yaml:31 /entities/1/links/0/relation: Invalid enum value 'controls'"),
    (C, "  - id: acme-uk", "  - id: acme", "companies/acme.yaml:26 /entities/1/id: entity 'acme' stands in companies/acme.yaml already"),
    (C, "  - id: acme\n", "  - id: acme-one\n", "companies/acme.yaml:16 /entities: no entity 'acme': the listed company itself is missing"),
    (C, "pattern: 'AC~\\d{3}'", "pattern: 'AC(~'", "companies/acme.yaml:25 /entities/0/products/0/pattern: not a pattern: "),
    (C, "examples: [AC-123]", "examples: [AC-123, XX-1]", "companies/acme.yaml:25 /entities/0/products/0/examples/1: the pattern does not take the whole of 'XX-1'"),
    (C, "examples: [AC-123]", "examples: [AC-123 kit]", "companies/acme.yaml:25 /entities/0/products/0/examples/0: the pattern does not take the whole of 'AC-123 kit'"),
    (C, "examples: [AC-123]", "examples: []", "companies/acme.yaml:25 /entities/0/products/0: a product family without an example"),
    (C, "not_examples: [AD-123]", "not_examples: [AC-124]", "companies/acme.yaml:25 /entities/0/products/0/not_examples/0: the pattern takes 'AC-124'"),
    (C, "    identifiers:\n      - {scheme", "    lookalikes: [{text: ^ACME-Cameras, why: a stock index, evidence: [rec]}]\n    identifiers:\n      - {scheme", "companies/acme.yaml:22 /entities/0/lookalikes/0: '^ACME-Cameras' is read as the name 'Acme Cameras'"),
    (C, "    links:\n", "    identifiers: [{scheme: isin, value: cne100000pm8, evidence: [rec]}]\n    links:\n", "companies/acme.yaml:30 /entities/1/identifiers/0: isin 'cne100000pm8' is 'acme''s already"),
    (C, "    name: Acme UK\n", "    name: Acme UK\n    name: Acme GB\n", "companies/acme.yaml:27 /entities/1/name: the key stands here twice"),
    (C, "entities:\n", "entities:\n  - just words\n", "companies/acme.yaml:16 /entities/0: an entity must be a mapping"),
    (C, "    names:\n      - {", "    names:\n        {", "companies/acme.yaml:21 /entities/0/names: must be a sequence"),
    (C, "scheme: isin", "scheme: barcode", "companies/acme.yaml:23 /entities/0/identifiers/0/scheme: no scheme 'barcode'"),
    (C, "CNE100000PM8", "CNE100000PM9", "companies/acme.yaml:23 /entities/0/identifiers/0/value: 'CNE100000PM9' is no isin: its check digit does not hold"),
    (C, "scheme: isin, value: CNE100000PM8", "scheme: domain, value: 'https://acme.example'", "companies/acme.yaml:23 /entities/0/identifiers/0/value: 'https://acme.example' does not look like a domain"),
    (C, "https://example.org/2", "example.org/2", "companies/acme.yaml:10 /evidence/blog: not a web address: 'example.org/2'"),
    (C, "https://example.org/2", "https://example.org/1", "companies/acme.yaml:10 /evidence/blog: companies/acme.yaml cites this address as 'Register', 'Record 1'; say what differs in `at`"),
    (C, "class: community", "class: community\n    quote: " + 50 * "word ", "companies/acme.yaml:10 /evidence/blog: a quote of 249 characters"),
    (C, "    names:\n      - {", "    links: [{relation: subsidiary, of: acme-uk, since: 2021-01-01, evidence: [rec]}]\n    names:\n      - {", "companies/acme.yaml:20 /entities/0/links: owns itself on 2021-01-01: acme → acme-uk → acme"),
    (M, "class: primary", "class: press", "measures/xx/xx-ban.yaml:1 /: a measure without a primary source must say where one was looked for"),
    (M, "title: A ban", "title: A ban\nno_primary: looked for", "measures/xx/xx-ban.yaml:5 /no_primary: a primary source is cited"),
    (M, "title: A ban", "title: A ban\nlist: xx-list", "measures/xx/xx-ban.yaml:5 /list: no list 'xx-list'"),
    (N, "title: Law 1", "title: Law 2", "measures/xx/xx-ban.yaml:14 /evidence/0: measures/not-measures.yaml cites this address as 'Congress', 'Law 2'"),
    (M, "id: xx-ban", "id: yy-ban", "measures/xx/xx-ban.yaml:1 /id: id 'yy-ban' must be the file's own name"),
    (M, "names: [acme]", "names: [acme, nobody]", "measures/xx/xx-ban.yaml:8 /names/1: no entity 'nobody'"),
    (M, "names: [acme]\n", "", "measures/xx/xx-ban.yaml:1 /: a measure that names nobody must say which class it names"),
    (M, "kind: procurement-ban", "kind: curse", "measures/xx/xx-ban.yaml:5 /kind: Invalid enum value 'curse'"),
    (M, "binds: [us-federal-agency]", "binds: [martians]", "measures/xx/xx-ban.yaml:9 /binds: no profile 'martians'"),
    (M, "{university: when it pays}", "{martians: when they pay}", "measures/xx/xx-ban.yaml:10 /depends: no profile 'martians'"),
    (M, "until: 2021-01-01", "until: 2019-01-01", "measures/xx/xx-ban.yaml:11 /periods/0: until 2019-01-01 is not after since 2020-01-01"),
    (M, "until: 2023-01-01", "until: 2022-01-01", "measures/xx/xx-ban.yaml:12 /doubts/0: until 2022-01-01 is not after since 2022-01-01"),
    (M, MEASURE[MEASURE.index("evidence:") :], "evidence: []\n", "measures/xx/xx-ban.yaml:1 /: a measure without evidence"),
    (M, MEASURE[MEASURE.index("periods:") : MEASURE.index("evidence:")], "", "measures/xx/xx-ban.yaml:1 /: a measure needs a period or a doubt"),
    (N, "names: [acme]", "names: [nobody]", "measures/not-measures.yaml:4 /claims/0/names/0: no entity 'nobody'"),
    (N, CLAIMS[CLAIMS.index("    evidence:") :], "    evidence: []\n", "measures/not-measures.yaml:2 /claims/0: a claim without evidence"),
    (N, "    truth: It is not.\n", "", "measures/not-measures.yaml:2 /claims/0: Object missing required field `truth`"),
    (S, 'version: "2026-01-02"\n', "", "registry.yaml:1 /version: the registry needs a version (a date)"),
    (S, "class: technical", "class: hearsay", "registry.yaml:2 /mac_prefixes/class: Invalid enum value 'hearsay'"),
    (W, "common: [the]\n", "", "words/words.yaml:1 /: Object missing required field `common`"),
    (P, "00AABBC,", "00AABBCC,", "prefixes/mac.csv:3: '00AABBCC' is no prefix of 6, 7 or 9 hex digits"),
    (P, "00AABBC,", "00aabbc,", "prefixes/mac.csv:3: '00aabbc' is no prefix of 6, 7 or 9 hex digits"),
    (P, "00AABBC,", "00AABB,", "prefixes/mac.csv:3: the prefix 00AABB stands here twice"),
    (P, "00AABBC,acme", "00AABBC,nobody", "prefixes/mac.csv:3: no entity 'nobody'"),
    (P, "prefix,entity", "oui,entity", "prefixes/mac.csv:1: the columns must be prefix, entity, organisation"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"), CASES, ids=[f"{case[0].split('/')[-1]}: {case[3].partition(': ')[2][:50]}" for case in CASES]
)
def test_each_check_says_where(file: str, old: str, new: str, fault: str, make: Make) -> None:
    """One break gives exactly one fault, with file, line, pointer and words."""
    assert old in FILES[file], "the test breaks nothing"
    faults = faults_of(make({file: FILES[file].replace(old, new, 1)}))
    assert len(faults) == 1, faults
    assert faults[0].startswith(fault)


@pytest.mark.parametrize("file", [C, M, N, S, W])
@pytest.mark.parametrize(
    ("content", "words"), [("a: [1,\nb: 2\n", "not YAML"), ("- 1\n", "the file must hold a mapping"), ("", "the file must hold a mapping"), (b"a: \xff\xfe\n", "cannot be read")]
)  # fmt: skip
def test_file_that_is_no_mapping(file: str, content: str | bytes, words: str, make: Make) -> None:
    """Broken YAML, another shape, an empty file and a wrong encoding are faults of that file, never a traceback."""
    assert any(fault.startswith(f"{file}:") and words in fault for fault in faults_of(make({file: content})))


@pytest.mark.parametrize("file", [S, W, P])
def test_missing_file(file: str, make: Make) -> None:
    """A file that must be there and is not is a fault that names it."""
    assert any(fault.startswith(f"{file}: cannot be read") for fault in faults_of(make({file: None})))


def test_empty_folder(tmp_path: Path) -> None:
    """`registry check` of a folder that holds no evidence is a list of faults, not a crash."""
    assert len(faults_of(tmp_path)) >= 3


def test_all_faults_at_once(make: Make) -> None:
    """Faults of several files come in one error, all of them, counted in its message."""
    folder = make(
        {
            C: COMPANY.replace("of: acme,", "of: nobody,").replace("examples: [AC-123]", "examples: []"),
            M: MEASURE.replace("names: [acme]", "names: [nobody]"),
            P: MACS + "XYZ,acme,Acme\n",
        }
    )
    with pytest.raises(RegistryError) as caught:
        load_evidence(folder)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [C, C, M, P]
    assert "4 faults" in caught.value.message
    assert all(fault in caught.value.message for fault in caught.value.faults)


def test_entity_that_does_not_load_is_one_fault(make: Make) -> None:
    """A broken entity is reported once; links and measures that name it add no echo."""
    faults = faults_of(make({C: COMPANY.replace("    name: Acme Cameras\n", "", 1)}))
    assert len(faults) == 1
    assert "missing required field `name`" in faults[0]


def test_fingerprints_of_no_field(make: Make) -> None:
    """A file that is named after no field is a fault; an id that stands twice is one."""
    twice = REALMS + REALMS.splitlines()[-1] + "\n"
    assert faults_of(make({F: twice})) == ["fingerprints/realm.yaml:5 /fingerprints/1/id: the id 'cam' stands here already"]
    assert faults_of(make({F: None, "fingerprints/smell.yaml": REALMS}))[0].startswith(
        "fingerprints/smell.yaml:1 /: no field is called 'smell'"
    )


def test_two_measures_of_one_id(make: Make) -> None:
    """The same id under two jurisdictions is a fault; one would take the other's place."""
    assert faults_of(make({"measures/yy/xx-ban.yaml": MEASURE})) == [
        "measures/yy/xx-ban.yaml:1 /id: another measure has the id 'xx-ban' already"
    ]


def test_entity_in_two_files(make: Make) -> None:
    """An entity belongs to one file; the fault names the other one."""
    other = COMPANY.replace("group: acme", "group: beta").replace("CNE100000PM8", "CNE100000BJ4") + COMPANY[
        COMPANY.index("  - id: acme\n") : COMPANY.index("    names:")
    ].replace("id: acme", "id: beta")
    faults = faults_of(make({"companies/beta.yaml": other}))
    assert [fault.partition(": ")[2] for fault in faults] == [
        f"entity '{name}' stands in companies/acme.yaml already" for name in ("acme", "acme-uk")
    ]


def test_disputed_link_needs_no_proof(make: Make) -> None:
    """A brand or OEM tie on one person's word loads when it says that it is disputed."""
    link = "relation: made-by, of: acme, evidence: [blog], disputed: one forum post"
    data = load_evidence(make({C: COMPANY.replace("relation: subsidiary, of: acme, since: 2020-01-01, evidence: [rec]", link)}))
    assert data.entities[1].links[0].disputed == "one forum post"


def test_two_publishers_prove_a_brand(make: Make) -> None:
    """Two pages of one publisher are one source; of two publishers they are two."""
    data = load_evidence(make())
    blog = data.evidence["acme/blog"]
    assert not proven([blog, msgspec.structs.replace(blog, title="Another page")])
    assert proven([blog, msgspec.structs.replace(blog, publisher="Somebody else")])


def test_country_no_stays_a_word(make: Make) -> None:
    """YAML 1.1 reads NO and on as booleans; here they stay words."""
    data = load_evidence(
        make(
            {
                C: COMPANY.replace("    name: Acme UK\n", "    name: Acme UK\n    country: NO\n").replace(
                    "    read: 2026-01-02\n", "    read: 2026-01-02\n    on: 2025-01-01\n", 1
                )
            }
        )
    )
    assert data.entities[1].country == "NO"
    assert str(data.evidence["acme/rec"].on) == "2025-01-01"


def test_hash_follows_content_and_name(make: Make) -> None:
    """The registry's hash changes with a byte, a name, a new file; not with files that are no evidence."""
    plain = hash_evidence(make())
    assert hash_evidence(make()) == plain
    assert hash_evidence(make({"schema/x.json": "{}", "README.md": "words"})) == plain
    changed = [
        {C: COMPANY + "\n"},
        {"measures/not-measures.yaml": None},
        {"measures/xx/xx-ban.yaml": None, "measures/yy/xx-ban.yaml": MEASURE},
    ]
    assert len({plain, *(hash_evidence(make(change)) for change in changed)}) == 4


def test_compiled_registry_follows_the_evidence(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled file is used when the evidence is the same, never when it changed, and a damaged one is built anew."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = load_registry(make())
    compiled = list((tmp_path / "cache" / "offlimits").iterdir())
    assert len(compiled) == 1
    assert load_registry(make()).data == first.data
    changed = load_registry(make({C: COMPANY.replace("Acme UK", "Acme GB")}))
    assert changed.entities["acme-uk"].name == "Acme GB"
    assert changed.sha256 != first.sha256
    compiled[0].write_bytes(compiled[0].read_bytes()[:50])
    assert load_registry(make()).data == first.data


def test_cache_that_cannot_be_written(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place for the compiled file the registry is built each time, and works."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_registry(make()).version == "2026-01-02"


def test_evidence_that_ships_loads() -> None:
    """Every file of the evidence loads without a fault, and nothing of it is left aside."""
    folder = evidence_folder()
    data: RegistryData = load_evidence(folder)
    measures = {path.stem for path in (folder / "measures").rglob("*.yaml")} - {"not-measures"}
    assert {measure.id for measure in data.measures} == measures
    assert {entity.group for entity in data.entities} == {path.stem for path in (folder / "companies").glob("*.yaml")}

"""The evidence that ships: sourced, sound, and found again by the real matchers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from stdnum import cusip, figi, isin, lei
from stdnum.cn import uscc
from stdnum.gb import sedol

from offlimits.judging import Judged, judge
from offlimits.matching import Matching
from offlimits.model import Entity, Entry, Measure, Mention, Place, Product, Value
from offlimits.registry import Registry, evidence_folder
from offlimits.registry.data import MAC_EVIDENCE
from offlimits.registry.load import load_evidence
from offlimits.screening import Compiled

TODAY = date(2026, 11, 23)
GROUPS = {"huawei", "zte", "hytera", "hikvision", "dahua", "uniview", "tiandy"}
CHECKS: dict[str, Callable[[str], bool]] = {
    "isin": isin.is_valid,
    "lei": lei.is_valid,
    "uscc": uscc.is_valid,
    "sedol": sedol.is_valid,
    "figi": figi.is_valid,
    "ror": lambda text: bool(re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}", text)) and ror_check(text),
    "wikidata": lambda text: bool(re.fullmatch(r"Q[1-9]\d*", text)),
    "pen": lambda text: text.isascii() and text.isdigit(),
    "bluetooth": lambda text: text.isascii() and text.isdigit() and int(text) < 1 << 16,
    "usb-vendor": lambda text: bool(re.fullmatch(r"[0-9a-f]{4}", text)),
    "pci-vendor": lambda text: bool(re.fullmatch(r"[0-9a-f]{4}", text)),
    "fcc-grantee": lambda text: bool(re.fullmatch(r"[A-Z][A-Z0-9]{2}|[2-9][A-Z0-9]{4}", text)),
    "ticker": lambda text: bool(re.fullmatch(r"\d{6}\.(?:SZ|SS)|\d{4,5}\.HK|[A-Z0-9]{1,6}\.(?:IS|BE|DU|MU|VI)", text)),
    "domain": lambda text: bool(re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", text)),
    "company-number": lambda text: bool(re.fullmatch(r"[A-Z]{2} \S.*", text)),
    "grid": lambda text: bool(re.fullmatch(r"grid\.\d+\.[0-9a-f]+", text)),
    "crossref-funder": lambda text: text.isdigit(),
    "isni": lambda text: isni_check(text.replace(" ", "")),
    "cusip": cusip.is_valid,
    "host": lambda text: bool(re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,}", text)),
    "purl": lambda text: bool(re.fullmatch(r"pkg:[a-z]+/[^\s/]\S*", text)),
    "app-id": lambda text: bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)+|\d{8,10}", text)),
    "pnp": lambda text: bool(re.fullmatch(r"[A-Z]{3}", text)),
    "cpe-vendor": lambda text: bool(re.fullmatch(r"[a-z0-9][a-z0-9._-]*", text)),
}  # fmt: skip
"""Forms and check digits by scheme. Forms: FCC 47 CFR 2.926 (grantee codes), Bluetooth SIG assigned numbers, PCI-SIG and USB-IF vendor ids."""


def ror_check(text: str) -> bool:
    """The last two digits of a ROR id: 98 less the number before them, in Crockford's base 32, times 100, modulo 97 (ROR, identifier pattern)."""
    number = 0
    for char in text[1:7]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(char)
    return 98 - number * 100 % 97 == int(text[7:])


def isni_check(text: str) -> bool:
    """ISO 27729: the last digit by ISO 7064 MOD 11-2."""
    total = 0
    for char in text[:-1]:
        total = (total + int(char)) * 2
    return len(text) == 16 and "0123456789X"[(12 - total % 11) % 11] == text[-1]


def claims(entity: Entity) -> Iterator[Value]:
    yield from (entity, *entity.names, *entity.identifiers, *entity.links, *entity.products, *entity.lookalikes)


def evidence_ids(entity: Entity) -> set[str]:
    return {key for claim in claims(entity) for key in claim.evidence}  # type: ignore[attr-defined]


def test_the_seven_groups_are_there(registry: Registry) -> None:
    """The five of section 889, Uniview and Tiandy; each group has its root entity with a name and evidence."""
    assert set(registry.groups) >= GROUPS
    for group in registry.groups:
        assert registry.entities[group].group == group
        assert registry.entities[group].names


def test_every_claim_has_evidence(registry: Registry) -> None:
    """No entity, name, identifier, link, product, look-alike or measure without a source that exists; no source that nothing uses."""
    for entity in registry.data.entities:
        for claim in claims(entity):
            assert claim.evidence, (entity.id, claim)  # type: ignore[attr-defined]
    used = {key for entity in registry.data.entities for key in evidence_ids(entity)}
    used |= {key for item in registry.data.fingerprints for key in item.evidence}
    assert used | {MAC_EVIDENCE} == set(registry.data.evidence)
    assert all(measure.evidence for measure in registry.data.measures)
    assert all(claim.evidence for claim in registry.data.not_measures)


def test_every_source_can_be_looked_up(registry: Registry) -> None:
    """Each has an address on the web, and was read on or after the day it is of, and not after the registry's edition."""
    edition = date.fromisoformat(registry.version)
    sources = [*registry.data.evidence.values(), *(source for measure in registry.data.measures for source in measure.evidence)]
    for source in sources:
        assert re.fullmatch(r"https?://[^\s/]+\S*", source.url), source
        assert source.publisher
        assert source.title
        assert (source.on or source.read) <= source.read <= edition, source


def test_a_measure_is_on_record_where_it_binds(registry: Registry) -> None:
    """Whoever is said to be bound outright is so on a primary source."""
    assert [
        measure.id for measure in registry.data.measures if measure.binds and all(source.cls != "primary" for source in measure.evidence)
    ] == []


def test_every_entity_leads_to_a_listed_group(registry: Registry) -> None:
    """An entity without a way to a group could never be found. The one without stands there because it is often taken for theirs."""
    lost = [
        entity.id
        for entity in registry.data.entities
        if not registry.paths(entity.id, date(2010, 1, 1)) and not registry.paths(entity.id, TODAY)
    ]
    assert lost == ["aditya-infotech"]


def test_holding_above_a_listed_company_is_its_parent(registry: Registry) -> None:
    """Huawei's holding, and what it owns, belong to Huawei's group; CETC above Hikvision is a group of its own, and no Hikvision finding."""
    assert [(path.group, path.relation) for path in registry.paths("huawei-holding", TODAY)] == [("huawei", "parent")]
    assert [(path.group, path.relation) for path in registry.paths("proven-honour", TODAY)] == [("huawei", "subsidiary")]
    assert [(path.group, path.relation) for path in registry.paths("cetc", TODAY)] == [("cetc", "same")]


def test_identifiers_are_well_formed(registry: Registry) -> None:
    """Check digits are right where the scheme has them, the form elsewhere; and every scheme in use is checked."""
    held = [(entity.id, identifier.scheme, identifier.value) for entity in registry.data.entities for identifier in entity.identifiers]
    assert {scheme for _, scheme, _ in held} <= set(CHECKS)
    assert [item for item in held if not CHECKS[item[1]](item[2])] == []


@pytest.mark.parametrize(("scheme", "wrong"), [("isin", "CNE100000PM7"), ("uscc", "91330000733796106Q"), ("ror", "02jzypx28"), ("isni", "0000000121032684"), ("figi", "BBG000Q844N6"), ("sedol", "BD5CNJ2")])  # fmt: skip
def test_the_checks_can_fail(scheme: str, wrong: str) -> None:
    """One digit off is refused."""
    assert not CHECKS[scheme](wrong)


def test_measures_have_words_for_people(registry: Registry) -> None:
    """Each says what it does, whom it binds, and, where it depends, on what."""
    for measure in registry.data.measures:
        assert measure.effect.strip()
        assert measure.binds_text.strip(), measure.id
        assert all(condition.strip() for condition in measure.depends.values())
        assert not set(measure.binds) & set(measure.depends), measure.id


def test_links_lie_in_order(registry: Registry) -> None:
    """Periods of one kind of tie between the same two do not overlap."""
    for entity in registry.data.entities:
        for link in entity.links:
            others = [other for other in entity.links if (other.relation, other.of) == (link.relation, link.of) and other is not link]
            for other in others:
                assert (link.until or date.max) <= (other.since or date.min) or (other.until or date.max) <= (link.since or date.min), (
                    entity.id
                )


# --- product families ----------------------------------------------------------------------------

FAMILIES: list[tuple[Entity, Product]] = [
    (entity, product) for entity in load_evidence(evidence_folder()).entities for product in entity.products
]


@pytest.fixture(scope="module")
def matching(registry: Registry) -> Matching:
    """All matchers over the registry that ships, as `explain` uses them."""
    return Matching(registry)


@pytest.fixture(scope="module")
def prepared(registry: Registry) -> Matching:
    """The same with its search for triggers, as a run uses them."""
    matching = Matching(registry)
    matching.prepare()
    return matching


def sentence(entity: Entity, product: Product, code: str) -> str:
    """A code as a register writes it; with the brand's word before it where the family wants one."""
    word = next((name.text for name in entity.names if name.weight == "unique" and name.kind != "legal"), entity.name)
    return f"2 x {word + ' ' if product.needs == 'brand' else ''}{code} camera in the lobby"


def line(text: str) -> Entry:
    return Entry(place=Place(line=2), channel="install", mentions=(Mention(field="Description", kind="text", text=text),))


def groups_of(judged: list[Judged]) -> dict[str, str]:
    return {item.path.group: item.strength for item in judged}


@pytest.mark.parametrize(("entity", "product"), FAMILIES, ids=[f"{product.id}" for _, product in FAMILIES])
def test_examples_are_found_and_attributed(
    entity: Entity, product: Product, matching: Matching, prepared: Matching, registry: Registry
) -> None:
    """In a sentence the whole code is taken, for this company, and the line is a finding of its group and of nobody else at the same strength."""
    for code in product.examples:
        text = sentence(entity, product, code)
        if any(char.isdigit() for char in code) or product.needs != "brand":
            taken = [match.entity for match in matching.find(text, "text") if match.product and match.text == code]
            assert entity.id in taken or entity.group in taken, (code, taken)
        for family in (matching, prepared):
            judged, denied = judge(line(text), family, registry, TODAY)
            wanted = {path.group for path in registry.paths(entity.id, TODAY)}
            assert set(groups_of(judged)) & wanted, (code, judged)
            assert set(groups_of(judged)) - wanted == set(), (code, judged)
            assert denied == []


@pytest.mark.parametrize(
    ("entity", "product"),
    [item for item in FAMILIES if item[1].not_examples],
    ids=[product.id for _, product in FAMILIES if product.not_examples],
)
def test_not_examples_are_not_taken(entity: Entity, product: Product, matching: Matching) -> None:
    """In a sentence no code that belongs elsewhere is taken for this family."""
    for code in product.not_examples:
        taken = [match for match in matching.find(sentence(entity, product, code), "text") if match.product and code in match.text]
        assert not [match for match in taken if f"({product.id})" in match.reasons[0].detail], code


def test_family_ids_are_unique() -> None:
    """A family's name means one family."""
    names = [product.id for _, product in FAMILIES]
    assert len(names) == len(set(names))


def test_lookalikes_are_not_taken(matching: Matching, registry: Registry) -> None:
    """No look-alike, written as a supplier's name, is a standing finding of the entity it looks like at likely or above."""
    taken = []
    for entity in registry.data.entities:
        for other in entity.lookalikes:
            entry = Entry(place=Place(line=2), channel="buy", mentions=(Mention(field="Supplier", kind="name", text=other.text),))
            judged, _ = judge(entry, matching, registry, TODAY)
            taken += [
                (entity.id, other.text, item.strength) for item in judged if item.path.group == entity.group and item.strength != "possible"
            ]
    assert taken == []


def test_names_are_found(matching: Matching, registry: Registry) -> None:
    """Every name that needs no second sign is taken, as a supplier's name, for an entity of its group."""
    lost = []
    for entity in registry.data.entities:
        if not registry.paths(entity.id, TODAY):
            continue
        for name in entity.names:
            found = {registry.entities[match.entity].group for match in matching.find(name.text, "maker")}
            if entity.group not in found:
                lost.append((entity.id, name.text, name.weight))
    assert lost == []


def test_measure_kinds_say_what_the_channels_are(registry: Registry) -> None:
    """A ban on investment touches money, a ban on buying touches what is bought."""
    needed = {"investment-ban": {"own", "fund"}, "procurement-ban": {"buy"}, "use-ban": {"install", "connect"}}

    def fits(measure: Measure) -> bool:
        return measure.kind not in needed or bool(needed[measure.kind] & set(measure.channels))

    assert [measure.id for measure in registry.data.measures if not fits(measure)] == []


def test_no_registered_name_is_doubted_as_another_listed_ones(registry: Registry, compiled: Compiled) -> None:
    """A company's own name stands though it is a look-alike of another listed company (SenseTime and SenseNets, iFlytek and Keda)."""
    doubted = []
    for entity in registry.data.entities:
        for name in entity.names:
            found = [match for match in compiled.matching.find(name.text, "name") if match.entity == entity.id]
            own = [
                match for match in found if not match.disclaimed and "name-of-another-too" not in [reason.rule for reason in match.reasons]
            ]
            doubted += [(entity.id, name.text)] if found and not own else []
    assert doubted == []

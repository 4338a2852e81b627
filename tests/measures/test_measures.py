"""Measures: whom they touch, on which day, and whom they bind."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offlimits.errors import UsageError
from offlimits.measures import Profile, binding, in_force, is_proven, measures_on, read_profile, touches
from offlimits.model import CHANNELS, PROFILES, Channel, Doubt, Evidence, Measure, Period
from offlimits.registry import Registry

TODAY = date(2026, 11, 23)
START = date(2020, 1, 1)
PRIMARY = Evidence(publisher="Congress", title="Law", url="https://example.org", read=TODAY, cls="primary")
PRESS = msgspec.structs.replace(PRIMARY, publisher="Paper", cls="press")


def measure(**fields: Any) -> Measure:
    """A small measure, with some of its fields set."""
    plain: dict[str, Any] = {
        "id": "m",
        "jurisdiction": "XX",
        "authority": "Congress",
        "title": "A ban",
        "kind": "procurement-ban",
        "effect": "Nobody buys.",
    }
    return Measure(**{**plain, "channels": ("buy",), "evidence": (PRIMARY,), "names": ("acme",), "binds_text": "others", **fields})


def day(number: int) -> date:
    return START + timedelta(days=number)


def touching(registry: Registry, entity: str, on: date, channel: Channel | None = None, group: str | None = None) -> set[str]:
    """Ids of the measures that touch an entity on a day, by one channel or any."""
    channels = [channel] if channel else CHANNELS
    return {
        state.id
        for path in registry.paths(entity, on)
        if group in (None, path.group)
        for each in channels
        for state in measures_on(registry, path, each, read_profile("neutral"), on)
    }


def bound(registry: Registry, profile: str, entity: str, channel: Channel, on: date = TODAY) -> dict[str, str]:
    """What binds a profile, outright or on a condition, about one entity."""
    (path,) = [path for path in registry.paths(entity, on) if path.group == registry.entities[entity].group]
    return {state.id: state.binds for state in measures_on(registry, path, channel, read_profile(profile), on) if state.binds != "others"}


# --- in force ------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(1, 15)), max_size=4)


def brute(spans: list[tuple[int, int | None]]) -> set[int]:
    """The days, from 0 to 60, that some span holds; day by day."""
    return {number for since, length in spans for number in range(61) if number >= since and (length is None or number < since + length)}


@settings(deadline=None)
@given(SPANS, SPANS)
def test_in_force_agrees_with_brute_force(periods: list[tuple[int, int | None]], doubts: list[tuple[int, int | None]]) -> None:
    """On every day, boundary days too: unknown in a doubt, else yes in a period, else no; `until` is the first day without."""
    end = {
        length: (lambda since, length=length: None if length is None else day(since + length))
        for length in {*(item[1] for item in [*periods, *doubts])}
    }
    subject = measure(
        periods=tuple(Period(since=day(since), until=end[length](since)) for since, length in periods),
        doubts=tuple(Doubt(since=day(since), until=end[length](since), why="nobody knows") for since, length in doubts),
    )
    held, unknown = brute(periods), brute(doubts)
    for number in range(61):
        wanted = "unknown" if number in unknown else "yes" if number in held else "no"
        state, reason = in_force(subject, day(number))
        assert state == wanted, day(number)
        assert reason


@pytest.mark.parametrize(
    ("fields", "on", "state", "reason"),
    [
        ({"periods": (Period(since=date(2020, 1, 1)),)}, date(2020, 1, 1), "yes", "in force since 2020-01-01"),
        ({"periods": (Period(since=date(2020, 1, 1), until=date(2021, 1, 1)),)}, date(2020, 12, 31), "yes", "in force since 2020-01-01, until 2021-01-01"),
        ({"periods": (Period(since=date(2020, 1, 1), until=date(2021, 1, 1)),)}, date(2021, 1, 1), "no", "ended on 2021-01-01"),
        ({"periods": (Period(since=date(2027, 6, 30)),)}, date(2026, 11, 23), "no", "takes effect on 2027-06-30"),
        ({"kind": "proposed"}, date(2026, 11, 23), "no", "proposed, not adopted"),
        ({"doubts": (Doubt(since=date(2021, 1, 1), why="nobody knows"),)}, date(2021, 1, 1), "unknown", "nobody knows"),
        ({"doubts": (Doubt(since=date(2021, 1, 1), why="nobody knows"),)}, date(2020, 12, 31), "no", "no period in the evidence"),
    ],
)  # fmt: skip
def test_reason_says_why(fields: dict[str, Any], on: date, state: str, reason: str) -> None:
    """The reason names the day that decides."""
    assert in_force(measure(**fields), on) == (state, reason)


@pytest.mark.parametrize(
    ("key", "on", "state"),
    [
        ("us-bis-affiliates-rule", date(2025, 9, 28), "no"),
        ("us-bis-affiliates-rule", date(2025, 9, 29), "yes"),
        ("us-bis-affiliates-rule", date(2025, 11, 9), "yes"),
        ("us-bis-affiliates-rule", date(2025, 11, 10), "no"),
        ("us-bis-affiliates-rule", date(2026, 11, 9), "no"),
        ("us-bis-affiliates-rule", date(2026, 11, 10), "unknown"),
        ("us-bis-affiliates-rule", date(2027, 1, 1), "unknown"),
        ("us-ndaa2019-889-a1a", date(2019, 8, 12), "no"),
        ("us-ndaa2019-889-a1a", date(2019, 8, 13), "yes"),
        ("us-ndaa2019-889-a1b", date(2020, 8, 12), "no"),
        ("us-ndaa2019-889-a1b", date(2020, 8, 13), "yes"),
        ("us-ns-cmic-2021-06", date(2021, 8, 1), "no"),
        ("us-ns-cmic-2021-06", date(2021, 8, 2), "yes"),
        ("us-eo-13959", date(2021, 6, 3), "no"),
        ("us-bis-denial-order-zte", date(2018, 7, 12), "yes"),
        ("us-bis-denial-order-zte", date(2018, 7, 13), "no"),
        ("us-ndaa2024-805-goods", date(2027, 6, 29), "no"),
        ("us-ndaa2024-805-goods", date(2027, 6, 30), "yes"),
        ("uk-fac-2021", TODAY, "no"),
    ],
)
def test_real_measures_on_boundary_days(key: str, on: date, state: str, registry: Registry) -> None:
    """Days taken from the publishers' own words, checked by hand."""
    assert in_force(registry.measures[key], on)[0] == state


# --- binding -------------------------------------------------------------------------------------

TABLE: list[tuple[str, str, Channel, dict[str, str]]] = [
    ("us-federal-agency", "hikvision", "buy", {"us-ndaa2019-889-a1a": "you", "us-ndaa2019-889-b-grants": "you"}),
    ("us-federal-agency", "hilook", "buy", {"us-ndaa2019-889-a1a": "you", "us-ndaa2019-889-b-grants": "you"}),
    ("us-federal-agency", "hikvision-uk", "buy", {"us-ndaa2019-889-a1a": "you", "us-ndaa2019-889-b-grants": "you"}),
    ("us-federal-agency", "uniview", "buy", {}),
    ("us-federal-agency", "tiandy", "buy", {}),
    ("us-federal-agency", "hikvision", "own", {}),
    ("us-federal-agency", "hikvision", "fund", {}),
    ("us-federal-contractor", "dahua", "buy", {"us-ndaa2019-889-a1b": "you", "us-ndaa2019-889-a1a": "depends"}),
    ("us-federal-contractor", "dahua", "install", {"us-ndaa2019-889-a1b": "you"}),
    ("us-federal-contractor", "zte", "connect", {"us-ndaa2019-889-a1b": "you"}),
    ("us-federal-contractor", "uniview", "install", {}),
    ("us-person", "hikvision", "own", {"us-ns-cmic-2021-06": "you"}),
    ("us-person", "huawei-holding", "own", {"us-ns-cmic-2021-06": "you"}),
    ("us-person", "proven-honour", "own", {"us-ns-cmic-2021-06": "you"}),
    ("us-person", "dahua", "own", {}),
    ("us-person", "zte", "own", {}),
    ("us-person", "hikvision-uk", "own", {}),
    ("pension-fund", "hikvision", "own", {"us-ns-cmic-2021-06": "depends"}),
    ("pension-fund", "dahua", "own", {}),
    ("ca-quebec-public-body", "hikvision", "install", {"ca-qc-2023-12": "you"}),
    ("ca-quebec-public-body", "amcrest", "install", {"ca-qc-2023-12": "you"}),
    ("ca-quebec-public-body", "uniview", "install", {}),
    ("ca-federal-institution", "hikvision", "install", {"ca-federal-hikvision-ban": "depends"}),
    ("ca-federal-institution", "dahua", "install", {}),
    ("au-government", "dahua", "install", {"au-defence-2023": "depends"}),
    ("au-government", "uniview", "install", {}),
    ("eu-institution", "hikvision", "install", {"eu-parliament-2021-hikvision": "depends"}),
    ("telecom-operator", "huawei", "install", {"uk-huawei-dvd-2022": "depends"}),
    ("us-state-agency", "uniview", "install", {"us-tx-prohibited-technologies-2026": "depends"}),
    ("university", "huawei", "research", {"us-bis-el-2019-05-huawei": "depends"}),
    ("university", "tiandy", "research", {"us-bis-el-2022-12-tiandy": "depends"}),
    ("us-federal-grantee", "hytera", "buy", {"us-ndaa2019-889-b-grants": "depends"}),
    ("uk-central-government", "hikvision", "install", {}),
    *((("uk-local-authority"), entity, channel, {}) for entity in ("hikvision", "dahua", "huawei", "zte", "hytera", "uniview", "tiandy", "hilook") for channel in CHANNELS),
]  # fmt: skip
"""Whom what binds, read by hand from the publishers' words: profile, entity, channel, measures that bind or may. More may depend; outright none may."""


@pytest.mark.parametrize(("profile", "entity", "channel", "wanted"), TABLE)
def test_what_binds(profile: str, entity: str, channel: Channel, wanted: dict[str, str], registry: Registry) -> None:
    """The named ones bind as said, nothing else binds outright, and an empty row means that nothing binds or may."""
    found = bound(registry, profile, entity, channel)
    assert {key: found.get(key) for key in wanted} == wanted
    assert {key for key, binds in found.items() if binds == "you"} == {key for key, binds in wanted.items() if binds == "you"}
    assert wanted or not found


def test_neutral_is_never_bound(registry: Registry) -> None:
    """Without a profile every measure is shown, and none is said to bind."""
    for entity in registry.groups:
        for channel in CHANNELS:
            assert bound(registry, "neutral", entity, channel) == {}


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_unproven_binds(profile: str, registry: Registry) -> None:
    """Whoever asks, about whom and how: what binds outright is in force, on a primary source, and names a company."""
    for entity in registry.data.entities:
        for path in registry.paths(entity.id, TODAY):
            for channel in CHANNELS:
                for state in measures_on(registry, path, channel, read_profile(profile), TODAY):
                    subject = registry.measures[state.id]
                    assert subject.names
                    assert state.binds != "you" or (state.in_force == "yes" and is_proven(subject) and profile in subject.binds)
                    assert state.binds != "depends" or state.condition


def test_unproven_measure_only_depends() -> None:
    """The same measure known from a paper alone depends on a look at its text; in doubt it depends on that doubt; ended it binds nobody."""
    profile = Profile(name="p", acts_as=("university",))
    fields: dict[str, Any] = {"binds": ("university",), "condition": "for cameras"}
    assert binding(measure(**fields), profile, "yes") == ("you", "for cameras")
    assert binding(measure(**fields, evidence=(PRESS,)), profile, "yes") == (
        "depends",
        "no primary source was read; check the text first; for cameras",
    )
    assert binding(measure(**fields), profile, "unknown") == ("depends", "it is not certain that it is in force; for cameras")
    assert binding(measure(**fields), profile, "no") == ("others", "others")
    assert binding(measure(depends={"university": "when it pays"}), profile, "yes") == ("depends", "when it pays")
    assert binding(measure(depends={"university": "when it pays"}), profile, "no") == ("others", "others")


def test_two_hats_bind_twice(registry: Registry, tmp_path: Path) -> None:
    """A profile of one's own that acts as two is bound by what binds either."""
    own = tmp_path / "us.yaml"
    own.write_text("name: our-college\nacts_as: [us-federal-contractor, us-person]\n")
    profile = read_profile(str(own))
    assert profile.name == "our-college"
    (path,) = registry.paths("hikvision", TODAY)
    outright = {state.id for channel in CHANNELS for state in measures_on(registry, path, channel, profile, TODAY) if state.binds == "you"}
    assert outright == {"us-ndaa2019-889-a1b", "us-ns-cmic-2021-06"}


@pytest.mark.parametrize(
    "content",
    [
        "name: x\nacts_as: [martians]\n",
        "acts_as: [university]\n",
        "name: x\nacts_as: [university]\nmore: 1\n",
        "- 1\n",
        "a: [",
        "name: \x00",
    ],
)
def test_profile_that_is_none(content: str, tmp_path: Path) -> None:
    """A file with an unknown profile, a missing or unknown field, or no YAML at all is a usage error with a hint."""
    path = tmp_path / "us.yaml"
    path.write_text(content)
    with pytest.raises(UsageError) as caught:
        read_profile(str(path))
    assert caught.value.hint


def test_profile_that_is_not_there() -> None:
    """A misspelt profile is told, with the names there are."""
    with pytest.raises(UsageError) as caught:
        read_profile("uk-local-autority")
    assert "uk-local-authority" in caught.value.hint


def test_those_that_bind_come_first(registry: Registry) -> None:
    """What binds stands before what depends before what binds others; in force before doubtful before not."""
    order = {"you": 0, "depends": 1, "others": 2}
    force = {"yes": 0, "unknown": 1, "no": 2}
    (path,) = registry.paths("hikvision", TODAY)
    states = measures_on(registry, path, "buy", read_profile("us-federal-contractor"), TODAY)
    ranks = [(order[state.binds], force[state.in_force], state.id) for state in states]
    assert ranks == sorted(ranks)
    assert ranks[0][0] == 0


# --- touching ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["uk-wms-2022-11-24", "uk-removal-timeline-2024", "uk-procurement-act-2023-debarment"])
def test_class_measure_names_nobody(key: str, registry: Registry) -> None:
    """The UK statement of 2022 and its kin speak of a class: no company is said to be touched by them."""
    assert registry.measures[key].names == ()
    assert registry.measures[key].class_named
    assert not [
        entity.id for entity in registry.data.entities for path in registry.paths(entity.id, TODAY) if touches(registry.measures[key], path)
    ]


@pytest.mark.parametrize(("brand", "owner"), [("hilook", "hikvision"), ("hiwatch", "hikvision"), ("uniarch", "uniview")])
def test_own_brand_is_its_owner(brand: str, owner: str, registry: Registry) -> None:
    """An own brand is touched by exactly what touches its owner."""
    assert touching(registry, brand, TODAY) == touching(registry, owner, TODAY) != set()


@pytest.mark.parametrize("entity", ["amcrest", "lorex", "lts", "laview"])
def test_relabelled_goods_are_touched_through_products_only(entity: str, registry: Registry) -> None:
    """Goods made by a listed company under another's brand are touched by measures on its products, not by those on companies."""
    found = touching(registry, entity, TODAY)
    assert found
    assert all(registry.measures[key].products for key in found)
    owner = registry.entities[entity].group
    assert found == {key for key in touching(registry, owner, TODAY) if registry.measures[key].products}


def test_subsidiary_is_touched_where_affiliates_are_meant(registry: Registry) -> None:
    """A subsidiary is touched by what names it, and by what names its parent with affiliates; not by a list of named companies."""
    found = touching(registry, "hikvision-uk", TODAY)
    assert "us-ndaa2019-889-a1a" in found
    assert "us-bis-el-2019-10-xinjiang" not in found
    assert all(registry.measures[key].affiliates or "hikvision-uk" in registry.measures[key].names for key in found)
    assert "us-bis-el-2023-03-hikvision-xinjiang" in touching(registry, "moyu-haishi", TODAY)


@pytest.mark.parametrize(("entity", "group", "last"), [("honor", "huawei", date(2020, 11, 16)), ("sepura", "hytera", date(2022, 7, 31)), ("super-fusion", "huawei", date(2021, 11, 4))])  # fmt: skip
def test_what_was_sold_is_touched_by_nothing(entity: str, group: str, last: date, registry: Registry) -> None:
    """On the last day of the tie it is still there; from the next day the thing is `former`, and no measure reaches it through that tie."""
    (before,) = [path for path in registry.paths(entity, last) if path.group == group]
    (after,) = [path for path in registry.paths(entity, last + timedelta(days=1)) if path.group == group]
    assert before.relation != "former"
    assert after.relation == "former"
    assert after.strength == "possible"
    assert not [subject.id for subject in registry.data.measures if touches(subject, after) and entity not in subject.names]


def test_lorex_before_and_after_its_sale(registry: Registry) -> None:
    """Dahua's subsidiary to 2023-02-28; since then only measures on Dahua's products can reach what Dahua makes for it."""
    affiliates = {
        subject.id for subject in registry.data.measures if "dahua" in subject.names and subject.affiliates and not subject.products
    }
    last = date(2023, 2, 28)
    ties = {(path.relation) for on in (last, last + timedelta(days=1)) for path in registry.paths("lorex", on)}
    assert ties == {"subsidiary", "made-by"}
    assert [path.relation for path in registry.paths("lorex", last)] == ["subsidiary"]
    assert affiliates
    assert affiliates <= touching(registry, "lorex", last)
    assert not affiliates & touching(registry, "lorex", last + timedelta(days=1))


def test_disputed_tie_is_touched_by_nothing(registry: Registry) -> None:
    """A tie that is disputed carries no measure over."""
    for entity in registry.data.entities:
        for path in registry.paths(entity.id, TODAY):
            if path.hops and path.hops[0].link.disputed:
                assert {subject.id for subject in registry.data.measures if touches(subject, path)} == {
                    subject.id for subject in registry.data.measures if entity.id in subject.names
                }


def test_channel_is_kept(registry: Registry) -> None:
    """Buying is touched by nothing that is only about money, and holding shares by nothing that is only about buying."""
    for channel in CHANNELS:
        for key in touching(registry, "hikvision", TODAY, channel):
            assert channel in registry.measures[key].channels
    assert "us-ns-cmic-2021-06" not in touching(registry, "hikvision", TODAY, "buy")
    assert "us-ndaa2019-889-a1a" not in touching(registry, "hikvision", TODAY, "own")


def test_a_measure_changes_on_its_own_dates(registry: Registry) -> None:
    """As of the day before a period begins or ends, and as of the day: whether it is in force differs, and so does a finding under it."""
    dull = []
    for measure in registry.data.measures:
        days = {day for period in (*measure.periods, *measure.doubts) for day in (period.since, period.until) if day}
        dull += [(measure.id, day) for day in days if in_force(measure, day - timedelta(1)) == in_force(measure, day)]
    assert dull == []

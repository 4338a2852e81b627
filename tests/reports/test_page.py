"""The HTML page: self-contained, escaped, complete, and honest when there is little to say."""

from __future__ import annotations

import html
import importlib.util
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from markup import HOSTILE, Page, contrast

from offlimits.model import PROFILES
from offlimits.report import At, Report, ReportFinding, ReportMention
from offlimits.reports import charts, page
from offlimits.reports.page import render_page
from offlimits.reports.words import link


def sibling(name: str) -> ModuleType:
    """A module that lies beside this test."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sample = sibling("sample_report")
sample_report: Callable[..., Report] = sample.sample_report
empty_report: Callable[..., Report] = sample.empty_report


def read(report: Report) -> Page:
    """The page of a report, taken apart."""
    return Page(render_page(report).decode("utf-8"))


def said(report: Report) -> str:
    """The visible words of the page, blanks made one."""
    return re.sub(r"\s+", " ", read(report).words)


def poisoned(value: object, poison: str) -> object:
    """`value` with every free text in it replaced; dates, enumerations and the keys that join things stay."""
    if isinstance(value, list):
        return [poisoned(item, poison) for item in value]
    if isinstance(value, dict):
        return {key: item if key in KEPT else poisoned(item, poison) for key, item in value.items()}
    return poison if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value


KEPT = {"format", "coverage", "profile", "channel", "relation", "strength", "kind", "class", "in_force", "binds", "verdict", "value"}


def hostile_report(poison: str) -> Report:
    """The sample with the poison in every text field, keys of dictionaries included."""
    report = poisoned(msgspec.to_builtins(sample_report("us-federal-contractor")), poison)
    assert isinstance(report, dict)
    report["rejects_by_code"] = {poison: 1}
    report["sources"][0]["columns"] = {poison: poison}
    for name in ("entities", "measures", "evidence"):
        report[name] = {**report[name], poison: next(iter(report[name].values()))}
    # the relation of a step is free text, unlike the relation of a finding
    for finding in report["findings"]:
        for step in finding["path"]:
            step["relation"] = poison
    return msgspec.convert(report, Report)


REPORTS = [
    *(pytest.param(lambda p=profile: sample_report(p), id=profile) for profile in PROFILES),
    pytest.param(lambda: empty_report(), id="nothing-found"),
    pytest.param(lambda: empty_report("neutral"), id="nothing-found-neutral"),
]


@pytest.mark.parametrize("make", REPORTS)
def test_page_is_well_formed(make: Callable[[], Report]) -> None:
    """Every tag is closed in its order, every id is there once, every link inside the page leads somewhere."""
    parsed = read(make())
    assert parsed.faults == []
    assert parsed.open == []
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in parsed.values("href") if href.startswith("#")} <= set(ids)


@pytest.mark.parametrize("make", REPORTS)
def test_page_loads_nothing_and_runs_nothing(make: Callable[[], Report]) -> None:
    """No script, no address but in links to be clicked, and a policy that would refuse both."""
    text = render_page(make()).decode("utf-8")
    parsed = Page(text)
    assert not {"script", "iframe", "object", "embed", "link", "img", "base", "form"} & set(parsed.tags)
    assert {tag for tag, key, _ in parsed.attributes if key in {"href", "src", "xlink:href", "action", "srcset"}} == {"a"}
    assert not [key for _, key, _ in parsed.attributes if key.startswith("on")]
    assert not re.search(r"@import|url\((?!#)", text)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html.unescape(text)


@pytest.mark.parametrize("poison", HOSTILE)
def test_page_escapes_every_text(poison: str) -> None:
    """Whatever the data say, the page has the same tags as without it, no live address and no hidden character."""
    text = render_page(hostile_report(poison)).decode("utf-8")
    parsed = Page(text)
    assert parsed.faults == []
    assert not {"script", "img"} & set(parsed.tags)
    assert not [key for _, key, _ in parsed.attributes if key.startswith("on")]
    assert all(href.startswith(("#", "https://", "http://")) for href in parsed.values("href"))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)


def test_page_shows_a_hidden_turn_of_direction() -> None:
    """An override of the reading direction is spelled out instead of obeyed."""
    assert "invoice[U+202E]gnp.exe" in said(hostile_report("invoice\u202egnp.exe"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://", ""),
        ("https://[bad", ""),
        ("https://example.org/\u202egnp", ""),
        (" https://example.org", ""),
        ("java\nscript:alert(1)", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, expected: str) -> None:
    """http and https with a host; anything else is shown as words."""
    assert link(url) == expected


def test_page_shows_every_finding() -> None:
    """Each finding has its anchor, and its words, place, rules and question stand there."""
    report = sample_report()
    parsed, words = read(report), said(report)
    for finding in report.findings:
        assert f"finding-{finding.id}" in parsed.values("id")
        assert finding.id in words
        assert finding.review_key in words
        assert finding.ask in words
        assert all(mention.text in words for mention in finding.mentions)
        assert all(why.rule in words and why.detail in words for why in finding.why)


def test_page_shows_every_piece_of_evidence() -> None:
    """Publisher, title, class, day read, quote and address of every evidence stand on the page."""
    report = sample_report()
    parsed, words = read(report), said(report)
    for evidence in report.evidence.values():
        assert evidence.publisher in words
        assert evidence.title in words
        assert evidence.quote in words
        assert evidence.url in parsed.values("href") or evidence.url in words
    assert "read 23 Nov 2026" in words.replace("\xa0", " ")


def test_paper_cites_by_number() -> None:
    """On paper each piece of evidence stands once, under the number by which findings, companies and measures cite it."""
    report = sample_report()
    parsed = read(report)
    numbers = [value for value in parsed.values("id") if value.startswith("cited-")]
    assert numbers == [f"cited-{number}" for number in range(1, len(report.evidence) + 1)]
    assert {value for value in parsed.values("href") if value.startswith("#cited-")} == {f"#{number}" for number in numbers}


def test_page_shows_leads_rejects_disclaimed_and_sources() -> None:
    """What is no finding is not lost: each has its place on the page."""
    report = sample_report()
    words = said(report)
    assert all(re.sub(r"\s+", " ", lead.ask) in words for lead in report.leads)
    assert all(reject.reason in words and reject.code in words for reject in report.rejects)
    assert all(line.text in words and line.detail in words for line in report.disclaimed)
    assert "1,284 rows = 1,251 entries + 2 not readable + 31 skipped" in words.replace("\xa0", " ")
    for source in report.sources:
        assert all(limit in words for limit in source.cannot_show)
        assert source.sha256 in words
    assert "lines 100–145" in words or "line 100–145" in words


def test_limits_of_the_files_stand_before_the_findings() -> None:
    """What this kind of file cannot show is said at the top, not in the small print."""
    words = said(sample_report())
    assert words.index("What was delivered: a spending line") < words.index("What binds you")


def test_same_report_gives_the_same_bytes() -> None:
    """No clock and no chance in it."""
    assert render_page(sample_report()) == render_page(sample_report())
    assert b"Generated" not in render_page(sample_report())


@pytest.mark.parametrize("make", REPORTS)
def test_page_gives_no_verdict(make: Callable[[], Report]) -> None:
    """Never a word that would clear or convict anybody."""
    assert not re.search(r"\b(clean|compliant|compliance|safe|guilty|all clear|no risk)\b", said(make()), re.IGNORECASE)


def test_report_without_findings_says_what_it_cannot_know() -> None:
    """What was looked at, what such a file cannot show, and what to ask next."""
    words = said(empty_report()).replace("\xa0", " ")
    assert "No line was tied to a listed maker in what was read" in words
    assert "1,251 entries of 1,282 rows, in the columns Make, Model, MAC, Description, Installed" in words
    assert "leased, landlord’s or contractors’ systems" in words
    assert "Ask suppliers and installers for the maker" in words


def test_report_of_nothing_read_says_so() -> None:
    """If nothing could be read, that is the headline."""
    report = msgspec.structs.replace(empty_report(), coverage="nothing-read", sources=[sample.sources()[2]])
    assert "Nothing could be read" in said(report)
    assert "No line was tied" not in said(report).replace("No line was tied to a listed maker, so there was nothing", "")


def test_report_without_any_source_is_a_page() -> None:
    """Not even a file: still a page that says so."""
    report = msgspec.structs.replace(empty_report(), coverage="nothing-read", sources=[])
    assert "No file was given" in said(report)


def test_local_authority_is_told_that_nothing_names_it() -> None:
    """The normal case for a council, in words."""
    assert "No measure in this registry names you or what you bought as uk-local-authority" in said(sample_report())


def test_neutral_profile_is_bound_by_nothing() -> None:
    """Without a profile all measures are shown and none is said to bind, even if a state says so."""
    report = msgspec.structs.replace(sample_report("us-federal-agency"), profile="neutral")
    words = said(report)
    assert "This run had no profile" in words
    assert "binds you" not in words.replace("What binds you", "")
    assert "NDAA FY2019 section 889" in words


def test_binding_measures_come_first() -> None:
    """What binds the profile, with its condition and whether it is in force, stands above the findings."""
    words = said(sample_report("us-federal-agency")).replace("\xa0", " ")
    head = words[words.index("For the profile") : words.index("By maker")]
    assert "binds you" in head
    assert "would depend on a condition" in head
    assert "a challenge in court was reported" in head
    assert "16" in head


def test_measure_without_primary_source_binds_nobody() -> None:
    """`reported by …`, and never `binds you`, whatever the state says."""
    report = sample_report("us-federal-agency")
    measures = {key: msgspec.structs.replace(m, proven=False, reported_by=["a trade paper"]) for key, m in report.measures.items()}
    words = said(msgspec.structs.replace(report, measures=measures))
    assert "reported by a trade paper" in words
    assert "No measure in this registry that was read in a primary source names you" in words
    assert re.search("not said to bind you: .*FCC Covered List", words)
    assert "binds you" not in words.replace("What binds you", "")


def test_lines_are_counted_once() -> None:
    """Two findings on one line are one line, as the stronger; a dismissed one is not counted."""
    report = sample_report()
    first = report.findings[0]
    twin = msgspec.structs.replace(first, id="twin", strength="possible")
    lines = page.by_line([*report.findings, twin])
    assert len(lines) == 16
    assert page.strengths(lines.values()) == {"exact": 10, "likely": 3, "possible": 3}
    assert sum(f.id == "F0017" for f in lines.values()) == 0


def test_findings_are_sorted_and_dismissed_ones_last() -> None:
    """Strength, then maker, then place; what was dismissed closes the table."""
    shown = page.shown(sample_report())
    order = [(s.dismissed, ("exact", "likely", "possible").index(s.finding.strength), s.maker.casefold()) for s in shown]
    assert order == sorted(order)
    assert shown[-1].finding.id == "F0017"


def many(count: int) -> list[ReportFinding]:
    """So many findings, each on its own line."""
    first = sample_report().findings[0]
    return [msgspec.structs.replace(first, id=f"N{n}", at=At(source=1, line=n + 2)) for n in range(count)]


@pytest.mark.parametrize(("count", "left_out"), [(2_000, ""), (2_001, "1 is left out here"), (4_567, "2,567 are left out here")])
def test_findings_beyond_the_cap_are_counted(count: int, left_out: str) -> None:
    """The first 2,000 are shown, the rest is named as a number, and the headline counts them all."""
    report = msgspec.structs.replace(sample_report(), findings=many(count))
    words = said(report).replace("\xa0", " ")
    assert f"{count:,} lines lead to a listed maker" in words
    assert words.count("Reasons, evidence and measures") == 2_000
    assert ("left out here" in words) == bool(left_out)
    assert left_out in words


def test_repeated_chains_stand_once() -> None:
    """The same chain and measures are shown in full once and linked from the others, so a page of 2,000 findings stays under 8 MB."""
    report = msgspec.structs.replace(sample_report(), findings=many(2_000))
    rendered = render_page(report)
    assert len(rendered) < 8_000_000
    assert rendered.count(b'<div id="chain-') == 1


def test_long_lists_are_capped_with_their_number() -> None:
    """Rejects beyond the cap are counted in words."""
    report = sample_report()
    rejects = [msgspec.structs.replace(report.rejects[0], at=At(source=1, line=n)) for n in range(page.MOST_ROWS + 7)]
    assert "7 more rejected rows are left out here" in said(msgspec.structs.replace(report, rejects=rejects))


def test_unknown_keys_are_shown_as_they_stand() -> None:
    """A finding whose entity, measure, evidence or source is not described still makes a page."""
    report = msgspec.structs.replace(sample_report(), entities={}, measures={}, evidence={}, sources=[])
    words = said(report)
    assert "us-889a" in words
    assert "hikvision" in words
    assert "is not in this report" in words


def test_places_join_neighbours() -> None:
    """Rows that follow each other are one span, and what is beyond the cap is counted."""
    report = sample_report()
    spots = [At(source=0, sheet="A", row=n) for n in (3, 1, 2, 9)] + [At(source=1, line=5)]
    assert page.places(report, spots) == (["northmoor-asset-register.xlsx, A: row 1–3, 9", "northmoor-spend-over-500.csv: line 5"], 0)
    gaps = [At(source=1, line=n * 2) for n in range(page.MOST_PLACES + 3)]
    assert page.places(report, gaps)[1] == 3


def test_whole_file_and_bad_money_are_words() -> None:
    """A place without a line and an amount that is no number do not stop the page."""
    report = sample_report()
    odd = msgspec.structs.replace(
        report.findings[0],
        at=At(source=2),
        amount=sample.Amount(value="12,-", currency=""),
        mentions=[ReportMention(field="a", kind="b", text="c")],
    )
    words = said(msgspec.structs.replace(report, findings=[odd]))
    assert "the file as a whole" in words
    assert "currency not given 12,-" in words


def test_short_names_are_whole_words_of_the_name() -> None:
    """`Hikvision`, not `HIK`, which is no word of the full name."""
    assert page.short_title(sample_report(), "hikvision") == "Hikvision"
    assert page.short_title(sample_report(), "nobody") == "nobody"


def test_bars_say_their_numbers() -> None:
    """Every number of a chart is in its label, and too many bars become one that says how many it stands for."""
    rows = [charts.Bar(label=f"M{n}", counts={"exact": n + 1, "possible": 2}) for n in range(20)]
    svg = str(charts.bars("By maker", rows))
    assert "M3: 6 (4 exact, 2 possible)" in svg
    assert "9 others" in svg
    assert not re.search(r"<script|<style|<!--|<desc|\bid=", svg)


@pytest.mark.parametrize("as_of", [date(1, 1, 1), date(2026, 11, 23), date(9999, 12, 31)])
def test_timeline_holds_any_day(as_of: date) -> None:
    """The first and the last day of the calendar don't break the drawing."""
    assert "as of" in str(charts.timeline({"US": list(sample_report().measures.values())}, as_of))


def test_timeline_in_parts() -> None:
    """A picture is no taller than a printed page; every measure stands in one, under its jurisdiction, and a group that is cut says so."""
    some = next(iter(sample_report().measures.values()))
    groups = {
        place: [msgspec.structs.replace(some, title=f"{place}{n}") for n in range(rows)]
        for place, rows in zip("ABCD", (3, 50, 1, 17), strict=True)
    }
    parts = charts.parted(groups)
    assert [m.title for part in parts for group in part.values() for m in group] == [m.title for group in groups.values() for m in group]
    assert [title for part in parts for title in part] == ["A", "B", "B, continued", "B, continued", "C", "D"]
    assert all(sum(charts.GROUP + charts.ROW * len(group) for group in part.values()) <= charts.PAGE for part in parts)
    assert str(charts.timeline(groups, date(2026, 11, 26))).count('id="doubt"') == 1


PAIRS = [
    "ink/paper",
    "muted/paper",
    "muted/card",
    "muted/caution-ground",
    "accent/paper",
    "card/exact",
    "card/likely",
    "on-possible/possible",
]
PAIRS += ["caution-ink/caution-ground", "caution-ink/paper", "stop/paper", "accent/caution-ground"]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_their_ground(scheme: int, pair: str) -> None:
    """Contrast is at least 4.5 to 1 in the light and the dark colours."""
    css = render_page(empty_report()).decode("utf-8")
    assert contrast(css, pair, scheme) >= 4.5

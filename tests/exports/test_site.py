"""The site: whole, well-formed, every link leads somewhere, every claim has its source; in a real browser it finds and stays quiet."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import refresh_docs
from markup import HOSTILE, Page, contrast

from offlimits.codes import product_regex
from offlimits.exports import write_folder
from offlimits.exports.base import evidence_keys
from offlimits.exports.browsing import LANGUAGES, Browsing, direction
from offlimits.exports.site import export_site
from offlimits.model import Link, Name
from offlimits.registry import Registry


@pytest.fixture(scope="module")
def site(registry: Registry) -> dict[str, bytes]:
    """Every file of the site."""
    return dict(export_site(registry))


@pytest.fixture(scope="module")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    """Every page, taken apart."""
    return {path: Page(content.decode()) for path, content in site.items() if path.endswith(".html")}


def said(page: Page) -> str:
    """The visible words of a page, blanks made one."""
    return re.sub(r"\s+", " ", page.words.replace("\xa0", " "))


def squeezed(text: str) -> str:
    """A text as `said` shows it."""
    return re.sub(r"\s+", " ", text)


# --- the pages -----------------------------------------------------------------------------------


def test_pages_are_well_formed(pages: dict[str, Page]) -> None:
    """Every tag is closed in its order, every id stands once on its page, every page has its language and one heading of its own."""
    for path, page in pages.items():
        assert (path, page.faults, page.open) == (path, [], [])
        ids = page.values("id")
        assert len(ids) == len(set(ids)), path
        assert page.tags.count("h1") == 1, path
        assert ("html", "lang", "en-GB") in page.attributes


def test_every_internal_link_resolves(pages: dict[str, Page], site: dict[str, bytes]) -> None:
    """Each address inside the site is a file of it, each fragment an id there; style sheet and scripts too."""
    followed = 0
    for path, page in pages.items():
        for tag, key, value in page.attributes:
            if key not in ("href", "src") or value.startswith(("http://", "https://")):
                continue
            target, _, fragment = value.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            assert full in site, (path, value)
            assert not fragment or fragment in pages[full].values("id"), (path, value)
            followed += tag == "a"
    assert followed > 5_000


def test_nothing_is_asked_of_anybody(pages: dict[str, Page], site: dict[str, bytes]) -> None:
    """Only links to be clicked lead out; two scripts of our own on the start page and no other, no inline script; a policy refuses the rest."""
    for path, page in pages.items():
        loaded = [(tag, value) for tag, key, value in page.attributes if key in ("src", "srcset", "data", "action", "poster")]
        assert loaded == ([("script", "search-data.js"), ("script", "search.js")] if path == "index.html" else [])
        assert [value for tag, key, value in page.attributes if tag == "link" and key == "href"] == [
            ("../" if "/" in path else "") + "site.css"
        ]
        assert not {"iframe", "object", "embed", "img", "base"} & set(page.tags)
        assert not [key for _, key, _ in page.attributes if key.startswith("on")]
        assert "default-src 'none'" in html.unescape(site[path].decode())
    assert not re.search(rb"@import|url\((?!#)|https?:", site["site.css"])
    assert not re.search(rb"fetch|XMLHttp|import\(|https?:|eval|innerHTML", site["search.js"])


def test_every_entity_has_its_place(pages: dict[str, Page], registry: Registry) -> None:
    """Each entity is described on a page of its own or on its group's: all names, all identifiers, notes and statement, and every source."""
    browsing = Browsing(registry)
    for entity in registry.data.entities:
        path, _, anchor = browsing.href(entity.id).partition("#")
        page = pages[path]
        words, addresses = said(page), page.values("href")
        assert not anchor or anchor in page.values("id")
        for name in entity.names:
            assert squeezed(name.text) in words, (entity.id, name.text)
        for identifier in entity.identifiers:
            assert identifier.value in words
        assert squeezed(entity.note) in words
        assert squeezed(entity.statement) in words
        if not anchor:
            assert all(squeezed(other.text) in words and squeezed(other.why) in words for other in entity.lookalikes)
            assert all(product.pattern in words for product in entity.products)
        for source in registry.evidence_of(evidence_keys(entity) if not anchor else entity.evidence):
            assert source.url in addresses
            assert squeezed(source.title) in words


def test_every_tie_is_shown_with_its_sources(pages: dict[str, Page], registry: Registry) -> None:
    """Each tie stands on the page of its group, in the table, with share, scope, dispute and doubt, and its sources; and in the picture."""
    browsing = Browsing(registry)
    for entity in registry.data.entities:
        page = pages[browsing.path(entity.group)]
        words, addresses = said(page), page.values("href")
        for link in entity.links:
            assert all(squeezed(text) in words for text in (link.share, link.scope, link.disputed, link.uncertain))
            assert all(source.url in addresses for source in registry.evidence_of(link.evidence))
    for group in browsing.groups():
        assert bool(browsing.ties(group)) == ("outline" in pages[browsing.path(group.id)].values("class"))


def test_every_row_names_a_source(site: dict[str, bytes]) -> None:
    """No cell of sources is empty: a claim without one would show."""
    cells = [cell for content in site.values() for cell in re.findall(rb'<td data-label="Sources">(.*?)</td>', content)]
    assert len(cells) > 1_000
    assert all(b'class="ref ' in cell for cell in cells)


def test_every_measure_is_on_its_jurisdictions_page(pages: dict[str, Page], registry: Registry) -> None:
    """Each measure has its anchor, effect, condition, whom it binds, its state on the day of the edition, and every source; each company that
    it names has it on its page."""
    browsing = Browsing(registry)
    for measure in registry.data.measures:
        path, _, anchor = browsing.measure_href(measure).partition("#")
        page = pages[path]
        words = said(page)
        assert anchor in page.values("id")
        assert all(squeezed(text) in words for text in (measure.title, measure.effect, measure.condition, measure.binds_text, measure.note))
        assert all(source.url in page.values("href") for source in measure.evidence)
        assert browsing.force(measure)[1].replace("in force since", "since") in words
        for name in measure.names:
            assert squeezed(measure.title) in said(pages[browsing.path(registry.entities[name].group)])


def test_what_is_only_reported_is_marked(site: dict[str, bytes], registry: Registry) -> None:
    """Each measure without a primary source says who reports it, and is never said to bind; no other says so."""
    browsing = Browsing(registry)
    marked = 0
    for measure in registry.data.measures:
        path, _, anchor = browsing.measure_href(measure).partition("#")
        article = re.search(rf'<article class="measure" id="{re.escape(anchor)}">(.*?)</article>', site[path].decode(), re.DOTALL)
        assert article
        assert ("<strong>reported by</strong>" in article[1]) == (not browsing.proven(measure))
        assert browsing.proven(measure) or "<strong>Binds</strong>" not in article[1]
        marked += not browsing.proven(measure)
    assert marked == browsing.unproven(registry.data.measures) > 0


def test_claims_that_are_not_so_are_corrected(pages: dict[str, Page], registry: Registry) -> None:
    """Each stands with its truth and sources on a page of its own, and on the page of whom it is said of."""
    browsing = Browsing(registry)
    words = said(pages["claims.html"])
    for claim in registry.data.not_measures:
        assert squeezed(claim.claim) in words
        assert squeezed(claim.truth) in words
        assert all(source.url in pages["claims.html"].values("href") for source in claim.evidence)
        for name in claim.names:
            if browsing.has_page(registry.entities[name]):
                assert squeezed(claim.truth) in said(pages[browsing.path(name)])


def test_the_sources_page_counts(pages: dict[str, Page], registry: Registry) -> None:
    """Every class with its number, every measure known only from reports, every weak tie."""
    browsing, words = Browsing(registry), said(pages["sources.html"])
    assert all(f"{count:,}" in words for count in browsing.classes.values())
    assert all(squeezed(measure.title) in words for measure in browsing.reported())
    assert all(squeezed(why) in words for _, _, why in browsing.weak_ties())


def test_names_carry_their_language(site: dict[str, bytes], registry: Registry) -> None:
    """A Chinese name is marked as Chinese, an Arabic or Persian one is written from right to left."""
    page = site["companies/hikvision.html"].decode()
    assert '<bdi lang="zh-Hans">海康威视</bdi>' in page
    assert {name.lang for entity in registry.data.entities for name in entity.names} - {""} <= LANGUAGES.keys()
    turned = [name for entity in registry.data.entities for name in entity.names if direction(name.lang)]
    assert turned
    everything = b"".join(site.values()).decode()
    assert all(f'<bdi lang="{name.lang}" dir="rtl">{html.escape(name.text, quote=False)}</bdi>' in everything for name in turned)


def test_pictures_say_what_they_show(pages: dict[str, Page]) -> None:
    """Each picture is an image with a name in words, or is marked as mere ornament."""
    for path, page in pages.items():
        drawn = [dict(pairs) for pairs in svg_attributes(page)]
        assert all(
            one.get("aria-hidden") == "true" or (one.get("role") == "img" and len(one.get("aria-label", "")) > 20) for one in drawn
        ), path


def svg_attributes(page: Page) -> list[list[tuple[str, str]]]:
    """The attributes of every picture of a page, in order."""
    found: list[list[tuple[str, str]]] = []
    for tag, key, value in page.attributes:
        if tag == "svg":
            if key in ("xmlns", "viewbox") and (not found or key in dict(found[-1])):
                found.append([])
            found[-1].append((key, value))
    return found


@pytest.mark.parametrize("poison", HOSTILE)
def test_pages_escape_every_text(registry: Registry, poison: str) -> None:
    """Whatever the evidence says, no page gains a tag, an attribute or a live address, and the search data stay data."""
    data = registry.data
    tiandy = registry.entities["tiandy"]
    link = Link(relation="made-by", of="tiandy", evidence=tiandy.evidence, scope=poison, disputed=poison, share=poison)
    bad = msgspec.structs.replace(
        tiandy, name=poison, note=poison, statement=poison, names=(Name(text=poison, kind="short", evidence=tiandy.evidence, lang=poison),)
    )
    shop = msgspec.structs.replace(tiandy, id="shop", name=poison, links=(link,), products=(), lookalikes=(), identifiers=(), names=())
    evidence = {key: msgspec.structs.replace(source, title=poison, quote=poison, url=poison) for key, source in data.evidence.items()}
    measure = msgspec.structs.replace(
        registry.measures["us-bis-el-2022-12-tiandy"], title=poison, effect=poison, binds_text=poison, condition=poison, note=poison
    )
    entities = (*(e for e in data.entities if e.id in ("omny",)), bad, shop)
    small = msgspec.structs.replace(data, entities=entities, measures=(measure,), not_measures=(), macs=(), evidence=evidence)
    for path, content in export_site(Registry(small)).items():
        if path.endswith(".html"):
            page = Page(content.decode())
            assert page.faults == []
            assert page.tags.count("script") == (2 if path == "index.html" else 0)
            assert not {"img", "iframe"} & set(page.tags)
            assert not [key for _, key, _ in page.attributes if key.startswith("on")]
            assert not [href for href in page.values("href") if re.match(r"\s*(javascript|data):", href, re.IGNORECASE)]
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", content.decode())
        if path == "search-data.js":
            assert b"</" not in content
            search_index({path: content})


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    "pair",
    [
        "ink/card",
        "muted/card",
        "accent/card",
        "caution-ink/card",
        "caution-ink/caution-ground",
        "muted/paper",
        "stop/paper",
        "accent/paper",
    ],
)
def test_words_can_be_read_on_their_ground(site: dict[str, bytes], pair: str, scheme: int) -> None:
    """Contrast is at least 4.5 to 1 (WCAG AA) wherever the site puts words, in light and dark."""
    assert contrast(site["site.css"].decode(), pair, scheme) >= 4.5


def test_the_site_is_steady(registry: Registry, site: dict[str, bytes]) -> None:
    """The same registry gives the same bytes."""
    assert dict(export_site(Registry(registry.data))) == site


# --- search --------------------------------------------------------------------------------------


def search_index(site: dict[str, bytes]) -> dict[str, Any]:
    """What the search looks in."""
    found: dict[str, Any] = json.loads(site["search-data.js"].decode().removeprefix("window.offlimitsIndex = ").rstrip(";\n"))
    return found


def test_the_script_is_small(site: dict[str, bytes]) -> None:
    """Under 200 lines, and under a megabyte of data."""
    assert site["search.js"].count(b"\n") < 200
    assert len(site["search-data.js"]) < 1_000_000


def test_everything_can_be_searched(site: dict[str, bytes], pages: dict[str, Page], registry: Registry) -> None:
    """Each entity, jurisdiction, measure and claim has its line, which leads to its place; each family and each prefix its entity."""
    index, browsing = search_index(site), Browsing(registry)
    places = {line[2] for line in index["lines"]}
    assert {browsing.href(entity.id) for entity in registry.data.entities} <= places
    assert {browsing.measure_href(measure) for measure in registry.data.measures} <= places
    assert {browsing.place_path(code) for code in browsing.places()} <= places
    for place in places:
        path, _, anchor = place.partition("#")
        assert not anchor or anchor in pages[path].values("id")
    assert len(index["codes"]) == sum(len(entity.products) for entity in registry.data.entities)
    assert set(index["macs"]) == {mac.prefix for mac in registry.data.macs}


# --- a real browser ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(site: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on disk."""
    target = tmp_path_factory.mktemp("site") / "offlimits-site"
    write_folder(target, site)
    return target


def browse(address: str, folder: Path, *options: str) -> tuple[str, str]:
    """The document at an address as Chromium sees it, and what it said on its console. Skips the test where there is no Chromium."""
    program = refresh_docs.browser()
    if program is None:
        pytest.skip("no Chromium here: the site was not opened in a browser")
    base = [program, *refresh_docs.CHROMIUM, f"--user-data-dir={folder}/profile", "--enable-logging=stderr", "--dump-dom", *options]
    done = subprocess.run([*base, address], capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("海康威视", "companies/hikvision.html"),
        ("DS-2CD", "companies/hikvision.html"),
        ("DS-2CD2143G2-I", "companies/hikvision.html"),
        ("c0:56:e3:12:34:56", "companies/hikvision.html"),
        ("section 889(a)(1)(B)", "jurisdictions/us.html#us-ndaa2019-889-a1b"),
        ("CNE100000PM8", "companies/hikvision.html"),
    ],
)
def test_search_finds(folder: Path, tmp_path: Path, words: str, found: str) -> None:
    """From a file, without a server: a name in Chinese, the start of a code, a whole code, a hardware address, a measure, an ISIN. The console
    stays silent."""
    from urllib.parse import quote

    document, console = browse(f"{(folder / 'index.html').as_uri()}#q={quote(words)}", tmp_path)
    results = document.partition('id="search-found"')[2].partition("</ol>")[0]
    assert f'href="{found}"' in results
    assert "CONSOLE" not in console


def test_search_admits_that_it_found_nothing(folder: Path, tmp_path: Path) -> None:
    """Nothing found is said, and said not to clear a name."""
    document, _ = browse(f"{(folder / 'index.html').as_uri()}#q=Nobody%20Ltd", tmp_path)
    assert "does not clear a name" in document


def test_the_browser_reads_patterns_as_python_does(folder: Path, tmp_path: Path, registry: Registry) -> None:
    """Every example of every family leads to its entity, and no example that is another's by the program's own pattern, in JavaScript too."""
    browsing = Browsing(registry)
    asked = [
        (code, browsing.href(e.id), True)
        for e in registry.data.entities
        for p in e.products
        for code in p.examples
        if re.search(r"\d", code)
    ]
    asked += [
        (code, browsing.href(entity.id), False)
        for entity in registry.data.entities
        for product in entity.products
        for code in product.not_examples
        if len(entity.products) == 1 and not product_regex(product.pattern).match(code)
    ]
    script = "const out = ASKED.map(q => window.offlimitsSearch(q).filter(h => h.why).map(h => h.line[2])); document.title = JSON.stringify(out);"
    probe = folder / "probe.html"
    codes = json.dumps([code for code, _, _ in asked]).replace("</", "<\\/")
    probe.write_text(
        f'<meta charset="utf-8"><script src="search-data.js"></script><script src="search.js"></script><script>{script.replace("ASKED", codes)}</script>'
    )
    document, console = browse(probe.as_uri(), tmp_path)
    probe.unlink()
    assert "CONSOLE" not in console
    title = re.search(r"<title>(.*?)</title>", document)
    assert title
    answers = json.loads(html.unescape(title[1]))
    assert [(code, place) for (code, place, yes), places in zip(asked, answers, strict=True) if (place in places) != yes] == []


def test_no_page_scrolls_sideways_on_a_phone(folder: Path, tmp_path: Path, pages: dict[str, Page]) -> None:
    """At 390 pixels no page is wider than the screen; wide pictures scroll in boxes of their own. Of the companies' pages every sixth is looked
    at, and the largest."""
    companies = sorted((path for path in pages if path.startswith("companies/")), key=lambda path: -len(pages[path].words))
    chosen = sorted({*pages.keys() - set(companies), *companies[:8], *companies[::6]})
    frames = "".join(f'<iframe src="{path}" style="width:390px;height:800px;border:0"></iframe>' for path in chosen)
    script = "window.onload = () => { document.title = JSON.stringify(Array.from(frames).map(f => [f.location.pathname.split('/').slice(-2).join('/'), f.document.documentElement.scrollWidth])); }"
    probe = folder / "phone.html"
    probe.write_text(f'<meta charset="utf-8">{frames}<script>{script}</script>')
    document, _ = browse(probe.as_uri(), tmp_path, "--allow-file-access-from-files", "--virtual-time-budget=30000")
    probe.unlink()
    title = re.search(r"<title>(.*?)</title>", document)
    assert title
    widths = json.loads(html.unescape(title[1]))
    assert len(widths) == len(chosen)
    assert [(path, width) for path, width in widths if width != 390] == []


def test_pages_are_quiet_in_a_browser(folder: Path, tmp_path: Path) -> None:
    """A company's and a jurisdiction's page say nothing on the console, and stand there whole."""
    for path in ("companies/hikvision.html", "jurisdictions/us.html", "sources.html"):
        document, console = browse((folder / path).as_uri(), tmp_path)
        assert "CONSOLE" not in console
        assert "Evidence is in the public domain" in document

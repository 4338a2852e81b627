"""The registry as pages to browse: start, groups and entities of weight, jurisdictions, claims that are not so, sources.

A folder that is complete and readable without script and without a server; `search.js` adds a search over `search-data.js`. No page
asks for anything outside the folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2

from offlimits.exports import graph
from offlimits.exports.browsing import KIND_WORDS, LANGUAGES, LETTERS, Browsing, Notes, direction, profile_words
from offlimits.exports.searching import search_data
from offlimits.registry import Registry
from offlimits.reports import charts
from offlimits.reports.templating import environment_of
from offlimits.reports.words import CLASSES, KINDS, jurisdiction


def export_site(registry: Registry) -> Mapping[str, bytes]:
    """Every file of the site by its path. The same registry gives the same bytes."""
    site = Browsing(registry)
    pages = {path: _page(path, name, site, about) for path, name, about in _pages(site)}
    return {**pages, "site.css": _css(), "search.js": _text("offlimits.exports", "search.js"), "search-data.js": search_data(site)}


def _pages(site: Browsing) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, template and what only this page knows."""
    yield "index.html", "start", {"title": "offlimits: who they are, what is theirs, what governments did"}
    for entity in site.paged():
        yield (
            site.path(entity.id),
            "company",
            {"title": entity.name, "entity": entity, "picture": graph.outline(entity, site.registry, site.day)},
        )
    for code in site.places():
        yield site.place_path(code), "jurisdiction", {"title": jurisdiction(code), "code": code}
    yield "claims.html", "claims", {"title": "Often claimed, and not so"}
    yield "sources.html", "sources", {"title": "Sources"}


@cache
def _environment() -> jinja2.Environment:
    """Templates of the site, and the parts it shares with the report."""
    environment = environment_of("offlimits.exports", "offlimits.reports")
    environment.globals.update(
        jurisdiction=jurisdiction,
        direction=direction,
        profile_words=profile_words,
        timeline=charts.timeline,
        kinds=KINDS,
        classes=CLASSES,
        letters=LETTERS,
        languages=LANGUAGES,
        kind_words=KIND_WORDS,
    )
    return environment


def _page(path: str, name: str, site: Browsing, about: dict[str, Any]) -> bytes:
    """One page. `up` leads from it to the folder of the site; `notes` numbers its sources as they are named."""
    up = "../" * path.count("/")
    words = {"site": site, "registry": site.registry, "up": up, "notes": Notes(), "here": path, **about}
    return _environment().get_template(f"{name}.html.j2").render(words).encode()


def _css() -> bytes:
    """The report's style sheet, then what only the site has."""
    return _text("offlimits.reports", "page.css") + b"\n" + _text("offlimits.exports", "site.css")


def _text(package: str, name: str) -> bytes:
    return files(package).joinpath("templates", name).read_bytes()

"""What must hold of the evidence beyond its form; every fault is told with file, line and pointer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any
from urllib.parse import urlsplit

from stdnum import cusip, figi, isin, lei
from stdnum.cn import uscc
from stdnum.gb import sedol

from offlimits.codes import product_regex
from offlimits.model import (
    LISTS,
    PROFILES,
    SCHEMES,
    Doubt,
    Entity,
    Evidence,
    Identifier,
    Link,
    Lookalike,
    Measure,
    Name,
    Period,
    Product,
    Value,
)
from offlimits.registry.data import proven
from offlimits.registry.yamlfile import EvidenceFile
from offlimits.text import fold

CHECK_DIGITS: dict[str, Any] = {"uscc": uscc, "lei": lei, "isin": isin, "sedol": sedol, "cusip": cusip, "figi": figi}
"""Schemes whose values carry a check digit, and who knows how it is made."""

FORMS = {
    "ticker": r"[0-9A-Z]{1,6}\.[A-Z]{1,3}",
    "ror": r"0[a-hj-km-np-tv-z0-9]{6}\d{2}",
    "wikidata": r"Q\d+",
    "company-number": r"[A-Z]{2}(?:-[A-Z]{2,3})? \S.*",
    "domain": r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
    "host": r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
    "isni": r"\d{15}[\dX]",
    "pen": r"\d+",
    "purl": r"pkg:[a-z]+/\S+",
}
"""How the values of other schemes look."""

LONGEST_QUOTE = 200
"""Characters a quote may have: it proves a claim, it does not stand for the text."""

OWNING = ("subsidiary", "brand", "joint")

ENTITY_PARTS: dict[str, type[Value]] = {
    "names": Name,
    "identifiers": Identifier,
    "links": Link,
    "products": Product,
    "lookalikes": Lookalike,
}


def check_entity(entity: Entity, known: set[str], evidence: dict[str, Evidence], file: EvidenceFile, pointer: str) -> None:
    _check_claim(entity, file, pointer)
    for field in ENTITY_PARTS:
        for number, claim in enumerate(getattr(entity, field)):
            _check_claim(claim, file, f"{pointer}/{field}/{number}")
    for number, identifier in enumerate(entity.identifiers):
        _check_identifier(identifier, file, f"{pointer}/identifiers/{number}")
    for number, link in enumerate(entity.links):
        _check_link(entity, link, known, evidence, file, f"{pointer}/links/{number}")
    own = {_plain(name.text): name.text for name in entity.names}
    for number, lookalike in enumerate(entity.lookalikes):
        if name := own.get(_plain(lookalike.text)):
            file.fault(
                f"{pointer}/lookalikes/{number}",
                f"{lookalike.text!r} is read as the name {name!r}, and would cast doubt on each of its findings",
            )
    for number, product in enumerate(entity.products):
        _check_product(product, file, f"{pointer}/products/{number}")


def _plain(text: str) -> str:
    """What the matcher sees of a name: letters, digits, and the plus that parts Face++ from a face."""
    return re.sub(r"[^\w+]", "", fold(text))


def _check_claim(claim: Any, file: EvidenceFile, pointer: str) -> None:
    if not claim.evidence:
        file.fault(pointer, "a claim without evidence")
    for key in claim.evidence:
        if key not in file.declared:
            file.fault(pointer, f"evidence {key.partition('/')[2]!r} is not in this file")
    since, until = getattr(claim, "since", None), getattr(claim, "until", None)
    if since and until and until <= since:
        file.fault(pointer, f"until {until} is not after since {since}")


def check_identifiers(entities: list[Entity], places: dict[str, tuple[EvidenceFile, str]]) -> None:
    """One identifier is one entity's; the second would silently take the first one's place."""
    owners: dict[tuple[str, str], str] = {}
    for entity in entities:
        for number, identifier in enumerate(entity.identifiers):
            owner = owners.setdefault((identifier.scheme, identifier.value.casefold()), entity.id)
            if owner != entity.id:
                file, pointer = places[entity.id]
                file.fault(f"{pointer}/identifiers/{number}", f"{identifier.scheme} {identifier.value!r} is {owner!r}'s already")


def _check_link(entity: Entity, link: Link, known: set[str], evidence: dict[str, Evidence], file: EvidenceFile, pointer: str) -> None:
    if link.of not in known:
        file.fault(pointer + "/of", f"no entity {link.of!r}")
    if link.of == entity.id:
        file.fault(pointer + "/of", "an entity cannot be linked to itself")
    sources = [evidence[key] for key in link.evidence if key in evidence]
    if link.relation in ("brand", "made-by") and not link.disputed and not proven(sources):
        file.fault(
            pointer,
            "a brand or made-by link needs a maker's document, an official record, a technical reading or two independent sources; "
            "else say `disputed: why`",
        )


def _check_product(product: Product, file: EvidenceFile, pointer: str) -> None:
    try:
        pattern = product_regex(product.pattern)
    except re.error as error:
        file.fault(pointer + "/pattern", f"not a pattern: {error}")
        return
    for number, example in enumerate(product.examples):
        found = pattern.search(example)
        if not found or found.group() != example:
            file.fault(f"{pointer}/examples/{number}", f"the pattern does not take the whole of {example!r}")
    for number, example in enumerate(product.not_examples):
        if pattern.search(example):
            file.fault(f"{pointer}/not_examples/{number}", f"the pattern takes {example!r}")
    if not product.examples:
        file.fault(pointer, "a product family without an example")


def check_names(names: Iterable[str], known: set[str], file: EvidenceFile, pointer: str) -> None:
    for number, name in enumerate(names):
        if name not in known:
            file.fault(f"{pointer}/names/{number}", f"no entity {name!r}")


def check_measure(measure: Measure, known: set[str], file: EvidenceFile) -> None:
    check_names(measure.names, known, file, "")
    if not measure.evidence:
        file.fault("", "a measure without evidence")
    if not measure.names and not measure.class_named:
        file.fault("", "a measure that names nobody must say which class it names (`class_named`)")
    if not measure.periods and not measure.doubts and measure.kind != "proposed":
        file.fault("", "a measure needs a period or a doubt")
    if measure.evidence and not measure.no_primary and all(source.cls != "primary" for source in measure.evidence):
        file.fault("", "a measure without a primary source must say where one was looked for, and why none is cited (`no_primary`)")
    if measure.no_primary and any(source.cls == "primary" for source in measure.evidence):
        file.fault("/no_primary", "a primary source is cited")
    if measure.list and measure.list not in LISTS:
        file.fault("/list", f"no list {measure.list!r}; there are: {', '.join(LISTS)}")
    dated: dict[str, Sequence[Period | Doubt]] = {"periods": measure.periods, "doubts": measure.doubts}
    for field, spans in dated.items():
        for number, span in enumerate(spans):
            if span.until and span.until <= span.since:
                file.fault(f"/{field}/{number}", f"until {span.until} is not after since {span.since}")
    for field, profiles in (("binds", measure.binds), ("depends", tuple(measure.depends))):
        for profile in profiles:
            if profile not in PROFILES:
                file.fault(f"/{field}", f"no profile {profile!r}; there are: {', '.join(PROFILES)}")


class Titles:
    """Every address seen so far with its publisher and title: one address is one source, told in one way."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, str, str]] = {}

    def check_all(self, sources: Iterable[Evidence], file: EvidenceFile, pointer: str) -> None:
        for number, source in enumerate(sources):
            self.check(source, file, f"{pointer}/{number}")

    def check(self, source: Evidence, file: EvidenceFile, pointer: str) -> None:
        """A well-formed address, under no other title before, with a short quote."""
        if not _is_address(source.url):
            file.fault(pointer, f"not a web address: {source.url!r}")
        publisher, title, where = self._seen.setdefault(source.url, (source.publisher, source.title, file.name))
        if (publisher, title) != (source.publisher, source.title):
            file.fault(pointer, f"{where} cites this address as {publisher!r}, {title!r}; say what differs in `at`")
        if len(source.quote) > LONGEST_QUOTE:
            file.fault(pointer, f"a quote of {len(source.quote)} characters; {LONGEST_QUOTE} are enough to prove a claim")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not re.search(r"\s", url)
    except ValueError:
        return False


def _check_identifier(identifier: Identifier, file: EvidenceFile, pointer: str) -> None:
    scheme, value = identifier.scheme, identifier.value
    if scheme not in SCHEMES:
        file.fault(pointer + "/scheme", f"no scheme {scheme!r}; there are: {', '.join(SCHEMES)}")
    elif scheme in CHECK_DIGITS and not CHECK_DIGITS[scheme].is_valid(value):
        file.fault(pointer + "/value", f"{value!r} is no {scheme}: its check digit does not hold")
    elif scheme in FORMS and not re.fullmatch(FORMS[scheme], value):
        file.fault(pointer + "/value", f"{value!r} does not look like a {scheme}")


def check_cycles(entities: Iterable[Entity], places: dict[str, tuple[EvidenceFile, str]]) -> None:
    """Nobody owns himself, by any chain, on any day."""
    links = [_owned(entity.id, link) for entity in entities for link in entity.links if link.relation in (*OWNING, "parent")]
    told: set[frozenset[str]] = set()
    for day in sorted({link.since or date.min for _, _, link in links}):
        owners: dict[str, set[str]] = {}
        for owned, owner, link in links:
            if owned != owner and (link.since or date.min) <= day and (link.until is None or day < link.until):
                owners.setdefault(owned, set()).add(owner)
        try:
            TopologicalSorter(owners).prepare()
        except CycleError as error:
            cycle = error.args[1][::-1]
            if frozenset(cycle) not in told:
                told.add(frozenset(cycle))
                file, pointer = places[cycle[0]]
                file.fault(f"{pointer}/links", f"owns itself{f' on {day}' if day > date.min else ''}: {' → '.join(cycle)}")


def _owned(entity: str, link: Link) -> tuple[str, str, Link]:
    return (link.of, entity, link) if link.relation == "parent" else (entity, link.of, link)


def check_trades(entities: Iterable[Entity], places: dict[str, tuple[EvidenceFile, str]], trades: Mapping[str, object]) -> None:
    """Every trade asked for has its words."""
    for entity in entities:
        file, pointer = places[entity.id]
        asked = [("trade", entity.trade)] + [(f"products/{number}/trade", product.trade) for number, product in enumerate(entity.products)]
        for place, trade in asked:
            if trade and trade not in trades:
                file.fault(f"{pointer}/{place}", f"no trade {trade!r} in words.yaml; there are: {', '.join(sorted(trades)) or 'none'}")

"""What devices say of themselves: the fingerprints of the evidence, and private enterprise numbers in answers of SNMP."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from offlimits.matching.base import Text, Trigger
from offlimits.model import ColumnKind, Entity, Fingerprint, Identifier, Match, Reason

SURE, SHARED = 0.95, 0.5
"""Identity scores of a fingerprint that one maker's devices have, and of one that others may have too."""

ENTERPRISES = "1.3.6.1.4.1."
ENTERPRISE = re.compile(r"(?<![\d.])\.?1\.3\.6\.1\.4\.1\.(\d{1,10})(?!\d)")
"""An object identifier under the arc in which the IANA gives every enterprise a number (RFC 1155, 3.1.4)."""

ALTERNATIVES = re.compile(r"\|(?![^(]*\))")
"""What parts the alternatives of a pattern, but not those of a group in it."""


class Fingerprints:
    """The matcher of clues: each kind has its own patterns."""

    def __init__(self, fingerprints: Iterable[Fingerprint], entities: Iterable[Entity], starts: Mapping[str, tuple[str, ...]]) -> None:
        self._by_kind: dict[ColumnKind, list[tuple[re.Pattern[str], Fingerprint]]] = {}
        self._starts: dict[str, bool] = {}
        for item in fingerprints:
            self._by_kind.setdefault(item.kind, []).append((re.compile(item.pattern, re.IGNORECASE), item))
            anchored = all(part.startswith("^") for part in ALTERNATIVES.split(item.pattern))
            for literal in starts[item.pattern]:
                self._starts[literal] = self._starts.get(literal, True) and anchored
        self._numbers = {
            identifier.value: (entity.id, identifier)
            for entity in entities
            for identifier in entity.identifiers
            if identifier.scheme == "pen"
        }

    def triggers(self) -> Iterator[Trigger]:
        yield from (Trigger(literal, edge=edge) for literal, edge in self._starts.items())
        yield Trigger(ENTERPRISES)

    def find(self, text: Text) -> Iterator[Match]:
        for pattern, item in self._by_kind.get(text.kind, ()):
            if found := pattern.search(text.clean):
                yield _match(item, found)
        if text.kind == "snmp":
            yield from self._enterprise(text)

    def _enterprise(self, text: Text) -> Iterator[Match]:
        for found in ENTERPRISE.finditer(text.clean):
            if known := self._numbers.get(found[1]):
                yield _numbered(*known, found)


def _match(item: Fingerprint, found: re.Match[str]) -> Match:
    reasons = [Reason(rule="fingerprint", detail=f"{found[0]!r} ({item.kind}): {item.what} ({item.id})", weight=SURE)]
    if item.shared:
        reasons.append(Reason(rule="shared-fingerprint", detail=item.shared, weight=round(SHARED - SURE, 2)))
    return Match(
        entity=item.entity,
        rule="fingerprint",
        text=found[0],
        start=found.start(),
        end=found.end(),
        score=SHARED if item.shared else SURE,
        reasons=tuple(reasons),
        product=True,
        evidence=item.evidence,
    )


def _numbered(entity: str, identifier: Identifier, found: re.Match[str]) -> Match:
    detail = f"{found[0]} is under {identifier.value}, the enterprise number that the IANA assigned to it"
    return Match(
        entity=entity,
        rule="identifier-pen",
        text=found[0],
        start=found.start(),
        end=found.end(),
        score=SURE,
        reasons=(Reason(rule="identifier-pen", detail=detail, weight=SURE),),
        product=True,
        evidence=identifier.evidence,
    )

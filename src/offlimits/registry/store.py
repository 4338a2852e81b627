"""The registry in memory: who is who, how they hang together as of a date, and how strong each tie is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import msgspec

from offlimits.model import STRENGTHS, Entity, Evidence, Link, Measure, Relation, Strength
from offlimits.registry.data import RegistryData, proven

MAX_STEPS = 6
"""Longest chain followed; the evidence has none beyond four, and a cycle must end."""


class Hop(msgspec.Struct, frozen=True):
    """One link followed: from `source`, and whether it held on the day asked about."""

    source: str
    link: Link
    active: bool


class Path(msgspec.Struct, frozen=True):
    """From an entity up to the root of a listed group, with the relation and the strength of the whole chain."""

    entity: str
    group: str
    hops: tuple[Hop, ...]
    relation: Relation
    strength: Strength


def weaker(*strengths: Strength) -> Strength:
    """The weakest of them."""
    return max(strengths, key=STRENGTHS.index)


class Registry:
    """The evidence with its indexes. Build it with `load_registry()`."""

    def __init__(self, data: RegistryData) -> None:
        self.data = data
        self.entities: dict[str, Entity] = {entity.id: entity for entity in data.entities}
        self.measures: dict[str, Measure] = {measure.id: measure for measure in data.measures}
        self._paths: dict[tuple[str, date], tuple[Path, ...]] = {}

    @property
    def version(self) -> str:
        return self.data.version

    @property
    def sha256(self) -> str:
        return self.data.sha256

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Ids of the listed groups, sorted."""
        return tuple(sorted({entity.group for entity in self.data.entities}))

    def trade_of(self, entity: str) -> str:
        """The trade whose words are second signs for an entity's short names: its own, else its group's."""
        found = self.entities[entity]
        return found.trade or self.entities[found.group].trade

    def evidence_of(self, ids: Iterable[str]) -> list[Evidence]:
        return [self.data.evidence[key] for key in ids]

    def paths(self, entity: str, on: date) -> tuple[Path, ...]:
        """Every group the entity leads to, one best chain for each, as the links stood `on` that day."""
        key = (entity, on)
        if key not in self._paths:
            self._paths[key] = self._find_paths(entity, on)
        return self._paths[key]

    def _find_paths(self, entity: str, on: date) -> tuple[Path, ...]:
        best: dict[str, Path] = {}
        for hops in self._walk(entity, on, ()):
            end = hops[-1].link.of if hops else entity
            if self.entities[end].group != end:
                continue
            path = Path(entity, end, hops, _relation(hops), _strength(hops, self))
            known = best.get(end)
            if known is None or _rank(path) < _rank(known):
                best[end] = path
        return tuple(best[group] for group in sorted(best))

    def _walk(self, entity: str, on: date, hops: tuple[Hop, ...]) -> Iterable[tuple[Hop, ...]]:
        if self.entities[entity].group == entity:
            yield hops
        if len(hops) >= MAX_STEPS:
            return
        for link in self.entities[entity].links:
            above = link.relation == "parent" and self.entities[link.of].group != self.entities[entity].group
            if above or any(link.of in (hop.source, hop.link.of) for hop in hops) or link.of == entity:
                continue
            if link.since and on < link.since:
                continue
            active = link.until is None or on < link.until
            yield from self._walk(link.of, on, (*hops, Hop(entity, link, active)))


def _rank(path: Path) -> tuple[bool, int, bool, int]:
    """The best chain first: still holding, strong, by ownership rather than by who made the goods, short."""
    made = any(hop.link.relation == "made-by" for hop in path.hops)
    return (path.relation == "former", STRENGTHS.index(path.strength), made, len(path.hops))


def _relation(hops: tuple[Hop, ...]) -> Relation:
    """The most distant tie on the way names the whole chain."""
    if any(not hop.active or hop.link.relation == "successor" for hop in hops):
        return "former"
    for relation in ("made-by", "joint", "brand", "subsidiary", "parent"):
        if any(hop.link.relation == relation for hop in hops):
            return relation
    return "same"


def _strength(hops: tuple[Hop, ...], registry: Registry) -> Strength:
    return weaker("exact", *(_link_strength(hop, registry) for hop in hops))


def _link_strength(hop: Hop, registry: Registry) -> Strength:
    """`exact` on a primary record, a maker's word or a technical reading; `likely` on press or two publishers; else `possible`.

    An ended, inherited or disputed tie is only `possible`.
    """
    sources = registry.evidence_of(hop.link.evidence)
    if hop.link.disputed or not hop.active or hop.link.relation == "successor":
        return "possible"
    if any(source.cls in ("primary", "maker", "technical") for source in sources):
        return "exact" if not hop.link.uncertain and hop.link.relation in ("subsidiary", "brand", "joint", "parent") else "likely"
    return "likely" if proven(sources) or any(source.cls == "press" for source in sources) else "possible"

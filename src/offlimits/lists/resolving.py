"""Which company of the registry a record of a list is, if any: by identifier first, then by a whole name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from offlimits.judging import LIKELY
from offlimits.lists.base import Listed
from offlimits.matching import Matching
from offlimits.matching.identifiers import normalise
from offlimits.model import REGISTRY
from offlimits.registry import Registry

STRICT = ("uscc", "lei", "isin", "figi", "sedol", "cusip", "ror", "company-number")
WHOLE = ("name-whole", "name-legal", "name-glued", "acronym-glued", "name-branch")
"""Rules by which a text is a name whole, or a name with what a branch adds."""


class Resolved(NamedTuple):
    """A record and the entity it stands for; `how` names the rule. Where it only holds a name of ours, `entity` is empty and `near` set."""

    listed: Listed
    entity: str
    how: str
    near: str = ""


class Resolver:
    """Looks records up in one registry; built once."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._matching = Matching(registry)
        self._matching.prepare()
        self._by_identifier = {
            (item.scheme, normalise(item.scheme, item.value)): entity.id
            for entity in registry.data.entities
            if entity.origin == REGISTRY
            for item in entity.identifiers
            if item.scheme in STRICT
        }

    def resolve(self, listed: Iterable[Listed]) -> Iterator[Resolved]:
        """Every record that is a company of ours, or holds a name of one; the others are left out."""
        for record in listed:
            found = self._by_identifiers(record) or self._by_names(record)
            if found:
                yield found

    def _by_identifiers(self, record: Listed) -> Resolved | None:
        for item in record.identifiers:
            value = normalise(item.scheme, item.value)
            for key in ((item.scheme, value), ("company-number", value)):
                if entity := self._by_identifier.get(key):
                    return Resolved(record, entity, f"{item.scheme} {item.value}")
        return None

    def _by_names(self, record: Listed) -> Resolved | None:
        near = None
        for name in record.names:
            for match in self._matching.find(name, "name"):
                if match.score < LIKELY or match.disclaimed:
                    continue
                if match.rule in WHOLE and self._is_name_of(name, match.entity):
                    return Resolved(record, match.entity, f"the name {name!r}")
                near = near or Resolved(record, "", f"{name!r} holds {match.text!r}", match.entity)
        return near

    def key(self, name: str) -> str:
        """What two writings of one name share (`ListedNames.key`)."""
        return self._matching.listed.key(name)

    def _is_name_of(self, name: str, entity: str) -> bool:
        """Whether the text is one of the entity's names but for legal forms, not a longer one that holds it."""
        return self.key(name) in {self.key(other.text) for other in self._registry.entities[entity].names}

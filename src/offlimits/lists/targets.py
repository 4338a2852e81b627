"""`screen --list FILE`: the companies of a user's list as further targets, with where they come from and what the list does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from offlimits.errors import UsageError
from offlimits.lists.base import Listed
from offlimits.lists.reading import Edition
from offlimits.lists.resolving import Resolver
from offlimits.model import SCHEMES, Entity, Evidence, Identifier, Name
from offlimits.registry import Registry
from offlimits.report import ReportList


def with_lists(registry: Registry, editions: Sequence[Edition], as_of: date) -> tuple[Registry, list[ReportList]]:
    """The registry with every record of the lists that is not one of its own companies, and what the report says of each list.

    Nothing is known of such a company but what its list says: no brands, no subsidiaries, no measures.
    """
    if not editions:
        return registry, []
    resolver = Resolver(registry)
    entities: dict[str, Entity] = {}
    evidence: dict[str, Evidence] = {}
    told = []
    for number, edition in enumerate(editions, start=1):
        ours = {found.listed.key: found.entity for found in resolver.resolve(edition.listed) if found.entity}
        source = f"list-{number}/{edition.list or edition.form}"
        evidence[source] = _evidence(edition, source, as_of)
        entities |= {entity.id: entity for entity in _entities(edition, number, source, ours)}
        told.append(_told(edition, as_of, ours))
    data = msgspec.structs.replace(
        registry.data, entities=(*registry.data.entities, *entities.values()), evidence={**registry.data.evidence, **evidence}
    )
    return Registry(data), told


def _evidence(edition: Edition, key: str, as_of: date) -> Evidence:
    return Evidence(
        id=key,
        publisher=edition.publisher,
        title=edition.title,
        url="",
        read=as_of,
        on=edition.edition,
        cls=edition.cls,
        copy=f"the user's file {edition.path}, sha256 {edition.sha256[:16]}",
    )


def _entities(edition: Edition, number: int, source: str, ours: dict[str, str]) -> Iterator[Entity]:
    origin = f"{edition.title} ({edition.path}{f', edition of {edition.edition}' if edition.edition else ''})"
    for record in edition.listed:
        if record.key not in ours:
            yield _entity(record, f"list-{number}-{record.key}", source, origin)


def _entity(record: Listed, key: str, source: str, origin: str) -> Entity:
    """A record as an entity and a group of its own; names that the list itself calls weak want a second sign."""
    names = [Name(text=record.name, kind="legal", evidence=(source,))]
    names += [
        Name(
            text=alias.text,
            kind="former" if alias.kind == "former" else "alias",
            evidence=(source,),
            weight="context" if alias.kind == "weak" else "unique",
        )
        for alias in record.aliases
    ]
    said = [f"listed since {record.since}"] if record.since else []
    said += [f"until {record.until}"] if record.until else []
    said += [f"programmes: {', '.join(record.programmes)}"] if record.programmes else []
    return Entity(
        id=key,
        group=key,
        name=record.name,
        kind="body" if record.kind == "body" else "company",
        evidence=(source,),
        names=tuple(names),
        identifiers=tuple(
            Identifier(scheme=item.scheme, value=item.value, evidence=(source,)) for item in record.identifiers if item.scheme in SCHEMES
        ),
        note="; ".join(said),
        origin=origin,
    )


def _told(edition: Edition, as_of: date, ours: dict[str, str]) -> ReportList:
    return ReportList(
        path=edition.path,
        form=edition.form,
        title=edition.title,
        publisher=edition.publisher,
        sha256=edition.sha256,
        edition=edition.edition,
        newest=edition.newest,
        age_days=(as_of - edition.dated).days if edition.dated else None,
        listed=len(edition.listed),
        ours=len(ours),
        rejects=len(edition.rejects),
        skipped=edition.skipped,
        does_not_say=list(edition.does_not_say),
    )


def check_ages(editions: Sequence[Edition], registry: Registry, most_days: int, as_of: date) -> None:
    """Nothing that a run rests on is too old. Raises `UsageError` when a list, or the registry itself, is older than so many days, or
    does not say of which day it is."""
    dated = [("the registry", date.fromisoformat(registry.version)), *((item.path, item.dated) for item in editions)]
    for name, edition in dated:
        if edition is None:
            raise UsageError(f"{name} does not say of which day it is, and --max-list-age is set", "give a list that states its date")
        if (as_of - edition).days > most_days:
            raise UsageError(
                f"{name} is of {edition}, {(as_of - edition).days:,} days before {as_of}; --max-list-age allows {most_days:,}",
                "fetch a newer edition (`offlimits lists update`) or a newer release of offlimits, or allow more days",
            )

"""What an edition of an official list would change in the evidence: said, proposed as YAML, applied by a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import yaml

from offlimits.lists.base import Listed
from offlimits.lists.reading import Edition
from offlimits.lists.resolving import Resolved, Resolver
from offlimits.matching.identifiers import normalise
from offlimits.model import SCHEMES, Doubt, Measure, Period, Value
from offlimits.registry import Registry

SHOWN_UNKNOWN = 20


class Added(Value, frozen=True):
    """A record that is a company of ours, and no measure of the list in force names it."""

    entity: str
    record: Listed
    how: str


class Removed(Value, frozen=True):
    """A measure of the list is in force and names the company; no record of this edition is it."""

    entity: str
    measure: str


class Unknown(Value, frozen=True):
    """A record that holds a name of ours and is none of our entities: a subsidiary to be added, or somebody of a similar name."""

    near: str
    record: Listed
    how: str


class Told(Value, frozen=True):
    """A name or an identifier that the record has and the evidence has not. `scheme` is empty for a name."""

    entity: str
    scheme: str
    value: str
    record: str


class ListDifference(Value, frozen=True):
    """One edition against the evidence, as of the edition's day. `absent` are measures of the list none of whose companies
    it holds; `unchanged` counts companies of ours of which it says nothing new."""

    list: str
    path: str
    edition: date | None
    judged_on: date
    records: int
    added: tuple[Added, ...]
    removed: tuple[Removed, ...]
    unknown: tuple[Unknown, ...]
    told: tuple[Told, ...]
    absent: tuple[str, ...]
    unchanged: int


def compare_edition(edition: Edition, registry: Registry, as_of: date) -> ListDifference:
    """Hold an edition against the measures that name its list and the names and identifiers of the companies it holds.

    A list of no measure (`ror`, an own CSV) can add names and identifiers, and no more.
    """
    on = edition.edition or as_of
    resolver = Resolver(registry)
    found = list(resolver.resolve(edition.listed))
    ours = [item for item in found if item.entity]
    held = {item.entity for item in ours if not (item.listed.until and item.listed.until <= on)}
    named, absent = _named(registry, edition.list, on, held)
    new = held - named.keys() if edition.list else set()
    fresh = [Added(entity=item.entity, record=item.listed, how=item.how) for item in ours if item.entity in new]
    told = [change for item in ours for change in _told(item, registry, resolver.key)]
    changed = {change.entity for change in told} | {item.entity for item in fresh}
    return ListDifference(
        list=edition.list or edition.form,
        path=edition.path,
        edition=edition.edition,
        judged_on=on,
        records=len(edition.listed),
        added=tuple(sorted(fresh, key=lambda item: (item.entity, item.record.key))),
        removed=tuple(Removed(entity=entity, measure=named[entity]) for entity in sorted(named.keys() - held)),
        unknown=tuple(
            sorted(
                (Unknown(near=item.near, record=item.listed, how=item.how) for item in found if not item.entity),
                key=lambda item: (item.near, item.record.key),
            )
        ),
        told=tuple(sorted(told, key=lambda item: (item.entity, item.scheme, item.value))),
        absent=tuple(absent),
        unchanged=len({item.entity for item in ours} - changed),
    )


def _named(registry: Registry, list_name: str, on: date, held: set[str]) -> tuple[dict[str, str], list[str]]:
    """Entities that a measure of the list names as the list stood on a day, with that measure; and the measures none of whose names is in
    the edition: most likely another part of a list that is published in parts."""
    measures = [measure for measure in registry.data.measures if list_name and measure.list == list_name and stands(measure, on)]
    whole = [measure for measure in measures if held & set(measure.names)]
    return {entity: measure.id for measure in whole for entity in measure.names}, [item.id for item in measures if item not in whole]


def stands(measure: Measure, on: date) -> bool:
    """Whether names stand on their list on a day: from the first date a measure knows, maybe before it takes effect, to its end."""
    spans: tuple[Period | Doubt, ...] = (*measure.periods, *measure.doubts)
    starts = [span.since for span in spans] + [stage.on for stage in measure.stages]
    ends = [span.until for span in spans]
    return min(starts, default=date.max) <= on and (None in ends or on < max(end for end in ends if end))


def _told(item: Resolved, registry: Registry, key: Callable[[str], str]) -> list[Told]:
    entity = registry.entities[item.entity]
    names = {key(name.text) for name in entity.names} | {key(entity.name)}
    values = {(known.scheme, _bare(known.scheme, known.value)) for known in entity.identifiers}
    new = [Told(entity=entity.id, scheme="", value=name, record=item.listed.key) for name in item.listed.names if key(name) not in names]
    new += [
        Told(entity=entity.id, scheme=known.scheme, value=known.value, record=item.listed.key)
        for known in item.listed.identifiers
        if known.scheme in SCHEMES and (known.scheme, _bare(known.scheme, known.value)) not in values
    ]
    return new


def _bare(scheme: str, value: str) -> str:
    """An identifier without what lists write differently: a ticker's exchange, a company number's country."""
    if scheme == "ticker":
        return re.split(r"[. ]", value)[0].lstrip("0")
    return normalise(scheme, value.rpartition(" ")[2] if scheme == "company-number" else value)


class _Plain(yaml.SafeDumper):
    """YAML without anchors: each part is copied into another file."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def propose(difference: ListDifference, edition: Edition, registry: Registry) -> str:
    """The difference as YAML to be copied into the evidence by hand, under the file each part belongs to; never applied by the program."""
    source = {
        "publisher": edition.publisher,
        "title": edition.title,
        "url": "THE PUBLISHER'S ADDRESS",
        "read": difference.judged_on,
        "class": edition.cls,
    }
    if edition.edition:
        source["on"] = edition.edition
    files: dict[str, dict[str, object]] = {}
    for change in difference.told:
        group = registry.entities[change.entity].group
        part = files.setdefault(f"companies/{group}.yaml", {"evidence": {difference.list: source}, "entities": {}})
        entities = part["entities"]
        assert isinstance(entities, dict)
        entity = entities.setdefault(change.entity, {})
        if change.scheme:
            entity.setdefault("identifiers", []).append({"scheme": change.scheme, "value": change.value, "evidence": [difference.list]})
        else:
            entity.setdefault("names", []).append({"text": change.value, "kind": "alias", "evidence": [difference.list]})
    for added in difference.added:
        files[f"measures/…/{difference.list}-{difference.judged_on}-{added.entity}.yaml"] = {
            "names": [added.entity],
            "list": difference.list,
            "periods": [{"since": added.record.since or difference.judged_on}],
            "evidence": [{**source, "at": f"record {added.record.key}"}],
        }
    for removed in difference.removed:
        files[f"measures/…/{removed.measure}.yaml, for {removed.entity}"] = {"periods": [{"until": difference.judged_on}]}
    dated = f", edition of {edition.edition}" if edition.edition else ""
    head = f"# Proposed from {difference.path}, {edition.title}{dated}.\n"
    if not files:
        return head + "# Nothing to change.\n"
    body = yaml.dump(files, Dumper=_Plain, allow_unicode=True, sort_keys=True, width=140)
    return f"{head}# Read the list, judge each line, and copy what holds; nothing was changed.\n{body}"


def difference_lines(difference: ListDifference) -> Iterator[str]:
    """What came, what went, what is told anew; last, what is the same, and records that only sound like ours."""
    edition = f", edition of {difference.edition}" if difference.edition else ", without a date"
    yield f"{difference.list}{edition}, {difference.records:,} companies, against the evidence as of {difference.judged_on}"
    for added in difference.added:
        yield f"  + {added.entity}: record {added.record.key}, {added.record.name!r} ({added.how}); no measure of this list names it"
    for removed in difference.removed:
        yield f"  - {removed.entity}: named by {removed.measure}, and no record of this edition is it (absence in a copy proves nothing)"
    for told in difference.told:
        yield f"  ~ {told.entity}: {told.scheme or 'name'} {told.value!r} (record {told.record})"
    for unknown in difference.unknown[:SHOWN_UNKNOWN]:
        yield f"  ? record {unknown.record.key}, {unknown.record.name!r}: {unknown.how}; of {unknown.near}, or somebody else?"
    if len(difference.unknown) > SHOWN_UNKNOWN:
        yield f"  ? … and {len(difference.unknown) - SHOWN_UNKNOWN:,} more"
    if difference.absent:
        yield f"  holds nobody whom these measures of the list name, so it may be another part of it: {', '.join(difference.absent)}"
    yield f"  {difference.unchanged:,} companies of ours are on it, and it says nothing new of them"

"""evidence/*.yaml → model. Every fault is collected, each with file, line and pointer; then all are raised at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from offlimits.codes import literals, product_regex
from offlimits.errors import RegistryError
from offlimits.model import (
    PROFILES,
    Doubt,
    Entity,
    Evidence,
    Identifier,
    Link,
    Lookalike,
    Measure,
    Name,
    NotAMeasure,
    Period,
    Product,
    Value,
)
from offlimits.registry.data import MAC_EVIDENCE, MacPrefix, RegistryData, Words, proven
from offlimits.text import fold

T = TypeVar("T", bound=Value)
P = TypeVar("P", list[Any], dict[str, Any])


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2's booleans: only true and false, so that the key `on` and the country NO stay words."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))

ENTITY_PARTS: dict[str, type[Value]] = {
    "names": Name,
    "identifiers": Identifier,
    "links": Link,
    "products": Product,
    "lookalikes": Lookalike,
}


class _File:
    """One YAML file being read: its data, and where each part of it stands."""

    def __init__(self, path: Path, root: Path, faults: list[str]) -> None:
        self.name = path.relative_to(root).as_posix()
        self.faults = faults
        self.declared: set[str] = set()
        self.node: Any = None
        self.data: Any = {}
        try:
            loader = Loader(path.read_text(encoding="utf-8"))
            self.node = loader.get_single_node()
            self.data = loader.construct_document(self.node) if self.node else None
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{self.name}: cannot be read: {error}")
            return
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            faults.append(f"{self.name}{line}: not YAML: {getattr(error, 'problem', error)}")
            return
        if not isinstance(self.data, dict):
            faults.append(f"{self.name}:1: the file must hold a mapping")
            self.data = {}
        self._check_keys(self.node, "")

    def _check_keys(self, node: Any, pointer: str) -> None:
        """YAML lets a later key silently replace an earlier one; here it is a fault."""
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
                self.fault(f"{pointer}/{key}", "the key stands here twice")
            for key, value in node.value:
                self._check_keys(value, f"{pointer}/{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self._check_keys(value, f"{pointer}/{number}")

    def part(self, key: str, kind: type[P], within: Any = None, pointer: str = "") -> P:
        """A mapping or a sequence inside the file; an empty one, and a fault, when something else stands there."""
        found = (self.data if within is None else within).get(key)
        if found is not None and not isinstance(found, kind):
            self.fault(f"{pointer}/{key}", f"must be a {'mapping' if kind is dict else 'sequence'}")
        return found if isinstance(found, kind) else kind()

    def fault(self, pointer: str, message: str) -> None:
        self.faults.append(f"{self.name}:{self._line(pointer)} {pointer or '/'}: {message}")

    def _line(self, pointer: str) -> int:
        node = self.node
        for part in filter(None, pointer.split("/")):
            child = _child(node, part)
            if child is None:
                break
            node = child
        return int(node.start_mark.line) + 1 if node is not None else 1

    def convert(self, raw: Any, kind: type[T], pointer: str) -> T | None:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            message, _, where = str(error).partition(" - at `$")
            extra = where.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
            self.fault(pointer + extra, message)
            return None


def _child(node: Any, part: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)]
    return None


def load_evidence(folder: Path, sha256: str = "") -> RegistryData:
    """Read the whole evidence folder.

    Raises `RegistryError` with every fault found: unknown fields, claims without evidence, links to nobody,
    product examples that their own pattern misses, measures that name unknown entities.
    """
    faults: list[str] = []
    evidence: dict[str, Evidence] = {}
    entities: list[Entity] = []
    places: dict[str, tuple[_File, str]] = {}
    known: set[str] = set()
    for path in sorted((folder / "companies").glob("*.yaml")):
        file = _File(path, folder, faults)
        _load_company(file, entities, evidence, places, known)
    for entity in entities:
        _check_entity(entity, known, evidence, *places[entity.id])
    _check_identifiers(entities, places)
    measures, not_measures = _load_measures(folder, known, faults)
    version, words, mac_source = _load_settings(folder, faults)
    macs = tuple(_load_macs(folder, known, faults))
    if faults:
        raise RegistryError(faults)
    assert words is not None
    assert mac_source is not None
    return RegistryData(
        version=version,
        sha256=sha256,
        entities=tuple(entities),
        evidence={**evidence, MAC_EVIDENCE: mac_source},
        measures=measures,
        not_measures=not_measures,
        macs=macs,
        mac_source=mac_source,
        words=_folded(words),
        starts={product.pattern: tuple(sorted(literals(product.pattern))) for entity in entities for product in entity.products},
    )


def _folded(words: Words) -> Words:
    """The vocabularies as texts are compared with them."""
    return Words(**{field: tuple(dict.fromkeys(fold(word) for word in getattr(words, field))) for field in words.__struct_fields__})


def _load_company(
    file: _File, entities: list[Entity], evidence: dict[str, Evidence], places: dict[str, tuple[_File, str]], known: set[str]
) -> None:
    """Take one file in. `known` gets the ids of entities that do not load too, so that one fault does not look like many."""
    group = Path(file.name).stem
    if file.data.get("group", "") != group:
        file.fault("/group", f"group {file.data.get('group', '')!r} must be the file's own name")
    for key in file.data.keys() - {"group", "evidence", "entities"}:
        file.fault(f"/{key}", "unknown field")
    for key, raw in file.part("evidence", dict).items():
        file.declared.add(f"{group}/{key}")
        found = file.convert({**raw, "id": f"{group}/{key}"} if isinstance(raw, dict) else raw, Evidence, f"/evidence/{key}")
        if found:
            evidence[f"{group}/{key}"] = found
    for number, raw in enumerate(file.part("entities", list)):
        pointer = f"/entities/{number}"
        known |= {str(raw["id"])} if isinstance(raw, dict) and "id" in raw else set()
        entity = _load_entity(file, raw, group, pointer)
        if entity is None:
            continue
        if entity.id in places:
            file.fault(pointer + "/id", f"entity {entity.id!r} stands in {places[entity.id][0].name} already")
            continue
        places[entity.id] = (file, pointer)
        entities.append(entity)
    if group not in known:
        file.fault("/entities", f"no entity {group!r}: the listed company itself is missing")
        known.add(group)


def _load_entity(file: _File, raw: Any, group: str, pointer: str) -> Entity | None:
    if not isinstance(raw, dict):
        file.fault(pointer, "an entity must be a mapping")
        return None
    parts: dict[str, Any] = {}
    sound = True
    for field, kind in ENTITY_PARTS.items():
        values = [
            file.convert(_qualified(item, group), kind, f"{pointer}/{field}/{number}")
            for number, item in enumerate(file.part(field, list, raw, pointer))
        ]
        sound = sound and all(values)
        parts[field] = values
    bare = {key: value for key, value in raw.items() if key not in ENTITY_PARTS}
    entity = file.convert(_qualified({**bare, "group": group}, group), Entity, pointer)
    return msgspec.structs.replace(entity, **{field: tuple(values) for field, values in parts.items()}) if entity and sound else None


def _qualified(raw: Any, group: str) -> Any:
    """Evidence ids are local to a file; in the registry they carry the file's name."""
    if isinstance(raw, dict) and isinstance(raw.get("evidence"), list):
        return {**raw, "evidence": [f"{group}/{key}" for key in raw["evidence"]]}
    return raw


def _check_entity(entity: Entity, known: set[str], evidence: dict[str, Evidence], file: _File, pointer: str) -> None:
    _check_claim(entity, file, pointer)
    for field in ENTITY_PARTS:
        for number, claim in enumerate(getattr(entity, field)):
            _check_claim(claim, file, f"{pointer}/{field}/{number}")
    for number, link in enumerate(entity.links):
        _check_link(entity, link, known, evidence, file, f"{pointer}/links/{number}")
    for number, product in enumerate(entity.products):
        _check_product(product, file, f"{pointer}/products/{number}")


def _check_claim(claim: Any, file: _File, pointer: str) -> None:
    if not claim.evidence:
        file.fault(pointer, "a claim without evidence")
    for key in claim.evidence:
        if key not in file.declared:
            file.fault(pointer, f"evidence {key.partition('/')[2]!r} is not in this file")
    since, until = getattr(claim, "since", None), getattr(claim, "until", None)
    if since and until and until <= since:
        file.fault(pointer, f"until {until} is not after since {since}")


def _check_identifiers(entities: list[Entity], places: dict[str, tuple[_File, str]]) -> None:
    """One identifier is one entity's; the second would silently take the first one's place."""
    owners: dict[tuple[str, str], str] = {}
    for entity in entities:
        for number, identifier in enumerate(entity.identifiers):
            owner = owners.setdefault((identifier.scheme, identifier.value.casefold()), entity.id)
            if owner != entity.id:
                file, pointer = places[entity.id]
                file.fault(f"{pointer}/identifiers/{number}", f"{identifier.scheme} {identifier.value!r} is {owner!r}'s already")


def _check_link(entity: Entity, link: Link, known: set[str], evidence: dict[str, Evidence], file: _File, pointer: str) -> None:
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


def _check_product(product: Product, file: _File, pointer: str) -> None:
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


def _load_measures(folder: Path, known: set[str], faults: list[str]) -> tuple[tuple[Measure, ...], tuple[NotAMeasure, ...]]:
    measures: dict[str, Measure] = {}
    not_measures: list[NotAMeasure] = []
    for path in sorted((folder / "measures").rglob("*.yaml")):
        file = _File(path, folder, faults)
        if path.name == "not-measures.yaml":
            for number, raw in enumerate(file.part("claims", list)):
                claim = file.convert(raw, NotAMeasure, f"/claims/{number}")
                if claim:
                    not_measures.append(claim)
                    _check_names(claim.names, known, file, f"/claims/{number}")
                    if not claim.evidence:
                        file.fault(f"/claims/{number}", "a claim without evidence")
            continue
        measure = file.convert(file.data, Measure, "")
        if measure is None:
            continue
        if measure.id != path.stem:
            file.fault("/id", f"id {measure.id!r} must be the file's own name")
        if measure.id in measures:
            file.fault("/id", f"another measure has the id {measure.id!r} already")
        _check_measure(measure, known, file)
        measures[measure.id] = measure
    return tuple(measures.values()), tuple(not_measures)


def _check_names(names: Iterable[str], known: set[str], file: _File, pointer: str) -> None:
    for number, name in enumerate(names):
        if name not in known:
            file.fault(f"{pointer}/names/{number}", f"no entity {name!r}")


def _check_measure(measure: Measure, known: set[str], file: _File) -> None:
    _check_names(measure.names, known, file, "")
    if not measure.evidence:
        file.fault("", "a measure without evidence")
    if not measure.names and not measure.class_named:
        file.fault("", "a measure that names nobody must say which class it names (`class_named`)")
    if not measure.periods and not measure.doubts and measure.kind != "proposed":
        file.fault("", "a measure needs a period or a doubt")
    dated: dict[str, Sequence[Period | Doubt]] = {"periods": measure.periods, "doubts": measure.doubts}
    for field, spans in dated.items():
        for number, span in enumerate(spans):
            if span.until and span.until <= span.since:
                file.fault(f"/{field}/{number}", f"until {span.until} is not after since {span.since}")
    for field, profiles in (("binds", measure.binds), ("depends", tuple(measure.depends))):
        for profile in profiles:
            if profile not in PROFILES:
                file.fault(f"/{field}", f"no profile {profile!r}; there are: {', '.join(PROFILES)}")


def _load_settings(folder: Path, faults: list[str]) -> tuple[str, Words | None, Evidence | None]:
    file = _File(folder / "registry.yaml", folder, faults)
    vocabulary = _File(folder / "words" / "words.yaml", folder, faults)
    version = str(file.data.get("version", ""))
    if not version:
        file.fault("/version", "the registry needs a version (a date)")
    mac_source = file.convert(file.data.get("mac_prefixes"), Evidence, "/mac_prefixes")
    return version, vocabulary.convert(vocabulary.data, Words, ""), mac_source


def _load_macs(folder: Path, known: set[str], faults: list[str]) -> Iterator[MacPrefix]:
    seen: set[str] = set()
    for number, row in _mac_rows(folder / "prefixes" / "mac.csv", faults):
        place = f"prefixes/mac.csv:{number}"
        if not re.fullmatch(r"[0-9A-F]{6,7}|[0-9A-F]{9}", row["prefix"]):
            faults.append(f"{place}: {row['prefix']!r} is no prefix of 6, 7 or 9 hex digits")
        elif row["prefix"] in seen:
            faults.append(f"{place}: the prefix {row['prefix']} stands here twice")
        elif row["entity"] not in known:
            faults.append(f"{place}: no entity {row['entity']!r}")
        else:
            seen.add(row["prefix"])
            yield MacPrefix(prefix=row["prefix"], entity=row["entity"], organisation=row["organisation"])


def _mac_rows(path: Path, faults: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of the table of prefixes with their lines; a table that is not there or has other columns is one fault."""
    wanted = ["prefix", "entity", "organisation"]
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            if reader.fieldnames != wanted:
                faults.append(f"prefixes/mac.csv:1: the columns must be {', '.join(wanted)}")
                return
            yield from ((reader.line_num, row) for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"prefixes/mac.csv: cannot be read: {error}")

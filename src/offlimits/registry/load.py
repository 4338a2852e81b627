"""evidence/*.yaml → model. Every fault is collected, each with file, line and pointer; then all are raised at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from offlimits.codes import literals
from offlimits.errors import RegistryError
from offlimits.model import Entity, Evidence, Fingerprint, Measure, NotAMeasure
from offlimits.registry.checks import (
    ENTITY_PARTS,
    Titles,
    check_cycles,
    check_entity,
    check_identifiers,
    check_measure,
    check_names,
    check_trades,
)
from offlimits.registry.data import MAC_EVIDENCE, MacPrefix, RegistryData, Words
from offlimits.registry.fingerprints import load_fingerprints
from offlimits.registry.yamlfile import EvidenceFile
from offlimits.text import fold


def load_evidence(folder: Path, sha256: str = "") -> RegistryData:
    """Read the whole evidence folder.

    Raises `RegistryError` with every fault found: unknown fields, claims without evidence, links to nobody,
    product examples that their own pattern misses, measures that name unknown entities.
    """
    faults: list[str] = []
    evidence: dict[str, Evidence] = {}
    entities: list[Entity] = []
    places: dict[str, tuple[EvidenceFile, str]] = {}
    known: set[str] = set()
    titles = Titles()
    for path in sorted((folder / "companies").glob("*.yaml")):
        file = EvidenceFile(path, folder, faults)
        _load_company(file, entities, evidence, places, known)
        for key in (key for key in evidence if key in file.declared):
            titles.check(evidence[key], file, f"/evidence/{key.partition('/')[2]}")
    for entity in entities:
        check_entity(entity, known, evidence, *places[entity.id])
    version, vocabulary, mac_source = _load_settings(folder, faults)
    check_identifiers(entities, places)
    check_cycles(entities, places)
    check_trades(entities, places, vocabulary.trades if vocabulary else {})
    measures, not_measures = _load_measures(folder, known, faults, titles)
    macs = tuple(_load_macs(folder, known, faults))
    fingerprints = load_fingerprints(folder, known, evidence, faults, titles)
    if faults:
        raise RegistryError(faults)
    assert vocabulary is not None
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
        words=_folded(vocabulary),
        starts={pattern: tuple(sorted(literals(pattern))) for pattern in _patterns(entities, fingerprints)},
        fingerprints=fingerprints,
    )


def _patterns(entities: Iterable[Entity], fingerprints: Iterable[Fingerprint]) -> set[str]:
    return {product.pattern for entity in entities for product in entity.products} | {item.pattern for item in fingerprints}


def _folded(words: Words) -> Words:
    """The vocabularies as texts are compared with them."""
    plain = {field: getattr(words, field) for field in words.__struct_fields__ if field != "trades"}
    trades = {name: _fold_all(found) for name, found in words.trades.items()}
    return Words(**{field: _fold_all(found) for field, found in plain.items()}, trades=trades)


def _fold_all(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word) for word in words))


def _load_company(
    file: EvidenceFile, entities: list[Entity], evidence: dict[str, Evidence], places: dict[str, tuple[EvidenceFile, str]], known: set[str]
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


def _load_entity(file: EvidenceFile, raw: Any, group: str, pointer: str) -> Entity | None:
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


def _load_measures(folder: Path, known: set[str], faults: list[str], titles: Titles) -> tuple[tuple[Measure, ...], tuple[NotAMeasure, ...]]:
    measures: dict[str, Measure] = {}
    not_measures: list[NotAMeasure] = []
    for path in sorted((folder / "measures").rglob("*.yaml")):
        file = EvidenceFile(path, folder, faults)
        if path.name == "not-measures.yaml":
            for number, raw in enumerate(file.part("claims", list)):
                claim = file.convert(raw, NotAMeasure, f"/claims/{number}")
                if claim:
                    not_measures.append(claim)
                    check_names(claim.names, known, file, f"/claims/{number}")
                    if not claim.evidence:
                        file.fault(f"/claims/{number}", "a claim without evidence")
                    titles.check_all(claim.evidence, file, f"/claims/{number}/evidence")
            continue
        measure = file.convert(file.data, Measure, "")
        if measure is None:
            continue
        if measure.id != path.stem:
            file.fault("/id", f"id {measure.id!r} must be the file's own name")
        if measure.id in measures:
            file.fault("/id", f"another measure has the id {measure.id!r} already")
        check_measure(measure, known, file)
        titles.check_all(measure.evidence, file, "/evidence")
        measures[measure.id] = measure
    return tuple(measures.values()), tuple(not_measures)


def _load_settings(folder: Path, faults: list[str]) -> tuple[str, Words | None, Evidence | None]:
    file = EvidenceFile(folder / "registry.yaml", folder, faults)
    vocabulary = EvidenceFile(folder / "words" / "words.yaml", folder, faults)
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

"""evidence/fingerprints/<kind>.yaml → model: what devices say of themselves, one file a field."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import msgspec

from offlimits.codes import literals
from offlimits.model import CLUES, Evidence, Fingerprint
from offlimits.registry.checks import Titles
from offlimits.registry.yamlfile import EvidenceFile

SHORTEST = 3
"""Characters a text must hold at least, at the place where the pattern begins, to be looked at."""


def load_fingerprints(
    folder: Path, known: Collection[str], evidence: dict[str, Evidence], faults: list[str], titles: Titles
) -> tuple[Fingerprint, ...]:
    """Every fingerprint of the folder. Its evidence is added under `<kind>/<key>`; what does not hold becomes a fault."""
    found: list[Fingerprint] = []
    for path in sorted((folder / "fingerprints").glob("*.yaml")):
        file = EvidenceFile(path, folder, faults)
        if path.stem not in CLUES:
            file.fault("", f"no field is called {path.stem!r}; the fields are {', '.join(CLUES)}")
        _load_sources(file, path.stem, evidence, titles)
        for number, raw in enumerate(file.part("fingerprints", list)):
            pointer = f"/fingerprints/{number}"
            item = file.convert({**raw, "kind": path.stem} if isinstance(raw, dict) else raw, Fingerprint, pointer)
            if item is not None:
                item = msgspec.structs.replace(item, evidence=tuple(f"{path.stem}/{key}" for key in item.evidence))
                _check(item, known, file, pointer, {other.id for other in found if other.kind == item.kind})
                found.append(item)
    return tuple(found)


def _load_sources(file: EvidenceFile, kind: str, evidence: dict[str, Evidence], titles: Titles) -> None:
    for key in file.data.keys() - {"evidence", "fingerprints"}:
        file.fault(f"/{key}", "unknown field")
    for key, raw in file.part("evidence", dict).items():
        file.declared.add(f"{kind}/{key}")
        source = file.convert({**raw, "id": f"{kind}/{key}"} if isinstance(raw, dict) else raw, Evidence, f"/evidence/{key}")
        if source:
            evidence[f"{kind}/{key}"] = source
            titles.check(source, file, f"/evidence/{key}")


def _check(item: Fingerprint, known: Collection[str], file: EvidenceFile, pointer: str, taken: Collection[str]) -> None:
    if item.id in taken:
        file.fault(f"{pointer}/id", f"the id {item.id!r} stands here already")
    if item.entity not in known:
        file.fault(f"{pointer}/entity", f"no entity {item.entity!r}")
    if not item.evidence:
        file.fault(pointer, "a claim without evidence")
    for key in item.evidence:
        if key not in file.declared:
            file.fault(pointer, f"evidence {key.partition('/')[2]!r} is not in this file")
    if not item.examples or not item.not_examples:
        file.fault(pointer, "a fingerprint needs an example of what it takes and one of what it must not take")
    _check_pattern(item, file, pointer)


def _check_pattern(item: Fingerprint, file: EvidenceFile, pointer: str) -> None:
    try:
        pattern = re.compile(item.pattern, re.IGNORECASE)
    except re.error as error:
        file.fault(f"{pointer}/pattern", f"not a pattern: {error}")
        return
    if min(map(len, literals(item.pattern))) < SHORTEST:
        file.fault(f"{pointer}/pattern", f"it must begin with {SHORTEST} characters that are told")
    for number, example in enumerate(item.examples):
        if not pattern.search(example):
            file.fault(f"{pointer}/examples/{number}", f"the pattern misses {example!r}")
    for number, example in enumerate(item.not_examples):
        if pattern.search(example):
            file.fault(f"{pointer}/not_examples/{number}", f"the pattern takes {example!r}")

"""What the evidence says once it is loaded, and where it lies."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable
from pathlib import Path

import msgspec

from offlimits.model import Entity, Evidence, Fingerprint, Measure, NotAMeasure, Value


def evidence_folder() -> Path:
    """The folder that holds the evidence: inside the installed wheel, or beside `src/` in a checkout."""
    inside = Path(str(importlib.resources.files("offlimits"))) / "evidence"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "evidence"


MAC_EVIDENCE = "ieee/mac-prefixes"
"""Id of the evidence for every MAC prefix: the table itself."""


class MacPrefix(Value, frozen=True):
    """An IEEE assignment: `prefix` is 6, 7 or 9 hex digits, upper case; `organisation` the name as registered."""

    prefix: str
    entity: str
    organisation: str


class Words(Value, frozen=True):
    """The vocabularies that tell trade words, places and legal forms from names. No claims about anybody."""

    legal_forms: tuple[str, ...]
    trade: tuple[str, ...]
    business: tuple[str, ...]
    places: tuple[str, ...]
    common: tuple[str, ...]
    other_makers: tuple[str, ...]
    address: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    other_trades: tuple[str, ...] = ()
    trades: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Words of trades other than surveillance and telecom, by the name under which an entity's `trade` asks for them."""


class RegistryData(Value, frozen=True):
    """Everything the evidence folder says, as it was loaded."""

    version: str
    sha256: str
    entities: tuple[Entity, ...]
    evidence: dict[str, Evidence]
    measures: tuple[Measure, ...]
    not_measures: tuple[NotAMeasure, ...]
    macs: tuple[MacPrefix, ...]
    mac_source: Evidence
    words: Words
    starts: dict[str, tuple[str, ...]]
    """By pattern of a product family or a fingerprint, the literals with which its texts start."""
    fingerprints: tuple[Fingerprint, ...] = ()


def proven(sources: Iterable[Evidence]) -> bool:
    """Whether a brand or OEM link may be stated: one record, maker's document or technical reading, or two publishers independent of
    one another (docs/design.md, evidence classes)."""
    sources = list(sources)
    strong = any(source.cls in ("primary", "maker", "technical") for source in sources)
    return strong or len({source.publisher for source in sources}) >= 2

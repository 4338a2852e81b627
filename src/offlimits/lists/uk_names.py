"""What both forms of the UK Sanctions List write alike: names in six parts, kinds of names, kinds of records."""

from __future__ import annotations

from collections.abc import Mapping

from offlimits.lists.base import PERSON, VESSEL, Alias

TITLE = "UK Sanctions List"
PUBLISHER = "Foreign, Commonwealth and Development Office"
DOES_NOT_SAY = (
    "companies owned or controlled by those it names, whom a freeze reaches too",
    "export controls, and bans on procurement: they stand elsewhere",
)
OTHERS = {"individual": PERSON, "ship": VESSEL}
TAKEN = "entity"


def whole_name(parts: Mapping[str, str], label: str) -> str:
    """The name of six parts: the first five before the sixth, which alone is an entity's. `label` is `Name` or `Name `."""
    sixth = parts.get(f"{label}6", "")
    first = [part for number in "12345" if (part := parts.get(f"{label}{number}"))]
    return " ".join((*first, sixth)).strip() if first else sixth


def is_primary(kind: str) -> bool:
    """Whether a name of this kind is the one to call a record by."""
    return kind.lower() == "primary name"


def alias(text: str, strength: str) -> Alias:
    """Another name; the list says of some that they are of low quality."""
    return Alias(text=text, kind="weak" if "low" in strength.lower() else "alias")

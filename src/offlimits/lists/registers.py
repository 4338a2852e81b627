"""Registers that name companies with no judgement about them: research organisations (ROR), hardware prefixes (IEEE), ownership (BODS)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from offlimits.lists.base import PERSON, Alias, Listed, ListedIdentifier, ListEvent, changed
from offlimits.lists.csl import json_items
from offlimits.lists.table import header_of, read_table
from offlimits.model import Place, Reject
from offlimits.readers.base import Skipped

HEX = frozenset("0123456789ABCDEF")
EXTERNAL = {"grid": "grid", "isni": "isni", "fundref": "crossref-funder", "wikidata": "wikidata"}


class RorJson:
    """The Research Organization Registry's dump, schema version 1 or 2: one JSON array."""

    name = "ror-json"
    list = "ror"
    title = "Research Organization Registry, data dump"
    publisher = "Research Organization Registry"
    does_not_say: tuple[str, ...] = (
        "that anybody is sanctioned or named: it is a register",
        "companies that do no research under their own name",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "a JSON array of records with ids at ror.org" if re.match(rb"\s*\[", head) and b'"https://ror.org/' in head else ""

    def edition(self, path: Path) -> date | None:
        found = re.search(r"(\d{4}-\d\d-\d\d)", path.name)
        return date.fromisoformat(found[1]) if found else None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for number, item in enumerate(json_items(self, path)):
            place = Place(pointer=f"/{number}")
            try:
                yield _ror_record(item, place)
            except (KeyError, TypeError, AttributeError, IndexError) as error:
                yield Reject(place=place, code="damaged-record", reason=f"a record of another shape: {type(error).__name__} {error}")


def _ror_record(item: dict[str, Any], place: Place) -> Listed:
    key = item["id"].rpartition("/")[2]
    if "names" in item:
        shown = next((name["value"] for name in item["names"] if "ror_display" in name["types"]), item["names"][0]["value"])
        others = [name["value"] for name in item["names"]]
        country = item["locations"][0]["geonames_details"]["country_code"] if item.get("locations") else ""
        external = [(known["type"], value) for known in item.get("external_ids", []) for value in known["all"]]
    else:
        shown = item["name"]
        others = [*item.get("aliases", []), *item.get("acronyms", []), *(label["label"] for label in item.get("labels", []))]
        country = item.get("country", {}).get("country_code", "")
        external = [(kind.lower(), value) for kind, known in item.get("external_ids", {}).items() for value in _all(known)]
    aliases = tuple(Alias(text=text) for text in dict.fromkeys(others) if text != shown)
    identifiers = [ListedIdentifier(scheme="ror", value=key)]
    identifiers += [ListedIdentifier(scheme=EXTERNAL[kind], value=re.sub(r"\s", "", value)) for kind, value in external if kind in EXTERNAL]
    return Listed(key=key, name=shown, place=place, kind="body", aliases=aliases, country=country, identifiers=tuple(identifiers))


def _all(known: dict[str, Any]) -> list[str]:
    found = known.get("all") or []
    return [found] if isinstance(found, str) else list(found)


class IeeeCsv:
    """IEEE's public listings: MA-L, MA-M, MA-S, IAB. Only the organisation is read, never its address."""

    name = "ieee-csv"
    list = "ieee"
    title = "Hardware address prefixes, public listing"
    publisher = "IEEE Registration Authority"
    does_not_say: tuple[str, ...] = (
        "whose goods carry a prefix: its holder may make them for others",
        "assignments held back from the public listing",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return (
            "its columns Registry, Assignment, Organization Name"
            if header_of(head)[:3] == ["Registry", "Assignment", "Organization Name"]
            else ""
        )

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for row, place in read_table(self, path, ("Registry", "Assignment", "Organization Name")):
            prefix, name = row["Assignment"], row["Organization Name"]
            if not 6 <= len(prefix) <= 9 or not HEX.issuperset(prefix):
                yield Reject(place=place, code="bad-prefix", reason=f"{prefix!r} is no prefix of 6 to 9 hex digits")
            elif not name or name == "Private":
                yield Skipped(reason="prefixes whose holder is private")
            else:
                yield Listed(
                    key=prefix, name=name, place=place, kind="company", identifiers=(ListedIdentifier(scheme="mac", value=prefix),)
                )


class BodsJson:
    """Beneficial Ownership Data Standard 0.4: entity statements, as an array or a line each. Statements about persons are left out."""

    name = "bods-json"
    list = "bods"
    title = "Beneficial ownership statements (BODS 0.4)"
    publisher = "whoever published the statements"
    does_not_say: tuple[str, ...] = (
        "who the persons behind a company are: their statements are not read",
        "owners that the publisher exempts",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "statements with recordType and declarationSubject" if b'"statementId"' in head and b'"recordType"' in head else ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for item, place in self.statements(path):
            kind = item.get("recordType") if isinstance(item, dict) else None
            details = item.get("recordDetails") if isinstance(item, dict) else None
            if kind not in ("entity", "person", "relationship") or not isinstance(details, dict):
                yield Reject(
                    place=place,
                    code="damaged-record",
                    reason="no statement of BODS 0.4: recordType is neither entity, person nor relationship",
                )
            elif kind != "entity":
                yield Skipped(reason=PERSON if kind == "person" else "statements of ownership")
            elif not details.get("name"):
                yield Skipped(reason="entities without a name")
            else:
                yield _bods_record(item, details, place)

    def statements(self, path: Path) -> Iterator[tuple[Any, Place]]:
        """Every statement with its place. Raises `ListError` when it is neither an array nor lines of JSON."""
        with path.open("rb") as stream:
            if stream.read(64).lstrip().startswith(b"["):
                yield from ((item, Place(pointer=f"/{number}")) for number, item in enumerate(json_items(self, path)))
                return
            stream.seek(0)
            for number, line in enumerate(stream, start=1):
                try:
                    yield msgspec.json.decode(line), Place(line=number)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise changed(self, path, f"line {number} is not JSON: {error}") from error


def _bods_record(item: dict[str, Any], details: dict[str, Any], place: Place) -> Listed:
    known = [identifier for identifier in details.get("identifiers") or [] if identifier.get("id")]
    jurisdiction = details.get("jurisdiction") or {}
    return Listed(
        key=str(item.get("recordId") or item.get("statementId")),
        name=str(details["name"]),
        place=place,
        kind="company",
        aliases=tuple(Alias(text=text) for text in details.get("alternateNames") or []),
        country=str(jurisdiction.get("code") or "") if isinstance(jurisdiction, dict) else "",
        identifiers=tuple(_bods_identifier(identifier) for identifier in known),
    )


def _bods_identifier(identifier: dict[str, Any]) -> ListedIdentifier:
    scheme = str(identifier.get("scheme") or identifier.get("schemeName") or "")
    if scheme.upper() == "XI-LEI":
        return ListedIdentifier(scheme="lei", value=str(identifier["id"]))
    country = re.match(r"([A-Z]{2})-", scheme)
    return ListedIdentifier(scheme="company-number", value=f"{country[1]} {identifier['id']}" if country else str(identifier["id"]))

"""OpenSanctions' two published forms, as a user may bring them: FollowTheMoney entities, a line each, and `targets.simple.csv`.

Their licence is CC BY-NC: the program reads what a user has the right to use, and ships none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from offlimits.lists.base import PERSON, VESSEL, Alias, Listed, ListedIdentifier, ListEvent, changed
from offlimits.lists.table import day, has_columns, parted, read_table
from offlimits.model import EvidenceClass, Place, Reject
from offlimits.readers.base import Skipped

COMPANIES = ("Company", "Organization", "LegalEntity", "PublicBody")
CRAFT = ("Vessel", "Airplane", "Vehicle")
OTHER = "entities that are no companies (addresses, links, sanctions, securities)"
SCHEMES = {
    "leiCode": "lei",
    "isinCode": "isin",
    "uscCode": "uscc",
    "wikidataId": "wikidata",
    "registrationNumber": "company-number",
    "ticker": "ticker",
}
SAYS_NOT = (
    "what each list behind it does not say",
    "why a name is there, unless its data set is looked up",
    "subsidiaries and brands of those it names",
)


class _Entity(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[str]] = {}
    datasets: list[str] = []
    caption: str = ""


class OpenSanctionsFtm:
    """`entities.ftm.json`: one entity a line."""

    name = "opensanctions-ftm"
    list = "opensanctions"
    title = "FollowTheMoney entities, JSON Lines"
    publisher = "OpenSanctions, or whoever made the file"
    cls: EvidenceClass = "community"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        first = head.split(b"\n", 1)[0]
        return (
            "lines of JSON with schema and properties"
            if first.startswith(b"{") and b'"schema"' in first and b'"properties"' in first
            else ""
        )

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        decoder = msgspec.json.Decoder(_Entity)
        read = 0
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    entity = decoder.decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    if not read:
                        raise changed(self, path, f"its first line is no FollowTheMoney entity: {error}") from error
                    yield Reject(place=Place(line=number), code="damaged-record", reason=f"not an entity: {error}")
                    continue
                read += 1
                yield _ftm_record(entity, Place(line=number))


def _ftm_record(entity: _Entity, place: Place) -> ListEvent:
    if entity.schema not in COMPANIES:
        return Skipped(reason=PERSON if entity.schema == "Person" else VESSEL if entity.schema in CRAFT else OTHER)
    properties = entity.properties
    names = properties.get("name") or [entity.caption]
    if not names[0]:
        return Reject(place=place, code="no-name", reason="an entity without a name")
    aliases = [Alias(text=text) for text in (*names[1:], *properties.get("alias", []))]
    aliases += [Alias(text=text, kind="weak") for text in properties.get("weakAlias", [])]
    aliases += [Alias(text=text, kind="former") for text in properties.get("previousName", [])]
    return Listed(
        key=entity.id,
        name=names[0],
        place=place,
        kind="company" if entity.schema == "Company" else "body" if entity.schema == "PublicBody" else "unknown",
        aliases=tuple(aliases),
        country=", ".join(properties.get("country") or properties.get("jurisdiction") or []),
        identifiers=tuple(
            ListedIdentifier(scheme=scheme, value=value) for name, scheme in SCHEMES.items() for value in properties.get(name, ())
        ),
        programmes=tuple(entity.datasets),
    )


class OpenSanctionsSimple:
    """`targets.simple.csv`: one target a row, what it has several of parted by semicolons."""

    name = "opensanctions-simple"
    list = "opensanctions"
    title = "targets.simple.csv"
    publisher = "OpenSanctions"
    cls: EvidenceClass = "community"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        return has_columns(head, ("id", "schema", "aliases", "identifiers", "dataset"))

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for row, place in read_table(self, path, ("id", "schema", "name", "aliases", "countries", "identifiers", "dataset")):
            schema = row["schema"]
            fault = row.fault(place, "name")
            if fault or schema not in COMPANIES:
                yield fault or Skipped(reason=PERSON if schema == "Person" else VESSEL if schema in CRAFT else OTHER)
                continue
            yield Listed(
                key=row["id"],
                name=row["name"],
                place=place,
                kind="company" if schema == "Company" else "unknown",
                aliases=tuple(Alias(text=text) for text in parted(row["aliases"])),
                country=row["countries"],
                identifiers=tuple(ListedIdentifier(scheme=_scheme(value), value=value) for value in parted(row["identifiers"])),
                programmes=tuple(parted(row["program_ids"]) or parted(row["dataset"])),
                since=day(row["first_seen"][:10]),
            )


def _scheme(value: str) -> str:
    """What an unlabelled identifier looks like; its check digit is for others to judge."""
    if re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value):
        return "lei"
    if re.fullmatch(r"[0-9]{2}[0-9A-Z]{16}", value):
        return "uscc"
    return "isin" if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{9}[0-9]", value) else "company-number"

"""The Consolidated Screening List of the US Commerce Department, as CSV (29 columns) and as JSON; one list out of a dozen.

Form: https://www.trade.gov/consolidated-screening-list. Its rows of the Entity List have no type and their affiliates inside the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from offlimits.lists.base import PERSON, VESSEL, Alias, Listed, ListEvent, changed, labelled
from offlimits.lists.ofac_csv import SCHEMES
from offlimits.lists.persons import UNCLEAR, is_company
from offlimits.lists.table import day, header_of, parted, read_table
from offlimits.model import Place, Reject
from offlimits.readers.base import Skipped

COLUMNS = ("source", "type", "programs", "name", "addresses", "start_date", "end_date", "alt_names", "ids")
AFFILIATE = re.compile(r"\.?\s*Affiliated Entit(?:y|ies):\s*", re.IGNORECASE)
SUCCESSORS = re.compile(r"[,;]?\s*and any (?:successor|sub-unit|subsidiar).*$", re.IGNORECASE)
LEFT_OUT = {"Individual": PERSON, "Vessel": VESSEL, "Aircraft": VESSEL, "type": "repeated headers"}
"""Types that are not taken; a second header is a row whose type is `type`."""

FOREVER = date(2900, 1, 1)
SAYS_NOT = (
    "the five companies of section 889, the FCC's Covered List, section 1260H and the UFLPA list, which it does not hold",
    "companies owned 50 percent or more by those it names",
)


class CslCsv:
    """The list as CSV."""

    name = "csl-csv"
    list = ""
    title = "Consolidated Screening List, CSV"
    publisher = "US Department of Commerce, International Trade Administration"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        return "its columns source, programs, alt_names, ids" if {"source", "programs", "alt_names", "ids"} <= set(header_of(head)) else ""

    def edition(self, path: Path) -> date | None:
        return None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for row, place in read_table(self, path, COLUMNS):
            kind = row["type"]
            if kind in LEFT_OUT:
                yield Skipped(reason=LEFT_OUT[kind])
                continue
            fault = row.fault(place, "name")
            yield fault or record(
                key=row["entity_number"] or row["_id"] or row["name"],
                kind=kind,
                source=row["source"],
                name=row["name"],
                aliases=parted(row["alt_names"]),
                programmes=parted(row["programs"]),
                identifiers=[part.split(", ")[:2] for part in parted(row["ids"])],
                country=row["addresses"].rpartition(", ")[2][:2] if row["addresses"] else "",
                since=day(row["start_date"]),
                until=day(row["end_date"]),
                place=place,
            )


class CslJson:
    """The list as one JSON document: `results`, each with arrays where the CSV joins by semicolons."""

    name = "csl-json"
    list = ""
    title = "Consolidated Screening List, JSON"
    publisher = "US Department of Commerce, International Trade Administration"
    does_not_say: tuple[str, ...] = SAYS_NOT

    def recognise(self, path: Path, head: bytes) -> str:
        return (
            "JSON with results that have a source_list_url"
            if re.match(rb"\s*\{", head) and b'"results"' in head and b'"source_list_url"' in head
            else ""
        )

    def edition(self, path: Path) -> date | None:
        found = re.search(rb'"search_performed_at"\s*:\s*"(\d{4}-\d\d-\d\d)', path.read_bytes()[:4096])
        return date.fromisoformat(found[1].decode()) if found else None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for number, item in enumerate(json_items(self, path, "results")):
            place = Place(pointer=f"/results/{number}")
            if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not item["name"].strip():
                yield Reject(place=place, code="no-name", reason="a record without a name")
                continue
            addresses = item.get("addresses") or []
            yield record(
                key=str(item.get("entity_number") or item.get("id") or item["name"]),
                kind=item.get("type") or "",
                source=item.get("source") or "",
                name=item["name"],
                aliases=item.get("alt_names") or [],
                programmes=item.get("programs") or [],
                identifiers=[[str(known.get("type") or ""), str(known.get("number") or "")] for known in item.get("ids") or []],
                country=item.get("country") or next((address.get("country") or "" for address in addresses), ""),
                since=day(item.get("start_date") or ""),
                until=day(item.get("end_date") or ""),
                place=place,
            )


def json_items(form: Any, path: Path, *keys: str) -> Any:
    """The array under some keys of a JSON document (of no key: the document itself). Raises `ListError` when it is not there."""
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise changed(form, path, f"it is not JSON: {error}") from error
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise changed(form, path, f"there is no array under {'/'.join(keys) or 'the top'}")
    return found


def record(
    key: str,
    kind: str,
    source: str,
    name: str,
    aliases: list[str],
    programmes: list[str],
    identifiers: list[list[str]],
    country: str,
    since: date | None,
    until: date | None,
    place: Place,
) -> ListEvent:
    """One row in either form. An affiliate named inside the name is the record; what it is affiliated to stays a word of the note."""
    if kind in LEFT_OUT:
        return Skipped(reason=LEFT_OUT[kind])
    parts = AFFILIATE.split(SUCCESSORS.sub("", name))
    if not kind and not is_company(parts[-1]):
        return Skipped(reason=UNCLEAR)
    return Listed(
        key=key,
        name=parts[-1].strip(),
        place=place,
        kind="company" if kind == "Entity" else "unknown",
        aliases=tuple(Alias(text=text.strip()) for text in aliases if text.strip()),
        country=country,
        identifiers=tuple(
            labelled(known[0], known[1], SCHEMES) for known in identifiers if len(known) == 2 and known[1] and " Date" not in known[0]
        ),
        programmes=tuple(dict.fromkeys((*programmes, source))),
        since=since or _listing_date(identifiers),
        until=until if until and until < FOREVER else None,
        note=f"affiliated to {parts[0].strip()}" if len(parts) > 1 else "",
    )


def _listing_date(identifiers: list[list[str]]) -> date | None:
    return next(
        (found for known in identifiers if known[0].startswith("Listing Date") and len(known) == 2 and (found := day(known[1]))), None
    )

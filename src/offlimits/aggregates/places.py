"""Where an address is and who runs it, from tables (MMDB) that the user brings; without one it is unknown. No table ships: they age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import maxminddb
import msgspec

from offlimits.errors import UsageError
from offlimits.report import CallDatabase

MAX_DAYS = 90
"""A table built more than so many days from the traffic says nothing of it: ranges of addresses change hands. One of 2019 put four
addresses
in the United Kingdom into China."""


class Placed(msgspec.Struct, frozen=True):
    """Country (ISO 3166-1) and operator (`AS64500 Example`) of an address; empty is unknown, `why` says why."""

    country: str = ""
    operator: str = ""
    why: str = "no table was given (--mmdb)"


class Places:
    """The user's tables, asked in their order."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._tables: list[tuple[Any, CallDatabase]] = []
        for path in paths:
            self._tables.append(_open(path))

    @property
    def databases(self) -> list[CallDatabase]:
        return [told for _, told in self._tables]

    def find(self, address: str, on: date) -> Placed:
        """What the tables say of an address on a day. A registered country is not a place, and is not used."""
        country = operator = ""
        whys: list[str] = []
        for table, told in self._tables:
            days = abs((on - told.built).days)
            if days > MAX_DAYS:
                whys.append(f"{Path(told.path).name} is of {told.built}, {days} days from the traffic")
                continue
            record = _record(table, address)
            country = country or _country(record)
            operator = operator or _operator(record)
        if not self._tables:
            return Placed()
        why = "" if country and operator else "; ".join(whys) or "the tables do not hold it"
        return Placed(country, operator, why)


def _open(path: Path) -> tuple[Any, CallDatabase]:
    try:
        table = maxminddb.open_database(path)
        meta = table.metadata()
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        raise UsageError(f"{str(path)!r} is no table of addresses (MMDB): {error}", "give the .mmdb file itself, unpacked") from error
    built = datetime.fromtimestamp(meta.build_epoch, UTC).date()
    return table, CallDatabase(path=path.name, type=meta.database_type, built=built)


def _record(table: Any, address: str) -> Mapping[str, Any]:
    try:
        record = table.get(address)
    except (ValueError, maxminddb.InvalidDatabaseError):
        return {}
    return record if isinstance(record, dict) else {}


def _country(record: Mapping[str, Any]) -> str:
    """In the writing of MaxMind and DB-IP (`country.iso_code`), or of IPinfo (`country_code`, or `country` of two letters)."""
    said = record.get("country")
    code = said.get("iso_code") if isinstance(said, dict) else record.get("country_code") or said
    return code.upper() if isinstance(code, str) and len(code) == 2 else ""


def _operator(record: Mapping[str, Any]) -> str:
    number = record.get("autonomous_system_number") or record.get("asn")
    name = record.get("autonomous_system_organization") or record.get("as_name") or ""
    if not number:
        return ""
    digits = str(number).upper().removeprefix("AS")
    return f"AS{digits} {name}".strip() if digits.isdigit() else ""

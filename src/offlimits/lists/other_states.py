"""Lists of other publishers that are no XML: Australia's workbook, the World Bank's JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import python_calamine

from offlimits.lists.base import PERSON, VESSEL, Alias, Listed, ListEvent, changed, expect_columns
from offlimits.lists.csl import json_items
from offlimits.lists.persons import UNCLEAR, is_company
from offlimits.lists.table import day
from offlimits.model import EvidenceClass, Place, Reject
from offlimits.readers.base import Skipped

DFAT = ("Reference", "Name of Individual or Entity", "Type", "Name Type", "Control Date")
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of a workbook's serial dates (ECMA-376 part 1, 18.17.4.1)."""


class DfatXlsx:
    """Australia's consolidated list: one row a name; rows of one reference, with a letter behind its number, are one record."""

    name = "dfat-xlsx"
    list = "au-dfat"
    title = "Consolidated List, XLSX"
    publisher = "Australian Department of Foreign Affairs and Trade"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = (
        "companies owned or controlled by those it names",
        "the day of the file: its latest control date is taken; a published address is known to have answered with a file of 2022",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        if not head.startswith(b"PK\x03\x04"):
            return ""
        try:
            header = next(iter(_sheet(path)), [])
        except (python_calamine.CalamineError, OSError):
            return ""
        return (
            "its columns Reference, Name of Individual or Entity"
            if {"Reference", "Name of Individual or Entity"} <= set(map(str, header))
            else ""
        )

    def edition(self, path: Path) -> date | None:
        rows = _sheet(path)
        header = [str(cell).strip() for cell in rows[0]] if rows else []
        at = header.index("Control Date") if "Control Date" in header else -1
        return max((on for row in rows[1:] if 0 <= at < len(row) and (on := _date(row[at]))), default=None)

    def read(self, path: Path) -> Iterator[ListEvent]:
        try:
            rows = _sheet(path)
        except python_calamine.CalamineError as error:
            raise changed(self, path, f"it is no workbook: {error}") from error
        header = [str(cell).strip() for cell in rows[0]] if rows else []
        expect_columns(self, path, header, DFAT)
        groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        for number, cells in enumerate(rows[1:], start=2):
            row = dict(zip(header, cells, strict=False))
            reference = re.match(r"\d+", str(row["Reference"]).split(".")[0])
            if not reference or not str(row["Name of Individual or Entity"]).strip():
                yield Reject(place=Place(row=number), code="no-name", reason="a row without a reference or a name")
            else:
                groups.setdefault(reference[0], []).append((number, row))
        for reference_number, group in groups.items():
            yield from _dfat_record(reference_number, group)


def _sheet(path: Path) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def _dfat_record(reference: str, group: list[tuple[int, dict[str, Any]]]) -> Iterator[ListEvent]:
    number, first = next(((n, row) for n, row in group if "primary" in str(row["Name Type"]).lower()), group[0])
    kind = str(first["Type"]).strip().lower()
    if kind != "entity":
        yield Skipped(reason=PERSON if kind == "individual" else VESSEL, count=len(group))
        return
    others = [(str(row["Name of Individual or Entity"]).strip(), str(row["Name Type"]).lower()) for _, row in group if row is not first]
    yield Listed(
        key=reference,
        name=str(first["Name of Individual or Entity"]).strip(),
        place=Place(row=number),
        kind="unknown",
        aliases=tuple(
            Alias(text=text, kind="former" if "former" in said else "local" if "script" in said else "alias") for text, said in others
        ),
        programmes=tuple(filter(None, [str(first.get("Committees") or "").strip()])),
        since=_date(first.get("Control Date")),
    )
    if others:
        yield Skipped(reason="rows of further names", count=len(others))


def _date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and 20_000 < cell < 80_000:
        return EXCEL_EPOCH + timedelta(int(cell))
    return day(str(cell or ""), "%d/%m/%Y", "%Y-%m-%d")


class WorldBankJson:
    """The World Bank's list of ineligible firms and individuals, as its page fetches it."""

    name = "world-bank-json"
    list = "world-bank"
    title = "Listing of ineligible firms and individuals, JSON"
    publisher = "World Bank"
    cls: EvidenceClass = "primary"
    does_not_say: tuple[str, ...] = ("companies owned by those it names", "other names, but for those inside the name")

    def recognise(self, path: Path, head: bytes) -> str:
        return "JSON with ZPROCSUPP" if re.match(rb"\s*\{", head) and b'"ZPROCSUPP"' in head else ""

    def edition(self, path: Path) -> date | None:
        found = re.search(rb'"LAST_REFRESH_DATE"\s*:\s*"([^"]{10})', path.read_bytes()[: 1 << 16])
        return day(found[1].decode(errors="replace")) if found else None

    def read(self, path: Path) -> Iterator[ListEvent]:
        for number, row in enumerate(json_items(self, path, "response", "ZPROCSUPP")):
            place = Place(pointer=f"/response/ZPROCSUPP/{number}")
            name = str(row.get("SUPP_NAME") or "").strip() if isinstance(row, dict) else ""
            if not name:
                yield Reject(place=place, code="no-name", reason="a record without a name")
            elif row.get("SUPP_TYPE_CODE") == "I" or not is_company(name):
                yield Skipped(reason=PERSON if row.get("SUPP_TYPE_CODE") == "I" else UNCLEAR)
            else:
                until = day(str(row.get("DEBAR_TO_DATE") or ""))
                yield Listed(
                    key=str(row.get("SUPP_ID") or name),
                    name=name,
                    place=place,
                    country=str(row.get("COUNTRY_NAME") or row.get("LAND1") or ""),
                    programmes=tuple(filter(None, [str(row.get("DEBAR_REASON") or "")])),
                    since=day(str(row.get("DEBAR_FROM_DATE") or "")),
                    until=until if until and until.year < 2900 else None,
                )

"""Form 13F-HR information tables: what a manager holds of securities listed in the USA. Source: SEC, Form 13F XML specification."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from offlimits.model import ColumnKind
from offlimits.readers.base import Event, Heading, Options, Table
from offlimits.readers.xmltable import columns_of, local, read_table, root_name

KINDS: dict[str, ColumnKind] = {
    "nameOfIssuer": "name", "titleOfClass": "asset-class", "cusip": "cusip", "figi": "figi", "value": "amount", "sshPrnamt": "quantity",
    "putCall": "option",
}  # fmt: skip
FIELDS = {name: index for index, name in enumerate(KINDS)}
TABLE = Table(columns=columns_of(KINDS), channel="own", unit="xpath", within="/informationTable/infoTable")


class ThirteenF:
    """Reads 13F information tables in XML."""

    name = "13f"
    cannot_show: tuple[str, ...] = (
        "shares that are not listed in the USA: a share of Shenzhen, Shanghai or Hong Kong never stands in a 13F",
        "bonds, private equity, and funds that are not listed",
        "short positions; a put or a call is listed by the shares it stands on",
        "whether values are dollars or thousands: the table has no date; filings before 3 January 2023 are in thousands",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return "an information table of Form 13F" if root_name(head) == "informationTable" else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        none = "the information table is empty (no infoTable)"
        yield from read_table(path, "infoTable", TABLE, _row, lambda _: Heading(facts={"form": "13F", "currency": "USD"}), none)


def _row(element: etree._Element) -> list[str]:
    row = [""] * len(KINDS)
    for child in element.iter():
        index = FIELDS.get(local(child.tag))
        if index is not None:
            row[index] = (child.text or "").strip()
    return row

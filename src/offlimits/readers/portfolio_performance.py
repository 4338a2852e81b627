"""Files of Portfolio Performance, as XML: what is held now, from all buys, sales and deliveries, at each security's last price.

Source: the program's own file format (`name.abuchen.portfolio.model`), version 56 and later: shares and prices are whole numbers of 10⁻⁸.
An object stands where it is first spoken of, and later as a `reference` to that place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from lxml import etree

from offlimits.errors import DamagedSource
from offlimits.model import ColumnKind
from offlimits.readers.base import Event, Heading, Note, Options, Progress, Rows, Table
from offlimits.readers.xmltable import WHOLE, columns_of, elements, local, root_name, text_at

KINDS: dict[str, ColumnKind] = {
    "name": "name", "isin": "isin", "tickerSymbol": "ticker", "currencyCode": "currency", "shares": "quantity", "value": "amount",
}  # fmt: skip
TABLE = Table(columns=columns_of(KINDS), channel="own", unit="xpath", within="/client/securities/security")
IN, OUT = ("BUY", "DELIVERY_INBOUND"), ("SELL", "DELIVERY_OUTBOUND")
"""Kinds of transactions that change what is held; a transfer between two portfolios of the file changes nothing."""

SCALE = Decimal(10) ** 8
SINCE_VERSION = 56


class PortfolioPerformance:
    """Reads Portfolio Performance's XML."""

    name = "portfolio-performance"
    cannot_show: tuple[str, ...] = (
        "what funds among the holdings hold, unless a list of theirs is given with --funds",
        "holdings that were never booked into the file",
        "today's worth: each value is at the last price in the file",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        is_one = root_name(head) == "client" and b"<securities>" in head and b"<baseCurrency>" in head
        return "a file of Portfolio Performance" if is_one else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        client = next((_detached(element) for element in elements(path, "client")), None)
        if client is None:
            raise DamagedSource("the file holds no client", WHOLE)
        version = int(text_at(client, "version") or 0)
        securities = [child for part in client if local(part.tag) == "securities" for child in part if local(child.tag) == "security"]
        shares = _shares(client, len(securities))
        held = [number for number, count in enumerate(shares) if count]
        days = [day for number in held if (day := _last(securities[number])[0])]
        yield Heading(facts={"form": "Portfolio Performance"} | ({"as-of": max(days)} if days else {}))
        yield TABLE
        if version < SINCE_VERSION:
            yield Note(
                text=f"version {version} of the file counts shares and prices otherwise: no value is read; save it anew with the program"
            )
        if held:
            rows = [_row(securities[number], shares[number], version >= SINCE_VERSION) for number in held]
            yield Rows(table=TABLE, rows=rows, places=[number + 1 for number in held])
        yield Note(text=f"{len(securities) - len(held):,} securities in the file are watched or sold, not held")
        yield Progress(size_bytes=path.stat().st_size)


def _detached(element: etree._Element) -> etree._Element:
    """The whole tree, kept although the parsing goes on."""
    import copy

    return copy.deepcopy(element)


def _shares(client: etree._Element, count: int) -> list[int]:
    """Shares of each security, in the file's whole numbers."""
    held = [0] * count
    for booked in client.iter("portfolio-transaction", "portfolioTransaction"):
        number = _security(booked) if booked.get("reference") is None else None
        if number is not None and number < count:
            kind, shares = text_at(booked, "type"), int(text_at(booked, "shares") or 0)
            held[number] += shares if kind in IN else -shares if kind in OUT else 0
    return held


def _security(booked: etree._Element) -> int | None:
    """Which security is meant: the place its reference ends in."""
    referred = next((child.get("reference") or "" for child in booked if local(child.tag) == "security"), "")
    found = re.search(r"securities/security(?:\[(\d+)\])?$", referred)
    return int(found[1] or 1) - 1 if found else None


def _last(security: etree._Element) -> tuple[str, int]:
    """The last price in the file, and its day."""
    latest = next((child for child in security if local(child.tag) == "latest"), None)
    prices = [latest] if latest is not None else []
    prices += [price for part in security if local(part.tag) == "prices" for price in part]
    return max(((price.get("t") or "", int(price.get("v") or 0)) for price in prices), default=("", 0))


def _row(security: etree._Element, shares: int, valued: bool) -> list[str]:
    price = _last(security)[1]
    value = f"{Decimal(shares) * Decimal(price) / SCALE / SCALE:.2f}" if valued and price else ""
    count = f"{Decimal(shares) / SCALE:f}" if valued else ""
    return [
        text_at(security, "name"),
        text_at(security, "isin"),
        text_at(security, "tickerSymbol"),
        text_at(security, "currencyCode"),
        count,
        value,
    ]

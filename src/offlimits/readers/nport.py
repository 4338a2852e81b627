"""Form N-PORT: what a US fund held on one day (edgarSubmission/formData/invstOrSecs/invstOrSec). Source: SEC, Form N-PORT XML technical
specification; items C.1 to C.12."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from offlimits.model import ColumnKind
from offlimits.readers.base import Event, Heading, Options, Table
from offlimits.readers.xmltable import columns_of, local, read_table, root_name, text_at

KINDS: dict[str, ColumnKind] = {
    "name": "name", "title": "text", "lei": "lei", "cusip": "cusip", "isin": "isin", "ticker": "ticker", "sedol": "sedol",
    "balance": "quantity", "valUSD": "amount", "pctVal (%)": "weight", "payoffProfile": "side", "assetCat": "asset-class",
    "notionalAmt": "notional", "delta": "delta", "putOrCall": "option", "reference": "reference",
}  # fmt: skip
PLAIN = {"name": 0, "title": 1, "lei": 2, "cusip": 3, "balance": 7, "valUSD": 8, "pctVal": 9, "payoffProfile": 10, "assetCat": 11}
DERIVATIVES = {"FUT": "future", "FWD": "forward", "SWP": "swap", "OPT": "option", "SWO": "option", "WAR": "option", "OTH": "swap"}
"""Item C.11.a: categories of derivatives; `other` ones are shown as swaps."""

FUNDS = {"RF": "mutual fund", "PF": "private fund"}
"""Item C.4.b: issuers that are funds, registered and private."""

TABLE = Table(columns=columns_of(KINDS), channel="own", unit="xpath", within="/edgarSubmission/formData/invstOrSecs/invstOrSec")
WIDTH = len(KINDS)
UNREAD, IDENTIFIERS, ISSUER, DERIVATIVE, ASSET_ELSE = -1, -2, -3, -4, -5
BY_NAME = PLAIN | {"identifiers": IDENTIFIERS, "issuerCat": ISSUER, "derivativeInfo": DERIVATIVE, "assetConditional": ASSET_ELSE}
OF_DERIVATIVES = tuple(
    f"{{*}}{name}"
    for name in (
        "notionalAmt", "delta", "putOrCall", "payOffProf", "issuerName", "issueTitle", "indexName", "othIndName", "indexIdentifier",
        "isin", "cusip",
    )
)  # fmt: skip
"""What is looked for inside a derivative."""


class NPort:
    """Reads N-PORT filings."""

    name = "nport"
    cannot_show: tuple[str, ...] = (
        "what funds inside this fund hold, unless a list of theirs is given",
        "what was bought and sold between two report dates",
        "which companies a swap or an index stands on, where the filing does not list them",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        if root_name(head) != "edgarSubmission":
            return ""
        return "a fund's filing on Form N-PORT" if b"/nport" in head[:4096] or b"NPORT" in head[:65536] else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        none = "the filing lists no investment at all (no invstOrSec)"
        yield from read_table(path, "invstOrSec", TABLE, row_of, _heading, none)


class _Places(dict[str, int]):
    """By an element's name as the parser says it, with its namespace: the column its text goes to, or one of the marks below."""

    def __missing__(self, tag: str) -> int:
        self[tag] = place = BY_NAME.get(local(tag), UNREAD)
        return place


PLACES = _Places()


def row_of(element: etree._Element) -> list[str]:
    """One investment as a row of `KINDS`. It runs for every position of every fund, so each child is looked at once."""
    row = [""] * WIDTH
    issuer, places = "", PLACES
    for child in element:
        place = places[child.tag]
        if place >= 0:
            row[place] = child.text or ""
        elif place == UNREAD:
            continue
        elif place == IDENTIFIERS:
            _identify(child, row)
        elif place == ISSUER:
            issuer = child.text or ""
        elif place == DERIVATIVE:
            _derive(child, row)
        elif place == ASSET_ELSE:
            row[11] = row[11] or child.get("assetCat") or child.get("desc") or ""
    if issuer in FUNDS and row[11] in ("EC", "EP", "STIV", ""):
        row[11] = FUNDS[issuer]
    return row


def _identify(element: etree._Element, row: list[str]) -> None:
    for child in element:
        tag = local(child.tag)
        if tag == "isin":
            row[4] = child.get("value") or ""
        elif tag == "ticker":
            row[5] = child.get("value") or ""
        elif "sedol" in (child.get("otherDesc") or "").lower():
            row[6] = child.get("value") or ""


def _derive(element: etree._Element, row: list[str]) -> None:
    """The derivative's kind, notional, delta and what it stands on; of a nested one the outer says what it is."""
    row[11] = next((DERIVATIVES.get(inner.get("derivCat") or "", "swap") for inner in element), row[11])
    named: list[str] = []
    for inner in element.iter(*OF_DERIVATIVES):
        tag, text = local(inner.tag), (inner.text or "").strip()
        if tag == "notionalAmt":
            row[12] = row[12] or text
        elif tag == "delta":
            row[13] = text
        elif tag == "putOrCall":
            row[14] = row[14] or text
        elif tag == "payOffProf":
            row[10] = text
        else:
            named.append(text or inner.get("value") or "")
    row[15] = "; ".join(dict.fromkeys(filter(None, named)))


def _heading(element: etree._Element) -> Heading:
    root = element.getroottree().getroot()
    general = next((child for part in root for child in part if local(child.tag) == "genInfo"), root)
    classes = [child.text or "" for child in root.iter("{*}classId") if child.text]
    facts = {
        "form": "N-PORT",
        "fund": text_at(general, "seriesName") or text_at(general, "regName"),
        "registrant": text_at(general, "regName"),
        "series": text_at(general, "seriesId"),
        "classes": " ".join(classes),
        "lei": text_at(general, "seriesLei"),
        "as-of": text_at(general, "repPdDate"),
        "net-assets": text_at(root, "formData", "fundInfo", "netAssets"),
        "currency": "USD",
    }
    return Heading(facts={key: value for key, value in facts.items() if value and value not in ("N/A", "XXXX")})

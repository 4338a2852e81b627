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
REFERENCE = -6
BY_DERIVED = {"notionalAmt": 12, "delta": 13, "putOrCall": 14, "payOffProf": 10, "descRefInstrmnt": REFERENCE}
OF_REFERENCES = tuple(
    f"{{*}}{name}"
    for name in ("notionalAmt", "delta", "issuerName", "issueTitle", "indexName", "othIndName", "indexIdentifier", "isin", "cusip")
)
"""What is looked for inside what a derivative stands on."""


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


MOST_NAMES = 1000
"""So many names are remembered; a file of made-up ones shall not fill the memory."""


class _Places(dict[str, int]):
    """By an element's name as the parser says it, with its namespace: the column its text goes to, or one of the marks above."""

    def __init__(self, by_name: dict[str, int]) -> None:
        super().__init__()
        self.by_name = by_name

    def __missing__(self, tag: str) -> int:
        place = self.by_name.get(local(tag), UNREAD)
        if len(self) < MOST_NAMES:
            self[tag] = place
        return place


PLACES, IDENTIFIED, DERIVED = _Places(BY_NAME), _Places({"isin": 4, "ticker": 5}), _Places(BY_DERIVED)


def row_of(element: etree._Element) -> list[str]:
    """One investment as a row of `KINDS`. It runs for every position of every fund, so each child is looked at once."""
    row = [""] * WIDTH
    issuer, places = "", PLACES
    for child in element:
        place = places[child.tag]
        if place == UNREAD:
            continue
        if place >= 0:
            row[place] = child.text or ""
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
        place = IDENTIFIED[child.tag]
        if place >= 0:
            row[place] = child.get("value") or ""
        elif "sedol" in (child.get("otherDesc") or "").lower():
            row[6] = child.get("value") or ""


def _derive(element: etree._Element, row: list[str]) -> None:
    """The derivative's kind, notional, delta and what it stands on; of a nested one the outer says what it is."""
    for derivative in element:
        row[11] = DERIVATIVES.get(derivative.get("derivCat") or "", "swap")
        for child in derivative:
            place = DERIVED[child.tag]
            if place >= 0:
                row[place] = child.text or ""
            elif place == REFERENCE:
                _refer(child, row)


def _refer(element: etree._Element, row: list[str]) -> None:
    """What a derivative stands on: names and identifiers, and what only an inner derivative says."""
    named: list[str] = []
    for inner in element.iter(*OF_REFERENCES):
        tag, text = local(inner.tag), (inner.text or "").strip()
        if tag == "notionalAmt":
            row[12] = row[12] or text
        elif tag == "delta":
            row[13] = row[13] or text
        else:
            named.append(text or inner.get("value") or "")
    row[15] = "; ".join(dict.fromkeys(filter(None, [row[15], *named])))


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

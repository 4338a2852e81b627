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


def row_of(element: etree._Element) -> list[str]:
    """One investment as a row of `KINDS`."""
    row = [""] * WIDTH
    issuer = ""
    for child in element:
        tag = local(child.tag)
        index = PLAIN.get(tag)
        if index is not None:
            row[index] = child.text or ""
        elif tag == "identifiers":
            _identify(child, row)
        elif tag == "issuerCat":
            issuer = child.text or ""
        elif tag == "derivativeInfo":
            _derive(child, row)
        elif tag in ("assetConditional", "issuerConditional"):
            key = "assetCat" if tag.startswith("asset") else "issuerCat"
            row[11] = row[11] or (child.get(key) or child.get("desc") or "")
    if issuer in FUNDS and row[11] in ("EC", "EP", "STIV", ""):
        row[11] = FUNDS[issuer]
    return row


def _identify(element: etree._Element, row: list[str]) -> None:
    for child in element:
        tag, value = local(child.tag), child.get("value") or ""
        if tag == "isin":
            row[4] = value
        elif tag == "ticker":
            row[5] = value
        elif tag == "other" and "sedol" in (child.get("otherDesc") or "").lower():
            row[6] = value


def _derive(element: etree._Element, row: list[str]) -> None:
    """The derivative's kind, notional, delta and what it stands on; of a nested one the outer says what it is."""
    named: list[str] = []
    for inner in element.iter():
        tag = local(inner.tag)
        if tag.endswith("Deriv") and inner.get("derivCat"):
            row[11] = DERIVATIVES.get(inner.get("derivCat") or "", "swap") if inner.getparent() is element else row[11]
        elif tag == "notionalAmt" and not row[12]:
            row[12] = inner.text or ""
        elif tag == "delta":
            row[13] = inner.text or ""
        elif tag == "putOrCall":
            row[14] = inner.text or ""
        elif tag in ("issuerName", "issueTitle", "indexName", "othIndName", "indexIdentifier") and inner.text:
            named.append(inner.text.strip())
        elif tag in ("isin", "cusip") and inner.get("value"):
            named.append(inner.get("value") or "")
        elif tag == "payOffProf" and inner.text:
            row[10] = "" if inner.text != "Short" else "N/A"
    row[15] = "; ".join(dict.fromkeys(named))


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

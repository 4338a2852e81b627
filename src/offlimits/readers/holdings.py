"""The columns of holdings sheets, as the providers of funds name them: what is owned, how much, of which kind, in which market."""

from __future__ import annotations

import re
from collections.abc import Sequence

from offlimits.model import ColumnKind
from offlimits.text import fold

HOLDING_HEADERS: tuple[tuple[ColumnKind, str], ...] = (
    ("isin", r"14 identification code of the (financial )?instrument"),
    ("asset-class", r"12 cic code( of the instrument)?"),
    ("name", r"17 instrument name"),
    ("amount", r"24 market valuation in portfolio currency.*"),
    ("currency", r"4 portfolio currency.*"),
    ("weight", r"26 valuation weight"),
    ("date", r"6 valuation date"),
    ("body", r"3 portfolio name"),
    ("lei", r"47 issuer identification code"),
    ("text", r"(46 issuer|50 issuer group|84 .*fund issuer group) name.*"),
    ("notional", r"19 nominal amount"),
    ("ignored", r"\d{1,3}[a-z]? .*"),
    ("isin", r"isin([ -]?code)?( \(.*\))?|isin[- ]?nummer|codice isin|code isin|security isin"),
    ("sedol", r"sedol([ -]?code)?"),
    ("cusip", r"cusip([ -]?(no|number|code))?"),
    ("ignored", r"(local|market|trading|listing|issue|quote) (currency|ccy)( code)?|(handels|markt|lokal)w[äa]hrung"),
    ("figi", r"(share class |composite )?figi"),
    ("lei", r"(issuer )?lei( code)?"),
    ("fund", r"fund ?name|(etf|portfolio|share ?class) name|name des fonds|nom du fonds"),
    ("series", r"series ?id|fund ?(ticker|isin|id)"),
    (
        "ticker",
        r"((issuer|holding|security|constituent|stock) )?ticker( symbol| code)?|symbol|bloomberg (ticker|code)|ric|identifier|security identifier|holdingsticker|b[öo]rsenk[üu]rzel|emittententicker|ticker des emittenten|ticker de l'[ée]metteur",
    ),
    (
        "asset-class",
        r"(sub ?)?asset ?(class|type|category|cat)|instrument type|security type|type of (asset|security|class)|investment ?type|anlageklasse|assetklasse|classe d'actifs?|clase de activo|cic( code)?|title ?of ?class|class of shares",
    ),
    (
        "weight",
        r"(index |fund |portfolio |etf |% ?)?weight(ing)?( ?\(?%\)?| in (%|index|fund|portfolio))?|% (of )?(the )?(fund|net assets|portfolio|market value|nav|total( assets)?|assets)|(percent|percentage) of (fund|net assets|portfolio|assets)|gewicht(ung)?( ?\(%\)| in %)?|pond[ée]ration( ?\(%\))?|poids( ?\(%\))?|peso( ?\(%\))?|pctval|holding %|percentage",
    ),
    ("notional", r"notional( ?value| ?amount)?|nominalwert|valeur notionnelle|exposure"),
    ("voting", r"voting( ?\(?%\)?)?|voting (share|rights?|power)( ?\(?%\)?)?"),
    ("ownership", r"ownership( ?\(?%\)?)?|% (of )?(shares outstanding|company|ownership)|ownership share"),
    ("option", r"put ?(/|or|-)? ?call|putcall"),
    ("side", r"long ?/? ?short|position|payoff ?profile|side"),
    ("exchange", r"(stock )?exchange|b[öo]rse|place boursi[èe]re|bolsa|mic|market exchange|borsa"),
    ("body", r"accession ?(number|no)|entity|filing manager|manager|filer|investor|account( name)?|owner"),
    (
        "date",
        r"((as ?of|report|period|valuation|effective|holdings?|position|statement) ?(date|of report|end)|as ?of|period)|date|year|stichtag|datum|en date du|fecha",
    ),
    (
        "quantity",
        r"shares( ?held| amnt| amount| prn amt| or par)?|shares/par( value)?|quantity( held)?|par value|nominal|units|balance|st[üu]ck(e|zahl)?|anteile|nombre|cantidad|sshprnamt",
    ),
    (
        "amount",
        r"(base |total |fair )?market ?value( ?\(?([a-z]{3}|[$€£]|base( currency)?|fund currency)\)?)?|(market|fair|base|current|holding|position) ?value( ?\(?([a-z]{3}|[$€£])\)?)?|value ?(\(?([a-z]{3}|[$€£])\)?|x ?\$?1000)?|marketvalue|valusd|kurswert|marktwert( ?\(.*\))?|valeur de march[ée]|valor de mercado|valore di mercato|total[_ ]investment|amount( invested)?|invested|balance ?(\(?([a-z]{3}|[$€£])\)?)?|committed|nav",
    ),
    (
        "name",
        r"(security|holding|issuer|company|instrument|constituent|stock|asset|investment|fund|etf)( ?(name|description))?|name( of (issuer|security|fund|company|the issuer))?|nameofissuer|description|holdings?|emittent|name des emittenten|unternehmen|soci[ée]t[ée]|nom( de l'[ée]metteur)?|nombre del emisor|emisor|bezeichnung|wertpapier(name)?|titel|titre|nome|issuer_?name",
    ),
    ("currency", r"(base |local )?currency( code)?|ccy|w[äa]hrung|devise|valuta|moneda"),
    (
        "ignored",
        r"price|kurs|prix|precio|cours|fx ?rate|market (currency|cap.*)|(sector|industry|location|region|country|gics|branche|sektor|secteur|land|pays|standort).*|accrual date|maturity( date)?|coupon.*|duration|yield.*|incorporation country|investment discretion|other manager|.*voting authority.*|sh or prn|modified duration|ytm|real yield.*|.* yield|par price",
    ),
)
CANNOT_SHOW = (
    "what funds, mandates and private holdings among the lines hold, unless a list of theirs is given with --funds",
    "what was bought and sold between two days of such lists",
    "companies behind indexes, swaps and structured notes that the file does not name",
    "what was written in columns that this file does not have",
)
"""What no sheet of holdings tells."""

HOLDING_REGEXES = tuple((kind, re.compile(pattern)) for kind, pattern in HOLDING_HEADERS)

TELLING = re.compile(
    r"12 cic code.*|14 identification code.*|17 instrument name|24 market valuation.*|isin.*|sedol.*|cusip.*|figi|index weight.*|weight(ing)? ?\(%\)|weight|% of (fund|net assets|portfolio|market value|nav)|market ?value.*|ownership.*|voting( %)?|asset ?class|gewichtung.*|pond[ée]ration.*|investment ?type|notional value|name ?of ?issuer|put or call|putcall|issuer ticker|holding ticker|anlageklasse|marktwert.*|fund( name)?|etf"
)
"""Headers that a register of goods does not have; two of them, or one beside a name, make a table of holdings."""


def plain(header: str) -> str:
    """A header as the patterns are written."""
    return re.sub(r"[\s_*:]+", " ", fold(header)).strip(" .:*")


def holding_kind(header: str) -> ColumnKind | None:
    """What a header of a holdings sheet says its column holds; None when it says nothing known."""
    text = plain(header)
    if not text or len(text) > 60:
        return None
    return next((kind for kind, regex in HOLDING_REGEXES if regex.fullmatch(text)), None)


def is_holdings(header: Sequence[str]) -> bool:
    """Whether the header is one of a holdings sheet."""
    texts = [plain(cell) for cell in header]
    telling = sum(1 for text in texts if TELLING.fullmatch(text))
    kinds = {holding_kind(cell) for cell in header}
    named = "name" in kinds or "fund" in kinds
    measured = bool(kinds & {"weight", "amount", "quantity"})
    return measured and (telling >= 2 or (telling == 1 and named and len(texts) >= 2))


def holding_kinds(header: Sequence[str], kinds: Sequence[ColumnKind]) -> list[ColumnKind]:
    """The kinds of the columns of a holdings sheet. What a column's cells are without doubt stays; one column only is the name."""
    found = [kind if kind in ("mac", "lei") else holding_kind(cell) or _fallback(kind) for cell, kind in zip(header, kinds, strict=False)]
    if "name" not in found and "fund" in found:
        found[found.index("fund")] = "name"
    if "ticker" in found and "name" not in found:
        found[found.index("ticker")] = "name"
    first = found.index("name") if "name" in found else -1
    return ["text" if kind == "name" and index != first else kind for index, kind in enumerate(found)] + list(kinds[len(found) :])


def _fallback(kind: ColumnKind) -> ColumnKind:
    """What a column unknown to holdings sheets may still be."""
    return "ignored" if kind in ("amount", "quantity", "product-code", "category", "cost-centre", "maker", "host", "body") else kind


NUMBER = re.compile(r"[-(]?\s*(?:[$£€]|[A-Z]{3} ?)?\s*[\d.,' \u00a0\u202f]*\d[\d.,' \u00a0\u202f]*\s*(?:[$£€]|[A-Z]{3})?\)?")


def plain_list(sample: Sequence[Sequence[str]], kinds: Sequence[ColumnKind]) -> list[ColumnKind]:
    """The kinds of the columns of a list without a header: identifiers as they look, the first words are the name, the last numbers the
    amount."""
    found: list[ColumnKind] = [kind if kind in ("isin", "lei", "date") else "ignored" for kind in kinds]
    cells = [[row[index].strip() for row in sample if index < len(row) and row[index].strip()] for index in range(len(kinds))]
    for index in range(len(kinds) - 1, -1, -1):
        if found[index] == "ignored" and cells[index] and all(NUMBER.fullmatch(cell) for cell in cells[index]):
            found[index] = "amount"
            break
    words = (
        index for index, kind in enumerate(found) if kind == "ignored" and any(char.isalpha() for cell in cells[index] for char in cell)
    )
    if (first := next(words, None)) is not None:
        found[first] = "name"
    return found


LISTS_FUNDS = re.compile(r"(?:pension |index |my )?(?:funds?|etfs?|schemes?)(?: name| held)?|name of fund|fonds|fondo")


def lists_funds(header: str) -> bool:
    """Whether every line under a header is a fund: `Fund`, `ETF`, `Fund name`."""
    return bool(LISTS_FUNDS.fullmatch(plain(header)))

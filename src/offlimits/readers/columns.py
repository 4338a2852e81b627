"""What a column is: said by the user, else by its header, else by what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from offlimits.errors import UsageError
from offlimits.model import Column, ColumnKind
from offlimits.readers.base import CHANNEL_OF, Options, Table
from offlimits.readers.holdings import CANNOT_SHOW, holding_kind, holding_kinds, is_holdings, plain_list
from offlimits.text import fold, is_whole

HEADER_ROWS = 40
"""A header is looked for in so many first rows; what stands above it is a title."""

MAX_STOREYS = 3
"""A header has at most so many full rows above its last."""

ROLES: dict[str, ColumnKind] = {
    "maker": "maker",
    "manufacturer": "maker",
    "brand": "maker",
    "supplier": "name",
    "vendor": "name",
    "name": "name",
    "model": "product-code",
    "code": "product-code",
    "serial": "serial",
    "record": "record",
    "place": "place",
    "text": "text",
    "description": "text",
    "category": "category",
    "cost-centre": "cost-centre",
    "mac": "mac",
    "host": "host",
    "isin": "isin",
    "lei": "lei",
    "company-number": "company-number",
    "ticker": "ticker",
    "sedol": "sedol",
    "cusip": "cusip",
    "figi": "figi",
    "exchange": "exchange",
    "asset-class": "asset-class",
    "weight": "weight",
    "fund": "fund",
    "body": "body",
    "amount": "amount",
    "currency": "currency",
    "quantity": "quantity",
    "date": "date",
    "person": "person",
    "ignore": "ignored",
    "ignored": "ignored",
}
"""Words for `--columns`, and the kind each stands for."""

HEADERS: tuple[tuple[ColumnKind, str], ...] = (
    (
        "person",
        r"e-?mail|phone( no.*)?|telephone|mobile( no.*)?|contact.*|employee.*|staff( name)?|assigned (to|user)|user( name)?|username|owner name|surname|(first|last|full) name|custodian|responsible person|officer( name)?|requested by|approved by|utilisateur|benutzer|ansprechpartner|referente|contacto|responsible( (person|officer|manager|user))?|.*\bofficer( name)?",
    ),
    (
        "category",
        r"(expense|expenditure|spend(ing)?|gl|ledger|subjective|nominal|account|proclass|procurement|purpose|merchant|category|cpv|unspsc|thomson|cipfa|sub ?category|subcat|cat)\b.*\b(category|categorisation|class.*|type|group|code( description)?|description|level ?\d|name|label|subjective|detail.*)( \w+)?|(commodity|goods|product|asset|equipment|device) (category|class(ification)?|type|group)|expense|expenditure( type| category)?|proclass.*|cpv.*|category|sub ?category|commodity|type|class|kategorie|warengruppe|cat[ée]gorie|categor[ií]a|typ",
    ),
    (
        "cost-centre",
        r"(business|org(anisation(al)?)?|service|cost|budget|division(al)?|directorate|department|dept|portfolio|expense|section|team)\b.*\b(unit( \w+)*|area|cent(re|er)( \w+)*|description|code|division|name|label|head|group)|service( area| label| division)?|directorate|department|dept|division|portfolio|section|cost ?cent(re|er)|kostenstelle|centre de co[ûu]ts?|cdc|centro di costo|centro de coste|dipartimento|abteilung|service gestionnaire",
    ),
    (
        "body",
        r"body( name)?|(public )?(authority|organisation|organization|entity|buyer|council|trust|institution)( name)?|contracting authority|buying organisation|purchaser|beh[öo]rde|amministrazione|stazione appaltante|school( name)?|customer( name)?|client",
    ),
    (
        "maker",
        r"manufacturer.*|make ?(/|&|and|\+) ?model|brand ?(/|&|and|\+) ?model|mfr\.?|mfg|maker|make|oem|brand( name)?|vendor name \(oui\)|marke|hersteller.*|fabricant|constructeur|marque|produttore|marca|fabricante|fabrikant|merk|producent|m[äa]rke|tillverkare|v[ýy]robce|производитель|марка|бренд|品牌|厂商|制造商|厂家|メーカー|제조사|الشركة المصنعة",
    ),
    (
        "name",
        r"(supplier|vendor|payee|beneficiary|contractor|merchant|creditor|provider|seller|company|firm|recipient|party|counterparty|trader|installer|dealer|issuer|distributor)( ?\(?beneficiary\)?)?( ?(legal )?name| trading name)?( \(t\))?|(trading|legal|registered|business|partner) name|partner|sub-?contractor( name)?|name of (supplier|vendor|payee|company)|supplied by|purchased from|bought from|paid to|awarded to|lieferant(enname)?|firma|kreditor|auftragnehmer|fournisseur|titulaire|soci[ée]t[ée]|fornitore|aggiudicatario|ditta|ragione sociale|proveedor|adjudicatario|empresa|leverancier|dostawca|wykonawca|leverant[öo]r|dodavatel|поставщик|供应商|供應商|单位名称|公司|公司名称|サプライヤー|공급업체|security name|security|holding( name)?|name",
    ),
    (
        "place",
        r"((asset|device|camera|installed?|installation|current|physical|exact|internal|site|equipment) ?)?(location|position)( ?(name|code|description|details?|id|no\.?|number|\d))?|((site|building|room|street|postal|installation|delivery) )?address( ?(line)? ?\d)?|(site|room|building|floor|campus|wing|rack|cabinet)( ?(name|code|no\.?|number|id|ref))?|installed (at|in)|raum(nummer|nr\.?)?|geb[äa]ude|etage|stockwerk|adresse|standort|emplacement|lieu( d'installation)?|salle|b[âa]timent|ubicazione|sede|stanza|edificio|indirizzo|ubicaci[óo]n|direcci[óo]n|locatie|ruimte|gebouw|lokalizacja|pomieszczenie|budynek|местоположение|адрес|помещение|кабинет|位置|地点|房间|安装位置|安装地点|設置場所",
    ),
    (
        "record",
        r"((supplier|vendor|creditor|customer|sales|purchase|work|blanket|framework|our|your|body|original|unique|internal|external) ?)?(transaction|trans|invoice|document|doc|po|p\.o\.|order|requisition|voucher|payment|journal|batch|tender|contract|job|ticket|case|claim|record|row|line|entry|supplier|vendor|customer|creditor|ledger|project|site|cheque|bacs|remittance|receipt|grn|delivery|lot|notice|publication|grant|booking|call ?off)( (line|item|header))? ?(id|no\.?|nos\.?|num|number|nr\.?|#|ref\.?|reference)( ?(id|no\.?|number))?|(our|your) ref(erence)?|ref\.?|ref(erence)? ?(no\.?|number|id)|purchase order|uprn|usrn|ocid|post ?code|zip( code)?|plz|(rechnungs|bestell|beleg|auftrags|kunden|lieferanten|vergabe)-?(nummer|nr\.?)|aktenzeichen|(num[ée]ro|n[°ºo]\.?) (de |du |d')?(facture|commande|march[ée]|bon de commande|client|fournisseur)|(numero|n\.|nr\.) (fattura|ordine|protocollo|contratto)|cig|(n[úu]mero|n[°º]\.?|num\.?) (de )?(factura|pedido|expediente|contrato)|expediente|factuurnummer|numer (faktury|zam[óo]wienia)|номер (счета|договора|заказа)|发票号码?|订单号|合同编号|請求書番号",
    ),
    (
        "serial",
        r"(device )?serial.*|s/?n|imei.*|barcode.*|((asset|inventory|property|equipment|device|service|it) )?(tag|barcode)( ?(id|no\.?|number|#|code))?|(fixed )?(asset|inventory|property) ?(id|no\.?|num|number|#)|serien-?(nummer|nr\.?)|inventar-?(nummer|nr\.?)|ger[äa]te-?(nummer|nr\.?)|(num[ée]ro|n[°ºo]\.?) de s[ée]rie|num[ée]ro d'inventaire|matricola|(numero )?seriale|(numero|n\.) di serie|n[úu]mero de serie|n[°º] de serie|serie-?nummer|numer seryjny|(серийный|заводской|инвентарный) номер|序列号|序號|产品序列号|资产编号|シリアル番号|일련번호",
    ),
    (
        "product-code",
        r"model.*|part ?(no|num|number|#|code)?\.?|p/?n|mpn|sku|product ?(code|no|number|id|ref|model)|item ?(code|no|number)|article ?(code|no|number)?|catalog(ue)? ?(no|number)?|cat ?no\.?|type ?(no|number)|device model|hardware( model)?|artikel(nummer|nr\.?)|modell.*|typenbezeichnung|r[ée]f[ée]rence|mod[èe]le|modello|codice( prodotto| articolo)?|modelo|c[óo]digo|модель|артикул|型号|型號|产品型号|型番|모델(명)?",
    ),
    (
        "mac",
        r"((client|device|host|station|camera|adapter|wi-?fi|wireless|wired) )?mac( ?(addr(ess)?|id))?(es)?( \(.*\))?|(physical|ethernet|hardware|hw|wlan|lan|bssid) ?(mac )?addr(ess)?|adresse mac|indirizzo mac|mac-adresse|direcci[óo]n mac|mac地址",
    ),
    (
        "host",
        r"host ?(name)?|fqdn|dns( name)?|domain( name)?|url|web ?site|device name|computer name|nom d'h[ôo]te|rechnername|sito( web)?|域名",
    ),
    ("isin", r"isin( code)?( \(.*\))?"),
    ("lei", r"lei( code)?|legal entity identifier"),
    ("ticker", r"ticker( symbol)?|symbol|bloomberg (ticker|code)|ric"),
    (
        "company-number",
        r"(supplier )?(registered )?(company|registration|charity|crn|companies house)( registration)? ?(number|no\.?|num|#)|reg\.? ?no\.?|vat( registration)?( number| no)?|uscc|unified social credit.*|siren|siret|handelsregister.*|p\.? ?iva|partita iva|codice fiscale|cif|nif|统一社会信用代码",
    ),
    ("currency", r"currency( code)?|ccy|w[äa]hrung|devise|valuta|moneda|币种"),
    (
        "quantity",
        r"(total )?(q(uanti)?ty|quantity)( (on hand|in (use|stock|place)|held|installed|ordered|purchased|supplied|\(.*\)))?|count|(no\.?|nr\.?|number) ?(of )?(units|items|cameras|devices|pieces|assets)|units( (held|installed|in use|on hand))?|anzahl|st[üu]ckzahl|menge( \(.*\))?|nombre d[e'’] ?.*|quantit[ée]|quantit[àa]|cantidad|aantal|ilo[śs][ćc]|количество|数量",
    ),
    (
        "amount",
        r"(net|gross|total|invoice(d)?|transaction|line|payment|paid|spend|contract|award|purchase|unit|market|book|order|irrecoverable|vat)?[ _]*(amount|value|cost|price|spend|total|sum)([ _]*(paid|net|gross|\(?(gbp|usd|eur|£|\$|€)\)?|ex(cl)?\.? ?vat|inc(l)?\.? ?vat|excluding vat|\(.*\)))*|£|\$|€|gbp|usd|eur|betrag|summe|preis|montant|prix|importo|prezzo|importe|precio|bedrag|kwota|сумма|цена|金额|单价|价格",
    ),
    (
        "date",
        r".*\bdate( \w+)?|date.*|(purchased|installed|bought|acquired|commissioned)( on| date)?|year( of (purchase|install(ation)?))?|datum|kaufdatum|data( .*)?|fecha( .*)?|дата|日期|购买日期",
    ),
    (
        "text",
        r"(item|asset|product|goods|line|device|equipment|long|short|extended|detailed|invoice|transaction|work|job|order|extra)? ?(description|details?|desc|narrative|text|notes?|comments?|remarks?|title|summary|name|spec(ification)?s?|item|asset|product)( \w+)?|item|asset|product|goods|equipment|device|notes?|comments?|purpose|subject|bezeichnung|beschreibung|bemerkung(en)?|artikelbezeichnung|gegenstand|d[ée]signation|description|libell[ée]|objet|descrizione|oggetto|note|descripci[óo]n|objeto|observaciones|omschrijving|opis|nazwa|описание|наименование|примечание|名称|描述|说明|备注|品名|設備名稱|品名及規格|説明",
    ),
)
NEUTRAL = re.compile(
    r"(client |device |host |camera |network )?ip(v[46])? ?addr(ess)?|subnet( ?mask)?|(default|ipv[46]) gateway|(software|firmware|fw|hardware) ver(sion|\.)?"
    r"|(https?|rtsp|sdk|enhanced sdk service|server|service|tcp|udp|web) port|(first|last) seen|last (change|contact|online|activity)|vlan ?id|ssid"
)
"""Headers of lists of devices whose cells tell nothing here; only names that no cell of such a list would hold."""

HEADER_REGEXES = tuple((kind, re.compile(pattern)) for kind, pattern in HEADERS)

MAC = re.compile(r"(?:[0-9A-F]{2}([:-]?)[0-9A-F]{2}(?:\1[0-9A-F]{2}){4}|[0-9A-F]{4}\.[0-9A-F]{4}\.[0-9A-F]{4})", re.IGNORECASE)
IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")
LEI = re.compile(r"[A-Z0-9]{18}\d{2}")
COUNTED = re.compile(r"([A-Za-z]{1,6}[-/ ]?)(\d{3,10})")
LEAST_COUNTED = 20
NUMBER = re.compile(r"[-+(]?[£$€]? ?-?\d[\d,. ]*\)?%?")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")


def read_roles(text: str) -> dict[str, str]:
    """`maker=B,model=Model no` → which column has which role. Raises `UsageError` for an unknown role."""
    roles: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        role, _, column = part.partition("=")
        if role.strip() not in ROLES or not column.strip():
            raise UsageError(f"--columns: {part!r} is not of the form role=column", f"the roles are: {', '.join(sorted(ROLES))}")
        roles[role.strip()] = column.strip()
    return roles


def header_kind(header: str) -> ColumnKind | None:
    """What a header says its column holds; None when it says nothing known."""
    text = _folded(header)
    if not text or len(text) > 80:
        return None
    return next((kind for kind, regex in HEADER_REGEXES if regex.fullmatch(text)), None)


def _folded(header: str) -> str:
    return re.sub(r"[\s_*:]+", " ", fold(header)).strip(" .:*")


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows is the header: the first with the most different names we know; else the first row, when it reads like one. None when there is none."""
    filled = [list(dict.fromkeys(cell for cell in row if cell.strip())) for row in rows[:HEADER_ROWS]]
    owned = next((number for number, cells in enumerate(filled) if is_holdings(cells)), None)
    if owned is not None:
        return owned
    scores = [0 if any(map(_is_address, cells)) else sum(map(_is_header, cells)) for cells in filled]
    scores = [score + (score > 1 and _storey_above(rows, number)) for number, score in enumerate(scores)]
    best, best_score = None, 0
    for number, (cells, score) in enumerate(zip(filled, scores, strict=True)):
        if score > best_score and score * 3 >= len(cells) and not _is_below_data(filled, number, score):
            best, best_score = number, score
    if best is not None:
        return best
    return 0 if len(rows) > 1 and _reads_like_header(rows[0], rows[1:]) else None


def _is_header(cell: str) -> bool:
    """Whether a cell is a header that is known, of a column that is searched or of one that need not be. Those of columns which a sheet of
    holdings leaves aside (`Country …`, `12_…`) tell nothing: a road or a count may be written so."""
    return bool(header_kind(cell) or holding_kind(cell) not in (None, "ignored") or NEUTRAL.fullmatch(_folded(cell)))


def _is_address(cell: str) -> bool:
    """Whether a cell is a hardware or network address: no header holds one."""
    return bool(MAC.fullmatch(cell.strip()) or IPV4.fullmatch(cell.strip()))


def _storey_above(rows: Sequence[Sequence[str]], number: int) -> int:
    """How many columns that a row leaves without a name have one we know in the row above it."""
    pairs = zip(rows[number - 1], rows[number], strict=False) if number else ()
    return sum(1 for above, cell in pairs if above.strip() and not cell.strip() and header_kind(above))


def _is_below_data(filled: Sequence[Sequence[str]], number: int, score: int) -> bool:
    """Whether a row stands under lines of the table, and so is one too (`Total,1500`): several rows above are nearly as full, or one is and
    this row has a single word we know, or one holds values, or nothing comes after this row."""
    width, above = len(filled[number]), [cells for cells in filled[:number] if cells]
    full = [cells for cells in above if len(cells) * 3 >= width * 2]
    if not full:
        return False
    alone = score < 2 or not any(filled[number + 1 :])
    return len(full) > MAX_STOREYS or alone or any(len(cells) >= width and _holds_values(cells) for cells in full)


def _holds_values(cells: Sequence[str]) -> bool:
    """Whether a row has a number, a day or an address, and does not say what it is (`As of`, `Total:`)."""
    said = cells[0].rstrip().endswith(":") or header_kind(cells[0]) or holding_kind(cells[0])
    return not said and any(NUMBER.fullmatch(cell.strip()) or DATE.fullmatch(cell.strip()) or _is_address(cell) for cell in cells)


def _reads_like_header(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Short distinct words without digits over a body that has numbers."""
    filled = [cell.strip() for cell in first if cell.strip()]
    worded = bool(filled) and all(len(cell) < 40 and not any(char.isdigit() for char in cell) for cell in filled)
    digits = sum(any(char.isdigit() for char in cell) for row in others for cell in row)
    return worded and len(filled) == len(set(filled)) and len(filled) > 1 and digits > len(others)


def recognise_columns(header: Sequence[str] | None, sample: Sequence[Sequence[str]], options: Options, sheet: str | None = None) -> Table:
    """The table's head: every column with its name and kind, and the channel its lines belong to.

    Raises `UsageError` when `--columns` names a column that is not there.
    """
    width = max(len(header or ()), usual_width(sample[:200]))
    names = _distinct([_name_of(header, index) for index in range(width)])
    kinds = [
        _kind_of(header[index] if header and index < len(header) else "", [row[index] for row in sample if index < len(row)])
        for index in range(width)
    ]
    for role, wanted in options.columns.items():
        kinds[_index_of(wanted, names)] = ROLES[role]
    kinds = _one_name(kinds, names)
    if options.read_as == "holdings" or (header and options.read_as is None and is_holdings(header)):
        said = {_index_of(wanted, names): ROLES[role] for role, wanted in options.columns.items()}
        told = holding_kinds(header, kinds) if header else plain_list(sample, kinds)
        kinds = [said.get(index, kind) for index, kind in enumerate(told)]
        columns = tuple(Column(index=index, name=name, kind=kind) for index, (name, kind) in enumerate(zip(names, kinds, strict=True)))
        return Table(columns=columns, channel="own", sheet=sheet, cannot_show=CANNOT_SHOW)
    if not options.columns:
        kinds = _named_bodies(kinds, sample)
    columns = tuple(Column(index=index, name=name, kind=kind) for index, (name, kind) in enumerate(zip(names, kinds, strict=True)))
    return Table(columns=columns, channel=CHANNEL_OF[options.read_as or _guess_as(kinds)], sheet=sheet)


def usual_width(sample: Sequence[Sequence[str]]) -> int:
    """The width that more than half of the rows reach: one row that is too long makes no columns."""
    widths = sorted(map(len, sample))
    return widths[(len(widths) - 1) // 2] if widths else 0


def _name_of(header: Sequence[str] | None, index: int) -> str:
    text = " ".join(header[index].split()) if header and index < len(header) else ""
    return text or f"column {letters(index)}"


def _distinct(names: list[str]) -> list[str]:
    """Names that came before say which column they are of."""
    first = {name: index for index, name in reversed(list(enumerate(names)))}
    return [name if first[name] == index else f"{name} (column {letters(index)})" for index, name in enumerate(names)]


def letters(index: int) -> str:
    """The spreadsheet name of a column counted from 0: A, B, … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


READ: tuple[ColumnKind, ...] = ("text", "product-code", "category", "cost-centre")
"""Columns in which codes are looked for; one that counts holds none, whatever its header."""

MEASURED: tuple[ColumnKind, ...] = ("amount", "quantity", "date")
"""Columns of values: where nearly all cells are words they are text, whatever their header."""


def _is_wordy(cell: str) -> bool:
    """Whether a cell says more than a value with its unit or month (`GBP 1,200`, `12 September 2021`)."""
    letters = sum(map(str.isalpha, cell))
    return letters > 12 or (letters > 3 and not any(map(str.isdigit, cell)))


def _kind_of(header: str, cells: list[str]) -> ColumnKind:
    said = header_kind(header) if header else None
    filled = [cell.strip() for cell in cells if cell.strip()]
    seen = _content_kind(filled)
    if seen in ("mac", "isin", "lei"):
        return seen
    if seen == "ignored" and (said in ("serial", "record") or (said == "name" and fold(header) == "name")):
        return "ignored"
    if said in (None, *READ) and _counts(filled):
        return "record"
    if said in MEASURED and sum(map(_is_wordy, cells)) * 10 > len(cells) * 8:
        return "text"
    return said or seen or "text"


def _counts(cells: list[str]) -> bool:
    """Whether a column counts: nearly all of many cells are different numbers of as many digits behind the same letters (INV00417)."""
    if len(cells) < LEAST_COUNTED or len(set(cells)) * 10 < len(cells) * 9:
        return False
    shapes = Counter((found[1].casefold(), len(found[2])) for cell in cells if (found := COUNTED.fullmatch(cell)))
    return max(shapes.values(), default=0) * 10 >= len(cells) * 9


def _content_kind(cells: list[str]) -> ColumnKind | None:
    """What most cells are, when they are all of one unmistakable shape."""
    if not cells:
        return None
    kinds: tuple[tuple[ColumnKind, re.Pattern[str]], ...] = (("mac", MAC), ("isin", ISIN), ("lei", LEI))
    for kind, regex in kinds:
        shaped = [cell for cell in cells if regex.fullmatch(cell)]
        if len(shaped) * 10 >= len(cells) * 6 and not all(cell.isdigit() for cell in cells) and _mostly_valid(kind, shaped):
            return kind
    if sum(1 for cell in cells if NUMBER.fullmatch(cell) or DATE.fullmatch(cell)) * 10 >= len(cells) * 9:
        return "ignored"
    return None


def _mostly_valid(kind: ColumnKind, cells: list[str]) -> bool:
    """Whether the check digits hold where the kind has one: an invoice number may have the shape of an ISIN."""
    if kind == "mac":
        return True
    from stdnum import isin, lei

    valid = isin.is_valid if kind == "isin" else lei.is_valid
    return sum(bool(valid(cell)) for cell in cells) * 2 > len(cells)


def _index_of(wanted: str, names: Sequence[str]) -> int:
    folded = [fold(name) for name in names]
    if fold(wanted) in folded:
        return folded.index(fold(wanted))
    if is_whole(wanted) and len(wanted) < 9 and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    by_letter = [letters(index) for index in range(len(names))]
    if wanted.upper() in by_letter:
        return by_letter.index(wanted.upper())
    raise UsageError(
        f"--columns: there is no column {wanted!r}", f"give a header, a letter or a number; the columns are: {', '.join(names)}"
    )


def _one_name(kinds: list[ColumnKind], names: list[str]) -> list[ColumnKind]:
    """A bare `name` column beside a maker or a supplier column is the thing's name, not a company's."""
    others = any(kind == "maker" or (kind == "name" and fold(name) != "name") for kind, name in zip(kinds, names, strict=True))
    return ["text" if kind == "name" and fold(name) == "name" and others else kind for kind, name in zip(kinds, names, strict=True)]


def _named_bodies(kinds: list[ColumnKind], sample: Sequence[Sequence[str]]) -> list[ColumnKind]:
    """A column `Organisation` or `Entity` is whose table it is only where it says the same again and again; a list of many, in a table
    without suppliers or makers, is what the table is about."""
    if "body" not in kinds or {"name", "maker"} & set(kinds):
        return kinds
    index = kinds.index("body")
    cells = [row[index].strip() for row in sample if index < len(row) and row[index].strip()]
    various = len(set(cells)) * 10 >= len(cells) * 6 and len(cells) > 0
    return [*kinds[:index], "name", *kinds[index + 1 :]] if various else kinds


def _guess_as(kinds: Sequence[ColumnKind]) -> str:
    if "isin" in kinds or "ticker" in kinds:
        return "holdings"
    if {"maker", "mac", "product-code", "serial"} & set(kinds):
        return "assets" if "name" not in kinds or "amount" not in kinds else "purchases"
    return "purchases" if "amount" in kinds else "suppliers" if "name" in kinds else "assets"

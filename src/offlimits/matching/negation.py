"""Is a maker named because it is there, or because it is not? Clauses that deny, forbid or tell of something gone.

Works on one clause at a time; other names found in the text count as one item of a list ("no Huawei, ZTE or Dahua").
"""

from __future__ import annotations

import re

ITEM = "\x01"
"""Stands for any name found, so that a list of makers reads as a list."""

CLAUSE_END = re.compile(
    r"[;!?](?=\s|$)|(?<!\bno)\.(?=\s|$)|[\n。；！？]|,?\s(?:but|only|instead|whereas|aber|sondern|mais|ma|pero|sino|но|а)\s|\s[-–—]\s(?=not\b|no\b|now\b|use\b)|[,(]\s*(?=not\b|nicht\b|non\b|pas\b|no\b)",
    re.IGNORECASE,
)

NOUNS = (
    r"(?:video|surveillance|security|telecom\w*|network|cctv|ip|old|remaining|legacy|existing|former|last|final|previous|covered|any|all|both|of|its|their|our|my|your|this|that|these|those|the|and|or|nor|a|an|by|from|made|manufactured|produced|supplied|two|three|four|five|six|seven|eight|nine|ten|twelve|brands?|makes?|makers?|manufacturers?|firms?|vendors?|suppliers?|marke[n]?|firma|firmen|hersteller[ns]?|marques?|marca|marche|marchio|marcas|marki|marek|fabricants?|fabricantes?|producent\w*|производител\w*|марки|"
    r"branded|chinese|dome|bullet|turret|ptz|analogue|"
    r"cameras?|cams?|nvrs?|dvrs?|xvrs?|recorders?|equipment|devices?|products?|kit|systems?|units?|hardware|software|components?|services?|goods|items?|parts?|phones?|handsets?|routers?|switch(?:es)?|modems?|radios?|"
    r"kameras?|ger[äa]te?|technik|cam[ée]ras?|[ée]quipements?|mat[ée]riel|telecamere|telecamera|apparati|c[áa]maras?|equipos?|kamery|urz[ąa]dze[ńn]|sprz[ęe]tu|камер\w*|оборудовани\w*|"
    r"von|der|die|das|des|de|du|d['’]|la|le|les|di|del|della|delle|el|los|firmy|firm|und|oder|noch|ou|et|ni|n[ée]|e|o|y|i|ani|lub|и|или|ни|"
    r"\d+x?|x\d*|=|:|/|&|,|" + ITEM + r")"
)
LIST = rf"(?:[\s(\"'’]*{NOUNS})*[\s(\"'’]*$"
"""Words that may stand between a denial and the name it denies."""

NO = r"(?:\bnot|\bno(?!\.|\s*\d)|\bnon(?!\w)|\bnone|\bwithout|\bnever|\bneither|\bexcept(?: for)?|\bexcluding|\bother than|\binstead of|\brather than|\bfree (?:of|from)|\bzero|\bnot affiliated with|\bkeine?[mnrs]?\b|\bnicht|\bohne|\b(?:an)?statt|\bpas(?: de| d['’]| du| un)?|\bsans|\baucune?|\bau lieu d[eu']|\bnon|\bnessun\w*|\bsenza|\binvece d\w+|\bsin|\bning[úu]n\w*|\ben lugar de|\bnie|\bbez|\bbrak|\bzamiast|\bне|\bнет|\bбез|\bвместо|不是|并非|非|无|無|没有|沒有|不使用|未使用|不含|禁用|禁止使用)"
VERBS = r"(?:us|bought?|buy|provid|contain|suppl|install|have|has|own|hold|operat|accept|procur|purchas|deploy|employ|includ|offer|stock|sell|incorporat|consider|recommend|specif|quot|propos|want|need|possess|maintain|have got|permit|allow|approv|manufactur|verwend|einsetz|nutz|utilis|utiliz|fourni|contien|utilizz|impieg|forni|contien|emple|stosuj|u[żz]ywa|zawiera|posiada|ma(?:my|ją)?\b|risulta|presen[tz]|esist|dispo|poss[eè]d|haben?|besitz|betreib|tiene|tenemos|posee|использу|примен|содерж)\w*"
GONE = r"(?:replaced|removed|taken down|took down|pulled out|pulled down|dismantled|demolished|written off|sold off|skipped|life-expired and removed|stripped|ausgetauscht|demontiert|stillgelegt|entsorgt|au[ßs]er betrieb genommen|decommissioned|scrapped|disposed of|disposed|ripped out|swapped out|swapped|got rid of|phased out|stripped out|took out|taken out|retired|binned|returned|uninstalled|disconnected|ersetzte|ersetzt|entfernt|abgebaut|ausgemustert|remplac[ée]e?s?|retir[ée]e?s?|d[ée]pos[ée]e?s?|sostituit[oaei]|rimoss[oaei]|dismess[oaei]|sustituid[oa]s?|reemplazad[oa]s?|retirad[oa]s?|wymienion\w*|usuni[ęe]t\w*|zdemontowan\w*|заменен\w*|заменён\w*|заменили|демонтирован\w*|удален\w*|已更换|已拆除|已替换|更换了|拆除了)"
BAN = r"(?:prohibited|banned|forbidden|barred|excluded|unacceptable|not (?:be |been |to be |being )?(?:used|in use|considered|quoted|specified|tolerated|present|installed|approved|accepted|acceptable|permitted|allowed|applicable|found|fitted|supplied|required|wanted|compatible)|no longer (?:used|in use|present|installed|supported|purchased|bought)|never (?:used|installed|bought|purchased)|nicht (?:verwendet|zul[äa]ssig|erlaubt|vorhanden|verbaut|gestattet|eingesetzt|mehr)|verboten|ausgeschlossen|interdite?s?|exclue?s?|non (?:autoris[ée]e?s?|ammess[oaei]|presenti?|utilizzat[oaei])|vietat[oaei]|esclus[oaei]|prohibid[oa]s?|no (?:se )?(?:admiten?|permiten?|instalad[oa]s?|utilizad[oa]s?)|zabronion\w*|wykluczon\w*|запрещен\w*|запрещён\w*|не (?:используется|используются|допускается|допускаются|установлено|применяется)|不得使用|禁止|未使用|不使用)"

BEFORE = (
    ("not-this", re.compile(NO + LIST, re.IGNORECASE)),
    (
        "not-used",
        re.compile(
            rf"(?:\bnot|n['’]t|\bnever|\bno longer|\bcannot|\bnor|\bnicht|\bkein\w*|\bne\b|\bnon|\bno|\bnie|\bне)\s+(?:[\w'’]+\s+){{0,4}}?{VERBS}(?:\s+(?:or|and|nor|any|pas|de|{VERBS}))*{LIST}",
            re.IGNORECASE,
        ),
    ),
    ("gone", re.compile(rf"\b{GONE}\b{LIST}", re.IGNORECASE)),
    (
        "gone",
        re.compile(
            rf"\b(?:replacement|removal|decommissioning|disposal|replacing|removing|replace|swap|remove|migration|moved|migrated|switched|away)\s+(?:out\s+)?(?:of|from|away from)\b{LIST}",
            re.IGNORECASE,
        ),
    ),
    (
        "forbidden",
        re.compile(
            rf"\b(?:prohibit(?:s|ed|ion)?|ban(?:s|ned)?|forbid(?:s|den)?|exclud(?:es?|ed|ing)|prohibition on|ban on|bans on|interdit|interdiction d\w*|verbot(?:\s+von)?|divieto d\w*)\b(?:\s+(?:on|of|the|use|using|purchase|buying|procurement|any|l['’]\w+|de))*{LIST}",
            re.IGNORECASE,
        ),
    ),
)
AFTER_NOUN = (
    r"(?:[\s,/&(]*(?:and|or|x\d+|\d+x?|qty\.?|cameras?|cams?|nvrs?|dvrs?|xvrs?|recorders?|equipment|devices?|products?|kit|systems?|units?|hardware|switch(?:es)?|routers?|phones?|radios?|domes?|bullets?|brand(?:ed)?|kameras?|cam[ée]ras?|telecamere|c[áa]maras?|ger[äa]te|камеры?|"
    + ITEM
    + r"))*"
)
PART = r"(?:batter|hdd|hard ?d|disks?|disc|ssd|psu|power|lens|cable|bracket|cover|housing|fan|sd[ -]?card|licen|firmware|fuse|mount|antenna|handset|case|clip|charger)"
"""Parts that are changed while the thing stays."""

AFTER = (
    (
        "gone",
        re.compile(
            rf"^{AFTER_NOUN}[\s,:(–-]*(?:(?:was|were|is|are|has been|have been|had been|being|all|now|since|wurden?|werden|sind|ist|ont [ée]t[ée]|a [ée]t[ée]|sono stat[eaio]|[èe] stat[oa]|han sido|fue(?:ron)?|zosta[łl]\w*|были?|была)\s+)*\b{GONE}\b(?!\s+(?:out\s+|over\s+|the\s+|a\s+|its\s+|faulty\s+)*{PART})",
            re.IGNORECASE,
        ),
    ),
    ("gone", re.compile(rf"^[-\s]?[\w-]*\s*(?:wurden?|werden|worden|ist|sind|war(?:en)?)\b[^.;]{{0,80}}\b{GONE}\b", re.IGNORECASE)),
    (
        "forbidden",
        re.compile(
            rf"^{AFTER_NOUN}[\s,:(–-]*(?:(?:was|were|is|are|has been|have been|must|shall|will|may|strictly|expressly|be|sind|ist|werden|sont|est|sono|son|s[ąa]|jest)\s+)*{BAN}",
            re.IGNORECASE,
        ),
    ),
    (
        "not-this",
        re.compile(
            rf"^{AFTER_NOUN}\s*[?:=–-]+\s*(?:no(?!\.|\s*\d|n)\b|none\b|nil\b|n/?a\b|0\b(?![.,]?\d)|nein\b|non\b|nie\b|нет\b|无|否)",
            re.IGNORECASE,
        ),
    ),
)

ANSWERED_NO = re.compile(
    r"^[^?.\n]{0,120}\?\s*(?:(?:a|ans|answer|response|reply|antwort|r[ée]ponse|risposta|respuesta)?\s*\d*\s*[.:)–-]?\s*)(?:no(?!\.?\s*\d)|none|nil|nein|non|nie|нет|neither|we do not|not held)\b",
    re.IGNORECASE,
)
"""A question that names makers, and its answer."""

NOT_ALL = re.compile(
    r"\b(?:not|n['’]t) (?:all|every|yet|been|each)\b|\bnicht alle\b|\bpas tous\b|\bnon tutt[ei]\b|\bno tod[oa]s\b|\bnie wszystkie\b|\b(?:to be|awaiting|pending|before|until|needs? to be|should be|will be|due to be|scheduled to be|must be)\s+(?:\w+\s+)?(?:removed|replaced|decommissioned)",
    re.IGNORECASE,
)
"""Not all of them gone, or not yet: then some are there."""

CLAUSES = re.compile(
    r"52\.204-2[456]|252\.204-70(?:16|17|18)|(?:section|sec\.?|§)\s*889|\b889\s*\(|115-232|200\.216|covered telecommunications (?:equipment|or)",
    re.IGNORECASE,
)
CLAUSE_WORDS = re.compile(
    r"prohibit|shall not|does not|do not|will not|did not|is not|represents?|certif|covered telecommunications|complian|without|free of|no equipment|means|restrict|declar|confirm",
    re.IGNORECASE,
)
"""FAR 52.204-24, -25 and -26, DFARS 252.204-7016 to -7018 and 2 CFR 200.216 name the makers to say that they are not used."""

NOT_COMPLIANT = re.compile(r"(?:not|non)[ -](?:\w+[ -])?(?:complian|889)", re.IGNORECASE)
COMPATIBLE = re.compile(r"^[\s-]*(?:compatible|kompatibel|compatibles?|compatibile|совместим\w*|兼容|style|type bracket)", re.IGNORECASE)
COMPATIBLE_BEFORE = re.compile(
    r"\b(?:compatible with|works with|equivalent to|equal to|similar to|alternative to|compatible avec|kompatibel mit|compatibile con|compatible con|совместим\w* с|competitors? (?:of|to))\s+(?:the\s+|" + ITEM + r"|,|and|or|/|\s)*$",
    re.IGNORECASE,
)  # fmt: skip


def judge_clause(text: str, start: int, end: int, hits: list[tuple[int, int]]) -> tuple[str, str]:
    """The rule that says the name is not there as a maker, and the words it rests on; two empty strings when it is there."""
    if CLAUSES.search(text) and (said := CLAUSE_WORDS.search(text)) and not NOT_COMPLIANT.search(text):
        return "clause", f"a clause that names makers to exclude them ({said[0]!r})"
    left, right = _clause(text, start, end)
    if found := ANSWERED_NO.search(text[end : end + 200]):
        return "answered-no", found[0].strip()
    before = _with_items(text, left, start, hits)
    after = _with_items(text, end, right, hits)
    some_left = NOT_ALL.search(text[left:right]) is not None
    for rule, pattern in BEFORE:
        if (found := pattern.search(before)) and not (some_left and rule in ("gone", "not-this")):
            return rule, found[0].replace(ITEM, "…").strip()
    for rule, pattern in AFTER:
        if (found := pattern.search(after)) and not (some_left and rule == "gone"):
            return rule, found[0].replace(ITEM, "…").strip(" ,:")
    if found := COMPATIBLE.search(after) or COMPATIBLE_BEFORE.search(before):
        return "compatible", found[0].replace(ITEM, "…").strip()
    return "", ""


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around a hit. A break between two items of a list that shares one denial is none."""
    left = 0
    for found in CLAUSE_END.finditer(text, 0, start):
        left = found.end()
    right = CLAUSE_END.search(text, end)
    return left, right.start() if right else len(text)


def _with_items(text: str, start: int, end: int, hits: list[tuple[int, int]]) -> str:
    """A stretch of text with every name found in it as one `ITEM`."""
    parts, at = [], start
    for left, right in sorted(hits):
        if start <= left and right <= end and left >= at:
            parts += [text[at:left], ITEM]
            at = right
    return "".join([*parts, text[at:end]])

"""Is a maker named because it is there, or because it is not? Clauses that deny, forbid, ask, or tell of something gone.

A hit is judged within its clause; other names found there count as one item of a list ("no Huawei, ZTE or Dahua"). A replacement has a
direction: what is replaced is gone, what it is replaced *by* is there. Words that say some are left, or that it comes back, outweigh all.
"""

from __future__ import annotations

import re
from functools import cached_property

ITEM = "\x01"
"""Stands for any name found, so that a list of makers reads as a list."""

CLAUSE_END = re.compile(
    r"[;!?](?=\s|$)|(?<!\bno)\.(?=\s|$)|[\n。；！？]|,?\s(?:(?<!anything )but|only|instead|whereas|aber|sondern|mais|ma|pero|sino|но|а)\s|\s[-–—]\s(?=not\b|now\b|use\b)|[,(]\s*(?=not\b|nicht\b|non\b|pas\b|no\b)",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.;!?](?=\s+[A-Z0-9\[(]|$)|[\n。；！？]")

NOUNS = (
    r"(?:video|surveillance|security|telecom\w*|network|cctv|ip|old|remaining|legacy|existing|former|last|final|previous|covered|any|all|both|of|its|their|our|my|your|this|that|these|those|the|and|or|nor|a|an|by|from|made|manufactured|produced|supplied|two|three|four|five|six|seven|eight|nine|ten|twelve|brands?|makes?|makers?|manufacturers?|firms?|vendors?|suppliers?|marke[n]?|firma|firmen|hersteller[ns]?|marques?|marca|marche|marchio|marcas|marki|marek|fabricants?|fabricantes?|producent\w*|производител\w*|марки|"
    r"branded|chinese|dome|bullet|turret|ptz|analogue|"
    r"cameras?|cams?|nvrs?|dvrs?|xvrs?|recorders?|equipment|devices?|products?|kit|systems?|units?|hardware|software|components?|services?|goods|items?|parts?|phones?|handsets?|routers?|switch(?:es)?|modems?|radios?|"
    r"kameras?|ger[äa]te?|technik|cam[ée]ras?|[ée]quipements?|mat[ée]riel|telecamere|telecamera|apparati|c[áa]maras?|equipos?|kamery|urz[ąa]dze[ńn]|sprz[ęe]tu|камер\w*|оборудовани\w*|"
    r"von|der|die|das|des|de|du|d['’]|la|le|les|di|del|della|delle|el|los|firmy|firm|und|oder|noch|ou|et|ni|n[ée]|e|o|y|i|ani|lub|и|или|ни|"
    r"kamer|\d+x?|x\d*|=|:|/|&|,|" + ITEM + r")"
)
LIST = rf"(?:[\s(\"'’-]*{NOUNS})*[\s(\"'’-]*$"
"""Words that may stand between a denial and the name it denies."""

NO = r"(?:\bnot|(?<!\d )(?<!\d)\bno(?!\.|\s*\d)|\bnon(?!\w)|\bnone|\bwithout|\bnever|\bneither|\bexcept(?: for)?|\bexcluding|\bother than|\binstead of|\brather than|\bfree (?:of|from)|\bzero|\bnot affiliated with|\bkeine?[mnrs]?\b|\bnicht|\bohne|\b(?:an)?statt|\bpas(?: de| d['’]| du| un)?|\bsans|\baucune?|\bau lieu d[eu']|\bnon|\bnessun\w*|\bsenza|\binvece d\w+|\bsin|\bning[úu]n\w*|\ben lugar de|\bnie|\bbez|\bbrak|\bzamiast|\bне|\bнет|\bбез|\bвместо|不是|并非|非|无|無|没有|沒有|不使用|未使用|不得使用|未采用|未採用|不采购|禁止采购|不含|禁用|禁止使用)"
VERBS = r"(?:us|bought?|buy|provid|contain|suppl|install|have|has|own|hold|operat|accept|procur|purchas|deploy|employ|includ|offer|stock|sell|incorporat|consider|recommend|specif|quot|propos|want|need|possess|maintain|got|permit|allow|approv|manufactur|verwend|einsetz|nutz|utilis|utiliz|fourni|contien|utilizz|impieg|forni|contien|emple|stosuj|u[żz]ywa|zawiera|posiada|ma(?:my|ją)?\b|risulta|presen[tz]|esist|dispo|poss[eè]d|haben?|besitz|betreib|tiene|tenemos|posee|использу|примен|содерж)\w*"
GONE = r"(?:replaced|removed|taken down|took down|pulled out|pulled down|dismantled|demolished|written off|sold off|skipped|life-expired and removed|stripped|ausgetauscht|demontiert|stillgelegt|entsorgt|au[ßs]er betrieb genommen|decommissioned|scrapped|disposed of|disposed|gone|ripped out|swapped out|swapped|got rid of|phased out|stripped out|took out|taken out|retired|binned|returned|uninstalled|disconnected|ersetzte|ersetzt|entfernt|abgebaut|ausgemustert|remplac[ée]e?s?|retir[ée]e?s?|d[ée]pos[ée]e?s?|sostituit[oaei]|rimoss[oaei]|dismess[oaei]|sustituid[oa]s?|reemplazad[oa]s?|retirad[oa]s?|wymienion\w*|usuni[ęe]t\w*|zdemontowan\w*|заменен\w*|заменён\w*|заменили|демонтирован\w*|удален\w*|已更换|已拆除|已替换|更换了|拆除了)"
BAN = r"(?:prohibited|banned|forbidden|barred|excluded|unacceptable|not (?:be |been |to be |being )?(?:used|in use|considered|quoted|specified|tolerated|present|installed|approved|accepted|acceptable|permitted|allowed|applicable|found|fitted|supplied|required|wanted|compatible)|no longer (?:used|in use|present|installed|supported|purchased|bought)|never (?:used|installed|bought|purchased)|nicht (?:verwendet|zul[äa]ssig|erlaubt|vorhanden|verbaut|gestattet|eingesetzt|mehr)|verboten|ausgeschlossen|interdite?s?|exclue?s?|non (?:autoris[ée]e?s?|ammess[oaei]|presenti?|utilizzat[oaei])|vietat[oaei]|esclus[oaei]|prohibid[oa]s?|no (?:se )?(?:admiten?|permiten?|instalad[oa]s?|utilizad[oa]s?)|zabronion\w*|wykluczon\w*|запрещен\w*|запрещён\w*|не (?:используется|используются|допускается|допускаются|установлено|применяется)|不得使用|禁止|未使用|不使用)"
AFTER_NOUN = (
    r"(?:[\s,/&(-]*(?:and|or|und|oder|et|ou|e|o|y|i|lub|и|или|x\d+|\d+x?|qty\.?|cameras?|cams?|nvrs?|dvrs?|xvrs?|recorders?|equipment|devices?|products?|kit|systems?|units?|hardware|switch(?:es)?|routers?|phones?|radios?|ptzs?|turrets?|bullets?|domes?|bullets?|brand(?:ed)?|kameras?|cam[ée]ras?|telecamere|c[áa]maras?|ger[äa]te|камеры?|"
    + ITEM
    + r"))*"
)
PART = r"(?:batter|hdd|hard ?d|disks?|disc|ssd|psu|power|lens|cable|bracket|cover|housing|fan|sd[ -]?card|licen|firmware|fuse|mount|antenna|handset|case|clip|charger)"
"""Parts that are changed while the thing stays."""

AUX = r"(?:(?:was|were|is|are|has been|have been|had been|must|shall|will|may|strictly|expressly|be|being|all|now|since|wurden?|werden|wird|sind|ist|ont [ée]t[ée]|a [ée]t[ée]|sont|est|sono stat[eaio]|[èe] stat[oa]|sono|son|han sido|fue(?:ron)?|zosta[łl]\w*|s[ąa]|jest|были?|была)\s+)*"


class _Lazy:
    """A pattern compiled when it is first asked: the whole set costs more than the start of the program."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self._compiled.match(text)


def _regex(pattern: str) -> _Lazy:
    return _Lazy(pattern)


BEFORE = (
    ("not-this", _regex(r"\b(?:not|cannot|can['’]t|never)\s+be\s*$")),
    ("not-this", _regex(NO + LIST)),
    (
        "not-this",
        _regex(
            rf"(?:\b(?:anything but|avoid(?:ing|ed)?|zero|nil|cease(?:d)?(?: the)? (?:using|use of|deployment of|purchase of))\b|(?:^|[:=,;(]\s*|\bqty\.?\s*|\bx\s*)0\s*x?(?=\s)|\bnone\s+(?:of\s+(?:[\w'’]+\s+){{1,5}})?(?:is|are|was|were)\b){LIST}"
        ),
    ),
    (
        "not-used",
        _regex(
            rf"(?:\bnot|n['’]t|\bnever|\bno longer|\bcannot|\bnor|\bnicht|\bkein\w*|\bne\b|\bnon|\bno|\bnie|\bне)\s+(?:[\w'’]+\s+){{0,4}}?{VERBS}(?:\s+(?:or|and|nor|any|pas|de|{VERBS}))*{LIST}"
        ),
    ),
    ("gone", _regex(rf"\b{GONE}\b(?!\s*[,;:]|\s+(?:by|with|from|durch|mit|gegen|par|con|da|na|przez|на|от)\b){LIST}")),
    (
        "gone",
        _regex(
            rf"\b(?:replac(?:ing|es)|supersed(?:ing|es)|in place of|in lieu of|previously|formerly|former|ex|used to (?:be|have|use)|ehemals|fr[üu]her|anciennement|ancien(?:ne)?s?|dawniej|ранее)\b{LIST}"
        ),
    ),
    (
        "gone",
        _regex(
            rf"\b(?:replacement|removal|decommissioning|disposal|replacing|removing|replace|swap|remove|migration|moved|migrated|switched|away)\s+(?:out\s+)?(?:of|from|for|away from)\b{LIST}"
        ),
    ),
    (
        "forbidden",
        _regex(
            rf"\b(?:prohibit(?:s|ed|ion)?|ban(?:s|ned)?|forbid(?:s|den)?|exclud(?:es?|ed|ing)|interdit|interdiction d\w*|verbot(?:\s+von)?|divieto d\w*)\b(?:\s+(?:on|of|the|use|using|purchase|buying|procurement|procure|any|l['’]\w+|de))*{LIST}"
        ),
    ),
)
AFTER = (
    (
        "not-this",
        _regex(
            r"^\s*:?\s*(?:☐|□|\[ ?\])|^[-\s]free\b(?!\s+(?:of|issue|with))|^\s*[:=-]?\s*(?:no|nein|non|nie|нет)\b(?!\.|\s*\d|\s+\w+\s+(?:signal|power|picture|image|video))\s*(?:[.,;)]|$)"
        ),
    ),
    (
        "not-this",
        _regex(
            rf"^{AFTER_NOUN}\s*[?:=–-]+\s*(?:(?:answer|response|a)\b\s*[:.]?\s*)?(?:no(?!\.|\s*\d|n)\b|none\b|nil\b|zero\b|n/?a\b|0\b(?![.,]?\d)|not to our knowledge|nein\b|non\b|nie\b|нет\b|无|否)|^{AFTER_NOUN}\s*\(0\)|^\s*[?:=–-]+\s*n\b(?!\w)|^\s*(?:0 (?:units|cameras|off|pcs)\b|n/a\b(?!\w)|not applicable\b)"
        ),
    ),
    ("gone", _regex(rf"^{AFTER_NOUN}[\s,:(–-]*{AUX}\b{GONE}\b(?!\s+(?:out\s+|over\s+|the\s+|a\s+|its\s+|faulty\s+)*{PART})")),
    ("gone", _regex(rf"^[-\s]?[\w-]*\s*(?:wurden?|werden|worden|ist|sind|war(?:en)?)\b[^.;]{{0,80}}\b{GONE}\b")),
    ("gone", _regex(rf"^[^.;,]{{0,40}}\b(?:durch|par|con|da|przez)\s+[\w ]{{2,40}}\s+{GONE}\b")),
    ("forbidden", _regex(rf"^{AFTER_NOUN}[\s,:(–-]*{AUX}{BAN}(?!\s+from\s+(?:\w+\s+)?(?:pat|test|service|inspection|maintenance))")),
    (
        "not-used",
        _regex(
            rf"^{AFTER_NOUN}[^.;]{{0,50}}\b(?:nicht|kein\w*)\b[^.;]{{0,40}}\b(?:eingesetzt|verwendet|verbaut|zugelassen|zum einsatz|genutzt|erlaubt|zul[äa]ssig|beschafft|gestattet)\b"
        ),
    ),
)

SOME_LEFT = _regex(
    r"\b(?:not|n['’]t) (?:all|every|yet|been|each)\b|\bnicht alle\b|\bpas tous\b|\bnon tutt[ei]\b|\bno tod[oa]s\b|\bnie wszystkie\b"
    r"|\b(?:still|remain(?:s|ing)?|refitted|re-?installed|put back|half of|some of|partly|partially|apart from one|\d+ (?:of|out of) (?:the )?\d+|noch|restent?|ancora|todav[íi]a)\b"
    r"|\b(?:for|awaiting) (?:cleaning|repair|testing|service|servicing|inspection)\b|\bfrom (?:store|stock|storage)\b"
    r"|\b(?:no plans?|not intend|not planned|not planning|never stopped?|not (?:\w+ ){0,2}(?:stop|cease|remove|replace|phase))\b"
    r"|\b(?:to be|awaiting|pending|before|until|needs? to be|should be|will be|due to be|scheduled to be|must be)\s+(?:\w+\s+)?(?:removed|replaced|decommissioned|phased)"
)
"""Not all of them gone, not yet, or back again: then some are there."""

THERE = _regex(
    r"^(?:[\s-]*[\w-]+){0,4}?\s*(?:is|are|was|were|now)?\s*\b(?:installed|fitted|in use|put in|went in|supplied|deployed|purchased|bought)\b"
)
"""Said of the name after a comma, this makes a statement of its own: *we do not use Dahua, Hikvision cameras are installed*."""

ANSWERED = _regex(
    r"^[^?.\n]{0,160}\?\s*(?:(?:(?:the\s+)?(?:answer|ans|a|response|reply|antwort|r[ée]ponse|risposta|respuesta)(?![a-z])\s*\d{0,2}\s*(?:is|[.:)–-])?|\d{1,2}\s*(?:is|[.:)–-])|[.:)–-])\s*)?(?P<answer>[\w/]+(?:\s+(?:do|to|held|our|of)\b(?:\s+\w+)?)?)"
)
SAID = _regex(r"^[^\n]{0,160}?\b(?:answer|response|reply)\b\s*(?:is)?\s*[:–-]?\s*(?P<answer>[\w/]+)")
NEGATIVE = _regex(r"(?:no|none|nil|zero|0|nein|non|nie|нет|neither|n|n/a|na|not|we do)\b(?:$|\s|/)")
ASKED = _regex(
    r"\b(?:do|does|did|has|have|are|is) (?:you|your|the (?:council|authority|trust|force|university|school|department|organisation|organization|company|supplier|contractor|bidder|vendor|offeror))\b|\bhow many\b|\bwhether\b|\blike to know\b|\bany of (?:your|the|these)\b"
)
PICK_LIST = _regex(
    r"\([^()]*/[^()]*/[^()]*\)\s*[:?]|\b(?:delete as (?:applicable|appropriate)|select one|please (?:select|tick|circle)|tick (?:one|all|as))\b"
)

CLAUSES = _regex(
    r"52\.204-2[456]|252\.204-70(?:16|17|18)|(?:section|sec\.?|§)\s*889|\b889\s*\(|115-232|200\.216|covered telecommunications (?:equipment|or)|obligating or expending|covered list\b|prohibited (?:technolog|compan|vendor)\w*|high[- ]risk vendors?|entity list"
)
CLAUSE_WORDS = _regex(
    r"prohibit|shall not|does not|do not|will not|did not|is not|represents?|certif|covered|complian|without|free of|no equipment|means|restrict|declar|confirm|list|vendors?"
)
"""FAR 52.204-24, -25 and -26, DFARS 252.204-7016 to -7018 and 2 CFR 200.216 name the makers to say that they are not used."""

NOT_COMPLIANT = _regex(r"(?:not|non)[ -](?:\w+[ -])?(?:complian|889)")
FRAME = _regex(
    r"prohibit|\bban(?:s|ned)?\b|restrict|exclud|covered|high[- ]risk|blacklist|sanction|procure|supply chain|complian|public safety|produced by|cease|unacceptable|\bavoid|\bpolicy\b|\bclause\b|\bdeclar|\bconfirm|\bcertif|\baccept|such as|including|e\.g"
)
MANY = 3
"""A line that names so many makers and frames them as a list speaks of them, and buys from none."""

COMPATIBLE = _regex(r"^[\s-]*(?:compatible|kompatibel|compatibles?|compatibile|совместим\w*|兼容|style|type bracket)")
COMPATIBLE_BEFORE = re.compile(
    r"\b(?:compatible with|works with|equivalent to|equal to|similar to|alternative to|compatible avec|kompatibel mit|compatibile con|compatible con|совместим\w* с|competitors? (?:of|to)|to suit|to fit|fits|suitable for|bracket for|mount for)\s+(?:the\s+|" + ITEM + r"|,|and|or|/|\s)*$",
    re.IGNORECASE,
)  # fmt: skip


def judge_clause(text: str, start: int, end: int, hits: list[tuple[int, int]], makers: int = 1, things: bool = False) -> tuple[str, str]:
    """The rule that says the name is not there as a maker, and the words it rests on; two empty strings when it is there.

    `makers` is how many makers the text names, `things` whether it holds a product code or hardware address.
    """
    if not text[:start].strip() and not text[end:].strip():
        return "", ""
    sentence = text[slice(*_around(SENTENCE_END, text, start, end))]
    if CLAUSES.search(sentence) and (said := CLAUSE_WORDS.search(sentence)) and not NOT_COMPLIANT.search(sentence):
        return "clause", f"a clause that names makers to exclude them ({said[0]!r})"
    if makers >= MANY and not things and (said := FRAME.search(sentence)):
        return "clause", f"a list of makers ({said[0]!r}), not a line about one"
    if asked := _asked(text, start, end, sentence):
        return asked
    left, right = _around(CLAUSE_END, text, start, end)
    before, after = _with_items(text, left, start, hits), _with_items(text, end, right, hits)
    if not SOME_LEFT.search(sentence):
        for rule, pattern in BEFORE:
            if (found := pattern.search(before)) and not (before.rstrip().endswith(",") and THERE.search(after)):
                return rule, found[0].replace(ITEM, "…").strip()
        for rule, pattern in AFTER:
            if found := pattern.search(after):
                return rule, found[0].replace(ITEM, "…").strip(" ,:")
    if found := COMPATIBLE.search(after) or COMPATIBLE_BEFORE.search(before):
        return "compatible", found[0].replace(ITEM, "…").strip()
    return "", ""


def _asked(text: str, start: int, end: int, sentence: str) -> tuple[str, str] | None:
    """A question that names makers: answered no, not answered at all, or a list to pick from."""
    if PICK_LIST.search(text) and "/" in text[max(0, start - 1) : end + 1]:
        return "pick-list", "one of several to choose from"
    answered = ANSWERED.search(text[end : end + 260]) or SAID.search(text[end : end + 260])
    if answered and NEGATIVE.match(answered["answer"] + " "):
        return "answered-no", answered[0].strip()[-80:]
    asks = text[end : end + 200].find("?") >= 0 and ASKED.search(sentence)
    return ("question", sentence.strip()[:80]) if asks and not answered else None


def _around(breaks: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between the last break before a hit and the first one behind it."""
    left = max((found.end() for found in breaks.finditer(text, 0, start)), default=0)
    right = breaks.search(text, end)
    return left, right.start() if right else len(text)


def _with_items(text: str, start: int, end: int, hits: list[tuple[int, int]]) -> str:
    """A stretch of text with every name found in it as one `ITEM`."""
    parts, at = [], start
    for left, right in sorted(hits):
        if start <= left and right <= end and left >= at:
            parts += [text[at:left], ITEM]
            at = right
    return "".join([*parts, text[at:end]])

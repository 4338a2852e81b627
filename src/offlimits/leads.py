"""Lines that buy or list surveillance equipment and name no maker: not findings, but questions worth asking."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from offlimits.model import Entry

KINDS: tuple[tuple[str, str], ...] = (
    ("anpr", r"a\.?n\.?p\.?r\.?|alpr|automatic number[ -]?plate|number[ -]?plate (?:recognition|reader|camera)|kennzeichenerkennung|lapi|lecture automatis[ée]e de plaques|lettura targhe"),
    ("body-worn", r"body[ -]?worn (?:video|camera|cctv)s?|body[ -]?cam(?:era)?s?|\bbwv\b|bodycams?|cam[ée]ras?[ -]pi[ée]tons?"),
    ("facial-recognition", r"(?:facial|face) recognition|gesichtserkennung|reconnaissance faciale|riconoscimento facciale|人脸识别"),
    ("cctv", r"c\.?c\.?t\.?v\.?|closed[ -]circuit|video ?surveillance|surveillance (?:camera|system|equipment|cctv)s?|(?:security|ip|dome|bullet|ptz|surveillance|deployable|redeployable) cameras?|cameras? (?:system|install\w*|mainten\w*|repair)s?|\bnvrs?\b|\bdvrs?\b|network video recorders?|digital video recorders?|video ?[üu]berwach\w*|[üu]berwachungskameras?|vid[ée]o ?(?:surveillance|protection)|videosorveglianza|telecamer[ae]|videovigilancia|c[áa]maras? de (?:seguridad|vigilancia)|monitoring wizyjny|видеонаблюден\w*|监控|摄像机|摄像头|監視"),
    ("access-control", r"access control(?:led)?|door (?:entry|access)|video (?:entry|intercom|door ?phone)s?|intercoms?\b|turnstiles?|zutrittskontrolle|contr[ôo]le d['’]acc[èe]s|controllo accessi|control de accesos|门禁"),
    ("alarm", r"(?:intruder|burglar) alarms?"),
)  # fmt: skip
KIND_REGEXES = tuple((kind, re.compile(rf"(?<![a-z0-9])(?:{pattern})")) for kind, pattern in KINDS)

OTHER_TRADE = re.compile(
    r"sewers?|drain(?:s|age)?\b|gull(?:y|ies)|culverts?|pipe(?:line|work)?s?\b|jetting|manholes?|canal(?:isation)?|kanal(?:inspektion)?|curage|fognatur\w*|flood risk|highway drainage|water (?:main|authority|utilities)|chimney|borehole|surveys?\b|metro rod|dyno[- ]?rod|mini-?cam\b|data collection|traffic counts?",
)
"""A camera pushed through a pipe is a survey, not surveillance."""

NOT_GOODS = re.compile(
    r"train(?:ing|ed|ees?|er)\b|academy|courses?\b|qualification|seminar|conference|e-?learning|schulung|formation\b|formazione|sign(?:s|age)\b|subscription|magazine|membership|recruit\w*|agency staff|salar(?:y|ies)|wages|overtime|payroll|employees|staff costs?|insurance|fee expenses?|adjudication|window|glazing|shutters?|legal (?:fees|advice)|consultation|advert\w*|user group|society|federation|npower|british gas|electricity|energy (?:supply|charges?|bills?)|decorat\w*|painting|brickwork|roofing|plumbing|landscap\w*|grounds maintenance|waste|catering|stationery|travel expenses|catalogue",
)
"""Words of lines that pay for people, paper or teaching, not for equipment."""

ALARM_ONLY = frozenset({"alarm"})

TRIGGERS = (
    "cctv", "c.c.t.v", "closed circuit", "closed-circuit", "anpr", "a.n.p.r", "alpr", "number plate", "numberplate", "number-plate", "surveillance", "camera", "body worn",
    "body-worn", "bodyworn", "body cam", "bodycam", "body-cam", "bwv", "facial recognition", "face recognition", "nvr", "dvr", "video recorder", "überwach", "uberwach",
    "kennzeichenerkennung", "lapi", "lecture automatis", "gesichtserkennung", "videosorveglianza", "telecamer", "videovigilancia", "camara", "cámara", "caméra", "monitoring wizyjny", "видеонаблюден",
    "监控", "摄像", "監視", "人脸识别", "riconoscimento facciale", "reconnaissance faciale", "access control", "door entry", "door access", "video entry", "video door", "intercom", "turnstile",
    "zutrittskontrolle", "controle d", "contrôle d", "controllo accessi", "control de accesos", "门禁", "targhe", "vidéo", "videoprotection",
)  # fmt: skip
"""Literals without which no line can be a lead; folded where they are searched for."""

GOODS = ("text", "category", "name", "maker", "product-code", "place")
"""Fields that say what was bought or from whom, or where it is; a cost centre says only who paid."""


class Sign(msgspec.Struct, frozen=True):
    """Why a line is worth a question: the kind of equipment, the words, and the field they stood in."""

    kind: str
    words: str
    field: str


def lead_sign(entry: Entry) -> Sign | None:
    """What makes an entry a lead, or None. The words must stand in what was bought or in the supplier's name, and nothing in the line may tell of drains, teaching or pay."""
    sign = next((sign for sign in _signs(entry) if sign.kind not in ALARM_ONLY), None)
    if sign is None:
        return None
    whole = " | ".join(mention.text for mention in entry.mentions).lower()
    goods = " | ".join(mention.text for mention in entry.mentions if mention.kind != "cost-centre").lower()
    return None if OTHER_TRADE.search(whole) or NOT_GOODS.search(goods) else sign


def _signs(entry: Entry) -> Iterator[Sign]:
    for kind, regex in KIND_REGEXES:
        for mention in entry.mentions:
            if mention.kind in GOODS and (found := regex.search(mention.text.lower())):
                yield Sign(kind, mention.text[found.start() : found.end()] or found[0], mention.field)


QUESTIONS = {
    "cctv": "the cameras, recorders and video management software",
    "anpr": "the number-plate cameras and the software that reads the plates",
    "body-worn": "the body-worn cameras and their docking and storage",
    "facial-recognition": "the cameras and the software that compares faces",
    "access-control": "the readers, door stations, intercoms and controllers",
}


def question(kind: str, supplier: str, lines: int) -> str:
    """A question that can be sent as it stands."""
    whom = supplier or "the supplier"
    what = QUESTIONS.get(kind, "the equipment")
    count = "one line" if lines == 1 else f"{lines:,} lines"
    return (
        f"To {whom}: our records show {count} with you for this kind of equipment. Please tell us, for each item supplied, installed or maintained, "
        f"the manufacturer (not only the brand on the label) and the exact model number of {what}; whether any of it is made by or contains parts of "
        "Hikvision, Dahua, Huawei (HiSilicon chips included), ZTE, Hytera, Tiandy or Uniview, under any brand; and the network (MAC) addresses of the devices."
    )

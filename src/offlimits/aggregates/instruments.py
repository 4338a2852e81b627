"""What kind of thing a line of holdings is: named, never guessed into another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from ahocorasick_rs import AhoCorasick

Kind = Literal[
    "share", "depositary-receipt", "bond", "convertible", "participatory-note", "swap", "future", "option", "forward", "fund", "private",
    "cash", "loan", "other", "unknown",
]  # fmt: skip

NPORT: dict[str, Kind] = {
    "EC": "share", "EP": "share", "DBT": "bond", "ABS-MBS": "bond", "ABS-APCP": "bond", "ABS-CBDO": "bond", "ABS-O": "bond", "SN": "bond",
    "LON": "loan", "STIV": "cash", "RA": "cash", "RE": "other", "COMM": "other", "DCO": "other", "DCR": "swap", "DE": "swap", "DFE": "forward",
    "DIR": "swap", "DO": "other",
}  # fmt: skip
"""Form N-PORT, Item C.4: asset types."""

CIC = re.compile(r"[A-Z]{2}[1-9A-F]\d")
CIC_KINDS: dict[str, Kind] = {
    "1": "bond", "2": "bond", "3": "share", "4": "fund", "5": "participatory-note", "6": "bond", "7": "cash", "8": "loan", "9": "other",
    "A": "future", "B": "option", "C": "option", "D": "swap", "E": "forward", "F": "swap",
}  # fmt: skip
"""Complementary identification codes of Solvency II (EU 2015/2450, annex V): country, category, sub-category. Structured notes (5) are debts of
their issuer that stand on something else."""

WORDS: tuple[tuple[Kind, str], ...] = (
    ("participatory-note", r"\bp-?notes?\b|participat(ory|ion) notes?|\bp note\b|market access (note|product)"),
    ("convertible", r"\bconvertible|\bcnv\b|\bcvt\b|\bcb\b.*\d"),
    ("swap", r"\bswaps?\b|\btrs\b|\bcds\b|\bcfd\b|contract for difference"),
    ("future", r"\bfutures?\b|\bfut\b"),
    ("option", r"\boptions?\b|\bwarrants?\b|\brights?\b|\bput\b|\bcall\b|swaption"),
    ("forward", r"\bforwards?\b|\bfx\b|\bcurrency contract"),
    (
        "private",
        r"private (equity|credit|debt|markets?)|venture|real (estate|assets?)|absolute return|hedge|infrastructure|buy-?out|partners(hip)?\b",
    ),
    (
        "fund",
        r"\bfunds?\b|\betfs?\b|\bucits\b|\bindex\b|\bmutual\b|\bisha(res)?\b|\bspdr\b|\bvanguard\b|\bsicav\b|\boeic\b|\bunit trust|unit investment|\breit fund|\btracker\b|investment company|collective investment|\btf\b|\bmsci\b|\bftse\b|s&p 500|russell \d+|public equity|fixed income|pooled",
    ),
    ("cash", r"\bcash\b|money market|\bdeposits?\b|margin|treasury bill|repurchase|liquidit[äy]t|\bcurrency\b"),
    ("depositary-receipt", r"\b[ag]drs?\b|depositary|depository receipt"),
    ("bond", r"\bbonds?\b|\bnotes?\b|\bdebt\b|debenture|\bmtn\b|obligation|anleihe|\d(\.\d+)?% |\bgovernment|corporate|\bsukuk"),
    ("loan", r"\bloans?\b"),
    (
        "share",
        r"\bequit|\bshares?\b|\bstock\b|\bcom\b|\bcommon\b|\bord\b|\baktien?\b|\bactions?\b|\bacciones\b|\bazion|\bcl [a-c]\b|\badr\b",
    ),
)
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple((kind, re.compile(pattern)) for kind, pattern in WORDS)

FUND_NAME = re.compile(
    r"\betfs?\b|\bucits\b|\bindex fund|\bsicav\b|\boeic\b|\bishares\b|\bspdr\b|\bfund\b(?! manage)|\bfunds$|\b(core|msci|ftse|s&p) \w+ (etf|index|emkt|eafe)"
    r"|\bmsci\b.*\b(index|etf|tf|world|acwi|usa|eafe|emerging)|\bunit tr"
)
"""Words by which a fund names itself. `Old Mutual`, `Vanguard International Semiconductor` and `MSCI Inc` are companies."""

COMPANY = re.compile(
    r"\b(inc|ltd|limited|plc|corp|corporation|co|company|ag|sa|nv|bhd|tbk|spa|asa|ab|oyj|kk|jsc|pjsc|se|gmbh|llc|holdings?)\.?( [a-z])?$"
)
STATED_PRIVATE = re.compile(r"private|real (estate|assets?)|absolute return|hedge|venture|infrastructure|partnership")
NAMED_PRIVATE = re.compile(r"private (equity|credit|debt)|venture (capital|partners)|limited partnership|\bl\.?p\.?$|co-?invest")
STATED_FUND = re.compile(r"public equity|pooled|mutual|fund|etf|unit investment|collective")


@lru_cache(maxsize=65536)
def instrument(stated: str, name: str) -> Kind:
    """The kind of a line: by its stated asset class first, then by words of its name; `share` where neither says another."""
    kind = _stated(stated)
    return _by_name(name) if kind is None else _of_share(kind, name)


@lru_cache(maxsize=4096)
def _stated(stated: str) -> Kind | None:
    """The kind that an asset class says; None where it says none."""
    code = stated.strip().upper()
    if code in NPORT:
        return NPORT[code]
    if CIC.fullmatch(code):
        return CIC_KINDS[code[2]]
    words = stated.lower()
    if words and STATED_PRIVATE.search(words):
        return "private"
    if words and STATED_FUND.search(words):
        return "fund"
    said = (kind for kind, pattern in PATTERNS if words and kind not in ("private", "fund") and pattern.search(words))
    return next(said, None)


def _of_share(kind: Kind, name: str) -> Kind:
    """A share that its own name calls a receipt, a fund or a note is that."""
    if kind not in ("share", "bond"):
        return kind
    named = _by_name(name)
    wanted: tuple[Kind, ...] = (
        ("depositary-receipt", "participatory-note", "fund") if kind == "share" else ("convertible", "participatory-note")
    )
    return named if named in wanted else kind


NAMED_KINDS = ("participatory-note", "convertible", "swap", "future", "option", "depositary-receipt")


NAMED_ANY = re.compile("|".join(f"(?:{pattern})" for kind, pattern in WORDS if kind in NAMED_KINDS))


def _by_name(name: str) -> Kind:
    words = name.lower()
    if FUND_NAME.search(words):
        return "fund"
    if COMPANY.search(words):
        return "depositary-receipt" if re.search(r"\b[ag]drs?\b", words) else "share"
    named = (kind for kind, pattern in PATTERNS if kind in NAMED_KINDS and pattern.search(words)) if NAMED_ANY.search(words) else iter(())
    return next(named, "private" if NAMED_PRIVATE.search(words) else "share")


DERIVATIVES: tuple[Kind, ...] = ("swap", "future", "option", "forward")
"""Their market value is not what they stand for."""

DEBT: tuple[Kind, ...] = ("bond", "convertible", "loan")
OPAQUE: tuple[Kind, ...] = ("fund", "private", "unknown")
"""Money in them is somewhere else; without a list nobody knows where."""

FUNDISH = re.compile(
    r"fund|etf|ucits|sicav|oeic|ishares|spdr|msci|ftse|s&p|core |unit tr|private (?:equity|credit|debt)|venture|limited partner|l\.?p\.?$|co-?invest",
    re.MULTILINE,
)
"""A part of every name that `instrument` takes for a fund or a private holding; most other names have none."""


FUND_PARTS = AhoCorasick([
    "fund", "etf", "ucits", "sicav", "oeic", "ishares", "spdr", "msci", "ftse", "s&p", "core ", "unit tr", "private ", "venture", "limited partner",
    "lp\n", "l.p", "invest",
])  # fmt: skip
"""Literals of which every match of `FUNDISH` holds one; looking for them is quicker than the pattern. Names end with a line's end here."""


def may_be_opaque(stated: Sequence[str], names: Sequence[str]) -> list[int]:
    """Numbers of the lines that may be funds or private holdings: quick, and never one too few."""
    classes = {text: _says_opaque(text) for text in set(stated)}
    told = [number for number, text in enumerate(stated) if classes[text]] if any(classes.values()) else []
    lowered = "\n".join(names).lower() + "\n"
    if lowered.count("\n") != len(names):
        lowered = "\n".join(name.replace("\n", " ") for name in names).lower() + "\n"
    if not FUND_PARTS.find_matches_as_indexes(lowered):
        return told
    found: list[int] = []
    line, at = 0, 0
    for hit in FUNDISH.finditer(lowered):
        line += lowered.count("\n", at, hit.start())
        at = hit.start()
        found.append(line)
    return sorted({*told, *found})


def _says_opaque(stated: str) -> bool:
    words = stated.lower()
    if CIC.fullmatch(stated.strip().upper()):
        return CIC_KINDS[stated.strip().upper()[2]] in OPAQUE
    return bool(STATED_PRIVATE.search(words) or STATED_FUND.search(words))

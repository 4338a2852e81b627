"""What the kind of a text takes from the matches in it: names of hosts and numbers of things may be made up at random or count, and
hearsay is not the device's word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from offlimits.matching.base import Text
from offlimits.model import ColumnKind, Match, Reason

MADE_UP = re.compile(
    r"(?:DESKTOP-[A-Z0-9]{7}|LAPTOP-[A-Z0-9]{8}|WIN-[A-Z0-9]{11}|(?:EC2AMAZ|MININT)-[A-Z0-9]{6,7})(?:\.\S*)?", re.IGNORECASE
)
"""Names that the setup of Windows, its images in a cloud and its deployment make up at random, where nobody gives one."""

NUMBERED = re.compile(r"[A-Za-z]{1,3}[-_]?\d{2,6}")
"""A few letters and a number, as people count hosts."""

GIVEN: tuple[ColumnKind, ...] = ("serial", "record", "place")
"""Kinds of numbers and names that were given to a thing, a record or a place."""

READ_INTO = frozenset({"product-code", "name-glued", "acronym-glued", "name-misspelt", "name-shortened", "name-split"})
"""Rules that read something into letters and digits."""

HYPHEN = re.compile(r"[-_‐‑–]")
"""What a code has inside that is written as its maker writes it; a Hikvision's serial number begins with one."""

ROOM = re.compile(
    r"\b(?:rooms?|rm|offices?|buildings?|bldg|blocks?|floors?|levels?|wards?|gates?|bays?|flats?|labs?|theatres?|halls?|racks?|desks?"
    r"|raum|r[äa]ume|zimmer|geb[äa]ude|halle|salle|bureau|b[âa]timent|stanza|aula|ufficio|edificio|sala|despacho|planta|lokaal|kamer|pok[óo]j"
    r"|кабинет|комната|корпус)\.?[ :#]*(?:no\.? ?|nr\.? ?|n[°º] ?)?$",
    re.IGNORECASE,
)
"""Words behind which a number is a place's."""

DOOR = re.compile(r"[A-Za-z]{1,2}[-.]?\d{1,3}[A-Za-z]?")
"""As rooms are numbered."""

HEARD: dict[ColumnKind, tuple[str, str]] = {
    "guess": ("scanner-guess", "a scanner's guess from how the device answers, not what it says"),
    "agent": ("program-agent", "what a program says when it asks a server; apps on phones and computers say it too"),
    "passing": ("passing-certificate", "a certificate that was seen; whether it is of a device here or of a server elsewhere is not told"),
}
"""Rule and reason of each kind of hearsay."""

HIGHEST = 0.5
"""Score of what a numbered host or hearsay shows at most: possible."""


def by_kind(found: Iterable[Match], text: Text) -> Iterator[Match]:
    """The matches that stand in a text of this kind, as strong as it lets them be."""
    if text.kind in ("hostname", "host"):
        return _of_host(found, at_random=MADE_UP.fullmatch(text.clean.strip()) is not None)
    if text.kind in GIVEN:
        return filter(_tells, found)
    if text.kind in HEARD:
        return (_heard(match, *HEARD[text.kind]) for match in found)
    return (match for match in found if not (match.rule == "product-code" and _is_room(text, match)))


def _of_host(found: Iterable[Match], *, at_random: bool) -> Iterator[Match]:
    """Nothing is read into a name made up at random; a code that may be a count is possible at most."""
    for match in found:
        if match.rule == "product-code" and NUMBERED.fullmatch(match.text.partition(".")[0]):
            match = _at_most(match, "numbered-host", "hosts are numbered like this; whatever it is, its name does not say it")
        if not (at_random and match.rule in READ_INTO):
            yield match


def _is_room(text: Text, match: Match) -> bool:
    """Whether what may be a code is the number of a room or a building (`Room F609`)."""
    short = match.needs or DOOR.fullmatch(match.text)
    return bool(short) and ROOM.search(text.clean[: match.start]) is not None


def _tells(match: Match) -> bool:
    """Whether a match in a serial number, a tag, the number of a record or a place counts: a name that stands there, with a count or
    without, or a code that says enough alone and has its hyphen."""
    if match.rule == "product-code":
        return not match.needs and HYPHEN.search(match.text) is not None
    return match.rule not in READ_INTO or match.rule == "name-glued"


def _heard(match: Match, rule: str, detail: str) -> Match:
    """No second sign for another match either: nmap's 94 % for one maker's recorder is what any Linux of those years gets."""
    return msgspec.structs.replace(_at_most(match, rule, detail), product=False, brand_word=False)


def _at_most(match: Match, rule: str, detail: str) -> Match:
    """The match, possible at most, whatever stands beside it."""
    weight = round(HIGHEST - match.score, 2)
    reasons = (*match.reasons, Reason(rule=rule, detail=detail, weight=weight)) if weight < 0 else match.reasons
    return msgspec.structs.replace(match, score=min(match.score, HIGHEST), needs="", with_sign=0.0, reasons=reasons)

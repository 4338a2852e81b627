"""Names and numbers given to one thing: hosts, serial numbers, asset tags. Some are made up at random, others count, and either may look
like the code of a product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from offlimits.model import ColumnKind, Match, Reason

HOSTS: tuple[ColumnKind, ...] = ("hostname", "host")

MADE_UP = re.compile(
    r"(?:DESKTOP-[A-Z0-9]{7}|LAPTOP-[A-Z0-9]{8}|WIN-[A-Z0-9]{11}|(?:EC2AMAZ|MININT)-[A-Z0-9]{6,7})(?:\.\S*)?", re.IGNORECASE
)
"""Names that the setup of Windows, its images in a cloud and its deployment make up at random, where nobody gives one."""

NUMBERED = re.compile(r"[A-Za-z]{1,3}[-_]?\d{2,6}")
"""A few letters and a number, as people count hosts."""

READ_INTO = frozenset({"product-code", "name-glued", "name-misspelt", "name-shortened", "name-split"})
"""Rules that read something into letters and digits."""

DOUBTED = 0.5

WHOLE = re.compile(r"[-_‐‑–]")
"""What a code has inside that is written as its maker writes it; a Hikvision's serial number begins with one."""


def told_by_number(found: Iterable[Match]) -> Iterator[Match]:
    """The matches in a serial number or a tag: names that stand there, and codes that say enough alone and have their hyphen."""
    for match in found:
        if match.rule not in READ_INTO or (match.rule == "product-code" and not match.needs and WHOLE.search(match.text)):
            yield match


def doubted(found: Iterable[Match], host: str) -> Iterator[Match]:
    """The matches in the name of a host: none read into a name made up at random; a code that may be a count is possible at most."""
    at_random = MADE_UP.fullmatch(host.strip()) is not None
    for match in found:
        if at_random and match.rule in READ_INTO:
            continue
        yield _counted(match) if match.rule == "product-code" and NUMBERED.fullmatch(match.text.partition(".")[0]) else match


def _counted(match: Match) -> Match:
    weight = round(DOUBTED - match.score, 2)
    reason = Reason(rule="numbered-host", detail="hosts are numbered like this; whatever it is, its name does not say it", weight=weight)
    reasons = (*match.reasons, reason) if weight < 0 else match.reasons
    return msgspec.structs.replace(match, score=min(match.score, DOUBTED), with_sign=0.0, needs="", reasons=reasons)

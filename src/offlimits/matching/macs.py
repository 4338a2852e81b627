"""Hardware addresses: who an IEEE prefix was assigned to. A random address says nothing, and is said to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from offlimits.codes import LATIN
from offlimits.matching.base import Text, Trigger
from offlimits.model import Match, Reason
from offlimits.registry.data import MAC_EVIDENCE, MacPrefix

NOT_BEFORE, NOT_BEHIND = rf"(?<![{LATIN}:.-])", r"(?![0-9A-Za-z:]|[-._][0-9A-Fa-f]{2}\b)"
SEPARATED = re.compile(
    rf"{NOT_BEFORE}(?:[0-9A-F]{{2}}([:\-_. ])(?:[0-9A-F]{{2}}\1){{4}}[0-9A-F]{{2}}|[0-9A-F]{{1,2}}(?::[0-9A-F]{{1,2}}){{5}}"
    rf"|[0-9A-F]{{4}}([.\-:])[0-9A-F]{{4}}\2[0-9A-F]{{4}}|[0-9A-F]{{6}}[-:][0-9A-F]{{6}}){NOT_BEHIND}",
    re.IGNORECASE,
)
"""Six octets parted by colons, hyphens, blanks, dots or underscores (leading zeros dropped by some systems' `arp`), three groups of
four, two of six."""

PLAIN = re.compile(rf"(?<![{LATIN}])[0-9A-F]{{12}}(?![0-9A-Za-z])", re.IGNORECASE)
SAID = re.compile(r"\bmac\b|mac[ -]?(?:addr|id)|ethernet|bssid|\bmac:", re.IGNORECASE)
LOCAL_BIT = 0x02
"""IEEE 802-2014, 8.2.2: the second lowest bit of the first octet is 1 in a locally administered address."""


class Macs:
    """The hardware-address matcher."""

    def __init__(self, prefixes: Iterable[MacPrefix], edition: str) -> None:
        self._prefixes = {prefix.prefix: prefix for prefix in prefixes}
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)
        self.edition = edition

    def triggers(self) -> Iterator[Trigger]:
        for prefix in {prefix[:6].lower() for prefix in self._prefixes}:
            first, second, third = prefix[:2], prefix[2:4], prefix[4:]
            yield from (Trigger(gap.join((first, second, third)), edge=True) for gap in ("", ":", "-", " ", ".", "_"))
            yield Trigger(":".join(octet.removeprefix("0") for octet in (first, second, third)), edge=True)
            yield from (Trigger(f"{first}{second}{gap}{third}", edge=True) for gap in ".-:")

    def find(self, text: Text) -> Iterator[Match]:
        for found in addresses(text):
            digits = hex_digits(found[0])
            prefix = self.owner(digits)
            if prefix is None or is_local(digits):
                continue
            score = 0.92 if text.kind == "mac" or len(found[0]) > 12 or SAID.search(text.clean) else 0.8
            detail = f"{found[0]} begins with {prefix.prefix}, assigned to {prefix.organisation!r} (IEEE, table of {self.edition})"
            yield Match(
                entity=prefix.entity,
                rule="mac-prefix",
                text=found[0],
                start=found.start(),
                end=found.end(),
                score=score,
                reasons=(Reason(rule="mac-prefix", detail=detail, weight=score),),
                evidence=(MAC_EVIDENCE,),
            )

    def owner(self, digits: str) -> MacPrefix | None:
        """The assignment with the longest prefix of an address given as hex digits."""
        return next((self._prefixes[digits[:length]] for length in self._lengths if digits[:length] in self._prefixes), None)


def addresses(text: Text) -> Iterator[re.Match[str]]:
    """Hardware addresses in a text; twelve bare hex digits when the field or the text says that they are one, or when they hold both
    letters and digits."""
    yield from SEPARATED.finditer(text.clean)
    said = text.kind == "mac" or SAID.search(text.clean) is not None
    yield from (found for found in PLAIN.finditer(text.clean) if said or not (found[0].isdigit() or found[0].isalpha()))


def hex_digits(address: str) -> str:
    """The twelve digits of an address however it is written, in capitals; a dropped leading zero is put back."""
    if address.count(":") == 5:
        return "".join(octet.zfill(2) for octet in address.split(":")).upper()
    return re.sub(r"[^0-9A-Fa-f]", "", address).upper()


def is_local(digits: str) -> bool:
    """Whether an address, as hex digits, is locally administered: random or set by hand, so nobody's."""
    return len(digits) >= 2 and bool(int(digits[:2], 16) & LOCAL_BIT)

"""Names that lists write as prose: aliases behind "a.k.a.", in brackets, in numbered lists, an affiliate behind its parent."""

from __future__ import annotations

import re

from offlimits.lists.base import Alias
from offlimits.model import Value

AFFILIATED = re.compile(r"^(?P<parent>.+?)\.?\s+Affiliated Entit(?:y|ies):\s*(?P<name>.+)$", re.DOTALL)
SUCCESSORS = re.compile(r"[;,]? and any successors?,? .*$", re.IGNORECASE)
ALSO = re.compile(r",?\s*\(?(?P<kind>a\.?k\.?a\.?|f\.?k\.?a\.?|formerly known as|also known as)[,:]?\s+", re.IGNORECASE)
COUNTED = re.compile(r"^the following \w+ alias(?:es)?:?\s*", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*(?:;\s*(?:and\s+)?)?[—–]\s*|\s*;\s*(?:and\s+)?|\s+and\s+[—–]\s*")
ABBREVIATED = re.compile(r"^(?P<name>.+?)\s*\((?P<short>[^()]+)\)\s*\*?$")
LEGAL = re.compile(
    r"^(?:and )?(?:co|corp|inc|ltd|limited|llc|l\.l\.c|plc|pte|pvt|gmbh|company|s\.?a|ltda|jsc|incorporated|corporation)\b"
    r"[., ]*(?:ltd|limited|inc)?\.?$",
    re.IGNORECASE,
)
STOP = re.compile(r"(?<!\bNo)(?<!\bSt)(?<!\bCo)(?<!\b[A-Z])\.\s+(?=[\"“A-Z0-9])")
"""The end of a sentence: no abbreviation before it."""


class Named(Value, frozen=True):
    """A name taken out of prose: aliases in order, the parent before "Affiliated Entity:", and what stands behind (an address)."""

    name: str
    aliases: tuple[Alias, ...] = ()
    parent: str = ""
    rest: str = ""


def take_name(text: str, address: bool = False) -> Named:
    """A name with its aliases. With `address` an address may follow, behind the last alias's full stop or behind a comma."""
    text = SUCCESSORS.sub("", " ".join(text.split())).strip()
    if affiliate := AFFILIATED.match(text):
        inner = take_name(affiliate["name"], address)
        return Named(name=inner.name, aliases=inner.aliases, parent=affiliate["parent"].strip(), rest=inner.rest)
    also = ALSO.search(text)
    if also is None:
        name, rest = _before_address(text) if address else (text, "")
        short = _short(name)
        return Named(name=short[0], aliases=short[1], rest=rest)
    name, short_names = _short(text[: also.start()].rstrip(" ,"))
    listed, rest = _alias_block(text[also.end() :], address)
    kind = "former" if also["kind"].lower().startswith("f") else "alias"
    return Named(name=name, aliases=(*short_names, *(Alias(text=item, kind=kind) for item in listed)), rest=rest)  # type: ignore[arg-type]


def _alias_block(text: str, address: bool) -> tuple[list[str], str]:
    """The aliases of a block and what follows it."""
    text = COUNTED.sub("", text)
    rest = ""
    if address:
        last = max(text.rfind("—"), text.rfind("–"), 0)
        stop = STOP.search(text, last)
        if stop:
            text, rest = text[: stop.start() + 1], text[stop.end() :]
    items = (re.sub(r"^and\s+", "", item.strip(" ,;()")) for item in SEPARATOR.split(text))
    names = [re.sub(r"(?<!Ltd)(?<!Inc)(?<!Co)(?<!Corp)\.$", "", item) for item in items if item]
    return [name for name in names if name.lower() != "and"], rest.strip()


def _before_address(text: str) -> tuple[str, str]:
    """A name up to the first comma that no legal form follows; and the rest."""
    parts = text.split(", ")
    taken = 1
    while taken < len(parts) and LEGAL.match(parts[taken]):
        taken += 1
    return ", ".join(parts[:taken]).rstrip(","), ", ".join(parts[taken:])


def _short(text: str) -> tuple[str, tuple[Alias, ...]]:
    """`Name (Short)*` → the name and its short form."""
    found = ABBREVIATED.match(text.strip())
    if found is None:
        return text.strip().rstrip("*").strip(), ()
    inner = re.sub(
        r"^(?:a\.?k\.?a\.?,?|formerly|including (?:the following )?\w+ alias(?:es)?:)\s*", "", found["short"], flags=re.IGNORECASE
    )
    return found["name"].strip(), tuple(Alias(text=part.strip()) for part in re.split(r"\s*;\s*(?:and\s+)?", inner) if part.strip())

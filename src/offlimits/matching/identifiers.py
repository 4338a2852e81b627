"""Identifiers, exactly: securities, legal entities, registers, standards bodies, domains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from offlimits.matching.base import Text, Trigger
from offlimits.model import Entity, Identifier, Match, Reason
from offlimits.text import fold

TOKENS = re.compile(r"[A-Za-z0-9]+(?:[.\-:][A-Za-z0-9]+)*")
DOMAIN = re.compile(r"(?<![A-Za-z0-9_-])(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z]{2,}(?![A-Za-z0-9_-])", re.IGNORECASE)
SELF_EVIDENT = frozenset({"isin", "lei", "uscc", "figi", "crossref-funder", "grid", "isni"})
"""Schemes long and strict enough to be told anywhere."""

ANYWHERE = SELF_EVIDENT | {"ror", "app-id"}

IN_COLUMN: dict[str, frozenset[str]] = {
    "ticker": frozenset({"ticker"}),
    "sedol": frozenset({"sedol"}),
    "cusip": frozenset({"cusip"}),
    "figi": frozenset({"figi"}),
    "company-number": frozenset({"company-number", "uscc"}),
}
FCC_ID = re.compile(r"FCC\s*ID\W{0,3}([A-Z0-9]{3,5})[- ]?([A-Z0-9-]*)", re.IGNORECASE)
EXCHANGE = re.compile(r"\.(?:SZ|SS|SH|HK|SHE|SHA|HKG)$", re.IGNORECASE)

CALLED = 0.5
"""Identity score of a device that called a host of theirs."""


class Identifiers:
    """The identifier matcher."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._values: dict[str, dict[str, tuple[str, Identifier]]] = {}
        self._schemes: dict[str, list[str]] = {}
        for entity in entities:
            for identifier in entity.identifiers:
                value = normalise(identifier.scheme, identifier.value)
                self._values.setdefault(identifier.scheme, {})[value] = (entity.id, identifier)
                self._schemes.setdefault(value, []).append(identifier.scheme)

    def triggers(self) -> Iterator[Trigger]:
        for scheme, values in self._values.items():
            if scheme in SELF_EVIDENT or scheme in ("domain", "host", "app-id", "ror", "ticker", "company-number", "sedol", "cusip"):
                yield from (Trigger(fold(value)) for value in values)
                yield from (Trigger(fold(identifier.value)) for _, identifier in values.values())
        if "fcc-grantee" in self._values:
            yield Trigger("fcc")

    def find(self, text: Text) -> Iterator[Match]:
        if text.kind == "called":
            yield from self._called(text)
            return
        yield from self._domains(text)
        for found in TOKENS.finditer(text.clean):
            yield from self._token(text, found)
        for found in FCC_ID.finditer(text.clean):
            known = self._values.get("fcc-grantee", {}).get(found[1].upper())
            if known:
                yield _match(*known, found, 0.95, "the grantee code of an FCC ID")

    def _token(self, text: Text, found: re.Match[str]) -> Iterator[Match]:
        """One word as an identifier: anywhere for strict schemes, in a column of its kind for the others, a ticker also with its
        exchange."""
        for plain in {normalise("", found[0]), normalise("ror", found[0]), normalise("ticker", found[0])}:
            for scheme in self._schemes.get(plain, ()):
                allowed = scheme in ANYWHERE or scheme in IN_COLUMN.get(text.kind, ()) or (scheme == "ticker" and EXCHANGE.search(found[0]))
                if allowed:
                    yield _match(*self._values[scheme][plain], found, 0.99, f"the {scheme} {found[0]}")
                    return

    def _domains(self, text: Text) -> Iterator[Match]:
        domains, hosts = self._values.get("domain", {}), self._values.get("host", {})
        for found in DOMAIN.finditer(text.clean):
            if called := hosts.get(found[0].lower()):
                yield _match(*called, found, 0.93, f"the host {found[0]}, which its devices or apps call")
                continue
            labels = found[0].lower().split(".")
            for start in range(len(labels) - 1):
                known = domains.get(".".join(labels[start:]))
                if known:
                    yield _match(*known, found, 0.93, f"the domain {'.'.join(labels[start:])}")
                    break

    def _called(self, text: Text) -> Iterator[Match]:
        """A host that a device called: the maker's devices do, and so do apps and browsers, so it says little of what the device is."""
        for found in DOMAIN.finditer(text.clean):
            labels = found[0].lower().split(".")
            for start in range(len(labels) - 1):
                name = ".".join(labels[start:])
                known = (self._values.get("host", {}).get(name) if start == 0 else None) or self._values.get("domain", {}).get(name)
                if known:
                    detail = f"it called {found[0]}, under their domain {name}; so do apps and browsers"
                    yield _match(*known, found, CALLED, detail, "calls-host")
                    break


def normalise(scheme: str, value: str) -> str:
    """The form in which two writings of one identifier are equal."""
    if scheme in ("domain", "host"):
        return value.lower().strip(".")
    if scheme == "ror":
        return value.lower().rpartition("/")[2]
    if scheme == "ticker":
        return value.upper().replace("XSHE:", "").strip()
    return re.sub(r"[\s.-]", "", value).upper()


def _match(entity: str, identifier: Identifier, found: re.Match[str], score: float, detail: str, rule: str = "") -> Match:
    rule = rule or ("domain" if identifier.scheme == "domain" else f"identifier-{identifier.scheme}")
    return Match(
        entity=entity,
        rule=rule,
        text=found[0],
        start=found.start(),
        end=found.end(),
        score=score,
        reasons=(Reason(rule=rule, detail=detail, weight=score),),
        evidence=identifier.evidence,
    )

"""The other walk: control by majority, which does not multiply. Two steps of 50 % make one controlled company.

Each sanctions regime has its own rule, and most measures have none: a list that names companies reaches those it names, unless its text
says otherwise. Ownership counts here, not control by other means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

HALF = Decimal("0.5")


class Rule(msgspec.Struct, frozen=True):
    """From which share on an owned company is reached: half itself or more than half, and whether several owners' shares are added up."""

    more_than_half: bool
    added_up: bool
    source: str


RULES: dict[str, Rule] = {
    "us-ofac": Rule(False, True, "OFAC, FAQ 401: owned in the aggregate, directly or indirectly, 50 percent or more by blocked persons"),
    "eu-fsf": Rule(False, True, "Council of the EU, best practices of 3 July 2024, as law firms report them: 50 % or more, added up"),
    "uk-sanctions": Rule(True, False, "OFSI, UK financial sanctions guidance: more than 50 %; not added up unless the owners act together"),
}
"""By the official list behind a measure (`offlimits.model.LISTS`). The list of Chinese military-industrial companies (NS-CMIC) reaches only
companies that it names: OFAC, FAQ 857."""


def owned_by_majority(
    listed: Iterable[str], shares: Mapping[tuple[str, str], Decimal], rule: Rule = RULES["us-ofac"]
) -> dict[str, Decimal]:
    """Everybody whom the listed ones own under a rule, with the share that counted; `shares[(owner, owned)]` of 1.

    A step counts whole once the owner is listed or owned so; below the threshold it does not count at all.
    """
    reached = set(listed)
    counted: dict[str, Decimal] = {}
    while True:
        sums = _sums(reached, shares, rule)
        new = {name: share for name, share in sums.items() if name not in reached and _reaches(share, rule)}
        if not new:
            return {name: sums[name] for name in counted}
        counted |= new
        reached |= set(new)


def _sums(reached: set[str], shares: Mapping[tuple[str, str], Decimal], rule: Rule) -> dict[str, Decimal]:
    """What the reached ones own of each company: together, or the largest single share."""
    sums: dict[str, Decimal] = {}
    for (owner, owned), share in shares.items():
        if owner in reached:
            before = sums.get(owned, Decimal(0))
            sums[owned] = before + share if rule.added_up else max(before, share)
    return sums


def _reaches(share: Decimal, rule: Rule) -> bool:
    return share > HALF if rule.more_than_half else share >= HALF

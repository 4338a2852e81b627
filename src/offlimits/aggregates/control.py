"""The other walk: control by majority, which does not multiply. Two steps of 50 % make one controlled company.

OFAC, FAQ 401 (50 Percent Rule): whoever is owned in the aggregate, directly or indirectly, 50 % or more by blocked persons is blocked.
Ownership counts here, not control by other means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

HALF = Decimal("0.5")


def owned_by_majority(listed: Iterable[str], shares: Mapping[tuple[str, str], Decimal], at_least: Decimal = HALF) -> dict[str, Decimal]:
    """Everybody whom the listed ones own `at_least` together, with the share that counted; `shares[(owner, owned)]` of 1.

    A step counts whole once the owner is listed or owned so; below the threshold it does not count at all.
    """
    blocked = set(listed)
    counted: dict[str, Decimal] = {}
    while True:
        sums: dict[str, Decimal] = {}
        for (owner, owned), share in shares.items():
            if owner in blocked:
                sums[owned] = sums.get(owned, Decimal(0)) + share
        new = {name: share for name, share in sums.items() if share >= at_least and name not in blocked}
        if not new:
            return {name: sums[name] for name in counted}
        counted |= new
        blocked |= set(new)

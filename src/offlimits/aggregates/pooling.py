"""One list that its currency column parted: where the currencies are of the lines and not of the money, it is put together again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from offlimits.aggregates.positions import Account

MOST_OF_ONE = Decimal(2)
"""No line is more than this part of its fund."""

ABOUT_WHOLE = (Decimal("0.9"), Decimal("1.1"))
"""Weights of a whole list sum to about this."""

LARGE, SMALL = Decimal("0.1"), Decimal("0.01")
NEAR, ROUNDED = Decimal("1.02"), Decimal("1.25")
"""How far value by weight may differ between currencies: in parts of a tenth and more, and in smaller ones, whose weights are rounded."""

OF_THE_LINES = "its currencies are those of the lines: values go with the weights over all of them, so they are of one currency"
ONLY_WEIGHTS = "its currencies are those of the lines: it has weights and no values"
ONE_BY_ONE = "its values are in several currencies, so lines count by their weight"
NO_WHOLE = "its values are in several currencies and no weights say what of the whole each is, so it was not used"


def unit_of(account: Account, stated: bool) -> tuple[bool, Decimal]:
    """Whether weights are percent, and the highest number that may be one. `stated` is that the header says percent.

    Without that their sum tells: parts of a whole sum to about 1. One number that alone spoils such a sum is no weight (`2,344 companies`).
    """
    light = account.weights - sum(account.heavy, Decimal(0))
    heavy = [weight for weight in account.heavy if abs(weight) <= 100 * MOST_OF_ONE]
    one_spoils = len(heavy) <= 1 and account.lines >= 5 and Decimal("0.5") <= light <= Decimal("1.5")
    percent = stated or not (one_spoils or light + sum(heavy, Decimal(0)) <= MOST_OF_ONE)
    return percent, 100 * MOST_OF_ONE if percent else MOST_OF_ONE


def by_list(accounts: Iterable[Account]) -> list[list[Account]]:
    """The accounts of each body and day, which only their currencies part."""
    lists: dict[tuple[str, date | None], list[Account]] = {}
    for account in accounts:
        lists.setdefault((account.body, account.on), []).append(account)
    return list(lists.values())


def pooled(accounts: Sequence[Account], currency: str = "") -> Account:
    """The accounts of one body and day as one, its lines in the file's order; values keep their numbers, in `currency`."""
    lines = [item for account in accounts for item in account.positions]
    return msgspec.structs.replace(
        accounts[0],
        currency=currency,
        lines=sum(account.lines for account in accounts),
        total=sum((account.total for account in accounts), Decimal(0)),
        weights=sum((account.weights for account in accounts), Decimal(0)),
        unvalued=sum(account.unvalued for account in accounts),
        unweighed=sum(account.unweighed for account in accounts),
        repeated=sum(account.repeated for account in accounts),
        untied=sum(account.untied for account in accounts),
        notes=list(accounts[0].notes),
        heavy=[weight for account in accounts for weight in account.heavy],
        positions=[
            msgspec.structs.replace(item, currency=currency)
            for item in sorted(lines, key=lambda item: (item.at.source, item.at.number or 0))
        ],
    )


def is_one_currency(accounts: Sequence[Account], whole: Account, percent: bool) -> bool:
    """Whether values are in one currency though the lines name several: all weights sum to a whole, and value by weight is the same."""
    sum_of_weights = whole.weights / (100 if percent else 1)
    if not ABOUT_WHOLE[0] <= sum_of_weights <= ABOUT_WHOLE[1]:
        return False
    measured = [account for account in accounts if account.weights > SMALL * whole.weights]
    if len(measured) < 2 or any(account.total <= 0 for account in measured):
        return False
    rate = whole.total / whole.weights
    apart = [(account, account.total / account.weights / rate) for account in measured]
    return all(
        1 / most <= ratio <= most for account, ratio in apart for most in [NEAR if account.weights > LARGE * whole.weights else ROUNDED]
    )


def by_weight(accounts: Sequence[Account]) -> Account | None:
    """A list whose values are in several currencies, as one by its weights; None where they sum to no whole. Weights are parts of 1."""
    whole = pooled(accounts)
    if not ABOUT_WHOLE[0] <= whole.weights <= ABOUT_WHOLE[1]:
        return None
    return msgspec.structs.replace(whole, total=Decimal(0), notes=[*whole.notes, ONE_BY_ONE])

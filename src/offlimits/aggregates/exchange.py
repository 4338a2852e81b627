"""Portfolios in several currencies as one sum, at the user's own rates; nothing is looked up and nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from offlimits.aggregates.numbers import to_cents
from offlimits.dates import read_date
from offlimits.errors import UsageError
from offlimits.report import CompanyTogether, Portfolio, RateUsed, Together

CENT = Decimal("0.01")
RATE = re.compile(r"\s*([A-Za-z]{3})\s*=\s*(\d+(?:\.\d+)?)\s*([A-Za-z]{3})(?:\s+(\S+))?\s*")
HINT = 'write --rate "USD=0.79 GBP" or, with its day, --rate "USD=0.79 GBP 2026-03-31"'


class Rates(msgspec.Struct, frozen=True):
    """What one unit of each currency is in the currency `to`, with the day the user gave for it."""

    to: str
    of: dict[str, tuple[Decimal, date | None]]


def read_rates(texts: Iterable[str]) -> Rates | None:
    """Rates as they are written on the command line: `USD=0.79 GBP`, a day behind. None where there are none.

    Raises `UsageError` for what is no rate, for nought, and for rates into different currencies or against one another.
    """
    to, known = "", dict[str, tuple[Decimal, date | None]]()
    for text in texts:
        found = RATE.fullmatch(text)
        if found is None:
            raise UsageError(f"--rate: {text!r} is no rate", HINT)
        currency, rate, into = found[1].upper(), Decimal(found[2]), found[3].upper()
        on = read_date(found[4] or "")
        if found[4] and on is None:
            raise UsageError(f"--rate: {found[4]!r} is no day", HINT)
        if not rate:
            raise UsageError(f"--rate: {text!r} makes money worth nothing", HINT)
        if to not in ("", into):
            raise UsageError(f"--rate: one rate is into {to}, another into {into}", "give all rates into one currency")
        if known.get(currency, (rate, on)) != (rate, on) or (currency == into and rate != 1):
            raise UsageError(f"--rate: {text!r} is against another rate or against itself", "give one rate for each currency")
        to, known[currency] = into, (rate, on)
    return Rates(to, known | {to: (Decimal(1), None)}) if known else None


def together(portfolios: Sequence[Portfolio], rates: Rates) -> Together:
    """The portfolios as one sum. Of one body's lists of several days only the latest counts; what has no rate is left out and said."""
    latest: dict[tuple[int, str, str, str], int] = {}
    for number, item in enumerate(portfolios):
        key = (item.source, item.sheet, item.body, item.currency)
        if key not in latest or (portfolios[latest[key]].on or date.min) <= (item.on or date.min):
            latest[key] = number
    chosen = sorted(latest.values())
    used = [number for number in chosen if portfolios[number].currency in rates.of]
    sums = [Decimal(0)] * 4
    companies: dict[str, Decimal] = {}
    for number in used:
        item = portfolios[number]
        rate = rates.of[item.currency][0]
        whole = (Decimal(item.total) * rate).quantize(CENT)
        parts = to_cents([Decimal(part) * rate for part in (item.found, item.unclear, item.other, item.opaque)], whole)
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
        nets = to_cents([Decimal(company.net) * rate for company in item.companies], parts[0])
        for company, net in zip(item.companies, nets, strict=True):
            companies[company.group] = companies.get(company.group, Decimal(0)) + net
    told = sorted({portfolios[number].currency for number in used} - {rates.to})
    return Together(
        currency=rates.to,
        rates=[RateUsed(currency=code, rate=f"{rates.of[code][0]:f}", on=rates.of[code][1]) for code in told],
        portfolios=used,
        total=f"{sum(sums, Decimal(0)):.2f}",
        found=f"{sums[0]:.2f}",
        unclear=f"{sums[1]:.2f}",
        other=f"{sums[2]:.2f}",
        opaque=f"{sums[3]:.2f}",
        companies=[
            CompanyTogether(group=group, net=f"{net:.2f}") for group, net in sorted(companies.items(), key=lambda item: (-item[1], item[0]))
        ],
        older=len(portfolios) - len(chosen),
        without_rate=[number for number in chosen if number not in used],
    )

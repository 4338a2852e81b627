"""What a run was asked, from the words of the command line: lists to screen against, tables and plans for the aggregates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offlimits.folding import Asks
    from offlimits.registry import Registry
    from offlimits.report import ReportList


def aggregates_asked(mmdb: tuple[Path, ...], cost: str, life_years: int | None, rates: tuple[str, ...] = ()) -> Asks:
    """What was asked of the aggregates; tables are opened once, so that a wrong one is told before the work."""
    from offlimits.aggregates.census import Plan, read_cost
    from offlimits.aggregates.exchange import read_rates
    from offlimits.aggregates.places import Places
    from offlimits.errors import UsageError
    from offlimits.folding import Asks

    Places(mmdb)
    if life_years is not None and not cost:
        raise UsageError("--life-years says when devices are due in a plan of removal, and there is none", "add --cost-per-device 200-600")
    return Asks(mmdb, Plan(*read_cost(cost), life_years) if cost else None, read_rates(rates))


def targets(lists: tuple[str, ...], max_list_age: int | None, as_of: date) -> tuple[Registry, list[ReportList]]:
    """The registry, with the companies of the lists that the user brought."""
    from offlimits.registry import load_registry

    registry = load_registry()
    if not lists and max_list_age is None:
        return registry, []
    from offlimits.lists.store import read_list
    from offlimits.lists.targets import check_ages, with_lists

    editions = [read_list(name) for name in lists]
    if max_list_age is not None:
        check_ages(editions, registry, max_list_age, as_of)
    return with_lists(registry, editions, as_of)

"""The other walk: control by majority, which does not multiply. Two steps of 50 % make one controlled company.

Each sanctions regime has its own rule, and most measures have none: a list that names companies reaches those it names, unless its text
says otherwise. Ownership counts here, not control by other means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from offlimits.aggregates.positions import Collector, Named
from offlimits.readers.base import Heading, Rows, Table
from offlimits.registry import Registry
from offlimits.report import At, ControlReach

HALF = Decimal("0.5")


class Rule(msgspec.Struct, frozen=True):
    """From which share on an owned company is reached: half itself or more than half, and whether several owners' shares are added up."""

    more_than_half: bool
    added_up: bool
    source: str


RULES: dict[str, Rule] = {
    "us-ofac": Rule(False, True, "OFAC, FAQ 401: owned in the aggregate, directly or indirectly, 50 percent or more by blocked persons"),
    "eu-fsf": Rule(False, True, "Council of the EU, best practices of 3 July 2024, as law firms report them: 50 % or more, added up"),
    "uk-sanctions": Rule(
        True,
        False,
        "OFSI, UK financial sanctions guidance, paragraph 4.14 of March 2022, as others reprint it: more than 50 %; not added up unless "
        "the owners act together",
    ),
}
"""By the official list behind a measure (`offlimits.model.LISTS`). The list of Chinese military-industrial companies (NS-CMIC) reaches only
companies that it names, and the 50 percent rule not at all: OFAC's questions on that programme (ofac.treasury.gov/faqs/topic/5671). OFAC's
rule was read on its own page (ofac.treasury.gov/faqs/401); the EU's at dlapiper.com/en/pt-br/insights/publications/2024/08/
changes-to-the-eu-sanctions-best-practices, the UK's as reprinted at mrwatchlist.com/2022/03/22/ofsi-updates-ownership-control-guidance and
natlawreview.com/article/uk-russian-sanctions-updated-guidance-ownership-and-control; their own documents were not. All on 2026-11-25."""


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


# --- from ownership statements -------------------------------------------------------------------


class Stakes(msgspec.Struct):
    """Who holds which share of whom, as ownership statements say (of 1; of a range its lower bound), and which of them are listed."""

    shares: dict[tuple[str, str], Decimal] = msgspec.field(default_factory=dict)
    listed: dict[str, Named] = msgspec.field(default_factory=dict)

    def take(self, batch: Rows, found: Mapping[int, tuple[Named, ...]], place: Callable[[int], At]) -> None:
        """A batch of relationships; `found` says which rows name one of ours, and in which column."""
        at = {column.name: column.index for column in batch.table.columns}
        for number, row in enumerate(batch.rows):
            owner, subject, share = (row[at[name]].strip() for name in ("owner", "subject", "share (%)"))
            for item in found.get(number, ()):
                if not item.doubt:
                    self.listed |= {name: item for field, name in (("owner", owner), ("subject", subject)) if field in item.fields and name}
            lowest = re.match(r"\d+(?:\.\d+)?", share)
            if owner and subject and lowest:
                key = (owner, subject)
                self.shares[key] = self.shares.get(key, Decimal(0)) + Decimal(lowest[0]) / 100

    def finish(self) -> Stakes:
        """Itself: there is nothing to work out at the end of a file."""
        return self


def collector_for(source: int, path: str, table: Table, heading: Heading) -> Collector | Stakes:
    """What gathers a table of the channel `own`: shares of companies, or holdings with their money."""
    return Stakes() if heading.facts.get("form") == "BODS" else Collector(source, path, table, heading)


def reached_by_control(stakes: Sequence[Stakes], registry: Registry) -> list[ControlReach] | None:
    """Companies that a measure's rule reaches through ownership, measure by measure. None where no ownership was read.

    Only measures in force whose official list has a rule of its own; each rule starts from those that its measures name.
    """
    if not stakes:
        return None
    shares = {key: share for told in stakes for key, share in told.shares.items()}
    listed = {name: item for told in stakes for name, item in told.listed.items()}
    return [reach for name in RULES for reach in _by_rule(name, shares, listed, registry)]


def _by_rule(
    name: str, shares: Mapping[tuple[str, str], Decimal], listed: Mapping[str, Named], registry: Registry
) -> Iterable[ControlReach]:
    touching = {
        company: [
            state.id
            for state in item.measures
            if state.in_force == "yes" and registry.measures[state.id].list == name and registry.measures[state.id].kind == "asset-freeze"
        ]
        for company, item in listed.items()
    }
    starts = {company for company, ids in touching.items() if ids}
    reached = owned_by_majority(starts, shares, RULES[name])
    measures = sorted({key for company in starts for key in touching[company]})
    for company, share in sorted(reached.items()):
        owners = sorted(owner for owner, owned in shares if owned == company and (owner in starts or owner in reached))
        yield ControlReach(
            company=company, share=f"{(share * 100).normalize():f}", owners=owners, measures=measures, rule=RULES[name].source
        )

"""A local index of what thousands of funds hold of listed companies: kept in one file, asked without the registry.

Only holdings that are ours, and funds inside funds, are kept; of everything else the number of lines. `offlimits.indexing` builds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec

from offlimits.errors import UsageError
from offlimits.text import fold

FORMAT = "offlimits.funds/1"


class IndexedHolding(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of a fund that is a listed company's: `value` in dollars, `percent` of net assets, `exposure` of a derivative or None.

    `doubt` says why it may not be theirs; empty where it is.
    """

    group: str
    entity: str
    name: str
    kind: str
    value: str
    percent: str
    rule: str
    isin: str = ""
    cusip: str = ""
    exposure: str | None = None
    doubt: str = ""


class InnerFund(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A line that is another fund."""

    name: str
    value: str
    isin: str = ""
    cusip: str = ""


class IndexedFund(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One filing of one fund: who, of which day, how many lines, and those that count. `ids` has what ties a line to it (`isin`, `cusip`,
    `ticker`), where the user said so."""

    fund: str
    series: str
    on: date | None
    filing: str
    registrant: str = ""
    classes: tuple[str, ...] = ()
    lei: str = ""
    ids: dict[str, str] = {}
    net_assets: str = ""
    lines: int = 0
    holdings: tuple[IndexedHolding, ...] = ()
    inside: tuple[InnerFund, ...] = ()


class IndexSource(msgspec.Struct, frozen=True):
    """One file that was read: units = lines + rejects, as in reports."""

    path: str
    form: str
    units: int
    lines: int
    rejects: dict[str, int]


class FundIndex(msgspec.Struct, frozen=True):
    """The whole index. `companies` names the groups in it, `cannot_show` what such filings never tell."""

    format: Literal["offlimits.funds/1"]
    registry: str
    sha256: str
    companies: dict[str, str]
    cannot_show: list[str]
    sources: list[IndexSource]
    funds: list[IndexedFund]


class Holder(msgspec.Struct, frozen=True):
    """One fund that holds one company, on its latest day in the index: all its lines of it, added up. `since` is the first day of the
    unbroken run of filings that hold it."""

    fund: str
    series: str
    registrant: str
    group: str
    on: date | None
    since: date | None
    value: str
    percent: str
    kinds: list[str]
    doubts: list[str]


class IndexChange(msgspec.Struct, frozen=True):
    """One fund and company in two indexes; a value is empty where it holds none."""

    fund: str
    series: str
    group: str
    was: str
    now: str
    on: list[str]


class IndexChanges(msgspec.Struct, frozen=True):
    """What two quarters say differently. `missing` funds are in the old index alone: whether they still hold anything is unknown."""

    new: list[IndexChange]
    gone: list[IndexChange]
    changed: list[IndexChange]
    same: int
    missing: list[str]


def read_fund_index(path: Path) -> FundIndex:
    """An index that `offlimits funds index` wrote. Raises `UsageError` when it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=FundIndex)
    except (msgspec.MsgspecError, OSError) as error:
        raise UsageError(f"{path} is no index of funds: {error}", "make one with `offlimits funds index`") from error


def is_fund_index(path: Path) -> bool:
    """Whether a file begins as an index does."""
    try:
        with path.open("rb") as stream:
            return FORMAT.encode() in stream.read(64)
    except OSError:
        return False


def holders(index: FundIndex, company: str = "", fund: str = "") -> list[Holder]:
    """Which funds hold a company (by id or name; empty: any), most money first. `fund` narrows to a name, series, class, ISIN, CUSIP or
    ticker. Raises `UsageError` for a company that the index does not name."""
    groups = _groups(index, company)
    found = []
    for filings in _by_fund(index.funds, groups).values():
        if fund and not any(_is_fund(item, fund) for item in filings):
            continue
        for group in dict.fromkeys(item.group for item in filings[-1].holdings):
            if group in groups:
                found.append(_holder(filings, group))
    return sorted(found, key=lambda item: (-Decimal(item.value), item.fund, item.group))


def compare_indexes(old: FundIndex, new: FundIndex) -> IndexChanges:
    """Fund by fund, company by company: new, gone, changed in value."""
    before, after = ({(item.series or item.fund, item.group): item for item in holders(index)} for index in (old, new))
    seen = {item.series or item.fund for item in new.funds}
    changed = [
        _change(before[key], after[key])
        for key in after
        if key in before and (before[key].value, before[key].on) != (after[key].value, after[key].on)
    ]
    return IndexChanges(
        new=[_change(None, item) for key, item in after.items() if key not in before],
        gone=[_change(item, None) for key, item in before.items() if key not in after and key[0] in seen],
        changed=changed,
        same=sum(key in before for key in after) - len(changed),
        missing=sorted({item.fund for key, item in before.items() if key[0] not in seen}),
    )


def _groups(index: FundIndex, company: str) -> set[str]:
    if not company:
        return set(index.companies)
    wanted = fold(company)
    found = {group for group, name in index.companies.items() if wanted in (group, fold(name)) or wanted in fold(name).split()}
    if not found:
        known = ", ".join(sorted(index.companies)) or "none"
        raise UsageError(f"the index names no company {company!r}", f"no fund in it holds one, or it goes by another name; it has: {known}")
    return found


def _by_fund(funds: Sequence[IndexedFund], groups: set[str]) -> dict[str, list[IndexedFund]]:
    """All filings of each fund that ever held one of the groups, the oldest first."""
    holding = {item.series or item.fund for item in funds if item.holdings and any(line.group in groups for line in item.holdings)}
    grouped: dict[str, list[IndexedFund]] = {}
    for item in sorted(
        [item for item in funds if (item.series or item.fund) in holding], key=lambda item: (item.on or date.min, item.filing)
    ):
        grouped.setdefault(item.series or item.fund, []).append(item)
    return grouped


def _is_fund(item: IndexedFund, wanted: str) -> bool:
    exact = wanted.strip().upper()
    return exact in (item.series, *item.classes, *item.ids.values()) or fold(wanted) in fold(f"{item.fund} {item.registrant}")


def _holder(filings: Sequence[IndexedFund], group: str) -> Holder:
    latest = filings[-1]
    mine = [item for item in latest.holdings if item.group == group]
    since = latest.on
    for filing in reversed(filings):
        if not any(item.group == group for item in filing.holdings):
            break
        since = filing.on
    return Holder(
        fund=latest.fund,
        series=latest.series,
        registrant=latest.registrant,
        group=group,
        on=latest.on,
        since=since,
        value=str(sum((Decimal(item.value or 0) for item in mine), Decimal(0))),
        percent=str(sum((Decimal(item.percent or 0) for item in mine), Decimal(0))),
        kinds=list(dict.fromkeys(item.kind for item in mine)),
        doubts=list(dict.fromkeys(item.doubt for item in mine if item.doubt)),
    )


def _change(old: Holder | None, new: Holder | None) -> IndexChange:
    told = new or old
    assert told is not None
    return IndexChange(
        fund=told.fund,
        series=told.series,
        group=told.group,
        was=old.value if old else "",
        now=new.value if new else "",
        on=[str(item.on or "") if item else "" for item in (old, new)],
    )

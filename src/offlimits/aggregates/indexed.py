"""Funds of an index as lists of what they hold: companies of ours and inner funds line by line, the rest as one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

from offlimits.aggregates.compositions import Composition, plain_name
from offlimits.aggregates.instruments import Kind
from offlimits.aggregates.numbers import read_number
from offlimits.aggregates.positions import Named, Position
from offlimits.fundindex import FundIndex, IndexedFund, IndexedHolding, InnerFund, read_fund_index
from offlimits.model import Relation
from offlimits.report import At

KINDS: tuple[str, ...] = get_args(Kind)


def indexed_lists(path: Path) -> Iterator[Composition]:
    """Every filing of an index. Raises `UsageError` when the file is none."""
    index: FundIndex = read_fund_index(path)
    for fund in index.funds:
        yield _composition(fund, str(path))


def _composition(fund: IndexedFund, path: str) -> Composition:
    whole = read_number(fund.net_assets or "-") or Decimal(0)
    positions = (*(_company(item) for item in fund.holdings), *(_inner(item) for item in fund.inside))
    usable = whole > 0
    parts = tuple((item.value or Decimal(0)) / whole if usable else Decimal(0) for item in positions)
    names = {plain_name(name) for name in (fund.fund, f"{fund.registrant} {fund.fund}") if name}
    ids = {
        **{kind: (value,) for kind, value in fund.ids.items()},
        "series": tuple(filter(None, (fund.series, *fund.classes))),
        "lei": (fund.lei,) if fund.lei else (),
        "name": tuple(sorted(names)),
    }
    if isin := fund.ids.get("isin", ""):
        ids["cusip"] = tuple(dict.fromkeys((*ids.get("cusip", ()), *([isin[2:11]] if isin[:2] in ("US", "CA") else []))))
    kept = f"from an index: {len(fund.holdings):,} of its {fund.lines:,} lines are of listed companies, {len(fund.inside):,} are funds"
    return Composition(
        path=path,
        name=fund.fund,
        ids=ids,
        index="",
        on=fund.on,
        currency="USD",
        total=whole,
        lines=fund.lines,
        stated=whole if usable else None,
        weights=Decimal(0),
        by="value",
        positions=positions,
        parts=parts,
        unlisted=Decimal(0) if usable else Decimal(1),
        refused=not usable,
        notes=(kept,) if usable else (kept, "it states no net assets, so shares of it say nothing"),
    )


def _company(item: IndexedHolding) -> Position:
    relation = cast(Relation, item.doubt if item.doubt in ("made-by", "former", "joint", "mention") else "same")
    named = Named(
        group=item.group,
        entity=item.entity,
        strength="possible" if item.doubt == "possible" else "exact",
        relation=relation,
        disagrees=item.doubt == "identifier-name-disagree",
        rule=item.rule,
    )
    return Position(
        at=At(source=0),
        name=item.name,
        kind=cast(Kind, item.kind) if item.kind in KINDS else "other",
        ids={"isin": item.isin} if item.isin else {},
        value=read_number(item.value or "-"),
        exposure=read_number(item.exposure) if item.exposure else None,
        companies=(named,),
    )


def _inner(item: InnerFund) -> Position:
    ids = {key: value for key, value in (("isin", item.isin), ("cusip", item.cusip)) if value.strip("0") and value != "N/A"}
    return Position(at=At(source=0), name=item.name, kind="fund", ids=ids, value=read_number(item.value or "-"))

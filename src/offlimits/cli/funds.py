"""`offlimits funds …`: an index of what thousands of funds hold, and questions to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from offlimits.fundindex import Holder, IndexChanges
    from offlimits.report import Report


@click.group("funds")
def funds() -> None:
    """What thousands of funds hold of listed companies: build an index of their filings, ask it."""


@funds.command("index")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Write the index to this file (.json)."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def funds_index(paths: tuple[Path, ...], output: Path, quiet: bool) -> int:
    """Index filings of funds: which hold listed companies, how much, on which day.

    PATH is a folder of N-PORT filings (XML), or the SEC's quarterly data set of them: a folder or zip with its TSV tables. A `funds.csv` in
    a folder says which isin, cusip and ticker belong to which series.

    Exit code 0, 2 when there is no filing, 3 when something could not be read.
    """
    from offlimits.files import check_writable, write_output
    from offlimits.indexing import build_index, encode_index
    from offlimits.registry import load_registry

    check_writable([output])
    index = build_index(paths, load_registry())
    write_output(output, encode_index(index))
    rejects = sum(sum(source.rejects.values()) for source in index.sources)
    if not quiet:
        lines = sum(source.lines for source in index.sources)
        click.echo(f"{len(index.funds):,} filings with {lines:,} lines, {rejects:,} not readable; registry {index.registry}")
        for source in index.sources:
            for code, count in source.rejects.items():
                click.echo(f"  {source.path}: {count:,} × {code}")
        held = sum(bool(fund.holdings) for fund in index.funds)
        click.echo(f"{held:,} filings name {len(index.companies):,} listed companies. That the others do not name them is no clearance:")
        for text in index.cannot_show:
            click.echo(f"  cannot show: {text}")
        click.echo(f"written: {output}")
    return 3 if rejects else 0


@funds.command("holders")
@click.argument("index", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("company", default="")
@click.option("--fund", default="", metavar="TEXT", help="Only funds of this name, series, class, ISIN, CUSIP or ticker.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, metavar="N", help="So many of the largest.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, all of them.")
def funds_holders(index: Path, company: str, fund: str, limit: int, as_json: bool) -> int:
    """Which funds hold COMPANY (a name or id; any, without it), most money first: how much, of which day, since when.

    Exit code 0 when some do, 4 when none in the index does.
    """
    import msgspec

    from offlimits.fundindex import holders, read_fund_index

    found = holders(read_fund_index(index), company, fund)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
    else:
        _print_holders(found, limit)
    return 0 if found else 4


def _print_holders(found: list[Holder], limit: int) -> None:
    if not found:
        click.echo("No fund in this index was found to hold it. That is no clearance: funds inside funds and swaps may.")
    for item in found[:limit]:
        doubt = f"  unclear: {', '.join(item.doubts)}" if item.doubts else ""
        who = item.fund + (f" ({item.series})" if item.series else "")
        day = f"{item.on or 'no date'}, since {item.since or 'no date'}"
        click.echo(
            f"{float(item.value):>18,.2f} USD  {float(item.percent):>8.4f} %  {item.group:<12} {who}  {day}  {', '.join(item.kinds)}{doubt}"
        )
    if len(found) > limit:
        click.echo(f"… and {len(found) - limit:,} more; --limit {len(found)} shows them")


def diff_indexes(old: Path, new: Path, as_json: bool) -> int | None:
    """The difference between two indexes; None where the files are none."""
    from offlimits.fundindex import compare_indexes, is_fund_index, read_fund_index

    if not (is_fund_index(old) and is_fund_index(new)):
        return None
    changes = compare_indexes(read_fund_index(old), read_fund_index(new))
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(changes), indent=1))
    else:
        _print_changes(changes)
    return 1 if changes.new else 0


def _print_changes(changes: IndexChanges) -> None:
    for sign, some in (("+", changes.new), ("-", changes.gone), ("~", changes.changed)):
        for item in some:
            money = " → ".join(f"{float(value):,.2f}" if value else "nothing" for value in (item.was, item.now))
            days = " → ".join(day for day in item.on if day)
            click.echo(f"{sign} {item.fund}{f' ({item.series})' if item.series else ''}: {item.group}, {money} USD ({days})")
    click.echo(f"{len(changes.new):,} new, {len(changes.gone):,} gone, {len(changes.changed):,} changed, {changes.same:,} the same")
    if changes.missing:
        click.echo(f"{len(changes.missing):,} funds of the old index are not in the new one: whether they still hold anything is unknown")


def money_found(report: Report) -> bool:
    """Whether money ends in a listed company, also through a fund, where no line of the input names one."""
    funds = report.aggregates.funds
    return funds is not None and any(line.found for item in funds.portfolios for line in item.tied)

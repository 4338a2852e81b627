"""`offlimits lists …`: official lists at hand, fetched, held against the evidence."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from offlimits.lists.difference import ListDifference
    from offlimits.lists.reading import Edition
    from offlimits.lists.update import Fetched

CHANGED, FAILED = 1, 2


@click.group("lists")
def lists() -> None:
    """Official lists: what is at hand, fetch them, hold one against the evidence."""


@lists.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_lists(as_json: bool) -> int:
    """Which lists can be fetched, what is at hand of each and how old it is; then every form that `--list` reads.

    Exit code 0.
    """
    import msgspec

    from offlimits.lists import FORMS
    from offlimits.lists.publications import PUBLICATIONS
    from offlimits.lists.store import state_of

    states = {item.name: state_of(item.name) for item in PUBLICATIONS}
    if as_json:
        rows = [{"name": item.name, "title": item.title, "urls": item.urls, "at_hand": states[item.name]} for item in PUBLICATIONS]
        forms = [{"form": form.name, "list": form.list, "title": form.title, "does_not_say": form.does_not_say} for form in FORMS]
        click.echo(msgspec.json.format(msgspec.json.encode({"lists": rows, "forms": forms}), indent=1))
        return 0
    click.echo("Lists that `offlimits lists update` fetches:")
    for item in PUBLICATIONS:
        state = states[item.name]
        at_hand = "not at hand"
        if state:
            age = f"{(date.today() - state.edition).days:,} days old" if state.edition else "of an unknown day"
            at_hand = f"edition {state.edition or 'without a date'}, {age}, {state.companies:,} companies"
        click.echo(f"  {item.name:<20} {item.title}")
        click.echo(f"  {'':<20} {at_hand}")
        for url in item.urls:
            click.echo(f"  {'':<20} {url}")
    click.echo("\nForms that `--list FILE` reads, told from the content:")
    for form in FORMS:
        click.echo(f"  {form.name:<20} {form.title}")
    return 0


@lists.command("update")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--yes", is_flag=True, help="Apply without asking. Without a terminal, nothing is applied unless this is given.")
@click.option("--quiet", "-q", is_flag=True, help="No progress bar.")
def update(names: tuple[str, ...], yes: bool, quiet: bool) -> int:
    """Fetch lists from their publishers, show what would change, and apply it once you say so. Default: all.

    This is the only command that goes out, and only to the addresses it prints. The copy at hand stays until a whole new one has been read:
    a download that is cut, of another form, or suddenly much shorter is refused.

    Exit code 0 when all are up to date, 1 when something new was shown and not applied, 2 when a list could not be had.
    """
    from offlimits.errors import ListError
    from offlimits.lists.publications import PUBLICATIONS
    from offlimits.lists.store import publication

    code = 0
    for item in [publication(name) for name in names] or PUBLICATIONS:
        click.echo(f"{item.name}: {', '.join(item.urls)}")
        try:
            code = max(code, _update_one(item.name, yes, quiet))
        except ListError as error:
            click.echo(f"  {error.message}\n  {error.hint}", err=True)
            code = FAILED
    return code


def _update_one(name: str, yes: bool, quiet: bool) -> int:
    from offlimits.lists.store import publication
    from offlimits.lists.update import apply, discard, fetch
    from offlimits.reports.progress import DownloadBar

    with DownloadBar(name, quiet) as on_bytes:
        fetched = fetch(publication(name), on_bytes)
    if fetched.edition is None:
        click.echo("  nothing new")
        apply(fetched)
        return 0
    for line in _new_edition_lines(fetched):
        click.echo(f"  {line}")
    if yes or (sys.stdin.isatty() and click.confirm("  apply?")):
        apply(fetched)
        click.echo("  applied; the edition before is kept")
        return 0
    discard(fetched)
    click.echo("  not applied (say --yes)")
    return CHANGED


def _new_edition_lines(fetched: Fetched) -> list[str]:
    from offlimits.lists.difference import compare_edition, difference_lines
    from offlimits.registry import load_registry

    assert fetched.edition is not None
    head = f"{len(fetched.edition.listed):,} companies, edition {fetched.state.edition or 'without a date'}"
    return [head, *difference_lines(compare_edition(fetched.edition, load_registry(), date.today()))]


@lists.command("diff")
@click.argument("file", metavar="FILE|NAME")
@click.option("--form", default=None, metavar="NAME", help="Read the file as this form, whatever its content looks like.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(file: str, form: str | None, as_json: bool) -> int:
    """What an edition of a list would change in the evidence: companies added and removed, names and identifiers it has and we have not.

    Exit code 0 when nothing, 1 when something.
    """
    import msgspec

    from offlimits.lists.difference import difference_lines

    _, difference = _compare(file, form)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(difference), indent=1))
    else:
        for line in difference_lines(difference):
            click.echo(line)
    return CHANGED if difference.added or difference.removed or difference.told else 0


@lists.command("import")
@click.argument("file", metavar="FILE|NAME")
@click.option("--form", default=None, metavar="NAME", help="Read the file as this form, whatever its content looks like.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="Write to this file instead of standard output.")
def import_list(file: str, form: str | None, output: Path | None) -> int:
    """The same difference as YAML, to be judged and copied into the evidence by a person; nothing is changed.

    Exit code 0.
    """
    from offlimits.files import write_output
    from offlimits.lists.difference import propose
    from offlimits.registry import load_registry

    edition, difference = _compare(file, form)
    text = propose(difference, edition, load_registry())
    if output:
        write_output(output, text.encode())
    else:
        click.echo(text, nl=False)
    return 0


def _compare(file: str, form: str | None) -> tuple[Edition, ListDifference]:
    from offlimits.lists.difference import compare_edition
    from offlimits.lists.store import read_list
    from offlimits.registry import load_registry

    edition = read_list(file, form)
    return edition, compare_edition(edition, load_registry(), date.today())

"""The command line: parse, call, print, exit. No logic lives here."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from offlimits import __version__
from offlimits.cli.asked import aggregates_asked, targets
from offlimits.cli.group import PIPE_CLOSED, Group, hush
from offlimits.errors import ListError, OfflimitsError, RegistryError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from offlimits.folding import Outcome
    from offlimits.report import Decision, Report

FOUND, USAGE, UNREAD, NOTHING, FOUND_UNREAD, INTERNAL = 1, 2, 3, 4, 5, 70
STOPPED = 130
"""As shells say it: 128 + SIGINT."""

EXITS = """
\b
Exit codes:
  0  all read, nothing at or above --fail-on
  1  findings
  2  wrong usage or registry error, nothing screened
  3  no findings, but something could not be read
  4  nothing to screen
  5  findings, and something could not be read
 70  internal error
"""
RANKS = ("exact", "likely", "possible")


def main() -> None:
    """Run the command line and exit with its code. The last place where any error ends: a known one in one line, an unknown one with its trace."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(standalone_mode=False) or 0
        sys.stdout.flush()
        sys.exit(code)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(STOPPED)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except BrokenPipeError:
        hush()
        sys.exit(PIPE_CLOSED)
    except OfflimitsError as error:
        _say(error)
        sys.exit(USAGE if isinstance(error, UsageError | RegistryError | ListError) else INTERNAL)
    except Exception:  # noqa: BLE001  the outermost place
        import traceback

        traceback.print_exc()
        click.echo("offlimits: internal error; please report it with the lines above", err=True)
        sys.exit(INTERNAL)


def _say(error: OfflimitsError) -> None:
    message = error.message
    if isinstance(error, RegistryError) and len(error.faults) > 50:
        message = (
            f"the evidence does not load: {len(error.faults)} faults\n" + "\n".join(f"  {fault}" for fault in error.faults[:50]) + "\n  …"
        )
    click.echo(f"offlimits: {message}", err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)


class _Day(click.ParamType):  # type: ignore[type-arg]
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-11-23", param, ctx)


DAY = _Day()
as_of_option = click.option("--as-of", type=DAY, default=None, metavar="DATE", help="Judge as of this day (2026-11-23). Default: today.")
profile_option = click.option(
    "--profile",
    default="neutral",
    show_default=True,
    metavar="NAME|FILE",
    help="Who you are, for what binds you: uk-local-authority, us-federal-contractor, … (`offlimits measures --help` lists them) or a YAML file of your own.",
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="offlimits")
def cli() -> None:
    """Unmask a register: which lines come from a maker of the surveillance technology used in Xinjiang, on whose word, and what binds you.

    \b
    offlimits demo                            see it work on bundled samples
    offlimits screen register.xlsx            screen a file; findings on the terminal
    offlimits screen register.xlsx -o report.html -o register.marked.xlsx
    offlimits collect                         which commands list your network's devices (runs nothing)
    offlimits explain DS-2CD2143G2-I          who makes this, and on whose word?
    offlimits measures --profile uk-central-government

    It looks at companies and devices, never at people. Everything stays on this machine; only `lists update` goes out.
    """


@cli.command(epilog=EXITS)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--as",
    "read_as",
    type=click.Choice(["assets", "purchases", "suppliers", "holdings", "publications"]),
    help="What the lines are. Default: told from the columns.",
)
@click.option(
    "--columns",
    default="",
    metavar="ROLE=COLUMN,…",
    help="Which column is what, by letter, number or header: maker=B,model=C,text=Notes. Roles: maker, supplier, model, serial, record, place, text, category, cost-centre, mac, host, isin, lei, ticker, company-number, body, amount, currency, quantity, date, person, ignore.",
)
@click.option(
    "--funds",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="Look through holdings: a folder of lists of what funds hold (holdings files, fund filings), tied to the lines by identifier or name. A funds.csv in it may say which file is which fund.",
)
@as_of_option
@profile_option
@click.option("--reader", default=None, metavar="NAME", help="Use this reader (csv, pcap, nport, …) whatever the content looks like.")
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="FILE|NAME",
    help="Screen against the companies of this list too: an official list (`offlimits lists list`) or a CSV with the columns name, alias, country, id. May be repeated.",
)
@click.option(
    "--max-list-age",
    type=click.IntRange(min=0),
    default=None,
    metavar="DAYS",
    help="Refuse to run on a list or a registry older than this.",
)
@click.option(
    "--rate",
    "rates",
    multiple=True,
    metavar="TEXT",
    help='Your rate of exchange, to add up holdings in several currencies: "USD=0.79 GBP", or with its day, "USD=0.79 GBP 2026-03-31". May be repeated.',
)
@click.option(
    "--mmdb",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A table of where addresses are, or who runs them (MMDB), that you bring; its date is shown. May be repeated.",
)
@click.option("--cost-per-device", default="", metavar="LOW-HIGH", help="What replacing one device costs you, for a removal plan: 200-600.")
@click.option(
    "--life-years",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="How long a device lasts you: those that are due anyway are taken off the plan's cost.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a report; its form by its suffix: .html .json .jsonl .csv .xlsx (your own sheet back, with columns added) .txt (a letter about money). May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*RANKS, "never"]),
    default="likely",
    show_default=True,
    help="Weakest strength that makes the exit code say 'findings'.",
)
@click.option(
    "--allow-rejects", default="0", metavar="N|P%", show_default=True, help="So many rejects do not count as 'something could not be read'."
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="Remembered judgements, as `offlimits decide` writes them.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="Write every reject with its raw text to this file (stays local; may hold personal data).",
)
@click.option(
    "--redact", is_flag=True, help="Leave hardware addresses, network addresses and host names out of everything printed and written."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Read so many files at a time, each in a process of its own.",
)
@click.option("--quiet", "-q", is_flag=True, help="No report on the terminal, no progress bar.")
def screen(paths: tuple[str, ...], read_as: Any, columns: str, funds: Path | None, as_of: date | None, profile: str, reader: str | None, lists: tuple[str, ...], max_list_age: int | None, rates: tuple[str, ...], mmdb: tuple[Path, ...], cost_per_device: str, life_years: int | None, outputs: tuple[Path, ...], fail_on: str, allow_rejects: str, decisions: Path | None, rejects: Path | None, redact: bool, jobs: int, quiet: bool) -> int:  # fmt: skip
    """Screen files, folders or standard input (-) against the registry.

    Reads CSV and TSV (any delimiter and encoding), XLSX, XLS and ODS; of networks: pcap and pcapng, Zeek logs, nmap scans, ARP and neighbour
    tables, DHCP leases, DNS query logs (`offlimits collect` prints how to get them); of holdings: fund filings, statements, ownership. Prints what was found, where money ends, whom devices called, what binds
    you, what to ask, what could not be read, and what this kind of file cannot show.
    """
    import msgspec

    from offlimits.decisions import read_decisions
    from offlimits.files import check_writable, write_output
    from offlimits.readers.base import Options
    from offlimits.readers.columns import read_roles
    from offlimits.reports import format_for
    from offlimits.reports.progress import ReadingBar
    from offlimits.reports.redaction import redact as redacted
    from offlimits.screening import screen_with_rejects

    registry, told = targets(lists, max_list_age, as_of or date.today())
    formats = [(path, format_for(path)) for path in outputs]
    for path in filter(None, (*outputs, rejects)):
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {str(path.parent)!r} to write {path.name} into", "make it first, or name another")
    check_writable([*outputs, *([rejects] if rejects else [])])
    allowed = _allowed(allow_rejects)
    known = read_decisions(decisions) if decisions else {}
    asks = aggregates_asked(mmdb, cost_per_device, life_years, rates)
    options = Options(read_as=read_as or ("holdings" if funds else None), columns=read_roles(columns))
    with ReadingBar(paths, quiet) as on_progress:
        report, outcomes = screen_with_rejects(
            paths, registry, as_of, profile, options, reader, jobs, known, on_progress, rejects is not None, asks, funds
        )
    report = msgspec.structs.replace(report, lists=told)
    shown = redacted(report) if redact else report
    for path, form in formats:
        write_output(path, form.render(shown))
    if rejects:
        write_output(rejects, _reject_lines(outcomes))
    if not quiet:
        try:
            _print(shown)
        except BrokenPipeError:
            hush()
        for path, _ in formats:
            click.echo(f"  written: {path}", err=True)
    return exit_code(report, fail_on, allowed)


def _print(report: Report) -> None:
    from offlimits.reports.terminal import print_report

    print_report(report, _console())


def _console() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 80, highlight=False, soft_wrap=False)


def _allowed(text: str) -> tuple[float, bool]:
    """`5` → five rejects; `2%` → two in a hundred units."""
    try:
        return float(text.removesuffix("%")), text.endswith("%")
    except ValueError:
        raise UsageError(f"--allow-rejects: {text!r} is neither a number nor a percentage", "write 5 or 2%") from None


def exit_code(report: Report, fail_on: str, allowed: tuple[float, bool] = (0, False)) -> int:
    """The exit code of a run (see `offlimits screen --help`)."""
    limit = RANKS.index(fail_on) if fail_on in RANKS else -1
    found = any(
        RANKS.index(finding.strength) <= limit
        for finding in report.findings
        if not finding.decision or finding.decision.verdict != "dismissed"
    )
    if not found and limit >= RANKS.index("likely"):
        from offlimits.cli.funds import money_found

        found = money_found(report)
    rejects, units = sum(source.rejects for source in report.sources), sum(source.units for source in report.sources)
    number, share = allowed
    unread = rejects > (number * units / 100 if share else number)
    if found:
        return FOUND_UNREAD if unread else FOUND
    if unread:
        return UNREAD
    return 0 if any(source.entries for source in report.sources) else NOTHING


def _reject_lines(outcomes: list[Outcome]) -> bytes:
    import msgspec

    lines = (
        {"path": outcome.path, "at": at, "code": code, "reason": reason, "raw": raw}
        for outcome in outcomes
        for at, code, reason, raw in outcome.raw_rejects
    )
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


@cli.command()
@click.argument("words", nargs=-1, required=True)
@as_of_option
@profile_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(words: tuple[str, ...], as_of: date | None, profile: str, as_json: bool) -> int:
    """Who is this, why is it here, on whose word, and what touches it?

    WORDS may be a name in any script, a brand, a model number, a hardware address, an ISIN, LEI, ticker or registration number, a domain.

    Exit code 0 when the registry knows it, 4 when it does not.
    """
    import msgspec

    from offlimits.explanation import explain as look_up
    from offlimits.measures import read_profile
    from offlimits.registry import load_registry

    registry = load_registry()
    explanation = look_up(" ".join(words), registry, as_of or date.today(), read_profile(profile))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(explanation), indent=1))
    else:
        from offlimits.reports.explanation import explanation_lines

        for text, style in explanation_lines(explanation, registry):
            click.echo(click.style(text, **style))
    return 0 if explanation.answers else NOTHING


@cli.command()
@click.argument("a")
@click.argument("b")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(a: str, b: str, as_json: bool) -> int:
    """Are two names one company, related, or different, and why?

    Exit code 0 whatever the answer, 2 when the evidence does not load.
    """
    import msgspec

    from offlimits.comparison import compare as judge
    from offlimits.registry import load_registry

    result = judge(a, b, load_registry())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result), indent=1))
    else:
        tie = f", {result.tie}" if result.tie not in (result.relation, "none") else ""
        click.echo(f"{result.relation}{tie} ({result.score:.2f})")
        for why in result.why:
            click.echo(f"  {why.rule}: {why.detail}")
    return 0


@cli.command()
@as_of_option
@profile_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def measures(as_of: date | None, profile: str, as_json: bool) -> int:
    """What governments, courts and funds did: whom it names, what it does, whether it is in force, whether it binds you.

    \b
    Profiles: neutral, uk-local-authority, uk-central-government, us-federal-contractor, us-federal-agency, us-federal-grantee, us-person,
    us-state-agency, ca-federal-institution, ca-quebec-public-body, eu-institution, au-government, telecom-operator, university, pension-fund;
    or a YAML file with `name: our-trust` and `acts_as: [university, us-federal-grantee]`.

    Exit code 0, or 2 when there is no such profile.
    """
    import msgspec

    from offlimits.measures import read_profile
    from offlimits.registry import load_registry
    from offlimits.reports.explanation import measure_lines, measure_rows

    registry, day, who = load_registry(), as_of or date.today(), read_profile(profile)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(measure_rows(registry, day, who)), indent=1))
        return 0
    for text, style in measure_lines(registry, day, who):
        click.echo(click.style(text, **style))
    return 0


@cli.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(old: Path, new: Path, as_json: bool) -> int:
    """What changed between two JSON reports: findings new, gone and changed, measures that came or went; or between two indexes of funds. Exit code 1 when there is something new."""
    import msgspec

    from offlimits.cli.funds import diff_indexes

    if (code := diff_indexes(old, new, as_json)) is not None:
        return code

    from offlimits.decisions import compare_reports, read_report
    from offlimits.reports.explanation import difference_lines

    changes = compare_reports(read_report(old), read_report(new))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(changes), indent=1))
    else:
        for line in difference_lines(changes):
            click.echo(line)
    return FOUND if changes.new else 0


@cli.command()
@click.argument("report", type=click.Path(path_type=Path))
@click.argument("key")
@click.option("--dismiss", "verdict", flag_value="dismissed", help="It is not what it was taken for.")
@click.option("--confirm", "verdict", flag_value="confirmed", help="It is.")
@click.option("--why", required=True, help="Why, in words: whoever reads the next report will want to know.")
@click.option("--by", default="", help="Who decided (an office, not necessarily a person).")
@click.option(
    "--decisions", type=click.Path(path_type=Path), default=Path("decisions.json"), show_default=True, help="Where judgements are kept."
)
@as_of_option
def decide(report: Path, key: str, verdict: str | None, why: str, by: str, decisions: Path, as_of: date | None) -> int:
    """Remember a judgement about a finding, so that it does not come back at the next run.

    KEY is a finding's id (f12) or its review key in REPORT (JSON). Give the file to the next run with --decisions.

    Exit code 0, or 2 when the report has no such finding.
    """
    from offlimits.decisions import make_decision, read_report

    if verdict is None:
        raise UsageError("say --dismiss or --confirm", "a judgement needs a verdict")
    finding, count = make_decision(read_report(report), key, _decision(verdict, why, by, as_of), decisions)
    click.echo(f"{verdict}: {finding.mentions[0].text!r} as {finding.entity}; {count} judgements in {decisions}")
    return 0


def _decision(verdict: str, why: str, by: str, as_of: date | None) -> Decision:
    from offlimits.report import Decision

    return Decision(verdict=verdict, why=why, on=as_of or date.today(), by=by)  # type: ignore[arg-type]


@cli.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("offlimits-demo"),
    show_default=True,
    metavar="DIR",
    help="Where the reports go.",
)
def demo(output: Path) -> int:
    """The main job on bundled samples (made by the project, and said so): report.html, register.xlsx, report.json in a folder. Exit code 0."""
    from offlimits.demo import run_demo

    report, written = run_demo(output)
    _print(report)
    click.echo("")
    for path in written:
        click.echo(f"  written: {path}")
    return 0

"""One part of a run: a file, the reader that takes it, the rows that say something, what they say.

`plan` turns paths into parts; `screen_part` does the work on one and is pure apart from reading it.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from threading import Thread

import msgspec

from offlimits.aggregates.control import Stakes, collector_for
from offlimits.aggregates.positions import Collector, Named, named
from offlimits.citing import report_steps
from offlimits.errors import SourceError, UnreadableSource, UnrecognisedFormat, UsageError
from offlimits.files import walk
from offlimits.folding import LeadLines, Outcome, Tally
from offlimits.judging import Judged, Seen, judge, review_key
from offlimits.leads import TRIGGERS, lead_sign
from offlimits.matching import MORE, Matching, fold_for_search, is_local
from offlimits.matching.listed import IDENTIFIED, NAMED
from offlimits.measures import Profile, measures_on
from offlimits.model import ColumnKind, Entry, Mention, Place, Reject
from offlimits.readers import READERS
from offlimits.readers.base import Heading, Note, Options, Progress, Reader, Rows, Skipped, Table, Traffic, place_of
from offlimits.readers.rows import entry_of, market_tickers, searched_columns, texts_of
from offlimits.registry import Registry
from offlimits.report import (
    Amount,
    At,
    Disclaimed,
    Identity,
    LinkStrength,
    ReportFinding,
    ReportMention,
    ReportReject,
    Why,
)
from offlimits.screening.things import Things
from offlimits.text import fold as fold_text

HEAD_BYTES = 1 << 18
ROW_END = "\x1e"
CACHE = 50_000
"""Distinct cells of each kind of which it is remembered whether they say something; forgotten when so many are known."""
DISTINCT, PATIENCE = 0.95, 5_000
"""A column of which such a part of its cells is new, for so many new ones on end, repeats itself too rarely to remember its cells."""
SHOWN = 300
"""Longest stretch of a cell that a report repeats."""

OnProgress = Callable[[int], None]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work: a source, the reader that takes it and why, or the fault that nobody does."""

    source: int
    path: str
    shown: str
    reader: str = ""
    chosen: str = ""
    fault: str = ""
    fault_code: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What one run was asked."""

    as_of: date
    profile: Profile
    options: Options = Options()
    keep_raw: bool = False


# --- plan --------------------------------------------------------------------------------------


def plan(paths: Sequence[str | Path], reader: str | None = None) -> list[Part]:
    """Every file under the paths, sorted, each with the reader that recognises its content. Hidden files are left out.

    Raises `UsageError` when a path does not exist or no reader has the name asked for.
    """
    if reader is not None and reader not in {item.name for item in READERS}:
        raise UsageError(f"there is no reader {reader!r}", f"the readers are: {', '.join(item.name for item in READERS)}")
    missing = next((path for path in paths if str(path) != "-" and not Path(path).exists()), None)
    if missing is not None:
        raise UsageError(f"there is no file or folder {str(missing)!r}", "check the spelling; put quotes around a name with blanks")
    files = [found for path in paths for found in walk(path)]
    return [_part(number, path, shown, reader) for number, (path, shown) in enumerate(files)]


def _part(number: int, path: Path, shown: str, wanted: str | None) -> Part:
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        for reader in READERS:
            if wanted is None or reader.name == wanted:
                chosen = "asked for with --reader" if wanted else reader.recognise(path, head)
                if chosen:
                    return Part(source=number, path=str(path), shown=shown, reader=reader.name, chosen=chosen)
    except OSError as error:
        return Part(source=number, path=str(path), shown=shown, fault=str(error.strerror or error), fault_code=UnreadableSource.code)
    fault = "no reader knows this content; it is no text table, no workbook, no capture, and no log or table of devices that is known"
    return Part(source=number, path=str(path), shown=shown, fault=fault, fault_code=UnrecognisedFormat.code)


# --- screen_part -------------------------------------------------------------------------------


class Compiled:
    """What every part needs: the registry with its matchers, and the search for rows worth a closer look."""

    def __init__(self, registry: Registry, leads: Iterable[str] = TRIGGERS) -> None:
        self.registry = registry
        self.matching = Matching(registry)
        self.search = self.matching.prepare(leads)

    def suspects(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Numbers of the texts that hold at least one trigger, with what it calls for; all others can hold neither a match nor a lead."""
        joined = ROW_END.join(texts)
        if joined.count(ROW_END) != len(texts) - 1:
            return [(number, MORE) for number in range(len(texts))]
        if joined.isascii():
            return self.search.rows(joined.lower(), ROW_END, exact=True)
        plain = [text if text.isascii() else "" for text in texts]
        others = [number for number, text in enumerate(texts) if not text.isascii()]
        called = dict(self.search.rows(ROW_END.join(plain).lower(), ROW_END, exact=True))
        folded = ROW_END.join(fold_for_search(texts[number]) for number in others)
        called |= {others[number]: bits for number, bits in self.search.rows(folded, ROW_END, exact=False)}
        return sorted(called.items())


def screen_part(part: Part, compiled: Compiled, settings: Settings, on_progress: OnProgress | None = None) -> Outcome:
    """Read one part, match every row that may say something, judge it. All faults of the source become rejects."""
    run = _PartRun(part, compiled, settings, on_progress)
    try:
        with _uncollected():
            run.screen()
    except SourceError as error:
        run.reject_source(error)
    return run.outcome()


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage cycles meanwhile: rows make none, and the search costs a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fault(part: Part) -> SourceError:
    kinds: dict[str, type[SourceError]] = {kind.code: kind for kind in (UnrecognisedFormat, UnreadableSource)}
    return kinds[part.fault_code](part.fault, "")


class _PartRun:
    """One part on its way: counts everything, keeps what was found."""

    def __init__(self, part: Part, compiled: Compiled, settings: Settings, on_progress: OnProgress | None) -> None:
        self.part = part
        self.compiled = compiled
        self.settings = settings
        self.on_progress = on_progress
        self.tally = Tally()
        self.sha256 = ""
        self.size = 0
        self.unhashed: SourceError | None = None
        self.columns: dict[str, str] = {}
        self.notes: list[str] = []
        self.findings: list[ReportFinding] = []
        self.disclaimed: list[Disclaimed] = []
        self.rejects: list[ReportReject] = []
        self.raw_rejects: list[tuple[At, str, str, str]] = []
        self.leads: dict[tuple[str, str, str], LeadLines] = {}
        self.random_macs = 0
        self.traffic: list[Traffic] = []
        self.things = Things(settings.as_of, self.at)
        self.cannot_show: tuple[str, ...] = ()
        self.limits: dict[str, None] = {}
        self.heading = Heading()
        self.collectors: list[Collector | Stakes] = []
        self.known: dict[ColumnKind, set[str]] = {}
        self.hot: dict[ColumnKind, dict[str, int]] = {}
        self.patience: dict[int, int] = {}

    def screen(self) -> None:
        """Read and hash the source, the one beside the other. Raises `SourceError` when it cannot be read."""
        if self.part.fault:
            raise _fault(self.part)
        hashing = Thread(target=self.hash)
        hashing.start()
        try:
            self.read(next(reader for reader in READERS if reader.name == self.part.reader))
        finally:
            hashing.join()
        if self.unhashed:
            raise self.unhashed

    def hash(self) -> None:
        """The file's fingerprint and size; taken beside the reading, which leaves a processor free."""
        try:
            with open(self.part.path, "rb") as stream:
                self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
                self.size = stream.tell()
        except OSError as error:
            self.unhashed = UnreadableSource(str(error.strerror or error), "check that the file is there and that you may read it")

    def read(self, reader: Reader) -> None:
        self.cannot_show = reader.cannot_show
        try:
            for event in reader.read(Path(self.part.path), self.settings.options):
                self.take(event)
        except (SourceError, UsageError):
            raise
        except Exception as error:
            self.notes.append("".join(traceback.format_exception(error))[-2000:])
            raise _crash(reader.name, error) from error

    def take(self, event: object) -> None:
        if isinstance(event, Rows):
            self.tally.entries += len(event.rows)
            if event.table.channel == "install":
                self.things.take(event)
            self.screen_rows(event)
        elif isinstance(event, Reject):
            self.reject(event.place, event.code, event.reason, event.raw)
        elif isinstance(event, Skipped):
            self.tally.skipped[event.reason] += event.count
        elif isinstance(event, Note):
            self.notes.append(event.text)
        elif isinstance(event, Heading):
            self.heading = event
        elif isinstance(event, Table):
            self.describe(event)
            self.screen_titles(event)
            if event.channel == "own":
                self.collectors.append(collector_for(self.part.source, self.part.shown, event, self.heading))
        elif isinstance(event, Traffic):
            self.traffic.append(event)
        elif isinstance(event, Progress) and self.on_progress:
            self.on_progress(event.size_bytes)

    def describe(self, table: Table) -> None:
        self.patience.clear()
        self.limits.update(dict.fromkeys(table.cannot_show or self.cannot_show))
        prefix = f"{table.sheet}: " if table.sheet is not None else ""
        for column in table.columns:
            self.columns[prefix + column.name] = "left out: may name a person" if column.kind == "person" else column.kind

    def screen_titles(self, table: Table) -> None:
        """What stands above a table may say whose all its rows are (`Hikvision cameras 2024`), and so may the name of its sheet; a header
        says what it counts. None is an entry; of holdings they name the fund, which is not held."""
        if table.channel == "own":
            return
        heading = self.heading
        lines: list[tuple[str, Place, tuple[str, ...]]] = []
        if table.sheet:
            lines.append(("sheet", Place(sheet=table.sheet), (table.sheet,)))
        lines += [("title", place_of(table, place), line) for place, line in zip(heading.places, heading.lines, strict=True)]
        if heading.header:
            lines.append(("header", place_of(table, heading.header), tuple(column.name for column in table.columns)))
        for field, place, line in lines:
            mentions = [Mention(field=field, kind="text", text=cell) for cell in dict.fromkeys(line) if cell.strip()]
            before = len(self.findings)
            self.screen_entry(Entry(place=place, channel=table.channel, mentions=tuple(mentions)), may_lead=False)
            self.things.uncounted |= {finding.at for finding in self.findings[before:]}

    def reject_source(self, error: SourceError) -> None:
        self.reject(Place(), error.code, error.message + (f"; {error.hint}" if error.hint else ""), "")

    def reject(self, place: Place, code: str, reason: str, raw: str) -> None:
        at = self.at(place)
        self.tally.rejects[code] += 1
        if len(self.rejects) < 1000:
            self.rejects.append(ReportReject(at=at, code=code, reason=reason))
        if self.settings.keep_raw:
            self.raw_rejects.append((at, code, reason, raw))

    def at(self, place: Place) -> At:
        return At(source=self.part.source, **msgspec.structs.asdict(place))

    def screen_rows(self, batch: Rows) -> None:
        """Look closely only at rows with a cell that holds a match or a trigger of leads."""
        searched = searched_columns(batch.table)
        self.count_random(batch)
        held: dict[int, tuple[Named, ...]] = {}
        if searched:
            self.screen_suspects(batch, searched, held)
        if batch.table.channel == "own":
            self.collectors[-1].take(batch, held, lambda number: self.at(place_of(batch.table, batch.places[number])))

    def screen_suspects(self, batch: Rows, searched: list[int], held: dict[int, tuple[Named, ...]]) -> None:
        """Judge the rows that say something; of holdings, `held` takes whose they are."""
        found, owned = self.on_lists(batch), batch.table.channel == "own"
        width = len(batch.table.columns)
        for index in searched:
            self.suspects(batch.columns[index], index, batch.table.columns[index].kind, found)
        if set(map(len, batch.rows)) != {width}:
            for beyond in zip_longest(*(row[width:] for row in batch.rows), fillvalue=""):
                self.suspects(beyond, width, "text", found)
        if owned and (tickers := market_tickers(batch)):
            self.suspects(tickers, width, "ticker", found)
        for number, called in sorted(found.items()):
            before = len(self.findings)
            self.screen_entry(entry_of(batch.table, batch.rows[number], batch.places[number]), bool(called & MORE) and not owned)
            if len(self.findings) > before:
                self.things.date(batch, number)
                if owned:
                    held[number] = named(self.findings[before:])

    def suspects(self, cells: Sequence[str], index: int, kind: ColumnKind, found: dict[int, int]) -> None:
        """Add the rows whose cell in this column says something, with what it calls for. Cells that are alike are judged once, unless a
        column hardly has any."""
        patience = self.patience.get(index, PATIENCE)
        if not patience:
            found |= {number: found.get(number, 0) | called for number, called in self.telling(cells, kind)}
            return
        known, hot = self.known.setdefault(kind, set()), self.hot.setdefault(kind, {})
        if len(known) >= CACHE:
            known.clear()
            hot.clear()
        distinct = set(cells)
        new = list(distinct.difference(known))
        self.patience[index] = max(patience - len(new), 0) if len(new) > len(cells) * DISTINCT else PATIENCE
        known.update(new)
        hot.update((new[number], called) for number, called in self.telling(new, kind))
        for cell in hot.keys() & distinct:
            number = -1
            for _ in range(cells.count(cell)):
                number = cells.index(cell, number + 1)
                found[number] = found.get(number, 0) | hot[cell]

    def telling(self, cells: Sequence[str], kind: ColumnKind) -> Iterator[tuple[int, int]]:
        """Numbers of the cells that say something, with what each calls for."""
        find = self.compiled.matching.find
        for number, called in self.compiled.suspects(cells):
            if called & MORE or any(find(text, kind) for text in texts_of(kind, cells[number])):
                yield number, called

    def on_lists(self, batch: Rows) -> dict[int, int]:
        """Numbers of the rows that hold a name or an identifier of a list the user brought."""
        listed = self.compiled.matching.listed
        if not listed:
            return {}
        columns = [(column.index, column.kind) for column in batch.table.columns if column.kind in (*NAMED, *IDENTIFIED)]
        found: dict[int, int] = {}
        for index, kind in columns:
            cells = {row[index] for row in batch.rows}
            held = listed.held(cells, kind)
            found |= {number: 0 for number, row in enumerate(batch.rows) if row[index] in held}
        return found

    def count_random(self, batch: Rows) -> None:
        for column in batch.table.columns:
            if column.kind == "mac":
                cells = (row[column.index].strip() for row in batch.rows)
                self.random_macs += sum(
                    1 for cell in cells if len(cell) >= 12 and cell[:2].isalnum() and _is_hex(cell[:2]) and is_local(cell[:2])
                )

    def screen_entry(self, entry: Entry, may_lead: bool) -> None:
        judged, denied = judge(entry, self.compiled.matching, self.compiled.registry, self.settings.as_of)
        self.findings += [self.finding(entry, item) for item in judged]
        self.disclaimed += [self.denial(entry, item) for item in denied]
        if may_lead and not judged and (sign := lead_sign(entry)) and not self.names_other_maker(entry):
            self.leads.setdefault((sign.kind, entry.body, entry.supplier), LeadLines()).add(entry, sign, self.at(entry.place))

    def names_other_maker(self, entry: Entry) -> bool:
        """Whether a maker is named after all, one that is in no list: then there is nothing to ask."""
        makers = self.compiled.matching.vocabulary.other_makers
        return any(
            word in makers
            for mention in entry.mentions
            if mention.kind != "name"
            for word in fold_text(mention.text).replace("-", " ").split()
        )

    def finding(self, entry: Entry, judged: Judged) -> ReportFinding:
        states = measures_on(self.compiled.registry, judged.path, entry.channel, self.settings.profile, self.settings.as_of)
        first = judged.seen[0].mention
        return ReportFinding(
            id="",
            review_key=review_key(first, judged.entity),
            at=self.at(entry.place),
            channel=entry.channel,
            mentions=[_mention(item) for item in dict.fromkeys(seen.mention for seen in judged.seen)],
            entity=judged.entity,
            group=judged.path.group,
            relation=judged.relation,
            strength=judged.strength,
            identity=Identity(strength=judged.identity, score=round(judged.score, 2)),
            link=LinkStrength(strength=judged.path.strength),
            why=[Why(rule=reason.rule, detail=reason.detail, weight=reason.weight) for reason in judged.reasons],
            evidence=list(dict.fromkeys(key for seen in judged.seen for key in seen.match.evidence)),
            path=report_steps(judged.path),
            measures=states,
            amount=Amount(value=entry.amount, currency=entry.currency) if entry.amount else None,
            quantity=entry.quantity or None,
            on=entry.on,
            body=entry.body,
            supplier=entry.supplier,
            ask=_question(judged, self.compiled.registry),
            device=entry.device,
            site=entry.site,
        )

    def denial(self, entry: Entry, item: Seen) -> Disclaimed:
        match = item.match
        return Disclaimed(
            at=self.at(entry.place),
            field=item.mention.field,
            text=_cut(item.mention.text),
            entity=match.entity,
            rule=match.disclaimed,
            detail=match.detail,
        )

    def outcome(self) -> Outcome:
        if self.random_macs:
            self.notes.append(
                f"{self.random_macs:,} hardware addresses are locally administered (random or set by hand): they say nothing of the maker"
            )
        if self.things.note:
            self.notes.append(self.things.note)
        return Outcome(
            source=self.part.source,
            path=self.part.shown,
            sha256=self.sha256,
            size_bytes=self.size,
            reader=self.part.reader,
            chosen=self.part.chosen,
            cannot_show=list(self.limits or self.cannot_show),
            columns=self.columns,
            notes=self.notes,
            tally=self.tally,
            findings=self.findings,
            disclaimed=self.disclaimed,
            rejects=self.rejects,
            raw_rejects=self.raw_rejects,
            leads=[(*key, lines) for key, lines in self.leads.items()],
            holdings=[collector.finish() for collector in self.collectors],
            traffic=self.traffic,
            installed=self.things.count,
            signs=self.things.signs,
            uncounted=self.things.uncounted,
            made=self.things.made,
        )


def _crash(reader: str, error: Exception) -> SourceError:
    fault = SourceError(f"the reader {reader!r} failed on this file: {error}", "please report this with the file, if you may share it")
    fault.code = "reader-crashed"
    return fault


def _is_hex(text: str) -> bool:
    return all(char in "0123456789abcdefABCDEF" for char in text)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _mention(mention: Mention) -> ReportMention:
    return ReportMention(field=mention.field, kind=mention.kind, text=_cut(mention.text))


def _question(judged: Judged, registry: Registry) -> str:
    """What to ask next about a finding; the weaker it is, the more there is to ask."""
    group = registry.entities[judged.path.group].name
    text = judged.seen[0].match.text
    if judged.relation in ("made-by", "former", "joint"):
        return f"Ask the supplier which company made {text!r}, on what date, and whether it is made by or holds parts of {group}."
    if judged.strength == "possible":
        return f"Look at the label, or ask the supplier: is {text!r} a product of {group}, or somebody else's?"
    return f"Where does {text!r} stand, how many are there, since when, what are they connected to, and when does the contract end?"

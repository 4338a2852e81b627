"""Filings of thousands of funds → the index of what they hold of listed companies.

Two forms: N-PORT filings in XML, and the SEC's quarterly data set of them (a folder or zip of TSV tables: SUBMISSION, REGISTRANT,
FUND_REPORTED_INFO, FUND_REPORTED_HOLDING, IDENTIFIERS). A line is looked at closely only where the search finds a trigger in it, so the
cost is that of reading the bytes, and memory does not grow with lines.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO, TextIOWrapper
from operator import itemgetter
from pathlib import Path
from typing import TextIO

import msgspec

from offlimits.aggregates.compositions import read_index
from offlimits.aggregates.instruments import DERIVATIVES, instrument
from offlimits.aggregates.numbers import read_number
from offlimits.aggregates.positions import RELATED, doubt_of
from offlimits.dates import read_date
from offlimits.errors import SourceError, UsageError
from offlimits.files import walk
from offlimits.fundindex import FundIndex, IndexedFund, IndexedHolding, IndexSource, InnerFund
from offlimits.judging import judge
from offlimits.readers.base import Heading, Options, Rows
from offlimits.readers.nport import DERIVATIVES as CATEGORIES
from offlimits.readers.nport import FUNDS, KINDS, TABLE, NPort
from offlimits.readers.rows import entry_of, searched_columns
from offlimits.registry import Registry
from offlimits.screening import Compiled

HOLDING, INFO, SUBMISSION, REGISTRANT, IDENTIFIER = (
    "FUND_REPORTED_HOLDING.tsv", "FUND_REPORTED_INFO.tsv", "SUBMISSION.tsv", "REGISTRANT.tsv", "IDENTIFIERS.tsv",
)  # fmt: skip
NEEDED = {
    HOLDING: ("ACCESSION_NUMBER", "HOLDING_ID", "ISSUER_NAME", "ISSUER_TITLE", "ISSUER_CUSIP", "CURRENCY_VALUE", "PERCENTAGE"),
    INFO: ("ACCESSION_NUMBER", "SERIES_NAME"),
}
FIELDS = {
    "ISSUER_NAME": 0, "ISSUER_TITLE": 1, "ISSUER_LEI": 2, "ISSUER_CUSIP": 3, "BALANCE": 7, "CURRENCY_VALUE": 8, "PERCENTAGE": 9,
    "PAYOFF_PROFILE": 10, "ASSET_CAT": 11,
}  # fmt: skip
"""Columns of the holdings' table → the columns of a row as `offlimits.readers.nport` makes it."""

BATCH_BYTES = 1 << 22
IDENTIFIERS_OR_NAMES = 0b110
"""Bits of the matchers that count in holdings: identifiers and names."""

OnProgress = Callable[[int], None]


def build_index(paths: Sequence[str | Path], registry: Registry, on_progress: OnProgress | None = None) -> FundIndex:
    """The index of every filing under the paths. A folder or zip with the SEC's tables is read as a data set; a `funds.csv` in a folder
    says which ISIN, CUSIP and ticker belong to which series. Raises `UsageError` for paths that do not exist or hold no filing."""
    builder = _Builder(registry, on_progress or (lambda _: None))
    for path in map(Path, paths):
        if not path.exists():
            raise UsageError(f"there is no file or folder {str(path)!r}", "check the spelling")
        builder.add(path)
    if not builder.sources:
        raise UsageError("no N-PORT filing and no data set was found", "give a folder of filings (XML), or one with the SEC's TSV tables")
    return builder.index()


class _Builder:
    """Collects funds and sources."""

    def __init__(self, registry: Registry, on_progress: OnProgress) -> None:
        self.compiled = Compiled(registry, ())
        self.registry = registry
        self.on_progress = on_progress
        self.sources: list[IndexSource] = []
        self.funds: list[IndexedFund] = []
        self.ids: dict[str, dict[str, str]] = {}

    def add(self, path: Path) -> None:
        if path.is_dir():
            said = read_index(path).values()
            self.ids |= {
                row["series"]: {key: row[key] for key in ("isin", "cusip", "ticker") if row.get(key)} for row in said if row.get("series")
            }
        for folder in _data_sets(path):
            self.add_data_set(folder)
        for file, shown in walk(path):
            if file.suffix.lower() == ".xml":
                self.add_filing(file, shown)

    def index(self) -> FundIndex:
        groups = sorted({item.group for fund in self.funds for item in fund.holdings})
        return FundIndex(
            format="offlimits.funds/1",
            registry=self.registry.data.version,
            sha256=self.registry.data.sha256,
            companies={group: self.registry.entities[group].name for group in groups},
            cannot_show=[*NPort.cannot_show, "in the data set's tables: on what a derivative stands"],
            sources=self.sources,
            funds=sorted(self.funds, key=lambda item: (item.fund, item.series, item.on or date.min, item.filing)),
        )

    # --- one filing in XML ---

    def add_filing(self, path: Path, shown: str) -> None:
        with path.open("rb") as stream:
            if not NPort().recognise(path, stream.read(1 << 18)):
                return
        facts: dict[str, str] = {}
        lines, found, inside = 0, list[IndexedHolding](), list[InnerFund]()
        rejects: Counter[str] = Counter()
        try:
            for event in NPort().read(path, Options()):
                if isinstance(event, Heading):
                    facts = event.facts
                elif isinstance(event, Rows):
                    lines += len(event.rows)
                    found += self._of_batch(event, facts)
                    inside += [_inner(row) for row in event.rows if row[11] in FUNDS.values()]
        except SourceError as error:
            rejects[error.code] += 1
        self.on_progress(path.stat().st_size)
        self.sources.append(IndexSource(shown, "nport", lines + rejects.total(), lines, dict(rejects)))
        if lines:
            self.funds.append(self._fund(facts, path.stem, lines, found, inside))

    def _of_batch(self, batch: Rows, facts: Mapping[str, str]) -> Iterator[IndexedHolding]:
        texts = ["\x1f".join(cells) for cells in map(itemgetter(*searched_columns(TABLE)), batch.rows)]
        for number, called in self.compiled.suspects(texts):
            if called & IDENTIFIERS_OR_NAMES:
                yield from self.holding(batch.rows[number], read_date(facts.get("as-of", "")))

    def _fund(
        self, facts: Mapping[str, str], filing: str, lines: int, found: Iterable[IndexedHolding], inside: Iterable[InnerFund]
    ) -> IndexedFund:
        return IndexedFund(
            fund=facts.get("fund", "") or filing,
            series=facts.get("series", ""),
            on=read_date(facts.get("as-of", "")),
            filing=filing,
            registrant=facts.get("registrant", ""),
            classes=tuple(facts.get("classes", "").split()),
            lei=facts.get("lei", ""),
            ids=self.ids.get(facts.get("series", ""), {}),
            net_assets=facts.get("net-assets", ""),
            lines=lines,
            holdings=tuple(found),
            inside=tuple(inside),
        )

    def holding(self, row: list[str], on: date | None) -> Iterator[IndexedHolding]:
        """The nearest company in one row of the N-PORT table, if any."""
        entry = entry_of(TABLE, row, 1)
        judged, _ = judge(entry, self.compiled.matching, self.registry, on or date.today())
        nearest = sorted(judged, key=lambda item: (RELATED.index(item.relation), len(item.path.hops)))[:1]
        for item in nearest:
            kind = instrument(row[11], row[0])
            notional = read_number(row[12] or "-")
            yield IndexedHolding(
                group=item.path.group,
                entity=item.entity,
                name=row[0].strip() or row[1].strip(),
                kind=kind,
                value=row[8].strip(),
                percent=row[9].strip(),
                rule=item.reasons[0].rule if item.reasons else "",
                isin=row[4],
                cusip=row[3] if row[3].strip("0") not in ("", "N/A") else "",
                exposure=str(notional) if kind in DERIVATIVES and kind != "option" and notional is not None else None,
                doubt=doubt_of(item.relation, item.strength, any(reason.rule == "identifier-name-disagree" for reason in item.reasons)),
            )

    # --- the data set ---

    def add_data_set(self, source: Path) -> None:
        """All tables of one quarter. Lines of a wrong width are rejects, counted."""
        lines, rejects = Counter[str](), Counter[str]()
        suspects, inside = self._suspects(source, lines, rejects)
        facts = _facts(source)
        wanted = {row[-1] for rows in suspects.values() for row in rows}
        known = dict(_identifiers(source, wanted))
        for accession, told in facts.items():
            found = [
                held
                for row in suspects.get(accession, ())
                for held in self.holding(_identified(row, known), read_date(told.get("as-of", "")))
            ]
            self.funds.append(self._fund(told, accession, lines[accession], found, inside.get(accession, ())))
        unknown = sum(count for accession, count in lines.items() if accession not in facts)
        rejects += Counter({"no-such-filing": unknown} if unknown else {})
        read = lines.total() - unknown
        self.sources.append(IndexSource(str(source), "nport-data-set", read + rejects.total(), read, dict(rejects)))

    def _suspects(
        self, source: Path, lines: Counter[str], rejects: Counter[str]
    ) -> tuple[dict[str, list[list[str]]], dict[str, list[InnerFund]]]:
        """Rows of the holdings' table that may be ours, and those that are funds, by filing. The last cell of a row is its HOLDING_ID."""
        by_id = self._by_identifier(source)
        rows: dict[str, list[list[str]]] = {}
        inside: dict[str, list[InnerFund]] = {}
        read = 0
        with _table(source, HOLDING) as stream:
            header = _header(stream, HOLDING)
            width, at = len(header), {name: number for number, name in enumerate(header)}
            marks = [f"\t{issuer}\t" for issuer in FUNDS]
            for batch in _batches(stream, self.on_progress):
                lines.update([line[: line.find("\t")] for line in batch if line.count("\t") == width - 1])
                called = {number for number, bits in self.compiled.suspects(batch) if bits & IDENTIFIERS_OR_NAMES}
                called |= {number for number, line in enumerate(batch) if marks[0] in line or marks[1] in line}
                if by_id:
                    called |= {number for number, line in enumerate(batch) if line.split("\t", 2)[1:2] and line.split("\t", 2)[1] in by_id}
                read += len(batch)
                for number in sorted(called):
                    cells = batch[number].split("\t")
                    if len(cells) == width:
                        _sort(cells, at, rows, inside)
        rejects += Counter({"wrong-cell-count": read - lines.total()} if read > lines.total() else {})
        return rows, inside

    def _by_identifier(self, source: Path) -> frozenset[str]:
        """Holdings whose ISIN or ticker is ours."""
        found: set[str] = set()
        with _table(source, IDENTIFIER) as stream:
            header = _header(stream, IDENTIFIER)
            at = header.index("HOLDING_ID") if "HOLDING_ID" in header else 0
            for batch in _batches(stream, self.on_progress):
                found.update(batch[number].split("\t")[at] for number, bits in self.compiled.suspects(batch) if bits & 0b010)
        return frozenset(found)


def _sort(cells: list[str], at: Mapping[str, int], rows: dict[str, list[list[str]]], inside: dict[str, list[InnerFund]]) -> None:
    """One line of the holdings' table as a row of `KINDS`, with its HOLDING_ID behind it."""
    row = [""] * (len(KINDS) + 1)
    for name, place in FIELDS.items():
        if name in at:
            row[place] = cells[at[name]]
    derivative = cells[at["DERIVATIVE_CAT"]].strip() if "DERIVATIVE_CAT" in at else ""
    issuer = cells[at["ISSUER_TYPE"]] if "ISSUER_TYPE" in at else ""
    row[11] = CATEGORIES.get(derivative, row[11]) if derivative else FUNDS.get(issuer, row[11])
    row[-1] = cells[at["HOLDING_ID"]]
    accession = cells[at["ACCESSION_NUMBER"]]
    if row[11] in FUNDS.values():
        inside.setdefault(accession, []).append(_inner(row))
    else:
        rows.setdefault(accession, []).append(row)


def _inner(row: Sequence[str]) -> InnerFund:
    return InnerFund(name=row[0].strip() or row[1].strip(), value=row[8].strip(), isin=row[4], cusip=row[3].strip())


def _identified(row: list[str], known: Mapping[str, tuple[str, str]]) -> list[str]:
    """The row with the ISIN and ticker that another table has of it."""
    isin, ticker = known.get(row[-1], ("", ""))
    return [*row[:4], isin, ticker, *row[6:-1]]


def _identifiers(source: Path, wanted: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """ISIN and ticker of the holdings asked for; lines of one holding follow each other."""
    with _table(source, IDENTIFIER) as stream:
        header = _header(stream, IDENTIFIER)
        at = {name: number for number, name in enumerate(header)}
        isin, ticker, key = (at.get(name, -1) for name in ("IDENTIFIER_ISIN", "IDENTIFIER_TICKER", "HOLDING_ID"))
        gathered: dict[str, tuple[str, str]] = {}
        for line in stream if key >= 0 else ():
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) == len(header) and cells[key] in wanted:
                before = gathered.get(cells[key], ("", ""))
                gathered[cells[key]] = (cells[isin] or before[0], cells[ticker] if ticker >= 0 and cells[ticker] else before[1])
        yield from gathered.items()


def _facts(source: Path) -> dict[str, dict[str, str]]:
    """What the small tables say of each filing, by accession number."""
    days = {row["ACCESSION_NUMBER"]: row.get("REPORT_DATE", "") for row in _rows(source, SUBMISSION)}
    registrants = {row["ACCESSION_NUMBER"]: row.get("REGISTRANT_NAME", "") for row in _rows(source, REGISTRANT)}
    return {
        row["ACCESSION_NUMBER"]: {
            "fund": row.get("SERIES_NAME", "").replace("N/A", "") or registrants.get(row["ACCESSION_NUMBER"], ""),
            "series": row.get("SERIES_ID", ""),
            "lei": row.get("SERIES_LEI", ""),
            "as-of": _day(days.get(row["ACCESSION_NUMBER"], "")),
            "registrant": registrants.get(row["ACCESSION_NUMBER"], ""),
            "net-assets": row.get("NET_ASSETS", ""),
        }
        for row in _rows(source, INFO)
    }


def _day(text: str) -> str:
    """`31-JAN-2026`, as the tables write it, in ISO form."""
    day = read_date(text)
    return day.isoformat() if day else ""


def _rows(source: Path, name: str) -> Iterator[dict[str, str]]:
    with _table(source, name) as stream:
        header = _header(stream, name)
        for line in stream:
            yield dict(zip(header, line.rstrip("\r\n").split("\t"), strict=False))


def _header(stream: TextIO, name: str) -> list[str]:
    header = next(stream, "").rstrip("\r\n").lstrip("\ufeff").upper().split("\t")
    missing = [column for column in NEEDED.get(name, ()) if column not in header]
    if missing:
        raise UsageError(f"{name} has no column {', '.join(missing)}", "ask for the data set anew; its form may have changed")
    return header


@contextmanager
def _table(source: Path, name: str) -> Iterator[TextIO]:
    """One table of the set, in UTF-8; an absent one is empty."""
    if source.is_dir():
        path = source / name
        if not path.exists():
            yield StringIO()
            return
        with path.open(encoding="utf-8", errors="replace", newline="\n") as stream:
            yield stream
        return
    with zipfile.ZipFile(source) as archive:
        found = next((item for item in archive.namelist() if item.rpartition("/")[2] == name), None)
        if found is None:
            yield StringIO()
            return
        with archive.open(found) as raw:
            yield TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="\n")


def _batches(stream: TextIO, on_progress: OnProgress) -> Iterator[list[str]]:
    while lines := stream.readlines(BATCH_BYTES):
        on_progress(sum(map(len, lines)))
        yield [line.rstrip("\r\n") for line in lines if line.strip()]


def _data_sets(path: Path) -> Iterator[Path]:
    """Folders and zips under a path that hold the holdings' table."""
    files = [path] if path.is_file() else [file for file, _ in walk(path)]
    for file in files:
        if file.name == HOLDING:
            yield file.parent
        elif file.suffix.lower() == ".zip" and zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                if any(item.rpartition("/")[2] == HOLDING for item in archive.namelist()):
                    yield file


def encode_index(index: FundIndex) -> bytes:
    """The index as JSON: the same bytes for the same index."""
    return msgspec.json.encode(index) + b"\n"

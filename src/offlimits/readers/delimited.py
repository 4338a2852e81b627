"""CSV and TSV with any delimiter and encoding. Damaged places become rejects; reading goes on with the next line.

The file is read in blocks of whole lines, each parsed by the standard library's `csv`. A sentinel line after each block tells
whether a quote is still open; if so, the open record is carried into the next block, up to `MAX_RECORD`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path

import msgspec
from charset_normalizer import from_bytes

from offlimits.errors import DamagedSource, UnreadableSource, UnrecognisedFormat
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Heading, Note, Options, Progress, Rows, Skipped, Table
from offlimits.readers.columns import HEADER_ROWS, find_header, recognise_columns, usual_width

BLOCK_BYTES = 1 << 16
"""Rows of a block are dropped while they are still near the processor: eight times as much takes half as long again."""
MAX_RECORD = 1 << 20
"""Longest record in characters; a longer one is a fault of the file (an open quote, a dump without line ends)."""

MIN_PATIENCE = 1 << 10
"""In a file full of open quotes a closing one is looked for within so many characters at least."""

DELIMITERS = ",;\t|^~"
HEAD_BYTES = 1 << 18
SENTINEL = "\x02end of block\x02"
TOO_LONG = "\0line too long\0"
"""Stands for the rest of a line that was dropped; it holds a NUL, so that rows with it are looked at."""

SURROGATE = re.compile("[\ud800-\udfff]")
CANDIDATES = ["cp1252", "cp1250", "cp1251", "gb18030", "big5", "shift_jis", "euc_kr", "cp1253", "cp1254", "cp1256"]

csv.field_size_limit(4 * MAX_RECORD)


class Dialect(msgspec.Struct, frozen=True):
    """How the file is written: its encoding, its delimiter, whether lone carriage returns end lines (where they outnumber line feeds)."""

    encoding: str
    delimiter: str
    old_mac: bool


class Delimited:
    """Reads text tables."""

    name = "csv"
    cannot_show: tuple[str, ...] = (
        "what is inside a product: chips, modules and firmware of another maker",
        "goods that an installer or a service company supplies without naming them",
        "subcontractors",
        "what was written in columns that this file does not have",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        if not head:
            return "an empty file"
        encoding = sniff_encoding(head)
        if encoding is None:
            return ""
        return f"text in {encoding}, cells parted by {_word(sniff_delimiter(_decode(head, encoding)))}"

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        try:
            with path.open("rb") as stream:
                yield from self.read_stream(stream, options)
        except OSError as error:
            raise UnreadableSource(f"{error.strerror or error}", "check that the file is there and that you may read it") from error

    def read_stream(self, stream: io.BufferedIOBase | io.BufferedReader, options: Options) -> Iterator[Event]:
        """The same from an open binary stream."""
        head = stream.read(HEAD_BYTES)
        if not head:
            return
        encoding = sniff_encoding(head)
        if encoding is None:
            raise UnrecognisedFormat("this is no text table", "save it as CSV or XLSX")
        text = _decode(head, encoding)
        dialect = Dialect(encoding, sniff_delimiter(text), text.count("\r") - text.count("\r\n") > text.count("\n"))
        yield from _Run(dialect, options).events(chain([head], iter(lambda: stream.read(BLOCK_BYTES), b"")))


def _word(delimiter: str) -> str:
    return {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}.get(delimiter, repr(delimiter))


def sniff_encoding(head: bytes) -> str | None:
    """The encoding of a text, None for binary content. Byte-order marks first, then UTF-8, then the likeliest of the encodings in use.

    Of two that read the sample alike the commoner one is taken: a pound sign may come later.
    """
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 5 > len(head) * 2 and even * 20 < len(head):
        return "utf-16-le"
    if even * 5 > len(head) * 2 and odd * 20 < len(head):
        return "utf-16-be"
    controls = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 27)))
    if controls * 50 > len(head) or head.count(0) * 20 > len(head):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return _likeliest(head)
    return "utf-8"


def _likeliest(head: bytes) -> str:
    lines = head.splitlines()
    broken = sum(1 for line in lines if not _is_utf8(line))
    telling = [line for line in lines if not line.isascii()]
    if telling and broken * 2 < len(telling):
        return "utf-8"
    sample = b"\n".join(telling[:500])
    best = from_bytes(sample, cp_isolation=CANDIDATES).best()
    return next((name for name in CANDIDATES if best and sample.decode(name, "replace") == str(best)), "cp1252")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding.startswith("utf-8") else "replace").decode(
        head, final=False
    )


def sniff_delimiter(text: str) -> str:
    """The delimiter under which most of the first lines have the same number of cells, more than one. Where a comma and another do alike,
    it is the other: `Fund;27.000,00`."""
    lines = [line for line in text.replace("\r", "\n").split("\n")[:200] if line.strip()]
    if lines and re.fullmatch(r"sep=(.)", lines[0]):
        return lines[0][-1]
    evenness = {delimiter: _evenness(lines, delimiter) for delimiter in DELIMITERS} if lines else {",": 0.0}
    best = max(evenness, key=lambda delimiter: (evenness[delimiter], delimiter != ","))
    return best if evenness[best] else ","


def _evenness(lines: Sequence[str], delimiter: str) -> float:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
    return 0.0 if width < 2 else count / sum(widths.values()) + min(width, 50) / 1000


class _Run:
    """One reading of one file: keeps the line count and the table once its header is known."""

    def __init__(self, dialect: Dialect, options: Options) -> None:
        self.dialect = dialect
        self.options = options
        self.line = 1
        self.table: Table | None = None
        self.width = 0
        self.named = 0
        self.head: list[tuple[int, list[str]]] = []
        self.padded = 0
        self.odd = False
        self.longer = 0
        self.carry = ""
        self.patience = MAX_RECORD
        self.read_bytes = 0

    def events(self, blocks: Iterator[bytes]) -> Iterator[Event]:
        for text in self._texts(blocks):
            yield from self._parse(self.carry + text)
            yield Progress(size_bytes=self.read_bytes)
            self.read_bytes = 0
        yield from self._parse(self.carry, final=True)
        if self.table is None:
            yield from self._begin()
        yield from self._notes()

    def _texts(self, blocks: Iterator[bytes]) -> Iterator[str]:
        """Decoded text cut after line ends. Of a line beyond `MAX_RECORD` only the start goes on, marked `TOO_LONG`, without quotes."""
        decoder = self._decoder()
        rest, dropping = "", False
        for block in blocks:
            self.read_bytes += len(block)
            rest += decoder.decode(block)
            end = rest.rfind("\n") + 1
            if dropping:
                start = rest.find("\n") + 1
                rest, end, dropping = rest[start or len(rest) :], end - start, not start
            if not end and len(rest) > MAX_RECORD:
                yield rest[:200].replace('"', "'") + TOO_LONG + "\n"
                rest, dropping = "", True
            if end:
                yield rest[:end]
                rest = rest[end:]
        rest += decoder.decode(b"", final=True)
        if rest and not dropping:
            yield rest

    def _decoder(self) -> codecs.IncrementalDecoder | io.IncrementalNewlineDecoder:
        escape = "surrogateescape" if self.dialect.encoding.startswith("utf-8") else "replace"
        decoder = codecs.getincrementaldecoder(self.dialect.encoding)(escape)
        return io.IncrementalNewlineDecoder(decoder, translate=True) if self.dialect.old_mac else decoder

    def _parse(self, text: str, final: bool = False) -> Iterator[Event]:
        """Parse one text of whole lines. A record still open at its end waits in `carry` for the next text, up to `patience` characters.

        Where a quote is never closed, or only after whole lines of the table, its line is rejected and reading goes on with the next,
        in stretches of `patience`, which halves with each such line: so a file full of them takes time in proportion to its length.
        """
        if "\r" in text and text.count("\r") != text.count("\r\n"):
            text = text.replace("\r\n", "\n").replace("\r", " ")
        self.odd = _is_odd(text) or (self.odd and self.table is None)
        lines, self.carry = io.StringIO(text).readlines(), ""
        at, left, faulty = 0, len(text), False
        while at < len(lines):
            stretch = _first(lines, at, self.patience) if faulty else lines
            rows: list[list[str]] = []
            closed = self._fill(rows, stretch)
            spans = self._spans(rows, stretch)
            runaway = self._runaway(rows) if len(rows) != len(stretch) else None
            if runaway is not None:
                closed, rows, spans = False, rows[:runaway], spans[:runaway]
            used = len(stretch) if closed else sum(spans)
            cut = runaway is None and used and at + len(stretch) < len(lines)
            at += used
            left -= sum(map(len, stretch[:used]))
            yield from self._take(rows, spans)
            if closed or cut:
                continue
            if not final and runaway is None and left <= self.patience:
                self.carry = "".join(lines[at:])
                return
            yield self._reject_line(lines[at])
            left -= len(lines[at])
            at += 1
            faulty, self.patience = True, max(self.patience // 2, MIN_PATIENCE)
        if not faulty:
            self.patience = min(self.patience * 2, MAX_RECORD)

    def _fill(self, rows: list[list[str]], lines: list[str]) -> bool:
        """Read the lines into rows; whether the last record is closed. An open one is left out."""
        ended = lines if not lines or lines[-1].endswith("\n") else [*lines[:-1], lines[-1] + "\n"]
        try:
            rows.extend(csv.reader(chain(ended, [SENTINEL]), delimiter=self.dialect.delimiter))
        except csv.Error:
            return False
        return bool(rows) and rows.pop() == [SENTINEL]

    def _runaway(self, rows: list[list[str]]) -> int | None:
        """The first record with a cell that holds whole lines of the table: its quote was meant to end before them."""
        width = usual_width(rows)
        if width < 3:
            return None
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                counts = [line.count(self.dialect.delimiter) for line in cell.split("\n")] if "\n" in cell else []
                if len(counts) > 2 and counts[0] == width - 1 - place and set(counts[1:-1]) == {width - 1}:
                    return number
        return None

    def _spans(self, rows: list[list[str]], lines: list[str]) -> list[int]:
        """How many lines each record takes."""
        if len(rows) == len(lines):
            return [1] * len(rows)
        return [1 + sum(cell.count("\n") for cell in row) for row in rows]

    def _reject_line(self, line: str) -> Reject:
        place = Place(line=self.line)
        self.line += 1
        return Reject(place=place, code="unclosed-quote", reason="a quote opens here and is never closed", raw=line.rstrip("\n")[:2000])

    def _take(self, rows: list[list[str]], spans: list[int]) -> Iterator[Event]:
        start = self.line
        self.line += sum(spans)
        if self.line - start == len(rows):
            yield from self._emit(rows, range(start, self.line))
            return
        yield from self._emit(rows, list(accumulate(spans, initial=start))[:-1])

    def _emit(self, rows: list[list[str]], places: Sequence[int]) -> Iterator[Event]:
        if self.table is None:
            self.head.extend(zip(places, rows, strict=True))
            if len(self.head) > HEADER_ROWS * 8:
                yield from self._begin()
            return
        yield from self._rows(rows, places)

    def _begin(self) -> Iterator[Event]:
        """Enough rows seen: find the header, name the columns, hand out what was held back."""
        rows = [row for _, row in self.head]
        if not rows:
            return
        first = 1 if rows[0] and re.fullmatch(r"sep=.?", rows[0][0]) else 0
        found = find_header(rows[first:])
        header = None if found is None else found + first
        body = 0 if header is None else header + 1
        sample = [row for row in rows[body:] if any(row)]
        self.table = recognise_columns(None if header is None else rows[header], sample, self.options)
        self.width = len(self.table.columns)
        self.named = self.width if header is None else max(len(rows[header]), 1)
        above = self.head[: header or 0]
        yield Heading(
            lines=tuple(tuple(row) for _, row in above),
            places=tuple(place for place, _ in above),
            header=0 if header is None else self.head[header][0],
        )
        yield self.table
        if header is None:
            yield Note(text="no header row was found; columns are named by their letters and read by what stands in them")
        for place, row in self.head[: header or 0]:
            yield self._sort_out(row, place) or Skipped(reason="title")
        if header is not None:
            yield Skipped(reason="header")
        held, self.head = self.head[body:], []
        yield from self._rows([row for _, row in held], [place for place, _ in held])

    def _rows(self, rows: list[list[str]], places: Sequence[int]) -> Iterator[Event]:
        """Sort out blank, ragged and unreadable rows; the rest goes on as one batch."""
        assert self.table is not None
        plain = set(map(len, rows)) <= {self.width} and all(map(any, rows)) and not self.odd
        if not plain:
            sorted_rows: list[list[str]] = []
            sorted_places: list[int] = []
            for place, row in zip(places, rows, strict=True):
                event = self._sort_out(row, place)
                if event is None:
                    sorted_rows.append(self._fitted(row))
                    sorted_places.append(place)
                else:
                    yield event
            rows, places = sorted_rows, sorted_places
        if rows:
            yield Rows(table=self.table, rows=rows, places=places)

    def _sort_out(self, row: list[str], place: int) -> Event | None:
        if not any(cell.strip() for cell in row):
            return Skipped(reason="blank")
        text = self.dialect.delimiter.join(row)
        code, reason = "", ""
        if len(row) > 4 * self.width + 64:
            code, reason = "wrong-cell-count", f"{len(row):,} cells under a header of {self.named}"
        elif TOO_LONG in text:
            code, reason = "line-too-long", f"a line of more than {MAX_RECORD:,} characters"
        elif "\0" in text:
            code, reason = "nul-character", "the row holds a NUL character, so part of it may be lost"
        elif SURROGATE.search(text) or ("\ufffd" in text and not self.dialect.encoding.startswith("utf-8")):
            code, reason = "bad-encoding", f"bytes that are not {self.dialect.encoding}"
        if not code:
            return None
        return Reject(place=Place(line=place), code=code, reason=reason, raw=text[:2000].encode("utf-8", "replace").decode())

    def _fitted(self, row: list[str]) -> list[str]:
        if len(row) < self.width:
            self.padded += len(row) < self.named
            return row + [""] * (self.width - len(row))
        self.longer += any(row[self.width :])
        return row

    def _notes(self) -> Iterator[Event]:
        if self.padded:
            yield Note(text=f"{_rows_have(self.padded)} fewer cells than the header; the missing ones were read as empty")
        if self.longer:
            yield Note(text=f"{_rows_have(self.longer)} more cells than the header; the cells beyond it were read as text")


def _rows_have(count: int) -> str:
    return f"{count:,} rows have" if count != 1 else "1 row has"


def _first(lines: list[str], at: int, size: int) -> list[str]:
    """As many lines from `at` on as have so many characters together, one at least."""
    end = at + 1
    size -= len(lines[at])
    while end < len(lines) and size >= len(lines[end]):
        size -= len(lines[end])
        end += 1
    return lines[at:end]


def _is_odd(text: str) -> bool:
    """Whether a block may hold NULs or undecodable bytes, so that its rows must be looked at one by one."""
    if "\0" in text or "\ufffd" in text:
        return True
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


__all__ = ["DamagedSource", "Delimited", "sniff_delimiter", "sniff_encoding"]

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
from itertools import chain
from pathlib import Path

import msgspec
from charset_normalizer import from_bytes

from offlimits.errors import DamagedSource, UnreadableSource, UnrecognisedFormat
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Note, Options, Progress, Rows, Skipped, Table
from offlimits.readers.columns import HEADER_ROWS, find_header, recognise_columns

BLOCK_BYTES = 1 << 19
MAX_RECORD = 1 << 20
"""Longest record in characters; a longer one is a fault of the file (an open quote, a dump without line ends)."""

DELIMITERS = ",;\t|^~"
HEAD_BYTES = 1 << 18
SENTINEL = "\x02end of block\x02"
SURROGATE = re.compile("[\ud800-\udfff]")
CANDIDATES = ["cp1252", "cp1250", "cp1251", "gb18030", "big5", "shift_jis", "euc_kr", "cp1253", "cp1254", "cp1256"]

csv.field_size_limit(4 * MAX_RECORD)


class Dialect(msgspec.Struct, frozen=True):
    """How the file is written: its encoding, its delimiter, whether lone carriage returns end its lines."""

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
        dialect = Dialect(encoding, sniff_delimiter(text), "\n" not in text and "\r" in text)
        yield from _Run(dialect, options).events(chain([head], iter(lambda: stream.read(BLOCK_BYTES), b"")))


def _word(delimiter: str) -> str:
    return {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}.get(delimiter, repr(delimiter))


def sniff_encoding(head: bytes) -> str | None:
    """The encoding of a text, None for binary content. Byte-order marks first, then UTF-8, then the likeliest of the encodings in use."""
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
    best = from_bytes(b"\n".join(telling[:500]), cp_isolation=CANDIDATES).best()
    return best.encoding if best else "cp1252"


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
    """The delimiter under which most of the first lines have the same number of cells, more than one."""
    lines = [line for line in text.replace("\r", "\n").split("\n")[:200] if line.strip()]
    if lines and re.fullmatch(r"sep=(.)", lines[0]):
        return lines[0][-1]
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter)) if lines else ","


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
        self.head: list[tuple[int, list[str]]] = []
        self.padded = 0
        self.longer = 0
        self.dropping = False
        self.read_bytes = 0

    def events(self, blocks: Iterator[bytes]) -> Iterator[Event]:
        carry = ""
        for text in self._texts(blocks):
            carry, events = self._parse(carry + text)
            yield from events
            yield Progress(size_bytes=self.read_bytes)
            self.read_bytes = 0
        while carry:
            carry, events = self._parse(carry, final=True)
            yield from events
        if self.table is None:
            yield from self._begin()
        yield from self._notes()

    def _texts(self, blocks: Iterator[bytes]) -> Iterator[str]:
        """Decoded text cut after line ends; a line without an end beyond `MAX_RECORD` is handed on as it is."""
        escape = "surrogateescape" if self.dialect.encoding.startswith("utf-8") else "replace"
        decoder = codecs.getincrementaldecoder(self.dialect.encoding)(escape)
        rest = ""
        for block in blocks:
            self.read_bytes += len(block)
            rest += decoder.decode(block)
            if self.dialect.old_mac:
                rest = rest.replace("\r", "\n")
            end = rest.rfind("\n") + 1
            if end or len(rest) > MAX_RECORD:
                end = end or len(rest)
                yield rest[:end]
                rest = rest[end:]
        rest += decoder.decode(b"", final=True)
        if rest:
            yield rest.replace("\r", "\n") if self.dialect.old_mac else rest

    def _parse(self, text: str, final: bool = False) -> tuple[str, Iterator[Event]]:
        """Parse one text of whole lines. Gives back the open record at its end, if any, and the events of the rest."""
        if len(text) > MAX_RECORD and "\n" not in text[:-1]:
            return self._too_long(text, final)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", " ")
        lines = io.StringIO(text).readlines()
        rows: list[list[str]] = []
        closed = self._fill(rows, lines)
        if closed:
            return "", self._take(rows, lines, self._spans(rows, lines))
        spans = self._spans(rows[:-1], lines)
        used = sum(spans)
        open_lines = lines[used:]
        done = self._take(rows[:-1], lines[:used], spans)
        if not final and sum(map(len, open_lines)) <= MAX_RECORD:
            return "".join(open_lines), done
        return "".join(open_lines[1:]), chain(
            done, self._reject_line(open_lines[0], "unclosed-quote", "a quote opens here and is never closed")
        )

    def _fill(self, rows: list[list[str]], lines: list[str]) -> bool:
        """Read the lines into rows; whether the last record is closed."""
        ended = lines if not lines or lines[-1].endswith("\n") else [*lines[:-1], lines[-1] + "\n"]
        try:
            rows.extend(csv.reader(chain(ended, [SENTINEL]), delimiter=self.dialect.delimiter))
        except csv.Error:
            rows.append([])
            return False
        if rows and rows[-1] == [SENTINEL]:
            rows.pop()
            return True
        return False

    def _spans(self, rows: list[list[str]], lines: list[str]) -> list[int]:
        """How many lines each record takes."""
        if len(rows) == len(lines):
            return [1] * len(rows)
        return [1 + sum(cell.count("\n") for cell in row) for row in rows]

    def _too_long(self, text: str, final: bool) -> tuple[str, Iterator[Event]]:
        """A line beyond every measure: drop it up to its end, count it once."""
        ends = text.endswith("\n")
        shown = text[:200]
        place = self.line
        if self.dropping:
            self.dropping = not ends
            if ends:
                self.line += 1
            return "", iter(())
        self.dropping = not ends
        if ends:
            self.line += 1
        reject = Reject(place=Place(line=place), code="line-too-long", reason=f"a line of more than {MAX_RECORD:,} characters", raw=shown)
        return "", iter([reject])

    def _reject_line(self, line: str, code: str, reason: str) -> Iterator[Event]:
        place = Place(line=self.line)
        self.line += 1
        yield Reject(place=place, code=code, reason=reason, raw=line.rstrip("\n")[:2000])

    def _take(self, rows: list[list[str]], lines: list[str], spans: list[int]) -> Iterator[Event]:
        start = self.line
        self.line += sum(spans)
        if self.line - start == len(rows):
            return self._emit(rows, range(start, self.line), lines)
        places, at = [], start
        for span in spans:
            places.append(at)
            at += span
        return self._emit(rows, places, lines)

    def _emit(self, rows: list[list[str]], places: Sequence[int], lines: list[str]) -> Iterator[Event]:
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
        self.width = len(self.table.columns) if header is None else max(len(rows[header]), 1)
        yield self.table
        if header is None:
            yield Note(text="no header row was found; columns are named by their letters and read by what stands in them")
        titles = [row for row in rows[: header or 0] if any(row)]
        if titles:
            yield Skipped(reason="title", count=len(titles))
        blank = (header or 0) - len(titles)
        if blank:
            yield Skipped(reason="blank", count=blank)
        if header is not None:
            yield Skipped(reason="header")
        held, self.head = self.head[body:], []
        yield from self._rows([row for _, row in held], [place for place, _ in held])

    def _rows(self, rows: list[list[str]], places: Sequence[int]) -> Iterator[Event]:
        """Sort out blank, ragged and unreadable rows; the rest goes on as one batch."""
        assert self.table is not None
        plain = set(map(len, rows)) <= {self.width} and all(map(any, rows)) and not _needs_look(rows)
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
            code, reason = "wrong-cell-count", f"{len(row):,} cells under a header of {self.width}"
        elif "\0" in text:
            code, reason = "nul-character", "the row holds a NUL character, so part of it may be lost"
        elif SURROGATE.search(text) or ("\ufffd" in text and not self.dialect.encoding.startswith("utf-8")):
            code, reason = "bad-encoding", f"bytes that are not {self.dialect.encoding}"
        if not code:
            return None
        return Reject(place=Place(line=place), code=code, reason=reason, raw=text[:2000].encode("utf-8", "replace").decode())

    def _fitted(self, row: list[str]) -> list[str]:
        if len(row) < self.width:
            self.padded += 1
            return row + [""] * (self.width - len(row))
        self.longer += len(row) > self.width and any(row[self.width :])
        return row

    def _notes(self) -> Iterator[Event]:
        if self.padded:
            yield Note(text=f"{self.padded:,} rows have fewer cells than the header; the missing ones were read as empty")
        if self.longer:
            yield Note(text=f"{self.longer:,} rows have more cells than the header; the cells beyond it were read as text")


def _needs_look(rows: list[list[str]]) -> bool:
    """Whether some row may hold NULs or undecodable bytes (looked at in bulk, for speed)."""
    text = "".join(map("".join, rows))
    return (not text.isascii() and (SURROGATE.search(text) is not None or "\ufffd" in text)) or "\0" in text


__all__ = ["DamagedSource", "Delimited", "sniff_delimiter", "sniff_encoding"]

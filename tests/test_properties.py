"""Laws that hold for any input, tried on many made by chance."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import books
import pytest
from conftest import DAY, Runner, check_conserved
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from offlimits.matching import Matching
from offlimits.model import ColumnKind, Match
from offlimits.readers.delimited import MAX_RECORD
from offlimits.registry import Registry
from offlimits.report import Report
from offlimits.screening import Compiled, screen
from offlimits.text import fold

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NOISE = (
    "chair",
    "Acme",
    "maintenance of the hall",
    "12.50",
    "",
    "  ",
    "kerb",
    "Über",
    "椅子",
    "a,b;c",
    'say "x"',
    "two\nlines",
    "tab\there",
    "£5",
)
NAMED = ("Hikvision camera", "Dahua IPC-HDW2431T", "Huawei phone", "44:19:B6:01:02:03", "大华摄像机", "does not use Hikvision")
CELLS = st.sampled_from(NOISE + NAMED) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=12)


def screened(run: Runner, content: bytes, name: str = "table.csv") -> Report:
    """The report of a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return run(path)


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """The rows as CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode()


def found(report: Report) -> set[tuple[str, ...]]:
    """What was found, wherever it stood."""
    return {(finding.entity, finding.strength, *(mention.text for mention in finding.mentions)) for finding in report.findings}


@QUICK
@given(rows=TABLES, delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_every_table_is_conserved(run: Runner, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    """Whatever stands in a table: it is read without a crash, and units = entries + rejects + skipped."""
    report = screened(run, as_csv([["Supplier", "Item", "Notes"], *rows], delimiter).decode().encode(encoding))
    check_conserved(report)
    assert "reader-crashed" not in report.rejects_by_code


@QUICK
@given(content=st.binary(max_size=400) | st.text(alphabet='abc",;\t\r\n\0é', max_size=200).map(str.encode))
def test_any_bytes_are_conserved(run: Runner, content: bytes) -> None:
    """Whatever the bytes: a report, never an escape, never a crash."""
    report = screened(run, content)
    check_conserved(report)
    assert "reader-crashed" not in report.rejects_by_code


@QUICK
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["Acme", "Beta Ltd"]), st.sampled_from(["chair", "Dahua camera", "say x"]), st.just("1")), max_size=30
    )
)
def test_sound_rows_are_all_entries(run: Runner, rows: list[tuple[str, str, str]]) -> None:
    """Every row of a sound table is an entry; none is rejected, none is left out but the header."""
    source = screened(run, as_csv([["Supplier", "Item", "Qty"], *rows])).sources[0]
    assert (source.entries, source.rejects, source.skipped) == (len(rows), 0, 1)


SAMPLE = as_csv([["Supplier", "Item", "Notes"], *([f"Firm {n}", "Hikvision camera", 'say "x", y\nz'] for n in range(20))])
BOOK = books.xlsx({"A": [["Supplier", "Item"], ["Acme", "Hikvision camera"]], "B": [["Supplier", "Item"], ["Acme", "Dahua camera"]]})
OLD_BOOK = books.xls({"A": [["Supplier", "Item"], ["Acme", "Hikvision camera"]]})
ODS_BOOK = books.ods({"A": [["Supplier", "Item"], ["Acme", "Hikvision camera"]]})


@QUICK
@given(cut=st.integers(0, len(SAMPLE)), encoding=st.sampled_from(["utf-8", "utf-16"]))
def test_a_text_cut_anywhere_never_escapes(run: Runner, cut: int, encoding: str) -> None:
    """A text table cut at any byte gives a report; the whole rows before the cut are found."""
    content = SAMPLE if encoding == "utf-8" else SAMPLE.decode().encode("utf-16")
    report = screened(run, content[:cut])
    check_conserved(report)
    assert "reader-crashed" not in report.rejects_by_code
    if encoding == "utf-8":
        whole = SAMPLE[:cut].count(b'z"\r\n')
        assert sum(1 for finding in report.findings if finding.group == "hikvision") >= whole


@QUICK
@given(book=st.sampled_from([BOOK, ODS_BOOK]), share=st.floats(0, 1))
def test_a_workbook_cut_anywhere_never_escapes(run: Runner, book: bytes, share: float) -> None:
    """A zipped workbook cut at any byte gives a report with one reject, or, cut at nothing, what it holds."""
    report = screened(run, book[: int(len(book) * share)], "book.xlsx")
    check_conserved(report)
    assert "reader-crashed" not in report.rejects_by_code
    assert bool(report.findings) == (int(len(book) * share) == len(book))


@settings(QUICK, max_examples=12)
@given(share=st.floats(0, 0.999))
def test_an_old_workbook_cut_anywhere_never_escapes(run: Runner, share: float) -> None:
    """The same for XLS, which is read in a process of its own."""
    report = screened(run, OLD_BOOK[: int(len(OLD_BOOK) * share)], "book.xls")
    check_conserved(report)
    assert "reader-crashed" not in report.rejects_by_code


@settings(QUICK, max_examples=150)
@example(position=BOOK.rindex(b"PK\x01\x02") + 6, value=145)  # a version of the archive format that nobody knows
@given(position=st.integers(0, len(BOOK) - 1), value=st.integers(0, 255))
def test_a_workbook_with_one_wrong_byte_never_escapes(run: Runner, position: int, value: int) -> None:
    """A zipped workbook with any one byte changed gives a report."""
    report = screened(run, BOOK[:position] + bytes([value]) + BOOK[position + 1 :], "book.xlsx")
    check_conserved(report)
    assert "reader-crashed" not in report.rejects_by_code


@QUICK
@given(
    rows=st.lists(st.tuples(st.sampled_from(["Acme", "Beta"]), st.sampled_from(NAMED + NOISE[:4])), min_size=2, max_size=20),
    seed=st.integers(0, 99),
)
def test_order_of_rows_does_not_matter(run: Runner, rows: list[tuple[str, str]], seed: int) -> None:
    """The same rows in another order give the same findings."""
    other = list(rows)
    random.Random(seed).shuffle(other)
    header = ("Supplier", "Description")
    assert found(screened(run, as_csv([header, *rows]))) == found(screened(run, as_csv([header, *other])))


@settings(QUICK, max_examples=2)
@given(
    tables=st.lists(st.lists(st.lists(st.sampled_from(NAMED + NOISE[:4]), min_size=2, max_size=3), max_size=6), min_size=2, max_size=4),
    jobs=st.sampled_from([2, 3]),
)
def test_number_of_workers_does_not_matter(registry: Registry, tables: list[list[list[str]]], jobs: int) -> None:
    """Any number of workers gives the same report."""
    with tempfile.TemporaryDirectory() as folder:
        for number, rows in enumerate(tables):
            (Path(folder) / f"{number}.csv").write_bytes(as_csv([["Supplier", "Item"], *rows]))
        assert screen([folder], registry, DAY, jobs=jobs) == screen([folder], registry, DAY)


# --- the search drops nothing --------------------------------------------------------------------

KINDS: tuple[ColumnKind, ...] = ("text", "name", "maker", "product-code", "mac", "host", "ticker", "isin", "company-number")
WORDS = (
    "supply and fit",
    "10x",
    "camera",
    "the",
    "&",
    "Ltd",
    "for the main hall",
    "replacement",
    "(spare)",
    "ref 4711",
    " 摄像机 ",
    " и ",
    "–",
)


@pytest.fixture(scope="module")
def matchings(registry: Registry) -> tuple[Matching, Matching]:
    """The matchers without a search, and with one."""
    plain, prepared = Matching(registry), Matching(registry)
    prepared.prepare()
    return plain, prepared


class Clues(list[str]):
    """A long list that does not fill the screen when a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} clues"


@pytest.fixture(scope="module")
def clues(registry: Registry) -> Clues:
    """Every name, identifier, example of a product code and MAC of the registry."""
    entities = registry.data.entities
    names = [name.text for entity in entities for name in entity.names]
    values = [identifier.value for entity in entities for identifier in entity.identifiers]
    codes = [example for entity in entities for product in entity.products for example in product.examples]
    macs = [":".join(f"{prefix.prefix:0<12}"[at : at + 2] for at in range(0, 12, 2)) for prefix in registry.data.macs]
    return Clues([*names * 3, *values, *codes * 3, *macs[::7]])


def spoil(text: str, how: int, place: int, letter: str) -> str:
    """A text as people get it wrong: in capitals, joined, hyphenated, cut, with a letter more; a single word also with any slip of the keys."""
    at = 1 + place % max(len(text) - 1, 1)
    single = text.isalpha() and text.isascii()
    ways = (
        text,
        text.upper(),
        text.replace(" ", ""),
        text if any(map(str.isdigit, text)) else text.replace(" ", "-"),
        text.replace(":", "-"),
        text.replace(":", "").lower(),
        text + letter,
        text[:4],
        text[:at] + text[at + 1 :],
        text[:at] + letter + text[at:],
        text[:at] + letter + text[at + 1 :],
        text[: at - 1] + text[at : at + 1] + text[at - 1 : at] + text[at + 1 :],
        text[: at + 1] + " " + text[at + 1 :],
        text[: at + 1] + "-" + text[at + 1 :],
    )
    return ways[how if single or how < 8 else how % 8]


LINES = st.tuples(st.integers(0, 10**6), st.integers(0, 13), st.integers(0, 40), st.sampled_from("aeinrstx19"))


@settings(QUICK, max_examples=1500)
@given(
    picks=st.lists(LINES, min_size=1, max_size=2),
    before=st.lists(st.sampled_from(WORDS), max_size=3),
    after=st.lists(st.sampled_from(WORDS), max_size=3),
    gap=st.sampled_from([" ", " ", ", ", "-", "/", ""]),
    kind=st.sampled_from(KINDS),
)
def test_the_search_drops_nothing(
    matchings: tuple[Matching, Matching],
    clues: Clues,
    picks: list[tuple[int, int, int, str]],
    before: list[str],
    after: list[str],
    gap: str,
    kind: ColumnKind,
) -> None:
    """In any line made of clues, rightly or wrongly spelt, the matchers find the same whether a search goes before them or not.

    Codes that need their brand's word are left aside: the word must stand in the same row, and calls for them itself.
    """
    spoilt = [spoil(clues[number % len(clues)], *how) for number, *how in picks]  # type: ignore[arg-type]
    text = gap.join([*before, *(clue if clue.isascii() else f" {clue} " for clue in spoilt), *after])
    plain, prepared = matchings
    assert wanted(prepared.find(text, kind)) == wanted(plain.find(text, kind))


@pytest.mark.parametrize("gap", ["", "-", "_", ".", "/", "bracket", "comma"])
def test_the_search_drops_no_name(matchings: tuple[Matching, Matching], registry: Registry, gap: str) -> None:
    """Every registered name is found by the search too when it is glued, parted by another sign, or lacks the blank beside a bracket or comma."""
    plain, prepared = matchings
    dropped = []
    for text in sorted({name.text for entity in registry.data.entities for name in entity.names}):
        signs = {"bracket": text.replace(" (", "(").replace(") ", ")"), "comma": text.replace(", ", ",")}
        spoilt = signs[gap] if gap in signs else text if gap and any(map(str.isdigit, text)) else text.replace(" ", gap)
        dropped += [spoilt] if wanted(prepared.find(spoilt, "text")) != wanted(plain.find(spoilt, "text")) else []
    assert dropped == []


def wanted(matches: Sequence[Match]) -> list[Match]:
    """Matches that do not wait for their brand's word."""
    return [match for match in matches if match.needs != "brand"]


GAPS = {
    "a code behind a Chinese word": "摄像机DS-2CD2143G2-I",
    "an address behind a Russian word": "камера44:19:B6:01:02:03",
    "a Thai name": "หัวเว่ย",
    "a name with an apostrophe": "Nelly's Security",
}


@pytest.mark.parametrize("text", GAPS.values(), ids=GAPS)
def test_the_search_drops_none_of_these(matchings: tuple[Matching, Matching], text: str) -> None:
    """Places where a search for plain letters goes wrong: other scripts before a code, marks on letters, signs inside a name."""
    plain, prepared = matchings
    assert plain.find(text, "text")
    assert prepared.find(text, "text") == plain.find(text, "text")


@settings(QUICK, max_examples=300)
@given(pick=LINES, before=st.lists(st.sampled_from(WORDS), max_size=3))
def test_no_row_with_a_match_is_passed_over(
    compiled: Compiled, matchings: tuple[Matching, Matching], clues: Clues, pick: tuple[int, int, int, str], before: list[str]
) -> None:
    """A row in which the matchers find something is among the rows looked at, wherever it stands in its batch."""
    number, *how = pick
    text = " ".join([*before, spoil(clues[number % len(clues)], *how)])  # type: ignore[arg-type]
    assume(wanted(matchings[0].find(text, "text")))
    rows = ["a chair", text, "a table"]
    assert 1 in {row for row, _ in compiled.suspects(rows)}


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    """`fold` is idempotent."""
    assert fold(fold(text)) == fold(text)


def test_a_record_longer_than_the_limit_is_bounded(run: Runner) -> None:
    """A quoted cell beyond the limit is rejected line by line, and what follows is read."""
    body = b'Supplier,Item\nA,"' + b"word\n" * (MAX_RECORD // 4) + b"\nB,Hikvision camera\n"
    report = screened(run, body)
    check_conserved(report)
    assert report.rejects_by_code == {"unclosed-quote": 1}
    assert {finding.group for finding in report.findings} == {"hikvision"}

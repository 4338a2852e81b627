"""Cost of reading each form of a list against the parser beneath it doing nothing: one run, medians, ratios, peak memory.

`uv run python bench/lists.py [FORM …]`. Files are made large by repeating the records of a test case with numbers of their own.
To add a form: a line in `BENCHES` with how its large file is made and what the bare parser does with it.
"""

from __future__ import annotations

import csv
import io
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import orjson
import python_calamine
from data import data_folder
from lxml import etree, html

from offlimits.lists import FORMS
from offlimits.lists.ofac_advanced_xml import WITHIN
from offlimits.lists.ofac_csv import ALTERNATIVES
from offlimits.lists.reading import find_form

CASES = Path(__file__).resolve().parent.parent / "tests" / "lists" / "cases"
SIZE = 30_000_000
"""Bytes of a made file, about: the size of the real ones is between 2 MB (UN) and 120 MB (OFAC, advanced)."""
REPEATS = 5
REAL = (
    "watchman/UN_consolidated.xml",
    "watchman/cons_prim.csv",
    "watchman/sdn_bench.csv",
    "watchman/csl_full.csv",
    "watchman/dpl.txt",
    "opensanctions_us/dod_1260h_sanctions.csv",
    "opensanctions_us/section_1286.csv",
    "opensanctions_us/section_353.csv",
    "opensanctions_eu/32014R0269.csv",
    "opensanctions_eu/32014R0833.csv",
    "oui/oui.csv",
    "oui/mam.csv",
    "oui/oui36.csv",
    "oui/iab.csv",
    "ror/ror_hits.json",
)
"""Real copies, under `lists/` of the folder that `OFFLIMITS_DATA` names."""

BETWEEN = "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)"
"""A small process between ours and the measured one, which would otherwise start with the peak of ours (Linux hands it on)."""

Make = Callable[[Path], None]
Parse = Callable[[Path], None]


class Bench(NamedTuple):
    """How a form's large file is made, and what reads it and does nothing."""

    make: Make
    bare: Parse


def repeated(case: str, *tags: str, keys: str = r"\d+") -> Make:
    """Writes the case with all elements between the first and the last of each tag many times over, and the numbers `keys` counted on."""

    def make(target: Path) -> None:
        text = (CASES / case).read_text(encoding="utf-8")
        copies = SIZE // len(text.encode())
        counted = re.compile(rf"\b({keys})\b")
        with target.open("w", encoding="utf-8") as stream:
            end = 0
            for start, stop in _blocks(text, tags):
                stream.write(text[end:start])
                for number in range(copies):
                    stream.write(counted.sub(lambda found, number=number: f"{found[0]}{number:06}", text[start:stop]) + "\n")
                end = stop
            stream.write(text[end:])

    return make


def _blocks(text: str, tags: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the elements of each tag begin and end, in order of the text."""
    yield from sorted((re.search(rf"<{tag}[ >]", text).start(), text.rindex(f"</{tag}>") + len(tag) + 3) for tag in tags)  # type: ignore[union-attr]


def iterparse(*tags: str) -> Parse:
    """lxml over the same elements, thrown away as they go by."""

    def parse(path: Path) -> None:
        for _, element in etree.iterparse(str(path), tag=[f"{{*}}{tag}" for tag in tags]):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]  # type: ignore[union-attr]

    return parse


def rows(case: str, *keys: int, head: int = 1, delimiter: str = ",") -> Make:
    """Writes the rows of a table many times over, under its `head` first lines, and the cells in the columns `keys` counted on."""

    def make(target: Path) -> None:
        text = (CASES / case).read_text(encoding="utf-8-sig")
        body = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        with target.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream, delimiter=delimiter)
            out.writerows(body[:head])
            for number in range(SIZE // len(text.encode())):
                for row in body[head:]:
                    out.writerow([f"{cell}{number:06}" if cell and at in keys else cell for at, cell in enumerate(row)])

    return make


def text_of(case: str, first: str, last: str, keys: str) -> Make:
    """Writes what stands between the words `first` (with them) and `last` many times over, and the words `keys` counted on."""

    def make(target: Path) -> None:
        text = (CASES / case).read_text(encoding="utf-8")
        start, stop = text.index(first), text.rindex(last) if last else len(text)
        counted = re.compile(f"({keys})")
        with target.open("w", encoding="utf-8") as stream:
            stream.write(text[:start])
            for number in range(SIZE // len(text.encode())):
                stream.write(counted.sub(lambda found, number=number: f"{found[0]}{number:06}", text[start:stop]))
            stream.write(text[stop:])

    return make


def objects(case: str, *inside: str, keys: str) -> Make:
    """Writes the objects of the array under the names `inside` many times over, and the values of the member `keys` counted on."""

    def make(target: Path) -> None:
        content = (CASES / case).read_bytes()
        found: Any = orjson.loads(content)
        for name in inside:
            found = found[name]
        with target.open("wb") as stream:
            stream.write(b"".join(b'{"%s": ' % name.encode() for name in inside) + b"[")
            for number in range(SIZE // len(orjson.dumps(found))):
                stream.write(b",\n" if number else b"")
                stream.write(b",\n".join(orjson.dumps({**item, keys: f"{item[keys]}{number:06}"}) for item in found))
            stream.write(b"]" + b"}" * len(inside))

    return make


def workbook(target: Path) -> None:
    """Writes the rows of Australia's case many times over, their references counted on."""
    header, *body = python_calamine.CalamineWorkbook.from_path(CASES / DFAT).get_sheet_by_index(0).to_python()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(header)
    at = header.index("Reference")
    for number in range(5000):
        for row in body:
            reference = re.sub(r"\d+", lambda found, number=number: f"{found[0]}{number:05}", str(row[at]), count=1)
            sheet.append([reference if place == at else cell for place, cell in enumerate(row)])
    book.save(target)


def table(delimiter: str = ",") -> Parse:
    """The standard library's csv over the same rows."""

    def parse(path: Path) -> None:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            for _ in csv.reader(stream, delimiter=delimiter):
                pass

    return parse


def table_and_beside(path: Path) -> None:
    """The same, and over the file of other names beside it."""
    for name in (path.name, f"{ALTERNATIVES.get(path.stem, '')}.csv"):
        if path.with_name(name).exists():
            table()(path.with_name(name))


def tree(path: Path) -> None:
    """lxml's HTML parser, the whole page as a tree."""
    html.fromstring(path.read_bytes())


def json_whole(path: Path) -> None:
    """orjson, the whole file as objects."""
    orjson.loads(path.read_bytes())


def json_lines(path: Path) -> None:
    """orjson, an object a line."""
    with path.open("rb") as stream:
        for line in stream:
            orjson.loads(line)


def lines(path: Path) -> None:
    """The lines of a text, each with its words parted: there is no parser beneath."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            line.split()


def sheet(path: Path) -> None:
    """calamine, the first sheet as values."""
    python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


DFAT = next(path.relative_to(CASES) for path in CASES.glob("dfat-xlsx/*/*.xlsx"))
ADVANCED = ("IDRegDocument", "DistinctParty", "SanctionsEntry")
BENCHES = {
    "ofac-xml": Bench(
        repeated("ofac-xml/consolidated/input.xml", "sdnEntry", keys="30946|90000\\d"), iterparse("publshInformation", "sdnEntry")
    ),
    "ofac-advanced-xml": Bench(
        repeated("ofac-advanced-xml/consolidated/input.xml", *ADVANCED, keys="30946|90000\\d|7000\\d"), iterparse(*WITHIN)
    ),
    "un-xml": Bench(
        repeated("un-xml/entities/input.xml", "INDIVIDUAL", "ENTITY", keys="KPe\\.\\d+|TAe\\.\\d+"), iterparse("INDIVIDUAL", "ENTITY")
    ),
    "eu-fsf-xml": Bench(repeated("eu-fsf-xml/enterprises/input.xml", "sanctionEntity", keys="EU\\.\\d+"), iterparse("sanctionEntity")),
    "uk-xml": Bench(
        repeated("uk-xml/designations/input.xml", "Designation", keys="(?:GHR|RUS)\\d+"), iterparse("DateGenerated", "Designation")
    ),
    "ca-sema-xml": Bench(repeated("ca-sema-xml/english-tags/input.xml", "record", keys="1|2|3"), iterparse("record")),
    "ch-sesam-xml": Bench(
        repeated("ch-sesam-xml/whole-list/input.xml", "target", keys='(?<=ssid=")\\d+'), iterparse("sanctions-program", "target", "place")
    ),
    "uk-csv": Bench(rows("uk-csv/designations/input.csv", 1, head=2), table()),
    "ofac-csv": Bench(rows("ofac-csv/cmic/cons_prim.csv", head=0), table_and_beside),
    "csl-csv": Bench(rows("csl-csv/every-kind-of-row/input.csv", 0, 2), table()),
    "csl-json": Bench(objects("csl-json/every-kind-of-row/input.json", "results", keys="id"), json_whole),
    "bis-denied": Bench(rows("bis-denied/companies-and-others/input.txt", 0, delimiter="\t"), table("\t")),
    "bis-entity-list": Bench(text_of("bis-entity-list/china/input.html", "<tr><td>CHINA", "</tbody>", "Dahua|Meiya"), tree),
    "bis-entity-list-text": Bench(text_of("bis-entity-list-text/two-countries/input.txt", "CloudWalk", "", "CloudWalk|Dahua"), lines),
    "fcc-covered": Bench(rows("fcc-covered/table-of-two-columns/input.csv"), table()),
    "dod-1260h-csv": Bench(rows("dod-1260h-csv/editions-and-ends/input.csv", 0, 1), table()),
    "dod-1260h-text": Bench(text_of("dod-1260h-text/one-edition/input.txt", "  China Elec", "  SDIC", "Hikvision|Dahua|Taiji"), lines),
    "uflpa-html": Bench(text_of("uflpa-html/two-tables/input.html", "<tr><td>Example Textile", "</table>", "Textile|XPCC"), tree),
    "us-legislation-csv": Bench(rows("us-legislation-csv/section-889/input.csv", 1), table()),
    "eu-journal-csv": Bench(rows("eu-journal-csv/asset-freeze/input.csv", 1), table()),
    "dfat-xlsx": Bench(workbook, sheet),
    "world-bank-json": Bench(objects("world-bank-json/firms-and-others/input.json", "response", "ZPROCSUPP", keys="SUPP_ID"), json_whole),
    "ror-json": Bench(objects("ror-json/versions-1-and-2/input.json", keys="id"), json_whole),
    "ieee-csv": Bench(rows("ieee-csv/holders/input.csv"), table()),
    "bods-json": Bench(objects("bods-json/statements/input.json", keys="statementId"), json_whole),
    "opensanctions-ftm": Bench(text_of("opensanctions-ftm/a-line-each/entities.ftm.json", "{", "", "NK-"), json_lines),
    "opensanctions-simple": Bench(rows("opensanctions-simple/targets/targets.simple.csv", 0), table()),
    "own-csv": Bench(rows("own-csv/with-aliases/input.csv", 3), table()),
}


def ours(name: str) -> Parse:
    """The form itself, every record of it made and thrown away."""
    form = next(form for form in FORMS if form.name == name)

    def parse(path: Path) -> None:
        for _ in form.read(path):
            pass

    return parse


def median(parse: Parse, path: Path) -> float:
    """Median seconds, after one run to warm caches."""
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        parse(path)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def peak(name: str, which: str, path: Path) -> float:
    """Peak memory in MB of a process of its own that does nothing else."""
    command = [sys.executable, "-c", BETWEEN, sys.executable, __file__, "--one", name, which, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def one(name: str, which: str, path: str) -> None:
    """What that process runs."""
    (ours(name) if which == "ours" else BENCHES[name].bare)(Path(path))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(names: list[str]) -> None:
    """One line for each form, then one for each real copy there is."""
    print(f"{'form':<20}{'MB':>7}{'bare s':>9}{'ours s':>9}{'ratio':>7}{'bare MB':>10}{'ours MB':>10}")
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ("list.xlsx" if name == "dfat-xlsx" else "list")
            BENCHES[name].make(path)
            bare, own = median(BENCHES[name].bare, path), median(ours(name), path)
            peaks = peak(name, "bare", path), peak(name, "ours", path)
            size = path.stat().st_size / 1e6
        print(f"{name:<20}{size:>7.1f}{bare:>9.2f}{own:>9.2f}{own / bare:>7.2f}{peaks[0]:>10.0f}{peaks[1]:>10.0f}", flush=True)
    if not names:
        folder = data_folder("lists")
        if folder is not None:
            real(folder)


def real(folder: Path) -> None:
    """One line for each real copy."""
    for name in REAL:
        path = folder / name
        if not path.exists():
            print(f"{name}: not beside the project")
            continue
        form = find_form(path).name
        bare, own = median(BENCHES[form].bare, path), median(ours(form), path)
        print(f"{form:<20}{path.stat().st_size / 1e6:>7.2f}{bare:>9.4f}{own:>9.4f}{own / bare:>7.2f}  {name}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
    else:
        main(sys.argv[1:])

"""Cost of reading each form of a list against the parser beneath it doing nothing: one run, medians, ratios, peak memory.

`uv run python bench/lists.py [FORM …]`. Files are made large by repeating the records of a test case with numbers of their own.
To add a form: a line in `BENCHES` with how its large file is made and what the bare parser does with it.
"""

from __future__ import annotations

import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from offlimits.lists import FORMS
from offlimits.lists.ofac_advanced_xml import WITHIN

CASES = Path(__file__).resolve().parent.parent / "tests" / "lists" / "cases"
SIZE = 30_000_000
"""Bytes of a made file, about: the size of the real ones is between 2 MB (UN) and 120 MB (OFAC, advanced)."""
REPEATS = 5

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
    """One line for each form."""
    print(f"{'form':<20}{'MB':>7}{'bare s':>9}{'ours s':>9}{'ratio':>7}{'bare MB':>10}{'ours MB':>10}")
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "list"
            BENCHES[name].make(path)
            bare, own = median(BENCHES[name].bare, path), median(ours(name), path)
            peaks = peak(name, "bare", path), peak(name, "ours", path)
            size = path.stat().st_size / 1e6
        print(f"{name:<20}{size:>7.1f}{bare:>9.2f}{own:>9.2f}{own / bare:>7.2f}{peaks[0]:>10.0f}{peaks[1]:>10.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
    else:
        main(sys.argv[1:])

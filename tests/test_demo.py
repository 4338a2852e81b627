"""The demo: one command on invented samples, three reports, nothing from outside."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

import make_samples
import msgspec
import openpyxl
import pytest
import refresh_docs
from conftest import Finished, check_conserved

from offlimits import screening
from offlimits.demo import AS_OF, PROFILE, run_demo
from offlimits.report import Report
from offlimits.reports.workbook import ADDED

REPORTS = ("report.html", "register.xlsx", "report.json")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The demo's folder and its report, made once."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    report, _ = run_demo(folder)
    return folder, report


def test_demo_command(cli: Callable[..., Finished], tmp_path: Path) -> None:
    """In an empty folder `offlimits demo` ends with 0, writes the three reports and the two samples, and says where."""
    done = cli("demo")
    folder = tmp_path / "offlimits-demo"
    assert done.code == 0
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == sorted(
        [*REPORTS, "samples/register.xlsx", "samples/suppliers.csv"]
    )
    assert [line.strip() for line in done.out.splitlines() if "written:" in line][:3] == [
        f"written: offlimits-demo/{name}" for name in REPORTS
    ]
    assert done.out.startswith("107 entries read in 2 files")


def test_demo_into_a_folder_that_cannot_be(cli: Callable[..., Finished], tmp_path: Path) -> None:
    """Where a file stands in the folder's place, the demo says so in one line and ends with 2."""
    (tmp_path / "taken").write_text("x")
    done = cli("demo", "--output", "taken")
    assert done.code == 2
    assert "cannot make the folder" in done.err
    assert (tmp_path / "taken").read_text() == "x"


def test_demo_twice_says_the_same(shown: tuple[Path, Report]) -> None:
    """A second run overwrites the first with the same report."""
    folder, _ = shown
    before = {name: (folder / name).read_bytes() for name in ("report.html", "report.json")}
    run_demo(folder)
    assert {name: (folder / name).read_bytes() for name in before} == before


def _found(report: Report, source: int) -> dict[str, set[tuple[str, str]]]:
    """Groups and strengths by place, in short words."""
    found: dict[str, set[tuple[str, str]]] = {}
    for finding in report.findings:
        if finding.at.source == source:
            place = f"{finding.at.sheet} {finding.at.row}" if finding.at.sheet else f"line {finding.at.line}"
            found.setdefault(place, set()).add((finding.group, finding.strength))
    return found


def _lines(sheet: str, lines: tuple[tuple[Any, ...], ...], *wanted: str) -> dict[str, str]:
    """The places of a register's lines whose make or model is one of the wanted."""
    return {f"{sheet} {number}": line[2] or line[3] for number, line in enumerate(lines, start=6) if (line[2] or line[3]) in wanted}


MAKERS = {
    "Hikvision": "hikvision", "HIK VISION": "hikvision", "Hikvison": "hikvision", "HiLook": "hikvision", "EZVIZ": "hikvision", "HIKMICRO": "hikvision",
    "CS-DB2-A0-2C3WPFBR": "hikvision", "DS-K1T671TM-3XF": "hikvision", "Dahua": "dahua", "Dahau": "dahua", "IPC-HDW2431T-AS-S2": "dahua",
    "XVR5108HS-4KL-I2": "dahua", "Lorex": "dahua", "Imou": "dahua", "VTO2202F-P": "dahua", "Uniview": "uniview", "Tiandy": "tiandy", "Huawei": "huawei",
    "E3372": "huawei", "ZTE": "zte", "Hytera": "hytera", "HYT": "hytera",
}  # fmt: skip
"""What the register's lines say in their make, or where that is empty in their model, and whose it is."""


def test_demo_finds_the_register_s_makers(shown: tuple[Path, Report]) -> None:
    """Every line of the register that names a listed maker, a brand or a code of theirs is found, with the right group; the bare MAC too; no other line is."""
    found = {place: {group for group, _ in pairs} for place, pairs in _found(shown[1], 0).items()}
    expected = {
        place: {MAKERS[name]}
        for sheet, lines in (("CCTV", make_samples.CCTV), ("Network", make_samples.NETWORKED))
        for place, name in _lines(sheet, lines, *MAKERS).items()
    }
    bare = next(number for number, line in enumerate(make_samples.CCTV, start=6) if line[4] == "BC-32-5F-07-A1-44")
    assert found == {**expected, f"CCTV {bare}": {"dahua"}}


def test_demo_dates_the_lorex_recorders(shown: tuple[Path, Report]) -> None:
    """The Lorex recorder of 2019 is a product of a unit of Dahua's; that of 2024 is shown as goods Dahua made, and weaker."""
    by_year = {finding.on.year: finding for finding in shown[1].findings if finding.entity == "lorex" and finding.on}
    assert by_year[2019].path[0].relation == "subsidiary"
    assert by_year[2024].path[0].relation == "made-by"
    assert (by_year[2019].strength, by_year[2024].strength) == ("exact", "likely")


def test_demo_keeps_look_alikes_and_denials_apart(shown: tuple[Path, Report]) -> None:
    """Firms of a similar name and lines that tell of something gone are no findings at `likely` or above; some are kept as what they are."""
    report = shown[1]
    suppliers = {finding.supplier for finding in report.findings if finding.at.source == 1 and finding.strength != "possible"}
    others = {
        "Huawei Culture Co., Ltd.", "Dahua Electronics Corporation", "Hikma Pharmaceuticals", "Hikari Co., Ltd.", "ZTEST Electronics Inc.",
        "Hytec Inter Co., Ltd.", "Lorex Industries, Inc.", "Tiandi Science & Technology",
    }  # fmt: skip
    assert not suppliers & others
    assert {"gone", "not-this", "lookalike"} <= {item.rule for item in report.disclaimed}


def test_demo_asks_about_the_rest(shown: tuple[Path, Report]) -> None:
    """CCTV lines without a maker become questions; sewer surveys, training and signs do not; the random address is said to be random."""
    report = shown[1]
    assert {lead.kind for lead in report.leads} == {"cctv", "anpr", "body-worn", "access-control"}
    assert not {lead.supplier for lead in report.leads} & {"Fallow & Sons Drainage", "Watchful Training Academy", "Signal & Sign Co"}
    assert any("locally administered" in note for note in report.sources[0].notes)
    assert any("hidden sheets were read too: Network" in note for note in report.sources[0].notes)


def test_demo_s_columns_are_read(shown: tuple[Path, Report]) -> None:
    """The header of two storeys reads: make, model, address, date, supplier, cost; the column that may name a person is left out."""
    columns = shown[1].sources[0].columns
    assert {name.removeprefix("CCTV: "): kind for name, kind in columns.items() if name.startswith("CCTV: ")} == {
        "Asset no": "serial", "Description": "text", "Location": "place", "Make": "maker", "Model": "product-code", "MAC address": "mac",
        "Date bought": "date", "Supplier": "name", "Cost (£)": "amount", "Custodian": "left out: may name a person", "Notes": "text",
    }  # fmt: skip


def test_demo_json_is_the_contract(shown: tuple[Path, Report]) -> None:
    """The JSON decodes into the contract's types, says day and profile, and counts every unit."""
    content = (shown[0] / "report.json").read_bytes()
    report = msgspec.json.decode(content, type=Report)
    check_conserved(report)
    assert json.loads(content)["format"] == "offlimits.report/1"
    assert (report.as_of, report.profile, report.coverage) == (AS_OF, PROFILE, "all-read")
    assert [source.entries for source in report.sources] == [47, 60]
    assert not any(state.binds == "you" for finding in report.findings for state in finding.measures)


def test_demo_gives_the_register_back(shown: tuple[Path, Report]) -> None:
    """The annotated register has every cell of the sample where it was, the hidden sheet still hidden, and the added columns filled in each line found."""
    folder, report = shown
    before, after = (openpyxl.load_workbook(folder / name) for name in ("samples/register.xlsx", "register.xlsx"))
    for sheet in before.worksheets:
        other = after[sheet.title]
        assert other.sheet_state == sheet.sheet_state
        assert sheet.merged_cells.ranges == other.merged_cells.ranges
        for row in sheet.iter_rows():
            for cell in row:
                twin = other.cell(cell.row, cell.column)
                assert (twin.value, twin.number_format) == (cell.value, cell.number_format)
                assert (repr(twin.font), repr(twin.fill)) == (repr(cell.font), repr(cell.fill))
        first = sheet.max_column + 1
        assert [other.cell(5, first + number).value for number in range(len(ADDED))] == list(ADDED)
        rows = {finding.at.row for finding in report.findings if finding.at.sheet == sheet.title}
        assert {row for row in range(6, other.max_row + 1) if other.cell(row, first).value} == rows


def test_the_samples_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The committed samples are the script's, part by part, and say in the file that they are invented."""
    committed = {path.name: path.read_bytes() for path in make_samples.SAMPLES.iterdir() if path.suffix in (".xlsx", ".csv")}
    assert set(committed) == {"register.xlsx", "suppliers.csv"}
    monkeypatch.setattr(make_samples, "SAMPLES", tmp_path)
    make_samples.main()
    assert (tmp_path / "suppliers.csv").read_bytes() == committed["suppliers.csv"]
    parts = [_parts(content) for content in ((tmp_path / "register.xlsx").read_bytes(), committed["register.xlsx"])]
    assert parts[0] == parts[1]
    assert make_samples.SAID in committed["suppliers.csv"].decode()
    assert openpyxl.load_workbook(io.BytesIO(committed["register.xlsx"]))["CCTV"]["A2"].value == make_samples.SAID


def _parts(content: bytes) -> dict[str, str]:
    """The parts of a workbook, as canonical XML: which library wrote them (openpyxl takes lxml where it is) does not matter."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: canonicalize(archive.read(name).decode()) for name in archive.namelist()}


def test_demo_reads_bundled_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo screens the two samples and nothing else that lies in the folder."""
    asked: list[list[Path]] = []
    true_screen = screening.screen
    monkeypatch.setattr("offlimits.demo.screen", lambda paths, *rest: asked.append(list(paths)) or true_screen(paths, *rest))
    (tmp_path / "other.csv").write_text("Make\nHikvision\n")
    run_demo(tmp_path)
    assert [[path.name for path in paths] for paths in asked] == [["register.xlsx", "suppliers.csv"], ["register.xlsx"]]


# --- the page in a browser ---------------------------------------------------------------------


def _browse(page: Path, folder: Path) -> tuple[str, str, list[str]]:
    """The page's document as Chromium sees it, what it said on its console, and every address it asked for."""
    program = refresh_docs.browser()
    if program is None:
        pytest.skip("no Chromium here: the page was not opened in a browser")
    log = folder / "net.json"
    options = [f"--user-data-dir={folder}/profile", f"--log-net-log={log}", "--enable-logging=stderr", "--dump-dom"]
    command = [program, *refresh_docs.CHROMIUM, *options, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(folder)})
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr, _addresses(log.read_text())


def _addresses(log: str) -> list[str]:
    """The addresses that a page asked for, from a net log; what the browser wants for itself has no page as its origin."""
    events = [re.search(r'"initiator":"([^"]*)".*"url":"([^"]*)"', line) for line in log.splitlines()]
    return [found[2] for found in events if found and found[1] != "not an origin"]


def test_the_page_opens_in_a_browser(shown: tuple[Path, Report], tmp_path: Path) -> None:
    """In Chromium the page shows its findings, says nothing on the console, and asks for nothing but itself."""
    page = shown[0] / "report.html"
    document, said, asked = _browse(page, tmp_path)
    assert "Exampleton" in document
    assert document.count("HiLook") > 1
    assert "CONSOLE" not in said
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []


def test_the_watch_sees_requests_and_errors(tmp_path: Path) -> None:
    """The same watch on a page that asks for a picture and throws: it sees both, so its silence means something."""
    page = tmp_path / "loud.html"
    page.write_text("<img src='http://127.0.0.1:9/x.png'><script>console.error('seen'); throw new Error('seen too')</script>")
    _, said, asked = _browse(page, tmp_path)
    assert "CONSOLE" in said
    assert any(address.startswith("http://127.0.0.1:9/") for address in asked)

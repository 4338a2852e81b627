"""The program from outside: the installed script, its exit codes, its outputs, its manners with bad input."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import books
import jsonschema
import openpyxl
import pytest
from conftest import DAY, ROOT, Finished, Runner

from offlimits import cli as program
from offlimits.comparison import compare
from offlimits.explanation import explain
from offlimits.measures import read_profile
from offlimits.readers.delimited import MAX_RECORD
from offlimits.registry import Registry, evidence_folder

Put = Callable[..., Path]
Cli = Callable[..., Finished]
FOUND = "Supplier,Item\nAcme,Hikvision DS-2CD2143G2-I\nAcme,chair\n"
CLEAN = "Supplier,Item\nAcme,chair\n"
AS_OF = ("--as-of", "2026-11-23")


# --- exit codes ----------------------------------------------------------------------------------

EXITS: dict[str, tuple[bytes, tuple[str, ...], int]] = {
    "nothing found": (CLEAN.encode(), (), 0),
    "found": (FOUND.encode(), (), 1),
    "something unreadable": (CLEAN.encode() + b"Be\0ta,x\n", (), 3),
    "nothing to screen": (b"", (), 4),
    "found and something unreadable": (FOUND.encode() + b"Be\0ta,x\n", (), 5),
    "a reader that does not exist": (CLEAN.encode(), ("--reader", "pdf"), 2),
    "a column that does not exist": (CLEAN.encode(), ("--columns", "maker=Q"), 2),
    "a role that does not exist": (CLEAN.encode(), ("--columns", "colour=A"), 2),
    "a day that does not exist": (CLEAN.encode(), ("--as-of", "2026-02-30"), 2),
    "a profile that does not exist": (CLEAN.encode(), ("--profile", "martian"), 2),
    "an output of no known kind": (CLEAN.encode(), ("--output", "report.doc"), 2),
    "an output in no folder": (CLEAN.encode(), ("--output", "gone/report.json"), 2),
    "an allowance that is no number": (CLEAN.encode(), ("--allow-rejects", "some"), 2),
    "an option that does not exist": (CLEAN.encode(), ("--nonsense",), 2),
    "decisions that are none": (CLEAN.encode(), ("--decisions", "in.csv"), 2),
}


@pytest.mark.parametrize(("content", "options", "code"), EXITS.values(), ids=EXITS)
def test_exit_codes_of_screen(cli: Cli, put: Put, content: bytes, options: tuple[str, ...], code: int) -> None:
    """Each outcome has its own exit code; wrong usage says what is wrong and what to do, on standard error."""
    put("in.csv", content)
    done = cli("screen", "in.csv", *AS_OF, *options)
    assert done.code == code, done.err
    if code == 2:
        assert done.out == ""
        assert len(done.err.strip().splitlines()) >= 2


def test_limits_of_the_exit_code(run: Runner, put: Put) -> None:
    """`--fail-on` says from which strength on a finding counts, `--allow-rejects` how many rejects, or what share, do not; a header alone is nothing."""
    weak = run(put("weak.csv", "Supplier,Item\nAcme,Hikvision camera\nAc\0me,x\n"))
    ranks = ("exact", "likely", "possible")
    strength = ranks.index(weak.findings[0].strength)
    assert [program.exit_code(weak, limit, (1, False)) for limit in (*ranks, "never")] == [
        int(number >= strength) for number in range(3)
    ] + [0]
    torn = run(put("torn.csv", CLEAN.encode() + b"Be\0ta,x\n"))
    allowed = [(0, False), (1, False), (10, True), (40, True)]
    assert [program.exit_code(torn, "likely", limit) for limit in allowed] == [3, 0, 3, 0]
    assert [program._allowed(text) for text in ("0", "1", "10%", "40%")] == allowed
    assert program.exit_code(run(put("head.csv", "Supplier,Item\n")), "likely") == 4


def test_internal_error_is_70(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of the program itself ends with 70 and a trace to report; nothing else does."""

    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(program.cli, "main", crash)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 70
    assert "ZeroDivisionError: oops" in (said := capsys.readouterr().err)
    assert "internal error; please report it" in said


def test_stopped_by_hand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C says so and ends as shells expect."""

    def stop(*_: object, **__: object) -> None:
        raise program.click.exceptions.Abort

    monkeypatch.setattr(program.cli, "main", stop)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped\n"


def test_a_path_that_does_not_exist(cli: Cli) -> None:
    """Nothing is screened, and the path is named."""
    done = cli("screen", "gone.csv")
    assert (done.code, "gone.csv" in done.err) == (2, True)


def test_a_closed_pipe_keeps_the_exit_code(put: Put) -> None:
    """`offlimits screen … | head -1` prints no trace, and its exit code is that of the run."""
    import subprocess

    from conftest import script

    path = put("in.csv", FOUND)
    with subprocess.Popen([script(), "screen", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, b"")


# --- help ----------------------------------------------------------------------------------------

COMMANDS = ["screen", "explain", "compare", "measures", "diff", "decide", "registry check", "registry export", "demo"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(cli: Cli, command: str) -> None:
    """Every command explains itself, its options and its exit code."""
    done = cli(*command.split(), "--help")
    assert done.code == 0
    assert re.search(r"exit\s+codes?", done.out, re.IGNORECASE)
    assert len(done.out.splitlines()) > 6
    assert done.err == ""


def test_help_names_every_command_and_code(cli: Cli) -> None:
    """The first page lists the commands with examples; that of `screen` lists every exit code."""
    first = cli("--help").out
    assert all(command.split()[0] in first for command in COMMANDS)
    assert "offlimits demo" in first
    codes = cli("screen", "--help").out
    assert all(re.search(rf"^ +{code}  \w", codes, re.MULTILINE) for code in (0, 1, 2, 3, 4, 5, 70))
    assert cli("--version").out.startswith("offlimits")


# --- outputs -------------------------------------------------------------------------------------


def test_every_output_format(cli: Cli, put: Put, tmp_path: Path) -> None:
    """One run writes every format, each whole and each telling of the same finding."""
    put("in.csv", FOUND)
    names = ["r.html", "r.json", "r.jsonl", "r.csv", "r.xlsx"]
    done = cli("screen", "in.csv", *AS_OF, *(part for name in names for part in ("--output", name)))
    assert done.code == 1
    assert all(f"written: {name}" in done.err for name in names)
    report = json.loads((tmp_path / "r.json").read_bytes())
    assert [finding["group"] for finding in report["findings"]] == ["hikvision"]
    events = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [event["group"] for event in events if event["event"] == "finding"] == ["hikvision"]
    assert [row["relation"] for row in csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig")))] == [
        report["findings"][0]["relation"]
    ]
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert [sheet["A1"].value, sheet["B2"].value, sheet["C1"].value] == ["Supplier", "Hikvision DS-2CD2143G2-I", "offlimits: maker"]
    assert "Hikvision" in sheet["C2"].value
    assert sheet["C3"].value is None
    assert "DS-2CD2143G2-I" in (tmp_path / "r.html").read_text()


def test_json_follows_its_schema(cli: Cli, put: Put, tmp_path: Path) -> None:
    """The JSON report is valid under the schema that ships."""
    schemas = sorted((ROOT / "src" / "offlimits" / "schema").glob("*report*.json"))
    put("in.csv", FOUND + "Acme,does not use Dahua\nAcme,CCTV repair\nAc\0me,x\n")
    cli("screen", "in.csv", "--profile", "us-federal-contractor", "-q", "--output", "r.json")
    assert schemas
    jsonschema.validate(json.loads((tmp_path / "r.json").read_bytes()), json.loads(schemas[0].read_bytes()))


def test_quiet_and_redacted(cli: Cli, put: Put, tmp_path: Path) -> None:
    """`--quiet` prints nothing; `--redact` leaves hardware addresses out of what is written."""
    put("in.csv", "Host,MAC\ncam1.example.org,44:19:B6:01:02:03\n")
    done = cli("screen", "in.csv", "-q", "--redact", "--output", "r.json")
    assert (done.code, done.out, done.err) == (1, "", "")
    written = (tmp_path / "r.json").read_text()
    assert "44:19:B6" not in written
    assert '"hikvision"' in written


def test_terminal_is_plain_and_narrow_when_piped(cli: Cli, put: Put) -> None:
    """Without a terminal there are no colours, and no line is wider than 80 columns."""
    put("in.csv", FOUND)
    done = cli("screen", "in.csv")
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    assert "That is no clearance" not in done.out


def test_no_finding_is_no_clearance(cli: Cli, put: Put) -> None:
    """A run without findings never says clean: it says what was read and what it cannot show."""
    put("in.csv", CLEAN)
    done = cli("screen", "in.csv")
    assert "That is no clearance" in done.out
    assert "cannot show: subcontractors" in done.out
    assert "2 units = 1 entries + 0 rejects + 1 left out" in done.out


def test_rejects_go_to_their_own_file(cli: Cli, put: Put, tmp_path: Path) -> None:
    """`--rejects` writes each reject with its raw text; the report holds place, code and reason only."""
    put("in.csv", b"Supplier,Item\nJa\0ne,x\n")
    assert cli("screen", "in.csv", "-q", "--rejects", "rejects.jsonl", "--output", "r.json").code == 3
    kept = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert [(item["code"], item["at"]["line"], item["raw"]) for item in kept] == [("nul-character", 2, "Ja\0ne,x")]
    assert "Ja" not in json.dumps(json.loads((tmp_path / "r.json").read_bytes())["rejects"])


# --- bad input, through the program ----------------------------------------------------------------

BAD: dict[str, tuple[bytes, str]] = {
    "nul.csv": (b"Supplier,Item\nAc\0me,x\n", "nul-character: .*, line 2"),
    "encoding.csv": ("Fournisseur,Objet\n\u00c9t\u00e9,cam\u00e9ra\n".encode() * 20 + b"\xff\xfe,x\n", "bad-encoding: .*, line 41"),
    "wide.csv": (FOUND.encode() + b",".join([b"x"] * 10_000) + b"\n", "wrong-cell-count: .*, line 4"),
    "quote.csv": (FOUND.encode() + b'Acme,"x\nAcme,Dahua camera\n', "unclosed-quote: .*, line 4"),
    "long.csv": (FOUND.encode() + b"x" * (2 * MAX_RECORD) + b"\nAcme,Dahua camera\n", "line-too-long: .*, line 4"),
    "cut.xlsx": (books.xlsx({"A": [["Supplier"], ["Hikvision"]]})[:-200], "damaged-source: "),
    "secret.xlsx": (books.encrypted(), "password-protected: "),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "unrecognised-format: "),
}


def test_bad_input(cli: Cli, put: Put, tmp_path: Path) -> None:
    """A folder of every kind of damage: each is one reject with its code and place; what is sound is read; the run says 5 and prints no trace."""
    for name, (content, _) in BAD.items():
        put(f"in/{name}", content)
    done = cli("screen", "in", *AS_OF, "--output", "r.json")
    assert done.code == 5
    report = json.loads((tmp_path / "r.json").read_bytes())
    names = [Path(source["path"]).name for source in report["sources"]]
    told = {names[item["at"]["source"]]: f"{item['code']}: {item['reason']}, line {item['at'].get('line')}" for item in report["rejects"]}
    assert told.keys() == BAD.keys()
    assert len(report["rejects"]) == len(BAD)
    assert [name for name, (_, pattern) in BAD.items() if not re.match(pattern, told[name])] == []
    assert [name for name in names if name in ("wide.csv", "quote.csv", "long.csv")] == sorted(
        {names[finding["at"]["source"]] for finding in report["findings"]}, key=names.index
    )
    assert all(code in done.out for code in report["rejects_by_code"])


def test_zip_bomb(cli: Cli, put: Put) -> None:
    """A zip bomb is refused before it unpacks."""
    put("bomb.xlsx", books.bomb())
    done = cli("screen", "bomb.xlsx")
    assert (done.code, "source-too-large" in done.out) == (3, True)


def test_binary_on_standard_input(cli: Cli) -> None:
    """Binary content on `-` is one reject."""
    done = cli("screen", "-", stdin=bytes(range(256)) * 40)
    assert (done.code, "unrecognised-format" in done.out) == (3, True)


def test_text_and_workbook_on_standard_input(cli: Cli) -> None:
    """`-` takes whatever a file may hold."""
    assert cli("screen", "-", stdin=FOUND.encode()).code == 1
    assert cli("screen", "-", stdin=books.xlsx({"A": [["Supplier", "Item"], ["Acme", "Dahua camera"]]})).code == 1
    assert cli("screen", "-", stdin=b"").code == 4


def test_a_line_without_end_takes_bounded_memory(tmp_path: Path) -> None:
    """A line of 100 MB is dropped as it is read: one reject, what follows is read, and memory stays far below its size."""
    import subprocess

    path = tmp_path / "long.csv"
    with path.open("wb") as stream:
        stream.write(b"Supplier,Item\nA,")
        for _ in range(100):
            stream.write(b"x" * (1 << 20))
        stream.write(b"\nB,Hikvision camera\n")
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom offlimits.readers.base import Options, Rows\nfrom offlimits.model import Reject\n"
        "from offlimits.readers.delimited import Delimited\n"
        "def peak():\n    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\nevents = list(Delimited().read(Path(sys.argv[1]), Options()))\n"
        "print([e.code for e in events if isinstance(e, Reject)], [p for e in events if isinstance(e, Rows) for p in e.places], (peak() - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60, check=True)
    told, megabytes = done.stdout.rsplit(" ", 1)
    assert told == "['line-too-long'] [3]"
    assert int(megabytes) < 40


def test_an_unreadable_file_among_others(cli: Cli, put: Put, tmp_path: Path) -> None:
    """A link to nowhere in a folder is a reject; the other files are read."""
    put("in/a.csv", FOUND)
    (tmp_path / "in" / "b.csv").symlink_to(tmp_path / "gone.csv")
    done = cli("screen", "in")
    assert (done.code, "unreadable-source" in done.out) == (5, True)


def test_full_disk(tmp_path: Path, put: Put, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """When the disk fills while a report is written: an error in one line, the old report as it was, nothing half-written."""
    import errno
    import os

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path, old = put("in.csv", FOUND), put("r.json", "old")
    monkeypatch.setattr(sys, "argv", ["offlimits", "screen", str(path), "-q", "--output", str(old)])
    monkeypatch.setattr("offlimits.registry.compile.write_atomically", lambda *_: None)
    monkeypatch.setattr("offlimits.files.os.fsync", full)
    with pytest.raises(SystemExit) as ended:
        program.main()
    said = capsys.readouterr().err
    assert ended.value.code == 70
    assert "No space left on device" in said
    assert "Traceback" not in said
    assert old.read_text() == "old"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["in.csv", "r.json"]


class _Scripts(HTMLParser):
    """Counts scripts, handlers and addresses that a page would open by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"{tag} {name}" for name, value in attrs if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
        ]
        if tag in ("script", "iframe", "object", "embed"):
            self.found.append(tag)


HOSTILE = ("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "<script>alert(1)</script>", "javascript:alert(1)")


def test_formulas_and_scripts_are_neutral_in_every_output(cli: Cli, put: Put, tmp_path: Path) -> None:
    """What starts like a formula stays a text in CSV and XLSX; what looks like HTML stays a text on the page; JSON holds it as it was."""
    stream = io.StringIO()
    csv.writer(stream).writerows([["Supplier", "Item", "Council"], *([text + " Hikvision camera", text, text] for text in HOSTILE)])
    put("in.csv", stream.getvalue())
    names = ["r.html", "r.json", "r.jsonl", "r.csv", "r.xlsx"]
    assert cli("screen", "in.csv", "-q", *(part for name in names for part in ("--output", name))).code == 1
    cells = [cell for row in csv.reader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if re.match(r"[=+@\t\r]|-\D", cell)]
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    values = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in values if cell.data_type == "f"]
    assert book.worksheets[0]["B2"].value.lstrip("'") == HOSTILE[0]
    page = _Scripts()
    page.feed((tmp_path / "r.html").read_text())
    assert page.found == []
    mentions = [
        mention["text"] for finding in json.loads((tmp_path / "r.json").read_bytes())["findings"] for mention in finding["mentions"]
    ]
    assert len([text for text in mentions if text.startswith("=HYPERLINK")]) >= 1


# --- judgements and differences --------------------------------------------------------------------


def test_a_dismissed_finding_does_not_come_back(cli: Cli, put: Put, tmp_path: Path) -> None:
    """`decide --dismiss` keeps a judgement; the next run with it exits 0 and still shows the finding as dismissed."""
    put("in.csv", FOUND)
    assert cli("screen", "in.csv", "-q", "--output", "r.json").code == 1
    done = cli("decide", "r.json", "f1", "--dismiss", "--why", "a dummy on the wall", "--decisions", "d.json", *AS_OF)
    assert (done.code, "1 judgements in d.json" in done.out) == (0, True)
    assert cli("screen", "in.csv", "-q", "--decisions", "d.json", "--output", "again.json").code == 0
    finding = json.loads((tmp_path / "again.json").read_bytes())["findings"][0]
    assert (finding["decision"]["verdict"], finding["decision"]["why"], finding["decision"]["on"]) == (
        "dismissed",
        "a dummy on the wall",
        "2026-11-23",
    )
    assert cli("decide", "r.json", finding["review_key"], "--confirm", "--why", "seen", "--decisions", "d.json").code == 0
    assert cli("screen", "in.csv", "-q", "--decisions", "d.json").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("r.json", "f99", "--dismiss", "--why", "x"),
        ("r.json", "f1", "--why", "x"),
        ("in.csv", "f1", "--dismiss", "--why", "x"),
        ("gone.json", "f1", "--confirm", "--why", "x"),
    ],
    ids=["no such finding", "no verdict", "no report", "no file"],
)
def test_decide_refuses(cli: Cli, put: Put, arguments: tuple[str, ...]) -> None:
    """A judgement about nothing is wrong usage, and nothing is kept."""
    path = put("in.csv", FOUND)
    cli("screen", "in.csv", "-q", "--output", "r.json")
    assert cli("decide", *arguments).code == 2
    assert not path.with_name("decisions.json").exists()


def test_diff_says_what_changed(cli: Cli, put: Put) -> None:
    """`diff` exits 1 when something is new, 0 when not, and names what is new and gone."""
    put("old.csv", FOUND)
    put("new.csv", "Supplier,Item\nx,y\nAcme,Hikvision DS-2CD2143G2-I\nAcme,Dahua camera\n")
    for name in ("old", "new"):
        cli("screen", f"{name}.csv", "-q", *AS_OF, "--output", f"{name}.json")
    forth, back, same = (
        cli("diff", "old.json", "new.json", "--json"),
        cli("diff", "new.json", "old.json"),
        cli("diff", "old.json", "old.json"),
    )
    assert (forth.code, back.code, same.code) == (1, 0, 0)
    changes = json.loads(forth.out)
    assert ([line["entity"] for line in changes["new"]], changes["gone"], changes["same"]) == (["dahua"], [], 1)
    assert "dahua" in back.out.lower()
    assert cli("diff", "old.csv", "new.json").code == 2


# --- explain, compare, measures ----------------------------------------------------------------------

KNOWN = [
    ("Hikvision", "hikvision"), ("HIK VISION", "hikvision"), ("海康威视", "hikvision"), ("Хиквижн", "hikvision"), ("大华", "dahua"), ("화웨이", "huawei"),
    ("002415.SZ", "hikvision"), ("CNE100000PM8", "hikvision"), ("44:19:B6:01:02:03", "hikvision"), ("4419.b601.0203", "hikvision"),
    ("DS-2CD2143G2-I", "hikvision"), ("DH-IPC-HDW2431T", "dahua"), ("hikvision.com", "hikvision"), ("EZVIZ", "hikvision"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "group"), KNOWN)
def test_explain_knows(registry: Registry, text: str, group: str) -> None:
    """A name in any script, a brand, a ticker, an ISIN, a MAC, a model number, a domain: who it is, and on whose word."""
    first = explain(text, registry, DAY, read_profile("neutral")).answers[0]
    assert first.group == group
    assert first.why
    assert first.evidence
    assert all(source.url.startswith("http") for source in first.evidence.values())


def test_explain_as_json(cli: Cli) -> None:
    """`--json` gives the same as values; words may come without quotes."""
    done = cli("explain", "Hangzhou", "Hikvision", "Digital", "Technology", "--json", *AS_OF)
    told = json.loads(done.out)
    assert (done.code, told["text"], told["answers"][0]["group"]) == (0, "Hangzhou Hikvision Digital Technology", "hikvision")


def test_explain_in_words(cli: Cli) -> None:
    """Without `--json` the same is told in lines with the sources' addresses."""
    done = cli("explain", "EZVIZ")
    assert done.code == 0
    assert "http" in done.out
    assert "identity" in done.out


def test_explain_says_when_it_cannot_know(cli: Cli) -> None:
    """A random MAC is said to be random, an unknown one to be assigned to nobody here, an unknown name to be no clearance."""
    random, foreign, unknown = cli("explain", "DA:A1:19:12:34:56"), cli("explain", "00:00:0C:12:34:56"), cli("explain", "Xyzzy Quux")
    assert (random.code, foreign.code, unknown.code) == (4, 4, 4)
    assert "locally administered" in random.out
    assert "assigned to nobody in this registry" in " ".join(foreign.out.split())
    assert "no clearance" in unknown.out


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("Hikvision", "海康威视", "same"),
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "Hikvision", "same"),
        ("EZVIZ", "Hikvision", "related"),
        ("Hikvision", "Dahua", "different"),
        ("Acme Ltd", "ACME Limited", "same"),
        ("Acme Ltd", "Bolton Ltd", "different"),
    ],
)
def test_compare(registry: Registry, a: str, b: str, relation: str) -> None:
    """One company, related, or different, with reasons."""
    result = compare(a, b, registry)
    assert (result.relation, bool(result.why)) == (relation, True)
    assert 0 <= result.score <= 1


def test_compare_from_outside(cli: Cli) -> None:
    """The same on the command line, in words and as values."""
    words, values = cli("compare", "EZVIZ", "Hikvision"), cli("compare", "EZVIZ", "Hikvision", "--json")
    assert (words.code, values.code, json.loads(values.out)["relation"]) == (0, 0, "related")
    assert words.out.startswith("related, subsidiary (")


def test_measures_for_whom(cli: Cli, put: Put) -> None:
    """A Quebec body in 2020 is told that nothing names it, a UK council that only a freeze of a police body's assets may; a US contractor
    is told what binds it; a profile of one's own acts as several."""
    early = cli("measures", "--profile", "ca-quebec-public-body", "--as-of", "2020-01-01")
    assert "No measure in this registry names you" in early.out
    council = cli("measures", "--profile", "uk-local-authority", *AS_OF).out.partition("\nAU\n")[0]
    assert "binds you" not in council
    assert "Public Security" in council
    put("ours.yaml", "name: ours\nacts_as: [us-federal-contractor, university]\n")
    for profile in ("us-federal-contractor", "ours.yaml"):
        rows = json.loads(cli("measures", "--profile", profile, "--json", *AS_OF).out)
        assert any(row["binds"] == "you" and row["in_force"] == "yes" for row in rows)
    assert cli("measures", "--profile", "martian").code == 2
    put("bad.yaml", "name: ours\nacts_as: [martian]\n")
    assert cli("measures", "--profile", "bad.yaml").code == 2


def test_measures_as_of(cli: Cli) -> None:
    """Long ago nothing was in force."""
    rows = json.loads(cli("measures", "--as-of", "1990-01-01", "--json").out)
    assert {row["in_force"] for row in rows} <= {"no", "unknown"}


# --- registry ------------------------------------------------------------------------------------


def test_registry_check(cli: Cli) -> None:
    """The evidence that ships has no fault; `--sources` tells its classes."""
    done = cli("registry", "check", "--sources")
    assert (done.code, "no fault" in done.out, "primary" in done.out) == (0, True, True)


def test_registry_check_names_all_faults(cli: Cli, tmp_path: Path) -> None:
    """In a broken copy every fault is named at once, with file and line."""
    folder = tmp_path / "evidence"
    shutil.copytree(evidence_folder(), folder)
    zte = folder / "companies" / "zte.yaml"
    zte.write_text(zte.read_text().replace("kind: legal", "kind: leagl", 1) + "nonsense: 1\n")
    (folder / "companies" / "tiandy.yaml").write_text("group: tiandy\n  entities: [\n")
    prefixes = folder / "prefixes" / "mac.csv"
    prefixes.write_text(prefixes.read_text() + "XYZ,hikvision,Nobody\n")
    done = cli("registry", "check", folder)
    assert done.code == 2
    for fault in (
        r"companies/zte\.yaml:\d+ /entities/\d+/names/\d+",
        r"companies/zte\.yaml:\d+ /nonsense: unknown field",
        r"companies/tiandy\.yaml:\d+: not YAML",
        r"prefixes/mac\.csv:\d+: 'XYZ'",
    ):
        assert re.search(fault, done.err), fault


@pytest.mark.parametrize("form", ["ftm", "senzing", "csv"])
def test_registry_export(cli: Cli, tmp_path: Path, form: str) -> None:
    """The registry goes out in each form that is one file, to standard output or a file, with the same bytes."""
    shown, written = cli("registry", "export", "--format", form), cli("registry", "export", "--format", form, "--output", "out.txt")
    assert (shown.code, written.code) == (0, 0)
    assert shown.raw == (tmp_path / "out.txt").read_bytes()
    assert b"Hikvision" in shown.raw


def test_demo(cli: Cli, tmp_path: Path) -> None:
    """The demo writes its three reports and exits 0 although it finds something."""
    done = cli("demo", "--output", "d")
    assert done.code == 0, done.err
    assert {"report.html", "register.xlsx", "report.json"} <= {path.name for path in (tmp_path / "d").iterdir()}
    assert json.loads((tmp_path / "d" / "report.json").read_bytes())["findings"]

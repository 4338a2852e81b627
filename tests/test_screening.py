"""The whole run: nothing is lost, nothing depends on workers or order, every fault of a file is a reject with its place."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event

import books
import msgspec
import pytest
from conftest import DAY, Runner, check_conserved, lines

from offlimits.errors import UsageError
from offlimits.folding import Tally, fold
from offlimits.measures import read_profile
from offlimits.readers import READERS
from offlimits.readers.base import Options
from offlimits.registry import Registry
from offlimits.reports.data import Json, JsonLines
from offlimits.screening import Compiled, Settings, plan, screen, screen_part, screen_with_rejects
from offlimits.screening.part import _PartRun

Put = Callable[..., Path]


@pytest.fixture
def folder(put: Put) -> Path:
    """A folder of several files: text, workbooks, damaged ones, an empty one."""
    rows = "".join(f"Firm,{'Hikvision camera' if number % 7 == 0 else 'chair'},{number}\n" for number in range(300))
    put("in/a.csv", "Supplier,Item,Qty\n" + rows)
    put("in/b/damaged.csv", 'Supplier,Item\nFirm,Da\0hua\nFirm,"Huawei phone\nFirm,Dahua camera\n\n')
    put("in/b/book.xlsx", books.xlsx({"S": [["Supplier", "Item"], ["Acme", "Dahua camera"], ["Acme", None]]}))
    put("in/c/cut.xlsx", books.xlsx({"S": [["x"]]})[:200])
    put("in/d.bin", bytes(range(256)) * 10)
    put("in/empty.csv", "")
    put("in/.hidden.csv", "Supplier,Item\nAcme,Hikvision\n")
    return put("in/z.csv", "Firma;Artikel;Betrag\nMeier;CCTV camera repair;12,50 €\n").parent


def test_nothing_is_lost(run: Runner, folder: Path) -> None:
    """For each source units = entries + rejects + skipped, and units are the rows that are there."""
    report = run(folder)
    check_conserved(report)
    counts = {Path(source.path).name: (source.units, source.entries, source.rejects, source.skipped) for source in report.sources}
    assert counts == {
        "a.csv": (301, 300, 0, 1),
        "damaged.csv": (5, 1, 2, 2),
        "book.xlsx": (3, 2, 0, 1),
        "cut.xlsx": (1, 0, 1, 0),
        "d.bin": (1, 0, 1, 0),
        "empty.csv": (0, 0, 0, 0),
        "z.csv": (2, 1, 0, 1),
    }
    assert report.coverage == "partly-read"


def test_jobs_leave_no_trace(registry: Registry, folder: Path) -> None:
    """1, 2 and 4 workers give the same sorted JSON Lines, byte for byte."""
    results = [JsonLines().render(screen([folder], registry, DAY, jobs=jobs)) for jobs in (1, 2, 4)]
    assert sorted(results[0].splitlines()) == sorted(results[1].splitlines()) == sorted(results[2].splitlines())
    assert results[0] == results[1] == results[2]
    assert b'"event":"finding"' in results[0]


def test_same_input_same_bytes(run: Runner, folder: Path) -> None:
    """Two runs over the same input on the same day give the same bytes."""
    assert Json().render(run(folder)) == Json().render(run(folder))


def test_outcomes_fold_in_any_order(run: Runner, registry: Registry, folder: Path) -> None:
    """The report is the same in whatever order the parts come back."""
    expected = Json().render(run(folder))
    assert Json().render(fold(run.outcomes[::-1], registry, DAY, "neutral", {})) == expected


def test_tallies_add_in_any_grouping() -> None:
    """`Tally.merge` is associative, and units add up."""
    one, two, three = Tally(entries=2), Tally(skipped=Counter(blank=3)), Tally(rejects=Counter(x=1))
    assert one.merge(two).merge(three) == one.merge(two.merge(three))
    assert one.merge(two).merge(three).units == 6


def test_places_are_those_of_the_file(run: Runner, folder: Path) -> None:
    """Every finding points at a source and a line or row of it that holds the words found."""
    report = run(folder)
    path = next(source for source in report.sources if source.path.endswith("a.csv")).path
    text = Path(path).read_text().splitlines()
    found = [finding for finding in report.findings if report.sources[finding.at.source].path == path]
    assert len(found) == 43
    assert all("Hikvision" in text[(finding.at.line or 0) - 1] for finding in found)


def test_source_is_described(run: Runner, folder: Path) -> None:
    """Each source says its reader and why, its size and hash, its columns, and what it cannot show."""
    report = run(folder / "z.csv")
    source = report.sources[0]
    assert (source.reader, source.size_bytes, len(source.sha256)) == ("csv", (folder / "z.csv").stat().st_size, 64)
    assert source.columns == {"Firma": "name", "Artikel": "text", "Betrag": "amount"}
    assert "subcontractors" in source.cannot_show
    assert "semicolons" in source.chosen


def test_every_reader_says_what_it_cannot_show() -> None:
    """No reader is silent about what its files never show."""
    assert all(reader.cannot_show and reader.name for reader in READERS)


def test_a_lead_is_asked_about(run: Runner, folder: Path) -> None:
    """A line that buys CCTV without a maker is a lead with its money and a question."""
    lead = run(folder / "z.csv").leads[0]
    assert (lead.kind, lead.supplier, lead.amount[0].value, lead.amount[0].currency) == ("cctv", "Meier", "12.50", "EUR")
    assert "Please tell us" in lead.ask


# --- files that go wrong -------------------------------------------------------------------------


def settings() -> Settings:
    """A neutral run on the tests' day."""
    return Settings(as_of=DAY, profile=read_profile("neutral"))


def test_a_file_that_vanishes(compiled: Compiled, put: Put) -> None:
    """A file gone between plan and read is one reject of its own."""
    path = put("a.csv", "Supplier,Item\nAcme,Hikvision\n")
    part = plan([path])[0]
    path.unlink()
    outcome = screen_part(part, compiled, settings())
    assert dict(outcome.tally.rejects) == {"unreadable-source": 1}
    assert "No such file" in outcome.rejects[0].reason


def test_a_file_that_vanishes_between_hash_and_read(compiled: Compiled, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same a moment later, for text and for workbooks."""
    read = _PartRun.read
    for name, content in (
        ("a.csv", b"Supplier,Item\nAcme,x\n"),
        ("a.xlsx", books.xlsx({"S": [["x"]]})),
        ("a.xls", books.xls({"S": [["x"]]})),
    ):
        path = put(name, content)
        part = plan([path])[0]
        gone = Event()
        monkeypatch.setattr(_PartRun, "hash", lambda self, path=path, gone=gone: (path.unlink(), gone.set()))
        monkeypatch.setattr(_PartRun, "read", lambda self, reader, gone=gone: (gone.wait(), read(self, reader)))
        assert dict(screen_part(part, compiled, settings()).tally.rejects) == {"unreadable-source": 1}


def test_a_folder_in_place_of_a_file(compiled: Compiled, put: Put) -> None:
    """What cannot be opened as a file is one reject."""
    path = put("a.csv", "Supplier,Item\n")
    part = plan([path])[0]
    path.unlink()
    path.mkdir()
    assert dict(screen_part(part, compiled, settings()).tally.rejects) == {"unreadable-source": 1}


def test_a_file_that_may_not_be_read(run: Runner, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without permission a file is one reject, and the next file is read."""
    secret, other = put("a.csv", "Supplier,Item\nAcme,Hikvision\n"), put("b.csv", "Supplier,Item\nAcme,Dahua camera\n")
    opened = Path.open

    def closed(self: Path, *args: object, **kwargs: object) -> object:
        if self == secret:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    report = run(secret, other)
    assert report.rejects_by_code == {"unreadable-source": 1}
    assert report.rejects[0].reason.startswith("Permission denied")
    assert lines(report) == [2]


def test_a_dangling_link(run: Runner, put: Put) -> None:
    """A link to nowhere inside a folder is one reject."""
    folder = put("in/a.csv", "Supplier,Item\nAcme,Dahua camera\n").parent
    (folder / "b.csv").symlink_to(folder / "gone.csv")
    report = run(folder)
    assert report.rejects_by_code == {"unreadable-source": 1}
    check_conserved(report)


def test_a_reader_that_crashes(run: Runner, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in a reader ends its file only: a reject, the trace kept as a note, the next file read."""
    from offlimits.readers.workbook import Workbook

    def crash(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(Workbook, "read", crash)
    put("in/a.xlsx", books.xlsx({"S": [["x"]]}))
    report = run(put("in/b.csv", "Supplier,Item\nAcme,Dahua camera\n").parent)
    assert report.rejects_by_code == {"reader-crashed": 1}
    assert any("ZeroDivisionError" in note for note in report.sources[0].notes)
    assert lines(report) == [2]


def test_nothing_to_screen(run: Runner, tmp_path: Path) -> None:
    """An empty folder is a report of nothing read."""
    report = run(tmp_path)
    assert (report.coverage, report.sources, report.findings) == ("nothing-read", [], [])


def test_wrong_usage(run: Runner, put: Put, tmp_path: Path) -> None:
    """A path, a reader, a profile or a column that does not exist stops the run, with what there is instead."""
    path = put("a.csv", "Supplier,Item\nAcme,x\n")
    with pytest.raises(UsageError, match="no file or folder"):
        run(tmp_path / "gone.csv")
    with pytest.raises(UsageError, match="no reader 'pdf'") as caught:
        run(path, reader="pdf")
    assert "csv" in caught.value.hint
    with pytest.raises(UsageError, match="no profile"):
        run(path, profile="martian")
    with pytest.raises(UsageError, match="no column 'Maker'") as caught:
        run(path, options=Options(columns={"maker": "Maker"}))
    assert "Supplier, Item" in caught.value.hint


# --- what is found -------------------------------------------------------------------------------


def test_a_dismissed_finding_stays_and_says_so(run: Runner, put: Put) -> None:
    """A judgement goes with its finding; the finding is still in the report."""
    from offlimits.report import Decision

    path = put("a.csv", "Supplier,Item\nAcme,Hikvision camera\n")
    key = run(path).findings[0].review_key
    decision = Decision(verdict="dismissed", why="a toy", on=DAY, by="")
    again = run(path, decisions={key: decision})
    assert again.findings[0].decision == decision


def test_review_key_outlives_the_line(run: Runner, put: Put) -> None:
    """The same words on another line, in another file, have the same key; another maker has another one."""
    first = run(put("a.csv", "Supplier,Item\nAcme,Hikvision camera\nAcme,Dahua camera\n"))
    later = run(put("b.csv", "Supplier,Item\nx,y\nx,y\nAcme,Hikvision camera\n"))
    assert first.findings[0].review_key == later.findings[0].review_key != first.findings[1].review_key


def test_weights_add_up(run: Runner, put: Put) -> None:
    """The reasons of a finding add up to its score, and the weaker strength is the one shown."""
    ranks = ("exact", "likely", "possible")
    report = run(put("a.csv", "Supplier,Item\nAcme,Hikvison cam\nAcme,DS-2CD2143G2-I\nAcme,Lorex camera\nPrama Hikvision,x\n"))
    assert len(report.findings) >= 3
    for finding in report.findings:
        assert finding.strength == max(finding.identity.strength, finding.link.strength, key=ranks.index)
        assert sum(why.weight for why in finding.why) == pytest.approx(finding.identity.score, abs=0.011)


def test_random_addresses_are_said_to_be_random(run: Runner, put: Put) -> None:
    """A locally administered MAC is no finding; the report counts such addresses."""
    report = run(put("a.csv", "Host,MAC\ncam1,44:19:B6:01:02:03\nphone,DA:A1:19:12:34:56\n"))
    assert [(finding.group, finding.at.line) for finding in report.findings] == [("hikvision", 2)]
    assert any(note.startswith("1 hardware addresses are locally administered") for note in report.sources[0].notes)


def test_named_but_not_there(run: Runner, put: Put) -> None:
    """A clause that a maker is not used is no finding; it is kept as what it is."""
    report = run(put("a.csv", "Supplier,Notes\nAcme,does not use Hikvision equipment\n"))
    assert report.findings == []
    assert [item.entity for item in report.disclaimed] == ["hikvision"]


def test_as_of_changes_what_is_in_force(run: Runner, put: Put) -> None:
    """Before a measure began it is not in force."""
    path = put("a.csv", "Supplier,Item\nAcme,Hikvision camera\n")
    then, now = run(path, as_of=date(2010, 1, 1)), run(path)
    assert {state.in_force for state in then.findings[0].measures} == {"no"}
    assert "yes" in {state.in_force for state in now.findings[0].measures}
    assert (then.as_of, now.as_of) == (date(2010, 1, 1), DAY)


def test_report_refers_to_what_it_holds(run: Runner, folder: Path) -> None:
    """Every entity, measure and piece of evidence spoken of is in the report, and ids are unique."""
    report = run(folder)
    assert len({finding.id for finding in report.findings}) == len(report.findings)
    for finding in report.findings:
        assert {finding.entity, finding.group} <= report.entities.keys()
        assert {state.id for state in finding.measures} <= report.measures.keys()
        assert {key for step in finding.path for key in step.evidence} <= report.evidence.keys()
    for measure in report.measures.values():
        assert set(measure.evidence) <= report.evidence.keys()


def test_raw_text_of_rejects_stays_out_of_the_report(run: Runner, put: Put, registry: Registry) -> None:
    """A rejected row is in no report, only among the raw rejects, and there only when they are asked for."""
    path = put("a.csv", "Supplier,Item\nJane Citizen,se\0cret\n")
    assert b"Jane" not in Json().render(run(path))
    assert run.outcomes[0].raw_rejects == []
    _, outcomes = screen_with_rejects([path], registry, DAY, keep_raw=True)
    assert "Jane" in outcomes[0].raw_rejects[0][3]


def test_standard_input_leaves_no_file(registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`-` is read to its end and its copy is gone afterwards."""
    import io
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": io.BytesIO(b"Supplier,Item\nAcme,Hikvision camera\n")})())
    report = screen(["-"], registry, DAY)
    assert (report.sources[0].path, lines(report)) == ("-", [2])
    assert list(tmp_path.iterdir()) == []


def test_report_round_trips(run: Runner, folder: Path) -> None:
    """The JSON report reads back as the same report."""
    report = run(folder)
    assert msgspec.json.decode(Json().render(report), type=type(report)) == report
    assert json.loads(Json().render(report))["format"] == "offlimits.report/1"


def test_hidden_files_and_order(put: Put) -> None:
    """Folders are walked in sorted order; hidden files and folders are left out."""
    for name in ("b.csv", "a/x.csv", ".git/y.csv", ".z.csv", "a/b.csv"):
        put(f"in/{name}", "x,y\n")
    root = put("in/c.csv", "x,y\n").parent
    assert [os.path.relpath(part.path, root) for part in plan([root])] == ["b.csv", "c.csv", "a/b.csv", "a/x.csv"]
    shutil.rmtree(root)


@pytest.mark.parametrize(("answer", "found"), [("Yes", 1), ("Yes - 45 cameras", 1), ("10", 1), ("No", 0), ("0", 0), ("None", 0), ("", 0)])
def test_the_answer_to_a_question_may_stand_in_the_next_cell(run: Runner, put: Callable[..., Path], answer: str, found: int) -> None:
    """A question names a maker and says nothing; the answer beside it does, as answers to requests for information are written."""
    report = run(put("foi.csv", f"Question,Response\nHow many cameras do you operate?,145\nHow many are made by Hikvision?,{answer}\n"))
    assert (len(report.findings), len(report.disclaimed)) == (found, 1 - found)

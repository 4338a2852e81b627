"""The terminal: 80 columns, no colours when piped, no control characters, never a word of clearance."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console
from test_data import sample_report

from offlimits.model import PROFILES
from offlimits.report import At, Report
from offlimits.reports.terminal import SHOWN_FINDINGS, SHOWN_LEADS, print_report

ANSI = re.compile(r"\x1b")
LONG = "Straßenüberwachungskamerabeschaffungsmaßnahme" * 4
WIDE = "海康威视数字技术股份有限公司" * 12
HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eevil \x9b5m [bold]markup[/bold]"


def printed(report: Report, terminal: bool = False) -> str:
    stream = io.StringIO()
    print_report(
        report, Console(file=stream, width=80, highlight=False, force_terminal=terminal, color_system="standard" if terminal else None)
    )
    return stream.getvalue()


@pytest.mark.parametrize("profile", PROFILES)
def test_no_line_is_longer_than_80(profile: str) -> None:
    """Whoever asks, every line fits, in cells as a terminal counts them."""
    assert [line for line in printed(sample_report(profile)).splitlines() if cell_len(line) > 80] == []


@pytest.mark.parametrize("text", [LONG, WIDE, "x" * 500, HOSTILE * 5])
def test_long_and_wide_words_are_folded(text: str, run: Callable[..., Report], tmp_path: Path) -> None:
    """A word without a blank, wide characters, a long supplier and a long file name do not break the width."""
    folder = tmp_path / ("d" * 120)
    folder.mkdir()
    (folder / f"{'f' * 150}.csv").write_text(f"Supplier,Text,Amount\nHikvision {text},{text},10\n{text},CCTV {text},11\n", encoding="utf-8")
    report = run(folder)
    assert report.findings
    assert [line for line in printed(report).splitlines() if cell_len(line) > 80] == []


def test_no_codes_when_piped() -> None:
    """Colours are for people at a terminal; a pipe gets plain text."""
    assert not ANSI.search(printed(sample_report()))
    assert ANSI.search(printed(sample_report(), terminal=True))


def test_input_cannot_steer_the_terminal(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """Escape sequences, direction marks and markup of the input are shown as harmless text."""
    rows = "Bolt,plain\n" * 60
    out = printed(run(put("in.csv", f"Supplier,Text,Amount\nHikvision,{HOSTILE},1\n{HOSTILE},CCTV camera,2\n{rows}")))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
    assert "[bold]markup[/bold]" in re.sub(r"\s+", "", out)


def test_input_cannot_steer_a_real_terminal(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """On a terminal too, the only escape sequences are our own colours."""
    rows = "Bolt,plain\n" * 60
    out = printed(run(put("in.csv", f"Supplier,Text,Amount\nHikvision,{HOSTILE},1\n{rows}")), terminal=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", out).count("\x1b") == 0
    assert "\x1b]" not in out


def test_every_count_is_said(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """Entries, findings by strength, units with their sum, rejects with a place, leads, denials, what cannot be shown, the registry."""
    report = run(put("in.csv", "Supplier,Text\nHikvision,x\nBolt,CCTV cameras\nAcme,we do not use Dahua\nA,b,c,d\nB\n"))
    out = " ".join(printed(report).split())
    (source,) = report.sources
    assert f"{source.units:,} units = {source.entries:,} entries + {source.rejects:,} rejects + {source.skipped:,} left out" in out
    assert f"{source.entries} entries read in 1 file, as of 2026-11-23, for neutral" in out
    for text in (
        *source.cannot_show,
        report.tool.registry.version,
        report.tool.registry.sha256[:12],
        "named as not there",
        "worth a question",
    ):
        assert text in out
    assert all(code in out for code in report.rejects_by_code)


def test_nothing_found_is_no_clearance(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """Without a finding the report says that this clears nobody, and what the file cannot show."""
    out = " ".join(printed(run(put("in.csv", "Supplier,Text\nBolt,doors\n"))).split())
    assert "That is no clearance" in out
    assert "cannot show" in out
    assert not re.search(r"\b(clean|safe|compliant|no risk)\b", out, re.IGNORECASE)


def test_what_is_left_out_is_counted(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """Lists are cut with the number of what is left out, never in silence."""
    rows = "".join(f"Hikvision,unit {number}\n" for number in range(SHOWN_FINDINGS + 7)) + "".join(
        f"Firm {chr(65 + number)},CCTV cameras\n" for number in range(SHOWN_LEADS + 3)
    )
    out = printed(run(put("in.csv", "Supplier,Text\n" + rows)))
    assert "and 7 more" in out
    assert "and 3 more" in out


def test_many_sources(run: Callable[..., Report], put: Callable[..., Path]) -> None:
    """With several files each finding says which, and files beyond the cap are counted."""
    for number in range(SHOWN_FINDINGS + 2):
        put(f"in/{number:02}.csv", "Supplier,Text\nHikvision,x\n")
    out = printed(run(put("in/x.csv", "Supplier,Text\nBolt,x\n").parent))
    assert "and 3 more files" in out
    assert "1: line 2" in out


def test_a_finding_without_a_line() -> None:
    """A place that is only a source is printed without a made-up line."""
    report = sample_report()
    first = msgspec.structs.replace(report.findings[0], at=At(source=0), strength="exact")
    assert "line None" not in printed(msgspec.structs.replace(report, findings=[first]))

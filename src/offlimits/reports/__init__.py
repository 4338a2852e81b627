"""`Report` → files. One file per format, one visible tuple; the heavy ones are imported when they are asked for."""

from __future__ import annotations

from pathlib import Path

from offlimits.errors import UsageError
from offlimits.report import Report
from offlimits.reports.base import Format


class Page:
    """One self-contained HTML page."""

    suffix = ".html"

    def render(self, report: Report) -> bytes:
        from offlimits.reports.page import render_page

        return render_page(report)


class Xlsx:
    """The user's own workbook back."""

    suffix = ".xlsx"

    def render(self, report: Report) -> bytes:
        from offlimits.reports.workbook import Xlsx as Workbook

        return Workbook().render(report)


class Json:
    """The contract."""

    suffix = ".json"

    def render(self, report: Report) -> bytes:
        from offlimits.reports.data import Json as Data

        return Data().render(report)


class JsonLines:
    """The contract, one thing a line."""

    suffix = ".jsonl"

    def render(self, report: Report) -> bytes:
        from offlimits.reports.data import JsonLines as Data

        return Data().render(report)


class Csv:
    """Findings for spreadsheets."""

    suffix = ".csv"

    def render(self, report: Report) -> bytes:
        from offlimits.reports.data import Csv as Data

        return Data().render(report)


class Text:
    """The letter about money."""

    suffix = ".txt"

    def render(self, report: Report) -> bytes:
        from offlimits.reports.letter import Letter

        return Letter().render(report)


REPORTS: tuple[Format, ...] = (Page(), Json(), JsonLines(), Csv(), Xlsx(), Text())


def format_for(path: Path) -> Format:
    """The format that a file's suffix asks for. Raises `UsageError` when there is none."""
    for item in REPORTS:
        if path.suffix.lower() == item.suffix:
            return item
    raise UsageError(f"no report format for {path.name!r}", f"end the name with one of: {', '.join(item.suffix for item in REPORTS)}")

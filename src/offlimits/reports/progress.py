"""A progress bar while files are read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn


class ReadingBar:
    """A progress bar on the terminal while files are read; nothing when piped, quiet, or quick."""

    def __init__(self, paths: tuple[str, ...], quiet: bool) -> None:
        self.quiet = quiet or not sys.stderr.isatty() or "-" in paths
        self.paths = paths
        self.bar: Any = None

    def __enter__(self) -> Any:
        if self.quiet:
            return None
        total = sum(
            path.stat().st_size
            for root in map(Path, self.paths)
            for path in ([root] if root.is_file() else root.rglob("*"))
            if path.is_file()
        )
        if total < 1 << 22:
            return None
        self.bar = Progress(
            TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=Console(file=sys.stderr), transient=True
        )
        task = self.bar.add_task("reading", total=total)
        self.bar.start()
        return lambda size: self.bar.advance(task, size)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


class DownloadBar:
    """A progress bar on the terminal while one list is fetched; nothing when piped or quiet."""

    def __init__(self, name: str, quiet: bool) -> None:
        self.quiet = quiet or not sys.stderr.isatty()
        self.name = name
        self.bar: Any = None

    def __enter__(self) -> Any:
        if self.quiet:
            return None
        self.bar = Progress(TextColumn(self.name), BarColumn(), DownloadColumn(), console=Console(file=sys.stderr), transient=True)
        task = self.bar.add_task(self.name, total=None)
        self.bar.start()
        return lambda size, whole: self.bar.update(task, completed=size, total=whole)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

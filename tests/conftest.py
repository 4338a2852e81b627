"""What every test may ask for: the registry, loaded once; the run, in this process or through the installed script; the data beside the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from offlimits.aggregates.compositions import INDEX_FILE, read_index
from offlimits.aggregates.exchange import Rates
from offlimits.aggregates.funds import gather
from offlimits.folding import Outcome, fold
from offlimits.measures import read_profile
from offlimits.readers.base import Options
from offlimits.registry import Registry, load_registry
from offlimits.report import Decision, Report
from offlimits.screening import Compiled, Settings, plan, screen_part

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 23)
"""The day on which tests judge, so that reports do not change with the calendar."""


def data_folder(*parts: str) -> Path:
    """A folder or file of the data that lie beside the project (`OFFLIMITS_DATA`, else `../shared/data`). Skips the test when it is not there."""
    base = Path(os.environ.get("OFFLIMITS_DATA") or ROOT.parent / "shared" / "data")
    found = base.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"the data beside the project are absent: {'/'.join(parts) or base.name} (set OFFLIMITS_DATA)")
    return found


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled registries of the tests go to a cache of their own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session")
def registry(_own_cache: None) -> Registry:
    """The registry that ships, loaded once."""
    return load_registry()


@pytest.fixture(scope="session")
def compiled(registry: Registry) -> Compiled:
    """The registry with its matchers and its search, built once."""
    return Compiled(registry)


class Runner:
    """A run in this process over one compiled registry; what `screen` does, without building the matchers anew."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.outcomes: list[Outcome] = []

    def __call__(
        self,
        *paths: str | Path,
        options: Options | None = None,
        profile: str = "neutral",
        as_of: date = DAY,
        reader: str | None = None,
        decisions: dict[str, Decision] | None = None,
        funds: Path | None = None,
        rates: Rates | None = None,
    ) -> Report:
        settings = Settings(as_of=as_of, profile=read_profile(profile), options=options or Options())
        self.outcomes = [screen_part(part, self.compiled, settings) for part in plan(paths, reader)]
        said = read_index(funds) if funds else {}
        lists = [
            screen_part(part, self.compiled, settings)
            for part in (plan([funds]) if funds else ())
            if not part.path.endswith((INDEX_FILE, ".json"))
        ]
        aggregates = gather(self.compiled.registry, self.outcomes, lists, said, as_of, funds, rates)
        return fold(self.outcomes, self.compiled.registry, as_of, settings.profile.name, decisions or {}, money=aggregates)


@pytest.fixture
def run(compiled: Compiled) -> Runner:
    """`run(path, …)` → `Report`, judged on `DAY`."""
    return Runner(compiled)


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """`put(name, content)` writes a file into the test's own folder."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def check_conserved(report: Report) -> None:
    """Every source: units = entries + rejects + skipped, and the total of rejects is the same by code and by source."""
    for source in report.sources:
        assert source.units == source.entries + source.rejects + source.skipped
    assert sum(report.rejects_by_code.values()) == sum(source.rejects for source in report.sources)


class Finished:
    """A program that ended."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.raw = out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")


def script() -> str:
    """The installed `offlimits` script of the environment that runs the tests. Skips the test when it is not installed."""
    beside = Path(sys.executable).with_name("offlimits")
    found = str(beside) if beside.exists() else shutil.which("offlimits")
    if not found:
        pytest.skip("the `offlimits` script is not installed in this environment")
    return found


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Finished]:
    """`cli("screen", path, …)` runs the installed script in the test's own folder. No run may print a traceback unless `crash=True`."""

    def call(*args: Any, stdin: bytes | None = None, crash: bool = False, env: dict[str, str] | None = None) -> Finished:
        done = subprocess.run(
            [script(), *map(str, args)],
            input=stdin if stdin is not None else b"",
            capture_output=True,
            cwd=tmp_path,
            timeout=120,
            env={**os.environ, **(env or {})},
        )
        finished = Finished(done.returncode, done.stdout, done.stderr)
        if not crash:
            assert "Traceback" not in finished.out + finished.err, finished.err
        return finished

    return call


def texts(report: Report) -> list[tuple[str, str]]:
    """Group and first mention of every finding, sorted."""
    return sorted((finding.group, finding.mentions[0].text) for finding in report.findings)


def lines(report: Report) -> Sequence[int | None]:
    """The line or row of every finding, sorted."""
    return sorted((finding.at.line or finding.at.row or 0) for finding in report.findings)

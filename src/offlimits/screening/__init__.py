"""The whole story: plan → screen_part → fold.

`plan` turns paths into parts, `screen_part` does the work on one part and is pure apart from reading it, `fold` puts the
outcomes together into a `Report`. A run in several processes is the same fold over the same outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from offlimits.aggregates.compositions import INDEX_FILE, read_index
from offlimits.aggregates.funds import gather
from offlimits.folding import Asks, Outcome, fold
from offlimits.fundindex import is_fund_index
from offlimits.measures import Profile, read_profile
from offlimits.readers.base import Options
from offlimits.registry import Registry, load_registry
from offlimits.report import Decision, Report
from offlimits.screening.part import Compiled, OnProgress, Part, Settings, plan, screen_part


def screen(
    paths: Sequence[str | Path],
    registry: Registry | None = None,
    as_of: date | None = None,
    profile: str | Profile = "neutral",
    options: Options | None = None,
    reader: str | None = None,
    jobs: int = 1,
    decisions: Mapping[str, Decision] | None = None,
    on_progress: OnProgress | None = None,
    asks: Asks | None = None,
    funds: str | Path | None = None,
) -> Report:
    """Screen files and folders against the registry.

    `as_of` is today if not given. `jobs` runs parts in so many processes; the report is the same. `on_progress` is told how many
    bytes were read since it was last called. `funds` is a folder of lists of what funds hold, to look through holdings with.

    Raises `UsageError` for paths, profiles or columns that do not exist, and `RegistryError` when the evidence does not load.
    """
    report, _ = screen_with_rejects(paths, registry, as_of, profile, options, reader, jobs, decisions, on_progress, asks=asks, funds=funds)
    return report


def screen_with_rejects(
    paths: Sequence[str | Path],
    registry: Registry | None = None,
    as_of: date | None = None,
    profile: str | Profile = "neutral",
    options: Options | None = None,
    reader: str | None = None,
    jobs: int = 1,
    decisions: Mapping[str, Decision] | None = None,
    on_progress: OnProgress | None = None,
    keep_raw: bool = False,
    asks: Asks | None = None,
    funds: str | Path | None = None,
) -> tuple[Report, list[Outcome]]:
    """As `screen`, and the raw outcomes too; with `keep_raw` they hold every rejected text, for the file a user may ask for."""
    registry = registry or load_registry()
    settings = Settings(
        as_of=as_of or date.today(),
        profile=read_profile(profile) if isinstance(profile, str) else profile,
        options=options or Options(),
        keep_raw=keep_raw,
    )
    parts = plan(paths, reader)
    lists, said = _lists(funds)
    try:
        done = _run([*parts, *lists], registry, settings, min(jobs, len(parts) + len(lists)), on_progress)
    finally:
        for part in parts:
            if part.shown == "-":
                Path(part.path).unlink(missing_ok=True)
    outcomes = done[: len(parts)]
    rates = asks.rates if asks else None
    aggregates = gather(registry, outcomes, done[len(parts) :], said, settings.as_of, Path(funds) if funds else None, rates)
    return fold(outcomes, registry, settings.as_of, settings.profile.name, decisions or {}, asks, aggregates), outcomes


def _lists(funds: str | Path | None) -> tuple[list[Part], dict[str, dict[str, str]]]:
    """The parts of the folder of fund lists, and what its `funds.csv` says of them. Raises `UsageError` when it is no folder."""
    if funds is None:
        return [], {}
    said = read_index(Path(funds))
    return [part for part in plan([funds]) if Path(part.path).name != INDEX_FILE and not is_fund_index(Path(part.path))], said


def _run(parts: list[Part], registry: Registry, settings: Settings, jobs: int, on_progress: OnProgress | None) -> list[Outcome]:
    if jobs <= 1:
        compiled = Compiled(registry)
        return [screen_part(part, compiled, settings, on_progress) for part in parts]
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(registry.data,)) as pool:
        outcomes = []
        for outcome in pool.map(_work, [(part, settings) for part in parts]):
            outcomes.append(outcome)
            if on_progress:
                on_progress(outcome.size_bytes)
        return outcomes


_worker: list[Compiled] = []


def _start_worker(data: object) -> None:
    """Automata and patterns do not travel between processes: each worker builds its own, once."""
    _worker[:] = [Compiled(Registry(data))]  # type: ignore[arg-type]


def _work(task: tuple[Part, Settings]) -> Outcome:
    return screen_part(task[0], _worker[0], task[1])


__all__ = ["Compiled", "OnProgress", "Part", "Settings", "plan", "screen", "screen_part", "screen_with_rejects"]

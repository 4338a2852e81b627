"""The main job on bundled samples: an asset register and a supplier sheet of a council that does not exist."""

from __future__ import annotations

import importlib.resources
from datetime import date
from pathlib import Path

from offlimits.errors import UsageError
from offlimits.files import write_output
from offlimits.registry import load_registry
from offlimits.report import Report
from offlimits.reports import format_for
from offlimits.screening import screen

AS_OF = date(2026, 11, 23)
"""The demo is judged as of this day, so that it says the same next year."""

PROFILE = "uk-local-authority"
REGISTER, SUPPLIERS = "register.xlsx", "suppliers.csv"


def run_demo(output: Path) -> tuple[Report, list[Path]]:
    """Screen the bundled samples and write the reports into a folder, which is made if it is not there.

    `report.html` and `report.json` tell of both samples, `register.xlsx` is the asset register back with columns added;
    the samples themselves are copied to `samples/`, so that they can be opened and screened again. The folder's own files
    of these names are overwritten, each whole or not at all.

    Returns the report of both samples, and the files written, reports first. Raises `UsageError` when the folder cannot be
    made, `OfflimitsError` when a file cannot be written.
    """
    samples = _copy_samples(output / "samples")
    registry = load_registry()
    both = screen(samples, registry, AS_OF, PROFILE)
    register = screen(samples[:1], registry, AS_OF, PROFILE)
    reports = {output / "report.html": both, output / REGISTER: register, output / "report.json": both}
    for path, report in reports.items():
        write_output(path, format_for(path).render(report))
    return both, [*reports, *samples]


def _copy_samples(folder: Path) -> list[Path]:
    """The samples as files, wherever the package is installed, zipped or not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}", "choose another folder with --output") from error
    bundled = importlib.resources.files("offlimits") / "samples"
    written = [folder / name for name in (REGISTER, SUPPLIERS)]
    for path in written:
        write_output(path, (bundled / path.name).read_bytes())
    return written

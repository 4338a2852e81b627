"""Writing an export: a file, a folder, what an earlier export left there, and what cannot be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Finished

from offlimits.errors import OfflimitsError, UsageError
from offlimits.exports import LISTING, export, export_for, write_folder
from offlimits.exports.base import edition_day
from offlimits.registry import Registry


def test_a_file_or_a_folder(registry: Registry, tmp_path: Path) -> None:
    """A name with a suffix is a file, a name without one or a folder that exists is a folder; without a name the bytes come back."""
    form = export_for("csv")
    (tmp_path / "there.csv").mkdir()
    assert export(form, registry, tmp_path / "one.csv") is None
    assert export(form, registry, tmp_path / "many") is None
    assert export(form, registry, tmp_path / "there.csv") is None
    assert export(form, registry, None) == (tmp_path / "one.csv").read_bytes()
    assert {path.name for path in (tmp_path / "many").iterdir()} == {LISTING, *form.folder(registry)}
    assert (tmp_path / "there.csv" / "names.csv").is_file()


def test_a_site_needs_a_folder(registry: Registry, tmp_path: Path) -> None:
    """A format that is always a folder refuses standard output and a file; any other name it makes."""
    (tmp_path / "file").write_text("x")
    for target in (None, tmp_path / "file"):
        with pytest.raises(UsageError):
            export(export_for("yente"), registry, target)
    assert export(export_for("yente"), registry, tmp_path / "v1.0") is None
    assert (tmp_path / "v1.0" / "manifest.yml").is_file()


def test_what_is_no_longer_said_is_taken_away(tmp_path: Path) -> None:
    """Files of an earlier export that this one does not write are removed; everybody else's stay, wherever a listing may point."""
    write_folder(tmp_path / "site", {"a.html": b"a", "old/b.html": b"b"})
    (tmp_path / "site" / "mine.txt").write_text("mine")
    (tmp_path / "outside.txt").write_text("outside")
    with (tmp_path / "site" / LISTING).open("a") as listing:
        listing.write("../outside.txt\nold\n\n")
    write_folder(tmp_path / "site", {"a.html": b"new"})
    assert (tmp_path / "site" / "a.html").read_bytes() == b"new"
    assert not (tmp_path / "site" / "old" / "b.html").exists()
    assert (tmp_path / "site" / "mine.txt").exists()
    assert (tmp_path / "outside.txt").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """A file in the way is said, in one line with what to do."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(OfflimitsError) as caught:
        write_folder(tmp_path / "file" / "site", {"a.html": b"a"})
    assert caught.value.hint


def test_the_day_of_an_edition(registry: Registry) -> None:
    """The edition's own day; for an edition that is no day, the last day on which a source was read."""
    import msgspec

    assert str(edition_day(registry)) == registry.version
    assert edition_day(Registry(msgspec.structs.replace(registry.data, version="draft"))).year >= 2026


def test_the_command_counts_what_is_left_out(cli: Callable[..., Finished], tmp_path: Path) -> None:
    """`registry export` prints the export alone on standard output, and on standard error what it has no place for; a site needs `-o`."""
    done = cli("registry", "export", "--format", "senzing")
    assert done.code == 0
    assert done.out.startswith('{"DATA_SOURCE": "OFFLIMITS"')
    assert "not in this format: " in done.err
    refused = cli("registry", "export", "--format", "site")
    assert refused.code == 2
    assert "add -o offlimits-site" in refused.err
    assert cli("registry", "export", "--format", "site", "-o", "pages").code == 0
    assert (tmp_path / "pages" / "index.html").is_file()

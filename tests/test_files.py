"""Writing: whole or not at all, with an error that says what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from offlimits.errors import OfflimitsError, UsageError
from offlimits.files import check_writable, write_atomically, write_output


def test_written_whole_and_readable(tmp_path: Path) -> None:
    """The file holds what was given, replaces what was there, and others may read it."""
    target = tmp_path / "report.json"
    target.write_bytes(b"old")
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """When the disk is full at any step, the old file is as it was, nothing else is left, and the error names file and cause."""
    target = tmp_path / "report.json"
    target.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OfflimitsError, match=r"cannot write .*report\.json: No space left") as caught:
        write_output(target, b"x" * 1_000_000)
    assert "nothing was left half-written" in caught.value.hint
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there, and a folder in place of a file, are told before any work."""
    with pytest.raises(UsageError, match="there is no folder"):
        check_writable([tmp_path / "gone" / "report.json"])
    with pytest.raises(UsageError, match="is a folder"):
        check_writable([tmp_path])
    check_writable([tmp_path / "report.json"])
    with pytest.raises(OfflimitsError, match="cannot write"):
        write_output(tmp_path / "gone" / "report.json", b"")

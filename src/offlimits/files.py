"""Files: opened once, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from offlimits.errors import OfflimitsError, UsageError


def user_folder(kind: Literal["cache", "data"]) -> Path:
    """The user's own folder for what can be made anew (`cache`) or was fetched (`data`), after the XDG base directory specification."""
    variable, default = {"cache": ("XDG_CACHE_HOME", ".cache"), "data": ("XDG_DATA_HOME", ".local/share")}[kind]
    base = os.environ.get(variable) or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / default) / "offlimits"


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the target, flush to the disk, rename over it. On any failure the target is as it was and nothing is left behind.

    Raises `OSError`.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def check_writable(paths: Iterable[Path]) -> None:
    """Before long work: every file asked for has a folder to stand in, and is no folder itself.

    Raises `UsageError`.
    """
    for path in paths:
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {str(path.parent)!r} to write {path.name} into", "make it first, or choose another one")
        if path.is_dir():
            raise UsageError(f"{str(path)!r} is a folder", "give the name of a file")


def write_output(path: Path, content: bytes) -> None:
    """`write_atomically`, with an error that a person can act on."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise OfflimitsError(
            f"cannot write {path}: {error.strerror or error}",
            "choose another folder with --output, or make room; nothing was left half-written",
        ) from error


def walk(path: str | Path) -> Iterator[tuple[Path, str]]:
    """Every file under a path, sorted, with the name to show for it; hidden ones are left out. `-` is standard input, kept in a file."""
    if str(path) == "-":
        yield _spool(), "-"
        return
    path = Path(path)
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from ((Path(folder) / name, str(Path(folder) / name)) for name in sorted(names) if not name.startswith("."))
        return
    yield path, str(path)


def _spool() -> Path:
    """Standard input as a file, so that every reader can look at its head first."""
    with tempfile.NamedTemporaryFile(prefix="offlimits-", delete=False) as spooled:
        while block := sys.stdin.buffer.read(1 << 20):
            spooled.write(block)
    return Path(spooled.name)

"""Files: opened once, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from offlimits.errors import OfflimitsError


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


def write_output(path: Path, content: bytes) -> None:
    """`write_atomically`, with an error that a person can act on."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise OfflimitsError(
            f"cannot write {path}: {error.strerror or error}",
            "choose another folder with --output, or make room; nothing was left half-written",
        ) from error

"""The registry, loaded once and kept: compiled to one file under the user's cache, named by the hash of the evidence it came from."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

from offlimits.files import write_atomically
from offlimits.registry.data import RegistryData, evidence_folder
from offlimits.registry.store import Registry

FORM = "8"
"""Raised whenever the compiled form changes, so that an old file is never read as a new one."""


def load_registry(folder: Path | None = None) -> Registry:
    """The registry that ships with the program, or the one in `folder`.

    Raises `RegistryError` with every fault when the evidence does not load.
    """
    folder = folder or evidence_folder()
    digest = hash_evidence(folder)
    compiled = _cache_folder() / f"registry-{FORM}-{digest[:32]}.msgpack"
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return Registry(msgspec.msgpack.decode(compiled.read_bytes(), type=RegistryData))
    from offlimits.registry.load import load_evidence  # YAML is only parsed where nothing compiled is at hand

    data = load_evidence(folder, sha256=digest)
    with contextlib.suppress(OSError):
        compiled.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(compiled, msgspec.msgpack.encode(data))
    return Registry(data)


def hash_evidence(folder: Path) -> str:
    """SHA-256 over every file of the evidence, its path and its bytes, in sorted order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".csv"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "offlimits"

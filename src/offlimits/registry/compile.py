"""The registry, loaded once and kept: compiled to one file under the user's cache, named by the hash of the evidence it came from."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from offlimits.files import user_folder, write_atomically
from offlimits.registry.data import RegistryData, evidence_folder
from offlimits.registry.store import Registry

FORM = "10"
"""Raised whenever the compiled form changes, so that an old file is never read as a new one."""


ARCHIVE = "registry.zip"


def load_registry(folder: Path | None = None) -> Registry:
    """The registry in `folder`; else the signed release that the user installed, verified anew; else the one that ships with the program.

    Raises `RegistryError` with every fault when the evidence does not load, or the release is not what was signed.
    """
    if folder is None and (release_folder() / ARCHIVE).is_file():
        from offlimits.registry.release import installed, load_release  # cryptography only where something is signed

        release = installed()
        return _compiled(hashlib.sha256(release.archive).hexdigest(), lambda: load_release(release))
    place = folder or evidence_folder()
    digest = hash_evidence(place)

    def load() -> RegistryData:
        from offlimits.registry.load import load_evidence  # YAML is only parsed where nothing compiled is at hand

        return load_evidence(place, sha256=digest)

    return _compiled(digest, load)


def _compiled(digest: str, load: Callable[[], RegistryData]) -> Registry:
    compiled = user_folder("cache") / f"registry-{FORM}-{digest[:32]}.msgpack"
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return Registry(msgspec.msgpack.decode(compiled.read_bytes(), type=RegistryData))
    data = load()
    with contextlib.suppress(OSError):
        compiled.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(compiled, msgspec.msgpack.encode(data))
    return Registry(data)


def release_folder() -> Path:
    """Where an installed release of the registry lies."""
    return user_folder("data") / "registry"


def hash_evidence(folder: Path) -> str:
    """SHA-256 over every file of the evidence, its path and its bytes, in sorted order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".csv"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()

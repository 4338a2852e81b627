"""The registry as a dated, signed file of its own: packed, verified, installed beside the program, verified again at each load.

Signatures are minisign's (https://jedisct1.github.io/minisign/#signature-format): Ed25519 over the BLAKE2b-512 of the file, and over the
trusted comment, which must name the version, so that an old release cannot be passed off as a new one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import msgspec

from offlimits.errors import RegistryError, UsageError
from offlimits.files import write_atomically
from offlimits.registry.compile import ARCHIVE, hash_evidence, release_folder
from offlimits.registry.data import RegistryData
from offlimits.registry.load import load_evidence

SUFFIXES = (".yaml", ".csv")
MAX_BYTES = 1 << 28
"""Unpacked size no registry reaches; a larger one is no registry."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every member, so that the same evidence gives the same bytes."""

COMMENT = "offlimits registry {version}"
PARTS = (ARCHIVE, f"{ARCHIVE}.minisig", "trusted.pub")


class PublicKey(msgspec.Struct, frozen=True):
    """A minisign public key: 8 bytes that name it, 32 that verify."""

    number: bytes
    point: bytes

    @property
    def text(self) -> str:
        return base64.b64encode(b"Ed" + self.number + self.point).decode()


class Release(msgspec.Struct, frozen=True):
    """A verified release: its version, the key that signed it, its bytes."""

    version: str
    key: PublicKey
    archive: bytes


def pack(folder: Path, version: str) -> bytes:
    """The evidence as one zip, the same bytes each time. `version` must be the evidence's own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member("VERSION"), f"{version}\n")
        for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
            archive.writestr(_member(path.relative_to(folder).as_posix()), path.read_bytes())
    return stream.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def read_key(text: str) -> PublicKey:
    """A public key: the line itself, or the two lines of a `.pub` file. Raises `UsageError`."""
    line = next((line for line in reversed(text.strip().splitlines()) if line.strip()), "")
    raw = _decode(line, "the public key")
    if len(raw) != 42 or raw[:2] != b"Ed":
        raise UsageError("this is no minisign public key", "it is one line of 56 letters that begins with RW, as `minisign -G` prints it")
    return PublicKey(raw[2:10], raw[10:])


def _decode(line: str, what: str) -> bytes:
    try:
        return base64.b64decode(line.strip(), validate=True)
    except binascii.Error as error:
        raise UsageError(f"{what} is not base64", "give the file as it was downloaded") from error


def verify(archive: bytes, signature: str, key: PublicKey) -> Release:
    """Verify a release whole. Raises `UsageError` where it is not what the key's holder signed, or its comment names another version."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    lines = signature.strip().splitlines()
    if len(lines) != 4 or not lines[2].startswith("trusted comment: "):
        raise UsageError("this is no minisign signature", "it is the file with .minisig beside the release")
    raw, whole = _decode(lines[1], "the signature"), _decode(lines[3], "the signature")
    comment = lines[2].removeprefix("trusted comment: ")
    if len(raw) != 74 or raw[:2] not in (b"Ed", b"ED"):
        raise UsageError("this is no minisign signature", "it is the file with .minisig beside the release")
    if raw[2:10] != key.number:
        raise UsageError("the release was signed with another key than the one you trust", "check where each of them came from")
    signed = hashlib.blake2b(archive).digest() if raw[:2] == b"ED" else archive
    verifier = Ed25519PublicKey.from_public_bytes(key.point)
    try:
        verifier.verify(raw[10:], signed)
        verifier.verify(whole, raw[10:] + comment.encode())
    except InvalidSignature as error:
        raise UsageError("the signature does not fit the file: it was changed or damaged on its way", "fetch both anew") from error
    version = _version(archive)
    if comment != COMMENT.format(version=version):
        raise UsageError(f"the signature is for {comment!r}, the file says version {version!r}", "fetch both anew")
    return Release(version, key, archive)


def _version(archive: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            version = packed.read("VERSION").decode().strip()
        date.fromisoformat(version)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"this is no release of the registry: {error}", "it is a file named offlimits-registry-….zip") from error
    return version


def unpack(archive: bytes, folder: Path) -> None:
    """The evidence of a release into a folder. Names that lead out of it, other files and a bomb are refused (`UsageError`)."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        members = [info for info in packed.infolist() if info.filename != "VERSION"]
        if sum(info.file_size for info in members) > MAX_BYTES:
            raise UsageError("the release unpacks to more than any registry", "do not trust where it came from")
        for info in members:
            path = Path(info.filename)
            if path.is_absolute() or ".." in path.parts or path.suffix not in SUFFIXES:
                raise UsageError(f"the release holds {info.filename!r}, which is no evidence", "do not trust where it came from")
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packed.read(info))


# --- installed beside the program --------------------------------------------------------------


def install(release: Release, signature: str, current: str, allow_older: bool = False) -> None:
    """Use a verified release from now on. It must load without a fault, and be no older than the registry in use.

    Raises `UsageError` when it is older, `RegistryError` when it does not load; what was in use stays.
    """
    if release.version < current and not allow_older:
        raise UsageError(f"the release is of {release.version}, the registry in use of {current}", "say --allow-older if you mean it")
    load_release(release)
    folder = release_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(PARTS[::-1], (release.key.text.encode(), signature.encode(), release.archive), strict=True):
        write_atomically(folder / name, content)


def load_release(release: Release) -> RegistryData:
    """The evidence of a verified release. Raises `RegistryError` with every fault."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        unpack(release.archive, folder)
        return load_evidence(folder, sha256=hash_evidence(folder))


def uninstall() -> bool:
    """Go back to the registry that ships; whether there was another."""
    found = (release_folder() / ARCHIVE).is_file()
    for name in PARTS:
        (release_folder() / name).unlink(missing_ok=True)
    return found


def installed() -> Release:
    """The installed release, verified anew. Raises `RegistryError` when it is not what was signed: nothing else is used in its stead."""
    folder = release_folder()
    try:
        archive, signature, key = ((folder / name).read_bytes() for name in PARTS)
        return verify(archive, signature.decode(), read_key(key.decode()))
    except (OSError, UnicodeDecodeError, UsageError) as error:
        raise RegistryError(
            [f"{folder}: the installed release cannot be verified: {error}", "run `offlimits registry uninstall`, then install it anew"]
        ) from error


def read_release(path: Path, key: str) -> tuple[Release, str]:
    """A release from its file, with the text of the signature beside it; `key` is a public key or the file of one. Raises `UsageError`."""
    beside = path.with_name(path.name + ".minisig")
    try:
        archive, signature = path.read_bytes(), beside.read_text(encoding="utf-8")
        text = Path(key).read_text(encoding="utf-8") if Path(key).is_file() else key
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}", "put the signature, with the suffix .minisig, beside the release") from error
    return verify(archive, signature, read_key(text)), signature

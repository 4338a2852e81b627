"""Signed releases of the registry: packed the same each time, verified by minisign's rules, refused when anything was changed."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offlimits.errors import RegistryError, UsageError
from offlimits.registry import evidence_folder, load_registry
from offlimits.registry.release import PublicKey, install, installed, pack, read_key, read_release, uninstall, unpack, verify

NUMBER = b"\x01\x02\x03\x04\x05\x06\x07\x08"
VERSION = "2030-01-02"


class Signer:
    """Signs as minisign does."""

    def __init__(self) -> None:
        self.secret = Ed25519PrivateKey.generate()
        self.key = PublicKey(NUMBER, self.secret.public_key().public_bytes_raw())

    def sign(self, archive: bytes, comment: str = f"offlimits registry {VERSION}") -> str:
        """The four lines of a `.minisig` file."""
        signature = self.secret.sign(hashlib.blake2b(archive).digest())
        whole = self.secret.sign(signature + comment.encode())
        first = base64.b64encode(b"ED" + NUMBER + signature).decode()
        return f"untrusted comment: for a test\n{first}\ntrusted comment: {comment}\n{base64.b64encode(whole).decode()}\n"


@pytest.fixture(scope="module")
def signer() -> Signer:
    """A key pair of this test's own."""
    return Signer()


@pytest.fixture(scope="module")
def archive() -> bytes:
    """The evidence that ships, as a release of a later day."""
    return pack(evidence_folder(), VERSION)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed releases go to a folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_same_evidence_same_bytes(archive: bytes) -> None:
    """Packing leaves no trace of when and where."""
    assert pack(evidence_folder(), VERSION) == archive


def test_install_and_use(signer: Signer, archive: bytes) -> None:
    """An installed release is the registry in use, its sources and hash those of the evidence packed; uninstalling goes back."""
    shipped = load_registry()
    signature = signer.sign(archive)
    install(verify(archive, signature, signer.key), signature, shipped.version)
    assert installed().version == VERSION
    again = load_registry()
    assert (again.sha256, again.entities.keys()) == (shipped.sha256, shipped.entities.keys())
    assert uninstall()
    assert not uninstall()
    assert load_registry().version == shipped.version


def test_changed_release_is_refused(signer: Signer, archive: bytes) -> None:
    """One bit of the file, of the signature or of the trusted comment: nothing of it is believed."""
    signature = signer.sign(archive)
    broken = bytes([*archive[:1000], archive[1000] ^ 1, *archive[1001:]])
    for content, text in (
        (broken, signature),
        (archive, signature.replace(VERSION, "2031-01-01")),
        (archive, signer.sign(archive + b"x")),
        (archive, Signer().sign(archive)),
    ):
        with pytest.raises(UsageError, match="does not fit the file"):
            verify(content, text, signer.key)


def test_signed_comment_must_name_the_version(signer: Signer, archive: bytes) -> None:
    """An old file signed under a new comment is refused, though the signature holds."""
    with pytest.raises(UsageError, match="the file says version"):
        verify(archive, signer.sign(archive, "offlimits registry 2031-01-01"), signer.key)


def test_other_key(signer: Signer, archive: bytes) -> None:
    """A release signed with another key says so."""
    other = PublicKey(b"\x09" * 8, signer.key.point)
    with pytest.raises(UsageError, match="another key"):
        verify(archive, signer.sign(archive), other)


@pytest.mark.parametrize("text", ["", "RW", "not base64 at all!", base64.b64encode(b"Ed" + b"1" * 39).decode()])
def test_what_is_no_key(text: str) -> None:
    """A key that is none is told."""
    with pytest.raises(UsageError):
        read_key(text)


@pytest.mark.parametrize("text", ["", "one\ntwo\n", "untrusted comment: x\nQUFB\ntrusted comment: y\nQUFB\n", "a\nb\nc\nd\n"])
def test_what_is_no_signature(text: str, signer: Signer, archive: bytes) -> None:
    """A signature that is none is told."""
    with pytest.raises(UsageError):
        verify(archive, text, signer.key)


def test_tampered_after_install(signer: Signer, archive: bytes, tmp_path: Path) -> None:
    """An installed release that was changed since is not used, nor anything in its stead; the error says how to go on."""
    signature = signer.sign(archive)
    install(verify(archive, signature, signer.key), signature, "2026-01-01")
    path = tmp_path / "data" / "offlimits" / "registry" / "registry.zip"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RegistryError, match="offlimits registry uninstall"):
        load_registry()


def test_older_release_is_refused(signer: Signer, archive: bytes) -> None:
    """Going back in time needs a word."""
    signature = signer.sign(archive)
    release = verify(archive, signature, signer.key)
    with pytest.raises(UsageError, match="in use of 2031-01-01"):
        install(release, signature, "2031-01-01")
    install(release, signature, "2031-01-01", allow_older=True)
    assert installed().version == VERSION


def signed(signer: Signer, members: dict[str, bytes]) -> tuple[bytes, str]:
    """A zip of those members, duly signed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue(), signer.sign(stream.getvalue())


def test_signed_but_faulty_evidence(signer: Signer) -> None:
    """A release whose evidence does not load is not installed, whoever signed it."""
    content, signature = signed(signer, {"VERSION": VERSION.encode(), "registry.yaml": b"version: x\n"})
    with pytest.raises(RegistryError):
        install(verify(content, signature, signer.key), signature, "2026-01-01")
    with pytest.raises(RegistryError):
        installed()


@pytest.mark.parametrize("name", ["../evil.yaml", "/evil.yaml", "evil.py", "a/../../evil.yaml"])
def test_names_that_lead_out(name: str, signer: Signer, tmp_path: Path) -> None:
    """A member that would land outside, or is no evidence, is refused."""
    content, _ = signed(signer, {"VERSION": VERSION.encode(), name: b"x"})
    with pytest.raises(UsageError, match="is no evidence"):
        unpack(content, tmp_path / "out")


def test_bomb(signer: Signer, tmp_path: Path) -> None:
    """A release that unpacks to more than any registry is refused before it does."""
    content, _ = signed(signer, {"VERSION": VERSION.encode(), "big.yaml": bytes((1 << 28) + 1)})
    with pytest.raises(UsageError, match="more than any registry"):
        unpack(content, tmp_path / "out")


@pytest.fixture
def minisign(tmp_path: Path) -> Callable[..., None]:
    """The real minisign, run in the test's folder."""
    program = shutil.which("minisign")
    if program is None:
        pytest.skip("minisign is not installed")
    return lambda *words: subprocess.run([program, *words], cwd=tmp_path, check=True, capture_output=True, input=b"\n\n")


@pytest.mark.parametrize("legacy", [False, True], ids=["prehashed", "legacy"])
def test_real_minisign(legacy: bool, minisign: Callable[..., None], archive: bytes, tmp_path: Path) -> None:
    """What the real program signs, in either of its ways, verifies here; what we verify, it verifies too."""
    (tmp_path / "release.zip").write_bytes(archive)
    minisign("-G", "-W", "-p", "key.pub", "-s", "key.sec")
    minisign("-S", *(["-l"] if legacy else []), "-s", "key.sec", "-m", "release.zip", "-t", f"offlimits registry {VERSION}")
    release, _ = read_release(tmp_path / "release.zip", str(tmp_path / "key.pub"))
    assert release.version == VERSION
    minisign("-V", "-p", "key.pub", "-m", "release.zip")

"""`offlimits lists update`: publishers' files over HTTPS into a folder of the user's own; the only thing in this program that goes out.

What is at hand is never lost: a download is read whole (form, number of companies) before it can take the place of the last good copy.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import msgspec

from offlimits.errors import ListError
from offlimits.files import write_atomically
from offlimits.lists.download import OnBytes, download, open_client
from offlimits.lists.publications import Publication
from offlimits.lists.reading import Edition, read_edition
from offlimits.lists.store import State, lists_folder, state_of

SHRINKAGE = 0.8
"""A list that lost more than a fifth of its companies since the last good copy is taken for a damaged one."""


class Fetched(msgspec.Struct, frozen=True):
    """A new edition in a folder of its own, not applied yet. `edition` is None where nothing changed (304 throughout)."""

    publication: Publication
    folder: Path
    edition: Edition | None
    state: State


def fetch(item: Publication, on_bytes: OnBytes | None = None, client: httpx.Client | None = None) -> Fetched:
    """Fetch one list beside the good copy, and read it whole. Nothing at hand is touched.

    Raises `ListError` when it cannot be had, is not whole, has another form, or shrank implausibly; what was fetched is removed.
    """
    home = lists_folder() / item.name
    home.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=home, prefix=".new-"))
    try:
        return _fetch_into(new, item, state_of(item.name), on_bytes, client)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _fetch_into(new: Path, item: Publication, before: State | None, on_bytes: OnBytes | None, client: httpx.Client | None) -> Fetched:
    validators: dict[str, dict[str, str]] = {}
    fresh = False
    with open_client(client) as http:
        for url, name in zip(item.urls, item.files, strict=True):
            old = new.parent / before.folder / name if before else None
            known = before.validators.get(url, {}) if before and old and old.is_file() else {}
            sent = download(http, url, new / name, known, on_bytes)
            if sent is None and old:
                shutil.copy2(old, new / name)
            fresh = fresh or sent is not None
            validators[url] = known if sent is None else sent
    now = datetime.now(UTC).replace(microsecond=0)
    if before and not fresh:
        return Fetched(item, new, None, msgspec.structs.replace(before, checked_at=now))
    edition = read_edition(new / item.files[0], item.form)
    _check_size(edition, before, item)
    if before:
        _check_newer(edition, before)
    digest = hashlib.sha256(b"".join((new / name).read_bytes() for name in item.files)).hexdigest()
    state = State(
        name=item.name,
        form=item.form,
        folder=digest[:16],
        files=item.files,
        fetched_at=now,
        checked_at=now,
        edition=edition.edition or _last_modified(validators[item.urls[0]]),
        sha256=digest,
        newest=edition.newest,
        companies=len(edition.listed),
        previous=_previous(before, digest[:16]),
        validators=validators,
    )
    return Fetched(item, new, edition, state)


def _previous(before: State | None, folder: str) -> str:
    """The folder of the edition before; the same bytes sent again are no new edition."""
    if before is None:
        return ""
    return before.previous if before.folder == folder else before.folder


def _check_size(edition: Edition, before: State | None, item: Publication) -> None:
    least = int(before.companies * SHRINKAGE) if before else item.least
    if len(edition.listed) < least:
        had = f"the copy at hand has {before.companies:,}" if before else f"at least {item.least:,} are expected"
        raise ListError(
            f"{item.name}: the new edition holds {len(edition.listed):,} companies; {had}",
            "a list rarely shrinks so much, the download may be cut; nothing was changed. If it is true, remove the copy at hand first",
        )


def _check_newer(edition: Edition, before: State) -> None:
    """A publisher's old address may answer with a file of years ago, whole and well formed."""
    for what, new, old in (("edition", edition.edition, before.edition), ("latest record", edition.newest, before.newest)):
        if new and old and new < old:
            raise ListError(
                f"{before.name}: the {what} fetched is of {new}, that of the copy at hand of {old}",
                "the publisher may have left an old file at this address; nothing was changed. Look for its new address",
            )


def _last_modified(sent: dict[str, str]) -> date | None:
    try:
        return parsedate_to_datetime(sent["last-modified"]).date()
    except (KeyError, ValueError):
        return None


def apply(fetched: Fetched) -> None:
    """Make a fetched edition the one that counts. Writing the state is the swap; the edition before it stays, older ones go."""
    home, state = fetched.folder.parent, fetched.state
    if fetched.edition is None or (home / state.folder).exists():
        discard(fetched)
    else:
        fetched.folder.rename(home / state.folder)
    write_atomically(home / "state.json", msgspec.json.format(msgspec.json.encode(state), indent=1))
    for other in home.iterdir():
        if other.is_dir() and other.name not in (state.folder, state.previous):
            shutil.rmtree(other, ignore_errors=True)


def discard(fetched: Fetched) -> None:
    """Throw a fetched edition away."""
    shutil.rmtree(fetched.folder, ignore_errors=True)

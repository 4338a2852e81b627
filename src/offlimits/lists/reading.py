"""One edition of one list, read whole: which form it has, of which day it is, how many of each kind of record it holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import msgspec

from offlimits.errors import ListError, UsageError
from offlimits.lists import FORMS
from offlimits.lists.base import Form, Listed
from offlimits.model import EvidenceClass, Reject, Value
from offlimits.readers.base import Skipped

HEAD_BYTES = 1 << 16


class Edition(Value, frozen=True):
    """What one file of a list holds. `units = len(listed) + len(rejects) + sum(skipped)`, always.

    `edition` is the day the list says it is of, `newest` that of its latest record: a file fetched today may be years old.
    """

    path: str
    form: str
    list: str
    title: str
    publisher: str
    cls: EvidenceClass
    sha256: str
    edition: date | None
    newest: date | None
    listed: tuple[Listed, ...]
    rejects: tuple[Reject, ...]
    skipped: dict[str, int]
    does_not_say: tuple[str, ...]

    @property
    def dated(self) -> date | None:
        """The day it can be shown to be of: its own word, else that of its latest record."""
        return self.edition or self.newest


def find_form(path: Path, wanted: str | None = None) -> Form:
    """The form of a file, from its content; or the one asked for by name.

    Raises `UsageError` when there is no such file or form, `ListError` when no form knows the content.
    """
    if wanted is not None:
        form = next((form for form in FORMS if form.name == wanted), None)
        if form is None:
            raise UsageError(f"there is no form {wanted!r} of a list", f"the forms are: {', '.join(form.name for form in FORMS)}")
        return form
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise UsageError(
            f"the list {str(path)!r} cannot be read: {error.strerror or error}", "check the name, and that you may read it"
        ) from error
    for form in FORMS:
        if form.recognise(path, head):
            return form
    raise ListError(
        f"{path.name} has the form of no list that is known here",
        "the forms are in `offlimits lists list`; a list of your own is a CSV with the columns name, alias, country, id",
    )


def read_edition(path: Path, wanted: str | None = None) -> Edition:
    """Read a list whole. Records that share a key are told apart by `#2`, `#3`, in the file's order.

    Raises `ListError` when its form changed, or when it holds no company at all; `UsageError` when it cannot be read.
    """
    form = find_form(path, wanted)
    listed: list[Listed] = []
    rejects: list[Reject] = []
    skipped: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    for event in form.read(path):
        if isinstance(event, Listed):
            keys[event.key] += 1
            again = keys[event.key]
            listed.append(event if again == 1 else msgspec.structs.replace(event, key=f"{event.key}#{again}"))
        elif isinstance(event, Reject):
            rejects.append(event)
        elif isinstance(event, Skipped):
            skipped[event.reason] += event.count
    if not listed:
        raise ListError(f"{path.name} holds no company or body at all", "check that the download is whole")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Edition(
        path=str(path),
        form=form.name,
        list=form.list,
        title=form.title,
        publisher=form.publisher,
        cls=form.cls,
        sha256=digest,
        edition=form.edition(path),
        newest=max((record.since for record in listed if record.since), default=None),
        listed=tuple(listed),
        rejects=tuple(rejects),
        skipped=dict(sorted(skipped.items())),
        does_not_say=form.does_not_say,
    )

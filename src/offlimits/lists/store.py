"""Copies of official lists at hand: where they lie, of which day they are, and which one is the good one.

Each list has a folder; each edition a folder in it, named by its hash. `state.json` says which edition counts: writing it is the swap.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import msgspec

from offlimits.errors import ListError, UsageError
from offlimits.files import user_folder
from offlimits.lists.publications import PUBLICATIONS, Publication
from offlimits.lists.reading import Edition, read_edition


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the copy at hand. `files` are names in `folder`, the main file first; `previous` is the edition before.

    `edition` is the day the list says it is of, else the day its publisher says it changed.
    """

    name: str
    form: str
    folder: str
    files: tuple[str, ...]
    fetched_at: datetime
    checked_at: datetime
    edition: date | None
    newest: date | None
    sha256: str
    companies: int
    previous: str = ""
    validators: dict[str, dict[str, str]] = {}
    """By address, the `etag` and `last-modified` that its publisher sent."""


def lists_folder() -> Path:
    """Where copies are kept: the user's data folder (XDG base directory specification), or what `OFFLIMITS_LISTS` says."""
    if named := os.environ.get("OFFLIMITS_LISTS"):
        return Path(named)
    return user_folder("data") / "lists"


def publication(name: str) -> Publication:
    """One publication by name. Raises `UsageError` that lists them."""
    found = next((item for item in PUBLICATIONS if item.name == name), None)
    if found is None:
        raise UsageError(f"there is no list {name!r} to fetch", f"there are: {', '.join(item.name for item in PUBLICATIONS)}")
    return found


def state_of(name: str) -> State | None:
    """What is at hand of a list; None where nothing is. Raises `ListError` where its record cannot be read."""
    path = lists_folder() / name / "state.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ListError(f"{path} cannot be read: {error}", f"remove the folder {path.parent} and fetch the list anew") from error


def kept_file(name: str) -> Path:
    """The main file of the copy at hand. Raises `UsageError` when there is none."""
    publication(name)
    state = state_of(name)
    if state is None:
        raise UsageError(f"there is no copy of {name!r} at hand", f"fetch it with `offlimits lists update {name}`, or give a file")
    return lists_folder() / name / state.folder / state.files[0]


def read_list(file: str, form: str | None = None) -> Edition:
    """A list by its file, or by the name under which `lists update` keeps it. Raises `UsageError`, `ListError`."""
    path = Path(file)
    if path.exists() or file not in {item.name for item in PUBLICATIONS}:
        return read_edition(path, form)
    edition, state = read_edition(kept_file(file), form), state_of(file)
    return msgspec.structs.replace(edition, edition=edition.edition or (state.edition if state else None))

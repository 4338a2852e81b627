"""What every official list is asked, and what it answers: one file per published form, each streaming.

A list names companies, bodies, persons, ships. Only the first two are taken; natural persons are counted and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

from stdnum.cn import uscc

from offlimits.errors import ListError
from offlimits.model import EvidenceClass, Place, Reject, Value
from offlimits.readers.base import Skipped

AliasKind = Literal["alias", "weak", "former", "local"]
ListedKind = Literal["company", "body", "unknown"]
"""`unknown`: the list does not tell companies from persons, or says nothing of the kind."""


class Alias(Value, frozen=True):
    """Another name of the same record. `weak`: broad, by the list's own word; `former`: no longer borne; `local`: in its own script."""

    text: str
    kind: AliasKind = "alias"


class ListedIdentifier(Value, frozen=True):
    """`scheme` is one of ours (`offlimits.model.SCHEMES`) where it is known, else the list's own label in kebab-case."""

    scheme: str
    value: str


class Listed(Value, frozen=True):
    """One company or body, as a list writes it. `key` is the record's number in the list, or its name where it has none.

    `country` is as written. `since` and `until` are the list's own dates, `until` exclusive.
    """

    key: str
    name: str
    place: Place
    kind: ListedKind = "unknown"
    aliases: tuple[Alias, ...] = ()
    country: str = ""
    identifiers: tuple[ListedIdentifier, ...] = ()
    programmes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias, each once."""
        return tuple(dict.fromkeys((self.name, *(alias.text for alias in self.aliases))))


USCC_LENGTH = 18
PERSON = "natural persons"
VESSEL = "ships or aircraft"
"""Reasons for which records are left out, counted."""

ListEvent = Listed | Skipped | Reject


class Form(Protocol):
    """One published form of one list.

    `name` is its permanent name, `list` the list it is an edition of (`offlimits.model.LISTS`, or a name of its own), `does_not_say` what
    a reader of the result must know that no row of it can tell. `cls` is the class of evidence a file of this form is: a transcription by
    others is never primary, whatever list it is of; nor is a form that both the publisher and a transcriber use.
    """

    name: str
    list: str
    title: str
    publisher: str
    cls: EvidenceClass
    does_not_say: tuple[str, ...]

    def recognise(self, path: Path, head: bytes) -> str:
        """Why this form is taken for the file's, in words; empty when it is not."""

    def edition(self, path: Path) -> date | None:
        """The day the list itself says it is of; None where it says none."""

    def read(self, path: Path) -> Iterator[ListEvent]:
        """Every record, in order. Raises `ListError` when the file does not have the form any more, naming what changed."""


def changed(form: Form, path: Path, what: str) -> ListError:
    """The fault of a list whose form is no longer the one this program knows."""
    return ListError(
        f"{path.name} does not have the form of {form.title!r} any more: {what}",
        "nothing was taken from it; check that the download is whole, then report the new form",
    )


def expect_columns(form: Form, path: Path, found: list[str], wanted: tuple[str, ...]) -> None:
    """Every wanted column is there. Raises `ListError` that names the missing and the new ones."""
    missing = [name for name in wanted if name not in found]
    if missing:
        new = [name for name in found if name not in wanted]
        raise changed(form, path, f"without the column {', '.join(missing)}" + (f"; there is {', '.join(new[:8])}" if new else ""))


def labelled(label: str, value: str, schemes: Mapping[str, str]) -> ListedIdentifier:
    """An identifier under our scheme where the list's label is known, else under the label itself; a website as its domain."""
    scheme = schemes.get(label.lower(), slug(label))
    if scheme == "domain":
        value = re.sub(r"^(?:https?://)?(?:www\.)?", "", value.strip().lower()).split("/")[0].rstrip(".,;")
    return ListedIdentifier(scheme=scheme, value=value.strip())


@lru_cache(maxsize=4096)
def slug(label: str) -> str:
    """A list's own label in kebab-case."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


def numbered(value: str) -> ListedIdentifier:
    """A number under which a company is registered: China's unified code where its check digit holds, else a company number."""
    scheme = "uscc" if len(value) == USCC_LENGTH and uscc.is_valid(value) else "company-number"
    return ListedIdentifier(scheme=scheme, value=value)

"""The SEC's quarterly N-PORT data set: the holdings of all US funds in tables that only together say whose a line is.

A single table is no portfolio, so it is not screened as one: `offlimits funds index` joins them, and the index answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from offlimits.errors import UnrecognisedFormat
from offlimits.readers.base import Event, Options

TOLD_BY = (frozenset({"ACCESSION_NUMBER", "HOLDING_ID", "ISSUER_NAME"}), frozenset({"HOLDING_ID", "IDENTIFIERS_ID"}))
"""Headers of the two tables that name companies (FUND_REPORTED_HOLDING, IDENTIFIERS). Source: SEC, Form N-PORT Data Sets, readme."""


class NPortTables:
    """Recognises the tables, and says what to do with them."""

    name = "nport-data-set"
    cannot_show: tuple[str, ...] = ("whose holdings these are, and of which day: other tables of the set say it",)

    def recognise(self, path: Path, head: bytes) -> str:
        header = set(head.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").strip().upper().split("\t"))
        return "a table of the SEC's quarterly N-PORT data set" if any(told <= header for told in TOLD_BY) else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        yield from ()
        raise UnrecognisedFormat(
            "this is one table of the SEC's quarterly N-PORT data set; alone it does not say which fund holds what",
            "index the set with `offlimits funds index FOLDER -o q.json` and ask it, or put q.json into the folder of --funds",
        )

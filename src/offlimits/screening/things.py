"""How many things the sources list that are there: rows of registers by their quantities, without totals and what is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from offlimits.aggregates.numbers import LONGEST, decimal_sign, how_many
from offlimits.model import Place
from offlimits.readers.base import Rows, place_of
from offlimits.readers.standing import absent, since
from offlimits.report import At


class Things:
    """The things of one source."""

    def __init__(self, as_of: date, at: Callable[[Place], At]) -> None:
        self.uncounted: set[At] = set()
        """Places of which nothing is counted."""
        self.made: dict[At, date] = {}
        """Since when there are the things of the places that were dated."""
        self._as_of, self._at = as_of, at
        self._rows = 0
        self._absent = 0
        self._quantities: dict[str, Counter[str]] = {}

    def take(self, batch: Rows) -> None:
        """Add rows. Quantities are kept until all are known: only then it is clear whether a comma parts whole from part."""
        gone = set(absent(batch, self._as_of)) if batch.table.columns[0].kind != "device" else set()
        self._absent += len(gone)
        self.uncounted |= {self._at(place_of(batch.table, batch.places[number])) for number in gone}
        column = next((column.index for column in batch.table.columns if column.kind == "quantity"), None)
        cells = () if column is None else batch.columns[column]
        if cells:
            told = self._quantities.setdefault(batch.table.sheet or "", Counter())
            told.update(cell[: LONGEST + 1] for number, cell in enumerate(cells) if number not in gone)
        self._rows += sum(number not in gone for number in range(len(cells), len(batch.rows)))

    def date(self, batch: Rows, number: int) -> None:
        """Note since when there is the thing of a row, where a column tells."""
        if batch.table.channel == "install" and (day := since(batch.table, batch.rows[number])):
            self.made[self._at(place_of(batch.table, batch.places[number]))] = day

    @property
    def signs(self) -> dict[str, str]:
        """What parts whole from part in the quantities of each sheet."""
        return {sheet: decimal_sign(told) for sheet, told in self._quantities.items()}

    @property
    def count(self) -> int:
        """How many there are."""
        signs = self.signs
        return self._rows + sum(
            how_many(cell, signs[sheet]) * rows for sheet, told in self._quantities.items() for cell, rows in told.items()
        )

    @property
    def note(self) -> str:
        """What was not counted, for the reader of the report; empty where all was."""
        if self._absent == 1:
            return "1 row is a total, a choice for other sheets, or says that what it lists is gone: the census counts none of it"
        rows = f"{self._absent:,} rows are totals, choices for other sheets, or say that what they list is gone"
        return f"{rows}: the census counts none of them" if self._absent else ""

"""What every part of the contract is made of: places, money, measures."""

from __future__ import annotations

from typing import Literal

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the report's values."""


class At(Part, frozen=True, omit_defaults=True):
    """Where in a source: a physical line (where the record starts), a sheet and its row, a packet (`frame`), all from 1; an element of XML
    (`xpath`), a value of JSON (`pointer`, RFC 6901); nothing but the source where it is the whole of it."""

    source: int
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    frame: int | None = None
    xpath: str | None = None
    pointer: str | None = None

    @property
    def number(self) -> int | None:
        """What places of one source are ordered by, and neighbours told: the row, line or frame."""
        return next((value for value in (self.row, self.line, self.frame) if value is not None), None)

    @property
    def unit(self) -> str:
        """What `number` counts."""
        return "row" if self.row is not None else "line" if self.line is not None else "packet" if self.frame is not None else ""

    @property
    def words(self) -> str:
        """The place without its source: `CCTV row 14`, `line 212`, `packet 7`, `sheet CCTV`; empty for the whole source."""
        if self.number is not None:
            return f"{self.sheet} {self.unit} {self.number}" if self.sheet is not None else f"{self.unit} {self.number}"
        return self.xpath or self.pointer or (f"sheet {self.sheet}" if self.sheet is not None else "")


class MeasureState(Part, frozen=True):
    """What one measure says about one finding, as of the report's date and for the report's profile."""

    id: str
    in_force: Literal["yes", "no", "unknown"]
    reason: str
    binds: Literal["you", "others", "depends"]
    condition: str


class Amount(Part, frozen=True):
    """Money: a decimal string, and its currency ("" where the file does not say)."""

    value: str
    currency: str

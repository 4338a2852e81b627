"""Rows of a register that stand for no thing that is there: totals, and what was disposed of, as a column of their own says."""

from __future__ import annotations

import re
from datetime import date

from offlimits.dates import read_date
from offlimits.readers.base import Rows

STATUS = re.compile(
    r"((asset|device|equipment|operational|current|life ?cycle|service)[ _])?(status|state|condition|lifecycle)"
    r"|zustand|[ée]tat|statut|stato|estado|статус|状态",
    re.IGNORECASE,
)
"""Headers of columns that say whether a thing is there."""

GONE = re.compile(
    r"(disposed|decommissioned|retired|scrapped|removed|written[ -]off|sold|destroyed|replaced|recycled|stolen|lost|withdrawn"
    r"|de-?installed|uninstalled|ausgemustert|entsorgt|verkauft|demontiert|[ée]limin[ée]e?|mise? au rebut|vendue?|d[ée]pos[ée]e?"
    r"|dismess[oa]|rottamat[oa]|dado de baja|retirado|vendido|списан\w*|утилизирован\w*|демонтирован\w*|报废|已报废|已拆除)\b.{0,40}",
    re.IGNORECASE | re.DOTALL,
)
WHEN_GONE = re.compile(
    r"(date[ _](of[ _])?)?(disposal|disposed|decommission(ed|ing)?|retire(d|ment)|scrapped|removal|removed|write[ -]off|sold"
    r"|written[ -]off)([ _](on|date))?|(verkauft|ausgemustert|entsorgt) am|date de sortie|data dismissione|fecha de baja|дата списания"
    r"|报废日期",
    re.IGNORECASE,
)
"""Headers of columns that say when a thing went."""

YES = re.compile(r"y|yes|true|x|ja|oui|s[ìí]|да|是", re.IGNORECASE)
TOTAL = re.compile(
    r"((grand|over-?all|sub)[ -]?)?totals?( .{1,40})?|.{1,60}[ -](sub-?)?totals?|sum|summe|gesamt(summe|zahl)?|zwischensumme|totale|suma"
    r"|итого|всего|合计|合計|总计|總計|小计|小計",
    re.IGNORECASE,
)
FIGURE = re.compile(r"[-+(]?[£$€]? ?[\d.,' ]*\d[\d.,' ]*\)?%?")


def absent(batch: Rows, as_of: date) -> list[int]:
    """Numbers of the rows of a batch that are totals, or of things that were gone by a day."""
    names = [column.name.strip() for column in batch.table.columns]
    said = [number for number, name in enumerate(names) if STATUS.fullmatch(name)]
    dated = [number for number, name in enumerate(names) if WHEN_GONE.fullmatch(name)]
    counted = any(column.kind in ("quantity", "amount") for column in batch.table.columns)
    found = []
    for number, row in enumerate(batch.rows):
        gone = any(GONE.fullmatch(row[at].strip()) for at in said if at < len(row))
        gone = gone or any(_went(row[at].strip(), as_of) for at in dated if at < len(row))
        if gone or (counted and _is_total(row)):
            found.append(number)
    return found


def _went(cell: str, as_of: date) -> bool:
    day = read_date(cell)
    return bool(YES.fullmatch(cell) or GONE.fullmatch(cell)) if day is None else day <= as_of


def _is_total(row: list[str]) -> bool:
    """Whether a row holds a word for a total and else only figures."""
    if sum(cell[:1].isalpha() for cell in row) != 1:
        return False
    words = [cell.strip() for cell in row if cell.strip() and not FIGURE.fullmatch(cell.strip())]
    return len(words) == 1 and bool(TOTAL.fullmatch(words[0]))

"""What a row of a register says of its thing: whether it is there, or is a total or was disposed of; and since when there is one."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from offlimits.dates import read_date
from offlimits.readers.base import Rows, Table

STATUS = re.compile(
    r"((asset|device|equipment|operational|current|life ?cycle|service)[ _])?(status|state|condition|lifecycle)"
    r"|zustand|[ée]tat|statut|stato|estado|статус|状态",
    re.IGNORECASE,
)
"""Headers of columns that say whether a thing is there."""

GONE = re.compile(
    r"(disposed|decommissioned|retired|scrapped|removed|written[ -]off|sold|destroyed|replaced|recycled|stolen|lost|withdrawn"
    r"|de-?installed|uninstalled|ausgemustert|entsorgt|verkauft|demontiert|[ée]limin[ée]e?|mise? au rebut|vendue?|d[ée]pos[ée]e?"
    r"|dismess[oa]|rottamat[oa]|dado de baja|retirado|vendido|списан\w*|утилизирован\w*|демонтирован\w*|报废|已报废|已拆除)"
    r"(?:[ ,:(-]+(?:(?:on|in|since|am|le) )?[\d./ -]{4,12}\)?)?",
    re.IGNORECASE,
)
"""A state in which a thing is not there, with the day or year since when; other words behind it (lost signal) are of something else."""

WHEN_GONE = re.compile(
    r"(date[ _](of[ _])?)?(disposal|disposed|decommission(ed|ing)?|retire(d|ment)|scrapped|removal|removed|write[ -]off|sold"
    r"|written[ -]off)([ _](on|date))?|(verkauft|ausgemustert|entsorgt) am|date de sortie|data dismissione|fecha de baja|дата списания"
    r"|报废日期",
    re.IGNORECASE,
)
"""Headers of columns that say when a thing went."""

NO_REGISTER = re.compile(
    r"lists|(\w+ )?(look[ -]?ups?|drop[ -]?downs?|pick[ -]?lists?|(data[ -]?)?validation|disposals?|write[ -]?offs?)"
    r"|(disposed|decommissioned|retired|scrapped)( \w+)?|auswahllisten?|ausgemustert|abg[äa]nge",
    re.IGNORECASE,
)
"""Names of sheets of a workbook whose rows are choices for other sheets, or things that are gone."""

YES = re.compile(r"y|yes|true|x|ja|oui|s[ìí]|да|是", re.IGNORECASE)
TOTAL = re.compile(
    r"((grand|over-?all|sub)[ -]?)?totals?( .{1,40})?|.{1,60}[ -](sub-?)?totals?|sum|summe|gesamt(summe|zahl)?|zwischensumme|totale|suma"
    r"|итого|всего|合计|合計|总计|總計|小计|小計",
    re.IGNORECASE,
)
FIGURE = re.compile(r"[-+(]?[£$€]? ?[\d.,' ]*\d[\d.,' ]*\)?%?")


SINCE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(date[ _](of[ _])?|year[ _](of[ _])?)?manufactur(e|ed|ing)([ _](on|date|year))?|(production|build)[ _](date|year)|baujahr"
        r"|herstell(ungs)?datum|date de fabrication|data di produzione|fecha de fabricaci[óo]n"
        r"|дата (выпуска|изготовления)|год выпуска|生产日期|出厂日期",
        r"(date[ _](of[ _])?|year[ _](of[ _])?)?(install(ed|ation)?|commission(ed|ing)?)([ _](on|date|year))?"
        r"|in[ -]service([ _](date|since))?|einbaudatum|date d['’ ]installation|data di installazione|fecha de instalaci[óo]n"
        r"|дата (установки|ввода.*)|安装日期",
        r"(date[ _](of[ _])?|year[ _](of[ _])?)?(purchased?|acquired|acquisition|bought)([ _](on|date|year))?|kaufdatum|anschaffungsdatum"
        r"|date d['’ ](achat|acquisition)|data (di )?acquisto|fecha de (compra|adquisici[óo]n)"
        r"|дата (покупки|приобретения)|购买日期|购置日期",
    )
)
"""Headers of columns that tell since when there is a thing: when it was made, was put up, was bought."""

YEAR = re.compile(r"(?:19|20)\d\d")


def since(table: Table, row: list[str]) -> date | None:
    """Since when there is the thing of a row at the latest, as its columns say; of a bare year the last day."""
    for number in _dating(tuple(column.name for column in table.columns)):
        cell = row[number].strip() if number < len(row) else ""
        if day := date(int(cell), 12, 31) if YEAR.fullmatch(cell) else read_date(cell):
            return day
    return None


@lru_cache(maxsize=64)
def _dating(names: tuple[str, ...]) -> tuple[int, ...]:
    """Numbers of the columns that tell since when there is a thing, the best word first."""
    return tuple(number for pattern in SINCE for number, name in enumerate(names) if pattern.fullmatch(name.strip()))


def absent(batch: Rows, as_of: date) -> list[int]:
    """Numbers of the rows of a batch that are totals, or of things that were gone by a day; all of a sheet of such or of choices."""
    if batch.table.sheet and NO_REGISTER.fullmatch(batch.table.sheet.strip()):
        return list(range(len(batch.rows)))
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

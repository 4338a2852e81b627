"""Dates as registers write them. Ambiguous ones stay unread: a wrong day is worse than none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv gennaio gen enero ene janeiro",
            "feb february februar février févr fév febbraio febrero fevereiro fev",
            "mar march märz mär mrz mars marzo março",
            "apr april avril avr aprile abril abr",
            "may mai maggio mag mayo maio",
            "jun june juni juin giugno giu junio junho",
            "jul july juli juillet juil luglio lug julio julho",
            "aug august août agosto ago",
            "sep sept september septembre settembre septiembre setembro set",
            "oct october oktober okt octobre ottobre ott octubre outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez décembre déc dicembre dic diciembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: .*)?")
NAMED = re.compile(r"(\d{1,2})[ ./-]+([^\W\d]+)[ .,/-]+(\d{4})")
AMERICAN = re.compile(r"([^\W\d]+)[ .]+(\d{1,2}),? +(\d{4})")
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of the 1900 date system (ECMA-376 part 1, 18.17.4.1)."""


@lru_cache(maxsize=4096)
def read_date(text: str) -> date | None:
    """The day a cell means: ISO, `31.12.2024`, `31/12/2024` (day first, unless only month first is possible), `31 Dec 2024`,
    `Dec 31, 2024`, an Excel serial number. None when it is no date."""
    text = text.strip()
    if match := ISO.fullmatch(text):
        return _day(*(int(part) for part in match.groups()))
    if match := NUMERIC.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        return _day(year, second, first) or _day(year, first, second)
    if match := NAMED.fullmatch(text):
        return _day(int(match[3]), MONTHS.get(match[2].casefold().rstrip("."), 0), int(match[1]))
    if match := AMERICAN.fullmatch(text):
        return _day(int(match[3]), MONTHS.get(match[1].casefold().rstrip("."), 0), int(match[2]))
    if text.isascii() and text.isdigit() and 20000 <= int(text) <= 70000:
        return EXCEL_EPOCH + timedelta(days=int(text))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""Dates as registers write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offlimits.dates import EXCEL_EPOCH, MONTHS, read_date

DAY = date(2024, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2024-12-31", "2024-12-31T23:59:59Z", "2024-12-31 00:00:00", " 2024-12-31 ", "31.12.2024", "31/12/2024", "31-12-2024", "12/31/2024",
        "31/12/2024 10:15", "31 Dec 2024", "31 December 2024", "31-Dec-2024", "31. Dezember 2024", "31 décembre 2024", "31 dicembre 2024", "45657",
    ],
)  # fmt: skip
def test_one_day_in_many_forms(text: str) -> None:
    """ISO, day first, month first where only that is possible, month names of several languages, Excel's serial number."""
    assert read_date(text) == DAY


def test_day_comes_first() -> None:
    """Where both orders are possible, the day comes first."""
    assert read_date("03/04/2024") == date(2024, 4, 3)


@pytest.mark.parametrize(
    "text", ["", "soon", "2024", "31.02.2024", "2024-13-01", "31/12/24", "12", "9999999", "31 Foo 2024", "0/0/0000", "1.2.3.2024", "٣١"]
)
def test_what_is_no_day(text: str) -> None:
    """What is no day, or not surely one, is none."""
    assert read_date(text) is None


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2090, 12, 31)))
def test_every_day_comes_back(day: date) -> None:
    """A day written in any form is read as that day."""
    serial = (day - EXCEL_EPOCH).days
    forms = [day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d %b %Y}", f"{day:%d %B %Y}", str(serial)]
    assert {read_date(text) for text in forms} == {day}


def test_months_are_twelve_in_every_language() -> None:
    """Every month has the same number of languages, and numbers run from 1 to 12."""
    assert set(MONTHS.values()) == set(range(1, 13))
    assert MONTHS["märz"] == MONTHS["marzo"] == MONTHS["março"] == 3
    assert read_date("1 März 2024") == date(2024, 3, 1)
    assert EXCEL_EPOCH + timedelta(days=2) == date(1900, 1, 1)

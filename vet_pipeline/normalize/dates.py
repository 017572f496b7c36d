"""Dates: text in the forms PIMS write in, and why a date was not taken.

Times of day are dropped as written: a PIMS writes its own local calendar, so no time zone is
applied. What looks like a date and is none is impossible; what doesn't look like one is no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.text import clean, is_any_filler, is_too_narrow, lazily

# The first day a date is believed. SQL Server's blank date is the day before; where a PIMS means
# "no date" by it, its conventions say so.
EARLIEST = date(1900, 1, 2)
# What an empty cell becomes: Excel's day 0 and, where it is written with two digits of the year, the
# same of 2000 and Delphi's and Access's, of which the whole one is among the usual blank dates.
_EXCELS_NOUGHT = (1900, 1, 0)
_SHORT_NOUGHTS = frozenset({(2000, 1, 0), (2000, 0, 0), (1999, 12, 30)})
# The practice may be a calendar day ahead of UTC.
AHEAD = timedelta(days=1)

_TIME = r"(?:[T\s]+\d{1,2}:\d{2}.*|[T\s]+\d{1,2}\s*[AP]M)?"
_YEAR_FIRST = lazily(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_COMPACT = lazily(r"(\d{4})(\d{2})(\d{2})(?:\d{6}|\.0+|[T\s].*)?")  # .0: a float
_YEAR_LAST = lazily(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
# Windows's long date and JavaScript's say the day of the week, which says nothing more.
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+)?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST = lazily(
    rf"{_WEEKDAY}([A-Z]{{3,9}})\.?[-\s]*{_DAY}(?:,?\s+|-)(\d{{4}})" + _TIME, re.IGNORECASE
)
_MONTH_INSIDE = lazily(
    rf"{_WEEKDAY}{_DAY}[-\s.]*([A-Z]{{3,9}})\.?[-\s,.]*(\d{{4}}|\d{{2}})" + _TIME, re.IGNORECASE
)
# A year, or a month of a year: no day, yet it says when. 2019 · 2019-03 · 03/2019 · March 2019
_NO_DAY = lazily(
    r"(?P<y1>\d{4})(?:[-/.](?P<m1>\d{1,2}))?"
    r"|(?P<m2>\d{1,2})[-/.](?P<y2>\d{4})|(?P<named>[A-Za-z]{3,9})\.?,?\s+(?P<y3>\d{4})"
)
MONTHS = {
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4,
    "may": 5, "jun": 6, "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9,
    "september": 9, "oct": 10, "october": 10, "nov": 11, "november": 11, "dec": 12, "december": 12,
}  # fmt: skip
_YEARLESS = lazily(r"(?<![\d/-])(\d{1,2})[-/](\d{1,2})(?![\d/-])")
_SOON = timedelta(days=31)
# Each of these somewhere in a text: PTS 12/15/2026 · euthanasia on Dec 15, 2026 · put to sleep 12/2026
# A year alone is nobody's appointment, and as often a house's or a file's number (2040 Oak St).
WRITTEN = lazily(
    r"(?<!\d)(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))(?!\d)"
    rf"|\b(?:{'|'.join(MONTHS)})\.?"
    r"(?:[-\s]*\d{1,2}(?:st|nd|rd|th)?(?:,?\s+|-)|,?\s+)\d{4}(?!\d)"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th)?[-\s.]*[a-z]{3,9}[-\s.,]*\d{4}(?!\d)"
    r"|(?<!\d)(?:\d{1,2}[-/.](?:19|20)\d\d|(?:19|20)\d\d[-/.]\d{1,2})(?!\d)",
    re.IGNORECASE,
)


_Parts = tuple[int, int, int]  # year, month, day


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or why there is none; neither when the field is blank.

    `impossible`: it is written as a date and can't be one. `reason`: why another text was not
    taken.
    """

    value: date | None = None
    impossible: bool = False
    reason: str | None = None


BLANK = Day()
_IMPOSSIBLE = Day(impossible=True)

#: Day or month first: the practice's conventions don't say.
ORDER_UNKNOWN = "date_order_unknown"


def date_order_advice(practice_id: str) -> str:
    """What to do about dates of which nobody can say whether day or month comes first.

    Before the first copy: a birth date that it has left out is no change later on.
    """
    return (
        "ask the practice, and before the first copy: "
        f"vet-pipeline practice set {practice_id} date_order=mdy (or dmy) --by NAME"
    )


def read_date(raw: str | None, conventions: Conventions, read_on: date) -> Day:
    """The date in a text. Two-digit years mean the latest such year that is not after `read_on`'s.

    Or tomorrow's. Bounds: from EARLIEST to one day after `read_on`; anything else is impossible.
    Where the order isn't known, a text that is blank or impossible in either order is that.
    """
    text = clean(raw)
    if text is None or (is_any_filler(text) and not is_too_narrow(text)):
        return BLANK
    readings = _readings(text, conventions, read_on)
    if isinstance(readings, str):
        return Day(reason=readings)
    if any(f"{y:04}-{m:02}-{d:02}" in conventions.blank_dates for y, m, d in readings):
        return BLANK
    if any(_is_nought(parts, text) for parts in readings):
        return BLANK
    days = [day for parts in readings if (day := _day(parts, read_on)) is not None]
    if not days:
        lacking = all(_lacks_its_day(parts, read_on) for parts in readings)
        return Day(reason="incomplete_date") if lacking else _IMPOSSIBLE
    return Day(value=days[0]) if len(readings) == 1 else Day(reason=ORDER_UNKNOWN)


def _is_nought(parts: _Parts, text: str) -> bool:
    # MySQL's 2000-01-00 is a day of that month, and nobody knows which.
    is_short = str(parts[0]) not in text
    return parts == _EXCELS_NOUGHT or (is_short and parts in _SHORT_NOUGHTS)


def _day(parts: _Parts, read_on: date) -> date | None:
    """The day, if there is such a one within the bounds."""
    try:
        value = date(*parts)
    except ValueError:
        return None
    return value if EARLIEST <= value <= read_on + AHEAD else None


def _lacks_its_day(parts: _Parts, read_on: date) -> bool:
    """Whether it is a year or a month as MySQL keeps one: 2019-00-00, 2019-03-00."""
    year, month, day = parts
    last = read_on + AHEAD
    return (
        day == 0
        and month <= 12
        and (EARLIEST.year, 12) < (year, month) <= (last.year, last.month)
        and parts not in _SHORT_NOUGHTS
    )


def _readings(text: str, conventions: Conventions, read_on: date) -> tuple[_Parts, ...] | str:
    """(year, month, day) as written, possible or not; or the reason why it can't be read.

    Two of them where only the order of day and month isn't known.
    """
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        iso = (text[:4], text[5:7], text[8:])
        if all(map(str.isdigit, iso)):  # as nearly all are: told without any pattern
            return ((int(iso[0]), int(iso[1]), int(iso[2])),)
    if found := _YEAR_FIRST().fullmatch(text):
        return ((int(found[1]), int(found[3]), int(found[4])),)
    if found := _COMPACT().fullmatch(text):
        return ((int(found[1]), int(found[2]), int(found[3])),)
    if found := _YEAR_LAST().fullmatch(text):
        return _year_last(found, conventions, read_on)
    if found := _MONTH_FIRST().fullmatch(text):
        named, day, year = found[1], found[2], found[3]
    elif found := _MONTH_INSIDE().fullmatch(text):
        day, named, year = found[1], found[2], found[3]
    else:
        return "incomplete_date" if _is_incomplete(text, read_on) else "not_a_date"
    month = MONTHS.get(named.casefold())
    return (_of_year(year, month, int(day), read_on),) if month else "not_a_date"


def days_written(raw: str) -> tuple[tuple[int, int, int], ...]:
    """(year, month, day) as written: two where their order can't be told, none of no date."""
    found = _readings(clean(raw) or "", Conventions(), date.max - AHEAD)
    return () if isinstance(found, str) else found


def is_to_come(raw: str | None, conventions: Conventions, read_on: date) -> bool:
    """Whether the first day or month in a text has yet to come, in whatever order it is read.

    The first one is the death's: "Deceased 11/20/2026, cremation 12/02/2026".
    """
    found = WRITTEN().search(clean(raw) or "")
    return found is not None and _is_later(found[0], conventions, read_on + AHEAD)


def is_soon(raw: str | None, conventions: Conventions, read_on: date) -> bool:
    """Whether a text tells a day without a year that comes within a month, in some order: 12/15.

    Who knows whether it is that day, the one of a year ago, or December 2015.
    """
    last = read_on + AHEAD
    if WRITTEN().search(clean(raw) or ""):
        return False
    days = [
        _day(parts, read_on + _SOON)
        for found in _YEARLESS().finditer(clean(raw) or "")
        for year in {last.year, last.year + 1}
        for parts in _in_order(year, int(found[1]), int(found[2]), conventions)
    ]
    return any(day is not None and day > last for day in days)


def _in_order(year: int, first: int, second: int, conventions: Conventions) -> tuple[_Parts, ...]:
    month_first, day_first = (year, first, second), (year, second, first)
    if conventions.date_order == "ymd":
        return month_first, day_first
    return (month_first if conventions.date_order == "mdy" else day_first,)


def _is_later(text: str, conventions: Conventions, last: date) -> bool:
    readings = _readings(text, conventions, last)
    if isinstance(readings, str):
        year, month = _year_and_month(text) or (0, None)
        return (year, month or 0) > (last.year, last.month if month else 0)
    real = [parts for parts in readings if _is_real(parts)]
    return bool(real) and min(real) > (last.year, last.month, last.day)


def _is_real(parts: _Parts) -> bool:
    try:
        date(*parts)
    except ValueError:
        return False
    return True


def _is_incomplete(text: str, read_on: date) -> bool:
    found = _year_and_month(text)
    # A year alone that is Excel's nought (1900) would say that a living pet is dead.
    return found is not None and EARLIEST.year < found[0] <= (read_on + AHEAD).year


def _year_and_month(text: str) -> tuple[int, int | None] | None:
    """A year, and the month if it is said, of a text without a day; None of any other."""
    found = _NO_DAY().fullmatch(text)
    if found is None or (found["named"] and found["named"].casefold() not in MONTHS):
        return None
    year = int(found["y1"] or found["y2"] or found["y3"])
    said = found["m1"] or found["m2"] or (found["named"] and MONTHS[found["named"].casefold()])
    month = int(said) if said else None
    return None if month is not None and not 1 <= month <= 12 else (year, month)


def _year_last(found: re.Match[str], conventions: Conventions, read_on: date) -> tuple[_Parts, ...]:
    first, second, last = int(found[1]), int(found[3]), found[4]
    if first == second == int(last) == 0:
        return ((0, 0, 0),)  # no day of the year 2000
    month_first = _of_year(last, first, second, read_on)
    day_first = _of_year(last, second, first, read_on)
    if conventions.date_order == "ymd":
        return month_first, day_first
    return (month_first if conventions.date_order == "mdy" else day_first,)


def _of_year(year: str, month: int, day: int, read_on: date) -> _Parts:
    if len(year) == 4:
        return int(year), month, day
    tomorrow = read_on + AHEAD  # on 31 December it is of the next year
    if (int(year), month, day) == (tomorrow.year % 100, tomorrow.month, tomorrow.day):
        return tomorrow.year, month, day
    this_century = read_on.year - read_on.year % 100 + int(year)
    return (this_century if this_century <= read_on.year else this_century - 100), month, day

"""Dates in every form a PIMS writes, by the order its conventions state."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalize.rows import READ_ON
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import BLANK, Day, read_date

IMPOSSIBLE = Day(impossible=True)


def read(text, order="ymd", *, read_on=READ_ON, **conventions):
    return read_date(text, Conventions(date_order=order, **conventions), read_on)


@pytest.mark.parametrize("order", ["ymd", "mdy", "dmy"])
@pytest.mark.parametrize(
    "text",
    ["2020-05-06", "2020-5-6", "2020/05/06", "20200506", "20200506.0", "20200506101112", "2020-05-06 10:11:12",
     "2020-05-06 10:11:12.123", "2020-05-06T23:59:59Z", "May  6 2020 12:00AM", "May 6, 2020",
     "06-MAY-2020", "6 May 2020", "6-May-20",
     "Wednesday, May 6, 2020", "Wed May 06 2020 00:00:00 GMT-0500 (CDT)", "Wed, 06 May 2020 00:00:00 GMT",
     "May 6th, 2020", "6th May 2020", "06MAY2020", "06.May.2020", "May-06-2020"],
)  # fmt: skip
def test_dates_that_say_their_own_order_are_read_by_any_convention(text, order):
    assert read(text, order) == Day(date(2020, 5, 6))


@pytest.mark.parametrize("text", ["05/06/2020", "5-6-2020", "05.06.20", "5/6/2020 12:00:00 AM"])
def test_the_order_of_other_dates_comes_from_the_conventions(text):
    assert read(text, "mdy") == Day(date(2020, 5, 6))
    assert read(text, "dmy") == Day(date(2020, 6, 5))
    assert read(text, "ymd") == Day(reason="date_order_unknown")


def test_a_day_that_does_not_fit_the_order_is_impossible_and_never_swapped():
    assert read("13/05/2020", "mdy") == IMPOSSIBLE
    assert read("05/13/2020", "dmy") == IMPOSSIBLE


def test_two_digit_years_are_the_latest_that_are_not_in_the_future():
    assert read("1/2/26", "mdy") == Day(date(2026, 1, 2))
    assert read("1/2/27", "mdy") == Day(date(1927, 1, 2))
    assert read("1/2/99", "mdy") == Day(date(1999, 1, 2))


def test_tomorrow_may_be_in_the_next_year_of_two_digits():
    new_years_eve = date(2026, 12, 31)
    assert read("1/1/27", "mdy", read_on=new_years_eve) == Day(date(2027, 1, 1))
    assert read("1/2/27", "mdy", read_on=new_years_eve) == Day(date(1927, 1, 2))
    assert read("12/31/27", "mdy", read_on=new_years_eve) == Day(date(1927, 12, 31))


@pytest.mark.parametrize(
    "text",
    [None, "", " ", ".", "-", "N/A", "unknown", "null", "0000-00-00", "0000-00-00 00:00:00",
     "00/00/0000", "00/00/00", "0/0/00", "1899-12-30", "1899-12-30 00:00:00", "1753-01-01", "0001-01-01",
     "Saturday, December 30, 1899"],
)  # fmt: skip
@pytest.mark.parametrize("order", ["ymd", "mdy", "dmy"])
def test_blank_dates_are_no_dates_and_need_no_reason(text, order):
    assert read(text, order) == BLANK


@pytest.mark.parametrize("text", [
    "1/0/1900", "01/00/1900 00:00", "1/0/00", "0-Jan-00", "00-Jan-1900", "12/30/99", "30-Dec-99",
    "12/30/99 12:00 AM",
])  # fmt: skip
def test_excels_nought_shown_as_a_date_is_none(text):
    """Its formulas give 0 for an empty cell; read as impossible, each living pet was refused.

    Delphi's and Access's is 1899-12-30: with two digits of the year it killed each living pet.
    """
    assert [read(text, order) for order in ("mdy", "ymd")] == [BLANK, BLANK]
    assert read("2000-01-00").impossible
    assert read("12/30/1999", "mdy").value == date(1999, 12, 30)


@pytest.mark.parametrize(
    "text", ["12/30/1899", "30.12.1899", "01/01/0001", "1/1/1753 12:00:00 AM", "12-30-1899"]
)
def test_a_blank_date_is_one_whatever_the_order_may_be(text):
    assert read(text) == BLANK
    assert read("01/01/1900", blank_dates=frozenset({"1900-01-01"})) == BLANK


@pytest.mark.parametrize(
    "text", ["12/31/9999", "01/01/1900", "31.12.2026", "13/13/2020", "2/30/2020", "00/05/2020"]
)
def test_a_date_that_is_none_in_either_order_is_impossible_where_the_order_is_not_known(text):
    assert read(text) == IMPOSSIBLE
    assert read("11/24/2026") == Day(reason="date_order_unknown")


def test_a_practice_may_have_blank_dates_of_its_own():
    assert read("1900-01-01") == IMPOSSIBLE
    assert read("01/01/1900", "mdy", blank_dates=frozenset({"1900-01-01"})) == BLANK


@pytest.mark.parametrize(
    "text",
    [
        "2024-13-45",
        "2020-00-05",
        "2023-02-30",
        "20231301",
        "1899-01-01",
        "9999-12-31",
        "1900-00-00",
        "2000-00-00",
        "2026-12-00",
        "2027-00-00",
        "2019-13-00",
        "1900-12-00",
    ],
)
def test_a_date_that_can_not_be_is_impossible(text):
    assert read(text) == IMPOSSIBLE


def test_the_bounds_are_1900_and_tomorrow():
    assert read("1900-01-02") == Day(date(1900, 1, 2))
    assert read("2026-11-24") == Day(date(2026, 11, 24))
    assert read("2026-11-25") == IMPOSSIBLE


@pytest.mark.parametrize(
    "text",
    ["about 2015", "6 Mai 2020", "12345", "soon", "2027", "1899", "2019-13", "Mai 2020",
     "1900", "1/1900", "January 1900"],  # Excel's nought once more: YEAR() of an empty cell is 1900
)  # fmt: skip
def test_other_text_is_not_a_date(text):
    assert read(text, "mdy") == Day(reason="not_a_date")


@pytest.mark.parametrize(
    "text",
    ["2020-00-00", "2020-05-00", "2020-12-00", "2026-11-00", "2020-05-00 00:00:00", "05/00/2020",
     "20200500"],
)  # fmt: skip
def test_a_date_whose_day_is_nought_is_a_year_or_month_without_a_day(text):
    """MySQL keeps so what was entered as a year: read as impossible, the pet wasn't copied."""
    assert read(text, "mdy") == Day(reason="incomplete_date")


@pytest.mark.parametrize(
    "text", ["2019", "2026", "2019-03", "3/2019", "1/2019", "2019-12", "May 2020", "Sept. 2020"]
)
def test_a_year_or_a_month_is_no_day_but_says_when(text):
    assert read(text, "mdy") == Day(reason="incomplete_date")


@given(st.dates(date(1900, 1, 2), READ_ON))
def test_every_day_within_the_bounds_is_read_in_every_form(day):
    for form, order in (
        ("%Y-%m-%d", "ymd"),
        ("%Y%m%d", "ymd"),
        ("%m/%d/%Y", "mdy"),
        ("%d.%m.%Y", "dmy"),
        ("%d-%b-%Y", "ymd"),
        ("%B %d, %Y", "ymd"),
    ):
        assert read(day.strftime(form), order) == Day(day)


@given(st.text(max_size=40), st.sampled_from(["ymd", "mdy", "dmy"]))
def test_any_text_is_a_date_or_none_or_impossible(text, order):
    day = read(text, order)
    assert [day.value is not None, day.impossible, day.reason is not None].count(True) <= 1


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_an_iso_date_is_what_the_patterns_make_of_it(text):
    assert read(text) == read(text.replace("-", "/")) == read(f"{text} 00:00")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-1-002", Day(reason="not_a_date")),
        ("20200-1-01", Day(reason="not_a_date")),
        ("2020-0a-01", Day(reason="not_a_date")),
        ("２０２０-01-02", Day(date(2020, 1, 2))),
    ],
)
def test_what_only_looks_like_an_iso_date_is_left_to_the_patterns(text, day):
    assert read(text) == day

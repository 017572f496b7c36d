"""`connector check` of birth dates that are midnights of another zone: each a day too early."""

from __future__ import annotations

import pytest

from tests.pims.conftest import Server
from tests.pims.test_check import CLIENTS, check
from tests.pims.views import make


def _told(sqlite: Server, times: list[str]) -> list[str]:
    patients = [
        {"patient_key": str(n), "client_key": "C1", "name": "Rex", "breed": "DSH", "weight": "9 kg"}
        | {"birth_date": f"20{10 + n // 28}-03-{n % 28 + 1:02}{times[n % len(times)]}"}
        | {"species": "cat", "status": "Deceased" if n == 1 else "Active"}
        for n in range(120)
    ]
    warnings = check(sqlite, make(sqlite, clients=CLIENTS, patients=patients)).warnings
    return [one for one in warnings if "birth_date" in one]


@pytest.mark.parametrize(
    ("times", "found"),
    [
        (["T13:00:00Z", "T14:00:00Z"], "120 are at 13:00 or 14:00"),
        ([" 14:00:00+00"], "120 are at 14:00"),
        (["T00:00:00Z", "T23:00:00.000Z"], "60 are at 23:00"),
    ],
)
def test_birth_dates_that_are_midnights_further_east_are_told_before_the_first_copy(
    sqlite: Server, times: list[str], found: str
) -> None:
    """Of a practice in Sydney or London whose PIMS keeps UTC: no birth date is a home record's."""
    assert _told(sqlite, times) == [
        f"patients.birth_date: {found}, as midnight is by a clock elsewhere (UTC): each would be taken for"
        " the day before. Next step: before the first copy let the view or export give days by the"
        " practice's own clock, as (born AT TIME ZONE 'Europe/London')::date does"
    ]


@pytest.mark.parametrize(
    "times", [[""], [" 00:00:00"], ["T05:00:00Z", "T06:00:00Z"], ["T12:00:00"]]
)
def test_days_midnights_further_west_and_noons_are_the_days_that_they_say(
    sqlite: Server, times: list[str]
) -> None:
    assert _told(sqlite, times) == []


def test_births_that_were_seen_are_told_by_the_hour_and_are_no_midnights(sqlite: Server) -> None:
    assert (
        _told(sqlite, [f" {hour:02}:{minute:02}:00" for hour in range(24) for minute in (7, 31)])
        == []
    )

"""Days of weighings are the practice's own, wherever it is: docs/rules.md section 1."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, edit, load, one, pet, rows
from vet_pipeline.time_zones import next_day

OPEN = "SELECT field, reason FROM scriptright.suggestion WHERE state = 'open'"
WEIGHT = "SELECT weight_value::float FROM scriptright.pet"
AT_NIGHT = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)  # 3 o'clock on the 2nd in Sydney


@pytest.fixture
def sydney(engine: Engine) -> Engine:
    add_practice(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET timezone = 'Australia/Sydney'"))
    return engine


def test_a_weighing_of_the_day_before_is_no_newer_than_what_was_read_in_the_night(
    sydney: Engine,
) -> None:
    load(sydney, "oak", 1, [client("1")], [pet("10", "1", weight_date=None)], read_at=AT_NIGHT)
    dated = pet("10", "1", weight="28", weight_date="2026-03-01")
    load(sydney, "oak", 2, [client("1")], [dated])
    assert (one(sydney, WEIGHT), rows(sydney, OPEN)) == (30.0, [("weight", "older_weighing")])


def test_an_undated_one_of_after_the_night_is_newer_than_one_of_the_day_before(
    sydney: Engine,
) -> None:
    load(sydney, "oak", 1, [client("1")], [pet("10", "1")], read_at=AT_NIGHT)
    edit(sydney, "pet", weight_value="29", weight_kg="29", weighed_on="2026-03-01")
    load(sydney, "oak", 2, [client("1")], [pet("10", "1", weight="28", weight_date=None)])
    assert (one(sydney, WEIGHT), rows(sydney, OPEN)) == (28.0, [])


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [
        ("Australia/Sydney", 16, "2026-03-02"),
        ("America/Chicago", 2, "2026-03-01"),  # 20 o'clock of the day before
        ("America/Chicago", 9, "2026-03-01"),
        ("Pacific/Kiritimati", 9, "2026-03-02"),
        ("Pacific/Pago_Pago", 10, "2026-03-01"),
        ("Nowhere/Gone", 9, "2026-03-01"),
    ],
)
def test_what_is_read_in_the_evening_or_night_is_of_before_the_next_day(
    zone: str, hour: int, day: str
) -> None:
    assert next_day(zone, datetime(2026, 3, 1, hour, tzinfo=UTC)).isoformat() == day

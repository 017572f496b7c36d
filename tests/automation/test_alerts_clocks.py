"""Failed runs are told though the machine that they ended on has another clock than the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dagster._core.storage.runs.schema import RunsTable
from dagster._core.storage.runs.sql_run_storage import SqlRunStorage
from sqlalchemy import text

from automation import alerts as sensor_module
from tests.assets.conftest import World
from tests.automation.test_alerts import fail, opened, tick
from tests.scriptright.builders import add_practice

BOTH = [("PimsAccessDenied|generic", ("elm-street", "oak"))]
ELM = [("PimsAccessDenied|generic", ("elm-street",))]


@pytest.fixture
def oak(world: World) -> World:
    """A second practice; both are a week old."""
    add_practice(world.engine, "oak")
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET created_at = now() - interval '7 days'")
        )
    return world


def fail_by_a_clock_behind(world: World, practice: str, by: timedelta) -> None:
    """A run that failed just now, dated as Dagster does: by the clock of the host it ended on."""
    run_id = fail(world, practice)
    at = datetime.now(UTC) - by
    storage = world.instance.run_storage
    assert isinstance(storage, SqlRunStorage)
    dated = {"update_timestamp": at.replace(tzinfo=None), "end_time": at.timestamp()}
    with storage.connect() as connection:
        connection.execute(RunsTable.update().where(RunsTable.c.run_id == run_id).values(**dated))


def an_hour_later(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.watch SET facts = facts || jsonb_build_object('looked_back_at',"
                " now() - interval '61 minutes') WHERE name = 'failures'"
            )
        )


@pytest.mark.parametrize("behind", [timedelta(hours=1), timedelta(days=1)])
def test_a_run_recorded_by_a_clock_that_is_behind_is_told_within_the_hour(
    oak: World, behind: timedelta
) -> None:
    fail(oak, "elm-street")
    tick(oak)
    fail_by_a_clock_behind(oak, "oak", behind)
    tick(oak)
    assert opened(oak) == ELM, "what lies so far back isn't looked at each minute"
    an_hour_later(oak)
    for _ in range(2):
        tick(oak)
        assert sorted(opened(oak)[0][1]) == ["elm-street", "oak"]
    with oak.engine.connect() as connection:
        counted = connection.execute(text("SELECT sum(failures) FROM scriptright.alert_practice"))
        assert counted.scalar_one() == 2


def test_a_longer_look_that_ran_out_of_time_goes_on_with_the_next(
    oak: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(oak)
    for practice, hours in (("elm-street", 20), ("oak", 10)):
        fail_by_a_clock_behind(oak, practice, timedelta(hours=hours))
    with oak.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.watch SET seen_to = now() WHERE name = 'failures'")
        )
    an_hour_later(oak)
    monkeypatch.setattr(sensor_module, "SECONDS_PER_TICK", -1.0)
    tick(oak)
    assert opened(oak) == ELM
    tick(oak)
    assert opened(oak) == BOTH

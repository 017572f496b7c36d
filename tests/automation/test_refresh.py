"""Who is due, when it is asked again, and who is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from assets.partitions import PRACTICES
from automation.due import Due, due_practices
from automation.refresh import nightly_refresh, practice_is_due
from tests.assets.conftest import World

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def add(engine: Engine, practice_id: str, due: datetime | None, state: str = "active") -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.practice (practice_id, name, pims, odbc_env,"
                " contact_email, timezone, created_by, next_due_at, installed_at, state)"
                " VALUES (:id, 'A practice', 'generic', 'X', 'a@b.example', 'UTC', 'test',"
                " :due, :installed, :state)"
            ),
            {"id": practice_id, "due": due, "installed": NOW - timedelta(days=1), "state": state},
        )


def hold(engine: Engine, practice_id: str, held_at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.hold (practice_id, snapshot_seq, breaches, held_at)"
                " VALUES (:id, 7, '[]', :at)"
            ),
            {"id": practice_id, "at": held_at},
        )


def due_ids(engine: Engine, limit: int = 10) -> list[str]:
    return [due.practice_id for due in due_practices(engine, now=NOW, limit=limit)]


def test_practices_are_due_at_their_time_longest_overdue_first(engine: Engine) -> None:
    add(engine, "later", NOW + timedelta(minutes=1))
    add(engine, "just-now", NOW)
    add(engine, "overdue", NOW - timedelta(hours=9))
    assert due_ids(engine) == ["overdue", "just-now"]


def test_a_practice_never_copied_is_due_from_its_installation_on(engine: Engine) -> None:
    add(engine, "fresh", None)
    assert due_ids(engine) == ["fresh"]


@pytest.mark.parametrize("state", ["paused", "offboarded"])
def test_a_paused_or_offboarded_practice_is_never_read(engine: Engine, state: str) -> None:
    add(engine, "quiet", NOW - timedelta(hours=1), state)
    assert due_ids(engine) == []


def test_a_practice_with_a_held_snapshot_rests_for_a_day(engine: Engine) -> None:
    add(engine, "rests", NOW - timedelta(hours=1))
    add(engine, "rested", NOW - timedelta(hours=1))
    hold(engine, "rests", NOW - timedelta(hours=2))
    hold(engine, "rested", NOW - timedelta(hours=25))
    assert due_ids(engine) == ["rested"]


def test_a_tick_is_bounded(engine: Engine) -> None:
    for n in range(5):
        add(engine, f"p{n}", NOW - timedelta(hours=5 - n))
    assert due_ids(engine, limit=2) == ["p0", "p1"]


def night(since: datetime, *, first_copy: bool = False) -> Due:
    """A practice in Chicago (UTC-6 in November) that is quiet from 21:00 to 06:00."""
    return Due("elm", "generic", since, "America/Chicago", time(21), time(6), first_copy)


def hours_until_started(due: Due, last_success: datetime) -> float:
    """When a sensor that looks every ten minutes starts it, in hours after the last success."""
    now = last_success
    while not due.may_start(now):
        now += timedelta(minutes=10)
    return (now - last_success) / timedelta(hours=1)


def test_without_quiet_hours_a_practice_starts_when_it_is_due() -> None:
    due = Due("elm", "generic", NOW)
    assert not due.may_start(NOW - timedelta(minutes=1))
    assert due.may_start(NOW)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("spread", [0, 3, 6])
def test_with_quiet_hours_it_is_read_at_night_between_48_and_72_hours(
    hour: int, spread: int
) -> None:
    last_success = datetime(2026, 10, 30, hour, tzinfo=UTC)  # the clocks change two days later
    due = night(last_success + timedelta(hours=60 + spread))
    waited = hours_until_started(due, last_success)
    assert 48 <= waited <= 70
    started = (last_success + timedelta(hours=waited)).astimezone(ZoneInfo("America/Chicago"))
    assert started.time() >= time(21) or started.time() < time(6)


def test_quiet_hours_that_never_come_do_not_make_it_late() -> None:
    due = Due("elm", "generic", NOW, "UTC", time(3), time(3, 10))  # too short to read in
    assert not due.may_start(NOW + timedelta(hours=3, minutes=59))
    assert due.may_start(NOW + timedelta(hours=4))


def test_a_first_copy_waits_up_to_a_day_for_quiet_hours() -> None:
    installed = datetime(2026, 11, 23, 16, tzinfo=UTC)  # ten in the morning in Chicago
    assert hours_until_started(night(installed, first_copy=True), installed) == 11


def test_one_run_for_a_due_time_and_another_every_four_hours_without_success() -> None:
    due = Due("elm", "generic", NOW)
    keys = [due.run_key(NOW + timedelta(hours=h)) for h in (0, 1, 3.9, 4, 7, 8)]
    assert keys == [f"refresh:elm:20261123T120000:{n}" for n in (0, 0, 0, 1, 1, 2)]


def tick(world: World) -> dg.SensorResult:
    with dg.build_sensor_context(instance=world.instance, resources=world.resources) as context:
        result = practice_is_due(context)
    assert isinstance(result, dg.SensorResult)
    return result


def test_the_sensor_asks_for_a_tagged_run_of_each_due_practice(world: World) -> None:
    (request,) = tick(world).run_requests or []
    assert request.partition_key == "elm-street"
    assert request.tags == {"practice": "elm-street", "pims": "generic"}


def test_the_sensor_registers_practices_that_have_no_partition_yet(world: World) -> None:
    add(world.engine, "newcomer", NOW + timedelta(days=365))
    (added,) = tick(world).dynamic_partitions_requests or []
    assert list(added.partition_keys) == ["newcomer"]


def test_a_practice_with_a_run_under_way_is_not_asked_for_again(world: World) -> None:
    from vet_pipeline.definitions import build_definitions

    job = build_definitions(resources=world.resources).resolve_job_def("copy_practice")
    world.instance.create_run_for_job(
        job, status=dg.DagsterRunStatus.STARTED, tags={"practice": "elm-street"}
    )
    assert tick(world).run_requests == []


def test_after_a_copy_the_practice_is_left_alone_for_two_days(world: World, run_job) -> None:  # type: ignore[no-untyped-def]
    assert run_job().success
    assert tick(world).run_requests == []
    with world.engine.connect() as connection:
        due = connection.execute(text("SELECT next_due_at FROM scriptright.practice")).scalar_one()
    wait = due - datetime.now(UTC)
    assert timedelta(hours=48) < wait < timedelta(hours=72)


def test_the_nightly_schedule_asks_for_the_same_practices(world: World) -> None:
    with dg.instance_for_test() as instance:  # a schedule's context takes no ephemeral one
        instance.add_dynamic_partitions(PRACTICES, ["elm-street"])
        with dg.build_schedule_context(
            instance=instance,
            resources=world.resources,
            scheduled_execution_time=datetime.now(UTC) + timedelta(days=1),
        ) as context:
            requests = nightly_refresh(context)
    assert [request.partition_key for request in requests] == ["elm-street"]

"""Who is due, when it is asked again, and who is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from sqlalchemy import Engine, event, text

from automation import refresh
from automation.due import due_practices
from automation.refresh import practice_is_due
from automation.run import run_job
from tests.assets.conftest import World
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.scriptright.telling import alerts, watch

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def add(
    engine: Engine,
    practice_id: str,
    due: datetime | None,
    state: str = "active",
    *,
    installed: datetime = NOW - DAY,
) -> None:
    """A practice that was never copied: a week after its installation that is late."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.practice (practice_id, name, pims, odbc_env,"
                " contact_email, timezone, created_by, created_at, next_due_at, installed_at, state)"
                " VALUES (:id, 'A practice', 'generic', 'X', 'a@b.example', 'UTC', 'test',"
                " :installed, :due, :installed, :state)"
            ),
            {"id": practice_id, "due": due, "installed": installed, "state": state},
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


def due_ids(engine: Engine) -> list[str]:
    waiting = due_practices(engine, now=NOW).waiting
    return [one.practice_id for one in sorted(waiting, key=lambda one: one.due)]


def test_practices_are_due_at_their_time(engine: Engine) -> None:
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


def fail(engine: Engine, practice_id: str, error: str, at: datetime, run_id: str = "run") -> None:
    one = Failure(run_id, "copy_practice", practice_id, at, error, "what", "next step")
    with engine.begin() as connection:
        alerts.record_failures(connection, [(one, cause_of(one, pims="generic", server=None))])


def test_a_practice_that_failed_rests_before_it_is_asked_again(engine: Engine) -> None:
    now = datetime.now(UTC)
    for name in ("passing", "passed", "refused"):
        add(engine, name, NOW - timedelta(days=400), installed=now - DAY)
    fail(engine, "passing", "PimsUnavailable", now - timedelta(hours=3))
    fail(engine, "passed", "PimsUnavailable", now - timedelta(hours=5))
    fail(engine, "refused", "PimsAccessDenied", now - timedelta(hours=5))
    waiting = due_practices(engine, now=now).waiting
    assert [(one.practice_id, one.failing) for one in waiting] == [("passed", True)]


@pytest.mark.parametrize(
    ("error", "hours"),
    [
        *((ours, 4) for ours in (
            "SnapshotMissing", "StaleDelta", "DatabaseRefused", "ConnectorInvalid",
            "OdbcDriverMissing", "ZeroDivisionError",
        )),
        *((theirs, 24) for theirs in ("PimsAccessDenied", "SnapshotShapeChanged", "SnapshotHeld")),
    ],
)  # fmt: skip
def test_what_fails_on_our_side_doesnt_cost_the_72_hours(
    engine: Engine, error: str, hours: int
) -> None:
    now = datetime.now(UTC)
    add(engine, "elm", NOW - timedelta(days=400), installed=now - DAY)
    fail(engine, "elm", error, now)
    just_before = now + timedelta(hours=hours, minutes=-1)
    assert due_practices(engine, now=just_before).waiting == ()
    assert due_practices(engine, now=now + timedelta(hours=hours)).waiting != ()


def test_what_is_set_wrong_in_one_persons_shell_delays_no_refresh(engine: Engine) -> None:
    now = datetime.now(UTC)
    add(engine, "elm", NOW - timedelta(days=400), installed=now - DAY)
    fail(engine, "elm", "UsageError", now)
    assert due_practices(engine, now=now + timedelta(minutes=1)).waiting != ()


def test_what_failed_in_a_persons_own_process_gives_a_practice_no_rest(engine: Engine) -> None:
    now = datetime.now(UTC)
    for name in ("by-hand", "by-itself"):
        add(engine, name, NOW - timedelta(days=400), installed=now - DAY)
        fail(engine, name, "SnapshotShapeChanged", now, run_id=f"run of {name}")
    found = due_practices(engine, now=now + timedelta(minutes=1), by_hand=lambda ids: {*ids[:1]})
    assert [(one.practice_id, one.failing) for one in found.waiting] == [("by-hand", True)]


def test_runs_of_the_command_line_are_known_by_their_tag(world: World) -> None:
    own = run_job(
        "copy_practice", "elm-street", instance=world.instance, resources=world.resources
    ).run_id
    other = world.instance.create_run_for_job(_job(world), tags={"practice": "elm-street"}).run_id
    assert refresh.runs_by_hand(world.instance, [own, other, "gone"]) == {own}


def test_a_practice_that_missed_its_night_waits_for_the_next_if_that_is_in_time(
    engine: Engine,
) -> None:
    add(engine, "elm", NOW - timedelta(hours=1))
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET last_success_at = :success, quiet_from = '21:00',"
                " quiet_to = '06:00', timezone = 'UTC'"
            ),
            {"success": NOW - timedelta(hours=55)},
        )
    assert due_ids(engine) == [], "noon; the night begins at 64 hours"
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = :success"),
            {"success": NOW - timedelta(hours=61)},
        )
    assert due_ids(engine) == ["elm"], "the night begins at 70 hours: too near to 72"


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
    result = tick(world)
    assert result.run_requests == []
    assert result.skip_reason is not None
    assert result.skip_reason.skip_message == "nobody else is due; 1 runs are under way"


def test_after_a_copy_the_practice_is_left_alone_for_two_days(world: World, run_job) -> None:  # type: ignore[no-untyped-def]
    assert run_job().success
    assert tick(world).run_requests == []
    with world.engine.connect() as connection:
        due = connection.execute(text("SELECT next_due_at FROM scriptright.practice")).scalar_one()
    wait = due - datetime.now(UTC)
    assert timedelta(hours=48) < wait < timedelta(hours=72)


def count_statements(world: World) -> int:
    """Statements a tick sends to ScriptRight, those of connecting and of transactions left out."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    from sqlalchemy.engine import Engine as AnyEngine

    event.listen(AnyEngine, "before_cursor_execute", note)
    try:
        tick(world)
    finally:
        event.remove(AnyEngine, "before_cursor_execute", note)
    return sum("scriptright." in s and "set_config" not in s for s in seen)


def test_a_tick_sends_three_statements_at_one_practice_and_at_ten_thousand(world: World) -> None:
    assert count_statements(world) == 3
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO scriptright.practice (practice_id, name, pims, odbc_env,"
                " contact_email, timezone, created_by, next_due_at, last_success_at)"
                " SELECT 'p' || n, 'A practice', 'pims' || n % 7, 'X', 'a@b.example', 'UTC',"
                " 'test', now() + n * interval '1 minute' - interval '2 days',"
                " now() + n * interval '1 minute' - interval '5 days'"
                " FROM generate_series(1, 10000) n"
            )
        )
    assert count_statements(world) == 3


def _job(world: World) -> dg.JobDefinition:
    from vet_pipeline.definitions import build_definitions

    return build_definitions(resources=world.resources).resolve_job_def("copy_practice")


def look(world: World) -> dict[str, int]:
    with world.engine.connect() as connection:
        return watch.looks(connection)["practice_is_due"].facts


def test_overload_goes_by_whose_time_runs_out_first_and_says_how_many_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "PER_TICK", 2)
    now = datetime.now(UTC)
    for name, hours in (("b-70", 70), ("a-66", 66), ("c-80", 80)):
        add(world.engine, name, now - timedelta(hours=1))
        with world.engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE scriptright.practice SET last_success_at = :at WHERE practice_id = :p"
                ),
                {"at": now - timedelta(hours=hours), "p": name},
            )
    asked = [request.partition_key for request in tick(world).run_requests or []]
    assert asked == ["c-80", "b-70"]
    assert look(world) == {"asked": 2, "left": 2, "late": 0, "under_way": 0}


def test_practices_that_failed_in_this_slot_take_nobodys_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "PER_TICK", 1)
    add(world.engine, "newcomer", None)  # due later than elm-street, by a day of deadline
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET installed_at = now()"))
        connection.execute(
            text(
                "UPDATE scriptright.practice SET installed_at = now() - interval '1 day'"
                " WHERE practice_id = 'elm-street'"
            )
        )
    (first,) = tick(world).run_requests or []
    assert first.partition_key == "elm-street"
    world.instance.create_run_for_job(
        _job(world),
        status=dg.DagsterRunStatus.FAILURE,
        tags={"practice": "elm-street", "dagster/run_key": first.run_key or ""},
    )
    (second,) = tick(world).run_requests or []
    assert second.partition_key == "newcomer"

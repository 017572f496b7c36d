"""Sensors and schedules that are switched off or fail: `watch` says which, and what isn't done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    InProcessCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    ScheduleInstigatorData,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._daemon.types import DaemonHeartbeat
from dagster_shared.error import SerializableErrorInfo

from automation import watching
from vet_pipeline.definitions import build_definitions

SLIP = SerializableErrorInfo("it failed", [], "Error")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


def ticked(
    instance: dg.DagsterInstance,
    name: str,
    status: InstigatorStatus,
    *ticks: TickStatus,
    since: datetime = NOW - timedelta(hours=1),
) -> None:
    """The sensor or schedule as the daemon leaves it, with its ticks from the oldest on."""
    kind, _ = watching.OTHERS[name]
    is_sensor = kind == "sensor"
    of_kind = InstigatorType.SENSOR if is_sensor else InstigatorType.SCHEDULE
    location = InProcessCodeLocationOrigin(LoadableTargetOrigin(module_name="x"))
    state = InstigatorState(
        RemoteInstigatorOrigin(RemoteRepositoryOrigin(location, "__repository__"), name),
        of_kind,
        status,
        SensorInstigatorData(min_interval=60) if is_sensor else ScheduleInstigatorData("0 4 * * *"),
    )
    instance.add_instigator_state(state)
    for at, tick in enumerate(ticks):
        instance.create_tick(
            TickData(
                state.instigator_origin_id, name, of_kind, tick, since.timestamp() + at,
                run_ids=["a run"] if tick is TickStatus.SUCCESS else [],
                error=SLIP if tick is TickStatus.FAILURE else None,
                skip_reason="nothing to do" if tick is TickStatus.SKIPPED else None,
                selector_id=state.selector_id,
            )
        )  # fmt: skip


def told(instance: dg.DagsterInstance) -> list[tuple[str, str]]:
    return [(one.job, one.what) for one in watching.others(instance, NOW)]


def test_the_clock_of_the_machine_that_watches_stops_no_daemon_and_hides_none(
    instance: dg.DagsterInstance,
) -> None:
    """The beats were hours ago, or are to come, by this machine; by the database's clock they are now."""
    for hours in (-3, 3):
        now = datetime.now(UTC) + timedelta(hours=hours)
        for name in instance.get_required_daemon_types():
            beat = DaemonHeartbeat(now.timestamp(), name, "id", [])
            instance.add_daemon_heartbeat(beat)
        assert stopped(instance, now) == []
        assert stopped(instance, now + timedelta(minutes=6)) == ["DaemonStopped"]


def stopped(instance: dg.DagsterInstance, now: datetime) -> list[str]:
    found = watching.problems(instance, {}, now=now)
    return [one.error for one in found if one.job == watching.DAEMON]


def test_a_sensor_or_schedule_that_is_switched_off_is_told(instance: dg.DagsterInstance) -> None:
    ticked(instance, "confirmation_is_requested", InstigatorStatus.STOPPED)
    ticked(instance, "daily_retention", InstigatorStatus.STOPPED, TickStatus.SUCCESS)
    ticked(instance, "daily_audit", InstigatorStatus.RUNNING, TickStatus.SUCCESS)
    assert sorted(told(instance)) == [
        (
            "schedule daily_retention",
            "the schedule daily_retention is switched off:"
            " snapshots aren't removed after their days",
        ),
        (
            "sensor confirmation_is_requested",
            "the sensor confirmation_is_requested is switched off:"
            " no practice is told that its first copy is there",
        ),
    ]


def test_a_daemon_whose_sensors_do_not_look_sends_to_the_code_server_first(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "silent_daemons", lambda *_: [])
    first = (
        "see under Deployment in the UI that the code location is loaded, else start the code"
        " server; then under Automation whether"
    )
    assert [(one.job, one.next_step) for one in watching.problems(instance, {}, now=NOW)] == [
        ("sensor run_failed", f"{first} it is on, and why its ticks fail"),
        ("the refresh", f"{first} one of them is on, and why its ticks fail"),
    ]


def test_what_is_switched_off_is_told_while_the_daemon_stands_still_too(
    instance: dg.DagsterInstance,
) -> None:
    ticked(instance, "daily_retention", InstigatorStatus.STOPPED)
    found = [one.job for one in watching.problems(instance, {}, now=NOW)]
    assert found == ["dagster-daemon", "schedule daily_retention"]  # else its alert would heal


def test_what_stands_still_since_the_daemons_clock_was_ahead_is_told(
    instance: dg.DagsterInstance,
) -> None:
    done, on = TickStatus.SUCCESS, InstigatorStatus.DECLARED_IN_CODE
    ticked(instance, "daily_audit", on, done, since=NOW + timedelta(minutes=5))
    assert told(instance) == [], "clocks are never quite alike"
    for name in ("daily_retention", "confirmation_is_requested"):
        ticked(instance, name, on, done, since=NOW + timedelta(days=365))
    # Of one that is switched off it says nothing.
    off = InstigatorStatus.STOPPED
    ticked(instance, "daily_run_retention", off, done, since=NOW + timedelta(days=700))
    assert told(instance)[:-1] == [
        (
            "sensors and schedules",
            "the clock of dagster-daemon's machine was ahead: confirmation_is_requested,"
            " daily_retention stand still, the last of them until 2027-03-01 12:00 UTC",
        )
    ]
    assert told(instance)[-1][0] == "schedule daily_run_retention"


@pytest.mark.parametrize(
    ("name", "ticks", "is_told"),
    [
        ("daily_audit", "FAILURE", True),
        ("daily_audit", "FAILURE SUCCESS", False),
        ("confirmation_is_requested", "SKIPPED FAILURE", False),
        ("confirmation_is_requested", "SKIPPED FAILURE FAILURE FAILURE", True),
        ("confirmation_is_requested", "FAILURE FAILURE SKIPPED", False),
        ("confirmation_is_requested", "", False),
    ],
)
def test_one_that_fails_is_told_a_sensor_when_it_goes_on(
    instance: dg.DagsterInstance, name: str, ticks: str, is_told: bool
) -> None:
    statuses = [TickStatus(tick) for tick in ticks.split()]
    ticked(instance, name, InstigatorStatus.DECLARED_IN_CODE, *statuses)
    assert bool(told(instance)) is is_told


def test_all_that_are_on_by_themselves_are_watched() -> None:
    repository = build_definitions().get_repository_def()
    on = [s.name for s in repository.sensor_defs if s.default_status.name == "RUNNING"]
    on += [s.name for s in repository.schedule_defs if s.default_status.name == "RUNNING"]
    assert set(on) == {"run_failed", *watching.OTHERS}

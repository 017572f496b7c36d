"""Steps that Dagster itself fails, before our code begins or behind it: told as what they are."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import psycopg2
import pytest
from sqlalchemy.exc import InterfaceError

from assets.partitions import PRACTICES
from automation.failures import read_failure
from tests.assets.conftest import World
from tests.automation.test_alerts import opened, tick
from vet_pipeline.definitions import build_definitions
from vet_pipeline.oncall.causes import Failure

Run = Callable[..., dg.ExecuteInProcessResult]


def failure_of(world: World, job: str, tags: dict[str, str]) -> Failure:
    """What is told of a second run, with these tags, as the pages and GraphQL start one."""
    made = build_definitions(resources=world.resources).resolve_job_def(job)
    done = made.execute_in_process(instance=world.instance, raise_on_error=False, tags=tags)
    record = world.instance.get_run_record_by_id(done.run_id)
    assert record is not None
    return read_failure(world.instance, record)


def test_a_step_behind_others_without_a_practice_is_told_as_that(
    world: World, run_job: Run
) -> None:
    assert run_job().success  # Dagster looks into the partition where there is something to find
    failure = failure_of(world, "apply_stored_snapshot", {})
    assert (failure.error, failure.what, failure.next_step) == (
        "UsageError",
        "no practice was chosen, or several for one run",
        "choose the partition of one practice; for several start a backfill",
    )


def test_a_run_whose_partition_was_deleted_meanwhile_is_told_as_that(
    world: World, run_job: Run
) -> None:
    assert run_job().success
    world.instance.delete_dynamic_partition(PRACTICES, world.practice_id)
    failure = failure_of(world, "apply_stored_snapshot", {"dagster/partition": world.practice_id})
    assert (failure.error, failure.what, failure.next_step) == (
        "UsageError",
        "the practice has no partition in Dagster: somebody has deleted it there",
        "make it anew: vet-pipeline retry elm-street",
    )


@pytest.mark.parametrize(("step", "told"), [("read_pims", True), ("scriptright_records", False)])
def test_dagsters_database_that_goes_away_in_mid_step_is_told_as_that_and_not_of_what_was_loaded(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, told: bool
) -> None:
    """Its server was restarted as the step's end was noted: Dagster fails the step, and retries none."""
    store = world.instance.event_log_storage.store_event

    def gone(event: dg.EventLogEntry) -> None:
        if event.step_key == step and event.dagster_event_type is dg.DagsterEventType.STEP_OUTPUT:
            lost = psycopg2.InterfaceError("connection already closed")
            raise InterfaceError("", {}, lost)
        store(event)

    with monkeypatch.context() as restarted:
        restarted.setattr(world.instance.event_log_storage, "store_event", gone)
        tags = {"dagster/partition": world.practice_id}
        failure = failure_of(world, "copy_practice", tags)
    assert (failure.error, failure.what) == (
        "DatabaseUnavailable",
        "Dagster's database went away in the middle of a step (InterfaceError)",
    )
    tick(world)
    assert opened(world) == ([("DatabaseUnavailable", (world.practice_id,))] if told else [])

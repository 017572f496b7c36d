"""Failed runs of the fleet's page, or with a late practice: told as what they are, and over in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from sqlalchemy import text

from automation.alerts import take_in
from automation.failures import read_failure
from resources.scriptright import ScriptRightResource
from tests.assets.conftest import World
from vet_pipeline.definitions import build_definitions
from vet_pipeline.scriptright.telling import alerts

Run = Callable[..., dg.ExecuteInProcessResult]
RECORDS = dg.AssetKey("scriptright_records")
PAGE = dg.AssetKey("service_levels")
NOBODY = "postgresql+psycopg://vet:x@127.0.0.1:1/scriptright"


def page(world: World, job: str, **resources: Any) -> str:
    """A run that makes the page: the hourly job's, or one of *Materialize* in the UI; its id."""
    made = build_definitions(resources={**world.resources, **resources}).resolve_job_def(job)
    alone = made.get_subset(asset_selection={PAGE})
    run = world.instance.create_run_for_job(
        alone, asset_selection=frozenset({PAGE}), tags={"vet_pipeline/no_retries": "yes"}
    )
    execute_run(InMemoryJob(alone), run, world.instance, raise_on_error=False)
    return run.run_id


def open_alerts(world: World) -> list[tuple[str, str]]:
    take_in(world.instance, world.engine)
    with world.engine.connect() as connection:
        return [(one.error, one.job) for one in alerts.open_alerts(connection)]


def test_a_page_that_was_killed_once_it_had_told_of_a_late_practice_is_no_red_check(
    world: World,
) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = now() - interval '8 days'")
        )
    run_id = page(world, "look_at_fleet")
    run = world.instance.get_run_by_id(run_id)
    assert run is not None
    world.instance.report_run_failed(run, "the process of this run was killed")
    record = world.instance.get_run_record_by_id(run_id)
    assert record is not None
    failure = read_failure(world.instance, record)
    assert (failure.error, failure.next_step) == ("WorkerDied", "run the job again in the UI")


def test_a_page_materialized_by_hand_in_vain_is_over_with_the_next_hourly_one(
    world: World,
) -> None:
    page(world, "__ASSET_JOB", scriptright=ScriptRightResource(url=NOBODY))
    assert open_alerts(world) == [("DatabaseUnavailable", "look_at_fleet")]
    page(world, "look_at_fleet")
    assert open_alerts(world) == []


def test_a_late_practice_s_red_ledger_is_told_and_not_that_the_practice_is_late(
    world: World, run_job: Run
) -> None:
    """The one says to pause the practice, the other would have a load put on top."""
    assert run_job().success
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = now() - interval '4 days'")
        )
        connection.execute(
            text("""UPDATE scriptright.load SET counts = counts || '{"missing": -1}'""")
        )
    made = build_definitions(resources=world.resources).resolve_job_def("__ASSET_JOB")
    run_id = made.get_subset(asset_selection={RECORDS}).execute_in_process(
        instance=world.instance, raise_on_error=False, partition_key="elm-street"
    ).run_id  # fmt: skip
    record = world.instance.get_run_record_by_id(run_id)
    assert record is not None
    failure = read_failure(world.instance, record)
    assert (failure.error, failure.place) == ("CheckFailed", "ledger_is_in_order")
    assert failure.next_step.startswith("vet-pipeline practice pause elm-street")


def press_without_a_practice(world: World) -> None:
    """*Materialize* on the last asset: a failed run, and an alert of it."""
    made = build_definitions(resources=world.resources).resolve_job_def("__ASSET_JOB")
    made.get_subset(asset_selection={RECORDS}).execute_in_process(
        instance=world.instance, raise_on_error=False
    )
    assert open_alerts(world) == [("UsageError", "copy_practice")]


def test_a_button_pressed_without_a_practice_is_over_with_the_next_copy(
    world: World, run_job: Run
) -> None:
    """Where the sensor copies, nobody may press such a button again for months."""
    press_without_a_practice(world)
    assert run_job().success
    assert open_alerts(world) == []


@pytest.mark.parametrize("job", ["apply_stored_snapshot", "send_confirmation"])
def test_a_job_launched_without_a_practice_is_over_with_the_next_copy(
    world: World, run_job: Run, job: str
) -> None:
    """The launchpad starts those without one, too, and the sensors may never start the first."""
    made = build_definitions(resources=world.resources).resolve_job_def(job)
    made.execute_in_process(instance=world.instance, raise_on_error=False)
    assert open_alerts(world) == [("UsageError", job)]
    assert run_job().success
    assert open_alerts(world) == []


def test_an_alert_that_an_earlier_release_opened_under_dagster_s_own_name_is_over_with_a_copy(
    world: World, run_job: Run
) -> None:
    press_without_a_practice(world)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.alert SET job = '__ASSET_JOB'"))
    assert run_job().success
    assert open_alerts(world) == []

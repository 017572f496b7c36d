"""Runs whose process is gone: ended by whoever looks, and told."""

from collections.abc import Callable

import dagster as dg
import pytest

from automation import processes
from automation.processes import PROCESS_TAG, is_gone, this_process
from tests.assets.conftest import World
from tests.automation.test_alerts import fail, opened, tick
from vet_pipeline.definitions import build_definitions


def test_a_run_whose_process_was_killed_is_ended_and_told(world: World) -> None:

    host = this_process().rpartition("/")[0].rpartition("/")[0]
    job = build_definitions(resources=world.resources).resolve_job_def("copy_practice")
    run = world.instance.create_run_for_job(
        job,
        status=dg.DagsterRunStatus.STARTED,
        tags={"practice": "elm-street", PROCESS_TAG: f"{host}/4194304/1"},
    )
    going_on = world.instance.create_run_for_job(
        job,
        status=dg.DagsterRunStatus.STARTED,
        tags={"practice": "oak", PROCESS_TAG: this_process()},
    )
    tick(world)
    ended = world.instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status is dg.DagsterRunStatus.FAILURE
    assert opened(world) == [("WorkerDied", ("elm-street",))]
    other = world.instance.get_run_by_id(going_on.run_id)
    assert other is not None
    assert other.status is dg.DagsterRunStatus.STARTED


def killed(world: World) -> dg.DagsterRun:
    """A copy that was begun, and whose process is gone."""
    host = this_process().rpartition("/")[0].rpartition("/")[0]
    run = world.instance.create_run_for_job(
        build_definitions(resources=world.resources).resolve_job_def("copy_practice"),
        tags={"practice": "elm-street", PROCESS_TAG: f"{host}/4194304/1"},
    )
    begun = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, job_name=run.job_name)
    world.instance.report_dagster_event(begun, run.run_id)
    return run


def test_a_killed_run_that_is_noticed_after_a_newer_copy_went_through_is_no_trouble(
    world: World, run_job: Callable[..., dg.ExecuteInProcessResult]
) -> None:
    run = killed(world)
    assert run_job().success
    tick(world)
    ended = world.instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status is dg.DagsterRunStatus.FAILURE
    assert opened(world) == []


def test_a_killed_run_that_is_noticed_after_a_newer_failure_hides_none(world: World) -> None:
    killed(world)
    fail(world, "elm-street")
    tick(world)
    assert opened(world) == [("PimsAccessDenied|generic", ("elm-street",))]


def test_a_run_that_is_just_executed_again_is_not_ended_for_the_process_of_the_run_before(
    world: World,
) -> None:

    host = this_process().rpartition("/")[0].rpartition("/")[0]
    job = build_definitions(resources=world.resources).resolve_job_def("copy_practice")
    made = world.instance.create_run_for_job(
        job,
        tags={
            "practice": "elm-street",
            "dagster/parent_run_id": "an-earlier-run",
            PROCESS_TAG: f"{host}/4194304/1",
        },
    )
    assert made.status is dg.DagsterRunStatus.NOT_STARTED
    tick(world)
    again = world.instance.get_run_by_id(made.run_id)
    assert again is not None
    assert again.status is dg.DagsterRunStatus.NOT_STARTED
    assert opened(world) == []


def test_a_run_that_ended_while_runs_were_looked_through_is_not_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:

    job = build_definitions(resources=world.resources).resolve_job_def("copy_practice")
    run = world.instance.create_run_for_job(
        job, status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: this_process()}
    )

    def ends_now(process: str) -> bool:
        succeeded = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, job_name=run.job_name)
        world.instance.report_dagster_event(succeeded, run.run_id)
        return True

    monkeypatch.setattr(processes, "is_gone", ends_now)
    assert processes.runs_under_way(world.instance) == []
    ended = world.instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status is dg.DagsterRunStatus.SUCCESS


def test_a_process_is_gone_only_when_this_machine_knows_it_is() -> None:
    mine = this_process()
    machine, _, started = mine.rpartition("/")
    assert not is_gone(mine)
    assert is_gone(f"{machine}/{int(started) + 1}"), "the number was given to another process"
    assert not is_gone(f"elsewhere{mine}"), "another host's numbers mean nothing here"
    assert not is_gone("")

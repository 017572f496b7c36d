"""Runs that run monitoring ends: told as what they are, not as a process that died."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster._daemon.monitoring import run_monitoring

from automation.failures import read_failure
from automation.forked_launcher import ForkedRunLauncher
from automation.processes import is_gone
from tests.automation.test_forked_launcher import PROCESS_TAG, found, launched, until
from vet_pipeline.oncall.causes import Failure

LOGGER = logging.getLogger(__name__)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    settings = {
        "run_launcher": {"module": ForkedRunLauncher.__module__, "class": "ForkedRunLauncher"},
        "run_monitoring": {
            "enabled": True, "start_timeout_seconds": 1, "max_runtime_seconds": 1,
        },
        "telemetry": {"enabled": False},
    }  # fmt: skip
    with dg.instance_for_test(temp_dir=str(tmp_path), overrides=settings) as made:
        yield made


@dg.job
def copy_practice() -> None:
    """A job of that name."""


def record_of(instance: dg.DagsterInstance, run_id: str) -> dg.RunRecord:
    record = instance.get_run_record_by_id(run_id)
    assert record is not None
    return record


def started(instance: dg.DagsterInstance) -> str:
    """A run that goes on somewhere else, so that nobody can interrupt it; its id."""
    run = instance.create_run_for_job(copy_practice, tags={"practice": "oak"})
    began = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, job_name=run.job_name)
    instance.report_dagster_event(began, run.run_id)
    return run.run_id


def monitored(instance: dg.DagsterInstance, run_id: str) -> Failure:
    """What is told of a run after its time is over and run monitoring has looked at it."""
    time.sleep(1.1)
    record = record_of(instance, run_id)
    if record.dagster_run.status is dg.DagsterRunStatus.STARTING:
        run_monitoring.monitor_starting_run(instance, record, LOGGER)
    else:
        with WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as context:
            workspace = context.create_request_context()
            run_monitoring.monitor_started_run(instance, workspace, record, LOGGER)
    assert found(instance, run_id).status is dg.DagsterRunStatus.FAILURE
    return read_failure(instance, record_of(instance, run_id))


TOO_LONG = (
    "the run was ended after 1 seconds, the longest that one may take",
    "see whether the PIMS is slow, or a step hangs; vet-pipeline retry oak; where it needs longer,"
    " raise max_runtime_seconds in dagster.yaml",
)


def test_a_run_over_its_maximum_time_is_told_so(instance: dg.DagsterInstance) -> None:
    failure = monitored(instance, started(instance))
    assert failure.error == "RunTooLong"
    assert (failure.what, failure.next_step) == TOO_LONG


@pytest.mark.parametrize("retried", [False, True])
def test_so_is_one_whose_step_was_interrupted_by_that(
    instance: dg.DagsterInstance, retried: bool
) -> None:
    run_id = launched(instance, 300, retried=retried)
    until(lambda: found(instance, run_id).status is dg.DagsterRunStatus.STARTED)
    instance.add_run_tags(run_id, {"practice": "oak"})
    monitored(instance, run_id)
    until(lambda: is_gone(found(instance, run_id).tags[PROCESS_TAG]))
    failure = read_failure(instance, record_of(instance, run_id))
    assert failure.error == "RunTooLong"
    assert (failure.what, failure.next_step) == TOO_LONG


def test_a_run_that_nobody_started_is_told_so(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(copy_practice, tags={"practice": "oak"})
    asked = dg.DagsterEvent(dg.DagsterEventType.RUN_STARTING.value, job_name=run.job_name)
    instance.report_dagster_event(asked, run.run_id)
    failure = monitored(instance, run.run_id)
    assert (failure.error, failure.what, failure.next_step) == (
        "RunNotStarted",
        "nobody started the run within 1 seconds of its launch",
        "see whether workers run and have room for it (deploy/README.md); vet-pipeline retry oak",
    )


def test_no_other_words_of_dagster_are_passed_on(instance: dg.DagsterInstance) -> None:
    run_id = started(instance)
    instance.report_run_failed(found(instance, run_id), "PWD=secret: Exceeded maximum runtime of 5")
    failure = read_failure(instance, record_of(instance, run_id))
    assert failure.error == "WorkerDied"
    assert "secret" not in failure.what + failure.next_step

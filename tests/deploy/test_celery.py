"""Runs on Celery workers behind a real Redis, started from everywhere at once and killed in mid-run."""

from __future__ import annotations

import itertools
import signal
from typing import Any

import dagster as dg
import pytest

from automation.run import run_practice
from tests.deploy.conftest import NAMES, Works
from tests.deploy.plant import until
from tests.soak import SOAK

pytestmark = pytest.mark.timeout(1800)

# A plant takes half a minute of CPU to start, so the daily run has one of these tests.
in_soak = pytest.mark.skipif(not SOAK, reason="only by `make soak`")

LOCATION = {"repositoryLocationName": "vet_pipeline", "repositoryName": "__repository__"}
ASSETS = ("raw_clients", "raw_patients", "clients", "pets", "change_deltas", "scriptright_records")
LAUNCH = """
mutation($executionParams: ExecutionParams!) {
  launchRun(executionParams: $executionParams) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}"""
BACKFILL = """
mutation($backfillParams: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $backfillParams) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
  }
}"""
START_SENSOR = """
mutation($sensorSelector: SensorSelector!) {
  startSensor(sensorSelector: $sensorSelector) { __typename ... on PythonError { message } }
}"""


def keys() -> list[dict[str, list[str]]]:
    return [{"path": [name]} for name in ASSETS]


def launch_job(works: Works, practice: str, **tags: str) -> str:
    """As the button on a job's page does."""
    return _launched(works, {"jobName": "copy_practice"}, practice, tags)


def launch_assets(works: Works, practice: str) -> str:
    """As the Materialize button of the asset graph does."""
    return _launched(works, {"jobName": "__ASSET_JOB", "assetSelection": keys()}, practice, {})


def _launched(works: Works, what: dict[str, Any], practice: str, tags: dict[str, str]) -> str:
    tags = {"dagster/partition": practice, **tags}
    params = {
        "selector": {**LOCATION, **what},
        "mode": "default",
        "executionMetadata": {"tags": [{"key": k, "value": v} for k, v in tags.items()]},
    }
    answer = works.plant.ask(LAUNCH, {"executionParams": params})["launchRun"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])


def launch_backfill(works: Works, practices: tuple[str, ...]) -> str:
    params = {"assetSelection": keys(), "partitionNames": list(practices), "tags": []}
    answer = works.plant.ask(BACKFILL, {"backfillParams": params})["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer
    return str(answer["backfillId"])


def start_sensor(works: Works, name: str) -> None:
    selector = {**LOCATION, "sensorName": name}
    answer = works.plant.ask(START_SENSOR, {"sensorSelector": selector})["startSensor"]
    assert answer["__typename"] == "Sensor", answer


def runs_of(works: Works, **tags: str) -> list[dg.RunRecord]:
    return list(works.instance.get_run_records(dg.RunsFilter(tags=tags), ascending=True))


def ended(works: Works, run_id: str) -> dg.DagsterRun | None:
    run = works.instance.get_run_by_id(run_id)
    return run if run and run.is_finished else None


def retry_of(works: Works, run_id: str) -> dg.DagsterRun | None:
    """The run that Dagster started in place of a dead one, when it has ended."""
    found = runs_of(works, **{"dagster/parent_run_id": run_id})
    return found[0].dagster_run if found and found[0].dagster_run.is_finished else None


def assert_in_order(works: Works, practice: str) -> None:
    """Each load builds on the one before it; no record is there twice."""
    ledger = works.ledger(practice)
    numbers = [seq for seq, _, state in ledger if state == "applied"]
    bases = [base for _, base, state in ledger if state == "applied"]
    assert numbers == sorted(set(numbers))
    assert bases == [None, *numbers[:-1]]
    taken, have = works.records(practice)
    assert taken == have > 0


@in_soak
def test_whatever_starts_them_runs_of_a_practice_come_one_after_another(works: Works) -> None:
    start_sensor(works, "practice_is_due")
    by_hand = [launch_job(works, "oak"), launch_assets(works, "oak"), launch_job(works, "elm")]
    backfill = launch_backfill(works, NAMES)
    here = run_practice("oak", home=works.plant.home)  # `vet-pipeline run oak`, past the queue
    assert here.state in ("applied", "failed")

    due = {"dagster/sensor_name": "practice_is_due"}
    asked = {"dagster/backfill": backfill}
    until("the backfill has three runs", lambda: len(runs_of(works, **asked)) == 3)
    until(
        "the sensor asked, or found each practice busy or copied",
        lambda: runs_of(works, **due) or all(works.ledger(name) for name in NAMES),
    )
    for run in works.instance.get_runs():
        until(f"run {run.run_id} ends", lambda run=run: ended(works, run.run_id))

    for practice in NAMES:
        queued = [
            r for r in runs_of(works, practice=practice) if r.dagster_run.run_id != here.run_id
        ]
        times = sorted((r.start_time or 0, r.end_time or 0) for r in queued)
        assert len(times) >= (3 if practice == "oak" else 1)
        for (_, end), (start, _) in itertools.pairwise(times):
            assert start >= end, f"two runs of {practice} at a time"
        assert all(r.dagster_run.tags["pims"] == "generic" for r in queued)
        assert len({r.dagster_run.tags["pims_server"] for r in queued}) == 1
        assert_in_order(works, practice)
    for run_id in by_hand:
        tags = works.instance.get_run_by_id(run_id).tags  # type: ignore[union-attr]
        assert tags["dagster/priority"] == "10"
        assert "dagster-celery/task_id" in tags
    for record in runs_of(works, **asked):
        assert record.dagster_run.tags["dagster/priority"] == "-10"


def start_and_wait_in_mid_run(works: Works, practice: str) -> str:
    """A run that has read and compared, and waits in its transaction for the practice's lock."""
    works.pims[practice].add_client("2", first_name="Bo", last_name="Lund", city="Salem")
    run_id = launch_job(works, practice)
    until("the load waits for the practice's lock", works.waiting_loads)
    return run_id


def test_killed_pool_processes_fail_the_run_and_the_retry_applies_it_once(works: Works) -> None:
    before = works.ledger("elm")
    with works.held("elm"):
        run_id = start_and_wait_in_mid_run(works, "elm")
        for child in works.plant.children("worker1"):
            child.send_signal(signal.SIGKILL)
        until("the run is seen to be dead", lambda: ended(works, run_id))
        assert works.ledger("elm") == before
    retry = until("its retry ends", lambda: retry_of(works, run_id))
    assert works.instance.get_run_by_id(run_id).status is dg.DagsterRunStatus.FAILURE  # type: ignore[union-attr]
    assert retry.status is dg.DagsterRunStatus.SUCCESS
    assert len(works.ledger("elm")) == len(before) + 1
    assert_in_order(works, "elm")


@in_soak
def test_a_killed_worker_is_missed_and_another_takes_its_run(works: Works) -> None:
    before = works.ledger("ash")
    with works.held("ash"):
        run_id = start_and_wait_in_mid_run(works, "ash")
        works.plant.kill("worker1")
        until("the run is seen to be dead", lambda: ended(works, run_id))
        assert works.ledger("ash") == before
    waiting = launch_job(works, "oak")
    works.plant.start_worker("worker2", 2)
    retry = until("its retry ends", lambda: retry_of(works, run_id))
    assert works.instance.get_run_by_id(run_id).status is dg.DagsterRunStatus.FAILURE  # type: ignore[union-attr]
    assert retry.status is dg.DagsterRunStatus.SUCCESS
    assert len(works.ledger("ash")) == len(before) + 1
    assert_in_order(works, "ash")
    # What was launched while nobody worked waited in Redis.
    assert until("it ends", lambda: ended(works, waiting)).status is dg.DagsterRunStatus.SUCCESS
    assert_in_order(works, "oak")


@in_soak
def test_a_redis_that_lost_everything_in_mid_run_loses_and_doubles_no_load(works: Works) -> None:
    before = works.ledger("oak")
    works.pims["oak"].add_client("3", first_name="Cy", last_name="Young", city="Salem")
    with works.held("oak"):
        launch_job(works, "oak")
        until("the load waits for the practice's lock", works.waiting_loads)
        works.plant.kill("redis")
        works.plant.start_redis()
    until("the load is in the ledger", lambda: len(works.ledger("oak")) > len(before))
    after = launch_job(works, "oak")  # workers have found the new Redis
    assert until("it ends", lambda: ended(works, after)).status is dg.DagsterRunStatus.SUCCESS
    for run in works.instance.get_runs():
        until(f"run {run.run_id} ends", lambda run=run: ended(works, run.run_id))
    assert_in_order(works, "oak")
    seen = works.pims["oak"].count("vetpipeline_clients")
    assert works.records("oak") == (seen, seen)

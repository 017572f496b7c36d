"""The launcher of one machine: real forks, a real instance, processes that are killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.launcher import LaunchRunContext, WorkerStatus

from automation import forked_launcher
from automation.forked_launcher import ForkedRunLauncher
from automation.processes import PROCESS_TAG, is_gone, tag_of
from resources.failures import RETRIES, told_as_failures

PATIENCE = 60.0


@dg.op(config_schema={"seconds": int})
def wait(context: dg.OpExecutionContext) -> None:
    context.log.info(f"in process {os.getpid()}")
    time.sleep(context.op_config["seconds"])


@dg.job
def waiting() -> None:
    wait()


@dg.op(config_schema={"seconds": int}, retry_policy=RETRIES)
@told_as_failures
def read(context: dg.OpExecutionContext) -> None:
    time.sleep(context.op_config["seconds"])


@dg.job
def reading() -> None:
    read()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    settings = {
        "run_launcher": {"module": ForkedRunLauncher.__module__, "class": "ForkedRunLauncher"},
        "telemetry": {"enabled": False},
    }
    with dg.instance_for_test(temp_dir=str(tmp_path), overrides=settings) as instance:
        yield instance


def launched(instance: dg.DagsterInstance, seconds: int, *, retried: bool = False) -> str:
    """A run that waits so long, launched; its id. `retried`: in a step that is tried again."""
    job = dg.reconstructable(reading if retried else waiting)
    op = "read" if retried else "wait"
    run = instance.create_run_for_job(
        job.get_definition(),
        run_config={"ops": {op: {"config": {"seconds": seconds}}}},
        job_code_origin=job.get_python_origin(),
        status=dg.DagsterRunStatus.STARTING,
    )
    instance.run_launcher.launch_run(LaunchRunContext(run, workspace=None))
    return run.run_id


def found(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRun:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run


def is_at_work(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a step has begun: a signal while its process starts is lost on the way to that."""
    return bool(instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_START))


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def process_of(run: dg.DagsterRun) -> psutil.Process:
    return psutil.Process(int(run.tags[PROCESS_TAG].split("/")[-2]))


def test_a_run_is_forked_into_a_process_of_its_own_and_ends(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.run_launcher, ForkedRunLauncher)
    ids = [launched(instance, 0), launched(instance, 0)]
    until(lambda: all(found(instance, one).is_finished for one in ids))
    assert [found(instance, one).status for one in ids] == [dg.DagsterRunStatus.SUCCESS] * 2
    processes = {found(instance, one).tags[PROCESS_TAG] for one in ids}
    assert len(processes | {tag_of(os.getpid())}) == 3
    until(lambda: all(is_gone(one) for one in processes))


def test_a_run_whose_process_was_killed_is_told_to_run_monitoring(
    instance: dg.DagsterInstance,
) -> None:
    run_id = launched(instance, 300)
    launcher = instance.run_launcher
    assert launcher.supports_check_run_worker_health
    until(lambda: found(instance, run_id).status is dg.DagsterRunStatus.STARTED)
    run = found(instance, run_id)
    assert launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
    process_of(run).send_signal(signal.SIGKILL)
    until(lambda: is_gone(run.tags[PROCESS_TAG]))
    assert launcher.check_run_worker_health(run).status is WorkerStatus.FAILED


def test_a_run_that_is_terminated_is_cancelled(instance: dg.DagsterInstance) -> None:
    run_id = launched(instance, 300)
    until(lambda: is_at_work(instance, run_id))
    assert instance.run_launcher.terminate(run_id)
    until(lambda: found(instance, run_id).is_finished)
    assert found(instance, run_id).status is dg.DagsterRunStatus.CANCELED
    assert not instance.run_launcher.terminate(run_id)


def test_so_is_one_whose_step_is_tried_again_after_an_error(instance: dg.DagsterInstance) -> None:
    run_id = launched(instance, 300, retried=True)
    steps = {dg.DagsterEventType.STEP_START}
    until(lambda: bool(instance.get_records_for_run(run_id, of_type=steps).records))
    process = found(instance, run_id).tags[PROCESS_TAG]
    assert instance.run_launcher.terminate(run_id)
    until(lambda: is_gone(process))
    assert found(instance, run_id).status is dg.DagsterRunStatus.CANCELED
    again = {dg.DagsterEventType.STEP_UP_FOR_RETRY, dg.DagsterEventType.STEP_RESTARTED}
    assert not instance.get_records_for_run(run_id, of_type=again).records


def test_a_process_whose_daemon_died_before_it_said_what_to_run_ends(
    instance: dg.DagsterInstance,
) -> None:
    forks = forked_launcher.multiprocessing.get_context("forkserver")
    told, tell = forks.Pipe(duplex=False)
    process = forks.Process(target=forked_launcher._execute, args=(told,))
    process.start()
    told.close()
    tell.close()
    process.join(PATIENCE)
    assert process.exitcode == 0
    assert instance.get_runs() == []


def test_changed_sources_are_left_to_dagsters_own_launcher(
    instance: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in forked_launcher._ROOMS:
        (tmp_path / room).mkdir()
    source = tmp_path / "assets" / "pims.py"
    source.write_text("before")
    monkeypatch.setattr(forked_launcher, "_PROJECT", tmp_path)
    forked_launcher._source_at_start.cache_clear()
    assert not forked_launcher.changed_since_start()
    os.utime(source, (0, 0))
    assert forked_launcher.changed_since_start()
    # Dagster's own asks the code server, which this test has none of.
    with pytest.raises(dg.DagsterInvariantViolationError, match="requires a workspace"):
        launched(instance, 0)
    forked_launcher._source_at_start.cache_clear()


def test_a_commands_run_is_seen_to_be_gone_on_celery_too(tmp_path: Path) -> None:
    from automation.celery_launcher import WatchedCeleryRunLauncher

    gone = tag_of(os.getpid()).rpartition("/")[0] + "/1"  # this number, another start
    settings = {
        "run_launcher": {
            "module": WatchedCeleryRunLauncher.__module__,
            "class": "WatchedCeleryRunLauncher",
            "config": {"broker": "memory://", "backend": "cache+memory://"},
        },
        "telemetry": {"enabled": False},
    }
    with dg.instance_for_test(temp_dir=str(tmp_path), overrides=settings) as instance:
        run = instance.create_run_for_job(
            dg.reconstructable(waiting).get_definition(),
            run_config={"ops": {"wait": {"config": {"seconds": 0}}}},
            tags={PROCESS_TAG: gone},
            status=dg.DagsterRunStatus.STARTED,
        )
        health = instance.run_launcher.check_run_worker_health(run)
        assert health.status == WorkerStatus.FAILED
        assert instance.run_launcher.terminate(run.run_id) is False

"""Runs forked from a process that has imported everything: the launcher of one machine.

Dagster's default launcher starts a run from nothing, and most of such a run's CPU is imports
(docs/benchmarks.md). Here the daemon keeps one process that has read automation.preload, and
Python's forkserver forks each run from it, as a Celery worker does with its pool. A run is still a
process of its own.
"""

import multiprocessing
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import dagster as dg

from automation.compat import (
    CheckRunHealthResult,
    LaunchRunContext,
    execute_run,
    run_arguments,
)
from automation.processes import PROCESS_TAG, health_of_process, interrupt, tag_of

PRELOAD = "automation.preload"
_PROJECT = Path(__file__).resolve().parent.parent
_ROOMS = ("automation", "assets", "expectations", "resources", "vet_pipeline")


class ForkedRunLauncher(dg.DefaultRunLauncher):
    """Dagster's default launcher, with the run's process forked instead of started from nothing.

    Once a source file has changed, runs are the default launcher's again: an engineer who edits an
    asset and reloads the code location gets the new code. A restarted daemon forks again.
    """

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start the run's process; it is told what to run once its number is in the run's tags.

        A daemon that is killed in between leaves a process that ends by itself, and a run that
        monitoring fails after start_timeout_seconds.
        """
        if changed_since_start():
            super().launch_run(context)
            return
        run = context.dagster_run
        origin = run.job_code_origin
        if origin is None:
            raise dg.DagsterInvariantViolationError("the run doesn't say where its code is")
        arguments = run_arguments(self._instance, run.run_id, origin)
        forks = multiprocessing.get_context("forkserver")
        told, tell = forks.Pipe(duplex=False)
        process = forks.Process(target=_execute, args=(told,), name=f"run {run.run_id}")
        process.start()
        told.close()
        with tell:
            self._instance.add_run_tags(run.run_id, {PROCESS_TAG: tag_of(process.pid)})
            tell.send(arguments)

    # The return type is Dagster's own and isn't exported.
    @property
    def supports_check_run_worker_health(self) -> bool:
        """Run monitoring may ask: the process is on its own machine."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """FAILED once the run's process is gone; a run without one is looked after by Dagster."""
        return health_of_process(run)

    def terminate(self, run_id: str) -> bool:
        """Interrupt the run, as Ctrl-C would; False when it has ended or isn't on this machine."""
        run = self._instance.get_run_by_id(run_id)
        process = run.tags.get(PROCESS_TAG) if run and not run.is_finished else None
        if run is None or not process:
            return super().terminate(run_id)
        self._instance.report_run_canceling(run)
        return interrupt(process)


def newest_source() -> float:
    """When a file of the project's packages was last changed, as the files say."""
    files = (path for room in _ROOMS for path in (_PROJECT / room).rglob("*.*"))
    return max(path.stat().st_mtime for path in files if path.suffix != ".pyc")


@cache
def _source_at_start() -> float:
    """The same at this process's first launch, when the forkserver reads the packages."""
    multiprocessing.set_forkserver_preload([PRELOAD])
    return newest_source()


def changed_since_start() -> bool:
    """Whether what a fork would run is not what is on disk."""
    return _source_at_start() != newest_source()


def _execute(told: Connection) -> None:
    """In the run's process."""
    try:
        arguments = told.recv()
    except EOFError:  # the daemon died before it had noted who we are
        return
    execute_run(arguments)

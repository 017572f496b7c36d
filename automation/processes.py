"""Runs in a process of ours that is gone: recognised at once, not after Dagster's maximum run time.

A run of `vet-pipeline run` has no launcher that run monitoring could ask, and a forked one outlives
the daemon that started it. So such a run carries its process as a tag, and whoever looks on the
same machine can tell. A process is told apart by host, PID namespace, number and the moment it
started.
"""

import os
import signal
import socket
from pathlib import Path

import dagster as dg

from automation.compat import CheckRunHealthResult, WorkerStatus

PROCESS_TAG = ".dagster/vet_pipeline_process"  # with the prefix that the pages hide
_ZOMBIE = "Z"
_PARENT_TAG = "dagster/parent_run_id"  # Dagster's own, of a run that was executed again
_IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def this_process() -> str:
    """The tag's value for a run in this process."""
    return tag_of(os.getpid())


def tag_of(number: int | None) -> str:
    """The tag's value for a run in the process of this number; blank for none."""
    return f"{_machine()}/{number}/{_started(number) or ''}" if number else ""


def is_gone(process: str) -> bool:
    """Whether the process of a tag ran on this machine and runs no more.

    Another account's process may not be looked at (/proc with hidepid): it counts as running as
    long as there is one of its number.
    """
    number, which = _here(process)
    if not number:
        return False
    started = _started(number)
    if started is None:
        return not _exists(number)
    return not started or started != which


def health_of_process(run: dg.DagsterRun) -> CheckRunHealthResult:
    """FAILED once the run's process is gone; of one on another machine nothing can be said."""
    if is_gone(run.tags.get(PROCESS_TAG, "")):
        return CheckRunHealthResult(WorkerStatus.FAILED, "the process of this run is gone")
    return CheckRunHealthResult(WorkerStatus.RUNNING)


def interrupt(process: str) -> bool:
    """Ask the process of a tag to stop; False when it is gone, or on another machine."""
    number, which = _here(process)
    if not number or (_started(number) or "") != which:
        return False
    os.kill(number, signal.SIGTERM)
    return True


def _here(process: str) -> tuple[int, str]:
    """Number and start of a process of this machine; 0 for one of another."""
    machine, _, which = process.rpartition("/")
    machine, _, number = machine.rpartition("/")
    return (int(number) if machine == _machine() and number.isdigit() else 0), which


def runs_under_way(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs that wait or go on; those whose process is gone are ended as failed first."""
    alive = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_IN_PROGRESS)):
        if _has_no_process_yet(run) or not is_gone(run.tags.get(PROCESS_TAG, "")):
            alive.append(run)
        # A process may have done its work and ended since the runs were listed: its last words are
        # in the storage before it is gone, so only a look after that can tell.
        elif (now := instance.get_run_by_id(run.run_id)) and now.status in _IN_PROGRESS:
            instance.report_run_failed(
                now, "the process of this run is gone; nothing is half applied"
            )
    return alive


def _has_no_process_yet(run: dg.DagsterRun) -> bool:
    """Whether a run that is executed again is still being made: its tag is the earlier run's.

    Dagster copies the tags, and the queue takes this one away as it takes the run (coordinator.py).
    """
    return run.status is dg.DagsterRunStatus.NOT_STARTED and _PARENT_TAG in run.tags


def _machine() -> str:
    """Host and PID namespace: a container's numbers mean nothing outside of it."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}"


def _started(number: int) -> str | None:
    """When the process started, in clock ticks since boot; blank for one that has ended already.

    None when that can't be read: there is no such process, or it isn't ours to look at.
    """
    try:
        facts = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return "" if facts[0] == _ZOMBIE else facts[19]


def _exists(number: int) -> bool:
    """Whether there is a process of this number, whoever's."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True

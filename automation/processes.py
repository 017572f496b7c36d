"""Runs in a process of ours that is gone: recognised at once, not after Dagster's maximum run time.

Dagster's monitor asks a launcher whether a run's worker lives; a run of `vet-pipeline run` has no
launcher. So such a run carries its process as a tag, and whoever looks on the same machine can
tell. A process is told apart by host, PID namespace, number and the moment it started.
"""

import os
import socket
from pathlib import Path

import dagster as dg

PROCESS_TAG = "vet_pipeline/process"
_ZOMBIE = "Z"
_IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def this_process() -> str:
    """The tag's value for a run in this process."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}"


def is_gone(process: str) -> bool:
    """Whether the process of a tag ran on this machine and runs no more."""
    machine, _, which = process.rpartition("/")
    machine, _, number = machine.rpartition("/")
    return machine == _machine() and number.isdigit() and _started(int(number)) != which


def runs_under_way(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs that wait or go on; those whose process is gone are ended as failed first."""
    alive = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_IN_PROGRESS)):
        if is_gone(run.tags.get(PROCESS_TAG, "")):
            instance.report_run_failed(
                run, "the process of this run was killed; nothing is half applied"
            )
        else:
            alive.append(run)
    return alive


def _machine() -> str:
    """Host and PID namespace: a container's numbers mean nothing outside of it."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}"


def _started(number: int) -> str:
    """When the process started, in clock ticks since boot; blank when there is none (any more)."""
    try:
        facts = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if facts[0] == _ZOMBIE else facts[19]

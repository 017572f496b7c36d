"""What Dagster calls private and we can't do without: all of it, in one place.

Whoever takes a new release of Dagster looks here first. What isn't loaded by `import dagster` is
imported when it is called for: the code location must stay quick to load.
"""

from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError
from dagster._core.events import JobFailureData, RunFailureReason
from dagster._core.launcher import CheckRunHealthResult, LaunchRunContext, WorkerStatus

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from dagster._core.origin import JobPythonOrigin
    from dagster._core.remote_origin import RemoteJobOrigin
    from dagster._core.scheduler.instigation import InstigatorState, InstigatorTick
    from sqlalchemy import Connection, Table

__all__ = [
    "EXECUTES_RUNS",
    "CheckRunHealthResult",
    "DagsterAssetCheckFailedError",
    "JobFailureData",
    "LaunchRunContext",
    "RunFailureReason",
    "WorkerStatus",
    "check_log",
    "execute_here",
    "execute_run",
    "is_switched_off",
    "last_look",
    "origin_of",
    "run_arguments",
    "tick_failed",
]

EXECUTES_RUNS = "dagster._cli.api"  # the module behind `execute_run`, for who loads it before


def run_arguments(instance: dg.DagsterInstance, run_id: str, origin: "JobPythonOrigin") -> str:
    """What `execute_run` is told, as text."""
    from dagster._grpc.types import ExecuteRunArgs
    from dagster._serdes import serialize_value

    return serialize_value(
        ExecuteRunArgs(job_origin=origin, run_id=run_id, instance_ref=instance.get_ref())
    )


def execute_run(arguments: str) -> None:
    """What `dagster api execute_run` does, as in a container."""
    from dagster._cli.api import execute_run_command

    execute_run_command.main(args=[arguments], standalone_mode=False)


def origin_of(job_name: str, *, location: str) -> "RemoteJobOrigin":
    """Where a job is from, as runs that the pages launch say.

    Without it they list none under their job, and can't execute one again. How the location is
    served is the workspace's to know.
    """
    from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin

    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(location), "__repository__")
    return repository.get_job_origin(job_name)


def execute_here(
    job: dg.JobDefinition, run: dg.DagsterRun, instance: dg.DagsterInstance
) -> dg.JobExecutionResult:
    """A run that is on record, in this process; a failed step is in the result, not raised.

    `execute_in_process` can't say where the job is from.
    """
    from dagster._core.definitions.job_base import InMemoryJob
    from dagster._core.execution.api import execute_run

    return execute_run(InMemoryJob(job), run, instance)


def is_switched_off(instigator: "InstigatorState") -> bool:
    """Whether somebody has switched this sensor or schedule off."""
    from dagster._core.scheduler.instigation import InstigatorStatus

    return instigator.status is InstigatorStatus.STOPPED


def tick_failed(tick: "InstigatorTick") -> bool:
    """Whether a look of a sensor or schedule failed."""
    from dagster._core.scheduler.instigation import TickStatus

    return tick.status is TickStatus.FAILURE


def last_look(instance: dg.DagsterInstance, instigator: "InstigatorState") -> float:
    """When a sensor or schedule looked last by what its daemon goes by (seconds); 0: never."""
    noted = (
        getattr(instigator.instigator_data, name, None)
        for name in ("last_tick_timestamp", "last_tick_start_timestamp", "last_iteration_timestamp")
    )
    ticks = instance.get_ticks(instigator.instigator_origin_id, instigator.selector_id, limit=1)
    return float(max([0.0, *(at for at in noted if at), *(tick.timestamp for tick in ticks)]))


def check_log(
    instance: dg.DagsterInstance,
) -> "tuple[Table, AbstractContextManager[Connection]] | None":
    """The table of what checks said, and a connection to it; None where it isn't kept in SQL."""
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return None
    return AssetCheckExecutionsTable, storage.index_connection()

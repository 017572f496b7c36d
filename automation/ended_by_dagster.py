"""What is told of runs that Dagster itself ended or lost: our own code tells its errors itself.

Each function answers with error, what, next step and place, as failures.py wants them; None: not
so.
"""

import re

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from automation.compat import JobFailureData
from resources.failures import NO_PARTITION
from vet_pipeline.errors import DatabaseUnavailable, UsageError

# Dagster's words where run monitoring ends a run; of them only the number is told.
_TOO_LONG = re.compile(r"(?:Exceeded|Canceling due to exceeding) maximum runtime of (\d+) seconds")
_NOT_STARTED = re.compile(r"Run timed out due to taking longer than (\d+) seconds to start")
# Its words where the queue gives a run up that it couldn't launch; with the error's class.
_NOT_LAUNCHED = (
    "Caught an unrecoverable error while dequeuing the run",
    "Run dequeue failed to reach the user code server after",
)
# The first and last words of a run's process; a killed one hasn't the last.
_PROCESS = ("Started process for run", "Process for run exited")
# How Dagster's storage loses its database in mid-step; what our own code meets never comes as
# these.
_STORAGE_GONE = {"OperationalError", "InterfaceError", "DagsterPostgresException"}
_NO_SUCH_PARTITION = "Nonexistent partition keys"
_ENDED = {dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELING}


def before_ours(
    error: SerializableErrorInfo, practice: str | None, again: str
) -> tuple[str, str, str, str]:
    """What is told of a step that Dagster itself failed: our code tells its own."""
    if practice is None and error.cls_name == dg.DagsterInvariantViolationError.__name__:
        return UsageError.__name__, NO_PARTITION.what, NO_PARTITION.next_step, ""
    if practice and _NO_SUCH_PARTITION in error.message:
        what = "the practice has no partition in Dagster: somebody has deleted it there"
        return UsageError.__name__, what, f"make it anew: {again}", ""
    if error.cls_name in _STORAGE_GONE:
        what = f"Dagster's database went away in the middle of a step ({error.cls_name})"
        return _storage_gone(what, again)
    what = f"Dagster failed a step before our code began ({error.cls_name})"
    return "RunFailed", what, f"see the run's page; {again}", ""


def _storage_gone(what: str, again: str) -> tuple[str, str, str, str]:
    advice = f"check that the server of DAGSTER_PG_URL runs and has room; {again}"
    return DatabaseUnavailable.__name__, what, advice, ""


def not_launched(
    instance: dg.DagsterInstance, run: dg.DagsterRun, again: str
) -> tuple[str, str, str, str] | None:
    """What is told of a run that never had a process; None for any other."""
    records = instance.get_records_for_run(
        run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT
    ).records
    for record in records:
        event = record.event_log_entry.dagster_event
        if event and (event.message or "").startswith(_NOT_LAUNCHED):
            error = event.engine_event_data.error
            what = f"the run could not be launched ({error.cls_name if error else 'no error told'})"
            advice = (
                "see whether what starts runs is there: code server, broker, cluster"
                f" (deploy/README.md); {again}"
            )
            return "RunNotStarted", what, advice, ""
    return None


def lost_storage(
    instance: dg.DagsterInstance, run: dg.DagsterRun, again: str
) -> tuple[str, str, str, str] | None:
    """What is told of a run that Dagster's database ended between two steps; None for any other.

    The run says so, or its process ended by itself and noted no error: a database without room
    takes such a word where it takes no error. A second process, that found the run begun, has the
    same last word: that says nothing of the first.
    """
    events = {dg.DagsterEventType.ENGINE_EVENT, dg.DagsterEventType.RUN_FAILURE}
    records = instance.get_records_for_run(run.run_id, of_type=events).records
    said = [_message(record) for record in records]
    began, ended = (sum(one.startswith(word) for one in said) for word in _PROCESS)
    own = [failure for record in records if (failure := _noted_by_itself(record))]
    if any(one.error and one.error.cls_name in _STORAGE_GONE for one in own):
        return _storage_gone("Dagster's database went away in the middle of the run", again)
    if own or not ended or began > ended:
        return None
    what = "Dagster's database took nothing more of the run: it had no room, or was away"
    return _storage_gone(what, again)


def _noted_by_itself(record: dg.EventLogRecord) -> JobFailureData | None:
    """Why a run failed, by its own process; others note no reason."""
    event = record.event_log_entry.dagster_event
    return event.job_failure_data if event and event.is_job_failure else None


def timed_out(
    instance: dg.DagsterInstance, run: dg.DagsterRun, again: str
) -> tuple[str, str, str, str] | None:
    """What is told of a run that took too long, or never started; None for any other."""
    records = instance.get_records_for_run(run.run_id, of_type=_ENDED).records
    for message in (_message(record) for record in records):
        if found := _TOO_LONG.match(message):
            what = f"the run was ended after {found[1]} seconds, the longest that one may take"
            advice = (
                "see whether the PIMS is slow, or a step hangs;"
                f" {again}; where it needs longer, raise max_runtime_seconds in dagster.yaml"
            )
            return "RunTooLong", what, advice, ""
        if found := _NOT_STARTED.match(message):
            what = f"nobody started the run within {found[1]} seconds of its launch"
            advice = f"see whether workers run and have room for it (deploy/README.md); {again}"
            return "RunNotStarted", what, advice, ""
    return None


def _message(record: dg.EventLogRecord) -> str:
    event = record.event_log_entry.dagster_event
    return (event.message if event else None) or ""

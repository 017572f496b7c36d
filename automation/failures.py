"""Failed runs as on-call needs them: read from Dagster's instance, told apart by their error."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from assets.partitions import PRACTICE_TAG
from automation.compat import DagsterAssetCheckFailedError, JobFailureData
from automation.instance import failed_checks
from resources.failures import INTERRUPTED, NO_PARTITION
from vet_pipeline.errors import DatabaseUnavailable, UsageError
from vet_pipeline.oncall.causes import KINDS, NEVER_AGAIN, Failure

GUARD_CHECK = "snapshot_is_plausible"
STOPPED_TAG = "vet_pipeline/stopped"  # a run in a person's own process, ended by that person
PARTITION_TAG = "dagster/partition"
_PREVIEW_JOB = "plan_practice"  # somebody sits in front of it
_BY_HAND, _COPY_JOB = "__ASSET_JOB", "copy_practice"
_FLEET, _FLEET_JOB = dg.AssetKey("service_levels"), "look_at_fleet"
_WILL_RETRY_TAG = "dagster/will_retry"  # its next attempt tells the end
_RETRIED_TAG = "dagster/auto_retry_run_id"  # that attempt
# Dagster's daemon looks every few seconds. Less than alerts.OVERLAP: else nobody looks again in
# time.
_RETRIED_WITHIN = timedelta(minutes=5)
_PAGE = 500
_LAST_WORDS = 20  # of a run: after its end come a few, of retries and the like
_KILLED = "WorkerDied"
_DIED = (
    "the run ended without an error of a step: its process was killed, ran out of memory, its"
    " machine went, or Dagster's database had no room"
)
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
# What a step ends with that Dagster didn't fail by itself: somebody stopped it, or a check of ours.
_NOT_BY_ITSELF = {
    dg.DagsterExecutionInterruptedError.__name__,
    KeyboardInterrupt.__name__,
    DagsterAssetCheckFailedError.__name__,
}
_FAILED = dg.DagsterEventType.RUN_FAILURE
_ENDED = {_FAILED, dg.DagsterEventType.RUN_CANCELING}


def failed_since(
    instance: dg.DagsterInstance, since: datetime
) -> Iterator[tuple[dg.RunRecord, datetime]]:
    """Runs that failed for good since a moment (UTC), oldest first, with when each was recorded.

    Left out: previews, and runs that Dagster itself starts once more, or has just said it will.
    """
    while True:
        filters = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=since)
        page = instance.get_run_records(
            filters=filters, limit=_PAGE, order_by="update_timestamp", ascending=True
        )
        for record in page:
            if record.dagster_run.job_name != _PREVIEW_JOB and not _starts_again(record):
                yield record, _utc(record.update_timestamp)
        if len(page) < _PAGE:
            return
        since = _utc(page[-1].update_timestamp)


def _starts_again(record: dg.RunRecord) -> bool:
    """Whether a run's next attempt tells how it ended.

    Dagster says so when the run fails, and leaves it at that where it then starts none: the run is
    of a backfill that was cancelled or is over, or its daemon stumbled.
    """
    tags = record.dagster_run.tags
    if tags.get(_WILL_RETRY_TAG) != "true":
        return False
    waited = datetime.now(UTC) - _utc(record.update_timestamp)
    return _RETRIED_TAG in tags or waited < _RETRIED_WITHIN


def failed_at(record: dg.RunRecord) -> datetime:
    """When the run ended, by the clock of whoever ended it."""
    if record.end_time is not None:
        return datetime.fromtimestamp(record.end_time, UTC)
    return _utc(record.update_timestamp)


def practice_of(run: dg.DagsterRun) -> str | None:
    """The practice a run is about; None for jobs about none."""
    return run.tags.get(PARTITION_TAG) or run.tags.get(PRACTICE_TAG)


def job_of(run: dg.DagsterRun) -> str:
    """The job that a run is of; of assets materialized by hand the one that makes them by itself.

    About no practice only those fail, and they would do so until somebody makes them by hand again.
    """
    if run.job_name != _BY_HAND or practice_of(run):
        return run.job_name
    return _FLEET_JOB if run.asset_selection == {_FLEET} else _COPY_JOB


def last_success(instance: dg.DagsterInstance, job: str) -> datetime | None:
    """When a job succeeded last; of one that was started without its practice, when a copy did.

    Nobody may start it by hand again for months, and no practice has failed.
    """
    ends = []
    for name in {job, _COPY_JOB} if job in KINDS else {job}:
        records = instance.get_run_records(
            filters=dg.RunsFilter(job_name=name, statuses=[dg.DagsterRunStatus.SUCCESS]), limit=1
        )
        ends += [failed_at(record) for record in records]
    return max(ends, default=None)


def read_failure(instance: dg.DagsterInstance, record: dg.RunRecord) -> Failure:
    """Why a run failed: by its first step that told an error of ours, a check, or neither."""
    run = record.dagster_run
    error, what, next_step, place = _told(instance, run)
    return Failure(
        run_id=run.run_id,
        job=job_of(run),
        practice_id=practice_of(run),
        failed_at=_died_at(instance, record) if error == _KILLED else failed_at(record),
        error=error,
        what=what,
        next_step=next_step,
        place=place,
    )


def _died_at(instance: dg.DagsterInstance, record: dg.RunRecord) -> datetime:
    """When a killed run ended: as it was noticed, or, if a newer run has ended, was heard of last.

    Without a daemon that is days apart, and a newer run may have succeeded by then, or failed of
    something else.
    """
    run, noticed = record.dagster_run, failed_at(record)
    newer = dg.RunsFilter(
        tags={PRACTICE_TAG: practice_of(run) or ""},
        statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE],
        created_after=_utc(record.create_timestamp),
    )
    kind = KINDS.get(run.job_name)
    if not any(KINDS.get(one.job_name) == kind for one in instance.get_runs(filters=newer)):
        return noticed
    records = instance.get_records_for_run(run.run_id, limit=_LAST_WORDS, ascending=False).records
    said = [one.event_log_entry for one in records]
    kinds = [entry.dagster_event_type for entry in said]
    end = kinds.index(_FAILED) if _FAILED in kinds else len(kinds)
    last = [datetime.fromtimestamp(one.timestamp, UTC) for one in said[end + 1 :][:1]]
    return min([noticed, *last])


def _told(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[str, str, str, str]:
    if run.tags.get(STOPPED_TAG):
        return INTERRUPTED.error, INTERRUPTED.what, INTERRUPTED.next_step, ""
    practice = practice_of(run)
    again = f"vet-pipeline retry {practice}" if practice else "run the job again in the UI"
    if timed_out := _timed_out(instance, run, again):  # before the step that was interrupted by it
        return timed_out
    events = instance.get_records_for_run(
        run.run_id, of_type={dg.DagsterEventType.STEP_FAILURE}, limit=1
    ).records
    event = events[0].event_log_entry.dagster_event if events else None
    told = event.step_failure_data.user_failure_data if event else None
    if told:
        facts = {name: str(value.value) for name, value in told.metadata.items()}
        said, _, advice = (told.description or "").partition(". Next step: ")
        return (
            facts.get("error", "Failure"),
            facts.get("what") or said,
            facts.get("next_step") or advice or again,
            facts.get("place", ""),
        )
    failed = event.step_failure_data.error if event else None
    if failed and failed.cls_name not in _NOT_BY_ITSELF:
        return _before_ours(failed, practice, again)
    if checks := failed_checks(instance, run.run_id):
        name, said = next(iter(checks.items()))
        what, _, advice = said.partition(". Next step: ")
        error = "SnapshotHeld" if name == GUARD_CHECK else NEVER_AGAIN
        return error, what, advice or again, "" if name == GUARD_CHECK else name
    return (
        _not_launched(instance, run, again)
        or _lost_storage(instance, run, again)
        or (_KILLED, _DIED, again, "")
    )


def _before_ours(
    error: SerializableErrorInfo, practice: str | None, again: str
) -> tuple[str, str, str, str]:
    """What is told of a step that Dagster itself failed: our code tells its own."""
    if practice is None and error.cls_name == dg.DagsterInvariantViolationError.__name__:
        return UsageError.__name__, NO_PARTITION.what, NO_PARTITION.next_step, ""
    if practice and _NO_SUCH_PARTITION in error.message:
        what = "the practice has no partition in Dagster: somebody has deleted it there"
        return UsageError.__name__, what, f"{again} makes it anew", ""
    if error.cls_name in _STORAGE_GONE:
        what = f"Dagster's database went away in the middle of a step ({error.cls_name})"
        return _storage_gone(what, again)
    what = f"Dagster failed a step before our code began ({error.cls_name})"
    return "RunFailed", what, f"see the run's page; {again}", ""


def _storage_gone(what: str, again: str) -> tuple[str, str, str, str]:
    advice = f"check that the server of DAGSTER_PG_URL runs and has room; {again}"
    return DatabaseUnavailable.__name__, what, advice, ""


def _not_launched(
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


def _lost_storage(
    instance: dg.DagsterInstance, run: dg.DagsterRun, again: str
) -> tuple[str, str, str, str] | None:
    """What is told of a run that Dagster's database ended between two steps; None for any other.

    The run says so, or its process ended by itself and noted no error: a database without room takes
    such a word where it takes no error. A second process, that found the run begun, has the same
    last word: that says nothing of the first.
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


def _timed_out(
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


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

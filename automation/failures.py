"""Failed runs as on-call needs them: read from Dagster's instance, told apart by their error."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg

from assets.partitions import PRACTICE_TAG
from automation.compat import DagsterAssetCheckFailedError
from automation.ended_by_dagster import before_ours, lost_storage, not_launched, timed_out
from automation.instance import failed_checks
from resources.failures import INTERRUPTED
from vet_pipeline.errors import StaleDelta
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
# What a step ends with that Dagster didn't fail by itself: somebody stopped it, or a check of ours.
_NOT_BY_ITSELF = {
    dg.DagsterExecutionInterruptedError.__name__,
    KeyboardInterrupt.__name__,
    DagsterAssetCheckFailedError.__name__,
}
_FAILED = dg.DagsterEventType.RUN_FAILURE


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
        failed_at=_settled_by_what_came_after(instance, record, error),
        error=error,
        what=what,
        next_step=next_step,
        place=place,
    )


def _settled_by_what_came_after(
    instance: dg.DagsterInstance, record: dg.RunRecord, error: str
) -> datetime:
    """The moment after which a load of the practice has settled the failure; else it is news.

    Of a run that another load has overtaken its start: that load is what it failed of.
    """
    if error == _KILLED:
        return _died_at(instance, record)
    if error == StaleDelta.__name__ and record.start_time is not None:
        return datetime.fromtimestamp(record.start_time, UTC)
    return failed_at(record)


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
    if too_long := timed_out(instance, run, again):  # before the step that was interrupted by it
        return too_long
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
        return before_ours(failed, practice, again)
    if checks := failed_checks(instance, run.run_id):
        name, said = next(iter(checks.items()))
        what, _, advice = said.partition(". Next step: ")
        error = "SnapshotHeld" if name == GUARD_CHECK else NEVER_AGAIN
        return error, what, advice or again, "" if name == GUARD_CHECK else name
    return (
        not_launched(instance, run, again)
        or lost_storage(instance, run, again)
        or (_KILLED, _DIED, again, "")
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

"""Runs and their events go after a while: Dagster keeps both for ever, about 60 KB a run.

With them go the alerts that healed as long ago. Nothing is lost that anybody works by. What a load
did is in ScriptRight's ledger; the state of each practice in Dagster is in the newest run of each
asset's partition, and that one always stays.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg
from pydantic import Field

from automation.compat import check_log
from resources.failures import told_as_failures
from resources.scriptright import ScriptRightResource

_ENDED = [
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
]
# What tells a partition's state: that it was made, or that a run set out to make it.
_TELLING = (
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
)
_PAGE = 500
_Newest = dict[tuple[dg.DagsterEventType, dg.AssetKey, str], int]


class RunRetention(dg.Config):
    """How long runs and their events are kept, and how many are removed at a time."""

    days: int = Field(default=90, ge=7, description="Days after a run was created.")
    at_most: int = Field(default=20_000, ge=1, description="Runs removed by one run of the job.")


@dataclass
class Purged:
    """What a purge came to. `kept`: old runs that still tell a partition's state."""

    removed: int = 0
    kept: int = 0


def purge_runs(instance: dg.DagsterInstance, *, before: datetime, at_most: int = 20_000) -> Purged:
    """Remove ended runs created before `before` (UTC), oldest first, with all their events.

    A run stays while it is the newest to have made, or to have set out to make, the partition of
    any asset: so the UI, `failed` and a backfill of failed partitions find what they did before.
    Sensors never ask again for a removed run's key: keys carry the time they are for. Safe to
    repeat and to kill: events go before their run, so what is half removed is found again.
    """
    _forget_checks(instance, before)
    filters = dg.RunsFilter(statuses=_ENDED, created_before=before)
    newest = _newest_events(instance)
    purged = Purged()
    last_kept: str | None = None  # the page begins behind it: a run that is gone is no place
    while page := instance.get_runs(filters, cursor=last_kept, limit=_PAGE, ascending=True):
        for run in page:
            if purged.removed == at_most:
                return purged
            if _tells_a_state(instance, run, newest):
                last_kept = run.run_id
                purged.kept += 1
            else:
                instance.event_log_storage.delete_events(run.run_id)
                instance.delete_run(run.run_id)
                purged.removed += 1
    return purged


def _forget_checks(instance: dg.DagsterInstance, before: datetime) -> None:
    """Remove what checks said before `before` (UTC), but each partition's newest word of each.

    Dagster keeps that in a table of its own, a copy of each event, that it never clears: neither
    with a run's events nor with the run. By age and not by run, so that what earlier releases left
    goes, too.
    """
    import sqlalchemy as sa

    log = check_log(instance)
    if log is None:
        return
    said, connected = log
    ids = sa.select(sa.func.max(said.c.id))
    newest = ids.group_by(said.c.asset_key, said.c.check_name, said.c.partition)
    # The pages tell a partition by the newest that has ended: a run killed before it said a word
    # hides none.
    ended = newest.where(said.c.evaluation_event_storage_id.isnot(None))
    is_old = said.c.create_timestamp < before.astimezone(UTC).replace(tzinfo=None)
    kept = sa.union(newest, ended)
    with connected as connection:
        connection.execute(sa.delete(said).where(is_old, said.c.id.notin_(kept)))


def _newest_events(instance: dg.DagsterInstance) -> _Newest:
    """Storage id of the newest telling event of each kind, asset and partition."""
    return {
        (kind, asset, partition): storage_id
        for asset in instance.all_asset_keys()
        for kind in _TELLING
        for partition, storage_id in instance.get_latest_storage_id_by_partition(
            asset, kind
        ).items()
    }


def _tells_a_state(instance: dg.DagsterInstance, run: dg.DagsterRun, newest: _Newest) -> bool:
    records = instance.get_records_for_run(run.run_id, of_type=set(_TELLING)).records
    return any(
        (event := record.event_log_entry.dagster_event)
        and event.asset_key
        and newest.get((event.event_type, event.asset_key, event.partition or ""))
        == record.storage_id
        for record in records
    )


@dg.op(description="Remove ended runs older than the retention, with all their events.")
@told_as_failures
def remove_runs(
    context: dg.OpExecutionContext, config: RunRetention, scriptright: ScriptRightResource
) -> None:
    """Bounded; what is left over goes tomorrow. Days are counted by the database's clock.

    Dagster dates runs by its database's, which as a rule is on the same server.
    """
    from vet_pipeline.scriptright.records.baseline import clock_ahead

    with scriptright.connect() as engine:
        now = datetime.now(UTC) + clock_ahead(engine)
    before = now - timedelta(days=config.days)
    purged = purge_runs(context.instance, before=before, at_most=config.at_most)
    context.log.info("%s runs removed, %s kept", purged.removed, purged.kept)
    context.add_output_metadata(
        {"removed": purged.removed, "kept": purged.kept, "older_than_days": config.days}
    )


class AlertRetention(dg.Config):
    """How long an alert of on-call is kept after it has healed."""

    days: int = Field(default=90, ge=7, description="Days after it healed.")


@dg.op(
    ins={"after_runs": dg.In(dg.Nothing)},
    description="Remove alerts of on-call that healed longer ago than the retention.",
)
@told_as_failures
def remove_healed_alerts(
    context: dg.OpExecutionContext, config: AlertRetention, scriptright: ScriptRightResource
) -> None:
    """After the runs: by its alert a failed run that is still there is known to have been told."""
    from vet_pipeline.scriptright.postgres.roles import transaction
    from vet_pipeline.scriptright.telling import alert_healing

    with scriptright.connect() as engine, transaction(engine, "ops") as connection:
        removed = alert_healing.forget_healed(connection, days=config.days)
    context.log.info("%s healed alerts removed", removed)
    context.add_output_metadata({"removed": removed, "healed_days_ago": config.days})


@dg.job(
    executor_def=dg.in_process_executor,
    description="Remove ended runs that are older than the retention, with their events; each"
    " practice's newest runs stay, however old. Healed alerts of on-call go, too. ScriptRight's ledger and history"
    " are not touched.",
)
def remove_old_runs() -> None:
    """Over the whole instance, then over all alerts."""
    remove_healed_alerts(remove_runs())


@dg.schedule(
    job=remove_old_runs,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a day. On by default: Dagster's database grows without end otherwise.",
)
def daily_run_retention() -> dg.RunRequest:
    """One run a day."""
    return dg.RunRequest()

"""Raw snapshots go after 30 days (docs/rules.md section 8): the job and its schedule."""

from datetime import UTC, datetime, timedelta

import dagster as dg
from pydantic import Field

from automation.due import offboarded_practices
from resources.failures import told_as_failures
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource


class Retention(dg.Config):
    """How long a snapshot, its normalized tables and its quarantined rows are kept."""

    days: int = Field(default=30, ge=1, description="Days after the read.")


@dg.op(description="Remove snapshots read longer ago than the retention, of every practice.")
@told_as_failures
def remove_snapshots(
    context: dg.OpExecutionContext,
    config: Retention,
    snapshots: SnapshotStoreResource,
    scriptright: ScriptRightResource,
) -> None:
    """The baseline is ScriptRight's own, so no refresh needs an old snapshot. Safe to repeat.

    Whether a practice is active or paused, or a snapshot held, makes no difference. What a run
    under way has still written for a practice that was offboarded meanwhile goes at once. Days are
    counted by the database's clock, as snapshots are dated by it. What can't be removed is told at
    the end, when all else has gone.
    """
    from vet_pipeline.scriptright.records.baseline import clock_ahead
    from vet_pipeline.snapshots import purge

    purged = purge.Purged()
    with scriptright.connect() as engine:
        now = datetime.now(UTC) + clock_ahead(engine)
        left = set(offboarded_practices(engine))
    for store in snapshots.places():
        old = purge.purge(store, now - timedelta(days=config.days))
        gone = purge.erase(store, left & set(store.practices()))
        stuck = [one for one in old.stuck if one.partition("/")[0] not in gone.stuck]
        purged.removed.extend(old.removed + gone.removed)
        purged.stuck.extend(stuck + gone.stuck)
    context.log.info("%s snapshots removed, %s can't be", len(purged.removed), len(purged.stuck))
    context.add_output_metadata({"removed": len(purged.removed), "kept_days": config.days})
    purged.raise_if_stuck()


@dg.job(
    executor_def=dg.in_process_executor,
    description="Remove raw snapshots that are older than the retention, with all made from them.",
)
def remove_old_snapshots() -> None:
    """One op over the whole store."""
    remove_snapshots()


@dg.schedule(
    job=remove_old_snapshots,
    cron_schedule="30 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a day. On by default: keeping personal data longer is not an option.",
)
def daily_retention() -> dg.RunRequest:
    """One run a day."""
    return dg.RunRequest()

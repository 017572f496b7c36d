"""The refresh: a sensor over the registry's due times, and a plain nightly schedule instead of it.

Both are off until somebody switches them on: they read other people's systems.
"""

from datetime import UTC, datetime

import dagster as dg

from assets.partitions import PIMS_TAG, PRACTICE_TAG, PRACTICES, practices
from automation.coordinator import BACKFILL_TAG
from automation.due import Due, due_practices, known_practices
from automation.jobs import copy_practice
from resources.scriptright import ScriptRightResource

# The daemon queues about 6 runs a second, and a tick has 60 s before it is killed unsaved.
PER_TICK = 100

_IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(
    job=copy_practice,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Every 48 to 72 h per practice: starts a copy of each practice that is due.",
)
def practice_is_due(
    context: dg.SensorEvaluationContext, scriptright: ScriptRightResource
) -> dg.SensorResult:
    """Ask for a run of every due practice that has none under way, and register new practices."""
    now = datetime.now(UTC)
    with scriptright.connect() as engine:
        due = due_practices(engine, now=now, limit=PER_TICK)
        known = known_practices(engine)
    busy = practices_under_way(context.instance)
    return dg.SensorResult(
        run_requests=[run_request(item, now) for item in due if item.practice_id not in busy],
        dynamic_partitions_requests=[practices.build_add_request(missing)]
        if (missing := unregistered(context.instance, known))
        else [],
    )


@dg.schedule(
    job=copy_practice,
    cron_schedule="0 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Once a night, the practices that are due: instead of practice_is_due where only"
    " schedules are allowed. Switch on one of the two.",
)
def nightly_refresh(
    context: dg.ScheduleEvaluationContext, scriptright: ScriptRightResource
) -> list[dg.RunRequest]:
    """Ask for a run of every registered practice that is due at the scheduled time."""
    now = context.scheduled_execution_time
    with scriptright.connect() as engine:
        due = due_practices(engine, now=now, limit=10 * PER_TICK)
    registered = set(context.instance.get_dynamic_partitions(PRACTICES))
    return [run_request(item, now) for item in due if item.practice_id in registered]


def run_request(due: Due, now: datetime) -> dg.RunRequest:
    """A run of copy_practice, found again by practice and PIMS."""
    return dg.RunRequest(
        run_key=due.run_key(now),
        partition_key=due.practice_id,
        tags={PRACTICE_TAG: due.practice_id, PIMS_TAG: due.pims},
    )


def practices_under_way(instance: dg.DagsterInstance) -> set[str]:
    """Practices with a run that is queued or running: a second one would only wait for it.

    A run that a backfill has queued is not such a run: it waits behind everything else, and the
    refresh must not wait with it.
    """
    runs = instance.get_runs(filters=dg.RunsFilter(statuses=_IN_PROGRESS))
    return {
        run.tags[PRACTICE_TAG]
        for run in runs
        if PRACTICE_TAG in run.tags
        and not (run.status is dg.DagsterRunStatus.QUEUED and BACKFILL_TAG in run.tags)
    }


def unregistered(instance: dg.DagsterInstance, known: list[str]) -> list[str]:
    """Practices of the registry that have no partition yet."""
    registered = set(instance.get_dynamic_partitions(PRACTICES))
    return [practice_id for practice_id in known if practice_id not in registered]

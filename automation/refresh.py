"""The refresh: a sensor over the registry's due times, and a plain schedule instead of it.

Both are off until somebody switches them on: they read other people's systems.
"""

import time
from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from assets.partitions import (
    PIMS_TAG,
    PRACTICE_TAG,
    PRACTICES,
    is_asked_by_itself,
    practices,
)
from automation.coordinator import BACKFILL_TAG
from automation.due import due_practices, known_practices
from automation.jobs import copy_practice
from automation.processes import runs_under_way
from resources.failures import NO_RETRIES_TAG
from resources.scriptright import ScriptRightResource
from vet_pipeline import planning

if TYPE_CHECKING:
    from sqlalchemy import Engine

# The daemon queues about 6 runs a second, and a tick has 60 s before it is killed unsaved.
PER_TICK = 100
SECONDS_PER_TICK = 30.0
# Runs that wait or go on, of all and of one PIMS. Dagster's queue is first in, first out: what is
# in it keeps its place, so it holds a quarter of an hour's work, and no PIMS fills it alone.
ROOM = 300
ROOM_PER_PIMS = 100

RUN_KEY_TAG = "dagster/run_key"  # Dagster's own


@dg.sensor(
    job=copy_practice,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Every 48 to 72 h per practice: starts a copy of each practice that is due.",
)
def practice_is_due(
    context: dg.SensorEvaluationContext, scriptright: ScriptRightResource
) -> dg.SensorResult:
    """Ask for a run of every due practice that has none under way, and register new practices.

    Bounded by PER_TICK and SECONDS_PER_TICK; when more is due, whose time runs out first goes
    first, and the tick says how many wait.
    """
    deadline = time.monotonic() + SECONDS_PER_TICK
    with scriptright.connect() as engine:
        known = known_practices(engine)
        requests, facts = _ask(context, engine, "practice_is_due", deadline, per_tick=PER_TICK)
    missing = unregistered(context.instance, known)
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[practices.build_add_request(missing)] if missing else [],
        skip_reason=None if requests else quiet_reason(facts),
    )


@dg.schedule(
    job=copy_practice,
    cron_schedule="*/15 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every quarter of an hour, the practices that are due: instead of practice_is_due"
    " where only schedules are allowed. Switch on one of the two.",
)
def scheduled_refresh(
    context: dg.ScheduleEvaluationContext, scriptright: ScriptRightResource
) -> list[dg.RunRequest]:
    """What practice_is_due asks for; makes partitions anew that somebody has deleted in the UI.

    A plan may lie at 71 h, and in quiet hours that are over soon: rarer ticks would miss both.
    """
    deadline = time.monotonic() + SECONDS_PER_TICK
    with scriptright.connect() as engine:
        known = known_practices(engine)
        if missing := unregistered(context.instance, known):
            context.instance.add_dynamic_partitions(PRACTICES, missing)
        requests, _ = _ask(
            context, engine, "scheduled_refresh", deadline, per_tick=ROOM, among=set(known)
        )
    return requests


def _ask(
    context: dg.SensorEvaluationContext | dg.ScheduleEvaluationContext,
    engine: "Engine",
    name: str,
    deadline: float,
    *,
    per_tick: int,
    among: Container[str] | None = None,
) -> tuple[list[dg.RunRequest], dict[str, int]]:
    """One tick of the sensor or the schedule of that `name`: what it asks for, noted and told.

    `among`: the practices that it may ask for; None: all.
    """
    from vet_pipeline.scriptright.postgres.roles import transaction
    from vet_pipeline.scriptright.telling import watch

    found = due_practices(engine, by_hand=partial(runs_by_hand, context.instance))
    drop_what_was_copied(context.instance, engine, {one.practice_id for one in found.waiting})
    requests, facts = requests_for(
        [one for one in found.waiting if among is None or one.practice_id in among],
        context.instance,
        practices_under_way(context.instance),
        now=found.now,
        deadline=deadline,
        per_tick=per_tick,
    )
    with transaction(engine, "ops") as connection:
        watch.note(connection, name, facts)
    if facts["left"]:
        context.log.warning("%s", overload(facts))
    return requests, facts


def requests_for(
    waiting: Sequence[planning.Waiting],
    instance: dg.DagsterInstance,
    under_way: Mapping[str, str],
    *,
    now: datetime,
    deadline: float,
    per_tick: int,
) -> tuple[list[dg.RunRequest], dict[str, int]]:
    """What one tick asks for, and its counts: asked, left, late (of those left), under_way.

    A practice that was asked for in this slot already, and failed since, keeps no place: else a
    hundred of those would stand in everybody's way. `deadline`: of time.monotonic().
    """
    open_to_all = list(waiting)
    while True:
        choice = planning.choose(
            open_to_all,
            now=now,
            under_way=under_way,
            room=min(ROOM, len(under_way) + per_tick),
            room_per_pims=ROOM_PER_PIMS,
        )
        requests = [run_request(one, now) for one in choice.chosen]
        asked = asked_before(instance, [str(request.run_key) for request in requests])
        if not asked or time.monotonic() > deadline:
            break
        open_to_all = [
            one
            for one in open_to_all
            if planning.run_key(one.practice_id, one.due, now, one.latest) not in asked
        ]
    requests = [request for request in requests if request.run_key not in asked]
    facts = {
        "asked": len(requests),
        "left": choice.left,
        "late": choice.late,
        "under_way": len(under_way),
    }
    return requests, facts


def drop_what_was_copied(
    instance: dg.DagsterInstance, engine: "Engine", due: Container[str]
) -> list[str]:
    """Cancel refreshes that wait in the queue for practices that were copied since; their run ids.

    A daemon that stood still leaves such a queue. What starts before this looks refuses by itself
    (assets/pims.py).
    """
    from vet_pipeline.scriptright.load.ledger import copied_lately
    from vet_pipeline.scriptright.postgres.roles import connected

    filters = dg.RunsFilter(job_name=copy_practice.name, statuses=[dg.DagsterRunStatus.QUEUED])
    waiting = {
        run.tags[PRACTICE_TAG]: run.run_id
        for run in instance.get_runs(filters=filters)
        if PRACTICE_TAG in run.tags and is_asked_by_itself(run.tags)
    }
    past = [practice_id for practice_id in waiting if practice_id not in due]
    if not past:
        return []
    with connected(engine, "ops") as connection:
        dropped = [waiting[one] for one in copied_lately(connection, past)]
    for run_id in dropped:
        instance.run_coordinator.cancel_run(run_id)
    return dropped


def runs_by_hand(instance: dg.DagsterInstance, run_ids: list[str]) -> set[str]:
    """Those of the runs that lived in a person's own process: `vet-pipeline run` and its like."""
    if not run_ids:
        return set()
    filters = dg.RunsFilter(run_ids=run_ids, tags={NO_RETRIES_TAG: "yes"})
    return {run.run_id for run in instance.get_runs(filters=filters)}


def asked_before(instance: dg.DagsterInstance, run_keys: list[str]) -> set[str]:
    """Those of the keys that a run was started with: Dagster would skip them."""
    if not run_keys:
        return set()
    runs = instance.get_runs(filters=dg.RunsFilter(tags={RUN_KEY_TAG: run_keys}))
    return {run.tags[RUN_KEY_TAG] for run in runs}


def run_request(one: planning.Waiting, now: datetime) -> dg.RunRequest:
    """A run of copy_practice, found again by practice and PIMS."""
    return dg.RunRequest(
        run_key=planning.run_key(one.practice_id, one.due, now, one.latest),
        partition_key=one.practice_id,
        tags={PRACTICE_TAG: one.practice_id, PIMS_TAG: one.pims},
    )


def overload(facts: Mapping[str, int]) -> str:
    """What a tick says when it leaves practices that are due."""
    return (
        f"overloaded: {facts['left']} more practices are due, {facts['late']} of them late;"
        f" {facts['under_way']} runs are under way. Whose time runs out first goes first"
    )


def quiet_reason(facts: Mapping[str, int]) -> str:
    """Why a tick asks for nothing."""
    if facts["left"]:
        return overload(facts)
    return f"nobody else is due; {facts['under_way']} runs are under way"


def practices_under_way(instance: dg.DagsterInstance) -> dict[str, str]:
    """Practices with a run that is queued or running, and their PIMS ("" where no tag says it).

    A second run would only wait for it. A run that a backfill has queued is not such a run: it
    waits behind everything else, and the refresh must not wait with it. Runs whose process is
    gone are ended first.
    """
    return {
        run.tags[PRACTICE_TAG]: run.tags.get(PIMS_TAG, "")
        for run in runs_under_way(instance)
        if PRACTICE_TAG in run.tags
        and not (run.status is dg.DagsterRunStatus.QUEUED and BACKFILL_TAG in run.tags)
    }


def unregistered(instance: dg.DagsterInstance, known: Sequence[str]) -> list[str]:
    """Practices of the registry that have no partition yet."""
    registered = set(instance.get_dynamic_partitions(PRACTICES))
    return [practice_id for practice_id in known if practice_id not in registered]

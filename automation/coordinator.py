"""The door of the run queue: each run gets the tags that `dagster.yaml` limits before it is queued.

A run may come from a sensor, a schedule, a backfill, a job's page, one asset's button or GraphQL,
and only some of those bring tags. All of them pass here; runs in the caller's own process
(`vet-pipeline run`, `dagster asset materialize`) don't, and rely on the load's lock.
"""

import logging
from collections.abc import Mapping

import dagster as dg

from assets.partitions import PRACTICE_TAG, practice_tags
from automation.failures import STOPPED_TAG
from automation.processes import PROCESS_TAG
from automation.run import MAX_RETRIES_TAG
from resources.failures import NO_RETRIES_TAG
from resources.scriptright import ScriptRightResource
from resources.snapshots import SNAPSHOT_TAG
from vet_pipeline.errors import PipelineError

PARTITION_TAG = "dagster/partition"
RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
BACKFILL_TAG = "dagster/backfill"
PRIORITY_TAG = "dagster/priority"  # the queue takes the highest first, and the oldest among equals
_BY_ITSELF = ("dagster/sensor_name", "dagster/schedule_name", "dagster/parent_run_id")

# Said of a run in a person's own process. The pages copy them when it is re-executed, and that run
# has no process yet, nobody in front of it, and nobody has stopped it.
_OF_A_COMMAND = {PROCESS_TAG, NO_RETRIES_TAG, STOPPED_TAG}

# The refresh is 0, Dagster's default. A person who waits goes first, a backfill last.
BY_HAND_PRIORITY = 10
BACKFILL_PRIORITY = -10

_log = logging.getLogger("dagster.vet_pipeline.coordinator")


class PracticeRunCoordinator(dg.QueuedRunCoordinator):
    """Dagster's queue, with practice, PIMS, PIMS server and priority on every run of a practice."""

    def submit_run(self, context: dg.SubmitRunContext) -> dg.DagsterRun:
        """Queue the run. The tags are written first: the daemon never sees it without them."""
        run = context.dagster_run
        if run.status is dg.DagsterRunStatus.NOT_STARTED:
            tags = missing_tags(run.tags)
            if SNAPSHOT_TAG in run.tags and _begins_anew(run):
                tags[SNAPSHOT_TAG] = ""
            if NO_RETRIES_TAG in tags:  # a command's, which said so of Dagster's retries, too
                tags[MAX_RETRIES_TAG] = str(self._instance.run_retries_max_retries)
            if tags:
                self._instance.add_run_tags(run.run_id, tags)
        return super().submit_run(context)


def _begins_anew(run: dg.DagsterRun) -> bool:
    """Whether a job is executed again whole, as the pages copy the tags then, too.

    It chooses its snapshot as any run does: the newest, or the one that a person has released
    since.
    """
    return run.step_keys_to_execute is None and run.asset_selection is None


def missing_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """What a run with `tags` should carry and doesn't, or carries otherwise.

    The PIMS and its server are the registry's as it is now: a retry of a practice that has moved
    counts for its new server. A tag somebody has set for the priority stays.
    """
    wanted: dict[str, str] = {}
    if practice_id := practice_of(tags):
        wanted |= {PRACTICE_TAG: practice_id, **registered_tags(practice_id)}
    wanted |= dict.fromkeys(_OF_A_COMMAND & tags.keys(), "")
    if PRIORITY_TAG not in tags and (priority := default_priority(tags)):
        wanted[PRIORITY_TAG] = str(priority)
    return {name: value for name, value in wanted.items() if tags.get(name) != value}


def practice_of(tags: Mapping[str, str]) -> str | None:
    """The practice that a run is for; None for one of all practices, or of several."""
    first, last = (tags.get(name) for name in RANGE_TAGS)
    alone = first if first == last else None
    return tags.get(PARTITION_TAG) or alone or tags.get(PRACTICE_TAG)


def registered_tags(practice_id: str) -> dict[str, str]:
    """PIMS and PIMS server by the registry; none of them when it can't say.

    A run without them isn't limited by them. It will fail by itself if the registry stays away.
    """
    from vet_pipeline.registry import practices
    from vet_pipeline.scriptright.postgres.roles import connected

    try:
        with ScriptRightResource().connect() as engine, connected(engine, "ops") as connection:
            return practice_tags(practices.get(connection, practice_id))
    except PipelineError as error:
        _log.warning("run queued without the tags of its PIMS: %s", error)
        return {}


def default_priority(tags: Mapping[str, str]) -> int:
    """Of a run that names none: a person's, a backfill's, or the refresh's."""
    if BACKFILL_TAG in tags:
        return BACKFILL_PRIORITY
    return 0 if any(name in tags for name in _BY_ITSELF) else BY_HAND_PRIORITY

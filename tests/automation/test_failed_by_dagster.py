"""Steps that Dagster itself fails before our code begins: told as what they are."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg

from assets.partitions import PRACTICES
from automation.failures import read_failure
from tests.assets.conftest import World
from vet_pipeline.definitions import build_definitions
from vet_pipeline.oncall.causes import Failure

Run = Callable[..., dg.ExecuteInProcessResult]


def failure_of(world: World, job: str, tags: dict[str, str]) -> Failure:
    """What is told of a second run, with these tags, as the pages and GraphQL start one."""
    made = build_definitions(resources=world.resources).resolve_job_def(job)
    done = made.execute_in_process(instance=world.instance, raise_on_error=False, tags=tags)
    record = world.instance.get_run_record_by_id(done.run_id)
    assert record is not None
    return read_failure(world.instance, record)


def test_a_step_behind_others_without_a_practice_is_told_as_that(
    world: World, run_job: Run
) -> None:
    assert run_job().success  # Dagster looks into the partition where there is something to find
    failure = failure_of(world, "apply_stored_snapshot", {})
    assert (failure.error, failure.what, failure.next_step) == (
        "UsageError",
        "no practice was chosen, or several for one run",
        "choose the partition of one practice; for several start a backfill",
    )


def test_a_run_whose_partition_was_deleted_meanwhile_is_told_as_that(
    world: World, run_job: Run
) -> None:
    assert run_job().success
    world.instance.delete_dynamic_partition(PRACTICES, world.practice_id)
    failure = failure_of(world, "apply_stored_snapshot", {"dagster/partition": world.practice_id})
    assert (failure.error, failure.what, failure.next_step) == (
        "UsageError",
        "the practice has no partition in Dagster: somebody has deleted it there",
        "vet-pipeline retry elm-street makes it anew",
    )

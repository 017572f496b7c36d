"""The refresh by a schedule, where only schedules are allowed."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, time, timedelta

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from assets.partitions import PRACTICES
from automation.refresh import scheduled_refresh
from tests.assets.conftest import World
from vet_pipeline import planning
from vet_pipeline.planning import QuietHours
from vet_pipeline.service_levels import LATEST_REFRESH


def scheduled(world: World, instance: dg.DagsterInstance) -> list[str | None]:
    """The practices that a tick of the schedule asks for."""
    with dg.build_schedule_context(instance=instance, resources=world.resources) as context:
        requests = scheduled_refresh(context)
    assert isinstance(requests, list)
    return [request.partition_key for request in requests]


def test_the_schedule_asks_for_the_same_practices_and_for_none_under_way(world: World) -> None:
    from vet_pipeline.definitions import build_definitions

    job = build_definitions(resources=world.resources).resolve_job_def("copy_practice")
    with dg.instance_for_test() as instance:  # a schedule's context takes no ephemeral one
        instance.add_dynamic_partitions(PRACTICES, ["elm-street"])
        assert scheduled(world, instance) == ["elm-street"]
        instance.create_run_for_job(
            job, status=dg.DagsterRunStatus.STARTED, tags={"practice": "elm-street"}
        )
        assert scheduled(world, instance) == []


def test_a_partition_that_was_deleted_in_the_ui_keeps_no_practice_from_its_refresh(
    world: World,
) -> None:
    with dg.instance_for_test() as instance:
        assert scheduled(world, instance) == ["elm-street"]
        assert instance.get_dynamic_partitions(PRACTICES) == ["elm-street"]


@pytest.mark.parametrize("nights", [None, ("21:00", "06:00"), ("03:10", "03:30")])
@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Australia/Sydney"])
def test_by_the_schedules_ticks_every_refresh_comes_between_48_and_72_hours(
    nights: tuple[str, str] | None, zone: str
) -> None:
    draw = random.Random(1)  # queue and work take 5 to 40 minutes
    quiet = None
    if nights is not None:
        quiet = QuietHours(zone, time.fromisoformat(nights[0]), time.fromisoformat(nights[1]))
    start = datetime(2026, 3, 1, tzinfo=UTC)
    cron = scheduled_refresh.cron_schedule
    coming = schedule_execution_time_iterator(start.timestamp(), cron, "UTC")
    ticks = list(itertools.takewhile(lambda at: at < start + timedelta(days=60), coming))
    for n in range(20):
        success, gaps = start, []
        for tick in ticks:
            due = planning.next_due(f"p{n}", success, quiet)
            if due <= tick and planning.may_start(tick, success + LATEST_REFRESH, quiet):
                done = tick + timedelta(minutes=draw.randint(5, 40))
                gaps.append((done - success) / timedelta(hours=1))
                success = done
        assert len(gaps) >= 18
        assert 48 <= min(gaps) <= max(gaps) <= 72

"""A refresh that waited in the queue while the practice was copied: docs/rules.md section 3."""

from __future__ import annotations

import dagster as dg
from sqlalchemy import Engine, text

from automation.alerts import take_in
from automation.refresh import drop_what_was_copied
from automation.run import run_job
from tests.assets.conftest import World, practice
from tests.automation.test_coordinator import (  # noqa: F401 - fixtures
    BACKFILL,
    REFRESH,
    Queue,
    queue,
    registry,
)
from vet_pipeline.job import apply_step, delta_step, normalize_step, read_step
from vet_pipeline.scriptright.telling import alerts


def succeeded(engine: Engine, practice_id: str, hours_ago: float) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET last_success_at ="
                " now() - make_interval(secs => :seconds) WHERE practice_id = :p"
            ),
            {"seconds": hours_ago * 3600, "p": practice_id},
        )


def test_refreshes_in_the_queue_of_practices_copied_since_are_cancelled(
    queue: Queue,  # noqa: F811
    registry: tuple[Engine, str],  # noqa: F811
) -> None:
    engine, _ = registry
    copied = queue.put("p0", **REFRESH)
    due = queue.put("p1", **REFRESH)
    by_hand = queue.put("p0")
    backfill = queue.put("p0", **BACKFILL)
    again = queue.put("p0", **REFRESH, **{"dagster/parent_run_id": copied})
    succeeded(engine, "p0", hours_ago=47.9)
    succeeded(engine, "p1", hours_ago=49)
    assert drop_what_was_copied(queue.instance, engine, {"p1"}) == [copied]
    waiting = queue.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED]))
    assert {run.run_id for run in waiting} == {due, by_hand, backfill, again}
    (gone,) = queue.instance.get_runs(dg.RunsFilter(run_ids=[copied]))
    assert gone.status is dg.DagsterRunStatus.CANCELED


def test_a_refresh_that_starts_too_soon_reads_nothing_and_troubles_nobody(world: World) -> None:
    where = {"instance": world.instance, "resources": world.resources}
    asked = {"dagster/sensor_name": "practice_is_due"}
    assert run_job("copy_practice", "elm-street", **where, run_tags=asked).state == "applied"  # type: ignore[arg-type]
    late = run_job("copy_practice", "elm-street", **where, run_tags=asked)  # type: ignore[arg-type]
    assert (late.state, late.error_class) == ("failed", "CopiedMeanwhile")
    take_in(world.instance, world.engine)
    with world.engine.connect() as connection:
        assert alerts.open_alerts(connection) == []
        loads = connection.execute(text("SELECT count(*) FROM scriptright.load")).scalar_one()
    assert loads == 1
    succeeded(world.engine, "elm-street", hours_ago=48)
    assert run_job("copy_practice", "elm-street", **where, run_tags=asked).state == "applied"  # type: ignore[arg-type]


def test_a_run_that_another_load_has_overtaken_troubles_nobody(world: World) -> None:
    """A person copies the practice by hand: read before its refresh, applied after its compare."""
    store = world.resources["snapshots"].open()
    by_hand = read_step(world.engine, store, practice(world))

    def meanwhile(step: str, word: str) -> None:
        if (step, word) == ("change_deltas_snapshot_is_plausible", "done"):
            for record in ("client", "pet"):
                normalize_step(world.engine, store, by_hand, record)
            delta_step(world.engine, store, by_hand)
            applied = apply_step(world.engine, store, practice(world), by_hand)
            assert applied.state == "applied"

    overtaken = run_job(
        "copy_practice",
        "elm-street",
        instance=world.instance,
        resources=world.resources,
        on_step=meanwhile,
    )
    assert overtaken.error_class == "StaleDelta"
    take_in(world.instance, world.engine)
    with world.engine.connect() as connection:
        assert alerts.open_alerts(connection) == []


def test_a_person_may_read_a_practice_at_any_time(world: World) -> None:
    for _ in range(2):
        done = run_job(
            "copy_practice", "elm-street", instance=world.instance, resources=world.resources
        )
        assert done.state == "applied"


def test_dagsters_own_retry_of_a_refresh_that_died_reads_no_practice_that_was_copied_since(
    world: World,
) -> None:
    where = {"instance": world.instance, "resources": world.resources}
    asked = {"dagster/sensor_name": "practice_is_due", "dagster/parent_run_id": "died"}
    assert run_job("copy_practice", "elm-street", **where).state == "applied"  # type: ignore[arg-type]
    retry = run_job(
        "copy_practice",
        "elm-street",
        **where,
        run_tags={**asked, "dagster/retry_number": "1"},  # type: ignore[arg-type]
    )
    assert (retry.state, retry.error_class) == ("failed", "CopiedMeanwhile")
    by_a_person = run_job("copy_practice", "elm-street", **where, run_tags=asked)  # type: ignore[arg-type]
    assert by_a_person.state == "applied"

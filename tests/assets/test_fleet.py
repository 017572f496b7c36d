"""What the fleet's page tells each practice's check: never that it was copied when it wasn't."""

from __future__ import annotations

import dagster as dg
from sqlalchemy import text

from assets.fleet import service_levels
from tests.assets.conftest import World
from vet_pipeline.registry import practices


def look(world: World) -> list[tuple[str | None, bool, str]]:
    """The page is made; all that the check `copied_in_time` was ever told, newest last."""
    resources = {"scriptright": world.resources["scriptright"]}
    assert dg.materialize([service_levels], instance=world.instance, resources=resources).success
    records = world.instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(dg.AssetKey("scriptright_records"), "copied_in_time"), limit=10
    )
    events = [one.event.dagster_event for one in reversed(records) if one.event]
    said = [event.asset_check_evaluation_data for event in events if event]
    return [(one.partition, one.passed, one.description or "") for one in said]


LATE = (
    "elm-street",
    False,
    "No copy in the time that was promised. Next step: vet-pipeline show elm-street",
)


def test_a_late_practice_that_is_paused_is_told_as_paused_and_late_again_once_resumed(
    world: World,
) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = now() - interval '8 days'")
        )
    assert look(world) == [LATE]
    with world.engine.begin() as connection:
        practices.pause(connection, "elm-street", by="Pat Doe", reason="moving")
    paused = ("elm-street", True, "The practice stands paused.")
    assert look(world) == [LATE, paused]
    with world.engine.begin() as connection:
        practices.resume(connection, "elm-street", by="Pat Doe")
    assert look(world) == [LATE, paused, LATE]
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET state = 'offboarded'"))
    assert look(world) == [LATE, paused, LATE]  # it has no page any more

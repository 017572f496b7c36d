"""Two daemons at work at once: each starts runs, and only their beats tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._daemon.types import DaemonHeartbeat
from sqlalchemy import text

from automation import watching
from automation.alerts import take_in
from tests.assets.conftest import World
from tests.automation.test_alerts import opened
from vet_pipeline.scriptright.postgres.database import now_by_database
from vet_pipeline.scriptright.telling import watch


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


def looked_after(world: World, *daemons: str) -> list[tuple[str, tuple[str, ...]]]:
    """What is open after looks that see the beat of one daemon each."""
    for daemon in daemons:
        beat = DaemonHeartbeat(datetime.now(UTC).timestamp(), "SENSOR", daemon, [])
        world.instance.add_daemon_heartbeat(beat)
        take_in(world.instance, world.engine)
    return opened(world)


def watched(world: World) -> list[str]:
    with world.engine.connect() as connection:
        looks, now = watch.looks(connection), now_by_database(connection)
    return [one.job for one in watching.problems(world.instance, looks, now=now)]


def test_daemons_that_beat_by_turns_are_told_until_one_of_them_has_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "silent_daemons", lambda *_: [])
    assert looked_after(world, "old", "new", "old") == [("TwoDaemons|||two daemons", ())]
    assert "two daemons" in watched(world)
    assert looked_after(world, "old") == [("TwoDaemons|||two daemons", ())]
    with world.engine.begin() as connection:  # an hour with one alone
        connection.execute(
            text(
                "UPDATE scriptright.watch SET facts = facts || jsonb_build_object("
                "'two_daemons_at', now() - interval '61 minutes') WHERE name = 'failures'"
            )
        )
    assert looked_after(world, "old") == []
    assert "two daemons" not in watched(world)


def test_a_daemon_that_is_started_anew_again_and_again_is_one(world: World) -> None:
    assert looked_after(world, "first", "second", "second", "third", "fourth") == []


def test_the_daemon_of_another_instance_that_beats_no_more_is_none(
    world: World, tmp_path: Path
) -> None:
    """Who asks `failed` from a home of their own, in which a daemon ran a week ago, looks there."""
    home = tmp_path / "own"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as own:
        ended = datetime.now(UTC) - timedelta(days=7)
        own.add_daemon_heartbeat(DaemonHeartbeat(ended.timestamp(), "SENSOR", "ended", []))
        assert looked_after(world, "at work") == []
        take_in(own, world.engine)
        assert looked_after(world, "at work") == []

"""Raw snapshots go when their time is over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from automation.retention import remove_old_snapshots
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource
from tests.scriptright.builders import add_practice
from tests.snapshot_files import write_snapshot
from tests.snapshots.test_purge import wedge
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.scriptright.records import baseline
from vet_pipeline.snapshots.store import SnapshotStore


def write(store: SnapshotStore, seq: int, days_ago: int, practice_id: str = "oak") -> None:
    read_at = datetime.now(UTC) - timedelta(days=days_ago)
    write_snapshot(store, seq, read_at, practice_id=practice_id)


def run(tmp_path: Path, program_url: str, config: dict[str, int]) -> list[int]:
    store = SnapshotStore(tmp_path)
    for seq, days_ago in ((1, 40), (2, 31), (3, 29), (4, 0)):
        write(store, seq, days_ago)
    remove(tmp_path, program_url, config)
    return store.snapshots("oak")


def remove(tmp_path: Path, program_url: str, config: dict[str, int]) -> None:
    result = remove_old_snapshots.execute_in_process(
        run_config=dg.RunConfig({"remove_snapshots": {"config": config}}),
        resources={
            "snapshots": SnapshotStoreResource(url=str(tmp_path)),
            "scriptright": ScriptRightResource(url=program_url),
        },
    )
    assert result.success


def test_raw_snapshots_are_removed_after_thirty_days(tmp_path: Path, program_url: str) -> None:
    assert run(tmp_path, program_url, {}) == [3, 4]


def test_the_retention_is_a_setting(tmp_path: Path, program_url: str) -> None:
    assert run(tmp_path, program_url, {"days": 35}) == [2, 3, 4]


def test_a_machine_whose_clock_is_ahead_removes_nothing_too_early(
    tmp_path: Path, program_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten days ahead: what it takes for 40 and 31 days is 30 and 21 days old."""
    monkeypatch.setattr(baseline, "clock_ahead", lambda _engine: timedelta(days=-9, hours=-23))
    assert run(tmp_path, program_url, {}) == [2, 3, 4]


def test_paused_practices_held_snapshots_and_practices_that_left_are_no_exception(
    engine: Engine, tmp_path: Path, program_url: str
) -> None:
    store = SnapshotStore(tmp_path)
    for practice_id in ("oak", "elm", "ash"):
        add_practice(engine, practice_id)
        write(store, 1, 31, practice_id)
        write(store, 2, 1, practice_id)
    with engine.begin() as connection:
        practices.pause(connection, "oak", by="Test Person", reason="moves house")
    holds.hold(engine, "elm", 1, [])
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET state = 'offboarded' WHERE practice_id = 'ash'")
        )
    remove(tmp_path, program_url, {})
    assert [store.snapshots(one) for one in ("oak", "elm", "ash")] == [[2], [2], []]
    assert store.practices() == ["elm", "oak"]


def test_one_that_cant_be_removed_is_told_after_all_else_has_gone(
    engine: Engine, tmp_path: Path, program_url: str
) -> None:
    store = SnapshotStore(tmp_path)
    for practice_id in ("ash", "elm", "oak"):
        add_practice(engine, practice_id)
        write(store, 1, 31, practice_id)
        write(store, 2, 1, practice_id)
    wedge(tmp_path / "ash" / "00000001")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET state = 'offboarded' WHERE practice_id = 'elm'")
        )
    with pytest.raises(dg.Failure, match="1 in the snapshot store can't be removed: ash/00000001"):
        remove(tmp_path, program_url, {})
    assert [store.snapshots(one) for one in ("ash", "elm", "oak")] == [[1, 2], [], [2]]
    assert store.practices() == ["ash", "oak"]


def test_what_was_left_in_the_home_when_another_place_was_named_goes_too(
    engine: Engine, tmp_path: Path, program_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First on one machine, then with workers on others: VET_PIPELINE_SNAPSHOTS was set between."""
    monkeypatch.setenv("VET_PIPELINE_HOME", str(tmp_path / "home"))
    left = SnapshotStore(tmp_path / "home" / "snapshots")
    write(left, 1, 31)
    write(left, 2, 29)
    write(left, 1, 29, "elm")
    add_practice(engine, "elm")
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET state = 'offboarded'"))
    remove(tmp_path / "shared", program_url, {})
    assert (left.snapshots("oak"), left.practices()) == ([2], ["oak"])

"""A PIMS's columns as they were applied or accepted: what is known of them outlives snapshots."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.assets.conftest import World, practice
from tests.generic_pims import PATIENT_COLUMNS
from vet_pipeline.errors import SnapshotMissing, SnapshotShapeChanged
from vet_pipeline.job import read_step, run_core_job
from vet_pipeline.snapshots.purge import purge
from vet_pipeline.snapshots.store import SnapshotStore

PHONES = "client_key TEXT, number TEXT, label TEXT, position INTEGER"


def retype(world: World) -> None:
    columns = one_line(world)
    world.pims.run("ALTER TABLE vetpipeline_patients RENAME TO before")
    world.pims.run(f"CREATE TABLE vetpipeline_patients ({columns})")
    world.pims.run("INSERT INTO vetpipeline_patients SELECT * FROM before")


def one_line(world: World) -> str:
    kinds = dict.fromkeys(PATIENT_COLUMNS, "TEXT") | {"weight": "INTEGER"}
    return ", ".join(f"{column} {kind}" for column, kind in kinds.items())


def test_a_retyped_column_still_waits_for_a_person_when_the_last_snapshot_has_gone_by_age(
    world: World, store: SnapshotStore
) -> None:
    run_core_job(world.engine, store, practice(world))
    retype(world)
    for _ in range(2):
        with pytest.raises(SnapshotShapeChanged):
            run_core_job(world.engine, store, practice(world))
        purge(store, datetime.now(UTC) + timedelta(days=1))
    assert store.snapshots(world.practice_id) == []
    read_step(world.engine, store, practice(world), accept_shape=True)
    read_step(world.engine, store, practice(world))


def test_a_retyped_column_waits_for_a_person_after_the_folder_of_snapshots_is_lost(
    world: World, store: SnapshotStore, tmp_path: Path
) -> None:
    run_core_job(world.engine, store, practice(world))
    retype(world)
    with pytest.raises(SnapshotShapeChanged):
        run_core_job(world.engine, store, practice(world))
    shutil.rmtree(tmp_path / "snapshots")
    with pytest.raises(SnapshotShapeChanged):
        run_core_job(world.engine, store, practice(world))


def test_a_read_before_the_first_copy_says_nothing_of_the_columns_that_it_must_have(
    world: World, store: SnapshotStore
) -> None:
    """Whoever looks at a plan has the view or the export put right, and looks again."""
    read_step(world.engine, store, practice(world))
    retype(world)
    assert run_core_job(world.engine, store, practice(world)).state == "applied"


def test_a_read_that_was_not_applied_says_nothing_of_the_next_one(
    world: World, store: SnapshotStore
) -> None:
    run_core_job(world.engine, store, practice(world))
    world.pims.run(f"CREATE TABLE vetpipeline_phones ({PHONES})")
    read_step(world.engine, store, practice(world))
    world.pims.run("DROP TABLE vetpipeline_phones")
    assert run_core_job(world.engine, store, practice(world)).state == "applied"


def test_a_table_that_was_applied_is_missed(world: World, store: SnapshotStore) -> None:
    world.pims.run(f"CREATE TABLE vetpipeline_phones ({PHONES})")
    run_core_job(world.engine, store, practice(world))
    world.pims.run("DROP TABLE vetpipeline_phones")
    with pytest.raises(SnapshotShapeChanged, match="vetpipeline_phones is gone"):
        read_step(world.engine, store, practice(world))


def of_an_earlier_release(world: World) -> None:
    """The database says nothing of the PIMS's shape: it was kept beside the snapshots."""
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scriptright.practice SET known_shape = NULL")


def test_the_shape_is_known_from_the_newest_snapshot_where_an_earlier_release_read_it(
    world: World, store: SnapshotStore
) -> None:
    run_core_job(world.engine, store, practice(world))
    of_an_earlier_release(world)
    retype(world)
    with pytest.raises(SnapshotShapeChanged):
        read_step(world.engine, store, practice(world))


def test_a_damaged_memory_of_the_shape_asks_a_person_who_can_go_on(
    world: World, store: SnapshotStore, tmp_path: Path
) -> None:
    run_core_job(world.engine, store, practice(world))
    of_an_earlier_release(world)
    (tmp_path / "snapshots" / world.practice_id / "shape.json").write_text("{")
    with pytest.raises(SnapshotMissing, match="--accept-shape"):
        read_step(world.engine, store, practice(world))
    read_step(world.engine, store, practice(world), accept_shape=True)
    read_step(world.engine, store, practice(world))


def test_a_damaged_manifest_of_the_last_snapshot_stops_no_read(
    world: World, store: SnapshotStore, tmp_path: Path
) -> None:
    read_step(world.engine, store, practice(world))
    [manifest] = (tmp_path / "snapshots").rglob("manifest.json")
    manifest.write_text("{")
    read_step(world.engine, store, practice(world))

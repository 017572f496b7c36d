"""The last step of the core job takes the raw rows from the store in the middle of its transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.frames import raw_clients, raw_patients
from tests.scriptright.builders import add_practice, edit, rows, whole_database
from tests.snapshot_files import write_snapshot
from vet_pipeline import job
from vet_pipeline.errors import SnapshotHeld, SnapshotMissing, StaleDelta
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore

READ_AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def read(store: SnapshotStore, seq: int, *, more: int = 0) -> Manifest:
    return write_snapshot(
        store,
        seq,
        READ_AT,
        clients=raw_clients(
            {"client_key": "1", "last_name": "Lee", "email": "ann@example.com"},
            *({"client_key": f"more-{n}", "last_name": "Ray"} for n in range(more)),
        ),
        patients=raw_patients({"patient_key": "9", "client_key": "1", "name": "Rex"}),
    )


def prepared(engine: Engine, store: SnapshotStore, manifest: Manifest) -> practices.Practice:
    """All but the last step."""
    for record in ("client", "pet"):
        job.normalize_step(engine, store, manifest, record)
    job.delta_step(engine, store, manifest)
    with engine.connect() as connection:
        return practices.get(connection, "oak")


@pytest.mark.parametrize("file", ["raw_clients", "raw_patients"])
@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_raw_rows_damaged_since_the_delta_leave_scriptright_as_it_was(
    engine: Engine, tmp_path: Path, file: str, harm: str
) -> None:
    store = SnapshotStore(tmp_path)
    add_practice(engine)
    manifest = read(store, 1)
    practice = prepared(engine, store, manifest)
    before = whole_database(engine)
    [damaged] = tmp_path.rglob(f"{file}*.parquet")
    whole = damaged.read_bytes()
    damaged.unlink()
    if harm == "changed":
        damaged.write_bytes(whole[:-40] + bytes(8) + whole[-32:])
    elif harm == "cut":
        damaged.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SnapshotMissing, match="vet-pipeline run") as refused:
        job.apply_step(engine, store, practice, manifest)
    assert "Lee" not in str(refused.value)
    assert whole_database(engine) == before

    again = read(store, 2)
    job.apply_step(engine, store, prepared(engine, store, again), again)
    assert rows(engine, "SELECT last_name FROM scriptright.client") == [("Lee",)]
    assert rows(engine, "SELECT name FROM scriptright.pet") == [("Rex",)]


def test_a_snapshot_compared_with_an_older_one_is_refused_as_stale_and_not_held(
    engine: Engine, tmp_path: Path
) -> None:
    store = SnapshotStore(tmp_path)
    add_practice(engine)
    first, second, third = read(store, 1), read(store, 2, more=60), read(store, 3, more=60)
    practice = prepared(engine, store, first)
    job.apply_step(engine, store, practice, first)
    for manifest in (second, third):
        prepared(engine, store, manifest)
    with pytest.raises(SnapshotHeld, match="new clients: 60 of 1"):
        job.apply_step(engine, store, practice, second)
    holds.release(engine, "oak", 2, by="Pat Doe")
    job.apply_step(engine, store, practice, second)
    before = whole_database(engine)
    with pytest.raises(StaleDelta, match="snapshot 3 was compared with snapshot 1, but 2 has been"):
        job.apply_step(engine, store, practice, third)
    assert whole_database(engine) == before, "the 60 are known since: nobody is asked about them"
    prepared(engine, store, third)
    assert job.apply_step(engine, store, practice, third).state == "applied"


def test_the_step_of_a_run_that_was_killed_after_its_commit_says_that_it_is_applied(
    engine: Engine, tmp_path: Path
) -> None:
    store = SnapshotStore(tmp_path)
    add_practice(engine)
    first, second = read(store, 1), read(store, 2, more=60)
    practice = prepared(engine, store, first)
    done = job.apply_step(engine, store, practice, first)
    prepared(engine, store, second)
    holds.hold(engine, "oak", 2, [])
    holds.release(engine, "oak", 2, by="Pat Doe")
    again = job.apply_step(engine, store, practice, second)
    before = whole_database(engine)
    for manifest, once in ((first, done), (second, again)):
        repeated = job.apply_step(engine, store, practice, manifest)
        assert (repeated.state, repeated.load_id) == ("already_applied", once.load_id)
    assert whole_database(engine) == before


def test_which_rows_were_refused_reaches_the_load_through_the_store(
    engine: Engine, tmp_path: Path
) -> None:
    """What a row says again after that may be as old as before: no newer than a weighing since."""
    store = SnapshotStore(tmp_path)
    add_practice(engine)
    rex = {"patient_key": "9", "client_key": "1", "name": "Rex"}
    bo = {"patient_key": "8", "client_key": "1", "name": "Bo"}
    loads = ([{"weight": "30"}], [{"weight": "30"}, {"weight": "28"}], [{"weight": "28"}])
    for n, said in enumerate(loads):
        manifest = write_snapshot(
            store,
            n + 1,
            READ_AT + n * timedelta(days=2),
            clients=raw_clients({"client_key": "1", "last_name": "Lee"}),
            patients=raw_patients(*(rex | {"weight_unit": "kg"} | weight for weight in said), bo),
        )
        job.apply_step(engine, store, prepared(engine, store, manifest), manifest)
        if n == 1:
            edit(engine, "pet", weight_value="31", weight_kg="31", weighed_on="2026-03-02")
    assert rows(engine, "SELECT weight_kg::int FROM scriptright.pet WHERE name = 'Rex'") == [(31,)]
    asked = "SELECT field, reason FROM scriptright.suggestion WHERE state = 'open'"
    assert rows(engine, asked) == [("weight", "undated_weighing")]

"""The last step of the core job takes the raw rows from the store in the middle of its transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.frames import raw_clients, raw_patients
from tests.scriptright.builders import add_practice, rows, whole_database
from tests.snapshot_files import write_snapshot
from vet_pipeline import job, practices
from vet_pipeline.errors import SnapshotMissing
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore

READ_AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def read(store: SnapshotStore, seq: int) -> Manifest:
    return write_snapshot(
        store,
        seq,
        READ_AT,
        clients=raw_clients({"client_key": "1", "last_name": "Lee", "email": "ann@example.com"}),
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

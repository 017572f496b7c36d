"""What lies between two steps: a stage and the raw rows that it has taken."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from tests.frames import baseline, raw_clients
from tests.snapshot_files import write_snapshot
from vet_pipeline.deltas.rows import hash_rows
from vet_pipeline.deltas.stage import RecordStage, normalize_stage
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.snapshots.beside import write_hashes
from vet_pipeline.snapshots.store import SnapshotStore
from vet_pipeline.stages import open_raw, read_chosen, save_stage

READ_AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
RAW = raw_clients(
    {"client_key": "1", "first_name": "Ann", "last_name": "Lee"},
    {"client_key": "2", "first_name": "Bob", "last_name": "Ray"},
    {"client_key": "3", "first_name": "Cid", "last_name": "Orr"},
    {"client_key": "4", "first_name": "Dot", "last_name": "May"},
)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    store = SnapshotStore(tmp_path)
    write_snapshot(store, 1, READ_AT, clients=RAW)
    return store


def saved(store: SnapshotStore, *unchanged: int) -> RecordStage:
    """The stage of a snapshot whose rows at these places the baseline knows; now in the store."""
    hashes = hash_rows(RAW).to_pylist()
    raw = open_raw(store, "oak", 1, "client")
    known = baseline(*((str(n + 1), hashes[n], False, False) for n in unchanged))
    stage = normalize_stage(
        "client",
        raw,
        known,
        baseline_seq=None,
        conventions=Conventions(),
        read_on=date(2026, 3, 1),
    )
    save_stage(store, "oak", 1, stage, raw)
    return stage


@pytest.mark.parametrize("unchanged", [(), (1,), (0, 2), (0, 1, 3), (0, 1, 2, 3)])
def test_the_rows_that_a_stage_has_taken_come_back_with_their_places(
    store: SnapshotStore, unchanged: tuple[int, ...]
) -> None:
    stage = saved(store, *unchanged)
    taken = [place for place in range(4) if place not in unchanged]
    pd.testing.assert_frame_equal(
        read_chosen(store, "oak", 1, stage), RAW.iloc[taken], check_index_type=False
    )
    assert store.has_frame("oak", 1, "clients_raw") == (len(taken) <= 2)


def test_rows_kept_by_an_earlier_stage_are_not_taken_for_its_successor_s(
    store: SnapshotStore,
) -> None:
    saved(store, 0, 1, 2)
    stage = saved(store, 1)
    pd.testing.assert_frame_equal(
        read_chosen(store, "oak", 1, stage), RAW.iloc[[0, 2, 3]], check_index_type=False
    )


@pytest.mark.parametrize("kept", [False, True])
def test_rows_are_told_apart_by_the_hashes_that_the_read_kept_or_by_new_ones(
    store: SnapshotStore, kept: bool
) -> None:
    marked = pa.array([bytes([n]) * 16 for n in range(4)], pa.binary(16))
    if kept:
        write_hashes(store, "oak", 1, {"clients": marked})
    raw = open_raw(store, "oak", 1, "client")
    assert raw.keys.to_pylist() == ["1", "2", "3", "4"]
    assert raw.hashes().to_pylist() == (marked if kept else hash_rows(RAW)).to_pylist()
    pd.testing.assert_frame_equal(raw.read(None), RAW)

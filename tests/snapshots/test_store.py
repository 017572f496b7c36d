"""The snapshot store: whole or not at all, verified on every read, never two under one number."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import raw_clients, raw_patients
from tests.snapshot_files import write_snapshot
from vet_pipeline.errors import SnapshotMissing, UsageError
from vet_pipeline.snapshots.beside import read_hashes, remove_hashes, write_hashes
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.purge import purge
from vet_pipeline.snapshots.store import SnapshotStore

READ_AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


CLIENTS = raw_clients({"client_key": "1", "last_name": "Łuć 🐕"}, {"client_key": "2"})
PATIENTS = raw_patients({"patient_key": "9", "client_key": "1", "weight": ""})


def write(store: SnapshotStore, seq: int, practice: str = "p1", **other: Any) -> Manifest:
    usual = {"clients": CLIENTS, "patients": PATIENTS, "notes": ("one",)}
    return write_snapshot(store, seq, READ_AT, practice_id=practice, **(usual | other))


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def test_a_snapshot_comes_back_as_it_was_written(store: SnapshotStore) -> None:
    written = write(store, 1)
    assert store.read_manifest("p1", 1) == written
    pd.testing.assert_frame_equal(store.read_raw("p1", 1, "clients"), CLIENTS)
    pd.testing.assert_frame_equal(store.read_raw("p1", 1, "patients"), PATIENTS)
    assert {name: entry.rows for name, entry in written.files.items()} == {
        "raw_clients": 2,
        "raw_patients": 1,
    }


@pytest.mark.parametrize("rows", [[0, 1], [1], [1, 0], []])
def test_chosen_rows_come_in_their_order_and_know_their_places(
    store: SnapshotStore, rows: list[int]
) -> None:
    write(store, 1)
    chosen = store.read_raw("p1", 1, "clients", rows=np.array(rows, dtype="int64"))
    pd.testing.assert_frame_equal(chosen, CLIENTS.iloc[rows], check_index_type=False)


def test_any_place_of_fsspec_will_do() -> None:
    store = SnapshotStore("memory://store")
    write(store, 1)
    assert store.latest("p1") == 1
    pd.testing.assert_frame_equal(store.read_raw("p1", 1, "clients"), CLIENTS)
    assert purge(store, READ_AT + timedelta(days=1)).removed == [("p1", 1)]
    assert store.latest("p1") is None


@settings(deadline=None, max_examples=30)
@given(
    cells=st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=9
    )
)
def test_every_text_survives(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str | None]
) -> None:
    store = SnapshotStore(tmp_path_factory.mktemp("store"))
    clients = raw_clients(*({"last_name": cell} for cell in cells))  # type: ignore[arg-type]
    write(store, 1, clients=clients)
    pd.testing.assert_frame_equal(store.read_raw("p1", 1, "clients"), clients)


def test_the_content_hash_is_of_the_read_not_of_the_content(store: SnapshotStore) -> None:
    first, again = write(store, 1), write(store, 2)
    assert first.files == again.files
    assert first.content_hash != again.content_hash
    assert store.read_manifest("p1", 1).content_hash == first.content_hash


def test_the_latest_is_the_highest_complete_number(store: SnapshotStore, tmp_path: Path) -> None:
    assert store.latest("p1") is None
    write(store, 9)
    write(store, 10)
    write(store, 123_456_789)
    (tmp_path / "p1" / "123456790").mkdir()
    assert store.latest("p1") == 123_456_789
    assert store.snapshots("p1") == [9, 10, 123_456_789]


@pytest.mark.parametrize(
    "left", ["raw_clients.parquet", "raw_clients.parquet.tmp", "manifest.json.tmp"]
)
def test_what_a_killed_write_leaves_is_no_snapshot_and_is_replaced(
    store: SnapshotStore, tmp_path: Path, left: str
) -> None:
    (tmp_path / "p1" / "00000001").mkdir(parents=True)
    (tmp_path / "p1" / "00000001" / left).write_bytes(b"half")
    assert store.latest("p1") is None
    with pytest.raises(SnapshotMissing, match="snapshot 1 isn't in the snapshot store") as gone:
        store.read_manifest("p1", 1)
    assert gone.value.next_step == "read the practice again: vet-pipeline run p1"
    write(store, 1)
    assert sorted(path.name for path in (tmp_path / "p1" / "00000001").iterdir()) == [
        "manifest.json",
        "raw_clients.parquet",
        "raw_patients.parquet",
    ]


def test_a_snapshot_is_none_until_what_is_kept_beside_it_is_there(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its settings it would pass for one of the practice's own, whatever is set since."""

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SnapshotStore, "write_document", killed)
        with pytest.raises(KeyboardInterrupt):
            write(store, 1, beside={"settings": {"weight_unit_when_missing": "lb"}})
    assert store.latest("p1") is None
    write(store, 1, beside={"settings": {"weight_unit_when_missing": "kg"}})
    assert store.read_document("p1", 1, "settings") == {"weight_unit_when_missing": "kg"}


def test_a_complete_snapshot_is_never_overwritten(store: SnapshotStore) -> None:
    first = write(store, 1)
    with pytest.raises(UsageError, match="practice p1: snapshot 1 is already complete"):
        write(store, 1)
    assert store.read_manifest("p1", 1) == first


@pytest.mark.parametrize("change", ["flip", "cut", "extend", "remove"])
def test_a_changed_file_is_refused(store: SnapshotStore, tmp_path: Path, change: str) -> None:
    write(store, 1)
    path = tmp_path / "p1" / "00000001" / "raw_clients.parquet"
    content = path.read_bytes()
    middle = len(content) // 2
    if change == "remove":
        path.unlink()
    else:
        path.write_bytes(
            {
                "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
                "cut": content[:-1],
                "extend": content + b"\0",
            }[change]
        )
    with pytest.raises(SnapshotMissing):
        store.read_raw("p1", 1, "clients")


def test_a_damaged_manifest_is_refused(store: SnapshotStore, tmp_path: Path) -> None:
    write(store, 1)
    path = tmp_path / "p1" / "00000001" / "manifest.json"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SnapshotMissing, match="the manifest of snapshot 1 is damaged"):
        store.read_manifest("p1", 1)


@pytest.mark.parametrize(("practice", "seq"), [("p2", 1), ("p1", 2)])
def test_a_folder_put_in_anothers_place_is_no_snapshot_of_its_new_place(
    store: SnapshotStore, tmp_path: Path, practice: str, seq: int
) -> None:
    write(store, 1)
    shutil.copytree(tmp_path / "p1" / "00000001", tmp_path / practice / f"{seq:08}")
    with pytest.raises(SnapshotMissing, match=f"the manifest of snapshot {seq} is another's"):
        store.read_manifest(practice, seq)
    assert store.read_manifest("p1", 1).practice_id == "p1"


def test_later_stages_put_frames_and_documents_beside_it(store: SnapshotStore) -> None:
    write(store, 1)
    table = pa.table({"pims_client_id": ["1"]})
    assert not store.has_frame("p1", 1, "clients")
    store.write_frame("p1", 1, "clients", table)
    store.write_frame("p1", 1, "clients", table.slice(0, 0))
    assert store.has_frame("p1", 1, "clients")
    assert store.read_frame("p1", 1, "clients").num_rows == 0
    store.write_document("p1", 1, "delta", {"new": 3})
    assert store.read_document("p1", 1, "delta") == {"new": 3}
    with pytest.raises(SnapshotMissing):
        store.read_frame("p1", 1, "pets")
    with pytest.raises(UsageError, match="raw_clients is never rewritten"):
        store.write_frame("p1", 1, "raw_clients", table)


def test_hashes_lie_beside_the_raw_rows_until_they_are_forgotten(store: SnapshotStore) -> None:
    write(store, 1)
    assert read_hashes(store, "p1", 1, "clients") is None
    hashes = pa.array([bytes(range(16)), bytes(16)], pa.binary(16))
    write_hashes(store, "p1", 1, {"clients": hashes, "patients": hashes.slice(0, 0)})
    kept = [read_hashes(store, "p1", 1, kind) for kind in ("clients", "patients")]
    assert [h.to_pylist() for h in kept if h is not None] == [hashes.to_pylist(), []]
    remove_hashes(store, "p1", 1, "clients")
    remove_hashes(store, "p1", 1, "clients")  # nothing is left to forget
    assert read_hashes(store, "p1", 1, "clients") is None
    assert read_hashes(store, "p1", 1, "patients") is not None


def test_frames_with_other_columns_are_refused(store: SnapshotStore) -> None:
    with pytest.raises(UsageError, match="email"):
        write(store, 1, clients=CLIENTS.drop(columns="email"))
    assert store.latest("p1") is None


@pytest.mark.parametrize("practice", ["../x", "a/b", "", ".", "-x", "ä"])
def test_a_practice_id_cannot_leave_the_store(store: SnapshotStore, practice: str) -> None:
    with pytest.raises(UsageError):
        write(store, 1, practice)


def test_times_without_a_zone_are_refused(store: SnapshotStore) -> None:
    with pytest.raises(ValueError, match="zone"):
        write(store, 1, read_started_at=datetime(2026, 3, 1, 3, 0))  # noqa: DTZ001


def test_old_snapshots_are_purged_and_what_a_write_under_way_has_left_is_not(
    store: SnapshotStore, tmp_path: Path
) -> None:
    write(store, 1)
    write(store, 3, read_finished_at=READ_AT + timedelta(days=40))
    write(store, 1, "p2")
    half = tmp_path / "p1" / "00000004"
    half.mkdir()
    (half / "raw_clients.parquet.tmp").write_bytes(b"half")
    cutoff = READ_AT + timedelta(days=30)
    assert purge(store, cutoff).removed == [("p1", 1), ("p2", 1)]
    assert store.snapshots("p1") == [3]
    assert half.exists()  # its file is of today: a write may be under way
    os.utime(half / "raw_clients.parquet.tmp", (0, 0))
    assert purge(store, cutoff).removed == [("p1", 4)]


def test_erasing_a_practice_leaves_nothing_and_the_others_alone(
    store: SnapshotStore, tmp_path: Path
) -> None:
    write(store, 1)
    write(store, 1, "p2")
    store.erase("p1")
    assert [path.name for path in tmp_path.iterdir()] == ["p2"]
    store.erase("p1")

"""What can't be removed keeps no other snapshot from going, and is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.snapshot_files import write_snapshot
from vet_pipeline.errors import SnapshotsNotRemoved
from vet_pipeline.snapshots.purge import Purged, erase, places, purge
from vet_pipeline.snapshots.store import SnapshotStore

READ_AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
LATER = READ_AT + timedelta(days=31)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """Two snapshots of elm, of which one can't be removed; one of oak; and a stray file."""
    store = SnapshotStore(tmp_path)
    for practice_id, seq in (("elm", 1), ("elm", 2), ("oak", 1)):
        write_snapshot(store, seq, READ_AT, practice_id=practice_id)
    wedge(tmp_path / "elm" / "00000001")
    return store


def wedge(snapshot: Path) -> None:
    """A folder where the manifest should be: nobody can read it, or remove it as a file."""
    (snapshot / "manifest.json").unlink()
    (snapshot / "manifest.json").mkdir()


def test_one_that_cant_be_removed_stops_no_other(store: SnapshotStore, tmp_path: Path) -> None:
    (tmp_path / "elm" / "00000009").write_text("a file named like a snapshot")
    purged = purge(store, LATER)
    assert purged == Purged([("elm", 2), ("oak", 1)], ["elm/00000001", "elm/00000009"])
    with pytest.raises(SnapshotsNotRemoved) as caught:
        purged.raise_if_stuck()
    assert caught.value.what == (
        "2 in the snapshot store can't be removed: elm/00000001, elm/00000009"
    )


def test_what_is_left_of_practices_that_left_goes_one_by_one(store: SnapshotStore) -> None:
    assert erase(store, {"elm", "oak"}) == Purged([("oak", 1)], ["elm"])
    assert store.practices() == ["elm"]


def test_of_many_that_could_not_be_removed_twenty_are_named() -> None:
    stuck = [f"oak/{seq:08d}" for seq in range(25)]
    with pytest.raises(SnapshotsNotRemoved, match=r"oak/00000019 and 5 more") as caught:
        Purged([], stuck).raise_if_stuck()
    assert "oak/00000020" not in str(caught.value)


def test_the_homes_own_folder_is_one_place_by_whatever_path_it_is_named(tmp_path: Path) -> None:
    real = SnapshotStore(tmp_path / "disk")
    write_snapshot(real, 1, READ_AT)
    home = tmp_path / "home"
    home.mkdir()
    (home / "snapshots").symlink_to(tmp_path / "disk")
    assert places(real, home) == [real]


def test_a_store_in_the_homes_own_folder_is_no_practice_of_it(tmp_path: Path) -> None:
    """Else all snapshots would go with the practice of that name."""
    store = SnapshotStore(tmp_path / "snapshots" / "main")
    write_snapshot(store, 1, READ_AT)
    for place in places(store, tmp_path):
        place.erase("main")
    assert store.practices() == ["oak"]

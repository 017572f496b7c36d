"""Which snapshot a step is about, where the run hasn't read one itself."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from vet_pipeline.errors import SnapshotMissing
from vet_pipeline.snapshots.beside import kept_settings, kept_source

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.practices import Practice
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore


def stored_manifest(engine: Engine, store: SnapshotStore, practice_id: str) -> Manifest:
    """The snapshot that a person released, else the newest; SnapshotMissing if there is none."""
    from vet_pipeline.practices import registered

    found = released_manifest(engine, store, practice_id) or latest_manifest(store, practice_id)
    require_own_pims(store, registered(engine, practice_id), found)
    return found


def require_own_pims(store: SnapshotStore, practice: Practice, manifest: Manifest) -> None:
    """Refuse what was read by a connector, connection or settings that have been replaced since.

    It may be another practice's, and of a first copy no guard would see that; or kilograms that
    were taken for pounds. Raises SnapshotMissing.
    """
    if replaced := _replaced(store, practice, manifest):
        raise SnapshotMissing(
            f"snapshot {manifest.seq} was read by {replaced} than the practice has now",
            next_step=f"vet-pipeline run {manifest.practice_id}",
            practice_id=manifest.practice_id,
        )


def _replaced(store: SnapshotStore, practice: Practice, manifest: Manifest) -> str:
    """What the snapshot was read by and the practice has no more; '' if it has both."""
    if PurePath(practice.pims).name != PurePath(manifest.pims).name:  # its folder may have moved
        return "another connector"
    if kept_source(store, practice.practice_id, manifest.seq) not in (None, practice.source):
        return "another connection"
    said = kept_settings(store, practice.practice_id, manifest.seq)  # taken back ones count, too
    return "" if said in (None, practice.settings.how_written()) else "other settings"


def released_manifest(engine: Engine, store: SnapshotStore, practice_id: str) -> Manifest | None:
    """The held snapshot that a person has released and no load has applied yet.

    It goes before any other, one read since included: the decision was about this one, and
    whatever kept it from being applied at once (a kill, a pause) didn't take the decision back.
    None also where it has been removed by age, can't be read any more, or was read by a connector,
    connection or settings that the practice has no more: the PIMS is read anew.
    """
    from vet_pipeline.practices import registered
    from vet_pipeline.scriptright.decisions import holds
    from vet_pipeline.scriptright.postgres.roles import connected

    with connected(engine, "load", practice_id) as connection:
        seq = holds.released_waiting(connection, practice_id)
    if seq is None:
        return None
    try:
        manifest = store.read_manifest(practice_id, seq)
        for name in manifest.files:
            store.open_frame(practice_id, seq, name)
    except SnapshotMissing:
        return None
    return None if _replaced(store, registered(engine, practice_id), manifest) else manifest


def latest_manifest(store: SnapshotStore, practice_id: str) -> Manifest:
    """The practice's newest complete snapshot; SnapshotMissing when there is none yet."""
    seq = store.latest(practice_id)
    if seq is None:
        raise SnapshotMissing(
            "there is no snapshot yet",
            next_step=f"vet-pipeline run {practice_id}",
            practice_id=practice_id,
        )
    return store.read_manifest(practice_id, seq)

"""Which snapshot a step is about, where the run hasn't read one itself."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from vet_pipeline.errors import SnapshotMissing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.practices import Practice
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore


def stored_manifest(engine: Engine, store: SnapshotStore, practice_id: str) -> Manifest:
    """The snapshot that a person has released, else the newest; SnapshotMissing if there is none."""
    found = released_manifest(engine, store, practice_id) or latest_manifest(store, practice_id)
    require_own_connector(_registered(engine, practice_id), found)
    return found


def require_own_connector(practice: Practice, manifest: Manifest) -> None:
    """Refuse what a connector has read that the practice had by mistake (`practice change --pims`).

    Raises SnapshotMissing.
    """
    if not _is_by_its_own(practice, manifest):
        raise SnapshotMissing(
            f"snapshot {manifest.seq} was read by another connector than the practice has now",
            next_step=f"vet-pipeline run {manifest.practice_id}",
            practice_id=manifest.practice_id,
        )


def _is_by_its_own(practice: Practice, manifest: Manifest) -> bool:
    return PurePath(practice.pims).name == PurePath(manifest.pims).name  # its folder may have moved


def _registered(engine: Engine, practice_id: str) -> Practice:
    from vet_pipeline import practices
    from vet_pipeline.scriptright.roles import connected

    with connected(engine, "load", practice_id) as connection:
        return practices.get(connection, practice_id)


def released_manifest(engine: Engine, store: SnapshotStore, practice_id: str) -> Manifest | None:
    """The held snapshot that a person has released and no load has applied yet.

    It goes before any other, one read since included: the decision was about this one, and
    whatever kept it from being applied at once (a kill, a pause) didn't take the decision back.
    None also where it has been removed by age, can't be read any more, or was read by a connector
    that the practice had by mistake: the PIMS is read anew.
    """
    from vet_pipeline.scriptright import holds
    from vet_pipeline.scriptright.roles import connected

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
    return manifest if _is_by_its_own(_registered(engine, practice_id), manifest) else None


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

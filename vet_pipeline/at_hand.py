"""Which snapshot a step is about, where the run hasn't read one itself."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from vet_pipeline.errors import SnapshotMissing
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.snapshots.beside import kept_read_by

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.registry.practices import Practice
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore


def stored_manifest(engine: Engine, store: SnapshotStore, practice_id: str) -> Manifest:
    """The snapshot that a person released, else the newest; SnapshotMissing if there is none."""
    from vet_pipeline.registry.practices import registered

    found = released_manifest(engine, store, practice_id) or latest_manifest(store, practice_id)
    require_own_pims(store, registered(engine, practice_id), found)
    return found


def require_own_pims(store: SnapshotStore, practice: Practice, manifest: Manifest) -> None:
    """Refuse what was read by a connector, connection or settings that have been replaced since.

    It may be another practice's, and of a first copy no guard would see that; or kilograms that
    were taken for pounds. Raises SnapshotMissing.
    """
    if replaced := _replaced(store, practice, manifest):
        raise _never_applied(practice.practice_id, manifest.seq, replaced)


def require_at_hand(store: SnapshotStore, practice: Practice, seq: int) -> None:
    """Refuse to decide about a snapshot that no run would apply any more: SnapshotMissing."""
    if why := why_never_applied(store, practice, seq):
        raise _never_applied(practice.practice_id, seq, why)


def why_never_applied(store: SnapshotStore, practice: Practice, seq: int) -> str:
    """Why a run would read anew instead of applying that snapshot; '' if it would apply it.

    As that of `released_manifest`, but whether its rows are whole isn't looked at.
    """
    try:
        return _replaced(store, practice, store.read_manifest(practice.practice_id, seq))
    except SnapshotMissing:
        return "is not kept any more"


def _never_applied(practice_id: str, seq: int, why: str) -> SnapshotMissing:
    return SnapshotMissing(
        f"snapshot {seq} {why}",
        next_step=f"vet-pipeline run {practice_id}",
        practice_id=practice_id,
    )


def _replaced(store: SnapshotStore, practice: Practice, manifest: Manifest) -> str:
    """That it was read by something that the practice has no more; '' if it has all of it."""
    read_by = kept_read_by(store, practice.practice_id, manifest.seq)
    if PurePath(practice.pims).name != PurePath(manifest.pims).name:  # its folder may have moved
        by = "another connector"
    elif read_by.source not in (None, practice.source):
        by = "another connection"
    # A shipped one changes with a release, one's own whenever somebody corrects it.
    elif read_by.connector and read_by.connector != load_connector(practice.pims).digest:
        by = "another version of its connector"
    elif read_by.settings not in (None, practice.settings.how_written()):
        by = "other settings"  # those that were taken back, too
    else:
        return ""
    return f"was read by {by} than the practice has now"


def released_manifest(engine: Engine, store: SnapshotStore, practice_id: str) -> Manifest | None:
    """The held snapshot that a person has released and no load has applied yet.

    It goes before any other, one read since included: the decision was about this one, and
    whatever kept it from being applied at once (a kill, a pause) didn't take the decision back.
    None also where it has been removed by age, can't be read any more, or was read by a connector,
    connection or settings that the practice has no more: the PIMS is read anew.
    """
    from vet_pipeline.registry.practices import registered
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

"""How a practice's PIMS writes things, as the snapshot applied last was read: the baseline's own.

Whoever decides between two loads makes values of the baseline. What another read has found since
(of a held snapshot, of the wrong database for a night) is no word about it, and neither is that the
snapshot itself has gone by age.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vet_pipeline.errors import SnapshotMissing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.practices import Practice
    from vet_pipeline.snapshots.store import SnapshotStore


def applied_conventions(
    connection: Connection, store: SnapshotStore, practice: Practice
) -> Conventions:
    """Those of the snapshot applied last; before the first load as the connector says."""
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.pims import connector, reader
    from vet_pipeline.scriptright.records import baseline

    said = baseline.applied_conventions(connection, practice.practice_id)
    said = said or _of_snapshot(store, practice)  # of a load before schema 0014
    if said is not None:
        return Conventions.from_json(said)
    own = reader.conventions_of(connector.load_connector(practice.pims), {}, {})
    return practice.settings.conventions(own)


def _of_snapshot(store: SnapshotStore, practice: Practice) -> dict[str, Any] | None:
    if practice.applied_seq is None:
        return None
    try:
        return dict(store.read_manifest(practice.practice_id, practice.applied_seq).conventions)
    except SnapshotMissing:
        return None

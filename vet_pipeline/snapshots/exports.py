"""What is kept of a folder of exports beside its snapshot: times and ends of files, no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vet_pipeline.errors import SnapshotMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vet_pipeline.snapshots.store import SnapshotStore

_NAME = "exports"


def keep_exports(
    store: SnapshotStore, practice_id: str, seq: int, exports: Mapping[str, Any]
) -> None:
    """Put it beside the snapshot; nothing where the practice has no exports."""
    if exports:
        store.write_document(practice_id, seq, _NAME, exports)


def kept_exports(
    store: SnapshotStore, practice_id: str, seq: int | None, noted: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What was kept of the snapshot; empty where nothing was, or it is gone, or none is named.

    What the database has `noted` of it counts; a release before schema 0027 has noted nothing.
    """
    if seq is None:
        return {}
    if noted is not None:
        return noted
    try:
        return dict(store.read_document(practice_id, seq, _NAME))
    except SnapshotMissing:
        return {}

"""Over which connection a snapshot was read: kept beside it, as a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vet_pipeline.errors import SnapshotMissing

if TYPE_CHECKING:
    from vet_pipeline.snapshots.store import SnapshotStore

_NAME = "source"


def keep_source(store: SnapshotStore, practice_id: str, seq: int, source: str) -> None:
    """Put the digest (`Practice.source`) beside the snapshot."""
    store.write_document(practice_id, seq, _NAME, source)


def kept_source(store: SnapshotStore, practice_id: str, seq: int) -> str | None:
    """The digest; None where none was kept: an earlier release, or a read that was killed."""
    try:
        return str(store.read_document(practice_id, seq, _NAME))
    except SnapshotMissing:
        return None

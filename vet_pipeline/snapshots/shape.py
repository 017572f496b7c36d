"""The shape of a PIMS's tables as it was last read: columns and types, no values.

It outlives the snapshots, which go after 30 days: a column that is retyped while a practice can't
be read must not pass for the one that was known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vet_pipeline.errors import SnapshotMissing
from vet_pipeline.snapshots.files import AtomicFile, translate_os_errors
from vet_pipeline.snapshots.names import checked_practice

if TYPE_CHECKING:
    from vet_pipeline.snapshots.store import SnapshotStore


def known_shape(store: SnapshotStore, practice_id: str) -> dict[str, str] | None:
    """Types by column as last read; None before the first read.

    Raises SnapshotMissing where it can't be told any more: a person has to look at the PIMS.
    """
    path = _path(store, practice_id)
    try:
        if store.fs.exists(path):
            with translate_os_errors(practice_id, "the PIMS's known shape"):
                shape = json.loads(store.fs.cat_file(path))
            return {str(column): str(kind) for column, kind in shape.items()}
        newest = store.latest(practice_id)
        return None if newest is None else store.read_manifest(practice_id, newest).source_schema
    except (SnapshotMissing, ValueError, AttributeError):
        raise SnapshotMissing(
            "what the PIMS's columns were when it was last read can't be told: the file is damaged",
            next_step="see that the PIMS's columns are right, then:"
            f" vet-pipeline run {practice_id} --accept-shape --by NAME",
            practice_id=practice_id,
        ) from None


def keep_shape(store: SnapshotStore, practice_id: str, shape: Mapping[str, str]) -> None:
    """Remember the shape of a read that is complete."""
    text = json.dumps(shape, sort_keys=True)
    with (
        translate_os_errors(practice_id, "writing the PIMS's known shape"),
        AtomicFile(store.fs, _path(store, practice_id)) as sink,
    ):
        sink.write(text.encode())


def _path(store: SnapshotStore, practice_id: str) -> str:
    return f"{store.root}/{checked_practice(practice_id)}/shape.json"

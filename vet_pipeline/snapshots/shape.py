"""The shape of a PIMS's tables as releases before schema 0014 kept it, beside the snapshots.

Columns and types, no values. It is in ScriptRight's database by now (`baseline.known_shape`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vet_pipeline.errors import SnapshotMissing
from vet_pipeline.snapshots.files import is_there, translate_os_errors
from vet_pipeline.snapshots.names import checked_practice

if TYPE_CHECKING:
    from vet_pipeline.snapshots.store import SnapshotStore


def shape_in_store(
    store: SnapshotStore, practice_id: str, noted: dict[str, str] | None
) -> dict[str, str] | None:
    """Types by column as last read; None before the first. What the database has `noted` counts.

    Raises SnapshotMissing where it can't be told any more: a person has to look at the PIMS.
    """
    if noted is not None:
        return noted
    path = _path(store, practice_id)
    try:
        if is_there(store.fs, path, practice_id):
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


def _path(store: SnapshotStore, practice_id: str) -> str:
    return f"{store.root}/{checked_practice(practice_id)}/shape.json"

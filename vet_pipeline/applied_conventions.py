"""How a practice's PIMS writes things, as the snapshot applied last was read: the baseline's own.

Whoever decides between two loads makes values of the baseline. What another read has found since
(of a held snapshot, of the wrong database for a night) is no word about it, and neither is that the
snapshot itself has gone by age.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from vet_pipeline.errors import PipelineError, SnapshotMissing
from vet_pipeline.snapshots.files import AtomicFile, translate_os_errors
from vet_pipeline.snapshots.names import checked_practice

if TYPE_CHECKING:
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.practices import Practice
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

_logger = logging.getLogger(__name__)


def keep_conventions(store: SnapshotStore, manifest: Manifest) -> None:
    """Remember those of a snapshot that a load has just applied, beyond its own 30 days.

    No load fails for this: a warning says so, and the next one writes them.
    """
    practice_id = manifest.practice_id
    text = json.dumps(manifest.conventions, sort_keys=True)
    try:
        with (
            translate_os_errors(practice_id, "writing the PIMS's conventions"),
            AtomicFile(store.fs, _path(store, practice_id)) as sink,
        ):
            sink.write(text.encode())
    except (PipelineError, OSError) as error:
        _logger.warning(
            "%s: the PIMS's conventions could not be kept (%s)", practice_id, type(error).__name__
        )


def applied_conventions(store: SnapshotStore, practice: Practice) -> Conventions:
    """Those of the snapshot applied last; before the first load as the connector says."""
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.pims import connector, reader

    said = _of_snapshot(store, practice) or _kept(store, practice.practice_id)
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


def _kept(store: SnapshotStore, practice_id: str) -> dict[str, Any] | None:
    try:
        with translate_os_errors(practice_id, "the PIMS's conventions"):
            return dict(json.loads(store.fs.cat_file(_path(store, practice_id))))
    except (SnapshotMissing, ValueError, TypeError):
        return None


def _path(store: SnapshotStore, practice_id: str) -> str:
    return f"{store.root}/{checked_practice(practice_id)}/conventions.json"

"""What is kept of a read beside its tables: hashes of rows, source, settings, exports' ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vet_pipeline.errors import SnapshotMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from vet_pipeline.snapshots.store import SnapshotStore

_EXPORTS, _SETTINGS, _SOURCE, _CONNECTOR = "exports", "settings", "source", "connector"


def write_hashes(
    store: SnapshotStore, practice_id: str, seq: int, hashes: Mapping[str, pa.Array]
) -> None:
    """Keep the hashes (hashes.py) of `clients` and `patients`, in the order of the raw rows."""
    import pyarrow as pa

    for kind, of_rows in hashes.items():
        store.write_frame(practice_id, seq, f"{kind}_hashes", pa.table({"row_hash": of_rows}))


def read_hashes(
    store: SnapshotStore, practice_id: str, seq: int, kind: str
) -> pa.BinaryArray | None:
    """The hashes of the raw rows in their order; None where they aren't kept (any more)."""
    if not store.has_frame(practice_id, seq, f"{kind}_hashes"):
        return None
    import pyarrow as pa

    kept = store.read_frame(practice_id, seq, f"{kind}_hashes").column(0)
    return kept.combine_chunks().cast(pa.binary())


def remove_hashes(store: SnapshotStore, practice_id: str, seq: int, kind: str) -> None:
    """Forget the hashes: they are as big as the rows they are made of, packed as those are."""
    store.remove_frame(practice_id, seq, f"{kind}_hashes")


def kept_beside(
    source: str, connector: str, how_written: Mapping[str, Any], exports: Mapping[str, Any]
) -> dict[str, Any]:
    """What a snapshot is written with: what it was read by, and how far its exports went.

    `source`: the digest of the connection (`Practice.source`), `connector`: that of the connector;
    `how_written`: the settings. `exports`: times and ends of a folder's files, no value; nothing is
    kept of them where the practice has none.
    """
    by = {_SOURCE: source, _CONNECTOR: connector, _SETTINGS: dict(how_written)}
    return by | ({_EXPORTS: exports} if exports else {})


def kept_source(store: SnapshotStore, practice_id: str, seq: int) -> str | None:
    """The connection's digest; None where none was kept: by an earlier release."""
    kept = _kept(store, practice_id, seq, _SOURCE)
    return None if kept is None else str(kept)


def kept_connector(store: SnapshotStore, practice_id: str, seq: int) -> str | None:
    """The connector's digest; None as that of the source."""
    kept = _kept(store, practice_id, seq, _CONNECTOR)
    return None if kept is None else str(kept)


def kept_settings(store: SnapshotStore, practice_id: str, seq: int) -> dict[str, Any] | None:
    """What they said of how things are written; None where it wasn't kept, as the source."""
    kept = _kept(store, practice_id, seq, _SETTINGS)
    return None if kept is None else dict(kept)


def kept_exports(
    store: SnapshotStore, practice_id: str, seq: int | None, noted: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What was kept of the files; empty where nothing was, or it is gone, or none is named.

    What the database has `noted` of it counts; a release before schema 0027 has noted nothing.
    """
    if seq is None:
        return {}
    if noted is not None:
        return noted
    return dict(_kept(store, practice_id, seq, _EXPORTS) or {})


def _kept(store: SnapshotStore, practice_id: str, seq: int, name: str) -> Any:
    try:
        return store.read_document(practice_id, seq, name)
    except SnapshotMissing:
        return None

"""What is kept of a read beside its tables: hashes of rows, source, settings, exports' ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from vet_pipeline.errors import SnapshotMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from vet_pipeline.snapshots.store import SnapshotStore

_EXPORTS = "exports"


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


@dataclass(frozen=True, slots=True)
class ReadBy:
    """What a snapshot was read by, each a document beside it; None: by a release that kept none.

    `source`: the digest of the connection (`Practice.source`), `connector`: that of the connector;
    `settings`: what the practice's said of how things are written.
    """

    source: str | None
    connector: str | None
    settings: dict[str, Any] | None


def documents(read_by: ReadBy, exports: Mapping[str, Any]) -> dict[str, Any]:
    """What a snapshot is written with. `exports`: times and ends of a folder's files, no value."""
    return asdict(read_by) | ({_EXPORTS: exports} if exports else {})


def kept_read_by(store: SnapshotStore, practice_id: str, seq: int) -> ReadBy:
    """What that snapshot was read by."""
    names = (field.name for field in fields(ReadBy))
    return ReadBy(**{name: _kept(store, practice_id, seq, name) for name in names})


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

"""The hashes of a snapshot's raw rows (hashes.py), kept from its read until it is normalized."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from vet_pipeline.snapshots.store import SnapshotStore


def write_hashes(
    store: SnapshotStore, practice_id: str, seq: int, hashes: Mapping[str, pa.Array]
) -> None:
    """Keep the hashes of `clients` and `patients`, in the order of the raw rows."""
    for kind, of_rows in hashes.items():
        store.write_frame(practice_id, seq, f"{kind}_hashes", pa.table({"row_hash": of_rows}))


def read_hashes(
    store: SnapshotStore, practice_id: str, seq: int, kind: str
) -> pa.BinaryArray | None:
    """The hashes of the raw rows in their order; None where they aren't kept (any more)."""
    if not store.has_frame(practice_id, seq, f"{kind}_hashes"):
        return None
    kept = store.read_frame(practice_id, seq, f"{kind}_hashes").column(0)
    return kept.combine_chunks().cast(pa.binary())


def remove_hashes(store: SnapshotStore, practice_id: str, seq: int, kind: str) -> None:
    """Forget the hashes: they are as big as the rows they are made of, packed as those are."""
    store.remove_frame(practice_id, seq, f"{kind}_hashes")

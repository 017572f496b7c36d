"""A snapshot written into a store as a read would leave it: name what matters, the rest is plain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.frames import raw_clients, raw_patients
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore


def write_snapshot(
    store: SnapshotStore, seq: int, read_at: datetime, *, practice_id: str = "oak", **other: Any
) -> Manifest:
    """Without rows unless `clients` or `patients` are given."""
    return store.write_snapshot(
        **{
            "practice_id": practice_id,
            "seq": seq,
            "clients": raw_clients(),
            "patients": raw_patients(),
            "pims": "generic",
            "connector_version": "1",
            "read_started_at": read_at,
            "read_finished_at": read_at,
            "schema_fingerprint": "x",
            **other,
        }
    )

"""A snapshot written into a store as a read would leave it: name what matters, the rest is plain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from tests.frames import raw_clients, raw_patients
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore


def write_snapshot(
    store: SnapshotStore,
    seq: int,
    read_at: datetime,
    *,
    practice_id: str = "oak",
    clients: pd.DataFrame | None = None,
    patients: pd.DataFrame | None = None,
    beside: Mapping[str, Any] | None = None,
    **other: Any,
) -> Manifest:
    """Without rows unless `clients` or `patients` are given; `other`: of the manifest."""
    usual = {
        "pims": "generic",
        "connector_version": "1",
        "read_started_at": read_at,
        "read_finished_at": read_at,
        "files": {},
        "schema_fingerprint": "x",
    }
    return store.write_snapshot(
        Manifest(practice_id=practice_id, seq=seq, **(usual | other)),
        raw_clients() if clients is None else clients,
        raw_patients() if patients is None else patients,
        beside=beside or {},
    )

"""A read of the PIMS into the snapshot store, in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from tests.faults.loading import forks
from tests.snapshot_files import write_snapshot
from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions, read_snapshot
from vet_pipeline.snapshots.store import SnapshotStore

Outcome = Literal["whole", "unavailable", "driver_crashed"]
_UNAVAILABLE = 75


def read_in_a_process(odbc: str, folder: Path, number: int) -> Outcome:
    """Read the generic tables over `odbc` and store them as snapshot `number` of `oak`."""
    child = forks.Process(target=_read, args=(odbc, folder, number), daemon=True)
    child.start()
    child.join(120)
    if child.exitcode is None:
        child.kill()
        raise AssertionError("the read hangs")
    if child.exitcode < 0:
        return "driver_crashed"
    assert child.exitcode in (0, _UNAVAILABLE)
    return "whole" if child.exitcode == 0 else "unavailable"


def _read(odbc: str, folder: Path, number: int) -> None:
    limits = {"page_rows": 20, "statement_seconds": 5, "login_seconds": 5}
    try:
        raw = read_snapshot(load_connector("generic"), odbc, options=ReadOptions(limits=limits))
    except PimsUnavailable:
        os._exit(_UNAVAILABLE)
    write_snapshot(
        SnapshotStore(folder), number, raw.started_at, clients=raw.clients, patients=raw.patients
    )

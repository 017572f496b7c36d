"""The practices' PIMS as a Dagster resource: ODBC, read only."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.registry.practices import Practice
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore


class PimsResource(dg.ConfigurableResource[Any]):
    """Reads a practice's PIMS over ODBC (pyodbc) by its connector.

    Where and how is the practice's registration; time limits, page sizes and pauses are the
    connector's `[limits]`, over which a practice's settings may put their own.
    """

    accept_shape: bool = False  # a person has looked at a column that was retyped

    def read(
        self,
        practice: "Practice",
        *,
        engine: "Engine",
        store: "SnapshotStore",
        progress: Callable[[str, int, int], None] | None = None,
    ) -> "Manifest":
        """One consistent read into the store, under the practice's next snapshot number.

        Nothing is stored unless all of it was read. Raises what vet_pipeline.job.read_step does.
        """
        from vet_pipeline.job import read_step

        return read_step(engine, store, practice, progress=progress, accept_shape=self.accept_shape)

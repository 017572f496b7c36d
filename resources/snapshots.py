"""The snapshot store as a Dagster resource."""

import os
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from vet_pipeline.snapshots.store import SnapshotStore

SNAPSHOTS_VARIABLE = "VET_PIPELINE_SNAPSHOTS"


class SnapshotStoreResource(dg.ConfigurableResource[Any]):
    """Where snapshots and the stages between two assets are kept.

    `url`: a directory, or any fsspec address such as s3://bucket/folder. Unset: the environment
    variable VET_PIPELINE_SNAPSHOTS, else `snapshots` under $VET_PIPELINE_HOME.
    """

    url: str | None = None

    def open(self) -> "SnapshotStore":
        """The store; nothing is kept open between calls."""
        from vet_pipeline.scriptright.server import home_path
        from vet_pipeline.snapshots.store import SnapshotStore

        named = self.url or os.environ.get(SNAPSHOTS_VARIABLE)
        return SnapshotStore(named or home_path() / "snapshots")

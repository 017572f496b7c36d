"""The snapshot store as a Dagster resource."""

import os
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

SNAPSHOTS_VARIABLE = "VET_PIPELINE_SNAPSHOTS"
SNAPSHOT_TAG = "snapshot"  # the number of the one that a run has read


class SnapshotStoreResource(dg.ConfigurableResource[Any]):
    """Where snapshots and the stages between two assets are kept.

    `url`: a directory, or any fsspec address such as s3://bucket/folder. Unset: the environment
    variable VET_PIPELINE_SNAPSHOTS, else `snapshots` under $VET_PIPELINE_HOME.
    """

    url: str | None = None

    def open(self) -> "SnapshotStore":
        """The store; nothing is kept open between calls."""
        from vet_pipeline.scriptright.postgres.server import home_path
        from vet_pipeline.snapshots.store import SnapshotStore

        named = self.url or os.environ.get(SNAPSHOTS_VARIABLE)
        return SnapshotStore(named or home_path() / "snapshots")

    def places(self) -> "list[SnapshotStore]":
        """Wherever snapshots may be: the store, and what the home has from before it was named."""
        from vet_pipeline.errors import UsageError
        from vet_pipeline.scriptright.postgres.server import home_path
        from vet_pipeline.snapshots.purge import places

        store = self.open()
        try:
            return places(store, home_path())
        except UsageError:  # no home is named
            return [store]


Context = dg.AssetExecutionContext | dg.AssetCheckExecutionContext


def hold_to(context: Context, manifest: "Manifest") -> None:
    """The run is about this snapshot from here on, whatever else is read meanwhile (a preview)."""
    context.instance.add_run_tags(context.run.run_id, {SNAPSHOT_TAG: str(manifest.seq)})


def snapshot_at_hand(context: Context, engine: "Engine", store: "SnapshotStore") -> "Manifest":
    """The snapshot that the run has read; in a run that reads none the one to work on (at_hand.py).

    The first step decides for all: what is released is so no more once it is applied.
    """
    from vet_pipeline.at_hand import stored_manifest

    run = context.instance.get_run_by_id(context.run.run_id)
    seq = run.tags.get(SNAPSHOT_TAG, "") if run else ""
    if seq.isdecimal():
        return store.read_manifest(context.partition_key, int(seq))
    manifest = stored_manifest(engine, store, context.partition_key)
    hold_to(context, manifest)
    return manifest

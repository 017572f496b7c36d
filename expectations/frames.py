"""The frames that suites look at, read back from where the assets left them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

Read = Callable[["Engine", "SnapshotStore", "Manifest"], "pd.DataFrame"]


def raw(kind: str) -> Read:
    """Raw `clients` or `patients` of the snapshot, verified against its manifest."""

    def read(engine: "Engine", store: "SnapshotStore", manifest: "Manifest") -> "pd.DataFrame":
        return store.read_raw(manifest.practice_id, manifest.seq, kind)

    return read


def stage(name: str) -> Read:
    """A normalized table of the snapshot: `clients` or `pets`."""

    def read(engine: "Engine", store: "SnapshotStore", manifest: "Manifest") -> "pd.DataFrame":
        from vet_pipeline.normalize.columns import frame

        return frame(store.read_frame(manifest.practice_id, manifest.seq, name))

    return read


def changes(engine: "Engine", store: "SnapshotStore", manifest: "Manifest") -> "pd.DataFrame":
    """The field changes of the snapshot's delta."""
    stored = store.read_frame(manifest.practice_id, manifest.seq, "delta_changes")
    frame: pd.DataFrame = stored.to_pandas()
    return frame


def ledger(engine: "Engine", store: "SnapshotStore", manifest: "Manifest") -> "pd.DataFrame":
    """The practice's loads in the order of recording, with the smallest of each one's counts."""
    import pandas as pd
    from sqlalchemy import text

    from vet_pipeline.scriptright.postgres.roles import connected

    with connected(engine, "load", manifest.practice_id) as connection:
        return pd.read_sql(
            text(
                "SELECT snapshot_seq, snapshot_hash, baseline_seq, state,"
                " (SELECT min(v::bigint) FROM jsonb_each_text(counts) AS c(k, v)"
                "   WHERE v ~ '^-?[0-9]+$') AS smallest_count"
                " FROM scriptright.load WHERE practice_id = :practice ORDER BY load_id"
            ),
            connection,
            params={"practice": manifest.practice_id},
        )

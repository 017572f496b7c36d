"""Raw snapshots go when their time is over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from automation.retention import remove_old_snapshots
from resources.snapshots import SnapshotStoreResource
from tests.frames import raw_clients, raw_patients
from vet_pipeline.snapshots.store import SnapshotStore


def write(store: SnapshotStore, seq: int, days_ago: int) -> None:
    read_at = datetime.now(UTC) - timedelta(days=days_ago)
    store.write_snapshot(
        practice_id="oak",
        seq=seq,
        clients=raw_clients(),
        patients=raw_patients(),
        pims="generic",
        connector_version="1",
        read_started_at=read_at,
        read_finished_at=read_at,
        schema_fingerprint="x",
    )


def run(tmp_path: Path, config: dict[str, int]) -> list[int]:
    store = SnapshotStore(tmp_path)
    for seq, days_ago in ((1, 40), (2, 31), (3, 29), (4, 0)):
        write(store, seq, days_ago)
    result = remove_old_snapshots.execute_in_process(
        run_config=dg.RunConfig({"remove_snapshots": {"config": config}}),
        resources={"snapshots": SnapshotStoreResource(url=str(tmp_path))},
    )
    assert result.success
    return store.snapshots("oak")


def test_raw_snapshots_are_removed_after_thirty_days(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == [3, 4]


def test_the_retention_is_a_setting(tmp_path: Path) -> None:
    assert run(tmp_path, {"days": 35}) == [2, 3, 4]

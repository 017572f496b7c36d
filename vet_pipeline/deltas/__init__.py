"""Snapshot minus baseline, each change with what the field policy says of it. Pure: no I/O."""

from vet_pipeline.deltas.changes import field_changes
from vet_pipeline.deltas.delta import CHANGE_COLUMNS, Delta, RecordDelta, SnapshotIdentity
from vet_pipeline.deltas.guards import GuardBreach, GuardCounts, Thresholds, evaluate_guards
from vet_pipeline.deltas.rows import RowSelection, hash_rows, select_rows

__all__ = [
    "CHANGE_COLUMNS",
    "Delta",
    "GuardBreach",
    "GuardCounts",
    "RecordDelta",
    "RowSelection",
    "SnapshotIdentity",
    "Thresholds",
    "evaluate_guards",
    "field_changes",
    "hash_rows",
    "select_rows",
]

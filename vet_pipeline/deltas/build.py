"""Put the delta of one snapshot together from its two normalized tables and the baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.deltas.changes import field_changes
from vet_pipeline.deltas.delta import CHANGE_COLUMNS, Delta, RecordDelta, SnapshotIdentity
from vet_pipeline.deltas.rows import texts
from vet_pipeline.deltas.stage import RecordStage, normalize_known
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.keys import DUPLICATE_ROW

OWNER_UNKNOWN = "owner_unknown"
QUARANTINE_COLUMNS = ("record", "scope", "field", "reason", "rows")


@dataclass(frozen=True, slots=True)
class StagedTable:
    """A normalized table, and what its delta takes from below: raw rows, new and old.

    `read_raw` brings at least the raw rows of the stage's keys; the index says their places. It is
    called by whoever wants the delta's raw rows. `old`: the baseline's raw rows of the records
    whose kind is `changed`.
    """

    stage: RecordStage
    read_raw: Callable[[], pd.DataFrame]
    old: pd.DataFrame


def build_delta(
    snapshot: SnapshotIdentity,
    clients: StagedTable,
    pets: StagedTable,
    *,
    known_client_ids: AbstractSet[str],
    conventions: Conventions,
) -> Delta:
    """Snapshot minus baseline; old rows are normalized here by the same rules as the new ones.

    `known_client_ids`: clients of the baseline, at least those that a new or waiting pet names as
    its owner. A pet seen for the first time whose owner is nowhere is quarantined with
    `owner_unknown`.
    """
    known = pa.array(list(known_client_ids), pa.large_string())
    owners = pa.concat_arrays([known, texts(clients.stage.keys["pims_id"])])
    pets = replace(pets, stage=_quarantine_ownerless(pets.stage, owners))
    changes = [_changes(table, conventions, snapshot.read_at.date()) for table in (clients, pets)]
    return Delta(
        snapshot=snapshot,
        baseline_seq=clients.stage.baseline_seq,
        clients=_record_delta(clients),
        pets=_record_delta(pets),
        changes=pd.concat(changes, ignore_index=True)[list(CHANGE_COLUMNS)],
        quarantine=quarantine_counts(clients.stage, pets.stage),
        conventions=conventions,
    )


def _changes(table: StagedTable, conventions: Conventions, read_on: date) -> pd.DataFrame:
    stage = table.stage
    was = normalize_known(stage.record, table.old, conventions, read_on)
    now = stage.rows[stage.keys["kind"] == "changed"]
    return field_changes(stage.record, was.rows, now, stage.not_taken, was.not_taken)


def quarantine_counts(*stages: RecordStage) -> pd.DataFrame:
    """Rows and values not taken, counted by reason: record, scope, field, reason, rows."""
    counted: list[tuple[str, str, str, str, int]] = []
    for stage in stages:
        rows = Counter(stage.quarantined["reason"])
        values = Counter(zip(stage.not_taken["field"], stage.not_taken["reason"], strict=True))
        counted += ((stage.record, "row", "", *of) for of in sorted(rows.items()))
        counted += ((stage.record, "value", *of, n) for of, n in sorted(values.items()))
    return pd.DataFrame(counted, columns=list(QUARANTINE_COLUMNS))


def _quarantine_ownerless(pets: RecordStage, owners: pa.Array) -> RecordStage:
    is_known = pc.is_in(texts(pets.rows["pims_client_id"]), value_set=owners)
    unknown = (pets.keys["kind"] != "changed") & ~is_known.to_numpy(zero_copy_only=False)
    if not unknown.any():
        return pets
    refused = pets.keys.loc[unknown, ["row_number", "pims_id"]].assign(reason=OWNER_UNKNOWN)
    refused_ids = set(refused["pims_id"])
    return replace(
        pets,
        rows=pets.rows[~unknown].reset_index(drop=True),
        keys=pets.keys[~unknown].reset_index(drop=True),
        quarantined=pd.concat([pets.quarantined, refused], ignore_index=True),
        not_taken=pets.not_taken[~pets.not_taken["pims_id"].isin(refused_ids)],
    )


def _record_delta(table: StagedTable) -> RecordDelta:
    stage = table.stage
    return RecordDelta(
        rows=stage.rows,
        kind=stage.keys["kind"],
        row_hash=stage.keys["row_hash"],
        read_raw=partial(_numbered, table.read_raw, stage.keys["row_number"]),
        missing=stage.missing,
        returned=stage.returned,
        rows_read=stage.rows_read,
        unchanged=stage.unchanged,
        quarantined=len(stage.quarantined),
        refused=_refused(stage.quarantined),
    )


def _refused(quarantined: pd.DataFrame) -> tuple[str, ...]:
    told = quarantined.loc[quarantined["reason"] != DUPLICATE_ROW, "pims_id"]
    return tuple(sorted(set(told.dropna())))


def _numbered(raw: Callable[[], pd.DataFrame], numbers: pd.Series) -> pd.DataFrame:
    return raw().loc[numbers].reset_index(drop=True)

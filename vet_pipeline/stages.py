"""Stages between two assets, kept beside their snapshot: normalized tables and the delta.

Each stage can be read again alone, so any asset can be materialized by itself. The delta stores
which rows matter and how they changed; the rows themselves stay in the stages below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.deltas.delta import CHANGE_COLUMNS, Delta, RecordDelta, SnapshotIdentity
from vet_pipeline.deltas.rows import HASH_DTYPE, hash_rows
from vet_pipeline.deltas.stage import RAW_KEY, RawRows, RecordStage
from vet_pipeline.errors import StaleDelta
from vet_pipeline.normalize.columns import (
    CLIENT_SCHEMA,
    NOT_TAKEN_SCHEMA,
    PET_SCHEMA,
    QUARANTINE_SCHEMA,
    frame,
    table,
)
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.version import rules_in_force
from vet_pipeline.policy import Record
from vet_pipeline.snapshots.beside import kept_exports, read_hashes
from vet_pipeline.snapshots.manifest import Manifest
from vet_pipeline.snapshots.store import SnapshotStore
from vet_pipeline.snapshots.tables import raw_table

ROWS_NAME: dict[str, str] = {"client": "clients", "pet": "pets"}
RAW_KIND: dict[str, str] = {"client": "clients", "pet": "patients"}
_NUMBER = "row_number"
_ROW_SCHEMA = {"client": CLIENT_SCHEMA, "pet": PET_SCHEMA}
_KEYS_SCHEMA = pa.schema(
    [
        ("row_number", pa.int64()),
        ("pims_id", pa.string()),
        ("kind", pa.string()),
        ("row_hash", pa.binary()),
    ]
)
_CHANGES_SCHEMA = pa.schema([(name, pa.string()) for name in CHANGE_COLUMNS])
_COUNTS_SCHEMA = pa.schema(
    [
        ("record", pa.string()),
        ("scope", pa.string()),
        ("field", pa.string()),
        ("reason", pa.string()),
        ("rows", pa.int64()),
    ]
)


def identity_of(manifest: Manifest) -> SnapshotIdentity:
    """What the ledger knows a snapshot by."""
    return SnapshotIdentity(
        practice_id=manifest.practice_id,
        seq=manifest.seq,
        content_hash=manifest.content_hash,
        read_at=manifest.read_started_at,
    )


def open_raw(store: SnapshotStore, practice_id: str, seq: int, record: Record) -> RawRows:
    """A snapshot's raw rows, read as far as they are wanted.

    Raises SnapshotMissing when the snapshot isn't complete or its file differs.
    """
    file = store.open_frame(practice_id, seq, f"raw_{RAW_KIND[record]}")
    keys = file.read([RAW_KEY[record]]).column(0).combine_chunks()
    whole: list[pa.Table] = []

    def read(places: np.ndarray | None) -> pd.DataFrame:
        if not whole:
            whole.append(file.read())
        [table] = whole
        taken = table if places is None else table.take(places)
        rows: pd.DataFrame = taken.to_pandas().astype("str")
        return rows if places is None else rows.set_axis(places, axis="index")

    def hashes() -> pa.BinaryArray:
        kept = read_hashes(store, practice_id, seq, RAW_KIND[record])
        return hash_rows(read(None)) if kept is None else kept

    return RawRows(keys, hashes, read)


def save_stage(
    store: SnapshotStore, practice_id: str, seq: int, stage: RecordStage, raw: RawRows
) -> None:
    """Write a normalized table and what was not taken; the document comes last, and names them.

    Where the stage has taken few of the raw rows they are kept beside it, so that the steps to
    come needn't read the whole table again for them.
    """
    name = ROWS_NAME[stage.record]
    if 2 * len(stage.keys) <= stage.rows_read:
        chosen = raw.read(stage.keys["row_number"].to_numpy())
        kept = raw_table(chosen, RAW_KIND[stage.record])
        numbers = pa.array(stage.keys["row_number"], type=pa.int64())
        store.write_frame(practice_id, seq, f"{name}_raw", kept.append_column(_NUMBER, numbers))
    frames = {
        name: table(stage.rows, _ROW_SCHEMA[stage.record]),
        f"{name}_keys": table(stage.keys, _KEYS_SCHEMA),
        f"{name}_quarantined": table(stage.quarantined, QUARANTINE_SCHEMA),
        f"{name}_not_taken": table(stage.not_taken, NOT_TAKEN_SCHEMA),
    }
    written = _write_frames(store, practice_id, seq, frames)
    store.write_document(practice_id, seq, name, {**stage.accounts(), "written": written})


def load_stage(store: SnapshotStore, practice_id: str, seq: int, record: Record) -> RecordStage:
    """Read back what `save_stage` wrote; SnapshotMissing when it isn't there whole."""
    name = ROWS_NAME[record]
    accounts = store.read_document(practice_id, seq, name)

    def read(suffix: str) -> pa.Table:
        return _read_written(store, practice_id, seq, f"{name}{suffix}", accounts)

    return RecordStage(
        record=record,
        baseline_seq=accounts["baseline_seq"],
        rows=frame(read("")),
        keys=_keys_frame(read("_keys")),
        quarantined=frame(read("_quarantined")),
        not_taken=frame(read("_not_taken")),
        missing=tuple(accounts["missing"]),
        returned=tuple(accounts["returned"]),
        rows_read=accounts["rows_read"],
        unchanged=accounts["unchanged"],
        rules=accounts.get("rules", ""),
    )


def _write_frames(
    store: SnapshotStore, practice_id: str, seq: int, frames: Mapping[str, pa.Table]
) -> dict[str, str]:
    """The digest of each: the document that comes last tells them from another process's."""
    return {
        name: store.write_frame(practice_id, seq, name, rows).sha256
        for name, rows in frames.items()
    }


def _read_written(
    store: SnapshotStore, practice_id: str, seq: int, name: str, document: Mapping[str, Any]
) -> pa.Table:
    written = document.get("written", {}).get(name, "")
    return store.read_frame(practice_id, seq, name, sha256=written)


def read_chosen(
    store: SnapshotStore, practice_id: str, seq: int, stage: RecordStage
) -> pd.DataFrame:
    """The raw rows that the stage has taken; the index says their places in the snapshot."""
    numbers = stage.keys["row_number"].to_numpy()
    return _read_numbered(store, practice_id, seq, stage.record, numbers)


def _read_delta_raw(
    store: SnapshotStore,
    manifest: Manifest,
    record: Record,
    numbers: np.ndarray,
    places: np.ndarray,
) -> pd.DataFrame:
    """Of the raw rows that the stage has taken those that its delta has, in its order."""
    chosen = _read_numbered(store, manifest.practice_id, manifest.seq, record, numbers)
    if len(places) < len(chosen):
        chosen = chosen.iloc[places]
    return chosen.reset_index(drop=True)


def _read_numbered(
    store: SnapshotStore, practice_id: str, seq: int, record: Record, numbers: np.ndarray
) -> pd.DataFrame:
    name = f"{ROWS_NAME[record]}_raw"
    if store.has_frame(practice_id, seq, name):
        kept = store.read_frame(practice_id, seq, name)
        if kept[_NUMBER].to_pylist() == numbers.tolist():  # else left by an earlier stage
            rows: pd.DataFrame = kept.drop_columns([_NUMBER]).to_pandas().astype("str")
            return rows.set_axis(numbers, axis="index")
    return store.read_raw(practice_id, seq, RAW_KIND[record], rows=numbers)


def save_delta(store: SnapshotStore, delta: Delta) -> None:
    """Write the delta: its changes, its row lists and its counts; the document comes last."""
    at = (delta.snapshot.practice_id, delta.snapshot.seq)
    schema = pa.schema([field for field in _KEYS_SCHEMA if field.name != "row_number"])
    document: dict[str, Any] = {"baseline_seq": delta.baseline_seq, "rules": rules_in_force()}
    frames = {
        "delta_changes": table(delta.changes, _CHANGES_SCHEMA),
        "delta_quarantine": table(delta.quarantine, _COUNTS_SCHEMA),
    }
    for record, part in (("client", delta.clients), ("pet", delta.pets)):
        keys = pd.DataFrame(
            {
                "pims_id": part.rows[ID_COLUMN[record]],
                "kind": part.kind,
                "row_hash": part.row_hash,
            }
        )
        frames[f"delta_{ROWS_NAME[record]}"] = table(keys, schema)
        document[record] = {
            "missing": list(part.missing),
            "returned": list(part.returned),
            "rows_read": part.rows_read,
            "unchanged": part.unchanged,
            "quarantined": part.quarantined,
            "refused": list(part.refused),
        }
    document["written"] = _write_frames(store, *at, frames)
    store.write_document(*at, "delta", document)


def load_delta(store: SnapshotStore, manifest: Manifest) -> Delta:
    """Read back what `save_delta` wrote; SnapshotMissing when a part isn't there, or another's.

    Raises StaleDelta where the tables below it have been normalized again since, or were by the
    rules of another release.
    """
    practice_id, seq = manifest.practice_id, manifest.seq
    document = store.read_document(practice_id, seq, "delta")

    def read(name: str) -> pa.Table:
        return _read_written(store, practice_id, seq, f"delta_{name}", document)

    return Delta(
        snapshot=identity_of(manifest),
        baseline_seq=document["baseline_seq"],
        clients=_load_part(store, manifest, document, "client"),
        pets=_load_part(store, manifest, document, "pet"),
        changes=read("changes").to_pandas().astype("str"),
        quarantine=read("quarantine").to_pandas(),
        conventions=Conventions.from_json(manifest.conventions),
        exports=kept_exports(store, practice_id, seq),
        shape=manifest.source_schema,
    )


def _load_part(
    store: SnapshotStore, manifest: Manifest, document: Mapping[str, Any], record: Record
) -> RecordDelta:
    """What the delta says of clients or pets; the rows come from the stage below it."""
    practice_id, seq, name = manifest.practice_id, manifest.seq, ROWS_NAME[record]
    kept = frame(_read_written(store, practice_id, seq, f"delta_{name}", document))
    stage = load_stage(store, practice_id, seq, record)
    places = _places(kept["pims_id"], stage)
    is_ours = stage.is_current(document["baseline_seq"])
    if not is_ours or document.get("rules") != stage.rules or (places < 0).any():
        raise StaleDelta(
            f"the {name} of snapshot {seq} were normalized again after its delta,"
            " or by another release",
            next_step=f"vet-pipeline run {practice_id}",
            practice_id=practice_id,
        )
    rows = stage.rows
    if len(places) < len(rows):
        rows = rows.iloc[places].reset_index(drop=True)
    numbers = stage.keys["row_number"].to_numpy()
    counted = document[record]
    return RecordDelta(
        rows=rows,
        kind=kept["kind"].astype("str"),
        row_hash=kept["row_hash"],
        read_raw=partial(_read_delta_raw, store, manifest, record, numbers, places),
        missing=tuple(counted["missing"]),
        returned=tuple(counted["returned"]),
        rows_read=counted["rows_read"],
        unchanged=counted["unchanged"],
        quarantined=counted["quarantined"],
        refused=tuple(counted.get("refused", ())),  # absent in a delta of an earlier release
    )


def _places(delta_ids: pd.Series, stage: RecordStage) -> np.ndarray:
    """Where the stage has the delta's rows, -1: nowhere. Pets without owner aren't in the delta."""
    staged, wanted = pd.Index(stage.keys["pims_id"]), pd.Index(delta_ids.astype("str"))
    if wanted.equals(staged):
        return np.arange(len(wanted))
    places: np.ndarray = staged.get_indexer(wanted)
    return places


def _keys_frame(keys: pa.Table) -> pd.DataFrame:
    hashes = {pa.binary(): HASH_DTYPE}
    loaded: pd.DataFrame = keys.to_pandas(types_mapper=hashes.get)
    return loaded.astype({"pims_id": "str", "kind": "str"})

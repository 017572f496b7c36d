"""One table of a snapshot after normalizing: the rows that matter, and what became of the rest.

Law, checked on every load: rows read = rows unchanged + rows normalized + rows quarantined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.deltas.rows import select_rows, texts
from vet_pipeline.normalize import normalize_clients, normalize_pets, split_keys
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Record
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY

RAW_KEY: dict[str, str] = {"client": CLIENT_KEY, "pet": PATIENT_KEY}
_NORMALIZE = {"client": normalize_clients, "pet": normalize_pets}


@dataclass(frozen=True, slots=True)
class RecordStage:
    """Normalized rows that are new, changed or waiting, against one version of the baseline.

    `rows` and `keys` (row_number in the raw frame, pims_id, kind, row_hash) have the same order.
    `quarantined` has row_number, pims_id, reason; `not_taken` has pims_id, field, reason.
    """

    record: Record
    baseline_seq: int | None
    rows: pd.DataFrame
    keys: pd.DataFrame
    quarantined: pd.DataFrame
    not_taken: pd.DataFrame
    missing: tuple[str, ...]
    returned: tuple[str, ...]
    rows_read: int
    unchanged: int

    def accounts(self) -> dict[str, Any]:
        """The numbers and ids beside the frames: what a stage's JSON file holds."""
        return {
            "record": self.record,
            "baseline_seq": self.baseline_seq,
            "missing": list(self.missing),
            "returned": list(self.returned),
            "rows_read": self.rows_read,
            "unchanged": self.unchanged,
        }

    @property
    def is_balanced(self) -> bool:
        """Whether every row read is accounted for."""
        return self.rows_read == self.unchanged + len(self.rows) + len(self.quarantined)


def normalize_stage(
    record: Record,
    raw: pd.DataFrame,
    baseline: pd.DataFrame,
    *,
    baseline_seq: int | None,
    conventions: Conventions,
    read_on: date,
) -> RecordStage:
    """Normalize the rows of `raw` that differ from the baseline; the rest is only counted.

    `baseline` has pims_id, row_hash, missing, waiting (scriptright.baseline.read_hashes).
    """
    key = RAW_KEY[record]
    raw = raw.reset_index(drop=True)
    keyed, unkeyed = split_keys(raw, key)
    selection = select_rows(keyed, key, baseline, present_ids=raw[key].str.strip())
    chosen = keyed.loc[selection.keys["row_number"]].reset_index(drop=True)
    normalized = _NORMALIZE[record](chosen, conventions, read_on=read_on)

    refused = normalized.quarantined.copy()
    refused_places = [int(place) for place in refused["row_number"]]
    refused["row_number"] = selection.keys["row_number"].to_numpy()[refused_places]
    keys = selection.keys.drop(index=refused_places).reset_index(drop=True)
    if not texts(keys["pims_id"]).equals(texts(normalized.rows[ID_COLUMN[record]])):
        raise AssertionError("normalized rows lost the order of their keys")
    return RecordStage(
        record=record,
        baseline_seq=baseline_seq,
        rows=normalized.rows.reset_index(drop=True),
        keys=keys,
        quarantined=pd.concat([unkeyed, refused], ignore_index=True),
        not_taken=normalized.not_taken,
        missing=selection.missing,
        returned=selection.returned,
        rows_read=len(raw),
        unchanged=selection.unchanged,
    )

"""One table of a snapshot after normalizing: the rows that matter, and what became of the rest.

Law, checked on every load: rows read = rows unchanged + rows normalized + rows quarantined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.deltas.rows import hash_rows, select_rows, texts
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.keys import are_plain, quarantine, split_keys
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.normalize.rows import Normalized
from vet_pipeline.normalize.version import rules_in_force
from vet_pipeline.policy import Record
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY

RAW_KEY: dict[str, str] = {"client": CLIENT_KEY, "pet": PATIENT_KEY}
NORMALIZE = {"client": normalize_clients, "pet": normalize_pets}


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
    rules: str

    def accounts(self) -> dict[str, Any]:
        """The numbers and ids beside the frames: what a stage's JSON file holds."""
        return {
            "record": self.record,
            "baseline_seq": self.baseline_seq,
            "missing": list(self.missing),
            "returned": list(self.returned),
            "rows_read": self.rows_read,
            "unchanged": self.unchanged,
            "rules": self.rules,
        }

    def is_current(self, baseline_seq: int | None) -> bool:
        """Whether it was made against this baseline, and by the rules of this release.

        By others' rules a text that nobody has touched would look like a change.
        """
        return self.baseline_seq == baseline_seq and self.rules == rules_in_force()

    @property
    def is_balanced(self) -> bool:
        """Whether every row read is accounted for."""
        return self.rows_read == self.unchanged + len(self.rows) + len(self.quarantined)

    def changed_ids(self) -> list[str]:
        """Whose old rows a comparison field by field needs."""
        return list(self.keys.loc[self.keys["kind"] == "changed", "pims_id"])

    def owners_to_look_up(self) -> list[str]:
        """Owners of pets that are new or wait: a record of theirs may have come meanwhile."""
        owners = self.rows.loc[self.keys["kind"] != "changed", "pims_client_id"]
        return list(owners.dropna().unique())


@dataclass(frozen=True, slots=True)
class RawRows:
    """A raw table of which only what is wanted is read: most rows of a refresh are unchanged.

    `keys` as recorded and `hashes` (16 bytes, over the whole row) have the rows' order. `read`
    brings the rows at these places, indexed by them; all rows for None.
    """

    keys: pa.Array
    hashes: Callable[[], pa.BinaryArray]
    read: Callable[[np.ndarray | None], pd.DataFrame]

    @classmethod
    def of(cls, raw: pd.DataFrame, record: Record) -> RawRows:
        """The rows of a frame that is there already."""
        raw = raw.reset_index(drop=True)
        return cls(
            texts(raw[RAW_KEY[record]]),
            lambda: hash_rows(raw),
            lambda places: raw if places is None else raw.iloc[places],
        )


def normalize_known(
    record: Record, raw: pd.DataFrame, conventions: Conventions, read_on: date
) -> Normalized:
    """Raw rows of known records by today's rules; without a name they are none the less."""
    known = set(raw[RAW_KEY[record]])
    return NORMALIZE[record](raw, conventions, read_on=read_on, known=known)


def _keyed(record: Record, raw: RawRows) -> tuple[RawRows, np.ndarray, pd.DataFrame]:
    """The rows that have a key of their own, trimmed; their places in `raw`; and those refused."""
    if are_plain(raw.keys):
        return raw, np.arange(len(raw.keys)), quarantine([])
    keyed, unkeyed = split_keys(raw.read(None), RAW_KEY[record])
    return RawRows.of(keyed, record), keyed.index.to_numpy(), unkeyed


def normalize_stage(
    record: Record,
    raw: RawRows,
    baseline: pd.DataFrame,
    *,
    baseline_seq: int | None,
    conventions: Conventions,
    read_on: date,
) -> RecordStage:
    """Normalize the rows of `raw` that differ from the baseline; the rest is only counted.

    `baseline` has pims_id, row_hash, missing, waiting (scriptright.baseline.read_hashes).
    """
    keyed, numbers, unkeyed = _keyed(record, raw)
    present = pc.utf8_trim_whitespace(raw.keys)
    selection = select_rows(keyed.keys, keyed.hashes(), baseline, present_ids=present)
    places = selection.keys["row_number"].to_numpy()
    rows = keyed.read(None if len(places) == len(keyed.keys) else places)
    known = set(selection.keys.loc[selection.keys["kind"] == "changed", "pims_id"])
    normalized = NORMALIZE[record](
        rows.reset_index(drop=True), conventions, read_on=read_on, known=known
    )

    refused_places = normalized.quarantined["row_number"].to_numpy(dtype="int64")
    refused = normalized.quarantined.assign(row_number=numbers[places[refused_places]])
    keys = selection.keys.assign(row_number=numbers[places])
    keys = keys.drop(index=list(refused_places)).reset_index(drop=True)
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
        rows_read=len(raw.keys),
        unchanged=selection.unchanged,
        rules=rules_in_force(),
    )

"""Which rows of a snapshot are new, changed, waiting, unchanged or missing, told by row hashes.

Only rows that are not unchanged go on to be normalized, so a quiet practice costs a hash per row.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_FIELD_MARK = "\x1f"
_NULL_MARK = "\x00"  # raw text never holds NUL (the reader takes it out), so NULL differs from ''
_HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class RowSelection:
    """What a snapshot's rows are, compared with the baseline.

    `keys` has one line a row that must be normalized: row_number (position in the raw frame),
    pims_id, kind (new | changed | waiting), row_hash (16 bytes).
    """

    keys: pd.DataFrame
    unchanged: int
    missing: tuple[str, ...]
    returned: tuple[str, ...]


def hash_rows(raw: pd.DataFrame) -> list[bytes]:
    """A 16-byte BLAKE2b over all columns of each row, in column order; NULL differs from ''."""
    if raw.empty:
        return []
    columns = [
        pc.fill_null(pa.array(raw[name], type=pa.large_string()), _NULL_MARK)
        for name in raw.columns
    ]
    joined = pc.binary_join_element_wise(*columns, pa.scalar(_FIELD_MARK, pa.large_string()))
    # Surrogates can't come through Arrow's UTF-8, so encoding can't fail here.
    return [blake2b(text.encode(), digest_size=_HASH_BYTES).digest() for text in joined.to_pylist()]


def select_rows(
    raw: pd.DataFrame, key: str, baseline: pd.DataFrame, *, present_ids: pd.Series
) -> RowSelection:
    """Compare keyed rows with the baseline.

    `raw`: rows whose keys are present and unique; its index says their place in the snapshot.
    `baseline`: columns pims_id, row_hash (bytes), missing (bool), waiting (bool).
    `present_ids`: every key seen in the snapshot, quarantined rows included: a row that can't be
    read is not missing.
    """
    hashes = hash_rows(raw)
    known = dict(zip(_texts(baseline["pims_id"]), baseline["row_hash"], strict=True))
    waiting = set(_texts(baseline.loc[baseline["waiting"].astype(bool), "pims_id"]))
    gone_before = set(_texts(baseline.loc[baseline["missing"].astype(bool), "pims_id"]))

    numbers: list[int] = []
    ids: list[str] = []
    kinds: list[str] = []
    kept_hashes: list[bytes] = []
    for number, pims_id, row_hash in zip(raw.index, _texts(raw[key]), hashes, strict=True):
        before = known.get(pims_id)
        if before is None:
            kind = "new"
        elif pims_id in waiting:
            kind = "waiting"
        elif bytes(before) != row_hash:
            kind = "changed"
        else:
            continue
        numbers.append(number)
        ids.append(pims_id)
        kinds.append(kind)
        kept_hashes.append(row_hash)

    present = set(_texts(present_ids))
    return RowSelection(
        keys=pd.DataFrame(
            {
                "row_number": pd.array(numbers, dtype="int64"),
                "pims_id": pd.array(ids, dtype="str"),
                "kind": pd.array(kinds, dtype="str"),
                "row_hash": pd.Series(kept_hashes, dtype=object),
            }
        ),
        unchanged=len(raw) - len(numbers),
        missing=tuple(sorted(i for i in known if i not in present and i not in gone_before)),
        returned=tuple(sorted(i for i in gone_before if i in present)),
    )


def _texts(column: pd.Series) -> list[str]:
    # By Arrow: pandas makes an object a step when a text column is walked through.
    found: list[str] = pa.array(column, type=pa.large_string(), from_pandas=True).to_pylist()
    return found

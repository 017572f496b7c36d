"""Which rows of a snapshot are new, changed, waiting, unchanged or missing, told by row hashes.

Only rows that are not unchanged go on to be normalized, so a quiet practice costs a hash per row.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.snapshots.hashes import row_hashes

HASH_DTYPE = pd.ArrowDtype(pa.binary())  # no object a row


@dataclass(frozen=True, slots=True)
class RowSelection:
    """What a snapshot's rows are, compared with the baseline.

    `keys` has one line a row that must be normalized: row_number (position among the rows
    given), pims_id, kind (new | changed | waiting), row_hash (16 bytes).
    """

    keys: pd.DataFrame
    unchanged: int
    missing: tuple[str, ...]
    returned: tuple[str, ...]


def hash_rows(raw: pd.DataFrame) -> pa.BinaryArray:
    """The hash of each row over all its columns, in column order."""
    return row_hashes([texts(raw[name]) for name in raw.columns]).cast(pa.binary())


def select_rows(
    ids: pa.Array,
    hashes: pa.BinaryArray,
    baseline: pd.DataFrame,
    *,
    present_ids: pa.Array,
) -> RowSelection:
    """Compare keyed rows with the baseline, column by column: most rows never become objects.

    `ids`: present and unique, in the order of `hashes`.
    `baseline`: columns pims_id, row_hash (bytes), missing (bool), waiting (bool).
    `present_ids`: every key seen in the snapshot, quarantined rows included: a row that can't be
    read is not missing.
    """
    known = texts(baseline["pims_id"])
    places = pc.index_in(ids, value_set=known)  # null: not in the baseline
    before = pa.array(baseline["row_hash"], type=pa.binary()).take(places)
    waiting = pa.array(baseline["waiting"], type=pa.bool_()).take(places)
    kinds = pc.case_when(
        pc.make_struct(pc.is_null(places), waiting, pc.not_equal(before, hashes)),
        "new",
        "waiting",
        "changed",
    )
    chosen = pc.indices_nonzero(pc.is_valid(kinds))  # null: unchanged

    is_present = pc.is_in(known, value_set=present_ids)
    gone_before = pa.array(baseline["missing"], type=pa.bool_())
    missing = known.filter(pc.invert(pc.or_(is_present, gone_before)))
    returned = known.filter(pc.and_(is_present, gone_before))
    return RowSelection(
        keys=pd.DataFrame(
            {
                "row_number": chosen.to_numpy().astype("int64"),
                "pims_id": ids.take(chosen).to_pandas().astype("str"),
                "kind": kinds.take(chosen).cast(pa.large_string()).to_pandas().astype("str"),
                "row_hash": pd.Series(hashes.take(chosen), dtype=HASH_DTYPE),
            }
        ),
        unchanged=len(ids) - len(chosen),
        missing=tuple(sorted(missing.to_pylist())),
        returned=tuple(sorted(returned.to_pylist())),
    )


def texts(column: pd.Series) -> pa.Array:
    """A text column as Arrow: pandas makes an object a step when one is walked through."""
    made = pa.array(column, type=pa.large_string(), from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made

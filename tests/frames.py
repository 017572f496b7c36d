"""Literal small frames for tests: name the columns that matter, the rest is NULL."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from vet_pipeline.normalize.columns import CLIENT_SCHEMA, PET_SCHEMA, frame
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS


def raw_clients(*rows: dict[str, str | None]) -> pd.DataFrame:
    """Raw client rows as a connector delivers them."""
    return _raw(rows, RAW_CLIENT_COLUMNS)


def raw_patients(*rows: dict[str, str | None]) -> pd.DataFrame:
    """Raw patient rows as a connector delivers them."""
    return _raw(rows, RAW_PATIENT_COLUMNS)


def clients(*rows: dict[str, Any]) -> pd.DataFrame:
    """Normalized client rows; po_box and phones have their blank values unless named."""
    return _typed(({"po_box": False, "phones": "[]", **row} for row in rows), CLIENT_SCHEMA)


def pets(*rows: dict[str, Any]) -> pd.DataFrame:
    """Normalized pet rows."""
    return _typed(rows, PET_SCHEMA)


def not_taken(*lines: tuple[str, str, str]) -> pd.DataFrame:
    """What normalizing left out: pims_id, field, reason."""
    return pd.DataFrame(list(lines), columns=["pims_id", "field", "reason"])


def baseline(*rows: tuple[str, bytes, bool, bool]) -> pd.DataFrame:
    """What scriptright.baseline.read_hashes gives: pims_id, row_hash, missing, waiting."""
    columns = ["pims_id", "row_hash", "missing", "waiting"]
    return pd.DataFrame(list(rows), columns=columns).astype({"pims_id": "str"})


def _raw(rows: Any, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {c: pd.array([row.get(c) for row in rows], dtype="str") for c in columns},
        index=pd.RangeIndex(len(rows)),
    )


def _typed(rows: Any, schema: pa.Schema) -> pd.DataFrame:
    return frame(pa.Table.from_pylist([dict(row) for row in rows], schema=schema))

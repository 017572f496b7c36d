"""A field's value as one JSON object {column: value}: how deltas, suggestions and history show it.

Decimals and dates become text, so nothing passes through a float on its way to a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from vet_pipeline.policy import Field


def plain(value: Any) -> Any:
    """One cell as a JSON value: None for NA, text for dates and decimals (no trailing zeros)."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value != value:  # NaN stands for NULL in object columns
        return None
    return value


def field_cells(rows: pd.DataFrame, field: Field) -> Iterator[tuple[Any, ...]]:
    """The plain cells of a field's columns, row by row."""
    columns = [[plain(v) for v in pa.array(rows[c]).to_pylist()] for c in field.columns]
    return zip(*columns, strict=True)


def to_json(field: Field, cells: tuple[Any, ...]) -> str:
    """Canonical JSON text of a field's value; phones become a JSON array, not quoted text."""
    value: dict[str, Any] = dict(zip(field.columns, cells, strict=True))
    if "phones" in value:
        value["phones"] = json.loads(value["phones"]) if value["phones"] else []
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

"""Ways to look at small normalized frames, and the day the snapshots of these tests were read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

READ_ON = date(2026, 11, 23)


def said(row: dict[str, Any]) -> dict[str, Any]:
    """One normalized row without its NAs."""
    return {column: value for column, value in row.items() if not pd.isna(value)}


def lines(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A small frame as tuples, NA as None."""
    return [
        tuple(None if pd.isna(cell) else cell for cell in row)
        for row in frame.itertuples(index=False)
    ]

"""Columns of texts as Arrow, and what a group of them comes to, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa


def texts(cells: Sequence[str | None]) -> pa.Array:
    """A column."""
    return pa.array(cells, type=pa.string())


def columns(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> dict[str, pa.Array]:
    """Some rows as columns."""
    return {name: texts([row[place] for row in rows]) for place, name in enumerate(names)}


def plain_rows(plain: pa.Array, parts: dict[str, pa.Array]) -> list[dict[str, Any] | None]:
    """What each row comes to, None where it isn't plain."""
    rows = pa.table(parts).to_pylist()
    return [
        row if is_plain else None for is_plain, row in zip(plain.to_pylist(), rows, strict=True)
    ]

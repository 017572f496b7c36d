"""What normalizing clients and pets has in common: reading columns, refusing rows, the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.columns import NOT_TAKEN_SCHEMA, frame
from vet_pipeline.normalize.keys import quarantine, split_keys, texts
from vet_pipeline.normalize.text import MAX_TEXT, is_undecodable

Values = list[str | None]
Columns = dict[str, list[Any]]

# What one step holds in Python objects: some 30 MB, and still few steps for a large practice.
ROWS_AT_A_TIME = 10_000


@dataclass(slots=True)
class Normalized:
    """The rows taken, the rows refused and the values left out of rows that were taken.

    Law: len(raw) == len(rows) + len(quarantined). `rows` keep the order of the raw frame.
    """

    rows: pd.DataFrame
    quarantined: pd.DataFrame
    not_taken: pd.DataFrame


class Reading:
    """Some rows of a raw frame being read: their columns as lists, and what had to be refused."""

    def __init__(self, key_column: str, arrays: dict[str, pa.Array]) -> None:
        self.columns: dict[str, Values] = {n: array.to_pylist() for n, array in arrays.items()}
        self.keys: Values = self.columns[key_column]
        self.refused: dict[int, str] = {}  # place among these rows -> reason
        self._left_out: list[tuple[int, str, str]] = []
        for array in arrays.values():
            self._refuse_unreadable(array)

    def refuse(self, place: int, reason: str) -> None:
        """Quarantine a row; the first reason given stays."""
        self.refused.setdefault(place, reason)

    def leave_out(self, place: int, column: str, reason: str) -> None:
        """Note a value that was not taken."""
        self._left_out.append((place, column, reason))

    def taken(self, schema: pa.Schema, columns: Columns) -> pa.Table:
        """The rows not refused, from one list per column of `schema`."""
        table = pa.table(
            [pa.array(columns[field.name], type=field.type) for field in schema], schema=schema
        )
        if not self.refused:
            return table
        mask = [place not in self.refused for place in range(len(self.keys))]
        return table.filter(pa.array(mask, type=pa.bool_()))

    def not_taken(self) -> list[tuple[str | None, str, str]]:
        """(key, raw column, reason) of the values left out of rows that are taken."""
        return [
            (self.keys[p], c, reason) for p, c, reason in self._left_out if p not in self.refused
        ]

    def _refuse_unreadable(self, column: pa.Array) -> None:
        if (pc.max(pc.utf8_length(column)).as_py() or 0) > MAX_TEXT:
            too_long = pc.greater(pc.utf8_length(column), MAX_TEXT)
            for place in pc.indices_nonzero(pc.fill_null(too_long, False)).to_pylist():
                self.refuse(place, "text_too_long")
        odd = pc.fill_null(pc.invert(pc.string_is_ascii(column)), False)
        for place in pc.indices_nonzero(odd).to_pylist():
            if is_undecodable(column[place].as_py()):
                self.refuse(place, "undecodable_text")


def read_rows(
    raw: pd.DataFrame,
    key_column: str,
    names: tuple[str, ...],
    schema: pa.Schema,
    read: Callable[[Reading], Columns],
) -> Normalized:
    """Normalize a raw frame some rows at a time, so that memory doesn't grow with the practice."""
    kept, keyless = split_keys(raw.reset_index(drop=True), key_column)
    arrays = {name: texts(kept[name]) for name in names}
    tables = [schema.empty_table()]
    refused: list[tuple[int, str | None, str]] = []
    left_out: list[tuple[str | None, str, str]] = []
    for start in range(0, len(kept), ROWS_AT_A_TIME):
        reading = Reading(
            key_column, {n: a.slice(start, ROWS_AT_A_TIME) for n, a in arrays.items()}
        )
        tables.append(reading.taken(schema, read(reading)))
        refused += [
            (int(kept.index[start + place]), reading.keys[place], reason)
            for place, reason in reading.refused.items()
        ]
        left_out += reading.not_taken()
    not_taken = pa.table(
        [pa.array([line[n] for line in left_out], type=pa.string()) for n in range(3)],
        schema=NOT_TAKEN_SCHEMA,
    )
    return Normalized(
        rows=frame(pa.concat_tables(tables).combine_chunks()),
        quarantined=_joined(keyless, quarantine(refused)),
        not_taken=frame(not_taken),
    )


def _joined(keyless: pd.DataFrame, refused: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (keyless, refused) if len(part)]
    if not parts:
        return keyless
    return pd.concat(parts).sort_values("row_number", ignore_index=True)

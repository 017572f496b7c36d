"""What normalizing clients and pets has in common: reading columns, refusing rows, the result."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.columns import NOT_TAKEN_SCHEMA, frame
from vet_pipeline.normalize.keys import quarantine, split_keys, texts
from vet_pipeline.normalize.text import MAX_TEXT, is_undecodable

Columns = dict[str, pa.Array]

# `not_taken` goes by so many rows, and within them by column. Steps are a multiple of it, so that
# the size of a step changes no result.
_TOLD_TOGETHER = 10_000


@dataclass(slots=True)
class Normalized:
    """The rows taken, the rows refused and the values left out of rows that were taken.

    Law: len(raw) == len(rows) + len(quarantined). `rows` keep the order of the raw frame.
    """

    rows: pd.DataFrame
    quarantined: pd.DataFrame
    not_taken: pd.DataFrame


class Reading:
    """Some rows of a raw frame being read: their columns, and what had to be refused."""

    def __init__(self, key_column: str, columns: Columns, known: Container[str]) -> None:
        self.columns = columns
        self._known = known
        self.keys = columns[key_column]
        self.refused: dict[int, str] = {}  # place among these rows -> reason
        self._left_out: list[tuple[int, str, str]] = []

    def refuse_unreadable(self, names: Sequence[str]) -> None:
        """Quarantine the rows that hold a text too long or with lost characters in some columns."""
        for name in names:
            self._refuse_unreadable(self.columns[name])

    def cells(self, names: Sequence[str], places: pa.Array) -> Iterator[tuple[str | None, ...]]:
        """The cells of some columns, row by row: only rows that need a reader become objects."""
        return zip(*(self.columns[name].take(places).to_pylist() for name in names), strict=True)

    def refuse(self, place: int, reason: str) -> None:
        """Quarantine a row; the first reason given stays."""
        self.refused.setdefault(place, reason)

    def refuse_nameless(self, place: int, column: str) -> None:
        """Quarantine a row without a name, unless its record is known: it is told by its key."""
        if self.keys[place].as_py() in self._known:
            self.leave_out(place, column, "no_name")
        else:
            self.refuse(place, "no_name")

    def leave_out(self, place: int, column: str, reason: str) -> None:
        """Note a value that was not taken."""
        self._left_out.append((place, column, reason))

    def taken(self, schema: pa.Schema, columns: Columns) -> pa.Table:
        """The rows not refused, from one array per column of `schema`."""
        table = pa.table([columns[name] for name in schema.names], schema=schema)
        if not self.refused:
            return table
        mask = np.ones(len(self.keys), dtype=bool)
        mask[list(self.refused)] = False
        return table.filter(pa.array(mask))

    def refusals(self) -> Iterator[tuple[int, str | None, str]]:
        """(place, key, reason) of the rows refused."""
        return ((p, self.keys[p].as_py(), reason) for p, reason in self.refused.items())

    def not_taken(self) -> Iterator[tuple[str | None, str, str]]:
        """(key, raw column, reason) of the values left out of rows that are taken."""
        left_out = [line for line in self._left_out if line[0] not in self.refused]
        left_out.sort(key=lambda line: line[0] // _TOLD_TOGETHER)
        keys = self.keys.take(pa.array([line[0] for line in left_out], pa.int64())).to_pylist()
        return ((key, c, reason) for key, (_, c, reason) in zip(keys, left_out, strict=True))

    def _refuse_unreadable(self, column: pa.Array) -> None:
        if (pc.max(pc.utf8_length(column)).as_py() or 0) > MAX_TEXT:
            too_long = pc.greater(pc.utf8_length(column), MAX_TEXT)
            for place in pc.indices_nonzero(pc.fill_null(too_long, False)).to_pylist():
                self.refuse(place, "text_too_long")
        odd = pc.indices_nonzero(pc.fill_null(pc.invert(pc.string_is_ascii(column)), False))
        for place, text in zip(odd.to_pylist(), column.take(odd).to_pylist(), strict=True):
            if is_undecodable(text):
                self.refuse(place, "undecodable_text")


def read_rows(
    raw: pd.DataFrame,
    key_column: str,
    names: tuple[str, ...],
    schema: pa.Schema,
    read: Callable[[Reading], Columns],
    rows_at_a_time: int,
    known: Container[str],
) -> Normalized:
    """Normalize a raw frame some rows at a time, so that memory doesn't grow with the practice.

    `rows_at_a_time` is a multiple of 10,000. `known`: keys of records that may have lost their
    name.
    """
    kept, keyless = split_keys(raw.reset_index(drop=True), key_column)
    arrays = {name: texts(kept[name]) for name in names}
    doubtful = [name for name in names if not _is_surely_readable(arrays[name])]
    tables = [schema.empty_table()]
    refused: list[tuple[int, str | None, str]] = []
    left_out: list[tuple[str | None, str, str]] = []
    for start in range(0, len(kept), rows_at_a_time):
        reading = Reading(
            key_column, {n: a.slice(start, rows_at_a_time) for n, a in arrays.items()}, known
        )
        reading.refuse_unreadable(doubtful)
        tables.append(reading.taken(schema, read(reading)))
        refused += [
            (int(kept.index[start + place]), key, reason)
            for place, key, reason in reading.refusals()
        ]
        left_out += reading.not_taken()
    not_taken = pa.table(
        [pa.array([line[n] for line in left_out], type=pa.string()) for n in range(3)],
        schema=NOT_TAKEN_SCHEMA,
    )
    return Normalized(
        rows=frame(pa.concat_tables(tables).combine_chunks()),
        quarantined=_joined(keyless, quarantine(refused)) if refused else keyless,
        not_taken=frame(not_taken),
    )


def _is_surely_readable(column: pa.Array) -> bool:
    """Whether a column is ASCII without a long text, told by its bytes alone."""
    content = column.buffers()[2]  # of the whole frame, if this one is a part of it
    if content is None or not content.size:
        return True
    if np.frombuffer(content, dtype=np.uint8).max() >= 0x80:
        return False
    longest = pc.max(pc.binary_length(column)).as_py() if content.size > MAX_TEXT else 0
    return (longest or 0) <= MAX_TEXT


def _joined(keyless: pd.DataFrame, refused: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (keyless, refused) if len(part)]
    return pd.concat(parts).sort_values("row_number", ignore_index=True)

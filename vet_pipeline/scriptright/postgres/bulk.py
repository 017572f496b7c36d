"""Frames in and out of PostgreSQL by COPY (CSV made and read by Arrow), for whole tables at once.

Cells never become part of a statement; the table and column names are this package's constants.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from psycopg import sql

if TYPE_CHECKING:
    import pandas as pd

_BATCH_ROWS = 20_000  # bounds the CSV text held in memory


def frame_to_arrow(frame: pd.DataFrame, columns: Sequence[str]) -> pa.Table:
    """The named columns as Arrow; bytes become bytea text, decimals plain text."""
    return pa.table({name: _writable(pa.array(frame[name])) for name in columns})


def copy_in(connection: psycopg.Connection[Any], target: str, table: pa.Table) -> None:
    """Append the rows of `table` to `target` (its columns by name). Blank text stays blank text."""
    if table.num_rows == 0:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(*target.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, table.column_names)),
    )
    options = pacsv.WriteOptions(include_header=False)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
            text = io.BytesIO()
            pacsv.write_csv(batch, text, options)
            copy.write(text.getbuffer())


def copy_out(
    connection: psycopg.Connection[Any],
    query: str,
    parameters: Mapping[str, Any],
    types: Mapping[str, pa.DataType],
) -> pa.Table:
    """The rows of `query`, whose columns are those of `types` in that order.

    NULL becomes null and blank text stays blank text.
    """
    body = sql.SQL(query)  # a constant of this package
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)").format(body)
    text = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement, parameters) as copy:
        for chunk in copy:
            text.write(chunk)
    if text.tell() == 0:
        return pa.schema(list(types.items())).empty_table()
    text.seek(0)
    return pacsv.read_csv(
        text,
        read_options=pacsv.ReadOptions(column_names=list(types)),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=dict(types),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )


def _writable(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if pa.types.is_decimal(column.type):
        return column.cast(pa.string())
    if pa.types.is_binary(column.type):
        return _hex(column)
    return column


_DIGITS = np.frombuffer("".join(f"{octet:02x}" for octet in range(256)).encode(), "S2")


def _hex(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Bytes as the text that PostgreSQL reads them from."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    cells = whole.cast(pa.large_binary())
    octets = np.frombuffer(cells.buffers()[2] or b"", np.uint8)
    offsets = np.frombuffer(cells.buffers()[1], np.int64)[
        cells.offset : cells.offset + len(cells) + 1
    ]
    digits = pa.LargeStringArray.from_buffers(
        len(cells), pa.py_buffer(2 * offsets), pa.py_buffer(_DIGITS[octets].tobytes())
    )
    start, nothing = (pa.scalar(text, pa.large_string()) for text in ("\\x", ""))
    written = pc.binary_join_element_wise(start, digits, nothing)
    return pc.if_else(cells.is_valid(), written, pa.scalar(None, pa.large_string()))

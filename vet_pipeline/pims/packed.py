"""Pages fetched as one cell each, because a driver hands over cells one by one and slowly.

For SQLite, whose driver also cuts a text at its first NUL and drops bytes that are no UTF-8. The
columns of a page come as one text: each cell behind a mark of one byte that no UTF-8 text holds,
and at the end of each row a word that nobody could know. A page that doesn't add up (the driver cut
or changed something, a cell held such a byte) is not taken: `unpack` says None, and the page is
read again cell by cell, under guard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.pims.cells import decoded
from vet_pipeline.pims.engines import Engine

_VALUE, _NULL = 0xFF, 0xFE  # before a cell's text; in place of a cell, and before the last word
_BETWEEN_KEYS = "\x1f"


def engine_inside(engine: Engine) -> Engine:
    """The engine that writes a connector's macros inside a packed row, where no byte is lost."""
    return replace(engine, text=_text, date=_text, flag=_text)


def _text(x: str) -> str:
    return f"CAST({x} AS TEXT)"


def packed_statement(statement: str, columns: Sequence[str], last_word: str) -> str:
    """One row of one text: the rows of `statement` in the same order; NULL where it has none.

    `last_word`: letters and digits, another random one for each statement.
    """
    value, null = (f"CAST(x'{mark:x}' AS TEXT)" for mark in (_VALUE, _NULL))
    cells = "||".join(f'coalesce({value}||"{column}",{null})' for column in columns)
    # SQLite keeps the order of a subquery where group_concat depends on it.
    return f"SELECT group_concat({cells}||{null}||'{last_word}', '') FROM ({statement})"  # noqa: S608 - the connector's


def names_statement(statement: str) -> str:
    """A statement without rows that has the columns of `statement`."""
    return f"SELECT * FROM ({statement}) LIMIT 0"  # noqa: S608 - the connector's own SQL


def packed_keys(statement: str) -> str:
    """How many rows `statement` has, and its keys in order as one text (column `page_key`)."""
    keys = f"group_concat(page_key, char({ord(_BETWEEN_KEYS)}))"
    return f"SELECT count(*), count(page_key), {keys} FROM ({statement})"  # noqa: S608 - the connector's


def unpack_keys(keys: str | None, count: int) -> list[str] | None:
    """The keys of `packed_keys`, or None if it isn't `count` of them: the driver cut something."""
    found = [] if keys is None else keys.split(_BETWEEN_KEYS)
    return found if len(found) == count else None


def unpack(page: str | None, width: int, last_word: str) -> list[pa.LargeStringArray] | None:
    """The columns of a page fetched as Latin-1 (a character a byte), or None.

    Bytes that are no UTF-8 are decoded as `cells.decoded` has it.
    """
    try:
        content = (page or "").encode("latin-1")
    except UnicodeEncodeError:
        return None
    octets = np.frombuffer(content, np.uint8)
    marks = np.flatnonzero(octets >= _NULL)
    rows, left_over = divmod(len(marks), width + 1)
    if left_over or (rows == 0) != (page is None):
        return None
    by_row = marks.reshape(rows, width + 1)
    # With every row ended by the word, each has its own marks: none was cut, no cell holds one.
    ending = np.frombuffer(bytes([_NULL]) + last_word.encode(), np.uint8)
    ends = by_row[:, -1:] + np.arange(len(ending))
    starts = np.concatenate(([0], ends[:, -1] + 1)) if rows else np.zeros(1, np.int64)
    if (
        starts[-1] != len(octets)
        or (by_row[:, 0] != starts[:-1]).any()
        or (octets[ends] != ending).any()
    ):
        return None
    is_null = octets[by_row] == _NULL
    if (is_null[:, :-1] & (by_row[:, 1:] != by_row[:, :-1] + 1)).any():
        return None
    # Every second entry of `pieces` is a mark, the one after it the cell's bytes.
    offsets = np.empty(2 * len(marks) + 1, np.int64)
    offsets[0:-1:2], offsets[1::2], offsets[-1] = marks, marks + 1, len(octets)
    pieces = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), 2 * len(marks), [None, pa.py_buffer(offsets), pa.py_buffer(content)]
    )
    first = np.arange(rows) * (2 * (width + 1)) + 1
    return [
        _as_text(pieces.take(pa.array(first + 2 * column, mask=is_null[:, column])))
        for column in range(width)
    ]


def _as_text(cells: pa.LargeBinaryArray) -> pa.LargeStringArray:
    try:
        return pc.cast(cells, pa.large_string())
    except pa.ArrowInvalid:
        texts = [None if cell is None else decoded(cell) for cell in cells.to_pylist()]
        return pa.array(texts, pa.large_string())

"""Cells of text taken apart inside their Arrow buffers: no Python string per row.

What a phone cell or an address line means is said in `phones.py` and `addresses.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.arrays import Bytes, Codes

if TYPE_CHECKING:
    from collections.abc import Sequence


def arrow(frame: pd.DataFrame, column: str) -> pa.Array:
    """The column as an Arrow array, whatever pandas keeps it as; nulls where absent."""
    if column not in frame.columns:
        return pa.nulls(len(frame))
    values = frame[column]
    if isinstance(values.dtype, pd.ArrowDtype | pd.StringDtype):  # quicker than by pa.array
        made = values.array.__arrow_array__()
    else:
        made = pa.array(values, from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def as_text(values: pa.Array) -> pa.StringArray:
    """The values as text, '' where missing."""
    values = values if pa.types.is_string(values.type) else values.cast(pa.string())
    return pc.fill_null(values, "") if values.null_count else values


def text(frame: pd.DataFrame, column: str) -> pa.StringArray:
    """The column as text, '' where missing or absent."""
    return as_text(arrow(frame, column))


def both(frames: Sequence[pd.DataFrame], column: str) -> pa.StringArray:
    """`text` of several frames, one after the other."""
    return pa.concat_arrays([text(frame, column) for frame in frames])


def numbered(*cells: pa.Array) -> tuple[Codes, pa.Array]:
    """A code per cell into the distinct ones; 0 is '', be there such a cell or not. No nulls."""
    blank = pa.array([""], cells[0].type)
    coded = pa.concat_arrays([blank, *cells]).dictionary_encode()
    return coded.indices.to_numpy()[1:], coded.dictionary


def places(ids: pa.StringArray, among: pa.StringArray) -> Codes:
    """The place of each id among others, -1 where it isn't there."""
    return np.asarray(pc.fill_null(pc.index_in(ids, value_set=among), -1).to_numpy(), np.int32)


def bounds(cells: pa.Array) -> tuple[Codes, Bytes]:
    """Where each cell starts in the bytes of all cells (and, at last, where they end)."""
    _, offsets, data = cells.buffers()
    if not len(cells) or data is None:
        return np.zeros(len(cells) + 1, dtype=np.int32), np.zeros(0, dtype=np.uint8)
    starts = np.frombuffer(offsets, dtype=np.int32)[cells.offset : cells.offset + len(cells) + 1]
    return starts, np.frombuffer(data, dtype=np.uint8)


def pieces(data: Bytes, start: Codes, end: Codes) -> pa.BinaryArray:
    """The bytes from each start to each end; pieces stand in order and don't overlap."""
    if not len(start):
        return pa.array([], pa.binary())
    # As cells of the same buffer: the pieces and, by turns, what stands between them.
    turns = np.empty(2 * len(start), dtype=np.int32)
    turns[0::2], turns[1::2] = start, end
    cells = pa.Array.from_buffers(
        pa.binary(), len(turns) - 1, [None, pa.py_buffer(turns), pa.py_buffer(data)]
    )
    return cells.take(pa.array(np.arange(0, len(turns), 2, dtype=np.int32)))


def casefolded(cells: pa.StringArray) -> pa.StringArray:
    """`str.casefold` of each cell; cells may not be null."""
    plain = pc.string_is_ascii(cells)
    folded = pc.ascii_lower(cells)
    if pc.all(plain).as_py() is not False:
        return folded
    others = [cell.casefold() for cell in cells.filter(pc.invert(plain)).to_pylist()]
    return pc.replace_with_mask(folded, pc.invert(plain), pa.array(others, pa.string()))


def before(cells: pa.StringArray, mark: str) -> pa.StringArray:
    """The part of each cell before the mark, all of it where there is none."""
    return pc.list_element(pc.split_pattern(cells, mark, max_splits=1), 0)

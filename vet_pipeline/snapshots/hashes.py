"""A hash for each raw row: two reads of a PIMS are told apart by it, row by row.

The baseline in ScriptRight's database holds the same hashes: what they are made of never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

HASH_BYTES = 16
_FIELD_MARK = "\x1f"
_NULL_MARK = "\x00"  # raw text never holds NUL (the reader takes it out), so NULL differs from ''


def row_hashes(columns: Sequence[pa.Array]) -> pa.FixedSizeBinaryArray:
    """A 16-byte BLAKE2b over all columns of each row, in their order; NULL differs from ''."""
    type_ = pa.binary(HASH_BYTES)
    if not len(columns[0]):
        return pa.array([], type_)
    filled = [pc.fill_null(column, _NULL_MARK) for column in columns]
    joined = pc.binary_join_element_wise(*filled, pa.scalar(_FIELD_MARK, filled[0].type))
    # As bytes: what Arrow holds is UTF-8 already.
    rows = joined.cast(pa.large_binary()).to_pylist()
    digests = b"".join([blake2b(row, digest_size=HASH_BYTES).digest() for row in rows])
    return pa.FixedSizeBinaryArray.from_buffers(type_, len(rows), [None, pa.py_buffer(digests)])

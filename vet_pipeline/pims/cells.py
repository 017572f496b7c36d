"""Fetched rows turned into text columns. No connection.

Connectors cast to text in SQL, so nearly every cell is a str already; what a driver returns as
something else is written out here without loss and without a locale.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Cell = Any
_HEX = re.compile("\x01((?:[0-9A-F]{2})*)\x02")


def as_text(cell: Cell) -> str | None:
    """A cell as text: 0/1 for booleans, ISO for dates, plain digits for numbers.

    Half a surrogate pair or undecodable bytes become U+FFFD, so that normalizing can see it.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        whole = cell.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\0", "")
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, bytes | bytearray):
        return decoded(bytes(cell))
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)  # int; float as its shortest exact form; uuid


def without_hex(cells: Sequence[Cell], codec: str | None = None) -> Sequence[Cell]:
    """A column with the bytes back in place of their hex, decoded; the column itself if none."""
    try:
        if "\x01" not in "".join(filter(None, cells)):  # one look at all texts, in C
            return cells
    except TypeError:  # a cell that is no text
        if not any(isinstance(cell, str) and "\x01" in cell for cell in cells):
            return cells

    def text(found: re.Match[str]) -> str:
        return decoded(bytes.fromhex(found[1]), codec)

    return [_HEX.sub(text, cell) if isinstance(cell, str) else cell for cell in cells]


def decoded(content: bytes, codec: str | None = None) -> str:
    """Bytes of that codec as text without NULs, U+FFFD for what isn't.

    No codec: UTF-8, else what Windows programs wrote.
    """
    if codec is not None:
        return content.decode(codec, "replace").replace("\0", "")
    content = content.replace(b"\0", b"")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def text_array(cells: Sequence[Cell] | pa.Array) -> pa.Array:
    """A column of cells as Arrow text without NULs, which PostgreSQL can't hold.

    Large strings are what pandas keeps, so frames share their memory with the read. A column that
    is such an array already (packed.py) is returned as it is.
    """
    if isinstance(cells, pa.LargeStringArray):
        return cells
    try:
        array = pa.array(cells, type=pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        array = pa.array([as_text(cell) for cell in cells], type=pa.large_string())
    content = array.buffers()[2]  # all texts, one after the other
    if content is not None and b"\0" in content.to_pybytes():
        array = pc.replace_substring(array, "\0", "")
    return array


def key_array(cells: Sequence[Cell] | pa.Array) -> pa.Array:
    """A column of keys as text without any blanks around them, Python's `str.strip`.

    CHAR columns are padded with spaces, exports leave tabs and line ends. Everything later has
    whole keys, so a pet's owner is found however that is done.
    """
    return pc.utf8_trim_whitespace(text_array(cells))

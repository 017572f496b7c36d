"""Fetched rows turned into text columns, and phones folded into one column. No connection.

Connectors cast to text in SQL, so nearly every cell is a str already; what a driver returns as
something else is written out here without loss and without a locale.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Cell = Any
_ESCAPED = re.compile(rb'[^ -~]|["\\]')  # what JSON escapes, and all that isn't ASCII
_HEX = re.compile("\x01((?:[0-9A-F]{2})*)\x02")
_write_json = json.JSONEncoder(ensure_ascii=False).encode  # of one text
_write_label = lru_cache(maxsize=256)(_write_json)  # the same few words in every row


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


def without_hex(cells: Sequence[Cell]) -> Sequence[Cell]:
    """A column with the bytes back in place of their hex, decoded; the column itself if none."""
    try:
        if "\x01" not in "".join(filter(None, cells)):  # one look at all texts, in C
            return cells
    except TypeError:  # a cell that is no text
        if not any(isinstance(cell, str) and "\x01" in cell for cell in cells):
            return cells
    return [_HEX.sub(_of_hex, cell) if isinstance(cell, str) else cell for cell in cells]


def _of_hex(found: re.Match[str]) -> str:
    return decoded(bytes.fromhex(found[1]))


def decoded(content: bytes) -> str:
    """UTF-8, else what Windows programs wrote; without NULs, U+FFFD for what is neither."""
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
    """A column of keys as text without the spaces that CHAR columns are padded with."""
    return pc.utf8_rtrim(text_array(cells), characters=" ")


def fold_phones(
    keys: pa.Array,
    columns: Mapping[str, Sequence[Cell] | pa.Array],
    listed: Mapping[str, list[tuple[Cell, Cell]]] | None,
) -> pa.Array:
    """The `phones` column of one page: phone1.. columns first, then the rows of phones.sql.

    JSON text, a list of [number, label] in the PIMS's order; None where no number is recorded.
    """
    names = sorted(
        (int(name[5:]), name) for name in columns if name.startswith("phone") and name[5:].isdigit()
    )
    nothing = pa.nulls(len(keys), pa.large_string())
    pairs = [
        (text_array(columns[name]), text_array(columns.get(f"{name}_label", nothing)))
        for _, name in names
    ]
    if not listed and pairs and all(_is_plain(cells) for pair in pairs for cells in pair):
        return _fold_plain(pairs)
    rows: list[list[str]] = [[] for _ in keys]
    for pair in pairs:
        for row, number, label in zip(rows, *(cells.to_pylist() for cells in pair), strict=True):
            if number is not None:
                _add_phone(row, number, label)
    if listed:
        for row, key in zip(rows, keys.to_pylist(), strict=True):
            for number, label in listed.get(key, ()) if key is not None else ():
                _add_phone(row, number, label)
    return text_array([f"[{','.join(row)}]" if row else None for row in rows])


def _is_plain(cells: pa.Array) -> bool:
    """Whether JSON writes each of these texts as it is, between quotes."""
    content = cells.buffers()[2]
    return content is None or _ESCAPED.search(content.to_pybytes()) is None


def _fold_plain(pairs: Sequence[tuple[pa.Array, pa.Array]]) -> pa.Array:
    """`fold_phones` for plain texts, a column at a time."""
    written = []
    for number, label in pairs:
        is_blank = pc.equal(pc.utf8_trim(number, " "), _large(""))
        told = pc.fill_null(_joined('"', label, '"'), _large("null"))
        pair = _joined(',["', number, '",', told, "]")  # null where the number is
        written.append(pc.fill_null(pc.if_else(is_blank, _large(""), pair), _large("")))
    folded = _joined(*written)
    listed = _joined("[", pc.utf8_slice_codeunits(folded, 1), "]")  # without the first comma
    return pc.if_else(pc.equal(folded, _large("")), _large(None), listed)


def _joined(*parts: pa.Array | str) -> pa.Array:
    """Texts and columns put together row by row; null where a column is."""
    given = [_large(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*given, _large(""))


def _large(text: str | None) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _add_phone(row: list[str], number: Cell, label: Cell) -> None:
    """One more number, unless it is blank: a pair written by itself, a list a row costs twice that."""
    text = number if isinstance(number, str) else as_text(number)
    if text is not None and text.strip():
        told = label if isinstance(label, str) else as_text(label)
        row.append(f"[{_write_json(text)},{'null' if told is None else _write_label(told)}]")

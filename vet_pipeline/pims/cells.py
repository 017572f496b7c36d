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
        return _decoded(bytes(cell))
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
    return _decoded(bytes.fromhex(found[1]))


def _decoded(content: bytes) -> str:
    content = content.replace(b"\0", b"")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Windows programs wrote


def text_array(cells: Sequence[Cell]) -> pa.Array:
    """A column of cells as Arrow text without NULs, which PostgreSQL can't hold.

    Large strings are what pandas keeps, so frames share their memory with the read.
    """
    try:
        array = pa.array(cells, type=pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        array = pa.array([as_text(cell) for cell in cells], type=pa.large_string())
    content = array.buffers()[2]  # all texts, one after the other
    if content is not None and b"\0" in content.to_pybytes():
        array = pc.replace_substring(array, "\0", "")
    return array


def key_array(cells: Sequence[Cell]) -> pa.Array:
    """A column of keys, each as `key_text` has it."""
    return pc.utf8_rtrim(text_array(cells), characters=" ")


def key_text(cell: Cell) -> str | None:
    """A key as text without the spaces that CHAR columns are padded with."""
    text = cell if isinstance(cell, str) else as_text(cell)
    return None if text is None else text.rstrip(" ")


def fold_phones(
    keys: Sequence[str | None],
    columns: Mapping[str, Sequence[Cell]],
    listed: Mapping[str, list[tuple[Cell, Cell]]] | None,
) -> list[str | None]:
    """The `phones` column of one page: phone1.. columns first, then the rows of phones.sql.

    JSON text, a list of [number, label] in the PIMS's order; None where no number is recorded.
    """
    numbered = sorted(
        (int(name[5:]), name) for name in columns if name.startswith("phone") and name[5:].isdigit()
    )
    rows: list[list[str]] = [[] for _ in keys]
    for _, name in numbered:
        labels = columns.get(f"{name}_label") or [None] * len(keys)
        for row, number, label in zip(rows, columns[name], labels, strict=True):
            if number is not None:
                _add_phone(row, number, label)
    if listed:
        for row, key in zip(rows, keys, strict=True):
            for number, label in listed.get(key, ()) if key is not None else ():
                _add_phone(row, number, label)
    return [f"[{','.join(row)}]" if row else None for row in rows]


def _add_phone(row: list[str], number: Cell, label: Cell) -> None:
    """One more number, unless it is blank: a pair written by itself, a list a row costs twice that."""
    text = number if isinstance(number, str) else as_text(number)
    if text is not None and text.strip():
        told = label if isinstance(label, str) else as_text(label)
        row.append(f"[{_write_json(text)},{'null' if told is None else _write_label(told)}]")

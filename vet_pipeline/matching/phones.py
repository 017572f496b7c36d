"""Phone cells: the numbers of each, and which of them are called a home's or a workplace's.

Cells that differ in digits only are read once: what is where in such a cell depends on its
shape alone, so the numbers are then cut out of all of them at once. A cell of another shape than
`normalize` or the database writes is read as JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.arrays import Bools, Bytes, Codes
from vet_pipeline.matching.cells import bounds, numbered, pieces

#: Kinds of a number of nobody in particular.
OF_A_HOUSE = ("home", "work")
_DIGITS_AS_ZEROS = np.arange(256, dtype=np.uint8)
_DIGITS_AS_ZEROS[ord("0") : ord("9") + 1] = ord("0")


@dataclass
class Phones:
    """One entry per usable number, rows in order and within a row as the cell has them."""

    row: Codes
    number: Codes  # in `numbers`, from 1
    numbers: pa.BinaryArray  # UTF-8; `numbers[0]` is ''
    of_house: Bools  # per distinct number: some cell calls it a home's or a workplace's


def read_phones(cells: pa.StringArray) -> Phones:
    """The numbers of all `phones` cells, '' where there are none; without fax numbers."""
    row, number, called, odd = _cut_out(cells)
    names: set[Any] = set()
    if len(odd):
        more_row, more, names = _read_as_json(cells.take(pa.array(odd)), odd)
        row, called = np.r_[row, more_row], np.r_[called, np.zeros(len(more), dtype=bool)]
        number = pa.concat_arrays([number, more])
    code, numbers = numbered(number)
    of_house = np.zeros(len(numbers), dtype=bool)
    of_house[code[called]] = True
    if names:
        found = pc.is_in(
            numbers, value_set=_encoded([n for n in names if n and isinstance(n, str)])
        )
        of_house |= found.to_numpy(zero_copy_only=False)
    if len(odd):
        order = np.argsort(row, kind="stable")
        row, code = row[order], code[order]
    return Phones(row, code, numbers, of_house)


def last_digits(numbers: pa.BinaryArray) -> Bytes:
    """The last ten characters of each number as a matrix, blanks in front of a shorter one."""
    starts, data = bounds(numbers)
    begin, end = starts[:-1], starts[1:]
    made = np.full((len(numbers), 10), ord(" "), dtype=np.uint8)
    long = np.flatnonzero(end - begin >= 10)
    made[long] = data[end[long, None] + np.arange(-10, 0)]
    other = np.r_[np.flatnonzero(end - begin < 10), long[(made[long] > 127).any(axis=1)]]
    for at in other.tolist():
        text = numbers[at].as_py().decode("utf-8", "surrogatepass")
        made[at] = np.frombuffer(text[-10:].rjust(10).encode("ascii", "replace"), dtype=np.uint8)
    return made


def _cut_out(cells: pa.StringArray) -> tuple[Codes, pa.BinaryArray, Bools, Codes]:
    """Row and number of each entry, whether it is called a house's, and the rows left over."""
    starts, data = bounds(cells)
    masked = pa.py_buffer(_DIGITS_AS_ZEROS[data])
    buffers = [None, pa.py_buffer(np.ascontiguousarray(starts)), masked]
    shape, shapes = numbered(pa.Array.from_buffers(pa.binary(), len(cells), buffers))
    known = [_entries(text) for text in shapes.to_pylist()]
    odd = np.array([entries is None for entries in known], dtype=bool)
    # The entries of all shapes one after the other, and from them those of each cell's shape.
    flat = [entry for entries in known for entry in entries or ()]
    begin, end, called = np.array(flat, dtype=np.int32).reshape(-1, 3).T
    counts = np.array([len(entries or ()) for entries in known], dtype=np.int32)
    each = counts[shape]
    row = np.repeat(np.arange(len(cells), dtype=np.int32), each)
    first = (np.cumsum(counts) - counts)[shape] - (np.cumsum(each) - each)
    entry = np.arange(len(row)) + np.repeat(first, each)
    at = starts[row]
    number = pieces(data, at + begin[entry], at + end[entry])
    return row, number, called[entry] > 0, np.flatnonzero(odd[shape]).astype(np.int32)


def _read_as_json(cells: pa.StringArray, rows: Codes) -> tuple[Codes, pa.BinaryArray, set[Any]]:
    """Row and number of each entry of these rows' cells, and the numbers called a house's."""
    code, distinct = numbered(cells)
    words = distinct.to_pylist()
    lists = all_phone_numbers(words)
    row = [at for at, one in zip(rows.tolist(), code.tolist(), strict=True) for _ in lists[one]]
    found = [number for one in code.tolist() for number in lists[one]]
    return np.array(row, dtype=np.int32), _encoded(found), house_numbers(words)


def _encoded(numbers: list[str]) -> pa.BinaryArray:
    # JSON can spell out half a character, which is no UTF-8.
    return pa.array([n.encode("utf-8", "surrogatepass") for n in numbers], pa.binary())


def all_phone_numbers(cells: list[str]) -> list[list[str]]:
    """The numbers of each `phones` cell in order of preference, without fax numbers.

    A cell of the web shop may hold anything that is JSON: what is no text is no number.
    """
    # Read as one text: a call for each cell takes five times as long.
    text = "[" + ",".join([cell or "[]" for cell in cells]) + "]"
    return [
        [number for number in numbers if number and isinstance(number, str)]
        for numbers in _NUMBERS.decode(text)
    ]


def house_numbers(cells: list[str]) -> set[str]:
    """Numbers that a cell calls a home's or a workplace's: of nobody in particular."""
    return {
        phone["number"]
        for cell in cells
        if any(f'"{kind}"' in cell for kind in OF_A_HOUSE)
        for phone in json.loads(cell)
        if isinstance(phone, dict)
        and phone.get("kind") in OF_A_HOUSE
        and isinstance(phone.get("number"), str)
    }


def _usable(phone: dict[str, Any]) -> str:
    number = phone.get("number")
    return str(number) if number and phone.get("kind") != "fax" else ""


_NUMBERS = json.JSONDecoder(object_hook=_usable)


def _entries(shape: bytes) -> list[tuple[int, int, bool]] | None:
    """Where a cell's usable numbers are, and whether each is a house's; None: another shape."""
    if shape in (b"", b"[]"):
        return []
    if not (shape.startswith(b"[") and shape.endswith(b"]")):
        return None
    entries = []
    at, last = 1, len(shape) - 1
    while found := _phone().match(shape, at, last):
        order = 1 if found["kind1"] is not None else 2
        begin, end = found.span(f"number{order}")
        kind = found[f"kind{order}"]
        if begin < end and kind != b"fax":
            entries.append((begin, end, kind.decode() in OF_A_HOUSE))
        at = found.end()
        if at == last:
            return entries
        if not shape.startswith(b", ", at):
            return None
        at += 2
    return None


@cache
def _phone() -> re.Pattern[bytes]:
    """One phone of a cell, in the order of `normalize` or of the database's jsonb.

    Without backslashes a quote always ends a text; control characters are no JSON.
    """
    text = rb'[^"\\\x00-\x1f]*'
    maybe = rb'(?:null|"' + text + rb'")'
    number = rb'"number": "(?P<number%d>' + text + rb')"'
    kind = rb'"kind": "(?P<kind%d>' + text + rb')"'
    extension, recorded = rb'"extension": ' + maybe, rb'"recorded": ' + maybe
    ours = rb", ".join((number % 1, extension, kind % 1, recorded))
    stored = rb", ".join((kind % 2, number % 2, recorded, extension))
    return re.compile(rb"\{(?:" + ours + rb"|" + stored + rb")\}")

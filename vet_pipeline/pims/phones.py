"""The raw `phones` column: numbers from columns phone1.. and from rows of phones.sql, as JSON text.

Column by column, because a practice has more numbers than anything else but weights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.pims.cells import Cell, key_array, text_array
from vet_pipeline.pims.keys import in_spelling

_ESCAPED = re.compile(rb'[^ -~]|["\\]')  # what JSON escapes, and all that isn't ASCII
_EXTENSION = re.compile(r"[0-9]{1,7}")
_write = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class PhonePairs:
    """Numbers in rows of their own, in the PIMS's order: each client's key and its pair of JSON."""

    client_keys: pa.Array
    pairs: pa.Array


@dataclass(frozen=True, slots=True)
class FoldedPhones:
    """The `phones` column, and for people how many numbers in rows of their own found no client."""

    phones: pa.Array
    notes: tuple[str, ...] = ()


def column_pairs(columns: Mapping[str, Sequence[Cell] | pa.Array], rows: int) -> pa.Array:
    """The pairs of the columns phone1, phone1_label, ... of each of so many clients."""
    numbers = sorted(
        (int(name[5:]), name) for name in columns if name.startswith("phone") and name[5:].isdigit()
    )
    no_label = pa.nulls(rows, pa.large_string())
    parts = [
        _pairs(text_array(columns[name]), text_array(columns.get(f"{name}_label", no_label)))
        for _, name in numbers
    ]
    return _joined(*parts) if parts else pc.fill_null(no_label, _large(""))


def row_pairs(
    client_keys: Sequence[Cell] | pa.Array,
    numbers: Sequence[Cell] | pa.Array,
    labels: Sequence[Cell] | pa.Array,
    extensions: Sequence[Cell] | pa.Array | None = None,
) -> PhonePairs:
    """The pairs of numbers in rows of their own, and extensions in a column of their own."""
    told = text_array(numbers)
    if extensions is not None:
        told = text_array(extended(told.to_pylist(), text_array(extensions).to_pylist()))
    return PhonePairs(key_array(client_keys), _pairs(told, text_array(labels)))


def fold_phones(
    keys: pa.Array, own: pa.Array, rows: PhonePairs | None, *, keys_ignore_case: bool = False
) -> FoldedPhones:
    """The `phones` column of clients: the numbers of their columns (`own`) first, then the rows'.

    `keys` are `key_array`s of all clients there are: a row finds its client by the key's text, so
    it doesn't matter how the two tables type, pad or order their keys. `keys_ignore_case`: 'a1'
    means the client 'A1'. JSON text, a list of [number, label] in the PIMS's order; null where no
    number is recorded.
    """
    folded: pa.Array = own
    notes: tuple[str, ...] = ()
    if rows is not None:
        told, of_no_client = _by_client(keys, rows, keys_ignore_case=keys_ignore_case)
        folded = _joined(own, told)
        if of_no_client:
            notes = (
                f"{of_no_client} of {len(rows.pairs)} rows of phones belong to no client read",
            )
    listed = _joined("[", pc.utf8_slice_codeunits(folded, 1), "]")  # without the first comma
    return FoldedPhones(pc.if_else(pc.equal(folded, _large("")), _large(None), listed), notes)


def _pairs(numbers: pa.Array, labels: pa.Array) -> pa.Array:
    """For each number a comma and its pair as JSON; nothing for a blank one."""
    if not (_is_plain(numbers) and _is_plain(labels)):
        return text_array(
            [
                f",[{_write(number)},{_write(label)}]" if number and number.strip() else ""
                for number, label in zip(numbers.to_pylist(), labels.to_pylist(), strict=True)
            ]
        )
    is_blank = pc.equal(pc.utf8_trim(numbers, " "), _large(""))
    told = pc.fill_null(_joined('"', labels, '"'), _large("null"))
    pairs = _joined(',["', numbers, '",', told, "]")  # null where the number is
    return pc.fill_null(pc.if_else(is_blank, _large(""), pairs), _large(""))


def _is_plain(cells: pa.Array) -> bool:
    """Whether JSON writes each of these texts as it is, between quotes."""
    content = cells.buffers()[2]
    return content is None or _ESCAPED.search(content.to_pybytes()) is None


def _by_client(keys: pa.Array, rows: PhonePairs, *, keys_ignore_case: bool) -> tuple[pa.Array, int]:
    """The pairs of each client's rows, one after the other, and how many rows are of none."""
    told = in_spelling(rows.client_keys, keys) if keys_ignore_case else rows.client_keys
    # Of clients with the same key (set aside later) the first one's place stands for all.
    places = pc.index_in(told, value_set=keys, skip_nulls=True)
    owners = pc.fill_null(places, len(keys)).to_numpy()  # those of no client come last
    counts = np.bincount(owners, minlength=len(keys) + 1)[: len(keys)]
    ends = np.concatenate(([0], np.cumsum(counts)))
    in_order = rows.pairs.take(pa.array(np.argsort(owners, kind="stable")[: ends[-1]]))
    lists = pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), in_order)
    first = pc.index_in(keys, value_set=keys, skip_nulls=True)
    joined = pc.fill_null(pc.binary_join(lists, _large("")).take(first), _large(""))
    return joined, places.null_count


def extended(numbers: Sequence[str | None], extensions: Sequence[str | None]) -> list[str | None]:
    """Each number with its extension behind it, as normalize/phones.py reads them in one text.

    What is no extension by itself stands behind a comma, so that it can't spoil the number.
    """
    told: list[str | None] = []
    for number, typed in zip(numbers, extensions, strict=True):
        extension = (typed or "").strip()
        if number and number.strip() and extension:
            between = " x" if _EXTENSION.fullmatch(extension) else ", "
            number = f"{number}{between}{extension}"
        told.append(number)
    return told


def _joined(*parts: pa.Array | str) -> pa.Array:
    """Texts and columns put together row by row; null where a column is."""
    given = [_large(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*given, _large(""))


def _large(text: str | None) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())

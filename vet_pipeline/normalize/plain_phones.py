"""Plain phones: every number of a field is written the North American way, and taken."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.distinct import each, itself
from vet_pipeline.normalize.phones import (
    PLACEHOLDER_ENDS,
    PLACEHOLDERS,
    PUNCTUATION,
    PhoneReader,
    encode,
)
from vet_pipeline.normalize.plain import every, fits, joined, tidy, without_empty

# [["(312) 555-0101","Home"],["312-555-0102",null]], as pims/phones.py writes it. What JSON escapes
# makes a field not plain, and so do brackets in a text, for they part the pairs.
_SIGNS = r"!#-Z^-~"
_PAIR = rf'\["{tidy(_SIGNS)}",(?:null|"[ {_SIGNS}]*")\]'
_PAIRS = rf"\[{_PAIR}(?:,{_PAIR})*\]"
_PLACEHOLDERS = pa.array([*PLACEHOLDERS, *(digit * 10 for digit in "0123456789")])
_PLACEHOLDER_ENDS = pa.array(PLACEHOLDER_ENDS)
# What the reader's JSON has before, between and behind the three texts of a phone.
_NUMBER, _KIND, _RECORDED, _END = encode(
    {"number": "+1{}", "extension": None, "kind": "{}", "recorded": "{}"}
).split("{}")


def plain_phones(raw: pa.Array, reader: PhoneReader) -> tuple[pa.Array, pa.Array]:
    """(which rows are plain, the JSON text they come to)."""
    raw = without_empty(raw)
    lists = pc.if_else(fits(raw, _PAIRS), raw, None)
    if reader.region != "US" or lists.null_count == len(lists):
        return pc.is_null(raw), pa.repeat("[]", len(raw))
    # What stands between the first [[" and the last ]], as NUMBER","LABEL" or NUMBER",null.
    pairs = pc.split_pattern(pc.utf8_slice_codeunits(lists, 3, -2), '],["')
    halves = pc.split_pattern(pairs.values, '",', max_splits=1).values
    recorded, labels = (halves.take(pa.array(np.arange(n, len(halves), 2))) for n in range(2))
    kinds = each(labels, lambda label: reader.kind(json.loads(label or "null")))
    kind = kinds.column(itself, pa.string())
    digits, is_taken = _us_numbers(recorded)
    phones = joined(_NUMBER, digits, _KIND, kind, _RECORDED, recorded, _END)
    listed = pc.binary_join(pa.ListArray.from_arrays(pairs.offsets, phones), ", ")
    owners = pc.list_parent_indices(pairs).to_numpy()
    plain = pc.or_(pc.is_null(raw), pc.is_valid(lists)).to_numpy(zero_copy_only=False)
    plain[owners[~is_taken]] = False
    plain[owners[_are_repeated(owners, digits)]] = False
    return pa.array(plain), joined("[", listed, "]")


def _us_numbers(recorded: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """(ten digits, whether they are taken) of numbers as recorded."""
    from vet_pipeline.normalize.phone_plan import US_NUMBERS

    digits = _without(PUNCTUATION, recorded)
    exists = fits(digits, rf"(?:\+?1)?(?:{US_NUMBERS})")
    digits = pc.utf8_slice_codeunits(digits, -10)
    is_taken = every(
        exists,
        pc.invert(pc.is_in(digits, value_set=_PLACEHOLDERS)),
        pc.invert(pc.is_in(pc.utf8_slice_codeunits(digits, 3), value_set=_PLACEHOLDER_ENDS)),
    )
    return digits, is_taken.to_numpy(zero_copy_only=False)


def _are_repeated(owners: np.ndarray, digits: pa.Array) -> np.ndarray:
    """Where a client has a number for the second time: the reader makes one phone of the two."""
    repeated = np.zeros(len(owners), dtype=bool)
    for step in range(1, len(owners)):  # each number beside the one before it, the one before..
        is_same_owner = owners[step:] == owners[:-step]
        if not is_same_owner.any():
            break
        is_same = pc.equal(digits.slice(step), digits.slice(0, len(digits) - step))
        repeated[step:] |= is_same_owner & is_same.to_numpy(zero_copy_only=False)
    return repeated


def _without(signs: str, column: pa.Array) -> pa.Array:
    """New ASCII texts without some signs: all their bytes at once, for each is a character."""
    _, bounds, content = column.buffers()
    letters = np.frombuffer(content, dtype=np.uint8)
    is_kept = ~np.isin(letters, [ord(sign) for sign in signs if sign.isascii()])
    places = np.zeros(len(letters) + 1, dtype=np.int32)  # of each byte among those that are kept
    np.cumsum(is_kept, out=places[1:])
    bounds = places[np.frombuffer(bounds, dtype=np.int32)[: len(column) + 1]]
    kept = letters[is_kept]
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(bounds), pa.py_buffer(kept))

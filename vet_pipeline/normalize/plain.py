"""Plain rows: what they come to is known without reading them, cell by cell, as Python objects.

plain_addresses.py and plain_phones.py say by Arrow's means over whole columns which rows surely
are, and what they come to; all others go to the readers, which hold the rules. A row that only may
be plain isn't: a reader says the same of it, if a little later. Emails and names have no such
file: reading each distinct one takes hardly longer.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def tidy(signs: str) -> str:
    """The pattern of words of some signs with one space between them."""
    return rf"[{signs}]+(?: [{signs}]+)*"


# What `text.clean` leaves as it is, as far as it is ASCII; a semicolon may end a reference (&#39;),
# `<` begin a line's end (<br>), a backslash stand before a mark.
TIDY = tidy(r"!-:=-\[\]-~")


def fits(column: pa.Array, pattern: str) -> pa.Array:
    """Where a whole text fits a pattern (RE2's: ASCII only, and without lookaround)."""
    return pc.match_substring_regex(column, rf"\A(?:{pattern})\z")


def holds(column: pa.Array, pattern: str) -> pa.Array:
    """Where a pattern is found in a text, in letters of either case."""
    return pc.match_substring_regex(column, pattern, ignore_case=True)


def without_empty(column: pa.Array) -> pa.Array:
    """The column with null for '': no reader makes a difference between the two."""
    return pc.if_else(pc.equal(column, ""), None, column)


def every(*masks: pa.Array) -> pa.Array:
    """Where all of the masks are true; a null is not."""
    return pc.fill_null(reduce(pc.and_, masks), False)


def any_of(*masks: pa.Array) -> pa.Array:
    """Where one of the masks is true; a null is not."""
    return reduce(pc.or_, (pc.fill_null(mask, False) for mask in masks))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Columns and fixed texts put together row by row; null where a column is."""
    return pc.binary_join_element_wise(*parts, "")


class Rest:
    """The rows that are not plain: their places, and their values put among the plain ones."""

    def __init__(self, plain: pa.Array) -> None:
        self._mask = pc.invert(plain)
        self.places = pc.indices_nonzero(self._mask)

    def put(self, column: pa.Array, values: list[Any]) -> pa.Array:
        """The column with the values of these rows, one for each of them, in their places."""
        if not values:
            return column
        return pc.replace_with_mask(column, self._mask, pa.array(values, type=column.type))

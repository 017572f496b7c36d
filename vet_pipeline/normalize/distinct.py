"""Work done once per distinct text of a column: what a practice records repeats itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

V = TypeVar("V")


@dataclass(slots=True)
class Found(Generic[V]):
    """What the distinct texts of a column came to, and which of it stands in which row."""

    values: list[V]
    numbers: pa.Array  # of each row, the position of its value

    def column(self, part: Callable[[V], Any], kind: pa.DataType) -> pa.Array:
        """One part of the values as a column."""
        return pa.array([part(value) for value in self.values], type=kind).take(self.numbers)

    def where(self, is_so: Callable[[V], Any]) -> Iterator[tuple[int, V]]:
        """(place, value) of the rows with such a value, from the first to the last."""
        chosen = [bool(is_so(value)) for value in self.values]
        if any(chosen):
            places = pc.indices_nonzero(pa.array(chosen).take(self.numbers))
            for place, number in zip(
                places.to_pylist(), self.numbers.take(places).to_pylist(), strict=True
            ):
                yield place, self.values[number]


def each(column: pa.Array, read: Callable[[str | None], V]) -> Found[V]:
    """What `read` says of a column's texts."""
    encoded = column.dictionary_encode(null_encoding="encode")
    return Found([read(text) for text in encoded.dictionary.to_pylist()], encoded.indices)


def each_row(columns: Sequence[pa.Array], read: Callable[..., V]) -> Found[V]:
    """What `read` says of the texts that stand side by side in the rows of some columns."""
    coded = [column.dictionary_encode(null_encoding="encode") for column in columns]
    sizes = [len(code.dictionary) for code in coded]
    # Each row as one number with a digit for each column, and back into digits.
    rows = np.ravel_multi_index([code.indices.to_numpy() for code in coded], sizes)
    different = pa.array(rows).dictionary_encode()
    digits = np.unravel_index(different.dictionary.to_numpy(), sizes)
    texts = [
        code.dictionary.take(pa.array(digit)).to_pylist()
        for code, digit in zip(coded, digits, strict=True)
    ]
    return Found([read(*row) for row in zip(*texts, strict=True)], different.indices)


def itself(value: V) -> V:
    """The value: for a column of what was found as it is."""
    return value

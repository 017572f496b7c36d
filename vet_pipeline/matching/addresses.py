"""Address lines as codes of house number and street, worked out per distinct street.

`wording.address_parts` says what a line means; here it is applied to all lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.cells import bounds, numbered, pieces
from vet_pipeline.matching.keys import Vocabulary, fold_all
from vet_pipeline.matching.wording import address_parts, street_core

if TYPE_CHECKING:
    from vet_pipeline.matching.keys import Codes


def houses_and_streets(lines: pa.StringArray) -> tuple[Codes, Codes, Vocabulary]:
    """`address_parts` of each folded line: codes of house numbers and of streets; 0 is none."""
    rows, heads, rests = _split(lines)
    head, head_words = numbered(heads)
    # A number of plain letters and digits stays one word, so the rest is folded by itself:
    # lines that differ in it only are read once.
    plain = np.array([word.isalnum() for word in head_words.to_pylist()], dtype=bool)[head]
    rows, head = rows[plain], head[plain]
    rest, rest_words = numbered(rests.filter(pa.array(plain)).cast(pa.string()))
    other = np.ones(len(lines), dtype=bool)
    other[rows] = False
    left = np.flatnonzero(other)
    line, line_words = numbered(lines.take(pa.array(left)))
    parts = [address_parts(word) for word in fold_all(line_words.to_pylist())]
    numbers, streets = {"": 0}, {"": 0}
    number, street = np.zeros(len(lines), np.int32), np.zeros(len(lines), np.int32)
    heads_lower = [word.decode().lower() for word in head_words.to_pylist()]
    cores = [street_core(word.split(" ")) for word in fold_all(rest_words.to_pylist())]
    for codes, table, at, place, words in (
        (number, numbers, rows, head, heads_lower),
        (number, numbers, left, line, [one for one, _ in parts]),
        (street, streets, rows, rest, cores),
        (street, streets, left, line, [two for _, two in parts]),
    ):
        new = [table.setdefault(word, len(table)) for word in words]
        codes[at] = np.array(new, dtype=np.int32)[place]
    return number, street, Vocabulary(list(streets))


def _split(lines: pa.StringArray) -> tuple[Codes, pa.BinaryArray, pa.BinaryArray]:
    """Rows of the lines that start with a digit and have a blank; what is before it and after."""
    starts, data = bounds(lines)
    begin, end = starts[:-1], starts[1:]
    blank = pc.find_substring(lines, " ").to_numpy()
    rows = np.flatnonzero(blank > 0).astype(np.int32)
    first = data[begin[rows]]
    rows = rows[(first >= ord("0")) & (first <= ord("9"))]
    begin, end, middle = begin[rows], end[rows], begin[rows] + blank[rows]
    return rows, pieces(data, begin, middle), pieces(data, middle + 1, end)

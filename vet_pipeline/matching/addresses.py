"""Address lines as codes of house number and street, worked out per distinct street.

`wording.address_parts` says what a line means; here it is applied to all lines.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.arrays import Codes
from vet_pipeline.matching.cells import bounds, numbered, pieces
from vet_pipeline.matching.keys import Vocabulary, fold_all
from vet_pipeline.matching.wording import address_parts, street_core


def houses_and_streets(lines: pa.StringArray) -> tuple[Codes, Codes, Vocabulary]:
    """`address_parts` of each folded line: codes of house numbers and of streets; 0 is none."""
    rows, heads, rests = _split(lines)
    # A number of plain letters and digits stays one word, so the rest is folded by itself:
    # lines that differ in their number only are read once.
    plain = pc.ascii_is_alnum(heads)
    rows = rows[plain.to_numpy(zero_copy_only=False)]
    rest, rest_words = numbered(rests.filter(plain))
    cores = [street_core(word.split(" ")) for word in fold_all(rest_words.to_pylist())]
    other = np.ones(len(lines), dtype=bool)
    other[rows] = False
    left = np.flatnonzero(other)
    line, line_words = numbered(lines.take(pa.array(left)))
    parts = [address_parts(word) for word in fold_all(line_words.to_pylist())]
    number, street = np.zeros(len(lines), np.int32), np.zeros(len(lines), np.int32)
    of_others = pa.array([one for one, _ in parts], pa.string()).take(pa.array(line))
    code, _ = numbered(pc.ascii_lower(heads.filter(plain)), of_others)
    number[rows], number[left] = code[: len(rows)], code[len(rows) :]
    table = {"": 0}
    for at, place, words in ((rows, rest, cores), (left, line, [two for _, two in parts])):
        new = [table.setdefault(word, len(table)) for word in words]
        street[at] = np.array(new, dtype=np.int32)[place]
    return number, street, Vocabulary(list(table))


def _split(lines: pa.StringArray) -> tuple[Codes, pa.StringArray, pa.StringArray]:
    """Rows of the lines that start with a digit and have a blank; what is before it and after."""
    starts, data = bounds(lines)
    begin, end = starts[:-1], starts[1:]
    blank = pc.find_substring(lines, " ").to_numpy()
    rows = np.flatnonzero(blank > 0).astype(np.int32)
    first = data[begin[rows]]
    rows = rows[(first >= ord("0")) & (first <= ord("9"))]
    begin, end, middle = begin[rows], end[rows], begin[rows] + blank[rows]
    parts = pieces(data, begin, middle), pieces(data, middle + 1, end)
    return rows, *(part.cast(pa.string()) for part in parts)

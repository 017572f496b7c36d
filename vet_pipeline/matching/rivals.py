"""Rivals: other rows that could be the same record, on either side, as evidence against a pair.

A second row of the same person (a duplicate) is no rival: it wants the same link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.keys import coded

if TYPE_CHECKING:
    from collections.abc import Callable

    from vet_pipeline.matching.keys import Codes

Bits = np.ndarray[Any, np.dtype[np.float64]]

#: Below this a pair is no rival to anybody.
PLAUSIBLE = -6.0
#: From here on two rows of one side are taken for the same person.
SAME_PERSON = 6.0
#: At most so many of the best pairs of a row are set against each other.
SHOWN = 8

NO_RIVAL = -99.0


def best_rivals(
    left: Codes,
    right: Codes,
    bits: Bits,
    likeness: Callable[[Codes, Codes], Bits],
) -> tuple[Bits, Bits]:
    """Bits of the best rival of each pair at its home row and at its PIMS row; NO_RIVAL if none.

    `likeness` gives the bits of pairs of rows of one side being the same person.
    """
    at = np.flatnonzero(bits > PLAUSIBLE)
    same_home = _rivals_of(left[at], right[at], bits[at], likeness)
    same_pims = _rivals_of(right[at], left[at], bits[at], likeness)
    at_home, at_pims = np.full(len(bits), NO_RIVAL), np.full(len(bits), NO_RIVAL)
    at_home[at], at_pims[at] = same_home, same_pims
    for rivals, shared in ((at_home, left), (at_pims, right)):
        # Pairs too weak to be listed above meet the best pair of their row.
        weak = bits <= PLAUSIBLE
        if weak.any() and len(at):
            best = np.full(int(shared.max()) + 1, NO_RIVAL)
            np.maximum.at(best, shared[at], bits[at])
            rivals[weak] = best[shared[weak]]
    return at_home, at_pims


def _rivals_of(
    shared: Codes, other: Codes, bits: Bits, likeness: Callable[[Codes, Codes], Bits]
) -> Bits:
    rivals = np.full(len(bits), NO_RIVAL)
    # Best first within a row; equal bits are all kept alike below, so order can't matter.
    order = np.lexsort((other, -bits, shared))
    group = shared[order]
    if not len(group):
        return rivals
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    counts = np.diff(np.r_[starts, len(group)])
    shown = np.minimum(counts, SHOWN)
    # Each pair of a row against each of the row's best pairs.
    sizes = counts * shown
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    width = np.repeat(shown, sizes)
    mine = order[np.repeat(starts, sizes) + within // width]
    theirs = order[np.repeat(starts, sizes) + within % width]
    differs = mine != theirs
    mine, theirs = mine[differs], theirs[differs]
    if not len(mine):
        return rivals
    low = np.minimum(other[mine], other[theirs]).astype(np.int64)
    high = np.maximum(other[mine], other[theirs]).astype(np.int64)
    pairs, inverse = coded(low << 32 | high)
    alike = likeness((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))
    other_person = (alike < SAME_PERSON)[inverse]
    np.maximum.at(rivals, mine[other_person], bits[theirs[other_person]])
    return rivals

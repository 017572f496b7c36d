"""Candidate pairs: what shares a key on both sides, however many keys only one side has."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.matching.candidates import Blocks

KEYS = st.lists(st.integers(-1, 6) | st.integers(-1, 2**62), max_size=14)


def pairs_of(keys, home_rows, rows=None, most=None, max_block=60):
    """The pairs that a key brings, and how many of its values were too common."""
    blocks = Blocks(home_rows, max_block)
    at = None if rows is None else np.array(rows, dtype=np.int32)
    blocks.add("key", np.array(keys, dtype=np.int64), at, most)
    home, pims = blocks.distinct()
    return list(zip(home.tolist(), pims.tolist(), strict=True)), sum(blocks.too_common.values())


def plainly(keys, home_rows, rows, limit):
    sides = ({}, {})
    for key, row in zip(keys, rows, strict=True):
        if key >= 0:
            sides[row >= home_rows].setdefault(key, set()).add(row)
    shared = [(sides[0][key], sides[1][key]) for key in sides[0].keys() & sides[1].keys()]
    few = [pair for pair in shared if max(map(len, pair)) <= limit]
    return sorted({(h, p) for homes, pims in few for h in homes for p in pims}), len(shared) - len(
        few
    )


def test_rows_of_one_key_are_a_pair_and_a_missing_key_brings_none():
    assert pairs_of([7, -1, 8, 7, -1, 9, 7], 3) == ([(0, 3), (0, 6)], 0)


def test_a_value_on_too_many_rows_of_a_side_brings_no_pairs_and_is_counted():
    assert pairs_of([1, 2, 2, 1, 2, 2, 2], 3, max_block=2) == ([(0, 3)], 1)
    assert pairs_of([1, 2, 2, 1, 2, 2, 2], 3, most=2) == ([(0, 3)], 0)


def test_a_key_of_one_side_alone_brings_nothing():
    assert pairs_of([1, 2, 3], 3) == ([], 0)
    assert pairs_of([1, 2, 3], 0) == ([], 0)
    assert pairs_of([], 0) == ([], 0)


@given(KEYS, st.integers(0, 14), st.integers(1, 3), st.data())
def test_pairs_are_those_of_comparing_everything_with_everything(keys, home_rows, limit, data):
    rows = data.draw(st.lists(st.integers(0, 13), min_size=len(keys), max_size=len(keys)))

    found = pairs_of(keys, home_rows, rows, max_block=limit)

    assert found == plainly(keys, home_rows, rows, limit)

"""Work done once per distinct text gives every row what it would get alone."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.normalize.columns import columns, texts
from vet_pipeline.normalize.distinct import each, each_row, itself

CELL = st.sampled_from(["a", "b", "", " ", "é", None])
PAIRS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12)


@given(st.lists(CELL))
def test_each_text_is_read_once_and_counts_for_all_its_rows(cells):
    seen = []
    found = each(texts(cells), lambda text: seen.append(text) or f"<{text}>")
    assert found.column(itself, pa.string()).to_pylist() == [f"<{cell}>" for cell in cells]
    assert sorted(map(str, seen)) == sorted(map(str, set(cells)))


@given(PAIRS)
def test_each_row_is_read_once_and_counts_for_all_like_it(rows):
    seen = []
    recorded = columns("abc", rows)
    found = each_row(list(recorded.values()), lambda *row: seen.append(row) or str(row))
    assert found.column(itself, pa.string()).to_pylist() == [str(row) for row in rows]
    assert sorted(map(str, seen)) == sorted(map(str, set(rows)))


@given(st.lists(CELL))
def test_the_rows_with_some_value_are_told_from_the_first_to_the_last(cells):
    found = each(texts(cells), itself)
    told = list(found.where(lambda cell: cell in ("a", None)))
    assert told == [(n, cell) for n, cell in enumerate(cells) if cell in ("a", None)]


def test_columns_of_other_kinds_are_read_alike():
    flags = pa.array([True, None, True])
    assert each_row([flags, flags], lambda one, other: (one, other)).values == [
        (True, True),
        (None, None),
    ]

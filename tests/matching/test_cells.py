"""What is worked out for all cells or words in one go is what it is for each of them."""

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.matching.cells import before, bounds, casefolded, numbered, pieces, text
from vet_pipeline.matching.keys import (
    Column,
    Vocabulary,
    different_holders,
    fold,
    fold_all,
    skeletons,
)
from vet_pipeline.matching.nicknames import spellings

TEXTS = st.lists(st.text(max_size=8) | st.sampled_from(["O'Neil", "Zoë", "STRASSE", "Straße", "İ"]))
NAMES = st.lists(st.text(alphabet="abcehiklmnopqrsuwyz 2", max_size=9))


def test_a_column_is_the_same_text_whatever_pandas_keeps_it_as():
    objects = pd.Series(["a", None, "b"], dtype=object)
    for column in (
        objects,
        objects.astype("str"),
        objects.astype("category"),
        objects.astype(pd.ArrowDtype(pa.string())),
        objects.astype(pd.ArrowDtype(pa.large_string())),
    ):
        assert text(pd.DataFrame({"x": column}), "x").to_pylist() == ["a", "", "b"]


def test_an_absent_column_is_blank():
    assert text(pd.DataFrame({"x": [1, 2]}), "y").to_pylist() == ["", ""]
    assert Column.of([pd.DataFrame({"x": [1]}), pd.DataFrame({"x": [2]})], "y").words == [""]


def test_equal_cells_have_one_number_and_a_blank_is_none():
    codes, distinct = numbered(pa.array(["b", "", "a"]), pa.array(["a", "b"]))

    assert (codes.tolist(), distinct.to_pylist()) == ([1, 0, 2, 2, 1], ["", "b", "a"])


def test_words_that_become_equal_share_a_code():
    column = Column(np.array([1, 2, 3, 0], dtype=np.int32), ["", "Oak", "OAK", "'"])

    assert column.folded().distinct_codes().tolist() == [1, 1, 0, 0]
    vocabulary, (one, two) = Vocabulary.of(column.folded(), column)
    assert vocabulary.texts == ["", "oak", "Oak", "OAK", "'"]
    assert (one.tolist(), two.tolist()) == ([1, 1, 0, 0], [2, 3, 4, 0])


def test_pieces_are_cut_out_of_a_part_of_an_array_too():
    cells = pa.array(["xx", "one two", "three", "four five"]).slice(1)
    starts, data = bounds(cells)
    begin, end = starts[[0, 2]], starts[[0, 2]] + np.array([3, 4], dtype=np.int32)

    assert pieces(data, begin, end).to_pylist() == [b"one", b"four"]


@given(TEXTS)
def test_cells_are_casefolded_as_each_text_is(texts):
    assert casefolded(pa.array(texts, pa.string())).to_pylist() == [t.casefold() for t in texts]


@given(st.lists(st.text(alphabet="a@é.", max_size=6)))
def test_the_part_before_a_mark_is_what_split_gives(texts):
    found = before(pa.array(texts, pa.string()), "@").to_pylist()

    assert found == [t.split("@")[0] for t in texts]


@given(TEXTS)
def test_words_are_folded_together_as_each_is(words):
    assert fold_all(words) == [fold(word) for word in words]


def skeleton_by_letters(word):
    kept = word[:1]
    for letter in word[1:]:
        if letter not in "aeiouyhw " and letter != kept[-1]:
            kept += letter
    return kept[:4] if len(word) > 1 else ""


@given(NAMES)
def test_skeletons_are_those_of_each_word(words):
    assert skeletons(words) == [skeleton_by_letters(word) for word in words]


def test_a_skeleton_is_the_first_letter_and_three_consonants_each_once():
    assert skeletons(["milliren", "aaron", "oona", "x", "", "ww2 smith"]) == [
        "mlrn", "arn", "on", "", "", "w2sm",
    ]  # fmt: skip


@given(NAMES)
def test_spellings_are_those_of_each_name(names):
    assert spellings(names) == [spellings([name])[0] for name in names]


def test_usual_spellings_of_a_name_are_alike():
    assert spellings(["molly", "mollie", "luna", "loona", "x", "philip", "filip"]) == [
        "moly", "moly", "luna", "luna", "", "filip", "filip",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=20), st.data())
def test_different_holders_are_counted_for_the_wanted_values(held, data):
    who = np.array([0, 1, 2, 1, 0, 2, 3, 3, 1, 0], dtype=np.int32)
    wanted = data.draw(st.lists(st.integers(0, 5), max_size=4))
    code, row = np.array(held, dtype=np.int32).reshape(-1, 2).T

    found = different_holders(code, row, lambda rows: who[rows], np.array(wanted, np.int32), 6)

    assert found.tolist() == [len({who[r] for c, r in held if c == w} - {0}) for w in wanted]

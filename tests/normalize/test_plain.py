"""What is said of plain texts, and how plain and other rows are put together."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.normalize.columns import texts
from vet_pipeline.normalize.plain import TIDY, Rest, any_of, every, fits, without_empty
from vet_pipeline.normalize.text import clean


@given(st.one_of(st.text(), st.text(alphabet="ab \t\n\x7f~!é")))
@example("a  b")
@example("a b c")
@example("")
@example("\\")
def test_a_tidy_text_is_one_in_ascii_that_cleaning_leaves_as_it_is(text):
    """Those with a sign that may have to be read (`;<` and the backslash) are looked at one by one."""
    is_tidy = fits(texts([text]), TIDY)[0].as_py()
    is_read = not {";", "<", "\\"}.isdisjoint(text)
    assert is_tidy == (text.isascii() and clean(text) == text and not is_read)


def test_a_text_fits_as_a_whole():
    assert fits(texts(["ab", "ab\n", "xab", "a", None]), "a|ab").to_pylist() == [
        True,
        False,
        False,
        True,
        None,
    ]


def test_a_mask_that_says_nothing_says_no():
    yes, unknown = texts(["x"]).is_valid(), fits(texts([None]), "x")
    assert every(yes, unknown).to_pylist() == [False]
    assert any_of(yes, unknown).to_pylist() == [True]
    assert any_of(unknown, unknown).to_pylist() == [False]


def test_an_empty_text_is_none():
    assert without_empty(texts(["", " ", None, "a"])).to_pylist() == [None, " ", None, "a"]


@pytest.mark.parametrize(
    ("plain", "places", "together"),
    [
        ([True, True], [], ["a", "b"]),
        ([True, False], [1], ["a", "x"]),
        ([False, False], [0, 1], ["x", None]),
    ],
)
def test_rows_that_are_not_plain_get_their_values_from_elsewhere(plain, places, together):
    rest = Rest(texts(["x" if p else None for p in plain]).is_valid())
    assert rest.places.to_pylist() == places
    assert rest.put(texts(["a", "b"]), ["x", None][: len(places)]).to_pylist() == together

"""Plain client names: what they come to is what the reader says."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalize.columns import columns, plain_rows
from vet_pipeline.normalize.name_parts import TITLES
from vet_pipeline.normalize.names import NameReader
from vet_pipeline.normalize.organisations import STRONG
from vet_pipeline.normalize.plain_names import plain_names
from vet_pipeline.normalize.text import FILLERS, WEAK_FILLERS

RAW = ("title", "first_name", "last_name", "full_name", "organisation")

WORD = st.sampled_from(
    ["Ann", "MARY", "O'Brien", "O’Brien", "Smith-Jones", "José", "d'", "-", "Jr", "K9", "L.L.C.",
     "Mary Ann", "van Dyke", "Smith, Ann", "Bob & Ann", "Smith (OLD)", "Dr. Bob", "ſmith", "İ",
     *sorted(TITLES | STRONG | FILLERS | WEAK_FILLERS)]
)  # fmt: skip
CASED = st.tuples(WORD, st.sampled_from([str, str.upper, str.title])).map(
    lambda one: one[1](one[0])
)
CELL = st.one_of(
    st.none(), CASED, st.text(alphabet="abMNé'’-. ,&/1\n", max_size=6), st.text(max_size=12)
)
ROWS = st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=6)


def plain(*rows):
    reader = NameReader()
    return plain_rows(*plain_names(columns(RAW, rows), reader))


def one(first=None, last=None, *, title=None, full=None, organisation=None):
    row = plain((title, first, last, full, organisation))[0]
    return row and {part: value for part, value in row.items() if value is not None}


@given(ROWS)
def test_a_plain_name_is_what_its_reader_says(rows):
    reader = NameReader()
    for row, name in zip(rows, plain(*rows), strict=True):
        assert name is None or name == asdict(reader.read(*row))


@pytest.mark.parametrize(
    ("first", "last"),
    [("Ann", "Smith"), ("MARY", "O'BRIEN"), ("José", "Smith-Jones"), ("Mary Ann", "van Dyke"),
     ("J", "O’Brien"), (" Ann ", "Smith")],
)  # fmt: skip
def test_a_first_and_a_last_name_are_plain(first, last):
    assert one(first, last) == {"first_name": first.strip(), "last_name": last}


def test_one_of_the_two_is_plain_too():
    assert one("Ann", None) == {"first_name": "Ann"}
    assert one("", "Smith") == {"last_name": "Smith"}
    assert one(".", "Smith") == {"last_name": "Smith"}  # a filler says nothing


def test_a_title_and_an_organisation_in_their_own_columns_leave_a_name_plain():
    assert one("Ann", "Smith", title="Dr.", organisation=" Acme  Farm") == {
        "title": "Dr.",
        "first_name": "Ann",
        "last_name": "Smith",
        "organisation": "Acme Farm",
    }


@pytest.mark.parametrize(
    ("first", "last"),
    [("Dr. Ann", "Smith"), ("Mr", "Smith"), ("Ann & Bob", "Smith"), ("Ann", "Smith Jr"),
     ("Ann", "Smith (OLD)"), ("Ann", "Smith, Bob"), ("Happy", "Rescue"), ("Ann", "Null"),
     ("NA", "Smith"), ("Ann", "Timmer/Keene"), ("R2D2", "Smith")],
)  # fmt: skip
def test_a_name_that_a_rule_is_about_is_not_plain(first, last):
    assert one(first, last) is None


def test_a_row_without_first_and_last_name_is_not_plain():
    assert one(full="Ann Smith") is None
    assert one(organisation="Acme Farm") is None
    assert one("-", "UNKNOWN") is None

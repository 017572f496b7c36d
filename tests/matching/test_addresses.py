"""Address lines: worked out per street for all lines at once, the parts are those of each line."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.matching.addresses import address_parts, houses_and_streets
from vet_pipeline.matching.keys import fold


def by_code(*lines):
    """Which lines share a number, which a street, and the streets' texts."""
    number, street, streets = houses_and_streets(pa.array(lines, pa.string()))
    return alike(number.tolist()), [streets.texts[code] for code in street.tolist()]


def plainly(*lines):
    parts = [address_parts(fold(line)) for line in lines]
    return alike([one for one, _ in parts]), [two for _, two in parts]


def alike(values):
    """Per value where it stands first; -1 for none."""
    return [values.index(value) if value else -1 for value in values]


def test_lines_of_one_street_have_one_code_whatever_the_number():
    number, street, streets = houses_and_streets(
        pa.array(["12 Oak St", "9 N Oak Street", "12b O'ak Ave.", "12B oak"])
    )

    assert [streets.texts[code] for code in street] == ["oak"] * 4
    assert number[2] == number[3]
    assert len(set(number.tolist())) == 3


@pytest.mark.parametrize(
    "line",
    ["", " ", "12", "12 ", "12 St", "12 N St", "Oak", "the oak", "Oak 12", " 12 Oak St", "12  Oak",
     "PO Box 12", "P.O. Box 12a", "box 9", "pobox 7", "p obox 4", "12 Box 3", "12-14 Oak St",
     "#4 Oak St", "12' Oak", "12 'Oak'", "½ 12 Oak St", "RR 2 Box 15", "12 CR 5",
     "W1234 Oak St", "5th Ave", "2ND floor", "12 Öak Straße", "１２ Oak St", "12\u00a0Oak",
     "12\tOak St", "12 Oak\nSt", "12 \u0301Oak", "9 5th Ave", "9 5TH avenue"],
)  # fmt: skip
def test_a_line_of_any_kind_has_the_parts_it_has_by_itself(line):
    others = "12 Oak St", "9 Box Elder Rd", "PO Box 12", "Oak"

    assert by_code(others[0], line, *others[1:]) == plainly(others[0], line, *others[1:])


def test_a_street_without_a_number_is_the_street_of_those_with_one():
    assert by_code("Oak Hill", "12 Oak Hill", "Oak St", "12 Oak") == (
        [-1, 1, -1, 1],
        ["oakhill", "oakhill", "oak", "oak"],
    )


def test_no_lines_have_no_parts():
    assert by_code() == ([], [])


WORDS = st.sampled_from(
    [
        "12",
        "9",
        "12b",
        "CR",
        "First",
        "Calle",
        "Oak",
        "oak",
        "ST",
        "St.",
        "N",
        "PO",
        "Box",
        "O'Hara",
        "Hill",
        "½",
        "é",
    ]
) | st.text(max_size=4)
LINES = st.builds(str.join, st.sampled_from([" ", " ", "  ", "-"]), st.lists(WORDS, max_size=5))


@given(st.lists(LINES | st.text(max_size=12), max_size=8))
def test_lines_taken_apart_together_and_one_by_one_give_the_same(lines):
    assert by_code(*lines) == plainly(*lines)

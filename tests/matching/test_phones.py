"""Phone cells: read by their shape at once, the numbers are those that JSON gives one by one."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.matching.phones import all_phone_numbers, house_numbers, last_digits, read_phones

ONE, TWO = "+13344610472", "+12175550101"


def read(*cells):
    """Per cell its numbers, and the numbers that are called a house's."""
    phones = read_phones(pa.array(cells, pa.string()))
    numbers = [number.decode("utf-8", "surrogatepass") for number in phones.numbers.to_pylist()]
    found = [[] for _ in cells]
    for row, code in zip(phones.row.tolist(), phones.number.tolist(), strict=True):
        found[row].append(numbers[code])
    house = {number for number, of in zip(numbers, phones.of_house.tolist(), strict=True) if of}
    return found, house


def plainly(*cells):
    """The same by JSON, cell by cell."""
    found = [all_phone_numbers([cell])[0] for cell in cells]
    held = {number for numbers in found for number in numbers}
    return found, held & {number for cell in cells if cell for number in house_numbers([cell])}


def phone(number=ONE, extension=None, kind="mobile", recorded="334-461-0472"):
    return {"number": number, "extension": extension, "kind": kind, "recorded": recorded}


def stored(number=ONE, extension=None, kind="mobile", recorded="334-461-0472"):
    """In the order in which jsonb gives the keys back."""
    return {"kind": kind, "number": number, "recorded": recorded, "extension": extension}


def test_the_numbers_of_a_cell_stand_in_their_order_and_a_fax_is_none():
    cell = json.dumps([phone(TWO, kind="home"), phone("+12175559999", kind="fax"), phone(ONE)])

    assert read(cell) == ([[TWO, ONE]], {TWO})


def test_the_databases_order_of_keys_is_read_the_same_way():
    cell = json.dumps([stored(TWO, kind="work"), stored(ONE, extension="12")])

    assert read(cell) == ([[TWO, ONE]], {TWO})


def test_a_cell_without_numbers_has_none():
    assert read("", "[]", json.dumps([phone(number="")])) == ([[], [], []], set())


def test_no_cells_have_no_numbers():
    assert read() == ([], set())


def test_a_number_that_another_cell_calls_a_homes_is_a_houses_everywhere():
    cells = json.dumps([phone(ONE, kind="mobile")]), json.dumps([phone(ONE, kind="home")])

    assert read(*cells) == ([[ONE], [ONE]], {ONE})


@pytest.mark.parametrize(
    "cell",
    [
        json.dumps([phone(recorded='334 "home" 461')]),
        json.dumps([phone(recorded="}, {")]),
        json.dumps([phone(recorded='x", "number": "+19995550000')]),
        json.dumps([phone(recorded="küche")], ensure_ascii=False),
        json.dumps([phone(recorded="küche"), phone(TWO)]),
        json.dumps([phone(recorded=None)]),
        json.dumps([phone("+4930123456789"), phone("+49301234"), phone("5551234")]),
        json.dumps([phone(kind="HOME"), phone(kind="home 2"), phone(TWO, kind="work")]),
        json.dumps([phone()], separators=(",", ":")),
        json.dumps([phone(), stored(TWO)], indent=1),
        json.dumps([phone(), stored(TWO)]),
        json.dumps([{"number": ONE}, {"number": None}, {"kind": "mobile"}, {"number": 3345551234}]),
        json.dumps([{"recorded": "x", **phone(TWO, kind="home")}]),
        '[{"number": "\\u002b13344610472", "kind": "home"}]',
        '[{"number": "\\ud800", "kind": "mobile"}]',
    ],
)  # fmt: skip
def test_a_cell_of_any_shape_gives_what_json_gives(cell):
    others = json.dumps([phone(TWO)]), json.dumps([stored("+13345550000", kind="work")])

    assert read(others[0], cell, others[1]) == plainly(others[0], cell, others[1])


def test_what_is_no_json_is_refused():
    with pytest.raises(json.JSONDecodeError):
        read(json.dumps([phone()]), json.dumps([phone()]).replace("334-461", "334\t461"))


TEXTS = st.text(max_size=6) | st.sampled_from(["}, {", '"', "\\", ", ", "+1 334 461 0472"])
NUMBERS = st.sampled_from([ONE, TWO, "+13344610473", "+4930123456", "", "12"]) | TEXTS
KINDS = st.sampled_from(["mobile", "home", "work", "fax", "other", "unknown"]) | TEXTS
ENTRIES = st.builds(
    lambda make, *values: make(*values),
    st.sampled_from([phone, stored]),
    NUMBERS,
    st.none() | st.sampled_from(["12", "0"]) | TEXTS,
    KINDS,
    st.none() | TEXTS,
)
CELLS = st.builds(
    lambda entries, ascii_only, gap: json.dumps(entries, ensure_ascii=ascii_only, separators=gap),
    st.lists(ENTRIES, max_size=4),
    st.booleans(),
    st.sampled_from([(", ", ": "), (", ", ": "), (",", ":")]),
)


@given(st.lists(CELLS | st.just(""), max_size=6))
def test_cells_read_by_shape_and_by_json_give_the_same(cells):
    assert read(*cells) == plainly(*cells)


@given(st.lists(st.text(max_size=14), max_size=5))
def test_the_last_ten_characters_stand_at_the_right(numbers):
    matrix = last_digits(pa.array([number.encode() for number in numbers], pa.binary()))

    expected = [number[-10:].rjust(10).encode("ascii", "replace") for number in numbers]
    assert [row.tobytes() for row in matrix] == expected

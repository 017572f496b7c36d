"""Address lines, units, PO boxes, cities, states and ZIP codes."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.normalize.addresses import AddressReader, is_po_box, split_unit
from vet_pipeline.normalize.places import read_postal_code, read_state


def read(line1=None, line2=None, line3=None, city=None, state=None, postal_code=None):
    address = AddressReader().read((line1, line2, line3), city, state, postal_code)
    return {part: value for part, value in asdict(address).items() if value}


def test_street_words_stay_as_recorded():
    assert read("5352 N Whaley Street", city="FT MITCHELL", state="AL", postal_code="36856") == {
        "line1": "5352 N Whaley Street",
        "city": "FT MITCHELL",
        "state": "AL",
        "postal_code": "36856",
    }


@pytest.mark.parametrize(
    ("line", "street", "unit"),
    [
        ("5352 N Whaley St, Unit A", "5352 N Whaley St", "Unit A"),
        ("6357 Stafford Drive Apt 227", "6357 Stafford Drive", "Apt 227"),
        ("636 Decker Dr #275", "636 Decker Dr", "#275"),
        ("5336 W School Rd #15C", "5336 W School Rd", "#15C"),
        ("6780 Conn Ave STE 22B", "6780 Conn Ave", "STE 22B"),
        ("80 Oak Ln Lot 7", "80 Oak Ln", "Lot 7"),
        ("80 Oak Ln Trlr 3", "80 Oak Ln", "Trlr 3"),
        ("1 Main St Bldg 4 Apt 12", "1 Main St", "Bldg 4 Apt 12"),
        ("1 Main St Apt. #12-B", "1 Main St", "Apt. #12-B"),
        ("1 Main St Apt Rear", "1 Main St", "Apt Rear"),
        ("Apt 4B, 1 Main St", "1 Main St", "Apt 4B"),
        ("Apt 4B", None, "Apt 4B"),
        ("# 12", None, "# 12"),
        ("APT4B", None, "APT4B"),
    ],
)
def test_the_unit_is_taken_out_of_a_line(line, street, unit):
    assert split_unit(line) == (street, unit)


@pytest.mark.parametrize(
    "line",
    [
        "1 Main St",
        "8400 Stewart St",
        "192 W Foster Hill Dr",
        "100 Suite Dreams Ln",
        "123 N Unit St",
        "1 Main St Unit",
        "PO Box #12",
        "80 State Hwy #12",
        "80 County Rd #12",
        "Gate code #1234",
        "Gate Code: #1234",
        "12 Oak St gate #4411",
        "RR 2 Box 15",
        "1200 Fl 33",
        "Unit 2050 Box 4190",
    ],
)
def test_what_only_looks_like_a_unit_stays_in_the_line(line):
    assert split_unit(line) == (line, None)


def test_a_zip_code_of_florida_is_no_floor():
    assert read("123 Main St", "Miami FL 33101", city="Miami", state="FL", postal_code="33101") == {
        "line1": "123 Main St",
        "line2": "Miami FL 33101",
        "city": "Miami",
        "state": "FL",
        "postal_code": "33101",
    }
    for line in ("123 Main St Miami FL 33101", "123 Main St Miami, FL. 33101-1234"):
        assert split_unit(line) == (line, None)
    assert split_unit("123 Main St Fl 12") == ("123 Main St", "Fl 12")
    assert split_unit("123 Main St Floor 1012") == ("123 Main St", "Floor 1012")


def test_a_unit_on_a_line_of_its_own_and_one_in_the_street_are_joined():
    assert read("1 Main St Bldg 2", "Apt 4") == {"line1": "1 Main St", "unit": "Bldg 2, Apt 4"}
    assert read("1 Main St Apt 4", "APT 4") == {"line1": "1 Main St", "unit": "Apt 4"}


def test_lines_move_up_and_a_third_line_is_not_lost():
    assert read(None, "1 Main St") == {"line1": "1 Main St"}
    assert read("c/o Jane", "1 Main St", "Rear House") == {
        "line1": "c/o Jane",
        "line2": "1 Main St, Rear House",
    }


def test_one_field_with_line_breaks_is_several_lines():
    assert read("1 Main St\r\nApt 4B\nOpelika, AL 36804") == {
        "line1": "1 Main St",
        "unit": "Apt 4B",
        "city": "Opelika",
        "state": "AL",
        "postal_code": "36804",
    }


@pytest.mark.parametrize(
    "columns",
    [
        {"line1": "1 Main St", "city": "Fargo, ND 58102"},
        {"line1": "1 Main St", "city": "Fargo, North Dakota 58102"},
        {"line1": "1 Main St", "city": "Fargo ND 58102"},
        {"line1": "1 Main St", "city": "Fargo, ND", "postal_code": "58102"},
        {"line1": "1 Main St", "city": "Fargo", "state": "ND 58102"},
        {"line1": "1 Main St", "line2": "Fargo, ND 58102"},
        {"line1": "1 Main St", "line2": "FARGO ND 58102"},
        {"line1": "1 Main St, Fargo, ND 58102"},
    ],
)
def test_city_state_and_zip_packed_into_one_field_are_taken_apart(columns):
    found = read(**columns)
    assert (found["line1"], found["city"].title(), found["state"], found["postal_code"]) == (
        "1 Main St",
        "Fargo",
        "ND",
        "58102",
    )
    assert len(found) == 4


def test_packed_text_is_left_alone_beside_filled_columns():
    found = read("1 Main St", "Fargo, ND 58102", city="Opelika", state="AL", postal_code="36804")
    assert (found["line2"], found["city"]) == ("Fargo, ND 58102", "Opelika")


@pytest.mark.parametrize(
    "line", ["12 Oak St, Marlow GA 30301", "12 Oak St, Marlow, Georgia 30301, USA"]
)
def test_a_whole_address_in_one_line_is_taken_apart(line):
    expected = {"line1": "12 Oak St", "city": "Marlow", "state": "GA", "postal_code": "30301"}
    assert read(line) == expected
    assert read("12 Oak St", city="Marlow", postal_code="GA 30301") == expected
    for whole in ("12 Oak St, West Virginia 25301", "12 Oak St, Suite B GA 30301"):
        assert read(whole) == {"line1": whole}


@pytest.mark.parametrize("town", ["Unit B Marlow", "Unit B Marlow,", "Unit B, Marlow"])
def test_a_unit_in_front_of_the_town_is_no_part_of_it(town):
    assert read(f"12 Oak St, {town} GA 30301") == {
        "line1": "12 Oak St", "unit": "Unit B", "city": "Marlow", "state": "GA", "postal_code": "30301"
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "PO Box 12", "P.O. Box 12", "P O BOX 12", "P.O.BOX 12", "PO BOX #12", "POB 12", "POBox 12",
        "PO Bx 12", "Post Office Box 12", "P.O. Drawer K", "Box 4351", "1 Main St PO Box 4",
        "RR 2 PO Box 15", "PO-Box 12", "P/O Box 12", "PO, Box 12", "P .O. Box 12", "P,O. Box 12",
        "P.O..Box 12", "P0 Box 12", "POST OFC BOX 12", "Postal Box 12", "Lock Box 12", "Apartado 12",
        "Caller Box #12", "P.O. #12", "P.O. 12", "Drawer 5", "1 Main St P/O Box 4",
        "GPO Box 363", "G.P.O. Box 363", "Call Box 501", "Locked Bag 12", "Private Mail Bag 4",
        "Postfach 12 34", "Case postale 123", "C.P. 123",
    ],
)  # fmt: skip
def test_every_spelling_of_a_po_box_is_flagged(line):
    assert is_po_box(line)
    assert read(line)["po_box"] is True


@pytest.mark.parametrize(
    "line",
    ["12 Box Elder Rd", "Box Elder Rd", "RR 2 Box 15", "HC 1 Box 3", "100 P O Dr", "1 Posto Ln",
     "5 Lock Box Rd", "12 Drawer Ln", "7 Post Box Way", "12 P.O. Smith Rd", "3 Po River Rd 5",
     "Pond 12", "PO 12 Elm St", "4 Private Bag Ln", "7 Postfach Str"],
)  # fmt: skip
def test_what_is_no_po_box_is_not_flagged(line):
    assert not is_po_box(line)
    assert "po_box" not in read(line)


@pytest.mark.parametrize(
    ("lines", "line1", "line2"),
    [
        (("PO Box 12", "1 Main St"), "PO Box 12", "1 Main St"),
        (("1 Main St", "PO Box 12"), "1 Main St", "PO Box 12"),
        (("c/o Jane", "PO Box 12", "1 Main St"), "c/o Jane", "PO Box 12, 1 Main St"),
        (("PO Box 12\n1 Main St",), "PO Box 12", "1 Main St"),
    ],
)
def test_a_po_box_in_any_line_flags_the_address(lines, line1, line2):
    assert read(*lines) == {"line1": line1, "line2": line2, "po_box": True}


def test_a_po_box_that_stands_in_the_column_of_the_city_flags_the_address():
    assert read("1 Main St", city="PO Box 12, Marlow", state="GA", postal_code="30004") == {
        "line1": "1 Main St",
        "city": "PO Box 12, Marlow",
        "state": "GA",
        "postal_code": "30004",
        "po_box": True,
    }
    assert read("1 Main St", city="Box Elder", state="SD") == {
        "line1": "1 Main St",
        "city": "Box Elder",
        "state": "SD",
    }


def test_the_number_of_a_po_box_is_no_unit():
    assert read("P.O. #12") == {"line1": "P.O. #12", "po_box": True}
    assert read("Drawer #5") == {"line1": "Drawer #5", "po_box": True}


@pytest.mark.parametrize(
    ("recorded", "state"),
    [("AL", "AL"), ("al", "AL"), ("alabama", "AL"), ("Ala.", "AL"), ("NORTH  DAKOTA", "ND"),
     ("D.C.", "DC"), ("Ontario", "Ontario"), ("ZZ", "ZZ"), (None, None)],
)  # fmt: skip
def test_states_become_two_letters_and_anything_else_stays_as_recorded(recorded, state):
    assert read_state(recorded) == state


@pytest.mark.parametrize(
    ("recorded", "state", "code"),
    [
        ("36089", "AL", "36089"),
        ("36089-7082", "AL", "36089-7082"),
        ("360897082", "AL", "36089-7082"),
        ("36089 7082", "AL", "36089-7082"),
        ("36089-", "AL", "36089"),
        ("36089-0000", "AL", "36089"),
        ("36089.0", "AL", "36089"),
        ("2134", "MA", "02134"),
        ("2134.0", "MA", "02134"),
        ("8540-1234", "NJ", "08540-1234"),
        ("21341234", "MA", "02134-1234"),
        ("601", "PR", "00601"),
        ("9021", "AE", "09021"),
        ("2134", "AL", "2134"),
        ("2134", None, "2134"),
        ("K1A 0B1", "ON", "K1A 0B1"),
        (None, "AL", None),
        ("30301-____", "GA", "30301"),
        ("'01234", "MA", "01234"),
        ("'1234", "MA", "01234"),
    ],
)
def test_zip_codes_are_put_in_order_only_where_that_is_certain(recorded, state, code):
    assert read_postal_code(recorded, state) == (code, None)


@pytest.mark.parametrize(
    "code", ["_____-____", "00000", "99999", "00000-0000", "0", "0.0", "000000000"]
)
def test_placeholder_zip_codes_are_not_taken(code):
    assert read_postal_code(code, "AL") == (None, "placeholder")


def test_placeholder_addresses_are_not_taken_and_fillers_are_blank():
    assert read("NEED ADDRESS") == {"reasons": [("address_line1", "placeholder")]}
    assert read("1 Main St", "update") == {
        "line1": "1 Main St",
        "reasons": [("address_line2", "placeholder")],
    }
    assert read("N/A", ".", "UNKNOWN", city="-", state="?", postal_code="none") == {}
    assert read("General Delivery") == {"line1": "General Delivery"}


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_an_address_read_again_stays_the_same(line1, line2, city, state):
    first = AddressReader().read((line1, line2, None), city, state, None)
    again = AddressReader().read(
        (first.line1, first.line2, first.unit), first.city, first.state, first.postal_code
    )
    assert again.city == first.city
    assert again.state == first.state
    assert again.postal_code == first.postal_code


@given(st.text(alphabet="0123456789 ,#-ABaptunisePOBxol.", max_size=60))
def test_no_letter_or_digit_of_a_line_is_lost(line):
    street, unit = split_unit(line)
    together = f"{street or ''}{unit or ''}"
    assert sorted(c for c in together if c.isalnum()) == sorted(c for c in line if c.isalnum())

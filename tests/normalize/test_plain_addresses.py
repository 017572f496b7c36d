"""Plain addresses: what they come to is what the reader says."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalize.columns import columns, plain_rows
from vet_pipeline.normalize.addresses import WORDS_FOR_NOTHING, AddressReader
from vet_pipeline.normalize.plain_addresses import plain_addresses
from vet_pipeline.normalize.text import FILLERS, WEAK_FILLERS

RAW = ("address_line1", "address_line2", "address_line3", "city", "state", "postal_code")

UNIT_WORDS = ["Apt", "APARTMENT", "unit", "Ste", "Lot", "Trlr", "Rm", "Bldg", "Fl", "Slip", "Dept"]
UNIT = st.tuples(
    st.sampled_from([*UNIT_WORDS, ""]),
    st.sampled_from(["", " ", ". ", ".", " #", " # ", "#", "# ", "-"]),
    st.sampled_from(["4", "26", "4B", "B", "st", "4-B", "AA", "Rear", "4 Apt 2", ""]),
).map("".join)
STREET = st.sampled_from(
    ["12 Oak St", "12 Oak St.", "1200", "12 Fl", "PO Box 12", "P.O. Box 12", "Box 12", "RR 2 Box 15",
     "12 Box Elder Rd", "80 State Hwy", "80 Hwy No", "c/o Ann", "Apt House Ln", "12 Unit St",
     "1 Main St Bldg 2", "#5 Oak", "# Oak", "12 Oak St,", "12 Oak-", "12 Peña", "12  Oak", " 12 Oak",
     "12 Oak\nApt 4", "N6W2 Oak", "I-35", "Fargo, ND 58102", "12 Oak St, Fargo, ND 58102", "12 Oak St " * 25,
     "12 Oak St Miami FL 33101", "12 Oak St FL 331", "FL 33101", "Miami fl. 3310-1234",
     *sorted(WORDS_FOR_NOTHING | FILLERS | WEAK_FILLERS)]
)  # fmt: skip
SPACE = st.sampled_from([" ", ", ", ",", " - ", "-", "  ", ""])
LINE = st.one_of(
    st.none(),
    STREET,
    UNIT,
    st.tuples(STREET, SPACE, UNIT).map("".join),
    st.text(alphabet="0123456789 ,#-ABaptunisePOBxol.", max_size=25),
    st.text(max_size=12),
)
CITY = st.sampled_from([None, "", " ", "Fargo", "Fargo, ND 58102", "Fargo ND", "same", ".", "X"])
STATE = st.sampled_from([None, "", "ND", "nd", "N.D.", "MA", "PR", "ND 58102", "Ontario", "na"])
CODE = st.sampled_from(
    [
        None,
        "",
        "58102",
        "58102-0000",
        "581021234",
        "2134",
        "601",
        "00000",
        "99999-1",
        "2134.0",
        "K1A",
    ]
)
ROWS = st.lists(st.tuples(LINE, LINE, LINE, CITY, STATE, CODE), min_size=1, max_size=6)
MOSTLY_ONE_LINE = st.lists(
    st.tuples(LINE, st.one_of(st.none(), UNIT), st.none(), CITY, STATE, CODE),
    min_size=1,
    max_size=6,
)


def plain(*rows):
    return plain_rows(*plain_addresses(columns(RAW, rows), AddressReader()))


def one(line1=None, line2=None, line3=None, place=("Fargo", "ND", "58102")):
    row = plain((line1, line2, line3, *place))[0]
    return row and {part: value for part, value in row.items() if value}


@given(st.one_of(ROWS, MOSTLY_ONE_LINE))
def test_a_plain_address_is_what_its_reader_says(rows):
    reader = AddressReader()
    for row, address in zip(rows, plain(*rows), strict=True):
        if address is not None:
            assert {**address, "reasons": []} == asdict(reader.read(row[:3], *row[3:]))


PLACE = {"city": "Fargo", "state": "ND", "postal_code": "58102"}


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (("12 Oak St",), {"line1": "12 Oak St"}),
        (("Rose Cottage",), {"line1": "Rose Cottage"}),
        (("12 Oak St Apt 4",), {"line1": "12 Oak St", "unit": "Apt 4"}),
        (("12 Oak St, apt. 4b",), {"line1": "12 Oak St", "unit": "apt. 4b"}),
        (("12 Oak St - Unit #4",), {"line1": "12 Oak St", "unit": "Unit #4"}),
        (("12 Oak St # 4",), {"line1": "12 Oak St", "unit": "# 4"}),
        (("12 Oak St #C",), {"line1": "12 Oak St", "unit": "#C"}),
        (("Apt 4",), {"unit": "Apt 4"}),
        (("#4",), {"unit": "#4"}),
        (("PO Box 12",), {"line1": "PO Box 12", "po_box": True}),
        (("12 Box Elder Rd",), {"line1": "12 Box Elder Rd"}),
        (("12 Oak St", "Apt 4"), {"line1": "12 Oak St", "unit": "Apt 4"}),
        (("12 Oak St Bldg 2", "Apt 4"), {"line1": "12 Oak St", "unit": "Bldg 2, Apt 4"}),
    ],
)
def test_what_lines_come_to(lines, parts):
    address = asdict(AddressReader().read((*lines, None, None)[:3], *PLACE.values()))
    assert {part: value for part, value in address.items() if value} == {**parts, **PLACE}


def test_a_number_and_a_street_are_plain():
    assert one("12 Oak St") == {"line1": "12 Oak St", **PLACE}


def test_a_city_that_names_a_po_box_is_not_plain():
    assert one("12 Oak St", place=("PO Box 12, Fargo", "ND", "58102")) is None


@pytest.mark.parametrize(
    "lines",
    [
        ("12 Oak St Apt 4",),
        ("12 Oak St", "Apt 4"),
        ("12 Oak St #4",),
        ("12 Fl",),
        ("PO Box 12",),
        ("12 Box Elder Rd",),
        ("Rose Cottage",),
        ("12 Oak St Bldg 2 Apt 4",),  # two units
        ("12 Oak St Apt Rear",),
        ("12 Oak St Apt 4-B",),
        ("80 State Hwy #12",),  # the number of the highway
        ("1200 Fl 33",),
        ("Apt 4, 12 Oak St",),
        ("12 Oak St " * 20 + "Apt 4",),  # too long to be taken apart
        ("12  Oak St",),
        ("12 Oak St\nApt 4",),
        ("12 Peña St",),
        ("NEED ADDRESS",),
        ("n/a",),
        ("NA",),
        (".",),
        ("c/o Ann", "12 Oak St"),
        (None, "12 Oak St"),
        ("12 Oak St", None, "Apt 4"),
    ],
)
def test_any_other_line_is_left_to_the_reader(lines):
    assert one(*lines) is None


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        (("Fargo", "n.d.", "581021234"), {**PLACE, "postal_code": "58102-1234"}),
        (("Boston", "MA", "2134"), {"city": "Boston", "state": "MA", "postal_code": "02134"}),
        (("Fargo, ND 58102", None, ""), PLACE),
        (("Fargo", "ND", None), {"city": "Fargo", "state": "ND"}),
        ((" Fargo", None, None), {"city": "Fargo"}),
    ],
)
def test_any_place_that_gives_no_reason_is_plain(place, parts):
    assert one("12 Oak St", place=place) == {"line1": "12 Oak St", **parts}


def test_an_address_without_a_place_is_plain_only_when_there_is_no_line_to_hold_it():
    assert one("12 Oak St, Fargo, ND 58102", place=(None, ".", "")) is None
    assert one(None, "Apt 4", place=(None, None, None)) is None
    assert one(None, "", None, place=(None, ".", "")) == {}


def test_a_placeholder_of_a_zip_is_left_to_the_reader():
    assert one("12 Oak St", place=("Fargo", "ND", "00000")) is None

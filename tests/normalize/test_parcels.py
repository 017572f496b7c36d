"""What would send a parcel astray: states in two words, numbers of houses, streets in doubt."""

import pytest

from tests.normalize.test_addresses import read
from vet_pipeline.normalize.addresses import split_unit


@pytest.mark.parametrize(
    "columns",
    [
        {"line1": "1 Main St", "city": "Charleston West Virginia 25301"},
        {"line1": "1 Main St", "city": "Charleston, West Virginia 25301"},
        {"line1": "1 Main St", "line2": "CHARLESTON WEST VIRGINIA 25301"},
    ],
)
def test_west_virginia_is_no_west_of_virginia(columns):
    found = read(**columns)
    assert (found["city"].title(), found["state"], found["postal_code"]) == (
        "Charleston",
        "WV",
        "25301",
    )


@pytest.mark.parametrize("mark", ["<br>", "<BR/>", "<br />", "&lt;br&gt;", "<br>\r\n", "\\\n"])
def test_a_line_end_as_a_web_page_writes_it_stands_on_no_parcel(mark):
    assert read(f"12 Oak St{mark}Apt 4") == {"line1": "12 Oak St", "unit": "Apt 4"}


@pytest.mark.parametrize("nothing", ["\\N", "(null)", "[NULL]", "<null>"])
def test_a_mark_of_no_value_stands_on_no_parcel(nothing):
    assert read("12 Oak St", nothing, city="Marlow") == {"line1": "12 Oak St", "city": "Marlow"}


def test_washington_is_the_city_of_dc():
    assert read("1 Main St", city="NW Washington DC 20001") == {
        "line1": "1 Main St",
        "city": "NW Washington",
        "state": "DC",
        "postal_code": "20001",
    }


@pytest.mark.parametrize(
    "line",
    ["Calle Luna #45", "Calle 3 #12", "Oak Street # 12", "12 Twp Rd #4", "12 Cty Rd #4", "5 US #40",
     "5 CTH #B", "5 FM #150", "I-35 #80", "PR-172 #45"],
)  # fmt: skip
def test_the_number_of_a_house_or_road_is_no_unit(line):
    assert read(line, "Urb. Las Flores") == {"line1": line, "line2": "Urb. Las Flores"}


@pytest.mark.parametrize(
    ("line", "street", "unit"),
    [
        ("N6W23001 Bluemound Rd #4", "N6W23001 Bluemound Rd", "#4"),
        ("w204n11912 Goldendale Rd # 12", "w204n11912 Goldendale Rd", "# 12"),
    ],
)
def test_a_house_of_wisconsins_grid_has_units(line, street, unit):
    assert read(line) == {"line1": street, "unit": unit}


@pytest.mark.parametrize(
    "lines",
    [("1 Main St Apt 4", "BAD ADDRESS"), ("BAD ADDRESS", "1 Main St Apt 4"), ("1 Main St\nBAD ADDRESS", "Apt 4")],
)  # fmt: skip
def test_words_that_doubt_the_street_beside_them_stay(lines):
    assert read(*lines) == {"line1": "1 Main St", "line2": "BAD ADDRESS", "unit": "Apt 4"}


def test_a_doubt_hides_no_city_in_the_last_line():
    assert read("1 Main St\nFargo, ND 58102", "Need new address") == {
        "line1": "1 Main St",
        "line2": "Need new address",
        "city": "Fargo",
        "state": "ND",
        "postal_code": "58102",
    }


@pytest.mark.parametrize(
    "said",
    [
        *("Need address", "Needs address", "Need new address", "Update address", "Bad address"),
        *("Get address", "Verify address"),
    ],
)
def test_every_word_that_doubts_a_street_is_seen_by_who_ships_there(said):
    assert read(line1="12 Oak St", line2=said) == {"line1": "12 Oak St", "line2": said}


def test_a_house_that_has_a_name_has_units_where_a_word_says_so():
    assert split_unit("Willow Manor Apt 4") == ("Willow Manor", "Apt 4")
    assert split_unit("Willow Manor #4") == ("Willow Manor #4", None)

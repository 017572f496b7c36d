"""One house however its address is written, and two houses however alike."""

import pytest

from tests.matching.rows import client, crowd, pet, side
from vet_pipeline.matching import match
from vet_pipeline.normalize.addresses import AddressReader

TOWN = {"city": "Tuskegee", "state": "AL", "postal_code": "36083"}


def emily(client_id, written, **more):
    """A row of a client with nothing but an address; its lines stand between bars."""
    read = AddressReader().read(tuple(written.split("|")), *TOWN.values())
    lines = {"address_line1": read.line1, "address_line2": read.line2, "unit": read.unit}
    return client(client_id, "Emily", more.pop("last", "Blankenship"), **TOWN, **lines, **more)


def outcome(at_home, in_pims):
    home = side([emily("h", at_home), *crowd()])
    [row] = match(home, side([emily("p", in_pims)])).clients.itertuples()
    return row.decision, row.reason


@pytest.mark.parametrize(
    ("at_home", "in_pims"),
    [
        ("RR 2 Box 15", "RR 2 Box 15"),
        ("R.R. #2, Box 15", "Rural Route 2 Box 15"),
        ("HC 1 Box 22", "HCR 1 Box 22"),
        ("HC 1 Box 2345", "HC 01 Box 2345"),
        ("12 CR 05", "12 County Road 5"),
        ("123 County Road 5", "123 CR 5"),
        ("123 Co Rd 5", "123 Cty. Rd. 5"),
        ("123 State Route 9", "123 SR 9"),
        ("123 St. Rd. 9", "123 State Road 9"),
        ("PO Box A12", "P.O. Box A12"),
        ("1200 Farm to Market Road 1960", "1200 FM 1960"),
        ("POB 12", "PO Box 12"),
        ("P.O.B. 12", "Post Office Box 12"),
        ("PSC 123 Box 456", "PSC 123 Box 456"),
        ("N6W23001 Bluemound Rd", "N6W23001 Bluemound Road"),
        ("Calle Luna #45", "45 Calle Luna"),
        ("Hauptstr. 12", "Hauptstraße 12"),
        ("12 First St", "12 1st Street"),
        ("12 Mt. Vernon Rd", "12 Mount Vernon Rd"),
        ("12 St. John St", "12 Saint John Street"),
        ("12 E St NW", "12 E Street NW"),
        ("c/o Mary Smith|12 Oak St", "12 Oak St"),
        ("c/o Mary Smith, 12 Oak St", "12 Oak St|c/o Mary Smith"),
        ("12 Oak St|BAD ADDRESS", "12 Oak St|Call before you ship"),
        ("Oak Ridge Farm|PO Box 12", "PO Box 12"),
        ("12 Oak St Bldg 5 Apt4B", "12 Oak St|Building 5|Apt 4B"),
    ],
)
def test_one_house_is_one_however_it_is_written(at_home, in_pims):
    assert outcome(at_home, in_pims) == outcome(in_pims, at_home) == ("linked", "evidence")


@pytest.mark.parametrize(
    ("at_home", "in_pims"),
    [
        ("RR 2 Box 15", "RR 2 Box 16"),
        ("RR 2 Box 15", "RR 3 Box 15"),
        ("RR 2 Box 15", "PO Box 15"),
        ("RR 2 Box 15", "HC 2 Box 15"),
        ("123 CR 5", "123 SR 5"),
        ("123 State Route 9", "123 US Route 9"),
        ("123 State Road 9", "123 Hwy 9"),
        ("5th Ave", "5th Ave"),
        ("2nd Floor", "2nd Floor"),
        ("123 County Road 5", "123 County Road 6"),
        ("PO Box 12", "PO Drawer 12"),
        ("Calle Luna 45", "Calle Luna 46"),
        ("Highway 50", "Highway 50"),
        ("Barrio Bocas Sector 2", "Barrio Bocas Sector 2"),
        ("The Towers|2nd Floor", "The Towers, 2nd Floor"),
        ("12 First St", "12 Second St"),
        ("123 15th St", "123 16th St"),
        ("12 St. John St", "12 John St"),
        ("12 N St NW", "12 S St NW"),
        ("c/o Mary Smith|12 Oak St", "c/o Mary Smith|14 Oak St"),
        ("12 Oak St|Apt 4", "12 Oak St|Apt 5"),
        ("Flat 2, 14 High St", "Flat 3, 14 High St"),
        ("Flat A, 14 High St", "Flat B, 14 High St"),
        ("Flat A, 14 High St", "14 High St|Flat B"),
        ("HC 1 Box 22", "HC 10 Box 22"),
    ],
)
def test_two_houses_are_two_however_alike_they_are(at_home, in_pims):
    assert {outcome(at_home, in_pims)[0], outcome(in_pims, at_home)[0]} == {"possible"}


@pytest.mark.parametrize("others", ["Apt B", "Room B", "Bldg B"])
def test_the_room_may_stand_in_the_line_before_the_house_as_the_web_shop_has_it(others):
    home = side(
        [{**emily("h", ""), "address_line1": others, "address_line2": "12 Oak St"}, *crowd()]
    )
    for room, decision in (("A", "possible"), ("B", "linked")):
        mine = emily("p", f"12 Oak St|{others[:-1]}{room}")
        [row] = match(home, side([mine])).clients.itertuples()
        assert row.decision == decision


def test_a_street_alone_is_no_other_house_for_who_married_and_kept_the_number():
    number = {"phones": ["+13345550123"]}
    kept = [pet("h1", "h", "Otto"), pet("p1", "p", "Otto")]
    home = side([emily("h", "Main Street", **number), *crowd()], kept[:1])
    pims = side([emily("p", "Main Street", last="Boudreaux", **number)], kept[1:])

    [row] = match(home, pims).clients.itertuples()

    assert (row.decision, row.reason) == ("linked", "evidence")

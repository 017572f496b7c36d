"""People who have a name and a place or a pet's name in common, and are strangers."""

import pytest

from tests.matching.rows import AWAY, HOME, client, couples_cats_and_dogs, crowd, decided, pet, side
from vet_pipeline.matching import match

BARN = {"phones": ["+12563087191"], **HOME}


def stable(*surnames):
    """Christinas of one stable, and a dozen others who keep their horses there."""
    others = [
        client(f"s{n}", first, f"{first}son", **BARN)
        for n, first in enumerate(["Gus", "Ida", "Leo", "Una", "Max", "Fay", "Abe", "Ned", "Zoe"])
    ]
    return [client(name, "Christina", name, **BARN) for name in surnames] + others


def test_of_a_stable_s_many_two_of_one_given_name_are_a_question():
    star = {"name": "Star", "species": "horse"}
    home = side([*stable("Williams"), *crowd()], [pet("a", "Williams", **star)])
    pims = side([client("Wright", "Christina", "Wright", **BARN)], [pet("b", "Wright", **star)])

    [row] = match(home, pims).clients.itertuples()

    assert (row.decision, row.reason) == ("possible", "surnames_differ")


@pytest.mark.parametrize(
    ("more", "decision"),
    [({}, "possible"), ({"email": "chris@example.com"}, "linked")],
)
def test_another_surname_at_one_address_and_number_is_hers_if_something_of_hers_says_so(
    more, decision
):
    one = client("h", "Christina", "Williams", **BARN, **more)
    others = [client("i", "Paul", "Williams", **BARN), client("j", "Ruth", "Williams", **BARN)]
    pims = client("p", "Christina", "Wright", **BARN, **more)

    result = match(side([one, *others, *crowd()]), side([pims]))

    assert ("p", "h", decision) in decided(result)


NUMBER = {"phones": ["+17705327402"]}
BORN = {"Otto": "2017-10-22", "Pebbles": "2021-05-14", "Tom": "2019-03-02", "Kiki": "2014-08-30"}


def samuels(at_home, in_pims, pets=((), ())):
    """(decision, reason) of two Samuels of other surnames who have one number."""
    [theirs, ours] = pets
    home = side(
        [client("h", "Samuel", "Varham", **NUMBER, **at_home), *crowd()],
        [pet(f"h{name}", "h", name, birth_date=BORN[name]) for name in theirs],
    )
    pims = side(
        [client("p", "Samuel", "Polzel", **NUMBER, **in_pims)],
        [pet(f"p{name}", "p", name, birth_date=BORN[name]) for name in ours],
    )
    [row] = match(home, pims).clients.itertuples()
    return row.decision, row.reason


def test_who_has_the_number_of_somebody_of_another_surname_elsewhere_is_a_question():
    mailed = {"email": "samuel.varham@example.com"}

    assert samuels({**HOME, **mailed}, AWAY) == ("possible", "surnames_differ")


@pytest.mark.parametrize(
    ("more", "pets"),
    [
        ({}, (["Otto"], ["Pebbles"])),
        ({"suffix": "Jr"}, (["Otto", "Tom"], ["Pebbles", "Kiki"])),
    ],
)
def test_who_has_number_and_address_of_somebody_of_another_surname_and_other_pets_is_a_question(
    more, pets
):
    there = {**HOME, **more}
    assert samuels(there, there, pets) == ("possible", "surnames_differ")


@pytest.mark.parametrize(
    ("at_home", "in_pims", "pets"),
    [
        (HOME, HOME, ((), ())),
        (HOME, AWAY, (["Pebbles"], ["Pebbles"])),
        ({**HOME, "email": "sam@example.com"}, {**AWAY, "email": "sam@example.com"}, ((), ())),
    ],
)
def test_another_surname_is_a_new_one_where_more_than_the_number_says_so(at_home, in_pims, pets):
    assert samuels(at_home, in_pims, pets)[0] == "linked"


LOPEZ = {"phones": ["+13345550123"], "email": "maria.lopez41@example.com", **HOME}
NAMESAKE = {"phones": ["+13345559977"], **HOME, "address_line1": "9 Lake Rd"}


def marias(*clients, pets):
    """A side where a hundred are called Maria, and a hundred Lopez; ids differ by side."""
    lettered = [f"{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"]
    made = [client(f"{clients[0]['client_id']}1{x}", "Maria", f"Bu{x}ez") for x in lettered]
    made += [client(f"{clients[0]['client_id']}2{x}", f"Jo{x}", "Lopez") for x in lettered]
    return side([*clients, *made], pets)


@pytest.mark.parametrize(
    "namesake",
    [
        NAMESAKE,
        {},
        {"city": "Tuskegee", "state": "AL", "postal_code": "36083"},
    ],
)
def test_two_of_a_common_name_who_each_have_a_lola_are_a_question(namesake):
    home = marias(
        client("h", "Maria", "Lopez", **LOPEZ), pets=[pet("a", "h", "Lola", breed="Poodle")]
    )
    pims = marias(
        client("p", "Maria", "Lopez", **namesake), pets=[pet("b", "p", "Lola", breed="Poodle")]
    )

    found = [row for row in match(home, pims).clients.itertuples() if row.pims_id == "p"]

    assert [(row.decision, row.reason) for row in found] == [("possible", "name_common")]


@pytest.mark.parametrize("same", [{"phones": LOPEZ["phones"]}, {"email": LOPEZ["email"]}, HOME])
def test_one_of_a_common_name_is_known_by_her_number_email_or_address(same):
    home = marias(
        client("h", "Maria", "Lopez", **LOPEZ), pets=[pet("a", "h", "Lola", breed="Poodle")]
    )
    pims = marias(
        client("p", "Maria", "Lopez", **NAMESAKE | same),
        pets=[pet("b", "p", "Lola", breed="Poodle")],
    )

    found = [row for row in decided(match(home, pims)) if row[0] == "p"]

    assert found == [("p", "h", "linked")]


def test_somebody_else_elsewhere_whose_pets_alone_are_alike_is_new():
    home = couples_cats_and_dogs("h", "Mary", "Milliren")
    pims = couples_cats_and_dogs("p", "John", "Milliren", **AWAY)
    assert match(home, pims).clients["decision"].tolist() == ["new"]


LINKED = ("linked", "evidence")
BARRACKS = {**HOME, "address_line1": "4550 Parade Field Ln"}


def of_the_barracks(at_home, in_pims, *, neighbours=20, name=("Maria", "Lopez"), dogs=False):
    """(decision, reason) of two of one name at an address where so many others live."""
    others = crowd()
    for soldier in others[:neighbours]:
        soldier["address_line1"] = BARRACKS["address_line1"]
    rows = client("h", *name, **BARRACKS | at_home), client("p", *name, **BARRACKS | in_pims)
    bellas = [[pet(key, key, "Bella", breed="Poodle")] if dogs else [] for key in "hp"]
    home = marias(rows[0], *others, pets=bellas[0])
    [row] = match(home, side([rows[1]], bellas[1])).clients.itertuples()
    return row.decision, row.reason


def test_two_of_a_common_name_at_an_address_that_a_crowd_shares_are_a_question():
    mailed = {"email": LOPEZ["email"]}

    assert of_the_barracks({}, {}) == ("possible", "name_common")
    assert of_the_barracks(mailed, {}, dogs=True) == ("possible", "name_common")
    assert of_the_barracks({}, {}, neighbours=0) == LINKED


@pytest.mark.parametrize("own", [{"phones": LOPEZ["phones"]}, {"email": LOPEZ["email"]}])
def test_one_of_a_crowd_is_known_by_number_or_email(own):
    assert of_the_barracks(own, own) == LINKED


def test_one_of_a_crowd_is_known_by_a_flat_or_a_rare_name():
    seldom, flat = ("Xochitl", "Lopez"), {"unit": "212"}

    assert of_the_barracks({}, {}, name=seldom) == ("possible", "name_common")
    assert of_the_barracks(flat, flat, name=seldom) == LINKED
    assert of_the_barracks({}, {}, name=("Xochitl", "Quetzal")) == LINKED

"""A dog, a house's number or a street's name that two people share doesn't make them one."""

import pytest

from tests.matching.rows import AWAY, HOME, client, couples_cats_and_dogs, crowd, pet, side
from tests.matching.test_strangers import marias
from vet_pipeline.matching import match

LINKED = ("linked", "evidence")
DOGS = {"Otto": "2017-10-22", "Kiki": "2014-08-30", "Pebbles": "2021-05-14"}
ONE = {"phones": ["+13345550123"], "email": "emily.blankenship@example.com"}
OTHER = {"phones": ["+17705327402"], "email": "eboudreaux@example.com"}


def outcome(at_home, in_pims, *, pets=(["Otto"], ["Otto"])):
    """(decision, reason) of the PIMS client beside the home client; pets by name."""
    rows = [
        client(owner, "Emily", row.pop("last"), **row)
        for owner, row in (("h", dict(at_home)), ("p", dict(in_pims)))
    ]
    made = [
        [pet(f"{owner}{name}", owner, name, birth_date=DOGS[name]) for name in names]
        for owner, names in zip("hp", pets, strict=True)
    ]
    home = side([rows[0], *crowd()], made[0])
    [row] = match(home, side([rows[1]], made[1])).clients.itertuples()
    return row.decision, row.reason


def emily(last, *parts):
    """A row of `outcome`."""
    return {"last": last} | {key: value for part in parts for key, value in part.items()}


def test_two_emilys_of_one_house_who_share_a_dog_are_a_question():
    found = outcome(emily("Blankenship", ONE, HOME), emily("Boudreaux", OTHER, HOME))

    assert found == ("possible", "surnames_differ")


@pytest.mark.parametrize("known", [OTHER, {"phones": OTHER["phones"]}, {"email": OTHER["email"]}])
def test_who_has_another_emily_s_dogs_elsewhere_may_have_been_given_them(known):
    pets = (["Otto", "Kiki"], ["Otto", "Kiki"])
    found = outcome(emily("Blankenship", ONE, HOME), emily("Boudreaux", known, AWAY), pets=pets)

    assert found == ("possible", "surnames_differ")


@pytest.mark.parametrize("kept", [{"phones": ONE["phones"]}, {"email": ONE["email"]}])
def test_who_married_and_kept_number_or_email_is_the_same(kept):
    for place in (HOME, AWAY):
        married = emily("Boudreaux", OTHER, place, kept)
        assert outcome(emily("Blankenship", ONE, HOME), married) == LINKED


LANDLINE, HIS, HERS = "+13344610472", "+13345550123", "+17705327402"


@pytest.mark.parametrize("more", [{}, {"email": "emily87@example.com"}])
def test_two_of_one_name_and_house_whose_own_numbers_and_pets_differ_are_a_question(more):
    mother = emily("Milliren", HOME, {"phones": [LANDLINE, HIS], "email": "em.mil@example.com"})
    daughter = emily("Milliren", HOME, {"phones": [LANDLINE, HERS]}, more)

    found = outcome(mother, daughter, pets=(["Otto"], ["Pebbles"]))

    assert found == ("possible", "pets_differ")


@pytest.mark.parametrize("numbers", [[LANDLINE], [HIS, LANDLINE]])
def test_a_further_number_of_one_of_them_tells_nobody_apart(numbers):
    one = emily("Milliren", HOME, {"phones": [LANDLINE, HIS]})

    assert (
        outcome(one, emily("Milliren", HOME, {"phones": numbers}), pets=(["Otto"], ["Pebbles"]))
        == LINKED
    )


@pytest.mark.parametrize("line", ["73 Main St", "PO Box 67"])
def test_a_main_street_of_another_town_is_another_one(line):
    here, there = ({**place, "address_line1": line} for place in (HOME, AWAY))
    home = marias(client("h", "Maria", "Lopez", phones=["+13345550123"], **here), pets=[])

    def found(place):
        pims = marias(client("p", "Maria", "Lopez", **place), pets=[])
        rows = match(home, pims).clients
        return [(row.decision, row.reason) for row in rows.itertuples() if row.pims_id == "p"]

    assert found(there)[0][0] != "linked"
    assert found(there)[0][1] in ("name_common", "name_alone")
    assert found(here)[0][1] not in ("name_common", "name_alone")


@pytest.mark.parametrize("surname", ["Milliren", "Doyle"])
@pytest.mark.parametrize("more", [{"email": "paws@home.example"}, {"phones": ["+14155550142"]}])
def test_the_other_spouse_with_the_same_pets_is_a_question_and_no_second_household(surname, more):
    home = couples_cats_and_dogs("h", "Mary", "Milliren", **more)
    pims = couples_cats_and_dogs("p", "John", surname, **more)
    assert match(home, pims).clients[["decision", "reason"]].values.tolist() == [
        ["possible", "first_names_differ"]
    ]

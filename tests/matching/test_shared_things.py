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


NUMBER = {"phones": ["+13345550123"], **HOME}
REACHED = {**NUMBER, "email": "paws87@example.com"}


def with_other_pets(at_home, in_pims, *others):
    """(decision, reason) of the PIMS client, who has another pet, beside the one at home."""
    home = side([client("h", **at_home), *others, *crowd()], [pet("1", "h", "Otto")])
    rows = match(home, side([client("p", **in_pims)], [pet("2", "p", "Pebbles")])).clients
    [row] = rows[rows["pims_id"] == "p"].itertuples()
    return row.decision, row.reason


def named(first, last, *parts):
    """A row of `with_other_pets`."""
    return {"first": first, "last": last} | {k: v for part in parts for k, v in part.items()}


@pytest.mark.parametrize("again", [("Milliren", "Ernest"), ("Ernest", "Milliren")])
def test_one_name_written_twice_makes_no_household_of_whose_number_and_email_it_is(again):
    ernest = named("Ernest", "Milliren", REACHED)

    assert with_other_pets(ernest, named(*again, REACHED)) == LINKED
    assert with_other_pets(named(*again, REACHED), ernest) == LINKED


@pytest.mark.parametrize("again", [("Milliren", "Ernest"), ("Enrest", "Milliren")])
def test_a_name_written_twice_beside_other_pets_is_a_question_where_a_number_alone_agrees(again):
    ernest = named("Ernest", "Milliren", NUMBER)

    assert with_other_pets(ernest, named(*again, NUMBER)) == ("possible", "pets_differ")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("Stephen", "Steph"),  # or his wife Stephanie
        ("Haruki", "Haruko"),  # names that no list knows
        ("Stanislav", "Stanislava"),
        ("Mark", "Mary"),
        ("Michael", "Michaele"),  # his wife, or a slip
        ("Ernest", "Enrest"),
        ("Ernest", "Ernesta"),  # one that a list knows: what differs in the end may be a sister's
        ("Ernest", "Arnest"),  # or in the first letter a brother's
    ],
)
def test_a_number_of_two_who_may_be_two_people_is_their_household_s(first, again):
    found = with_other_pets(named(first, "Milliren", REACHED), named(again, "Milliren", REACHED))

    assert found[0] == "possible"


def test_a_number_that_somebody_else_has_too_is_the_household_s_however_the_two_are_written():
    wife = client("w", "Mary", "Milliren", **REACHED)
    found = with_other_pets(
        named("Ernest", "Milliren", REACHED), named("Milliren", "Ernest", REACHED), wife
    )

    assert found == ("possible", "pets_differ")


@pytest.mark.parametrize(
    ("shared", "desk"),
    [
        ({"phones": ["+13345550123"]}, {"email": "desk@oakvet.example"}),
        ({"email": "ernest@example.com"}, {"phones": ["+13345550100"]}),
    ],
)
def test_what_the_desk_writes_for_whoever_gives_none_differs_from_nobody_s(shared, desk):
    own = {"phones": ["+13345550123"], "email": "ernest@example.com"}
    [(field, value)] = desk.items()
    many = [client(f"d{i}", *who, **desk) for i, who in enumerate(STRANGERS)]
    ernest, desked = (
        named("Ernest", "Milliren", HOME, own),
        named("Ernest", "Milliren", HOME, shared),
    )

    assert with_other_pets(ernest, {**desked, field: value}, *many) == LINKED
    assert with_other_pets({**desked, field: value}, ernest, *many) == LINKED
    other = {"phones": ["+13345550199"]} if field == "phones" else {"email": "em@oakvet.example"}
    assert with_other_pets(ernest, desked | other, *many) == ("possible", "pets_differ")


STRANGERS = [(row["first_name"], row["last_name"]) for row in crowd(12)]


def test_two_of_one_name_in_two_rooms_of_a_home_for_the_old_are_a_question():
    manor = {"address_line1": "500 Manor Rd", "city": "Tuskegee", "phones": ["+13344610472"]}
    names = [
        "Alma Reed",
        "Homer Vance",
        "Opal Dunn",
        "Ruth Kerr",
        "Floyd Nash",
        "Iris Boyd",
        "Edna Lowe",
    ]
    names += ["Clyde Hess", "Vera Pike"]
    others = [
        client(name, *name.split(), unit=str(n), **manor) for n, name in enumerate(names, 101)
    ]
    cats = [pet(key, key, "Bella", species="cat") for key in ("h", "p")]

    def mary(room):
        home = side(
            [client("h", "Mary", "Johnson", unit="12", **manor), *others, *crowd()], [cats[0]]
        )
        in_pims = side([client("p", "Mary", "Johnson", unit=room, **manor)], [cats[1]])
        [row] = match(home, in_pims).clients.itertuples()
        return row.decision, row.reason

    assert mary("31") == ("possible", "name_alone")
    assert mary("12") == mary(None) == ("linked", "evidence")

"""What agrees and says little: a shelter's Bella of 2017, a mixed breed, a dog of both spouses."""

import pytest

from tests.matching.rows import AWAY, HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import match

NUMBER = {"phones": ["+13344610472"]}
CONTACTS = {**NUMBER, "email": "milliren@example.com", **HOME}
ELSEWHERE = {"phones": ["+13344619999"], "email": "other@example.com", **AWAY}


def verdict(at_home, in_pims, home_pets=(), pims_pets=()):
    """(decision, reason) of one PIMS row beside one at home."""
    home = side(
        [client("h", *at_home[:2], **at_home[2]), *crowd()],
        [pet(f"h{n}", "h", *names, **more) for n, (*names, more) in enumerate(home_pets)],
    )
    pims = side(
        [client("p", *in_pims[:2], **in_pims[2])],
        [pet(f"p{n}", "p", *names, **more) for n, (*names, more) in enumerate(pims_pets)],
    )
    row = match(home, pims).clients.iloc[0]
    return row["decision"], row["reason"]


LINKED = ("linked", "evidence")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mixed Breed", "Mix"),
        ("Mutt", "Canine Mix"),
        ("Lab mix", "Labrador Retriever"),
        ("Mix", "Labrador Retriever"),
        ("Unknown", "Boxer"),
        ("Unknown", None),
    ],
)
def test_a_breed_that_says_little_makes_no_other_pet(one, other):
    own = {"email": "nancy@example.com"}

    assert (
        verdict(
            ("Nancy", "Milliren", {**own, **HOME, "phones": ["+13344610001"]}),
            ("Nancy", "Milliren", {**own, **HOME, "phones": ["+13344610002"]}),
            [("Duke", {"breed": one, "birth_date": "2018-01-30"})],
            [("Duke", {"breed": other, "birth_date": "2018-03-10"})],
        )
        == LINKED
    )


def shelter(born, kinds=("Poodle", "Boxer"), names=("Bella", "Bella"), bellas=8):
    """What becomes of a shelter's Bella, one of dozens, which is `born` so on both sides.

    `bellas`: of other owners, in each file.
    """
    others = [f"{a}{b}" for a in ("Lo", "Ma", "Ti", "Zu") for b in "bcdfghjklmnprstvz"]
    sides = []
    for key, breed, bella in zip("hp", kinds, names, strict=True):
        pets = [pet(f"{key}{n}", key, name) for n, name in enumerate([bella, *others])]
        pets[0] |= {"breed": breed, "birth_date": born}
        row = client(key, None, None, organisation="Happy Tails Rescue", **CONTACTS)
        more = [pet(f"{key}x{n}", f"x{n}", "Bella") for n in range(bellas)]
        sides.append(side([row, *crowd(bellas if key == "h" else 0)], [*pets, *more]))
    rows = match(*sides).pets
    return rows.loc[rows["pims_id"] == "p0", "decision"].tolist()


@pytest.mark.parametrize("born", ["2017-01-01", None])
def test_of_a_shelters_pets_a_year_says_no_more_than_nothing(born):
    assert "linked" not in shelter(born)


@pytest.mark.parametrize("names", [("Blla", "Bella"), ("Bella", "Blla")])
def test_a_name_is_as_common_in_the_file_where_it_has_a_slip(names):
    assert "linked" not in shelter("2017-01-01", ("Boxer", "Boxer"), names)


def test_where_a_shelter_is_all_that_a_practice_has_a_name_that_no_other_has_is_still_one():
    assert shelter("2017-01-01", ("Boxer", "Boxer"), bellas=0) == ["linked"]


def test_of_a_shelters_pets_a_month_says_nothing_of_two_breeds():
    assert "linked" not in shelter("2017-06-01")
    assert shelter("2017-06-01", ("Boxer", "Boxer")) == ["linked"]


def test_a_day_that_both_files_know_says_which_of_a_shelters_pets_it_is():
    assert shelter("2017-05-19", ("Boxer", "Boxer")) == ["linked"]


@pytest.mark.parametrize(("one", "other"), [("Molly", "Minnie"), ("Maggie", "Maddie")])
def test_two_pets_are_not_one_because_people_of_those_names_would_be(one, other):
    known = {"breed": "Boxer", "birth_date": "2020-03-04"}
    result = match(
        side(
            [client("h", "Nancy", "Milliren", **CONTACTS), *crowd()], [pet("a", "h", one, **known)]
        ),
        side([client("p", "Nancy", "Milliren", **CONTACTS)], [pet("b", "p", other, **known)]),
    )

    assert decided(result, "pets") == [("b", "a", "possible")]


REX, MOXIE = ("Rex", {"breed": "Boxer"}), ("Moxie", "cat", {"breed": "Siamese"})
DUKE, TOM = ("Duke", {"breed": "Beagle"}), ("Tom", "cat", {"breed": "Persian"})


def test_a_shelter_is_not_its_volunteer_though_it_gives_their_number_and_email():
    bare = {**NUMBER, "email": "milliren@example.com"}
    shelter = ("Gordon", None, {"organisation": "Hope for Paws SPCA", **bare})

    asked = ("possible", "organisations_differ")
    assert verdict(("Gordon", "Wright", CONTACTS), shelter, [MOXIE], [REX]) == asked


def test_the_name_of_a_shelter_outweighs_no_other_animals():
    name = {"organisation": "Hope for Paws SPCA"}
    rows = [(None, None, {**name, **contacts}) for contacts in (NUMBER | HOME, NUMBER | AWAY)]

    assert verdict(*rows, [REX, MOXIE], [DUKE, TOM]) == ("possible", "pets_differ")
    reached = (None, None, {**name, **CONTACTS})
    assert verdict(reached, reached, [REX, MOXIE], [DUKE, TOM]) == LINKED


def test_a_ranch_that_names_no_surname_is_its_speakers_where_the_dog_is():
    ranch = ("Gordon", None, {"organisation": "Circle K Ranch", **CONTACTS})
    dog = [("Rex", {"breed": "Boxer", "birth_date": "2019-03-04"})]

    assert verdict(("Gordon", "Wright", CONTACTS), ranch, dog, dog) == LINKED


def test_a_ranch_whose_row_names_its_owner_in_full_is_theirs():
    ranch = ("Ann", "Milliren", {"organisation": "Circle K Ranch", **CONTACTS})

    assert verdict(("Ann", "Milliren", CONTACTS), ranch, [MOXIE], [MOXIE]) == LINKED


def test_who_differs_in_number_email_and_address_is_nobody_for_a_pets_name():
    one, other = ("Ann", "Milliren", CONTACTS), ("Ann", "Milliren", ELSEWHERE)
    dated = [("Rex", {"breed": "Boxer", "birth_date": "2019-03-04"})]

    assert verdict(one, other, [REX], [("Rex", {})]) == ("possible", "name_common")
    near = ("Ann", "Milliren", {**ELSEWHERE, "email": "milliren2@example.com"})
    assert verdict(one, near, [REX], [("Rex", {})]) == ("possible", "name_common")
    assert verdict(one, other, dated, dated) == LINKED


def test_names_seldom_of_one_person_with_emails_of_their_own_are_two_though_the_dog_is_both_s():
    rows = [
        (first, "Milliren", {**HOME, "phones": [], "email": f"{first}@example.com"})
        for first in ("Jean", "Jane")
    ]

    assert verdict(*rows, [REX], [REX]) == ("possible", "names_only_alike")


def test_who_has_number_email_and_a_pet_of_the_name_is_asked_about_whatever_they_are_called():
    one, other = ("Rania", "Hassan", CONTACTS), ("Dina", "Hassan", CONTACTS)

    assert verdict(one, other, [REX], [("Rex", {})]) == ("possible", "first_names_differ")


@pytest.mark.parametrize(
    ("form", "whole"),
    [("Livvy", "Olivia"), ("Kitty", "Katherine"), ("Artie", "Arthur"), ("Cate", "Catherine")],
)
def test_forms_that_the_book_lacks_are_known(form, whole):
    rows = [(first, "Milliren", {**NUMBER, **HOME}) for first in (form, whole)]

    assert verdict(*rows, [REX], [REX]) == LINKED

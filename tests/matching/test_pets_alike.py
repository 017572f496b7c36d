"""Pets whose names only look alike: a person is asked, whatever else agrees."""

import pytest

from tests.matching.rows import HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import Decision, match, same_pet_name

BORN = {"birth_date": "2022-03-14"}


def outcome(at_home, in_pims, one=None, other=None):
    """(decision, reason) of the only pets of a linked client, both beagles."""
    home = side(
        [client("h", "Nancy", "Milliren", **HOME), *crowd(10)],
        [pet("a", "h", at_home, breed="beagle", **(one or {}))],
    )
    pims = side(
        [client("p", "Nancy", "Milliren", **HOME)],
        [pet("b", "p", in_pims, breed="beagle", **(other or {}))],
    )
    [row] = match(home, pims, decisions=[Decision("client", "p", "h", same=True)]).pets.itertuples()
    return row.decision, row.reason


@pytest.mark.parametrize("born", [{}, BORN])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lucy", "Lucky"),
        ("Toby", "Tony"),
        ("Molly", "Polly"),
        ("Chip", "Chap"),
        ("Bonnie", "Ronnie"),
        ("Bella", "Stella"),
        ("Oliver", "Olive"),
        ("Milo", "Mila"),
        ("Charlie", "Charlotte"),
        ("Lily", "Lillian"),
    ],
)
def test_a_known_name_is_no_slip_in_another_one(one, other, born):
    asked = [outcome(*names, born, born) for names in ((one, other), (other, one))]

    assert {decision for decision, _ in asked} == {"possible"}


@pytest.mark.parametrize(
    ("one", "other"), [("Tika", "Tiki"), ("Yukari", "Yukaro"), ("Ozzo", "Ozzu")]
)
def test_names_that_differ_in_the_last_vowel_are_littermates_names_though_no_list_knows_them(
    one, other
):
    asked = {outcome(*names, BORN, BORN) for names in ((one, other), (other, one))}

    assert asked == {("possible", "names_only_alike")}


@pytest.mark.parametrize(
    ("one", "other"), [("Puppy #5", "Puppy 6"), ("1248", "#1249"), ("Tag 93", "Tag 0094")]
)
def test_numbers_of_a_herd_or_a_litter_are_no_slips_of_each_other(one, other):
    asked = {outcome(*names, BORN, BORN) for names in ((one, other), (other, one))}

    assert asked == {("possible", "names_only_alike")}


@pytest.mark.parametrize(("one", "other"), [("Puppy #5", "Puppy 5"), ("1248", "#1248")])
def test_one_number_is_one_however_it_is_marked(one, other):
    assert outcome(one, other, BORN, BORN)[0] == "linked"


def test_what_was_linked_by_the_look_of_the_name_says_why_it_is_asked_about():
    assert outcome("Lucy", "Lucky") == ("possible", "names_only_alike")
    assert outcome("Oreo", "Oreo Two", BORN, BORN) == ("possible", "numbers_differ")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rex", "Rex II"), ("Rex", "Rex Jr"), ("Rex II", "Rex III"), ("Oreo", "Oreo Two")],
)
@pytest.mark.parametrize("born", [{}, BORN])
def test_a_numbered_pet_is_never_linked_to_another_number(one, other, born):
    assert outcome(one, other, born, born)[0] == "possible"
    assert outcome(other, one, born, born)[0] == "possible"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lucy", "Lcuy"),
        ("Lucky", "Luckky"),
        ("Maggie", "Maggy"),
        ("Tikka", "Tika"),
        ("Yukari", "Yukori"),
        ("Bella", "Isabella"),
        ("Sam", "Sammy"),
        ("Buddy", "Bud"),
        ("Waffle", "Waffles"),
        ("Rex", "Rex Milliren"),
        ("Rex II", "REX 2"),
        ("Junior", "Junior Milliren"),
    ],
)
def test_a_slip_a_form_and_a_second_word_are_the_same_pet(one, other):
    assert outcome(one, other) == ("linked", "evidence")


def test_two_littermates_at_home_are_both_found_in_the_pims():
    home = side(
        [client("h", "Nancy", "Milliren", **HOME)],
        [pet("h1", "h", "Tom", "cat", **BORN), pet("h2", "h", "Tim", "cat", **BORN)],
    )
    pims = side(
        [client("p", "Nancy", "Milliren", **HOME)],
        [pet("p1", "p", "TOM", "cat", **BORN), pet("p2", "p", "TIM", "cat", **BORN)],
    )
    told = [Decision("client", "p", "h", same=True)]

    assert decided(match(home, pims, decisions=told), "pets") == [
        ("p1", "h1", "linked"),
        ("p2", "h2", "linked"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Rex", "REX", True),
        ("Rex", "Rex Miller", True),
        ("Molly", "Mollie", True),
        ("Bella", "Isabella", True),
        ("Bella", "Stella", False),
        ("Tom", "Tim", False),
        ("Oreo", "Oreo Two", False),
        ("Rex II", "Rex 2", True),
        ("Rex", None, False),
    ],
)
def test_two_writings_of_a_pets_name_are_one_or_two_names(one, other, same):
    assert same_pet_name(one, other) is same
    assert same_pet_name(other, one) is same


SHELTER = {"organisation": "Happy Paws Rescue", **HOME}
OTHERS = [pet(f"o{n}", "p", f"Zelwein{chr(97 + n)}", breed="beagle") for n in range(15)]


@pytest.mark.parametrize(
    ("one", "other", "animals", "decision"),
    [
        ({}, {}, 15, ("possible", "name_common")),
        ({}, BORN, 15, ("possible", "name_common")),
        (BORN, BORN, 15, ("linked", "evidence")),
        ({}, {}, 14, ("linked", "evidence")),
    ],
)
def test_a_common_name_alone_is_no_proof_at_a_shelter(one, other, animals, decision):
    bella = {"name": "Bella", "breed": "beagle"}
    home = side([client("h", None, None, **SHELTER), *crowd(10)], [pet("a", "h", **bella, **one)])
    pims = side(
        [client("p", None, None, **SHELTER)], [pet("b", "p", **bella, **other), *OTHERS[:animals]]
    )
    same = [Decision("client", "p", "h", same=True)]

    result = match(home, pims, decisions=same).pets
    assert [(row.decision, row.reason) for row in result.itertuples() if row.pims_id == "b"] == [
        decision
    ]


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [
        ("2013-10-12", "2015-05-21", "possible"),  # the next Ruby of that breed
        ("2013-10-12", "2014-10-19", "linked"),  # a slip in the year
        ("2013-10-12", "2015-05-01", "linked"),  # a guess
        ("2014-01-01", "2015-05-21", "linked"),
    ],
)
def test_two_of_one_name_with_birth_dates_that_somebody_knew_are_a_question(one, other, decision):
    assert outcome("Ruby", "Ruby", {"birth_date": one}, {"birth_date": other})[0] == decision
    assert outcome("Ruby", "Ruby", {"birth_date": other}, {"birth_date": one})[0] == decision


def test_a_name_that_is_noted_beside_another_is_asked_about_though_another_horse_is_there():
    """Where she has one horse alone, the model asks of it anyway."""
    registered = {"species": "horse", "breed": "thoroughbred"}
    home = side(
        [client("h", "Nancy", "Milliren", **HOME), *crowd(10)],
        [pet("a", "h", "Sunny", **registered)],
    )
    pims = side(
        [client("p", "Nancy", "Milliren", **HOME)],
        [
            pet("b", "p", "Windmere's Golden Sunset", **registered, name_note='"Sunny"'),
            pet("c", "p", "Windmere's Golden Sunrise", **registered, name_note='"Sonny"'),
            pet("d", "p", "Oreo", species="cat", name_note="(Sunny)"),
        ],
    )
    found = match(home, pims, decisions=[Decision("client", "p", "h", same=True)]).pets
    outcomes = {row.pims_id: (row.decision, row.reason) for row in found.itertuples()}
    assert outcomes["b"] == ("possible", "names_differ")
    assert {outcomes.get(other, ("new", ""))[0] for other in "cd"} == {"new"}

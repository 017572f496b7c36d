"""Pets whose names are alike in a word only: of a litter all are Baby, Puppy or Kitten."""

import pytest

from tests.matching.rows import HOME, client, crowd, decided, pet, side
from tests.matching.test_pets_alike import BORN, outcome
from vet_pipeline.matching import Decision, match, same_pet_name

TWO = [
    ("Baby Girl", "Baby Boy"),
    ("Puppy Red", "Puppy Blue"),
    ("Kitten Black", "Kitten Gray"),
    ("Lady Bird", "Lady Bug"),
    ("Miss Kitty", "Miss Piggy"),
    ("Blanquito", "Blanquita"),
    ("Bella", "Bella2"),
    ("Bella", "Bella's Puppy"),
    ("Bella", "Bella Pup #1"),
    ("Smudge Kitten", "Smudge"),
    ("Foster Kitten A", "Foster Kitten B"),
]


@pytest.mark.parametrize("born", [{}, BORN])
@pytest.mark.parametrize(("one", "other"), TWO)
def test_what_stands_beside_a_common_first_word_tells_two_pets_apart(one, other, born):
    assert outcome(one, other, born, born)[0] == "possible"
    assert outcome(other, one, born, born)[0] == "possible"


@pytest.mark.parametrize(("one", "other"), TWO)
def test_such_names_are_not_one_name(one, other):
    assert not same_pet_name(one, other)
    assert not same_pet_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rex", "Rex Bear"),
        ("Rex Milliren", "Rex Bear"),  # the owner's surname
        ("Baby Princess", "Baby Princes"),
        ("Lady Bird", "Lady B"),
        ("Miss Kitty", "Miss Kittie"),
        ("Foster Kitten A", "Foster Kitten"),
        ("Bella's Puppy", "Bella Puppy"),
        ("Kit Kat", "Kitkat"),
        ("Jelly Bean", "Jellybean"),
        ("Tom Kitten", "Tomkitten"),
    ],
)
def test_a_word_left_out_or_misspelled_or_the_owner_s_surname_tells_nothing(one, other):
    assert outcome(one, other, BORN, BORN) == ("linked", "evidence")
    assert outcome(other, one, BORN, BORN) == ("linked", "evidence")


def test_one_with_a_word_more_is_not_the_other_where_its_owner_has_that_one_too():
    owner = client("h", "Nancy", "Milliren", **HOME)
    litter = [pet("b", "p", "Jasper"), pet("c", "p", "Jasper Rose", **BORN)]
    home = side([owner, *crowd(10)], [pet("a", "h", "Jasper", **BORN)])
    same = [Decision("client", "p", "h", same=True)]

    result = match(home, side([owner | {"client_id": "p"}], litter), decisions=same)

    assert ("c", "a", "possible") in decided(result, "pets")


def test_pets_whose_owners_are_not_at_hand_are_compared_all_the_same():
    same = [Decision("client", "p", "h", same=True)]

    result = match(
        side([], [pet("a", "h", "Rex Bear")]), side([], [pet("b", "p", "Rex")]), decisions=same
    )

    assert decided(result, "pets") == [("b", "a", "linked")]

"""Given names that no list knows, and initials: of two people of one house, or of one?"""

import pytest

from tests.matching.rows import HOME, client, crowd, pet, side
from vet_pipeline.matching import match
from vet_pipeline.matching.nicknames import given_names, perhaps_he_and_she

LANDLINE = {"phones": ["+13344610472"], **HOME}
FAMILY = {"email": "the.millirens@example.com"}
HIS, HERS = ("Otto", "2017-10-22"), ("Kiki", "2014-08-30")


def outcome(one, other, *, at_home=HIS, in_pims=HERS, **more):
    """(decision, reason) of `other` in the PIMS beside `one` at home, who has her landline and address."""
    rows = [
        client(key, name, "Milliren", **LANDLINE, **more)
        for key, name in (("h", one), ("p", other))
    ]
    pets = [
        [pet(owner, owner, which[0], birth_date=which[1])] if which else []
        for owner, which in (("h", at_home), ("p", in_pims))
    ]
    home = side([rows[0], *crowd()], pets[0])
    [row] = match(home, side([rows[1]], pets[1])).clients.itertuples()
    return row.decision, row.reason


ASKED = ("possible", "names_only_alike")
LINKED = ("linked", "evidence")
#: Brothers and sisters, of whose names the lists know one at most.
OF_TWO = [
    ("Zbignieva", "Zbigniev"),
    ("Xinrong", "Xinrui"),
    ("Theodosios", "Theodosia"),
    ("Yusnavi", "Yusnavel"),
    ("Ranulf", "Ranulfa"),
    ("Timur", "Timura"),
]


@pytest.mark.parametrize(("one", "other"), OF_TWO)
def test_who_has_a_house_and_its_number_and_a_name_of_one_stem_is_asked_about(one, other):
    assert outcome(one, other, at_home=None) == ASKED
    assert outcome(other, one, in_pims=None) == ASKED


def test_so_is_who_has_the_family_s_email_and_another_pet():
    assert outcome("Xinrong", "Xinrui", **FAMILY)[0] == "possible"


@pytest.mark.parametrize(
    "more", [{"in_pims": HIS}, {"in_pims": None, **FAMILY}, {"in_pims": HIS, **FAMILY}]
)
def test_a_slip_in_an_unknown_name_is_one_where_email_or_pet_say_so(more):
    assert outcome("Zbigniev", "Zbigniew", **more) == LINKED


@pytest.mark.parametrize(("one", "other"), [("Steven", "Stevem"), ("Mary", "Mray")])
def test_a_slip_in_a_known_name_needs_no_more(one, other):
    assert outcome(one, other, at_home=None) == LINKED
    assert outcome(other, one, in_pims=None) == LINKED


def test_an_initial_may_be_a_sister_s():
    assert outcome("Steven", "S", in_pims=None) == ASKED
    assert outcome("S", "Steven", in_pims=None) == ASKED


@pytest.mark.parametrize("more", [{"in_pims": HIS}, FAMILY])
def test_an_initial_is_his_where_email_or_pet_say_so(more):
    assert outcome("Steven", "S", **more) == LINKED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robert", "Bill"),
        ("Peter", "Patrick"),
        ("Emily", "Emma"),
        ("Jane", "Jean"),
        ("Sarah", "Sally"),
    ],
)
def test_forms_by_the_book_that_are_two_people_in_many_a_house_need_a_pet_or_an_email(one, other):
    assert outcome(one, other, at_home=None) == ASKED
    assert outcome(other, one, at_home=None) == ASKED
    assert outcome(one, other, **FAMILY)[0] == "possible"
    assert outcome(one, other, in_pims=HIS) == LINKED


@pytest.mark.parametrize(("one", "other"), [("Robert", "Bill"), ("Sarah", "Sally")])
def test_an_email_of_theirs_says_that_they_are_forms_of_one(one, other):
    assert outcome(one, other, in_pims=None, **FAMILY) == LINKED


@pytest.mark.parametrize(("one", "other"), [("William", "Bill"), ("Elizabeth", "Beth")])
def test_other_short_forms_need_neither(one, other):
    assert outcome(one, other, at_home=None) == LINKED


MOTHER = "Lopez Mendoza"


def marias(surname, *, in_pims=HERS, **more):
    """(decision, reason) of a Maria of this surname beside Maria Lopez Mendoza of the same house."""
    rows = [
        client(key, "Maria", last, **LANDLINE, **more)
        for key, last in (("h", MOTHER), ("p", surname))
    ]
    pets = [
        [pet(key, key, kept[0], birth_date=kept[1])] for key, kept in (("h", HIS), ("p", in_pims))
    ]
    home = side([rows[0], *crowd()], pets[0])
    [row] = match(home, side([rows[1]], pets[1])).clients.itertuples()
    return row.decision, row.reason


@pytest.mark.parametrize("surname", ["Ibarra Lopez", "Lopez Ibarra", "Ibarra-Mendoza"])
def test_of_two_surnames_mother_and_daughter_have_one_in_common(surname):
    assert marias(surname) == ("possible", "surnames_differ")


@pytest.mark.parametrize("surname", ["Mendoza Lopez", "Lopez-Mendoza", "Lopes Mendoza", "Lopez"])
def test_two_surnames_in_another_order_one_left_out_or_misspelt_are_hers(surname):
    assert marias(surname) == LINKED


def test_another_second_surname_is_hers_where_her_email_says_so_and_not_where_the_house_s_dog_does():
    assert marias("Lopez Ibarra", email="maria@example.com") == LINKED
    assert marias("Lopez Ibarra", in_pims=HIS) == ("possible", "surnames_differ")


def test_names_of_many_origins_are_known_so_that_one_is_no_slip_in_another():
    pairs = [("stanislav", "stanislava"), ("jianguo", "jianhua"), ("oluwaseun", "oluwaseyi")]

    assert {name for pair in pairs for name in pair} <= given_names()
    for one, other in pairs:
        found = outcome(one.title(), other.title(), in_pims=HIS, **FAMILY)
        assert found == ("possible", "first_names_differ")


@pytest.mark.parametrize(
    ("one", "other", "perhaps"),
    [
        ("karim", "karima", True),
        ("panagiotis", "panagiota", True),
        ("evgenia", "evgeny", True),
        ("haruko", "haruki", True),
        ("al", "ala", False),
        ("karim", "karin", False),
        ("karim", "karim", False),
    ],
)
def test_endings_of_a_man_s_and_a_woman_s_name_are_told_either_way_round(one, other, perhaps):
    assert perhaps_he_and_she(one, other) is perhaps
    assert perhaps_he_and_she(other, one) is perhaps

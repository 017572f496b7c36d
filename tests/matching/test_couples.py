"""Accounts of two persons: the same two, or parents and a child's household?"""

import pytest

from tests.matching.rows import AWAY, HOME, client, crowd, pet, side
from tests.matching.test_several_people import CONTACTS
from tests.matching.test_strangers import marias
from vet_pipeline.matching import match
from vet_pipeline.matching.nicknames import known_nicknames

LANDLINE = {"phones": ["+13344610472"], **HOME}
THEIRS, OTHERS = ("Otto", "2017-10-22"), ("Kiki", "2014-08-30")
LINKED = ("linked", "evidence")


def rows_of(key, named, last="Milliren", kept=None, **more):
    """A client of one or two given names, and the pet that is kept there."""
    first, partner = named if isinstance(named, tuple) else (named, None)
    pets = [pet(key, key, kept[0], birth_date=kept[1])] if kept else []
    return client(key, first, last, partner_first_name=partner, **{**LANDLINE, **more}), pets


def outcome(one, other, *, at_home=None, in_pims=None, **more):
    """(decision, reason) of `other` in the PIMS beside `one` at home: one landline and address."""
    theirs, pets = rows_of("h", one, kept=at_home, **more)
    ours, other_pets = rows_of("p", other, kept=in_pims, **more)
    home, pims = side([theirs, *crowd()], pets), side([ours], other_pets)
    [row] = match(home, pims).clients.itertuples()
    return row.decision, row.reason


PARENTS = "Maria Elena", "Jose Luis"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PARENTS, ("Maria Isabel", "Jose Antonio")),
        (PARENTS, ("Jose Antonio", "Maria Isabel")),
        (PARENTS, "Maria Isabel"),
        (PARENTS, "Jose Antonio"),
        (("Thi Hoa", "Van Minh"), ("Thi Lan", "Van Duc")),
        (("Sung Hyun", "Min Jun"), "Minseo"),
    ],
)
@pytest.mark.parametrize("in_pims", [None, THEIRS, OTHERS])
def test_of_two_couples_whose_first_words_are_all_they_share_nobody_is_the_same(
    one, other, in_pims
):
    asked = ("possible", "first_names_differ")
    assert outcome(one, other, at_home=THEIRS, in_pims=in_pims) == asked
    assert outcome(other, one, at_home=THEIRS, in_pims=in_pims) == asked


@pytest.mark.parametrize(
    "other",
    [
        PARENTS,
        ("Maria", "Jose"),
        ("Maria E", "Jose L."),
        ("Jose Luis", "Maria Elena"),
        ("Mariaelena", "Joseluis"),
        ("Maria Elena", "Jose Antonio"),  # she is the same
        "Maria Elena",
        "Maria",
        "Jose Luis",
        "Joseluis",
    ],
)
def test_further_names_of_a_couple_that_are_left_out_or_shortened_are_the_same(other):
    assert outcome(PARENTS, other) == LINKED
    assert outcome(other, PARENTS) == LINKED


COUPLE = "George", "Nancy"
AT_HOME = {"phone_kind": "home", "at_home": THEIRS, "in_pims": OTHERS}


@pytest.mark.parametrize("other", [COUPLE, ("Nancy", "George"), ("Nan", "George")])
def test_the_same_two_have_another_pet_by_now(other):
    assert outcome(COUPLE, other, **AT_HOME) == LINKED


@pytest.mark.parametrize(
    "other",
    [
        ("George", "Susan"),
        ("George", "N"),
        ("George", "Nannie"),
        ("George", "Ann"),  # by the book a form of Nancy
        ("George Jr", "Nancy"),
        ("Nancy", "George Jr"),
        "George",
    ],
)
def test_the_son_who_has_the_father_s_name_has_another_wife(other):
    assert outcome(COUPLE, other, **AT_HOME)[0] == "possible"
    assert outcome(other, COUPLE, **AT_HOME)[0] == "possible"


def test_mother_and_daughter_of_one_name_may_both_have_a_jose():
    named, kept = ("Maria", "Jose"), (THEIRS, OTHERS)
    [mother, her_pets], [daughter, other_pets] = (
        rows_of(key, named, last, pet_of, phone_kind="home")
        for key, last, pet_of in zip("hp", ("Lopez Mendoza", "Ibarra Lopez"), kept, strict=True)
    )
    [row] = match(
        side([mother, *crowd()], her_pets), side([daughter], other_pets)
    ).clients.itertuples()
    assert (row.decision, row.reason) == ("possible", "pets_differ")


@pytest.mark.parametrize("daughter", ["Maria", ("Maria", "Luis"), ("Luis", "Maria")])
def test_of_a_couple_s_two_surnames_mother_and_daughter_have_one_in_common(daughter):
    [parents, their_pets], [hers, her_pets] = (
        rows_of("h", ("Maria", "Jose"), "Lopez Mendoza", THEIRS),
        rows_of("p", daughter, "Ibarra Lopez", OTHERS),
    )
    asked = [("possible", "surnames_differ")]

    assert found_of(parents, their_pets, hers, her_pets) == asked
    assert found_of(hers, her_pets, parents, their_pets) == asked
    jose = {"partner_last_name": "Ibarra Lopez"}  # the couple's other surname is his
    assert found_of(parents | jose, their_pets, *rows_of("p", "Jose", "Ibarra Lopez", OTHERS)) == [
        LINKED
    ]


def found_of(home, home_pets, pims, pims_pets):
    """(decision, reason) of the PIMS client beside the home client."""
    rows = match(side([home, *crowd()], home_pets), side([pims], pims_pets)).clients
    return [(row.decision, row.reason) for row in rows.itertuples()]


def test_a_couple_elsewhere_with_another_number_and_other_pets_is_a_question():
    theirs, pets = rows_of("h", COUPLE, kept=THEIRS, email="milliren1@aol.com")
    elsewhere = {**AWAY, "phones": ["+13342220101"], "email": "milliren2@aol.com"}
    ours, other_pets = rows_of("p", COUPLE, kept=OTHERS, **elsewhere)
    [row] = match(side([theirs, *crowd()], pets), side([ours], other_pets)).clients.itertuples()
    assert (row.decision, row.reason) == ("possible", "pets_differ")


def test_two_couples_of_a_name_that_many_have_are_told_apart_by_their_pets():
    named, many = ("Maria", "Jose"), {"last": "Lopez", "phones": []}
    home, pims = (
        marias(theirs, pets=pets)
        for theirs, pets in (
            rows_of("h", named, kept=THEIRS, **many),
            rows_of("p", named, kept=OTHERS, **many),
        )
    )
    rows = match(home, pims).clients
    found = [(row.decision, row.reason) for row in rows.itertuples() if row.pims_id == "p"]
    assert found == [("possible", "pets_differ")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Steven", "Mary"), "S"),
        (("Steven", "Mary"), "M"),
        (("Zbignieva", "Mary"), "Zbigniev"),
        (("Mary", "Robert"), "Bill"),
        (("Steven", "Mary"), None),
        ("S", ("Steven", "Mary")),
    ],
)
def test_who_has_an_initial_or_a_doubtful_name_or_none_may_be_a_child_s(one, other):
    asked = ("possible", "names_only_alike")
    assert outcome(one, other) == asked
    assert outcome(one, other, at_home=THEIRS, in_pims=OTHERS) == asked
    assert outcome(one, other, at_home=THEIRS, in_pims=THEIRS) == LINKED


def test_two_initials_of_a_couple_are_no_chance():
    assert outcome(("Steven", "Mary"), ("S", "M")) == LINKED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Andrew", "Maria"), ("Andrea", "Mary")),
        (("Andrea", "Mary"), ("Andrew", "Maria")),
        (("Andrea", "Mary"), ("Maria", "Andrew")),
    ],
)
def test_two_who_are_forms_of_two_others_by_the_book_are_a_question_whichever_is_at_home(
    one, other
):
    assert outcome(one, other) == ("possible", "names_only_alike")


def test_a_form_of_a_name_is_one_whichever_of_them_is_asked_about():
    known = known_nicknames()
    assert [(a, b) for a in known for b in known[a] if a not in known.get(b, ())] == []


REX = {"name": "Rex", "breed": "Beagle", "birth_date": "2019-03-04"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Andrew", "Andrea"),  # forms of one by the book
        ("Lawrence", "Laura"),
        ("William", "Wilma"),
        ("James", "Jamie"),
        ("Michael", "Michele"),  # spelled alike
        ("Paul", "Paulette"),
        ("John", "Johnna"),
    ],
)
def test_man_and_wife_of_one_house_number_and_dog_are_two_whatever_the_book_says(one, other):
    for at_home, in_pims in ((one, other), (other, one)):
        home = side([client("h", at_home, "Bell", **CONTACTS), *crowd()], [pet("r", "h", **REX)])
        pims = side([client("p", in_pims, "Bell", **CONTACTS)], [pet("s", "p", **REX)])
        [row] = match(home, pims).clients.itertuples()
        assert (row.decision, row.reason) == ("possible", "first_names_differ")

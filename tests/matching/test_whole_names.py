"""Given names of several words: what all of a house have in common tells nobody apart."""

import pytest

from tests.matching.rows import AWAY, HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import match

CONTACTS = {"phones": ["+13344610472"], "email": "milliren@example.com", **HOME}


def outcomes(at_home, *in_pims):
    """(decision, reason) of each PIMS row; rows: given name and surname, all of one home."""
    home = side([client("h", *at_home, **CONTACTS), *crowd()])
    pims = [client(f"p{n}", *names, **CONTACTS) for n, names in enumerate(in_pims)]
    return [(row.decision, row.reason) for row in match(home, side(pims)).clients.itertuples()]


LINKED = ("linked", "evidence")
ASKED = ("possible", "first_names_differ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Elena", "Maria Isabel"),
        ("Maria del Carmen", "Maria del Pilar"),
        ("Maria de la Luz", "Maria de la Paz"),
        ("Mary Ann", "Mary Beth"),
        ("John Paul", "John M"),
        ("Min Jun", "Minseo"),
        ("Gurpreet Singh", "Gurpreet Kaur"),
        ("Mohammed Ali", "Muhammad Hassan"),
    ],
)
def test_names_of_which_only_the_first_word_is_the_same_are_a_question(one, other):
    assert outcomes((one, "Milliren"), (other, "Milliren")) == [ASKED]
    assert outcomes((other, "Milliren"), (one, "Milliren")) == [ASKED]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Elena", "Maria"),
        ("Maria Elena", "Maria E"),
        ("Maria Elena", "Maria Elenna"),
        ("Maria del Carmen", "Maria Carmen"),
        ("Mary Ann", "Maryann"),
        ("Min Jun", "Minjun"),
        ("Min-Jun", "Min Jun"),
        ("Abd el-Aziz", "Abdelaziz"),
        ("María de la Luz", "Mariadelaluz"),
        ("Kim P", "Kimberly"),
        ("J Robert", "Robert"),
        ("Thi Lan", "Lan"),
        ("Thi Lan", "Lan T"),
    ],
)
def test_further_names_that_are_left_out_shortened_or_written_in_one_are_the_same(one, other):
    assert outcomes((one, "Milliren"), (other, "Milliren")) == [LINKED]
    assert outcomes((other, "Milliren"), (one, "Milliren")) == [LINKED]


def test_the_rest_of_a_name_that_stands_in_the_surname_s_place_is_looked_at():
    assert outcomes(("Sung Hyun", "Kim"), ("Kim", "Sung Jae")) == [ASKED]
    assert outcomes(("Sung Hyun", "Kim"), ("Kim", "Sunghyun"))[0][0] == "linked"


def test_of_two_sisters_who_are_like_one_record_with_half_a_name_neither_is_taken():
    sisters = ("Maria Elena", "Milliren"), ("Maria Isabel", "Milliren")

    assert outcomes(("Maria", "Milliren"), *sisters) == [("possible", "rival")] * 2


def test_sisters_who_have_thi_in_common_are_two():
    assert outcomes(("Thi Hoa", "Nguyen"), ("Thi Lan", "Nguyen"))[0][0] != "linked"


@pytest.mark.parametrize(
    ("at_home", "in_pims"),
    [
        ("William Henry", "Henry"),
        ("William Henry", "W. Henry"),
        ("Hans-Peter", "Peter"),
        ("Maria Guadalupe", "Lupe"),
        ("Mohammed Ali", "M. Ali"),
    ],
)
def test_who_goes_by_a_further_name_is_asked_about(at_home, in_pims):
    for one, other in ((at_home, in_pims), (in_pims, at_home)):
        home = side([client("h", one, "Milliren", **HOME), *crowd()])
        pims = side([client("p", other, "Milliren", **HOME)])
        assert decided(match(home, pims)) == [("p", "h", "possible")]


def test_of_another_house_or_with_other_pets_a_further_name_says_nothing():
    home = [client("h", "William Henry", "Milliren", **HOME), *crowd()]
    rex, tom = pet("d", "h", "Rex"), pet("c", "p", "Tom", species="cat")
    elsewhere = side([client("p", "Henry", "Milliren", **AWAY)])
    beside = side([client("p", "Henry", "Milliren", **HOME)], [tom])

    assert decided(match(side(home), elsewhere)) == [("p", None, "new")]
    assert decided(match(side(home, [rex]), beside)) == [("p", None, "new")]

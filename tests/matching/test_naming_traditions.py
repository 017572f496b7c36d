"""Two of one house, landline and dog whose tradition has the given name elsewhere, or none of their own."""

import pytest

from tests.matching.rows import HOME, client, crowd, pet, side
from vet_pipeline.matching import match

LANDLINE = {"phones": ["+13344610472"], **HOME}
SURNAMES = ("Nguyen", "Wang", "Chen", "Kim", "Ivanov", "Garcia")


def outcome(one, other, **more):
    """(decision, reason) of `other` in the PIMS beside `one` at home: (given name, surname) each."""
    rows = [client(key, *name, **LANDLINE, **more) for key, name in (("h", one), ("p", other))]
    pets = [pet(key, key, "Otto", breed="Beagle", birth_date="2017-10-22") for key in "hp"]
    neighbours = [
        client(
            f"n{n}",
            "Gregor",
            name,
            address_line1=f"{n} Lake Rd",
            phones=[f"+1205555{1000 + 77 * n}"],
        )
        for n, name in enumerate(SURNAMES)
    ]
    home = side([rows[0], *crowd(), *neighbours], [pets[0]])
    [row] = match(home, side([rows[1]], [pets[1]])).clients.itertuples()
    return row.decision, row.reason


TWO_PEOPLE = [
    # The son has his father's name behind his own, and his father's father's was his father's.
    (("Thomas", "George"), ("George", "Thomas")),
    (("Tesfaye", "Bekele"), ("Bekele", "Tesfaye")),
    (("Abdi", "Mohamed"), ("Mohamed", "Abdi")),
    (("Joseph", "Jean"), ("Jean", "Joseph")),
    # The family's name first, in the column of the given name.
    (("Li", "Wei"), ("Li", "Wen")),
    (("Chen", "Jianguo"), ("Chen", "Jianhua")),
    (("Wang", "Xiaoming"), ("Wang", "Xiaohong")),
    (("Nguyen", "Van An"), ("Nguyen", "Van Anh")),
    (("Tran", "Thi Mai"), ("Tran", "Thi Lan")),
    (("Kim", "Minjun"), ("Kim", "Minseo")),
    # What nobody of the family is called by, first.
    (("Mohammed", "Ali"), ("Mohammed", "Omar")),
    (("Md", "Rahim"), ("Md", "Karim")),
    (("Abdul", "Rahman"), ("Abdul", "Karim")),
    # Two surnames, and the father's mother isn't the son's.
    (("Jose", "Garcia Lopez"), ("Jose", "Garcia Ruiz")),
    (("Mohamed", "Abdi Ali"), ("Mohamed", "Abdi Omar")),
    # Names that no slip explains.
    (("Kalani", "Kealoha"), ("Kailani", "Kealoha")),
    (("Keoni", "Kamaka"), ("Keola", "Kamaka")),
    (("Kwame", "Mensah"), ("Kwabena", "Mensah")),
    (("Oleg", "Bondar"), ("Olga", "Bondar")),
    (("Giorgos", "Pappas"), ("Giorgia", "Pappas")),
]
ONE_PERSON = [
    (("Van An", "Nguyen"), ("Van An", "Nguyen")),
    (("Nguyen", "Van An"), ("Nguyen", "Van An")),
    (("Thi Mai", "Tran"), ("Mai", "Tran")),
    (("Xiaoming", "Wang"), ("Wang", "Xiaoming")),
    (("Minjun", "Kim"), ("Kim", "Minjun")),
    (("Mohammed Ali", "Hassan"), ("Mohammed", "Hassan")),
    (("Mohammed", "Ali Hassan"), ("Mohammed", "Hassan")),
    (("Abdul Rahman", "Khan"), ("Abdulrahman", "Khan")),
    (("Mohammed", "El-Sayed"), ("Mohamed", "Al Sayed")),
    (("Sergey Aleksandrovich", "Ivanov"), ("Sergei", "Ivanov")),
    (("Yekaterina", "Sokolova"), ("Ekaterina", "Sokolov")),
    (("Maria", "Garcia Lopez"), ("Maria", "Garcia")),
    (("Maria", "Garcia Lopez"), ("Maria", "Lopez")),
    (("Joao", "da Silva Santos"), ("Joao", "Santos")),
    (("Marsha", "Kowalczyk"), ("Kowalczyk", "Marsha")),
    (("Ma. Elena", "Garcia"), ("Maria Elena", "Garcia")),
    (("Md.", "Rahman"), ("Mohammad", "Rahman")),
    (("Ihor", "Bondar"), ("Igor", "Bondar")),
    (("Kealoha", "Kaʻanāʻanā"), ("Kealoha", "Kaanaana")),
    (("Kaleimomi", "Keihanaikukauakahi"), ("Kaleimomi", "Keihanai")),
    (("Gina", "D'Angelo"), ("Gina", "Dangelo")),
    (("Ann-Marie", "Smith-Jones"), ("Ann Marie", "Smith Jones")),
    (("Pieter", "van der Berg"), ("Pieter", "Vanderberg")),
]


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_two_of_one_house_and_dog_are_asked_about(one, other):
    assert outcome(one, other)[0] == outcome(other, one)[0] == "possible"


def test_of_names_in_either_order_an_email_of_ones_own_says_who_it_is():
    james = ("James", "Thomas"), ("Thomas", "James")
    assert outcome(*james) == ("possible", "names_only_alike")
    assert outcome(*james, email="jthomas71@mail.example")[0] == "linked"


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_one_person_written_twice_is_linked(one, other):
    assert outcome(one, other)[0] == outcome(other, one)[0] == "linked"


@pytest.mark.parametrize("son", ["Luna Hijo", "Luna Filho"])
def test_a_son_s_name_says_so_in_spanish_and_portuguese_too(son):
    [row] = match(
        side([client("h", "Jose", "Luna Sr", **LANDLINE), *crowd()]),
        side([client("p", "Jose", son, **LANDLINE)]),
    ).clients.itertuples()

    assert (row.decision, row.reason) == ("possible", "generations_differ")


@pytest.mark.parametrize(
    ("one", "other"), [("Wm.", "Bill"), ("Robt", "Bob"), ("Jas", "Jim"), ("Chas.", "Chuck")]
)
def test_an_abbreviation_is_whatever_its_name_is_called(one, other):
    assert outcome((one, "Milliren"), (other, "Milliren")) == ("linked", "evidence")
    assert outcome((other, "Milliren"), (one, "Milliren")) == ("linked", "evidence")


@pytest.mark.parametrize(("one", "other"), [("Robt", "Bill"), ("Jas", "Jamie")])
def test_an_abbreviation_is_no_name_that_its_own_is_seldom_called(one, other):
    assert outcome((one, "Milliren"), (other, "Milliren"))[0] != "linked"

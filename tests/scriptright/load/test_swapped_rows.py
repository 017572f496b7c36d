"""PIMS rows that were typed for each other: of two dogs of a house, of two houses, of one surname."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, one, pet, phones, rows
from tests.scriptright.handed import ANN, BOB, OPEN, decide

WEIGHTS = "SELECT name, weight_value::int FROM scriptright.pet ORDER BY pet_id"
REX = pet("10", "1")
BELLA = pet("11", "1", name="Bella", weight="4", weight_date="2026-02-20")
TINY: Cells = {"name": "Tiny", "weight": "2", "weight_date": "2026-02-20"}


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex and Bella, two Labradors of one age, and Bob (2)."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2", **BOB)], [REX, BELLA])
    return engine


def test_two_dogs_of_one_owner_whose_rows_are_swapped_and_swapped_back_weigh_as_before(
    oak: Engine,
) -> None:
    swapped = [BELLA | {"patient_key": "10"}, REX | {"patient_key": "11"}]
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], swapped)
    assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4)]
    assert rows(oak, OPEN) == [
        ("name", "another_record"), ("name", "another_record"), ("weight", "another_record"),
        ("weight", "older_weighing"),
    ]  # fmt: skip
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [REX, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4)]
    assert rows(oak, OPEN) == []


@pytest.mark.parametrize(
    "said",
    [
        TINY | {"client_key": "2"},  # Bob's by now
        TINY | {"breed": "Chihuahua"},
        TINY | {"breed": "Chihuahua", "birth_date": None},
    ],
)
def test_a_dog_called_otherwise_of_another_breed_or_owner_is_another(
    oak: Engine, said: Cells
) -> None:
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [REX | said, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4)]
    assert {reason for _, reason in rows(oak, OPEN)} <= {"another_record", "became_blank"}
    for field in ("name", "breed", "age"):  # a birth date that is gone tells of another, too
        decide(oak, yes=True, field=field)
    weighed = REX | said | {"weight": "3", "weight_date": "2026-03-02"}
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [weighed, BELLA])
    assert rows(oak, WEIGHTS) == [("Tiny", 3), ("Bella", 4)]


def test_so_it_is_where_the_owner_comes_first_and_the_name_later(oak: Engine) -> None:
    moved = REX | {"client_key": "2", "weight": "31", "weight_date": "2026-02-10"}
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [moved, BELLA])
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [moved | TINY, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 31), ("Bella", 4)]


@pytest.mark.parametrize("said", [{"breed": "Chihuahua"}, {"birth_date": "2025-01-01"}])
def test_another_clients_pet_of_the_same_name_is_another_by_its_breed_or_age(
    oak: Engine, said: Cells
) -> None:
    said |= {"client_key": "2", "weight": "2", "weight_date": "2026-02-20"}
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [REX | said, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4)]


def test_a_dead_pet_that_lives_at_another_clients_is_another(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [REX | {"deceased_flag": "1"}, BELLA])
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [REX | {"client_key": "2"}, BELLA])
    assert one(oak, "SELECT deceased FROM scriptright.pet WHERE pet_id = 1") is True


def test_one_of_two_of_a_name_whose_breed_is_corrected_is_weighed(oak: Engine) -> None:
    two = REX | {"patient_key": "12", "birth_date": "2024-01-01"}
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [REX, BELLA, two])
    weighed = {"breed": "Beagle", "weight": "31", "weight_date": "2026-02-20"}
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [REX | weighed, BELLA, two])
    assert rows(oak, WEIGHTS) == [("Rex", 31), ("Bella", 4), ("Rex", 30)]


def test_one_that_only_goes_to_another_client_is_weighed(oak: Engine) -> None:
    moved = REX | {"client_key": "2", "weight": "31", "weight_date": "2026-02-20"}
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [moved, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 31), ("Bella", 4)]


def test_one_that_is_renamed_and_stays_where_it_is_is_weighed(oak: Engine) -> None:
    renamed = REX | TINY | {"weight": "16"}
    load(oak, "oak", 2, [client("1"), client("2", **BOB)], [renamed, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 16), ("Bella", 4)]


def test_a_client_of_the_same_surname_and_another_house_and_number_is_another(oak: Engine) -> None:
    lee = BOB | {"last_name": "Lee"}
    load(oak, "oak", 2, [client("1", **lee), client("2", **BOB)], [REX, BELLA])
    assert one(oak, "SELECT email FROM scriptright.client WHERE client_id = 1") == ANN
    assert {reason for _, reason in rows(oak, OPEN)} == {"another_record"}
    decide(oak, yes=True, field="address")  # confirmed alone it makes no two clients one
    lee |= {"email": "bob@new.example"}
    load(oak, "oak", 3, [client("1", **lee), client("2", **BOB)], [REX, BELLA])
    assert one(oak, "SELECT email FROM scriptright.client WHERE client_id = 1") == ANN


@pytest.mark.parametrize("later", [False, True])
def test_a_pet_called_otherwise_whose_owners_row_says_another_is_another(
    oak: Engine, later: bool
) -> None:
    """The next client's dog, of one breed, under both numbers of the one before."""
    zoe = client("1", first_name="Zoe", last_name="Zink", address_line1="1 Bay Ct")
    zoe |= {"phones": phones("(217) 555-0111"), "email": "zoe@example.com"}
    if later:
        load(oak, "oak", 2, [zoe, client("2", **BOB)], [REX, BELLA])
        decide(oak, yes=False)
    load(oak, "oak", 3, [zoe, client("2", **BOB)], [REX | TINY, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4)]


EMAILS = "SELECT first_name, email FROM scriptright.client ORDER BY client_id"


@pytest.mark.parametrize("later", [False, True])
def test_two_of_a_house_whose_rows_are_swapped_keep_their_logins(
    engine: Engine, later: bool
) -> None:
    add_practice(engine)
    ann, joe = client("1"), client("2", first_name="Joe", email="joe@example.com")
    load(engine, "oak", 1, [ann, joe], [REX])
    if later:  # the names before the emails
        named = [client("1", first_name="Joe"), joe | {"first_name": "Ann"}]
        load(engine, "oak", 2, named, [REX])
    swapped = [joe | {"client_key": "1"}, ann | {"client_key": "2"}]
    load(engine, "oak", 3, swapped, [REX])
    assert rows(engine, EMAILS) == [("Ann", ANN), ("Joe", "joe@example.com")]
    load(engine, "oak", 4, [ann, joe], [REX])
    assert rows(engine, EMAILS) == [("Ann", ANN), ("Joe", "joe@example.com")]
    assert rows(engine, OPEN) == []


def test_one_who_takes_over_a_house_is_asked_about_with_name_and_login_and_has_both(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [REX])
    load(engine, "oak", 2, [client("1", first_name="Joe", email="joe@example.com")], [REX])
    assert rows(engine, EMAILS) == [("Ann", ANN)]
    decide(engine, yes=True)
    load(engine, "oak", 3, [client("1", first_name="Joe", email="joe@new.example")], [REX])
    assert rows(engine, EMAILS) == [("Joe", "joe@new.example")]


def test_a_pet_that_was_another_stays_that_when_its_owners_row_is_given_back(oak: Engine) -> None:
    """The newcomer's dog still stands in Rex's row, and a person has said that it isn't Rex."""
    zoe = client("1", first_name="Zoe", last_name="Zink", address_line1="1 Bay Ct")
    zoe |= {"phones": phones("(217) 555-0111"), "email": "zoe@example.com"}
    load(oak, "oak", 2, [zoe, client("2", **BOB)], [REX | TINY, BELLA])
    decide(oak, yes=False)
    weighed = REX | TINY | {"weight": "3", "weight_date": "2026-03-05"}
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [weighed, BELLA])
    assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4)]


@pytest.mark.parametrize("refused", [False, True])
def test_two_of_one_owner_whose_names_are_forms_of_one_weigh_as_before_while_swapped(
    oak: Engine, refused: bool
) -> None:
    """Rexy's row says Rex: of which that is asked, or was refused, it is so still."""
    rexy = pet("12", "1", name="Rexy", birth_date="2024-05-01", weight="25")
    others = [client("1"), client("2", **BOB)]
    load(oak, "oak", 2, others, [REX, BELLA, rexy])
    for seq, day in ((3, "2026-03-04"), (4, "2026-03-07")):
        swapped = [
            rexy | {"patient_key": "10", "weight": str(20 + seq), "weight_date": day},
            REX | {"patient_key": "12", "weight": str(30 + seq), "weight_date": day},
        ]
        load(oak, "oak", seq, others, [BELLA, *swapped])
        assert rows(oak, WEIGHTS) == [("Rex", 30), ("Bella", 4), ("Rexy", 25)]
        if refused:
            decide(oak, yes=False)

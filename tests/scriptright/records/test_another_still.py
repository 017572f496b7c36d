"""A row of which it was asked whose it is: whether it is another's still, or nobody's any more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.scriptright.records.who import BOB, CLIENT, PET, is_another
from vet_pipeline.scriptright.records.another import Unlike, is_emptied, unlike

HIS_CONTACTS = {name: BOB[name] for name in ("address_line1", "postal_code", "phones")}
NOBODY = {"first_name": None, "last_name": None}
NO_CONTACTS = {"address_line1": None, "postal_code": None, "phones": [], "email": None}
DEAD = PET | {"deceased": True, "weight_kg": Decimal("10"), "weight_value": Decimal("10")}


@pytest.mark.parametrize(
    ("now", "otherwise", "still"),
    [
        ({"first_name": "Bob"}, True, True),  # another of her house, or a couple's other half
        ({"first_name": "Annie"}, False, False),
        (HIS_CONTACTS, False, False),  # who moves
        ({"last_name": "Moss"}, False, False),  # who marries
        ({"last_name": "Moss", "phones": BOB["phones"]}, False, True),
        ({"last_name": "Moss", "address_line1": "9 Oak Ave"}, False, True),
        ({"last_name": "Moss"} | HIS_CONTACTS, True, True),
    ],
)
def test_a_client_is_called_otherwise_by_the_given_name_and_still_another_by_the_surname(
    now: dict[str, Any], otherwise: bool, still: bool
) -> None:
    assert (unlike("client", CLIENT, CLIENT | now) >= Unlike.BY_NAME) is otherwise
    assert (unlike("client", CLIENT, CLIENT | now) >= Unlike.BY_SURNAME) is still


@pytest.mark.parametrize(
    ("was", "now", "otherwise"),
    [
        ({}, {"name": "Tom"}, True),
        ({}, {"name": "Rexy"}, False),
        ({}, {"species": "cat"}, False),
        ({}, {"species": "cat", "birth_date": date(2025, 1, 1)}, True),
        ({"deceased": True}, {}, True),
        ({}, {"deceased": True}, False),
    ],
)
def test_a_pet_is_called_otherwise_by_its_name_or_where_it_lives_again(
    was: dict[str, Any], now: dict[str, Any], otherwise: bool
) -> None:
    assert (unlike("pet", PET | was, PET | now) >= Unlike.BY_NAME) is otherwise
    assert (unlike("pet", PET | was, PET | now) >= Unlike.BY_SURNAME) is otherwise


@pytest.mark.parametrize(
    ("now", "another"),
    [
        ({}, False),
        ({"weight_kg": Decimal("5")}, True),
        ({"weight_kg": Decimal("4")}, True),
        ({"weight_kg": Decimal("5.1")}, False),
        ({"weight_kg": Decimal("20")}, True),
        ({"weight_kg": None}, False),
        ({"weight_kg": Decimal("0.4")}, True),
        ({"breed": "Chihuahua"}, False),  # a birth date that both have says that it is one
        ({"breed": "Chihuahua", "birth_date": None}, True),
        ({"birth_date": None}, False),
    ],
)
def test_a_dead_pet_that_lives_is_another_by_half_its_weight_or_by_its_breed_without_a_birth_date(
    now: dict[str, Any], another: bool
) -> None:
    kilograms = now.get("weight_kg", DEAD["weight_kg"])
    now = now | {"weight_value": kilograms}
    assert is_another("pet", DEAD, DEAD | {"deceased": False} | now) is another
    weighed = kilograms != DEAD["weight_kg"]  # since: that the next one lives is typed later
    assert is_another("pet", DEAD, DEAD | now) is (another and weighed)


@pytest.mark.parametrize(
    ("was", "now", "emptied"),
    [
        ({}, NOBODY | NO_CONTACTS, True),
        ({}, NOBODY | NO_CONTACTS | {"email": CLIENT["email"]}, True),  # it is taken in at once
        ({}, NOBODY | HIS_CONTACTS, True),
        ({}, NOBODY, False),
        ({}, NOBODY | NO_CONTACTS | {"phones": CLIENT["phones"]}, False),
        ({}, NOBODY | NO_CONTACTS | {"organisation": "Moss Rescue"}, False),
        ({}, NO_CONTACTS, False),
        (NOBODY, NOBODY | NO_CONTACTS, False),
    ],
)
def test_a_clients_row_is_emptied_once_neither_a_name_nor_a_contact_of_it_is_left(
    was: dict[str, Any], now: dict[str, Any], emptied: bool
) -> None:
    assert is_emptied("client", CLIENT | was, CLIENT | now) is emptied


@pytest.mark.parametrize(
    ("was", "now", "emptied"),
    [
        ({}, {"name": None, "breed": None, "birth_date": None}, True),
        ({}, {"name": None, "breed": "Chihuahua", "birth_date": date(2025, 1, 1)}, True),
        ({}, {"name": None, "breed": None}, False),  # its birth date is there
        ({}, {"name": None, "birth_date": None}, False),  # its breed is
        ({}, {"name": None, "breed": "Chihuahua"}, False),
        ({}, {"name": None, "birth_date": date(2025, 1, 1)}, False),
        ({"breed": None, "birth_date": None}, {"name": None}, True),  # of nothing that was known
        ({}, {"breed": None, "birth_date": None}, False),
        ({"name": None}, {"name": None, "breed": None, "birth_date": None}, False),
    ],
)
def test_a_pets_row_is_emptied_once_neither_its_name_nor_breed_nor_birth_date_is_left(
    was: dict[str, Any], now: dict[str, Any], emptied: bool
) -> None:
    assert is_emptied("pet", PET | was, PET | now) is emptied

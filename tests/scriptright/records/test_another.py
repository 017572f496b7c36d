"""When a PIMS row says another client or another animal than it did: its key was handed on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.scriptright.records.who import BOB, CLIENT, PET, is_another
from vet_pipeline.scriptright.records.another import Known

OF_HER_HOUSE = BOB | {name: CLIENT[name] for name in ("address_line1", "postal_code", "phones")}
NOBODY = {"first_name": None, "last_name": None}


@pytest.mark.parametrize(
    ("was", "named"),
    [
        ({}, True),
        ({"last_name": "Bob"}, True),  # Ann Bob and Bob Moss: a surname is no given name
        ({"last_name": "Moss"}, False),
        ({"first_name": "Robert"}, False),
        ({"partner_first_name": "Bob"}, False),
        ({"partner_last_name": "Moss"}, False),
        ({"first_name": "Moss", "last_name": "Bob"}, False),  # in each other's columns
        ({"first_name": "Moss", "last_name": "Ann"}, True),
        ({"first_name": None}, True),
        ({"first_name": None, "last_name": "Bob"}, False),  # it may be his given name
        (NOBODY, False),
        (NOBODY | {"organisation": "Lee Rescue"}, True),
        (NOBODY | {"organisation": "Moss Rescue"}, False),
    ],
)
def test_a_row_is_another_where_nothing_in_the_names_is_alike(
    was: dict[str, Any], named: bool
) -> None:
    assert is_another("client", CLIENT | was, OF_HER_HOUSE) is named
    assert is_another("client", OF_HER_HOUSE, CLIENT | was) is named


@pytest.mark.parametrize(
    ("was", "another"),
    [
        ({}, True),
        ({"last_name": "Moss"}, True),  # of one surname, and nothing else
        ({"partner_last_name": "Moss"}, True),
        ({"last_name": "Moss", "address_line1": None, "postal_code": None, "phones": []}, False),
        ({"first_name": "Robert"}, True),
        ({"first_name": "Robert", "last_name": "Mosse"}, False),
        ({"first_name": "Robert", "address_line1": None}, False),  # who marries and moves
        ({"first_name": "Robert", "phones": []}, False),
        ({"first_name": "Robert", "partner_last_name": "Moss"}, False),
        ({"first_name": "Moss", "last_name": "Bob"}, False),
        ({"partner_first_name": "Bob"}, True),
        ({"partner_first_name": "Bob", "partner_last_name": "Moss"}, True),  # Ann isn't in it
        ({"first_name": "Bob", "last_name": "Moss", "partner_first_name": "Ann"}, False),
        ({"first_name": None, "last_name": "Moss"}, False),  # a given name that is learned
        (NOBODY, False),
    ],
)
def test_of_another_house_and_number_it_is_another_by_given_names_or_surnames_alone(
    was: dict[str, Any], another: bool
) -> None:
    assert is_another("client", CLIENT | was, BOB) is another


@pytest.mark.parametrize(
    ("was", "now", "named"),
    [
        ("Carl", "Carla", True),  # both are known, and neither is short for the other
        ("Andrew", "Andrea", True),  # forms of one by the book alone
        ("Colin", "Colleen", True),  # spellings of one by the rules alone
        ("Jo", "Jordan", True),
        ("Robert A", "Ann", True),  # an initial behind a name is none
        ("A", "Ann", False),
        ("Dan", "Daniel", False),
        ("Chrissi", "Chrissina", False),  # names that nobody knows
        ("Jo", "Joquil", True),
        ("Mary Ann", "Maryann", False),
    ],
)
def test_a_name_is_another_one_where_no_slip_and_no_short_form_makes_it_that(
    was: str, now: str, named: bool
) -> None:
    rows = CLIENT | {"first_name": was}, OF_HER_HOUSE | {"first_name": now}
    assert is_another("client", *rows) is named
    assert is_another("client", *reversed(rows)) is named


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("Lee Rescue", "Moss Rescue", True),
        ("Humane Society", "Wildlife Society", False),  # of such words alone all count
        ("Humane Society", "Moss Kennels", True),
    ],
)
def test_words_that_many_rescues_have_make_no_two_of_them_one(
    one: str, other: str, named: bool
) -> None:
    rows = [CLIENT | NOBODY | {"organisation": name} for name in (one, other)]
    assert is_another("client", *rows) is named


@pytest.mark.parametrize("same", ["phones", "address_line1"])
def test_a_contact_in_common_makes_one_client_only_where_the_names_are_alike_in_something(
    same: str,
) -> None:
    bob = BOB | {same: CLIENT[same]} | ({"postal_code": "62704"} if same == "address_line1" else {})
    assert is_another("client", CLIENT, bob) is True
    assert is_another("client", CLIENT, bob | {"last_name": CLIENT["last_name"]}) is False


def test_a_postal_code_alone_is_nothing_in_common() -> None:
    nowhere = {"address_line1": None, "postal_code": "62704"}
    assert is_another("client", CLIENT | nowhere, BOB | nowhere) is True


@pytest.mark.parametrize(
    ("cells", "other"),
    [
        ({"name": "Tom", "species": "cat"}, True),
        ({"name": "Tom", "birth_date": date(2025, 1, 1)}, True),
        ({"species": "cat", "birth_date": date(2025, 1, 1)}, True),
        ({"name": "Tom", "pims_client_id": "2"}, False),
    ],
)
def test_a_pet_is_another_by_two_of_its_name_species_and_age(
    cells: dict[str, Any], other: bool
) -> None:
    assert is_another("pet", PET, PET | cells) is other


@pytest.mark.parametrize(
    ("cells", "other"),
    [
        ({"name": "Tom", "breed": "Chihuahua"}, True),
        ({"name": "Tom", "breed": "Labrador Mix"}, False),
        ({"name": "Tom", "breed": None}, False),
        ({"name": "Rexx", "breed": "Chihuahua"}, False),  # a slip
        ({"name": "Max", "breed": "Chihuahua"}, True),
        ({"breed": "Chihuahua"}, False),
        ({"breed": "Chihuahua", "birth_date": date(2025, 1, 1)}, True),  # two things at once
        ({"breed": "Chihuahua", "species": "cat"}, False),  # one: a breed is of a species
    ],
)
def test_a_pet_called_otherwise_is_another_by_its_breed(cells: dict[str, Any], other: bool) -> None:
    lab = PET | {"breed": "Labrador Retriever"}
    assert is_another("pet", lab, lab | cells) is other


@pytest.mark.parametrize(
    ("cells", "other"),
    [
        ({"name": "Tom"}, True),
        ({}, False),
        ({"breed": "Chihuahua"}, True),  # the other client's Rex
        ({"birth_date": date(2025, 1, 1)}, True),
        ({"weight_kg": 4}, False),
    ],
)
def test_a_pet_that_is_elsewhere_is_another_by_one_thing_more_but_its_weight(
    cells: dict[str, Any], other: bool
) -> None:
    lab = PET | {"breed": "Labrador Retriever", "weight_kg": 30, "weighed_on": date(2026, 2, 1)}
    assert is_another("pet", lab, lab | cells, Known(elsewhere=True)) is other


@pytest.mark.parametrize(
    ("was", "name", "other"),
    [
        ("Archie", "Charlie", True),  # two thirds of their letters in common, and two names
        ("Milo", "Mila", True),
        ("Charile", "Charlie", False),
        ("Rex", "Rexy", False),
        ("Bella", "Isabella", False),
        ("Rex", "Rex Lee", False),
    ],
)
def test_a_dead_pet_that_lives_under_another_name_is_another_unless_it_is_a_slip_or_a_form_of_it(
    was: str, name: str, other: bool
) -> None:
    dead, alive = PET | {"name": was, "deceased": True}, PET | {"name": name, "deceased": False}
    assert is_another("pet", dead, alive) is other
    assert is_another("pet", dead, dead | {"name": name}) is False


@pytest.mark.parametrize(
    ("was", "now", "other"),
    [
        ({}, {"name": "Tom", "weight_kg": 4}, True),
        ({}, {"name": "Tom", "weight_kg": 15}, True),
        ({}, {"name": "Tom", "weight_kg": 16}, False),
        ({}, {"name": "Tom", "weight_kg": None}, False),
        ({"weight_kg": None}, {"name": "Tom"}, False),
        ({}, {"weight_kg": 4}, False),  # a weight alone
        ({}, {"name": "Rexy", "weight_kg": 4}, False),
        ({"weight_kg": 10}, {"name": "Tom"}, True),
        ({"weight_kg": 10, "weighed_on": date(2020, 9, 1)}, {"name": "Tom"}, False),  # a grown pup
        ({"weight_kg": 10, "weighed_on": None}, {"name": "Tom"}, True),
        ({"weighed_on": date(2020, 9, 1)}, {"name": "Tom", "weight_kg": 4}, True),  # none shrinks
        ({"weight_kg": 2}, {"breed": "Mastiff"}, True),  # none grows to that at five years
        ({"weight_kg": 2, "birth_date": None}, {"breed": "Mastiff"}, False),
        ({"weight_kg": 2, "birth_date": date(2026, 1, 1)}, {"breed": "Mastiff"}, False),
        ({"weight_kg": 2}, {}, False),
        ({}, {"birth_date": date(2025, 1, 1), "weight_kg": 4}, True),
    ],
)
def test_a_pet_called_otherwise_at_half_or_twice_its_weight_is_another_unless_it_has_grown(
    was: dict[str, Any], now: dict[str, Any], other: bool
) -> None:
    weighed = PET | {"weight_value": 30, "weight_unit": "kg", "weight_kg": 30,
                     "weighed_on": date(2026, 2, 1)} | was  # fmt: skip
    since = weighed | {"weight_kg": 30, "weighed_on": date(2026, 3, 1)} | now
    assert is_another("pet", weighed, since) is other

"""A PIMS row that was emptied before another client, or another animal, was typed into it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import (
    Cells,
    add_practice,
    client,
    edit,
    load,
    one,
    pet,
    phones,
    rows,
)
from tests.scriptright.handed import ANN, BOB, DEAD, OPEN, PET, TOM

NO_CLIENT = dict.fromkeys(client(""))
NO_PET: Cells = dict.fromkeys(pet("", "")) | {"client_key": "1"}
EMAIL = "SELECT email FROM scriptright.client"
NAMELESS: Cells = {"first_name": None, "last_name": None}
NOBODY: Cells = NAMELESS | {"address_line1": None, "phones": None, "email": None}
NO_ANIMAL: Cells = {"name": None, "species": None, "breed": None, "birth_date": None}
NOT_WEIGHED: Cells = {"weight": None, "weight_date": None}


def test_one_who_comes_back_after_it_is_the_same(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [NO_CLIENT | {"client_key": "1"}], [DEAD])
    load(engine, "oak", 3, [client("1", email="new@example.com")], [DEAD])
    assert one(engine, "SELECT email FROM scriptright.client") == "new@example.com"
    assert rows(engine, OPEN) == []


def test_what_is_typed_into_an_emptied_row_is_another_animal(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    load(engine, "oak", 2, [client("1")], [NO_PET | {"patient_key": "10"}])
    load(engine, "oak", 3, [client("1")], [pet("10", "1", **TOM)])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
    assert rows(engine, OPEN) == [
        ("name", "another_record"), ("age", "another_record"), ("breed", "another_record"),
        ("weight", "another_record"),
    ]  # fmt: skip


def test_so_is_the_next_pup_in_a_dead_pets_emptied_row(engine: Engine) -> None:
    """Nothing was said of its death any more, so that it lives is no change there."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    load(engine, "oak", 2, [client("1")], [NO_PET | {"patient_key": "10"}])
    weighed = {"weight": "4", "weight_date": "2026-02-20"}
    load(engine, "oak", 3, [client("1")], [pet("10", "1", name="Tom", **weighed)])
    assert rows(engine, PET) == [("Rex", "dog", 30, True)]
    assert ("weight", "another_record") in rows(engine, OPEN)


def test_what_the_pims_never_said_is_weighed_as_before_where_it_agrees(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", species=None, birth_date=None)])
    edit(engine, "pet", species="dog", breed="Labrador Retriever", birth_date="2020-05-01")
    weighed = {"weight": "31", "weight_date": "2026-03-02"}
    load(engine, "oak", 2, [client("1")], [pet("10", "1", name="Tom", **weighed)])
    assert one(engine, "SELECT weight_value::int FROM scriptright.pet") == 31


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10), who is dead, loaded as snapshot 1."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", deceased_flag="1")])
    return engine


@pytest.mark.parametrize("emptied", [NAMELESS, NOBODY])
def test_another_client_typed_into_an_emptied_row_brings_no_email(
    oak: Engine, emptied: Cells
) -> None:
    load(oak, "oak", 2, [client("1", **emptied)], [])
    load(oak, "oak", 3, [client("1", **BOB)], [])
    assert one(oak, EMAIL) == ANN
    assert rows(oak, OPEN) == [
        ("name", "another_record"), ("address", "another_record"), ("phones", "another_record"),
        ("email", "another_record"),
    ]  # fmt: skip
    load(oak, "oak", 4, [client("1", **BOB | {"email": "bob@new.example"})], [])
    assert one(oak, EMAIL) == ANN


@pytest.mark.parametrize("emptied", [NAMELESS, NOBODY])
def test_nor_does_one_whose_name_is_typed_last(oak: Engine, emptied: Cells) -> None:
    load(oak, "oak", 2, [client("1", **emptied)], [])
    load(oak, "oak", 3, [client("1", **BOB | NAMELESS)], [])
    assert one(oak, EMAIL) == ANN
    load(oak, "oak", 4, [client("1", **BOB)], [])
    assert one(oak, EMAIL) == ANN
    load(oak, "oak", 5, [client("1", email="ann@new.example")], [])
    assert one(oak, EMAIL) == "ann@new.example"
    assert rows(oak, OPEN) == []


@pytest.mark.parametrize("before", [{}, NOBODY])
def test_a_street_that_is_typed_into_an_emptied_row_first_is_no_move_of_the_one(
    oak: Engine, before: Cells
) -> None:
    """It was asked as one, and confirmed with a morning's others: Ann's parcels went to Bob's house."""
    street: Cells = {"address_line1": "9 Oak Ave", "city": "Peoria", "postal_code": "61602"}
    load(oak, "oak", 2, [client("1", **before)], [])
    load(oak, "oak", 3, [client("1", **NOBODY | street)], [])
    assert ("address", "another_record") in rows(oak, OPEN)


def test_who_moves_and_loses_the_name_beside_the_old_number_is_asked_about_a_move(
    oak: Engine,
) -> None:
    load(oak, "oak", 2, [client("1", **NAMELESS, address_line1="9 Oak Ave")], [])
    assert rows(oak, OPEN) == [("address", "changed")]


@pytest.mark.parametrize("emptied", [NAMELESS, NOBODY])
def test_who_was_emptied_by_mistake_brings_emails_as_before(oak: Engine, emptied: Cells) -> None:
    load(oak, "oak", 2, [client("1", **emptied)], [])
    new: Cells = {"last_name": "Garcia", "email": "ann@new.example", "phones": phones("5550100")}
    load(oak, "oak", 3, [client("1", **new)], [])
    assert one(oak, EMAIL) == "ann@new.example"


@pytest.mark.parametrize("emptied", [{"name": None}, NO_ANIMAL, NO_ANIMAL | NOT_WEIGHED])
def test_another_animal_typed_into_an_emptied_row_brings_no_weight_and_no_life(
    oak: Engine, emptied: Cells
) -> None:
    dead: Cells = {"deceased_flag": "1"}
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **dead | emptied)])
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **TOM)])
    assert rows(oak, PET) == [("Rex", "dog", 30, True)]
    asked = rows(oak, OPEN)
    assert {field for field, _ in asked} == {"name", "age", "breed", "weight", "deceased"}
    assert {reason for _, reason in asked} == {"another_record"}


@pytest.mark.parametrize("beside", [{"breed": "Boxer"}, {}])
@pytest.mark.parametrize("in_one_load", [True, False])
def test_what_is_weighed_in_an_emptied_row_before_the_name_is_whoevers_is_typed_in(
    engine: Engine, beside: Cells, in_one_load: bool
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    emptied = pet("10", "1", **NO_ANIMAL | NOT_WEIGHED)
    if not in_one_load:
        load(engine, "oak", 2, [client("1")], [emptied])
    weighed: Cells = {"weight": "4", "weight_date": "2026-02-20"}
    load(engine, "oak", 3, [client("1")], [emptied | weighed | beside])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
    assert ("weight", "another_record") in rows(engine, OPEN)


def test_a_name_taken_out_of_a_pets_row_alone_leaves_its_weight(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    weighed = pet("10", "1", name=None, weight="31", weight_date="2026-03-02")
    load(engine, "oak", 2, [client("1")], [weighed])
    assert one(engine, "SELECT weight_value::int FROM scriptright.pet") == 31


@pytest.mark.parametrize(
    ("never_said", "corrected", "kilograms"),
    [
        ("birth_date", {"breed": "Golden Retriever"}, 31),
        ("birth_date", {"breed": "Siamese"}, 30),
        ("breed", {"birth_date": "2020-06-01"}, 31),
        ("breed", {"birth_date": "2024-06-01"}, 30),
    ],
)
def test_a_breed_or_birth_date_that_is_alike_tells_who_it_is_as_the_same_one_does(
    engine: Engine, never_said: str, corrected: Cells, kilograms: int
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", **{never_said: None})])
    edit(engine, "pet", **corrected)
    weighed: Cells = {"name": None, "weight": "31", "weight_date": "2026-03-02"}
    load(engine, "oak", 2, [client("1")], [pet("10", "1", **{never_said: None} | weighed)])
    assert one(engine, "SELECT weight_value::int FROM scriptright.pet") == kilograms

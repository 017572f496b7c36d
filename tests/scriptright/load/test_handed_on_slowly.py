"""A row that is typed over bit by bit: what nobody has confirmed meanwhile is nothing in common."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, one, pet, phones, rows
from tests.scriptright.handed import ANN, BOB, OPEN, TOM

EMAIL = "SELECT email FROM scriptright.client"
STREET: Cells = {"address_line1": BOB["address_line1"]}
NUMBER: Cells = {"phones": BOB["phones"]}
REX = [pet("10", "1")]
WEIGHT = "SELECT weight_value::int FROM scriptright.pet"


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann Lee (1) with Rex (10), loaded as snapshot 1."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    return engine


@pytest.mark.parametrize("first", [STREET, NUMBER, STREET | NUMBER, {"first_name": "Bob"}])
def test_another_of_the_surname_of_whom_one_thing_came_first_brings_no_email(
    oak: Engine, first: Cells
) -> None:
    load(oak, "oak", 2, [client("1", **first)], REX)
    load(oak, "oak", 3, [client("1", **BOB | {"last_name": "Lee"})], REX)
    assert one(oak, EMAIL) == ANN
    assert ("email", "another_record") in rows(oak, OPEN)


@pytest.mark.parametrize("first", [STREET, NUMBER, STREET | NUMBER])
def test_who_moves_and_gets_another_number_brings_her_email(oak: Engine, first: Cells) -> None:
    load(oak, "oak", 2, [client("1", **first)], REX)
    moved = STREET | {"phones": phones("(217) 555-0199"), "email": "lee@example.org"}
    load(oak, "oak", 3, [client("1", **moved)], REX)
    assert one(oak, EMAIL) == "lee@example.org"
    assert {reason for _, reason in rows(oak, OPEN)} == {"changed"}


@pytest.mark.parametrize("first", [{"name"}, {"species", "breed"}, {"birth_date"}])
def test_another_animal_of_which_one_thing_came_first_brings_no_weight(
    oak: Engine, first: set[str]
) -> None:
    then = {"species", "breed"} if "species" not in first else {"name"}
    one_thing = {column: TOM[column] for column in first}
    two_things = {column: TOM[column] for column in then | first}
    load(oak, "oak", 2, [client("1")], [pet("10", "1", **one_thing)])
    weighed: Cells = {"weight": "29", "weight_date": "2026-02-20"}
    load(oak, "oak", 3, [client("1")], [pet("10", "1", **two_things, **weighed)])
    assert one(oak, WEIGHT) == 30
    assert ("weight", "another_record") in rows(oak, OPEN)

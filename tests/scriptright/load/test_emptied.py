"""A PIMS row that was emptied before another client or animal was typed into it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, one, pet, phones, rows
from tests.scriptright.handed import ANN, BOB, OPEN, PET, TOM

EMAIL = "SELECT email FROM scriptright.client"
NAMELESS: Cells = {"first_name": None, "last_name": None}
NOBODY: Cells = NAMELESS | {"address_line1": None, "phones": None, "email": None}
NO_ANIMAL: Cells = {"name": None, "species": None, "breed": None, "birth_date": None}
NOT_WEIGHED: Cells = {"weight": None, "weight_date": None}


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

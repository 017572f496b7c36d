"""A name that was confirmed by a slip and put back in the web shop: the row is another's all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, edit, load, one, pet, rows
from tests.scriptright.handed import ANN, BOB, OPEN, PET, TOM, decide
from vet_pipeline.scriptright.decisions.links import RowInQuestion, list_rows_in_question

LUNA = pet("20", "1", name="Luna", birth_date="2025-06-01")
EMAIL = "SELECT email FROM scriptright.client"
BOBS_NAME = {"first_name": "Bob", "last_name": "Moss"}


@pytest.fixture
def put_back(engine: Engine) -> Engine:
    """Bob's name, typed over Ann's, was confirmed, and saved back as hers."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    load(engine, "oak", 2, [client("1", **BOBS_NAME)], [pet("10", "1")])
    decide(engine, yes=True)
    edit(engine, "client", first_name="Ann", last_name="Lee")
    return engine


def test_his_email_is_not_her_login_nor_is_his_dog_hers(put_back: Engine) -> None:
    load(put_back, "oak", 3, [client("1", **BOB)], [pet("10", "1"), LUNA])
    assert one(put_back, EMAIL) == ANN
    assert {reason for _, reason in rows(put_back, OPEN)} == {"another_record"}
    with put_back.connect() as connection:
        assert list_rows_in_question(connection, "oak") == [RowInQuestion("1", 1, True, ("20",))]


def test_the_row_is_listed_until_it_says_her_again(put_back: Engine) -> None:
    with put_back.connect() as connection:
        assert list_rows_in_question(connection, "oak") == [RowInQuestion("1", 1, False, ())]
    load(put_back, "oak", 3, [client("1", email="new@example.com")], [pet("10", "1")])
    assert one(put_back, EMAIL) == "new@example.com"
    with put_back.connect() as connection:
        assert list_rows_in_question(connection, "oak") == []


def test_who_was_confirmed_and_saves_another_form_of_the_name_is_the_same(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")])
    load(engine, "oak", 2, [client("1", **BOBS_NAME)])
    decide(engine, yes=True)
    edit(engine, "client", first_name="Robert", last_name="Moss-Ray")
    load(engine, "oak", 3, [client("1", **BOBS_NAME, email="bob@example.com")])
    assert one(engine, EMAIL) == "bob@example.com"


def test_so_is_the_next_pets_weight_beside_a_name_that_was_put_back(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    load(engine, "oak", 2, [client("1")], [pet("10", "1", name="Tom")])
    decide(engine, yes=True)
    edit(engine, "pet", name="Rex")
    next_one = {"name": "Tom", "weight": "4", "weight_date": TOM["weight_date"]}
    load(engine, "oak", 3, [client("1")], [pet("10", "1", **next_one)])
    assert rows(engine, PET) == [("Rex", "dog", 30, False)]
    assert rows(engine, OPEN) == [("weight", "another_record")]

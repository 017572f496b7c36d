"""Rows that may be another client's by now, as staff see them, and the pets that wait with them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet
from tests.scriptright.handed import BOB, DEAD, decide
from vet_pipeline.scriptright.decisions.links import RowInQuestion, list_rows_in_question

LUNA = pet("20", "1", name="Luna", birth_date="2025-06-01")


def listed(engine: Engine, limit: int = 100) -> list[RowInQuestion]:
    with engine.connect() as connection:
        return list_rows_in_question(connection, "oak", limit=limit)


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (10); her row is Bob's by now, who has brought Luna (20)."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    assert listed(engine) == []
    load(engine, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    return engine


def test_a_row_is_listed_with_its_new_pets_as_long_as_it_says_another(oak: Engine) -> None:
    assert listed(oak) == [RowInQuestion("1", 1, True, ("20",))]
    decide(oak, yes=False)
    assert listed(oak) == [RowInQuestion("1", 1, False, ("20",))]
    load(oak, "oak", 3, [client("1")], [DEAD, LUNA])
    assert listed(oak) == []


def test_it_is_listed_no_more_once_the_name_is_confirmed(oak: Engine) -> None:
    decide(oak, yes=True, field="name")
    assert listed(oak) == []


def test_a_pet_that_the_pims_has_no_more_waits_no_more(oak: Engine) -> None:
    load(oak, "oak", 3, [client("1", **BOB)], [DEAD])
    assert listed(oak) == [RowInQuestion("1", 1, True, ())]
    assert listed(oak, limit=0) == []


def test_an_emptied_row_is_listed_where_new_pets_wait_with_it(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [DEAD])
    emptied = dict.fromkeys(client("")) | {"client_key": "1"}
    load(engine, "oak", 2, [emptied], [DEAD, LUNA])
    assert listed(engine) == [RowInQuestion("1", 1, False, ("20",))]

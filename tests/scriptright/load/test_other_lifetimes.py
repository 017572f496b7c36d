"""The owner's next puppy of the same name is not the old dog, whichever of them the web shop knows."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.asked import candidates, confirmed, rejected
from tests.scriptright.builders import Cells, add_practice, client, load, pet, phones, rows
from vet_pipeline.matching import match
from vet_pipeline.scriptright import web_shop

LINKS = "SELECT pims_id, record_id, method FROM scriptright.pet_link ORDER BY pims_id"
RECORDS = """
    SELECT name, birth_date::text, weight_value::int FROM scriptright.pet ORDER BY pet_id
"""
PUPPY: Cells = {"birth_date": "2026-01-06", "weight": "4", "weight_date": "2026-02-20"}


def old_rex(engine: Engine, since: str) -> None:
    """Ann's Rex, a Labrador who has a prescription; the web shop never asked for his birth date."""
    add_practice(engine)
    ann = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
    dog = {"name": "Rex", "species": "dog", "breed": "Labrador Retriever"}
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", ann)
        web_shop.add_pet(connection, "oak", 1, dog)
        web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="carprofen")
        connection.execute(text("UPDATE scriptright.pet SET created_at = :at"), {"at": since})


@pytest.mark.parametrize("first_load", [True, False])
def test_a_puppy_born_since_the_record_was_made_is_a_question(
    engine: Engine, first_load: bool
) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    if not first_load:
        load(engine, "oak", 1, [client("1")])
    load(engine, "oak", 2, [client("1")], [pet("p1", "1", **PUPPY)])
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p1", 1)
    assert question.evidence["reason"] == "born_later"
    assert rows(engine, RECORDS) == [("Rex", None, None)]
    rejected(engine, question)
    assert rows(engine, RECORDS) == [("Rex", None, None), ("Rex", "2026-01-06", 4)]


def test_a_person_may_say_that_the_birth_date_is_a_slip(engine: Engine) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", **PUPPY)])
    [question] = candidates(engine)
    confirmed(engine, question, match)
    assert rows(engine, LINKS) == [("p1", 1, "person")]
    load(engine, "oak", 2, [client("1")], [pet("p1", "1", **PUPPY)])
    assert candidates(engine) == []


def test_it_is_a_question_too_for_a_pet_that_waited_for_its_owner(engine: Engine) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    other = client("1", first_name="Annabel", email=None, phones=phones())
    load(engine, "oak", 1, [other], [pet("p1", "1", **PUPPY)])
    [owner] = candidates(engine)
    assert owner.record == "client"
    confirmed(engine, owner, match)
    [question] = candidates(engine)
    assert (question.record, question.evidence["reason"]) == ("pet", "born_later")


@pytest.mark.parametrize("born", ["2020-05-01", None])
def test_a_pet_born_before_or_nobody_knows_when_is_linked_as_ever(
    engine: Engine, born: str | None
) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", birth_date=born)])
    assert rows(engine, LINKS) == [("p1", 1, "machine")]


DEAD: Cells = {"birth_date": "2003-05-05", "weight_date": "2015-01-02", "deceased_flag": "1"}
LIVES = "SELECT birth_date::text, deceased, weight_value::int FROM scriptright.pet ORDER BY pet_id"


def died(day: str, **cells: str | None) -> Cells:
    """Ann's Rex who has died, as the PIMS has him."""
    return pet("p1", "1", **(DEAD | {"deceased_date": day} | cells))


@pytest.mark.parametrize("first_load", [True, False])
def test_a_dog_that_had_died_when_the_record_was_made_is_a_question(
    engine: Engine, first_load: bool
) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    if not first_load:
        load(engine, "oak", 1, [client("1")])
    load(engine, "oak", 2, [client("1")], [died("2015-04-01")])
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p1", 1)
    assert question.evidence["reason"] == "died_earlier"
    assert rows(engine, LIVES) == [(None, False, None)]
    rejected(engine, question)
    assert rows(engine, LIVES) == [(None, False, None), ("2003-05-05", True, 30)]


def test_a_person_may_say_that_the_day_of_death_is_a_slip(engine: Engine) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    load(engine, "oak", 1, [client("1")], [died("2015-04-01", birth_date=None)])
    [question] = candidates(engine)
    confirmed(engine, question, match)
    assert rows(engine, LIVES) == [(None, True, 30)]


@pytest.mark.parametrize("day", ["2023-04-20", "2026-02-01", ""])
def test_a_dog_that_died_since_or_nobody_knows_when_is_linked_as_ever(
    engine: Engine, day: str
) -> None:
    old_rex(engine, "2023-05-01T12:00:00Z")
    load(engine, "oak", 1, [client("1")], [died(day)])
    assert rows(engine, LINKS) == [("p1", 1, "machine")]


@pytest.mark.parametrize("has", [{"deceased": True}, {"birth_date": "2003-05-05"}])
def test_a_dog_that_the_web_shop_has_dead_too_or_with_its_birth_date_is_linked_as_ever(
    engine: Engine, has: dict[str, object]
) -> None:
    """Records that were brought in from another shop are all of that day, and its pets die."""
    old_rex(engine, "2023-05-01T12:00:00Z")
    with engine.begin() as connection:
        web_shop.edit_pet(connection, "oak", 1, has, actor="client 1")
    load(engine, "oak", 1, [client("1")], [died("2015-04-01")])
    assert rows(engine, LINKS) == [("p1", 1, "machine")]

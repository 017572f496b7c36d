"""A missing pet's new number, or the owner's next pet of that name? The machine needs proof."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, confirmed
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.unmerge import undo_link

LINKS = "SELECT pims_id, record_id, method FROM scriptright.pet_link ORDER BY pims_id"
TOLD = ToldMatcher({}, {"p9": ("linked", [1])})


def next_rex(engine: Engine, old: dict[str, str | None], new: dict[str, str | None]) -> None:
    """Rex (p1) drops out of the PIMS, and a Rex of the same owner comes as p9."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", **old)])
    load(engine, "oak", 2, [client("1")], [pet("p9", "1", **new)], matcher=TOLD)


def test_a_pet_told_apart_is_not_linked_to_that_very_pet_under_a_new_number(
    engine: Engine,
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        lee = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        web_shop.add_pet(connection, "oak", lee, {"name": "Rex", "birth_date": "2020-05-01"})
    told = ToldMatcher({"1": ("linked", [1])}, {"p1": ("linked", [1])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")], matcher=told)
    undo_link(engine, "oak", "pet", "p1", by="Kim Roe")
    load(engine, "oak", 2, [client("1")], [pet("p9", "1")], matcher=TOLD)
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p9", 1)
    assert question.evidence["reason"] == "told_apart"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"birth_date": None}, {"birth_date": "2026-01-01"}),
        ({"birth_date": None}, {"birth_date": None}),
        ({}, {"birth_date": None}),
        ({}, {"birth_date": "2020-05-02"}),
        ({"deceased_flag": "1"}, {}),
        ({}, {"deceased_flag": "1"}),
        ({"name": "Bella"}, {"name": "Stella"}),
        ({"name": "Tom"}, {"name": "Tim"}),
        ({"name": "Baby Girl"}, {"name": "Baby Boy"}),
        ({}, {"name": "Rex Two"}),
    ],
)
def test_a_namesake_of_a_missing_pet_is_a_question(
    engine: Engine, old: dict[str, str | None], new: dict[str, str | None]
) -> None:
    next_rex(engine, old, new)
    assert rows(engine, LINKS) == [("p1", 1, "created")]
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p9", 1)
    assert (question.evidence or {})["reason"] == "missing_pet"
    assert confirmed(engine, question, TOLD).outcome == "linked"


@pytest.mark.parametrize("said", [{}, {"deceased_flag": None}, {"name": "REX LEE"}])
def test_a_missing_pet_of_the_same_birth_date_has_a_new_number(
    engine: Engine, said: dict[str, str | None]
) -> None:
    next_rex(engine, {}, said)
    assert rows(engine, LINKS) == [("p1", 1, "created"), ("p9", 1, "machine")]


def test_beside_such_a_question_the_link_to_a_pet_that_no_missing_one_had_is_made(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    with engine.begin() as connection:
        web_shop.add_pet(connection, "oak", 1, {"name": "Tom"})
    told = ToldMatcher({}, {"p8": ("linked", [2]), "p9": ("linked", [1])})
    newcomers = [pet("p8", "1", name="Tom"), pet("p9", "1", birth_date=None)]
    load(engine, "oak", 2, [client("1")], newcomers, matcher=told)
    assert rows(engine, LINKS) == [("p1", 1, "created"), ("p8", 2, "machine")]
    assert [(c.pims_id, c.record_id) for c in candidates(engine)] == [("p9", 1)]


def test_it_is_a_question_too_for_pets_that_waited_for_their_owner(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    told = ToldMatcher({"9": ("possible", [1])}, {"p9": ("linked", [1])})
    load(engine, "oak", 2, [client("9")], [pet("p9", "9", birth_date=None)], matcher=told)
    [owner] = candidates(engine)
    confirmed(engine, owner, told)
    assert [(c.record, c.pims_id, c.record_id) for c in candidates(engine)] == [("pet", "p9", 1)]


def test_a_pet_that_comes_back_answers_the_question(engine: Engine) -> None:
    puppy: dict[str, str | None] = {"birth_date": None, "weight": "4", "weight_date": "2026-03-02"}
    next_rex(engine, {}, puppy)
    both = [pet("p1", "1"), pet("p9", "1", **puppy)]
    load(engine, "oak", 3, [client("1")], both, matcher=TOLD)
    assert [method for _, _, method in rows(engine, LINKS)] == ["created", "created"]
    assert one(engine, "SELECT weight_value FROM scriptright.pet WHERE pet_id = 1") == 30
    assert candidates(engine) == []

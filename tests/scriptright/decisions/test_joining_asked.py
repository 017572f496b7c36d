"""Joining a client beside questions about it and its pets: they stay a person's, or are past."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, confirmed, open_practice, rejected
from tests.scriptright.builders import client, load, pet, rows
from tests.scriptright.joined import LEE, PETS, joined, load_as_new
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import StaleDecision
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import (
    Suggestion,
    confirm,
    confirm_many,
    list_suggestions,
    reject,
)
from vet_pipeline.scriptright.web_shop import edit_pet

LINKS = "SELECT pims_id, record_id, method FROM scriptright.pet_link ORDER BY pims_id"
# Rex has gone, and p9 may be his new number or the next dog of that name.
NEXT_REX = [pet("p9", "1", birth_date="2025-01-01"), PETS[1]]
REX_OR_NEXT = ToldMatcher(pets={"p9": ("linked", [2])})
REXY_NOW = ToldMatcher(pets={"p9": ("linked", [1])})  # once it sees the other client's pets


def open_ones(engine: Engine) -> list[Suggestion]:
    with engine.connect() as connection:
        return list_suggestions(connection, "oak")


def joined_beside_a_question(engine: Engine) -> None:
    open_practice(engine)
    load_as_new(engine)
    load(engine, "oak", 2, LEE, NEXT_REX, matcher=REX_OR_NEXT)
    joined(engine, "client", "1", 1, matcher=REXY_NOW)


def test_what_a_person_is_asked_about_a_pet_joining_its_owner_does_not_answer(
    engine: Engine,
) -> None:
    joined_beside_a_question(engine)
    assert rows(engine, LINKS) == [("p1", 2, "created"), ("p2", 3, "created")]
    load(engine, "oak", 3, LEE, NEXT_REX, matcher=ToldMatcher())
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p9", 2)
    assert confirmed(engine, question, ToldMatcher()).record_id == 2
    assert candidates(engine) == []


def test_a_no_after_joining_makes_a_pet_of_its_own(engine: Engine) -> None:
    joined_beside_a_question(engine)
    [question] = candidates(engine)
    new = rejected(engine, question).record_id
    assert rows(engine, LINKS) == [
        ("p1", 2, "created"), ("p2", 3, "created"), ("p9", new, "created"),
    ]  # fmt: skip
    assert rows(engine, "SELECT DISTINCT client_id FROM scriptright.pet") == [(1,)]


def test_a_suggestion_on_the_record_that_went_is_listed_and_refused_as_past(
    engine: Engine,
) -> None:
    open_practice(engine)
    load_as_new(engine)
    load(engine, "oak", 2, [client("1", address_line1="9 New St")], PETS, matcher=ToldMatcher())
    joined(engine, "client", "1", 1)
    with engine.connect() as connection:
        first = list_suggestions(connection, "oak", state=None)[0]
    assert (first.record_id, first.state, first.current) == (3, "superseded", {})
    assert (first.old["address_line1"], first.new["address_line1"]) == ("12 Elm St", "9 New St")
    with pytest.raises(StaleDecision, match="superseded already"):
        confirm(engine, "oak", first.suggestion_id, by="Pat Doe")
    [(number, refused)] = confirm_many(engine, "oak", [(first.suggestion_id, None)], by="Pat Doe")
    assert (number, type(refused)) == (first.suggestion_id, StaleDecision)


@pytest.mark.parametrize(("yes", "name_alone"), [(False, "Lee"), (True, "Kim")])
def test_a_word_on_what_was_asked_of_its_own_record_too_isnt_asked_for_again_once_undone(
    engine: Engine, yes: bool, name_alone: str
) -> None:
    open_practice(engine)
    load_as_new(engine)
    load(engine, "oak", 2, [client("1", last_name="Kim")], PETS, matcher=ToldMatcher())
    joined(engine, "client", "1", 1)
    [asked] = [one for one in open_ones(engine) if (one.record, one.field) == ("client", "name")]
    assert (asked.record_id, asked.reason) == (1, "differs_at_merge")
    (confirm if yes else reject)(engine, "oak", asked.suggestion_id, by="Pat Doe")
    undone = undo_link(engine, "oak", "client", "1", by="Pat Doe")
    assert [one for one in open_ones(engine) if one.record_id == undone.new_id] == []
    assert rows(
        engine, "SELECT last_name FROM scriptright.client WHERE client_id = :i", i=undone.new_id
    ) == [(name_alone,)]


def test_what_hinders_a_pet_hinders_no_client_of_its_number(engine: Engine) -> None:
    """Client 3's pet 3 is edited in the web shop, and may be the pet of a new number."""
    open_practice(engine)
    load_as_new(engine)
    with engine.begin() as connection:
        edit_pet(connection, "oak", 3, {"breed": "Siamese"}, actor="client 3")
    told = ToldMatcher(pets={"p9": ("possible", [3])})
    load(engine, "oak", 2, LEE, [PETS[0], pet("p9", "1", name="Tom")], matcher=told)
    assert [(c.record, c.record_id) for c in candidates(engine)] == [("pet", 3)]
    assert joined(engine, "client", "1", 1, matcher=ToldMatcher()).moved_pets == (2, 3)

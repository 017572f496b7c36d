"""What a person decides on who gives the number of a possible match alone."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, confirmed, open_practice
from tests.scriptright.builders import client, load, one, whole_database
from vet_pipeline.errors import StaleDecision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import confirm_candidate, explain, reject_candidate


@pytest.fixture
def practice(engine: Engine) -> str:
    return open_practice(engine)


def saved_in_the_web_shop(engine: Engine, **values: str) -> None:
    with engine.begin() as connection:
        web_shop.edit_client(connection, "oak", 1, values, actor="client 1")


@pytest.mark.parametrize("side", ["ScriptRight", "PIMS"])
@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_a_number_alone_means_the_pair_as_it_was_when_it_got_it(
    engine: Engine, practice: str, side: str, word: str
) -> None:
    matcher = ask(engine, [1])
    [before] = candidates(engine)
    assert not before.changed
    if side == "PIMS":
        load(engine, "oak", 2, [client("1", email="other@example.com")], matcher=matcher)
    else:
        saved_in_the_web_shop(engine, address_line1="9 Elm St")
    [now] = candidates(engine)
    assert (now.candidate_id, now.changed) == (before.candidate_id, True)

    state = whole_database(engine)
    decide = reject_candidate if word == "reject" else partial(confirm_candidate, match=matcher)
    with pytest.raises(StaleDecision, match="has changed since it got this number"):
        decide(engine, "oak", now.candidate_id, by="Pat Doe")
    assert whole_database(engine) == state
    # Who has looked at both sides says so by the mark.
    assert confirmed(engine, now, matcher).outcome == "linked"


def test_a_weighing_leaves_a_pet_s_number_what_it_was(engine: Engine, practice: str) -> None:
    matcher = ask(engine, [1], p1=("possible", [1]))
    confirmed(engine, candidates(engine)[0], matcher)
    [asked] = candidates(engine)
    weight = {"weight_kg": "31", "weight_value": "31", "weight_unit": "kg"}
    with engine.begin() as connection:
        web_shop.edit_pet(connection, "oak", 1, weight, actor="client 1")
    [pair] = candidates(engine)
    assert (pair.shown, pair.changed) == (asked.shown, False)
    done = confirm_candidate(engine, "oak", pair.candidate_id, by="Pat Doe", match=matcher)
    assert done.outcome == "linked"


def test_pets_that_wait_after_their_owner_s_link_have_a_number_of_that_pair(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1], p1=("possible", [1]))
    confirmed(engine, candidates(engine)[0], matcher)
    [pet] = candidates(engine)
    assert (pet.record, pet.changed) == ("pet", False)
    assert one(engine, "SELECT shown FROM scriptright.match_candidate WHERE record = 'pet'") == (
        pet.shown
    )


def test_an_explanation_of_a_possible_match_says_its_number_and_mark_until_it_is_decided(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1])
    [pair] = candidates(engine)

    def told() -> tuple[int | None, str | None]:
        with engine.connect() as connection:
            found = explain(connection, "oak", "client", "1")
        return found.number, found.shown

    assert told() == (pair.candidate_id, pair.shown)
    confirmed(engine, pair, matcher)
    assert told() == (None, None)

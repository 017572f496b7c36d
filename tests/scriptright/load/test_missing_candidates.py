"""Possible matches of PIMS pets that have gone: a PIMS renumbers while a person hasn't decided."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright.decisions.candidates import confirm_candidate
from vet_pipeline.scriptright.decisions.links import list_candidates
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions

MATCHER = ToldMatcher(pets={key: ("possible", [1]) for key in ("20", "30")})
LINKS = "SELECT pims_id, record_id FROM scriptright.pet_link ORDER BY pims_id"
OPEN = "SELECT pims_id, record_id FROM scriptright.match_candidate WHERE state = 'open'"
PETS = "SELECT pet_id FROM scriptright.pet ORDER BY pet_id"


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Rex (10) was renumbered twice: 20 is missing by now, 30 is there and confirmed to be Rex."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")], matcher=MATCHER)
    load(engine, "oak", 2, [client("1")], [pet("20", "1", name="Tom")], matcher=MATCHER)
    load(engine, "oak", 3, [client("1")], [pet("30", "1", name="Tom")], matcher=MATCHER)
    with engine.connect() as connection:
        [found] = list_candidates(connection, "oak", pims_id="30")
    confirm_candidate(engine, "oak", found.candidate_id, by="Pat Doe", match=MATCHER)
    return engine


def test_confirming_a_new_number_makes_no_pet_of_one_that_has_gone(oak: Engine) -> None:
    assert rows(oak, PETS) == [(1,)]
    assert rows(oak, LINKS) == [("10", 1), ("30", 1)]
    assert one(oak, "SELECT count(*) FROM scriptright.match_candidate WHERE state = 'open'") == 0


def test_a_number_that_comes_back_beside_it_is_a_pet_of_its_own(oak: Engine) -> None:
    both = [pet("20", "1", name="Tom"), pet("30", "1", name="Tom")]
    load(oak, "oak", 4, [client("1")], both, matcher=MATCHER)
    [(new,)] = rows(oak, "SELECT record_id FROM scriptright.pet_link WHERE pims_id = '20'")
    assert rows(oak, PETS) == [(1,), (new,)]


def test_once_another_pet_has_it_one_that_has_gone_is_no_question(engine: Engine) -> None:
    add_practice(engine)
    told = ToldMatcher(pets={"20": ("possible", [1])})
    load(engine, "oak", 1, [client("1")], [pet("10", "1")], matcher=told)
    load(engine, "oak", 2, [client("1")], [pet("20", "1", name="Tom")], matcher=told)
    assert rows(engine, OPEN) == [("20", 1)]
    load(engine, "oak", 3, [client("1")], [pet("10", "1")], matcher=told)
    assert rows(engine, OPEN) == []
    both = [pet("10", "1"), pet("20", "1", name="Tom")]
    load(engine, "oak", 4, [client("1")], both, matcher=told)
    [(new,)] = rows(engine, "SELECT record_id FROM scriptright.pet_link WHERE pims_id = '20'")
    assert rows(engine, LINKS) == [("10", 1), ("20", new)]


def test_nor_once_the_pet_is_another_client_s(engine: Engine) -> None:
    add_practice(engine)
    told = ToldMatcher(pets={"20": ("possible", [1])})
    two = [client("1"), client("2", first_name="Bob", email=None)]
    load(engine, "oak", 1, two, [pet("10", "1"), pet("30", "1", name="Max")], matcher=told)
    load(engine, "oak", 2, two, [pet("10", "2"), pet("30", "1", name="Max")], matcher=told)
    load(engine, "oak", 3, two, [pet("20", "1"), pet("30", "1", name="Max")], matcher=told)
    load(engine, "oak", 4, two, [pet("30", "1", name="Max")], matcher=told)
    assert rows(engine, OPEN) == [("20", 1)]  # Rex may be either's as long as nobody has said
    with engine.connect() as connection:
        [owner] = list_suggestions(connection, "oak", field="owner")
    confirm(engine, "oak", owner.suggestion_id, by="Pat Doe")
    load(engine, "oak", 5, two, [pet("30", "1", name="Max")], matcher=told)
    assert rows(engine, OPEN) == []

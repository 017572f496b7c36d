"""A person decides a possible match while a snapshot that still has it waiting is compared."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, confirmed, open_practice, rejected
from tests.scriptright.builders import client, delta_of, edit, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright.load.apply import apply_delta

WEIGHT = "SELECT weight_value::float FROM scriptright.pet WHERE pet_id = 1"
ASKED = """
    SELECT new_value ->> 'weight_value', reason FROM scriptright.suggestion
    WHERE field = 'weight' AND state = 'open'
"""
LINKS = "SELECT pims_id, record_id, method FROM scriptright.client_link"


@pytest.mark.parametrize("word", ["possible", "linked", "new"])
@pytest.mark.parametrize("same", [True, False])
def test_the_load_leaves_what_a_person_has_decided(engine: Engine, same: bool, word: str) -> None:
    open_practice(engine)
    matcher = ask(engine, [1])
    pets = [pet("p1", "1"), pet("p2", "1", name="Tom")]
    delta = delta_of(engine, "oak", 2, [client("1")], pets)
    [question] = candidates(engine)
    confirmed(engine, question, matcher) if same else rejected(engine, question)
    decided = rows(engine, LINKS)
    told = ToldMatcher({} if word == "new" else {"1": (word, [2])})
    assert apply_delta(engine, delta, run_id=None, match=told).state == "applied"
    assert rows(engine, LINKS) == decided
    assert [one for one in candidates(engine) if one.record == "client"] == []


def test_an_undated_weight_of_a_pet_decided_meanwhile_is_no_newer_than_a_weighing_of_that_time(
    engine: Engine,
) -> None:
    open_practice(engine)
    told = ToldMatcher({"1": ("possible", [1])}, {"p1": ("linked", [1])})
    heavier, lighter = (
        [pet("p1", "1", weight=kg, weight_date=None), pet("p2", "1", name="Tom")]
        for kg in ("30", "28")
    )
    load(engine, "oak", 1, [client("1")], heavier, matcher=told)
    delta = delta_of(engine, "oak", 2, [client("1")], lighter)
    confirmed(engine, candidates(engine)[0], told)
    edit(engine, "pet", weight_value="31", weight_kg="31", weighed_on="2026-03-02")
    apply_delta(engine, delta, run_id=None, match=told)
    load(engine, "oak", 3, [client("1")], lighter)
    assert one(engine, WEIGHT) == 31.0
    assert rows(engine, ASKED) == [("28", "undated_weighing")]

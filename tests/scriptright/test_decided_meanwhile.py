"""A person decides a possible match while a snapshot that still has it waiting is compared."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, confirmed, open_practice, rejected
from tests.scriptright.builders import client, delta_of, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright.apply import apply_delta

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

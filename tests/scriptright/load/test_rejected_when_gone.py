"""Possible matches whose PIMS record is in the PIMS no more, as an earlier number of somebody's."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, confirmed, open_practice, pet_links, rejected
from tests.scriptright.builders import client, load, one, pet, read_time, rows
from tests.scriptright.told_matcher import ToldMatcher

CLIENT_LINKS = "SELECT pims_id, method FROM scriptright.client_link ORDER BY pims_id"
RECORDS = "SELECT count(*) FROM scriptright.client"  # two are Home Delivery's


@pytest.fixture
def practice(engine: Engine) -> str:
    """PIMS client 1, who may be client 1, has left the PIMS; there is somebody else in it."""
    open_practice(engine)
    ask(engine, [1], p1=("possible", [1]))
    load(engine, "oak", 2, [client("9")], [pet("p9", "9")], matcher=ToldMatcher())
    return "oak"


def test_the_list_says_since_when_the_pims_has_the_record_no_more(
    engine: Engine, practice: str
) -> None:
    assert [(c.pims_id, c.missing_since) for c in candidates(engine)] == [("1", read_time(2))]


def test_of_one_that_the_pims_has_no_more_nobody_makes_a_record(
    engine: Engine, practice: str
) -> None:
    said = rejected(engine, candidates(engine)[0])
    assert (said.outcome, said.record_id) == ("missing", None)
    assert candidates(engine) == []
    assert rows(engine, CLIENT_LINKS) == [("9", "created")]
    assert [pims_id for pims_id, *_ in pet_links(engine)] == ["p9"]
    assert one(engine, RECORDS) == 3


def test_the_load_that_brings_it_back_makes_one(engine: Engine, practice: str) -> None:
    rejected(engine, candidates(engine)[0])
    load(
        engine,
        practice,
        3,
        [client("1"), client("9")],
        [pet("p1", "1"), pet("p2", "1", name="Tom"), pet("p9", "9")],
        matcher=ToldMatcher({"1": ("possible", [1])}),
    )
    assert candidates(engine) == [], "the word that it isn't client 1 holds"
    assert rows(engine, CLIENT_LINKS) == [("1", "created"), ("9", "created")]
    [p1, p2, p9] = [client_id for _, _, client_id, _ in pet_links(engine)]
    assert p1 == p2 != p9
    assert one(engine, RECORDS) == 4


def test_confirming_it_makes_no_pets_of_those_that_left_with_it(
    engine: Engine, practice: str
) -> None:
    matcher = ToldMatcher({"1": ("possible", [1])})
    assert confirmed(engine, candidates(engine)[0], matcher).outcome == "linked"
    assert [pims_id for pims_id, *_ in pet_links(engine)] == ["p9"]


def test_while_another_possible_match_of_it_is_open_it_waits(engine: Engine) -> None:
    open_practice(engine)
    ask(engine, [1, 2])
    load(engine, "oak", 2, [client("9")], [pet("p9", "9")], matcher=ToldMatcher())
    first, second = candidates(engine)
    assert [rejected(engine, one).outcome for one in (first, second)] == ["waiting", "missing"]

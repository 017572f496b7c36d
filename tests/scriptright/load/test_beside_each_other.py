"""Records that share a load, a field or a PIMS id, and nothing else: none answers for another."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, decisions, open_practice
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.suggested import the_suggestions
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.records.identity import Pair, remember

ZED = {"first_name": "Zed", "last_name": "Moss", "email": None}
STATES = "SELECT field, state FROM scriptright.suggestion ORDER BY suggestion_id"


@pytest.fixture
def zed(engine: Engine) -> int:
    """Zed Moss of the web shop."""
    add_practice(engine)
    with engine.begin() as connection:
        return web_shop.add_client(connection, "oak", ZED)


def test_a_record_of_its_own_has_what_the_pims_says_of_its_box_and_its_death(
    engine: Engine,
) -> None:
    add_practice(engine)
    boxed = client("1", address_line1="PO Box 12")
    dead = pet("p1", "1", deceased_flag="1", deceased_date="2026-02-03")
    load(engine, "oak", 1, [boxed, client("2", **ZED)], [dead, pet("p2", "2")])
    flags = "SELECT address_line1, po_box FROM scriptright.client ORDER BY client_id"
    assert rows(engine, flags) == [("PO Box 12", True), ("12 Elm St", False)]
    deaths = "SELECT deceased, deceased_on::text FROM scriptright.pet ORDER BY pet_id"
    assert rows(engine, deaths) == [(True, "2026-02-03"), (False, None)]


def test_a_new_client_closes_no_possible_match_of_a_pet_of_its_number(
    engine: Engine, zed: int
) -> None:
    with engine.begin() as connection:
        rex = web_shop.add_pet(connection, "oak", zed, {"name": "Rex"})
    told = ToldMatcher({"1": ("linked", [zed])}, {"7": ("possible", [rex])})
    load(engine, "oak", 1, [client("1")], [pet("7", "1")], matcher=told)
    [asked] = candidates(engine)
    load(engine, "oak", 2, [client("1"), client("7", **ZED)], [pet("7", "1")], matcher=told)
    assert [one.candidate_id for one in candidates(engine)] == [asked.candidate_id]


def test_what_is_kept_of_one_client_closes_no_question_of_another(engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2")])
    load(engine, "oak", 2, [client("1", email=None), client("2")])
    load(engine, "oak", 3, [client("1", email=None), client("2", email="ann@@example.com")])
    assert rows(engine, STATES) == [("email", "open")]
    assert [one.pims_id for one in the_suggestions(engine)] == ["1"]


def test_a_new_owner_who_turns_out_to_be_somebody_else_is_a_question_still(
    engine: Engine, zed: int
) -> None:
    both = [client("1"), client("2", **ZED)]
    maybe, sure = (ToldMatcher({"2": (word, [zed])}) for word in ("possible", "linked"))
    load(engine, "oak", 1, both[:1], [pet("p1", "1")], matcher=maybe)
    load(engine, "oak", 2, both, [pet("p1", "2")], matcher=maybe)
    load(engine, "oak", 3, both, [pet("p1", "2")], matcher=sure)
    [asked] = the_suggestions(engine)
    assert (asked.field, asked.new["client_id"]) == ("owner", zed)


def test_an_owner_who_is_the_old_one_again_is_no_question(engine: Engine) -> None:
    add_practice(engine)
    both = [client("1"), client("2", **ZED)]
    for seq, owner in enumerate("121", start=1):
        load(engine, "oak", seq, both, [pet("p1", owner)], matcher=ToldMatcher())
    assert rows(engine, STATES) == [("owner", "superseded")]


@pytest.mark.parametrize("last", [True, False])
def test_of_several_words_on_a_pair_the_last_one_counts(engine: Engine, last: bool) -> None:
    open_practice(engine)
    ask(engine, [1])
    with engine.begin() as connection:
        for same in (not last, last):
            remember(connection, "oak", Pair("client", "1", 1), same=same, by="Pat Doe")
    assert one(engine, "SELECT count(*) FROM scriptright.match_decision") == 2
    assert decisions(engine) == [Decision("client", "1", "1", same=last)]

"""Undoing a client's link while one of its pets waits for a person: what is left to ask."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from expectations.accounts import standing_accounts
from tests.scriptright.asked import candidates, confirmed, decisions, pet_links, rejected
from tests.scriptright.builders import add_practice, client, load, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import list_link_reviews, undo_link

BOTH, REX = [client("1"), client("2")], pet("p1", "2")


def two_who_are_ann(engine: Engine) -> tuple[int, int]:
    """PIMS clients 1 and 2 are the web shop's Ann, and Rex came with 2: her number and his."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    told = ToldMatcher({"1": ("linked", [ann]), "2": ("linked", [ann])})
    load(engine, "oak", 1, BOTH, [REX], matcher=told)
    [(_, rex, *_)] = pet_links(engine)
    return ann, rex


def test_a_pet_that_may_be_the_home_clients_is_its_own_once_its_owner_is(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        rex = web_shop.add_pet(connection, "oak", ann, {"name": "Rexy"})
    told = ToldMatcher({"1": ("linked", [ann])}, {"p1": ("possible", [rex])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")], matcher=told)
    assert len(candidates(engine)) == 1
    undone = undo_link(engine, "oak", "client", "1", by="Kim Roe")
    [(pims_id, _, owner, method)] = pet_links(engine)
    assert (pims_id, owner, method) == ("p1", undone.new_id, "created")
    assert candidates(engine) == []
    with engine.connect() as connection:
        assert {one.violations for one in standing_accounts(connection, "oak")} == {0}


def test_a_question_about_a_pet_that_goes_along_goes_along(engine: Engine) -> None:
    """Rex (p1) came through the link and has gone; p9 may be his new number, or the next dog."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        rexy = web_shop.add_pet(connection, "oak", ann, {"name": "Rexy"})
    told = ToldMatcher({"1": ("linked", [ann])})
    load(
        engine, "oak", 1, [client("1")], [pet("p1", "1"), pet("p2", "1", name="Tom")], matcher=told
    )
    [(_, rex, *_), _] = pet_links(engine)
    asked = ToldMatcher(pets={"p9": ("possible", [rex, rexy])})
    next_rex = [pet("p9", "1", birth_date="2025-01-01"), pet("p2", "1", name="Tom")]
    load(engine, "oak", 2, [client("1")], next_rex, matcher=asked)
    undone = undo_link(engine, "oak", "client", "1", by="Kim Roe")
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p9", rex)
    confirmed(engine, question, ToldMatcher())
    (_, _, *of_p1), _, of_p9 = pet_links(engine)
    assert of_p1 == [undone.new_id, "created"]
    assert of_p9 == ("p9", rex, undone.new_id, "person")


def test_a_question_about_a_pet_that_goes_is_past_for_the_pet_that_stays(engine: Engine) -> None:
    """Rex came with 2, and p9 of 1 might have been him."""
    ann, rex_id = two_who_are_ann(engine)
    asked = ToldMatcher(pets={"p9": ("possible", [rex_id])})
    load(engine, "oak", 2, BOTH, [REX, pet("p9", "1", name="Rexy")], matcher=asked)
    assert [(c.pims_id, c.record_id) for c in candidates(engine)] == [("p9", rex_id)]
    undone = undo_link(engine, "oak", "client", "2", by="Kim Roe")
    assert candidates(engine) == []
    of_p1, (p9, _, *of_p9) = pet_links(engine)
    assert of_p1 == ("p1", rex_id, undone.new_id, "created")
    assert (p9, of_p9) == ("p9", [ann, "created"])


NEXT_REX = [pet("p9", "1", birth_date="2025-01-01"), pet("p2", "1", name="Tom")]


def rexy_is_asked_about(engine: Engine) -> tuple[int, int]:
    """Rex (p1) was linked with Ann's Rexy and has gone: is p9 his new number? Ann's and Rexy's ids."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        rexy = web_shop.add_pet(connection, "oak", ann, {"name": "Rexy"})
    told = ToldMatcher({"1": ("linked", [ann])}, {"p1": ("linked", [rexy])})
    load(
        engine, "oak", 1, [client("1")], [pet("p1", "1"), pet("p2", "1", name="Tom")], matcher=told
    )
    asked = ToldMatcher(pets={"p9": ("linked", [rexy])})
    load(engine, "oak", 2, [client("1")], NEXT_REX, matcher=asked)
    return ann, rexy


def test_a_question_about_a_missing_pets_home_record_is_one_about_its_own_then(
    engine: Engine,
) -> None:
    """Rex (p1) was linked with Rexy and has gone; p9 may be his new number, or the next dog."""
    ann, rexy = rexy_is_asked_about(engine)
    assert [(c.pims_id, c.record_id) for c in candidates(engine)] == [("p9", rexy)]
    undone = undo_link(engine, "oak", "client", "1", by="Kim Roe")
    [(_, rex, *_), _] = pet_links(engine)
    load(engine, "oak", 3, [client("1")], NEXT_REX, matcher=ToldMatcher())
    [question] = candidates(engine)
    assert (question.pims_id, question.record_id) == ("p9", rex)
    confirmed(engine, question, ToldMatcher())
    assert pet_links(engine)[2] == ("p9", rex, undone.new_id, "person")


def test_so_it_is_where_the_missing_pets_own_link_is_undone(engine: Engine) -> None:
    ann, rexy = rexy_is_asked_about(engine)
    undone = undo_link(engine, "oak", "pet", "p1", by="Kim Roe")
    of_rexy, of_rex = candidates(engine)
    assert (of_rexy.pims_id, of_rexy.record_id) == ("p9", rexy)
    assert (of_rex.pims_id, of_rex.record_id) == ("p9", undone.new_id)
    rejected(engine, of_rexy)
    assert [(c.pims_id, c.record_id) for c in candidates(engine)] == [("p9", undone.new_id)]
    confirmed(engine, of_rex, ToldMatcher())
    assert pet_links(engine)[2] == ("p9", undone.new_id, ann, "person")


def test_what_was_answered_about_a_missing_pets_home_record_is_not_asked_anew(
    engine: Engine,
) -> None:
    rexy_is_asked_about(engine)
    rejected(engine, candidates(engine)[0])
    undo_link(engine, "oak", "client", "1", by="Kim Roe")
    assert candidates(engine) == []


@pytest.mark.parametrize("by", ["the machine", "a person"])
def test_a_new_number_of_a_pet_that_goes_along_stays_its_number(engine: Engine, by: str) -> None:
    """Rex came with PIMS client 1, who is Ann, and is p9 in the PIMS by now."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    told = ToldMatcher({"1": ("linked", [ann])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")], matcher=told)
    [(_, rex, *_)] = pet_links(engine)
    known = {} if by == "the machine" else {"birth_date": None}
    renumbered = pet("p9", "1", weight="33", weight_date="2026-02-20", **known)
    again = ToldMatcher(pets={"p9": ("linked", [rex])})
    load(engine, "oak", 2, [client("1")], [renumbered], matcher=again)
    for asked in candidates(engine):
        confirmed(engine, asked, ToldMatcher())
    undone = undo_link(engine, "oak", "client", "1", by="Kim Roe")
    assert (undone.pets, undone.moved_pets) == ((), (rex,))
    method = "machine" if by == "the machine" else "person"
    assert pet_links(engine) == [
        ("p1", rex, undone.new_id, "created"),
        ("p9", rex, undone.new_id, method),
    ]
    assert [word for word in decisions(engine) if word.record == "pet" and not word.same] == []
    dead = renumbered | {"deceased_flag": "1"}
    load(engine, "oak", 3, [client("1")], [dead], matcher=ToldMatcher())
    assert rows(engine, "SELECT pet_id, weight_value::int FROM scriptright.pet WHERE deceased") == [
        (rex, 33)
    ]


def test_another_clients_pet_at_a_pet_that_goes_is_a_person_s_question(engine: Engine) -> None:
    """Rex came with 2, and p9 of 1 was taken for him."""
    ann, rex_id = two_who_are_ann(engine)
    same = ToldMatcher(pets={"p9": ("linked", [rex_id])})
    load(engine, "oak", 2, BOTH, [REX, pet("p9", "1")], matcher=same)
    undone = undo_link(engine, "oak", "client", "2", by="Kim Roe")
    assert undone.moved_pets == (rex_id,)
    with engine.connect() as connection:
        [asked] = list_link_reviews(connection, "oak")
    assert (asked.pims_id, asked.record_id, asked.reasons) == ("p9", rex_id, ("owners_differ",))

"""Owners in the PIMS who are one client of ScriptRight by their links, and what undoing those means."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import confirm_candidate, list_candidates, undo_link
from vet_pipeline.scriptright.decisions.review import Suggestion, confirm, list_suggestions, reject

AB = [client("a"), client("b")]
OWNERS = "SELECT pet_id, client_id FROM scriptright.pet ORDER BY pet_id"
MARKS = "SELECT client_id, state FROM scriptright.prescription"


@pytest.fixture
def ann(engine: Engine) -> int:
    """Ann Lee of the web shop."""
    add_practice(engine)
    with engine.begin() as connection:
        return web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})


def questions(engine: Engine) -> list[Suggestion]:
    with engine.connect() as connection:
        return list_suggestions(connection, "oak", field="owner")


def asked(engine: Engine) -> list[tuple[object, object]]:
    return [(s.current["client_id"], s.new["client_id"]) for s in questions(engine)]


def passed_on(engine: Engine, ann: int) -> None:
    """PIMS clients a and b are Ann both; the PIMS gives q of a to b: nothing to ask."""
    told = ToldMatcher({"a": ("linked", [ann]), "b": ("linked", [ann])})
    load(engine, "oak", 1, AB, [pet("q", "a")], matcher=told)
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="carprofen")
    load(engine, "oak", 2, AB, [pet("q", "b")], matcher=told)
    assert questions(engine) == []


def test_a_pet_never_moves_with_a_new_owner_that_nobody_was_asked_about(
    engine: Engine, ann: int
) -> None:
    passed_on(engine, ann)
    undone = undo_link(engine, "oak", "client", "b", by="Kim Roe")
    assert (undone.moved_pets, rows(engine, OWNERS)) == ((), [(1, ann)])
    assert asked(engine) == [(ann, undone.new_id)]
    assert rows(engine, MARKS) == [(ann, "active")]


def test_a_pet_goes_with_the_owner_whom_it_came_with_and_the_later_one_is_asked(
    engine: Engine, ann: int
) -> None:
    passed_on(engine, ann)
    undone = undo_link(engine, "oak", "client", "a", by="Kim Roe")
    assert (undone.moved_pets, rows(engine, OWNERS)) == ((1,), [(1, undone.new_id)])
    assert asked(engine) == [(undone.new_id, ann)]


def given_to_gus(engine: Engine, ann: int) -> tuple[int, int, Suggestion]:
    """Ann's Rex of the web shop, whom the PIMS (q) gives to Gus: Gus, Rex and the question."""
    with engine.begin() as connection:
        gus = web_shop.add_client(connection, "oak", {"first_name": "Gus"})
        rex = web_shop.add_pet(connection, "oak", ann, {"name": "Rex"})
    told = ToldMatcher({"a": ("linked", [ann]), "b": ("linked", [gus])}, {"q": ("linked", [rex])})
    load(engine, "oak", 1, AB, [pet("q", "a")], matcher=told)
    load(engine, "oak", 2, AB, [pet("q", "b")], matcher=told)
    [question] = questions(engine)
    return gus, rex, question


def test_a_web_shop_pet_whose_new_owner_was_confirmed_goes_with_that_owner(
    engine: Engine, ann: int
) -> None:
    _, rex, question = given_to_gus(engine, ann)
    confirm(engine, "oak", question.suggestion_id, by="Pat Doe", shown=question.shown)
    undone = undo_link(engine, "oak", "client", "b", by="Kim Roe")
    assert (undone.moved_pets, rows(engine, OWNERS)) == ((rex,), [(rex, undone.new_id)])
    assert asked(engine) == []


@pytest.mark.parametrize("word", [confirm, reject])
def test_a_linked_pet_that_stands_alone_again_has_what_was_said_of_its_new_owner(
    engine: Engine, ann: int, word: Callable[..., object]
) -> None:
    gus, rex, question = given_to_gus(engine, ann)
    word(engine, "oak", question.suggestion_id, by="Pat Doe", shown=question.shown)
    alone = undo_link(engine, "oak", "pet", "q", by="Kim Roe").new_id
    assert rows(engine, OWNERS) == [(rex, ann), (alone, gus if word is confirm else ann)]
    assert asked(engine) == []


def test_a_rejected_owner_is_asked_again_once_the_pims_has_named_another_meanwhile(
    engine: Engine, ann: int
) -> None:
    load(engine, "oak", 1, AB[:1], [pet("q", "a")], matcher=ToldMatcher({"a": ("linked", [ann])}))
    maybe, sure = (ToldMatcher({"b": (word, [ann])}) for word in ("possible", "linked"))
    load(engine, "oak", 2, AB, [pet("q", "b")], matcher=maybe)
    [question] = questions(engine)
    reject(engine, "oak", question.suggestion_id, by="Pat Doe")
    load(engine, "oak", 3, AB, [pet("q", "b")], matcher=sure)
    load(engine, "oak", 4, AB, [pet("q", "a")], matcher=sure)
    load(engine, "oak", 5, AB, [pet("q", "b")], matcher=sure)
    undone = undo_link(engine, "oak", "client", "b", by="Kim Roe")
    assert asked(engine) == [(ann, undone.new_id)]


@pytest.mark.parametrize("by_person", [True, False])
def test_a_new_owner_who_turns_out_to_be_the_present_one_is_no_question(
    engine: Engine, ann: int, by_person: bool
) -> None:
    told = ToldMatcher({"a": ("linked", [ann]), "b": ("possible", [ann])})
    load(engine, "oak", 1, AB[:1], [pet("q", "a")], matcher=told)
    load(engine, "oak", 2, AB, [pet("q", "b")], matcher=told)
    assert asked(engine) == [(ann, None)]
    if by_person:
        with engine.connect() as connection:
            [pair] = list_candidates(connection, "oak")
        confirm_candidate(engine, "oak", pair.candidate_id, by="Pat Doe", match=told)
    else:
        sure = ToldMatcher({"b": ("linked", [ann])})
        load(engine, "oak", 3, AB, [pet("q", "b")], matcher=sure)
    assert asked(engine) == []
    undone = undo_link(engine, "oak", "client", "b", by="Kim Roe")
    assert rows(engine, OWNERS) == [(1, ann)]
    assert asked(engine) == [(ann, undone.new_id)]


def test_confirming_the_present_owner_marks_no_prescription(engine: Engine, ann: int) -> None:
    """A question that an earlier release left open when b was linked to the pet's own client."""
    passed_on(engine, ann)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO scriptright.suggestion (practice_id, record, record_id, pims_id, field,"
            " reason, old_value, new_value, load_id) VALUES ('oak', 'pet', 1, 'q', 'owner',"
            """ 'changed', '{"client_id": 1, "pims_client_id": "a"}', '{"pims_client_id": "b"}',"""
            " (SELECT max(load_id) FROM scriptright.load))"
        )
    [left] = questions(engine)
    done = confirm(engine, "oak", left.suggestion_id, by="Pat Doe", shown=left.shown)
    assert (done.state, done.prescriptions) == ("confirmed", ())
    assert rows(engine, OWNERS) == [(1, ann)]
    assert rows(engine, MARKS) == [(ann, "active")]


ABC = [*AB, client("c", first_name="Cas", last_name="Orr", email="cas@example.com")]


@pytest.mark.parametrize(("undone", "moves"), [("a", False), ("b", True)])
def test_a_pet_stands_under_the_owner_whom_a_person_has_confirmed_last(
    engine: Engine, ann: int, undone: str, moves: bool
) -> None:
    told = ToldMatcher({"a": ("linked", [ann]), "b": ("linked", [ann])})
    load(engine, "oak", 1, ABC, [pet("q", "c")], matcher=told)
    for seq, owner in enumerate(("a", "c", "b"), start=2):
        load(engine, "oak", seq, ABC, [pet("q", owner)], matcher=told)
        [one] = questions(engine)
        confirm(engine, "oak", one.suggestion_id, by="Kim Roe")
    apart = undo_link(engine, "oak", "client", undone, by="Kim Roe")
    assert rows(engine, OWNERS) == [(1, apart.new_id if moves else ann)]
    assert asked(engine) == []


def test_a_pet_that_was_passed_on_twice_stands_under_the_first_of_three_who_are_one(
    engine: Engine, ann: int
) -> None:
    told = ToldMatcher({owner: ("linked", [ann]) for owner in "abc"})
    for seq, owner in enumerate("abc", start=1):
        load(engine, "oak", seq, ABC, [pet("q", owner)], matcher=told)
    undo_link(engine, "oak", "client", "b", by="Kim Roe")
    assert (rows(engine, OWNERS), asked(engine)) == ([(1, ann)], [])
    first = undo_link(engine, "oak", "client", "a", by="Kim Roe")
    assert (rows(engine, OWNERS), asked(engine)) == ([(1, first.new_id)], [(first.new_id, ann)])


def moving_to_cas(engine: Engine, ann: int) -> Suggestion:
    """PIMS clients a and b are Ann both; the PIMS gives b's q to Cas: a question."""
    told = ToldMatcher({"a": ("linked", [ann]), "b": ("linked", [ann])})
    for seq, owner in enumerate("bc", start=1):
        load(engine, "oak", seq, ABC, [pet("q", owner)], matcher=told)
    [one] = questions(engine)
    return one


def test_an_owner_to_whom_a_person_said_no_is_not_asked_about_by_undoing(
    engine: Engine, ann: int
) -> None:
    asked_about = moving_to_cas(engine, ann)
    reject(engine, "oak", asked_about.suggestion_id, by="Kim Roe")
    for owner in "ab":
        undo_link(engine, "oak", "client", owner, by="Kim Roe")
        assert asked(engine) == []


def test_a_question_about_a_pet_that_goes_along_shows_whose_it_is_by_now(
    engine: Engine, ann: int
) -> None:
    cas = moving_to_cas(engine, ann).new["client_id"]
    apart = undo_link(engine, "oak", "client", "b", by="Kim Roe")
    [one] = questions(engine)
    assert (one.is_stale, asked(engine)) == (False, [(apart.new_id, cas)])

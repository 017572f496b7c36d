"""What a link had made idle to ask, told to who undoes the link: the right one may be among it."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, confirmed, open_practice, rejected
from tests.scriptright.builders import client, load, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright.decisions.links import Undone, join, undo_link
from vet_pipeline.scriptright.records.identity import pair_digests


def undo(engine: Engine, record: str, pims_id: str) -> Undone:
    kind = "pet" if record == "pet" else "client"
    return undo_link(engine, "oak", kind, pims_id, by="Kim Roe")


def test_who_undoes_a_clients_link_is_told_of_the_other_possible_matches(engine: Engine) -> None:
    open_practice(engine)
    matcher = ask(engine, [1, 2])
    confirmed(engine, candidates(engine)[0], matcher)
    undone = undo(engine, "client", "1")
    assert (undone.home_id, undone.asked_before) == (1, (("1", 2),))
    assert candidates(engine) == [], "nobody is asked again"


def test_a_possible_match_that_a_person_rejected_is_not_told_of(engine: Engine) -> None:
    open_practice(engine)
    matcher = ask(engine, [1, 2])
    first, second = candidates(engine)
    rejected(engine, second)
    confirmed(engine, first, matcher)
    assert undo(engine, "client", "1").asked_before == ()


def test_one_that_was_linked_and_undone_itself_is_not_told_of(engine: Engine) -> None:
    open_practice(engine)
    matcher = ask(engine, [1, 2])
    confirmed(engine, candidates(engine)[0], matcher)
    undo(engine, "client", "1")
    for home_id in (2, 1):
        with engine.connect() as connection:
            shown = pair_digests(connection, "oak", "client", [("1", home_id)])["1", home_id]
        join(
            engine, "oak", "client", "1", home_id,
            by="Kim Roe", shown=shown, match=matcher,
        )  # fmt: skip
        undone = undo(engine, "client", "1")
    assert undone.asked_before == ()


def test_who_undoes_a_pets_link_is_told_of_the_pet_that_might_have_been_it(engine: Engine) -> None:
    open_practice(engine)
    told = ToldMatcher({"1": ("linked", [1])}, {"p1": ("possible", [1]), "p2": ("possible", [1])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1"), pet("p2", "1")], matcher=told)
    confirmed(engine, candidates(engine)[0], told)
    assert undo(engine, "pet", "p1").asked_before == (("p2", 1),)


def test_a_pet_that_the_pims_has_no_more_is_not_told_of(engine: Engine) -> None:
    open_practice(engine)
    told = ToldMatcher({"1": ("linked", [1])}, {"p1": ("possible", [1]), "p2": ("possible", [1])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1"), pet("p2", "1")], matcher=told)
    confirmed(engine, candidates(engine)[0], told)
    load(engine, "oak", 2, [client("1")], [pet("p1", "1")], matcher=told)
    assert undo(engine, "pet", "p1").asked_before == ()


def test_a_home_pet_that_stays_behind_is_not_told_of_with_the_owners_link(engine: Engine) -> None:
    """It can't be joined: it isn't a pet of the client under whom the PIMS's pet stands then."""
    open_practice(engine)
    told = ToldMatcher({"1": ("linked", [1])}, {"p1": ("possible", [1]), "p2": ("possible", [1])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1"), pet("p2", "1")], matcher=told)
    confirmed(engine, candidates(engine)[0], told)
    undone = undo(engine, "client", "1")
    assert [one.pims_id for one in undone.pets] == ["p1"]
    assert (undone.asked_before, undone.pets[0].asked_before) == ((), ())


def test_a_namesake_that_came_while_the_pet_was_taken_is_told_of(engine: Engine) -> None:
    open_practice(engine)
    told = ToldMatcher({"1": ("linked", [1])}, {"p1": ("linked", [1]), "p2": ("linked", [1])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1", name="Rexy")], matcher=told)
    both = [pet("p1", "1", name="Rexy"), pet("p2", "1", name="rexy"), pet("p3", "1", name="Tom")]
    load(engine, "oak", 2, [client("1")], both, matcher=told)
    assert candidates(engine) == []
    assert undo(engine, "pet", "p1").asked_before == (("p2", 1),)


def test_a_namesake_of_a_pet_that_is_still_taken_is_not_told_of(engine: Engine) -> None:
    open_practice(engine)
    told = ToldMatcher(
        {"1": ("linked", [1]), "2": ("linked", [1])},
        {"p1": ("linked", [1]), "d1": ("linked", [1])},
    )
    pets = [pet("p1", "1"), pet("p2", "1", name="Rexy"), pet("d1", "2")]
    load(engine, "oak", 1, [client("1"), client("2")], pets, matcher=told)
    assert undo(engine, "pet", "p1").asked_before == ()

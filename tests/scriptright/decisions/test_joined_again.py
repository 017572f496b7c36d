"""A link that was undone by mistake is made again by joining: its pets come back, too."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, decisions, open_practice, pet_links
from tests.scriptright.builders import client, load, pet, rows
from tests.scriptright.joined import LEE, PETS, PICTURE, REXY, joined
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision
from vet_pipeline.scriptright.decisions.links import undo_link

LINKED = ToldMatcher({"1": ("linked", [1])}, {"p1": ("linked", [1])})


@pytest.fixture
def undone(engine: Engine) -> Engine:
    """PIMS client 1 and its pet p1 were home-delivery client 1 and Rexy (1), until it was undone."""
    open_practice(engine)
    load(engine, "oak", 1, LEE, PETS, matcher=LINKED)
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    assert pet_links(engine) == [("p1", 4, 4, "created"), ("p2", 3, 4, "created")]
    return engine


def test_the_pets_that_were_told_apart_with_their_owners_are_one_again(undone: Engine) -> None:
    again = joined(undone, "client", "1", 1, matcher=LINKED)
    assert (again.gone_pets, again.alike) == ((4,), ())
    assert pet_links(undone) == [("p1", 1, 1, "machine"), ("p2", 3, 1, "created")]
    dead = pet("p1", "1", deceased_flag="1")
    load(undone, "oak", 2, LEE, [dead, PETS[1]], matcher=LINKED)
    assert rows(undone, "SELECT pet_id FROM scriptright.pet WHERE deceased") == [(1,)]


def test_undone_once_more_both_sides_are_what_they_were(undone: Engine) -> None:
    before = rows(undone, PICTURE, p="oak")
    joined(undone, "client", "1", 1, matcher=LINKED)
    undo_link(undone, "oak", "client", "1", by="Pat Doe")
    assert rows(undone, PICTURE, p="oak") == before
    assert Decision("pet", "p1", "1", same=False) in decisions(undone)


def test_a_no_that_was_said_of_the_pets_themselves_stays(engine: Engine) -> None:
    open_practice(engine)
    load(engine, "oak", 1, LEE, PETS, matcher=LINKED)
    undo_link(engine, "oak", "pet", "p1", by="Pat Doe")
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    again = joined(engine, "client", "1", 1, matcher=LINKED)
    assert (again.gone_pets, again.alike) == ((), ())
    assert Decision("pet", "p1", "1", same=False) in decisions(engine)


def test_joined_with_somebody_else_its_pets_stay_told_apart(undone: Engine) -> None:
    joined(undone, "client", "1", 2, matcher=REXY)
    assert Decision("pet", "p1", "1", same=False) in decisions(undone)


def test_a_new_number_of_a_pet_whose_no_is_taken_back_is_linked(undone: Engine) -> None:
    joined(undone, "client", "1", 1, matcher=LINKED)
    renumbered = [pet("p9", "1", name="Rexy"), PETS[1]]
    told = ToldMatcher(pets={"p9": ("linked", [1])})
    load(undone, "oak", 2, [client("1")], renumbered, matcher=told)
    assert candidates(undone) == []
    assert ("p9", 1, 1, "machine") in pet_links(undone)

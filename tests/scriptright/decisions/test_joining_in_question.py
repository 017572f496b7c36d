"""A PIMS row that may be another's by now isn't joined: whom it was about would go, pets and all."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import open_practice, pet_links
from tests.scriptright.builders import client, load, pet, rows, whole_database
from tests.scriptright.handed import BOB, TOM, decide
from tests.scriptright.joined import LEE, PETS, REXY, joined, load_as_new
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused

NOBODY = dict.fromkeys(client("")) | {"client_key": "1"}
CAT = pet("p1", "1", **TOM)


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """PIMS client 1 has client 3 of its own, with Rex (p1, pet 2) and Tom (p2, pet 3)."""
    open_practice(engine)
    load_as_new(engine)
    return engine


@pytest.mark.parametrize("row", [client("1", **BOB), NOBODY])
def test_the_one_whose_row_it_was_does_not_go_with_the_pets(
    oak: Engine, row: dict[str, str | None]
) -> None:
    load(oak, "oak", 2, [row], PETS, matcher=ToldMatcher())
    before = whole_database(oak)
    with pytest.raises(DecisionRefused, match="may be another client's by now than client 3's"):
        joined(oak, "client", "1", 1)
    assert whole_database(oak) == before


@pytest.mark.parametrize("answered", [False, True])
def test_who_must_wait_is_told_what_to_look_at_and_every_way_out(
    oak: Engine, answered: bool
) -> None:
    """A name alone, beside the number that was known: no question says that it is another record."""
    load(
        oak,
        "oak",
        2,
        [client("1", first_name="Bob", last_name="Moss")],
        PETS,
        matcher=ToldMatcher(),
    )
    if answered:
        decide(oak, yes=False)
    with pytest.raises(DecisionRefused) as refused:
        joined(oak, "client", "1", 1)
    look = "vet-pipeline review list oak --record client --id 3 --state all"
    assert f"`{look}`" in refused.value.next_step
    assert "if its name was rejected" in refused.value.next_step


def test_once_a_person_has_said_that_it_is_the_same_it_is_joined(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], PETS, matcher=ToldMatcher())
    decide(oak, yes=True)
    assert joined(oak, "client", "1", 1).gone == 3


def test_nor_does_a_pet_whose_row_is_another_animals(oak: Engine) -> None:
    joined(oak, "client", "1", 1, matcher=ToldMatcher())
    load(oak, "oak", 2, LEE, [CAT, PETS[1]], matcher=ToldMatcher())
    with pytest.raises(DecisionRefused, match="may be another pet's by now than pet 2's"):
        joined(oak, "pet", "p1", 1)


def test_nor_does_the_machine_join_such_a_pet_with_its_owner(oak: Engine) -> None:
    load(oak, "oak", 2, LEE, [CAT, PETS[1]], matcher=ToldMatcher())
    done = joined(oak, "client", "1", 1, matcher=REXY)
    assert (done.gone_pets, done.alike) == ((), (("p1", 1),))
    assert [link[:2] for link in pet_links(oak)] == [("p1", 2), ("p2", 3)]
    assert ("Rex",) in rows(oak, "SELECT name FROM scriptright.pet WHERE pet_id = 2")

"""A pet that an animal of the PIMS has already is no other animal's pet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, confirmed
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision, MatchResult, Side, match
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.load.taken import taken

LINKS = "SELECT pims_id, record_id, method FROM scriptright.pet_link ORDER BY pims_id"
ANN = client("1")
ZOE = client(
    "2",
    first_name="Zoe",
    last_name="Kim",
    email="zoe@example.com",
    address_line1="9 Oak",
    phones=None,
)


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann (1) with Rex (p1), and Zoe (2), all copied from the PIMS."""
    add_practice(engine)
    load(engine, "oak", 1, [ANN, ZOE], [pet("p1", "1")])
    return engine


@pytest.mark.parametrize("loads", [1, 2])
def test_a_dog_given_away_is_not_the_next_one_of_its_name(oak: Engine, loads: int) -> None:
    given_away = pet("p1", "2")
    if loads == 2:
        load(oak, "oak", 2, [ANN, ZOE], [given_away])
    puppy = pet("p2", "1", birth_date=None, weight="4", weight_date="2026-03-02")
    load(oak, "oak", 3, [ANN, ZOE], [given_away, puppy])
    assert [method for _, _, method in rows(oak, LINKS)] == ["created", "created"]
    assert one(oak, "SELECT weight_value FROM scriptright.pet WHERE pet_id = 1") == 30


def test_nor_where_its_old_owner_comes_under_a_new_number(oak: Engine) -> None:
    told = ToldMatcher({"9": ("linked", [1])}, {"p2": ("linked", [1])})
    load(
        oak,
        "oak",
        2,
        [ANN | {"client_key": "9"}, ZOE],
        [pet("p1", "2"), pet("p2", "9")],
        matcher=told,
    )
    assert one(oak, "SELECT record_id FROM scriptright.client_link WHERE pims_id = '9'") == 1
    assert one(oak, "SELECT method FROM scriptright.pet_link WHERE pims_id = 'p2'") == "created"


def test_nor_where_its_new_owner_waits_for_a_person(oak: Engine) -> None:
    with oak.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"first_name": "Bob", "last_name": "Roy"})
    bob = client("3", first_name="Bob", last_name="Roy")
    told = ToldMatcher({"3": ("possible", [home])}, {"p2": ("linked", [1])})
    load(oak, "oak", 2, [ANN, ZOE, bob], [pet("p1", "3"), pet("p2", "1")], matcher=told)
    assert rows(oak, LINKS) == [("p1", 1, "created"), ("p2", 2, "created")]


def test_a_client_whom_the_pims_has_twice_has_its_pet_twice(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        web_shop.add_pet(connection, "oak", home, {"name": "Rex", "species": "dog"})
    told = ToldMatcher(
        {"1": ("linked", [1]), "8": ("linked", [1])}, {"p1": ("linked", [1]), "p8": ("linked", [1])}
    )
    load(engine, "oak", 1, [ANN], [pet("p1", "1")], matcher=told)
    load(engine, "oak", 2, [ANN, client("8")], [pet("p1", "1"), pet("p8", "8")], matcher=told)
    assert rows(engine, LINKS) == [("p1", 1, "machine"), ("p8", 1, "machine")]
    with engine.connect() as connection:
        pairs = [("1", 1), ("8", 1), ("7", 1)]
        assert taken(connection, "oak", pairs, []) == {("1", 1), ("8", 1)}


def test_a_pet_that_is_possibly_a_missing_one_can_be_confirmed(oak: Engine) -> None:
    told = ToldMatcher({}, {"p9": ("possible", [1])})
    load(oak, "oak", 2, [ANN, ZOE], [pet("p9", "1", name="Rexy")], matcher=told)
    [question] = candidates(oak)
    assert confirmed(oak, question, told).outcome == "linked"
    assert rows(oak, LINKS) == [("p1", 1, "created"), ("p9", 1, "person")]


def test_what_the_pets_of_a_big_account_cost_is_no_product_of_old_and_new_ones(
    engine: Engine,
) -> None:
    add_practice(engine)
    walk_ins = [pet(f"p{n}", "1", name=f"Rex {n}") for n in range(60)]
    load(engine, "oak", 1, [ANN], walk_ins)
    asked: list[tuple[int, int]] = []

    def counting(home: Side, pims: Side, *, decisions: Sequence[Decision]) -> MatchResult:
        asked.append((len(decisions), len(pims.taken)))
        return match(home, pims, decisions=decisions)

    newcomers = [pet(f"q{n}", "1", name=f"Rex {n}") for n in range(20)]
    # p0 is gone, so that each newcomer may be that one; the other 59 are taken.
    load(engine, "oak", 2, [ANN], [*walk_ins[1:], *newcomers], matcher=counting)
    assert asked == [(1, 59)]

"""A living pet's row of which the weight tells that it is another's: nobody grows to half of it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, edit, load, one, pet, rows
from tests.scriptright.handed import OPEN, decide
from vet_pipeline.scriptright.decisions.reopening import reopen

WEIGHED: Cells = {"weight_date": "2026-02-20", "birth_date": None}
WEIGHTS = "SELECT weight_value::int FROM scriptright.pet ORDER BY pet_id"
REFUSED = """
    SELECT suggestion_id FROM scriptright.suggestion WHERE state = 'rejected' AND field = 'breed'
"""
REX = pet("10", "1", birth_date=None)


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann's Rex, a Labrador of 30 kg; nobody knows when he was born."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [REX])
    return engine


@pytest.mark.parametrize(
    ("said", "weight", "goes_in"),
    [
        ({"species": "cat", "breed": "Siamese"}, "4", False),  # the owner's next, called Rex, too
        ({"species": "cat", "breed": None}, "15", False),
        ({"breed": "Chihuahua"}, "2", False),
        ({"name": "Tiny"}, "2", False),
        ({"birth_date": "2025-10-01"}, "4", True),  # nobody knew it before
        ({"species": "goat", "breed": None}, "60", False),
        ({"species": "cat", "breed": None}, "16", True),  # it was typed wrongly
        ({"breed": "Mastiff"}, "60", True),  # a pup grows, and shows what it is
        ({"name": "Max"}, "60", False),  # nobody knows that it was a pup
        ({}, "2", True),  # a slip, or an end
    ],
)
def test_half_the_weight_and_one_thing_more_is_another_animals(
    oak: Engine, said: Cells, weight: str, goes_in: bool
) -> None:
    load(oak, "oak", 2, [client("1")], [REX | WEIGHED | {"weight": weight} | said])
    assert one(oak, WEIGHTS) == (int(weight) if goes_in else 30)
    reasons = {reason for _, reason in rows(oak, OPEN)}
    assert reasons <= ({"changed"} if goes_in else {"another_record", "became_blank"})


@pytest.mark.parametrize("said", [{"species": "cat", "breed": "Siamese"}, {"breed": "Chihuahua"}])
@pytest.mark.parametrize("refused", [False, True])
def test_another_kind_in_a_dogs_row_brings_no_later_weight_either_until_it_is_confirmed(
    oak: Engine, said: Cells, refused: bool
) -> None:
    other = REX | WEIGHED | said | {"weight": "4"}
    load(oak, "oak", 2, [client("1")], [other])
    if refused:
        decide(oak, yes=False)
    grown = other | {"weight": "5", "weight_date": "2026-03-02"}
    load(oak, "oak", 3, [client("1")], [grown])
    assert one(oak, WEIGHTS) == 30
    if refused:
        [(number,)] = rows(oak, REFUSED)
        reopen(oak, "oak", number, by="Pat Doe")
    decide(oak, yes=True, field="breed")
    load(oak, "oak", 4, [client("1")], [grown | {"weight": "6", "weight_date": "2026-03-04"}])
    assert one(oak, WEIGHTS) == 6


@pytest.mark.parametrize("yes", [None, False])
def test_the_next_pup_of_that_name_and_breed_brings_no_later_weight_until_it_is_confirmed(
    engine: Engine, yes: bool | None
) -> None:
    """It weighs half of what the record says, whatever was said to the first weight."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    pup = pet("10", "1", birth_date="2025-12-01", weight="4", weight_date="2026-02-20")
    load(engine, "oak", 2, [client("1")], [pup])
    if yes is not None:
        decide(engine, yes=yes)
    grown = pup | {"weight": "5", "weight_date": "2026-03-02"}
    load(engine, "oak", 3, [client("1")], [grown])
    assert one(engine, WEIGHTS) == 30
    decide(engine, yes=True, field="weight")
    load(engine, "oak", 4, [client("1")], [grown | {"weight": "6", "weight_date": "2026-03-04"}])
    assert one(engine, WEIGHTS) == 6


def test_a_grown_dog_of_another_breed_at_twice_the_weight_is_another(engine: Engine) -> None:
    """His owner's next one, also called Rex, whose birth date is typed with the next save."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", breed="Chihuahua", weight="2")])
    mastiff = pet("10", "1", breed="Mastiff", weight="60", weight_date="2026-02-20")
    load(engine, "oak", 2, [client("1")], [mastiff])
    assert one(engine, WEIGHTS) == 2
    assert rows(engine, OPEN) == [("breed", "another_record"), ("weight", "another_record")]


def test_a_dead_pet_whose_row_has_always_had_another_pets_name_lives_without_a_question(
    engine: Engine,
) -> None:
    """The web shop calls him Rex, the PIMS Luna, as the web shop calls another of Ann's."""
    add_practice(engine)
    luna = REX | {"name": "Luna", "deceased_flag": "1"}
    load(engine, "oak", 1, [client("1")], [luna, pet("11", "1", name="Bella")])
    edit(engine, "pet", name="Rex")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE scriptright.pet SET name = 'Luna' WHERE pet_id = 2")
    load(
        engine,
        "oak",
        2,
        [client("1")],
        [luna | {"deceased_flag": "0"}, pet("11", "1", name="Bella")],
    )
    assert rows(engine, "SELECT name, deceased FROM scriptright.pet ORDER BY pet_id") == [
        ("Rex", False), ("Luna", False),
    ]  # fmt: skip


LIVES: Cells = {"deceased_flag": "0", "deceased_date": None}
DIED: Cells = {"deceased_flag": "1", "deceased_date": "2026-02-10"}


@pytest.mark.parametrize("died", [DIED, DIED | {"deceased_date": None}])
@pytest.mark.parametrize("weighed_on", ["2026-03-01", None])
def test_the_next_pups_weight_in_a_dead_dogs_row_brings_nobody_to_life(
    engine: Engine, died: Cells, weighed_on: str | None
) -> None:
    """Whoever typed the weight first had it taken in, and with it what told the two apart."""
    add_practice(engine)
    dead = pet("10", "1", **died)
    load(engine, "oak", 1, [client("1")], [dead])
    weighed = dead | {"weight": "4", "weight_date": weighed_on}
    load(engine, "oak", 2, [client("1")], [weighed])
    load(engine, "oak", 3, [client("1")], [weighed | LIVES])
    assert rows(engine, "SELECT weight_value::int, deceased FROM scriptright.pet") == [(30, True)]
    assert rows(engine, OPEN) == [("weight", "another_record"), ("deceased", "another_record")]


@pytest.mark.parametrize("says", [DIED, LIVES])
@pytest.mark.parametrize(
    ("born", "then", "goes_in"),
    [
        (None, None, False),
        ("2020-05-01", "2019-08-01", False),  # too near to tell by itself
        ("2020-05-01", "2020-05-01", True),  # its breed was made exact
    ],
)
def test_another_breed_in_a_dead_dogs_row_that_is_weighed_or_lives_is_the_next_one(
    engine: Engine, says: Cells, born: str | None, then: str | None, goes_in: bool
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1", birth_date=born, **DIED)])
    weighed = {"weight": "22", "weight_date": "2026-03-01", "breed": "Poodle", "birth_date": then}
    load(engine, "oak", 2, [client("1")], [pet("10", "1", **weighed | says)])
    assert one(engine, WEIGHTS) == (22 if goes_in else 30)


@pytest.mark.parametrize(
    ("weight", "weighed_on", "was_dead"),
    [("4", "2026-02-10", True), ("28", "2026-03-01", True), ("4", "2026-03-01", False)],
)
def test_a_weight_of_the_day_of_death_one_like_the_last_and_a_living_dogs_go_in(
    engine: Engine, weight: str, weighed_on: str, was_dead: bool
) -> None:
    add_practice(engine)
    dog = pet("10", "1", **(DIED if was_dead else {}))
    load(engine, "oak", 1, [client("1")], [dog])
    weighed = dog | {"weight": weight, "weight_date": weighed_on}
    load(engine, "oak", 2, [client("1")], [weighed])
    assert (one(engine, WEIGHTS), rows(engine, OPEN)) == (int(weight), [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (pet("10", "1", **DIED), LIVES),
        (pet("10", "1", **DIED), {"deceased_flag": "0", "breed": None}),
        (pet("10", "1"), {"name": "Tigger"}),
        (pet("10", "1"), {"breed": "Poodle"}),
    ],
)
def test_of_the_next_pet_nobody_knows_the_birth_date_so_the_old_ones_is_gone(
    engine: Engine, row: Cells, said: Cells
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [row])
    dead = one(engine, "SELECT deceased FROM scriptright.pet")
    weighed = {"weight": "22", "weight_date": "2026-02-20", "birth_date": None}
    load(engine, "oak", 2, [client("1")], [row | weighed | said])
    assert rows(engine, "SELECT weight_value::int, deceased FROM scriptright.pet") == [(30, dead)]


@pytest.mark.parametrize("yes", [None, False])
@pytest.mark.parametrize(
    ("first", "then"),
    [({"birth_date": None}, {"breed": "Poodle"}), ({"birth_date": None, "breed": "Poodle"}, {})],
)
def test_a_birth_date_that_is_gone_tells_of_the_next_pet_in_later_loads_too(
    engine: Engine, first: Cells, then: Cells, yes: bool | None
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    row = pet("10", "1", **first)
    load(engine, "oak", 2, [client("1")], [row])
    if yes is not None:
        decide(engine, yes=yes)
    weighed = {"weight": "22", "weight_date": "2026-03-02"}
    load(engine, "oak", 3, [client("1")], [row | then | weighed])
    assert one(engine, WEIGHTS) == 30
    mine = pet("10", "1", weight="31", weight_date="2026-03-04")  # Rex again; the next has a number
    load(engine, "oak", 4, [client("1")], [mine])
    assert (one(engine, WEIGHTS), rows(engine, OPEN)) == (31, [])


@pytest.mark.parametrize(
    ("was", "said"),
    [
        ({}, {"birth_date": None}),
        ({"birth_date": None}, {"name": "Tigger"}),  # the web shop knows it, the PIMS never did
        ({}, {"name": "Tigger"}),
    ],
)
def test_a_birth_date_that_is_gone_or_was_never_there_makes_no_other_animal_alone(
    engine: Engine, was: Cells, said: Cells
) -> None:
    add_practice(engine)
    row = pet("10", "1", **was)
    load(engine, "oak", 1, [client("1")], [row])
    edit(engine, "pet", birth_date="2020-05-01")
    weighed = row | {"weight": "22", "weight_date": "2026-02-20"} | said
    load(engine, "oak", 2, [client("1")], [weighed])
    assert one(engine, WEIGHTS) == 22


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (REX, {"name": "Leo", "birth_date": "2026-02-05", "weight_date": "2026-02-20"}),
        (REX | DIED, {"birth_date": "2026-02-15", "weight_date": "2026-02-20", **LIVES}),
        (  # no weighing has a day there
            pet("10", "1", weight="6", weight_date=None),
            {"birth_date": "2024-01-11", "breed": None, "weight_date": None},
        ),
    ],
)
def test_who_was_here_before_its_birth_or_doubled_beside_another_birth_date_is_another(
    engine: Engine, row: Cells, said: Cells
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [row])
    was = rows(engine, "SELECT weight_value::int, deceased FROM scriptright.pet")
    load(engine, "oak", 2, [client("1")], [row | {"weight": "22"} | said])
    assert rows(engine, "SELECT weight_value::int, deceased FROM scriptright.pet") == was


def test_a_birth_date_after_a_weighing_is_a_slip_where_nothing_else_differs(oak: Engine) -> None:
    row = REX | {"birth_date": "2026-02-05", "weight": "29", "weight_date": "2026-02-20"}
    load(oak, "oak", 2, [client("1")], [row])
    assert (one(oak, WEIGHTS), rows(oak, OPEN)) == (29, [("age", "changed")])


def test_a_pup_whose_birth_date_is_gone_grows_where_no_weighing_has_a_day(engine: Engine) -> None:
    add_practice(engine)
    row = pet("10", "1", birth_date="2025-12-01", weight="4", weight_date=None)
    load(engine, "oak", 1, [client("1")], [row])
    for seq, weight in ((2, "9"), (3, "19")):
        load(engine, "oak", seq, [client("1")], [row | {"birth_date": None, "weight": weight}])
        assert one(engine, WEIGHTS) == int(weight)


def test_a_birth_date_that_has_always_been_after_a_weighing_tells_of_nobody_else(
    engine: Engine,
) -> None:
    """It was reckoned from an age, say; the breed is made exact."""
    add_practice(engine)
    row = pet("10", "1", birth_date="2026-02-05", breed="Mixed Breed")
    load(engine, "oak", 1, [client("1")], [row])
    said = {"breed": "Labrador Retriever", "weight": "31", "weight_date": "2026-03-02"}
    load(engine, "oak", 2, [client("1")], [row | said])
    assert (one(engine, WEIGHTS), rows(engine, OPEN)) == (31, [("breed", "changed")])

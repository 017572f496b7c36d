"""The year of `benchmarks.year`: lives without slips do no harm, and nobody is held up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.year import rules_off
from benchmarks.year.earnings import Earned, counted
from benchmarks.year.practice_year import PracticeYear


def test_some_weeks_of_an_honest_practice_do_no_harm_and_hold_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    year = PracticeYear(engine, tmp_path, seed=3, clients=120, often=0).live(days=21)
    assert (year.harms, year.held, year.refused) == ([], {}, {})
    assert year.refreshes > 6
    assert year.events["weighed"] > 10


def test_what_goes_wrong_in_some_weeks_is_counted(engine: Engine, tmp_path: Path) -> None:
    """A death told of the wrong pet of a house is the practice's own word, and is seen."""
    life = PracticeYear(engine, tmp_path, seed=3, clients=60, often=0)
    life.live(days=3)
    while not any(
        mark == "death_on_sibling" for row in life.desk.pets.values() for _, mark in row.marks
    ):
        life.desk.death_on_sibling()
    life.harms.all.clear()
    life.refresh()
    assert {(harm.kind, harm.cause) for harm in life.harms.all.values()} == {
        ("dead told of a living pet", "death_on_sibling (the practice's own word)")
    }


def test_each_rule_that_can_be_switched_off_is_there() -> None:
    """They are named by where they stand: one that has moved would be found in the next year only."""
    names = list(rules_off.rules())
    for name in names:
        with rules_off.without(name):
            pass
    assert len(names) > 30


def test_what_a_rule_earns_is_counted_also_where_a_load_takes_something_back(
    engine: Engine, tmp_path: Path
) -> None:
    life = PracticeYear(engine, tmp_path, seed=3, clients=60, often=0)
    life.live(days=3)
    row = life.desk.some_client()
    newcomer = life.world.new_client()
    with counted(life.harms, earned := Earned()):
        life.desk.type_client(row, newcomer, "email")
        _tomorrow(life)
        life.desk.type_client(row, newcomer)
        row.about = newcomer.id
        for entry in life.desk.pets.values():
            life.desk.type_pet(
                entry, life.world.new_animal(entry.about, young=False), "name", "weight"
            )
        _tomorrow(life)
    assert earned["handed_on.taken_back", "right"] == 1


def _tomorrow(life: PracticeYear) -> None:
    life.world.today += timedelta(days=1)
    life.refresh()


def test_a_row_that_was_parted_is_read_as_the_newcomers(engine: Engine, tmp_path: Path) -> None:
    life = PracticeYear(engine, tmp_path, seed=3, clients=20, often=0)
    life.refresh()
    row, who = life.desk.some_client(), life.world.new_client()
    row.about = who.id
    life.desk.type_client(row, who)
    _tomorrow(life)
    life.pharmacy.part("client", row.key)
    _tomorrow(life)
    assert life.harms.record_of("client", f"{row.key}~2") == who.id
    assert {pet.cells["client_key"] for pet in life.harms.seen["pet"].values()} >= {f"{row.key}~2"}

"""The year of `benchmarks.year`: lives without slips do no harm, and nobody is held up."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from benchmarks.year import rules_off
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

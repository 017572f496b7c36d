"""An old backup of the PIMS, restored or read: held by its weighings, for as long as it is one."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.bad_input.test_guards import usual
from tests.scriptright.builders import Cells, add_practice, delta_of, load, whole_database
from vet_pipeline.guards_opinion import look_at
from vet_pipeline.job import guard_step
from vet_pipeline.registry import practices


def test_an_old_backup_of_the_pims_is_held_by_its_weighings(engine: Engine) -> None:
    """Of 600 pets 60 were weighed since it, 20 died and 20 emails changed; 30 are weighed after it."""
    add_practice(engine)
    clients, pets = usual(600)
    load(engine, "oak", 1, clients, pets)
    weighed = {"weight": "31", "weight_date": "2026-02-20"}
    lived = [{**row, **weighed} if n < 60 else row for n, row in enumerate(pets)]
    died = [{**row, "deceased_flag": "1"} if 100 <= n < 120 else row for n, row in enumerate(lived)]
    others = [
        {**row, "email": f"n{n}@x.example"} if n < 20 else row for n, row in enumerate(clients)
    ]
    load(engine, "oak", 2, others, died)
    before = whole_database(engine)
    backup = [{**row, **weighed} if 300 <= n < 330 else row for n, row in enumerate(pets)]
    delta = delta_of(engine, "oak", 3, clients, backup)
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")
    assert [str(breach) for breach in look_at(engine, practice, delta).breaches] == [
        "weighings earlier: 60 of 90 (more than 50 %)"
    ]
    assert whole_database(engine) == before


def test_a_backup_stays_held_while_life_goes_on_over_it(engine: Engine) -> None:
    """Of 600 pets 40 were weighed since it; by the next look 50 others were weighed over it."""
    add_practice(engine)
    clients, pets = usual(600)
    load(engine, "oak", 1, clients, pets)

    def weighed(numbers: range, day: str) -> list[Cells]:
        new = {"weight": "31", "weight_date": day}
        return [{**row, **new} if n in numbers else row for n, row in enumerate(pets)]

    load(engine, "oak", 2, clients, weighed(range(40), "2026-02-20"))
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")
    as_told = [
        [str(breach) for breach in guard_step(engine, practice, delta).breaches]
        for delta in (
            delta_of(engine, "oak", 3, clients, pets),
            delta_of(engine, "oak", 4, clients, weighed(range(300, 350), "2026-02-25")),
            # Of those whose weighing got lost 16 are weighed again; or it was put right.
            delta_of(engine, "oak", 5, clients, weighed(range(16), "2026-02-26")),
            delta_of(engine, "oak", 6, clients, weighed(range(40), "2026-02-20")),
        )
    ]
    assert as_told == [
        ["weighings earlier: 40 of 40 (more than 50 %)"],
        ["weighings earlier: 40 of 40 (more than 50 %)"],
        [],
        [],
    ]


def test_one_that_was_put_right_is_not_held_for_the_corrections_of_some_weeks(
    engine: Engine,
) -> None:
    """60 of 600 weighings were earlier; weeks later 30 are, and hundreds are new."""
    add_practice(engine)
    clients, pets = usual(600)
    load(engine, "oak", 1, clients, [{**row, "weight_date": "2026-02-20"} for row in pets])
    with engine.connect() as connection:
        practice = practices.get(connection, "oak")

    def earlier(those: int, new: int) -> list[str]:
        days = ["2026-02-10"] * those + ["2026-03-20"] * new
        days += ["2026-02-20"] * (len(pets) - len(days))
        now = [{**row, "weight_date": day} for row, day in zip(pets, days, strict=True)]
        delta = delta_of(engine, "oak", 2 + new, clients, now)
        return [str(breach) for breach in guard_step(engine, practice, delta).breaches]

    as_held = "weighings earlier: {} of 60 (more than 50 %)".format
    assert earlier(60, 0) == [as_held(60)]
    assert earlier(31, 190) == [as_held(31)]
    assert earlier(30, 200) == []

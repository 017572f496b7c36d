"""Undoing the link of an account of many pets: what it asks, and what it sends to the database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event

from tests.scriptright.builders import add_practice, client, load, one, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link


def statements_of_undoing(engine: Engine, practice_id: str, merged: int, others: int) -> int:
    """How many statements undoing the link of a client of so many pets takes."""
    add_practice(engine, practice_id)
    with engine.begin() as connection:
        home = web_shop.add_client(
            connection, practice_id, {"first_name": "Walk", "last_name": "In"}
        )
        theirs = [
            web_shop.add_pet(connection, practice_id, home, {"name": f"Rex {n}"})
            for n in range(merged)
        ]
    told = ToldMatcher(
        {"1": ("linked", [home])}, {f"p{n}": ("linked", [id_]) for n, id_ in enumerate(theirs)}
    )
    pets = [pet(f"p{n}", "1", name=f"Rex {n}") for n in range(merged + others)]
    load(
        engine, practice_id, 1, [client("1", first_name="Walk", last_name="In")], pets, matcher=told
    )
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        undo_link(engine, practice_id, "client", "1", by="Kim Roe")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_pets_that_move_along_are_no_question_on_the_way(engine: Engine) -> None:
    statements_of_undoing(engine, "oak", merged=3, others=5)
    assert one(engine, "SELECT count(*) FROM scriptright.suggestion WHERE field = 'owner'") == 0


@pytest.mark.parametrize("more", [2, 4])
def test_a_pet_more_costs_the_same_however_many_there_are(engine: Engine, more: int) -> None:
    base, twice, thrice = (
        statements_of_undoing(engine, f"oak{n}", merged=n * more, others=2 * n * more)
        for n in (1, 2, 3)
    )
    assert thrice - twice == twice - base

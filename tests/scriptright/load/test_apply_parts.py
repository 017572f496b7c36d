"""A refresh in which everything changed is settled part by part: in the same way, and in bounds."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.scriptright.builders import Cells, add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.load import apply_changes

LEFT_OPEN = """
    SELECT record, pims_id, field, old_value, new_value, reason FROM scriptright.suggestion
    WHERE practice_id = :p AND state = 'open' ORDER BY record, pims_id, field
"""
WEIGHTS = """
    SELECT name, weight_value, version FROM scriptright.pet WHERE practice_id = :p ORDER BY pet_id
"""
CLIENTS = 4


def everything_retyped(engine: Engine, practice_id: str) -> int:
    """A practice whose PIMS has two records of one client, with its pet twice; all that it says changes.

    Returns the most suggestions that one statement has written.
    """
    add_practice(engine, practice_id)
    with engine.begin() as connection:
        home = web_shop.add_client(
            connection, practice_id, {"first_name": "Ann", "last_name": "Lee"}
        )
        rex = web_shop.add_pet(connection, practice_id, home, {"name": "Rex"})
    told = ToldMatcher(
        {"1": ("linked", [home]), "3": ("linked", [home])},
        {"p1": ("linked", [rex]), "p3": ("linked", [rex])},
    )
    clients = [client(str(n)) for n in range(CLIENTS)]
    pets = [pet(f"p{n}", str(n)) for n in range(CLIENTS)]
    load(engine, practice_id, 1, clients, pets, matcher=told)
    written: list[int] = []

    def note(_: Any, __: Any, statement: str, values: Any, *more: Any) -> None:
        if "INSERT INTO scriptright.suggestion" in statement:
            written.append(len(values["pims_id"]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        load(
            engine,
            practice_id,
            2,
            [_upper(c) for c in clients],
            [_heavier(_upper(p)) for p in pets],
        )
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return max(written)


def _upper(row: Cells) -> Cells:
    typed = ("first_name", "last_name", "address_line1", "name")
    return {k: v.upper() if v and k in typed else v for k, v in row.items()}


def _heavier(row: Cells) -> Cells:
    return row | {"weight": "31", "weight_date": "2026-03-02"}


def test_part_by_part_comes_to_the_same(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = everything_retyped(engine, "oak")
    monkeypatch.setattr(apply_changes, "PART", 1)
    by_parts = everything_retyped(engine, "elm")
    for query in (LEFT_OPEN, WEIGHTS):
        assert rows(engine, query, p="elm") == rows(engine, query, p="oak")
    assert (at_once, by_parts) == (8, 4)


def test_pets_that_come_to_life_cost_no_statement_each(engine: Engine) -> None:
    sent = [_reviving(engine, practice_id, pets) for practice_id, pets in (("oak", 3), ("elm", 9))]
    assert sent[0] == sent[1]


def _reviving(engine: Engine, practice_id: str, count: int) -> int:
    """How many statements a load takes in which so many pets that were dead are alive."""
    add_practice(engine, practice_id)
    pets = [pet(f"p{n}", "1", deceased_flag="1", status=None) for n in range(count)]
    load(engine, practice_id, 1, [client("1")], pets)
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *more: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        load(engine, practice_id, 2, [client("1")], [p | {"deceased_flag": "0"} for p in pets])
    finally:
        event.remove(engine, "before_cursor_execute", note)
    alive = "SELECT count(*) FROM scriptright.pet WHERE practice_id = :p AND NOT deceased"
    assert one(engine, alive, p=practice_id) == count
    return len(sent)

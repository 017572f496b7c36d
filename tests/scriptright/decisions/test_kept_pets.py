"""A pet's link is kept, still one animal: whatever name is on the label, its row is its own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, edit, load, pet, rows
from tests.scriptright.handed import decide
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import (
    keep_link,
    list_link_reviews,
    list_rows_in_question,
)

ANN = [client("1")]
PET = "SELECT name, weight_value::int, deceased FROM scriptright.pet"
OPEN = """
    SELECT field, reason FROM scriptright.suggestion WHERE state = 'open' ORDER BY suggestion_id
"""


def weighed(kilograms: int, day: str, **cells: str) -> Cells:
    return pet("10", "1", weight=str(kilograms), weight_date=day, **cells)


@pytest.fixture
def renamed(engine: Engine) -> Engine:
    """Ann's Rex of the web shop, 30 kg, whom the PIMS calls Max by now."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        web_shop.add_pet(connection, "oak", ann, {"name": "Rex", "species": "dog"})
    told = ToldMatcher({"1": ("linked", [1])}, {"10": ("linked", [1])})
    load(engine, "oak", 1, ANN, [pet("10", "1")], matcher=told)
    load(engine, "oak", 2, ANN, [pet("10", "1", name="Max")])
    return engine


def keep(engine: Engine) -> None:
    with engine.connect() as connection:
        [asked] = list_link_reviews(connection, "oak", record="pet")
    keep_link(engine, "oak", asked.review_id, by="Pat Doe", shown=asked.shown)


def refuse(engine: Engine) -> None:
    decide(engine, yes=False, field="name")


def put_back(engine: Engine) -> None:
    decide(engine, yes=True, field="name")
    edit(engine, "pet", name="Rex")


def listed(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [row.pims_id for row in list_rows_in_question(connection, "oak")]


@pytest.mark.parametrize(
    "steps",
    [(refuse, keep), (keep, refuse), (put_back, keep)],
    ids=["a no, then kept", "kept, then a no", "put back in the web shop, then kept"],
)
def test_weights_and_the_death_of_a_pet_whose_link_is_kept_come_in_whatever_its_label_says(
    renamed: Engine, steps: Sequence[object]
) -> None:
    for step in steps:
        assert callable(step)
        step(renamed)
    load(renamed, "oak", 3, ANN, [weighed(31, "2026-03-05", name="Max")])
    assert (rows(renamed, PET), rows(renamed, OPEN)) == ([("Rex", 31, False)], [])
    assert listed(renamed) == []
    load(renamed, "oak", 4, ANN, [weighed(31, "2026-03-05", name="Max", deceased_flag="1")])
    assert rows(renamed, PET) == [("Rex", 31, True)]


def test_a_kept_link_says_nothing_of_the_next_animal_in_the_row(renamed: Engine) -> None:
    refuse(renamed)
    keep(renamed)
    pup = weighed(12, "2026-03-05", name="Tom", birth_date="2025-06-01")
    load(renamed, "oak", 3, ANN, [pup])
    assert rows(renamed, PET) == [("Rex", 30, False)]
    assert listed(renamed) == ["10"]
    decide(renamed, yes=False)
    load(renamed, "oak", 4, ANN, [pup | {"weight": "13", "weight_date": "2026-03-08"}])
    assert rows(renamed, PET) == [("Rex", 30, False)]


def test_nor_does_a_link_that_is_kept_for_another_reason(renamed: Engine) -> None:
    refuse(renamed)
    with renamed.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE scriptright.link_review SET reasons = ARRAY['owners_differ']"
        )
    keep(renamed)
    load(renamed, "oak", 3, ANN, [weighed(31, "2026-03-05", name="Max")])
    assert rows(renamed, OPEN) == [("weight", "another_record")]

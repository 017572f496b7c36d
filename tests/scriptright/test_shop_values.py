"""What the web shop writes by hand and no load could get past is refused as it is written."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, text

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.roles import transaction

CLIENT = """
    INSERT INTO scriptright.client (practice_id, client_id, origin, last_name)
    VALUES ('oak', :number, 'home_delivery', 'Lee')
    ON CONFLICT (practice_id, client_id) DO UPDATE SET last_name = 'Lee'
"""
PET = """
    INSERT INTO scriptright.pet (practice_id, pet_id, client_id, origin, name)
    VALUES ('oak', :number, 1, 'home_delivery', 'Rex')
    ON CONFLICT (practice_id, pet_id) DO UPDATE SET name = 'Rex'
"""


def ann_and_rex(connection: Connection) -> None:
    web_shop.add_client(connection, "oak", {"last_name": "Lee"})
    web_shop.add_pet(connection, "oak", 1, {"name": "Rex", "species": "dog"})


def by_hand(engine: Engine, statement: str, **values: int) -> None:
    with transaction(engine, "shop", "oak") as shop:
        shop.execute(text(statement), values)


@pytest.mark.parametrize("statement", [CLIENT, PET], ids=["client", "pet"])
def test_a_number_that_was_not_given_out_yet_is_refused(engine: Engine, statement: str) -> None:
    add_practice(engine)
    if statement is CLIENT:
        with pytest.raises(DatabaseRefused, match="number_given"):
            by_hand(engine, statement, number=1)
    with transaction(engine, "shop", "oak") as shop:
        ann_and_rex(shop)
    by_hand(engine, statement, number=1)  # an upsert of what is there
    with pytest.raises(DatabaseRefused, match="number_given"):
        by_hand(engine, statement, number=2)
    load(engine, "oak", 1, [client("1", last_name="Berg")], [pet("p1", "1", name="Tom")])
    assert rows(engine, "SELECT client_id, pet_id, name FROM scriptright.pet ORDER BY pet_id") == [
        (1, 1, "Rex"),
        (2, 2, "Tom"),
    ]


NO_DATE = ["infinity", "-infinity", "0044-03-15 BC", "20210-03-15"]
SAVES = [
    *(f"birth_date = '{day}'" for day in NO_DATE),
    *(f"deceased = true, deceased_on = '{day}'" for day in NO_DATE),
    *(f"weight_value = 3, weight_unit = 'unknown', weighed_on = '{day}'" for day in NO_DATE),
    "weight_value = 'NaN', weight_unit = 'unknown'",
    "weight_value = 30, weight_unit = 'kg', weight_kg = 'NaN'",
]


@pytest.mark.parametrize("save", SAVES)
def test_a_date_or_weight_that_is_none_is_refused(engine: Engine, save: str) -> None:
    add_practice(engine)
    with transaction(engine, "shop", "oak") as shop:
        ann_and_rex(shop)
    with pytest.raises(DatabaseRefused, match="pet_(dates|weight)_readable"):
        by_hand(engine, f"UPDATE scriptright.pet SET {save}".replace(":", "\\:"))


def test_what_was_written_before_is_blanked_noted_and_copied(
    empty_engine: Engine, empty_database_url: str
) -> None:
    migrate(empty_database_url, "0020")
    add_practice(empty_engine)
    with empty_engine.begin() as shop:
        ann_and_rex(shop)
        shop.execute(
            text(
                "UPDATE scriptright.pet SET birth_date = 'infinity', birth_date_estimated = true,"
                " deceased = true, deceased_on = '20210-03-15', weight_value = 'NaN',"
                " weight_unit = 'kg', weight_kg = 'NaN', weighed_on = '2026-02-01'"
            )
        )
        shop.execute(
            text(
                "INSERT INTO scriptright.pet (practice_id, pet_id, client_id, origin, weight_value,"
                " weight_unit, weight_kg, weighed_on)"
                " VALUES ('oak', 7, 1, 'home_delivery', 3, 'kg', 3, 'infinity')"
            )
        )
    migrate(empty_database_url)
    pets = """
        SELECT birth_date, birth_date_estimated, deceased, deceased_on, weight_value, weight_unit,
            weight_kg, weighed_on FROM scriptright.pet ORDER BY pet_id
    """
    assert rows(empty_engine, pets) == [
        (None, None, True, None, None, None, None, None),
        (None, None, False, None, 3, "kg", 3, None),
    ]
    noted = """
        SELECT record_id, field, old_value, new_value FROM scriptright.record_change
        WHERE actor = 'schema 0021' ORDER BY record_id, field
    """
    weight = {"weight_value": "3", "weight_unit": "kg", "weight_kg": "3", "weighed_on": None}
    assert rows(empty_engine, noted) == [
        (
            1, "age",
            {"birth_date": "infinity", "birth_date_estimated": True},
            {"birth_date": None, "birth_date_estimated": None},
        ),
        (
            1, "deceased",
            {"deceased": True, "deceased_on": "20210-03-15"},
            {"deceased": True, "deceased_on": None},
        ),
        (
            1, "weight",
            {"weight_value": "NaN", "weight_unit": "kg", "weight_kg": "NaN",
             "weighed_on": "2026-02-01"},
            dict.fromkeys(weight),
        ),
        (7, "weight", weight | {"weighed_on": "infinity"}, weight),
    ]  # fmt: skip
    load(
        empty_engine, "oak", 1, [client("1")], [pet("p1", "1")],
        matcher=ToldMatcher({"1": ("new", [])}),
    )  # fmt: skip
    assert one(empty_engine, "SELECT max(pet_id) FROM scriptright.pet") == 8

"""What the web shop writes by a statement of its own is noted as what web_shop.edit_* writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.scriptright.builders import rows
from tests.scriptright.prescribed import PRESCRIPTIONS, prescribed
from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.policy import FIELDS, Record
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.postgres import migrate
from vet_pipeline.scriptright.postgres.database import open_engine, translate_errors
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.postgres.server import SUPERUSER
from vet_pipeline.scriptright.records.values import SQL_TYPES, bound
from vet_pipeline.scriptright.records.writes import KEY, TABLE

Edit = tuple[Record, dict[str, Any]]

EDITS: list[Edit] = [
    ("client", {"last_name": "Berg", "suffix": "Jr"}),
    ("client", {"address_line1": "7 Web St", "unit": "Apt 3", "po_box": False, "city": None}),
    ("client", {"email": "new@example.com", "last_name": "Lee-Berg"}),
    ("client", {"phones": [{"number": "+12175550199", "extension": None, "recorded": "x"}]}),
    ("client", {"phones": []}),
    ("pet", {"name": "Max"}),
    ("pet", {"name": " REX "}),
    ("pet", {"birth_date": "2021-02-03", "birth_date_estimated": True, "breed": None}),
    ("pet", {"weight_value": "12.50", "weight_unit": "kg", "weight_kg": "12.50"}),
    ("pet", {"deceased": True, "deceased_on": "2026-02-20"}),
    ("pet", {"species": "dog"}),  # as it was
]
NOTES = """
    SELECT record, record_id, field, old_value, new_value, cause, via_pims_id, load_id
    FROM scriptright.record_change WHERE cause IN ('web_shop', 'rename')
    ORDER BY record, record_id, field, change_id
"""
RECORDS = """
    SELECT to_jsonb(p) - 'version', to_jsonb(c) - 'version', to_jsonb(r)
    FROM scriptright.pet p JOIN scriptright.client c USING (practice_id, client_id)
    JOIN scriptright.prescription r USING (practice_id, pet_id) ORDER BY r.prescription_id
"""


@pytest.fixture
def practice(engine: Engine) -> str:
    return prescribed(engine)


def write(connection: Connection, record: Record, cells: dict[str, Any]) -> None:
    sets = ", ".join(f"{name} = CAST(:{name} AS {SQL_TYPES.get(name, 'text')})" for name in cells)
    statement = f"UPDATE {TABLE[record]} SET {sets} WHERE {KEY[record]} = 1"
    connection.execute(text(statement), {c: bound(c, v) for c, v in cells.items()})


def edit(connection: Connection, record: Record, cells: dict[str, Any]) -> None:
    edited = web_shop.edit_client if record == "client" else web_shop.edit_pet
    edited(connection, "oak", 1, cells, actor="web")


def outcome(
    engine: Engine, act: Callable[[Connection, Record, dict[str, Any]], None], *edits: Edit
) -> tuple[list[tuple[Any, ...]], ...]:
    """What the web shop's role finds after these edits, which are rolled back: notes and records."""
    with transaction(engine, "shop", "oak") as connection:
        before = connection.begin_nested()
        for record, cells in edits:
            act(connection, record, cells)
        found = tuple(
            [tuple(row) for row in connection.execute(text(query))] for query in (NOTES, RECORDS)
        )
        before.rollback()
    return found


@pytest.mark.parametrize("change", EDITS, ids=lambda change: ",".join(change[1]))
def test_a_statement_leaves_the_notes_marks_and_records_that_an_edit_leaves(
    engine: Engine, practice: str, change: Edit
) -> None:
    assert outcome(engine, write, change) == outcome(engine, edit, change)


def test_each_statement_that_changes_something_leaves_a_note(engine: Engine, practice: str) -> None:
    noted = [len(outcome(engine, write, change)[0]) for change in EDITS]
    assert noted == [1, 1, 2, 1, 1, 3, 1, 2, 1, 1, 0]


def test_a_second_rename_by_statement_moves_the_name_that_is_needed(
    engine: Engine, practice: str
) -> None:
    renames: list[Edit] = [
        ("pet", {"name": "Max"}),
        ("pet", {"name": "MAX"}),
        ("pet", {"name": "Moe"}),
    ]
    assert outcome(engine, write, *renames) == outcome(engine, edit, *renames)
    with transaction(engine, "shop", practice) as connection:
        for record, cells in renames:
            write(connection, record, cells)
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Moe"),
        ("Rex", "needs_new_prescription", "Moe"),
        ("Rex", "ended", None),
    ]


def test_the_note_names_the_login_and_the_moment_of_the_write(
    engine: Engine, practice: str
) -> None:
    with transaction(engine, "shop", practice) as connection:
        connection.execute(text("SELECT pg_sleep(0.01)"))
        before = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        write(connection, "client", {"email": "new@example.com"})
    [(actor, login, later)] = rows(
        engine,
        "SELECT actor, session_user::text, changed_at >= :before FROM scriptright.record_change"
        " WHERE cause = 'web_shop'",
        before=before,
    )
    assert (actor, later) == (login, True)


@pytest.fixture
def application(engine: Engine, database_url: str) -> Iterator[Engine]:
    """The shop's application, whose login has the rights of its role without taking it."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS scriptright_web")
        connection.exec_driver_sql("CREATE ROLE scriptright_web LOGIN IN ROLE scriptright_shop")
    login = open_engine(database_url.replace(f"//{SUPERUSER}@", "//scriptright_web@"))
    yield login
    login.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE scriptright_web")


def test_a_login_that_inherits_the_shops_rights_marks_and_is_noted_just_so(
    engine: Engine, practice: str, application: Engine
) -> None:
    with application.begin() as connection:
        connection.execute(text("SELECT set_config('scriptright.practice', 'oak', true)"))
        write(connection, "pet", {"name": "Max"})
    assert rows(
        engine, "SELECT field, actor FROM scriptright.record_change WHERE cause <> 'prescribed'"
    ) == [
        ("state", "scriptright_web"),
        ("state", "scriptright_web"),
        ("name", "scriptright_web"),
    ]
    assert [row[3:] for row in rows(engine, PRESCRIPTIONS)] == [
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "needs_new_prescription", "Max"),
        ("Rex", "ended", None),
    ]


def test_a_login_that_inherits_the_shops_rights_gives_no_number_of_its_own(
    practice: str, application: Engine
) -> None:
    numbered = "INSERT INTO scriptright.client (practice_id, client_id, origin) VALUES ('oak', 4000, 'home_delivery')"
    with application.begin() as connection:
        connection.execute(text("SELECT set_config('scriptright.practice', 'oak', true)"))
        with pytest.raises(DatabaseRefused, match="number_given"), translate_errors("oak"):
            connection.exec_driver_sql(numbered)


def test_a_statement_after_an_edit_in_one_transaction_is_noted_too(
    engine: Engine, practice: str
) -> None:
    with transaction(engine, "shop", practice) as connection:
        edit(connection, "client", {"email": "one@example.com"})
        write(connection, "client", {"email": "two@example.com"})
    assert rows(
        engine,
        "SELECT old_value ->> 'email', new_value ->> 'email' FROM scriptright.record_change"
        " WHERE cause = 'web_shop' ORDER BY change_id",
    ) == [("ann@example.com", "one@example.com"), ("one@example.com", "two@example.com")]


def test_the_trigger_knows_every_column_of_the_field_policy() -> None:
    script = (
        Path(migrate.__file__).parents[1] / "migrations" / "sql" / "0014_shop_and_shape.sql"
    ).read_text()
    known = [
        (record, name, tuple(re.findall(r"'(\w+)'", columns)))
        for record, name, columns in re.findall(
            r"\(\d, '(\w+)', '(\w+)', ARRAY\[([^\]]*)\]\)", script
        )
    ]
    assert known == [(f.record, f.name, f.columns) for f in FIELDS if f.name != "owner"]

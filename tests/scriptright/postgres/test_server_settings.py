"""A server as its administrators have set it: other forms, schemas, limits, encodings."""

from __future__ import annotations

import time

import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url, text

from tests.scriptright.builders import client, load, one, pet
from vet_pipeline.errors import DatabaseRefused, DatabaseUnavailable, LoadInProgress
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.load.tell_planner import tell_planner
from vet_pipeline.scriptright.postgres import database
from vet_pipeline.scriptright.postgres import migrate as migrating
from vet_pipeline.scriptright.postgres.database import driver, open_engine, require_migrated
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.roles import connected, transaction


def set_for_all(url: str, name: str, value: str) -> None:
    """ALTER DATABASE ... SET, as an administrator does it for every login."""
    engine = open_engine(url)
    with engine.begin() as connection:
        statement = sql.SQL("ALTER DATABASE {} SET {} = {}").format(
            sql.Identifier(str(make_url(url).database)), sql.Identifier(name), sql.Literal(value)
        )
        driver(connection).execute(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("datestyle", "German, DMY"),
        ("extra_float_digits", "-10"),
        ("search_path", "nowhere"),
        ("client_encoding", "LATIN1"),
        ("row_security", "off"),
        ("default_transaction_isolation", "serializable"),
        ("default_transaction_isolation", "repeatable read"),
        ("statement_timeout", "1ms"),
    ],
)
def test_a_load_is_the_same_whatever_is_set_for_the_database(
    name: str, value: str, database_url: str, program_url: str
) -> None:
    set_for_all(database_url, name, value)
    migrate(database_url)
    owner, program = open_engine(database_url), open_engine(program_url)
    require_migrated(program)
    with transaction(program, "ops", "oak") as connection:
        practices.add(
            connection,
            "oak",
            name="Oak",
            pims="generic",
            odbc="DRIVER=SQLite3;Database=oak.db",
            contact_email="desk@oak.example",
            timezone="America/Chicago",
            by="Test Person",
        )
    load(owner, "oak", 1, [client("C1", first_name="Łucja")], [pet("P1", "C1", weight="30.25")])
    with connected(program, "read", "oak") as connection:
        found = connection.execute(
            text(
                "SELECT c.first_name, p.name, p.weight_kg FROM scriptright.pet p"
                " JOIN scriptright.client c USING (practice_id, client_id)"
            )
        ).all()
    assert [(one, pet_name, float(kg)) for one, pet_name, kg in found] == [("Łucja", "Rex", 30.25)]
    owner.dispose()
    program.dispose()


def test_a_load_may_think_for_longer_than_the_server_lets_others_idle(database_url: str) -> None:
    set_for_all(database_url, "idle_in_transaction_session_timeout", "50ms")
    engine = open_engine(database_url)
    with engine.begin() as connection:
        before = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        time.sleep(0.3)
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == before
    engine.dispose()


def test_whoever_waits_for_a_table_is_told_at_last_and_not_sooner_than_we_say(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has altered a table in a transaction and gone to lunch."""
    set_for_all(database_url, "lock_timeout", "1ms")
    waiting = open_engine(database_url)
    with waiting.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "30s"
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "200ms")
    impatient = open_engine(database_url)
    with waiting.begin() as altering:
        altering.execute(text("ALTER TABLE scriptright.practice ADD COLUMN more text"))
        with pytest.raises(LoadInProgress), connected(impatient, "ops") as connection:
            practices.list_practices(connection)
    with connected(impatient, "ops") as connection:
        assert practices.list_practices(connection) == []
    waiting.dispose()
    impatient.dispose()


def test_a_table_that_is_vacuumed_for_long_keeps_no_load_that_is_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "200ms")
    impatient = open_engine(engine.url.render_as_string(hide_password=False))
    with engine.begin() as vacuuming, impatient.connect() as loaded:
        lock = "LOCK TABLE scriptright.pims_client IN SHARE UPDATE EXCLUSIVE MODE"
        vacuuming.execute(text(lock))
        tell_planner(loaded, "oak")
    sampled = "SELECT count(*) FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL"
    impatient.dispose()
    assert one(engine, sampled) == 3


def test_a_database_that_may_only_be_read_is_told_as_that(database_url: str) -> None:
    set_for_all(database_url, "default_transaction_read_only", "on")
    with pytest.raises(DatabaseUnavailable, match="may only be read now"):
        migrate(database_url)


def test_a_new_database_that_cannot_hold_every_character_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS narrow WITH (FORCE)"))
        connection.execute(
            text("CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        )
        narrow = make_url(database_url).set(database="narrow")
        with pytest.raises(DatabaseRefused, match=r"in LATIN1.*ENCODING 'UTF8'"):
            migrate(narrow.render_as_string(hide_password=False))
        connection.execute(text("DROP DATABASE narrow WITH (FORCE)"))
    engine.dispose()


def test_a_server_that_is_too_old_is_told_as_that(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL 14 refused a view's option: `migrate` said to report a defect."""
    monkeypatch.setattr(migrating, "OLDEST_SERVER", 99)
    with pytest.raises(DatabaseRefused, match=r"is PostgreSQL \d+, .* needs 99 or newer"):
        migrate(empty_database_url)


def test_a_pooler_that_drops_our_settings_is_told_and_not_worked_through(
    program_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PgBouncer's `ignore_startup_parameters = options`: loads ran by whatever was set there."""
    monkeypatch.setattr(database, "_options", lambda _: "")
    engine = open_engine(program_url)
    with pytest.raises(DatabaseRefused, match="a pooler stands before"):
        require_migrated(engine)
    engine.dispose()

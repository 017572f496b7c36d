"""The schema goes up on an empty database, up again, and down; and old ones are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, make_url, text

from tests.scriptright.builders import add_practice, client, load, one, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import (
    DatabaseNotMigrated,
    DatabaseRefused,
    DatabaseUnavailable,
    LoadInProgress,
)
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.postgres import database
from vet_pipeline.scriptright.postgres.database import SCHEMA_VERSION, open_engine, require_migrated
from vet_pipeline.scriptright.postgres.migrate import drop_schema, migrate, newest_version
from vet_pipeline.scriptright.postgres.server import PROGRAM, SUPERUSER

TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'scriptright'"


def test_migrating_an_empty_database_makes_the_whole_schema(
    empty_engine: Engine, empty_database_url: str
) -> None:
    migrate(empty_database_url)
    require_migrated(empty_engine)
    assert one(empty_engine, TABLES) == 25


def test_a_database_of_the_previous_version_goes_up_with_what_it_holds(
    empty_engine: Engine,
    empty_database_url: str,
) -> None:
    migrate(empty_database_url, "0001")
    assert one(empty_engine, TABLES) == 18
    with pytest.raises(DatabaseNotMigrated, match="vet-pipeline migrate"):
        require_migrated(empty_engine)
    add_practice(empty_engine)
    with empty_engine.begin() as connection:
        client_id = web_shop.add_client(connection, "oak", {"last_name": "Lee"})
    migrate(empty_database_url)
    require_migrated(empty_engine)
    assert rows(empty_engine, "SELECT client_id, last_name FROM scriptright.client") == [
        (client_id, "Lee")
    ]
    load(empty_engine, "oak", 1, [client("1")], matcher=ToldMatcher({"1": ("linked", [client_id])}))
    assert one(empty_engine, "SELECT count(*) FROM scriptright.client_link") == 1


def test_migrating_twice_changes_nothing(engine: Engine, database_url: str) -> None:
    before = rows(engine, "SELECT oid, relname FROM pg_class ORDER BY oid")
    migrate(database_url)
    assert rows(engine, "SELECT oid, relname FROM pg_class ORDER BY oid") == before


def test_two_migrations_at_once_both_succeed_however_long_the_first_one_takes(
    empty_engine: Engine, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "200ms")
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(migrate, [empty_database_url] * 4)) == [None] * 4
    require_migrated(empty_engine)


def test_a_transaction_left_open_in_the_web_shop_keeps_nobody_else_waiting_for_a_migration(
    empty_engine: Engine,
    empty_database_url: str,
) -> None:
    migrate(empty_database_url, "0011")
    with empty_engine.begin() as left_open:
        left_open.execute(text("SELECT count(*) FROM scriptright.client"))
        with pytest.raises(LoadInProgress, match="nothing was migrated"):
            migrate(empty_database_url, wait_seconds=0.2)
        assert one(empty_engine, "SELECT version_num FROM scriptright_version") == "0011"
    migrate(empty_database_url)
    require_migrated(empty_engine)


def test_a_schema_that_is_dropped_leaves_nothing_and_is_made_anew(
    engine: Engine, database_url: str
) -> None:
    drop_schema(database_url)
    assert one(engine, TABLES) == 0
    with pytest.raises(DatabaseNotMigrated, match="vet-pipeline migrate"):
        require_migrated(engine)
    migrate(database_url)
    require_migrated(engine)


def test_an_empty_database_is_not_migrated(empty_engine: Engine) -> None:
    with pytest.raises(DatabaseNotMigrated, match="vet-pipeline migrate"):
        require_migrated(empty_engine)


def test_a_database_from_before_there_were_roles_is_not_migrated(empty_database_url: str) -> None:
    """The program's login may not even read its version."""
    migrate(empty_database_url, "0003")
    engine = open_engine(empty_database_url.replace(f"//{SUPERUSER}@", f"//{PROGRAM}@"))
    with pytest.raises(DatabaseNotMigrated, match="vet-pipeline migrate"):
        require_migrated(engine)
    migrate(empty_database_url)
    require_migrated(engine)
    engine.dispose()


def test_a_schema_that_isnt_what_its_version_left_is_told_so_and_not_to_migrate_again(
    empty_engine: Engine,
    empty_database_url: str,
) -> None:
    migrate(empty_database_url, "0015")
    with empty_engine.begin() as connection:
        connection.execute(text("ALTER TABLE scriptright.practice DROP COLUMN applied_conventions"))
    with pytest.raises(DatabaseRefused) as refused:
        migrate(empty_database_url)
    assert str(refused.value).startswith(
        "ScriptRight's schema isn't whole (it lacks something that version 0015 has, SQLSTATE 42703):"
        " nothing was migrated"
    )
    assert one(empty_engine, "SELECT version_num FROM public.scriptright_version") == "0015"


def test_a_database_that_doesnt_exist_is_named_as_such(database_url: str) -> None:
    engine = open_engine(database_url.replace("/test_", "/no_such_"))
    with pytest.raises(DatabaseNotMigrated, match="doesn't exist"):
        require_migrated(engine)


def test_a_server_whose_connections_are_used_up_is_told_as_that(
    database_url: str, program_url: str
) -> None:
    owner = open_engine(database_url)
    name = make_url(database_url).database
    with owner.begin() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    owner.dispose()
    with pytest.raises(DatabaseUnavailable) as caught:
        require_migrated(open_engine(program_url))
    assert caught.value.what == "ScriptRight's database has no connection left (SQLSTATE 53300)"


def test_an_unreachable_server_is_unavailable_and_retryable() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:9/scriptright")
    with pytest.raises(DatabaseUnavailable) as caught:
        require_migrated(engine)
    assert caught.value.retryable


def test_the_programs_schema_version_is_the_newest_migration() -> None:
    assert newest_version() == SCHEMA_VERSION

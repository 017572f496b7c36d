"""What is known by a number that the restored database doesn't know of, and gives out anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.faults.test_restore import restore_in_place, restored, take_dump
from tests.scriptright.builders import add_practice, client, load, one, pet
from vet_pipeline.errors import DatabaseNotMigrated, UnknownItem
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.postgres.database import require_migrated
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.restored import AnotherLife
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.records import baseline

NEXT_SNAPSHOT = "SELECT next_snapshot_seq FROM scriptright.practice"


def first_load(engine: Engine) -> None:
    add_practice(engine)
    clients = [client("1", last_name="Lee"), client("2", last_name="Diaz")]
    load(engine, "oak", 1, clients, [pet("p1", "1")])


def ask_of_a_move(engine: Engine, who: str) -> tuple[int, int]:
    """The numbers of the one suggestion and of its client, after a load in which that one moved."""
    clients = [client("1", last_name="Lee"), client("2", last_name="Diaz")]
    moved = [c | {"address_line1": "9 New St"} if c["client_key"] == who else c for c in clients]
    load(engine, "oak", 2, moved, [pet("p1", "1")])
    with engine.connect() as connection:
        [asked] = list_suggestions(connection, "oak")
    return asked.suggestion_id, asked.record_id


def test_a_number_told_before_a_restore_is_given_to_nothing_else(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    migrate(database_url)
    first_load(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    told, lee = ask_of_a_move(engine, "1")  # lost with the old server
    with restored(postgres, dump) as again:
        before = one(again, NEXT_SNAPSHOT)
        migrate(again.url.render_as_string(hide_password=False))
        _, diaz = ask_of_a_move(again, "2")
        assert diaz != lee
        with pytest.raises(UnknownItem):
            confirm(again, "oak", told, by="Dana Field")
        assert baseline.next_snapshot_seq(again, "oak") >= before + 1000


def test_nor_is_one_that_was_told_between_two_restores_of_one_backup(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    migrate(database_url)
    first_load(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    with restored(postgres, dump) as again:
        migrate(again.url.render_as_string(hide_password=False))
        told, lee = ask_of_a_move(again, "1")
    with restored(postgres, dump) as once_more:
        migrate(once_more.url.render_as_string(hide_password=False))
        asked, diaz = ask_of_a_move(once_more, "2")
        assert asked > told
        assert diaz != lee
        with pytest.raises(UnknownItem):
            confirm(once_more, "oak", told, by="Dana Field")


def test_nor_is_it_by_the_same_database_restored_in_place(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    migrate(database_url)
    first_load(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    told, _ = ask_of_a_move(engine, "1")
    engine.dispose()
    restore_in_place(postgres, database_url, dump)
    migrate(database_url)
    assert ask_of_a_move(engine, "2")[0] > told + 1000


def test_nor_by_a_backup_of_a_release_that_noted_no_life(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    first_load(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    told, _ = ask_of_a_move(engine, "1")
    with restored(postgres, dump) as again:
        migrate(again.url.render_as_string(hide_password=False))
        assert ask_of_a_move(again, "2")[0] > told + 1000


def test_nor_by_a_copy_of_the_servers_files_where_a_person_says_that_it_is_one(
    engine: Engine, database_url: str
) -> None:
    first_load(engine)
    migrate(database_url)
    migrate(database_url, restored=True)
    assert ask_of_a_move(engine, "1")[0] > 1_000_000


def test_migrating_again_leaves_numbers_alone(engine: Engine, database_url: str) -> None:
    add_practice(engine)
    for _ in range(3):
        migrate(database_url)
    load(engine, "oak", 1, [client("1")], [])
    assert one(engine, "SELECT client_id + load_id FROM scriptright.client, scriptright.load") == 2
    assert baseline.next_snapshot_seq(engine, "oak") == 2


def test_a_restored_dump_is_not_worked_on_until_it_was_migrated(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    migrate(database_url)
    require_migrated(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    with restored(postgres, dump) as again:
        with pytest.raises(DatabaseNotMigrated, match="restored"):
            require_migrated(again)
        migrate(again.url.render_as_string(hide_password=False))
        require_migrated(again)
    engine.dispose()
    restore_in_place(postgres, database_url, dump)
    with pytest.raises(DatabaseNotMigrated, match="restored"):
        require_migrated(engine)


def test_nor_by_a_server_to_which_rows_were_replicated_and_no_sequence(
    engine: Engine, database_url: str
) -> None:
    """Rows by logical replication, after a restore before: a million wasn't above them."""
    migrate(database_url, restored=True)
    migrate(database_url, restored=True)
    first_load(engine)
    told, _ = ask_of_a_move(engine, "1")
    with engine.begin() as connection:
        for name in ("suggestion_suggestion_id", "client_client_id"):
            connection.exec_driver_sql(f"ALTER SEQUENCE scriptright.{name}_seq RESTART")
    migrate(database_url, restored=True)
    clients = [client("1", last_name="Lee"), client("2", last_name="Diaz")]
    moved = [c | {"address_line1": "9 New St"} for c in clients]
    load(engine, "oak", 3, moved, [pet("p1", "1")])
    assert one(engine, "SELECT max(suggestion_id) FROM scriptright.suggestion") > told + 1000


def test_who_migrates_hears_that_numbers_went_on_higher(engine: Engine, database_url: str) -> None:
    assert migrate(database_url) is None
    first_load(engine)
    assert migrate(database_url) is None
    assert migrate(database_url, restored=True) == AnotherLife(confirmations=1)


def test_after_a_failover_nobody_has_to_migrate(engine: Engine, database_url: str) -> None:
    migrate(database_url)
    timeline = r"regexp_replace(obj_description('scriptright'::regnamespace), '/1/', '/2/')"
    noted = one(engine, f"SELECT {timeline}")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"COMMENT ON SCHEMA scriptright IS '{noted}'")
    require_migrated(engine)

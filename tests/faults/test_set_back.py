"""A database that was set back and can't tell so by itself: what is kept outside of it tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine, command, dagster_url  # noqa: F401 - fixtures
from tests.cli.copying import copy
from tests.faults.test_restore import restore_in_place, take_dump
from tests.scriptright.builders import add_practice, one
from vet_pipeline.errors import DatabaseNotMigrated
from vet_pipeline.scriptright.postgres.database import require_migrated
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.audit_heads import head, refuse_if_set_back
from vet_pipeline.scriptright.trail.witness import Witness, head_name

LAST_CLIENT = "SELECT last_value FROM scriptright.client_client_id_seq"
NEXT_SNAPSHOT = "SELECT next_snapshot_seq FROM scriptright.practice"


def loaded(command: CommandLine) -> None:  # noqa: F811
    copy(command)
    assert command("audit", "keep").exit_code == 0


def set_back(engine: Engine, database_url: str, postgres: EmbeddedServer, dump: Path) -> None:
    """As if the server's files were put back: nothing in the database says so."""
    engine.dispose()
    restore_in_place(postgres, database_url, dump)
    require_migrated(engine)


@pytest.fixture
def backup(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    tmp_path: Path,
) -> Path:
    """Taken after the first of two loads; without comments, which note the database's life."""
    command.add_practice()
    loaded(command)
    with engine.begin() as connection:
        connection.exec_driver_sql("COMMENT ON SCHEMA scriptright IS NULL")
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    loaded(command)
    return dump


def test_a_database_that_was_set_back_reads_and_decides_nothing_until_its_numbers_go_on_above(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    backup: Path,
) -> None:
    set_back(engine, database_url, postgres, backup)
    for words in (
        ("plan", "elm"),
        ("run", "elm", "--stored"),
        ("release", "elm", "--snapshot", "1", "--by", "Test Person"),
        ("review", "confirm", "elm", "1", "--by", "Test Person"),
        # The record that is made of the PIMS's values would get the number of one that is lost.
        ("link", "undo", "elm", "client", "1", "--by", "Test Person"),
    ):
        refused = command(*words)
        assert refused.exit_code == 1, words
        said = " ".join((refused.stdout + refused.stderr).split())
        assert "is older than what is kept outside of it" in said
        assert "vet-pipeline migrate --restored" in said
    assert one(engine, NEXT_SNAPSHOT) == 2
    migrate(database_url, restored=True)
    assert copy(command).state == "applied"
    assert one(engine, LAST_CLIENT) > 1_000_000


def test_a_database_that_was_not_set_back_is_never_taken_for_one(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    database_url: str,
    backup: Path,
) -> None:
    """Nor one of whose last load no head was kept, nor one that was migrated after a restore."""
    copy(command)
    copy(command)
    migrate(database_url, restored=True)
    loaded(command)
    assert copy(command).state == "applied"


def test_a_head_of_another_database_or_of_a_release_that_noted_none_stops_nothing(
    engine: Engine,
) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        audit.append(connection, "oak", "Test Person", "practice_added", {})
        now = head(connection, "oak")
    assert now is not None
    old = {"practice": "oak", "n": 9, "hash": "00"}
    for n, kept in enumerate(
        (old, now | {"n": 10, "hash": "00", "registration": "7/5/1"}), start=9
    ):
        Witness.of_home().put("oak", head_name(n), kept)
        refuse_if_set_back(engine, "oak")
    Witness.of_home().put("oak", head_name(11), now | {"n": 11, "hash": "00"})
    with pytest.raises(DatabaseNotMigrated):
        refuse_if_set_back(engine, "oak")


def test_a_practice_that_was_lost_with_a_restore_and_is_registered_anew_is_read(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    tmp_path: Path,
) -> None:
    """Its heads of before are of another registration: the next step was to migrate once more."""
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    command.add_practice()
    loaded(command)
    loaded(command)
    set_back(engine, database_url, postgres, dump)
    migrate(database_url, restored=True)
    command.add_practice()
    for _ in range(2):
        assert copy(command).state == "applied"
        assert command("audit", "keep").exit_code == 0

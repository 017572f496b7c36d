"""A dump that was restored by half, or with what guards its rows left out, is no database yet."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from automation.audit_trail import verify_audit
from resources.scriptright import ScriptRightResource
from tests.faults.test_restore import restored, take_dump
from tests.scriptright.builders import add_practice, client, load, one
from vet_pipeline.errors import DatabaseNotMigrated, DatabaseRefused
from vet_pipeline.scriptright.postgres.database import require_migrated
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.postgres.whole import GUARDS, guards


def test_what_guards_a_migrated_database_is_what_a_restored_one_has_to_have(engine: Engine) -> None:
    with engine.connect() as connection:
        assert guards(connection) == GUARDS


@pytest.mark.parametrize(
    ("sections", "told"),
    [(("pre-data",), "its version is missing"), (("pre-data", "data"), "triggers: 0 of 45")],
    ids=["no rows", "rows and no guard"],
)
def test_half_a_dump_is_neither_migrated_nor_worked_on(
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    tmp_path: Path,
    sections: tuple[str, ...],
    told: str,
) -> None:
    migrate(database_url)
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [])
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    options = [f"--section={section}" for section in sections]
    with restored(postgres, dump, *options) as half:
        assert one(half, "SELECT count(*) FROM scriptright.client") == len(sections) - 1
        with pytest.raises(DatabaseRefused, match=rf"isn't whole \({told}.*empty database"):
            migrate(half.url.render_as_string(hide_password=False))
        with pytest.raises(DatabaseNotMigrated):
            require_migrated(half)


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("ALTER TABLE scriptright.pet DISABLE TRIGGER ALL", "triggers: "),
        (
            "DROP TRIGGER audit_append_only ON scriptright.audit",
            "triggers: 44 of 45, without audit.audit_append_only",
        ),
        (
            "DROP INDEX scriptright.suggestion_one_open",
            "unique indexes: 29 of 30, without suggestion_one_open",
        ),
    ],
)
def test_what_an_interrupted_restore_left_switched_off_or_out_is_told(
    engine: Engine, database_url: str, loss: str, told: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(loss)
    with pytest.raises(DatabaseRefused, match=told):
        migrate(database_url)


def test_triggers_that_somebody_left_switched_off_are_found_by_the_daily_audit(
    engine: Engine, program_url: str
) -> None:
    """After rows were put right by hand, say: a renamed pet's prescriptions would go on unmarked."""
    resources = {"scriptright": ScriptRightResource(url=program_url)}
    assert verify_audit.execute_in_process(resources=resources).success
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE scriptright.pet DISABLE TRIGGER ALL")
    with pytest.raises(dg.Failure, match=r"isn't whole \(triggers: 37 of 45, without pet\.meaning"):
        verify_audit.execute_in_process(resources=resources)


def test_what_others_have_added_is_no_loss_and_makes_up_for_none(
    engine: Engine, database_url: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX theirs ON scriptright.pet (pet_id, name)")
    migrate(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX scriptright.suggestion_one_open")
    with pytest.raises(DatabaseRefused, match="without suggestion_one_open"):
        migrate(database_url)


def test_an_empty_schema_that_an_administrator_has_made_is_no_half_dump(
    empty_engine: Engine,
    empty_database_url: str,
) -> None:
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA scriptright")
    migrate(empty_database_url)
    require_migrated(empty_engine)

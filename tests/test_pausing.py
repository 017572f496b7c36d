"""A practice that was paused on its word stays unread, whatever the database has forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine, command, dagster_url  # noqa: F401 - fixtures
from tests.cli.copying import copy
from tests.scriptright.builders import one
from vet_pipeline import job, practices
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import PracticeStateRefuses

PAUSE = ("practice", "pause", "elm", "--by", "Dana Field", "--reason", "asked to stop")
RESUME = ("practice", "resume", "elm", "--by", "Dana Field")


def restored(engine: Engine) -> None:
    """The database as it was before the pause."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE scriptright.practice SET state = 'active', state_reason = NULL"
        )


def test_a_database_restored_from_before_a_pause_reads_nothing_until_a_person_has_spoken(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    command.add_practice()
    assert command(*PAUSE).exit_code == 0
    restored(engine)
    refused = command("plan", "elm")
    assert refused.exit_code == 1
    assert "was paused, and this database, restored from before that" in refused.stderr
    assert list(command.home.glob("snapshots/elm/*")) == []
    assert command(*PAUSE).exit_code == 0
    assert one(engine, "SELECT state FROM scriptright.practice") == "paused"
    assert command(*RESUME).exit_code == 0
    assert command("plan", "elm").exit_code == 0


def test_who_resumes_a_practice_that_a_restore_has_made_active_is_believed(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    command.add_practice()
    for words in (PAUSE, RESUME, PAUSE):
        assert command(*words).exit_code == 0
    restored(engine)
    assert command("plan", "elm").exit_code == 1
    assert command(*RESUME).exit_code == 0
    assert command("plan", "elm").exit_code == 0


def test_what_was_read_before_the_pause_is_not_applied_by_the_restored_database_either(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    command.add_practice()
    copy(command)
    assert command(*PAUSE).exit_code == 0
    restored(engine)
    with opened(command.home) as session:
        with session.connected("load", "elm") as connection:
            practice = practices.get(connection, "elm")
        manifest = session.store.read_manifest("elm", 1)
        with pytest.raises(PracticeStateRefuses, match="restored from before that"):
            job.apply_step(session.engine, session.store, practice, manifest)

"""A practice that was paused on its word stays unread, whatever the database has forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from automation.audit_trail import verify_audit
from resources.scriptright import ScriptRightResource
from tests.cli.conftest import CommandLine, command, dagster_url  # noqa: F401 - fixtures
from tests.cli.copying import copy
from tests.offboarding.test_stays_erased import full_disk
from tests.scriptright.builders import one, rows
from vet_pipeline import job
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import PauseForgotten
from vet_pipeline.registry import practices
from vet_pipeline.secret_key import derived_key

PAUSE = ("practice", "pause", "elm", "--by", "Dana Field", "--reason", "asked to stop")
RESUME = ("practice", "resume", "elm", "--by", "Dana Field")


def paused(command: CommandLine) -> None:  # noqa: F811
    """The practice is there, and paused on its word."""
    command.add_practice()
    assert command(*PAUSE).exit_code == 0


def resumed_past_the_witness(engine: Engine) -> None:
    """The database says that the practice may be read; the witness hasn't heard of it."""
    with engine.begin() as connection:
        practices.resume(connection, "elm", by="Dana Field")


def restored(engine: Engine) -> None:
    """The database as it was before the pause, the last that was done to the practice; migrated."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql(
            "UPDATE scriptright.practice SET state = 'active', state_reason = NULL,"
            " next_snapshot_seq = next_snapshot_seq + 1000"
        )
        connection.exec_driver_sql(
            "DELETE FROM scriptright.audit WHERE n = (SELECT max(n) FROM scriptright.audit)"
        )


def test_a_database_restored_from_before_a_pause_reads_nothing_until_a_person_has_spoken(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    paused(command)
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
    acts = "SELECT act FROM scriptright.audit WHERE actor = 'Dana Field' ORDER BY n"
    said = [("practice_paused",), ("practice_active",)] * 2
    assert rows(engine, acts) == [("practice_added",), *said]


def test_who_resumed_it_past_the_witness_is_believed_by_a_database_that_knows_the_pause(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    """By the release before, on a machine with a witness of its own, or with the witness's disk full."""
    paused(command)
    resumed_past_the_witness(engine)
    assert command("plan", "elm").exit_code == 0


def test_a_pause_that_somebody_else_has_signed_waits_for_a_person_and_not_for_the_key(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    paused(command)
    resumed_past_the_witness(engine)
    (command.home / "key").write_text("another" * 8)
    assert command("plan", "elm").exit_code == 1
    assert command(*RESUME).exit_code == 0
    assert command("plan", "elm").exit_code == 0


def test_a_pause_of_before_the_witness_kept_any_is_kept_by_the_daily_audit(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    program_url: str,
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        practices.pause(connection, "elm", by="Dana Field", reason="asked to stop")
    for _ in range(2):
        verify_audit.execute_in_process(
            resources={"scriptright": ScriptRightResource(url=program_url)}
        )
    assert len(list(command.home.glob("witness/elm/paused-*.json"))) == 1
    restored(engine)
    assert "restored from before that" in command("plan", "elm").stderr


@pytest.mark.parametrize("word", [PAUSE, RESUME])
def test_on_call_is_told_of_a_pause_that_the_database_has_forgotten_until_a_person_has_spoken(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    word: tuple[str, ...],
) -> None:
    paused(command)
    restored(engine)
    assert command("run", "elm").exit_code == 1
    [line] = command("status", "elm", "--json").data["practices"]
    assert line["state"] == "failed"
    assert line["what_to_do"].startswith("vet-pipeline practice pause elm --by NAME")
    [told] = command("failed", "--json").data["causes"]
    assert (told["error"], told["practices"]) == ("PauseForgotten", ["elm"])
    assert command(*word).exit_code == 0
    assert command("failed", "--json").data["causes"] == []


def test_who_pauses_without_the_key_of_a_shared_witness_hears_what_is_done_already(
    command: CommandLine,  # noqa: F811
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command.add_practice()
    monkeypatch.setenv("VET_PIPELINE_WITNESS", str(command.home / "shared"))
    refused = command(*PAUSE)
    assert refused.exit_code == 2
    assert "it is paused in ScriptRight, and not yet outside of it" in " ".join(
        refused.stderr.split()
    )
    assert one(engine, "SELECT state FROM scriptright.practice") == "paused"


def test_who_pauses_on_a_full_disk_hears_what_is_done_already(
    command: CommandLine,  # noqa: F811
    engine: Engine,
) -> None:
    """Before there was a key, too: the first thing that is written."""
    command.add_practice()
    for _ in range(2):
        with full_disk():
            refused = " ".join(command(*PAUSE).stderr.split())
        assert "it is paused in ScriptRight, and not yet outside of it" in refused
        assert "refused a write or read (EFBIG)" in refused
        assert list(command.home.glob("key.*")) == []
        derived_key(command.home, "witness")
    assert one(engine, "SELECT state FROM scriptright.practice") == "paused"


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
        with pytest.raises(PauseForgotten, match="restored from before that"):
            job.apply_step(session.engine, session.store, practice, manifest)

"""`run` through Dagster, with its exit codes; what failed is told, retried and held."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.pims import BELL, REX, change, make_pims
from tests.scriptright.builders import one

pytestmark = pytest.mark.slow


def test_a_practice_is_copied_edited_refreshed_and_reviewed(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    first = command("run", "elm", "--json")
    assert first.exit_code == 0, first.stdout
    assert (first.data["state"], first.data["snapshot"]) == ("applied", 1)
    assert first.data["read"] == {"clients": 1, "patients": 1}
    assert first.data["counts"]["clients_new"] == 1
    assert first.data["counts"]["email_requested"] == 1

    change(command.pims, "UPDATE vetpipeline_clients SET email = ?, last_name = ?",
           "bell@example.org", "Stone")  # fmt: skip
    refresh = command("run", "elm", "--json")
    assert refresh.exit_code == 0
    counts = refresh.data["counts"]
    assert (counts["changes_applied"], counts["suggestions_opened"]) == (1, 1)
    assert counts["email_requested"] == 0

    suggestion = command("review", "list", "elm", "--json").data["suggestions"][0]
    number = str(suggestion["suggestion_id"])
    assert command("review", "confirm", "elm", number, "--by", "Dana Field").exit_code == 0
    with engine.connect() as connection:
        row = connection.execute(text("SELECT last_name, email FROM scriptright.client")).one()
    assert tuple(row) == ("Stone", "bell@example.org")
    told = command("history", "elm", "--client", "C1", "--pims").stdout
    assert "Dana Field" in told
    assert "snapshot 2" in told


def test_a_failed_run_is_listed_with_its_reason_and_retried(command: CommandLine) -> None:
    command.add_practice()
    change(command.pims, "ALTER TABLE vetpipeline_patients RENAME TO moved")
    failed = command("run", "elm", "--json")
    assert failed.exit_code == 1
    assert (failed.data["state"], failed.data["error_class"]) == ("failed", "SnapshotShapeChanged")
    listed = command("failed", "--json").data["failed"]
    assert [(one["practice"], one["error"]) for one in listed if one["practice"] == "elm"] == [
        ("elm", "SnapshotShapeChanged")
    ]
    assert command("status", "elm", "--json").data["practices"][0]["state"] == "failed"
    change(command.pims, "ALTER TABLE moved RENAME TO vetpipeline_patients")
    assert command("retry", "elm").exit_code == 0
    assert command("failed").stdout == "nothing fails\n"


def test_a_held_snapshot_has_exit_code_3_and_a_release_applies_it(command: CommandLine) -> None:
    command.add_practice()
    assert command("run", "elm").exit_code == 0
    make_pims(command.pims, [BELL, {**BELL, "client_key": "C2"}], [])
    held = command("run", "elm", "--json")
    assert (held.exit_code, held.data["state"]) == (3, "held")
    (listed,) = command("failed", "--json").data["failed"]
    assert listed["error"] == "SnapshotHeld"
    assert "vet-pipeline release elm --snapshot 2 --by NAME" in listed["next_step"]
    shown = command("show", "elm").stdout
    assert "if the snapshot is right: vet-pipeline release elm --snapshot 2 --by NAME" in shown
    released = command("release", "elm", "--by", "Dana Field", "--json")
    assert released.exit_code == 0
    assert released.data["run"]["state"] == "applied"
    assert released.data["run"]["counts"]["missing"] == 1
    make_pims(command.pims, [BELL, {**BELL, "client_key": "C2"}], [REX])
    again = command("run", "elm", "--json")
    assert again.data["counts"]["returned"] == 1


def test_a_release_that_says_that_nothing_was_changed_is_none(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's database is away; else the next run would apply what the person takes for held."""
    command.add_practice()
    assert command("run", "elm").exit_code == 0
    make_pims(command.pims, [BELL, {**BELL, "client_key": "C2"}], [])
    assert command("run", "elm").exit_code == 3
    with monkeypatch.context() as patch:
        patch.setenv("DAGSTER_PG_URL", "postgresql://nobody@127.0.0.1:9/dagster")
        told = command("release", "elm", "--by", "Dana Field")
    assert (told.exit_code, "nothing was changed" in told.stderr) == (1, True)
    assert one(engine, "SELECT count(released_at) FROM scriptright.hold") == 0
    assert command("release", "elm", "--by", "Dana Field").exit_code == 0


def test_a_retyped_column_is_read_only_after_a_named_person_accepted_it(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    assert command("run", "elm").exit_code == 0
    change(command.pims, "ALTER TABLE vetpipeline_patients RENAME COLUMN weight TO old_weight")
    change(command.pims, "ALTER TABLE vetpipeline_patients ADD COLUMN weight REAL")
    change(command.pims, "UPDATE vetpipeline_patients SET weight = old_weight")
    refused = command("run", "elm", "--json")
    assert (refused.exit_code, refused.data["error_class"]) == (1, "SnapshotShapeChanged")
    assert "--accept-shape" in refused.data["error"]
    assert command("run", "elm", "--accept-shape").exit_code == 2
    assert command("run", "elm", "--accept-shape", "--by", "Dana Field").exit_code == 0
    assert command("run", "elm").exit_code == 0
    with engine.connect() as connection:
        acts = connection.execute(
            text("SELECT actor FROM scriptright.audit WHERE act = 'shape_accepted'")
        )
        assert [row.actor for row in acts] == ["Dana Field"]

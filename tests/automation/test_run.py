"""Runs in this process: recorded in the home's instance, and told in words and plain values."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from automation.failures import failed_since, read_failure
from automation.instance import open_instance
from automation.run import RunOutcome, run_job, run_practice, send_confirmations
from resources.snapshots import SnapshotStoreResource
from tests.assets.conftest import World
from tests.mail.conftest import MailServer
from vet_pipeline.scriptright.postgres.urls import with_driver


@pytest.fixture
def home(
    tmp_path: Path,
    world: World,
    program_url: str,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A home whose databases are the test's, with a Dagster instance in PostgreSQL."""
    place = tmp_path / "home"
    monkeypatch.setenv("SCRIPTRIGHT_URL", program_url)
    monkeypatch.setenv("DAGSTER_PG_URL", with_driver(empty_database_url, "psycopg2"))
    for name in (
        "VET_PIPELINE_HOME", "DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED",
    ):  # fmt: skip
        monkeypatch.setenv(name, str(place))  # so that what the run sets is undone afterwards
    monkeypatch.delenv("VET_PIPELINE_SNAPSHOTS", raising=False)
    return place


def test_runs_are_recorded_told_and_end_held_or_applied(home: Path, world: World) -> None:
    steps: list[tuple[str, str]] = []
    first = run_practice("elm-street", home=home, on_step=lambda *step: steps.append(step))
    assert (first.state, first.error, first.failed_checks) == ("applied", "", {})
    assert first.assets["scriptright_records"]["clients_new"] == 2
    assert ("read_pims", "started") in steps
    assert ("scriptright_records", "done") in steps

    with open_instance(home) as instance:
        planned = run_job(
            "plan_practice", "elm-street", instance=instance, run_tags={"why": "test"}
        )
    assert planned.state == "planned"
    assert "scriptright_records" not in planned.assets

    world.pims.run("DELETE FROM vetpipeline_clients")
    held = run_practice("elm-street", home=home)
    assert held.state == "held"
    assert "client table empty" in held.error
    assert "vet-pipeline release elm-street --snapshot 3 --by NAME" in held.error

    world.pims.path.unlink()
    failed = run_practice("elm-street", home=home)
    assert failed.state == "failed"
    assert failed.error_class == "PimsUnavailable"
    assert "Next step: " in failed.error

    with open_instance(home) as instance:
        recorded = {run.run_id: run for run in instance.get_runs()}
        assert {o.run_id for o in (first, planned, held, failed)} == set(recorded)
        assert recorded[planned.run_id].tags["why"] == "test"
        assert recorded[held.run_id].status is dg.DagsterRunStatus.FAILURE
        assert instance.get_materialized_partitions(dg.AssetKey("scriptright_records")) == {
            "elm-street"
        }


def test_pending_confirmations_are_sent_by_a_run_each(
    home: Path, world: World, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = mail_server.settings
    for name in ("host", "port", "security", "sender"):
        monkeypatch.setenv(f"VET_PIPELINE_SMTP_{name.upper()}", str(getattr(settings, name)))
    resources = {"snapshots": SnapshotStoreResource(url=str(home / "elsewhere"))}
    run_practice("elm-street", home=home, resources=resources)
    (outcome,) = send_confirmations(home).values()
    assert isinstance(outcome, RunOutcome)
    assert outcome.state == "sent"
    assert send_confirmations(home) == {}
    assert len(mail_server.postbox.messages) == 1


def test_a_run_stopped_between_two_steps_is_on_record_as_stopped_by_a_person(
    home: Path, world: World
) -> None:
    def stop(step: str, word: str) -> None:
        if (step, word) == ("clients", "started"):
            raise KeyboardInterrupt  # between two steps, where no step of ours can catch it

    stopped = run_practice("elm-street", home=home, on_step=stop)
    assert (stopped.state, stopped.error_class) == ("failed", "Interrupted")
    with open_instance(home) as instance:
        (record, _) = next(failed_since(instance, datetime(2026, 1, 1, tzinfo=UTC)))
        failure = read_failure(instance, record)
    assert (failure.error, failure.what) == ("Interrupted", "stopped by a person")
    assert run_practice("elm-street", home=home).state == "applied"

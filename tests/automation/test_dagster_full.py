"""Dagster's database without room while a run goes on: its process ends, and can't say why."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import text

from automation.failures import read_failure
from automation.forked_launcher import ForkedRunLauncher
from automation.processes import PROCESS_TAG, interrupt, is_gone, runs_under_way
from tests.automation.test_forked_launcher import found, is_at_work, launched, until
from vet_pipeline.oncall.causes import Failure, is_retryable
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.urls import with_driver

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END$$;
CREATE TRIGGER full_disk BEFORE INSERT ON event_logs FOR EACH ROW {when} EXECUTE FUNCTION full_disk();
"""


@pytest.fixture
def instance(tmp_path: Path, empty_database_url: str) -> Iterator[dg.DagsterInstance]:
    url = with_driver(empty_database_url, "psycopg2")
    settings = {
        "storage": {"postgres": {"postgres_url": url}},
        "run_launcher": {"module": ForkedRunLauncher.__module__, "class": "ForkedRunLauncher"},
        "telemetry": {"enabled": False},
    }
    with dg.instance_for_test(temp_dir=str(tmp_path), overrides=settings) as instance:
        yield instance


def failure_of_a_run_that_met_it(instance: dg.DagsterInstance, url: str, when: str) -> Failure:
    run_id = launched(instance, 2)
    until(lambda: found(instance, run_id).status is dg.DagsterRunStatus.STARTED)
    instance.add_run_tags(run_id, {"practice": "oak"})
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(FULL.format(when=when)))
    until(lambda: is_gone(found(instance, run_id).tags[PROCESS_TAG]))
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full_disk ON event_logs"))
    engine.dispose()
    assert runs_under_way(instance) == []
    record = instance.get_run_record_by_id(run_id)
    assert record is not None
    return read_failure(instance, record)


def test_a_run_that_could_note_nothing_but_its_process_end_is_told_as_the_databases_trouble(
    instance: dg.DagsterInstance, empty_database_url: str
) -> None:
    failure = failure_of_a_run_that_met_it(
        instance, empty_database_url, "WHEN (NEW.dagster_event_type <> 'ENGINE_EVENT')"
    )
    assert (failure.error, failure.what, failure.next_step) == (
        "DatabaseUnavailable",
        "Dagster's database took nothing more of the run: it had no room, or was away",
        "check that the server of DAGSTER_PG_URL runs and has room; vet-pipeline retry oak",
    )
    assert is_retryable(failure.error)


def test_one_that_noted_that_its_database_was_away_is_told_as_that(
    instance: dg.DagsterInstance, empty_database_url: str
) -> None:
    failure = failure_of_a_run_that_met_it(
        instance, empty_database_url, "WHEN (NEW.dagster_event_type = 'ENGINE_EVENT')"
    )
    assert (failure.error, failure.what) == (
        "DatabaseUnavailable",
        "Dagster's database went away in the middle of the run",
    )


def test_one_that_could_note_nothing_at_all_may_have_been_killed_too(
    instance: dg.DagsterInstance, empty_database_url: str
) -> None:
    failure = failure_of_a_run_that_met_it(instance, empty_database_url, "")
    assert failure.error == "WorkerDied"
    assert failure.what.endswith("its machine went, or Dagster's database had no room")


def test_one_that_was_stopped_by_a_signal_is_none_of_the_databases(
    instance: dg.DagsterInstance,
) -> None:
    run_id = launched(instance, 300)
    until(lambda: is_at_work(instance, run_id))
    assert interrupt(found(instance, run_id).tags[PROCESS_TAG])
    until(lambda: found(instance, run_id).is_finished)
    record = instance.get_run_record_by_id(run_id)
    assert record is not None
    assert read_failure(instance, record).error == "WorkerDied"

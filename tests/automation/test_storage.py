"""Dagster's storage keeps its connections, and gives up those that the server has closed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from automation import storage
from automation.instance import open_instance
from vet_pipeline.cli.session import Session
from vet_pipeline.errors import DatabaseUnavailable
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.postgres.urls import with_driver


@dg.job
def some_job() -> None:
    """Never run."""


@pytest.fixture
def instance(
    tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dg.DagsterInstance]:
    """An instance in a database of its own, with its tables made."""
    monkeypatch.setenv("DAGSTER_PG_URL", with_driver(empty_database_url, "psycopg2"))
    for name in (
        "VET_PIPELINE_HOME", "DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED",
    ):  # fmt: skip
        monkeypatch.setenv(name, str(tmp_path))  # so that what opening sets is undone afterwards
    with open_instance(tmp_path) as opened:
        yield opened


def write(instance: dg.DagsterInstance, key: str) -> None:
    instance.add_dynamic_partitions("practices", [key])
    instance.report_runless_asset_event(dg.AssetMaterialization("clients", partition=key))


def written(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.get_materialized_partitions(dg.AssetKey("clients")))


def test_events_after_the_first_open_no_connection_of_their_own(
    instance: dg.DagsterInstance, postgres: EmbeddedServer, empty_database_url: str
) -> None:
    write(instance, "elm")
    backends = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
    name = make_url(empty_database_url).database
    with psycopg.connect(postgres.conninfo("postgres")) as connection:
        before = connection.execute(backends, [name]).fetchall()
    for number in range(20):
        write(instance, f"oak-{number}")
    with psycopg.connect(postgres.conninfo("postgres")) as connection:
        assert {*connection.execute(backends, [name]).fetchall()} <= {*before}  # one may have gone
    assert len(written(instance)) == 21


@pytest.mark.parametrize("pages", [False, True], ids=["as opened", "as the web server has it"])
def test_a_database_that_was_restarted_is_written_to_again(
    instance: dg.DagsterInstance, postgres: EmbeddedServer, empty_database_url: str, pages: bool
) -> None:
    if pages:
        instance.optimize_for_webserver(statement_timeout=15000, pool_recycle=3600, max_overflow=20)
    write(instance, "elm")
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [make_url(empty_database_url).database],
        )
    write(instance, "oak")
    assert written(instance) == {"elm", "oak"}


def test_an_instance_that_is_closed_leaves_no_connection_behind(
    postgres: EmbeddedServer,
    empty_database_url: str,
    tmp_path: Path,
    instance: dg.DagsterInstance,
) -> None:
    ours = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    name = make_url(empty_database_url).database
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        before = connection.execute(ours, [name]).fetchone()
        # Kept, as by a Celery worker's process until Python's garbage collection comes by.
        kept = []
        for number in range(5):  # a run, or a sensor's look, each
            with open_instance(tmp_path) as opened:
                write(opened, f"oak-{number}")
                opened.all_instigator_state()
            kept.append(opened)
        deadline = time.monotonic() + 10  # the server needs a moment to see that they are closed
        while (after := connection.execute(ours, [name]).fetchone()) != before:
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
    assert after == before
    assert len(kept) == len(written(instance)) == 5


def test_times_are_utc_whatever_zone_the_server_is_in(
    instance: dg.DagsterInstance, postgres: EmbeddedServer, empty_database_url: str
) -> None:
    name = str(make_url(empty_database_url).database)
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET timezone = 'Pacific/Auckland'").format(
                sql.Identifier(name)
            )
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    run = instance.create_run_for_job(some_job)
    record = instance.get_run_record_by_id(run.run_id)
    assert record is not None
    for moment in (record.create_timestamp, record.update_timestamp):
        assert abs(moment.replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_command_says_who_keeps_a_table_locked_and_waits_no_longer(
    instance: dg.DagsterInstance,
    engine: Engine,
    tmp_path: Path,
    postgres: EmbeddedServer,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "LOCK_WAIT", 1)
    session = Session(tmp_path, engine)
    name = make_url(empty_database_url).database
    with psycopg.connect(postgres.conninfo(str(name))) as other:
        other.execute("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseUnavailable) as raised:
            session.dagster()
        assert raised.value.what == (
            f"a table of Dagster's database is locked by process {other.info.backend_pid} of its"
            " server: runs and the daemon wait"
        )
    with session.dagster() as opened:
        assert opened.get_runs() == []


LOST = """
import logging, sys
from automation.storage import _print_once
told = logging.getLogger("dagster.daemon")
told.addHandler(logging.StreamHandler(sys.stderr))
told.setLevel(logging.INFO)
_print_once()
logging.warning("a connection was lost")
told.info("looked")
logging.getLogger("urllib3").warning("odd")
"""


def test_a_lost_connection_makes_no_later_line_of_the_daemons_log_come_twice() -> None:
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["a connection was lost", "looked", "odd"]

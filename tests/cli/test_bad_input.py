"""Bad input gets a message with the next step and exit code 1, and nothing is half applied."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.pims import BELL, REX, change, make_pims, make_pims_in_postgresql
from vet_pipeline.scriptright.postgres.migrate import newest_version
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

# The server is shared by the workers of pytest-xdist.
PIMS = f"pims_cli_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
READER = f"{PIMS}_reader"


def point_at(command: CommandLine, odbc: str) -> None:
    """Register the practice with another connection string."""
    said = command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", "generic", "--odbc", odbc),
        *("--by", "Dana Field"),
        *("--email", "desk@elm.example.com", "--timezone", "America/Chicago"),
    )
    assert said.exit_code == 0, said.stderr


@pytest.mark.parametrize(
    ("odbc", "kind"),
    [
        ("DRIVER=No Such Driver;Database=x", "OdbcDriverMissing"),
        ("DRIVER=PostgreSQL Unicode;Server=127.0.0.1;Port=1;Database=x;UID=x", "PimsUnavailable"),
    ],
)
def test_a_pims_that_cannot_be_reached_is_told_with_the_next_step(
    command: CommandLine, engine: Engine, odbc: str, kind: str
) -> None:
    point_at(command, odbc)
    said = command("plan", "elm", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] in {kind, "OdbcDriverMissing"}
    assert said.data["error"]["next_step"]
    assert "Traceback" not in said.stderr
    assert nothing_is_applied(engine)


@pytest.mark.parametrize(
    ("done", "named"),
    [
        ("DROP TABLE vetpipeline_patients", "vetpipeline_patients"),
        ("ALTER TABLE vetpipeline_clients RENAME COLUMN email TO mail", "email"),
    ],
)
def test_a_missing_table_or_column_is_told_by_name(
    command: CommandLine, engine: Engine, done: str, named: str
) -> None:
    command.add_practice()
    change(command.pims, done)
    said = command("plan", "elm", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "SnapshotShapeChanged"
    assert named in said.data["error"]["what"]
    assert nothing_is_applied(engine)


@pytest.fixture
def pims_server(postgres: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The PostgreSQL server with a PIMS of this worker, and a login that may read clients."""
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {PIMS} WITH (FORCE)")
        connection.execute(f"DROP ROLE IF EXISTS {READER}")
        connection.execute(f"CREATE DATABASE {PIMS}")
        connection.execute(f"CREATE ROLE {READER} LOGIN")
    with psycopg.connect(postgres.conninfo(PIMS), autocommit=True) as connection:
        make_pims_in_postgresql(
            connection, [{**BELL, "client_key": f"C{n}"} for n in range(200)], [REX]
        )
        connection.execute(f"GRANT SELECT ON vetpipeline_clients TO {READER}")
    yield postgres
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {PIMS} WITH (FORCE)")
        connection.execute(f"DROP ROLE {READER}")


def odbc_of(server: EmbeddedServer) -> str:
    return (
        f"DRIVER=PostgreSQL Unicode;Server={server.socket_directory};Port=5432;"
        f"Database={PIMS};UID={READER}"
    )


def test_no_right_to_read_a_table_is_told_with_its_name(
    command: CommandLine, engine: Engine, pims_server: EmbeddedServer
) -> None:
    point_at(command, odbc_of(pims_server))
    said = command("plan", "elm", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "PimsAccessDenied"
    assert "vetpipeline_patients" in said.data["error"]["what"]
    assert "grant SELECT" in said.data["error"]["next_step"]
    assert nothing_is_applied(engine)
    with psycopg.connect(pims_server.conninfo(PIMS), autocommit=True) as connection:
        connection.execute(f"GRANT SELECT ON vetpipeline_patients TO {READER}")
    assert command("plan", "elm", "--json").data["clients"]["read"] == 200


def test_a_server_gone_in_mid_read_leaves_nothing_and_the_next_plan_reads_all(
    command: CommandLine, engine: Engine, pims_server: EmbeddedServer
) -> None:
    point_at(command, odbc_of(pims_server))
    with psycopg.connect(pims_server.conninfo(PIMS), autocommit=True) as connection:
        connection.execute(f"GRANT SELECT ON vetpipeline_patients TO {READER}")
    set_settings(engine, '{"reader": {"limits": {"page_rows": 1, "rows_per_second": 10}}}')
    killer = threading.Thread(target=hang_up_after, args=(pims_server, "AS first_name", 2.0))
    killer.start()
    said = command("plan", "elm", "--json")
    killer.join()
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "PimsUnavailable"
    assert "reading clients" in said.data["error"]["what"]
    assert "Bell" not in said.stdout + said.stderr
    assert not list(command.home.glob("snapshots/elm/*/manifest.json"))
    assert nothing_is_applied(engine)
    set_settings(engine, "{}")
    assert command("plan", "elm", "--json").data["clients"]["read"] == 200


def hang_up_after(server: EmbeddedServer, column: str, seconds: float) -> None:
    """End the reader's connection, some seconds after it began to read the column.

    One of the first: the server keeps a kilobyte of what is asked. A connection that asked for it
    and is gone by then isn't the one that reads it.
    """
    since: dict[int, float] = {}
    deadline = time.monotonic() + 30
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        while time.monotonic() < deadline:
            found = connection.execute(
                "SELECT pid, strpos(query, %s) > 0 FROM pg_stat_activity WHERE usename = %s",
                [column, READER],
            )
            for pid, asks in found.fetchall():
                if asks:
                    since.setdefault(pid, time.monotonic())
                if pid in since and time.monotonic() - since[pid] >= seconds:
                    connection.execute("SELECT pg_terminate_backend(%s)", [pid])
                    return
            time.sleep(0.02)


def set_settings(engine: Engine, settings: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET settings = CAST(:s AS jsonb)"), {"s": settings}
        )


def test_an_environment_variable_that_is_not_set_is_named(command: CommandLine) -> None:
    said = command(
        *("practice", "add", "elm", "--name", "Elm", "--pims", "generic", "--odbc-env", "ELM_DB"),
        *("--by", "Dana Field"),
        *("--email", "desk@elm.example.com", "--timezone", "America/Chicago"),
    )
    assert said.exit_code == 0
    refused = command("plan", "elm")
    assert refused.exit_code == 2
    assert "ELM_DB isn't set" in refused.stderr
    os.environ["ELM_DB"] = make_pims(command.pims, [BELL], [REX])
    assert command("plan", "elm").exit_code == 0


def test_a_database_that_is_not_migrated_is_told_and_not_migrated_unasked(
    command: CommandLine, empty_database_url: str
) -> None:
    os.environ["SCRIPTRIGHT_URL"] = empty_database_url
    said = command("practice", "list", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "DatabaseNotMigrated"
    assert "vet-pipeline migrate" in said.data["error"]["next_step"]
    assert command("migrate", "--json").data == {
        "version": newest_version(),
        "numbers_moved": False,
        "confirmations_to_be_parked": 0,
    }
    assert command("practice", "list", "--json").data == {"practices": []}


def test_a_database_that_does_not_answer_is_told(command: CommandLine) -> None:
    os.environ["SCRIPTRIGHT_URL"] = "postgresql://nobody:hunter2@127.0.0.1:1/scriptright"
    said = command("practice", "list", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "DatabaseUnavailable"
    assert "hunter2" not in said.stdout + said.stderr


def test_dagsters_database_that_does_not_answer_is_told_and_nothing_is_registered(
    command: CommandLine,
) -> None:
    working = os.environ["DAGSTER_PG_URL"]
    os.environ["DAGSTER_PG_URL"] = "postgresql://nobody:hunter2@127.0.0.1:1/dagster"
    listed = command("failed", "--json")
    added = command(
        *("practice", "add", "elm", "--name", "Elm", "--pims", "generic", "--odbc", "DSN=elm"),
        *("--by", "Dana Field"),
        *("--email", "desk@elm.example.com", "--timezone", "America/Chicago", "--json"),
    )
    for said in (listed, added):
        assert said.exit_code == 1
        assert said.data["error"]["kind"] == "DatabaseUnavailable"
        assert "DAGSTER_PG_URL" in said.data["error"]["next_step"]
        assert "hunter2" not in said.stdout + said.stderr
    os.environ["DAGSTER_PG_URL"] = working
    assert command("practice", "list", "--json").data == {"practices": []}


def test_a_full_snapshot_store_is_told(command: CommandLine, engine: Engine) -> None:
    command.add_practice()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))  # no file over 100 bytes
    try:
        said = command("plan", "elm", "--json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "SnapshotStoreFull"
    assert nothing_is_applied(engine)


def test_a_defect_is_told_by_type_and_place_without_its_text(command: CommandLine) -> None:
    command.add_practice()
    manifest = command.home / "snapshots" / "elm" / "00000001" / "manifest.json"
    assert command("plan", "elm").exit_code == 0
    assert manifest.exists()
    manifest.unlink()
    said = command("link", "explain", "elm", "client", "C1")
    assert said.exit_code == 1
    assert "Traceback" not in said.stderr
    assert "Bell" not in said.stdout + said.stderr


def nothing_is_applied(engine: Engine) -> bool:
    """Whether no load, record or baseline row is there."""
    with engine.connect() as connection:
        counts = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM scriptright.load)"
                " + (SELECT count(*) FROM scriptright.client)"
                " + (SELECT count(*) FROM scriptright.pims_client)"
            )
        ).scalar_one()
    return bool(counts == 0)

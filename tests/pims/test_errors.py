"""Each way a PIMS can refuse: a clear error with its next step, and nothing of any record in it."""

from __future__ import annotations

import contextlib
import traceback
from pathlib import Path

import pyodbc
import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.errors import (
    ConnectorInvalid,
    OdbcDriverMissing,
    PimsAccessDenied,
    PimsUnavailable,
    PipelineError,
    SnapshotShapeChanged,
    UsageError,
)
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.driver_errors import translate
from vet_pipeline.pims.reader import ReadOptions, read_snapshot

SECRET = "Zanzibarova"
ENGINES = ["sqlite", "postgresql", "mariadb"]


def failure(kind: type[PipelineError], odbc: str, connector: str = "generic") -> str:
    """The message of the error that reading raises; its whole trace must be clean."""
    with pytest.raises(kind) as caught:
        read(connector, odbc)
    trace = "".join(traceback.format_exception(caught.value))
    assert SECRET not in trace
    assert "PWD=" not in trace
    assert caught.value.__context__ is None
    assert "Next step: " in str(caught.value)
    return str(caught.value)


def test_a_driver_that_isnt_installed_is_named_as_the_reason() -> None:
    message = failure(OdbcDriverMissing, "DRIVER={No Such Driver};SERVER=x;PWD=" + SECRET)
    assert "isn't installed" in message
    assert failure(OdbcDriverMissing, "DSN=nothing_of_that_name")


def test_an_unreachable_server_may_be_tried_again() -> None:
    message = failure(
        PimsUnavailable, "DRIVER={MariaDB Unicode};SERVER=127.0.0.1;PORT=1;PWD=" + SECRET
    )
    assert "can't be reached" in message
    assert PimsUnavailable.retryable


def test_a_sqlite_file_that_isnt_there_is_no_empty_database(
    sqlite: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gone.db"
    (tmp_path / "odbc.ini").write_text(f"[Clinic]\nDriver=SQLite3\nDatabase={file}\n")
    monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
    for odbc in (sqlite.odbc("gone"), "dsn=clinic"):
        said = failure(PimsUnavailable, odbc)
        assert "isn't there or can't be opened" in said
        assert "vet-pipeline practice change ID --odbc" in said
        assert not file.exists()


def test_a_file_that_is_no_sqlite_database_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "oak.db").write_text(f"{SECRET}, a letter and no database at all, in a file " * 20)
    message = failure(PimsUnavailable, f"DRIVER=SQLite3;Database={tmp_path / 'oak.db'}")
    assert "is no SQLite database" in message


def test_a_wrong_password_is_for_a_person(mariadb: Server) -> None:
    odbc = mariadb.odbc("").replace("PWD=reader", "PWD=" + SECRET)
    message = failure(PimsAccessDenied, odbc)
    assert "28000" in message
    assert not PimsAccessDenied.retryable


def test_a_forgotten_password_is_for_a_person_too() -> None:
    # psqlODBC's words: the test run's own server asks for no password.
    said = "[08001] FATAL: fe_sendauth: no password supplied\n (101) (SQLDriverConnect)"
    error = translate(pyodbc.OperationalError("08001", said), "connecting")
    assert isinstance(error, PimsAccessDenied)


def test_a_read_that_the_server_ends_for_its_time_is_told_as_one_that_we_end() -> None:
    said = "[25P04] FATAL: terminating connection due to transaction timeout (35) (SQLExecDirectW)"
    error = translate(pyodbc.Error("25P04", said), "reading the keys of clients")
    assert isinstance(error, PimsUnavailable)
    assert str(error) == (
        "the PIMS doesn't answer in time, reading the keys of clients (25P04/35)."
        " Next step: it is tried again; check the server's load and the network"
    )


def test_a_database_that_isnt_there_or_isnt_named_is_told_as_that(
    mariadb: Server, postgresql: Server
) -> None:
    database = make(mariadb)
    unknown = mariadb.odbc(database).replace(f"DATABASE={database}", "DATABASE=pims_none")
    unnamed = mariadb.odbc(database).replace(f";DATABASE={database}", "")
    elsewhere = postgresql.odbc(database).replace("DATABASE=", "DATABASE=none_")
    for odbc in (unknown, unnamed, elsewhere):
        assert "names isn't there, or it names none" in failure(PimsAccessDenied, odbc)


def test_a_login_that_is_locked_or_has_expired_is_for_a_person(
    mariadb: Server, postgresql: Server
) -> None:
    database = make(mariadb)
    odbc = mariadb.odbc(database).replace("UID=pims_ro;PWD=reader", "UID=pims_app")
    for state in ("ACCOUNT LOCK", "PASSWORD EXPIRE"):
        mariadb.run("", "CREATE OR REPLACE USER pims_app", f"ALTER USER pims_app {state}")
        assert "refused the login" in failure(PimsAccessDenied, odbc)
    mariadb.run("", "DROP USER pims_app")

    role = postgresql.name("pims_app")
    postgresql.run("", f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} NOLOGIN")
    odbc = postgresql.odbc(make(postgresql)).replace("UID=pims_ro", f"UID={role}")
    assert "refused the login" in failure(PimsAccessDenied, odbc)
    postgresql.run("", f"DROP ROLE {role}")


def test_a_limit_of_the_login_may_pass_by_itself(mariadb: Server, postgresql: Server) -> None:
    database = make(mariadb)
    mariadb.run("", "CREATE OR REPLACE USER pims_app WITH MAX_USER_CONNECTIONS 1")
    odbc = mariadb.odbc("").replace("UID=pims_ro;PWD=reader", "UID=pims_app")
    with contextlib.closing(pyodbc.connect(odbc)):
        assert "limit of connections" in failure(PimsUnavailable, odbc)
    mariadb.run("", "DROP USER pims_app")

    role = postgresql.name("pims_app")
    postgresql.run("", f"DROP ROLE IF EXISTS {role}")
    postgresql.run("", f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0")
    odbc = postgresql.odbc(make(postgresql, database)).replace("UID=pims_ro", f"UID={role}")
    assert "limit of connections" in failure(PimsUnavailable, odbc)
    postgresql.run("", f"DROP ROLE {role}")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_table_is_named(engine: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server)
    server.run(database, "DROP TABLE vetpipeline_patients")
    message = failure(SnapshotShapeChanged, server.odbc(database))
    assert message.startswith(
        "table vetpipeline_patients isn't there. Next step: nothing was changed"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_renamed_column_is_named_with_what_is_there_instead(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server)
    server.run(database, "ALTER TABLE vetpipeline_clients RENAME COLUMN email TO mail")
    message = failure(SnapshotShapeChanged, server.odbc(database))
    assert "column vetpipeline_clients.email is gone or renamed" in message
    assert "expected any" not in message
    assert "the table has mail that the connector doesn't know" in message


def test_a_retyped_column_stops_the_read_by_the_connectors_word(mariadb: Server) -> None:
    from tests.pims.openvpms import schema

    database = mariadb.fresh("pims_retyped")
    mariadb.run(database, *schema(), "ALTER TABLE acts MODIFY activity_start_time VARCHAR(30)")
    message = failure(SnapshotShapeChanged, mariadb.odbc(database), "openvpms")
    assert "column acts.activity_start_time is of type text, expected date" in message


def test_a_retyped_column_stops_the_read_by_the_last_snapshot(postgresql: Server) -> None:
    database = make(postgresql, types={"weight": "NUMERIC"})
    before = read("generic", postgresql.odbc(database))
    postgresql.run(database, "ALTER TABLE vetpipeline_patients ALTER weight TYPE text")
    options = ReadOptions(expected_schema=before.source_schema, practice_id="p-1")
    with pytest.raises(SnapshotShapeChanged) as caught:
        read_snapshot(load_connector("generic"), postgresql.odbc(database), options=options)
    assert str(caught.value).startswith(
        "practice p-1: column vetpipeline_patients.weight is of type text; "
        "in the last snapshot number."
    )


def test_a_table_of_phones_that_was_there_may_not_vanish(sqlite: Server) -> None:
    database = make(sqlite)
    create = "CREATE TABLE vetpipeline_phones (client_key, number, label, position)"
    sqlite.run(database, create)
    before = read("generic", sqlite.odbc(database))
    sqlite.run(database, "DROP TABLE vetpipeline_phones")
    with pytest.raises(SnapshotShapeChanged, match="table vetpipeline_phones is gone"):
        read_snapshot(
            load_connector("generic"),
            sqlite.odbc(database),
            options=ReadOptions(expected_schema=before.source_schema),
        )


def test_no_right_to_read_is_said_so(mariadb: Server, postgresql: Server) -> None:
    database = make(mariadb, "hidden")
    mariadb.run(
        "",
        "CREATE OR REPLACE USER pims_none IDENTIFIED BY 'x'",
        "GRANT SELECT (client_key) ON hidden.vetpipeline_clients TO pims_none",
    )
    odbc = mariadb.odbc(database).replace("UID=pims_ro;PWD=reader", "UID=pims_none;PWD=x")
    assert "the right to read" in failure(PimsAccessDenied, odbc)

    database = make(postgresql)
    postgresql.run("", "DROP ROLE IF EXISTS pims_none", "CREATE ROLE pims_none LOGIN")
    odbc = postgresql.odbc(database).replace("UID=pims_ro", "UID=pims_none")
    assert "42501" in failure(PimsAccessDenied, odbc)


def test_a_value_the_server_cant_cast_is_not_repeated(
    postgresql: Server,
) -> None:
    database = make(postgresql, patients=[{"patient_key": "1", "weight": SECRET}])
    postgresql.run(
        database,
        "ALTER TABLE vetpipeline_patients RENAME TO p",
        "CREATE VIEW vetpipeline_patients AS SELECT patient_key, client_key, name, species, breed,"
        " birth_date, birth_date_estimated, CAST(weight AS numeric) AS weight, weight_unit,"
        " weight_date, deceased_flag, deceased_date, status FROM p",
    )
    assert "22P02" in failure(ConnectorInvalid, postgresql.odbc(database))


def test_another_engine_than_the_connectors_is_refused(sqlite: Server) -> None:
    database = make(sqlite)
    assert "doesn't read 'SQLite' (it reads mariadb, mysql)" in failure(
        ConnectorInvalid, sqlite.odbc(database), "openvpms"
    )


def test_limits_are_checked(sqlite: Server) -> None:
    with pytest.raises(UsageError, match="page_rows"):
        read("generic", sqlite.odbc(make(sqlite)), page_rows=0)
    with pytest.raises(UsageError, match="pages"):
        read("generic", sqlite.odbc(make(sqlite)), pages=5)

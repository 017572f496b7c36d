"""Gentle on the clinic's server: read-only, slow on request, bounded, and off within seconds."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyodbc
import pytest

from tests.pims.conftest import Server
from tests.pims.reading import ENDED_EARLY, HUNG, read, rows, stopped_by_ctrl_c
from tests.pims.views import CLIENT_COLUMNS, PATIENT_COLUMNS, make
from vet_pipeline.errors import PimsUnavailable
from vet_pipeline.pims import session as sessions
from vet_pipeline.pims import watchdog
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.session import open_session
from vet_pipeline.pims.watchdog import Watch, run_watched

ENGINES = ["mariadb", "postgresql", "sqlite"]
SLOW = {
    "mariadb": f"SLEEP({HUNG})",
    "postgresql": f"length(CAST(pg_sleep({HUNG}) AS text))",
    "sqlite": "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 200000000)"
    " SELECT count(*) FROM r)",
}


@pytest.fixture(params=ENGINES)
def slow(request: pytest.FixtureRequest) -> Callable[[], str]:
    """A database whose clients take 20 seconds."""
    server: Server = request.getfixturevalue(request.param)
    database = make(server, clients=[{"client_key": "1"}])
    columns = ", ".join(c for c in CLIENT_COLUMNS if c != "city")
    server.run(
        database,
        "ALTER TABLE vetpipeline_clients RENAME TO c",
        "CREATE VIEW vetpipeline_clients AS SELECT "
        f"{columns}, CASE WHEN client_key = '1' THEN {SLOW[request.param]} END AS city FROM c",
    )
    return lambda: server.odbc(database)


def test_ctrl_c_takes_effect_within_five_seconds(slow: Callable[[], str]) -> None:
    assert 2 * watchdog.CANCEL_SECONDS <= 5, "its handle is waited for once more"
    with stopped_by_ctrl_c():
        read("generic", slow())


def test_whatever_stops_the_waiting_stops_the_reading() -> None:
    begun, ended = threading.Event(), threading.Event()

    class Stopped(BaseException):
        """As Dagster stops a run that somebody terminates: neither Ctrl-C nor an Exception."""

    def reading(watch: Watch) -> None:
        begun.set()
        try:
            while True:
                watch.pause(0.01)
        finally:
            ended.set()

    def stop(_signal: int, _frame: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGUSR1, stop)
    threading.Thread(target=lambda: begun.wait() and signal.raise_signal(signal.SIGUSR1)).start()
    try:
        with pytest.raises(Stopped):
            run_watched(reading, seconds=60)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended.is_set()


def test_a_slow_statement_ends_at_its_limit(
    slow: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "GRACE_SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(PimsUnavailable, match="time limit|answer in time"):
        read("generic", slow(), statement_seconds=1)
    assert time.monotonic() - start < ENDED_EARLY


def test_the_whole_read_has_a_limit_too(slow: Callable[[], str]) -> None:
    start = time.monotonic()
    with pytest.raises(PimsUnavailable, match="doesn't answer in time, reading"):
        read("generic", slow(), read_seconds=1)
    assert time.monotonic() - start < ENDED_EARLY


class Handle:
    """Of a driver, whose cancel takes a while: none of the real ones can be made to."""

    def __init__(self, cancel_seconds: float) -> None:
        self.cancel_seconds = cancel_seconds
        self.did: list[str] = []

    def cancel(self) -> None:
        self.did.append("cancel")
        time.sleep(self.cancel_seconds)
        self.did.append("cancelled")

    def close(self) -> None:
        self.did.append("closed")


@pytest.mark.parametrize(
    ("cancel_seconds", "did"),
    [(0.3, ["cancel", "cancelled", "closed"]), (watchdog.CANCEL_SECONDS + 1, ["cancel"])],
)
def test_no_handle_is_freed_while_the_driver_cancels(cancel_seconds: float, did: list[str]) -> None:
    handle, watch = Handle(cancel_seconds), Watch()
    cursor: Any = handle
    watch.allow(60, "reading", cursor)
    watch.cancel()
    while not handle.did:
        time.sleep(0.01)
    watch.free(cursor)
    assert handle.did == did


@pytest.mark.parametrize("engine", ENGINES)
def test_the_session_cannot_write_even_where_the_login_may(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": "1"}])
    connector = load_connector("generic")
    session = open_session(server.admin(database), connector.file, connector.limits, Watch())
    session.begin()
    with pytest.raises(pyodbc.Error):
        session.execute("UPDATE vetpipeline_clients SET city = 'x'", (), "writing")
    session.close()
    assert rows(read("generic", server.odbc(database)).clients) == [{"client_key": "1"}]


@pytest.mark.parametrize("engine", ["mariadb", "postgresql"])
def test_columns_outside_the_contract_are_never_fetched(
    engine: str, request: pytest.FixtureRequest
) -> None:
    # The login has no right to the canary column: reading it, or `*`, would be refused.
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": "1"}], extra=("canary",))
    user = "pims_columns"
    named = {"vetpipeline_clients": CLIENT_COLUMNS, "vetpipeline_patients": PATIENT_COLUMNS}
    create = f"{user} IDENTIFIED BY 'x'" if engine == "mariadb" else f"{user} LOGIN"
    kind = "USER" if engine == "mariadb" else "ROLE"
    if engine == "postgresql" and _has_role(server, user):
        server.run(database, f"DROP OWNED BY {user}")
    server.run(
        database,
        f"DROP {kind} IF EXISTS {user}",
        f"CREATE {kind} {create}",
        *(
            f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {user}"
            for table, columns in named.items()
        ),
    )
    odbc = server.odbc(database).replace("UID=pims_ro;PWD=reader", f"UID={user};PWD=x")
    got = read("generic", odbc.replace("UID=pims_ro", f"UID={user}"))
    assert rows(got.clients) == [{"client_key": "1"}]


def _has_role(server: Server, name: str) -> bool:
    connection = pyodbc.connect(server.admin(""))
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = ?", name).fetchone()
    connection.close()
    return found is not None


def test_a_new_column_is_ignored_and_noted(sqlite: Server) -> None:
    database = make(sqlite, clients=[{"client_key": "1"}], extra=("loyalty_points",))
    got = read("generic", sqlite.odbc(database))
    assert "1 columns of vetpipeline_clients are never read: loyalty_points" in got.notes
    assert "loyalty_points" not in got.clients.columns


def test_rows_per_second_are_limited(sqlite: Server) -> None:
    database = make(sqlite, clients=[{"client_key": f"{n}"} for n in range(30)])
    start = time.monotonic()
    read("generic", sqlite.odbc(database), page_rows=10, rows_per_second=60)
    assert time.monotonic() - start > 0.45


def test_a_pause_between_pages_is_kept_and_ends_at_ctrl_c(sqlite: Server) -> None:
    database = make(sqlite, clients=[{"client_key": f"{n}"} for n in range(30)])
    start = time.monotonic()
    read("generic", sqlite.odbc(database), page_rows=10, pause_seconds=0.2)
    assert time.monotonic() - start > 0.6
    with stopped_by_ctrl_c():
        read("generic", sqlite.odbc(database), pause_seconds=60)


@pytest.mark.parametrize(
    ("engine", "limit", "shortest", "pause"),
    [
        ("mariadb", "SET GLOBAL wait_timeout", "1", 1.5),
        ("mariadb", "SET GLOBAL idle_transaction_timeout", "1", 1.5),
        ("mariadb", "SET GLOBAL idle_readonly_transaction_timeout", "1", 1.5),
        ("postgresql", "ALTER ROLE pims_ro SET idle_in_transaction_session_timeout", "300", 0.5),
    ],
)
def test_a_pause_may_be_longer_than_a_server_lets_a_session_idle(
    request: pytest.FixtureRequest, engine: str, limit: str, shortest: str, pause: float
) -> None:
    """A gentle read (100 rows a second) pauses for 50 s after a page."""
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": "1"}, {"client_key": "2"}])
    server.run("", f"{limit} = {shortest}")
    try:
        got = read("generic", server.odbc(database), page_rows=1, pause_seconds=pause)
    finally:
        server.run("", f"{limit} = DEFAULT")
    assert rows(got.clients) == [{"client_key": "1"}, {"client_key": "2"}]


def test_an_old_server_without_statement_limits_is_read_all_the_same(
    mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # MariaDB doesn't know MySQL's max_execution_time, as MySQL before 5.7 doesn't.
    monkeypatch.setattr(sessions, "engine_of", lambda name, version: "mysql")
    database = make(mariadb, clients=[{"client_key": "1"}])
    assert rows(read("generic", mariadb.odbc(database)).clients) == [{"client_key": "1"}]


def test_a_server_that_knows_no_read_only_transaction_is_read_in_a_plain_one(
    mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = sessions.ENGINES["mariadb"]
    older = replace(known, begin=("START TRANSACTION IN A NEW WAY", *known.begin))
    monkeypatch.setitem(sessions.ENGINES, "mariadb", older)
    database = make(mariadb, clients=[{"client_key": "1"}])
    assert rows(read("generic", mariadb.odbc(database)).clients) == [{"client_key": "1"}]


def test_an_older_postgresql_that_lacks_a_limit_is_read_all_the_same(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(sessions.ENGINES["postgresql"], setup=("SET limit_of_2030 = '1s'",))
    monkeypatch.setitem(sessions.ENGINES, "postgresql", newer)
    database = make(postgresql, clients=[{"client_key": "1"}])
    assert rows(read("generic", postgresql.odbc(database)).clients) == [{"client_key": "1"}]

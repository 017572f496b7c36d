"""A snapshot is of one moment: with the engine's own isolation, and without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read
from tests.pims.views import CLIENT_COLUMNS, PATIENT_COLUMNS, make
from vet_pipeline.errors import ConnectorInvalid, PimsUnavailable, SnapshotTorn
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot
from vet_pipeline.pims.scaffold import scaffold_connector

CLIENTS = [{"client_key": f"C{n}", "city": "old"} for n in range(6)]
PATIENTS = [{"patient_key": f"P{n}", "client_key": f"C{n}", "status": "old"} for n in range(6)]
CHANGE = (
    "UPDATE vetpipeline_clients SET city = 'new'",
    "UPDATE vetpipeline_patients SET status = 'new'",
    "INSERT INTO vetpipeline_patients (patient_key, client_key, status) VALUES ('P9', 'C9', 'new')",
)


def read_while(server: Server, database: str, *steps: tuple[str, ...]) -> RawSnapshot:
    """Read in pages of two; with the n-th page of clients the n-th step is done by another."""
    waiting = list(steps)

    def progress(part: str, read_so_far: int, total: int) -> None:
        if part == "clients" and waiting:
            server.run(database, *waiting.pop(0))

    return read_snapshot(
        load_connector("generic"),
        server.odbc(database),
        options=ReadOptions(limits={"page_rows": 2}),
        progress=progress,
    )


@pytest.mark.parametrize("engine", ["mariadb", "postgresql", "sqlite"])
def test_what_others_write_meanwhile_is_not_seen(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=CLIENTS, patients=PATIENTS)
    if engine == "sqlite":
        server.run(database, "PRAGMA journal_mode = WAL")
    got = read_while(server, database, CHANGE)
    assert set(got.clients["city"]) | set(got.patients["status"]) == {"old"}
    assert len(got.patients) == 6
    after = read("generic", server.odbc(database))
    assert set(after.clients["city"]) | set(after.patients["status"]) == {"new"}
    assert len(after.patients) == 7


def test_without_isolation_a_torn_read_is_repeated(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS, options="ENGINE=MyISAM")
    got = read_while(mariadb, database, CHANGE)
    assert set(got.clients["city"]) | set(got.patients["status"]) == {"new"}
    assert len(got.patients) == 7


def test_without_isolation_rows_that_come_and_go_are_noticed(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS, options="ENGINE=MyISAM")
    got = read_while(
        mariadb,
        database,
        ("DELETE FROM vetpipeline_clients WHERE client_key = 'C5'",),
        ("INSERT INTO vetpipeline_clients (client_key) VALUES ('C7')",),
    )
    assert sorted(got.clients["client_key"]) == ["C0", "C1", "C2", "C3", "C4", "C7"]


@pytest.mark.parametrize(("gone", "came"), [("C0", "C9"), ("C5", "C00")])
def test_without_isolation_as_many_rows_that_come_as_go_are_no_fault_of_the_connector(
    gone: str, came: str, mariadb: Server
) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS, options="ENGINE=MyISAM")
    got = read_while(
        mariadb,
        database,
        (
            f"DELETE FROM vetpipeline_clients WHERE client_key = '{gone}'",
            f"INSERT INTO vetpipeline_clients (client_key) VALUES ('{came}')",
        ),
    )
    there = {f"C{n}" for n in range(6)} - {gone} | {came}
    assert sorted(got.clients["client_key"]) == sorted(there)


def test_a_source_that_never_rests_is_torn_and_may_be_tried_again(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, options="ENGINE=MyISAM")
    restless = [(f"UPDATE vetpipeline_clients SET city = 'v{n}'",) for n in range(40)]
    with pytest.raises(SnapshotTorn, match="during each of 4 reads"):
        read_while(mariadb, database, *restless)
    assert SnapshotTorn.retryable


@pytest.mark.parametrize(("engine", "options"), [("sqlite", ""), ("mariadb", "ENGINE=MyISAM")])
def test_sql_that_loses_or_doubles_rows_is_the_connectors_fault(
    engine: str, options: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=CLIENTS, options=options)
    connector = load_connector("generic")
    original = Connector.sql

    def losing(self: Connector, part: str, engine: str) -> str | None:
        sql = original(self, part, engine)  # type: ignore[arg-type]
        return (
            sql.replace("WHERE", "WHERE client_key <> 'C3' AND")
            if part == "clients" and sql
            else sql
        )

    monkeypatch.setattr(Connector, "sql", losing)
    with pytest.raises(ConnectorInvalid, match="clients.sql yields 5 rows for 6 keys"):
        read(connector, server.odbc(database))


@pytest.mark.parametrize("engine", ["mariadb", "postgresql", "sqlite"])
def test_a_few_keys_doubled_by_a_joined_table_go_on_and_are_noted(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=[{"client_key": f"C{n}"} for n in range(40)])
    server.run(
        database,
        "CREATE TABLE other (client_key VARCHAR(9), city VARCHAR(9))",
        "INSERT INTO other VALUES ('C3', 'Reno'), ('C3', 'Elko')",
    )
    original = Connector.sql

    def joined(self: Connector, part: str, engine: str) -> str | None:
        sql = original(self, part, engine)  # type: ignore[arg-type]
        if part != "clients" or sql is None:
            return sql
        return (
            sql.replace("{text: city}", "o.city")
            .replace("{text: client_key}", "{text: c.client_key}")
            .replace(
                "FROM vetpipeline_clients",
                "FROM vetpipeline_clients c LEFT JOIN other o ON o.client_key = c.client_key",
            )
            .replace("{page}", "{page: c.client_key}")
            .replace("vetpipeline_clients.client_key", "c.client_key")
        )

    monkeypatch.setattr(Connector, "sql", joined)
    got = read("generic", server.odbc(database), page_rows=7)
    assert sorted(got.clients["client_key"]) == sorted([*(f"C{n}" for n in range(40)), "C3"])
    assert "1 keys of clients came in more rows than the PIMS has of them" in got.notes
    server.run(
        database, *(f"INSERT INTO other VALUES ('C{n}', 'a'), ('C{n}', 'b')" for n in range(4, 30))
    )
    with pytest.raises(ConnectorInvalid, match="clients.sql yields 67 rows for 40 keys"):
        read("generic", server.odbc(database))


def test_a_connection_lost_in_mid_read_gives_nothing(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS)
    kill = (
        "BEGIN NOT ATOMIC DECLARE victim INT; SELECT id INTO victim FROM"
        " information_schema.processlist WHERE user = 'pims_ro' LIMIT 1; KILL victim; END",
    )
    with pytest.raises(PimsUnavailable, match="connection was lost, reading clients"):
        read_while(mariadb, database, kill)


def test_views_whose_tables_take_part_in_no_transaction_give_one_moment(mariadb: Server) -> None:
    """The login sees the views alone, and not what engine lies under them."""
    database = mariadb.fresh("clinic")
    for view, columns in (("clients", CLIENT_COLUMNS), ("patients", PATIENT_COLUMNS)):
        cells = ", ".join(f"{column} VARCHAR(60)" for column in columns)
        mariadb.run(
            database,
            f"CREATE TABLE {view} ({cells}) ENGINE=MyISAM",
            *insert(view, *(CLIENTS if view == "clients" else PATIENTS)),
            f"CREATE VIEW vetpipeline_{view} AS SELECT * FROM {view}",
            f"GRANT SELECT ON clinic.vetpipeline_{view} TO pims_ro",
        )
    change = ("UPDATE clients SET city = 'new'", "UPDATE patients SET status = 'new'")
    waiting = [change]

    def progress(part: str, read_so_far: int, total: int) -> None:
        if part == "clients" and read_so_far == total and waiting:
            mariadb.run(database, *waiting.pop())

    got = read_snapshot(load_connector("generic"), mariadb.odbc(database), progress=progress)
    assert (set(got.clients["city"]), set(got.patients["status"])) == ({"new"}, {"new"})


@pytest.mark.parametrize("quoted", ["clinic.{}", "`clinic`.`{}`", "`{}`"])
@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
def test_tables_of_a_named_schema_or_with_marks_are_looked_at_too(
    kind: str, quoted: str, mariadb: Server, tmp_path: Path
) -> None:
    """What the session's own database holds says nothing of them."""
    database = make(mariadb, "clinic", clients=CLIENTS, patients=PATIENTS, options="ENGINE=MyISAM")
    if kind == "VIEW":
        for table in ("clients", "patients"):
            mariadb.run(
                database,
                f"ALTER TABLE vetpipeline_{table} ENGINE=InnoDB, RENAME TO {table}",
                f"CREATE VIEW vetpipeline_{table} AS SELECT * FROM {table}",
            )
    mariadb.run("", "GRANT SELECT ON clinic.* TO pims_ro")
    scaffold_connector("mypims", tmp_path)
    for path in (tmp_path / "mypims").iterdir():
        text = path.read_text()
        for table in ("vetpipeline_clients", "vetpipeline_patients"):
            name = quoted.format(table)
            text = text.replace(f"[tables.{table}]", f"[tables.'{name}']")
            text = text.replace(f'"{table}"', f"'{name}'").replace(f"FROM {table}", f"FROM {name}")
        path.write_text(text)
    other = mariadb.fresh("pims_other") if "clinic" in quoted else "clinic"
    report = check_connector(load_connector(tmp_path / "mypims"), mariadb.odbc(other))
    assert (report.ready, report.consistent) == (True, False)

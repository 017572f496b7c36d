"""Texts of databases that aren't UTF-8: none is lost, and one that can't be read stops no other."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from tests.pims.views import CLIENT_COLUMNS, PATIENT_COLUMNS, make
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.scriptright.postgres.server import EmbeddedServer


def in_encoding(
    postgres: EmbeddedServer, postgresql: Server, encoding: str, names: list[bytes]
) -> str:
    """The connection string of a database with one client for each last name, in its bytes."""
    database = f"pims_{encoding.lower()}"
    name = postgresql.name(database)
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'"
            " LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    with psycopg.connect(postgres.conninfo(name), autocommit=True) as connection:
        connection.execute(f"SET client_encoding = '{encoding}'")
        for table, columns in (("clients", CLIENT_COLUMNS), ("patients", PATIENT_COLUMNS)):
            kinds = ", ".join(f"{column} VARCHAR(60)" for column in columns)
            connection.execute(f"CREATE TABLE vetpipeline_{table} ({kinds})")
        for key, last_name in enumerate(names):
            done = connection.pgconn.exec_(
                b"INSERT INTO vetpipeline_clients (client_key, city, last_name)"
                b" VALUES ('%d', 'Reno', '%s')" % (key, last_name)
            )
            assert done.status == psycopg.pq.ExecStatus.COMMAND_OK
    return postgresql.odbc(database)


@pytest.mark.parametrize(
    ("encoding", "names", "read_as", "unread"),
    [
        (
            "WIN1252",
            [b"Jos\xe9", b"M\x81ller", b"O\x92Hara", b"Bell", b"\xc3\xa9"],
            ["José", "M\ufffdller", "O’Hara", "Bell", "Ã©"],
            ["1"],
        ),
        (
            "SQL_ASCII",
            [b"Jos\xe9", b"M\x81ller", b"O\x92Hara", b"Bell", "Łódź 🐕".encode()],
            ["José", "M\ufffdller", "O’Hara", "Bell", "Łódź 🐕"],
            ["1"],
        ),
        ("LATIN1", [b"Jos\xe9", b"M\x81ller", b"Bell"], ["José", "M\x81ller", "Bell"], ["1"]),
        ("LATIN2", [b"\xa3\xf3d\xbc", b"Bell"], ["Łódź", "Bell"], []),
        ("UTF8", ["Łódź 🐕".encode(), b"Bell"], ["Łódź 🐕", "Bell"], []),
    ],
)
def test_a_text_that_cant_be_read_is_quarantined_and_the_rest_goes_on(
    postgres: EmbeddedServer,
    postgresql: Server,
    encoding: str,
    names: list[bytes],
    read_as: list[str],
    unread: list[str],
) -> None:
    got = read("generic", in_encoding(postgres, postgresql, encoding, names))
    assert got.clients["last_name"].tolist() == read_as
    normal = normalize_clients(got.clients, got.conventions, read_on=date(2026, 11, 28))
    assert normal.quarantined["pims_id"].tolist() == unread


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_sqlite_file_in_utf_16_is_read_letter_by_letter(sqlite: Server, encoding: str) -> None:
    names = ["Łukasz", "O’Hara", "José 🐕", "Bell", ""]
    sqlite.run("u16", f"PRAGMA encoding = '{encoding}'", "CREATE TABLE made (x)")
    for table, columns in (("clients", CLIENT_COLUMNS), ("patients", PATIENT_COLUMNS)):
        kinds = ", ".join(f"{column} VARCHAR(60)" for column in columns)
        sqlite.run("u16", f"CREATE TABLE vetpipeline_{table} ({kinds})")
    clients = [{"client_key": f"é{n}", "last_name": name} for n, name in enumerate(names)]
    sqlite.run("u16", *insert("vetpipeline_clients", *clients))
    got = read("generic", sqlite.odbc("u16"), page_rows=2)
    assert rows(got.clients) == clients


@pytest.mark.parametrize(
    ("engine", "kind"),
    [("mariadb", "VARBINARY(60)"), ("mariadb", "BLOB"), ("postgresql", "BYTEA")],
)
def test_a_column_of_bytes_is_refused_before_a_letter_is_lost(
    engine: str, kind: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    odbc = server.odbc(make(server, types={"last_name": kind}))
    with pytest.raises(SnapshotShapeChanged) as told:
        read("generic", odbc)
    assert told.value.what == (
        "column vetpipeline_clients.last_name holds bytes, which are no text: cast it in the view"
    )


def test_bits_and_columns_of_nothing_are_no_bytes(mariadb: Server, postgresql: Server) -> None:
    nothing = ", ".join(f"NULL AS {column}" for column in PATIENT_COLUMNS)
    for server in (mariadb, postgresql):
        bits = {"state": "BIT(8)"} if server is mariadb else {}
        database = make(server, types=bits, clients=[{"client_key": "1"}])
        server.run(
            database,
            "DROP TABLE vetpipeline_patients",
            f"CREATE VIEW vetpipeline_patients AS SELECT {nothing}",
        )
        got = read("generic", server.odbc(database))
        assert (rows(got.clients), rows(got.patients)) == ([{"client_key": "1"}], [{}])

"""Texts of databases that aren't UTF-8: none is lost, and one that can't be read stops no other."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import CLIENT_COLUMNS, PATIENT_COLUMNS
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.scriptright.server import EmbeddedServer


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

"""Real database servers for the connectors: a private MariaDB, a private PostgreSQL, SQLite files."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyodbc
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.certificate import certificate
from tests.mariadb import find_programs
from vet_pipeline.scriptright.postgres.server import EmbeddedServer


@dataclass(frozen=True)
class Server:
    """A private server; `odbc(database)` reads only, `admin(database)` may do everything."""

    odbc: Callable[[str], str]
    admin: Callable[[str], str]
    process: subprocess.Popen[bytes] | None = None
    name: Callable[[str], str] = str  # of a database on the server

    def run(self, database: str, *statements: str) -> None:
        connection = pyodbc.connect(self.admin(database), autocommit=True)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def fresh(self, database: str) -> str:
        charset = " CHARACTER SET utf8mb4" if "MariaDB" in self.odbc("") else ""
        name = self.name(database)
        self.run("", f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}{charset}")
        return database


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _need(*drivers: str) -> None:
    missing = [driver for driver in drivers if driver not in pyodbc.drivers()]
    if missing:
        pytest.skip(f"ODBC DRIVER MISSING: {', '.join(missing)} (apt-get install it)")


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """MariaDB with its own data directory, on a port of its own, ended by its own pid."""
    programs = find_programs()
    if programs is None:
        pytest.skip("MARIADB MISSING: deploy/setup.sh test")
    _need("MariaDB Unicode")
    home = tmp_path_factory.mktemp("mariadb")
    user = ["--user=root"] if os.getuid() == 0 else []
    # A tmpdir of its own: on starting, a server deletes the temporary tables of others there.
    (home / "tmp").mkdir()
    environment = {**os.environ, **programs.environment, "TMPDIR": str(home / "tmp")}
    subprocess.run(
        [*programs.install, f"--datadir={home}/data", "--skip-test-db",
         "--auth-root-authentication-method=normal", *user],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    port, pem = _free_port(), certificate(home)
    # A socket path may have 107 characters at most, which pytest's directories exceed.
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs.server, "--no-defaults", f"--datadir={home}/data",
             *(option for option in programs.install if option.startswith("--basedir")),
             f"--socket=/tmp/vp-{port}.sock",
             f"--port={port}", "--bind-address=127.0.0.1", f"--ssl-cert={pem}", f"--ssl-key={pem}", "--innodb-flush-log-at-trx-commit=0",
             *user],
            stdout=log, stderr=log, env=environment,
        )  # fmt: skip

    def odbc(database: str, user: str) -> str:
        return f"DRIVER={{MariaDB Unicode}};SERVER=127.0.0.1;PORT={port};{user};CHARSET=utf8mb4" + (
            f";DATABASE={database}" if database else ""
        )

    result = Server(
        odbc=lambda database: odbc(database, "UID=pims_ro;PWD=reader"),
        admin=lambda database: odbc(database, "UID=root"),
        process=process,
    )
    for attempt in range(100):
        try:
            result.run(
                "",
                "CREATE USER pims_ro IDENTIFIED BY 'reader'",
                "GRANT SELECT ON `pims\\_%`.* TO pims_ro",
            )
            break
        except pyodbc.Error:
            if attempt == 99:
                raise
            time.sleep(0.1)
    yield result
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="session")
def postgresql(postgres: EmbeddedServer) -> Server:
    """The test run's PostgreSQL as a PIMS, reached over its ODBC driver."""
    _need("PostgreSQL Unicode")
    address = conninfo_to_dict(postgres.conninfo("postgres"))

    def name(database: str) -> str:  # the server is shared by the workers of pytest-xdist
        return f"{database}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

    def odbc(database: str, user: str) -> str:
        return (
            f"DRIVER={{PostgreSQL Unicode}};SERVER={address['host']};"
            f"PORT={address.get('port') or 5432};UID={user};"
            f"DATABASE={name(database) if database else 'postgres'}"
        )

    result = Server(
        odbc=lambda database: odbc(database, "pims_ro"),
        admin=lambda database: odbc(database, str(address["user"])),
        name=name,
    )
    with contextlib.suppress(pyodbc.Error):  # another worker of the run was first
        result.run("", "CREATE ROLE pims_ro LOGIN", "GRANT pg_read_all_data TO pims_ro")
    return result


@pytest.fixture
def sqlite(tmp_path: Path) -> Server:
    """SQLite files over the SQLite3 ODBC driver; a database is a file."""
    _need("SQLite3")

    def odbc(database: str) -> str:
        return f"DRIVER={{SQLite3}};DATABASE={tmp_path / (database or 'main')}.db"

    return SqliteFiles(odbc=odbc, admin=odbc)


class SqliteFiles(Server):
    """Filled by Python's own module: the ODBC driver spoils emoji in statements it is sent."""

    def run(self, database: str, *statements: str) -> None:
        path = self.odbc(database).partition("DATABASE=")[2]
        with contextlib.closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def fresh(self, database: str) -> str:
        Path(self.odbc(database).partition("DATABASE=")[2]).unlink(missing_ok=True)
        return database

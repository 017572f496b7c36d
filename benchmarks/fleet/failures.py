"""Five ways in which a practice's PIMS fails, and how each is put right again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.fleet.processes import database_names
from vet_pipeline.demo import odbc_string
from vet_pipeline.demo.dirt import lose_half
from vet_pipeline.scriptright.postgres.server import EmbeddedServer, embedded_server

ROLE, RIGHT, CHANGED = "fleet_reader", "as-agreed", "changed-by-the-vendor"
ODBC_VARIABLE = "FLEET_{}"
_VIEWS = ("vetpipeline_clients", "vetpipeline_patients")


@dataclass(frozen=True)
class Way:
    """One way to fail: the error that `failed` has to name, and what breaks and mends a PIMS."""

    name: str
    error: str
    break_it: Callable[[], None]
    mend: Callable[[], None]


@dataclass
class Broken:
    """The practices that will fail, each with its PIMS file, by way."""

    gone: list[Path]
    password: list[Path]
    column: list[Path]
    half: list[Path]
    locked: list[Path]
    stopped: EmbeddedServer  # that the practices of `gone` are read from
    guarded: EmbeddedServer  # the same of `password`
    down: EmbeddedServer | None = None
    _held: list[sqlite3.Connection] = field(default_factory=list)

    def ways(self) -> list[tuple[Way, list[str]]]:
        """Every way, with the practices it happens to."""
        return [
            (Way("server gone", "PimsUnavailable", self._stop, self._start), _ids(self.gone)),
            (Way("wrong password", "PimsAccessDenied", self._change_password,
                 self._restore_password), _ids(self.password)),
            (Way("column missing", "SnapshotShapeChanged", self._drop_column,
                 self._restore_column), _ids(self.column)),
            (Way("half the rows", "SnapshotHeld", self._halve, self._restore_rows),
             _ids(self.half)),
            (Way("PIMS locked", "PimsUnavailable", self._lock, self._unlock), _ids(self.locked)),
        ]  # fmt: skip

    def server_of(self, path: Path) -> EmbeddedServer | None:
        """The database server that a practice is read from; None for a file of its own."""
        if path in self.gone:
            return self.stopped
        return self.guarded if path in self.password else None

    def _stop(self) -> None:
        self.stopped.close()
        self.down = self.stopped

    def _start(self) -> None:
        self.stopped.__enter__()
        self.down = None
        for path in self.gone:
            move_to_server(self.stopped, path)

    def _change_password(self) -> None:
        set_password(self.guarded, CHANGED)

    def _restore_password(self) -> None:
        set_password(self.guarded, RIGHT)

    def _drop_column(self) -> None:
        for path in self.column:
            _keep(path)
            _without_email(path)

    def _restore_column(self) -> None:
        _put_back(self.column)

    def _halve(self) -> None:
        for path in self.half:
            _keep(path)
            lose_half(path)

    def _restore_rows(self) -> None:
        _put_back(self.half)

    def _lock(self) -> None:
        for path in self.locked:
            held = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            held.execute("BEGIN EXCLUSIVE")
            self._held.append(held)

    def _unlock(self) -> None:
        for held in self._held:
            held.close()
        self._held.clear()


@contextmanager
def login_server(home: Path) -> Iterator[EmbeddedServer]:
    """A PostgreSQL as a PIMS's own database, which asks for a password."""
    with embedded_server(home) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            role = sql.Identifier(ROLE)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        rules = server.data / "pg_hba.conf"
        rules.write_text(f"local all {ROLE} scram-sha-256\n" + rules.read_text())
        with psycopg.connect(server.conninfo("postgres")) as connection:
            connection.execute("SELECT pg_reload_conf()")
        set_password(server, RIGHT)
        yield server


def set_password(server: EmbeddedServer, password: str) -> None:
    """What the login has to say from now on."""
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(ROLE), sql.Literal(password)
    )
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def move_to_server(server: EmbeddedServer, path: Path) -> str:
    """Copy a PIMS file's two views into a database of the server; its ODBC string."""
    name = path.stem.replace("-", "_")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        if name not in database_names(connection):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with closing(sqlite3.connect(path)) as source, psycopg.connect(server.conninfo(name)) as target:
        for view in _VIEWS:
            rows = source.execute(f"SELECT * FROM {view}")
            columns = [sql.Identifier(column[0]) for column in rows.description]
            typed = sql.SQL(", ").join(sql.SQL("{} text").format(column) for column in columns)
            table = sql.Identifier(view)
            target.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
            target.execute(sql.SQL("CREATE TABLE {} ({})").format(table, typed))
            target.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(table, sql.Identifier(ROLE)))
            with target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for row in rows:
                    copy.write_row(None if cell is None else str(cell) for cell in row)
    return (
        f"DRIVER=PostgreSQL Unicode;Servername={server.socket_directory};Port=5432;"
        f"Database={name};Uid={ROLE};Pwd={RIGHT}"
    )


def odbc_of(path: Path, server: EmbeddedServer | None) -> dict[str, str]:
    """How a practice is registered: its connection string, or the variable that holds it."""
    if server is None:
        return {"odbc": odbc_string(path)}
    variable = ODBC_VARIABLE.format(path.stem.replace("-", "_").upper())
    os.environ[variable] = move_to_server(server, path)
    return {"odbc_env": variable}


def _keep(path: Path) -> None:
    path.with_suffix(".whole").write_bytes(path.read_bytes())


def _put_back(paths: list[Path]) -> None:
    for path in paths:
        path.with_suffix(".whole").replace(path)


def _without_email(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        query = "SELECT sql FROM sqlite_master WHERE name = 'vetpipeline_clients'"
        text = db.execute(query).fetchone()[0]
        db.execute("DROP VIEW vetpipeline_clients")
        db.execute(text.replace(" o.email AS email,", ""))


def _ids(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]

"""The PostgreSQL that everybody copies into: a private server, fresh databases, its CPU and WAL."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from vet_pipeline.scriptright.postgres.server import EmbeddedServer, embedded_server

# Autovacuum would strike one run and spare the next; `settle` does its work between two rounds.
# work_mem is for dlt: its DELETE ... WHERE key NOT IN (...) is quadratic where the keys don't fit.
SETTINGS: Mapping[str, str] = {
    "autovacuum": "off",
    "max_wal_size": "'8GB'",
    "work_mem": "'64MB'",
}
_TICKS = os.sysconf("SC_CLK_TCK")


class Target:
    """The server; use as a context manager."""

    def __init__(self, home: Path) -> None:
        self._server: EmbeddedServer = embedded_server(home, settings=SETTINGS)

    def __enter__(self) -> Target:
        self._server.__enter__()
        self._postmaster = int((self._server.data / "postmaster.pid").read_text().split()[0])
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @property
    def socket(self) -> str:
        """The directory of the server's socket."""
        return str(self._server.socket_directory)

    def conninfo(self, database: str) -> str:
        """Libpq's words for a database."""
        return self._server.conninfo(database)

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of a database, psycopg 3."""
        return self._server.url(database, "psycopg")

    def create(self, database: str, template: str = "template1") -> None:
        """A fresh database in place of one of that name."""
        self.drop(database)
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(database)))

    def settle(self, database: str) -> None:
        """What two days between two refreshes do: vacuumed, analyzed, and a checkpoint behind it."""
        self.wait_until_alone(database)
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")

    def wait_until_alone(self, database: str) -> None:
        """Wait for the backends of a process that has ended, so that their CPU is counted."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            for _ in range(200):
                row = connection.execute(query, [database]).fetchone()
                if row is not None and not row[0]:
                    return
                time.sleep(0.01)

    def wal_bytes(self) -> int:
        """How much has been written to the write-ahead log since the server was made."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
            ).fetchone()
        return int(row[0]) if row else 0

    def cpu_seconds(self) -> float:
        """CPU of all the server's processes, ended ones included."""
        while True:
            ended = _stat(self._postmaster, own_children=True)
            running = 0
            for entry in Path("/proc").glob("[0-9]*"):
                pid = int(entry.name)
                with suppress(OSError):  # ended meanwhile
                    if _parent(pid) == self._postmaster:
                        running += sum(_stat(pid, own_children=False))
            # One that the postmaster has taken leave of meanwhile stands in neither or in both.
            if _stat(self._postmaster, own_children=True)[2:] == ended[2:]:
                return (sum(ended) + running) / _TICKS

    def rows(self, database: str, query: str) -> list[tuple[object, ...]]:
        """The rows of a query; none where a table isn't there."""
        try:
            with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
                return connection.execute(sql.SQL(query)).fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return []

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _stat(pid: int, *, own_children: bool) -> tuple[int, ...]:
    """Utime and stime, with those of children it has waited for; in clock ticks."""
    fields = _fields(pid)
    return tuple(int(cell) for cell in fields[11 : 15 if own_children else 13])


def _parent(pid: int) -> int:
    return int(_fields(pid)[1])

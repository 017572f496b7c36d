"""One ODBC connection: opened, set up for its engine, asked under watch. No SQL of any PIMS."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyodbc

from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims.driver_errors import is_unknown_setting, translate
from vet_pipeline.pims.driver_log import without_log
from vet_pipeline.pims.engines import ENGINES, Engine, engine_of, in_encoding, of_all_schemas
from vet_pipeline.pims.sql import bare, ignores_case_statement, names_schema
from vet_pipeline.pims.sqlite_file import reading_only, require_no_link_elsewhere

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import ConnectorFile, Limits, Section
    from vet_pipeline.pims.watchdog import Watch

GRACE_SECONDS = 5  # the server's own limit should strike first
_UTF_16 = f"utf-16{sys.byteorder[0]}e"  # pyodbc's own choice for both kinds of text
_DATE_TYPES = (9, 10, 11, pyodbc.SQL_TYPE_DATE, pyodbc.SQL_TYPE_TIME, pyodbc.SQL_TYPE_TIMESTAMP)
_TEXT_TYPES = (
    pyodbc.SQL_CHAR,
    pyodbc.SQL_VARCHAR,
    pyodbc.SQL_LONGVARCHAR,
    pyodbc.SQL_WCHAR,
    pyodbc.SQL_WVARCHAR,
    pyodbc.SQL_WLONGVARCHAR,
)


@dataclass(eq=False, slots=True)
class Session:
    """A connection under a watch. Every method may raise pyodbc.Error: `at_pims` translates."""

    connection: pyodbc.Connection
    engine: Engine
    limits: Limits
    watch: Watch
    tables: frozenset[str] = frozenset()  # that the connector reads: bare names in small letters

    def execute(self, sql: str, parameters: Sequence[Any], doing: str) -> pyodbc.Cursor:
        """Run one statement within the statement limit."""
        cursor = self.connection.cursor()
        self.watch.allow(self.limits.statement_seconds + GRACE_SECONDS, doing, cursor)
        return cursor.execute(sql, *parameters) if parameters else cursor.execute(sql)

    def run(self, sql: str, doing: str) -> None:
        """Run a statement that has no result."""
        with self._running(sql, (), doing):
            pass

    @contextlib.contextmanager
    def _running(self, sql: str, parameters: Sequence[Any], doing: str) -> Iterator[pyodbc.Cursor]:
        cursor = self.execute(sql, parameters, doing)
        try:
            yield cursor
        finally:
            self.watch.free(cursor)

    def rows(self, sql: str, parameters: Sequence[Any], doing: str) -> list[pyodbc.Row]:
        """All rows of one statement (a page: bounded by its keys)."""
        with self._running(sql, parameters, doing) as cursor:
            return list(cursor.fetchall())

    def batches(self, sql: str, doing: str) -> Iterator[list[pyodbc.Row]]:
        """All rows of a long statement, some at a time."""
        with self._running(sql, (), doing) as cursor:
            while batch := cursor.fetchmany(20_000):
                self.watch.allow(self.limits.statement_seconds + GRACE_SECONDS, doing, cursor)
                yield batch

    def value(self, sql: str, doing: str) -> Any:
        """The first cell of a statement's first row, None without rows."""
        rows = self.rows(sql, (), doing)
        return rows[0][0] if rows else None

    def describe(self, sql: str, parameters: Sequence[Any], doing: str) -> list[tuple[Any, ...]]:
        """The DB-API description of a statement's columns."""
        with self._running(sql, parameters, doing) as cursor:
            return list(cursor.description)

    def column_names(self, table: str) -> list[str]:
        """Names of all columns of a table by the driver's catalogue; empty if it can't tell."""
        return [name for name, _ in self._catalogue(table)]

    def column_types(self, table: str) -> dict[str, str]:
        """The server's names of the columns' types, in small letters; those of size 0 say so."""
        return {name.casefold(): kind.casefold() for name, kind in self._catalogue(table)}

    def _catalogue(self, table: str) -> list[tuple[str, str]]:
        cursor = self.connection.cursor()
        self.watch.allow(
            self.limits.statement_seconds + GRACE_SECONDS, "looking at columns", cursor
        )
        try:
            found = cursor.columns(table=table)
            return [
                (
                    str(row.column_name),
                    f"{row.type_name}(0)" if row.column_size == 0 else row.type_name,
                )
                for row in found
            ]
        except pyodbc.Error:
            return []
        finally:
            self.watch.free(cursor)

    @property
    def is_consistent(self) -> bool:
        """Whether one transaction surely sees one moment of what the connector reads."""
        doing = "asking for snapshot isolation"
        try:
            if self.engine.views is not None:
                views = {
                    str(name).casefold() for (name,) in self.rows(self.engine.views, (), doing)
                }
                if not views.isdisjoint(self.tables):
                    return False
            query = self.engine.consistent_if
            return query is None or bool(self.value(query, doing))
        except pyodbc.Error:
            return False

    def ask_for_case(self, clients: Section) -> None:
        """Find out whether the clients' key ignores case; what isn't known doesn't.

        An owner left unknown is seen by everybody, a pet with the owner of another by nobody.
        """
        if self.engine.keys_ignore_case:
            statement = ignores_case_statement(clients, self.engine)
            try:
                ignores = bool(self.value(statement, "asking whether keys ignore case"))
            except pyodbc.Error:
                ignores = False
            self.engine = replace(self.engine, keys_ignore_case=ignores)

    def begin(self) -> None:
        """Start the read-only view of one moment."""
        for statement in self.engine.begin[:-1]:
            try:
                self.run(statement, "starting the transaction")
            except pyodbc.ProgrammingError:
                continue  # this version of the server doesn't know it
            return
        self.run(self.engine.begin[-1], "starting the transaction")

    def end(self) -> None:
        """Give the view up; an error no longer matters."""
        with contextlib.suppress(pyodbc.Error):
            self.run(self.engine.end, self.watch.doing)

    def close(self) -> None:
        """Close the connection; one that is already lost is closed too."""
        with contextlib.suppress(pyodbc.Error):
            self.watch.free(self.connection)

    @contextlib.contextmanager
    def latin_1(self) -> Iterator[None]:
        """Texts come as the driver's bytes, a character each, cut at a NUL."""
        for kind in (pyodbc.SQL_CHAR, pyodbc.SQL_WCHAR):
            self.connection.setdecoding(kind, encoding="latin-1")
        try:
            yield
        finally:
            for kind in (pyodbc.SQL_CHAR, pyodbc.SQL_WCHAR):
                self.connection.setdecoding(kind, encoding=_UTF_16)

    def fetch_bytes(self) -> None:
        """From now on get text and dates as the driver holds them: pyodbc can't convert all."""
        for kind in _TEXT_TYPES:
            self.connection.add_output_converter(kind, _keep)
        for kind in _DATE_TYPES:
            self.connection.add_output_converter(kind, _date)


def _keep(content: bytes | None) -> bytes | None:
    return content


def _date(content: bytes | None) -> str | None:
    """A date that pyodbc refuses (month 0): text from some drivers, ODBC's structs from others."""
    if content is None:
        return None
    if len(content) == 6:
        return "{:04}-{:02}-{:02}".format(*struct.unpack("=hHH", content))
    if len(content) == 16 and content[4:5] < b" ":
        return "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*struct.unpack("=hHHHHHI", content))
    return content.decode("ascii", "replace")


@contextlib.contextmanager
def at_pims(odbc: str, file: ConnectorFile, limits: Limits, watch: Watch) -> Iterator[Session]:
    """A session as of `open_session`, closed at the end; a driver's error comes out translated."""
    try:
        with contextlib.closing(open_session(odbc, file, limits, watch)) as session:
            yield session
    except pyodbc.Error as error:
        raise translate(error, watch.doing) from None


def open_session(odbc: str, file: ConnectorFile, limits: Limits, watch: Watch) -> Session:
    """Connect, find out the engine, set limits and read-only.

    Raises:
        ConnectorInvalid: the database is of an engine the connector doesn't support, or the
            connection can't carry all its characters.
        pyodbc.Error: to be translated (`at_pims`).
    """
    watch.allow(limits.login_seconds + GRACE_SECONDS, "connecting")
    # Drivers may ignore both; the watch doesn't. readonly only hints: see Engine.begin.
    pyodbc.pooling = False  # closed means closed, with its session's settings
    # PostgreSQL's client library would tell times with a zone by this machine's clock, and another
    # machine would find other days in the same rows.
    os.environ.pop("PGTZ", None)
    quiet = without_log(reading_only(odbc))
    connection = pyodbc.connect(quiet, autocommit=True, readonly=True, timeout=limits.login_seconds)
    try:
        engine = _engine_for(connection, file)
        if engine.name == "sqlserver":
            connection.timeout = limits.statement_seconds  # it has no such setting of its own
        tables = frozenset(bare(name).casefold() for name in file.tables)
        session = Session(connection, engine, limits, watch, tables)
        _set_up(session)
        _require_no_trust(session)
        if engine.name == "sqlite":
            main = session.rows("PRAGMA database_list", (), "asking for the file")[0]
            require_no_link_elsewhere(odbc, str(main[2] or ""))
        _require_all_characters(session)
        query = session.engine.encoding
        if query is not None:
            encoding = str(session.value(query, "asking for the encoding"))
            session.engine = in_encoding(session.engine, encoding)
    except BaseException:
        watch.free(connection)
        raise
    return session


def _engine_for(connection: pyodbc.Connection, file: ConnectorFile) -> Engine:
    """The engine at the other end, if the connector reads it."""
    name = str(connection.getinfo(pyodbc.SQL_DBMS_NAME))
    found = engine_of(name, str(connection.getinfo(pyodbc.SQL_DBMS_VER)))
    if found is None or found not in file.engines:
        raise ConnectorInvalid(
            f"connector {file.name!r} doesn't read {name[:40]!r}"
            f" (it reads {', '.join(file.engines)})",
            next_step="check the connection string, or choose another connector",
        )
    engine = ENGINES[found]
    return of_all_schemas(engine) if any(map(names_schema, file.tables)) else engine


def _set_up(session: Session) -> None:
    """Read only and with limits, as far as this version of the server knows them."""
    limits = session.limits
    allowed = {
        "seconds": limits.statement_seconds,
        "ms": limits.statement_seconds * 1000,
        "read_seconds": limits.read_seconds,
    }
    for statement in session.engine.setup:
        try:
            session.run(statement.format(**allowed), "setting the session's limits")
        except pyodbc.Error as error:
            if not is_unknown_setting(error):
                raise


def _require_no_trust(session: Session) -> None:
    query = session.engine.trusts
    trusted = session.value(query, "asking for the trust in views") if query else 0
    if str(trusted) != "0":
        raise ConnectorInvalid(
            "the ODBC driver's SQLite is older than 3.31: a file's views could read and write any"
            " other file of this machine",
            next_step="install a driver with a newer SQLite",
        )


def _require_all_characters(session: Session) -> None:
    query = session.engine.narrow_charset
    charset = session.value(query, "asking for the character set") if query else None
    if charset is not None:
        name = charset.decode("ascii", "replace") if isinstance(charset, bytes) else charset
        raise ConnectorInvalid(
            f"characters would get lost on the way: the connection's character set is {name[:40]}",
            next_step="write CHARSET=utf8mb4 in the ODBC string, or leave CHARSET out of it",
        )

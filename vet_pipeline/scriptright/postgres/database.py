"""Opening ScriptRight's database: engines, the schema's version, the practice's lock.

A psycopg error carries the cell that was refused, and must not leave this room: whoever opens a
connection does so inside `translate_errors()` (roles.py), so what works on one needn't. But for
what the web shop calls on a connection that it opened itself: web_shop.py, and the lock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vet_pipeline.errors import (
    DatabaseNotMigrated,
    DatabaseRefused,
    DatabaseUnavailable,
    stopped_by,
)
from vet_pipeline.memory import leave_no_core
from vet_pipeline.scriptright.postgres.arrays import write_texts_quickly
from vet_pipeline.scriptright.postgres.driver_errors import (
    MIGRATE,
    REPORT,
    RETRY,
    behind_a_pooler,
    is_out_of_date,
    translated,
)
from vet_pipeline.scriptright.postgres.restored import is_restored
from vet_pipeline.scriptright.postgres.urls import unreadable_url, with_driver

SCHEMA_VERSION = "0030"  # the newest migration; a test compares it with the migrations
VERSION_TABLE = "scriptright_version"  # Alembic's, in schema public

# TCP's own default is two hours. A probe after 60 s of silence, then 6 more, 10 s apart.
_KEEPALIVE = {"keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 6}
_TEMP_BUFFERS = "32MB"  # staged rows of 20,000 clients and their pets; taken as they are needed
LOCK_TIMEOUT = "30s"  # as PostgreSQL writes it
# What a statement means must not hang on what an administrator has set for the login or the
# database (ALTER ROLE ... SET): results in other forms, other schemas, rows hidden by an error, a
# load that is ended while the matcher thinks. Read-only isn't among them: a server that is moved is
# set so. PostgreSQL itself waits for a table without end: behind somebody's `ALTER TABLE` in an open
# transaction runs, sensors and `watch` stood still, and nobody was told. Dagster gives a sensor's
# tick up after 60 s: it has to hear of it by then.
_SAME_EVERYWHERE = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "timezone": "UTC",
        "datestyle": "ISO",
        "intervalstyle": "postgres",
        "extra_float_digits": "1",
        "standard_conforming_strings": "on",
        "search_path": "public",
        "row_security": "on",
        "default_transaction_isolation": "read\\ committed",
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
    }.items()
)
# Statements are short: compiling them costs more than it saves. A practice's rows are in memory or
# on a disk without heads: a few of them are found by their keys for less than by reading all.
_PLANNING = "-c jit=off -c random_page_cost=1.1"
# SQLAlchemy logs each row of a result where its logger is at DEBUG, whatever is hidden otherwise;
# Dagster sets that for the loggers it is told to keep (`python_logs`). A logger of our own with a
# level of its own goes by no other's.
_LOGGER = "scriptright"
_SERVER_KEEPALIVE = " ".join(f"-c tcp_{name}={value}" for name, value in _KEEPALIVE.items())


def open_engine(url: str) -> Engine:
    """An engine on ScriptRight (psycopg 3). Opens no connection yet.

    Sessions run in UTC, with the same settings on every server; parameters never show in
    SQLAlchemy's own error messages, nor rows in its log. Either side gives up a peer that has
    vanished without a word after about two minutes: a machine that lost its network holds a
    practice's lock no longer. Who has one works on records, so from here on a crash of the process
    leaves no image of its memory. Raises UsageError for a URL that can't be read.
    """
    leave_no_core()
    lock_timeout = LOCK_TIMEOUT
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGER}").setLevel(logging.WARNING)
    try:
        engine = create_engine(
            with_driver(url, "psycopg"),
            hide_parameters=True,
            logging_name=_LOGGER,
            pool_pre_ping=True,
            pool_size=5,
            use_native_hstore=False,  # no such type here: saves looking for it on every connection
            connect_args={
                "connect_timeout": 10,
                "application_name": "vet-pipeline",
                "client_encoding": "UTF8",
                "options": _options(lock_timeout),
                **_KEEPALIVE,
            },
        )
    except (ValueError, ArgumentError):  # either may quote the password
        raise unreadable_url() from None
    event.listen(engine, "connect", lambda connection, _: _begin(connection, lock_timeout))
    event.listen(engine, "handle_error", _leave_what_is_out_of_date)
    return engine


def _options(lock_timeout: str) -> str:
    """What a session is begun with."""
    waiting = f"-c lock_timeout={lock_timeout} -c temp_buffers={_TEMP_BUFFERS}"
    return f"{_SAME_EVERYWHERE} {waiting} {_PLANNING} {_SERVER_KEEPALIVE}"


def _begin(connection: psycopg.Connection[Any], lock_timeout: str) -> None:
    """Raises DatabaseRefused where a pooler has dropped the settings that we came with."""
    if connection.execute("SELECT current_setting('lock_timeout')").fetchone() != (lock_timeout,):
        raise behind_a_pooler(None)
    connection.rollback()
    write_texts_quickly(connection)


def _leave_what_is_out_of_date(context: ExceptionContext) -> None:
    """One refusal tells that the schema was migrated: no other connection has to find out."""
    if is_out_of_date(context.original_exception):
        context.is_disconnect = True


@contextmanager
def translate_errors(practice_id: str | None = None) -> Iterator[None]:
    """Raise our errors for the driver's, `from None`: SQLSTATE and constraint name, no cell.

    What stops the process (Ctrl-C, SIGTERM, Terminate in the UI) stays that: the driver, stopped in
    mid-statement, may complain of the connection it leaves, and that is no error of the database.
    """
    told: BaseException
    try:
        yield
        return
    except psycopg.Error as error:
        told = stopped_by(error) or translated(error, practice_id)
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, psycopg.Error) else psycopg.Error()
        told = stopped_by(cause) or translated(cause, practice_id)
    except PoolTimeout:
        told = DatabaseUnavailable(
            "no database connection became free", next_step=RETRY, practice_id=practice_id
        )
    except (SQLAlchemyError, UnicodeEncodeError) as error:  # the latter: a lone surrogate
        told = stopped_by(error) or DatabaseRefused(
            f"the database driver refused a statement ({type(error).__name__})",
            next_step=REPORT,
            practice_id=practice_id,
        )
    # Outside the except blocks: raised inside, it would carry the driver's error as its context.
    raise told from None


def require_migrated(engine: Engine) -> None:
    """Raise DatabaseNotMigrated unless the schema is exactly this program's.

    And where it is a restored dump's that was not migrated since: it would number anew what was
    told by numbers before.
    """
    with translate_errors(), engine.connect() as connection:
        try:
            found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - constant
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            raise DatabaseNotMigrated(  # each version that has roles lets everybody read its number
                "ScriptRight's schema is older than this program", next_step=MIGRATE
            ) from None
        restored = found == SCHEMA_VERSION and is_restored(connection)
    if found is not None and found > SCHEMA_VERSION:
        raise DatabaseNotMigrated(
            f"ScriptRight's schema is at version {found}, newer than this program's"
            f" {SCHEMA_VERSION}",
            next_step="run the release that the database belongs to",
        )
    if found != SCHEMA_VERSION:
        raise DatabaseNotMigrated(
            f"ScriptRight's schema is at version {found or 'none'}, "
            f"this program needs {SCHEMA_VERSION}",
            next_step=MIGRATE,
        )
    if restored:
        raise DatabaseNotMigrated(
            "ScriptRight's database was restored from a dump, or moved: its numbers have to go on"
            " above those that were given out since",
            next_step=MIGRATE,
        )


def now_by_database(connection: Connection) -> datetime:
    """When the transaction began, in UTC, by the one clock that all machines share."""
    now: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return now


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection under SQLAlchemy's, in the same transaction: for COPY."""
    raw = connection.connection.driver_connection
    return cast("psycopg.Connection[Any]", raw)


def lock_practice(
    connection: Connection, practice_id: str, *, wait_seconds: float = 10.0
) -> datetime:
    """Hold the practice until this transaction ends: whoever changes its records does this first.

    Row level security shows the transaction this practice's rows from here on. Waits at most
    `wait_seconds`, then raises LoadInProgress; so it is with each record later on, which the web
    shop may have in an open transaction: whoever waits keeps all others from the practice. Taking
    it twice is harmless.

    Returns the moment at which it was taken: the time of all that the transaction does to the
    practice. The transaction's beginning may be earlier than what another has done meanwhile, and
    undoing a link goes by times.
    """
    milliseconds = str(max(1, int(wait_seconds * 1000)))
    with translate_errors(practice_id):
        connection.execute(
            text(
                "SELECT set_config('scriptright.practice', :id, true),"
                " set_config('lock_timeout', :wait, true)"
            ),
            {"id": practice_id, "wait": milliseconds},
        )
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('vet_pipeline:' || :id, 0))"),
            {"id": practice_id},
        )
        held: datetime = connection.execute(_HELD, {"id": practice_id}).scalar_one()
        return held


# In a statement of its own: after the lock, not while it waits for it. The columns' default
# scriptright.moment() reads it.
_HELD = text("""
    SELECT CAST(set_config('scriptright.moment', CASE
            WHEN current_setting('scriptright.held', true) = :id
            THEN current_setting('scriptright.moment') ELSE CAST(clock_timestamp() AS text) END,
        true) AS timestamptz),
        set_config('scriptright.held', :id, true)
""")

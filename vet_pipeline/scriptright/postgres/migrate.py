"""Bringing ScriptRight's schema up to date (Alembic, configured here: there is no ini file)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import DatabaseNotMigrated, DatabaseRefused, LoadInProgress
from vet_pipeline.scriptright.postgres.database import (
    VERSION_TABLE,
    driver,
    open_engine,
    translate_errors,
)
from vet_pipeline.scriptright.postgres.grants import settle
from vet_pipeline.scriptright.postgres.owner import become_owner
from vet_pipeline.scriptright.postgres.restored import AnotherLife, leave_lost_numbers
from vet_pipeline.scriptright.postgres.whole import (
    as_that_version_left_it,
    refuse_schema_without_version,
    require_whole,
)

_MIGRATIONS = Path(__file__).parent.with_name("migrations")
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('vet_pipeline.migrate', 0))"
# Who waits for a table to itself keeps everybody behind it out, the web shop's readers too.
_WAIT = text("SELECT set_config('lock_timeout', :milliseconds, true)")

OLDEST_SERVER = 15  # the first one whose views have the rights of who asks (security_invoker)

_NARROW_AND_NEW = text(f"""
    SELECT current_setting('server_encoding')
    WHERE current_setting('server_encoding') <> 'UTF8' AND to_regclass('public.{VERSION_TABLE}') IS NULL
""")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def newest_version() -> str:
    """The version that `migrate` leads to."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the package ships at least one migration
    return head


def migrate(
    url: str, version: str = "head", *, wait_seconds: float = 10.0, restored: bool = False
) -> AnotherLife | None:
    """Upgrade to `version`, in one transaction, as the schema's owner; settle roles and rights.

    Already there: only rights that somebody took or gave by hand are put right, and what a restored
    database would number anew (restored.py; `restored`: a person says that it is one): that is
    returned. Two at once: the second waits for the first, then finds nothing to do. Raises
    LoadInProgress where others use a table that has to change for longer than `wait_seconds`,
    DatabaseRefused where half a dump was restored (whole.py) or the server is unfit.
    """
    config = _config()
    try:
        with _as_owner(url, wait_seconds) as connection:
            was = _version(connection)
            refuse_schema_without_version(connection, was)
            config.attributes["connection"] = connection
            with as_that_version_left_it(was):
                command.upgrade(config, version)
                if version in ("head", newest_version()):
                    require_whole(connection)
                    settle(connection)
                    return leave_lost_numbers(connection, restored=restored)
            return None
    except CommandError:
        raise DatabaseNotMigrated(
            "the database is at a version that this program doesn't know",
            next_step="run the release that the database belongs to",
        ) from None


def drop_schema(url: str) -> None:
    """Drop the schema with all data: the database is as if it had never been migrated."""
    with _as_owner(url) as connection:
        connection.execute(text("DROP SCHEMA scriptright CASCADE"))
        connection.execute(text(f"DROP TABLE public.{VERSION_TABLE}"))


def run_script(name: str) -> None:
    """Run a file of migrations/sql, within a migration.

    By the driver itself: the text holds colons and percent signs that are no parameters.
    """
    driver(op.get_bind()).execute((_MIGRATIONS / "sql" / name).read_bytes())


def _version(connection: Connection) -> str | None:
    options = {"version_table": VERSION_TABLE, "version_table_schema": "public"}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def _refuse_unfit_server(connection: Connection) -> None:
    """Too old, or a new database can't hold every name: then one letter would refuse a load."""
    release = driver(connection).info.server_version // 10_000
    if release < OLDEST_SERVER:
        raise DatabaseRefused(
            f"the server is PostgreSQL {release}, ScriptRight's schema needs {OLDEST_SERVER} or newer:"
            " nothing was migrated",
            next_step="have whoever runs the server upgrade it, or name another one",
        )
    encoding = connection.execute(_NARROW_AND_NEW).scalar()
    if encoding is not None:
        raise DatabaseRefused(
            f"the database is in {encoding}, which can't hold every character",
            next_step="create it anew: CREATE DATABASE scriptright OWNER scriptright"
            " ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0",
        )


@contextmanager
def _as_owner(url: str, wait_seconds: float = 10.0) -> Iterator[Connection]:
    """One transaction of the schema's owner, while nobody else migrates."""
    engine: Engine = open_engine(url)
    try:
        with translate_errors(), engine.begin() as connection:
            connection.execute(_WAIT, {"milliseconds": "0"})  # another migration may take its time
            connection.execute(text(_LOCK))
            connection.execute(_WAIT, {"milliseconds": str(int(wait_seconds * 1000))})
            _refuse_unfit_server(connection)
            become_owner(connection)
            yield connection
    except LoadInProgress:
        raise LoadInProgress(
            "others are using tables that have to change: nothing was migrated",
            next_step="wait for runs and for open transactions of the web shop to end, then try again",
        ) from None
    finally:
        engine.dispose()

"""Dagster's own storage: PostgreSQL, named by DAGSTER_PG_URL or embedded under the home."""

import logging
import os
from collections.abc import Sequence
from typing import Any

import dagster as dg
from dagster_postgres import DagsterPostgresStorage

LOCK_WAIT = 10  # seconds: longer than a short VACUUM FULL, shorter than patience


class HomePostgresStorage(DagsterPostgresStorage):
    """dagster-postgres that finds its database as the rest of the project does.

    So `dagster dev -w workspace.yaml` starts in a fresh checkout with nothing set, and a plain
    postgresql:// URL works: under SQLAlchemy 2.1 it would mean psycopg 3, whose server-side
    parameters dagster-postgres' NOTIFY can't use (dagster issue 33958).
    """

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """No address: the database's name is in the environment, with its password."""
        return {
            "should_autocreate_tables": dg.Field(bool, is_required=False, default_value=True),
            "embedded": dg.Field(
                bool,
                is_required=False,
                default_value=True,
                description="Whether the embedded server may stand in where DAGSTER_PG_URL is unset.",
            ),
        }

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "HomePostgresStorage":
        """Called by Dagster in each of its processes; starts the embedded server if need be.

        Raises DatabaseUnavailable when nothing answers, before dagster-postgres tries and logs,
        and UsageError when no database is named and none may be started.
        """
        from vet_pipeline.errors import UsageError
        from vet_pipeline.scriptright.postgres.server import dagster_url

        if not config_value["embedded"] and not os.environ.get("DAGSTER_PG_URL"):
            raise UsageError(
                "DAGSTER_PG_URL isn't set",
                next_step="set it to Dagster's database: postgresql://user:password@host/dagster",
            )
        _print_once()
        url = _in_utc(dagster_url())
        _require_answer(url)
        storage = cls(
            postgres_url=url,
            should_autocreate_tables=config_value["should_autocreate_tables"],
            inst_data=inst_data,
        )
        parts = (storage.run_storage, storage.event_log_storage, storage.schedule_storage)
        for part in parts:
            _keep_connection(part)
        _let_go_when_closed(storage.event_log_storage, parts)
        return storage


def _in_utc(url: str) -> str:
    """The URL with sessions in UTC: Dagster reads as UTC what the server writes in its own zone.

    Else runs would be found by hours too late or early, and an hour comes twice each autumn.
    """
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    given = parsed.query.get("options", "")
    options = " ".join([*([given] if isinstance(given, str) else given), "-ctimezone=UTC"]).strip()
    return parsed.update_query_dict({"options": options}).render_as_string(hide_password=False)


def _print_once() -> None:
    """Give the root logger a handler before Dagster does: else it prints each line twice from then on.

    dagster-postgres tells a lost connection by `logging.warning`, which makes one for all that is
    logged, beside that of the daemon's own loggers. This one prints what no other prints.
    """
    root = logging.getLogger()
    if root.handlers:
        return

    def is_printed_nowhere_else(record: logging.LogRecord) -> bool:
        logger: logging.Logger | None = logging.getLogger(record.name)
        while logger and logger is not root and not logger.handlers:
            logger = logger.parent
        return logger is root

    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.addFilter(is_printed_nowhere_else)
    root.addHandler(handler)


def _keep_connection(storage: Any) -> None:
    """One connection that stays open, up to 20 more that don't, and none that is dead.

    dagster-postgres opens a connection for each event: of a run's CPU in the database nine
    tenths, unless it is told that the process is long lived. What it does then would not
    survive a restart of the database, so each connection is tried before it is used: those of the
    web server, too, which tells it so once more and gets another engine by that.
    """
    from sqlalchemy import event

    optimize = storage.optimize_for_webserver

    def keep(*settings: int, **named: int) -> None:
        optimize(*settings, **named)
        event.listen(storage._engine, "checkout", _must_answer)

    storage.optimize_for_webserver = keep
    keep(statement_timeout=0, pool_recycle=600, max_overflow=20)


def _let_go_when_closed(last: Any, parts: Sequence[Any]) -> None:
    """Close the kept connections with their instance; `last`: the part that it closes last.

    Dagster closes none: by itself it keeps none. A Celery process opens an instance for each run
    and the code server one for each look of a sensor, so they would pile up until Python's garbage
    collection comes by, and use up the server's max_connections.
    """
    close = last.dispose

    def dispose() -> None:
        close()
        for part in parts:
            part._engine.dispose()

    last.dispose = dispose


def _must_answer(connection: Any, *_: Any) -> None:
    """SQLAlchemy then throws the connection away and opens another."""
    import psycopg2
    from sqlalchemy.exc import DisconnectionError

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error:
        raise DisconnectionError from None


def _require_answer(url: str) -> None:
    """Raise DatabaseUnavailable, without the driver's words, unless the database lets us in."""
    import psycopg2
    from sqlalchemy.engine import make_url

    from vet_pipeline.errors import DatabaseUnavailable

    # Not written out again: a space would be a plus, which libpq doesn't read so.
    parsed = make_url(url)
    _, wanted = parsed.get_dialect()().create_connect_args(parsed)
    try:
        psycopg2.connect(**{"connect_timeout": 10, **wanted}).close()
    except psycopg2.OperationalError:
        pass
    else:
        return
    raise DatabaseUnavailable(
        "Dagster's database doesn't answer, or refuses the login",
        next_step="check DAGSTER_PG_URL, that its server runs and that the database in it exists;"
        " then try again: nothing was changed",
    )


def require_tables_free(url: str) -> None:
    """Raise DatabaseUnavailable where somebody keeps a table of Dagster's database locked.

    For commands: they would wait for it without end, deaf to Ctrl-C, and `watch`, which cron
    starts every ten minutes, would never tell. Runs do wait: they go on once it is over.
    """
    from contextlib import closing

    import psycopg2
    from psycopg2 import sql
    from sqlalchemy.engine import make_url

    from vet_pipeline.errors import DatabaseUnavailable

    parsed = make_url(url)
    _, wanted = parsed.get_dialect()().create_connect_args(parsed)
    try:
        opened = psycopg2.connect(**{"connect_timeout": 10, **wanted})
    except psycopg2.OperationalError:
        return  # told as Dagster's instance is opened
    with closing(opened) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_WAIT}s"])
        connection.commit()
        try:
            if tables.seq:
                cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(tables))
        except psycopg2.errors.LockNotAvailable:
            connection.rollback()
            cursor.execute(_LOCKERS)
            who = ", ".join(str(pid) for (pid,) in cursor.fetchall())
        else:
            return
    raise DatabaseUnavailable(
        f"a table of Dagster's database is locked by process {who or 'unknown'} of its server:"
        " runs and the daemon wait",
        next_step="see in pg_stat_activity there what that process does; when it has ended, all goes"
        " on by itself: nothing is half applied",
    )


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
_LOCKERS = """
    SELECT DISTINCT pid FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE datname = current_database() AND locktype = 'relation' AND granted
      AND mode = 'AccessExclusiveLock' ORDER BY 1
"""

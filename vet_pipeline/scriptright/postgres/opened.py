"""ScriptRight's database as a command or a step works with it: reached, and at today's schema."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from vet_pipeline.errors import DatabaseNotMigrated
from vet_pipeline.scriptright.postgres.database import open_engine, require_migrated
from vet_pipeline.scriptright.postgres.server import migration_url, scriptright_url


@contextmanager
def opened_database(home: Path | None = None, *, url: str | None = None) -> Iterator[Engine]:
    """An engine for one piece of work; its connections are closed on leaving.

    On `url`, else SCRIPTRIGHT_URL, else the embedded server of the home, which is started when
    nobody runs it yet, and migrated without asking: it belongs to this program alone. A database
    that is named never is. Raises DatabaseUnavailable, or DatabaseNotMigrated with what to type.
    """
    engine = open_engine(url or scriptright_url(home))
    try:
        try:
            require_migrated(engine)
        except DatabaseNotMigrated:
            if url or os.environ.get("SCRIPTRIGHT_URL"):
                raise
            from vet_pipeline.scriptright.postgres.migrate import migrate  # loads Alembic

            migrate(migration_url(home))
        yield engine
    finally:
        engine.dispose()

"""ScriptRight's database as a Dagster resource."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine


class ScriptRightResource(dg.ConfigurableResource[Any]):
    """ScriptRight in PostgreSQL, migrated.

    `url` unset: the environment variable SCRIPTRIGHT_URL, else the embedded server under
    $VET_PIPELINE_HOME, which is started when nobody runs it yet, and migrated: it belongs to this
    program alone. A database that has a URL never is. Connecting gives up after 10 s and a
    practice's lock after 10 s (vet_pipeline.scriptright.postgres.database).
    """

    url: str | None = None

    @contextmanager
    def connect(self) -> Iterator["Engine"]:
        """An engine for one step; its connections are closed on leaving.

        Raises DatabaseUnavailable, or DatabaseNotMigrated with the command that helps.
        """
        from vet_pipeline.errors import DatabaseNotMigrated
        from vet_pipeline.scriptright.postgres.database import open_engine, require_migrated
        from vet_pipeline.scriptright.postgres.migrate import migrate
        from vet_pipeline.scriptright.postgres.server import migration_url, scriptright_url

        url = self.url or scriptright_url()
        engine = open_engine(url)
        try:
            try:
                require_migrated(engine)
            except DatabaseNotMigrated:
                if self.url or os.environ.get("SCRIPTRIGHT_URL"):
                    raise
                migrate(migration_url())
            yield engine
        finally:
            engine.dispose()

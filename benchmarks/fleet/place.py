"""Where a fleet lives: two PostgreSQL servers of its own (ScriptRight, Dagster), folders, environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from vet_pipeline.dagster_home import dagster_environment
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import EmbeddedServer, embedded_server


@dataclass(frozen=True)
class Place:
    """`scriptright` and `dagster` are servers apart, so that each one's CPU is known."""

    home: Path
    scriptright: EmbeddedServer
    dagster: EmbeddedServer
    engine: Engine
    environment: dict[str, str]

    def database_bytes(self, server: EmbeddedServer) -> int:
        """Size of the server's database that is in use."""
        import psycopg

        name = "dagster" if server is self.dagster else "scriptright"
        with psycopg.connect(server.conninfo(name)) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(found[0]) if found else 0

    def snapshot_bytes(self) -> int:
        """Size of all that is in the snapshot store."""
        files = (self.home / "snapshots").rglob("*")
        return sum(path.stat().st_size for path in files if path.is_file())


@contextmanager
def opened(home: Path) -> Iterator[Place]:
    """A new, empty place; its servers stop on leaving. Sets this process's environment to it."""
    with ExitStack() as stack:
        scriptright = stack.enter_context(embedded_server(home / "s"))
        dagster = stack.enter_context(embedded_server(home / "d"))
        migrate(scriptright.migration_url)
        environment = {
            **dagster_environment(home, dagster_url=dagster.dagster_url),
            "SCRIPTRIGHT_URL": scriptright.scriptright_url,
        }
        os.environ.update(environment)
        engine = open_engine(scriptright.migration_url)  # looks at all practices at once
        stack.callback(engine.dispose)
        yield Place(home, scriptright, dagster, engine, environment)

"""A login that may make roles and isn't a superuser: a hosted server's own administrator is one."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from vet_pipeline.scriptright.postgres.database import open_engine, require_migrated
from vet_pipeline.scriptright.postgres.logins import ROLES, role_name
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import PROGRAM, embedded_server


def test_it_makes_the_roles_and_migrates_in_their_owners_place(server_home: Path) -> None:
    """Since PostgreSQL 16 a role's maker may not be that role: the first `migrate` was refused."""
    with embedded_server(server_home) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            for role in (PROGRAM, *map(role_name, ROLES)):
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
            connection.execute("CREATE ROLE maker LOGIN CREATEROLE")
            connection.execute("ALTER DATABASE scriptright OWNER TO maker")
        url = server.url("scriptright", "psycopg", "maker")
        migrate(url)
        migrate(url)
        engine = open_engine(url)
        require_migrated(engine)
        engine.dispose()

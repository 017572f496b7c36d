"""The logins that deploy/README.md has made: what the pipeline works as can't become the owner."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.logins import ROLES, WORKING, role_name
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.owner import statements_for_administrator
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.postgres.server import DATABASES, PROGRAM, embedded_server

README = Path(__file__).parents[2] / "deploy" / "README.md"
VARIABLES = {':"migrating"': "migrating", ':"program"': "scriptright", ':"DBNAME"': "scriptright"}


def test_the_pipelines_login_works_in_its_roles_and_cannot_become_the_owner(
    server_home: Path,
) -> None:
    said = re.findall(r"^psql .*|^vet-pipeline migrate --show-roles.*", README.read_text(), re.M)
    made = [statement for line in said for statement in re.findall(r'-c "([^"]+)"', line)]
    assert said[-1].endswith("psql -d scriptright -v migrating=migrating -v program=scriptright")
    with embedded_server(server_home) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            for name in DATABASES:  # the embedded server brings its own
                connection.execute(f"DROP DATABASE {name}".encode())
            for name in (PROGRAM, *map(role_name, ROLES)):
                connection.execute(f"DROP ROLE {name}".encode())
            for statement in made:
                connection.execute(statement.encode())
        with psycopg.connect(server.conninfo("scriptright"), autocommit=True) as connection:
            for statement in statements_for_administrator():
                for variable, name in VARIABLES.items():
                    statement = statement.replace(variable, name)
                connection.execute(statement.encode())
        migrate(server.url("scriptright", "psycopg", "migrating"))
        engine = open_engine(server.url("scriptright", "psycopg", "scriptright"))
        for role in WORKING:
            with connected(engine, role, "elm"):
                pass
        engine.dispose()
        address = server.conninfo("scriptright").replace("user=postgres", "user=scriptright")
        for forbidden in (
            "SET ROLE scriptright_migrate",
            "SET ROLE migrating",
            "SELECT count(*) FROM scriptright.client",
            "DROP SCHEMA scriptright CASCADE",
            "CREATE SCHEMA another",
        ):
            with (
                psycopg.connect(address) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(forbidden.encode())

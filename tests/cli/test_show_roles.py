"""What an administrator is given for a login that may make no roles: as deploy/README.md has it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg

from tests.cli.conftest import CommandLine
from vet_pipeline.scriptright.postgres.database import open_engine, require_migrated
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.postgres.server_account import programs

LOGIN = "plain_login"


def test_a_plain_login_migrates_and_works_after_an_administrator_ran_what_is_printed(
    command: CommandLine, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    printed = command("migrate", "--show-roles").stdout
    assert printed.splitlines()[0].endswith(
        "psql -d DATABASE -v migrating=LOGIN -v program=LOGIN -f THIS_FILE"
    )
    (tmp_path / "roles.sql").write_text(printed)
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {LOGIN} LOGIN")
        connection.execute(f"CREATE DATABASE {LOGIN} OWNER {LOGIN}")
        try:
            variables = ["-v", f"migrating={LOGIN}", "-v", f"program={LOGIN}"]
            words = [postgres.conninfo(LOGIN), *variables, "-f", str(tmp_path / "roles.sql")]
            subprocess.run([programs() / "psql", *words], check=True)
            url = postgres.url(LOGIN, "psycopg", LOGIN)
            migrate(url)
            engine = open_engine(url)
            require_migrated(engine)
            with transaction(engine, "ops") as working:
                assert working.exec_driver_sql("SELECT current_user").scalar() == "scriptright_ops"
            engine.dispose()
        finally:
            connection.execute(f"DROP DATABASE {LOGIN} WITH (FORCE)")
            connection.execute(f"DROP ROLE {LOGIN}")

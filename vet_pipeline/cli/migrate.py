"""`vet-pipeline migrate`: the database itself."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, example
from vet_pipeline.cli.output import emit

# The two logins may be the same one; where a role is there already, psql says so and goes on.
_HOW = "-- as an administrator: psql -d DATABASE -v migrating=LOGIN -v program=LOGIN -f THIS_FILE"


@app.command("migrate", epilog=example("migrate", "migrate --show-roles > roles.sql"))
def migrate(
    show_roles: Annotated[
        bool,
        typer.Option(
            "--show-roles", help="Only print what an administrator runs where logins make no roles."
        ),
    ] = False,
    restored: Annotated[
        bool,
        typer.Option(
            "--restored",
            help="A copy of the server's files, or of the home, was put back: numbers go on"
            " higher, emails that waited are parked. Where a dump was restored, they do so anyway.",
        ),
    ] = False,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Bring ScriptRight's schema, its roles and their rights up to date.

    SCRIPTRIGHT_MIGRATION_URL names the login for it, else SCRIPTRIGHT_URL does.
    """
    from vet_pipeline.scriptright.postgres import migrate as schema
    from vet_pipeline.scriptright.postgres.owner import statements_for_administrator
    from vet_pipeline.scriptright.postgres.server import migration_url

    if show_roles:
        statements = statements_for_administrator()
        lines = "\n".join((_HOW, *statements))
        emit(as_json, {"statements": statements}, lambda out: out.print(lines))
        return
    home = home.resolve()
    os.environ["VET_PIPELINE_HOME"] = str(home)
    moved = schema.migrate(migration_url(home), restored=restored)
    version = schema.newest_version()
    said = [f"schema is at version {version}"]
    if moved:
        said.append(
            "restored, moved or failed over since it was last migrated: new numbers go on a million"
            " higher or more, those of snapshots a thousand"
        )
        said.append(
            f"confirmations that waited and may have gone out, to be parked: {moved.confirmations}"
        )
    document = {
        "version": version,
        "numbers_moved": moved is not None,
        "confirmations_to_be_parked": moved.confirmations if moved else 0,
    }
    emit(as_json, document, lambda out: out.print("\n".join(said)))

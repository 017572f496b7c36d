"""`vet-pipeline migrate` and `vet-pipeline audit verify`: the database itself."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home
from vet_pipeline.cli.output import FAILED, emit, table
from vet_pipeline.cli.session import opened

audit_app = typer.Typer(no_args_is_help=True, help="The trail of loads, decisions and acts.")
app.add_typer(audit_app, name="audit")


@app.command("migrate")
def migrate(home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """Bring ScriptRight's schema up to date; does nothing when it is."""
    from vet_pipeline.scriptright import migrate as schema
    from vet_pipeline.scriptright.server import migration_url

    home = home.resolve()
    os.environ["VET_PIPELINE_HOME"] = str(home)
    schema.migrate(migration_url(home))
    version = schema.newest_version()
    emit(as_json, {"version": version}, lambda out: out.print(f"schema is at version {version}"))


@audit_app.command("verify")
def verify(
    practice: Annotated[
        str | None, typer.Argument(metavar="[PRACTICE]", help="Only this one; else all.")
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Check that no entry of the audit trail was changed, removed or moved."""
    with opened(home) as session:
        from vet_pipeline import practices
        from vet_pipeline.scriptright import audit

        with session.connected("ops") as connection:
            ids = (
                [practices.get(connection, practice).practice_id]
                if practice
                else [p.practice_id for p in practices.list_practices(connection)]
            )
            broken = {one: audit.verify(connection, one) for one in ids}
    checked = [
        {"practice": one, "intact": at is None, "first_broken_entry": at}
        for one, at in broken.items()
    ]
    columns = ("practice", "intact", "first broken entry")
    rows = [tuple(entry.values()) for entry in checked]
    emit(as_json, {"practices": checked}, lambda out: out.print(table("Audit", columns, rows)))
    if any(at is not None for at in broken.values()):
        raise typer.Exit(FAILED)

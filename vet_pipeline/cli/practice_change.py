"""`vet-pipeline practice change`: what was registered wrong is put right."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from vet_pipeline.cli.connection_string import refuse_path_from_here, refuse_unreadable
from vet_pipeline.cli.options import (
    DEFAULT_HOME,
    AsJson,
    By,
    Home,
    Odbc,
    OdbcEnv,
    PracticeId,
    QuietHoursOrNone,
)
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.practice import (
    as_data,
    as_typed,
    parse_quiet_hours,
    practices_app,
    print_there_too,
    registered_connector,
)
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import UsageError, about

if TYPE_CHECKING:
    from rich.console import Console

_EXAMPLE = """
**Examples**

`vet-pipeline practice change oak-creek --odbc-env OAK_CREEK_ODBC --by "Dana Field"`

`vet-pipeline practice change oak-creek --pims asm3 --by "Dana Field"`

`vet-pipeline practice change oak-creek --email desk@oakcreek.example --by "Dana Field"`

`vet-pipeline practice change oak-creek --timezone America/Denver --quiet-hours 20:00-07:00 --by "Dana Field"`
"""


@practices_app.command("change", epilog=_EXAMPLE)
def change(
    practice: PracticeId,
    by: By,
    odbc: Odbc = None,
    odbc_env: OdbcEnv = None,
    pims: Annotated[
        str | None,
        typer.Option("--pims", help="Connector: another before the first copy, or its new place."),
    ] = None,
    email: Annotated[
        str | None, typer.Option("--email", help="Where the practice's mail is sent.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="As it appears in emails.")] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Such as America/Chicago.")
    ] = None,
    quiet_hours: QuietHoursOrNone = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Correct the PIMS, its connector, the address, name or hours; holds from the next run on."""
    given = (odbc, odbc_env, pims, email, name, timezone, quiet_hours)
    if not any(given) or (odbc and odbc_env):
        raise UsageError(
            "what to change isn't clear",
            next_step="give --odbc or --odbc-env, --pims, --email, --name, --timezone"
            " or --quiet-hours",
            practice_id=practice,
        )
    with about(practice):
        quiet: tuple[time, time] | Literal["none"] | None = (
            "none" if quiet_hours == "none" else parse_quiet_hours(quiet_hours)
        )
    connector = registered_connector(practice, pims) if pims else None
    if odbc:
        refuse_path_from_here(odbc, practice)
    with opened(home) as session:
        from vet_pipeline.registry import practices, registration
        from vet_pipeline.registry.practice_settings import written_lines

        with session.transaction("ops", practice) as connection:
            if odbc or odbc_env:
                registration.change_connection(
                    connection, practice, odbc=odbc, odbc_env=odbc_env, by=by
                )
            if connector:
                registration.change_connector(connection, practice, pims=connector, by=by)
            if email is not None:
                registration.change_contact(connection, practice, contact_email=email, by=by)
            if name:
                registration.change_name(connection, practice, name=name, by=by)
            if timezone or quiet is not None:
                registration.change_hours(
                    connection, practice, timezone=timezone, quiet=quiet, by=by
                )
            changed = practices.get(connection, practice)
            if odbc:
                refuse_unreadable(odbc, practice, changed.pims)
            is_elsewhere = bool(odbc or odbc_env or pims)
            there_too = registration.read_there_too(connection, changed) if is_elsewhere else []
        written = written_lines(changed.settings) if is_elsewhere else {}

    def render(out: Console) -> None:
        print_there_too(out, there_too)
        _print_written(out, practice, written)
        next_step = f"next: vet-pipeline plan {practice}   (reads the PIMS, changes nothing)"
        out.print(f"{practice} is changed; {next_step}")

    emit(as_json, as_data(changed) | {"read_there_too": there_too}, render)


def _print_written(out: Console, practice: str, written: dict[str, Any]) -> None:
    """Warn of settings made for the former PIMS: another one may mean pounds by a bare number."""
    if written:
        said = " ".join(f'{name}="{as_typed(value)}"' for name, value in written.items())
        out.print(
            "mind: it is read by what was set for the PIMS of before, which another one may write"
            f" otherwise: {said}"
        )
        out.print(f"ask the practice before the next run: vet-pipeline practice set {practice} -h")

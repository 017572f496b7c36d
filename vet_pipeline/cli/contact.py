"""`vet-pipeline practice change`: a wrong connection string or contact address is put right."""

from __future__ import annotations

from typing import Annotated

import typer

from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, Odbc, OdbcEnv, PracticeId
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.passwords import refuse_password
from vet_pipeline.cli.practice import as_data, practices_app
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import UsageError

_EXAMPLE = """
**Examples**

`vet-pipeline practice change oak-creek --odbc-env OAK_CREEK_ODBC --by "Dana Field"`

`vet-pipeline practice change oak-creek --email desk@oakcreek.example --by "Dana Field"`
"""


@practices_app.command("change", epilog=_EXAMPLE)
def change(
    practice: PracticeId,
    by: By,
    odbc: Odbc = None,
    odbc_env: OdbcEnv = None,
    email: Annotated[
        str | None, typer.Option("--email", help="Where the practice's mail is sent.")
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Correct where the PIMS is, or where mail goes; holds from the next run on."""
    if not (odbc or odbc_env or email) or (odbc and odbc_env):
        raise UsageError(
            "what to change isn't clear",
            next_step="give --email, and --odbc or --odbc-env",
            practice_id=practice,
        )
    if odbc:
        refuse_password(odbc)
    address = _address(practice, email)
    with opened(home) as session:
        from vet_pipeline import practices, registration

        with session.transaction("ops", practice) as connection:
            if odbc or odbc_env:
                registration.change_connection(
                    connection, practice, odbc=odbc, odbc_env=odbc_env, by=by
                )
            if address:
                registration.change_contact(connection, practice, contact_email=address, by=by)
            changed = practices.get(connection, practice)
    next_step = f"next: vet-pipeline plan {practice}   (reads the PIMS, changes nothing)"
    emit(as_json, as_data(changed), lambda out: out.print(f"{practice} is changed; {next_step}"))


def _address(practice_id: str, email: str | None) -> str | None:
    from vet_pipeline.mail.message import address_of

    if email is None:
        return None
    address = address_of(email)
    if address is None:
        raise UsageError(
            "the contact email isn't one address",
            next_step="give --email name@host",
            practice_id=practice_id,
        )
    return address

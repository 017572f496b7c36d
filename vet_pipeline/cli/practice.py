"""`vet-pipeline practice add|list|show|pause|resume`: the registry, and Dagster's partition."""

from __future__ import annotations

import os
import re
from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import Ordered, app
from vet_pipeline.cli.connection_string import refuse_path_from_here, refuse_unreadable
from vet_pipeline.cli.options import (
    DEFAULT_HOME,
    AsJson,
    By,
    Home,
    Odbc,
    OdbcEnv,
    PracticeId,
    QuietHours,
    example,
)
from vet_pipeline.cli.output import emit, label, marked, table
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.errors import ConnectorInvalid, UsageError, about
from vet_pipeline.planning import QUIET_LEFT
from vet_pipeline.registry.odbc_variable import is_variable_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from vet_pipeline.registry.practices import Practice

practices_app = typer.Typer(
    cls=Ordered,
    no_args_is_help=True,
    help="The registry of practices: add, change, pause, offboard.",
)
app.add_typer(practices_app, name="practice")

_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_ADD_EXAMPLE = """
**Examples**

`vet-pipeline practice add oak-creek --name "Oak Creek Animal Clinic" --pims generic
--odbc "DRIVER=SQLite3;Database=/data/oak.sqlite" --email desk@oakcreek.example
--timezone America/Chicago --quiet-hours 21:00-06:00 --by "Dana Field"`

With a password, keep the string in an environment variable: `--odbc-env OAK_CREEK_ODBC`
"""


@practices_app.command("add", epilog=_ADD_EXAMPLE)
def add(
    practice: PracticeId,
    name: Annotated[str, typer.Option("--name", help="As it appears in emails.")],
    pims: Annotated[str, typer.Option("--pims", help="Connector: see `connector list`.")],
    email: Annotated[str, typer.Option("--email", help="Where the confirmation is sent.")],
    timezone: Annotated[str, typer.Option("--timezone", help="Such as America/Chicago.")],
    by: By,
    odbc: Odbc = None,
    odbc_env: OdbcEnv = None,
    quiet_hours: QuietHours = None,
    weight_unit: Annotated[
        str | None,
        typer.Option("--weight-unit", help="kg, lb, g or oz where the PIMS names none."),
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Register a practice; its first run copies its clients and pets."""
    pims = registered_connector(practice, pims)
    with about(practice):
        hours = parse_quiet_hours(quiet_hours)
    if odbc:
        refuse_unreadable(odbc, practice, pims)
        refuse_path_from_here(odbc, practice)
    with opened(home) as session:
        from vet_pipeline.registry import offboarding, practices, registration

        offboarding.refuse_id_of_one_that_left(practice, session.home)
        with session.transaction("ops", practice) as connection:
            added = practices.add(
                connection,
                practice,
                name=name,
                pims=pims,
                contact_email=email,
                timezone=timezone,
                by=by,
                odbc=odbc,
                odbc_env=odbc_env,
                quiet_hours=hours,
                settings=practices.Settings.model_validate(
                    {"weight_unit_when_missing": _weight_unit(practice, weight_unit)}
                ),
            )
            # Inside the transaction: without its partition the practice isn't registered either.
            add_partition(session, practice)
            data = as_data(added) | {
                "read_there_too": registration.read_there_too(connection, added),
                "named_so_too": registration.named_so_too(connection, added),
            }
    emit(as_json, data, lambda out: _print_added(out, added, data))


@practices_app.command("list")
def list_all(home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """All practices, by id."""
    with opened(home) as session:
        from vet_pipeline.registry import practices

        with session.connected("ops") as connection:
            found = practices.list_practices(connection)
    columns = ("practice", "name", "PIMS", "state", "last load", "next due")
    rows = [
        (p.practice_id, p.name, p.pims, p.state, p.last_success_at, p.next_due_at) for p in found
    ]
    data = {"practices": [as_data(p) for p in found]}
    emit(as_json, data, lambda out: print_practices(out, session, columns, rows))


def print_practices(
    out: Console, session: Session, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """One row a practice; where there is none, `print_nobody`."""
    if rows:
        out.print(table("Practices", columns, rows))
    else:
        print_nobody(out, session)


def print_nobody(out: Console, session: Session) -> None:
    """That there is no practice: it may be the wrong database, or home, which is made unasked."""
    named = os.environ.get("SCRIPTRIGHT_URL")
    where = "the database of SCRIPTRIGHT_URL" if named else f"VET_PIPELINE_HOME: {session.home}"
    out.print(f"no practice is registered here ({where})")
    other = "another one there" if named else "another home"
    out.print(f"next: name {other}, or register one: vet-pipeline practice add -h")


@practices_app.command("show", epilog=example("practice show oak-creek"))
def show(practice: PracticeId, home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """One practice as registered."""
    with opened(home) as session:
        from vet_pipeline.registry import practices
        from vet_pipeline.registry.practice_settings import as_lines

        with session.connected("ops", practice) as connection:
            found = practices.get(connection, practice)
    data = as_data(found)
    lines = as_lines(found.settings).items()
    settings = tuple(f"{name}={as_typed(value)}" for name, value in lines)
    told = data | {"settings": settings or "defaults"}
    rows = [(label(name), value) for name, value in told.items()]
    emit(as_json, data, lambda out: out.print(table("Practice", ("what", "value"), rows)))


@practices_app.command(
    "pause", epilog=example('practice pause oak-creek --by "Dana Field" --reason "asked to stop"')
)
def pause(
    practice: PracticeId,
    by: By,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why: shown to whoever is on call.")
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Read nothing from the practice until it is resumed."""
    with opened(home) as session:
        from vet_pipeline.registry import pausing

        changed = pausing.pause(session.engine, practice, by=by, reason=reason, home=session.home)
    emit(as_json, as_data(changed), lambda out: out.print(f"{practice} is paused"))


@practices_app.command("resume", epilog=example('practice resume oak-creek --by "Dana Field"'))
def resume(
    practice: PracticeId, by: By, home: Home = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Read the practice again."""
    with opened(home) as session:
        from vet_pipeline.registry import pausing

        changed = pausing.resume(session.engine, practice, by=by, home=session.home)
    emit(as_json, as_data(changed), lambda out: out.print(f"{practice} is active"))


def add_partition(session: Session, practice_id: str) -> None:
    """Make the practice a partition of Dagster's assets; harmless when it is one."""
    with session.dagster() as instance:
        from automation.instance import register_practice

        register_practice(instance, practice_id)


def as_data(practice: Practice) -> dict[str, Any]:
    """What may be shown of a practice: never its connection string."""
    return {
        "practice": practice.practice_id,
        "name": practice.name,
        "pims": practice.pims,
        "odbc": _source_of_odbc(practice),
        "email": practice.contact_email,
        "timezone": practice.timezone,
        "quiet_from": practice.quiet_from and f"{practice.quiet_from:%H:%M}",
        "quiet_to": practice.quiet_to and f"{practice.quiet_to:%H:%M}",
        "state": practice.state,
        "state_reason": practice.state_reason,
        "settings": practice.settings.model_dump(mode="json", exclude_defaults=True),
        "applied_snapshot": practice.applied_seq,
        "installed_at": practice.installed_at,
        "last_success_at": practice.last_success_at,
        "next_due_at": practice.next_due_at,
    }


def as_typed(value: Any) -> str:
    """The value of a setting as `practice set` takes it."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source_of_odbc(practice: Practice) -> str:
    if not practice.odbc_env:
        return "registered"
    if not is_variable_name(practice.odbc_env):  # older releases took anything
        return "no variable's name is registered: see `vet-pipeline practice change --odbc-env`"
    return f"environment variable {practice.odbc_env}"


def parse_quiet_hours(text: str | None) -> tuple[time, time] | None:
    """`21:00-06:00` as two times of day; UsageError for anything else."""
    if text is None:
        return None
    found = _QUIET.fullmatch(text.strip())
    if found is None or found[1] + found[2] == found[3] + found[4]:
        raise UsageError(
            "quiet hours aren't two different times of day",
            next_step="write them as --quiet-hours 21:00-06:00, in the practice's time zone",
        )
    hours = [int(part) for part in found.groups()]
    minutes = (hours[2] * 60 + hours[3] - hours[0] * 60 - hours[1]) % (24 * 60)
    if timedelta(minutes=minutes) <= QUIET_LEFT:
        raise UsageError(
            "no read may begin in the last 15 minutes of quiet hours, so in these none ever would",
            next_step="give longer ones; best are several hours, else a refresh often misses them",
        )
    return time(hours[0], hours[1]), time(hours[2], hours[3])


def _weight_unit(practice_id: str, unit: str | None) -> str | None:
    if unit not in (None, "kg", "lb", "g", "oz"):
        raise UsageError(
            "the weight unit isn't kg, lb, g or oz",
            next_step="leave --weight-unit out when nobody can say: weights then stay unknown",
            practice_id=practice_id,
        )
    return unit


def registered_connector(practice_id: str, pims: str) -> str:
    """What is registered: a name, or the whole path of a folder, since runs start elsewhere."""
    from vet_pipeline.pims.connector import list_connectors, load_connector

    try:
        folder = load_connector(pims).folder
        return pims if pims in list_connectors() else str(folder.resolve())
    except ConnectorInvalid as error:
        raise UsageError(error.what, next_step=error.next_step, practice_id=practice_id) from None


def print_there_too(out: Console, there_too: list[str]) -> None:
    """Warn, as no guard holds a first copy of another practice's clients."""
    if there_too:
        out.print(
            f"mind: {', '.join(there_too)} is read from the same place, so these would be the same"
            " clients once more: is the connection the right one?"
        )


def _print_added(out: Console, practice: Practice, data: dict[str, Any]) -> None:
    out.print(marked((practice.name, "bold"), f" is registered as {practice.practice_id}"))
    print_there_too(out, data["read_there_too"])
    if named_too := data["named_so_too"]:
        pause = f"vet-pipeline practice pause {practice.practice_id} --by NAME"
        once_more = "it would be copied twice and get two confirmations; then"
        out.print(
            f"mind: {', '.join(named_too)} has this name, too; if they are one, {once_more}: {pause}"
        )
    out.print(f"next: vet-pipeline plan {practice.practice_id}   what a run would do")
    out.print(f"      vet-pipeline run {practice.practice_id}    do it")

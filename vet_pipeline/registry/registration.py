"""Correcting a practice's registration: its PIMS and connector, where mail goes, name and hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import PurePath
from typing import Any, Literal

from sqlalchemy import Connection, text

from vet_pipeline import time_zones
from vet_pipeline.errors import PracticeStateRefuses
from vet_pipeline.planning import next_due, quiet_hours
from vet_pipeline.registry.odbc_variable import require_one_source
from vet_pipeline.registry.practices import (
    Practice,
    checked_address,
    get,
    list_practices,
    one_of_ours,
    require_name,
)
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import named


def change_connection(
    connection: Connection, practice_id: str, *, odbc: str | None, odbc_env: str | None, by: str
) -> None:
    """Name the PIMS anew, by exactly one of the two; what was read and not applied yet never is.

    In the caller's transaction; the audit trail keeps that it was changed, not the string. Raises
    UnknownPractice, PracticeStateRefuses for an offboarded practice, and UsageError as
    `require_one_source`, or where `by` is blank.
    """
    require_one_source(odbc, odbc_env, practice_id)
    _change(
        connection,
        practice_id,
        "UPDATE scriptright.practice SET odbc = :odbc, odbc_env = :odbc_env"
        " WHERE practice_id = :practice_id",
        {"odbc": odbc, "odbc_env": odbc_env},
        act="connection_changed",
        by=by,
    )


def read_there_too(connection: Connection, practice: Practice) -> list[str]:
    """The other practices whose clients these are: read by the same connector from the same place.

    Raises nothing: an example may be registered twice. But mostly it is a string copied with the
    rest of a line, and no guard holds the first copy of another practice's clients.
    """
    same = practice.pims, practice.source
    return [o.practice_id for o in _others(connection, practice) if (o.pims, o.source) == same]


def named_so_too(connection: Connection, practice: Practice) -> list[str]:
    """The other practices of its name: by a slip in the id it would be copied and mailed twice."""
    name = practice.name.casefold()
    return [o.practice_id for o in _others(connection, practice) if o.name.casefold() == name]


def _others(connection: Connection, practice: Practice) -> list[Practice]:
    """All that haven't left, but this one."""
    known = list_practices(connection)
    return [o for o in known if o.practice_id != practice.practice_id and o.state != "offboarded"]


def change_connector(connection: Connection, practice_id: str, *, pims: str, by: str) -> None:
    """Read the practice by another connector: `pims` is a name, or the whole path of a folder.

    The place of the same connector may change at any time. Another one's keys are others, so what
    has been copied would stand twice: PracticeStateRefuses. As `change_connection` otherwise.
    """
    lock_practice(connection, practice_id)
    now = get(connection, practice_id)
    name, other = PurePath(now.pims).name, PurePath(pims).name
    if other != name and now.applied_seq is not None:
        raise PracticeStateRefuses(
            f"its clients were copied by the connector {name!r}, which has other keys than {other!r}",
            next_step="no command gives copied clients another connector: ask the owners"
            " (docs/operating.md, *A practice changes its PIMS*)",
            practice_id=practice_id,
        )
    _change(
        connection,
        practice_id,
        "UPDATE scriptright.practice SET pims = :pims WHERE practice_id = :practice_id",
        {"pims": pims},
        act="connector_changed",
        by=by,
        detail={"pims": [name, other]},
    )


def change_contact(
    connection: Connection, practice_id: str, *, contact_email: str, by: str
) -> None:
    """Send the practice's mail to another address from now on; as `change_connection` otherwise."""
    _change(
        connection,
        practice_id,
        "UPDATE scriptright.practice SET contact_email = :contact_email"
        " WHERE practice_id = :practice_id",
        {"contact_email": checked_address(contact_email, practice_id)},
        act="contact_changed",
        by=by,
    )


def change_name(connection: Connection, practice_id: str, *, name: str, by: str) -> None:
    """Call the practice otherwise in mails; as `change_connection` otherwise."""
    require_name(name, practice_id)
    _change(
        connection,
        practice_id,
        "UPDATE scriptright.practice SET name = :name WHERE practice_id = :practice_id",
        {"name": name.strip()},
        act="name_changed",
        by=by,
    )


def change_hours(
    connection: Connection,
    practice_id: str,
    *,
    timezone: str | None,
    quiet: tuple[time, time] | Literal["none"] | None,
    by: str,
) -> None:
    """Another time zone, or other quiet hours (`none`: none); None leaves it as it is.

    The next refresh is planned anew from the last success. As `change_connection` otherwise.
    """
    if timezone is not None:
        time_zones.require(timezone, practice_id)
    lock_practice(connection, practice_id)
    now = get(connection, practice_id)
    hours = (now.quiet_from, now.quiet_to) if quiet is None else quiet
    quiet_from, quiet_to = (None, None) if hours == "none" else hours
    zone = timezone or now.timezone
    due = now.last_success_at and next_due(
        practice_id, now.last_success_at, quiet_hours(zone, quiet_from, quiet_to)
    )
    _change(
        connection,
        practice_id,
        "UPDATE scriptright.practice SET timezone = :timezone, quiet_from = :quiet_from,"
        " quiet_to = :quiet_to, next_due_at = coalesce(:due, next_due_at)"
        " WHERE practice_id = :practice_id",
        {"timezone": zone, "quiet_from": quiet_from, "quiet_to": quiet_to, "due": due},
        act="hours_changed",
        by=by,
    )


def _change(
    connection: Connection,
    practice_id: str,
    statement: str,
    values: dict[str, object],
    *,
    act: str,
    by: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    actor = named(by, practice_id)
    lock_practice(connection, practice_id)
    one_of_ours(connection, practice_id)
    connection.execute(text(statement), {"practice_id": practice_id, **values})
    audit.append(connection, practice_id, actor, act, detail or {})

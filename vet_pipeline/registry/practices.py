"""The registry of practices: who they are, how their PIMS is reached, what their settings are.

One row of `scriptright.practice` each. Loading and reviewing are elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, text

from vet_pipeline import time_zones
from vet_pipeline.errors import PracticeStateRefuses, UnknownPractice, UsageError
from vet_pipeline.registry.odbc_variable import require_one_source, string_in
from vet_pipeline.registry.practice_settings import Settings, as_lines
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import named
from vet_pipeline.snapshots.names import NO_PRACTICE_ID, PRACTICE_ID

__all__ = [
    "Practice",
    "Settings",
    "State",
    "add",
    "change_settings",
    "get",
    "list_practices",
    "pause",
    "registered",
    "resume",
]

State = Literal["active", "paused", "offboarded"]


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice as registered; times are UTC, quiet hours are in its own time zone."""

    practice_id: str
    name: str
    pims: str
    odbc: str | None
    odbc_env: str | None
    contact_email: str
    timezone: str
    quiet_from: time | None
    quiet_to: time | None
    state: State
    state_reason: str | None
    settings: Settings
    applied_seq: int | None
    installed_at: datetime
    last_success_at: datetime | None
    next_due_at: datetime | None

    @property
    def source(self) -> str:
        """A digest of how its PIMS is reached: the registered string, or the variable's name."""
        return hashlib.sha256(repr((self.odbc, self.odbc_env)).encode()).hexdigest()

    def odbc_string(self) -> str:
        """The connection string; raises UsageError when its environment variable isn't set."""
        if self.odbc:
            return self.odbc
        if not self.odbc_env:
            raise UsageError(
                "no ODBC connection string is registered",
                next_step="register one with "
                f"`vet-pipeline practice change {self.practice_id} --odbc ... --by NAME`",
                practice_id=self.practice_id,
            )
        return string_in(self.odbc_env, self.practice_id)


def add(
    connection: Connection,
    practice_id: str,
    *,
    name: str,
    pims: str,
    contact_email: str,
    timezone: str,
    by: str,
    odbc: str | None = None,
    odbc_env: str | None = None,
    quiet_hours: tuple[time, time] | None = None,
    settings: Settings | None = None,
) -> Practice:
    """Register a practice in the caller's transaction. Raises UsageError naming what is wrong.

    Give exactly one of `odbc` and `odbc_env` (the name of the environment variable that holds
    the string); a string with a password is refused, so none is ever stored.
    """
    _check(practice_id, name, timezone, odbc, odbc_env)
    address = checked_address(contact_email, practice_id)
    actor = named(by, practice_id)
    lock_practice(connection, practice_id)
    quiet_from, quiet_to = quiet_hours or (None, None)
    added = connection.execute(
        _ADD,
        {
            "practice_id": practice_id,
            "name": name.strip(),
            "pims": pims,
            "odbc": odbc,
            "odbc_env": odbc_env,
            "contact_email": address,
            "timezone": timezone,
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "settings": (settings or Settings()).model_dump_json(exclude_defaults=True),
            "created_by": actor,
        },
    ).rowcount
    if not added:
        of = f"what is wrong of it is put right by: vet-pipeline practice change {practice_id} -h"
        raise _wrong(practice_id, "is registered already", f"{of}; another practice has another id")
    audit.append(connection, practice_id, actor, "practice_added", {"pims": pims})
    return get(connection, practice_id)


def get(connection: Connection, practice_id: str) -> Practice:
    """The practice; raises UnknownPractice."""
    row = connection.execute(_GET, {"practice_id": practice_id}).one_or_none()
    if row is None:
        raise UnknownPractice(
            "no such practice",
            next_step="see `vet-pipeline practice list`, or add it with `practice add`",
            practice_id=practice_id,
        )
    return _practice(row)


def one_of_ours(connection: Connection, practice_id: str) -> Practice:
    """The practice; raises PracticeStateRefuses for one that has left, UnknownPractice as `get`."""
    found = get(connection, practice_id)
    require_one_of_ours(found)
    return found


def require_one_of_ours(practice: Practice) -> None:
    """Raise PracticeStateRefuses for one that has left, by the database."""
    if practice.state == "offboarded":
        raise PracticeStateRefuses(
            "the practice is offboarded: its copied data are erased",
            next_step="register it anew, under another id, if it comes back",
            practice_id=practice.practice_id,
        )


def registered(engine: Engine, practice_id: str) -> Practice:
    """The practice as a step of the job finds it in the registry; raises UnknownPractice."""
    with connected(engine, "load", practice_id) as connection:
        return get(connection, practice_id)


def list_practices(connection: Connection) -> list[Practice]:
    """All practices by id, offboarded ones included."""
    return [_practice(row) for row in connection.execute(_LIST)]


def pause(connection: Connection, practice_id: str, *, by: str, reason: str | None) -> Practice:
    """Stop reading and applying until resumed. A reason takes the place of a paused one's."""
    return _set_state(connection, practice_id, "paused", by=by, reason=reason)


def resume(connection: Connection, practice_id: str, *, by: str) -> Practice:
    """Let a paused practice be read again; of one that isn't paused nothing is recorded."""
    return _set_state(connection, practice_id, "active", by=by, reason=None)


def change_settings(
    connection: Connection, practice_id: str, settings: Settings, *, by: str
) -> Practice:
    """Replace the practice's settings; they hold from the next run on.

    The audit trail keeps what each changed setting was and is.
    """
    actor = named(by, practice_id)
    lock_practice(connection, practice_id)
    before, after = (
        {name: str(value) for name, value in as_lines(one).items()}  # the audit keeps no floats
        for one in (one_of_ours(connection, practice_id).settings, settings)
    )
    document = settings.model_dump_json(exclude_defaults=True)
    connection.execute(_SETTINGS, {"practice_id": practice_id, "settings": document})
    changes = {
        name: [before.get(name), after.get(name)]  # None: the default
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }
    audit.append(connection, practice_id, actor, "settings_changed", {"settings": changes})
    return get(connection, practice_id)


def _set_state(
    connection: Connection, practice_id: str, state: State, *, by: str, reason: str | None
) -> Practice:
    actor = named(by, practice_id)
    lock_practice(connection, practice_id)
    before = one_of_ours(connection, practice_id)
    if before.state == state == "active":
        return before  # as an act it would hide what has failed, or become late, until then
    if state == "paused" and reason is None:
        reason = before.state_reason if before.state == state else "no reason given"
    values = {"practice_id": practice_id, "state": state, "reason": reason}
    connection.execute(_STATE, values)
    audit.append(connection, practice_id, actor, f"practice_{state}", {})
    return get(connection, practice_id)


def _practice(row: Row[Any]) -> Practice:
    values = dict(row._mapping)
    values["settings"] = Settings.model_validate(values["settings"])
    return Practice(**values)


def _check(
    practice_id: str,
    name: str,
    timezone: str,
    odbc: str | None,
    odbc_env: str | None,
) -> None:
    if not PRACTICE_ID.fullmatch(practice_id):
        raise UsageError(NO_PRACTICE_ID, next_step="choose such an id")
    require_name(name, practice_id)
    time_zones.require(timezone, practice_id)
    require_one_source(odbc, odbc_env, practice_id)


def require_name(name: str, practice_id: str) -> None:
    """Raise UsageError for a name that is blank."""
    if not name.strip():
        raise _wrong(practice_id, "the name is blank", "give --name")


def checked_address(contact_email: str, practice_id: str) -> str:
    """The one address that was given; UsageError otherwise."""
    from vet_pipeline.mail.message import address_of  # loads Jinja; lists don't need it

    address = address_of(contact_email)
    if address is None or not _ADDRESS.fullmatch(address):
        raise _wrong(practice_id, "the contact email isn't one address", "give --email name@host")
    return address


def _wrong(practice_id: str, what: str, next_step: str) -> UsageError:
    return UsageError(what, next_step=next_step, practice_id=practice_id)


_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")  # as the table's constraint has it
_COLUMNS = """
    practice_id, name, pims, odbc, odbc_env, contact_email, timezone, quiet_from, quiet_to, state,
    state_reason, settings, applied_seq, installed_at, last_success_at, next_due_at
"""
_ADD = text("""
    INSERT INTO scriptright.practice (practice_id, name, pims, odbc, odbc_env, contact_email,
        timezone, quiet_from, quiet_to, settings, created_by)
    VALUES (:practice_id, :name, :pims, :odbc, :odbc_env, :contact_email, :timezone, :quiet_from,
        :quiet_to, CAST(:settings AS jsonb), :created_by)
    ON CONFLICT (practice_id) DO NOTHING
""")
_GET = text(f"SELECT {_COLUMNS} FROM scriptright.practice WHERE practice_id = :practice_id")  # noqa: S608
_LIST = text(f"SELECT {_COLUMNS} FROM scriptright.practice ORDER BY practice_id")  # noqa: S608
_STATE = text("""
    UPDATE scriptright.practice SET state = :state, state_reason = :reason
    WHERE practice_id = :practice_id
""")
_SETTINGS = text("""
    UPDATE scriptright.practice SET settings = CAST(:settings AS jsonb)
    WHERE practice_id = :practice_id
""")

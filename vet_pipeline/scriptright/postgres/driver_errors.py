"""What psycopg's errors mean to us: by SQLSTATE, since a driver's own words quote the cell."""

from __future__ import annotations

import re

import psycopg

from vet_pipeline.errors import (
    DatabaseNotMigrated,
    DatabaseRefused,
    DatabaseUnavailable,
    LoadInProgress,
    PipelineError,
)

MIGRATE = "run `vet-pipeline migrate`"
RETRY = "check that the server runs and has room, then try again: all of it was done, or nothing"
REPORT = "nothing was changed; report this, with the snapshot's number where a run met it"


def translated(error: psycopg.Error, practice_id: str | None) -> PipelineError:
    """Our error for the driver's, with SQLSTATE and constraint name, without a cell."""
    state = error.sqlstate or _state_of_refused_connection(error)
    told = (
        _of_the_schema(error, state, practice_id)
        or _of_the_login(error, state, practice_id)
        or _of_the_moment(error, state, practice_id)
    )
    if told is not None:
        return told
    constraint = error.diag.constraint_name
    named = f", constraint {constraint}" if constraint else ""
    return DatabaseRefused(
        f"the database refused a statement (SQLSTATE {state or type(error).__name__}{named})",
        next_step=REPORT,
        practice_id=practice_id,
    )


# A schema, table, column or function that a statement names isn't there.
NOT_THERE = frozenset({"3F000", "42P01", "42703", "42883"})


def is_out_of_date(error: BaseException | None) -> bool:
    """Whether a statement that psycopg had prepared would give other columns by now."""
    return (
        isinstance(error, psycopg.errors.FeatureNotSupported)
        and error.diag.source_function == "RevalidateCachedQuery"
    )


def _of_the_schema(
    error: psycopg.Error, state: str, practice_id: str | None
) -> PipelineError | None:
    """It isn't the one that this program was written for."""
    no_role = state == "22023" and bool(re.search(r'role "scriptright_\w+" does not', str(error)))
    if no_role or state in NOT_THERE:
        return DatabaseNotMigrated(
            f"ScriptRight's schema is missing or older than this program (SQLSTATE {state})",
            next_step=MIGRATE,
            practice_id=practice_id,
        )
    if state == "3D000":
        return DatabaseNotMigrated(
            "the database that SCRIPTRIGHT_URL names doesn't exist (SQLSTATE 3D000)",
            next_step="correct its name there, or restore it (docs/operating.md); only a first"
            f" installation makes it anew: create it, then {MIGRATE}",
            practice_id=practice_id,
        )
    if is_out_of_date(error):
        return DatabaseUnavailable(
            f"ScriptRight's schema was migrated while this session was open (SQLSTATE {state})",
            next_step="try again: nothing was changed; restart what is still of the release before",
            practice_id=practice_id,
        )
    return None


def _of_the_login(
    error: psycopg.Error, state: str, practice_id: str | None
) -> PipelineError | None:
    """It is refused, lacks a right, or doesn't reach the server itself."""
    if state == "42501":
        return DatabaseRefused(
            "the database login may not do this (SQLSTATE 42501)",
            next_step="make it a member of the role that this command needs: docs/security.md",
            practice_id=practice_id,
        )
    if state.startswith("28"):
        return DatabaseRefused(
            f"the database refused the login (SQLSTATE {state})",
            next_step="check user and password in SCRIPTRIGHT_URL",
            practice_id=practice_id,
        )
    if not state and re.search(r"(?i)\b(ssl|certificate)\b", str(error)):
        return DatabaseRefused(
            "no encrypted connection to a database whose certificate is trusted",
            next_step="name the certificate's issuer with sslrootcert=FILE in the URL of the"
            " database: docs/security.md",
            practice_id=practice_id,
        )
    if not state and "unsupported startup parameter" in str(error):  # PgBouncer's words
        return behind_a_pooler(practice_id)
    return None


def behind_a_pooler(practice_id: str | None) -> DatabaseRefused:
    """What a pooler that refuses our sessions' settings, or drops them, is told as."""
    return DatabaseRefused(
        "a pooler stands before ScriptRight's database and takes no settings",
        next_step="name the PostgreSQL server itself in SCRIPTRIGHT_URL: deploy/README.md",
        practice_id=practice_id,
    )


def _of_the_moment(
    error: psycopg.Error, state: str, practice_id: str | None
) -> PipelineError | None:
    """It would be done at another time: the lock is taken, the server down, a standby or full."""
    if state == "55P03":
        return LoadInProgress(
            "another load or decision of this practice, or an open transaction of the web shop,"
            " keeps what this one needs",
            next_step="wait for it to end, then try again",
            practice_id=practice_id,
        )
    if state == "25006":
        return DatabaseUnavailable(
            "ScriptRight's database may only be read now (SQLSTATE 25006)",
            next_step="a standby, or set so by its administrator: name the server that takes writes"
            " in SCRIPTRIGHT_URL, or wait and try again",
            practice_id=practice_id,
        )
    if state == "53300":
        return DatabaseUnavailable(
            "ScriptRight's database has no connection left (SQLSTATE 53300)",
            next_step="see who uses them up (pg_stat_activity), or have its limit raised, then try"
            " again: all of it was done, or nothing",
            practice_id=practice_id,
        )
    lost = not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    # 08 connection, 53 no room, 57P server going down or cancelled, 40 deadlock, 58/XX I/O trouble,
    # 25P03/25P04 ended for its time
    if lost or state.startswith(("08", "53", "57", "40", "58", "XX", "25P03", "25P04")):
        return DatabaseUnavailable(
            f"ScriptRight's database didn't answer (SQLSTATE {state or 'none'})",
            next_step=RETRY,
            practice_id=practice_id,
        )
    return None


def _state_of_refused_connection(error: psycopg.Error) -> str:
    """The SQLSTATE that libpq drops when a connection is refused, told from its English words."""
    words = str(error)
    if re.search(r'FATAL: +database "[^"]*" does not exist', words):
        return "3D000"
    if re.search(r"FATAL: +(password authentication failed|no pg_hba|role .* does not)", words):
        return "28000"
    if re.search(r"FATAL: +(sorry, too many clients|too many conn|remaining connection)", words):
        return "53300"
    return ""

"""Whether the schema has all that guards what it holds: half a restored dump looks like a whole one.

pg_restore brings rows first, and what refuses wrong ones last. Ended in between, or with errors that
were passed over, it leaves tables that can be read and written, and a renamed pet's prescriptions
go on unmarked.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from vet_pipeline.errors import DatabaseRefused

#: Of the newest version; others may add their own.
GUARDS: Mapping[str, int] = {"triggers": 45, "unique indexes": 30, "foreign keys": 25}


def guards(connection: Connection) -> dict[str, int]:
    """How many of each there are in the schema by now, and at work."""
    return dict(zip(GUARDS, connection.execute(_GUARDS).one(), strict=True))


def require_whole(connection: Connection) -> None:
    """Raise DatabaseRefused where some are missing, or switched off."""
    found = guards(connection)
    missing = [
        f"{kind}: {found[kind]} of {wanted}"
        for kind, wanted in GUARDS.items()
        if found[kind] < wanted
    ]
    if missing:
        raise _half(", ".join(missing))


def refuse_schema_without_version(connection: Connection, version: str | None) -> None:
    """Raise DatabaseRefused where the schema is there, and nothing says of which `version`."""
    if version is None and connection.execute(_IS_THERE).scalar():
        raise _half("its version is missing")


def _half(what: str) -> DatabaseRefused:
    return DatabaseRefused(
        f"ScriptRight's schema isn't whole ({what}): nothing was migrated",
        next_step="half a dump was restored: restore it anew, into an empty database, with"
        " pg_restore --exit-on-error; or have whoever removed them put them back",
    )


_IS_THERE = text("SELECT to_regnamespace('scriptright') IS NOT NULL")
_GUARDS = text("""
    WITH ours AS (SELECT oid FROM pg_class WHERE relnamespace = 'scriptright'::regnamespace)
    SELECT
      (SELECT count(*) FROM pg_trigger JOIN ours ON ours.oid = tgrelid
       WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')),
      (SELECT count(*) FROM pg_index JOIN ours ON ours.oid = indrelid
       WHERE indisunique AND indisvalid),
      (SELECT count(*) FROM pg_constraint JOIN ours ON ours.oid = conrelid WHERE contype = 'f')
""")

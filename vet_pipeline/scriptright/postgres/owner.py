"""The roles in the server, and the one that owns the schema: what a migration runs as.

Roles belong to the whole server, so they may be there already, from another database or from an
administrator where the migrating login may not make any.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright.postgres.logins import ROLES, WORKING, make_role, role_name
from vet_pipeline.scriptright.postgres.roles import enter

OWNER = role_name("migrate")


def become_owner(connection: Connection) -> None:
    """Make missing roles, hand the schema to its owner, and be the owner until the commit.

    Raises DatabaseRefused when the login may not make roles or isn't a member of the owner; the
    next step names the statements that an administrator runs once.
    """
    missing = connection.execute(_MISSING, {"roles": [role_name(r) for r in ROLES]}).scalars().all()
    if missing and not connection.execute(_MAY_MAKE_ROLES).scalar():
        raise DatabaseRefused(
            f"the login may not make the database roles {', '.join(missing)}",
            next_step="let an administrator run what `vet-pipeline migrate --show-roles` prints",
        )
    for name in missing:
        connection.execute(text(make_role(name)))
    if not connection.execute(_IS_OWNER).scalar():
        connection.execute(text(f"GRANT {OWNER} TO CURRENT_USER"))
    connection.execute(text(_HAND_OVER))
    enter(connection, "migrate")


def statements_for_administrator() -> list[str]:
    """What somebody who may make roles runs once in the database (psql), where `migrate` may not.

    `:"migrating"` and `:"program"` are psql variables: the logins that migrate and that work.
    """
    return [
        *(f"CREATE ROLE {role_name(role)} NOLOGIN;" for role in ROLES),
        f'GRANT {OWNER} TO :"migrating";',
        f'GRANT CREATE ON DATABASE :"DBNAME" TO {OWNER};',
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};",
        'ALTER ROLE :"program" NOINHERIT;',
        *(f'GRANT {role_name(role)} TO :"program";' for role in WORKING),
    ]


_MISSING = text("""
    SELECT name FROM unnest(CAST(:roles AS text[])) AS wanted (name)
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) ORDER BY name
""")
_MAY_MAKE_ROLES = text("""
    SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user
""")
# Since PostgreSQL 16 whoever has made a role is a member of it that may hand it on, and not be it.
_IS_OWNER = text("""
    SELECT pg_has_role(current_user, 'scriptright_migrate',
        CASE WHEN CAST(current_setting('server_version_num') AS integer) < 160000
        THEN 'MEMBER' ELSE 'SET' END)
""")
# Each grant only where it is missing: none of it is ours to give on a prepared server.
_HAND_OVER = """
DO $$
DECLARE
  one record;
BEGIN
  IF NOT has_database_privilege('scriptright_migrate', current_database(), 'CREATE') THEN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO scriptright_migrate', current_database());
  END IF;
  IF NOT has_database_privilege('scriptright_load', current_database(), 'TEMPORARY') THEN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO scriptright_load', current_database());
  END IF;
  IF NOT has_schema_privilege('scriptright_migrate', 'public', 'CREATE') THEN
    GRANT USAGE, CREATE ON SCHEMA public TO scriptright_migrate;
  END IF;
  FOR one IN
    SELECT 'SCHEMA' AS kind, nspname::text AS name FROM pg_namespace
    WHERE nspname = 'scriptright' AND nspowner <> 'scriptright_migrate'::regrole
    UNION ALL
    SELECT 'TABLE', format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v') AND c.relowner <> 'scriptright_migrate'::regrole
      AND (n.nspname = 'scriptright' OR (n.nspname, c.relname) = ('public', 'scriptright_version'))
    UNION ALL
    SELECT 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = to_regnamespace('scriptright')
      AND p.proowner <> 'scriptright_migrate'::regrole
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO scriptright_migrate', one.kind, one.name);
  END LOOP;
END $$
"""

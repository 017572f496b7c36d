"""The names of the database roles, and the login of the embedded server that is in them.

A production server's logins are its administrator's; docs/security.md says what each needs.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import psycopg
from psycopg import sql

# load: applies snapshots. review: people's decisions. read: looks, changes nothing. shop: what
# ScriptRight's own application writes here. ops: registry, ledger, holds and outbox of all
# practices, but no client and no pet. erase: offboards; the only one that may delete, and blind to
# values. migrate: owns the schema; only `migrate` runs as it.
Role = Literal["load", "review", "read", "shop", "ops", "erase", "migrate"]
ROLES: tuple[Role, ...] = get_args(Role)
WORKING: tuple[Role, ...] = tuple(role for role in ROLES if role != "migrate")


def role_name(role: Role) -> str:
    """The role's name in PostgreSQL."""
    return f"scriptright_{role}"


def make_role(name: str, options: str = "NOLOGIN") -> str:
    """The statement that makes a role unless another database's migration does so meanwhile."""
    return f"""
        DO $$ BEGIN
          CREATE ROLE {name} {options};
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
    """


def make_program_login(connection: psycopg.Connection[Any], login: str) -> None:
    """The program's login, and the roles it is in; as a superuser, safe to repeat.

    NOINHERIT: by itself it may do nothing, so a statement outside of a role is refused.
    """
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for name in map(role_name, ROLES):
        if name not in known:
            connection.execute(make_role(name).encode())
    if login not in known:
        connection.execute(make_role(login, "LOGIN NOINHERIT").encode())
    for name in map(role_name, WORKING):
        [(member,)] = connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [login, name])
        if not member:
            grant = sql.SQL("GRANT {} TO {}")
            connection.execute(grant.format(sql.Identifier(name), sql.Identifier(login)))

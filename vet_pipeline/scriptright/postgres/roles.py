"""Who a transaction is: the database role of its purpose, and the practice whose rows it sees.

Every connection that the program uses is opened here, so that no statement runs with the rights of
the login, and no error of the driver leaves it. What each role may do is in grants.py; how the
roles come to be is in migrate.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.postgres.logins import Role, role_name

__all__ = ["Role", "connected", "enter", "transaction"]

# `true`: both end with the transaction, so a pooled connection carries nothing over.
_ENTER = text(
    "SELECT set_config('scriptright.practice', :practice, true), set_config('role', :role, true)"
)


def enter(connection: Connection, role: Role, practice_id: str | None = None) -> None:
    """From here to the transaction's end: this role's rights, this practice's rows.

    `practice_id` None: no practice's rows, save those that `ops` may see of all. Raises
    DatabaseRefused when the login isn't a member of the role, DatabaseNotMigrated when the server
    doesn't know it.
    """
    connection.execute(_ENTER, {"practice": practice_id or "", "role": role_name(role)})


@contextmanager
def connected(engine: Engine, role: Role, practice_id: str | None = None) -> Iterator[Connection]:
    """A connection to look with: what is written on it and not committed is gone at the end.

    Whoever may do nothing but read sees one moment, however many statements it takes: values and
    their mark are of the same records, and none goes in between.
    """
    with translate_errors(practice_id), engine.connect() as connection:
        if role == "read":
            connection.execution_options(isolation_level="REPEATABLE READ")
        enter(connection, role, practice_id)
        yield connection


@contextmanager
def transaction(engine: Engine, role: Role, practice_id: str | None = None) -> Iterator[Connection]:
    """One transaction: committed at the end, or nothing happened."""
    with translate_errors(practice_id), engine.begin() as connection:
        enter(connection, role, practice_id)
        yield connection

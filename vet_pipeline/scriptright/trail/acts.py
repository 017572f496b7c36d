"""The frame of every act by a person: a name, the practice's lock, one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import PracticeStateRefuses, UnknownPractice, UsageError
from vet_pipeline.normalize.text import clean
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.roles import Role, transaction
from vet_pipeline.scriptright.trail.audit_heads import require_not_set_back


@contextmanager
def act(engine: Engine, practice_id: str, role: Role = "review") -> Iterator[Connection]:
    """One transaction of a role under the practice's lock: all of it is committed, or nothing.

    Raises UnknownPractice, PracticeStateRefuses when it is offboarded (a paused practice is read no
    more, but people go on deciding); LoadInProgress when a load or another act holds the lock too
    long; DatabaseNotMigrated of a database that was set back, which would give out numbers anew.
    """
    with transaction(engine, role, practice_id) as connection:
        lock_practice(connection, practice_id)
        if require_practice(connection, practice_id) == "offboarded":
            raise PracticeStateRefuses(
                "the practice is offboarded: its copied data are erased",
                next_step="nothing is left to decide",
                practice_id=practice_id,
            )
        require_not_set_back(connection, practice_id)
        yield connection


def require_practice(connection: Connection, practice_id: str) -> str:
    """The practice's state; raises UnknownPractice unless it is in the registry."""
    state = connection.execute(
        text("SELECT state FROM scriptright.practice WHERE practice_id = :practice_id"),
        {"practice_id": practice_id},
    ).scalar()
    if state is None:
        raise UnknownPractice.named(practice_id)
    return str(state)


def named(by: str | None, practice_id: str) -> str:
    """The person's name, tidied; decisions are never anonymous (UsageError).

    Dots, dashes and characters that nobody can see name nobody.
    """
    name = clean(by) or ""
    if not any(character.isalnum() for character in name):
        raise UsageError(
            "a decision needs the name of the person who makes it",
            next_step="say who you are with --by NAME",
            practice_id=practice_id,
        )
    return name

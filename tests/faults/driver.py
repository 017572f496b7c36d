"""Faults inside the database driver: every exchange with the server passes here and may fail.

psycopg sends all its traffic (statements, COPY, COMMIT) through `Connection.wait`. A plan that is
asked before and after each exchange can fail it, fail it although it was done, or kill the
process. Exchanges are counted, so the n-th fails again when the seed is the same.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from vet_pipeline.scriptright.postgres.database import open_engine

Kind = Literal[
    "lost", "done_but_lost", "deadlock", "disk_full", "kill", "kill_after", "kill_at_commit"
]
_OF_CONNECTING = 15  # exchanges, at most
KINDS: tuple[Kind, ...] = ("lost", "done_but_lost", "deadlock", "disk_full")


@dataclass
class Plan:
    """Fail the `at`-th exchange from now on in the way of `kind`; count all of them."""

    at: int | None = None
    kind: Kind = "lost"
    seen: int = 0
    struck: bool = False
    _was: TransactionStatus | None = None

    def arm(self, at: int | None, kind: Kind = "lost") -> None:
        """Start counting anew."""
        self.at, self.kind, self.seen, self.struck = at, kind, 0, False

    def before(self, connection: psycopg.Connection[Any]) -> None:
        self.seen += 1
        self._was = connection.info.transaction_status
        if self.seen != self.at or self.kind in ("done_but_lost", "kill_after"):
            return
        self.struck = True
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "deadlock":
            raise errors.DeadlockDetected("deadlock detected")
        if self.kind == "disk_full":
            raise errors.DiskFull("could not extend file")
        self._lose(connection)

    def after(self, connection: psycopg.Connection[Any]) -> None:
        if self.kind == "kill_at_commit" and self._committed(connection):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.seen != self.at or self.struck:
            return
        if self.kind == "kill_after":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "done_but_lost":
            self.struck = True
            self._lose(connection)

    def _committed(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether this exchange was the COMMIT of the load, not of what connecting asks."""
        now = connection.info.transaction_status
        ended = (self._was, now) == (TransactionStatus.INTRANS, TransactionStatus.IDLE)
        return ended and self.seen > _OF_CONNECTING

    @staticmethod
    def _lose(connection: psycopg.Connection[Any]) -> None:
        connection.pgconn.finish()
        raise psycopg.OperationalError("server closed the connection unexpectedly")


def faulty_engine(url: str, plan: Plan) -> Engine:
    """An engine whose connections do what the plan says."""

    class Faulty(psycopg.Connection[Any]):
        def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
            plan.before(self)
            result = super().wait(gen, *args, **options)
            plan.after(self)
            return result

    engine = open_engine(url)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, options: Any) -> Any:
        return Faulty.connect(*args, **options)

    return engine

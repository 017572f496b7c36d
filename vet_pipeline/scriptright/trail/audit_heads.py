"""The audit chain checked against the heads that were kept outside the database.

The chain alone (audit.py) shows a careless change. Whoever may write to the table as its owner can
compute all hashes anew, or cut the end off: a head kept elsewhere shows that, too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import DatabaseNotMigrated, PipelineError
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.witness import PLACE, Forged, Witness, head_name

_logger = logging.getLogger(__name__)

Outside = Literal["agrees", "differs", "forged", "none", "lost"]
FIND_WHAT_IS_LOST = (  # the next step
    f"mount or put back {PLACE}, or correct its name; what is gone for good: vet-pipeline audit keep"
)


@dataclass(frozen=True, slots=True)
class Trail:
    """What a look at one practice's trail has shown."""

    practice: str
    entries: int
    first_broken_entry: int | None  # in itself: changed, removed, moved or put in
    outside: Outside  # the heads kept outside: none are there yet, none any more, they differ, ...
    kept_to: int  # the newest entry whose head is kept outside; later ones rest on the chain alone
    differs_at: int | None = None  # the first kept head that the database doesn't have

    @property
    def tampered(self) -> bool:
        """An entry was changed, removed, moved, put in or cut off, as far as heads were kept."""
        return self.first_broken_entry is not None or self.outside in ("differs", "forged")

    @property
    def intact(self) -> bool:
        """Not tampered with, and what was kept outside is there."""
        return not self.tampered and self.outside != "lost"


def check(connection: Connection, practice_id: str, witness: Witness) -> Trail:
    """Verify the chain, and that every head kept outside is in it."""
    # First: an entry is committed before its head is kept, so each of these is among the rows
    # below.
    heads = witness.kept_heads(practice_id)
    rows = audit.chain_of(connection, practice_id)
    hashes = {row.n: bytes(row.hash).hex() for row in rows}
    broken = audit.first_broken(practice_id, rows)
    if not heads:
        outside: Outside = "lost" if _must_have_been_kept(connection, practice_id) else "none"
        return Trail(practice_id, len(rows), broken, outside, 0)
    kept_to = max(heads)
    for n, kept in heads.items():
        if kept is None:
            return Trail(practice_id, len(rows), broken, "forged", kept_to, n)
        if kept.get("n") != n or hashes.get(n) != kept.get("hash"):
            return Trail(practice_id, len(rows), broken, "differs", kept_to, n)
    return Trail(practice_id, len(rows), broken, "agrees", kept_to)


def head(connection: Connection, practice_id: str) -> dict[str, Any] | None:
    """The newest entry's number and hash, as they are kept; None when there is no entry.

    With the registration that it is of, and the number that the next snapshot gets:
    `require_not_set_back` goes by them.
    """
    newest = connection.execute(audit.HEAD, {"practice_id": practice_id}).one_or_none()
    if newest is None:
        return None
    registration, next_snapshot = _stand(connection, practice_id)
    return {
        "practice": practice_id,
        "n": int(newest.n),
        "hash": bytes(newest.hash).hex(),
        "registration": registration,
        "next_snapshot": next_snapshot,
    }


def knows(connection: Connection, practice_id: str, kept: Mapping[str, Any]) -> bool:
    """Whether a kept head is in the trail: else the database is older than that, or another."""
    asked = {"practice_id": practice_id, "n": kept.get("n")}
    found = connection.execute(_HASH, asked).scalar()
    return found is not None and bytes(found).hex() == kept.get("hash")


def refuse_if_set_back(engine: Engine, practice_id: str) -> None:
    """As `require_not_set_back`, before a read or a load, on a connection of its own."""
    with connected(engine, "load", practice_id) as connection:
        require_not_set_back(connection, practice_id)


def require_not_set_back(connection: Connection, practice_id: str) -> None:
    """Raise DatabaseNotMigrated where the database is older than what was kept of it outside.

    Nothing in its files tells that they were put back, nor that a server went back in time or a
    dump without comments was restored over what was there: numbers would be given out anew
    (restored.py). The newest kept head does: it isn't in the trail, and the next snapshot's number
    isn't above the one of then, as `migrate` leaves it after a restore. A head of another database
    tells nothing (somebody has tried a backup beside this one), nor one of the same practice's
    registration that was lost with a restore and made anew, nor of a release before this.
    """
    witness = Witness.of_home()
    newest = max(witness.heads(practice_id), default=None)
    try:
        kept = witness.get(practice_id, head_name(newest)) if newest else None
    except Forged:  # `check` tells of it
        kept = None
    if kept is None:
        return
    registration, next_snapshot = _stand(connection, practice_id)
    if (
        kept.get("registration") != registration
        or next_snapshot > int(kept["next_snapshot"])
        or knows(connection, practice_id, kept)
    ):
        return
    raise DatabaseNotMigrated(
        "ScriptRight's database is older than what is kept outside of it: it was set back, or its"
        " audit trail was cut",
        next_step="where it was set back: vet-pipeline migrate --restored; else leave it as it is and"
        f" look: vet-pipeline audit verify {practice_id}",
        practice_id=practice_id,
    )


def _stand(connection: Connection, practice_id: str) -> tuple[str, int]:
    """Which registration in which database this is, and the next snapshot's number; 0: none."""
    found = connection.execute(_STAND, {"practice_id": practice_id}).one()
    return str(found.registration), int(found.next_snapshot_seq or 0)


def keep_head(connection: Connection, practice_id: str, witness: Witness) -> int | None:
    """Keep the newest hash outside; returns the entry's number, None when there is no entry."""
    document = head(connection, practice_id)
    if document is None:
        return None
    witness.put(practice_id, head_name(document["n"]), document)
    return int(document["n"])


def keep_head_after_load(engine: Engine, practice_id: str) -> None:
    """Keep the head that a load has left. A load is never undone because this can't be written.

    A warning says so; the daily job keeps the head of every practice. Where all heads are lost none
    is kept: it would hide that until somebody has looked.
    """
    try:
        witness = Witness.of_home()
        with connected(engine, "load", practice_id) as connection:
            if witness.heads(practice_id) or not _must_have_been_kept(connection, practice_id):
                keep_head(connection, practice_id, witness)
    except (PipelineError, OSError) as error:
        _logger.warning(
            "%s: the audit trail's head could not be kept outside the database (%s)",
            practice_id,
            type(error).__name__,
        )


def _must_have_been_kept(connection: Connection, practice_id: str) -> bool:
    """Whether a head was kept by a load or, where that couldn't, by a daily audit since."""
    return bool(connection.execute(_AN_OLD_LOAD, {"practice_id": practice_id}).scalar())


_AN_OLD_LOAD = text("""
    SELECT EXISTS (SELECT FROM scriptright.load WHERE practice_id = :practice_id
        AND state = 'applied' AND recorded_at < now() - interval '2 days')
""")
_HASH = text("SELECT hash FROM scriptright.audit WHERE practice_id = :practice_id AND n = :n")
# A server's files that are put back, or a dump over what is there, leave all three as they were.
_STAND = text("""
    SELECT format('%s/%s/%s', s.system_identifier, d.oid, extract(epoch FROM p.created_at))
        AS registration, p.next_snapshot_seq
    FROM pg_control_system() s JOIN pg_database d ON d.datname = current_database()
    LEFT JOIN scriptright.practice p ON p.practice_id = :practice_id
""")

"""The audit chain checked against the heads that were kept outside the database.

The chain alone (audit.py) shows a careless change. Whoever may write to the table as its owner can
compute all hashes anew, or cut the end off: a head kept elsewhere shows that, too.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import PipelineError
from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.witness import Forged, Witness, head_name

_logger = logging.getLogger(__name__)

Outside = Literal["agrees", "differs", "forged", "none"]


@dataclass(frozen=True, slots=True)
class Trail:
    """What a look at one practice's trail has shown."""

    practice: str
    entries: int
    first_broken_entry: int | None  # in itself: changed, removed, moved or put in
    outside: Outside  # the heads kept outside: none of them are there yet, or differ, ...
    kept_to: int  # the newest entry whose head is kept outside; later ones rest on the chain alone
    differs_at: int | None = None  # the first kept head that the database doesn't have

    @property
    def intact(self) -> bool:
        """Nothing was changed, removed, moved, put in or cut off, as far as heads were kept."""
        return self.first_broken_entry is None and self.outside in ("agrees", "none")


def check(connection: Connection, practice_id: str, witness: Witness) -> Trail:
    """Verify the chain, and that every head kept outside is in it."""
    # First: an entry is committed before its head is kept, so each of these is among the rows below.
    heads = witness.heads(practice_id)
    with translate_errors(practice_id):
        rows = connection.execute(_HASHES, {"practice_id": practice_id}).all()
    hashes = {row.n: bytes(row.hash).hex() for row in rows}
    broken = audit.verify(connection, practice_id)
    for n in heads:
        try:
            kept = witness.get(practice_id, head_name(n)) or {}
        except Forged:
            return Trail(practice_id, len(rows), broken, "forged", heads[-1], n)
        if kept.get("n") != n or hashes.get(n) != kept.get("hash"):
            return Trail(practice_id, len(rows), broken, "differs", heads[-1], n)
    return Trail(
        practice_id,
        len(rows),
        broken,
        "agrees" if heads else "none",
        heads[-1] if heads else 0,
    )


def keep_head(connection: Connection, practice_id: str, witness: Witness) -> int | None:
    """Keep the newest hash outside; returns the entry's number, None when there is no entry."""
    with translate_errors(practice_id):
        head = connection.execute(audit.HEAD, {"practice_id": practice_id}).one_or_none()
    if head is None:
        return None
    document = {"practice": practice_id, "n": head.n, "hash": bytes(head.hash).hex()}
    witness.put(practice_id, head_name(head.n), document)
    return int(head.n)


def keep_head_after_load(engine: Engine, practice_id: str) -> None:
    """Keep the head that a load has left. A load is never undone because this can't be written.

    A warning says so; the daily job keeps the head of every practice.
    """
    try:
        with connected(engine, "load", practice_id) as connection:
            keep_head(connection, practice_id, Witness.of_home())
    except (PipelineError, OSError) as error:
        _logger.warning(
            "%s: the audit trail's head could not be kept outside the database (%s)",
            practice_id,
            type(error).__name__,
        )


_HASHES = text("""
    SELECT n, hash FROM scriptright.audit WHERE practice_id = :practice_id ORDER BY n
""")

"""The audit trail: one entry per load, decision and act, chained by hash within a practice.

h = sha256(previous hash || practice || n || canonical JSON of the entry). Entries hold ids, field
names, counts and the digests of whole snapshots, never a value of a record, so erasing records
never breaks the chain. Nor the fingerprint of one: a birth date is found by trying all days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.scriptright.postgres.database import lock_practice

_START = b"\0" * 32

HEAD = text("""
    SELECT n, hash FROM scriptright.audit WHERE practice_id = :practice_id ORDER BY n DESC LIMIT 1
""")
_APPEND = text("""
    INSERT INTO scriptright.audit (practice_id, n, at, actor, act, detail, prev_hash, hash)
    VALUES (:practice_id, :n, :at, :actor, :act, CAST(:detail AS jsonb), :prev_hash, :hash)
""")
# As text: what Python can't hold (infinity, the year 20000, a float beyond its own) is tampering, too.
_ENTRIES = text("""
    SELECT n, CAST(at AS text) AS at, actor, act, CAST(detail AS text) AS detail, prev_hash, hash
    FROM scriptright.audit WHERE practice_id = :practice_id ORDER BY n
""")
_NEWEST = text("""
    SELECT n, at, actor, act, detail FROM scriptright.audit
    WHERE practice_id = :practice_id
      AND (CAST(:before AS bigint) IS NULL OR n < :before)
      AND (CAST(:act AS text) IS NULL OR act = :act)
    ORDER BY n DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written: `actor` is a person's name, or the pipeline."""

    n: int
    at: datetime
    actor: str
    act: str
    detail: Mapping[str, Any]


def newest(
    connection: Connection,
    practice_id: str,
    *,
    limit: int,
    before: int | None,
    act: str | None,
) -> list[Entry]:
    """The newest entries first, of one act or of all; whether they are intact `verify` says."""
    asked = {"practice_id": practice_id, "limit": limit, "before": before, "act": act}
    return [Entry(*row) for row in connection.execute(_NEWEST, asked)]


def append(
    connection: Connection, practice_id: str, actor: str, act: str, detail: Mapping[str, Any]
) -> int:
    """Add an entry in the caller's transaction; returns its number.

    `detail` is JSON of strings, whole numbers, booleans, lists and objects: no floats (their
    text may change on the way through the database) and no value of a record.
    """
    at = lock_practice(connection, practice_id)
    head = connection.execute(HEAD, {"practice_id": practice_id}).one_or_none()
    n, previous = (head.n + 1, bytes(head.hash)) if head else (1, _START)
    digest = _digest(previous, practice_id, n, at, actor, act, detail)
    connection.execute(
        _APPEND,
        {
            "practice_id": practice_id,
            "n": n,
            "at": at,
            "actor": actor,
            "act": act,
            "detail": _canonical(detail),
            "prev_hash": previous,
            "hash": digest,
        },
    )
    return int(n)


def verify(connection: Connection, practice_id: str) -> int | None:
    """The number of the first entry that isn't as it was written or where it was; None: all are.

    A cut tail can't be seen from inside the database: keep the newest hash elsewhere for that.
    """
    return first_broken(practice_id, chain_of(connection, practice_id))


def chain_of(connection: Connection, practice_id: str) -> Sequence[Any]:
    """All entries as they are in the table, in order, for `first_broken`."""
    return connection.execute(_ENTRIES, {"practice_id": practice_id}).all()


def first_broken(practice_id: str, entries: Sequence[Any]) -> int | None:
    """`verify` of entries that were read before."""
    previous = _START
    for expected, entry in enumerate(entries, start=1):
        try:
            at, detail = datetime.fromisoformat(entry.at), json.loads(entry.detail)
            digest = _digest(previous, practice_id, expected, at, entry.actor, entry.act, detail)
        except (ValueError, RecursionError):  # nothing that `append` writes
            return expected
        if (entry.n, bytes(entry.prev_hash), bytes(entry.hash)) != (expected, previous, digest):
            return expected
        previous = digest
    return None


def _canonical(value: object) -> str:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _digest(
    previous: bytes,
    practice_id: str,
    n: int,
    at: datetime,
    actor: str,
    act: str,
    detail: Mapping[str, Any],
) -> bytes:
    body = {"at": at.astimezone(UTC).isoformat(), "actor": actor, "act": act, "detail": detail}
    # Lengths are told by JSON, so no two entries share their bytes.
    text_ = _canonical([practice_id, n, body])
    return hashlib.sha256(previous + text_.encode()).digest()

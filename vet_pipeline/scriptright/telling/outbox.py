"""The outbox: one confirmation email per practice, requested in the first load's transaction.

States: pending -> sending -> sent, or parked for a person. *sending* is committed before anything
is said to the mail server, so a row found in *sending* later means nobody knows whether the mail
went out: it is never sent again by itself unless the server de-duplicates by Message-ID.

Times are the database's clock, one for all senders: a machine whose clock is days off sends on
time and gives up nobody else's mail. `now` (UTC) stands for that clock in tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, TextClause, text

from vet_pipeline.scriptright.postgres.roles import connected, transaction
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness, attempt_name

CONFIRMATION = "first_load_confirmation"
RESTORED = "DatabaseRestored"  # parked: in another life of the database it may have been sent

# Long enough for any SMTP conversation (each reply may take the mailer's timeout).
ABANDONED_AFTER = timedelta(minutes=15)
_NOW = "coalesce(CAST(:now AS timestamptz), now())"
# A database restored from a backup: what was to be sent then may have been sent since.
_SAME_LIFE = "requested_in = scriptright.incarnation()"
# A practice that has left is never written to: an attempt that failed as it left is the last.
_STAYS = (
    "NOT EXISTS (SELECT FROM scriptright.practice p"
    " WHERE p.practice_id = outbox.practice_id AND p.state = 'offboarded')"
)
_MAY_BE_SENT = f"state = 'pending' AND not_before <= {_NOW} AND {_SAME_LIFE} AND {_STAYS}"
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Claim:
    """A confirmation that this process, and no other, may send now."""

    practice_id: str
    message_id: str  # fixed when the mail was requested: the same on every attempt
    attempt: int  # counts from 1
    practice_name: str
    contact_email: str
    # The first load's ledger counts; clients_twice and pets_twice: of those in quarantine, rows
    # that were taken once and came again.
    counts: dict[str, Any]
    paused: bool = False  # the practice, by now


def practices_to_confirm(
    engine: Engine, *, limit: int, now: datetime | None = None
) -> list[tuple[str, int]]:
    """Practices whose confirmation may be sent now, longest waiting first, with attempts."""
    with connected(engine, "ops") as connection:
        found = connection.execute(_WAITING, {"kind": CONFIRMATION, "now": now, "limit": limit})
        return [(row.practice_id, row.attempts) for row in found]


def claim(engine: Engine, practice_id: str, *, now: datetime | None = None) -> Claim | None:
    """Take a pending confirmation and commit it as *sending*; None when there is nothing to send.

    Two callers never get the same row: it is locked with SKIP LOCKED, and leaves *pending* in
    the same transaction.
    """
    with transaction(engine, "ops", practice_id) as connection:
        values = {"practice": practice_id, "kind": CONFIRMATION, "now": now}
        found = connection.execute(_CLAIM, values).one_or_none()
    return Claim(**found._mapping) if found else None


def begin(taken: Claim) -> str | None:
    """Keep outside the database that the attempt is made; why not, if a restored one asks.

    A database restored from before an email counts its attempts from what the backup knew: one that
    was made already shows that it doesn't know of it. To be called after the claim and before a
    word to the mail server. No address is kept.
    """
    witness = Witness.of_home()
    if witness.has(taken.practice_id, OFFBOARDED):
        return "Offboarded"
    if taken.attempt <= _newest(witness, taken.practice_id):
        return RESTORED
    said = {"practice": taken.practice_id, "kind": CONFIRMATION, "message_id": taken.message_id}
    witness.put(taken.practice_id, attempt_name(taken.attempt), said)
    return None


def newest_attempt(practice_id: str) -> int:
    """The last attempt that was begun in any life of the database; 0 when none was."""
    return _newest(Witness.of_home(), practice_id)


def _newest(witness: Witness, practice_id: str) -> int:
    return max(witness.attempts(practice_id), default=0)


def mark_sent(engine: Engine, taken: Claim) -> None:
    """The server has accepted the message. Also true if the row was parked in the meantime."""
    _settle(engine, taken, _SENT)


def put_back(engine: Engine, taken: Claim, *, error: str, now: datetime | None = None) -> datetime:
    """Nothing was handed over: try again later, each time after twice as long a wait.

    `error` is a class name and an SMTP code, never a server's text (it may quote addresses).
    Returns when the next attempt may be made.
    """
    wait = min(_FIRST_DELAY * 2 ** min(taken.attempt - 1, 16), _LONGEST_DELAY)
    again = _settle(engine, taken, _AGAIN, now=now, wait=wait, error=error)
    return again or (now or datetime.now(UTC)) + wait


def park(engine: Engine, taken: Claim, *, error: str) -> None:
    """Leave it to a person: the address was refused, or nobody knows whether it was delivered."""
    _settle(engine, taken, _PARKED, error=error)


def settle_abandoned(
    engine: Engine, *, server_deduplicates: bool, now: datetime | None = None
) -> list[str]:
    """Deal with rows of which nobody knows whether they were sent; returns their practices.

    Those whose sender died in mid-send are parked; only a server that drops a second message of
    the same Message-ID may get them again. Those that waited when the database's backup was taken
    are parked, whatever the server does: it may have forgotten the first one. So are those of
    practices that have left.
    """
    state = "pending" if server_deduplicates else "parked"
    with transaction(engine, "ops") as connection:
        never = connection.execute(_PARK_FOR_GOOD, {"kind": CONFIRMATION}).scalars().all()
        died = connection.execute(
            _SETTLE_ABANDONED,
            {"state": state, "kind": CONFIRMATION, "now": now, "abandoned_after": ABANDONED_AFTER},
        ).scalars()
        return sorted({*never, *died})


def _settle(engine: Engine, taken: Claim, end: TextClause, **values: Any) -> datetime | None:
    """Write the end of an attempt; returns the row's `not_before`, None if it isn't ours by now."""
    ours = {"practice": taken.practice_id, "kind": CONFIRMATION, "attempt": taken.attempt}
    with transaction(engine, "ops", taken.practice_id) as connection:
        found: datetime | None = connection.execute(end, ours | values).scalar()
    return found


def _end(assignment: str) -> TextClause:
    """The attempt's number fences: a sender that was given up can't overwrite a later attempt."""
    return text(f"""
        UPDATE scriptright.outbox SET {assignment}
        WHERE practice_id = :practice AND kind = :kind AND attempts = :attempt
          AND state IN ('sending', 'parked') RETURNING not_before
    """)  # noqa: S608 - constants


_SENT = _end("state = 'sent', sent_at = now(), last_error = NULL")
_AGAIN = _end(f"state = 'pending', not_before = {_NOW} + :wait, last_error = :error")
_PARKED = _end("state = 'parked', last_error = :error")
_WAITING = text(f"""
    SELECT practice_id, attempts FROM scriptright.outbox WHERE kind = :kind AND {_MAY_BE_SENT}
    ORDER BY requested_at, practice_id LIMIT :limit
""")  # noqa: S608 - constants
_CLAIM = text(f"""
    WITH mine AS (
        SELECT practice_id, kind FROM scriptright.outbox
        WHERE practice_id = :practice AND kind = :kind AND {_MAY_BE_SENT}
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE scriptright.outbox o
        SET state = 'sending', sending_at = {_NOW}, attempts = o.attempts + 1
        FROM mine WHERE o.practice_id = mine.practice_id AND o.kind = mine.kind
        RETURNING o.practice_id, o.message_id, o.attempts, o.load_id
    )
    SELECT taken.practice_id, taken.message_id, taken.attempts AS attempt, p.name AS practice_name,
        p.contact_email, p.state = 'paused' AS paused,
        l.counts || coalesce((
            SELECT jsonb_object_agg(q.record || 's_twice', q.rows)
            FROM scriptright.quarantine_count q
            WHERE q.practice_id = taken.practice_id AND q.load_id = taken.load_id
              AND q.scope = 'row' AND q.reason = 'duplicate_row'), '{{}}') AS counts
    FROM taken JOIN scriptright.practice p USING (practice_id)
    JOIN scriptright.load l USING (practice_id, load_id)
""")  # noqa: S608 - constants
_PARK_FOR_GOOD = text(f"""
    UPDATE scriptright.outbox SET state = 'parked',
        last_error = CASE WHEN {_SAME_LIFE} THEN 'Offboarded' ELSE '{RESTORED}' END
    WHERE kind = :kind AND state IN ('pending', 'sending') AND NOT ({_SAME_LIFE} AND {_STAYS})
    RETURNING practice_id
""")  # noqa: S608 - constants
_SETTLE_ABANDONED = text(f"""
    UPDATE scriptright.outbox SET state = :state, last_error = 'SenderDied'
    WHERE kind = :kind AND state = 'sending' AND sending_at < {_NOW} - :abandoned_after
    RETURNING practice_id
""")  # noqa: S608 - constants

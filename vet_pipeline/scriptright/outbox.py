"""The outbox: one confirmation email per practice, requested in the first load's transaction.

States: pending -> sending -> sent, or parked for a person. *sending* is committed before anything
is said to the mail server, so a row found in *sending* later means nobody knows whether the mail
went out: it is never sent again by itself unless the server de-duplicates by Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from vet_pipeline.scriptright.roles import connected, transaction

CONFIRMATION = "first_load_confirmation"

# Long enough for any SMTP conversation (each reply may take the mailer's timeout).
ABANDONED_AFTER = timedelta(minutes=15)
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Claim:
    """A confirmation that this process, and no other, may send now."""

    practice_id: str
    message_id: str  # fixed when the mail was requested: the same on every attempt
    attempt: int  # counts from 1
    requested_at: datetime  # UTC
    practice_name: str
    contact_email: str
    pims: str
    counts: dict[str, Any]  # the first load's ledger counts


def practices_to_confirm(engine: Engine, *, now: datetime, limit: int) -> list[tuple[str, int]]:
    """Practices whose confirmation may be sent at `now`, longest waiting first, with attempts."""
    with connected(engine, "ops") as conn:
        found = conn.execute(
            text(
                "SELECT practice_id, attempts FROM scriptright.outbox"
                " WHERE kind = :kind AND state = 'pending' AND not_before <= :now"
                " ORDER BY requested_at, practice_id LIMIT :limit"
            ),
            {"kind": CONFIRMATION, "now": now, "limit": limit},
        )
        return [(row.practice_id, row.attempts) for row in found]


def claim(engine: Engine, practice_id: str, *, now: datetime | None = None) -> Claim | None:
    """Take a pending confirmation and commit it as *sending*; None when there is nothing to send.

    Two callers never get the same row: it is locked with SKIP LOCKED, and leaves *pending* in
    the same transaction.
    """
    with transaction(engine, "ops", practice_id) as conn:
        found = conn.execute(
            text(
                "WITH mine AS ("
                "  SELECT practice_id, kind FROM scriptright.outbox"
                "  WHERE practice_id = :practice AND kind = :kind"
                "    AND state = 'pending' AND not_before <= :now"
                "  FOR UPDATE SKIP LOCKED"
                "), taken AS ("
                "  UPDATE scriptright.outbox o"
                "  SET state = 'sending', sending_at = :now, attempts = o.attempts + 1"
                "  FROM mine WHERE o.practice_id = mine.practice_id AND o.kind = mine.kind"
                "  RETURNING o.practice_id, o.message_id, o.attempts, o.requested_at, o.load_id"
                ") SELECT taken.practice_id, taken.message_id, taken.attempts AS attempt,"
                "    taken.requested_at, p.name AS practice_name, p.contact_email, p.pims, l.counts"
                "  FROM taken JOIN scriptright.practice p USING (practice_id)"
                "  JOIN scriptright.load l USING (practice_id, load_id)"
            ),
            {"practice": practice_id, "kind": CONFIRMATION, "now": now or datetime.now(UTC)},
        ).one_or_none()
    return Claim(**found._mapping) if found else None


def mark_sent(engine: Engine, taken: Claim, *, now: datetime | None = None) -> None:
    """The server has accepted the message. Also true if the row was parked in the meantime."""
    _settle(
        engine,
        taken,
        "state = 'sent', sent_at = :now, last_error = NULL",
        {"now": now or datetime.now(UTC)},
    )


def put_back(engine: Engine, taken: Claim, *, error: str, now: datetime | None = None) -> datetime:
    """Nothing was handed over: try again later, each time after twice as long a wait.

    `error` is a class name and an SMTP code, never a server's text (it may quote addresses).
    Returns when the next attempt may be made.
    """
    wait = min(_FIRST_DELAY * 2 ** min(taken.attempt - 1, 16), _LONGEST_DELAY)
    again: datetime = (now or datetime.now(UTC)) + wait
    _settle(
        engine,
        taken,
        "state = 'pending', not_before = :again, last_error = :error",
        {"again": again, "error": error},
    )
    return again


def park(engine: Engine, taken: Claim, *, error: str) -> None:
    """Leave it to a person: the address was refused, or nobody knows whether it was delivered."""
    _settle(engine, taken, "state = 'parked', last_error = :error", {"error": error})


def settle_abandoned(
    engine: Engine, *, server_deduplicates: bool, now: datetime | None = None
) -> list[str]:
    """Deal with rows whose sender died in mid-send; returns their practices.

    They are parked. Only a server that drops a second message of the same Message-ID may get
    them again.
    """
    moment = now or datetime.now(UTC)
    state = "pending" if server_deduplicates else "parked"
    with transaction(engine, "ops") as conn:
        found = conn.execute(
            text(
                "UPDATE scriptright.outbox SET state = :state, last_error = 'SenderDied'"
                " WHERE kind = :kind AND state = 'sending' AND sending_at < :before"
                " RETURNING practice_id"
            ),
            {"state": state, "kind": CONFIRMATION, "before": moment - ABANDONED_AFTER},
        )
        return sorted(row.practice_id for row in found)


def _settle(engine: Engine, taken: Claim, assignment: str, values: dict[str, Any]) -> None:
    # The attempt number fences: a sender that was given up can't overwrite a later attempt.
    with transaction(engine, "ops", taken.practice_id) as conn:
        conn.execute(
            text(
                f"UPDATE scriptright.outbox SET {assignment}"  # noqa: S608  (constants above)
                " WHERE practice_id = :practice AND kind = :kind AND attempts = :attempt"
                "   AND state IN ('sending', 'parked')"
            ),
            {
                "practice": taken.practice_id,
                "kind": CONFIRMATION,
                "attempt": taken.attempt,
                **values,
            },
        )

"""A person's word on a confirmation that is parked: it has arrived, or it goes out once more."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from vet_pipeline.errors import PracticeStateRefuses, UnknownItem
from vet_pipeline.oncall.causes import PARKED
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.telling.outbox import CONFIRMATION, newest_attempt
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import named, require_practice


def parked_unnoticed(connection: Connection) -> list[tuple[str, str]]:
    """Practices whose confirmation is parked and no open alert says so, each with why.

    Mostly the run that parked one has failed, and its alert is open; what parks without a run
    (a sender that died, a restored backup) is found here. A practice that has left needs none.
    """
    found = connection.execute(_UNNOTICED, {"kind": CONFIRMATION, "parked": PARKED})
    return [(row.practice_id, row.error) for row in found]


def settle_parked(engine: Engine, practice_id: str, *, arrived: bool, by: str) -> None:
    """Close the parked confirmation as sent, or let it be sent again under the same Message-ID.

    One transaction, with an entry in the audit trail. Raises UsageError without a name,
    UnknownPractice, UnknownItem when none of the practice is parked (any more), and
    PracticeStateRefuses when one is to be sent to a practice that has left.
    """
    actor = named(by, practice_id)
    # Before the lock is taken: the witness may be far away.
    begun = 0 if arrived else newest_attempt(practice_id)
    with transaction(engine, "ops", practice_id) as connection:
        lock_practice(connection, practice_id)
        if require_practice(connection, practice_id) == "offboarded" and not arrived:
            raise PracticeStateRefuses(
                "the practice is offboarded: it gets no more email",
                next_step="nothing is left to send",
                practice_id=practice_id,
            )
        values = {"practice": practice_id, "kind": CONFIRMATION, "begun": begun}
        if not connection.execute(_ARRIVED if arrived else _AGAIN, values).rowcount:
            raise UnknownItem(
                "no email of the practice is parked",
                next_step=f"see `vet-pipeline status {practice_id}`",
                practice_id=practice_id,
            )
        act = "email_arrived" if arrived else "email_again"
        audit.append(connection, practice_id, actor, act, {"kind": CONFIRMATION})


_ARRIVED = text("""
    UPDATE scriptright.outbox SET state = 'sent', sent_at = now(), last_error = NULL
    WHERE practice_id = :practice AND kind = :kind AND state = 'parked'
""")
# With the attempts that a restored database doesn't know of: a person has thought of them.
_AGAIN = text("""
    UPDATE scriptright.outbox SET state = 'pending', not_before = now(),
        requested_in = scriptright.incarnation(), attempts = greatest(attempts, :begun)
    WHERE practice_id = :practice AND kind = :kind AND state = 'parked'
""")
# Another alert is about an earlier attempt, that was to be made again: this one never is.
_UNNOTICED = text("""
    SELECT o.practice_id, coalesce(o.last_error, '') AS error
    FROM scriptright.outbox o JOIN scriptright.practice p USING (practice_id)
    WHERE o.kind = :kind AND o.state = 'parked' AND p.state <> 'offboarded'
      AND NOT EXISTS (
        SELECT FROM scriptright.alert_practice t JOIN scriptright.alert a USING (alert_id)
        WHERE t.practice_id = o.practice_id AND t.job = 'confirmation' AND t.healed_at IS NULL
          AND a.error = :parked)
    ORDER BY o.practice_id
""")

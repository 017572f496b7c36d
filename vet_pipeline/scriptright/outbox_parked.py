"""A person's word on a confirmation that is parked: it has arrived, or it goes out once more."""

from __future__ import annotations

from sqlalchemy import Engine, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.scriptright import audit
from vet_pipeline.scriptright.acts import require_practice
from vet_pipeline.scriptright.database import lock_practice
from vet_pipeline.scriptright.outbox import CONFIRMATION
from vet_pipeline.scriptright.roles import transaction

_ARRIVED = "state = 'sent', sent_at = now(), last_error = NULL"
_AGAIN = "state = 'pending', not_before = now(), requested_in = scriptright.incarnation()"


def settle_parked(engine: Engine, practice_id: str, *, arrived: bool, by: str) -> None:
    """Close the parked confirmation as sent, or let it be sent again under the same Message-ID.

    One transaction, with an entry in the audit trail. Raises UnknownPractice, and UnknownItem
    when none of the practice is parked (any more).
    """
    with transaction(engine, "ops", practice_id) as connection:
        lock_practice(connection, practice_id)
        require_practice(connection, practice_id)
        settled = connection.execute(
            text(
                f"UPDATE scriptright.outbox SET {_ARRIVED if arrived else _AGAIN}"  # noqa: S608
                " WHERE practice_id = :practice AND kind = :kind AND state = 'parked'"
            ),
            {"practice": practice_id, "kind": CONFIRMATION},
        ).rowcount
        if not settled:
            raise UnknownItem(
                "no email of the practice is parked",
                next_step=f"see `vet-pipeline status {practice_id}`",
                practice_id=practice_id,
            )
        act = "email_arrived" if arrived else "email_again"
        audit.append(connection, practice_id, by, act, {"kind": CONFIRMATION})

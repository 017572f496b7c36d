"""Which practices should be read now: asked of the registry, not of a clock or a cron line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

# A practice that failed is asked again this often until it succeeds.
RETRY_EVERY = timedelta(hours=4)
# A held snapshot waits for a person; after this a new read may show that the PIMS has healed.
HOLD_REST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Due:
    """A practice that is due since `since` (UTC)."""

    practice_id: str
    pims: str
    since: datetime

    def run_key(self, now: datetime) -> str:
        """One run for each due time, and one more every RETRY_EVERY while that brings no success.

        Dagster keeps run keys for ever, so a key of the due time alone would never be retried.
        """
        attempt = max(0, (now - self.since) // RETRY_EVERY)
        return f"refresh:{self.practice_id}:{self.since:%Y%m%dT%H%M%S}:{attempt}"


def due_practices(engine: "Engine", *, now: datetime, limit: int) -> list[Due]:
    """Active practices whose time has come, longest overdue first.

    A practice that was never copied is due from its installation on. Paused and offboarded ones
    never are, nor one with a snapshot held within HOLD_REST.
    """
    from sqlalchemy import text

    from vet_pipeline.scriptright.database import translate_errors

    with translate_errors(), engine.connect() as connection:
        rows = connection.execute(
            text(_DUE), {"now": now, "rested": now - HOLD_REST, "limit": limit}
        )
        return [Due(row.practice_id, row.pims, row.since) for row in rows]


def known_practices(engine: "Engine") -> list[str]:
    """Ids of all practices that may have a partition: all but the offboarded."""
    from sqlalchemy import text

    from vet_pipeline.scriptright.database import translate_errors

    with translate_errors(), engine.connect() as connection:
        rows = connection.execute(text(_KNOWN))
        return [row.practice_id for row in rows]


_DUE = """
SELECT p.practice_id, p.pims, coalesce(p.next_due_at, p.installed_at) AS since
FROM scriptright.practice p
WHERE p.state = 'active' AND coalesce(p.next_due_at, p.installed_at) <= :now
  AND NOT EXISTS (
    SELECT FROM scriptright.hold h
    WHERE h.practice_id = p.practice_id AND h.released_at IS NULL AND h.held_at > :rested
      AND h.snapshot_seq > coalesce(p.applied_seq, 0))
ORDER BY since, p.practice_id
LIMIT :limit
"""
_KNOWN = """
SELECT practice_id FROM scriptright.practice WHERE state <> 'offboarded' ORDER BY practice_id
"""

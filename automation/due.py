"""Which practices should be read now: asked of the registry, not of a clock or a cron line."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sqlalchemy import Engine

# A practice that failed is asked again this often until it succeeds.
RETRY_EVERY = timedelta(hours=4)
# A held snapshot waits for a person; after this a new read may show that the PIMS has healed.
HOLD_REST = timedelta(hours=24)
# Due times are 60 to 66 h after the last success. With quiet hours a practice may be read up to
# 12 h before (never before the 48th) and waits up to 4 h after (never past the 70th): 16 hours,
# in which a night always falls. A first copy has a week and can wait a day. DOMAIN.md section 3.
QUIET_EARLY = timedelta(hours=12)
QUIET_WAIT = timedelta(hours=4)
QUIET_WAIT_FIRST = timedelta(hours=24)
# At least this much of the quiet hours must be left, or the read would run into the morning.
QUIET_LEFT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Due:
    """A practice that is due since `since` (UTC)."""

    practice_id: str
    pims: str
    since: datetime
    timezone: str = "UTC"
    quiet_from: time | None = None  # in `timezone`; None: any time will do
    quiet_to: time | None = None
    first_copy: bool = False

    @property
    def opens(self) -> datetime:
        """When it may be read at the earliest: before `since` only to meet the quiet hours."""
        early = self.quiet_from is not None and not self.first_copy
        return self.since - QUIET_EARLY if early else self.since

    def may_start(self, now: datetime) -> bool:
        """Whether `now` (UTC) disturbs nobody, or the practice can't wait any longer."""
        if self.quiet_from is None or self.quiet_to is None:
            return now >= self.since
        wait = QUIET_WAIT_FIRST if self.first_copy else QUIET_WAIT
        if now >= self.since + wait:
            return True
        quiet = in_quiet_hours(now, self.timezone, self.quiet_from, self.quiet_to)
        return now >= self.opens and quiet

    def run_key(self, now: datetime) -> str:
        """One run for each due time, and one more every RETRY_EVERY while that brings no success.

        Dagster keeps run keys for ever, so a key of the due time alone would never be retried.
        """
        attempt = max(0, (now - self.opens) // RETRY_EVERY)
        return f"refresh:{self.practice_id}:{self.since:%Y%m%dT%H%M%S}:{attempt}"


def in_quiet_hours(now: datetime, timezone: str, start: time, end: time) -> bool:
    """Whether the practice's wall clock is in its quiet hours, and stays there for a while.

    Hours may cross midnight; equal ends mean all day. Wall-clock time on both days of a change
    of the clocks: what counts is when people are there.
    """
    if start == end:
        return True
    zone = ZoneInfo(timezone)
    clocks = (now.astimezone(zone).time(), (now + QUIET_LEFT).astimezone(zone).time())
    if start < end:
        return all(start <= clock < end for clock in clocks)
    return all(clock >= start or clock < end for clock in clocks)


def due_practices(engine: "Engine", *, now: datetime, limit: int) -> list[Due]:
    """Active practices whose time has come, longest overdue first.

    A practice that was never copied is due from its installation on. Paused and offboarded ones
    never are, nor one with a snapshot held within HOLD_REST. One with quiet hours waits for them
    as long as its 72 hours allow (Due.may_start).
    """
    from sqlalchemy import text

    from vet_pipeline.scriptright.database import translate_errors

    with translate_errors(), engine.connect() as connection:
        rows = connection.execute(
            text(_DUE), {"opened": now + QUIET_EARLY, "rested": now - HOLD_REST}
        )
        due = [Due(**row._mapping) for row in rows]
    return [one for one in due if one.may_start(now)][:limit]


def known_practices(engine: "Engine") -> list[str]:
    """Ids of all practices that may have a partition: all but the offboarded."""
    from sqlalchemy import text

    from vet_pipeline.scriptright.database import translate_errors

    with translate_errors(), engine.connect() as connection:
        rows = connection.execute(text(_KNOWN))
        return [row.practice_id for row in rows]


_DUE = """
SELECT p.practice_id, p.pims, coalesce(p.next_due_at, p.installed_at) AS since,
       p.timezone, p.quiet_from, p.quiet_to, p.next_due_at IS NULL AS first_copy
FROM scriptright.practice p
WHERE p.state = 'active' AND coalesce(p.next_due_at, p.installed_at) <= :opened
  AND NOT EXISTS (
    SELECT FROM scriptright.hold h
    WHERE h.practice_id = p.practice_id AND h.released_at IS NULL AND h.held_at > :rested
      AND h.snapshot_seq > coalesce(p.applied_seq, 0))
ORDER BY since, p.practice_id
"""
_KNOWN = """
SELECT practice_id FROM scriptright.practice WHERE state <> 'offboarded' ORDER BY practice_id
"""

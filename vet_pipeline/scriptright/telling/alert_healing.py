"""When alerts are over: closed by what succeeded since, forgotten long after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from vet_pipeline import service_levels
from vet_pipeline.oncall.causes import AFTER_A_LOAD
from vet_pipeline.scriptright.decisions.holds import HELD_WAITS

# When the practice `p` has to have succeeded: service_levels.Standing.latest, in SQL.
LATEST_BY = """
    coalesce(p.last_success_at + CAST(:refresh AS interval),
        p.installed_at + CASE WHEN p.clients_read >= :big
            THEN CAST(:big_first_copy AS interval) ELSE CAST(:first_copy AS interval) END)
"""


def promised() -> dict[str, timedelta | int]:
    """The parameters of LATEST_BY."""
    return {
        "refresh": service_levels.LATEST_REFRESH,
        "first_copy": service_levels.LATEST_FIRST_COPY,
        "big_first_copy": service_levels.LATEST_BIG_FIRST_COPY,
        "big": service_levels.BIG,
    }


def one_at_a_time(connection: Connection) -> None:
    """Take the lock of whoever brings the alerts up to date, until the transaction ends.

    Two watchers at once (the sensor, a command) would count a run twice, or wait for rows of
    each other's.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('on call', 0))"))


def heal(connection: Connection, *, succeeded: Mapping[str, datetime]) -> None:
    """Close what has healed, in the caller's transaction.

    `succeeded`: when each job about no practice succeeded last. A practice's copy has healed where

    - a load came after its failure (of a PIMS that can't be read: of a snapshot that was read after
      it), or its holds are settled;
    - nobody reads it any more (but for a ledger that doesn't add up, for which on-call pauses it);
    - a person has resumed it since;
    - the failed run had loaded before it was ended from outside.

    A confirmation has when it was sent, or the practice has left. Being late is over, too, where a
    first copy turned out to be a big one, and where the copy fails by now: that alert says why.
    """
    values = {
        "outside": list(_FROM_OUTSIDE),
        "after_a_load": list(AFTER_A_LOAD),
        "unreachable": list(service_levels.UNREACHABLE),
        "clocks": service_levels.CLOCK_AHEAD,  # a failure is dated by its machine's
        **promised(),
    }
    jobs = {"jobs": json.dumps({job: at.isoformat() for job, at in succeeded.items()})}
    one_at_a_time(connection)
    connection.execute(_HEAL_PRACTICES, values)
    connection.execute(_HEAL_ALERTS, jobs)


def forget_healed(connection: Connection, *, days: int) -> int:
    """Remove alerts that healed more than `days` days ago, in the caller's transaction.

    Returns how many. Kept: one of a practice that hasn't succeeded since (paused, say), because
    its old runs are known by it and would be told as news. Safe to repeat.
    """
    return connection.execute(_FORGET, {"days": days}).rowcount


def jobs_failing(connection: Connection) -> list[str]:
    """Jobs about no practice that an open alert is about."""
    return [row.job for row in connection.execute(_JOBS_FAILING)]


# What may end a run after its load was committed, and says nothing about what was loaded.
_FROM_OUTSIDE = ("WorkerDied", "Interrupted", "RunTooLong", "DatabaseUnavailable")
_HEAL_PRACTICES = text(f"""
    UPDATE scriptright.alert_practice t SET healed_at = greatest(now(), t.last_failed_at)
    FROM scriptright.practice p, scriptright.alert a, LATERAL (SELECT EXISTS (
        SELECT FROM scriptright.hold h WHERE h.practice_id = p.practice_id
          AND {HELD_WAITS}) AS waits) hold
    WHERE p.practice_id = t.practice_id AND a.alert_id = t.alert_id AND t.healed_at IS NULL
      AND (p.state = 'offboarded'
        OR (t.job <> 'confirmation' AND ((p.state <> 'active'
                -- on-call has paused it, and its ledger is still to be looked at
                AND split_part(a.cause, '|', 4) <> ALL(:after_a_load))
            -- a load of an older snapshot settles no newer one that is held
            OR (p.last_success_at > t.last_failed_at
                AND NOT (a.error = 'SnapshotHeld' AND hold.waits)
                -- nor does one that was read before say that the PIMS can be read again
                AND NOT (a.error = ANY(:unreachable) AND EXISTS (
                    SELECT FROM scriptright.load l WHERE l.practice_id = p.practice_id
                      AND l.snapshot_seq = p.applied_seq AND l.state = 'applied'
                      AND l.read_at < t.first_failed_at - CAST(:clocks AS interval))))))
        OR (t.job = 'service level' AND ({LATEST_BY} > now() OR EXISTS (  -- whose failure is told
            SELECT FROM scriptright.alert_practice c WHERE c.practice_id = t.practice_id
              AND c.job = 'copy' AND c.healed_at IS NULL)))
        OR (t.job = 'copy' AND a.error = 'SnapshotHeld' AND NOT hold.waits)
        OR (t.job = 'copy' AND a.error <> 'SnapshotHeld' AND EXISTS (  -- as of news: alerts.py
            SELECT FROM scriptright.audit r WHERE r.practice_id = t.practice_id
              AND r.act = 'practice_active' AND r.at > t.last_failed_at))
        OR (t.job = 'copy' AND a.error = ANY(:outside) AND EXISTS (
            SELECT FROM scriptright.load l WHERE l.practice_id = t.practice_id
              AND l.run_id = t.run_id AND l.state = 'applied'))
        OR (t.job = 'confirmation' AND NOT EXISTS (
            SELECT FROM scriptright.outbox o
            WHERE o.practice_id = t.practice_id AND o.state <> 'sent'
              AND (a.error <> 'ConfirmationParked' OR o.state = 'parked'))))
""")  # noqa: S608 - constants
_HEAL_ALERTS = text("""
    UPDATE scriptright.alert a SET healed_at = greatest(now(), a.opened_at),
        mail = CASE WHEN a.told_at IS NULL THEN 'waiting' ELSE 'sent' END, sending_at = NULL
    WHERE a.healed_at IS NULL
      AND NOT EXISTS (SELECT FROM scriptright.alert_practice t
        WHERE t.alert_id = a.alert_id AND t.healed_at IS NULL)
      AND (EXISTS (SELECT FROM scriptright.alert_practice t WHERE t.alert_id = a.alert_id)
        OR (CAST(:jobs AS jsonb) ->> a.job)::timestamptz > a.last_failed_at)
""")
_FORGET = text("""
    WITH old AS (
        SELECT alert_id FROM scriptright.alert a
        WHERE healed_at < now() - make_interval(days => :days)
          AND NOT EXISTS (SELECT FROM scriptright.alert_practice t
            JOIN scriptright.practice p USING (practice_id)
            WHERE t.alert_id = a.alert_id AND p.state <> 'offboarded'
              AND coalesce(p.last_success_at <= t.last_failed_at, true))
    ), forgotten AS (
        DELETE FROM scriptright.alert_practice t USING old WHERE t.alert_id = old.alert_id
    )
    DELETE FROM scriptright.alert a USING old WHERE a.alert_id = old.alert_id
""")
_JOBS_FAILING = text("""
    SELECT DISTINCT a.job FROM scriptright.alert a
    WHERE a.healed_at IS NULL AND NOT EXISTS (
        SELECT FROM scriptright.alert_practice t WHERE t.alert_id = a.alert_id)
""")

"""Alerts of on-call: which causes are open, and which practices fail of each.

A failed run is taken in once, however often it is seen: per practice and kind of job only runs
that ended after the last one taken in count. So a daemon that was killed looks back and neither
loses nor doubles one. Mailing them is alert_mail.py's, closing them alert_healing.py's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from vet_pipeline.oncall.causes import (
    AFTER_A_LOAD,
    KINDS,
    Cause,
    Failure,
    comes_first,
    is_retryable,
)
from vet_pipeline.scriptright.telling.alert_healing import one_at_a_time

# It was paused then, on a person's word; or another run had done the work.
_NO_TROUBLE = ("PracticeStateRefuses", "CopiedMeanwhile")


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert with the practices that fail of it now; times are UTC."""

    alert_id: int
    cause: str
    error: str
    pims: str | None
    server: str | None
    job: str
    run_id: str | None
    what: str
    next_step: str
    retryable: bool
    opened_at: datetime
    last_failed_at: datetime
    told_at: datetime | None
    practices: tuple[str, ...]  # those that joined, then longest failing first
    joined: int  # after the last mail
    failures: int  # failed runs of all of them
    alike: bool  # else `what` and `next_step` are those of the newest, and others have their own


@dataclass(frozen=True, slots=True)
class Trouble:
    """A practice that fails now: its newest failed run; nothing here holds a value of a record."""

    practice: str
    kind: str  # copy | confirmation | service level
    run_id: str | None
    at: datetime  # UTC
    since: datetime
    failures: int  # runs, each with its own retries
    error: str
    cause: str
    what: str
    next_step: str


def record_failures(connection: Connection, found: Sequence[tuple[Failure, Cause]]) -> int:
    """Take failed runs in, in the caller's transaction; returns how many were new.

    Left out: runs taken in before, of practices that have succeeded or been resumed since, are
    paused (but for their confirmation, and a ledger that doesn't add up) or unknown, or whose
    ledger doesn't add up as it is, and jobs that people start to look (plan_practice).
    """
    rows = [
        _row(failure, cause)
        for failure, cause in found
        if _kind(failure) and failure.error not in _NO_TROUBLE
    ]
    if not rows:
        return 0
    one_at_a_time(connection)
    return int(connection.execute(_RECORD, _given(rows)).scalar_one())


class FailedRun(NamedTuple):
    """A run of Dagster's that failed, before its error is read."""

    run_id: str
    job: str
    practice_id: str | None
    failed_at: datetime


def news(connection: Connection, runs: Sequence[FailedRun]) -> set[str]:
    """Ids of those that `record_failures` would take in, unless their error is no trouble."""
    if not runs:
        return set()
    rows = [
        one._asdict() | {"failed_at": one.failed_at.isoformat(), "kind": kind}
        for one in runs
        if (kind := _kind(one))
    ]
    return {row.run_id for row in connection.execute(_NEWS, _given(rows))}


def _given(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The parameters of _KEPT."""
    return {"failures": json.dumps(rows), "after_a_load": list(AFTER_A_LOAD)}


def _kind(run: Failure | FailedRun) -> str | None:
    """What of its practice fails with the run; None: people start its job to look."""
    return run.job if run.practice_id is None else KINDS.get(run.job)


def _row(failure: Failure, cause: Cause) -> dict[str, Any]:
    return {
        "practice_id": failure.practice_id,
        "kind": _kind(failure),
        "job": failure.job,
        "run_id": failure.run_id or None,
        "failed_at": failure.failed_at.isoformat(),
        "what": failure.what,
        "next_step": failure.next_step,
        "cause": cause.key,
        "error": cause.error,
        "pims": cause.pims,
        "server": cause.server,
        "retryable": is_retryable(cause.error),
    }


def open_alerts(connection: Connection, alert_ids: Iterable[int] | None = None) -> list[Alert]:
    """Open alerts (of these ids, or all): what somebody is woken for first, then most practices."""
    ids = None if alert_ids is None else list(alert_ids)
    rows = connection.execute(_OPEN, {"ids": ids}).mappings()
    found = [Alert(**{**row, "practices": tuple(row["practices"])}) for row in rows]
    return sorted(found, key=lambda one: comes_first(one.cause, one.job))


def troubles(connection: Connection, practice_id: str | None = None) -> list[Trouble]:
    """Practices that fail now as far as was taken in, newest failure first."""
    rows = connection.execute(_TROUBLES, {"practice_id": practice_id}).mappings()
    return [Trouble(**row) for row in rows]


# What of the given runs is news: neither taken in before nor healed since.
_KEPT = """
    WITH told AS (
        SELECT * FROM jsonb_to_recordset(CAST(:failures AS jsonb)) AS f(
            practice_id text, kind text, job text, run_id text, failed_at timestamptz, what text,
            next_step text, cause text, error text, pims text, server text, retryable boolean)
    ), given AS (  -- the run's machine may have another clock: the database's decides, and what
            -- has loaded failed after that, as a check of what it left
        SELECT practice_id, kind, job, run_id, greatest(least(failed_at, now()), (
                SELECT max(l.recorded_at) FROM scriptright.load l
                WHERE l.practice_id = told.practice_id AND l.run_id = told.run_id
                  AND l.state = 'applied')) AS failed_at,
            what, next_step, cause, error, pims, server, retryable,
            split_part(cause, '|', 4) = ANY(:after_a_load) AS is_red  -- NULL: not read yet
        FROM told
    ), kept AS (
        SELECT g.* FROM given g
        LEFT JOIN scriptright.practice p ON p.practice_id = g.practice_id
        WHERE CASE WHEN g.practice_id IS NULL THEN NOT EXISTS (
                SELECT FROM scriptright.alert a
                WHERE a.job = g.job AND (a.run_id = g.run_id OR a.last_failed_at >= g.failed_at))
            -- a paused practice isn't read, but it may still be written to; a red ledger has it paused
            ELSE (p.state = 'active' OR (p.state = 'paused'
                    AND (g.kind = 'confirmation' OR coalesce(g.is_red, true))))
                AND (g.kind = 'service level' OR p.created_at < g.failed_at)
                AND (g.kind = 'confirmation'
                     OR p.last_success_at IS NULL OR p.last_success_at <= g.failed_at)
                -- what a copy met before a person resumed the practice is that person's; a hold waits
                AND (g.kind <> 'copy' OR coalesce(g.error, 'SnapshotHeld') = 'SnapshotHeld'
                     OR NOT EXISTS (SELECT FROM scriptright.audit r
                        WHERE r.practice_id = g.practice_id AND r.act = 'practice_active'
                          AND r.at > g.failed_at))
                -- a ledger that doesn't add up waits for a person, whatever a run on top of it meets
                AND (coalesce(g.is_red, true) OR NOT EXISTS (SELECT FROM scriptright.alert_practice t
                        JOIN scriptright.alert a USING (alert_id)
                        WHERE t.practice_id = g.practice_id AND t.job = g.kind
                          AND t.healed_at IS NULL
                          AND split_part(a.cause, '|', 4) = ANY(:after_a_load)))
                AND NOT EXISTS (
                    SELECT FROM scriptright.alert_practice t
                    WHERE t.practice_id = g.practice_id AND t.job = g.kind
                      -- being late is no run: after a pause it is the same lateness, and news
                      AND (g.kind <> 'service level' OR t.healed_at IS NULL)
                      AND (t.run_id = g.run_id OR t.last_failed_at >= g.failed_at)) END
    )
"""
_NEWS = text(_KEPT + "SELECT run_id FROM kept")  # noqa: S608 - constants of ours
# One statement: the newest failure of each practice and kind of job is its trouble, a ledger that
# doesn't add up before any other; failures of the same cause before it are counted.
_RECORD = text(
    _KEPT  # noqa: S608 - constants of ours
    + """
    , newest AS (
        SELECT DISTINCT ON (coalesce(practice_id, ''), CASE WHEN practice_id IS NULL THEN job
            ELSE kind END) * FROM kept
        ORDER BY coalesce(practice_id, ''), CASE WHEN practice_id IS NULL THEN job ELSE kind END,
            is_red DESC, failed_at DESC
    ), counted AS (
        SELECT n.*, k.first_failed_at, k.failures FROM newest n CROSS JOIN LATERAL (
            SELECT min(failed_at) AS first_failed_at, count(*) AS failures FROM kept k
            WHERE k.practice_id IS NOT DISTINCT FROM n.practice_id AND k.kind = n.kind
              AND k.cause = n.cause) k
    ), opened AS (
        INSERT INTO scriptright.alert AS a (cause, error, pims, server, job, run_id, what,
            next_step, retryable, opened_at, last_failed_at)
        SELECT DISTINCT ON (cause) cause, error, pims, server, job, run_id, what, next_step,
            retryable, min(first_failed_at) OVER (PARTITION BY cause), failed_at
        FROM counted ORDER BY cause, failed_at DESC
        ON CONFLICT (cause) WHERE healed_at IS NULL DO UPDATE SET
            run_id = excluded.run_id, what = excluded.what, next_step = excluded.next_step,
            last_failed_at = greatest(a.last_failed_at, excluded.last_failed_at)
        RETURNING alert_id, cause
    ), moved AS (
        UPDATE scriptright.alert_practice t SET healed_at = greatest(c.failed_at, t.last_failed_at)
        FROM counted c JOIN opened o USING (cause)
        WHERE t.practice_id = c.practice_id AND t.job = c.kind AND t.healed_at IS NULL
          AND t.alert_id <> o.alert_id
        RETURNING t.practice_id, t.job
    ), troubled AS (
        INSERT INTO scriptright.alert_practice AS t (practice_id, alert_id, job, run_id, what,
            next_step, first_failed_at, last_failed_at, failures)
        SELECT c.practice_id, o.alert_id, c.kind, c.run_id, c.what, c.next_step,
            c.first_failed_at, c.failed_at, c.failures
        FROM counted c JOIN opened o USING (cause)
        -- reads `moved`, so that what it closes is closed before this is written
        WHERE c.practice_id IS NOT NULL AND (SELECT count(*) FROM moved) >= 0
        ON CONFLICT (practice_id, alert_id, job) DO UPDATE SET
            run_id = excluded.run_id, what = excluded.what, next_step = excluded.next_step,
            last_failed_at = excluded.last_failed_at, healed_at = NULL,
            first_failed_at = CASE WHEN t.healed_at IS NULL THEN t.first_failed_at
                ELSE excluded.first_failed_at END,
            failures = excluded.failures + CASE WHEN t.healed_at IS NULL THEN t.failures ELSE 0 END
        RETURNING 1
    )
    SELECT count(*) FROM kept
"""
)
# What to do is told of a practice that still fails: its newest, not the alert's, which may be over.
_OPEN = text("""
    SELECT a.alert_id, a.cause, a.error, a.pims, a.server, a.job,
        CASE WHEN t.practices IS NULL THEN a.run_id ELSE t.run_id END AS run_id,
        coalesce(t.what, a.what) AS what, coalesce(t.next_step, a.next_step) AS next_step,
        a.retryable, a.opened_at, a.last_failed_at, a.told_at,
        coalesce(t.practices, '{}') AS practices, coalesce(t.failures, 0) AS failures,
        coalesce(t.alike, true) AS alike, coalesce(t.joined, 0)::integer AS joined
    FROM scriptright.alert a
    LEFT JOIN LATERAL (
        SELECT array_agg(practice_id ORDER BY coalesce(first_failed_at > a.told_at, false) DESC,
                first_failed_at, practice_id) AS practices,
            count(*) FILTER (WHERE first_failed_at > a.told_at) AS joined,
            sum(failures)::integer AS failures, count(DISTINCT (what, next_step)) < 2 AS alike,
            (array_agg(run_id ORDER BY last_failed_at DESC, practice_id))[1] AS run_id,
            (array_agg(what ORDER BY last_failed_at DESC, practice_id))[1] AS what,
            (array_agg(next_step ORDER BY last_failed_at DESC, practice_id))[1] AS next_step
        FROM scriptright.alert_practice WHERE alert_id = a.alert_id AND healed_at IS NULL) t ON true
    WHERE a.healed_at IS NULL AND (CAST(:ids AS bigint[]) IS NULL OR a.alert_id = ANY(:ids))
    ORDER BY cardinality(coalesce(t.practices, '{}')) DESC, a.opened_at, a.alert_id
""")
_TROUBLES = text("""
    SELECT t.practice_id AS practice, t.job AS kind, t.run_id, t.last_failed_at AS at,
        t.first_failed_at AS since, t.failures, a.error, a.cause, t.what, t.next_step
    FROM scriptright.alert_practice t JOIN scriptright.alert a USING (alert_id)
    WHERE t.healed_at IS NULL AND t.practice_id = coalesce(CAST(:practice_id AS text), t.practice_id)
    ORDER BY t.last_failed_at DESC, t.practice_id
""")

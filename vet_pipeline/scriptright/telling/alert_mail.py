"""Mails about alerts: which are due, taken by one sender at a time, and what became of them.

*sending* is committed before anything is said to the mail server. A row found in it later is sent
again under the same Message-ID: an alert that arrives twice is better than one that never does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, text

from vet_pipeline.oncall.causes import TOLD_BY_EACH_RUN, comes_first
from vet_pipeline.oncall.telling import IN_A_ROW, TIME_TO_ACT, TOLD_LATELY, AlertFacts, tell_now
from vet_pipeline.scriptright.postgres.database import now_by_database
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.telling import alerts
from vet_pipeline.scriptright.telling.alert_healing import LATEST_BY, promised
from vet_pipeline.scriptright.telling.outbox import ABANDONED_AFTER
from vet_pipeline.service_levels import UNREACHABLE

AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Telling:
    """An alert that this process, and no other, tells now."""

    alert: alerts.Alert
    number: int  # of the mails about this alert, from 1; part of the Message-ID
    latest: datetime | None  # the first time at which one of its practices is late, UTC
    none_copied: bool = False  # nobody of its PIMS, or nobody at all, while so many failed


def take_due(engine: Engine, *, limit: int) -> list[Telling]:
    """Alerts to be told now, committed as *sending*: whom somebody is woken for goes first.

    Of others the longest open.
    """
    with transaction(engine, "ops") as connection:
        now = now_by_database(connection)
        values = promised() | {
            "abandoned": now - ABANDONED_AFTER,
            "each_run": list(TOLD_BY_EACH_RUN),
            "act": TIME_TO_ACT,
            "in_a_row": IN_A_ROW,
            "never_late": [*UNREACHABLE, "SnapshotHeld"],
            "lately": TOLD_LATELY,
        }
        rows = connection.execute(_CANDIDATES, values).all()
        due = [row for row in rows if tell_now(_facts(row), now)]
        due = sorted(due, key=lambda row: comes_first(row.cause, row.job))[:limit]
        told = {row.alert_id: (row.mails + 1, row.latest, row.none_copied) for row in due}
        found = alerts.open_alerts(connection, told)
        for one in found:
            connection.execute(_TAKE, {"id": one.alert_id})
    return [Telling(one, *told[one.alert_id]) for one in found]


def _facts(row: Row[Any]) -> AlertFacts:
    return AlertFacts(**{fact.name: getattr(row, fact.name) for fact in fields(AlertFacts)})


class PutOff(NamedTuple):
    """Why a mail failed, and from when on (UTC) it is tried again."""

    reason: str
    again_at: datetime


def put_off(engine: Engine) -> list[PutOff]:
    """Of open alerts whose mails failed and aren't tried again yet, the next one first."""
    with transaction(engine, "ops") as connection:
        return [PutOff._make(row) for row in connection.execute(_PUT_OFF)]


def mark_told(engine: Engine, telling: Telling) -> None:
    """Note that the mail server has accepted it."""
    values = {"id": telling.alert.alert_id, "practices": len(telling.alert.practices)}
    with transaction(engine, "ops") as connection:
        connection.execute(_TOLD, values)


def put_back(
    engine: Engine, telling: Telling, *, error: str, wait: timedelta = AGAIN_AFTER
) -> None:
    """Note that it was not handed over: due again after `wait`, while the alert is open.

    `error` is a class name and an SMTP code, never a server's text.
    """
    values = {"id": telling.alert.alert_id, "error": error, "wait": wait}
    with transaction(engine, "ops") as connection:
        connection.execute(_BACK, values)


_CANDIDATES = text(f"""
    WITH success AS (
        SELECT pims, max(last_success_at) AS at FROM scriptright.practice
        WHERE last_success_at <= now() GROUP BY pims
    ), news AS (  -- what may pass at a PIMS, and whether anybody of it, or at all, succeeded since
        SELECT a.pims, t.first_failed_at > coalesce(s.at, '-infinity') AS none_of_pims,
            t.first_failed_at > coalesce((SELECT max(at) FROM success), '-infinity') AS none_of_all
        FROM scriptright.alert_practice t JOIN scriptright.alert a USING (alert_id)
        LEFT JOIN success s USING (pims)
        WHERE t.healed_at IS NULL AND t.job = 'copy' AND a.retryable AND a.pims IS NOT NULL
    ), gone AS (
        SELECT pims FROM news GROUP BY pims
        HAVING count(*) FILTER (WHERE none_of_pims) >= :in_a_row
            OR (SELECT count(*) FROM news WHERE none_of_all) >= :in_a_row
    )
    SELECT a.alert_id, a.cause, a.job, a.mails, all_of.none_copied,
        a.opened_at, a.retryable, coalesce(t.practices, 0)::integer AS practices,
        coalesce(t.failures, 0) AS failures, t.latest, a.told_at, a.told_practices,
        coalesce(t.joined, 0)::integer AS joined, each.apart,
        a.error = ANY(:each_run) AND coalesce(a.last_failed_at > a.told_at, false) AS found_again
    FROM scriptright.alert a
    CROSS JOIN LATERAL (
        SELECT coalesce(a.retryable AND a.pims IN (SELECT pims FROM gone), false)
            AS none_copied) all_of
    CROSS JOIN LATERAL (
        SELECT a.retryable AND a.pims IS NOT NULL AND a.server IS NULL AND NOT all_of.none_copied
            AS apart) each
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE n.counts) AS practices,
            count(*) FILTER (WHERE (n.counts AND t.first_failed_at > a.told_at)
                -- No other alert tells of a practice whose copy fails that its time is over by now.
                OR (t.job = 'copy' AND a.error <> ALL(:never_late) AND late.at <= now()
                    AND late.at > a.told_at + CAST(:lately AS interval))) AS joined,
            max(s.failures)::integer AS failures, min(late.at) AS latest
        FROM scriptright.alert_practice t JOIN scriptright.practice p USING (practice_id)
        CROSS JOIN LATERAL (SELECT {LATEST_BY} AS at) late
        -- Two errors in turn are one trouble: all failures since the last success count, until
        -- somebody has been told of one of them.
        CROSS JOIN LATERAL (
            SELECT greatest(t.failures, CASE WHEN bool_or(b.told_at IS NOT NULL) THEN 0
                ELSE sum(o.failures) END) AS failures
            FROM scriptright.alert_practice o JOIN scriptright.alert b USING (alert_id)
            WHERE o.practice_id = t.practice_id AND o.job = t.job
              AND o.last_failed_at > coalesce(p.last_success_at, '-infinity')) s
        CROSS JOIN LATERAL (
            SELECT NOT each.apart OR s.failures > 1 OR late.at < now() + CAST(:act AS interval)
                AS counts) n
        WHERE t.alert_id = a.alert_id AND t.healed_at IS NULL) t ON true
    WHERE a.healed_at IS NULL AND (a.not_before IS NULL OR a.not_before <= now())
      AND (a.mail <> 'sending' OR a.sending_at < :abandoned)
    ORDER BY a.opened_at, a.alert_id
    FOR UPDATE OF a SKIP LOCKED
""")  # noqa: S608 - constants
_PUT_OFF = text("""
    SELECT mail_error, not_before FROM scriptright.alert
    WHERE healed_at IS NULL AND mail <> 'sending' AND not_before > now() AND mail_error IS NOT NULL
    ORDER BY not_before, alert_id
""")
_TAKE = text("""
    UPDATE scriptright.alert SET mail = 'sending', sending_at = now() WHERE alert_id = :id
""")
_TOLD = text("""
    UPDATE scriptright.alert SET mail = 'sent', sending_at = NULL, told_at = now(),
        mails = mails + 1, told_practices = :practices, not_before = NULL, mail_error = NULL
    WHERE alert_id = :id AND mail = 'sending'
""")
_BACK = text("""
    UPDATE scriptright.alert SET sending_at = NULL, mail_error = :error,
        mail = CASE WHEN told_at IS NULL THEN 'waiting' ELSE 'sent' END,
        not_before = now() + CAST(:wait AS interval)
    WHERE alert_id = :id AND mail = 'sending'
""")

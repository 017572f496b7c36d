"""Where the whole fleet stands, in one statement: what service_levels.py needs of each practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from vet_pipeline import planning
from vet_pipeline.oncall.fleet_page import Counted, Page, page
from vet_pipeline.scriptright.decisions.holds import HELD_WAITS
from vet_pipeline.scriptright.postgres.database import now_by_database
from vet_pipeline.service_levels import CLOCK_AHEAD, Standing, is_ahead, told_late_at


@dataclass(frozen=True, slots=True)
class FleetPractice(Standing):
    """One practice that isn't offboarded; times are UTC."""

    practice_id: str
    pims: str
    due_at: datetime  # its planned time; in the past when it waits, or fails
    failures: int  # failed runs since it last succeeded


@dataclass(frozen=True, slots=True)
class Fleet:
    """All practices by id, at `now` by the database's clock."""

    now: datetime
    practices: tuple[FleetPractice, ...]


def fleet(connection: Connection, practice_id: str | None = None) -> Fleet:
    """Every practice but the offboarded, or the one named (none when there is no such)."""
    now = now_by_database(connection)
    rows = connection.execute(_FLEET, {"practice_id": practice_id})
    found = []
    for row in rows:
        quiet = planning.quiet_hours(row.timezone, row.quiet_from, row.quiet_to)
        due = row.next_due_at or planning.first_due(row.practice_id, row.installed_at, quiet)
        if is_ahead(row.last_success_at, now):
            due = now
        found.append(
            FleetPractice(
                row.state, row.installed_at, row.last_success_at, row.clients_read, row.held,
                row.error, row.practice_id, row.pims, due, row.failures or 0,
            )
        )  # fmt: skip
    return Fleet(now, tuple(found))


def zones_of_quiet_hours(connection: Connection) -> dict[str, str]:
    """Time zone by practice, of active ones that have quiet hours."""
    return {row.practice_id: row.timezone for row in connection.execute(_ZONES)}


def ahead_of_clock(connection: Connection) -> list[str]:
    """Active practices, by id, whose last success lies in the future (service_levels.is_ahead)."""
    rows = connection.execute(_AHEAD, {"ahead": CLOCK_AHEAD})
    return [row.practice_id for row in rows]


def told_late(connection: Connection, *, of_known_cause: bool = True) -> list[tuple[str, datetime]]:
    """Practices that a person is to be told are late, with since when (UTC).

    `of_known_cause` False: without those whose copy fails, as that is told already, and by when.
    """
    found = fleet(connection)
    late = {
        one.practice_id: one.latest
        for one in found.practices
        if one.state(found.now) == "late" and (of_known_cause or one.failing is None)
    }
    pauses = {
        row.practice_id: {"paused_at": row.paused_at, "resumed_at": row.resumed_at}
        for row in connection.execute(_PAUSES, {"practices": list(late)})
    }
    never = {"paused_at": None, "resumed_at": None}
    since = {one: told_late_at(latest, **pauses.get(one, never)) for one, latest in late.items()}
    return [(one, at) for one, at in since.items() if at < found.now]


def fleet_page(found: Fleet) -> Page:
    """The fleet's counts (oncall/fleet_page.py)."""
    now = found.now
    return page(
        [
            Counted(
                practice_id=one.practice_id,
                pims=one.pims,
                state=one.state(now),
                overdue=one.is_overdue(now),
                due_at=one.due_at,
                latest=one.latest,
                failing=one.failing,
                copied=one.last_success_at is not None,
            )
            for one in found.practices
        ],
        now,
    )


_FLEET = text(f"""
    SELECT p.practice_id, p.pims, p.state, p.installed_at, p.last_success_at, p.next_due_at,
        p.clients_read, p.timezone, p.quiet_from, p.quiet_to, h.held IS NOT NULL AS held,
        a.error, t.failures
    FROM scriptright.practice p
    LEFT JOIN (
        SELECT DISTINCT h.practice_id, true AS held
        FROM scriptright.hold h JOIN scriptright.practice p USING (practice_id)
        WHERE {HELD_WAITS}) h
        ON h.practice_id = p.practice_id
    LEFT JOIN scriptright.alert_practice t
        ON t.practice_id = p.practice_id AND t.job = 'copy' AND t.healed_at IS NULL
    LEFT JOIN scriptright.alert a ON a.alert_id = t.alert_id
    WHERE p.state <> 'offboarded'
      AND p.practice_id = coalesce(CAST(:practice_id AS text), p.practice_id)
    ORDER BY p.practice_id
""")  # noqa: S608 - constants
_AHEAD = text("""
    SELECT practice_id FROM scriptright.practice
    WHERE state = 'active' AND last_success_at > now() + CAST(:ahead AS interval)
    ORDER BY practice_id
""")
_ZONES = text("""
    SELECT practice_id, timezone FROM scriptright.practice
    WHERE state = 'active' AND quiet_from IS NOT NULL ORDER BY practice_id
""")
# The last pause that is over. A second `pause` changes the reason only: the first one counts.
_PAUSES = text("""
    SELECT r.practice_id, r.at AS resumed_at, (
        SELECT min(p.at) FROM scriptright.audit p
        WHERE p.practice_id = r.practice_id AND p.act = 'practice_paused' AND p.n < r.n
          AND p.n > coalesce((
            SELECT max(b.n) FROM scriptright.audit b
            WHERE b.practice_id = r.practice_id AND b.act = 'practice_active' AND b.n < r.n), 0)
        ) AS paused_at
    FROM (
        SELECT DISTINCT ON (practice_id) practice_id, n, at FROM scriptright.audit
        WHERE practice_id = ANY(CAST(:practices AS text[])) AND act = 'practice_active'
        ORDER BY practice_id, n DESC) r
""")

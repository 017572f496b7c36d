"""Which practices should be read now: the registry's times, the rules of vet_pipeline/planning.py.

The database's clock is the only one that counts: the load wrote its success by it, and the hosts
of sensors and runs may be minutes apart.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from vet_pipeline import planning, service_levels
from vet_pipeline.oncall.causes import is_red_after_a_load

if TYPE_CHECKING:
    from sqlalchemy import Engine

# A held snapshot waits for a person; after this a new read may show that the PIMS has healed.
HOLD_REST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DuePractices:
    """Practices that may be read at `now` (UTC, the database's), in no order."""

    now: datetime
    waiting: tuple[planning.Waiting, ...]


def due_practices(
    engine: "Engine",
    *,
    now: datetime | None = None,
    by_hand: Callable[[list[str]], Set[str]] = lambda _: frozenset(),
) -> DuePractices:
    """Active practices whose time has come. `now`: another moment than the database's.

    `by_hand`: which of these runs were a person's own (`vet-pipeline run`). What failed in one
    person's shell, by its variables and drivers, gives the practice no rest; the run key bounds
    that.

    A practice that was never copied is due from its installation on, and one whose success lies in
    the future at once. Left alone are paused and offboarded ones, one with a snapshot held within
    HOLD_REST, one whose ledger doesn't add up until a person has settled that, one that failed a
    short while ago (planning.retry_at), and by day one that can wait for its quiet hours. One
    statement.
    """
    from sqlalchemy import text

    from vet_pipeline.scriptright.decisions.holds import HELD_WAITS
    from vet_pipeline.scriptright.postgres.database import now_by_database
    from vet_pipeline.scriptright.postgres.roles import connected

    due = text(f"{_DUE} AND NOT EXISTS ({_HELD} AND {HELD_WAITS})")
    with connected(engine, "ops") as connection:
        moment = now or now_by_database(connection)
        times = {
            "now": moment,
            "rested": moment - HOLD_REST,
            "ahead": moment + service_levels.CLOCK_AHEAD,
        }
        rows = connection.execute(due, times).all()
    own = by_hand([row.run_id for row in rows if row.run_id is not None])
    waiting = (_waiting(row, moment, rests=row.run_id not in own) for row in rows)
    return DuePractices(moment, tuple(one for one in waiting if one is not None))


def _waiting(row: Any, now: datetime, *, rests: bool) -> planning.Waiting | None:
    """The practice of a row if it may be read now. `rests`: a failure gives it time."""
    if row.cause is not None and is_red_after_a_load(row.cause):
        return None  # no other load on top of it
    quiet = planning.quiet_hours(row.timezone, row.quiet_from, row.quiet_to)
    due = row.next_due_at or planning.first_due(row.practice_id, row.installed_at, quiet)
    if service_levels.is_ahead(row.last_success_at, now):
        due = planning.due_by_a_right_clock(now)
    latest = service_levels.Standing(
        "active", row.installed_at, row.last_success_at, row.clients_read, False, None
    ).latest
    failure = (row.last_failed_at, row.error) if rests and row.last_failed_at else None
    if not planning.may_be_asked(now, due, latest, quiet, failure):
        return None
    return planning.Waiting(row.practice_id, row.pims, due, latest, row.error is not None)


def known_practices(engine: "Engine") -> list[str]:
    """Ids of all practices that may have a partition: all but the offboarded."""
    from sqlalchemy import text

    from vet_pipeline.scriptright.postgres.roles import connected

    with connected(engine, "ops") as connection:
        rows = connection.execute(text(_KNOWN))
        return [row.practice_id for row in rows]


def offboarded_practices(engine: "Engine") -> list[str]:
    """Ids of the practices that have left."""
    from sqlalchemy import text

    from vet_pipeline.scriptright.postgres.roles import connected

    with connected(engine, "ops") as connection:
        return [row.practice_id for row in connection.execute(text(_LEFT))]


_DUE = """
SELECT p.practice_id, p.pims, p.installed_at, p.last_success_at, p.next_due_at, p.clients_read,
       p.timezone, p.quiet_from, p.quiet_to, t.last_failed_at, t.run_id, a.error,
       a.cause
FROM scriptright.practice p
LEFT JOIN scriptright.alert_practice t
  ON t.practice_id = p.practice_id AND t.job = 'copy' AND t.healed_at IS NULL
LEFT JOIN scriptright.alert a ON a.alert_id = t.alert_id
WHERE p.state = 'active'
  AND (coalesce(p.next_due_at, p.installed_at) <= :now OR p.last_success_at > :ahead)
"""
_HELD = """
SELECT FROM scriptright.hold h WHERE h.practice_id = p.practice_id AND h.held_at > :rested
"""
_KNOWN = """
SELECT practice_id FROM scriptright.practice WHERE state <> 'offboarded' ORDER BY practice_id
"""
_LEFT = """
SELECT practice_id FROM scriptright.practice WHERE state = 'offboarded' ORDER BY practice_id
"""

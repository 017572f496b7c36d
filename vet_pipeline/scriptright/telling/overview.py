"""Where every practice stands, for whoever is on call: one query, counts and times only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.scriptright.decisions.holds import HELD_WAITS, RELEASED_WAITS
from vet_pipeline.scriptright.decisions.labels import HELD_UP
from vet_pipeline.scriptright.load.asked_instead import HELD_BACK
from vet_pipeline.service_levels import Standing


@dataclass(frozen=True, slots=True)
class Overview:
    """One practice at a glance; times are UTC."""

    practice_id: str
    pims: str
    registry_state: str  # active | paused | offboarded
    state_reason: str | None
    applied_snapshot: int | None
    installed_at: datetime
    last_success_at: datetime | None
    clients_read: int | None  # of the newest complete read; None: never read
    next_due_at: datetime | None
    loads: int
    last_counts: dict[str, int] | None  # of the load applied last
    mostly_refused: tuple[str, ...]  # client | pet: of which that load took less than half
    # For a month, until the practice's words are set: a load met some that may say dead.
    unknown_words: bool
    held_snapshot: int | None  # waits for a person
    held_rules: tuple[str, ...]
    released_snapshot: int | None  # released by a person, and not applied yet
    open_suggestions: int
    open_matches: int
    open_link_reviews: int  # links whose sides have drifted apart
    held_prescriptions: int  # by a pet's new name or owner
    links_held_back: bool  # scores unlike what the model knows: the machine links nothing
    email: str | None  # pending | sending | sent | parked; None: not asked for yet
    email_error: str | None

    @property
    def standing(self) -> Standing:
        """How it stands by its promise, but for what its runs fail of."""
        return Standing(
            self.registry_state, self.installed_at, self.last_success_at, self.clients_read,
            self.held_snapshot is not None, None,
        )  # fmt: skip


def overview(connection: Connection, practice_id: str | None = None) -> list[Overview]:
    """All practices by id, or the one named (an empty list when there is none)."""
    values = {"practice_id": practice_id, "unlike": False}
    rows = connection.execute(_OVERVIEW, values).mappings()
    return [_view(dict(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Rows (or values of rows) of the load applied last that couldn't be taken in, and why."""

    record: str  # client | pet
    scope: str  # row | value
    field: str  # blank for rows
    reason: str
    rows: int


def not_taken(connection: Connection, practice_id: str) -> list[NotTaken]:
    """What the practice's load applied last left out, rows before values."""
    rows = connection.execute(_NOT_TAKEN, {"practice_id": practice_id}).mappings()
    return [NotTaken(**row) for row in rows]


def _view(row: dict[str, Any]) -> Overview:
    breaches = row.pop("breaches") or []
    row["mostly_refused"] = tuple(row["mostly_refused"])
    return Overview(**row, held_rules=tuple(breach["rule"] for breach in breaches))


_OVERVIEW = text(f"""
    SELECT p.practice_id, p.pims, p.state AS registry_state, p.state_reason,
        p.applied_seq AS applied_snapshot, p.installed_at, p.last_success_at,
        p.clients_read, p.next_due_at,
        (SELECT count(*) FROM scriptright.load l WHERE l.practice_id = p.practice_id) AS loads,
        last.counts AS last_counts,
        ARRAY(SELECT q.record FROM scriptright.quarantine_count q
            WHERE q.practice_id = p.practice_id AND q.load_id = last.load_id
              AND q.scope = 'row' AND q.reason <> 'duplicate_row'  -- taken once
            GROUP BY q.record
            HAVING 2 * sum(q.rows) > (last.counts ->> (q.record || 's_read'))::integer
            ORDER BY q.record) AS mostly_refused,
        EXISTS (SELECT FROM scriptright.quarantine_count q
            JOIN scriptright.load l ON l.practice_id = q.practice_id AND l.load_id = q.load_id
            WHERE q.practice_id = p.practice_id
              AND q.field IN ('status', 'deceased_flag') AND q.reason = 'unknown_word'
              AND l.recorded_at > now() - interval '30 days'
              AND NOT EXISTS (SELECT FROM scriptright.audit a
                  WHERE a.practice_id = p.practice_id AND a.at > l.recorded_at
                    AND a.act = 'settings_changed' AND (a.detail -> 'settings')
                        ?| ARRAY['deceased_words', 'alive_words']))
            AS unknown_words,  -- an unchanged row isn't read again: no later load tells of it
        h.snapshot_seq AS held_snapshot, h.breaches,
        (SELECT max(h.snapshot_seq) FROM scriptright.hold h
         WHERE h.practice_id = p.practice_id AND {RELEASED_WAITS}) AS released_snapshot,
        (SELECT count(*) FROM scriptright.suggestion s
         WHERE s.practice_id = p.practice_id AND s.state = 'open') AS open_suggestions,
        (SELECT count(*) FROM scriptright.match_candidate m
         WHERE m.practice_id = p.practice_id AND m.state = 'open') AS open_matches,
        (SELECT count(*) FROM scriptright.link_review r
         WHERE r.practice_id = p.practice_id AND r.state = 'open') AS open_link_reviews,
        (SELECT count(*) FROM scriptright.prescription r
         WHERE r.practice_id = p.practice_id AND {HELD_UP}) AS held_prescriptions,
        {HELD_BACK} AS links_held_back,
        o.state AS email, o.last_error AS email_error
    FROM scriptright.practice p
    LEFT JOIN scriptright.outbox o
        ON o.practice_id = p.practice_id AND o.kind = 'first_load_confirmation'
    LEFT JOIN LATERAL (
        SELECT l.load_id, l.counts FROM scriptright.load l
        WHERE l.practice_id = p.practice_id AND l.state = 'applied'
        ORDER BY l.load_id DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
        SELECT h.snapshot_seq, h.breaches FROM scriptright.hold h
        WHERE h.practice_id = p.practice_id AND {HELD_WAITS}
        ORDER BY snapshot_seq DESC LIMIT 1) h ON true
    WHERE p.practice_id = coalesce(CAST(:practice_id AS text), p.practice_id)
    ORDER BY p.practice_id
""")  # noqa: S608 - constants
_NOT_TAKEN = text("""
    SELECT record, scope, field, reason, rows FROM scriptright.quarantine_count
    WHERE practice_id = :practice_id AND load_id = (
        SELECT max(load_id) FROM scriptright.load
        WHERE practice_id = :practice_id AND state = 'applied')
    ORDER BY scope, record, field, rows DESC, reason
""")

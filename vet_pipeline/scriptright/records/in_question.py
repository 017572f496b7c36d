"""PIMS rows that may be another's by now: who has new pets there isn't known (handed_on.py)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.records.another import is_emptied, is_still_another
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.writes import BASELINE, KEY, read_records


def clients_in_question(
    conn: Connection, practice_id: str, keys: Iterable[str], conventions: Conventions
) -> set[str]:
    """Those of the PIMS clients of which that is asked, or was said no to, and is so still.

    Unless a person has kept their link since. And those whose row was emptied: the next client may
    be typed into it.
    """
    return in_question(conn, practice_id, "client", keys, conventions)


def in_question(
    conn: Connection,
    practice_id: str,
    record: Record,
    ids: Iterable[str],
    conventions: Conventions,
) -> set[str]:
    """The same, of PIMS clients or pets."""
    values = {"p": practice_id, "ids": list(ids), "reason": ANOTHER_RECORD}
    looked_at = {row.pims_id: row for row in conn.execute(_ASKED[record], values)}
    if not looked_at:
        return set()
    said = pims_values(conn, practice_id, record, looked_at, conventions)
    here = read_records(conn, practice_id, record, {row.record_id for row in looked_at.values()})
    sides = {i: (here[looked_at[i].record_id], now) for i, now in said.items()}
    return {
        i
        for i, (was, now) in sides.items()
        if is_emptied(record, was, now)
        or (looked_at[i].is_asked and is_still_another(record, was, now))
    }


# Clients whose name went blank once: a text, too, may be no name ("unknown", "do not use").
_EMPTIED = {
    "client": """UNION ALL
    SELECT l.pims_id, l.record_id, false FROM scriptright.client_link l
    JOIN scriptright.shared_change t USING (practice_id, pims_id)
    WHERE l.practice_id = :p AND l.pims_id = ANY(:ids)
      AND t.record = 'client' AND t.field = 'name' AND t.reason = 'became_blank'""",
    "pet": "",
}
# Of a suggestion `s`: no person has kept its client's link since, or a side has changed again.
NOT_KEPT = """NOT EXISTS (
        SELECT FROM scriptright.client_link l JOIN scriptright.link_review r
          USING (practice_id, pims_id, record_id)
        WHERE l.practice_id = s.practice_id AND l.pims_id = s.pims_id AND l.record_id = s.record_id
          AND s.record = 'client' AND r.record = 'client'
        HAVING max(r.decided_at) FILTER (WHERE r.state = 'kept') > s.opened_at
          AND NOT bool_or(r.state = 'open'))"""
# A no outlives the links that it was said beside, as in handed_on.py. OFFSET: each is looked up by
# its record. A load asks it of what it has just written, of which the planner knows nothing yet: it
# went through all of `fed` for each of thousands.
_ASKED = {
    record: text(f"""
    WITH RECURSIVE fed AS (
        SELECT l.pims_id, l.record_id, l.record_id AS asked_of FROM {BASELINE[record]} l
        WHERE l.practice_id = :p AND l.pims_id = ANY(:ids)
        UNION
        SELECT fed.pims_id, fed.record_id, (c.old_value ->> '{KEY[record]}')::bigint
        FROM fed JOIN scriptright.record_change c
          ON c.practice_id = :p AND c.record = '{record}' AND c.record_id = fed.asked_of
        WHERE c.field = 'link' AND c.via_pims_id = fed.pims_id)
    SELECT pims_id, record_id, bool_or(is_asked) AS is_asked FROM (
        SELECT fed.pims_id, fed.record_id, true AS is_asked FROM fed WHERE EXISTS (
            SELECT FROM scriptright.suggestion s
            WHERE s.practice_id = :p AND s.record = '{record}' AND s.record_id = fed.asked_of
              AND s.pims_id = fed.pims_id AND s.reason = :reason AND s.state IN ('open', 'rejected')
              AND {NOT_KEPT}
            OFFSET 0)
        {_EMPTIED[record]}) looked_at
    GROUP BY pims_id, record_id
    """)  # noqa: S608 - constants
    for record in RECORDS
}

"""PIMS rows that may be another's by now: who has new pets there isn't known (handed_on.py)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.records.another import is_emptied, is_still_another
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.writes import BASELINE, KEY, Row, read_records


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
    looked_at = {row.pims_id: row.record_id for row in conn.execute(_ASKED[record], values)}
    if not looked_at:
        return set()
    said = pims_values(conn, practice_id, record, looked_at, conventions)
    here = read_records(conn, practice_id, record, set(looked_at.values()))
    return {i for i, now in said.items() if _may_be_another(record, here[looked_at[i]], now)}


def _may_be_another(record: Record, here: Row, now: Row) -> bool:
    return is_emptied(record, here, now) or is_still_another(record, here, now)


_EMPTIED = {
    "client": """UNION
    SELECT b.pims_id, b.record_id FROM scriptright.pims_client b
    WHERE b.practice_id = :p AND b.pims_id = ANY(:ids) AND b.record_id IS NOT NULL
      AND btrim(concat(b.first_name, b.last_name, b.full_name, b.organisation)) = ''""",
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
# A no outlives the links that it was said beside, as in handed_on.py.
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
    SELECT DISTINCT fed.pims_id, fed.record_id FROM fed JOIN scriptright.suggestion s
      ON s.practice_id = :p AND s.record = '{record}' AND s.record_id = fed.asked_of
    WHERE s.pims_id = fed.pims_id AND s.reason = :reason AND s.state IN ('open', 'rejected')
      AND {NOT_KEPT}
    {_EMPTIED[record]}
    """)  # noqa: S608 - constants
    for record in RECORDS
}

"""PIMS rows that may be another's by now, for staff: who waits with them, for what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.records.in_question import in_question
from vet_pipeline.scriptright.records.pims_values import (
    unlinked_pets_by_owner,
)
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.writes import BASELINE


@dataclass(frozen=True, slots=True)
class RowInQuestion:
    """A PIMS row that may be another's by now, and the client or pet that it feeds all the same."""

    pims_id: str
    record_id: int
    is_asked: bool  # False: it is the practice's turn, a person has said no or the row is empty
    waiting: tuple[str, ...]  # PIMS ids of a client's new pets, which are nobody's here so far
    record: Record = "client"


def list_rows_in_question(
    conn: Connection, practice_id: str, *, limit: int = 100
) -> list[RowInQuestion]:
    """Rows that still say another: a person is asked, or has said no, or their new pets wait."""
    about = {"p": practice_id, "reason": ANOTHER_RECORD}
    found: list[RowInQuestion] = []
    for record in RECORDS:
        rows = {row.pims_id: row for row in conn.execute(_ASKED[record], about)}
        for pims_id in sorted(in_question(conn, practice_id, record, rows)):
            row = rows[pims_id]
            found.append(RowInQuestion(pims_id, row.record_id, row.is_asked, (), record))
    found = found[:limit]
    clients = [row.pims_id for row in found if row.record == "client"]
    waiting = unlinked_pets_by_owner(conn, practice_id, clients, to_place=True)
    return [
        replace(row, waiting=tuple(waiting.get(row.pims_id, ()))) if row.record == "client" else row
        for row in found
    ]


# Rows of which something is asked or was refused, and those whose new pets are no pets here yet. A
# pet that the PIMS has no more can't be given a number of its own.
_WITH_PETS = {
    "client": """
        UNION ALL
        SELECT DISTINCT btrim(client_key), false FROM scriptright.pims_pet
        WHERE practice_id = :p AND record_id IS NULL""",
    "pet": "",
}
_THERE = {"client": "", "pet": "WHERE l.missing_since IS NULL"}
_ASKED = {
    record: text(f"""
    WITH said AS MATERIALIZED (
        SELECT pims_id, state = 'open' AS is_open FROM scriptright.suggestion
        WHERE practice_id = :p AND record = '{record}' AND reason = :reason
          AND state IN ('open', 'rejected') {_WITH_PETS[record]})
    SELECT l.pims_id, l.record_id, bool_or(said.is_open) OR EXISTS (
        SELECT FROM scriptright.suggestion s
        WHERE s.practice_id = :p AND s.record = '{record}' AND s.record_id = l.record_id
          AND s.field = 'name' AND s.pims_id = l.pims_id AND s.state = 'open') AS is_asked
    FROM said JOIN {BASELINE[record]} l ON l.practice_id = :p AND l.pims_id = said.pims_id
      AND l.record_id IS NOT NULL
    {_THERE[record]} GROUP BY l.pims_id, l.record_id
    """)  # noqa: S608 - constants
    for record in RECORDS
}

"""PIMS clients whose rows may be another's by now, for staff: who waits with them, for what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.records.in_question import clients_in_question
from vet_pipeline.scriptright.records.pims_values import conventions_in_force, unlinked_pets_of
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD


@dataclass(frozen=True, slots=True)
class RowInQuestion:
    """Such a row, and the client that it feeds all the same."""

    pims_id: str
    record_id: int
    is_asked: bool  # False: it is the practice's turn, a person has said no or the row is empty
    waiting: tuple[str, ...]  # PIMS ids of its new pets, which are nobody's here so far


def list_rows_in_question(
    conn: Connection, practice_id: str, *, limit: int = 100
) -> list[RowInQuestion]:
    """Rows of which that is asked, or was said no to, and is so still, or whose new pets wait."""
    with translate_errors(practice_id):
        conventions = conventions_in_force(conn, practice_id)
        about = {"p": practice_id, "reason": ANOTHER_RECORD}
        rows = {row.pims_id: row for row in conn.execute(_ASKED, about)}
        still = sorted(clients_in_question(conn, practice_id, rows, conventions))
        return [
            RowInQuestion(
                pims_id,
                rows[pims_id].record_id,
                rows[pims_id].is_asked,
                tuple(unlinked_pets_of(conn, practice_id, pims_id, to_place=True)),
            )
            for pims_id in still[:limit]
        ]


# Rows of which something is asked or was refused, and those whose new pets are no pets here yet.
_ASKED = text("""
    WITH said AS MATERIALIZED (
        SELECT pims_id, state = 'open' AS is_open FROM scriptright.suggestion
        WHERE practice_id = :p AND record = 'client' AND reason = :reason
          AND state IN ('open', 'rejected')
        UNION ALL
        SELECT DISTINCT btrim(client_key), false FROM scriptright.pims_pet
        WHERE practice_id = :p AND record_id IS NULL)
    SELECT l.pims_id, l.record_id, bool_or(said.is_open) OR EXISTS (
        SELECT FROM scriptright.suggestion s
        WHERE s.practice_id = :p AND s.record = 'client' AND s.record_id = l.record_id
          AND s.field = 'name' AND s.pims_id = l.pims_id AND s.state = 'open') AS is_asked
    FROM said JOIN scriptright.client_link l ON l.practice_id = :p AND l.pims_id = said.pims_id
    GROUP BY l.pims_id, l.record_id
""")

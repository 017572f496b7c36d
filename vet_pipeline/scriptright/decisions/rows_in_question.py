"""PIMS clients whose rows may be another client's by now, for staff: who waits with them, and for what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.records.in_question import clients_in_question
from vet_pipeline.scriptright.records.pims_values import conventions_in_force, unlinked_pets_of
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD


@dataclass(frozen=True, slots=True)
class RowInQuestion:
    """Such a row, and the client that it feeds all the same."""

    pims_id: str
    record_id: int
    is_asked: bool  # False: a person has said no to all of it, so it is the practice's turn
    waiting: tuple[
        str, ...
    ]  # PIMS ids of its new pets, which are nobody's here until that is settled


def list_rows_in_question(
    conn: Connection, practice_id: str, *, limit: int = 100
) -> list[RowInQuestion]:
    """Rows of which that is asked, or was said no to, and is so still; by their PIMS ids."""
    with translate_errors(practice_id):
        conventions = conventions_in_force(conn, practice_id, Conventions())
        about = {"p": practice_id, "reason": ANOTHER_RECORD}
        asked = {row.pims_id: row for row in conn.execute(_ASKED, about)}
        still = sorted(clients_in_question(conn, practice_id, asked, conventions))
        return [
            RowInQuestion(
                pims_id,
                asked[pims_id].record_id,
                asked[pims_id].is_asked,
                tuple(unlinked_pets_of(conn, practice_id, pims_id, to_place=True)),
            )
            for pims_id in still[:limit]
        ]


_ASKED = text("""
    SELECT l.pims_id, l.record_id, bool_or(s.state = 'open') AS is_asked
    FROM scriptright.suggestion s
    JOIN scriptright.client_link l ON l.practice_id = :p AND l.pims_id = s.pims_id
    WHERE s.practice_id = :p AND s.record = 'client' AND s.reason = :reason
      AND s.state IN ('open', 'rejected')
    GROUP BY l.pims_id, l.record_id
""")

"""Which PIMS record feeds which ScriptRight record: the links as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import Record


@dataclass(frozen=True, slots=True)
class Link:
    """A PIMS record and the ScriptRight record it feeds; `evidence` never holds values."""

    record: Record
    pims_id: str
    record_id: int
    method: str  # created | machine | person
    decided_by: str | None
    score: float | None  # bits
    evidence: Mapping[str, Any] | None
    model_version: str | None
    load_id: int
    linked_at: datetime  # UTC
    missing_since: datetime | None  # read time of the first snapshot without the PIMS record


def list_links(
    conn: Connection,
    practice_id: str,
    *,
    record: Record | None = None,
    pims_id: str | None = None,
    merged_only: bool = True,
    limit: int = 100,
) -> list[Link]:
    """Links, newest first. `merged_only` leaves out records that were created from the PIMS."""
    rows = conn.execute(
        _LINKS,
        {
            "p": practice_id,
            "record": record,
            "pims_id": pims_id,
            "merged": merged_only,
            "limit": limit,
        },
    ).mappings()
    return [Link(**row) for row in rows]


_LINKS = text("""
    WITH link AS (
        SELECT 'client' AS record, l.*, b.missing_since
        FROM scriptright.client_link l JOIN scriptright.pims_client b USING (practice_id, pims_id)
        WHERE l.practice_id = :p
        UNION ALL
        SELECT 'pet', l.*, b.missing_since
        FROM scriptright.pet_link l JOIN scriptright.pims_pet b USING (practice_id, pims_id)
        WHERE l.practice_id = :p
    )
    SELECT record, pims_id, record_id, method, decided_by, score, evidence, model_version,
        load_id, linked_at, missing_since
    FROM link
    WHERE record = coalesce(CAST(:record AS text), record)
      AND pims_id = coalesce(CAST(:pims_id AS text), pims_id)
      AND (method <> 'created' OR NOT :merged)
    ORDER BY linked_at DESC, record, pims_id LIMIT :limit
""")

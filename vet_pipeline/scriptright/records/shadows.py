"""Reading and moving the shadows of merged records (merge.py says what a shadow is)."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, text

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.records.merge import Shadow
from vet_pipeline.scriptright.records.writes import LINK


def move_shadow(
    conn: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    step: Callable[[Shadow], Shadow],
) -> None:
    """Apply `step` to the shadow of the link; nothing when the record stands alone anyway."""
    where = {"p": practice_id, "pims_id": pims_id, "record_id": record_id}
    shadow = conn.execute(
        text(
            f"SELECT standalone FROM {LINK[record]} WHERE practice_id = :p "  # noqa: S608
            "AND pims_id = :pims_id AND record_id = :record_id"
        ),
        where,
    ).scalar()
    if shadow is not None:
        conn.execute(
            text(
                f"UPDATE {LINK[record]} SET standalone = CAST(:shadow AS jsonb) "  # noqa: S608
                "WHERE practice_id = :p AND pims_id = :pims_id"
            ),
            where | {"shadow": json.dumps(step(shadow))},
        )

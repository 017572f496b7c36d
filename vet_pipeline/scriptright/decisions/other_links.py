"""The PIMS records that feed a ScriptRight record, as its life is played again by them (past.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.writes import LINK


@dataclass(frozen=True, slots=True)
class OtherLink:
    """Another PIMS record that feeds the same ScriptRight record."""

    pims_id: str
    shadow: Shadow | None  # None: the record was created from it
    linked_at: datetime
    load_id: int


def links_of(conn: Connection, practice_id: str, record: Record, record_id: int) -> list[OtherLink]:
    """The links to the record by now, oldest first."""
    rows: Any = conn.execute(
        text(
            f"SELECT pims_id, standalone, linked_at, load_id FROM {LINK[record]} "  # noqa: S608
            "WHERE practice_id = :p AND record_id = :record_id ORDER BY linked_at, pims_id"
        ),
        {"p": practice_id, "record_id": record_id},
    ).mappings()
    return [
        OtherLink(row["pims_id"], row["standalone"], row["linked_at"], row["load_id"])
        for row in rows
    ]

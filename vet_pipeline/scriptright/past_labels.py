"""What stays of a link's name or owner on prescriptions when the link is undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from vet_pipeline.scriptright.consequences import (
    Consequence,
    is_same_name,
    prescriptions_of,
    set_states,
)
from vet_pipeline.scriptright.past import changes_of
from vet_pipeline.scriptright.writes import Cause, Row


def mark_what_is_past(
    conn: Connection, practice_id: str, pet: Row, since: datetime, cause: Cause
) -> tuple[Consequence, ...]:
    """Mark prescriptions written since then under a name or an owner that the pet has no more.

    Or made active since then, as their label was the pet's name in that time. `pet`: as it is now,
    when a link that had brought them is undone. Nothing may leave on them until a person has looked.
    """
    names = [
        change["new_value"]["name"]
        for change in changes_of(conn, practice_id, "pet", pet["pet_id"]).get("name", ())
        if change["changed_at"] >= since
    ]
    marked: list[Consequence] = []
    for row in prescriptions_of(conn, practice_id, pet["pet_id"]):
        if row["created_at"] < since and not _is_active_by(conn, practice_id, row, names):
            continue
        if pet["name"] is not None and not is_same_name(row["label_name"], pet["name"]):
            state, new_name = "needs_new_prescription", pet["name"]
        elif row["client_id"] != pet["client_id"]:
            state, new_name = "owner_changed", None
        else:
            continue
        if (row["state"], row["new_name"]) != (state, new_name):
            marked += set_states(conn, practice_id, [row], state, new_name, cause)
    return tuple(marked)


def _is_active_by(
    conn: Connection, practice_id: str, row: Row, names: Iterable[str | None]
) -> bool:
    """Whether the web shop has made it active, its label being one of the names.

    One that was active all along has a note of each of them: what undoing left of those stands.
    """
    if row["state"] != "active" or not any(is_same_name(row["label_name"], n) for n in names):
        return False
    id_ = row["prescription_id"]
    notes = changes_of(conn, practice_id, "prescription", id_).get("state", ())
    return not notes or notes[-1]["new_value"]["state"] != "active"

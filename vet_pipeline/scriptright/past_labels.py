"""What stays of a link's name or owner on prescriptions when the link is undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vet_pipeline.scriptright.consequences import (
    Consequence,
    is_same_name,
    prescriptions_of,
    set_states,
)
from vet_pipeline.scriptright.past import changes_of
from vet_pipeline.scriptright.values import Value
from vet_pipeline.scriptright.writes import Cause, Row


def mark_what_is_past(
    conn: Connection, practice_id: str, pet: Row, since: datetime, cause: Cause
) -> tuple[Consequence, ...]:
    """Mark prescriptions written since then under a name or an owner that the pet has no more.

    Or made active since then, as their label was the pet's name, or their client its owner, in that
    time. `pet`: as it is now, when a link that had brought them is undone. Nothing may leave on
    them until a person has looked.
    """
    changes = changes_of(conn, practice_id, "pet", pet["pet_id"])
    marked: list[Consequence] = []
    for row in prescriptions_of(conn, practice_id, pet["pet_id"]):
        notes = changes_of(conn, practice_id, "prescription", row["prescription_id"])
        by_name, by_owner = (
            row["created_at"] >= since
            or _is_active_by(row, changes.get(field, ()), notes.get("state", ()), since)
            for field in ("name", "owner")
        )
        is_named = pet["name"] is None or is_same_name(row["label_name"], pet["name"])
        if by_name and not is_named:
            state, new_name = "needs_new_prescription", pet["name"]
        elif by_owner and row["client_id"] != pet["client_id"]:
            state, new_name = "owner_changed", None
        else:
            continue
        if (row["state"], row["new_name"]) != (state, new_name):
            marked += set_states(conn, practice_id, [row], state, new_name, cause)
    return tuple(marked)


def _is_active_by(row: Row, past: Sequence[Row], notes: Sequence[Row], since: datetime) -> bool:
    """Whether the web shop has made it active, its label being a name (its client an owner) of that time.

    `past`: all changes of the pet's name, or of its owner. What was active all along has a note of
    each: what undoing left of those stands. A change after the last note says that it wasn't.
    """
    if row["state"] != "active" or not any(
        _is_own(row, change["new_value"]) for change in past if change["changed_at"] >= since
    ):
        return False
    if not notes or notes[-1]["new_value"]["state"] != "active":
        return True
    return any(c["change_id"] > notes[-1]["change_id"] and _is_real(c) for c in past)


def _is_own(row: Row, value: Value) -> bool:
    if "name" in value:
        return is_same_name(row["label_name"], value["name"])
    return bool(row["client_id"] == value["client_id"])


def _is_real(change: Row) -> bool:
    old, new = change["old_value"], change["new_value"]
    return not is_same_name(old["name"], new["name"]) if "name" in new else bool(old != new)

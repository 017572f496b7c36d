"""What stays of a link's name or owner on prescriptions when the link is undone."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import Connection

from vet_pipeline.scriptright.consequences import (
    Consequence,
    after_owner_change,
    is_same_name,
    prescriptions_of,
    set_states,
)
from vet_pipeline.scriptright.past import changes_of, links_of
from vet_pipeline.scriptright.values import Value
from vet_pipeline.scriptright.writes import Cause, Row


def mark_what_is_past(
    conn: Connection, practice_id: str, pet: Row, since: datetime, cause: Cause
) -> tuple[Consequence, ...]:
    """Mark prescriptions written since then under a name or an owner that the pet has no more.

    Or made active since then, as their label was the pet's name, or their client its owner, in that
    time. `pet`: as it is now, when a link that had brought them is undone; it may have had its name
    or owner back before. Nothing may leave on them until a person has looked. What is held for a
    name that is gone is held for the present one, or no more.
    """
    live = {link.pims_id for link in links_of(conn, practice_id, "pet", pet["pet_id"])}
    changes = changes_of(conn, practice_id, "pet", pet["pet_id"])
    marked: list[Consequence] = []
    for row in prescriptions_of(conn, practice_id, pet["pet_id"]):
        noted = changes_of(conn, practice_id, "prescription", row["prescription_id"])
        by_name, by_owner = (
            _is_past(row, changes.get(field, ()), noted.get("state", ()), since, pet)
            for field in ("name", "owner")
        )
        was: Value = {"state": row["state"], "new_name": row["new_name"]}
        is_named = pet["name"] is None or is_same_name(row["label_name"], pet["name"])
        if by_name and not is_named:
            value: Value = {"state": "needs_new_prescription", "new_name": pet["name"]}
        else:
            value = _asking_for_its_name(was, pet, noted.get("state", ()), live, is_named=is_named)
            if (by_owner or value != was) and row["client_id"] != pet["client_id"]:
                value = after_owner_change(value)
        if value != was:
            marked += set_states(conn, practice_id, [row], value["state"], value["new_name"], cause)
    return tuple(marked)


def _asking_for_its_name(
    was: Value, pet: Row, notes: Sequence[Row], live: Set[str], *, is_named: bool
) -> Value:
    """What becomes of a mark for a name that the pet hasn't: it is for the present one.

    Or none where the label is that, and nobody but undone links and their undoing has marked it.
    """
    if was["new_name"] is None or is_same_name(was["new_name"], pet["name"]):
        return was
    if is_named and _is_by_the_gone(was, notes, live):
        return {"state": "active", "new_name": None}
    return was if pet["name"] is None else was | {"new_name": pet["name"]}


def _is_by_the_gone(was: Value, notes: Sequence[Row], live: Set[str]) -> bool:
    """Whether each note since it was active is an undone link's, or an undo's; a shop's has none."""
    for note in reversed(notes):
        via = note["via_pims_id"]
        is_gone = note["cause"] == "unmerge" if via is None else via not in live
        if note["new_value"] != was or not is_gone:
            return False
        was = note["old_value"]
        if was["state"] == "active":
            return True
    return False


def _is_past(
    row: Row, past: Sequence[Row], notes: Sequence[Row], since: datetime, pet: Row
) -> bool:
    """Whether it was written since under another name (owner), or made active by the web shop since.

    Or for one that was past by then (from an old page). `past`: all changes of the pet's name, or of
    its owner. What was active all along has a note of each in `notes`. Where none came after the
    last note, that stands: a person's word on the mark, or what undoing left of it, unless it was
    written for what is past.
    """
    own = [
        c["changed_at"] for c in past if c["changed_at"] >= since and _is_own(row, c["new_value"])
    ]
    at = row["created_at"]
    written = at >= since and (_was_another(past, at, pet) or any(then <= at for then in own))
    if row["state"] != "active":
        return written
    if notes and not any(_is_after(change, notes[-1]) for change in past):
        return written and notes[-1]["new_value"]["state"] == "active"
    return written or bool(own)


def _was_another(past: Sequence[Row], at: datetime, pet: Row) -> bool:
    """Whether the pet had another name, or another owner, at that time."""
    if not past:
        return False
    before = [change["new_value"] for change in past if change["changed_at"] <= at]
    return not _is_that(before[-1] if before else past[0]["old_value"], pet)


def _is_that(value: Value, pet: Row) -> bool:
    if "name" in value:
        return is_same_name(value["name"], pet["name"])
    return bool(value["client_id"] == pet["client_id"])


def _is_own(row: Row, value: Value) -> bool:
    if "name" in value:
        return is_same_name(row["label_name"], value["name"])
    return bool(row["client_id"] == value["client_id"])


def _is_after(change: Row, note: Row) -> bool:
    """Whether it is another name or owner than when the note was made; a shop's follows its own note."""
    old, new = change["old_value"], change["new_value"]
    if change["change_id"] < note["change_id"]:
        return False
    if "name" not in new:
        return bool(old != new)
    is_noted = change["cause"] == "web_shop" and note["new_value"]["new_name"] == new["name"]
    return not is_noted and not is_same_name(old["name"], new["name"])

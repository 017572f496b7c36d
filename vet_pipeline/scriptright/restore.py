"""Taking back what came through one PIMS record: the values a ScriptRight record would have without.

The record's life since that link is played again without it (replay.py): what was saved in the web
shop, what the PIMS records that still feed it have said, and what persons have decided on that.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import Field, LaterChange, Record, fields_of
from vet_pipeline.scriptright.consequences import (
    Consequence,
    after_owner_change,
    is_same_name,
    mark_for_filled_name,
    set_states,
)
from vet_pipeline.scriptright.past import (
    Past,
    begin,
    changes_of,
    events,
    links_of,
    read_past,
    stints_of,
)
from vet_pipeline.scriptright.replay import Life, Question, replay
from vet_pipeline.scriptright.suggestions import (
    SuggestionRow,
    close,
    open_ones,
    open_suggestion,
    refresh_suggestions,
)
from vet_pipeline.scriptright.values import Value, canonical
from vet_pipeline.scriptright.writes import (
    Cause,
    Row,
    held,
    read_record,
    record_change,
    write_field,
)


def restore_record(
    conn: Connection,
    practice_id: str,
    record: Record,
    record_id: int,
    via: str,
    actor: str,
    conventions: Conventions,
) -> tuple[tuple[str, ...], tuple[Consequence, ...]]:
    """Bring values and suggestions to what they would be without the PIMS record `via`.

    Its link leads elsewhere already. Returns the fields whose value changed, and the prescriptions
    that are marked for a pet's name which is another PIMS record's by now.
    """
    read_record(conn, practice_id, record, record_id, keep="meaning")
    past = read_past(conn, practice_id, record, record_id, via, conventions)
    restored: list[str] = []
    marked: tuple[Consequence, ...] = ()
    for field in fields_of(record):
        row = read_record(conn, practice_id, record, record_id)
        life = replay(begin(field, row, past), events(field, row, past))
        is_other = held(field, row) != life.value
        by_both = life.source is not None and _came_through(past, field) in past.gone
        cause = _cause(life, via, actor)
        if is_other:
            write_field(conn, practice_id, field, row, life.value, cause)
            restored.append(field.name)
        elif by_both:  # from here on it is the other's
            same = life.value
            record_change(conn, practice_id, record, record_id, field.name, same, same, cause)
        is_anothers = life.source is not None and (is_other or by_both)
        if is_anothers and field.later is LaterChange.ATTESTED:
            # That one's link would have looked at the labels, as it fills the name in (schema 0021).
            marked = mark_for_filled_name(conn, practice_id, row, life.value["name"], cause)
        if field.name != "owner":
            _ask(conn, practice_id, life, record_id)
        refresh_suggestions(conn, practice_id, record, record_id, field.name)
    return tuple(restored), marked


def restore_prescriptions(
    conn: Connection, practice_id: str, pet_id: int, via: str, actor: str
) -> tuple[Consequence, ...]:
    """Take back the marks that a rename or owner change through `via` left on prescriptions.

    Where nobody has changed the prescription since; but one that was made active under a name that
    is gone gets the mark again that it had before. Marks that came through a link that was undone
    before, and that stayed because of this one's, go with it.
    """
    done: list[Consequence] = []
    gone = {via} | _undone_before(conn, practice_id, pet_id)
    names = changes_of(conn, practice_id, "pet", pet_id).get("name", ())
    renamed = [one for one in names if one["old_value"] != one["new_value"]]
    rows = conn.execute(_PRESCRIPTIONS, {"p": practice_id, "pet_id": pet_id}).mappings().all()
    for row in rows:
        changes = changes_of(conn, practice_id, "prescription", row["prescription_id"]).get(
            "state", ()
        )
        if all(change["via_pims_id"] != via for change in changes):
            continue
        current = {"state": row["state"], "new_name": row["new_name"]}
        value = _last_without(changes, gone, row["label_name"], current, renamed)
        if value != current:
            cause = Cause("unmerge", actor=actor, via_pims_id=via)
            done += set_states(
                conn, practice_id, [dict(row)], value["state"], value["new_name"], cause
            )
    return tuple(done)


def _undone_before(conn: Connection, practice_id: str, pet_id: int) -> set[str]:
    """PIMS ids whose links to the pet are undone and not made again."""
    notes = changes_of(conn, practice_id, "pet", pet_id).get("link", ())
    undone = {stint.pims_id for stint in stints_of("pet", pet_id, notes)}
    return undone - {link.pims_id for link in links_of(conn, practice_id, "pet", pet_id)}


def _last_without(
    changes: Sequence[Row], gone: Set[str], label_name: str, current: Value, renamed: Sequence[Row]
) -> Value:
    """What the marks that didn't come through `gone` make of the prescription, and persons' words.

    `current`: as it is. `renamed`: the changes of its pet's name.
    """
    value: Value = changes[0]["old_value"]
    without_rename = False  # of those before, one is gone and none is left
    before: Row | None = None
    under = label_name  # the name that it stands for
    for change in changes:
        new: Value = change["new_value"]
        if before and _is_saved(before, change["old_value"], value, gone):
            value, without_rename = change["old_value"], False
            under = _word_on(before, change, renamed) or label_name
        before = change
        if change["via_pims_id"] in gone:
            without_rename |= new["new_name"] is not None and value["new_name"] is None
            continue
        # An owner change leaves what a rename had marked: was that rename through `via`?
        noted_only = change["cause"] != "rename" and new == change["old_value"]
        is_back = any(is_same_name(new["new_name"], name) for name in (under, label_name))
        if without_rename and is_back and not noted_only:
            continue  # the name was taken back: without the rename it is what it was
        value = after_owner_change(value) if noted_only else new
        without_rename &= value["new_name"] is None
    return current if before and _is_saved(before, current, value, gone) else value


def _is_saved(before: Row, saved: Value, without: Value, gone: Set[str]) -> bool:
    """Whether the web shop has saved it since the change `before`, which nothing notes, and it counts.

    A word on a name that is gone is none on the name that it needs `without` that.
    """
    left: Value = before["new_value"]
    is_word_on_gone = (
        saved["state"] == "active"
        and before["via_pims_id"] in gone
        and without["new_name"] is not None
        and not is_same_name(left["new_name"], without["new_name"])
    )
    return bool(saved != left) and not is_word_on_gone


def _word_on(before: Row, change: Row, renamed: Sequence[Row]) -> str | None:
    """The name that the pet had and the prescription needed when the web shop saved it between the two.

    None where it may have been another: when it had ended, later names weren't noted (schema 0023).
    """
    between = [
        one for one in renamed if before["change_id"] < one["change_id"] < change["change_id"]
    ]
    until_now = len(between) == 1 and between[0]["changed_at"] == change["changed_at"]
    name: str | None = before["new_value"]["new_name"] if until_now else None
    return name


def _ask(conn: Connection, practice_id: str, life: Life, record_id: int) -> None:
    """Close the questions that there would not be, open those that there would."""
    field = life.field
    there = {
        row["pims_id"]: row
        for row in open_ones(conn, practice_id, field.record, record_id, field=field.name)
    }
    for pims_id in sorted(there.keys() | life.questions.keys()):
        row, wanted = there.get(pims_id), life.questions.get(pims_id)
        if row and wanted and _is_about(field, row, wanted):
            continue  # what it shows of the record is refreshed by the caller
        if row:
            close(conn, practice_id, row["suggestion_id"], "superseded")
        if wanted:
            open_suggestion(
                conn,
                practice_id,
                field,
                record_id=record_id,
                pims_id=pims_id,
                old=wanted.old,
                new=wanted.new,
                reason=wanted.reason,
                load_id=wanted.load_id,
                like={"opened_at": wanted.opened_at},
            )


def _is_about(field: Field, row: SuggestionRow, wanted: Question) -> bool:
    return canonical(field, row["new_value"]) == wanted.new and row["reason"] == wanted.reason


def _cause(life: Life, via: str, actor: str) -> Cause:
    if life.source is None:
        return Cause("unmerge", actor=actor, via_pims_id=via)
    pims_id, load_id = life.source
    return Cause("merge_fill", actor, load_id, None, pims_id)


def _came_through(past: Past, field: Field) -> str | None:
    changes = past.changes.get(field.name)
    return None if not changes else changes[-1]["via_pims_id"]


_PRESCRIPTIONS = text("""
    SELECT r.*, pet.client_id AS owner_id
    FROM scriptright.prescription r JOIN scriptright.pet USING (practice_id, pet_id)
    WHERE r.practice_id = :p AND r.pet_id = :pet_id ORDER BY r.prescription_id
    FOR UPDATE OF r
""")

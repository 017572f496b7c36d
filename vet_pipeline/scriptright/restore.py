"""Taking back what came through one PIMS record: the values a ScriptRight record would have without.

The changes of a field are played again without those of that PIMS record, so what anybody else
changed later stays. Other PIMS records that feed the same one may have been overshadowed: they
get their say again by the rules of a merge.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import Field, Record, fields_of
from vet_pipeline.scriptright.apart import pims_side
from vet_pipeline.scriptright.consequences import Consequence, set_states
from vet_pipeline.scriptright.merge import DIFFERS, Shadow, merge_field
from vet_pipeline.scriptright.suggestions import (
    close,
    last_one,
    open_ones,
    open_suggestion,
    refresh_suggestions,
    was_rejected,
)
from vet_pipeline.scriptright.values import Value, canonical
from vet_pipeline.scriptright.writes import (
    LINK,
    Cause,
    held,
    read_record,
    record_change,
    write_field,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of record_change, for playing again."""

    old: Value
    new: Value
    via: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherLink:
    """Another PIMS record that feeds the same ScriptRight record."""

    pims_id: str
    shadow: Shadow | None  # None: the record was created from it
    linked_at: datetime
    load_id: int


@dataclass(slots=True)
class Replayed:
    """A field without one PIMS record: its value, and what the other ones had to say."""

    value: Value
    at: datetime | None = None  # of the last change that counts
    source: OtherLink | None = None  # whose value it is, where nobody wrote it down
    had_say: set[str] = dataclasses.field(default_factory=set)  # filled it when they were linked
    # Earlier values, each until when.
    past: list[tuple[datetime, Value]] = dataclasses.field(default_factory=list)

    def take(self, value: Value, at: datetime, source: OtherLink | None) -> None:
        """The field's next value."""
        self.past.append((at, self.value))
        self.value, self.at, self.source = value, at, source

    def was(self, value: Value, since: datetime) -> bool:
        """Whether the field held the value at some moment from `since` on."""
        return value in [self.value, *(then for until, then in self.past if until >= since)]


def replay_without(
    field: Field,
    changes: Sequence[Change],
    gone: AbstractSet[str],
    others: Sequence[OtherLink] = (),
) -> Replayed:
    """The field after all changes but those through `gone`, PIMS records whose links are undone.

    `changes`: all of one field, oldest first, at least one. A change is a whole value: whoever
    saved a field after the merge saw all of it, so it stays as it was saved. `others`, by time of
    linking, come in where they were linked: what was filled before them was theirs to fill.
    """
    done = Replayed(changes[0].old)
    waiting = list(others)
    for change in changes:
        while waiting and waiting[0].linked_at < change.at:
            _have_say(field, done, waiting.pop(0))
        if change.via not in gone:
            done.take(change.new, change.at, None)
    for other in waiting:
        _have_say(field, done, other)
    return done


def restore_record(
    conn: Connection, practice_id: str, record: Record, record_id: int, via: str, actor: str
) -> tuple[str, ...]:
    """Roll the record back field by field; returns the fields whose value changed.

    The link of `via` leads elsewhere already: what came through links undone before counts no more.
    """
    links = _links(conn, practice_id, record, record_id)
    linked = {link.pims_id for link in links}
    others = [link for link in links if link.shadow is not None]
    restored = []
    for field in fields_of(record):
        changes = _changes(conn, practice_id, record, record_id, field.name)
        if all(change.via != via for change in changes):
            continue
        gone = {change.via for change in changes if change.via} - linked
        found = replay_without(field, changes, gone, () if field.name == "owner" else others)
        row = read_record(conn, practice_id, record, record_id)
        cause = Cause("unmerge", actor=actor, via_pims_id=via)
        if found.source is not None:
            cause = Cause("merge_fill", actor, found.source.load_id, None, found.source.pims_id)
        if held(field, row) != found.value:
            write_field(conn, practice_id, field, row, found.value, cause)
            restored.append(field.name)
        elif found.source is not None:  # both had said it: from here on it is the other's
            same = found.value
            record_change(conn, practice_id, record, record_id, field.name, same, same, cause)
        if field.name != "owner":
            for other in others:
                _ask_again(conn, practice_id, field, record_id, other, found)
        refresh_suggestions(conn, practice_id, record, record_id, field.name)
    return tuple(restored)


def restore_prescriptions(
    conn: Connection, practice_id: str, pet_id: int, via: str, actor: str
) -> tuple[Consequence, ...]:
    """Take back the marks that a rename or owner change through `via` left on prescriptions.

    Only where nobody has changed the prescription since.
    """
    done: list[Consequence] = []
    rows = conn.execute(_PRESCRIPTIONS, {"p": practice_id, "pet_id": pet_id}).mappings().all()
    for row in rows:
        changes = _changes(conn, practice_id, "prescription", row["prescription_id"], "state")
        if all(change.via != via for change in changes):
            continue
        current = {"state": row["state"], "new_name": row["new_name"]}
        value = _last_without(changes, via)
        if changes[-1].new == current and value != current:
            cause = Cause("unmerge", actor=actor, via_pims_id=via)
            done += set_states(
                conn, practice_id, [dict(row)], value["state"], value["new_name"], cause
            )
    return tuple(done)


def _last_without(changes: Sequence[Change], via: str) -> Value:
    kept = [change.new for change in changes if change.via != via]
    return kept[-1] if kept else changes[0].old


def _have_say(field: Field, done: Replayed, other: OtherLink) -> None:
    verdict = merge_field(field, done.value, _values(other))
    if verdict.outcome in ("fill", "apply"):
        done.take(verdict.new, other.linked_at, other)
        done.had_say.add(other.pims_id)


def _ask_again(
    conn: Connection,
    practice_id: str,
    field: Field,
    record_id: int,
    other: OtherLink,
    found: Replayed,
) -> None:
    """Close the question that `other` only had because of the link; open the one it would have."""
    asked = open_ones(
        conn, practice_id, field.record, record_id, field=field.name, pims_id=other.pims_id
    )
    if other.pims_id in found.had_say:
        for row in asked:
            if row["reason"] == DIFFERS:
                close(conn, practice_id, row["suggestion_id"], "superseded")
        return
    if asked:
        return
    said = _said(other, field)
    last = last_one(conn, practice_id, field, record_id, other.pims_id)
    if last is not None and canonical(field, last["new_value"]) == said:
        # Nobody answered it: the value came through the link that is gone.
        since, reason, load_id = last["opened_at"], last["reason"], last["load_id"]
        answered = last["state"] != "superseded"
    else:
        verdict = merge_field(field, found.value, said)
        since, reason, load_id, last = other.linked_at, verdict.reason, other.load_id, None
        answered = verdict.outcome != "suggest" or was_rejected(
            conn, practice_id, field, other.pims_id, said
        )
    if not answered and not found.was(said, since):
        open_suggestion(
            conn,
            practice_id,
            field,
            record_id=record_id,
            pims_id=other.pims_id,
            old=found.value,
            new=said,
            reason=reason,
            load_id=load_id,
            like=last,
        )


def _changes(
    conn: Connection, practice_id: str, record: str, record_id: int, field: str
) -> list[Change]:
    rows = conn.execute(
        _CHANGES, {"p": practice_id, "record": record, "record_id": record_id, "field": field}
    ).mappings()
    return [
        Change(row["old_value"], row["new_value"], row["via_pims_id"], row["changed_at"])
        for row in rows
    ]


def _values(other: OtherLink) -> Value:
    return {} if other.shadow is None else other.shadow["values"]


def _said(other: OtherLink, field: Field) -> Value:
    """What the PIMS record says by now, asked or not."""
    if other.shadow is None:
        return canonical(field, {})
    opened = other.shadow["suggestions"].get(field.name, {"new": {}})
    return canonical(field, _values(other) | opened["new"] | pims_side(other.shadow))


def _links(conn: Connection, practice_id: str, record: Record, record_id: int) -> list[OtherLink]:
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


_CHANGES = text("""
    SELECT old_value, new_value, via_pims_id, changed_at FROM scriptright.record_change
    WHERE practice_id = :p AND record = :record AND record_id = :record_id AND field = :field
    ORDER BY change_id
""")
_PRESCRIPTIONS = text("""
    SELECT * FROM scriptright.prescription WHERE practice_id = :p AND pet_id = :pet_id
    ORDER BY prescription_id
""")

"""Prescriptions of a pet whose link is undone: as they would be had it never been made.

What the web shop writes and saves is noted as it comes, with what it could see of the pet by then
(schema 0026). What was said before that is told by the gaps between the notes of others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from vet_pipeline.scriptright.decisions.past import RecordChange, changes_of, stints_of
from vet_pipeline.scriptright.decisions.restore import Restored
from vet_pipeline.scriptright.records.consequences import (
    Consequence,
    is_same_name,
    prescriptions_of,
    set_states,
    state_of,
)
from vet_pipeline.scriptright.records.label_life import (
    Event,
    Label,
    Named,
    Owned,
    Parted,
    Word,
    live,
)
from vet_pipeline.scriptright.records.values import Value
from vet_pipeline.scriptright.records.writes import Cause, Row

_ACTIVE: Value = {"state": "active", "new_name": None}
_UNWRITTEN: Value = {"state": None, "new_name": None}
_END = datetime.max.replace(tzinfo=UTC)  # after all that is noted


@dataclass(frozen=True, slots=True)
class _Pet:
    """A pet as it is, the changes of its name and owner, oldest first, and when links went."""

    row: Row
    names: Sequence[RecordChange]
    owners: Sequence[RecordChange]
    parted: Set[datetime]

    @property
    def changes(self) -> list[RecordChange]:
        return [*self.names, *self.owners]


def restore_labels(
    connection: Connection,
    practice_id: str,
    pet: Row,
    before: Sequence[Row],
    restored: Restored,
    cause: Cause,
) -> tuple[Consequence, ...]:
    """Bring the pet's prescriptions to what they would be; returns those that are another now.

    `pet`: as it is by now. `before`: its prescriptions, before it was restored. What has ended
    stays so: that is the web shop's word alone.
    """
    changes = changes_of(connection, practice_id, "pet", pet["pet_id"])
    parted = frozenset(one.undone_at for one in stints_of("pet", pet["pet_id"], changes["link"]))
    known = _Pet(pet, changes.get("name", ()), changes.get("owner", ()), parted)
    of_pet: list[Event] = [*_of_pet(restored), *map(Parted, parted)]
    by_now = {
        r["prescription_id"]: r for r in prescriptions_of(connection, practice_id, pet["pet_id"])
    }
    done: list[Consequence] = []
    for row in before:
        notes = changes_of(connection, practice_id, "prescription", row["prescription_id"])
        noted = notes.get("state", ())
        words = [word for word in _words(row, noted, known) if word.at >= restored.start]
        label = live(_begin(row, noted, restored), [*of_pet, *words])
        would = {"state": label.state, "new_name": label.new_name}
        if would != state_of(row) or would != state_of(by_now[row["prescription_id"]]):
            to = would | {"state": label.state or "active"}
            done += set_states(connection, practice_id, [row], to, cause)
    return tuple(done)


def _of_pet(restored: Restored) -> Iterator[Event]:
    for turn in restored.lives["name"].turns:
        yield Named(turn.at, turn.value["name"], turn.said)
    for turn in restored.lives["owner"].turns:
        yield Owned(turn.at, turn.value["client_id"])


def _begin(row: Row, notes: Sequence[RecordChange], restored: Restored) -> Label:
    """The prescription as it was before the link, if it was there."""
    lives, since = restored.lives, [n for n in notes if n.changed_at >= restored.start]
    name, owner_id = lives["name"].first["name"], lives["owner"].first["client_id"]
    label = Label(row["label_name"], row["client_id"], name, owner_id)
    if _written_at(row, notes) < restored.start:
        was = since[0].old_value if since else state_of(row)
        label.state, label.new_name = was["state"], was["new_name"]
    return label


def _words(row: Row, notes: Sequence[RecordChange], pet: _Pet) -> Iterator[Word]:
    """What the web shop has said of the prescription, oldest first."""
    first, *rest = notes if _is_written_noted(notes) else [_written_before(row, pet), *notes]
    yield _word(row, pet, first.changed_at, first.new_value, first.seen_to or 0, is_new=True)
    now = RecordChange(sys.maxsize, "state", state_of(row), _UNWRITTEN, None, None, _END)
    for last, note in pairwise([first, *rest, now]):
        said, was = note.old_value, last.new_value
        if said != was:  # between the two, before there were notes
            word = _word(row, pet, last.changed_at + timedelta.resolution, said, last.change_id)
            # What is held asks for the name that its pet has by then.
            yield word if was["new_name"] is None else replace(word, name=was["new_name"])
        if note.seen_to is not None:
            yield _word(row, pet, note.changed_at, note.new_value, note.seen_to)


def _written_before(row: Row, pet: _Pet) -> RecordChange:
    """The note that would be there, had it been written since there are notes."""
    at = row["created_at"]
    seen_to = max((c.change_id for c in pet.changes if c.changed_at <= at), default=0)
    return RecordChange(seen_to, "state", _UNWRITTEN, _ACTIVE, None, seen_to, at)


def _word(
    row: Row, pet: _Pet, at: datetime, said: Value, seen_to: int, *, is_new: bool = False
) -> Word:
    """`seen_to`: the newest change of the pet that who said it could see."""
    names, name = _past_and_then(pet.names, "name", seen_to, pet.row)
    owners, owner_id = _past_and_then(pet.owners, "client_id", seen_to, pet.row)
    got_its_first = not is_new and any(
        c.change_id <= seen_to and c.changed_at > row["created_at"]
        for c in pet.names
        if c.old_value["name"] is None and c.new_value["name"] is not None
    )
    is_past = got_its_first or any(is_same_name(row["label_name"], one) for one in names)
    return Word(
        at,
        said["state"],
        said["new_name"],
        name,
        owner_id,
        past_name=is_past and name is not None and not is_same_name(row["label_name"], name),
        past_owner=row["client_id"] in owners and row["client_id"] != owner_id,
    )


def _past_and_then(
    changes: Sequence[RecordChange], key: str, seen_to: int, row: Row
) -> tuple[list[Any], Any]:
    """The values that the pet had had by then, and the one that it had. `row`: the pet by now."""
    past = [c.old_value[key] for c in changes if c.change_id <= seen_to]
    later = (c.old_value[key] for c in changes if c.change_id > seen_to)
    return past, next(later, row[key])


def _is_written_noted(notes: Sequence[RecordChange]) -> bool:
    return bool(notes) and notes[0].old_value == _UNWRITTEN


def _written_at(row: Row, notes: Sequence[RecordChange]) -> datetime:
    at: datetime = notes[0].changed_at if _is_written_noted(notes) else row["created_at"]
    return at

"""What happened to a ScriptRight record since a moment: the events that replay.py plays again.

Read from where each is kept for its own sake: changes, suggestions with their answers, links, and
what PIMS records that share the record have told (`shared_change`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Connection, text

from vet_pipeline.policy import Field, Record
from vet_pipeline.scriptright.load.told_before import ASKED_BEFORE, MISSING_BESIDE
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.apart import pims_side
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.merge import OwnBefore
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.replay import (
    Decided,
    Event,
    Life,
    Linked,
    Saved,
    TakenBack,
    Told,
)
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.suggestions import ALL_OF, SuggestionRow, question_of
from vet_pipeline.scriptright.records.values import Value, canonical, same
from vet_pipeline.scriptright.records.writes import KEY, Row, held


@dataclass(frozen=True, slots=True)
class Stint:
    """A link that was undone: from when to when the PIMS record fed the ScriptRight record."""

    pims_id: str
    linked_at: datetime
    undone_at: datetime


class OtherLink(NamedTuple):
    """A PIMS record that feeds the ScriptRight record by now."""

    pims_id: str
    shadow: Shadow | None  # None: the record was created from it
    linked_at: datetime
    load_id: int


class RecordChange(NamedTuple):
    """A row of `record_change`."""

    change_id: int
    field: str
    old_value: Value
    new_value: Value
    via_pims_id: str | None
    seen_to: int | None  # of a word of the web shop: the pet's newest change that it could see
    changed_at: datetime
    is_taken_back: bool = False


class SharedChange(NamedTuple):
    """A row of `shared_change`: what a PIMS record has told of a field, and what came of it."""

    pims_id: str
    record_id: int
    field: str
    old_value: Value
    new_value: Value
    action: str
    reason: str
    load_id: int
    told_at: datetime
    known_on: date | None
    unseen_from: date | None


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened to a record since a moment, field by field, oldest first."""

    start: datetime
    gone: frozenset[str]  # PIMS ids whose links are undone
    others: tuple[OtherLink, ...]
    changes: Mapping[str, Sequence[RecordChange]]
    told: Mapping[str, Sequence[SharedChange]]  # of the others alone
    asked: Mapping[str, Sequence[SuggestionRow]]  # of the others, in any state
    says_now: Mapping[str, Value]  # by PIMS id, where what the others say bears on a verdict


def read_past(connection: Connection, practice_id: str, gone: Pair) -> Past:
    """Everything since the link that is gone was made, or an undone one that overlapped with it."""
    record, via, record_id = gone
    where = {"practice_id": practice_id, "record": record, "record_id": record_id}
    links = map(OtherLink._make, connection.execute(_OTHERS[record], where))
    others = {link.pims_id: link for link in links}
    changes = changes_of(connection, practice_id, record, record_id)
    stints = stints_of(record, record_id, changes["link"])
    start = _start(stints, via)
    told: dict[str, list[SharedChange]] = defaultdict(list)
    for line in map(SharedChange._make, connection.execute(_TOLD, where | {"start": start})):
        if line.pims_id in others and line.told_at >= others[line.pims_id].linked_at:
            told[line.field].append(line)
    asked: dict[str, list[SuggestionRow]] = defaultdict(list)
    for row in connection.execute(ALL_OF, where).mappings():
        link = others.get(row["pims_id"])
        if link and (row["decided_at"] is None or row["decided_at"] >= link.linked_at):
            asked[row["field"]].append(dict(row))
    says_now: Mapping[str, Value] = {}
    if told or any(MISSING_BESIDE in (o.shadow or ()) for o in others.values()):
        says_now = pims_values(connection, practice_id, record, others)
    return Past(
        start,
        frozenset(stint.pims_id for stint in stints) - others.keys(),
        tuple(others.values()),
        {name: [r for r in rows if r.changed_at >= start] for name, rows in changes.items()},
        told,
        asked,
        says_now,
    )


def changes_of(
    connection: Connection, practice_id: str, record: str, record_id: int
) -> Mapping[str, Sequence[RecordChange]]:
    """All changes of one record, by field, oldest first; a field may be absent."""
    where = {"practice_id": practice_id, "record": record, "record_id": record_id}
    found: dict[str, list[RecordChange]] = defaultdict(list)
    for change in map(RecordChange._make, connection.execute(_CHANGES, where)):
        found[change.field].append(change)
    return found


def begin(field: Field, row: Row, past: Past) -> Life:
    """The field just before the first of the links that are gone. `row`: the record by now."""
    changes = past.changes.get(field.name, ())
    value = changes[0].old_value if changes else held(field, row)
    life = Life(field, row[KEY[field.record]], value)
    for link in past.others:
        if link.linked_at < past.start:
            said = _first_said(field, past, link)
            if said is not None:
                life.says[link.pims_id] = said
            elif link.pims_id in past.says_now:
                life.says[link.pims_id] = canonical(field, past.says_now[link.pims_id])
    linked_at = {link.pims_id: link.linked_at for link in past.others}
    put_off = {
        (i, o.linked_at) for o in past.others for i in (o.shadow or {}).get(MISSING_BESIDE, ())
    }
    for asked in past.asked.get(field.name, ()):
        pims_id, closed_at = asked["pims_id"], asked["decided_at"]
        was_open = asked["opened_at"] < past.start and (
            closed_at is None or closed_at >= past.start
        )
        if was_open and linked_at[pims_id] < past.start:
            life.questions.setdefault(pims_id, question_of(asked))
        if (pims_id, closed_at) in put_off and closed_at < past.start:
            life.put_off[pims_id] = question_of(asked)
    return life


def events(field: Field, row: Row, past: Past) -> Iterator[Event]:
    """What happened to the field since then, but for what came through links that are gone."""
    yield from _saved_unnoted(field, row, past)
    changes = past.changes.get(field.name, ())
    for change in changes:
        via = change.via_pims_id
        if change.is_taken_back and via is not None and via not in past.gone:
            at, value = change.changed_at, change.new_value
            brought = (c for c in changes if c.via_pims_id == via and c.changed_at < at)
            since = (c.changed_at for c in brought if same(field, c.old_value, value))
            yield TakenBack(at, via, max(since, default=None), value)
        if via is None or (field.name == "owner" and via not in past.gone):
            yield Saved(change.changed_at, change.new_value)
    if field.name == "owner":
        return  # linked pets have linked owners: no merge, no rival
    for link in past.others:
        if link.shadow is not None and link.linked_at >= past.start:
            # One that was joined may have had other values on a record of its own.
            says = link.shadow["values"] | pims_side(link.shadow)
            said = _first_said(field, past, link) or canonical(field, says)
            missing = link.shadow.get(MISSING_BESIDE, {})
            asked = link.shadow.get(ASKED_BEFORE, {}).get(field.name)
            own = OwnBefore(canonical(field, asked["held"]), asked["open"]) if asked else None
            yield Linked(link.linked_at, link.pims_id, said, link.load_id, missing, own)
    yield from _told(field, past)
    for asked in past.asked.get(field.name, ()):
        if asked["state"] in ("confirmed", "rejected") and asked["decided_at"] >= past.start:
            confirmed, new = asked["state"] == "confirmed", canonical(field, asked["new_value"])
            yield Decided(asked["decided_at"], asked["pims_id"], new, confirmed, asked["load_id"])


def _saved_unnoted(field: Field, row: Row, past: Past) -> Iterator[Saved]:
    """Values that no change tells of: what writes to the table without a note is the web shop.

    One was there when the next change came, or is there now; when it came nobody knows.
    """
    noted = past.changes.get(field.name, ())
    if not noted or field.name == "owner":
        return
    for change, after in pairwise(noted):
        if not same(field, change.new_value, after.old_value):
            at = after.changed_at - timedelta.resolution
            yield Saved(at, canonical(field, after.old_value))
    if not same(field, noted[-1].new_value, row):
        yield Saved(_NOW, held(field, row))


def _told(field: Field, past: Past) -> Iterator[Told]:
    for load_id, lines in groupby(past.told.get(field.name, ()), attrgetter("load_id")):
        told = list(lines)
        changed = tuple(
            Change(
                field,
                line.pims_id,
                line.record_id,
                line.old_value,
                line.new_value,
                line.action,
                line.reason,
                _day(line.unseen_from),
            )
            for line in told
        )
        yield Told(told[0].told_at, load_id, _day(told[0].known_on) or "", changed)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _first_said(field: Field, past: Past, link: OtherLink) -> Value | None:
    """What the PIMS record said of the field before its first change then; None: no change."""
    told = (t.old_value for t in past.told.get(field.name, ()) if t.pims_id == link.pims_id)
    return next(told, None)


def stints_of(record: Record, record_id: int, unlinked: Sequence[RecordChange]) -> list[Stint]:
    """The links to this record that are undone, from the notes that undoing left."""
    return [
        Stint(
            change.via_pims_id or "",
            datetime.fromisoformat(change.old_value["linked_at"]),
            change.changed_at,
        )
        for change in unlinked
        if change.old_value[KEY[record]] == record_id
    ]


def _start(stints: Sequence[Stint], via: str) -> datetime:
    """When to begin: as `via` was linked, or at an undone link whose time overlaps with its."""
    start = max(stint.linked_at for stint in stints if stint.pims_id == via)
    for stint in sorted(stints, key=lambda stint: stint.undone_at, reverse=True):
        if stint.undone_at > start:  # its time and this one's overlap
            start = min(start, stint.linked_at)
    return start


_NOW = datetime.max.replace(tzinfo=UTC)  # after all that is noted
_OTHERS = of_each("""
    SELECT pims_id, standalone, linked_at, load_id FROM scriptright.{record}_link
    WHERE practice_id = :practice_id AND record_id = :record_id ORDER BY linked_at, pims_id
""")
_CHANGES = text("""
    SELECT change_id, field, old_value, new_value, via_pims_id, seen_to, changed_at,
        cause = 'taken_back' AS is_taken_back
    FROM scriptright.record_change
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id ORDER BY change_id
""")
_TOLD = text("""
    SELECT pims_id, record_id, field, old_value, new_value, action, reason, load_id, told_at, known_on,
        unseen_from
    FROM scriptright.shared_change
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id AND told_at >= :start
    ORDER BY told_at, change_id
""")

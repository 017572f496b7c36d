"""Taking back what came through one PIMS record: what ScriptRight's would hold without it.

The record's life since that link is played again without it (replay.py): what was saved in the web
shop, what the PIMS records that still feed it have said, and what persons have decided on that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from vet_pipeline.policy import Field, fields_of
from vet_pipeline.scriptright.decisions.past import Past, SharedChange, begin, events, read_past
from vet_pipeline.scriptright.records.another import BY_ITSELF, unlike
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.replay import Life, replay
from vet_pipeline.scriptright.records.suggestions import (
    ANOTHER_RECORD,
    SuggestionRow,
    close,
    open_ones,
    open_suggestion,
    question_of,
    refresh_suggestions,
)
from vet_pipeline.scriptright.records.values import Value
from vet_pipeline.scriptright.records.writes import (
    Cause,
    Row,
    held,
    read_record,
    record_change,
    write_field,
)


@dataclass(frozen=True, slots=True)
class Restored:
    """`fields`: whose value changed. `lives`: of each field, without the link, since `start`."""

    fields: tuple[str, ...]
    lives: Mapping[str, Life]
    start: datetime


def restore_record(
    connection: Connection,
    practice_id: str,
    gone: Pair,
    actor: str,
) -> Restored:
    """Bring the record's values and suggestions to what they would be had the link never been.

    `gone`: the link, which leads elsewhere already.
    """
    record, via, record_id = gone
    row = read_record(connection, practice_id, record, record_id, keep="meaning")
    past = read_past(connection, practice_id, gone)
    restored: list[str] = []
    lives: dict[str, Life] = {}
    for field in fields_of(record):
        past = asked_as_another(field, past, lives, row)
        life = lives[field.name] = replay(begin(field, row, past), events(field, row, past))
        cause = _cause(life, via, actor)
        if held(field, row) != life.value:
            row = write_field(connection, practice_id, field, row, life.value, cause)
            restored.append(field.name)
        elif life.source is not None and _came_through(past, field) in past.gone:
            same = life.value  # by both: from here on it is the other's
            record_change(connection, practice_id, record, record_id, field.name, same, same, cause)
        if field.name != "owner":
            _ask(connection, practice_id, life)
        refresh_suggestions(connection, practice_id, record, record_id, field.name)
    return Restored(tuple(restored), lives, past.start)


def _ask(connection: Connection, practice_id: str, life: Life) -> None:
    """Close the questions that there would not be, open those that there would."""
    field = life.field
    there = {
        row["pims_id"]: row
        for row in open_ones(
            connection, practice_id, field.record, life.record_id, field=field.name
        )
    }
    for pims_id in sorted(there.keys() | life.questions.keys()):
        row, wanted = there.get(pims_id), life.questions.get(pims_id)
        if row and wanted and _is_asked(row, wanted):
            continue  # what it shows of the record is refreshed by the caller
        if row:
            close(connection, practice_id, row["suggestion_id"], "superseded")
        if wanted:
            open_suggestion(connection, practice_id, wanted)


def _is_asked(row: SuggestionRow, wanted: Question) -> bool:
    there = question_of(row)
    return (there.new, there.reason) == (wanted.new, wanted.reason)


def _cause(life: Life, via: str, actor: str) -> Cause:
    if life.source is None:
        return Cause("unmerge", actor=actor, via_pims_id=via)
    pims_id, load_id = life.source
    return Cause("merge_fill", actor=actor, load_id=load_id, via_pims_id=pims_id)


def _came_through(past: Past, field: Field) -> str | None:
    changes = past.changes.get(field.name)
    return None if not changes else changes[-1].via_pims_id


def asked_as_another(field: Field, past: Past, lives: Mapping[str, Life], row: Row) -> Past:
    """The past, with the changes of the field that a load would have asked about as questions.

    A load asks about those of a row that says another client or animal (handed_on.py). What a link
    had filled in may have made the two look like one: without it they don't. `lives`: the fields
    before it, without the links that are gone; `row`: the record with their values.
    """
    told = [
        line._replace(action="suggest", reason=ANOTHER_RECORD)
        if line.action == "apply" and _is_anothers(field, line, past, lives, row)
        else line
        for line in past.told.get(field.name, ())
    ]
    return replace(past, told={**past.told, field.name: told})


def _is_anothers(
    field: Field, line: SharedChange, past: Past, lives: Mapping[str, Life], row: Row
) -> bool:
    pims_id, at = line.pims_id, line.told_at
    if pims_id not in past.says_now:
        return False
    here = dict(row)
    for life in lives.values():
        here |= _value_at(life, at)
    now, first = _said(past, pims_id, at), _said(past, pims_id, past.start)
    # Whether it lives again is its death's to say: what the record held of that isn't known yet.
    was = line.old_value if field.name == "deceased" else {"deceased": False}
    apart = min(unlike(field.record, side | was, now) for side in (here, first))
    return apart >= BY_ITSELF[field.record]


def _value_at(life: Life, at: datetime) -> Value:
    return [life.first, *(turn.value for turn in life.turns if turn.at <= at)][-1]


def _said(past: Past, pims_id: str, at: datetime) -> Value:
    """What the PIMS record said once it had told what it told by then."""
    said = dict(past.says_now[pims_id])
    for lines in past.told.values():
        later = (t.old_value for t in lines if t.pims_id == pims_id and t.told_at > at)
        said |= next(later, {})
    return said

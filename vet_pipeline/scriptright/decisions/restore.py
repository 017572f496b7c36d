"""Taking back what came through one PIMS record: what ScriptRight's would hold without it.

The record's life since that link is played again without it (replay.py): what was saved in the web
shop, what the PIMS records that still feed it have said, and what persons have decided on that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vet_pipeline.policy import Field, fields_of
from vet_pipeline.scriptright.decisions.judged_again import asked_as_another
from vet_pipeline.scriptright.decisions.past import Past, begin, events, read_past
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.replay import Life, replay
from vet_pipeline.scriptright.records.suggestions import (
    SuggestionRow,
    close,
    open_ones,
    open_suggestion,
    question_of,
    refresh_suggestions,
)
from vet_pipeline.scriptright.records.writes import (
    Cause,
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
    conn: Connection,
    practice_id: str,
    gone: Pair,
    actor: str,
) -> Restored:
    """Bring the record's values and suggestions to what they would be had the link never been.

    `gone`: the link, which leads elsewhere already.
    """
    record, via, record_id = gone
    row = read_record(conn, practice_id, record, record_id, keep="meaning")
    past = read_past(conn, practice_id, gone)
    restored: list[str] = []
    lives: dict[str, Life] = {}
    for field in fields_of(record):
        past = asked_as_another(field, past, lives, row)
        life = lives[field.name] = replay(begin(field, row, past), events(field, row, past))
        cause = _cause(life, via, actor)
        if held(field, row) != life.value:
            row = write_field(conn, practice_id, field, row, life.value, cause)
            restored.append(field.name)
        elif life.source is not None and _came_through(past, field) in past.gone:
            same = life.value  # by both: from here on it is the other's
            record_change(conn, practice_id, record, record_id, field.name, same, same, cause)
        if field.name != "owner":
            _ask(conn, practice_id, life)
        refresh_suggestions(conn, practice_id, record, record_id, field.name)
    return Restored(tuple(restored), lives, past.start)


def _ask(conn: Connection, practice_id: str, life: Life) -> None:
    """Close the questions that there would not be, open those that there would."""
    field = life.field
    there = {
        row["pims_id"]: row
        for row in open_ones(conn, practice_id, field.record, life.record_id, field=field.name)
    }
    for pims_id in sorted(there.keys() | life.questions.keys()):
        row, wanted = there.get(pims_id), life.questions.get(pims_id)
        if row and wanted and _is_asked(row, wanted):
            continue  # what it shows of the record is refreshed by the caller
        if row:
            close(conn, practice_id, row["suggestion_id"], "superseded")
        if wanted:
            open_suggestion(conn, practice_id, wanted)


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

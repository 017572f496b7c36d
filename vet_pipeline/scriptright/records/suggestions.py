"""Suggestions as rows: reading, opening and closing them. What confirming does is in review.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import FIELD, Field, Record
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.values import Value, canonical, unchanged
from vet_pipeline.scriptright.records.writes import held, read_record, records_fed

SuggestionRow = dict[str, Any]
# A record's suggestions in any state, oldest first.
ALL_OF = text("""
    SELECT * FROM scriptright.suggestion
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id ORDER BY suggestion_id
""")
ANOTHER_RECORD = "another_record"  # the reason of what is asked because a key was handed on


def field_of(row: Mapping[str, Any]) -> Field:
    """The policy field that a suggestion, a change or a key of a shadow names."""
    return FIELD[row["record"], row["field"]]


def question_of(row: SuggestionRow) -> Question:
    """What the suggestion asks, whatever its state."""
    field = field_of(row)
    return Question(
        field,
        row["record_id"],
        row["pims_id"],
        canonical(field, row["old_value"]),
        canonical(field, row["new_value"]),
        row["reason"],
        row["load_id"],
        row["opened_at"],
    )


def open_suggestion(connection: Connection, practice_id: str, question: Question) -> None:
    """Ask it, whatever else is open."""
    connection.execute(
        _OPEN,
        {
            "practice_id": practice_id,
            "record": question.field.record,
            "record_id": question.record_id,
            "pims_id": question.pims_id,
            "field": question.field.name,
            "reason": question.reason,
            "old": json.dumps(question.old),
            "new": json.dumps(question.new),
            "load_id": question.load_id,
            "opened_at": question.since,
        },
    )


def open_ones(
    connection: Connection,
    practice_id: str,
    record: Record,
    record_id: int,
    *,
    field: str | None = None,
    pims_id: str | None = None,
) -> list[SuggestionRow]:
    """The open suggestions on a record, oldest first."""
    rows = connection.execute(
        _OPEN_ONES,
        {
            "practice_id": practice_id,
            "record": record,
            "record_id": record_id,
            "field": field,
            "pims_id": pims_id,
        },
    ).mappings()
    return [dict(row) for row in rows]


def close(
    connection: Connection, practice_id: str, suggestion_id: int, state: str, by: str | None = None
) -> None:
    """Set an open suggestion to confirmed or rejected (by a person) or superseded (by nobody)."""
    connection.execute(
        _CLOSE, {"practice_id": practice_id, "id": suggestion_id, "state": state, "by": by}
    )


def was_rejected(
    connection: Connection, practice_id: str, field: Field, pims_id: str, new: Value
) -> bool:
    """Whether a person's last word on this field of this PIMS record was no to this very value.

    And the PIMS hasn't said another since, as far as that is kept (of owners each).
    """
    last = (
        connection.execute(
            _LAST_WORD,
            {
                "practice_id": practice_id,
                "record": field.record,
                "field": field.name,
                "pims_id": pims_id,
            },
        )
        .mappings()
        .one_or_none()
    )
    if last is None or last["state"] != "rejected":
        return False
    return canonical(field, last["new_value"]) == canonical(field, new)


def refresh_suggestions(
    connection: Connection, practice_id: str, record: Record, record_id: int, field_name: str
) -> None:
    """Bring a field's open suggestions in line after somebody else changed its value.

    Where the record already holds the suggested value the question is settled: superseded. Else a
    new suggestion that shows the present value takes the place of the stale one.
    """
    field = FIELD[record, field_name]
    current = held(field, read_record(connection, practice_id, record, record_id))
    for row in open_ones(connection, practice_id, record, record_id, field=field_name):
        asked = question_of(row)
        if not holds(current, asked.old) or settled(
            connection, practice_id, field, current, asked.new
        ):
            _put_anew(connection, practice_id, row, current)


def refresh_owner_questions(connection: Connection, practice_id: str, owner_key: str) -> None:
    """The same for questions whether a pet is this PIMS client's, who feeds another by now."""
    asked = (
        connection.execute(_OF_OWNER, {"practice_id": practice_id, "owner": owner_key})
        .scalars()
        .all()
    )
    for pet_id in asked:
        refresh_suggestions(connection, practice_id, "pet", pet_id, "owner")


def ask_anew(connection: Connection, practice_id: str, suggestion_id: int) -> None:
    """Put an open suggestion under a new number: the old one was seen with another meaning."""
    row = dict(
        connection.execute(_GET, {"practice_id": practice_id, "id": suggestion_id}).mappings().one()
    )
    field = field_of(row)
    current = held(field, read_record(connection, practice_id, field.record, row["record_id"]))
    _put_anew(connection, practice_id, row, current)


def _put_anew(connection: Connection, practice_id: str, row: SuggestionRow, current: Value) -> None:
    """Close the suggestion; if that doesn't settle it, open one that shows the present value."""
    asked = question_of(row)
    close(connection, practice_id, row["suggestion_id"], "superseded")
    if not settled(connection, practice_id, asked.field, current, asked.new):
        open_suggestion(connection, practice_id, replace(asked, old=asked.old | current))


def holds(current: Value, old: Value) -> bool:
    """Whether a record still holds what the suggestion says it held (an owner: by client)."""
    return all(old.get(column) == value for column, value in current.items())


def settled(
    connection: Connection, practice_id: str, field: Field, current: Value, new: Value
) -> bool:
    """Whether the record already holds the suggested value."""
    if field.name == "owner":
        return bool(current["client_id"] == owner_of(connection, practice_id, new))
    return unchanged(field, current, new)


def owner_of(connection: Connection, practice_id: str, new: Mapping[str, Any]) -> int | None:
    """The client that an owner suggestion leads to; None while ScriptRight doesn't know it."""
    key = new.get("pims_client_id")
    return records_fed(connection, practice_id, "client", [key]).get(key) if key else None


_OPEN = text("""
    INSERT INTO scriptright.suggestion (practice_id, record, record_id, pims_id, field, reason,
        old_value, new_value, load_id, opened_at)
    VALUES (:practice_id, :record, :record_id, :pims_id, :field, :reason, CAST(:old AS jsonb),
        CAST(:new AS jsonb), :load_id, coalesce(CAST(:opened_at AS timestamptz), scriptright.moment()))
""")
_GET = text(
    "SELECT * FROM scriptright.suggestion WHERE practice_id = :practice_id AND suggestion_id = :id"
)
_OPEN_ONES = text("""
    SELECT * FROM scriptright.suggestion
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id AND state = 'open'
      AND field = coalesce(CAST(:field AS text), field)
      AND pims_id = coalesce(CAST(:pims_id AS text), pims_id)
    ORDER BY suggestion_id
""")
_OF_OWNER = text("""
    SELECT DISTINCT record_id FROM scriptright.suggestion
    WHERE practice_id = :practice_id AND record = 'pet' AND field = 'owner' AND state = 'open'
      AND new_value ->> 'pims_client_id' = :owner
    ORDER BY record_id
""")
_CLOSE = text("""
    UPDATE scriptright.suggestion
    SET state = :state, decided_by = CAST(:by AS text), decided_at = scriptright.moment()
    WHERE practice_id = :practice_id AND suggestion_id = :id AND state = 'open'
""")
_LAST_WORD = text("""
    SELECT CASE WHEN EXISTS (
            SELECT FROM scriptright.shared_change t
            WHERE t.practice_id = :practice_id AND t.record = :record AND t.record_id = s.record_id
              AND t.field = :field AND t.pims_id = :pims_id AND t.told_at > s.decided_at)
        THEN 'past' ELSE state END AS state, new_value
    FROM scriptright.suggestion s
    WHERE practice_id = :practice_id AND record = :record AND field = :field AND pims_id = :pims_id
      AND state IN ('confirmed', 'rejected')
    ORDER BY decided_at DESC, suggestion_id DESC LIMIT 1
""")

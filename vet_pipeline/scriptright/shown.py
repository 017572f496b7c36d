"""Suggestions as persons see them: both values, why, since when, and a fingerprint of it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.policy import LaterChange, Record
from vet_pipeline.scriptright.database import translate_errors
from vet_pipeline.scriptright.suggestions import SuggestionRow, field_of, holds, owner_of
from vet_pipeline.scriptright.values import Value, canonical, digest
from vet_pipeline.scriptright.writes import KEY, Row, held, read_records


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that waits for a person, or one that has been decided."""

    suggestion_id: int
    record: Record
    record_id: int
    pims_id: str
    field: str
    label: str  # the field in words
    reason: str  # changed, became_blank, differs_at_merge, older_weighing, ...
    old: Value  # what ScriptRight held when it was opened
    new: Value  # exactly what confirming writes; a new owner also as ScriptRight's client_id
    current: Value  # what ScriptRight holds now
    since: datetime  # UTC
    load_id: int
    state: str  # open | confirmed | rejected | superseded
    decided_by: str | None
    decided_at: datetime | None
    version: int  # of the record
    needs_attestation: bool  # confirming needs the statement that it is the same animal
    shown: str  # fingerprint of all that was shown: hand it back with the decision

    @property
    def is_stale(self) -> bool:
        """Somebody changed the value since: confirming is refused, and asks again."""
        return self.state == "open" and not holds(self.current, self.old)


def list_suggestions(
    conn: Connection,
    practice_id: str,
    *,
    state: str | None = "open",
    record: Record | None = None,
    record_id: int | None = None,
    field: str | None = None,
    limit: int = 100,
    after: int = 0,
) -> list[Suggestion]:
    """Suggestions oldest first; the next page starts `after` the last id of this one."""
    filters = {"state": state, "record": record, "record_id": record_id, "field": field}
    with translate_errors(practice_id):
        rows = conn.execute(
            _LIST, {"p": practice_id, "after": after, "limit": limit, **filters}
        ).mappings()
        return _shown(conn, practice_id, [dict(row) for row in rows])


def get_suggestion(conn: Connection, practice_id: str, suggestion_id: int) -> Suggestion:
    """One suggestion; raises UnknownItem."""
    with translate_errors(practice_id):
        rows = conn.execute(_GET, {"p": practice_id, "id": suggestion_id}).mappings().all()
        if not rows:
            raise UnknownItem(
                f"no suggestion {suggestion_id}",
                next_step="see `vet-pipeline review list`",
                practice_id=practice_id,
            )
        return _shown(conn, practice_id, [dict(rows[0])])[0]


def _shown(conn: Connection, practice_id: str, rows: Iterable[SuggestionRow]) -> list[Suggestion]:
    rows = list(rows)
    records: dict[tuple[str, int], Row] = {}
    for record in KEY:
        ids = {row["record_id"] for row in rows if row["record"] == record}
        found = read_records(conn, practice_id, _record(record), ids)
        records |= {(record, i): row for i, row in found.items()}
    return [_view(conn, practice_id, r, records[r["record"], r["record_id"]]) for r in rows]


def _view(conn: Connection, practice_id: str, row: SuggestionRow, record: Row) -> Suggestion:
    field = field_of(row)
    old, new = canonical(field, row["old_value"]), canonical(field, row["new_value"])
    current = held(field, record)
    if field.name == "owner":
        new = new | {"client_id": owner_of(conn, practice_id, new)}
    attested = field.later is LaterChange.ATTESTED
    # Who attests to a rename has seen which animal it is.
    identity = [str(record[c]) for c in ("client_id", "species", "breed", "birth_date") if attested]
    return Suggestion(
        suggestion_id=row["suggestion_id"],
        record=row["record"],
        record_id=row["record_id"],
        pims_id=row["pims_id"],
        field=field.name,
        label=field.label,
        reason=row["reason"],
        old=old,
        new=new,
        current=current,
        since=row["opened_at"],
        load_id=row["load_id"],
        state=row["state"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        version=record["version"],
        needs_attestation=attested,
        shown=digest(row["suggestion_id"], row["record_id"], old, new, current, identity),
    )


def _record(name: str) -> Record:
    return "client" if name == "client" else "pet"


_GET = text("SELECT * FROM scriptright.suggestion WHERE practice_id = :p AND suggestion_id = :id")
_LIST = text("""
    SELECT * FROM scriptright.suggestion
    WHERE practice_id = :p AND suggestion_id > :after
      AND state = coalesce(CAST(:state AS text), state)
      AND record = coalesce(CAST(:record AS text), record)
      AND record_id = coalesce(CAST(:record_id AS bigint), record_id)
      AND field = coalesce(CAST(:field AS text), field)
    ORDER BY suggestion_id LIMIT :limit
""")

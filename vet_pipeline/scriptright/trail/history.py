"""All that happened to a client or pet, in order: what, from what to what, when, why, by whom.

With what it holds, and the text of the PIMS that feeds it. Put together from the links, the
questions about them, changes, suggestions, possible matches, attestations and the ledger; nothing
is stored here. The values are for the eyes of people who may see the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import RECORDS, Record, fields_of
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.baseline import KEPT_COLUMNS
from vet_pipeline.scriptright.records.suggestions import ALL_OF
from vet_pipeline.scriptright.records.writes import held, read_record, read_records
from vet_pipeline.scriptright.trail.acts import require_practice
from vet_pipeline.scriptright.trail.history_events import ORDER, Event, History, numbered, rows
from vet_pipeline.scriptright.trail.history_links import (
    candidate_events,
    link_events,
    link_that_was,
    question_events,
)

__all__ = ["Event", "History", "history_of"]


def history_of(connection: Connection, practice_id: str, record: Record, record_id: int) -> History:
    """What happened to a client, or to a pet and its prescriptions.

    Of one that was joined with another: what is known of it still. Raises UnknownPractice or
    UnknownItem.
    """
    require_practice(connection, practice_id)
    row = read_records(connection, practice_id, record, [record_id]).get(record_id)
    key = {"practice_id": practice_id, "record": record, "record_id": record_id}
    loads = connection.execute(_LOADS, key).all()
    snapshots = {load.load_id: load.snapshot_seq for load in loads}
    events: list[Event] = []
    if row is not None:
        events += [_created(row, record, record_id)]
        events += link_events(connection, record, key, row["created_at"])
    elif not connection.execute(_JOINED, key).scalar():
        read_record(connection, practice_id, record, record_id)  # there is none: raises
    events += _changes(connection, record, key)
    events += _suggestions(connection, key, {load.recorded_at: load.load_id for load in loads})
    events += candidate_events(connection, key)
    events += question_events(connection, key)
    if record == "pet":
        events += _attestations(connection, key)
    holds = {f.name: held(f, row) for f in fields_of(record)} if row is not None else {}
    pims = tuple(map(dict, rows(connection, _PIMS[record], key)))
    pets = tuple(connection.execute(_PETS, key).scalars()) if record == "client" else ()
    # Within one transaction everything has one time: cause before effect then.
    events.sort(key=lambda e: (e.at, ORDER.index(e.kind)))
    return History(
        record,
        record_id,
        tuple(_with_snapshot(event, snapshots) for event in events),
        holds,
        pims,
        pets,
    )


def _created(row: Mapping[str, Any], record: Record, record_id: int) -> Event:
    return Event(
        row["created_at"],
        "created",
        record,
        record_id,
        load_id=row["created_load_id"],
        detail={"origin": row["origin"]},
    )


def _changes(connection: Connection, record: Record, key: Mapping[str, Any]) -> Iterator[Event]:
    for row in rows(connection, _PET_CHANGES if record == "pet" else _CHANGES, key):
        unlinked = row["field"] == "link"
        if unlinked and row["old_value"].get(f"{record}_id") == key["record_id"]:
            yield link_that_was(record, key["record_id"], row)
        yield Event(
            row["changed_at"],
            "joined" if row["cause"] == "joined" else "unlinked" if unlinked else "changed",
            row["record"],
            row["record_id"],
            by=row["actor"],
            load_id=row["load_id"],
            field=row["field"],
            old=row["old_value"],
            new=row["new_value"],
            pims_id=row["via_pims_id"],
            detail={"cause": row["cause"], "suggestion_id": row["suggestion_id"]},
        )


def _suggestions(
    connection: Connection, key: Mapping[str, Any], loads: Mapping[datetime, int]
) -> Iterator[Event]:
    """`loads`: by their time. A suggestion that a load has superseded has the load's own.

    What a person has taken back (a no, and that it was a slip) stands in the audit trail alone.
    """
    reopened: dict[int, list[Mapping[Any, Any]]] = defaultdict(list)
    for word in rows(connection, _REOPENED, key):
        reopened[word["suggestion_id"]].append(word)
    for row, at in numbered(rows(connection, ALL_OF, key), "field", "pims_id"):
        common = {
            "record": row["record"],
            "record_id": row["record_id"],
            "field": row["field"],
            "old": row["old_value"],
            "new": row["new_value"],
            "pims_id": row["pims_id"],
        }
        detail = {"suggestion_id": row["suggestion_id"], "reason": row["reason"]}
        yield Event(
            at,
            "suggestion_opened",
            load_id=row["load_id"],
            detail=detail,
            **common,
        )
        for word in reopened.get(row["suggestion_id"], ()):
            if (word["act"], word["at"]) != (f"suggestion_{row['state']}", row["decided_at"]):
                yield Event(word["at"], word["act"], by=word["actor"], detail=detail, **common)
        if row["state"] != "open":
            yield Event(
                row["decided_at"],
                f"suggestion_{row['state']}",
                by=row["decided_by"],
                load_id=None if row["decided_by"] else loads.get(row["decided_at"]),
                detail=detail,
                **common,
            )


def _attestations(connection: Connection, key: Mapping[str, Any]) -> Iterator[Event]:
    for row in rows(connection, _ATTESTATIONS, key):
        yield Event(
            row["attested_at"],
            "attested",
            "pet",
            row["pet_id"],
            by=row["attested_by"],
            load_id=row["load_id"],
            field="name",
            old={"name": row["old_name"]},
            new={"name": row["new_name"]},
            pims_id=row["pims_id"],
            detail={
                "statement": row["statement"],
                "species": row["species"],
                "breed": row["breed"],
                "birth_date": row["birth_date"].isoformat() if row["birth_date"] else None,
                "prescriptions": list(row["prescriptions"]),
            },
        )


def _with_snapshot(event: Event, snapshots: Mapping[int, int]) -> Event:
    if event.load_id is None:
        return event
    return replace(event, snapshot=snapshots.get(event.load_id))


_PIMS = of_each(
    """
    SELECT pims_id, missing_since, {columns} FROM scriptright.pims_{record}
    WHERE practice_id = :practice_id AND record_id = :record_id ORDER BY pims_id
    """,
    columns={record: ", ".join(KEPT_COLUMNS[record]) for record in RECORDS},
)
_PETS = text("""
    SELECT pet_id FROM scriptright.pet WHERE practice_id = :practice_id AND client_id = :record_id ORDER BY 1
""")
_LOADS = text("""
    SELECT load_id, snapshot_seq, recorded_at FROM scriptright.load WHERE practice_id = :practice_id
""")
_JOINED = text("""
    SELECT 1 FROM scriptright.record_change
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id AND cause = 'joined'
    LIMIT 1
""")
_CHANGES = text("""
    SELECT * FROM scriptright.record_change
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id ORDER BY change_id
""")
_PET_CHANGES = text("""
    SELECT c.* FROM scriptright.record_change c
    WHERE c.practice_id = :practice_id AND (
        (c.record = :record AND c.record_id = :record_id)
        OR (c.record = 'prescription' AND c.record_id IN (
            SELECT prescription_id FROM scriptright.prescription
            WHERE practice_id = :practice_id AND pet_id = :record_id)))
    ORDER BY c.change_id
""")
# Every no to what has been opened again, and each opening.
_REOPENED = text("""
    WITH word AS (
        SELECT n, at, actor, act, (detail ->> 'suggestion_id')::bigint AS suggestion_id
        FROM scriptright.audit
        WHERE practice_id = :practice_id AND act IN ('suggestion_rejected', 'suggestion_reopened')
          AND detail ->> 'record' = :record AND (detail ->> 'record_id')::bigint = :record_id)
    SELECT at, actor, act, suggestion_id FROM word
    WHERE suggestion_id IN (SELECT suggestion_id FROM word WHERE act = 'suggestion_reopened')
    ORDER BY n
""")
_ATTESTATIONS = text("""
    SELECT * FROM scriptright.rename_attestation
    WHERE practice_id = :practice_id AND pet_id = :record_id ORDER BY attestation_id
""")

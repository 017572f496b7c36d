"""Everything that happened to a client or a pet, in order: what, from what to what, when, why, by whom.

Put together from the links, changes, suggestions, possible matches, attestations and the ledger;
nothing is stored here. The values are for the eyes of people who may see the record.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, TextClause, text

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.acts import require_practice
from vet_pipeline.scriptright.database import translate_errors
from vet_pipeline.scriptright.writes import BASELINE, LINK, read_record


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `by` None means a load did it, and `snapshot` says which."""

    at: datetime  # UTC
    kind: str  # created, linked, unlinked, changed, suggestion_opened, ..., missing, attested, ...
    record: str  # client | pet | prescription
    record_id: int
    by: str | None = None
    load_id: int | None = None
    snapshot: int | None = None  # the number of the load's snapshot
    field: str | None = None
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    pims_id: str | None = None
    detail: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """A record's events, oldest first."""

    record: Record
    record_id: int
    events: tuple[Event, ...]


def client_history(conn: Connection, practice_id: str, client_id: int) -> History:
    """What happened to a client; raises UnknownPractice or UnknownItem."""
    return _history(conn, practice_id, "client", client_id)


def pet_history(conn: Connection, practice_id: str, pet_id: int) -> History:
    """What happened to a pet and its prescriptions; raises UnknownPractice or UnknownItem."""
    return _history(conn, practice_id, "pet", pet_id)


def _history(conn: Connection, practice_id: str, record: Record, record_id: int) -> History:
    with translate_errors(practice_id):
        require_practice(conn, practice_id)
        row = read_record(conn, practice_id, record, record_id)
        key = {"p": practice_id, "record": record, "record_id": record_id}
        snapshots = {r.load_id: r.snapshot_seq for r in conn.execute(_SNAPSHOTS, key)}
        events = [_created(row, record, record_id)]
        events += _links(conn, record, key)
        events += _changes(conn, record, key)
        events += _suggestions(conn, key)
        events += _candidates(conn, key)
        if record == "pet":
            events += _attestations(conn, key)
    # Within one transaction everything has one time: cause before effect then.
    events.sort(key=lambda e: (e.at, _ORDER.index(e.kind)))
    return History(
        record,
        record_id,
        tuple(_with_snapshot(event, snapshots) for event in events),
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


def _links(conn: Connection, record: Record, key: Mapping[str, Any]) -> Iterator[Event]:
    statement = text(
        "SELECT l.pims_id, l.method, l.decided_by, l.score, l.model_version, l.load_id, "  # noqa: S608
        f"l.linked_at, b.missing_since FROM {LINK[record]} l "
        f"JOIN {BASELINE[record]} b USING (practice_id, pims_id) "
        "WHERE l.practice_id = :p AND l.record_id = :record_id ORDER BY l.linked_at, l.pims_id"
    )
    for row in _rows(conn, statement, key):
        yield Event(
            row["linked_at"],
            "linked",
            record,
            key["record_id"],
            by=row["decided_by"],
            load_id=row["load_id"],
            pims_id=row["pims_id"],
            detail={k: row[k] for k in ("method", "score", "model_version")},
        )
        if row["missing_since"] is not None:
            yield Event(
                row["missing_since"],
                "missing",
                record,
                key["record_id"],
                pims_id=row["pims_id"],
            )


def _changes(conn: Connection, record: Record, key: Mapping[str, Any]) -> Iterator[Event]:
    for row in _rows(conn, _PET_CHANGES if record == "pet" else _CHANGES, key):
        unlinked = row["field"] == "link"
        if unlinked and row["old_value"].get(f"{record}_id") == key["record_id"]:
            yield _link_that_was(record, key["record_id"], row)
        yield Event(
            row["changed_at"],
            "unlinked" if unlinked else "changed",
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


def _link_that_was(record: Record, record_id: int, row: Mapping[str, Any]) -> Event:
    was = row["old_value"]
    return Event(
        datetime.fromisoformat(was["linked_at"]),
        "linked",
        record,
        record_id,
        by=was["decided_by"],
        load_id=was["load_id"],
        pims_id=row["via_pims_id"],
        detail={"method": was["method"], "score": was["score"], "undone": True},
    )


def _suggestions(conn: Connection, key: Mapping[str, Any]) -> Iterator[Event]:
    for row in _rows(conn, _SUGGESTIONS, key):
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
            row["opened_at"],
            "suggestion_opened",
            load_id=row["load_id"],
            detail=detail,
            **common,
        )
        if row["state"] != "open":
            yield Event(
                row["decided_at"],
                f"suggestion_{row['state']}",
                by=row["decided_by"],
                detail=detail,
                **common,
            )


def _candidates(conn: Connection, key: Mapping[str, Any]) -> Iterator[Event]:
    for row in _rows(conn, _CANDIDATES, key):
        detail = {"candidate_id": row["candidate_id"], "score": row["score"]}
        common = {"record": row["record"], "record_id": row["record_id"]}
        yield Event(
            row["recorded_at"],
            "possible_match",
            load_id=row["load_id"],
            pims_id=row["pims_id"],
            detail=detail,
            **common,
        )
        if row["state"] in ("confirmed", "rejected"):
            yield Event(
                row["decided_at"],
                f"match_{row['state']}",
                by=row["decided_by"],
                pims_id=row["pims_id"],
                detail=detail,
                **common,
            )


def _attestations(conn: Connection, key: Mapping[str, Any]) -> Iterator[Event]:
    for row in _rows(conn, _ATTESTATIONS, key):
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


def _rows(
    conn: Connection, statement: TextClause, key: Mapping[str, Any]
) -> list[Mapping[Any, Any]]:
    return list(conn.execute(statement, dict(key)).mappings())


def _with_snapshot(event: Event, snapshots: Mapping[int, int]) -> Event:
    if event.load_id is None:
        return event
    return replace(event, snapshot=snapshots.get(event.load_id))


_ORDER = (
    "created",
    "possible_match",
    "match_confirmed",
    "match_rejected",
    "linked",
    "unlinked",
    "suggestion_confirmed",
    "suggestion_rejected",
    "changed",
    "attested",
    "suggestion_superseded",
    "suggestion_opened",
    "missing",
)
_SNAPSHOTS = text("SELECT load_id, snapshot_seq FROM scriptright.load WHERE practice_id = :p")
_CHANGES = text("""
    SELECT * FROM scriptright.record_change
    WHERE practice_id = :p AND record = :record AND record_id = :record_id ORDER BY change_id
""")
_PET_CHANGES = text("""
    SELECT c.* FROM scriptright.record_change c
    WHERE c.practice_id = :p AND (
        (c.record = :record AND c.record_id = :record_id)
        OR (c.record = 'prescription' AND c.record_id IN (
            SELECT prescription_id FROM scriptright.prescription
            WHERE practice_id = :p AND pet_id = :record_id)))
    ORDER BY c.change_id
""")
_SUGGESTIONS = text("""
    SELECT * FROM scriptright.suggestion
    WHERE practice_id = :p AND record = :record AND record_id = :record_id ORDER BY suggestion_id
""")
_CANDIDATES = text("""
    SELECT c.*, load.recorded_at
    FROM scriptright.match_candidate c JOIN scriptright.load USING (practice_id, load_id)
    WHERE c.practice_id = :p AND c.record = :record AND c.record_id = :record_id
    ORDER BY c.candidate_id
""")
_ATTESTATIONS = text("""
    SELECT * FROM scriptright.rename_attestation
    WHERE practice_id = :p AND pet_id = :record_id ORDER BY attestation_id
""")

"""The web shop's part: clients, pets and prescriptions that it adds, and clients' own edits.

A load writes records in apply*.py, a decision in review.py and links.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from vet_pipeline.errors import UsageError
from vet_pipeline.policy import Field, LaterChange, Record, fields_of
from vet_pipeline.scriptright.load.link_reviews import look_again
from vet_pipeline.scriptright.postgres.database import lock_practice, translate_errors
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.consequences import mark_for_new_name
from vet_pipeline.scriptright.records.suggestions import refresh_suggestions
from vet_pipeline.scriptright.records.values import Value, canonical, same
from vet_pipeline.scriptright.records.writes import (
    KEY,
    Cause,
    Row,
    create_record,
    held,
    read_record,
    record_change,
    write_field,
)


def add_client(connection: Connection, practice_id: str, values: Mapping[str, object]) -> int:
    """A client of the web shop (origin home_delivery); returns the client_id.

    `values`: columns of the client's fields as text, lists and booleans; absent ones are blank.
    """
    return _add(connection, practice_id, "client", values)


def add_pet(
    connection: Connection, practice_id: str, client_id: int, values: Mapping[str, object]
) -> int:
    """A pet that the web shop's client has entered; returns the pet_id."""
    return _add(connection, practice_id, "pet", values, client_id)


def add_prescription(
    connection: Connection, practice_id: str, pet_id: int, *, label_name: str, drug: str
) -> int:
    """A prescription for the pet and its present owner; its label name never changes."""
    lock_practice(connection, practice_id)
    with translate_errors(practice_id):
        pet = read_record(connection, practice_id, "pet", pet_id)
        values = {
            "practice_id": practice_id,
            "client_id": pet["client_id"],
            "pet_id": pet_id,
            "label_name": label_name,
            "drug": drug,
        }
        return int(connection.execute(_PRESCRIBE, values).scalar_one())


def edit_client(
    connection: Connection,
    practice_id: str,
    client_id: int,
    values: Mapping[str, object],
    *,
    actor: str,
) -> int:
    """A client's own edit in the web shop; returns the record's new version.

    Only the named columns change; of a field that already holds them nothing changes. Where it
    holds them from the PIMS, the save is noted: the client has said so too, and undoing the link
    doesn't take it back. Open suggestions on a changed field are brought in line. One version
    up per changed field.
    """
    return _edit(connection, practice_id, "client", client_id, values, actor)


def edit_pet(
    connection: Connection,
    practice_id: str,
    pet_id: int,
    values: Mapping[str, object],
    *,
    actor: str,
) -> int:
    """A pet's edit in the web shop, as `edit_client`; the owner can't be changed there.

    A new name marks the pet's prescriptions as any rename does. It is the client's word and no
    statement of staff; a suggestion of the same name is answered by it.
    """
    return _edit(connection, practice_id, "pet", pet_id, values, actor)


def _add(
    connection: Connection,
    practice_id: str,
    record: Record,
    values: Mapping[str, object],
    client_id: int | None = None,
) -> int:
    lock_practice(connection, practice_id)
    _fields(practice_id, record, values)
    with translate_errors(practice_id):
        return create_record(
            connection, practice_id, record, values, load_id=None, client_id=client_id
        )


def _edit(
    connection: Connection,
    practice_id: str,
    record: Record,
    record_id: int,
    values: Mapping[str, object],
    actor: str,
) -> int:
    lock_practice(connection, practice_id)
    fields = _fields(practice_id, record, values)
    with translate_errors(practice_id):
        row = read_record(connection, practice_id, record, record_id, keep="meaning")
        cause = Cause("web_shop", actor=actor)
        connection.execute(_NOTED, {"noted": "yes"})
        for field in fields:
            old, new = held(field, row), canonical(field, row | dict(values))
            is_named = not values.keys().isdisjoint(field.columns)
            if not same(field, old, new):
                row = _save(connection, practice_id, field, row, new, cause)
            elif is_named and _may_be_taken_back(connection, practice_id, field, row):
                said_too = (record, record_id, field.name, old, new, cause)
                record_change(connection, practice_id, *said_too)
        connection.execute(_NOTED, {"noted": "no"})
        look_again(connection, practice_id, record, record_ids=[record_id])
    return int(row["version"])


def _save(
    connection: Connection, practice_id: str, field: Field, row: Row, new: Value, cause: Cause
) -> Row:
    """Write another value, with what it means for labels and open questions."""
    if field.later is LaterChange.ATTESTED and new["name"] is not None:
        mark_for_new_name(connection, practice_id, row, str(new["name"]), cause)
    written = write_field(connection, practice_id, field, row, new, cause)
    refresh_suggestions(connection, practice_id, field.record, row[KEY[field.record]], field.name)
    return written


def _may_be_taken_back(
    connection: Connection, practice_id: str, field: Field, row: Mapping[str, object]
) -> bool:
    """Whether undoing a link could take the present value away, so that saving it again counts.

    It came through a PIMS record, or several feed the record: without one of them another's value
    might have stood there when it was saved.
    """
    where = {"practice_id": practice_id, "record": field.record, "field": field.name}
    key = where | {"record_id": row[KEY[field.record]]}
    return bool(connection.execute(_FROM_PIMS[field.record], key).scalar())


def _fields(practice_id: str, record: Record, values: Mapping[str, object]) -> list[Field]:
    fields = [f for f in fields_of(record) if f.name != "owner"]
    unknown = set(values) - {c for f in fields for c in f.columns}
    if unknown:
        raise UsageError(
            f"a {record} has no column {', '.join(sorted(unknown))}",
            next_step="use the columns of the field policy",
            practice_id=practice_id,
        )
    return fields


_FROM_PIMS = of_each("""
    SELECT 1 < (SELECT count(*) FROM scriptright.{record}_link
                WHERE practice_id = :practice_id AND record_id = :record_id)
        OR (SELECT via_pims_id IS NOT NULL FROM scriptright.record_change
            WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id
              AND field = :field
            ORDER BY change_id DESC LIMIT 1)
""")
# Until the edit is done the database's trigger leaves the note to it; other statements of the shop
# are noted by the trigger (migrations/sql/0014_shop_and_shape.sql).
_NOTED = text("SELECT set_config('scriptright.noted', :noted, true)")
_PRESCRIBE = text("""
    INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)
    VALUES (:practice_id, :client_id, :pet_id, :label_name, :drug) RETURNING prescription_id
""")

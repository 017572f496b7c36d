"""Reading and writing single records with their history: what a person's decision needs.

Loads write sets of rows in apply*.py. Whoever calls these holds the practice's lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, text

from vet_pipeline.errors import UnknownItem
from vet_pipeline.policy import Field, Record, fields_of
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.values import SQL_TYPES, Value, bound, canonical

TABLE: dict[str, str] = {"client": "scriptright.client", "pet": "scriptright.pet"}
KEY: dict[str, str] = {"client": "client_id", "pet": "pet_id"}

Row = dict[str, Any]
# `values`: nobody else changes the rows. `meaning`: nor does anybody prescribe for a pet whose name
# or owner is decided on. `whole`: nor does anybody add a pet or prescription to them.
Keep = Literal["values", "meaning", "whole"]
_KEEPING: dict[tuple[Keep, Record], str] = {
    ("values", "client"): "FOR NO KEY UPDATE",
    ("values", "pet"): "FOR NO KEY UPDATE",
    ("meaning", "client"): "FOR NO KEY UPDATE",
    ("meaning", "pet"): "FOR UPDATE",
    ("whole", "client"): "FOR UPDATE",
    ("whole", "pet"): "FOR UPDATE",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a value changes: what stands beside it in `record_change`."""

    cause: str  # refresh, taken_back, merge_fill, confirmed, unmerge, joined, web_shop, rename, prescribed
    actor: str | None = None
    load_id: int | None = None
    suggestion_id: int | None = None
    via_pims_id: str | None = None


def read_records(
    connection: Connection,
    practice_id: str,
    record: Record,
    record_ids: Iterable[int],
    *,
    keep: Keep | None = None,
) -> dict[int, Row]:
    """The rows by id; ids that don't exist are left out.

    `keep`: what is decided on them holds until the transaction ends. The web shop's own statements
    don't wait for the practice's lock, so one that is under way is waited for, and later ones wait.
    """
    keeping = f"ORDER BY {KEY[record]} {_KEEPING[keep, record]}" if keep else ""
    rows = connection.execute(
        text(
            f"SELECT * FROM {TABLE[record]} "  # noqa: S608 - constants
            f"WHERE practice_id = :practice_id AND {KEY[record]} = ANY(:ids) {keeping}"
        ),
        {"practice_id": practice_id, "ids": list(record_ids)},
    ).mappings()
    return {row[KEY[record]]: dict(row) for row in rows}


def baseline_rows(
    connection: Connection, practice_id: str, record: Record, pims_ids: Iterable[str]
) -> dict[str, Row]:
    """The baseline's rows by PIMS id, text and link; ids that it doesn't know are left out."""
    rows = connection.execute(
        _BASELINE[record], {"practice_id": practice_id, "ids": list(pims_ids)}
    ).mappings()
    return {row["pims_id"]: dict(row) for row in rows}


def records_fed(
    connection: Connection, practice_id: str, record: Record, pims_ids: Iterable[str]
) -> dict[str, int]:
    """By PIMS id the record that it feeds; one that feeds none is left out."""
    found = connection.execute(_FED[record], {"practice_id": practice_id, "ids": list(pims_ids)})
    return {row.pims_id: row.record_id for row in found}


def read_record(
    connection: Connection,
    practice_id: str,
    record: Record,
    record_id: int,
    *,
    keep: Keep | None = None,
) -> Row:
    """One row; raises UnknownItem. `keep` as in `read_records`."""
    found = read_records(connection, practice_id, record, [record_id], keep=keep)
    if record_id not in found:
        raise UnknownItem(
            f"no {record} {record_id}",
            next_step=f"look up the {record}'s id in ScriptRight",
            practice_id=practice_id,
        )
    return found[record_id]


def held(field: Field, row: Mapping[str, object]) -> Value:
    """The field's canonical value in a ScriptRight row; the owner as `client_id`."""
    if field.name == "owner":
        return {"client_id": row["client_id"]}
    return canonical(field, row)


def write_field(
    connection: Connection,
    practice_id: str,
    field: Field,
    row: Row,
    new: Value,
    cause: Cause,
) -> Row:
    """Write a field's value, one version up, with its record_change; returns the row by then."""
    old = held(field, row)
    key = KEY[field.record]
    sets = ", ".join(f"{c} = CAST(:{c} AS {SQL_TYPES.get(c, 'text')})" for c in new)
    connection.execute(
        text(
            f"UPDATE {TABLE[field.record]} SET {sets}, version = version + 1 "  # noqa: S608
            f"WHERE practice_id = :practice_id AND {key} = :record_id"
        ),
        {c: bound(c, v) for c, v in new.items()}
        | {"practice_id": practice_id, "record_id": row[key]},
    )
    record_change(connection, practice_id, field.record, row[key], field.name, old, new, cause)
    return row | new | {"version": row["version"] + 1}


def record_change(
    connection: Connection,
    practice_id: str,
    record: str,
    record_id: int,
    field: str,
    old: Mapping[str, object],
    new: Mapping[str, object],
    cause: Cause,
) -> None:
    """Note that a value changed, from what to what, by whom and why."""
    connection.execute(
        _CHANGE,
        {
            "practice_id": practice_id,
            "record": record,
            "record_id": record_id,
            "field": field,
            "old": json.dumps(old),
            "new": json.dumps(new),
            "cause": cause.cause,
            "load_id": cause.load_id,
            "suggestion_id": cause.suggestion_id,
            "via": cause.via_pims_id,
            "actor": cause.actor,
        },
    )


def note_link_moved(
    connection: Connection,
    practice_id: str,
    record: Record,
    link: Row,
    new_id: int,
    cause: Cause,
) -> None:
    """Both records' histories tell of the link that was: its own row tells of it no more.

    `link`: the baseline's row as it was.
    """
    key = KEY[record]
    was = {key: link["record_id"]}
    was |= {name: link[f"link_{name}"] for name in ("method", "decided_by", "score", "load_id")}
    was["linked_at"] = link["linked_at"].isoformat()
    for record_id in (link["record_id"], new_id):
        record_change(connection, practice_id, record, record_id, "link", was, {key: new_id}, cause)


def create_record(
    connection: Connection,
    practice_id: str,
    record: Record,
    values: Mapping[str, object],
    *,
    load_id: int | None,
    client_id: int | None,
) -> int:
    """A new record of `values`; `client_id`: a pet's owner; `load_id` None: by the web shop."""
    cells: dict[str, object] = {}
    for field in fields_of(record):
        if field.name != "owner":
            cells |= canonical(field, values)
    if record == "pet":
        cells["client_id"] = client_id
    columns = ", ".join(cells)
    places = ", ".join(f"CAST(:{c} AS {SQL_TYPES.get(c, 'text')})" for c in cells)
    created = connection.execute(
        text(
            f"INSERT INTO {TABLE[record]} (practice_id, origin, created_load_id, {columns}) "  # noqa: S608
            f"VALUES (:practice_id, :origin, :load_id, {places}) RETURNING {KEY[record]}"
        ),
        {c: bound(c, v) for c, v in cells.items()}
        | {"practice_id": practice_id, "load_id": load_id}
        | {"origin": "home_delivery" if load_id is None else "pims"},
    ).scalar_one()
    return int(created)


def move_shadow(
    connection: Connection,
    practice_id: str,
    record: Record,
    pims_id: str,
    record_id: int,
    step: Callable[[Shadow], Shadow],
) -> None:
    """Apply `step` to the shadow of the link; nothing when the record stands alone anyway."""
    where = {"practice_id": practice_id, "pims_id": pims_id, "record_id": record_id}
    shadow = connection.execute(_SHADOW[record], where).scalar()
    if shadow is not None:
        connection.execute(_MOVE_SHADOW[record], where | {"shadow": json.dumps(step(shadow))})


_CHANGE = text("""
    INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,
        new_value, cause, load_id, suggestion_id, via_pims_id, actor)
    VALUES (:practice_id, :record, :record_id, :field, CAST(:old AS jsonb), CAST(:new AS jsonb), :cause,
        :load_id, :suggestion_id, :via, :actor)
""")
_BASELINE = of_each("""
    SELECT * FROM scriptright.pims_{record} WHERE practice_id = :practice_id AND pims_id = ANY(:ids)
""")
_FED = of_each("""
    SELECT pims_id, record_id FROM scriptright.{record}_link
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids)
""")
_SHADOW = of_each("""
    SELECT standalone FROM scriptright.{record}_link
    WHERE practice_id = :practice_id AND pims_id = :pims_id AND record_id = :record_id
""")
_MOVE_SHADOW = of_each("""
    UPDATE scriptright.{record}_link SET standalone = CAST(:shadow AS jsonb)
    WHERE practice_id = :practice_id AND pims_id = :pims_id
""")

"""I1 and I2, value by value: what a record shows is the PIMS's value, or says why it isn't.

Only records that a single PIMS record made and feeds are looked at: there the snapshot's value
must be the one shown unless a suggestion, a person's edit or a rule of docs/rules.md explains it.
And of every record: what it shows is what was last written to it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import FIELD, RECORDS, Field, Record, fields_of
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.values import Value, canonical, is_blank
from vet_pipeline.scriptright.records.writes import held, read_records


def values_not_shown(
    connection: Connection, practice_id: str, conventions: Conventions | None = None
) -> list[str]:
    """Fields of records that show something nobody can explain."""
    if connection.execute(_NEWEST, {"p": practice_id}).scalar() is None:
        return []
    found = []
    for record in RECORDS:
        links = connection.execute(_SOLE[record], {"p": practice_id}).all()
        changed = connection.execute(_LAST[record], {"p": practice_id}).all()
        ids = {link.record_id for link in links} | {line.record_id for line in changed}
        rows = read_records(connection, practice_id, record, ids)
        for line in changed:
            field = FIELD[record, line.field]
            if line.record_id not in rows:
                continue  # a record that the undoing of a merge took away keeps its history
            if held(field, rows[line.record_id]) != canonical(field, line.new_value):
                found.append(
                    f"I2 {practice_id}: {record} {line.record_id} {line.field}"
                    " isn't what was last written"
                )
        explained = _explained(connection, practice_id, record)
        pims = pims_values(
            connection,
            practice_id,
            record,
            [link.pims_id for link in links],
            conventions or Conventions(),
        )
        for link in links:
            if link.pims_id not in pims or link.record_id not in rows:
                continue
            for field in fields_of(record):
                if field.name == "owner":
                    continue
                new = canonical(field, pims[link.pims_id])
                now = held(field, rows[link.record_id])
                if _shows(field, now, new) or (link.record_id, field.name) in explained["edited"]:
                    continue
                if new not in explained["suggested"][link.pims_id, field.name]:
                    found.append(
                        f"I1 {practice_id}: {record} {link.record_id} {field.name}"
                        f" isn't the value of {link.pims_id}"
                    )
    return found


def _shows(field: Field, now: Value, new: Value) -> bool:
    """Equal, or blank in the PIMS, or a date that is known here and blank there."""
    if now == new or is_blank(field, new):
        return True
    undated = {"weight": "weighed_on", "deceased": "deceased_on"}.get(field.name)
    return undated is not None and new[undated] is None and new | {undated: now[undated]} == now


def _explained(connection: Connection, practice_id: str, record: Record) -> dict[str, Any]:
    suggested: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for line in connection.execute(_SUGGESTED, {"p": practice_id, "record": record}):
        value = canonical(FIELD[record, line.field], line.new_value)
        suggested[line.pims_id, line.field].append(value)
    edited = {
        (line.record_id, line.field)
        for line in connection.execute(_EDITED, {"p": practice_id, "record": record})
    }
    return {"suggested": suggested, "edited": edited}


_NEWEST = text("""
    SELECT max(snapshot_seq) FROM scriptright.load WHERE practice_id = :p AND state = 'applied'
""")
_SOLE = {
    record: text(f"""
        SELECT min(pims_id) AS pims_id, record_id FROM scriptright.{record}_link
        WHERE practice_id = :p GROUP BY record_id
        HAVING count(*) = 1 AND bool_and(method = 'created')
    """)
    for record in RECORDS
}
_LAST = {
    record: text(f"""
        SELECT DISTINCT ON (record_id, field) record_id, field, new_value
        FROM scriptright.record_change
        WHERE practice_id = :p AND record = '{record}' AND field <> 'link'
        ORDER BY record_id, field, change_id DESC
    """)
    for record in RECORDS
}
_SUGGESTED = text("""
    SELECT pims_id, field, new_value FROM scriptright.suggestion
    WHERE practice_id = :p AND record = :record AND state <> 'superseded'
""")
_EDITED = text("""
    SELECT DISTINCT record_id, field FROM scriptright.record_change
    WHERE practice_id = :p AND record = :record AND cause IN ('web_shop', 'unmerge')
""")

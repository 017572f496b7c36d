"""What was copied and is read otherwise by now, from the same row of the PIMS.

By another release, or since somebody has said which unit or order of dates it has. Old and new rows
are compared by the rules of today, so that neither ever looks like changes: what was misread before
is none, no load puts it right, and nobody is asked. Here a person finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection, text

from vet_pipeline.policy import RECORDS, Field, Record, fields_of
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.merge import says_nothing
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import Value, alike, canonical
from vet_pipeline.scriptright.records.writes import held, read_records

PART = 5_000  # records at a time: those of a large practice would take a gigabyte


@dataclass(frozen=True, slots=True)
class Misread:
    """A field that holds what was copied, and what would be copied by now."""

    record: Record
    record_id: int
    pims_id: str
    field: str
    held: Value
    read: Value


def find_misread(connection: Connection, practice_id: str) -> list[Misread]:
    """Fields that hold what a load copied, where the same text is read otherwise by now.

    Only of records that one PIMS record feeds, and of fields on which a load had the last word.
    Left out are

    - fields on which a person or the web shop has spoken, or a person was asked;
    - rows that were another client's or animal's once, and owners;
    - what says nothing by now: a blank takes nothing away, nor does a death without a day its day
      (that somebody isn't dead by now is found);
    - of weights all but the same number in another unit or of another day: an older weighing is
      rightly left out.
    """
    return [one for record in RECORDS for one in _misread_of(connection, practice_id, record)]


def _misread_of(connection: Connection, practice_id: str, record: Record) -> Iterator[Misread]:
    by_a_load, asked, another = _said(connection, practice_id, record)
    fed = [
        one
        for one in connection.execute(_FED[record], {"practice_id": practice_id})
        if another.isdisjoint((one.record_id, one.pims_id))
    ]
    looked_at = [field for field in fields_of(record) if field.name != "owner"]
    for start in range(0, len(fed), PART):
        part = fed[start : start + PART]
        read = pims_values(connection, practice_id, record, [f.pims_id for f in part])
        rows = read_records(connection, practice_id, record, [f.record_id for f in part])
        for one, field in product(part, looked_at):
            at = one.record_id, field.name
            if one.pims_id not in read or not by_a_load.get(at, one.is_copy):
                continue  # refused by today's rules; or another's word
            if not asked.isdisjoint((at, (one.pims_id, field.name))):
                continue
            now, has = canonical(field, read[one.pims_id]), held(field, rows[one.record_id])
            if _differs(field, has, now):
                yield Misread(record, one.record_id, one.pims_id, field.name, has, now)


_Id = int | str  # of a record, or of the PIMS's, which may have fed another one before


def _said(
    connection: Connection, practice_id: str, record: Record
) -> tuple[dict[tuple[_Id, str], bool], set[tuple[_Id, str]], set[_Id]]:
    """Which fields a load has changed last; of which was asked; whose row was another's once."""
    here = {"practice_id": practice_id, "record": record}
    by_a_load = {
        (c.record_id, c.field): c.by_a_load for c in connection.execute(_LAST_CHANGES, here)
    }
    asked: set[tuple[_Id, str]] = set()
    another: set[_Id] = set()
    for s in connection.execute(_ASKED, here):
        asked |= {(s.record_id, s.field), (s.pims_id, s.field)}
        if s.reason == ANOTHER_RECORD:
            another |= {s.record_id, s.pims_id}
    return by_a_load, asked, another


def _differs(field: Field, has: Value, now: Value) -> bool:
    if field.name == "deceased" and now["deceased"] and now["deceased_on"] is None:
        return not has["deceased"]
    if field.name == "weight" and has["weight_value"] is not None:
        day = now["weighed_on"] or has["weighed_on"]
        another = (has["weight_unit"], has["weighed_on"]) != (now["weight_unit"], day)
        return another and has["weight_value"] == now["weight_value"]
    is_silent = field.name != "deceased" and says_nothing(field, now)
    return not (is_silent or alike(field, has, now))


_LAST_CHANGES = text("""
    SELECT DISTINCT ON (record_id, field) record_id, field,
        cause IN ('refresh', 'merge_fill') AS by_a_load
    FROM scriptright.record_change WHERE practice_id = :practice_id AND record = :record
    ORDER BY record_id, field, change_id DESC
""")
_ASKED = text("""
    SELECT record_id, pims_id, field, reason FROM scriptright.suggestion
    WHERE practice_id = :practice_id AND record = :record
""")
_FED = of_each("""
    SELECT max(l.pims_id) AS pims_id, l.record_id, r.origin = 'pims' AS is_copy
    FROM scriptright.{record}_link l
    JOIN scriptright.{record} r ON r.practice_id = :practice_id AND r.{record}_id = l.record_id
    WHERE l.practice_id = :practice_id
    GROUP BY l.record_id, r.origin HAVING count(*) = 1
    ORDER BY l.record_id
""")

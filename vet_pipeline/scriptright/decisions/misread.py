"""What an earlier release has copied and this one reads otherwise, from the same row of the PIMS.

Old and new rows are compared by the rules of today, so that a release never looks like changes: what
was misread before is none, no load puts it right, and nobody is asked. Here a person finds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import RECORDS, Field, Record, fields_of
from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import Value, alike, canonical, is_blank
from vet_pipeline.scriptright.records.writes import held, read_records


@dataclass(frozen=True, slots=True)
class Misread:
    """A field that holds what was copied, and what would be copied by now."""

    record: Record
    record_id: int
    pims_id: str
    field: str
    held: Value
    read: Value


def find_misread(conn: Connection, practice_id: str, conventions: Conventions) -> list[Misread]:
    """Of records that one PIMS record feeds, the fields whose last word was a load's.

    Whatever a person or the web shop has said of a field, or was asked, isn't looked at, and no row
    that was another's once. Nor are
    owners, and weights: an older weighing is rightly left out. Nor what says nothing by now, but for
    a death: a PIMS that went blank, or has a slip there, takes nothing away.
    """
    found = []
    with translate_errors(practice_id):
        for record in RECORDS:
            fed = conn.execute(_FED[record], {"p": practice_id, "record": record}).all()
            read = pims_values(conn, practice_id, record, [f.pims_id for f in fed], conventions)
            rows = read_records(conn, practice_id, record, [f.record_id for f in fed])
            for one in fed:
                if one.pims_id not in read:  # refused by today's rules
                    continue
                for field in _looked_at(record):
                    copied = field.name in one.copied or (
                        one.is_copy and field.name not in one.spoken_of
                    )
                    now = canonical(field, read[one.pims_id])
                    has = held(field, rows[one.record_id])
                    if copied and _differs(field, has, now):
                        found.append(
                            Misread(record, one.record_id, one.pims_id, field.name, has, now)
                        )
    return found


def _looked_at(record: Record) -> list[Field]:
    return [field for field in fields_of(record) if field.name not in {"owner", "weight"}]


def _differs(field: Field, has: Value, now: Value) -> bool:
    is_silent = field.name != "deceased" and is_blank(field, now)
    return not (is_silent or alike(field, has, now))


# `copied`: fields whose last change was a load's, and of which nobody was asked.
_FED = {
    record: text(f"""
        WITH fed AS (
            SELECT max(pims_id) AS pims_id, record_id
            FROM scriptright.{record}_link WHERE practice_id = :p
            GROUP BY record_id HAVING count(*) = 1
        ), said AS (
            SELECT DISTINCT ON (record_id, field) record_id, field,
                cause IN ('refresh', 'merge_fill') AND NOT EXISTS (
                    SELECT FROM scriptright.suggestion s
                    WHERE s.practice_id = :p AND s.record = :record
                      AND s.record_id = c.record_id AND s.field = c.field) AS by_a_load
            FROM scriptright.record_change c
            WHERE practice_id = :p AND record = :record
            ORDER BY record_id, field, change_id DESC
        ), spoken AS (
            SELECT record_id, field, by_a_load FROM said
            UNION ALL
            SELECT record_id, field, false FROM scriptright.suggestion
            WHERE practice_id = :p AND record = :record
        ), by_record AS (
            SELECT record_id, array_agg(field) AS spoken_of,
                coalesce(array_agg(field) FILTER (WHERE by_a_load), '{{}}') AS copied
            FROM spoken GROUP BY record_id
        )
        SELECT fed.pims_id, fed.record_id, r.origin = 'pims' AS is_copy,
            coalesce(b.spoken_of, '{{}}') AS spoken_of, coalesce(b.copied, '{{}}') AS copied
        FROM fed JOIN scriptright.{record} r ON r.practice_id = :p AND r.{record}_id = fed.record_id
        LEFT JOIN by_record b ON b.record_id = fed.record_id
        WHERE NOT EXISTS (
            SELECT FROM scriptright.suggestion s
            WHERE s.practice_id = :p AND s.record = :record AND s.record_id = fed.record_id
              AND s.reason = '{ANOTHER_RECORD}')
        ORDER BY fed.record_id
    """)  # noqa: S608 - constants
    for record in RECORDS
}

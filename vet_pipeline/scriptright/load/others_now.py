"""PIMS rows that are no word about their record while newcomers are compared: they say another.

Of some it was asked, or said no to; others have come to say so in the same snapshot: a backup was
put back, Bob got Ann's number, and she was entered anew on the same day.
"""

from __future__ import annotations

from sqlalchemy import text

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.records.another import is_another
from vet_pipeline.scriptright.records.in_question import others_by_now
from vet_pipeline.scriptright.records.pims_values import by_id
from vet_pipeline.scriptright.records.writes import LINK, read_records

_TELLING = ("name", "breed", "age", "deceased")


def others_now(load: LoadInHand, record: Record) -> list[str]:
    """Their ids, before the load has asked anything; found once a load. Pets' by their looks alone."""
    if load.delta.is_first_load:
        return []
    if record not in load.others:
        asked = others_by_now(load.connection, load.practice_id, record, load.delta.conventions)
        load.others[record] = sorted({*asked, *_of_this_snapshot(load, record)})
    return load.others[record]


def _of_this_snapshot(load: LoadInHand, record: Record) -> list[str]:
    lines = load.delta.changes
    ids = lines.loc[(lines["record"] == record) & lines["field"].isin(_TELLING), "pims_id"]
    if ids.empty:
        return []
    rows, key = load.side(record).rows, ID_COLUMN[record]
    said = by_id(record, rows[rows[key].isin(ids)])
    feeds = {row.pims_id: row.record_id for row in load.fetch(_FEEDS[record], ids=[*said])}
    here = read_records(load.connection, load.practice_id, record, {*feeds.values()})
    return [i for i, to in feeds.items() if is_another(record, here[to], said[i])]


_FEEDS = {
    record: text(f"""
    SELECT pims_id, record_id FROM {LINK[record]}
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids)
    """)  # noqa: S608 - constants
    for record in RECORDS
}

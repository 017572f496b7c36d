"""Questions that were put off because their PIMS record was missing, asked again when it is back.

A double that was linked meanwhile had the missing record's questions closed (told_before.py): what
the double says is what counts while the other is gone. When that one comes back and says what it
said, its question is open again, unless the double asked the same or the answer is there by now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text

from vet_pipeline.deltas.changes import SLIP_TAKEN_OUT, UNREADABLE
from vet_pipeline.policy import FIELD, RECORDS, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.told_before import MISSING_BESIDE
from vet_pipeline.scriptright.records.merge import Question, says_nothing
from vet_pipeline.scriptright.records.replay import RETURNED
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.suggestions import settled
from vet_pipeline.scriptright.records.values import canonical
from vet_pipeline.scriptright.records.writes import held


def ask_again(load: LoadInHand, writes: PendingWrites) -> list[Change]:
    """Ask what had been put off of records that came back unchanged; returns what they say."""
    back = []
    for record in RECORDS:
        returned = list(load.side(record).returned)
        if not returned:
            continue
        found = load.fetch(_PUT_OFF[record], ids=returned, key=MISSING_BESIDE)
        anew = _changed(load, record)
        asked = [row for row in found if not _is_past(record, row, anew)]
        writes.read(record, {row.record_id for row in asked})
        for row in asked:
            field = FIELD[record, row.field]
            now = held(field, writes.row(record, row.record_id))
            new = canonical(field, row.new_value)
            back.append(Change(field, row.pims_id, row.record_id, new, new, "keep", RETURNED))
            if not settled(load.connection, load.practice_id, field, now, new):
                old = canonical(field, row.old_value) | now
                writes.suggest(
                    Question(field, row.record_id, row.pims_id, old, new, row.reason, load.load_id)
                )
    return [change for change in back if change.field.name != "owner"]


def _is_past(record: Record, asked: Any, anew: Mapping[tuple[str, str], str]) -> bool:
    """Whether the PIMS says another thing by now; where a slip was taken out, it says nothing."""
    reason = anew.get((asked.pims_id, asked.field))
    still = reason == SLIP_TAKEN_OUT and says_nothing(FIELD[record, asked.field], asked.new_value)
    return reason is not None and not still


def _changed(load: LoadInHand, record: Record) -> dict[tuple[str, str], str]:
    """What has changed since, and why; a slip, or a name taken out, closes no question."""
    changes = load.delta.changes
    lines: Iterable[Any] = changes[changes["record"] == record].itertuples(index=False)
    return {
        (line.pims_id, line.field): line.reason
        for line in lines
        if line.reason != UNREADABLE
        and not (line.field == "name" and says_nothing(FIELD[record, "name"], json.loads(line.new)))
    }


# The last question of a field, closed by the link of another that noted its record as missing.
_PUT_OFF = {
    record: text(f"""
        SELECT s.* FROM scriptright.{record}_link b
        CROSS JOIN LATERAL (
            SELECT DISTINCT ON (field) * FROM scriptright.suggestion
            WHERE practice_id = :practice_id AND record = '{record}' AND record_id = b.record_id
              AND pims_id = b.pims_id
            ORDER BY field, suggestion_id DESC) s
        JOIN scriptright.{record}_link n ON n.practice_id = :practice_id
          AND n.record_id = b.record_id AND n.linked_at = s.decided_at
          AND n.standalone -> CAST(:key AS text) ->> b.pims_id IS NOT NULL
        WHERE b.practice_id = :practice_id AND b.pims_id = ANY(:ids) AND s.state = 'superseded'
          AND NOT EXISTS (
            SELECT FROM scriptright.suggestion o
            WHERE o.practice_id = :practice_id AND o.record = '{record}'
              AND o.record_id = b.record_id AND o.pims_id = n.pims_id AND o.field = s.field
              AND o.opened_at = n.linked_at AND o.new_value = s.new_value)
        ORDER BY s.suggestion_id
    """)  # noqa: S608 - constants
    for record in RECORDS
}

"""What a missing PIMS record has said, and a newcomer of the same ScriptRight record repeats.

PIMS renumber and merge: the old id disappears, a new one comes with the same values. To a person
they are no news: what differed before differs still, and what was rejected stays so, until the PIMS
changes. What is asked of the old one is asked of the new one, or past; but if the old one comes
back and says what it said, its question is open again, unless the new one asked the same or the
answer is there by now.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import FIELD, RECORDS, Field, Record, fields_of
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.apart import said_at_link
from vet_pipeline.scriptright.records.merge import (
    FieldMerge,
    OwnBefore,
    Question,
    is_past,
    merge_at_link,
)
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.replay import RETURNED
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.shadows import Shadow, shadow_of
from vet_pipeline.scriptright.records.suggestions import settled
from vet_pipeline.scriptright.records.values import alike, canonical
from vet_pipeline.scriptright.records.writes import held

# In a link's shadow. The second: what was asked of a record of its own, and what that held.
MISSING_BESIDE, ASKED_BEFORE = "missing_beside", "asked_before"


@dataclass(frozen=True, slots=True)
class Missing:
    """A PIMS record that feeds a ScriptRight record and is missing in the PIMS."""

    pims_id: str
    since: str  # it is missing: ISO moment
    values: Mapping[str, Any]  # the last it said, as normalized columns
    asked: frozenset[str]  # fields of which its question is open: those are asked anew


def missing_beside(
    connection: Connection,
    practice_id: str,
    record: Record,
    record_ids: Iterable[int],
    conventions: Conventions | None = None,
) -> dict[int, list[Missing]]:
    """By ScriptRight record, the missing PIMS records that feed it; those without are left out."""
    found = connection.execute(
        _MISSING[record], {"practice_id": practice_id, "ids": list(record_ids)}
    ).all()
    if not found:
        return {}
    said = pims_values(connection, practice_id, record, [row.pims_id for row in found], conventions)
    beside: dict[int, list[Missing]] = defaultdict(list)
    for row in found:
        if row.pims_id in said:
            asked = frozenset(row.asked or ())
            since = row.missing_since.isoformat()
            one = Missing(row.pims_id, since, said[row.pims_id], asked)
            beside[row.record_id].append(one)
    return beside


def is_told(field: Field, new: Mapping[str, object], missing: Sequence[Missing]) -> bool:
    """Whether the last of them said the same, and nobody is asked about that."""
    last = max((one.since for one in missing), default="")
    return any(
        one.since == last and field.name not in one.asked and alike(field, one.values, new)
        for one in missing
    )


def merge_beside(
    record: Record,
    home: Mapping[str, object],
    pims: Mapping[str, object],
    missing: Sequence[Missing],
    own: Mapping[str, OwnBefore] = MappingProxyType({}),
) -> list[FieldMerge]:
    """What a link does to the fields, but for what the missing have told; `own` by field."""
    return [
        verdict
        for field in fields_of(record)
        if field.name != "owner" and not is_told(field, canonical(field, pims), missing)
        for verdict in merge_at_link(field, home, pims, own.get(field.name))
    ]


def shadow_beside(
    record: Record,
    home: Mapping[str, object],
    pims: Mapping[str, object],
    missing: Sequence[Missing],
    *,
    stood: Shadow | None = None,
    own: Mapping[str, OwnBefore] = MappingProxyType({}),
) -> Shadow:
    """The shadow that a link keeps, with both sides as they are before anything is merged.

    Beside missing ones with {"missing_beside": {PIMS id: since when}}. `stood`: the shadow of one
    that had a record of its own; else it is a first copy. `own`: of its fields, by name.
    """
    noted: Shadow = {}
    if missing:
        noted[MISSING_BESIDE] = {one.pims_id: one.since for one in missing}
    if own:
        noted[ASKED_BEFORE] = {name: asdict(before) for name, before in own.items()}
    return (stood or shadow_of(record, pims)) | said_at_link(record, pims, home) | noted


def ask_again(load: LoadInHand, writes: PendingWrites) -> list[Change]:
    """Ask what had been put off of records that came back unchanged; returns what they say."""
    back = []
    lines: Iterable[Any] = load.delta.changes.itertuples(index=False)
    changed = {(line.record, line.pims_id, line.field): line for line in lines}
    for record in RECORDS:
        returned = list(load.side(record).returned)
        if not returned:
            continue
        found = load.fetch(_PUT_OFF[record], ids=returned, key=MISSING_BESIDE)
        writes.read(record, {row.record_id for row in found})
        for row in found:
            field = FIELD[record, row.field]
            now = held(field, writes.row(record, row.record_id))
            new = canonical(field, row.new_value)
            line = changed.get((record, row.pims_id, row.field))
            if line and is_past(field, new, canonical(field, json.loads(line.new)), line.reason):
                continue
            back.append(Change(field, row.pims_id, row.record_id, new, new, "keep", RETURNED))
            if not settled(load.connection, load.practice_id, field, now, new):
                old = canonical(field, row.old_value) | now
                writes.suggest(
                    Question(field, row.record_id, row.pims_id, old, new, row.reason, load.load_id)
                )
    return [change for change in back if change.field.name != "owner"]


_MISSING = of_each("""
    SELECT b.pims_id, b.record_id, b.missing_since,
        (SELECT array_agg(s.field) FROM scriptright.suggestion s
         WHERE s.practice_id = :practice_id AND s.record = '{record}' AND s.record_id = b.record_id
           AND s.pims_id = b.pims_id AND s.state = 'open') AS asked
    FROM scriptright.pims_{record} b
    WHERE b.practice_id = :practice_id AND b.record_id = ANY(:ids) AND b.missing_since IS NOT NULL
    ORDER BY b.pims_id
""")
# The last question of a field, closed by the link of another that noted its record as missing.
_PUT_OFF = of_each("""
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
""")

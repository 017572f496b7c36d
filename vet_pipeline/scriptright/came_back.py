"""Values that come back after a blank: to the PIMS they are what they were, so nothing changed.

The baseline's text has the blank by then. What the PIMS said before it is in `shared_change`,
where a change to a blank is noted even if the record is fed by one PIMS record alone.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.apply_staging import LoadInHand
from vet_pipeline.scriptright.merge import CAME_BACK, is_past
from vet_pipeline.scriptright.rivals import Change
from vet_pipeline.scriptright.values import alike, canonical, is_blank

# A death that comes back isn't among them: dead wins.
_FIELDS = ("email", "weight")


def went_blank(change: Change) -> bool:
    """Whether what the PIMS said until now will be wanted if it comes back."""
    field = change.field
    return field.name in _FIELDS and is_blank(field, change.new) and not is_blank(field, change.old)


def mark_what_came_back(load: LoadInHand, record: Record, changes: list[Change]) -> list[Change]:
    """The changes; where a value is back that the PIMS had before a blank, the reason says so.

    Another one than before is a change like any, also where the blank was a text nobody could read.
    """
    filled = [
        change.pims_id
        for change in changes
        if change.field.name in _FIELDS
        and change.action == "apply"
        and is_blank(change.field, change.old)
    ]
    if not filled:
        return changes
    before = {
        (row.pims_id, row.field): row.old_value
        for row in load.fetch(_BEFORE, record=record, ids=filled, fields=list(_FIELDS))
    }
    marked = []
    for change in changes:
        said = before.get((change.pims_id, change.field.name))
        if said and change.action == "apply" and is_blank(change.field, change.old):
            reason = CAME_BACK if _is_back(change, said) else "changed"
            marked.append(replace(change, reason=reason))
        else:
            marked.append(change)
    return marked


def _is_back(change: Change, said: dict[str, object]) -> bool:
    before = canonical(change.field, said)
    return alike(change.field, before, change.new) or not is_past(change.field, before, change.new)


_BEFORE = text("""
    SELECT DISTINCT ON (pims_id, field) pims_id, field, old_value FROM scriptright.shared_change
    WHERE practice_id = :practice_id AND record = :record AND pims_id = ANY(:ids)
      AND field = ANY(:fields)
      AND coalesce(new_value ->> 'email', new_value ->> 'weight_value') IS NULL
      AND coalesce(old_value ->> 'email', old_value ->> 'weight_value') IS NOT NULL
    ORDER BY pims_id, field, change_id DESC
""")

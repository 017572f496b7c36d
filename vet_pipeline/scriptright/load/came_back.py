"""Values that come back after a blank: to the PIMS they are what they were, so nothing changed.

The baseline's text has the blank by then. What the PIMS said before it is in `shared_change`,
where a change to a blank is noted even if the record is fed by one PIMS record alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import text

from vet_pipeline.deltas.changes import SLIP_TAKEN_OUT, WAS_UNREADABLE
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.records.merge import is_past, says_nothing
from vet_pipeline.scriptright.records.rivals import CAME_BACK, Change
from vet_pipeline.scriptright.records.values import alike, canonical

# A death that comes back isn't among them (dead wins), nor an owner.
_NEVER = ("deceased", "owner")


def went_blank(change: Change) -> bool:
    """Whether what the PIMS said until now will be wanted if it comes back."""
    field = change.field
    return (
        field.name not in _NEVER
        and says_nothing(field, change.new)
        and not says_nothing(field, change.old)
    )


def mark_what_came_back(load: LoadInHand, record: Record, changes: list[Change]) -> list[Change]:
    """The changes; where a value is back that the PIMS had before a blank, the reason says so.

    A value other than that is a change like any, and keeps what was before (`before_blank`). A text
    that nobody could read and that is taken out is a change to blank, from what stood before it.
    """
    asked = [c for c in changes if _fills_a_blank(c) or c.reason == SLIP_TAKEN_OUT]
    if not asked:
        return changes
    before: dict[tuple[str, str], tuple[Mapping[str, object], str]] = {}
    fields = {change.field.name: change.field for change in asked}
    ids = sorted({change.pims_id for change in asked})
    for row in load.fetch(_TOLD, record=record, ids=ids, fields=list(fields)):
        field = fields[row.field]
        blanked = says_nothing(field, row.new_value) and not says_nothing(field, row.old_value)
        if blanked and (row.pims_id, row.field) not in before:
            before[row.pims_id, row.field] = row.old_value, row.action
    return [
        marked
        for change in changes
        if (marked := _marked(change, before.get((change.pims_id, change.field.name)))) is not None
    ]


def _fills_a_blank(change: Change) -> bool:
    field = change.field
    return (
        field.name not in _NEVER
        and change.reason in ("changed", WAS_UNREADABLE)
        and says_nothing(field, change.old)
    )


def _marked(change: Change, told: tuple[Mapping[str, object], str] | None) -> Change | None:
    """`told`: what the PIMS said before its last blank, and its action. None: no change."""
    if change.reason == SLIP_TAKEN_OUT:
        if told is None or told[1] != "keep":  # it hid nothing, or that has been asked
            return None
        said = canonical(change.field, told[0])
        return replace(change, old=said, action="suggest", reason="became_blank")
    if told is None or not _fills_a_blank(change):
        return change
    field, blank_was = change.field, told[1]
    before = canonical(field, told[0])
    # An automatic one after any blank. The others after a blank that nobody was asked about, for it
    # was a slip: a text that can't be read, a name taken out. A blank that was meant is a change,
    # and so is its end.
    if field.is_automatic:
        is_back = alike(field, before, change.new) or not is_past(field, before, change.new)
    else:
        is_back = blank_was == "keep" and alike(field, before, change.new)
    return replace(change, reason=CAME_BACK if is_back else "changed", before_blank=before)


# The newest first.
_TOLD = text("""
    SELECT pims_id, field, old_value, new_value, action FROM scriptright.shared_change
    WHERE practice_id = :practice_id AND record = :record AND pims_id = ANY(:ids)
      AND field = ANY(:fields)
    ORDER BY change_id DESC
""")

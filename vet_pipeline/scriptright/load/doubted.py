"""Why an automatic field is asked about: most of its kind changed at once (guards.doubted_records)."""

from __future__ import annotations

from dataclasses import replace

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.records.rivals import Change

MANY_ALIKE = "many_alike"


def say_why(load: LoadInHand, record: Record, changes: list[Change]) -> list[Change]:
    """The changes; those that the delta asks only because it is doubted say so from here on.

    Undoing a link asks again what was asked, and why.
    """
    if record not in load.delta.doubted:
        return changes
    return [replace(c, reason=MANY_ALIKE) if _is_only_doubted(c) else c for c in changes]


def _is_only_doubted(change: Change) -> bool:
    asked = change.action, change.reason
    return change.field.is_automatic and asked == ("suggest", "changed")

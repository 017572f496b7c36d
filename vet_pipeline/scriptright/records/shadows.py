"""The shadow of a merge: what the PIMS record would be by now if it had become a record of its own.

It stands in `client_link.standalone` / `pet_link.standalone`. Every load and every decision that
reaches a merged record moves the shadow too; undoing the link makes it real. Pure rules, as
merge.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vet_pipeline.policy import Field, Record
from vet_pipeline.scriptright.records.merge import DIFFERS, is_past
from vet_pipeline.scriptright.records.rivals import Change, settle
from vet_pipeline.scriptright.records.values import Value, all_values, canonical, same, unchanged

Shadow = dict[str, Any]


def shadow_of(record: Record, pims: Mapping[str, object]) -> Shadow:
    """The shadow at the moment of linking: the first copy, and no open suggestion.

    {"values": {column: value, ...}, "suggestions": {field: {"old", "new", "reason", "load_id"}},
    "linked_under": the PIMS owner under whom a pet was linked, None for a client}. A pet's link
    rests on its owners' link, whoever owns the pet later.
    """
    values = all_values(record, pims)
    return {
        "values": values,
        "suggestions": {},
        "linked_under": values.get("pims_client_id"),
    }


def shadow_after_change(
    shadow: Shadow, change: Change, load_id: int, *, known_on: str | None
) -> Shadow:
    """The shadow after a load's change of one field; `known_on` as in rivals.settle."""
    field = change.field
    held, said = _held(shadow, field), canonical(field, change.new)
    outcome, why = settle(change, held, known_on=known_on)
    if outcome == "apply":
        return _with(shadow, field, value=said)
    if outcome == "suggest":
        asked = {"old": held, "new": said, "reason": why, "load_id": load_id}
        return _with(shadow, field, suggestion=asked)
    opened = shadow["suggestions"].get(field.name)
    if outcome == "same" or (opened and is_past(field, opened["new"], said, change.reason)):
        return _with(shadow, field)  # the PIMS went back, or says another thing
    return shadow


def without_what_came(shadow: Shadow, change: Change) -> Shadow:
    """The shadow where a change that the row had brought is taken back: it holds what was before.

    What the row itself said before nobody has kept: ScriptRight's value stands for it.
    """
    field = change.field
    has_it = same(field, _held(shadow, field), change.new)
    return _with(shadow, field, value=change.old) if has_it else shadow


def shadow_after_decision(
    shadow: Shadow, field: Field, new: Mapping[str, object], reason: str, *, confirmed: bool
) -> Shadow:
    """The shadow after a person confirmed or rejected the suggestion of `new`.

    A difference found at the merge (reason differs_at_merge) is a question that only the merged
    record has: standing alone, the PIMS record held that value from the start. Unless it had a
    record of its own, where the same was asked: a word on the value answers both.
    """
    asked = shadow["suggestions"].get(field.name)
    is_asked = asked is not None and canonical(field, asked["new"]) == canonical(field, new)
    if confirmed and (is_asked or reason != DIFFERS):
        return _with(shadow, field, value=canonical(field, new))
    return _with(shadow, field) if is_asked else shadow


def shadow_after_reopening(
    shadow: Shadow, field: Field, new: Mapping[str, object], reason: str, load_id: int
) -> Shadow:
    """The shadow once a no is taken back: the PIMS record alone would be asked it again, too.

    Not what it would hold anyway: that was a difference to the merged record alone.
    """
    held, said = _held(shadow, field), canonical(field, new)
    if unchanged(field, held, said):
        return shadow
    why = "changed" if reason == DIFFERS else reason
    asked = {"old": held, "new": said, "reason": why, "load_id": load_id}
    return _with(shadow, field, suggestion=asked)


def _held(shadow: Shadow, field: Field) -> Value:
    return canonical(field, shadow["values"])


def _with(
    shadow: Shadow, field: Field, *, value: Value | None = None, suggestion: Any = None
) -> Shadow:
    others = {k: v for k, v in shadow["suggestions"].items() if k != field.name}
    return {
        **shadow,
        "values": {**shadow["values"], **(value or {})},
        "suggestions": {**others, field.name: suggestion} if suggestion else others,
    }

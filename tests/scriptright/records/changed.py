"""What a load's change of one field does, by the few things that a test says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records import rivals, shadows
from vet_pipeline.scriptright.records.rivals import Change


def settle(
    field: Field,
    current: Mapping[str, Any],
    new: Mapping[str, Any],
    action: str,
    reason: str,
    *,
    known_on: str | None = None,
    unseen_from: str | None = None,
) -> tuple[str, str]:
    change = Change(field, "1", 1, {}, dict(new), action, reason, unseen_from)
    return rivals.settle(change, current, known_on=known_on)


def shadow_after_change(
    shadow: shadows.Shadow,
    field: Field,
    new: Mapping[str, Any],
    action: str,
    reason: str,
    load_id: int,
) -> shadows.Shadow:
    change = Change(field, "1", 1, {}, dict(new), action, reason)
    return shadows.shadow_after_change(shadow, change, load_id, known_on=None)

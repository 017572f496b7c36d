"""What a person is asked: the one value from which suggestions are opened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records.values import Value


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a field of a record should become what a PIMS record says; values are canonical."""

    field: Field
    record_id: int
    pims_id: str  # who says it
    old: Value  # what the record holds as it is asked
    new: Value
    reason: str
    load_id: int  # of the snapshot that brought it up
    since: datetime | None = None  # when it was asked first; None: now

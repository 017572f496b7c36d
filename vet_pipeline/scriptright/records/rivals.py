"""Changes of one value by one load: what each of them does to the record that it reaches. Pure.

More than one when several PIMS records feed the record. A load goes by it, and so does the replay
of a record's life without one of them (replay.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records.merge import Outcome, settle
from vet_pipeline.scriptright.records.values import Value


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the delta, with the record that it reaches."""

    field: Field
    pims_id: str
    record_id: int
    old: Value  # both the PIMS's
    new: Value
    action: str  # apply | suggest | keep
    reason: str
    unseen_from: str | None = None  # as in merge.settle
    before_blank: Value | None = None  # what the PIMS had said until the blank that this one ends


@dataclass(frozen=True, slots=True)
class Settled:
    """What one change does to the record as the changes before it have left it."""

    change: Change
    current: Value
    outcome: Outcome
    reason: str


def settle_rivals(
    rivals: Sequence[Change], current: Value, *, known_on: str, written: bool, dead: bool
) -> Iterator[Settled]:
    """Settle one load's changes of a field (not an owner), the strongest first.

    They disagree: the newest weighing wins, dead wins, and an email is a person's question. So is
    a pet that is alive again while another of its PIMS records, changed or not, says dead.
    `current`: what the record holds; `written`: this load has given the field a value before;
    `dead`: any PIMS record that feeds the pet says dead by now. `known_on` as in merge.settle.
    """
    field = rivals[0].field
    emails = (
        {change.new["email"] for change in rivals if change.action == "apply"}
        if field.name == "email"
        else set()
    )
    for change in sorted(rivals, key=precedence):
        outcome, reason = settle(
            field,
            current,
            change.new,
            change.action,
            change.reason,
            known_on=known_on,
            unseen_from=change.unseen_from,
        )
        alive = dead and not change.new["deceased"]
        if outcome == "apply" and (alive or len(emails) > 1 or written):
            outcome, reason = "suggest", "sources_disagree"
        yield Settled(change, current, outcome, reason)
        if outcome == "apply":
            current, written = change.new, True


def precedence(change: Change) -> tuple[bool, str, str]:
    """Newest weighing first, dead first, then by id: the same on every run."""
    if change.field.name == "weight":
        date = change.new["weighed_on"] or ""
        return (not date, _descending(date), change.pims_id)
    if change.field.name == "deceased":
        return (not change.new["deceased"], change.new["deceased_on"] or "9", change.pims_id)
    return (False, "", change.pims_id)


def _descending(date: str) -> str:
    """ISO text that sorts the other way round."""
    return "".join(chr(ord("9") - int(c)) if c.isdigit() else c for c in date)

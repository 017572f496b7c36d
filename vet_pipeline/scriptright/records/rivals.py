"""What a load's changes do to the values that they reach. Pure.

More than one reach a value when several PIMS records feed the record. A load goes by it, and so do
the shadow of a merge (shadows.py) and the replay of a record's life without one of them
(replay.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vet_pipeline.deltas.changes import NOT_DECEASED, UNREADABLE, WAS_UNREADABLE
from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records.merge import Outcome, Question
from vet_pipeline.scriptright.records.values import Value, canonical, is_blank, unchanged

CAME_BACK = "came_back"  # the reason of a change to what the PIMS had said before a blank


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
    # The practice's first day (ISO) after the last snapshot that had the row, where another one was
    # applied since: an undated weighing may be as old.
    unseen_from: str | None = None
    before_blank: Value | None = None  # what the PIMS had said until the blank that this one ends


@dataclass(frozen=True, slots=True)
class Settled:
    """What one change does to the record as the changes before it have left it."""

    change: Change
    current: Value
    outcome: Outcome
    reason: str

    def question(self, load_id: int, since: datetime | None = None) -> Question:
        """What is asked where the outcome is `suggest`."""
        to, old, new = self.change, self.current, self.change.new
        return Question(to.field, to.record_id, to.pims_id, old, new, self.reason, load_id, since)


def settle_rivals(
    rivals: Sequence[Change], current: Value, *, known_on: str, written: bool, dead: bool
) -> Iterator[Settled]:
    """Settle one load's changes of a field (not an owner), the strongest first.

    They disagree: the newest weighing wins, dead wins, and an email is a person's question. So is
    a pet that is alive again while another of its PIMS records, changed or not, says dead.
    `current`: what the record holds; `written`: this load has given the field a value before;
    `dead`: any PIMS record that feeds the pet says dead by now. `known_on` as in `settle`.
    """
    emails = (
        {change.new["email"] for change in rivals if change.action == "apply"}
        if rivals[0].field.name == "email"
        else set()
    )
    for change in sorted(rivals, key=precedence):
        outcome, reason = settle(change, current, known_on=known_on)
        alive = dead and not change.new["deceased"]
        if outcome == "apply" and (alive or len(emails) > 1 or written):
            outcome, reason = "suggest", "sources_disagree"
        yield Settled(change, current, outcome, reason)
        if outcome == "apply":
            current, written = change.new, True


def settle(
    change: Change, current: Mapping[str, object], *, known_on: str | None
) -> tuple[Outcome, str]:
    """What one change does to a record that holds `current`, and why.

    The delta knows only the PIMS; here it meets the record: a value that is already there needs
    nothing, an older weighing never replaces a newer one (it is suggested), a blank date never
    erases a known one.

    `known_on`: the practice's first day after the baseline's snapshot, ISO. An undated weighing
    that changed since is newer than one dated before it, and one dated since is newer than an
    undated one that is held; else which is newer can't be told. None: the caller has looked at
    that.

    A value that came back is no change: it replaces none (an automatic one asks, a manual one
    doesn't even that), nor does an email that could not be read when the link was made. Alive where
    nothing had been known is a question where the record is dead.
    """
    field, action, reason = change.field, change.action, change.reason
    if action == "keep" and reason == UNREADABLE:
        return "keep", reason  # it isn't the blank that stands for it here
    was, now = canonical(field, current), canonical(field, change.new)
    if unchanged(field, was, now):
        return "same", "same"
    if reason == NOT_DECEASED and was["deceased"]:
        return "suggest", reason
    if action != "apply":
        unasked = action == "keep" or (reason == CAME_BACK and not is_blank(field, was))
        return ("keep" if unasked else "suggest"), reason
    outcome, why = _settle_automatic(change, was, now, known_on)
    if reason in (CAME_BACK, WAS_UNREADABLE) and outcome == "apply" and not is_blank(field, was):
        return "suggest", reason
    return outcome, why


def _settle_automatic(
    change: Change, was: Value, now: Value, known_on: str | None
) -> tuple[Outcome, str]:
    field = change.field
    if field.name == "deceased":
        dated_before = now["deceased"] and was["deceased"] and now["deceased_on"] is None
        return ("keep", "date_known") if dated_before else ("apply", change.reason)
    if is_blank(field, now):
        return "suggest", "became_blank"
    if field.name == "weight" and not is_blank(field, was):
        return _settle_weight(change, was, now, known_on)
    return "apply", change.reason


def _settle_weight(
    change: Change, was: Value, now: Value, known_on: str | None
) -> tuple[Outcome, str]:
    was_on, now_on = was["weighed_on"], now["weighed_on"]  # ISO dates compare as text
    unseen_from = change.unseen_from or known_on
    is_other = now | {"weighed_on": was_on} != was
    if now_on is None and was_on is not None:
        if not is_other:
            return "keep", "date_known"
        if unseen_from is not None and was_on >= unseen_from:
            return "suggest", "undated_weighing"
    if was_on is None and now_on is not None and is_other and now_on < (known_on or ""):
        return "suggest", "older_weighing"  # than the undated one may be
    if now_on is not None and was_on is not None and now_on < was_on:
        return "suggest", "older_weighing"
    if now["weight_kg"] is None and was["weight_kg"] is not None:
        return "suggest", "unit_unknown"  # would erase kilograms that are known
    return "apply", change.reason


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

"""What becomes of values when a PIMS record feeds a ScriptRight record: docs/rules.md section 2.

Pure rules, no SQL: one pair of records at a time. Loads and persons use the same ones, so a link
made by hand does what the machine's would have done. Beside the merge stands its shadow
(shadows.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from vet_pipeline.deltas.changes import NAMES, UNREADABLE
from vet_pipeline.normalize.weights import ROUNDED, is_doubtful
from vet_pipeline.policy import Field
from vet_pipeline.scriptright.records.values import (
    Value,
    alike,
    canonical,
    is_blank,
    unchanged,
)

Outcome = Literal["same", "fill", "apply", "suggest", "keep"]

DIFFERS = "differs_at_merge"  # the reason of a suggestion that only a merged record has


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


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """The verdict on one field: `old` is what ScriptRight holds, `new` what the PIMS does."""

    field: Field
    outcome: Outcome  # fill and apply write `new`; suggest opens a suggestion; else nothing
    reason: str
    old: Value
    new: Value

    @property
    def writes(self) -> bool:
        """Whether the record gets `new`."""
        return self.outcome in ("fill", "apply")

    def question(
        self, record_id: int, pims_id: str, load_id: int, since: datetime | None = None
    ) -> Question:
        """What is asked where the outcome is `suggest`."""
        return Question(
            self.field, record_id, pims_id, self.old, self.new, self.reason, load_id, since
        )


@dataclass(frozen=True, slots=True)
class OwnBefore:
    """Of a PIMS record that was joined: its own record held another value than it says."""

    held: Value
    open: str | None  # the question's reason; None: a person had said no


def merge_field(field: Field, home: Mapping[str, object], pims: Mapping[str, object]) -> FieldMerge:
    """The verdict on one field (never the owner: pets are linked under linked owners only).

    `home`: columns of the ScriptRight row; `pims`: of the normalized one. A field is one unit: half
    an address is never filled from another one. Non-blank manual values stay and a difference is
    suggested, the web-shop email stays (it is a login), the newer weighing wins, dead wins. What
    differs only in capitals, spaces or how a phone is written is the same.
    """
    old, new = canonical(field, home), canonical(field, pims)
    outcome, reason = _verdict(field, old, new)
    return FieldMerge(field, outcome, reason, old, new)


def merge_at_link(
    field: Field,
    home: Mapping[str, object],
    pims: Mapping[str, object],
    own: OwnBefore | None,
) -> Iterator[FieldMerge]:
    """What a link does to one field: the verdict of `merge_field`, unless there is `own`.

    What a person was asked of that record, or had said no to, fills nothing: what it held does, and
    the question that was open is asked again.
    """
    verdict = merge_field(field, home, pims)
    if own is None or not verdict.writes:
        yield verdict
        return
    of_own = merge_field(field, home, own.held)
    if of_own.writes:
        yield of_own
    now = of_own.new if of_own.writes else verdict.old
    if own.open and not unchanged(field, now, verdict.new):
        yield FieldMerge(field, "suggest", own.open, now, verdict.new)


def is_past(field: Field, asked: Value, said: Value, reason: str = "") -> bool:
    """Whether a question about `asked` is past once its PIMS record says `said`.

    A date that went blank alone contradicts nothing, nor does a text that nobody can read, nor that
    a name was taken out: nobody can be renamed to nothing.
    """
    if reason == UNREADABLE or (field.name == "name" and says_nothing(field, said)):
        return False
    date = {"weight": "weighed_on", "deceased": "deceased_on"}.get(field.name)
    return asked != said and (date is None or asked | {date: None} != said)


def says_nothing(field: Field, value: Mapping[str, object]) -> bool:
    """Whether the PIMS says nothing there; a title alone names nobody."""
    if field.name == "name":
        return not any(value.get(column) for column in NAMES)
    return is_blank(field, value)


def _verdict(field: Field, home: Value, pims: Value) -> tuple[Outcome, str]:
    if field.name == "deceased":
        return _merge_deceased(home, pims)
    if is_blank(field, pims):
        return ("same" if is_blank(field, home) else "keep"), "blank_in_pims"
    if is_blank(field, home):
        return "fill", "blank_in_scriptright"
    if field.name == "weight":
        return _merge_weight(home, pims)
    if alike(field, home, pims):
        return "same", "same"
    if field.name in ("breed", "age"):  # a dog of no breed may be a beagle; a day may be a guess
        if _agree_where_known(home, pims):
            return "fill", "blank_in_scriptright"
        if _agree_where_known(pims, home):
            return "same", "blank_in_pims"
    return "suggest", DIFFERS


def _agree_where_known(one: Value, other: Value) -> bool:
    """Whether the other says all that the one does, and maybe more."""
    return all(
        known is None or str(known).casefold() == str(other[column]).casefold()
        for column, known in one.items()
    )


def _merge_deceased(home: Value, pims: Value) -> tuple[Outcome, str]:
    if not pims["deceased"]:
        return ("keep", "deceased_in_scriptright") if home["deceased"] else ("same", "same")
    if not home["deceased"]:
        return "apply", "deceased_in_pims"
    if home["deceased_on"] is None and pims["deceased_on"] is not None:
        return "fill", "blank_in_scriptright"
    if pims["deceased_on"] in (None, home["deceased_on"]):
        return "same", "same"
    return "suggest", DIFFERS


def _merge_weight(home: Value, pims: Value) -> tuple[Outcome, str]:
    was_on, now_on = home["weighed_on"], pims["weighed_on"]
    if _equal_weight(home, pims) and now_on in (None, was_on):
        return "same", "same"
    if _equal_weight(home, pims) and was_on is None:
        return "fill", "blank_in_scriptright"
    if was_on is not None and now_on is not None and was_on != now_on:
        if now_on < was_on:
            return "keep", "older_weighing"
        if home["weight_kg"] is None:
            return "apply", "newer_weighing"
        if pims["weight_kg"] is not None and not _is_doubtful(home, pims):
            return "apply", "newer_weighing"  # else kilograms that are known would go
    return "suggest", DIFFERS  # which is newer, or how many kilograms it is, can't be told


def _is_doubtful(home: Value, pims: Value) -> bool:
    """A link is the first time that the two sides' weights meet: no guard has compared them."""
    was, now = Decimal(str(home["weight_kg"])), Decimal(str(pims["weight_kg"]))
    return not was or is_doubtful(now / was)


def _equal_weight(one: Value, other: Value) -> bool:
    """In other units, as a PIMS has them that took over another's weights, but for the rounding."""
    if one["weight_unit"] != other["weight_unit"] and one["weight_kg"] and other["weight_kg"]:
        ratio = Decimal(str(one["weight_kg"])) / Decimal(str(other["weight_kg"]))
        return abs(ratio - 1) <= ROUNDED
    if one["weight_kg"] is not None or other["weight_kg"] is not None:
        return bool(one["weight_kg"] == other["weight_kg"])
    return (one["weight_value"], one["weight_unit"]) == (
        other["weight_value"],
        other["weight_unit"],
    )

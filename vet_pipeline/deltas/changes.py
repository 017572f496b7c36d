"""Field by field: what changed between the baseline's row and the snapshot's, and what to do.

Both sides are normalized by the same rules just before they are compared, so a new release of
the rules can't look like a change in the PIMS. What a change may do is decided here by the field
policy; whether ScriptRight already holds the value, or a newer weighing, is apply's to see.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd

from vet_pipeline.deltas.delta import CHANGE_COLUMNS
from vet_pipeline.deltas.values import field_cells, to_json
from vet_pipeline.normalize.places import delivery_area
from vet_pipeline.policy import Field, Record, fields_of

NOT_DECEASED = "not_deceased"  # nothing was known, now the PIMS says alive
UNREADABLE = "unreadable"  # a text that nobody can read: the PIMS says something, not what
WAS_UNREADABLE = "was_unreadable"  # an email that stood there before, and can be read now
SLIP_TAKEN_OUT = "slip_taken_out"  # what nobody could read is gone: apply knows what it hid
ID_COLUMN: dict[str, str] = {"client": "pims_client_id", "pet": "pims_pet_id"}

_WEIGHED_ON = "weighed_on"  # no field of its own: a weight whose date can't be read
# The raw columns of which a field is read: a text in one of them that can't be read is no blank.
_READ_FROM: dict[tuple[str, str], str] = {
    ("client", "email"): "email",
    ("client", "phones"): "phones",
    ("pet", "birth_date"): "age",
    ("pet", "weight"): "weight",
    ("pet", "weight_date"): _WEIGHED_ON,
    ("pet", "deceased_flag"): "deceased",
    ("pet", "status"): "deceased",
    ("pet", "deceased_date"): "deceased",
}
# Without any of these a record has no name: titles, notes and partners name nobody.
NAMES = frozenset({"first_name", "last_name", "organisation", "name"})
# "declined" says that there is no email, and a negative weight that nobody was weighed.
_MEAN_BLANK = ("placeholder", "negative_weight")

Cells = tuple[Any, ...]
Verdict = tuple[str, str]  # (action, reason)
Slips = frozenset[tuple[str, str]]  # (PIMS id, field) of texts that say something nobody can read


def field_changes(
    record: Record,
    old: pd.DataFrame,
    new: pd.DataFrame,
    not_taken: pd.DataFrame,
    old_not_taken: pd.DataFrame,
) -> pd.DataFrame:
    """The changes of records present on both sides, in the order of `new` within each field.

    `old` and `new` are normalized frames; `old` holds the baseline's rows by today's rules and
    may lack a record (its baseline can't be normalized any more): then every value that `new`
    has is a suggestion, for what changed can't be told. `not_taken` (pims_id, field, reason): what
    of `new` was not taken; `old_not_taken`: of `old`. Returns CHANGE_COLUMNS.
    """
    key = ID_COLUMN[record]
    ids = list(new[key])
    slips = unreadable(record, ids, not_taken), unreadable(record, ids, old_not_taken)
    positions = {pims_id: n for n, pims_id in enumerate(old[key])}
    lines: list[tuple[str, str, str, str, str, str, str]] = []
    for field in fields_of(record):
        before = list(field_cells(old, field))
        blank = tuple(None for _ in field.columns)
        for pims_id, after in zip(ids, field_cells(new, field), strict=True):
            place = positions.get(pims_id)
            was = blank if place is None else before[place]
            if place is None:
                verdict = None if is_blank(field, after) else ("suggest", "baseline_unreadable")
            else:
                verdict = _judge(field, pims_id, was, after, *slips)
            if verdict is not None:
                verdict = _by_the_policy(field, verdict)
                lines.append(
                    (record, pims_id, field.name, to_json(field, was), to_json(field, after))
                    + verdict
                )
    return pd.DataFrame(lines, columns=list(CHANGE_COLUMNS)).astype("str")


def _judge(
    field: Field, pims_id: str, was: Cells, now: Cells, unreadable: Slips, was_unreadable: Slips
) -> Verdict | None:
    """What a value's change is, in view of what can't be read of the row now and before."""
    this = pims_id, field.name
    if same(field, was, now):
        is_out = this in was_unreadable and this not in unreadable
        return _judge_taken_out(field, now) if is_out else None
    verdict = _JUDGES.get((field.record, field.name), _judge_plain)(field, was, now)
    if is_blank(field, now) and this in unreadable:
        return _judge_unreadable(field, verdict)
    if field.name == "weight" and (pims_id, _WEIGHED_ON) in unreadable:
        return _judge_undated(was, verdict)
    if is_blank(field, was) and this in was_unreadable:
        return _judge_mended(field, verdict)
    return verdict


def _by_the_policy(field: Field, verdict: Verdict) -> Verdict:
    """A judge says what a change is; whether it needs a person, the policy's table alone."""
    action, reason = verdict
    return ("suggest", reason) if action == "apply" and not field.is_automatic else verdict


def same(field: Field, old: Cells, new: Cells) -> bool:
    """Whether two values mean the same.

    How a phone number was typed doesn't count, nor the case of an email, nor the four digits behind
    a ZIP code; that a birth date isn't estimated is what a blank says, too.
    """
    if field.name == "address":
        place = field.columns.index("postal_code")
        old, new = ((*c[:place], delivery_area(c[place]), *c[place + 1 :]) for c in (old, new))
    if field.name == "age":
        old, new = ((born, bool(estimated)) for born, estimated in (old, new))
    if field.name == "phones":
        return _phone_key(old[0]) == _phone_key(new[0])
    if field.name == "email":
        return bool((old[0] or "").casefold() == (new[0] or "").casefold())
    return old == new


def is_blank(field: Field, cells: Cells) -> bool:
    """Whether the PIMS says nothing at all in this field."""
    if field.name == "phones":
        return not cells[0] or cells[0] == "[]"
    if field.name in ("weight", "deceased", "age"):
        return cells[0] is None  # units, dates and flags mean nothing without their value
    return all(cell in (None, False) for cell in cells)  # po_box is false without an address


def unreadable(record: Record, ids: list[str], not_taken: pd.DataFrame) -> Slips:
    """Those of the rows' texts; `not_taken`: of the rows, by pims_id, field and reason."""
    if not ids:
        return frozenset()  # a first load: there may be very many
    told = not_taken[not_taken["pims_id"].isin(ids) & ~not_taken["reason"].isin(_MEAN_BLANK)]
    return frozenset(
        (pims_id, _READ_FROM[record, column])
        for pims_id, column in zip(told["pims_id"], told["field"], strict=True)
        if (record, column) in _READ_FROM
    )


def _judge_unreadable(field: Field, verdict: Verdict) -> Verdict:
    """A slip in the PIMS is no wish to have nothing there: it isn't even asked.

    But for a death: who was dead and is said to be something unknown may be alive.
    """
    action = verdict[0] if field.name == "deceased" else "keep"
    return action, UNREADABLE


def _judge_undated(old: Cells, verdict: Verdict) -> Verdict:
    """A weighing whose date can't be read may be older than the one that is known."""
    if verdict[0] == "apply" and old[-1] is not None:
        return "suggest", "undated_weighing"
    return verdict


def _judge_mended(field: Field, verdict: Verdict) -> Verdict:
    """A login may have stood against it since the link was made, unasked: apply looks."""
    return (verdict[0], WAS_UNREADABLE) if field.name == "email" else verdict


def _judge_taken_out(field: Field, new: Cells) -> Verdict | None:
    """To nothing, and nothing but a slip had stood there; a death's slip was a question already."""
    wanted = field.is_automatic and field.name != "deceased" and is_blank(field, new)
    return ("keep", SLIP_TAKEN_OUT) if wanted else None


def _phone_key(text: str | None) -> list[tuple[Any, Any, Any]]:
    return [(p["number"], p.get("extension"), p.get("kind")) for p in json.loads(text or "[]")]


def _judge_name(field: Field, old: Cells, new: Cells) -> Verdict:
    named = zip(field.columns, new, strict=True)
    if all(cell is None for column, cell in named if column in NAMES):
        return "keep", "became_blank"  # nobody can be renamed to nothing
    return "suggest", "changed"


def _judge_plain(field: Field, old: Cells, new: Cells) -> Verdict:
    return ("suggest", "became_blank") if is_blank(field, new) else ("apply", "changed")


def _judge_owner(field: Field, old: Cells, new: Cells) -> Verdict:
    if is_blank(field, new):
        return "keep", "became_blank"  # a pet can't be without owner: nothing a person could do
    return "suggest", "changed"


def _judge_weight(field: Field, old: Cells, new: Cells) -> Verdict:
    *was, old_date = old
    *now, new_date = new
    old_kg, new_kg = was[-1], now[-1]
    if is_blank(field, new):
        return "suggest", "became_blank"
    if was == now and new_date is None:
        return "keep", "became_blank"  # the date alone went blank: no weighing
    if old_date is not None and new_date is not None and new_date < old_date:
        return "suggest", "older_weighing"  # the newer one was voided or edited: a person looks
    if old_kg is not None and new_kg is None:
        return "suggest", "unit_unknown"  # would erase kilograms that are known
    return "apply", "changed"


def _judge_deceased(field: Field, old: Cells, new: Cells) -> Verdict:
    was, _ = old
    now, now_on = new
    if now is None:
        return ("suggest", "became_blank") if was else ("keep", "became_blank")
    if was is None and not now:
        return "keep", NOT_DECEASED  # no pet comes to life by that; apply looks whether it's dead
    if was and now and now_on is None:
        return "keep", "became_blank"  # the date went blank: a blank erases nothing
    return "apply", "changed"


_JUDGES: dict[tuple[str, str], Callable[[Field, Cells, Cells], Verdict]] = {
    ("client", "name"): _judge_name,
    ("pet", "name"): _judge_name,
    ("pet", "weight"): _judge_weight,
    ("pet", "deceased"): _judge_deceased,
    ("pet", "owner"): _judge_owner,
}

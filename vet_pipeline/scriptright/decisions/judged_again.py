"""Automatic changes that a PIMS record brought, judged again beside the record without a link. Pure.

A load asks about those of a row that says another client or animal (handed_on.py). What a link had
filled in may have made the two look like one: without it they don't.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from vet_pipeline.policy import Field
from vet_pipeline.scriptright.decisions.past import Past, SharedChange
from vet_pipeline.scriptright.records.another import BY_ITSELF, unlike
from vet_pipeline.scriptright.records.replay import Life
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import Value
from vet_pipeline.scriptright.records.writes import Row


def asked_as_another(field: Field, past: Past, lives: Mapping[str, Life], row: Row) -> Past:
    """The past, with the changes of the field that a load would have asked about as questions.

    `lives`: the fields before it, without the links that are gone; `row`: the record with their
    values.
    """
    told = [
        line._replace(action="suggest", reason=ANOTHER_RECORD)
        if line.action == "apply" and _is_anothers(field, line, past, lives, row)
        else line
        for line in past.told.get(field.name, ())
    ]
    return replace(past, told={**past.told, field.name: told})


def _is_anothers(
    field: Field, line: SharedChange, past: Past, lives: Mapping[str, Life], row: Row
) -> bool:
    pims_id, at = line.pims_id, line.told_at
    if pims_id not in past.says_now:
        return False
    here = dict(row)
    for life in lives.values():
        here |= _value_at(life, at)
    now, first = _said(past, pims_id, at), _said(past, pims_id, past.start)
    # Whether it lives again is its death's to say: what the record held of that isn't known yet.
    was = line.old_value if field.name == "deceased" else {"deceased": False}
    apart = min(unlike(field.record, side | was, now) for side in (here, first))
    return apart >= BY_ITSELF[field.record]


def _value_at(life: Life, at: datetime) -> Value:
    return [life.first, *(turn.value for turn in life.turns if turn.at <= at)][-1]


def _said(past: Past, pims_id: str, at: datetime) -> Value:
    """What the PIMS record said once it had told what it told by then."""
    said = dict(past.says_now[pims_id])
    for lines in past.told.values():
        later = (t.old_value for t in lines if t.pims_id == pims_id and t.told_at > at)
        said |= next(later, {})
    return said

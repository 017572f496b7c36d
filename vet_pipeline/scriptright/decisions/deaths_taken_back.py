"""Deaths that a PIMS record took back, judged again beside the pet as it would have been. Pure.

A load asks about a dead pet that lives and is another animal by the look of it (handed_on.py). What
a link had filled in may have made the two look like one: without it they don't.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from vet_pipeline.scriptright.decisions.past import Past
from vet_pipeline.scriptright.records.another import is_another
from vet_pipeline.scriptright.records.replay import Life
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import Value
from vet_pipeline.scriptright.records.writes import Row

_DEAD: Value = {"deceased": True}
_TOLD_BY = ("name", "age", "breed")


def asked_as_another(past: Past, lives: Mapping[str, Life], row: Row) -> Past:
    """The past, in which those that a load would have asked about are questions.

    `lives`: the other fields' without the links that are gone; `row`: the pet with their values.
    """
    told = [
        line | {"action": "suggest", "reason": ANOTHER_RECORD}
        if _lives_as_another(line, past, lives, row)
        else line
        for line in past.told.get("deceased", ())
    ]
    return replace(past, told={**past.told, "deceased": told})


def _lives_as_another(line: Row, past: Past, lives: Mapping[str, Life], row: Row) -> bool:
    pims_id, at = line["pims_id"], line["told_at"]
    if line["action"] != "apply" or line["new_value"]["deceased"] or pims_id not in past.says_now:
        return False
    here = dict(row)
    for name in _TOLD_BY:
        here |= _value_at(lives[name], at)
    now, first = _said(past, pims_id, at), _said(past, pims_id, past.start)
    return all(is_another("pet", side | _DEAD, now) for side in (here, first))


def _value_at(life: Life, at: datetime) -> Value:
    return [life.first, *(turn.value for turn in life.turns if turn.at <= at)][-1]


def _said(past: Past, pims_id: str, at: datetime) -> Value:
    """What the PIMS record said once it had told what it told by then."""
    said = dict(past.says_now[pims_id])
    for lines in past.told.values():
        later = (t for t in lines if t["pims_id"] == pims_id and t["told_at"] > at)
        said |= next((t["old_value"] for t in later), {})
    return said
